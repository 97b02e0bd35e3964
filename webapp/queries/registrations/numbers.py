"""What an organiser asks for in an event's registrations, and how many there are of it: read from what is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import literal, select, union_all

from webapp.extensions import db
from webapp.models.events import Mode
from webapp.models.organisations import Sector
from webapp.models.registrations import RegistrationState, RegistrationTally
from webapp.queries.registrations.criteria import Criterion, criteria, ranked, registered_between

LARGEST = 15


class Sort(StrEnum):
    """The orders in which an organiser may read registrations."""

    ARRIVAL = "arrival"
    NAME = "name"
    ORGANISATION = "organisation"


@dataclass(frozen=True, kw_only=True)
class RegistrationFilter:
    """Which of an event's registrations, and in which order.

    The days, both included, are those on which people registered, in the zone.
    """

    text: str = ""
    state: RegistrationState | None = None
    sector: Sector | None = None
    mode: Mode | None = None
    organisation: str = ""
    tag: str = ""
    first_day: date | None = None
    last_day: date | None = None
    zone: str = ""
    sort: Sort = Sort.ARRIVAL
    descending: bool = False

    @property
    def is_searched(self) -> bool:
        """Whether it asks for more than a state and a sector, by which alone all are counted."""
        return bool(self.text or self.mode or self.organisation or self.tag or self.is_of_days)

    @property
    def is_of_days(self) -> bool:
        """Whether it asks for those who registered on some days."""
        return bool(self.first_day or self.last_day)

    @property
    def groups(self) -> list[tuple[RegistrationState, Sector]]:
        """The pairs of state and sector that it asks for."""
        states = [self.state] if self.state else list(RegistrationState)
        sectors = [self.sector] if self.sector else list(Sector)
        return [(state, sector) for state in states for sector in sectors]


@dataclass(frozen=True)
class Numbers:
    """How many registrations an event has of each state and sector, and where most in one state come from.

    Of all else that is searched for, how many registrations meet it, rarest first: up to 1,001. Nothing is searched
    for by a text without a letter or digit, and nothing found.
    """

    counts: Mapping[tuple[RegistrationState, Sector], int]
    organisations: Sequence[tuple[str, int]]
    criteria: Sequence[Criterion]
    rarest: int

    def total(self, wanted: RegistrationFilter) -> int:
        """How many a filter finds by its state and sector."""
        return sum(self.counts.get(group, 0) for group in wanted.groups)

    @property
    def by_state(self) -> list[tuple[RegistrationState, int]]:
        """How many are in each state, for the states that any is in."""
        sums = [(state, self.total(RegistrationFilter(state=state))) for state in RegistrationState]
        return [(state, number) for state, number in sums if number]

    def by_sector(self, state: RegistrationState) -> list[tuple[str, int]]:
        """How many in a state are of each sector, by its label, largest first."""
        of_state = [(sector.label, number) for (one, sector), number in self.counts.items() if one is state]
        return sorted(of_state, key=lambda pair: (-pair[1], pair[0]))


def get_numbers(event_id: int, wanted: RegistrationFilter) -> Numbers:
    """What the page of an event's registrations counts, by one query.

    The organisations are those of the state wanted, or of confirmed places; 15, and one more if there are more.
    """
    state = wanted.state or RegistrationState.CONFIRMED
    kept = RegistrationTally
    columns = (kept.dimension, kept.value, kept.state, kept.count)
    of_groups = select(*columns).where(kept.event_id == event_id, kept.dimension == "sector", kept.count > 0)
    largest = (
        select(*columns)
        .where(kept.event_id == event_id, kept.dimension == "organisation", kept.state == state, kept.count > 0)
        .order_by(kept.count.desc(), kept.value)
        .limit(LARGEST + 1)
        .subquery()
    )
    asked = _criteria(event_id, wanted)
    met = [
        select(
            literal("criterion"), literal(str(place)), literal(state, kept.state.type), one.counted.scalar_subquery()
        )
        for place, one in enumerate(asked)
    ]
    counts, organisations, counted = {}, [], []
    for dimension, value, of_state, count in db.session.execute(union_all(of_groups, select(largest), *met)):
        if dimension == "sector":
            counts[of_state, Sector(value)] = count
        elif dimension == "organisation":
            organisations.append((value, count))
        else:
            counted.append((asked[int(value)], count))
    return Numbers(
        counts=counts,
        organisations=sorted(organisations, key=lambda pair: (-pair[1], pair[0])),
        criteria=ranked(counted),
        rarest=min((count for _, count in counted), default=0),
    )


def _criteria(event_id: int, wanted: RegistrationFilter) -> list[Criterion]:
    asked = criteria(
        event_id,
        text=wanted.text,
        tag=wanted.tag,
        organisation=wanted.organisation,
        mode=wanted.mode,
        state=wanted.state,
    )
    if wanted.is_of_days:
        asked.append(registered_between(event_id, wanted.first_day, wanted.last_day, wanted.zone))
    wordless = wanted.text and not any(one.name.startswith("word") for one in asked)
    return [] if wordless else asked
