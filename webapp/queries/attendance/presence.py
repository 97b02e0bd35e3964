"""What is known of who was there: check-ins, and what the lines of reports say, by registration and day."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import func, select

from webapp.extensions import db
from webapp.models.attendance import AttendanceRecord, AttendanceReport, CheckIn
from webapp.models.events import Mode
from webapp.models.organisations import Sector
from webapp.models.registrations import Registration, RegistrationState

_CHUNK = 500
Key = tuple[int, int]
Stays = list[list[Any]]
Who = tuple[int, str, str, str, str, Sector, Mode, RegistrationState]


def people_with_places_or(event_id: int, ids: Iterable[int]) -> list[Who]:
    """Everybody with a place at an event, and these besides, by surname.

    Each as id, public id, name, address, organisation, sector, way of taking part and state.
    """
    row = Registration
    columns = (row.id, row.public_id, row.name, row.email, row.organisation_name, row.sector, row.mode, row.state)
    statement = select(*columns, row.name_sort).where(row.event_id == event_id)
    with_place = statement.where(row.state == RegistrationState.CONFIRMED)
    found: list[Any] = [
        tuple(one) for one in db.session.execute(with_place.order_by(Registration.name_sort, Registration.id))
    ]
    others = sorted(set(ids) - {one[0] for one in found})
    for some in _pieces(others):
        further = db.session.execute(statement.where(row.id.in_(some)).order_by(Registration.id))
        found += [tuple(one) for one in further]
    if others:
        found.sort(key=lambda one: (one[8], one[0]))
    return [one[:8] for one in found]


def checked_in_at(event_id: int) -> set[Key]:
    """Who was checked in on which day of an event."""
    statement = select(CheckIn.registration_id, CheckIn.day_id).where(CheckIn.event_id == event_id)
    return {(registration, day) for registration, day in db.session.execute(statement)}


def summed_minutes_at(event_id: int) -> dict[Key, tuple[int, int]]:
    """In how many lines of an event's reports somebody stands for a day, and their minutes, simply added up."""
    key = (AttendanceRecord.registration_id, AttendanceReport.day_id)
    statement = (
        select(*key, func.count(), func.sum(AttendanceRecord.minutes))
        .join(AttendanceReport, AttendanceReport.id == AttendanceRecord.report_id)
        .where(AttendanceReport.event_id == event_id, AttendanceRecord.registration_id.is_not(None))
        .group_by(*key)
    )
    return {(one, day): (lines, int(minutes)) for one, day, lines, minutes in db.session.execute(statement) if one}


def each_stays(event_id: int, ids: Iterable[int]) -> Iterator[tuple[Key, Stays]]:
    """The stays that each line of an event's reports gives of these registrations."""
    for some in _pieces(sorted(ids)):
        statement = (
            select(AttendanceRecord.registration_id, AttendanceReport.day_id, AttendanceRecord.stays)
            .join(AttendanceReport, AttendanceReport.id == AttendanceRecord.report_id)
            .where(AttendanceReport.event_id == event_id, AttendanceRecord.registration_id.in_(some))
            .order_by(AttendanceRecord.id)
        )
        for registration, day, stays in db.session.execute(statement):
            yield (registration or 0, day), stays


def check_ins_of(event_id: int, ids: Iterable[int]) -> list[CheckIn]:
    """The check-ins of these registrations at an event."""
    statement = select(CheckIn).where(CheckIn.event_id == event_id, CheckIn.registration_id.in_(sorted(ids)))
    return list(db.session.scalars(statement.order_by(CheckIn.id)))


def lines_of(event_id: int, ids: Iterable[int]) -> list[tuple[AttendanceReport, AttendanceRecord]]:
    """The lines of an event's reports that stand for these registrations, with their reports."""
    statement = (
        select(AttendanceReport, AttendanceRecord)
        .join(AttendanceRecord, AttendanceRecord.report_id == AttendanceReport.id)
        .where(AttendanceReport.event_id == event_id, AttendanceRecord.registration_id.in_(sorted(ids)))
        .order_by(AttendanceReport.id, AttendanceRecord.id)
    )
    return [(report, line) for report, line in db.session.execute(statement)]


def count_here_by_day(event_id: int) -> dict[int, int]:
    """How many people were there on each day in any way, by the day's id."""
    seen = select(CheckIn.day_id, CheckIn.registration_id).where(CheckIn.event_id == event_id)
    named = (
        select(AttendanceReport.day_id, AttendanceRecord.registration_id)
        .join(AttendanceRecord, AttendanceRecord.report_id == AttendanceReport.id)
        .where(AttendanceReport.event_id == event_id, AttendanceRecord.registration_id.is_not(None))
    )
    both = seen.union(named).subquery()
    counted = select(both.c.day_id, func.count()).group_by(both.c.day_id)
    return {day: number for day, number in db.session.execute(counted)}  # noqa: C416 -- rows are no pairs to a checker


def _pieces(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids in pieces that a database takes in one statement."""
    for first in range(0, len(ids), _CHUNK):
        yield ids[first : first + _CHUNK]
