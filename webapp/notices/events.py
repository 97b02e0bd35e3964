"""Letters about an event as a whole: to those who have a place that it changed, to all that it is cancelled."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Protocol

from webapp.models.accounts import Alarm
from webapp.models.calendars import Method
from webapp.models.events import Event
from webapp.models.mailings import MailKind, Recipient
from webapp.notices.letters import EventFacts, InvitationFacts, LetterFacts, Notice, Registered, SeriesFacts, dump


class Invited(Registered, Protocol):
    """Somebody with a registration that has not ended, and the version of the calendar entry that they have."""

    @property
    def uid(self) -> str | None: ...
    @property
    def sequence(self) -> int | None: ...
    @property
    def alarm(self) -> Alarm | None: ...
    @property
    def in_series(self) -> bool: ...


def changed(
    event: Event, before: EventFacts, recipients: Iterable[Invited], *, joining_changed: bool, now: datetime
) -> Iterator[Notice]:
    """To each who has a place: what was and what is now, with the invitation in its new version."""
    facts = LetterFacts(event=EventFacts.of(event), before=before, joining_changed=joining_changed)
    return _notices("event_changed", event, facts, recipients, Method.REQUEST, now)


def cancelled(
    event: Event, recipients: Iterable[Invited], *, speaking: Collection[int] = (), now: datetime
) -> Iterator[Notice]:
    """To each: that it does not take place, and why; with the withdrawal of the invitation for who has one.

    Those of them who are `speaking` are told in the same letter that this ends as well.
    """
    facts = LetterFacts(event=EventFacts.of(event), reason=event.cancelled_reason)
    return _notices("event_cancelled", event, facts, recipients, Method.CANCEL, now, speaking)


def cancelled_for_speakers(event: Event, speakers: Iterable[Recipient]) -> Iterator[Notice]:
    """To each speaker who is not registered: that it does not take place, and why."""
    facts = dump(LetterFacts(event=EventFacts.of(event), reason=event.cancelled_reason, speaks=True))
    for one in speakers:
        yield Notice(
            name="event_cancelled",
            recipient_name=one.name,
            recipient_email=one.email,
            reply_to=event.organiser_email,
            facts=facts,
            kind=MailKind.CANCELLATION,
            person_id=one.person_id,
            event_id=event.id,
            expires_at=event.ends_at,
        )


def _notices(
    name: str,
    event: Event,
    facts: LetterFacts,
    recipients: Iterable[Invited],
    method: Method,
    now: datetime,
    speaking: Collection[int] = (),
) -> Iterator[Notice]:
    # What all are told is made plain once: there may be thousands.
    shared = dump(facts)
    series = SeriesFacts.of(event.series, on=event.series_on) if event.series_id and event.series else None
    for one in recipients:
        own = LetterFacts(
            invitation=_invitation(one, method, now),
            series=series if one.in_series else None,
            mode=one.mode,
            link_id=one.public_id,
            link_nonce=one.link_nonce,
            state=one.state.value,
            speaks=one.person_id in speaking,
        )
        yield Notice(
            name=name,
            recipient_name=one.name,
            recipient_email=one.email,
            reply_to=event.organiser_email,
            facts=shared | dump(own),
            kind=MailKind.CHANGE if method is Method.REQUEST else MailKind.CANCELLATION,
            person_id=one.person_id,
            event_id=event.id,
            expires_at=event.ends_at,
        )


def _invitation(one: Invited, method: Method, now: datetime) -> InvitationFacts | None:
    if one.uid is None or one.sequence is None:
        return None
    return InvitationFacts(uid=one.uid, sequence=one.sequence, method=method, stamp=now, alarm=one.alarm or Alarm.NONE)
