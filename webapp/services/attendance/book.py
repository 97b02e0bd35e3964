"""Who took part, by day: check-ins and the minutes of all reports put together, against the registrations."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from webapp.folding import fold
from webapp.formats.attendance import Stay, merged_minutes
from webapp.formats.spreadsheets import Cell
from webapp.models.attendance import AttendanceReport, Came, CheckIn, took_part
from webapp.models.events import Event, EventDay, Mode, moment
from webapp.models.organisations import Sector
from webapp.models.registrations import RegistrationState
from webapp.queries import attendance as queries

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

    def finds(self, line: Line) -> bool:
        """Whether it finds this line."""
        if self.sector and line.sector is not self.sector:
            return False
        if self.organisation and line.organisation != self.organisation:
            return False
        if self.came and line.on(self.day_id) is not self.came:
            return False
        if self.here and line.on(self.day_id) not in {Came.CAME, Came.IN_PART}:
            return False
        if not self.text:
            return True
        said = fold(f"{line.name} {line.email} {line.organisation}")
        return all(word in said for word in fold(self.text).split())


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


def attendance_of(event: Event, *, now: datetime) -> list[Line]:
    """Everybody who has a place at an event or was there, by surname; `event` must have its days loaded."""
    checked_in = queries.checked_in_at(event.id)
    minutes = _minutes(event.id)
    days = [(day.id, _length(day), now >= moment(day.date, day.starts, event.zone)) for day in event.days]

    absent = {
        day: took_part(checked_in=False, minutes=None, day_minutes=length, begun=begun) for day, length, begun in days
    }

    def came(registration_id: int) -> dict[int, Came]:
        return {
            day: took_part(
                checked_in=(registration_id, day) in checked_in,
                minutes=minutes.get((registration_id, day)),
                day_minutes=length,
                begun=begun,
            )
            for day, length, begun in days
        }

    present = {registration_id for registration_id, _ in (*checked_in, *minutes)}
    people = queries.people_with_places_or(event.id, present)
    return [Line(*row, came=came(row[0]) if row[0] in present else absent) for row in people]


def sources_of(event_id: int, registration_ids: Sequence[int]) -> dict[Key, Sources]:
    """Where the figures of these registrations come from, by registration and day."""
    found: dict[Key, Sources] = {}
    for row in queries.check_ins_of(event_id, registration_ids):
        found.setdefault((row.registration_id, row.day_id), Sources()).check_in = row
    stays: dict[Key, list[Stay]] = {}
    for report, record in queries.lines_of(event_id, registration_ids):
        key = (record.registration_id or 0, report.day_id)
        found.setdefault(key, Sources()).reports.append((report, record.minutes))
        stays.setdefault(key, []).extend(_stays(record.stays))
    for key, several in stays.items():
        found[key].minutes = merged_minutes(several)
    return found


def totals(lines: Iterable[Line], day_id: int | None, by: str) -> list[Total]:
    """The lines counted by "sector" or "organisation", for one day or the best of all; the largest first."""
    counted: dict[tuple[str, str], Counter[Came]] = {}
    for line in lines:
        group = (line.sector.label, line.sector.value) if by == "sector" else (line.organisation, line.organisation)
        counted.setdefault(group, Counter())[line.on(day_id)] += 1
    found = [Total(label, value, counts) for (label, value), counts in counted.items()]
    return sorted(found, key=lambda total: (-total.registered, total.label))


def total_of_day(lines: Iterable[Line], day_id: int) -> Total:
    """The lines counted for one day."""
    return Total("", str(day_id), Counter(line.came[day_id] for line in lines))


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


def _minutes(event_id: int) -> dict[Key, int]:
    """The minutes of each person and day: what one line says, or several put together so that none counts twice."""
    summed = queries.summed_minutes_at(event_id)
    several = {key for key, (lines, _) in summed.items() if lines > 1}
    stays: dict[Key, list[Stay]] = {}
    for key, kept in queries.each_stays(event_id, {registration for registration, _ in several}):
        stays.setdefault(key, []).extend(_stays(kept))
    return {key: merged_minutes(stays[key]) if key in several else minutes for key, (_, minutes) in summed.items()}


def _stays(kept: Iterable[Sequence[str | float | None]]) -> Iterator[Stay]:
    for joined, left, minutes in kept:
        yield Stay(_moment(joined), _moment(left), float(minutes or 0))


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def _length(day: EventDay) -> int | None:
    if day.starts is None or day.ends is None:
        return None
    return (day.ends.hour - day.starts.hour) * 60 + day.ends.minute - day.starts.minute
