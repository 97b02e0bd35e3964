"""What is known of who was there: check-ins, the lines of reports, and what both come to, by registration and day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from webapp.extensions import db
from webapp.models.attendance import ALL_DAYS, AttendanceRecord, AttendanceReport, CheckIn, Presence
from webapp.models.organisations import Sector
from webapp.models.registrations import Registration, RegistrationState

Key = tuple[int, int]
Stays = list[list[Any]]


@dataclass(frozen=True)
class Attendee:
    """What is counted of somebody who was there."""

    organisation: str
    sector: Sector
    state: RegistrationState


def attendees(ids: Sequence[int]) -> dict[int, Attendee]:
    """These registrations as they are counted, by their ids."""
    row = Registration
    statement = select(row.id, row.organisation_name, row.sector, row.state).where(row.id.in_(ids))
    return {one: Attendee(name, sector, state) for one, name, sector, state in db.session.execute(statement)}


def presences_of(ids: Sequence[int]) -> list[Presence]:
    """How these registrations took part, by day, and in all days together."""
    statement = select(Presence).where(Presence.registration_id.in_(ids)).execution_options(populate_existing=True)
    return list(db.session.scalars(statement.order_by(Presence.id)))


def ids_of_present(event_id: int) -> list[int]:
    """The registrations of all who were there in any way."""
    statement = select(Presence.registration_id).where(Presence.event_id == event_id, Presence.day_id == ALL_DAYS)
    return list(db.session.scalars(statement))


def checked_in(ids: Sequence[int]) -> set[Key]:
    """On which days these registrations were checked in."""
    statement = select(CheckIn.registration_id, CheckIn.day_id).where(CheckIn.registration_id.in_(ids))
    return {(registration, day) for registration, day in db.session.execute(statement)}


def minutes_and_stays(ids: Sequence[int]) -> Iterator[tuple[Key, int, Stays]]:
    """The minutes and stays that each line of a report gives of these registrations."""
    line = AttendanceRecord
    statement = (
        select(line.registration_id, AttendanceReport.day_id, line.minutes, line.stays)
        .join(AttendanceReport, AttendanceReport.id == line.report_id)
        .where(line.registration_id.in_(ids))
        .order_by(AttendanceRecord.id)
    )
    for registration, day, minutes, stays in db.session.execute(statement):
        yield (registration or 0, day), minutes, stays


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
