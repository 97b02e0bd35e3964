"""What a person does with an agenda."""

from datetime import datetime

from sqlalchemy import delete

from webapp.database import insert_or
from webapp.extensions import db
from webapp.models.agenda import Star
from webapp.queries.calendars import choices_of, place_by_session
from webapp.services.calendar_entries import follow


def set_star(person_id: int, session_id: int, *, starred: bool, now: datetime) -> None:
    """Put a session into a person's agenda or take it out; as it is already, nothing happens.

    In the calendar of who wants an entry a session it comes and goes with it.
    """
    if starred:
        statement = insert_or(db.session, Star).values(person_id=person_id, session_id=session_id, created_at=now)
        db.session.execute(statement.on_conflict_do_nothing(index_elements=["person_id", "session_id"]))
    else:
        db.session.execute(delete(Star).where(Star.person_id == person_id, Star.session_id == session_id))
    if person_id in choices_of([person_id]):
        for row in place_by_session(person_id, session_id, now=now):
            follow(row.event, [row], now=now)
