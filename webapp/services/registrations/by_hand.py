"""What organisers write down for somebody: a registration of their own making, and what was mistyped."""

from datetime import datetime, timedelta

from webapp import outbox, tokens
from webapp.folding import fold_email
from webapp.models.accounts import Actor, ThingKind
from webapp.models.calendars import Method
from webapp.models.events import Event, EventState, Places
from webapp.models.registrations import Registration, RegistrationState
from webapp.models.sign_ups import SignUpState
from webapp.notices import registrations as notices
from webapp.notices import sign_ups as sign_up_notices
from webapp.notices.letters import Notice
from webapp.queries import events as event_queries
from webapp.queries import mailings
from webapp.queries import registrations as queries
from webapp.queries.calendars import find_invitation
from webapp.queries.sign_ups import lock_sign_ups
from webapp.services import throttling
from webapp.services.accounts import find_or_make_person
from webapp.services.activity import record
from webapp.services.calendar_entries import invite_to_event, take_back
from webapp.services.calendars import invite
from webapp.services.places import count_places, count_tallies
from webapp.services.registrations.applications import (
    AlreadyRegistered,
    Application,
    ChangedMeanwhile,
    EventFull,
    Identity,
    NotPossible,
    Outcome,
    RegistrationRefused,
    check_changeable,
    identify,
)
from webapp.services.registrations.applying import enter
from webapp.services.registrations.moves import count, lock, tell_new
from webapp.services.search import index_registration

LETTERS_AGAIN = 3
READDRESSED = "The address was put right before it was sent."
WINDOW = timedelta(minutes=10)
_S = RegistrationState


def add(
    event_id: int, application: Application, *, past_queue: bool, actor: Actor, now: datetime, told: bool = True
) -> Outcome:
    """Register somebody for whom an organiser speaks, before registration opens and after it closes too.

    They get a place, or a number on the waiting list, past whose people `past_queue` leads to any place that is free.
    Nobody is put through approval, and who is told of it otherwise gets no letter.
    Raises RegistrationRefused, EventFull, AlreadyRegistered, and NotFound.
    """
    person_id, is_new = find_or_make_person(application.name, application.email, now=now)
    before = event_queries.get_fresh_event(event_id)
    places, last = event_queries.lock_queue(event_id, application.mode)
    event = event_queries.read_again(before)

    if event.state is not EventState.PUBLISHED or now >= event.ends_at:
        raise RegistrationRefused("Nobody can be added: the event is not published, or it is over.")
    registration = None if is_new else queries.find_registration(event.id, person_id)
    if registration is not None and not registration.state.is_ended:
        raise AlreadyRegistered(registration)
    state = _state_for(event, places, now, past_queue=past_queue)

    with count_places(places, event, now):
        places.last_arrival = last + 1
        count(places, state, 1)
        registration = enter(registration, event, person_id, application, state, places.last_arrival, now)

    record("added", ThingKind.REGISTRATION, registration.id, actor=actor, now=now, event_id=event.id, state=state)
    position = places.waiting if state is _S.WAITING else None
    if told:
        tell_new(registration, event, position, now, fresh=is_new)
    return Outcome(registration=registration, state=state, position=position)


def correct(registration_id: int, said: Identity, *, version: int, actor: Actor, now: datetime) -> Registration:
    """Change who somebody is, on their behalf; nothing happens when it says so already.

    Under a new address they get a new personal link and new calendar entries, with the letter that tells how they
    stand; the old link opens nothing any more, what stood at the old address is withdrawn, and what has not left for it
    yet does not go. Raises NotPossible once it ended, ChangedMeanwhile when it is no longer of the version that was
    shown, and AlreadyRegistered when the address is that of another registration.
    """
    # Before the lock of the places is taken, as register() does it: two orders could wait for each other.
    moves_to = None
    if fold_email(queries.address_of(registration_id)) != fold_email(said.email):
        moves_to, _is_new = find_or_make_person(said.name, said.email, now=now)
    registration, _places, event = lock(registration_id)

    check_changeable(registration, event, now)
    changes = _changes(registration, said)
    if not changes:
        return registration
    if registration.version != version:
        raise ChangedMeanwhile(
            "This registration has changed since you opened the page, so nothing was saved. Look at how it stands now,"
            " then save again."
        )
    if moves_to is not None:
        other = queries.find_registration(event.id, moves_to)
        if other is not None and other is not registration:
            raise AlreadyRegistered(other, f"Another registration for this event has the address {other.email}.")

    if moves_to is not None:
        unsent = mailings.lock_unsent_to(event.id, registration.person_id, registration.public_id)
        outbox.cancel(unsent, READDRESSED, now=now)
        take_back(registration, event, now=now)
    count_tallies(registration, registration.state, None)
    identify(registration, said)
    registration.email = said.email
    registration.updated_at = now
    registration.version += 1
    if moves_to is not None:
        _lead_to(registration, moves_to)
    count_tallies(registration, None, registration.state)
    index_registration(registration)
    record(
        "corrected", ThingKind.REGISTRATION, registration.id, actor=actor, now=now, event_id=event.id, changes=changes
    )
    notice = _standing(registration, event, now) if "email" in changes else notices.changed(registration, event)
    outbox.post(notice, now=now)
    if moves_to is not None:
        _send_sessions(registration, event, now)
    return registration


