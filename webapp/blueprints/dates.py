"""The fields that take dates, times and numbers as people type them."""

import re
from datetime import date, time
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.datastructures import MultiDict
from wtforms import Field, IntegerField
from wtforms.validators import StopValidation

from webapp.folding import clean_line
from webapp.formats.typed import british_day, clock_time, partial_day
from webapp.templating import british_date, british_time

LONGEST = 40
# More than any place of England holds, and any meeting online.
MOST_PLACES = 100_000
FIRST_YEAR, LAST_YEAR = 2000, 2099
FIRST_PRINTED = 1800
_WHOLE = re.compile(r"[0-9]+|[0-9]{1,3}(,[0-9]{3})+")


class _TypedField(Field):
    """One line that is read as something: `data` holds it, and what was typed is shown again as it was."""

    widget = GovTextInput()
    data: Any
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
    """A date of this programme's time; another century is a slip of the fingers."""

    example = "a real date, like 14 June 2027"

    def pre_validate(self, _form: Any) -> None:
        """Refuse a year in which no event can be."""
        if isinstance(self.data, date) and not FIRST_YEAR <= self.data.year <= LAST_YEAR:
            label = self.label.text.removesuffix(" (optional)")
            year = self.data.year
            raise StopValidation(f"{label}: check the year {year}. It must be from {FIRST_YEAR} to {LAST_YEAR}")

    def read(self, text: str) -> date:
        """The date that was typed."""
        return british_day(text)

    def shown(self, value: date) -> str:
        """A date as "14 June 2027"."""
        return british_date(value)


class PartialDayField(_TypedField):
    """A date of which the day, or day and month, may be unknown."""

    example = "a real date, month or year, like 14 June 2022, June 2022 or 2022"

    def read_parts(self, text: str) -> tuple[date, int]:
        """The first day that was meant, and how many parts of it were given; another century is a slip."""
        on, parts = partial_day(text)
        if not FIRST_PRINTED <= on.year <= LAST_YEAR:
            raise ValueError(text)
        return on, parts


class Span:
    """The days "from" and "to" in an address. What cannot be understood is named in `errors` and left out."""

    def __init__(self, args: MultiDict[str, str]) -> None:
        self.errors: dict[str, str] = {}
        self.from_text = clean_line(args.get("from", ""))[:20]
        self.to_text = clean_line(args.get("to", ""))[:20]
        self.from_on = self._read("from", self.from_text)
        self.to_on = self._read("to", self.to_text)
        if self.from_on and self.to_on and self.to_on < self.from_on:
            self.errors["to"] = "“To” must be the same as or after “From”"
            self.to_on = None

    def _read(self, name: str, text: str) -> date | None:
        if not text:
            return None
        try:
            return british_day(text)
        except (ValueError, OverflowError):
            self.errors[name] = f"“{name.capitalize()}” must be a real date, like 14 June 2027"
            return None


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
    """A whole number from `least` to `most`; empty is None."""

    widget = GovTextInput()

    def __init__(self, label: str, *, least: int = 1, most: int, **more: Any) -> None:
        super().__init__(label, **more)
        self.least = least
        self.most = most

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; an empty line is None."""
        text = clean_line(valuelist[0]) if valuelist else ""
        self.data = None
        if not text:
            return
        digits = text.replace(",", "").lstrip("0") or "0"
        # Longer than the largest there may be: it is not even read, since reading 5,000 digits takes its time.
        if _WHOLE.fullmatch(text) and len(digits) <= len(str(self.most)) and self.least <= int(digits) <= self.most:
            self.data = int(digits)
            return
        what = self.label.text.removesuffix(" (optional)")
        raise ValueError(f"{what} must be a whole number from {self.least} to {self.most:,}")


class Typed:
    """Refuses an empty line; what cannot be understood has been refused in its own words."""

    field_flags: dict[str, Any] = {}  # noqa: RUF012 -- read by WTForms; the browser's own bubbles are not wanted

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Any) -> None:
        if field.data is None and not field.process_errors:
            raise StopValidation(self.message)
