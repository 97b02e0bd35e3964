"""Passing a place, or a number on the waiting list, on to a colleague."""

from datetime import datetime

from webapp import outbox
from webapp.folding import fold_email
from webapp.models.accounts import Actor, ActorKind, ThingKind
from webapp.models.events import Event, EventState
from webapp.models.registrations import Registration, RegistrationState
from webapp.notices import registrations as notices
from webapp.queries import events as event_queries
from webapp.queries import registrations as queries
from webapp.services import throttling
from webapp.services.accounts import find_or_make_person
from webapp.services.activity import record
from webapp.services.admission import admit_colleague
from webapp.services.calendar_entries import invite_to_event, withdraw_from_event
from webapp.services.places import count_tallies
from webapp.services.registrations.applications import AlreadyRegistered, Application, Identity, NotPossible
from webapp.services.registrations.applying import PER_ADDRESS, WINDOW, enter
from webapp.services.registrations.moves import lock, turn
from webapp.services.sign_ups import end_all

_S = RegistrationState
# What the holder of a link reads, who may not learn in this way who is registered.
NOT_THIS_ADDRESS = "The place cannot pass to this address. Enter another colleague’s, or ask the organiser."
SWAPPED = frozenset({_S.CONFIRMED, _S.WAITING})


def check_swappable(registration: Registration, event: Event, *, by: ActorKind, now: datetime) -> None:
    """Raise NotPossible unless it can pass to a colleague: until the event ends, by its holder until it starts."""
    until = event.starts_at if by is ActorKind.LINK else event.ends_at
    if event.state is not EventState.PUBLISHED or now >= until:
        began = "has begun" if now < event.ends_at else "is over or not published"
        raise NotPossible(f"The event {began}, so this registration can no longer pass to somebody else.")
    allowed = {_S.CONFIRMED} if by is ActorKind.LINK else SWAPPED
    if registration.state not in allowed:
        what = "a place" if by is ActorKind.LINK else "a place, or a number on the waiting list,"
        raise NotPossible(f"Only {what} can pass to somebody else.")


def swap(registration_id: int, colleague: Identity, *, actor: Actor, now: datetime) -> Registration:
    """Cancel the registration and give its place or number to a colleague, whose registration is given.

    Nobody else's place or number changes. Both are told, the one with the withdrawal of the invitation, the other
    with an invitation. Raises NotPossible, AlreadyRegistered for a colleague who is registered, NotAdmitted for
    one whom a link holder may not let in, TooMany, and NotFound.
    """
    if actor.kind is ActorKind.LINK:
        limit = throttling.Limit("swap:address", fold_email(colleague.email), PER_ADDRESS)
        throttling.count(limit, window=WINDOW, now=now)
    person_id, _is_new = find_or_make_person(colleague.name, colleague.email, now=now)
    old, places, event = lock(registration_id)

    check_swappable(old, event, by=actor.kind, now=now)
    if actor.kind is ActorKind.LINK:
        # Before it is looked up who is registered, or the refusal would tell it.
        admit_colleague(event, colleague.email, now=now)
    if person_id == old.person_id:
        raise AlreadyRegistered(old, "This is the address that the registration has already. Enter the colleague’s.")
    new = queries.find_registration(event.id, person_id)
    if new is not None and not new.state.is_ended:
        raise AlreadyRegistered(new)

    end_all([old], event, actor=actor, now=now)
    state, arrival, confirmed_at = old.state, old.arrival, old.confirmed_at
    turn(old, _S.CANCELLED, now)
    count_tallies(old, state, _S.CANCELLED)
    # No number is given twice: the one who leaves takes the last, or the colleague's from an earlier time.
    if new is None:
        places.last_arrival = old.arrival = event_queries.lock_queue(event.id, old.mode)[1] + 1
    else:
        old.arrival = new.arrival
    new = enter(new, event, person_id, _application(colleague, old), state, arrival, now)
    new.confirmed_at = confirmed_at
    record("passed_on", ThingKind.REGISTRATION, old.id, actor=actor, now=now, event_id=event.id)
    record("taken_over", ThingKind.REGISTRATION, new.id, actor=actor, now=now, event_id=event.id, state=state)
    _tell(old, new, event, now)
    return new


def _application(colleague: Identity, old: Registration) -> Application:
    return Application(
        name=colleague.name,
        email=colleague.email,
        organisation_name=colleague.organisation_name,
        organisation_id=colleague.organisation_id,
        sector=colleague.sector,
        role=colleague.role,
        mode=old.mode,
        notice_version=old.notice_version,
        language=old.language,
    )


def _tell(old: Registration, new: Registration, event: Event, now: datetime) -> None:
    withdrawn = withdraw_from_event(old, event, now=now)
    outbox.post(notices.swapped(old, event, new.name, withdrawn), now=now)
    if new.state is _S.CONFIRMED:
        invitation = invite_to_event(new, event, now=now)
        outbox.post(notices.confirmed(new, event, invitation, instead_of=old.name), now=now)
    else:
        outbox.post(notices.waiting(new, event, queries.waiting_position(new), instead_of=old.name), now=now)
