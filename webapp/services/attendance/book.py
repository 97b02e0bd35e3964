"""Who took part, by day: check-ins and the minutes of all reports put together, against the registrations."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from webapp.formats.attendance import Stay, merged_minutes
from webapp.formats.spreadsheets import Cell
from webapp.models.attendance import ALL_DAYS, AttendanceReport, Came, CheckIn, Counted
from webapp.models.events import Event, EventDay, Mode, moment
from webapp.models.organisations import Sector
from webapp.models.registrations import RegistrationState
from webapp.queries import attendance as queries
from webapp.queries.attendance import Tallied, Those
from webapp.queries.paging import Page
from webapp.services.presences import stays_of

Key = tuple[int, int]


@dataclass(frozen=True)
class Line:
    """One registration, and whether they came to each day, by the day's id."""

    id: int
    public_id: str
    name: str
    email: str
    organisation: str
    sector: Sector
    mode: Mode
    state: RegistrationState
    came: Mapping[int, Came]

    def on(self, day_id: int | None) -> Came:
        """Whether they came to this day; without one, the best of all: who came to one of them came."""
        return self.came[day_id] if day_id else _best(tuple(self.came.values()))


@dataclass
class Sources:
    """Where a figure comes from: the check-in, and each report with the minutes it gives."""

    check_in: CheckIn | None = None
    reports: list[tuple[AttendanceReport, int]] = field(default_factory=list)
    minutes: int = 0


@dataclass(frozen=True, kw_only=True)
class AttendanceFilter:
    """Which lines: of those who came so on a day (or on any), with these words, of this sector or organisation."""

    day_id: int | None = None
    came: Came | None = None
    here: bool = False
    text: str = ""
    sector: Sector | None = None
    organisation: str = ""


@dataclass(frozen=True)
class Total:
    """How many of some lines came, came in part, missed it, or have not had the day yet."""

    label: str
    value: str
    counts: Mapping[Came, int]

    @property
    def registered(self) -> int:
        return sum(self.counts.values())

    @property
    def here(self) -> int:
        return self.counts.get(Came.CAME, 0) + self.counts.get(Came.IN_PART, 0)

    @property
    def share(self) -> int:
        """Those who were there at all, in hundredths of those registered."""
        return round(100 * self.here / self.registered) if self.registered else 0


class Attendance:
    """An event's attendance at a moment, as it is counted: totals of all, and the lines that a filter finds."""

    def __init__(self, event: Event, *, now: datetime) -> None:
        """`event` must have its days loaded."""
        self._event = event
        # Whoever was not there at all: by day, and on the whole.
        self._absent = {day.id: Came.MISSED if _has_begun(event, day, now) else Came.NOT_YET for day in event.days}
        self._absent[ALL_DAYS] = absent_from(event, now=now)
        self._sectors = queries.tallied_by_sector(event.id)

    @property
    def registered(self) -> int:
        """How many have a place or were there."""
        return self._sectors.registered()

    def total_of_day(self, day_id: int) -> Total:
        """Everybody counted for one day."""
        return self._total("", str(day_id), self._sectors, day_id, "")

    def by_sector(self, day_id: int | None) -> list[Total]:
        """Everybody counted by sector, for one day or the best of all; the largest first."""
        found = [
            self._total(Sector(value).label, value, self._sectors, day_id or ALL_DAYS, value)
            for value in self._sectors.values
        ]
        return _largest_first(found)

    def by_organisation(self, day_id: int | None, *, limit: int | None) -> tuple[list[Total], int]:
        """The same by organisation, the largest so many or all; with how many there are."""
        names, number = queries.largest_organisations(self._event.id, number=limit) if limit else (None, 0)
        counted = queries.tallied_by_organisation(self._event.id, names)
        found = [self._total(name, name, counted, day_id or ALL_DAYS, name) for name in counted.values]
        return _largest_first(found)[:limit], number or len(found)

    def find(self, wanted: AttendanceFilter, *, page: int) -> Page[Line]:
        """The lines that a filter finds, by surname, 50 a page."""
        found = queries.find_people(self._event.id, self._those(wanted), page=page)
        return Page(self._lines(found.rows), found.number, found.size, found.total, found.more)

    def all(self, wanted: AttendanceFilter) -> list[Line]:
        """The same, all of them."""
        return self._lines(queries.all_people(self._event.id, self._those(wanted)))

    def _lines(self, people: Sequence[queries.Who]) -> list[Line]:
        how = queries.how_they_were([one[0] for one in people])
        days = {day.id: self._absent[day.id] for day in self._event.days}
        return [Line(*one, came=days | how.get(one[0], {})) for one in people]

    def _total(self, label: str, value: str, counted: Tallied, day_id: int, group: str) -> Total:
        came = counted.count(Counted.CAME, day_id, group)
        in_part = counted.count(Counted.IN_PART, day_id, group)
        rest = counted.registered(group) - came - in_part
        counts = {Came.CAME: came, Came.IN_PART: in_part, self._absent[day_id]: rest}
        return Total(label, value, {how: number for how, number in counts.items() if number})

    def _those(self, wanted: AttendanceFilter) -> Those:
        """The filter as queries take it, with what is known of how many it finds."""
        day_id = wanted.day_id or ALL_DAYS
        of_organisation = (
            queries.tallied_by_organisation(self._event.id, [wanted.organisation]) if wanted.organisation else None
        )
        counted, group = (
            (of_organisation, wanted.organisation)
            if of_organisation
            else (self._sectors, wanted.sector.value if wanted.sector else "")
        )
        total = self._total("", "", counted, day_id, group)
        everybody = self.total_of_day(day_id)
        how: tuple[Came, ...] | None = None
        if wanted.here:
            how, total_of, of_how = (Came.CAME, Came.IN_PART), total.here, everybody.here
        elif wanted.came:
            how = (wanted.came,) if wanted.came in {Came.CAME, Came.IN_PART} else ()
            total_of, of_how = total.counts.get(wanted.came, 0), everybody.counts.get(wanted.came, 0)
        else:
            total_of, of_how = total.registered, everybody.registered
        return Those(
            day_id=day_id,
            how=how,
            text=wanted.text,
            sector=wanted.sector,
            organisation=wanted.organisation,
            most=total_of,
            narrowed=bool(wanted.text or (wanted.sector and wanted.organisation)),
            without_place=bool(self._sectors.count(Counted.WITHOUT_PLACE, ALL_DAYS)),
            of_how=of_how if how else None,
            of_organisation=total.registered if of_organisation else None,
        )


