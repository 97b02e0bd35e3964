"""What follows from a change of an event: its version, its words, the record, calendars and letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp import outbox
from webapp.models.accounts import Actor, ThingKind
from webapp.models.calendars import Method
from webapp.models.events import Event, EventState, Mode
from webapp.models.registrations import RegistrationState
from webapp.notices import events as notices
from webapp.notices.letters import EventFacts
from webapp.queries import setting_up as queries
from webapp.queries.series import load_series
from webapp.services.activity import record
from webapp.services.calendars import renew_invitations, renew_series, touch_invitations
from webapp.services.events.changes import ConfirmationNeeded, FieldChange, kept
from webapp.services.search import index_event
from webapp.services.to_many.sending import left_too_late


@dataclass(frozen=True)
class Before:
    """An event as it was before a change."""

    facts: EventFacts
    joining_url: str
    joining_from: datetime | None
    ends_at: datetime

    @classmethod
    def of(cls, event: Event) -> "Before":
        """The event as it now is; its days must be loaded."""
        return cls(EventFacts.of(event), event.joining_url, event.joining_from, event.ends_at)


def finish(
    event: Event, before: Before, changes: Sequence[FieldChange], *, told: bool, actor: Actor, now: datetime
) -> Event:
    """Record a change, and tell those who have a place when it matters to them; gives the event.

    Raises ConfirmationNeeded when people are to be told and `told` does not say that this is known.
    """
    joining_changed = _joining_changed(event, before, now)
    is_to_come = event.state is EventState.PUBLISHED and now < max(before.ends_at, event.ends_at)
    everybody = _matters(event, before.facts)
    # A link alone is nothing to those who come in person: they are never shown one.
    people = sum(places.confirmed for places in event.places if everybody or places.mode is Mode.ONLINE)
    tells = bool(is_to_come and people and (joining_changed or everybody))
    if tells and not told:
        raise ConfirmationNeeded(changes, people, [one.name for one in left_too_late(event, now=now)])

    event.version += 1
    event.updated_at = now
    if joining_changed or _moves(event, before.facts):
        event.calendar_sequence += 1
        event.calendar_changed_at = now
        modes = None if _moves(event, before.facts) else [Mode.ONLINE]
        renew_invitations(event.id, Method.REQUEST, now=now, modes=modes)
        _follow_in_series(event, now, moved=True)
    elif _reads_otherwise(event, before.facts):
        event.calendar_changed_at = now
        touch_invitations(event.id, now=now)
        _follow_in_series(event, now, moved=False)
    index_event(event, queries.session_words(event.id))
    changed = kept(changes)
    record(
        "event_edited", ThingKind.EVENT, event.id, actor=actor, now=now, event_id=event.id,
        changes=changed, version=event.version, told=people if tells else 0,
    )  # fmt: skip
    if tells:
        confirmed = queries.addressees(event.id, {RegistrationState.CONFIRMED}, now=now)
        recipients = [one for one in confirmed if everybody or one.mode is Mode.ONLINE]
        outbox.post_many(
            notices.changed(event, before.facts, recipients, joining_changed=joining_changed, now=now), now=now
        )
    return event


def _follow_in_series(event: Event, now: datetime, *, moved: bool) -> None:
    if event.series_id is not None:
        load_series(event)
        renew_series(event.series_id, now=now, moved=moved)


def _moves(event: Event, before: EventFacts) -> bool:
    """Whether people would come at another time or place, or write elsewhere: the entry is then of a new SEQUENCE.

    That must rise for start, end, rule and status, and for what puts in doubt whether somebody can still come, as
    another place does (RFC 5546, section 2.1.4). Programs ask people anew whether they come when it rises, so it does
    for nothing less; the same SEQUENCE under a later DTSTAMP is the newer text (section 2.1.5).
    """
    after = EventFacts.of(event)
    venue = Mode.IN_PERSON in (*before.modes, *after.modes) and before.venue != after.venue
    # Calendars take a change or a withdrawal from the ORGANIZER that they know, so all learn of another address.
    return (
        venue
        or before.organiser_email != after.organiser_email
        or (before.days, before.zone, before.modes) != (after.days, after.zone, after.modes)
    )


def _matters(event: Event, before: EventFacts) -> bool:
    """Whether people are told: they would come elsewhere or at another time, or not find it under its name.

    A new summary, or another name of who organises it, is shown by the feeds, and nobody is written to for it.
    """
    return _moves(event, before) or event.title != before.title


def _reads_otherwise(event: Event, before: EventFacts) -> bool:
    """Whether an entry in a calendar has other words."""
    shown = (event.title, event.summary, event.organiser_name, event.organiser_email)
    return shown != (before.title, before.summary, before.organiser_name, before.organiser_email)


def _joining_changed(event: Event, before: Before, now: datetime) -> bool:
    """Whether the link is another than the one that people may have seen already."""
    was_shown = before.joining_from is None or before.joining_from <= now
    return bool(before.joining_url) and was_shown and before.joining_url != event.joining_url
