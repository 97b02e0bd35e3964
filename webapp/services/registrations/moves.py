"""Changing a state with all that depends on it: the counters, the next in the queue, the letter."""

from datetime import datetime, timedelta

from webapp import outbox
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, ThingKind
from webapp.models.events import Event, EventState, Places
from webapp.models.registrations import (
    NEXT_STATES,
    Registration,
    RegistrationState,
)
from webapp.notices import registrations as notices
from webapp.queries import events as event_queries
from webapp.queries import registrations as queries
from webapp.services.activity import record_many
from webapp.services.calendar_entries import invite_all, invite_to_event
from webapp.services.places import count_many_tallies, count_places, count_tallies
from webapp.services.registrations.applications import NotPossible
from webapp.services.sign_ups import end_all

# A quarter of a second of work, beside that of a decision about thousands.
AT_ONCE = 1_000
_S = RegistrationState


def lock(registration_id: int) -> tuple[Registration, Places, Event]:
    """The registration, its places and its event as they are now, locked until the unit ends. Raises NotFound."""
    # Places first, as register() does: two orders would let two people wait for each other for ever.
    event_id, mode = queries.place_of(registration_id)
    places = event_queries.lock_places(event_id, mode)
    registration = queries.lock_registration(registration_id)
    if registration.mode is not mode:  # registered anew, in another way, while this waited for the lock
        places = event_queries.lock_places(event_id, registration.mode)
    return registration, places, event_queries.get_fresh_event(event_id)


def confirm(registration: Registration, places: Places, event: Event, now: datetime) -> None:
    """Give the registration one of the places."""
    move(registration, places, event, _S.CONFIRMED, now)


def move(registration: Registration, places: Places, event: Event, state: RegistrationState, now: datetime) -> None:
    """Change the state with the counters that depend on it; with a place end the sign-ups for single sessions."""
    before = registration.state
    if before is _S.CONFIRMED and state.is_ended:
        end_all([registration], event, actor=SYSTEM, now=now)
    with count_places(places, event, now):
        turn(registration, state, now)
        count(places, before, -1)
        count(places, state, 1)
        count_tallies(registration, before, state)


def turn(registration: Registration, state: RegistrationState, now: datetime) -> None:
    """Change the state of the row alone: what is counted is for the caller. Raises NotPossible."""
    registration.state = next_state(registration, state)
    registration.updated_at = now
    registration.version += 1
    if state.is_ended:
        registration.ended_at = now
        registration.offered_until = None
    elif state is _S.CONFIRMED:
        registration.confirmed_at = now
        registration.offered_until = None


def next_state(registration: Registration, state: RegistrationState) -> RegistrationState:
    """The state, if it may follow the present one; raises NotPossible."""
    if state not in NEXT_STATES[registration.state]:
        raise NotPossible
    return state


def count(places: Places, state: RegistrationState, by: int) -> None:
    """Count registrations of a state up or down; the states that have ended are not counted."""
    if state.value in {"confirmed", "offered", "waiting", "pending"}:
        setattr(places, state.value, getattr(places, state.value) + by)


def fill(places: Places, event: Event, now: datetime) -> None:
    """Offer the free places to those who have waited longest; once it has begun nobody is called.

    A thousand are called at once. The worker calls the others in their order; until then nobody gets past them, since
    whoever comes finds no room while somebody waits.
    """
    if not places.filling and call(places, event, now):
        db.session.info["filling_requested"] = True


def call(places: Places, event: Event, now: datetime) -> bool:
    """Offer free places to the next thousand, by few statements; gives whether there are more to call, and marks it."""
    is_open = event.state is EventState.PUBLISHED and now < event.starts_at
    number = places.to_call if is_open else 0
    rows = queries.next_waiting(event.id, places.mode, number=min(number, AT_ONCE)) if number else []
    places.filling = 0 < len(rows) < number
    if not rows:
        return False
    at_once = event.offer_hours == 0
    state = _S.CONFIRMED if at_once else _S.OFFERED
    until = min(now + timedelta(hours=event.offer_hours), event.starts_at)
    with count_places(places, event, now):
        for row in rows:
            turn(row, state, now)
            if not at_once:
                row.offered_until = until
        count(places, _S.WAITING, -len(rows))
        count(places, state, len(rows))
        count_many_tallies(rows, _S.WAITING, state)
    things = [row.id for row in rows]
    record_many("promoted", ThingKind.REGISTRATION, things, actor=SYSTEM, now=now, event_id=event.id)
    if at_once:
        invitations = invite_all(rows, event, now=now)
        outbox.post_many((notices.promoted(row, event, invitations.get(row.person_id)) for row in rows), now=now)
    else:
        outbox.post_many((notices.offered(row, event) for row in rows), now=now)
    return places.filling


def tell_new(
    registration: Registration, event: Event, position: int | None, now: datetime, *, fresh: bool = False
) -> None:
    """Post the letter on a new place, with its invitation, on a number in the queue, or on a request."""
    if registration.state is _S.CONFIRMED:
        invitation = invite_to_event(registration, event, now=now, fresh=fresh)
        notice = notices.confirmed(registration, event, invitation)
    elif registration.state is _S.PENDING:
        notice = notices.pending(registration, event)
    else:
        notice = notices.waiting(registration, event, position or 1)
    outbox.post(notice, now=now)
