"""Reads the moments and durations of reports, which are written as the reader's computer writes them.

6/5/2022 is May in one country and June in another. Which is meant is told from all dates of a report together, and
refused where it cannot be told: a guess would put people into another day without a word.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from webapp.formats.attendance.people import Stay, UnreadableReportError

_CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:\.\d+)?)?(?:\s*(?P<half>[ap])\.?m\.?)?"
_NUMBERS = re.compile(
    rf"(?P<first>\d{{1,2}})(?P<sign>[/.\-])(?P<other>\d{{1,2}})(?P=sign)(?P<year>\d{{4}}|\d{{2}}),?\s+{_CLOCK}"
)
_ISO = re.compile(rf"(?P<year>\d{{4}})[-/](?P<month>\d{{1,2}})[-/](?P<day>\d{{1,2}})(?:T|,?\s+){_CLOCK}", re.IGNORECASE)
_WORDED = re.compile(
    rf"(?:[a-z]+,\s*)?(?:(?P<day>\d{{1,2}})\s+(?P<word>[a-z]{{3,9}})\.?|(?P<word2>[a-z]{{3,9}})\.?\s+(?P<day2>\d{{1,2}})),?"
    rf"\s+(?P<year>\d{{4}}),?\s+(?:at\s+)?{_CLOCK}"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CENTURY = 2000
# A meeting does not last longer, and a month read for a day puts its ends further apart.
_LONGEST = timedelta(days=7)
_WORDS = re.compile(
    r"(?:(?P<hours>\d{1,4})\s*h(?:rs?|ours?)?\.?)?\s*,?\s*(?:(?P<minutes>\d{1,5})\s*m(?:ins?|inutes?)?\.?)?\s*,?\s*"
    r"(?:(?P<seconds>\d{1,6})\s*s(?:ecs?|econds?)?\.?)?"
)
_COLONS = re.compile(r"(?P<hours>\d{1,3}):(?P<minutes>[0-5]\d):(?P<seconds>[0-5]\d)")
_PLAIN = re.compile(r"\d{1,5}(?:\.\d{1,4})?")


class Order(Enum):
    """Which of the two numbers in 6/5/2022 is the day."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


@dataclass(frozen=True)
class Moments:
    """Reads the moments and stays of one report."""

    order: Order

    def read(self, text: str) -> datetime | None:
        """Give the local time that a text says, or None where it says none."""
        text = " ".join(text.lower().split())
        try:
            if match := _ISO.fullmatch(text):
                return _moment(match, int(match["year"]), int(match["month"]), int(match["day"]))
            if match := _NUMBERS.fullmatch(text):
                return _ordered(match, self.order)
            if match := _WORDED.fullmatch(text):
                month = _MONTHS.index((match["word"] or match["word2"])[:3]) + 1
                return _moment(match, int(match["year"]), month, int(match["day"] or match["day2"]))
        except ValueError:
            return None
        return None

    def stay(self, joined: str, left: str, minutes: float | None) -> Stay | None:
        """Give the stay between two moments, either of them or both by the minutes where it is not told, or None.

        None is also for somebody who left before they joined.
        """
        begin, end = self.read(joined), self.read(left)
        if begin is None and end is None:
            return None if minutes is None else Stay(None, None, minutes)
        if minutes is not None:
            begin, end = begin or _shifted(end, -minutes), end or _shifted(begin, minutes)
        if begin is None or end is None or end < begin:
            return None
        return Stay(begin, end, (end - begin).total_seconds() / 60)


