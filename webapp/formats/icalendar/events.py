"""One entry as the VEVENTs that stand for its days (RFC 5545, section 3.6.1)."""

import math
from collections.abc import Sequence
from datetime import UTC, date, timedelta

from icalendar import Alarm, Component, Event, vText

from webapp.formats.icalendar.entries import Day, Entry
from webapp.formats.icalendar.values import address, line, moment, paragraphs, web

# A COUNT of more than three digits is none that Outlook reads (MS-OXCICAL 2.1.3.2.2).
_MOST_OCCURRENCES = 999


def occurrences(entry: Entry) -> list[Event]:
    """Give the master, and after it an override for every day that differs (RFC 5545, section 3.8.4.4)."""
    events = [master(entry)]
    if entry.all_day:
        return events
    first, *others = entry.in_order
    for day in others:
        if (day.starts, day.ends, day.title) != (first.starts, first.ends, first.title):
            event = described(entry, day.title)
            add_hours(event, day, entry.zone)
            # The master's start on that day, in the master's zone: Outlook matches an override by nothing else.
            event.add("recurrence-id", moment(day.date, first.starts, entry.zone))
            events.append(event)
    return events


def master(entry: Entry) -> Event:
    """Give the VEVENT of the entry's first day, with the rule for the others (RFC 5545, section 3.8.5.3)."""
    first = entry.in_order[0]
    dates = [day.date for day in entry.in_order]
    if entry.all_day:
        event = described(entry, None)
        add_whole_days(event, dates)
        return event
    event = described(entry, first.title)
    add_hours(event, first, entry.zone)
    if len(dates) > 1:
        missing = _add_rule(event, dates)
        if missing:
            event.add("exdate", [moment(on, first.starts, entry.zone) for on in missing])
    return event


def add_word(component: Component, key: str, word: str) -> None:
    """Add a property that the library does not know as text (RFC 5545, section 3.8.8); it would not escape it."""
    component.add(key, vText(word))


def described(entry: Entry, title: str | None) -> Event:
    """Give a VEVENT with everything but its hours."""
    event = Event()
    event.add("uid", line(entry.uid))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamp.astimezone(UTC))
    if entry.last_modified:
        event.add("last-modified", entry.last_modified.astimezone(UTC))
    event.add("summary", line(title or entry.title))
    if entry.description:
        event.add("description", paragraphs(entry.description))
    if entry.location:
        event.add("location", line(entry.location))
    if entry.categories:
        event.add("categories", [line(category) for category in entry.categories])
    event.add("url", web(entry.url))
    event.add("organizer", address(entry.organiser_name, entry.organiser_email))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE" if entry.busy else "TRANSPARENT")
    # Outlook goes by this rather than by TRANSP (MS-OXCICAL maps it to what the calendar shows).
    add_word(event, "X-MICROSOFT-CDO-BUSYSTATUS", "BUSY" if entry.busy else "FREE")
    if entry.reminds is not None:
        event.add_component(_alarm(event, entry.reminds))
    return event


def _alarm(event: Event, before: timedelta) -> Alarm:
    """Give the reminder as VALARM (RFC 5545, section 3.6.6): a message, so long before the entry starts."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", event["summary"])
    alarm.add("trigger", -before)
    return alarm


def add_hours(event: Event, day: Day, zone: str) -> None:
    """Add when the day starts, and when it ends if that is known."""
    event.add("dtstart", moment(day.date, day.starts, zone))
    # Without DTEND it ends as it starts (RFC 5545, section 3.6.1): better than a length that nobody gave.
    if day.ends is not None:
        event.add("dtend", moment(day.date, day.ends, zone))


def add_whole_days(event: Event, dates: Sequence[date]) -> None:
    """Add the days, in order, as whole ones."""
    first, last = dates[0], dates[-1]
    in_a_row = (last - first).days + 1 == len(dates)
    event.add("dtstart", first)
    # The day after the last: DTEND is not itself part of the event.
    event.add("dtend", (last if in_a_row else first) + timedelta(days=1))
    add_word(event, "X-MICROSOFT-CDO-ALLDAYEVENT", "TRUE")
    if not in_a_row:
        missing = _add_rule(event, dates)
        if missing:
            event.add("exdate", missing)


def _add_rule(event: Event, dates: Sequence[date]) -> list[date]:
    """Add the daily rule that meets all dates and the fewest others; give those others, which must be taken out."""
    first, last = dates[0], dates[-1]
    step = math.gcd(*((on - first).days for on in dates))
    count = (last - first).days // step + 1
    if count > _MOST_OCCURRENCES:
        raise ValueError("The days of an entry lie too far apart for one recurrence.")
    event.add("rrule", {"freq": "DAILY", "count": count} | ({"interval": step} if step > 1 else {}))
    met = {first + timedelta(days=step * number) for number in range(count)}
    return sorted(met.difference(dates))
