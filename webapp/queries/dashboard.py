"""How an event stands in numbers: registrations over time, by state, sector, organisation and way of taking part."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select

from webapp.extensions import db
from webapp.models.areas import Area
from webapp.models.events import Event, EventDay, Places, moment
from webapp.models.organisations import Sector
from webapp.models.registrations import RegistrationState, RegistrationTally
from webapp.queries.attendance import count_here_by_day
from webapp.queries.by_area import count_places_by_area

LARGEST = 10
# More rows than this and days become weeks, weeks become months.
MOST_ROWS = 31


@dataclass(frozen=True)
class Period:
    """The registrations that came in between two days, both included, and all up to then."""

    first: date
    last: date
    number: int
    so_far: int


@dataclass(frozen=True)
class DayNumbers:
    """One day of the event: how many had a place, and how many were there; None for a day that has not begun."""

    day: EventDay
    registered: int
    here: int | None

    @property
    def share(self) -> int:
        """Those who were there, in hundredths of those with a place."""
        return round(100 * (self.here or 0) / self.registered) if self.registered else 0


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    """The numbers of an event; sectors, organisations and ways of taking part are those of confirmed places."""

    total: int
    by_state: Sequence[tuple[RegistrationState, int]]
    by_sector: Sequence[tuple[Sector, int]]
    # Of areas of the programme, by wave and name, from which anybody has a place.
    by_area: Sequence[tuple[Area, int]]
    organisations: Sequence[tuple[str, int]]
    more_organisations: bool
    by_mode: Sequence[Places]
    over_time: Sequence[Period]
    unit: str
    by_day: Sequence[DayNumbers]

    @property
    def confirmed(self) -> int:
        return sum(number for state, number in self.by_state if state is RegistrationState.CONFIRMED)


def dashboard_of(event: Event, now: datetime) -> Dashboard:
    """The numbers of an event at `now`, by at most six queries; `event` must have its days and places loaded."""
    counts = _by_state_and_sector(event.id)
    states = Counter[RegistrationState]()
    for (state, _), number in counts.items():
        states[state] += number
    sectors = [(sector, number) for (state, sector), number in counts.items() if state is RegistrationState.CONFIRMED]
    organisations = organisations_of(event.id, limit=LARGEST + 1)
    periods, unit = _periods(_by_date(event)) if states else ([], "day")
    here = count_here_by_day(event.id) if any(_begun(event, day, now) for day in event.days) else {}
    confirmed = states[RegistrationState.CONFIRMED]
    return Dashboard(
        total=states.total(),
        by_state=[(state, states[state]) for state in RegistrationState if states[state]],
        by_sector=sorted(sectors, key=lambda pair: (-pair[1], pair[0].label)),
        by_area=count_places_by_area(event.id, event.programme_id) if confirmed else [],
        organisations=organisations[:LARGEST],
        more_organisations=len(organisations) > LARGEST,
        by_mode=event.places,
        over_time=periods,
        unit=unit,
        by_day=[
            DayNumbers(day, confirmed, here.get(day.id, 0) if _begun(event, day, now) else None) for day in event.days
        ],
    )


def organisations_of(event_id: int, *, limit: int | None = None) -> list[tuple[str, int]]:
    """The organisations of people with a place at an event, with how many each, the largest first."""
    kept = RegistrationTally
    statement = select(kept.value, kept.count).where(
        kept.event_id == event_id,
        kept.dimension == "organisation",
        kept.state == RegistrationState.CONFIRMED,
        kept.count > 0,
    )
    rows = db.session.execute(statement.order_by(kept.count.desc(), kept.value).limit(limit))
    return [(name, number) for name, number in rows]


def _by_state_and_sector(event_id: int) -> dict[tuple[RegistrationState, Sector], int]:
    kept = RegistrationTally
    statement = select(kept.state, kept.value, kept.count).where(
        kept.event_id == event_id, kept.dimension == "sector", kept.count > 0
    )
    return {(state, Sector(value)): number for state, value, number in db.session.execute(statement)}


def _by_date(event: Event) -> Mapping[date, int]:
    """How many registered on each day, where the event is: kept by quarters of an hour, and put together here.

    No database of ours knows all zones, and their clocks differ by whole quarters: that of India by half an hour.
    """
    kept = RegistrationTally
    statement = select(kept.value, func.sum(kept.count)).where(
        kept.event_id == event.id, kept.dimension == "quarter_hour", kept.count > 0
    )
    found = Counter[date]()
    for quarter, number in db.session.execute(statement.group_by(kept.value)):
        moment_of = datetime.fromisoformat(quarter).replace(tzinfo=UTC)
        found[moment_of.astimezone(event.timezone).date()] += int(number)
    return found


def _periods(by_date: Mapping[date, int]) -> tuple[list[Period], str]:
    """The days in a row, or weeks or months where there would be too many; with what each is called."""
    first, last = min(by_date), max(by_date)
    days = (last - first).days + 1
    unit = "day" if days <= MOST_ROWS else "week" if days <= MOST_ROWS * 7 else "month"
    found: list[Period] = []
    so_far, begins = 0, _begin(first, unit)
    while begins <= last:
        after = _begin(begins + timedelta(days={"day": 1, "week": 7, "month": 31}[unit]), unit)
        number = sum(by_date.get(begins + timedelta(days=n), 0) for n in range((after - begins).days))
        so_far += number
        found.append(Period(begins, after - timedelta(days=1), number, so_far))
        begins = after
    return found, unit


def _begin(day: date, unit: str) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day


def _begun(event: Event, day: EventDay, now: datetime) -> bool:
    return now >= moment(day.date, day.starts, event.zone)
