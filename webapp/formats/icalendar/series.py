"""Meetings that recur by a rule of weeks or months, as one entry with its exceptions (RFC 5545, section 3.8.5)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from icalendar import Event

from webapp.formats.icalendar.entries import Entry
from webapp.formats.icalendar.events import add_hours, add_whole_days, described, master
from webapp.formats.icalendar.values import moment

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST = -1
# A fifth is one that not every month has.
WEEKS = (1, 2, 3, 4, LAST)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How meetings recur: every so many weeks, or each month on its first's date or on the nth or last weekday.

    `week` is 1 to 4, or -1 for the last; without it and with `monthly` they come on the same date of each month.
    """

    first: date
    count: int
    every: int = 1
    monthly: bool = False
    week: int | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for a rule that its own first meeting does not follow, or that never ends or moves on."""
        if not 0 < self.count < 1000 or self.every < 1:
            raise ValueError("A series has from 1 to 999 meetings, and some time between them.")
        if self.week is None:
            return
        if self.week not in WEEKS or not self.monthly or self.first != _nth(self.first, self.week):
            raise ValueError("The first meeting is on the weekday of the month that the rule names.")

    @property
    def dates(self) -> list[date]:
        """The date of each meeting. Months that lack the date are passed over, as calendars do."""
        found: list[date] = []
        for on in self._candidates():
            found.append(on)
            if len(found) == self.count:
                break
        return found

    def rrule(self) -> dict[str, object]:
        """The rule as RRULE (RFC 5545, section 3.3.10)."""
        every = {"interval": self.every} if self.every > 1 else {}
        day = WEEKDAYS[self.first.weekday()]
        if not self.monthly:
            return {"freq": "WEEKLY", **every, "count": self.count, "byday": day}
        on = {"bymonthday": self.first.day} if self.week is None else {"byday": f"{self.week}{day}"}
        return {"freq": "MONTHLY", **every, "count": self.count, **on}

    def _candidates(self) -> Iterator[date]:
        if not self.monthly:
            for number in range(self.count):
                yield self.first + timedelta(weeks=self.every * number)
            return
        month = self.first.replace(day=1)
        while True:
            if self.week is not None:
                yield _nth(
                    month.replace(day=1) + timedelta(days=(self.first.weekday() - month.weekday()) % 7), self.week
                )
            elif self.first.day <= (_following(month, 1) - month).days:
                yield month.replace(day=self.first.day)
            month = _following(month, self.every)


def _following(month: date, number: int) -> date:
    months = month.year * 12 + month.month - 1 + number
    return date(months // 12, months % 12 + 1, 1)


def _nth(day: date, week: int) -> date:
    """The nth, or the last, of the day's weekday in its month."""
    first = day.replace(day=(day.day - 1) % 7 + 1)
    if week != LAST:
        return first + timedelta(weeks=week - 1)
    last = first
    while (last + timedelta(weeks=1)).month == day.month:
        last += timedelta(weeks=1)
    return last


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """One meeting: `on` is its date by the rule, `entry` how it now stands; None where it does not stand."""

    on: date
    entry: Entry | None


@dataclass(frozen=True, kw_only=True)
class Series:
    """Meetings as one entry: `entry` is the first as the rule has it, with a start; `meetings` are what is known."""

    entry: Entry
    rule: Rule
    meetings: Sequence[Meeting] = ()

    def __post_init__(self) -> None:
        """Raise ValueError where the rule has nothing to recur by."""
        if self.entry.all_day or [day.date for day in self.entry.days] != [self.rule.first]:
            raise ValueError("A series has one first day, with the time at which it starts.")

    @property
    def entries(self) -> list[Entry]:
        """All that it says anything of, for the time zones that it names."""
        dates = self.rule.dates
        day = self.entry.in_order[0]
        last = replace(self.entry, days=[replace(day, date=dates[-1])])
        return [self.entry, last, *(one.entry for one in self.meetings if one.entry is not None)]


def components(series: Series) -> list[Event]:
    """Give the master with its rule and what it leaves out, and an override for each meeting that differs."""
    event = master(series.entry)
    event.add("rrule", series.rule.rrule())
    day = series.entry.in_order[0]
    missing = sorted(one.on for one in series.meetings if one.entry is None)
    if missing:
        event.add("exdate", [moment(on, day.starts, series.entry.zone) for on in missing])
    return [event, *(instance(series, one) for one in series.meetings if _differs(series, one))]


def instance(series: Series, meeting: Meeting, *, cancelled: bool = False) -> Event:
    """Give the VEVENT of one meeting, named by its start as the rule has it (RFC 5545, section 3.8.4.4)."""
    day = series.entry.in_order[0]
    regular = replace(series.entry, days=[replace(day, date=meeting.on)])
    stands = meeting.entry or regular
    entry = replace(
        stands,
        uid=series.entry.uid,
        sequence=series.entry.sequence,
        stamp=series.entry.stamp,
        last_modified=series.entry.last_modified,
        # Of one entry there is one ORGANIZER.
        organiser_name=series.entry.organiser_name,
        organiser_email=series.entry.organiser_email,
        alarm=series.entry.alarm,
        cancelled=cancelled,
    )
    event = described(entry, None)
    if entry.all_day:
        add_whole_days(event, [entry.in_order[0].date])
    else:
        add_hours(event, entry.in_order[0], entry.zone)
    event.add("recurrence-id", moment(meeting.on, day.starts, series.entry.zone))
    return event


def _differs(series: Series, meeting: Meeting) -> bool:
    if meeting.entry is None:
        return False
    regular, stands = series.entry, meeting.entry
    day = replace(regular.in_order[0], date=meeting.on)
    return (stands.in_order[0], stands.zone, stands.title, stands.location) != (
        day,
        regular.zone,
        regular.title,
        regular.location,
    )
