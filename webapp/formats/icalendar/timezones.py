"""The time zones of calendars: VTIMEZONE (RFC 5545, section 3.6.5) with yearly rules from 1970.

Written here, because desktop Outlook ignores the lists of dates (RDATE) that the icalendar library generates
(iCalcreator#86), and is then an hour off in summer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import icalendar

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LAST = -1
# The fourth and the last of a weekday differ in at least one year of any five.
_YEARS_TO_TELL = 5


@dataclass(frozen=True)
class _Onset:
    """A moment of every year at which the clocks change: local time before it, offsets in seconds east of Greenwich."""

    name: str
    month: int
    week: int
    weekday: int
    hour: int
    minute: int
    before: int
    after: int


# Not worked out as the others are, since nearly all happens here: the last Sunday of March and of October, 01:00 UTC.
_LONDON = (
    _Onset("BST", month=3, week=_LAST, weekday=6, hour=1, minute=0, before=0, after=3600),
    _Onset("GMT", month=10, week=_LAST, weekday=6, hour=2, minute=0, before=3600, after=0),
)


@cache
def named(zone: str) -> str:
    """Give the name to write as TZID (RFC 5545, section 3.2.19), or "UTC".

    Raises ValueError for what is not in the tz database or not of the form Area/Place, such as GMT and BST, at which
    clients guess (pretalx#2588).
    """
    if zone in {"UTC", "Etc/UTC"}:
        return "UTC"
    try:
        if "/" in zone:
            return ZoneInfo(zone).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{zone!r} is not a time zone.") from error
    raise ValueError(f"{zone!r} is not a time zone such as Europe/London.")


@cache
def component(zone: str, first: int, last: int) -> icalendar.Timezone:
    """Give the VTIMEZONE (RFC 5545, section 3.6.5) of a zone, right for the years from the first to the last.

    Raises ValueError where in those years, or the five from the first, the clocks change by no yearly rule.
    """
    timezone = icalendar.Timezone()
    timezone.add("tzid", zone)
    onsets = (
        _LONDON
        if zone == "Europe/London"
        else _onsets(ZoneInfo(zone), range(first, max(last, first + _YEARS_TO_TELL - 1) + 1))
    )
    if not onsets:
        timezone.add_component(_fixed(ZoneInfo(zone), first))
    for onset in onsets:
        timezone.add_component(_observance(onset))
    return timezone


def _observance(onset: _Onset) -> icalendar.Component:
    observance = icalendar.TimezoneDaylight() if onset.after > onset.before else icalendar.TimezoneStandard()
    observance.add("dtstart", _first_time(onset))
    observance.add("tzoffsetfrom", timedelta(seconds=onset.before))
    observance.add("tzoffsetto", timedelta(seconds=onset.after))
    observance.add("tzname", onset.name)
    day = f"{onset.week}{_WEEKDAYS[onset.weekday]}"
    observance.add("rrule", {"freq": "YEARLY", "bymonth": onset.month, "byday": day})
    return observance


def _fixed(zone: ZoneInfo, year: int) -> icalendar.Component:
    then = datetime(year, 1, 1, tzinfo=zone)
    observance = icalendar.TimezoneStandard()
    observance.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 -- local to the zone it begins (RFC 5545, section 3.6.5)
    observance.add("tzoffsetfrom", then.utcoffset())
    observance.add("tzoffsetto", then.utcoffset())
    observance.add("tzname", then.tzname())
    return observance


def _first_time(onset: _Onset) -> datetime:
    """Give the onset's moment in 1970: DTSTART must be one that the rule meets (RFC 5545, section 3.8.5.3)."""
    start = datetime(1970, onset.month, 1, onset.hour, onset.minute)  # noqa: DTZ001 -- local, as above
    days = [start + timedelta(days=number) for number in range(31)]
    matching = [day for day in days if day.month == onset.month and day.weekday() == onset.weekday]
    return matching[onset.week if onset.week == _LAST else onset.week - 1]


def _onsets(zone: ZoneInfo, years: Sequence[int]) -> tuple[_Onset, ...]:
    """Give the rules that all years follow, in the order of the year; raises ValueError where there are none."""
    by_year = [_changes(zone, year) for year in years]
    if len({len(changes) for changes in by_year}) != 1:
        raise ValueError(f"The clocks of {zone.key} follow no yearly rule.")
    return tuple(_rule(zone, moments) for moments in zip(*by_year, strict=True))


def _changes(zone: ZoneInfo, year: int) -> list[datetime]:
    """Give the first minutes, in UTC, of each new offset in a year."""
    found = []
    day, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    while day < end:
        following = day + timedelta(days=1)
        if _offset(zone, day) != _offset(zone, following):
            low, high = 0, 24 * 60
            while high - low > 1:
                middle = (low + high) // 2
                same = _offset(zone, day + timedelta(minutes=middle)) == _offset(zone, day)
                low, high = (middle, high) if same else (low, middle)
            found.append(day + timedelta(minutes=high))
        day = following
    return found


def _offset(zone: ZoneInfo, moment: datetime) -> int:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


def _rule(zone: ZoneInfo, moments: Sequence[datetime]) -> _Onset:
    before = _offset(zone, moments[0] - timedelta(minutes=1))
    after = _offset(zone, moments[0])
    local = [(moment + timedelta(seconds=before)).replace(tzinfo=None) for moment in moments]
    alike = {(day.month, day.weekday(), day.hour, day.minute) for day in local}
    offsets = {(_offset(zone, moment - timedelta(minutes=1)), _offset(zone, moment)) for moment in moments}
    last = all((day + timedelta(days=7)).month != day.month for day in local)
    weeks = {_LAST} if last else {(day.day - 1) // 7 + 1 for day in local}
    if any(len(of) != 1 for of in (alike, offsets, weeks)):
        raise ValueError(f"The clocks of {zone.key} follow no yearly rule.")
    name = moments[0].astimezone(zone).tzname() or zone.key
    ((month, weekday, hour, minute),) = alike
    return _Onset(name, month, weeks.pop(), weekday, hour, minute, before, after)
