"""Events and sessions as calendar entries: the one place where our things become those of the calendar format."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from webapp.formats.icalendar import (
    Attendee,
    Day,
    Entry,
    Meeting,
    Rule,
    Series,
    cancellation,
    invitation,
    meeting_cancellation,
    meeting_invitation,
    series_cancellation,
    series_invitation,
)
from webapp.formats.icalendar.series import LAST
from webapp.models.calendars import Method
from webapp.models.events import Mode
from webapp.models.series import Repeat
from webapp.models.series import Series as SeriesRow
from webapp.notices.letters import EventFacts, InvitationFacts, SeriesFacts, SessionFacts

__all__ = [
    "attachment",
    "event_entry",
    "event_uid",
    "rule_of",
    "series_attachment",
    "series_entry",
    "session_entry",
]


@dataclass(frozen=True, kw_only=True)
class Version:
    """Which version of an entry it is (RFC 5545, sections 3.8.4.7, 3.8.7.2 and 3.8.7.4)."""

    uid: str
    sequence: int
    stamp: datetime
    cancelled: bool = False
    # How long before it begins the person wants to be reminded.
    alarm: timedelta | None = None


def event_uid(public_id: str, base_url: str) -> str:
    """The UID of an event or session in what everybody may download; the same for ever (RFC 7986, section 5.3)."""
    return f"{public_id}@{urlsplit(base_url).hostname}"


def event_entry(event: EventFacts, version: Version, *, base_url: str, mode: Mode | None = None) -> Entry:
    """An event as an entry, one occurrence a day; its address is our own joining page, never a meeting's link.

    `mode` is how the person takes part, where that is known: who joins online is not sent to the venue.
    """
    page = f"{base_url}/events/{event.slug}-{event.public_id}/join"
    return Entry(
        uid=version.uid,
        sequence=version.sequence,
        stamp=version.stamp,
        last_modified=version.stamp,
        title=event.title,
        days=[Day(date=day.date, starts=day.starts, ends=day.ends) for day in event.days],
        zone=event.zone,
        url=page,
        description=_description(event.summary, page),
        location=(event.venue if mode is not Mode.ONLINE else "") or _without_place(event.modes),
        organiser_name=event.organiser_name,
        organiser_email=event.organiser_email,
        cancelled=version.cancelled,
        alarm=version.alarm,
    )


def session_entry(
    event: EventFacts, session: SessionFacts, version: Version, *, base_url: str, mode: Mode | None = None
) -> Entry:
    """A session as an entry that leads to the event's joining page.

    `mode` is how the person takes part in the event, where that is known.
    """
    page = f"{base_url}/events/{event.slug}-{event.public_id}/join"
    place = "" if mode is Mode.ONLINE else ", ".join(part for part in (session.room, event.venue) if part)
    return Entry(
        uid=version.uid,
        sequence=version.sequence,
        stamp=version.stamp,
        last_modified=version.stamp,
        title=session.title,
        days=[Day(date=session.date, starts=session.starts, ends=session.ends)],
        zone=event.zone,
        url=page,
        description=_description(f"{event.title}. {session.summary}".strip(), page),
        location=place or _without_place(event.modes),
        organiser_name=event.organiser_name,
        organiser_email=event.organiser_email,
        cancelled=version.cancelled,
        alarm=version.alarm,
    )


def attachment(
    event: EventFacts,
    sent: InvitationFacts,
    *,
    session: SessionFacts | None = None,
    series: SeriesFacts | None = None,
    name: str,
    email: str,
    mode: Mode | None,
    base_url: str,
) -> bytes:
    """The calendar part of a letter to one person: the invitation to an event or a session of it, or its withdrawal."""
    cancelled = sent.method is Method.CANCEL
    version = Version(
        uid=sent.uid, sequence=sent.sequence, stamp=sent.stamp, cancelled=cancelled, alarm=sent.alarm.before
    )
    person = Attendee(name=name, email=email)
    if series is not None and series.on is not None:
        meeting = Meeting(on=series.on, entry=_declining(event_entry(event, version, base_url=base_url, mode=mode)))
        build_one = meeting_cancellation if cancelled else meeting_invitation
        return build_one(series_entry(series, version, base_url=base_url), meeting, person)
    if session is None:
        entry = event_entry(event, version, base_url=base_url, mode=mode)
    else:
        entry = session_entry(event, session, version, base_url=base_url, mode=mode)
    build = cancellation if cancelled else invitation
    return build(entry if cancelled else _declining(entry), person)


def series_attachment(series: SeriesFacts, sent: InvitationFacts, *, name: str, email: str, base_url: str) -> bytes:
    """The calendar part of a letter to one member: all meetings of the series, or their withdrawal."""
    version = Version(uid=sent.uid, sequence=sent.sequence, stamp=sent.stamp, alarm=sent.alarm.before)
    made = series_entry(series, version, base_url=base_url)
    build = series_cancellation if sent.method is Method.CANCEL else series_invitation
    return build(replace(made, entry=_declining(made.entry)), Attendee(name=name, email=email))


def _declining(entry: Entry) -> Entry:
    return replace(entry, description=f"{entry.description}\n\nDeclining here does not give up your place.")


def rule_of(series: SeriesFacts | SeriesRow) -> Rule:
    """The rule by which the meetings of a series follow one another."""
    week = {Repeat.WEEKDAY: (series.first_on.day - 1) // 7 + 1, Repeat.LAST_WEEKDAY: LAST}.get(series.repeat)
    return Rule(
        first=series.first_on,
        count=series.number,
        every=series.every,
        monthly=series.repeat is not Repeat.WEEKS,
        week=week,
    )


def series_entry(series: SeriesFacts, version: Version, *, base_url: str) -> Series:
    """A series as one entry, with its meetings as far as they are known."""
    page = f"{base_url}/series/{series.slug}-{series.public_id}"
    entry = Entry(
        uid=version.uid,
        sequence=version.sequence,
        stamp=version.stamp,
        last_modified=version.stamp,
        title=series.title,
        days=[Day(date=series.first_on, starts=series.starts, ends=series.ends)],
        zone=series.zone,
        url=page,
        description=f"All meetings: {page}",
        location=series.venue or "Online",
        organiser_name=series.organiser_name,
        organiser_email=series.organiser_email,
        alarm=version.alarm,
    )
    meetings = [
        Meeting(
            on=one.on,
            entry=event_entry(one.event, version, base_url=base_url, mode=one.event.modes[0]) if one.event else None,
        )
        for one in series.meetings
    ]
    return Series(entry=entry, rule=rule_of(series), meetings=meetings)


def _without_place(modes: Sequence[Mode]) -> str:
    # How an event of long ago was held may not be known.
    return "Online" if modes else ""


def _description(text: str, page: str) -> str:
    parts: Sequence[str] = (text, f"How to join: {page}")
    return "\n\n".join(part for part in parts if part)
