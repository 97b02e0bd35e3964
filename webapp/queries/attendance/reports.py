"""The reports of meetings: which were read in, whom they name, and whom those may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.folding import fold, fold_email
from webapp.models.accounts import Person
from webapp.models.agenda import Session
from webapp.models.attendance import AttendanceRecord, AttendanceReport, Match
from webapp.models.events import EventDay
from webapp.models.registrations import Registration, RegistrationState
from webapp.queries.paging import Page, nearest

PAGE_SIZE = 50


@dataclass(frozen=True)
class ReportSummary:
    """A report as lists show it: the day and session it is about, and how many of its people were matched how."""

    report: AttendanceReport
    day: EventDay
    session_title: str
    counts: Mapping[Match, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Known:
    """Somebody registered, as far as telling who a name in a report is needs it."""

    id: int
    name: str
    name_sort: str
    emails: frozenset[str]
    state: RegistrationState


def reports_of(event_id: int) -> list[ReportSummary]:
    """The reports of an event by day, then as they were read in."""
    return _summaries(AttendanceReport.event_id == event_id)


def get_report(event_id: int, public_id: str) -> ReportSummary:
    """One report of an event; raises NotFound."""
    found = _summaries((AttendanceReport.event_id == event_id) & (AttendanceReport.public_id == public_id))
    if not found:
        raise NotFound
    return found[0]


def find_same_report(event_id: int, day_id: int, session_id: int | None, digest: str) -> AttendanceReport | None:
    """The report of the very same file for the same day and session."""
    statement = select(AttendanceReport).where(
        AttendanceReport.event_id == event_id,
        AttendanceReport.day_id == day_id,
        AttendanceReport.session_id == session_id if session_id else AttendanceReport.session_id.is_(None),
        AttendanceReport.digest == digest,
    )
    return db.session.scalars(statement.order_by(AttendanceReport.id).limit(1)).one_or_none()


def find_session_hours(session_id: int | None) -> tuple[time, time] | None:
    """When a session begins and ends, on the clocks of its event; None where that is not known."""
    row = db.session.execute(select(Session.starts, Session.ends).where(Session.id == session_id)).one_or_none()
    return (row.starts, row.ends) if row and row.starts and row.ends else None


def stays_of(report_id: int) -> list[list[list[Any]]]:
    """The stays of each line of a report, in its order."""
    statement = select(AttendanceRecord.stays).where(AttendanceRecord.report_id == report_id)
    return list(db.session.scalars(statement.order_by(AttendanceRecord.id)))


def records_of(report_id: int, match: Match | None, *, page: int, total: int) -> Page[AttendanceRecord]:
    """Those whom a report names, all or of one kind of match, in its order, with the registrations; 50 a page."""
    number = nearest(page, total, PAGE_SIZE)
    statement = select(AttendanceRecord).where(AttendanceRecord.report_id == report_id)
    if match is not None:
        statement = statement.where(AttendanceRecord.match == match)
    statement = statement.options(joinedload(AttendanceRecord.registration)).order_by(AttendanceRecord.id)
    rows = db.session.scalars(statement.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    return Page(rows, number, PAGE_SIZE, total)


def get_record(report_id: int, public_id: str) -> AttendanceRecord:
    """One line of a report, with the registration it stands for; raises NotFound."""
    statement = select(AttendanceRecord).where(
        AttendanceRecord.report_id == report_id, AttendanceRecord.public_id == public_id
    )
    record = db.session.scalars(statement.options(joinedload(AttendanceRecord.registration))).one_or_none()
    if record is None:
        raise NotFound
    return record


def event_of_report(report_id: int) -> int | None:
    """The event of a report; None when it is gone."""
    return db.session.scalar(select(AttendanceReport.event_id).where(AttendanceReport.id == report_id))


def event_of_line(record_id: int) -> int | None:
    """The event of a line of a report; None when it is gone."""
    statement = select(AttendanceReport.event_id).join(
        AttendanceRecord, AttendanceRecord.report_id == AttendanceReport.id
    )
    return db.session.scalar(statement.where(AttendanceRecord.id == record_id))


def lock_record(record_id: int) -> AttendanceRecord:
    """The line of a report as it is now, with the report, locked until the unit ends; raises NotFound."""
    statement = select(AttendanceRecord).where(AttendanceRecord.id == record_id).with_for_update(of=AttendanceRecord)
    statement = statement.options(joinedload(AttendanceRecord.report, innerjoin=True))
    record = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if record is None:
        raise NotFound
    return record


def lock_report(report_id: int) -> AttendanceReport | None:
    """The report as it is now, locked until the unit ends; None when it is gone."""
    statement = select(AttendanceReport).where(AttendanceReport.id == report_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def candidates_of(event_id: int, ids: list[int]) -> list[Registration]:
    """The registrations of an event among which an organiser chooses, by surname."""
    statement = select(Registration).where(Registration.event_id == event_id, Registration.id.in_(sorted(ids)))
    return list(db.session.scalars(statement.order_by(Registration.name_sort, Registration.id)))


def everybody_at(event_id: int) -> list[Known]:
    """Everybody who ever registered for an event, with every address they are known by, by registration."""
    columns = (Registration.id, Registration.name, Registration.name_sort, Registration.email, Person.email_folded)
    statement = select(*columns, Registration.state).join(Registration.person)
    rows = db.session.execute(statement.where(Registration.event_id == event_id).order_by(Registration.id))
    return [
        Known(id_, name, sort, frozenset({fold_email(email), folded}), state)
        for id_, name, sort, email, folded, state in rows
    ]


def decided_at(event_id: int) -> dict[str, int | None]:
    """Whom organisers said the names and addresses in an event's reports are; None for nobody registered.

    By address with an @ before it, and by folded name for those without one.
    """
    statement = (
        select(AttendanceRecord.name, AttendanceRecord.email, AttendanceRecord.registration_id)
        .join(AttendanceRecord.report)
        .where(AttendanceReport.event_id == event_id, AttendanceRecord.match == Match.ORGANISER)
        .order_by(AttendanceRecord.id)
    )
    return {who(name, email): registration for name, email, registration in db.session.execute(statement)}


def who(name: str, email: str) -> str:
    """What tells one person in reports from another: the address with an @ before it, else the folded name."""
    return f"@{fold_email(email)}" if email else fold(name)


def _summaries(condition: ColumnElement[bool]) -> list[ReportSummary]:
    statement = (
        select(AttendanceReport, EventDay, Session.title)
        .join(EventDay, EventDay.id == AttendanceReport.day_id)
        .outerjoin(Session, Session.id == AttendanceReport.session_id)
        .where(condition)
        .order_by(EventDay.date, AttendanceReport.id)
    )
    rows = db.session.execute(statement).all()
    counted = (
        select(AttendanceRecord.report_id, AttendanceRecord.match, func.count())
        .where(AttendanceRecord.report_id.in_([report.id for report, _, _ in rows]))
        .group_by(AttendanceRecord.report_id, AttendanceRecord.match)
    )
    counts: dict[int, dict[Match, int]] = {}
    for report_id, match, number in db.session.execute(counted):
        counts.setdefault(report_id, {})[match] = number
    return [ReportSummary(report, day, title or "", counts.get(report.id, {})) for report, day, title in rows]
