"""Spans of time of which the day, or the day and month, may be unknown: when a wave runs, and what comes in it."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from webapp.models.library import Dating, Precision

NOT_KNOWN = "Dates not known"


class Standing(StrEnum):
    """How something that takes time stands on a day."""

    UNKNOWN = "unknown"
    TO_COME = "to_come"
    BEGUN = "begun"
    NOW = "now"
    OVER = "over"

    @property
    def label(self) -> str:
        return {"unknown": "Not known", "to_come": "To come", "now": "Under way"}.get(self, self.capitalize())


@dataclass(frozen=True)
class Span:
    """From one day, month or year to another, as they are stored: by the first day that each may be."""

    starts_on: date | None
    ends_on: date | None
    precision: Precision

    @property
    def first(self) -> date | None:
        """The first day that it may have begun on."""
        return self.starts_on

    @property
    def last(self) -> date | None:
        """The last day that it may end on."""
        return None if self.ends_on is None else last_of(self.ends_on, self.precision)

    @property
    def is_point(self) -> bool:
        """Whether it begins and ends on the same day, in the same month or year."""
        return self.starts_on is not None and self.starts_on == self.ends_on

    def __str__(self) -> str:
        starts = Dating(self.starts_on, self.precision) if self.starts_on else None
        ends = Dating(self.ends_on, self.precision) if self.ends_on else None
        if starts is None:
            return f"Until {ends}" if ends else NOT_KNOWN
        if ends is None:
            return f"From {starts}"
        if starts == ends:
            return str(ends)
        same_year = starts.on.year == ends.on.year
        return f"{str(starts).removesuffix(f' {starts.on.year}') if same_year else starts} to {ends}"

    def standing(self, today: date) -> Standing:
        """How it stands on a day, so far as its dates tell."""
        if self.last is not None and self.last < today:
            return Standing.OVER
        if self.first is None:
            return Standing.UNKNOWN
        if self.first > today:
            return Standing.TO_COME
        # What has no end that is known may be over long since.
        return Standing.BEGUN if self.last is None else Standing.NOW

    @property
    def turns(self) -> list[date]:
        """The days from which on it stands otherwise than on the day before."""
        return [day for day in (self.first, self.last and self.last + timedelta(days=1)) if day is not None]


def last_of(day: date, precision: Precision) -> date:
    """The last day of the day, month or year that begins on a day."""
    if precision is Precision.YEAR:
        return day.replace(month=12, day=31)
    return day.replace(day=monthrange(day.year, day.month)[1]) if precision is Precision.MONTH else day
