"""Dates as people type them."""

from collections.abc import Sequence
from datetime import date

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


def british_day(text: str) -> date:
    """A date as browsers send it (2027-06-14) or as people type it (14 6 2027, 14/6/2027, 14 June 2027).

    Raises ValueError or OverflowError for what is none.
    """
    parts: Sequence[str] = text.replace("/", " ").replace("-", " ").replace(".", " ").replace(",", " ").split()
    if len(parts) != 3:
        raise ValueError(text)
    numbers = [_number(part) for part in parts]
    year, month, day = numbers if len(parts[0]) == 4 else reversed(numbers)
    return date(year, month, day)


def _number(part: str) -> int:
    """A number, or that of a month by its name or the first three letters of it or more."""
    name = part.lower()
    known = [number for number, month in enumerate(MONTHS, start=1) if len(name) > 2 and month.startswith(name)]
    return known[0] if known else int(part)
