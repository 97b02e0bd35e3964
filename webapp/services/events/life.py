"""The life of an event: published, withdrawn, cancelled, archived."""

from datetime import datetime
from enum import StrEnum

from webapp import outbox
from webapp.errors import DomainError
from webapp.folding import fold_email
from webapp.models.accounts import Actor, ThingKind
from webapp.models.calendars import Method
from webapp.models.events import NEXT_STATES, Event, EventState
from webapp.models.mailings import Recipient
from webapp.models.registrations import RegistrationState
from webapp.notices import events as notices
from webapp.queries import releases
from webapp.queries import setting_up as queries
from webapp.queries.series import load_series
from webapp.services.activity import record
from webapp.services.calendars import renew_invitations, renew_series
from webapp.services.events.readiness import lacks
from webapp.services.series_members import welcome
from webapp.services.session_changes import withdraw_sessions

ACTIVE = frozenset(set(RegistrationState)) - {
    RegistrationState.LAPSED,
    RegistrationState.DECLINED,
    RegistrationState.CANCELLED,
}


class Way(StrEnum):
    """What an organiser can do with an event as a whole."""

    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"
    ARCHIVE = "archive"
    BRING_BACK = "bring_back"


class StateRefused(DomainError):
    """The event cannot go from where it is to that stage of its life."""

    code = "state_refused"


def ways_on(event: Event, now: datetime) -> frozenset[Way]:
    """What can be done with the event at `now`; its days and places must be loaded."""
    match event.state:
        case EventState.DRAFT:
            ways = {Way.PUBLISH: not lacks(event, now)}
        case EventState.PUBLISHED:
            over = now >= event.ends_at
            ways = {Way.CANCEL: not over, Way.ARCHIVE: over, Way.WITHDRAW: not registered(event)}
        case EventState.ARCHIVED:
            ways = {Way.BRING_BACK: True}
        case _:
            ways = {}
    return frozenset(way for way, is_open in ways.items() if is_open)


def publish(event_id: int, *, actor: Actor, now: datetime) -> Event:
    """Let everybody see the event; published already, it stays so. Raises StateRefused, saying what is missing."""
    event = queries.lock_event(event_id)

    if event.state is EventState.PUBLISHED:
        return event
    if event.state is not EventState.DRAFT:
        raise StateRefused("Only a draft can be published.")
    if missing := lacks(event, now):
        raise StateRefused(". ".join(one.sentence for one in missing) + ".")

    _move(event, EventState.PUBLISHED, "event_published", actor, now)
    welcome(event, actor=actor, now=now)
    return event


def withdraw(event_id: int, *, actor: Actor, now: datetime) -> Event:
    """Make the event a draft again, seen by organisers alone; a draft stays one.

    Raises StateRefused while somebody is registered.
    """
    event = queries.lock_event(event_id)

    if event.state is EventState.DRAFT:
        return event
    if event.state is not EventState.PUBLISHED:
        raise StateRefused("Only a published event can be made a draft again.")
    people = registered(event)
    if people:
        have = "1 person is registered" if people == 1 else f"{people:,} people are registered"
        raise StateRefused(
            f"{have}, and a draft is seen by organisers alone. Cancel the event if it does not take place: they are"
            " then told."
        )

    return _move(event, EventState.DRAFT, "event_withdrawn", actor, now)


def cancel(event_id: int, *, reason: str, actor: Actor, now: datetime) -> Event:
    """Cancel the event, and write to who is registered and who speaks, with the reason; cancelled, it stays so.

    Whoever has a place gets the withdrawal of the calendar entry, and who speaks as well still one letter only. What is
    queued to many is stopped. Raises StateRefused for what is not published and once it is over.
    """
    event = queries.lock_event(event_id)

    if event.state is EventState.CANCELLED:
        return event
    if event.state is not EventState.PUBLISHED:
        raise StateRefused("Only a published event can be cancelled.")
    if now >= event.ends_at:
        raise StateRefused("The event is over, so it cannot be cancelled any more. You can archive it.")

    event.cancelled_reason = reason
    event.calendar_sequence += 1
    event.calendar_changed_at = now
    renew_invitations(event.id, Method.CANCEL, now=now)
    if event.series_id is not None:
        load_series(event)
        renew_series(event.series_id, now=now)
    speakers, registered_too = _speakers(event)
    stopped = outbox.stop_mailings(event.id, "The event was cancelled before it was sent.", now=now)
    told = {"told": registered(event) + len(speakers)} | ({"letters_stopped": stopped} if stopped else {})
    _move(event, EventState.CANCELLED, "event_cancelled", actor, now, **told)
    recipients = queries.addressees(event.id, ACTIVE, now=now)
    outbox.post_many(notices.cancelled(event, recipients, speaking=registered_too, now=now), now=now)
    outbox.post_many(notices.cancelled_for_speakers(event, speakers), now=now)
    withdraw_sessions(event, now=now)
    return event


def archive(event_id: int, *, actor: Actor, now: datetime) -> Event:
    """Put an event that is over away; archived, it stays so. Raises StateRefused before it has ended."""
    event = queries.lock_event(event_id)

    if event.state is EventState.ARCHIVED:
        return event
    if event.state is not EventState.PUBLISHED:
        raise StateRefused("Only a published event can be archived.")
    if now < event.ends_at:
        raise StateRefused("An event is archived once it is over. Until then it can be cancelled.")

    return _move(event, EventState.ARCHIVED, "event_archived", actor, now)


def bring_back(event_id: int, *, actor: Actor, now: datetime) -> Event:
    """Take an event out of the archive; one that is published stays so. Raises StateRefused for any other."""
    event = queries.lock_event(event_id)

    if event.state is EventState.PUBLISHED:
        return event
    if event.state is not EventState.ARCHIVED:
        raise StateRefused("Only an event in the archive can be brought back.")

    return _move(event, EventState.PUBLISHED, "event_brought_back", actor, now)


def registered(event: Event) -> int:
    """How many registrations of the event have not ended; its places must be loaded."""
    return sum(one.confirmed + one.offered + one.waiting + one.pending for one in event.places)


def count_speakers_to_tell(event: Event) -> int:
    """How many speakers beside those registered are written to when the event is cancelled."""
    return len(_speakers(event)[0])


def _speakers(event: Event) -> tuple[list[Recipient], set[int]]:
    """Who speaks and is not registered, once for each address that is known; and the people who are both."""
    speakers = releases.speakers_to_tell(event.id, releases.speaking_at(event.id))
    both = releases.registered_among(event.id, ACTIVE, speakers)
    # Somebody may have several profiles: of one address the first is written to.
    others: dict[str, Recipient] = {}
    for key in sorted(speakers):
        if key not in both:
            others.setdefault(fold_email(speakers[key].email), speakers[key])
    return list(others.values()), set(both.values())


def _move(event: Event, state: EventState, verb: str, actor: Actor, now: datetime, **told: int) -> Event:
    if state not in NEXT_STATES[event.state]:
        raise StateRefused("The event has changed in the meantime. Look at how it stands now.")
    changes = {"state": [event.state.value, state.value]}
    event.state = state
    event.listed = state is not EventState.DRAFT
    event.version += 1
    event.updated_at = now
    record(
        verb, ThingKind.EVENT, event.id, actor=actor, now=now, event_id=event.id,
        changes=changes, version=event.version, **told,
    )  # fmt: skip
    return event