def send_again(registration_id: int, *, actor: Actor, now: datetime) -> Registration:
    """Send once more the letter that tells how somebody stands, with the invitation as it was sent before.

    Raises NotPossible when the registration has ended or the event is over, and TooMany after three in ten minutes.
    """
    limit = throttling.Limit("letter:again", str(registration_id), LETTERS_AGAIN)
    throttling.count(limit, window=WINDOW, now=now)
    registration, _places, event = lock(registration_id)

    if registration.state.is_ended or event.state is not EventState.PUBLISHED or now >= event.ends_at:
        raise NotPossible("There is no letter to send again: the registration has ended, or the event is over.")
    outbox.post(_standing(registration, event, now), now=now)
    record("sent_again", ThingKind.REGISTRATION, registration.id, actor=actor, now=now, event_id=event.id)
    return registration


def _state_for(event: Event, places: Places, now: datetime, *, past_queue: bool) -> RegistrationState:
    if event.has_room_at(places, now) or (past_queue and places.is_free):
        return _S.CONFIRMED
    if past_queue:
        raise EventFull(
            f"All {places.capacity:,} places ({places.mode.label.lower()}) are taken or offered, so none can be given"
            " past the waiting list. Raise the number of places first, or put this person on the waiting list."
        )
    if not event.has_queue_at(now):
        raise EventFull.at(event, "Raise the number of places, or cancel another place first.")
    return _S.WAITING


def _changes(registration: Registration, said: Identity) -> dict[str, list[str]]:
    """What would become another, by its name, each with what it was and what it becomes."""
    pairs = {
        "name": (registration.name, said.name),
        "email": (registration.email, said.email),
        "organisation": (registration.organisation_name, said.organisation_name),
        "sector": (registration.sector.value, said.sector.value),
        "role": (registration.role, said.role),
    }
    return {name: [before, after] for name, (before, after) in pairs.items() if before != after}


def _lead_to(registration: Registration, person_id: int) -> None:
    """Make a registration another person's: whoever got letters at the old address can do nothing with them."""
    registration.link_nonce = tokens.new_nonce()
    for sign_up in lock_sign_ups(registration.id).values():
        sign_up.person_id = person_id
    registration.person_id = person_id


def _send_sessions(registration: Registration, event: Event, now: datetime) -> None:
    """Bring the entries of the sessions that somebody has a place in to their new address."""
    for sign_up in lock_sign_ups(registration.id).values():
        session = sign_up.session
        if sign_up.state is SignUpState.CONFIRMED and not session.is_cancelled and not session.is_over(event.zone, now):
            invitation = invite(registration.person_id, ThingKind.SESSION, session.id, now=now)
            outbox.post(sign_up_notices.signed_up(registration, event, session, invitation), now=now)


def _standing(registration: Registration, event: Event, now: datetime) -> Notice:
    """The letter that tells how a registration stands, with the invitation as it is."""
    match registration.state:
        case _S.CONFIRMED:
            invitation = find_invitation(registration.person_id, ThingKind.EVENT, event.id)
            if invitation is None or invitation.method is Method.CANCEL:
                invitation = invite_to_event(registration, event, now=now)
            return notices.confirmed(registration, event, invitation)
        case _S.WAITING:
            return notices.waiting(registration, event, queries.waiting_position(registration))
        case _S.OFFERED:
            return notices.offered(registration, event)
        case _:
            return notices.pending(registration, event)
