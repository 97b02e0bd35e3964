"""Dates and times as people type them, and the fields that take them."""

import re
from collections.abc import Sequence
from datetime import date, time
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import Field, IntegerField
from wtforms.validators import StopValidation

from webapp.folding import clean_line
from webapp.templating import british_date, british_time

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_WEEKDAYS = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
_CLOCK = re.compile(r"(\d{1,2})(?:[:.]?([0-5]\d))?\s*(am|pm)?", re.ASCII)
_WORDS = {"midday": time(12), "noon": time(12), "midnight": time(0)}
LONGEST = 40


def british_day(text: str) -> date:
    """A date as browsers send it (2027-06-14) or as people type it (14 6 2027, 14/6/2027, Monday 14 June 2027).

    Raises ValueError or OverflowError for what is none.
    """
    parts: Sequence[str] = text.replace("/", " ").replace("-", " ").replace(".", " ").replace(",", " ").split()
    if len(parts) == 4 and _is_weekday(parts[0]):
        parts = parts[1:]
    if len(parts) != 3:
        raise ValueError(text)
    numbers = [_number(part) for part in parts]
    year, month, day = numbers if len(parts[0]) == 4 else reversed(numbers)
    return date(year, month, day)


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


def _is_weekday(word: str) -> bool:
    return len(word) > 2 and any(name.startswith(word.lower()) for name in _WEEKDAYS)


def _number(part: str) -> int:
    """A number, or that of a month by its name or the first three letters of it or more."""
    name = part.lower()
    known = [number for number, month in enumerate(MONTHS, start=1) if len(name) > 2 and month.startswith(name)]
    return known[0] if known else int(part)


class _TypedField(Field):
    """One line that is read as something: `data` holds it, and what was typed is shown again as it was."""

    widget = GovTextInput()
    what = ""
    example = ""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])[:LONGEST]
        return "" if self.data is None else self.shown(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; an empty line is None."""
        text = clean_line(valuelist[0])[:LONGEST] if valuelist else ""
        self.data = None
        if text:
            try:
                self.data = self.read(text)
            except (ValueError, OverflowError) as error:
                raise ValueError(f"{self.label.text.removesuffix(' (optional)')} must be {self.example}") from error

    def read(self, text: str) -> Any:
        """What was typed, as a value; raises ValueError or OverflowError."""
        raise NotImplementedError

    def shown(self, value: Any) -> str:
        """A value, as it would be typed."""
        raise NotImplementedError


class DayField(_TypedField):
    """A date."""

    example = "a real date, like 14 June 2027"

    def read(self, text: str) -> date:
        """The date that was typed."""
        return british_day(text)

    def shown(self, value: date) -> str:
        """A date as "14 June 2027"."""
        return british_date(value)


class ClockField(_TypedField):
    """A time of day."""

    example = "a time, like 9:30am or 14:00"

    def read(self, text: str) -> time:
        """The time that was typed."""
        return clock_time(text)

    def shown(self, value: time) -> str:
        """A time as "9:30am"."""
        return british_time(value)


class NumberField(IntegerField):
    """A whole number; empty is None."""

    widget = GovTextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; an empty line is None."""
        text = clean_line(valuelist[0]).replace(",", "") if valuelist else ""
        self.data = None
        if text:
            if not (text.isascii() and text.isdigit() and len(text) < 8):
                raise ValueError(f"{self.label.text.removesuffix(' (optional)')} must be a whole number, like 120")
            self.data = int(text)


class Typed:
    """Refuses an empty line; what cannot be understood has been refused in its own words."""

    field_flags: dict[str, Any] = {}  # noqa: RUF012 -- read by WTForms; the browser's own bubbles are not wanted

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Any) -> None:
        if field.data is None and not field.process_errors:
            raise StopValidation(self.message)
