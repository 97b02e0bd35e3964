"""Asking for a place, and changing what was said."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from webapp import outbox, tokens
from webapp.errors import TooMany
from webapp.extensions import db
from webapp.folding import fold_email
from webapp.models.accounts import Actor, ThingKind
from webapp.models.events import Event, Places
from webapp.models.registrations import (
    Registration,
    RegistrationDraft,
    RegistrationState,
)
from webapp.notices import registrations as notices
from webapp.queries import events as event_queries
from webapp.queries import registrations as queries
from webapp.services import throttling
from webapp.services.accounts import find_or_make_person
from webapp.services.activity import record
from webapp.services.admission import admit
from webapp.services.places import count_places, count_tallies
from webapp.services.registrations.applications import (
    Application,
    ChangedMeanwhile,
    EventFull,
    Outcome,
    answer,
    check_changeable,
    check_open,
    said_already,
    snapshot,
)
from webapp.services.registrations.moves import count, lock, next_state, tell_new
from webapp.services.search import index_registration

DRAFT_LIFE = timedelta(days=1)
# A whole council may come from one address.
PER_SOURCE = 200
DRAFTS_PER_SOURCE = 600
PER_ADDRESS = 8
WINDOW = timedelta(minutes=10)

_S = RegistrationState


def keep_draft(
    event_id: int, answers: dict[str, Any], *, browser: str, source: str, now: datetime, draft_id: int | None = None
) -> RegistrationDraft:
    """Keep a half-finished registration for a day, for the browser it was begun in. Raises TooMany."""
    if draft_id is None:
        throttling.count(throttling.Limit("draft:source", source, DRAFTS_PER_SOURCE), window=WINDOW, now=now)
        draft = RegistrationDraft(event_id=event_id, browser=browser, created_at=now)
        db.session.add(draft)
    else:
        draft = queries.lock_draft(draft_id)
    if draft.outcome is None:
        draft.answers = answers
        draft.expires_at = now + DRAFT_LIFE
    db.session.flush()
    return draft


def finish_draft(
    draft_id: int, application: Application, *, actor: Actor, source: str, now: datetime
) -> RegistrationDraft:
    """Register from a draft, once: the second time gives the same outcome and does nothing.

    What was typed is deleted from the draft; its outcome stays for the page that tells it.
    Raises what register() raises, and NotFound when the draft is gone.
    """
    draft = queries.lock_draft(draft_id)
    if draft.outcome is None:
        outcome = register(draft.event_id, application, actor=actor, source=source, now=now)
        draft.answers = {}
        draft.outcome = {"state": outcome.state.value, "position": outcome.position, "email": application.email}
    return draft


def register(
    event_id: int, application: Application, *, actor: Actor, source: str | None, now: datetime, admitted: bool = False
) -> Outcome:
    """Give a place, a number on the waiting list, or a request to be approved; tells the person by letter.

    Whom an organiser puts in is `admitted`, whoever else may register. An address that is registered already gets
    another letter and changes nothing; the outcome then says what a newcomer would have read.
    Raises RegistrationRefused, NotAdmitted, EventFull, TooMany, and NotFound.
    """
    if source is not None:
        throttling.count(*_limits(application.email, source), window=WINDOW, now=now)
    # Everybody waits for this lock: what can be done before it is taken is.
    person_id, is_new = find_or_make_person(application.name, application.email, now=now)
    before = event_queries.get_fresh_event(event_id)
    places, last = event_queries.lock_queue(event_id, application.mode)
    event = event_queries.read_again(before)

    check_open(event, now)
    own = actor.person_id if actor.person_id == person_id else None
    invited = application.invited
    invitee = None if admitted else admit(event, application.email, invited=invited, person_id=own, now=now)
    state = _first_state(event, places, now)
    registration = None if is_new else queries.find_registration(event.id, person_id)
    if registration is not None and not registration.state.is_ended:
        if invitee is not None:
            invitee.registration_id = registration.id
        return _repeated(registration, event, state, places, now)

    with count_places(places, event, now):
        places.last_arrival = last + 1
        count(places, state, 1)
        registration = enter(registration, event, person_id, application, state, places.last_arrival, now)

    if invitee is not None:
        invitee.registration_id = registration.id
    record("registered", ThingKind.REGISTRATION, registration.id, actor=actor, now=now, event_id=event.id, state=state)
    position = places.waiting if state is _S.WAITING else None
    tell_new(registration, event, position, now, fresh=is_new)
    return Outcome(registration=registration, state=state, position=position)


def enter(
    registration: Registration | None,
    event: Event,
    person_id: int,
    application: Application,
    state: RegistrationState,
    arrival: int,
    now: datetime,
) -> Registration:
    """Write down who registers, in the person's ended registration if there is one, and count it in the tallies."""
    fresh = registration is None
    if registration is None:
        registration = _new_registration(event, person_id, application, state, arrival, now)
    else:
        _renew(registration, application, state, arrival, now)
    answer(registration, event, application, kept={one.id for one in event.questions if one.for_organisers})
    count_tallies(registration, None, state, fresh=fresh)
    return registration


