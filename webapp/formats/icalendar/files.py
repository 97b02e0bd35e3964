"""The four kinds of file: invitation, cancellation, feed and download (RFC 5546; RFC 7986 for what a feed says)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from icalendar import Calendar, Component, Event, vDuration, vText

from webapp.formats.icalendar import timezones
from webapp.formats.icalendar.entries import Attendee, Entry
from webapp.formats.icalendar.events import add_word, master, occurrences
from webapp.formats.icalendar.series import Meeting, Series, components, instance
from webapp.formats.icalendar.values import address, line, paragraphs

PRODUCT = "-//Waymark//Waymark//EN"
_PERSON = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT"}


def invitation(entry: Entry, attendee: Attendee) -> bytes:
    """Give one person's invitation as METHOD:REQUEST (RFC 5546, section 3.2.2), or with a higher sequence its update.

    Raises ValueError for a cancelled entry, an e-mail or web address that is none, and a zone without a yearly rule.
    """
    if entry.cancelled:
        raise ValueError("That an entry is cancelled is told by a cancellation, not by an invitation.")
    return _request([entry], occurrences(entry), attendee)


def series_invitation(series: Series, attendee: Attendee) -> bytes:
    """Give one person's invitation to all meetings of a series, or its update. Raises as invitation() does."""
    return _request(series.entries, components(series), attendee)


def meeting_invitation(series: Series, meeting: Meeting, attendee: Attendee) -> bytes:
    """Give the update of one meeting of a series by its RECURRENCE-ID (RFC 5546, section 3.2.2)."""
    return _request(series.entries, [instance(series, meeting)], attendee)


def _request(entries: Sequence[Entry], events: Sequence[Event], attendee: Attendee) -> bytes:
    person = address(attendee.name, attendee.email)
    # Apple's Calendar shows no buttons without RSVP and NEEDS-ACTION (nextcloud/calendar#102).
    person.params.update(_PERSON | {"RSVP": "TRUE", "PARTSTAT": "NEEDS-ACTION"})
    for event in events:
        event.add("attendee", person)
        add_word(event, "X-MICROSOFT-CDO-INTENDEDSTATUS", "FREE" if event["transp"] == "TRANSPARENT" else "BUSY")
        # Outlook offers to propose another time, which makes no sense for one of many who attend.
        add_word(event, "X-MICROSOFT-DISALLOW-COUNTER", "TRUE")
    return _calendar("REQUEST", entries, events)


def cancellation(entry: Entry, attendee: Attendee) -> bytes:
    """Give the withdrawal of one person's invitation, all its days, as METHOD:CANCEL (RFC 5546, section 3.2.5).

    The entry has the invitation's UID and organiser and a higher sequence. Raises ValueError for an e-mail or web
    address that is none, and a zone without a yearly rule.
    """
    # The master alone: a cancellation without RECURRENCE-ID withdraws the overrides too.
    return _cancel([entry], master(replace(entry, cancelled=True)), attendee)


def series_cancellation(series: Series, attendee: Attendee) -> bytes:
    """Give the withdrawal of one person's invitation to a series, all its meetings. Raises as cancellation() does."""
    return cancellation(series.entry, attendee)


def meeting_cancellation(series: Series, meeting: Meeting, attendee: Attendee) -> bytes:
    """Give the withdrawal of one meeting of a series by its RECURRENCE-ID (RFC 5546, section 3.2.5)."""
    return _cancel(series.entries, instance(series, meeting, cancelled=True), attendee)


def _cancel(entries: Sequence[Entry], event: Event, attendee: Attendee) -> bytes:
    person = address(attendee.name, attendee.email)
    person.params.update(_PERSON)
    event.add("attendee", person)
    return _calendar("CANCEL", entries, [event])


def feed(
    name: str,
    entries: Iterable[Entry | Series],
    *,
    refresh: timedelta,
    description: str = "",
    zone: str = "Europe/London",
    colour: str = "",
) -> bytes:
    """Give a calendar to subscribe to, to be fetched again after `refresh` (RFC 7986, section 5), without attendees.

    Cancelled entries stay in it. `colour` is a CSS3 name. Raises ValueError for a refresh below a minute, a colour
    that is no name, a web address that is none, and a zone without a yearly rule.

    It says METHOD:PUBLISH, which RFC 7986 leaves open: Outlook reads several VEVENTs under no other (MS-OXCICAL,
    appendix), and what it asks for, an organiser and no attendees (RFC 5546, section 3.2.1), is what we want anyway.
    """
    if refresh < timedelta(minutes=1):
        raise ValueError("A feed cannot ask to be fetched more often than every minute.")
    if not re.fullmatch("[a-z]*", colour):
        raise ValueError("A colour is one of the names of CSS3.")
    about = Component()
    # Most of it twice: once as the standard has it, once as Outlook, Apple and Google have read it for longer.
    for key in ("NAME", "X-WR-CALNAME"):
        add_word(about, key, line(name))
    if description:
        for key in ("DESCRIPTION", "X-WR-CALDESC"):
            add_word(about, key, paragraphs(description))
    if colour:
        add_word(about, "COLOR", colour)
    add_word(about, "X-WR-TIMEZONE", timezones.named(zone))
    about.add("REFRESH-INTERVAL", refresh, parameters={"VALUE": "DURATION"})
    add_word(about, "X-PUBLISHED-TTL", vDuration(refresh).to_ical().decode())  # type: ignore[no-untyped-call]  # theirs
    return _published(entries, about)


def download(entries: Iterable[Entry | Series]) -> bytes:
    """Give a file to open once, of a session, an event or an agenda, as METHOD:PUBLISH (RFC 5546, section 3.2.1).

    It has no name of its own, since Outlook makes a new calendar of a file that has one. Raises ValueError for a web
    address that is none and a zone without a yearly rule.
    """
    return _published(entries, None)


def _published(entries: Iterable[Entry | Series], about: Component | None) -> bytes:
    kept: list[Entry] = []
    events: list[Event] = []
    for one in entries:
        entry = one.entry if isinstance(one, Series) else one
        kept += one.entries if isinstance(one, Series) else [entry]
        for event in components(one) if isinstance(one, Series) else occurrences(entry):
            if entry.cancelled:
                # Outlook shows nothing of STATUS:CANCELLED but time that is free.
                event["summary"] = vText(f"Cancelled: {event['summary']}")
            events.append(event)
    return _calendar("PUBLISH", kept, events, about)


def _calendar(method: str, entries: Sequence[Entry], events: Iterable[Event], about: Component | None = None) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if about is not None:
        calendar.update(about)
    for zone, years in _zones(entries):
        calendar.add_component(timezones.component(zone, min(years), max(years)))
    for event in events:
        calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made


def _zones(entries: Iterable[Entry]) -> list[tuple[str, set[int]]]:
    """Give each zone that the hours of the entries are in, by name, with the years."""
    found: dict[str, set[int]] = {}
    for entry in entries:
        zone = timezones.named(entry.zone)
        if zone != "UTC" and not entry.all_day:
            found.setdefault(zone, set()).update(day.date.year for day in entry.days)
    return sorted(found.items())
