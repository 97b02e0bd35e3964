"""What a person does with an agenda."""

from datetime import datetime

from sqlalchemy import delete

from webapp.database import insert_or
from webapp.extensions import db
from webapp.models.agenda import Star


def set_star(person_id: int, session_id: int, *, starred: bool, now: datetime) -> None:
    """Put a session into a person's agenda or take it out; as it is already, nothing happens."""
    if starred:
        statement = insert_or(db.session, Star).values(person_id=person_id, session_id=session_id, created_at=now)
        db.session.execute(statement.on_conflict_do_nothing(index_elements=["person_id", "session_id"]))
        return
    db.session.execute(delete(Star).where(Star.person_id == person_id, Star.session_id == session_id))