def moments_of(texts: Iterable[str], *, expected: date | None) -> Moments:
    """Give the reader for a report in which these texts stand where moments are expected.

    Tells the order of day and month by a number over 12, by the length of the meeting that either order would give, by
    the day on which the meeting was expected, and by a clock of twelve hours. Raises UnreadableReportError where all of
    that leaves two readings, or no reading.
    """
    matches = [match for match in (_NUMBERS.fullmatch(" ".join(text.lower().split())) for text in texts) if match]
    # Dates with dots are day first everywhere, and those with two numbers alike are the same either way.
    # What is a date in neither order says nothing; its line will be told as unread.
    open_ones = [
        match
        for match in matches
        if match["sign"] != "." and int(match["first"]) != int(match["other"])
        if any(_exists(match, order) for order in Order)
    ]
    if not open_ones:
        return Moments(Order.DAY_FIRST)
    possible = [order for order in Order if all(_exists(match, order) for match in open_ones)]
    if not possible:
        raise UnreadableReportError(
            "The dates in this report contradict one another: some have the day first and some the month. "
            "Download the report again and upload it as it is."
        )
    readings = {order: _readings(open_ones, order) for order in possible}
    for narrowing in (_short_enough, lambda reading: _has_day(reading, expected)):
        if len(possible) > 1:
            possible = [order for order in possible if narrowing(readings[order])] or possible
    if len(possible) > 1 and any(match["half"] for match in open_ones):
        possible = [Order.MONTH_FIRST]
    if len(possible) > 1:
        raise UnreadableReportError(_doubt(readings, expected))
    return Moments(possible[0])


def seconds_in(text: str) -> float | None:
    """Give the seconds of a duration such as `1h 2m 3s`, `2 min` or `01:02:03`, or None where it is none."""
    text = " ".join(text.lower().split())
    match = _COLONS.fullmatch(text) or _WORDS.fullmatch(text)
    if not match or not any(match.groups()):
        return None
    hours, minutes, seconds = (int(match[part] or 0) for part in ("hours", "minutes", "seconds"))
    return float(hours * 3600 + minutes * 60 + seconds)


def minutes_in(text: str) -> float | None:
    """Give the minutes of a number of minutes, or of a duration with its units, or None where it is neither."""
    if _PLAIN.fullmatch(text):
        return float(text)
    seconds = seconds_in(text)
    return None if seconds is None else seconds / 60


def _readings(matches: list[re.Match[str]], order: Order) -> list[datetime]:
    found = []
    for match in matches:
        with suppress(ValueError):
            found.append(_ordered(match, order))
    return found


def _ordered(match: re.Match[str], order: Order) -> datetime:
    first, other = int(match["first"]), int(match["other"])
    day, month = (first, other) if order is Order.DAY_FIRST or match["sign"] == "." else (other, first)
    year = int(match["year"])
    return _moment(match, year if year > 99 else _CENTURY + year, month, day)


def _exists(match: re.Match[str], order: Order) -> bool:
    """Whether there is such a month and day; a wrong time of day says nothing about the order."""
    first, other = int(match["first"]), int(match["other"])
    day, month = (first, other) if order is Order.DAY_FIRST else (other, first)
    return 1 <= month <= 12 and 1 <= day <= 31


def _moment(match: re.Match[str], year: int, month: int, day: int) -> datetime:
    """Give the moment. Raises ValueError for one that does not exist."""
    hour, half = int(match["hour"]), match["half"]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if half == "p" else 0)
    return datetime(year, month, day, hour, int(match["minute"]), int(match["second"] or 0))  # noqa: DTZ001 -- as in the file


def _shifted(moment: datetime | None, minutes: float) -> datetime | None:
    try:
        return None if moment is None else moment + timedelta(minutes=minutes)
    except OverflowError:
        return None


def _short_enough(moments: list[datetime]) -> bool:
    return not moments or max(moments) - min(moments) <= _LONGEST


def _has_day(moments: list[datetime], expected: date | None) -> bool:
    return any(moment.date() == expected for moment in moments)


def _doubt(readings: dict[Order, list[datetime]], expected: date | None) -> str:
    days = [f"{reading[0].day} {reading[0]:%B %Y}" for reading in readings.values() if reading]
    neither = " and neither is the day of the event" if expected else ""
    return (
        f"It cannot be told whether the dates in this report mean {' or '.join(days)},{neither} "
        "since day and month are both under 13. Say on which day the meeting was and upload it again."
    )