def absent_from(event: Event, *, now: datetime) -> Came:
    """What somebody with a place counts as on the whole who was not there: a day missed outweighs one to come."""
    return Came.MISSED if any(_has_begun(event, day, now) for day in event.days) else Came.NOT_YET


def _has_begun(event: Event, day: EventDay, now: datetime) -> bool:
    return now >= moment(day.date, day.starts, event.zone)


def attendance_of(event: Event, *, now: datetime) -> list[Line]:
    """Everybody who has a place at an event or was there, by surname; `event` must have its days loaded."""
    return Attendance(event, now=now).all(AttendanceFilter())


def sources_of(event_id: int, registration_ids: Sequence[int]) -> dict[Key, Sources]:
    """Where the figures of these registrations come from, by registration and day."""
    found: dict[Key, Sources] = {}
    for row in queries.check_ins_of(event_id, registration_ids):
        found.setdefault((row.registration_id, row.day_id), Sources()).check_in = row
    stays: dict[Key, list[Stay]] = {}
    for report, record in queries.lines_of(event_id, registration_ids):
        key = (record.registration_id or 0, report.day_id)
        found.setdefault(key, Sources()).reports.append((report, record.minutes))
        stays.setdefault(key, []).extend(stays_of(record.stays))
    for key, several in stays.items():
        found[key].minutes = merged_minutes(several)
    return found


def _largest_first(totals: Iterable[Total]) -> list[Total]:
    return sorted(totals, key=lambda total: (-total.registered, total.label))


def header(event: Event) -> list[str]:
    """The titles of the columns of the attendance as a file; four for each day."""
    titles = ["Name", "E-mail address", "Organisation", "Sector", "Taking part", "State"]
    for day in event.days:
        titles += [f"{day.date}: {what}" for what in ("came", "checked in at", "checked in how", "minutes")]
    return titles


def rows(event: Event, lines: Sequence[Line]) -> Iterator[list[Cell]]:
    """A row for each line, with the figures by day and where they come from."""
    for first in range(0, len(lines), 500):
        some = lines[first : first + 500]
        sources = sources_of(event.id, [line.id for line in some])
        for line in some:
            cells: list[Cell] = [line.name, line.email, line.organisation, line.sector.label]
            cells += [line.mode.label, line.state.label]
            for day in event.days:
                known = sources.get((line.id, day.id), Sources())
                check_in = known.check_in
                cells += [
                    line.came[day.id].label,
                    check_in.at.astimezone(event.timezone) if check_in else None,
                    check_in.source.label if check_in else "",
                    known.minutes if known.reports else None,
                ]
            yield cells


@cache
def _best(how: tuple[Came, ...]) -> Came:
    return min(how, key=list(Came).index)
