"""How many were there, as it is kept: by sector and by organisation, on each day and on any."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, literal, select, union, union_all

from webapp.extensions import db
from webapp.models.attendance import ALL_DAYS, AttendanceTally, Counted
from webapp.models.registrations import RegistrationState, RegistrationTally

_HERE = (Counted.CAME, Counted.IN_PART)


@dataclass(frozen=True)
class Tallied:
    """How many have a place, by sector or by organisation; and what is counted of those who were there, by day too."""

    placed: Mapping[str, int]
    there: Mapping[tuple[int, str, Counted], int]

    @property
    def values(self) -> list[str]:
        """The sectors or organisations of which anybody has a place or was there."""
        return sorted(
            {value for value, number in self.placed.items() if number} | {value for _, value, _ in self.there}
        )

    def count(self, what: Counted, day_id: int, value: str = "") -> int:
        """How many of one sector or organisation are counted so on a day; of all, without one."""
        if value:
            return self.there.get((day_id, value, what), 0)
        return sum(number for (day, _, counted), number in self.there.items() if (day, counted) == (day_id, what))

    def registered(self, value: str = "") -> int:
        """How many have a place or were there without one."""
        placed = self.placed.get(value, 0) if value else sum(self.placed.values())
        return placed + self.count(Counted.WITHOUT_PLACE, ALL_DAYS, value)


def tallied_by_sector(event_id: int) -> Tallied:
    """What is counted by sector."""
    return _tallied(event_id, "sector", None)


def tallied_by_organisation(event_id: int, names: Sequence[str] | None = None) -> Tallied:
    """What is counted by organisation, of these or of all."""
    return _tallied(event_id, "organisation", names)


def largest_organisations(event_id: int, *, number: int) -> tuple[list[str], int]:
    """Organisations among which are those of most people who have a place or were there; and how many there are."""
    kept, there = RegistrationTally, AttendanceTally
    placed = kept.event_id == event_id, kept.dimension == "organisation", kept.state == RegistrationState.CONFIRMED
    without = (
        there.event_id == event_id,
        there.day_id == ALL_DAYS,
        there.dimension == "organisation",
        there.what == Counted.WITHOUT_PLACE,
    )
    # Few were there without a place, so the largest are among those with most places, or those of these few.
    largest = select(kept.value).where(*placed, kept.count > 0).order_by(kept.count.desc(), kept.value).limit(number)
    others = select(there.value).where(*without, there.count > 0)
    names = list(db.session.scalars(union(select(largest.subquery()), others)))
    several = union(select(kept.value).where(*placed, kept.count > 0), others).subquery()
    total = db.session.scalar(select(func.count()).select_from(several)) or 0
    return names, total


def count_here_by_day(event_id: int) -> dict[int, int]:
    """How many people were there on each day in any way, by the day's id."""
    kept = AttendanceTally
    statement = select(kept.day_id, func.sum(kept.count)).where(
        kept.event_id == event_id, kept.day_id != ALL_DAYS, kept.dimension == "sector", kept.what.in_(_HERE)
    )
    return {day: int(number) for day, number in db.session.execute(statement.group_by(kept.day_id))}


def count_checked_in(event_id: int, day_id: int) -> tuple[int, int]:
    """How many people were checked in on a day, and how many of them have a place."""
    kept = AttendanceTally
    statement = select(kept.what, func.sum(kept.count)).where(
        kept.event_id == event_id,
        kept.day_id == day_id,
        kept.dimension == "sector",
        kept.what.in_((Counted.CHECKED_IN, Counted.CHECKED_IN_WITHOUT_PLACE)),
    )
    found = {what: int(number) for what, number in db.session.execute(statement.group_by(kept.what))}
    here = found.get(Counted.CHECKED_IN, 0)
    return here, here - found.get(Counted.CHECKED_IN_WITHOUT_PLACE, 0)


def _tallied(event_id: int, dimension: str, names: Sequence[str] | None) -> Tallied:
    kept, there = RegistrationTally, AttendanceTally
    of_places = select(literal(ALL_DAYS), kept.value, literal(None, there.what.type), kept.count).where(
        kept.event_id == event_id,
        kept.dimension == dimension,
        kept.state == RegistrationState.CONFIRMED,
        kept.count > 0,
    )
    of_those = select(there.day_id, there.value, there.what, there.count).where(
        there.event_id == event_id, there.dimension == dimension, there.count > 0
    )
    if names is not None:
        of_places, of_those = of_places.where(kept.value.in_(names)), of_those.where(there.value.in_(names))
    placed: Counter[str] = Counter()
    counts: dict[tuple[int, str, Counted], int] = {}
    for day, value, what, number in db.session.execute(union_all(of_places, of_those)):
        if what is None:
            placed[value] += number
        else:
            counts[day, value, what] = number
    return Tallied(placed, counts)
