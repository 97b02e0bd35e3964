"""How far somebody reaches at an event: what is kept for those with a place, those who came, or its organisers."""

from dataclasses import dataclass, field

from sqlalchemy import and_, exists, or_, select

from webapp.extensions import db
from webapp.models.accounts import Power, Viewer, Visitor, reach
from webapp.models.agenda import Session
from webapp.models.attendance import ALL_DAYS, AttendanceRecord, AttendanceReport, Came, Presence
from webapp.models.events import Event
from webapp.models.files import FileReach
from webapp.models.registrations import Registration, RegistrationState

_THERE = (Came.CAME, Came.IN_PART)


@dataclass(frozen=True, kw_only=True)
class Reaches:
    """What one person may see at an event; whoever came may see what those with a place may, and organisers all."""

    organises: bool = False
    registered: bool = False
    came: bool = False
    # The sessions to which the person came, by their ids.
    sessions: frozenset[int] = field(default_factory=frozenset)

    def covers(self, kept_for: FileReach, session_id: int | None = None) -> bool:
        """Whether the person may see something of the event, or of this session of it, that is kept for these."""
        if kept_for is FileReach.PUBLIC or self.organises:
            return True
        if kept_for is FileReach.REGISTERED:
            return self.registered or self.came
        came = self.came if session_id is None else session_id in self.sessions
        return kept_for is FileReach.ATTENDED and came


PUBLIC_ALONE = Reaches()
EVERYTHING = Reaches(organises=True)


def reaches_at(event: Event, *, viewer: Viewer | Visitor, registration_id: int | None = None) -> Reaches:
    """How far the viewer reaches at an event; `registration_id` is given for the holder of a personal link.

    A visitor reaches what is public, and no query is made for it.
    """
    if reach(viewer, Power.LOOK).covers(event.programme_id, event.id):
        return EVERYTHING
    if registration_id is None and viewer.id is None:
        return PUBLIC_ALONE
    mine = Registration.person_id == viewer.id if registration_id is None else Registration.id == registration_id
    there = exists().where(
        Presence.registration_id == Registration.id, Presence.day_id == ALL_DAYS, Presence.how.in_(_THERE)
    )
    statement = select(Registration.id, Registration.state, there).where(Registration.event_id == event.id, mine)
    row = db.session.execute(statement).one_or_none()
    if row is None:
        return PUBLIC_ALONE
    sessions = _sessions_come_to(event.id, row[0]) if row[2] else frozenset()
    return Reaches(registered=row[1] is RegistrationState.CONFIRMED, came=bool(row[2]), sessions=sessions)


def _sessions_come_to(event_id: int, registration_id: int) -> frozenset[int]:
    # By the reports of a session where it has any, and otherwise by who was there that day.
    reported = exists().where(AttendanceReport.session_id == Session.id)
    named = exists().where(
        AttendanceReport.session_id == Session.id,
        AttendanceRecord.report_id == AttendanceReport.id,
        AttendanceRecord.registration_id == registration_id,
    )
    there_that_day = exists().where(
        Presence.registration_id == registration_id, Presence.day_id == Session.day_id, Presence.how.in_(_THERE)
    )
    held = or_(named, and_(~reported, there_that_day))
    return frozenset(db.session.scalars(select(Session.id).where(Session.event_id == event_id, held)))
