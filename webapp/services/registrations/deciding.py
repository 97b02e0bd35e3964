"""Giving a place up, taking one that was offered, and an organiser's decision."""

from datetime import datetime

from webapp import outbox
from webapp.models.accounts import Actor, ThingKind
from webapp.models.events import EventState
from webapp.models.registrations import (
    Registration,
    RegistrationState,
)
from webapp.notices import registrations as notices
from webapp.queries import events as event_queries
from webapp.services.activity import record
from webapp.services.calendar_entries import invite_to_event, withdraw_from_event
from webapp.services.places import count_places
from webapp.services.registrations.applications import EventFull, NotPossible, OfferGone
from webapp.services.registrations.moves import confirm, fill, lock, move, tell_new

_S = RegistrationState


def cancel(registration_id: int, *, actor: Actor, now: datetime, told: bool = True) -> Registration:
    """Give the place up and offer it to the next person, in the same unit; once cancelled, nothing more happens.

    Who is told of it otherwise gets no letter. Raises NotPossible when the event is over.
    """
    registration, places, event = lock(registration_id)

    if registration.state.is_ended:
        return registration
    if now >= event.ends_at:
        raise NotPossible("The event is over, so this registration can no longer be cancelled.")

    move(registration, places, event, _S.CANCELLED, now)
    record("cancelled", ThingKind.REGISTRATION, registration.id, actor=actor, now=now, event_id=event.id)
    if told:
        invitation = withdraw_from_event(registration, event, now=now)
        outbox.post(notices.cancelled(registration, event, invitation), now=now)
    fill(places, event, now)
    return registration


def accept_offer(registration_id: int, *, actor: Actor, now: datetime) -> Registration:
    """Take the place that was offered; taken already, nothing more happens. Raises OfferGone."""
    registration, places, event = lock(registration_id)

    if registration.state is _S.CONFIRMED:
        return registration
    if not registration.offer_stands(now) or event.state is not EventState.PUBLISHED:
        raise OfferGone

    confirm(registration, places, event, now)
    record("offer_accepted", ThingKind.REGISTRATION, registration.id, actor=actor, now=now, event_id=event.id)
    invitation = invite_to_event(registration, event, now=now)
    outbox.post(notices.confirmed(registration, event, invitation), now=now)
    return registration


def lapse_offer(registration_id: int, *, actor: Actor, now: datetime) -> bool:
    """End an offer that was not taken in time and pass the place on; gives whether there was one."""
    registration, places, event = lock(registration_id)

    if registration.state is not _S.OFFERED or registration.offer_stands(now):
        return False

    move(registration, places, event, _S.LAPSED, now)
    record("offer_lapsed", ThingKind.REGISTRATION, registration.id, actor=actor, now=now, event_id=event.id)
    if event.state is EventState.PUBLISHED and now < event.ends_at:
        outbox.post(notices.lapsed(registration, event), now=now)
    fill(places, event, now)
    return True


def approve(registration_id: int, *, actor: Actor, now: datetime) -> Registration:
    """Approve a request: a place if one is free and nobody waits for it, else a number on the waiting list.

    Raises NotPossible when it no longer waits for approval or the event is over, EventFull without a waiting list.
    """
    registration, places, event = lock(registration_id)

    if registration.state in {_S.CONFIRMED, _S.WAITING}:
        return registration
    if registration.state is not _S.PENDING or event.state is not EventState.PUBLISHED or now >= event.ends_at:
        raise NotPossible
    has_room = event.has_room_at(places, now)
    if not has_room and not event.has_queue_at(now):
        raise EventFull.at(event, "Cancel another place first.")

    if has_room:
        confirm(registration, places, event, now)
    else:
        with count_places(places, event, now):
            places.last_arrival = event_queries.lock_queue(event.id, registration.mode)[1] + 1
            registration.arrival = places.last_arrival
        move(registration, places, event, _S.WAITING, now)
    state = _S(registration.state)
    record("approved", ThingKind.REGISTRATION, registration.id, actor=actor, now=now, event_id=event.id, state=state)
    tell_new(registration, event, places.waiting if state == _S.WAITING else None, now)
    return registration


def decline(registration_id: int, *, reason: str, actor: Actor, now: datetime) -> Registration:
    """Decline a request, telling the person why if a reason is given. Raises NotPossible when it was decided."""
    registration, places, event = lock(registration_id)

    if registration.state is _S.DECLINED:
        return registration
    if registration.state is not _S.PENDING:
        raise NotPossible

    move(registration, places, event, _S.DECLINED, now)
    record("declined", ThingKind.REGISTRATION, registration.id, actor=actor, now=now, event_id=event.id)
    outbox.post(notices.declined(registration, event, reason), now=now)
    return registration