def count_refused(email: str, source: str, *, now: datetime) -> None:
    """Count an attempt to register that was refused; to be called in a unit of its own, after the refused one.

    A count beyond the limit is no news to who was refused already.
    """
    with suppress(TooMany):
        throttling.count(*_limits(email, source), window=WINDOW, now=now)


def _limits(email: str, source: str) -> tuple[throttling.Limit, throttling.Limit]:
    by_source = throttling.Limit("register:source", source, PER_SOURCE)
    return by_source, throttling.Limit("register:address", fold_email(email), PER_ADDRESS)


def change(
    registration_id: int, application: Application, *, version: int, actor: Actor, now: datetime
) -> Registration:
    """Change what the person said; address and way of taking part stay, and what was said before is no change.

    Raises NotPossible once it ended, and ChangedMeanwhile when it is no longer of the version that was shown.
    """
    registration, _places, event = lock(registration_id)

    check_changeable(registration, event, now)
    # What is no longer asked, or not of them, is not theirs to change.
    kept = {question.id for question in event.questions if question.retired_at or question.for_organisers}
    if said_already(registration, event, application, kept=kept):
        return registration
    if registration.version != version:
        raise ChangedMeanwhile

    count_tallies(registration, registration.state, None)
    snapshot(registration, application)
    registration.updated_at = now
    registration.version += 1
    answer(registration, event, application, kept=kept)
    count_tallies(registration, None, registration.state)
    index_registration(registration)
    record("changed", ThingKind.REGISTRATION, registration.id, actor=actor, now=now, event_id=event.id)
    outbox.post(notices.changed(registration, event), now=now)
    return registration


def _first_state(event: Event, places: Places, now: datetime) -> RegistrationState:
    if event.needs_approval:
        return _S.PENDING
    if event.has_room_at(places, now):
        return _S.CONFIRMED
    if not event.has_queue_at(now):
        raise EventFull.at(event)
    return _S.WAITING


def _repeated(
    registration: Registration, event: Event, as_if: RegistrationState, places: Places, now: datetime
) -> Outcome:
    waits = registration.state is _S.WAITING
    position = queries.waiting_position(registration) if waits else None
    outbox.post(notices.already_registered(registration, event, position), now=now)
    return Outcome(
        registration=registration,
        state=as_if,
        position=places.waiting + 1 if as_if is _S.WAITING else None,
        already=True,
    )


def _new_registration(
    event: Event, person_id: int, application: Application, state: RegistrationState, arrival: int, now: datetime
) -> Registration:
    registration = Registration(
        event_id=event.id,
        person_id=person_id,
        state=state,
        mode=application.mode,
        arrival=arrival,
        email=application.email,
        link_nonce=tokens.new_nonce(),
        registered_at=now,
        confirmed_at=now if state is _S.CONFIRMED else None,
        created_at=now,
        updated_at=now,
    )
    snapshot(registration, application)
    db.session.add(registration)
    db.session.flush()
    index_registration(registration, fresh=True)
    return registration


def _renew(
    registration: Registration, application: Application, state: RegistrationState, arrival: int, now: datetime
) -> None:
    """Begin an ended registration anew: what was said before goes, the row and its calendar entry stay."""
    count_tallies(registration, registration.state, None)
    registration.state = next_state(registration, state)
    registration.mode = application.mode
    registration.arrival = arrival
    registration.email = application.email
    registration.link_nonce = tokens.new_nonce()
    registration.registered_at = registration.updated_at = now
    registration.confirmed_at = now if state is _S.CONFIRMED else None
    registration.offered_until = registration.ended_at = None
    registration.version += 1
    snapshot(registration, application)
    index_registration(registration)
