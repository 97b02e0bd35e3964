"""Who came to a session: by the reports of the session, and where there is none by who was there that day."""

from sqlalchemy import ColumnElement, Select, or_, select

from webapp.extensions import db
from webapp.models.agenda import Session
from webapp.models.attendance import AttendanceRecord, AttendanceReport, Came, Presence
from webapp.models.registrations import Registration


def came_to(sessions: Select[int]) -> ColumnElement[bool]:
    """Whether a registration came to one of these sessions, which are given by their ids."""
    reported = select(AttendanceReport.session_id).where(AttendanceReport.session_id.is_not(None))
    named = (
        select(AttendanceRecord.registration_id)
        .join(AttendanceReport, AttendanceReport.id == AttendanceRecord.report_id)
        .where(AttendanceReport.session_id.in_(sessions), AttendanceRecord.registration_id.is_not(None))
    )
    there = (
        select(Presence.registration_id)
        .join(Session, Session.day_id == Presence.day_id)
        .where(Session.id.in_(sessions), Session.id.not_in(reported), Presence.how.in_([Came.CAME, Came.IN_PART]))
    )
    return or_(Registration.id.in_(named), Registration.id.in_(there))


def was_at_session(registration_id: int, session_id: int) -> bool:
    """Whether somebody was seen at a session."""
    sessions = select(Session.id).where(Session.id == session_id)
    statement = select(Registration.id).where(Registration.id == registration_id, came_to(sessions))
    return db.session.scalars(statement).first() is not None
