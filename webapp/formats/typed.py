"""Dates and times as people type them, read as such."""

import re
from collections.abc import Sequence
from datetime import date, time

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_WEEKDAYS = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
_CLOCK = re.compile(r"(\d{1,2})(?:[:.]?([0-5]\d))?\s*(am|pm)?", re.ASCII)
_WORDS = {"midday": time(12), "noon": time(12), "midnight": time(0)}


def british_day(text: str) -> date:
    """A date as browsers send it (2027-06-14) or as people type it (14 6 2027, 14/6/2027, Monday 14 June 2027).

    Raises ValueError or OverflowError for what is none.
    """
    parts = _parts(text)
    if len(parts) == 4 and _is_weekday(parts[0]):
        parts = parts[1:]
    if len(parts) != 3:
        raise ValueError(text)
    numbers = [_number(part) for part in parts]
    year, month, day = numbers if len(parts[0]) == 4 else reversed(numbers)
    return date(year, month, day)


def partial_day(text: str) -> tuple[date, int]:
    """A day, month or year as people type it (14 June 2022, June 2022, 06/2022, 2022), as the first day of it.

    Gives how many parts were there too: 3, 2 or 1. Raises ValueError or OverflowError for what is none.
    """
    parts = _parts(text)
    if len(parts) > 2:
        return british_day(text), 3
    if len(parts) == 2 and _is_year(parts[0]):
        parts = parts[::-1]
    if not parts or not _is_year(parts[-1]):
        raise ValueError(text)
    return date(int(parts[-1]), _number(parts[0]) if len(parts) == 2 else 1, 1), len(parts)


def clock_time(text: str) -> time:
    """A time as people type it (9:30, 9.30am, 0930, 14:00, 2pm, midday); raises ValueError for what is none."""
    plain = text.lower().replace("a.m.", "am").replace("p.m.", "pm")
    if plain in _WORDS:
        return _WORDS[plain]
    found = _CLOCK.fullmatch(plain)
    if found is None:
        raise ValueError(text)
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half is None:
        return time(hour, minute)
    if not 1 <= hour <= 12:
        raise ValueError(text)
    return time(hour % 12 + (12 if half == "pm" else 0), minute)


def _parts(text: str) -> Sequence[str]:
    return text.replace("/", " ").replace("-", " ").replace(".", " ").replace(",", " ").split()


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isascii() and word.isdigit()


def _is_weekday(word: str) -> bool:
    return len(word) > 2 and any(name.startswith(word.lower()) for name in _WEEKDAYS)


def _number(part: str) -> int:
    """A number, or that of a month by its name or the first three letters of it or more."""
    name = part.lower()
    known = [number for number, month in enumerate(MONTHS, start=1) if len(name) > 2 and month.startswith(name)]
    return known[0] if known else int(part)
