"""The days of an event and their hours: what cannot be, and what people should know."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from webapp.models.events import Event
from webapp.queries.setting_up import Timed
from webapp.templating import british_time, weekday_date

ZONES = (
    "Europe/London",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Europe/Amsterdam",
    "Europe/Berlin",
    "Europe/Madrid",
    "Europe/Paris",
    "Europe/Oslo",
    "Europe/Helsinki",
    "America/New_York",
    "America/Toronto",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Australia/Sydney",
    "Pacific/Auckland",
    "UTC",
)
MOST_DAYS = 60
# So far apart that no calendar program repeats an entry over them.
LONGEST = 366


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day as it is to be; `was` is its date before, None for a day that is added."""

    was: date | None = None
    date: date
    starts: time | None = None
    ends: time | None = None


@dataclass(frozen=True)
class Problem:
    """What cannot be about one of the days: the part that is wrong, and the sentence that says so."""

    place: int
    part: str
    sentence: str


# Asked of each row of an import, and the same few times come again and again.
@lru_cache(maxsize=1024)
def is_skipped(day: date, at: time, zone: str) -> bool:
    """Whether clocks never show this time that day, because they are put forward over it."""
    local = datetime.combine(day, at, ZoneInfo(zone))
    back = local.astimezone(UTC).astimezone(ZoneInfo(zone))
    return back.replace(tzinfo=None) != local.replace(tzinfo=None)


def comes_twice(day: date, at: time, zone: str) -> bool:
    """Whether clocks show this time twice that day, because they are put back over it."""
    first = datetime.combine(day, at, ZoneInfo(zone))
    second = first.replace(fold=1)
    return first.utcoffset() != second.utcoffset() and not is_skipped(day, at, zone)


def problems(days: Sequence[Day], zone: str) -> list[Problem]:
    """All that cannot be about these days, in their order; no day at all is a problem of the first."""
    if not days:
        return [Problem(0, "date", "An event has at least one day")]
    found: list[Problem] = []
    for place, day in enumerate(days):
        if any(day.date == other.date for other in days[:place]):
            found.append(Problem(place, "date", f"{weekday_date(day.date)} is here twice: each day can be there once"))
        found += [Problem(place, part, sentence) for part, sentence in _hours_problems(day, zone)]
    first, last = min(day.date for day in days), max(day.date for day in days)
    if (last - first).days > LONGEST:
        latest = next(place for place, day in enumerate(days) if day.date == last)
        found.append(Problem(latest, "date", "The days lie more than a year apart: make an event of each"))
    if len(days) > MOST_DAYS:
        found.append(Problem(len(days) - 1, "date", f"An event has at most {MOST_DAYS} days"))
    return found


def _hours_problems(day: Day, zone: str) -> Iterable[tuple[str, str]]:
    if day.starts is None and day.ends is not None:
        yield "starts", "Enter when the day starts, or leave both times empty"
    elif day.starts is not None and day.ends is None:
        yield "ends", "Enter when the day ends, or leave both times empty"
    elif day.starts is not None and day.ends is not None and day.ends <= day.starts:
        yield (
            "ends",
            (
                f"{weekday_date(day.date)} must end after it starts. If it goes on past midnight, end it at 11:59pm "
                "and add the next day for what follows"
            ),
        )
    for part, at in (("starts", day.starts), ("ends", day.ends)):
        if at is not None and is_skipped(day.date, at, zone):
            on, when = weekday_date(day.date), british_time(at)
            yield part, f"On {on} the clocks go forward, and there is no {when}: choose another time"


def notes(days: Iterable[Day], zone: str) -> list[str]:
    """What people should know about these hours though they can be: times that come twice that day."""
    return [
        f"On {weekday_date(day.date)} the clocks go back, and {british_time(at)} comes twice. We take the first."
        for day in days
        for at in (day.starts, day.ends)
        if at is not None and comes_twice(day.date, at, zone)
    ]


def outside_hours(event: Event, sessions: Iterable[Timed]) -> list[str]:
    """Which sessions begin before their day does or end after it, each in a sentence; days must be loaded."""
    days = {day.id: day for day in event.days}
    found = []
    for one in sessions:
        day = days.get(one.day_id)
        if day is None or day.starts is None or day.ends is None or one.starts is None or one.ends is None:
            continue
        if one.starts < day.starts or one.ends > day.ends:
            hours = f"{british_time(one.starts)} to {british_time(one.ends)}"
            found.append(f"“{one.title}” ({hours}) lies outside the hours of {weekday_date(day.date)}")
    return found
