"""Transcripts and turns under a lock, for those who change them."""

from typing import TypeVar

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import joinedload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.agenda import Session
from webapp.models.transcripts import Transcript, Turn, TurnChange

Row = TypeVar("Row")


def get_released(session_id: int) -> Session:
    """A released session; raises NotFound."""
    return _found(db.session.scalars(select(Session).where(Session.id == session_id)).one_or_none())


def lock_transcript(transcript_id: int) -> Transcript:
    """The transcript as it is now, locked until the unit ends: whoever changes a turn takes this first.

    Raises NotFound.
    """
    statement = select(Transcript).where(Transcript.id == transcript_id).with_for_update()
    return _found(db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none())


def lock_transcript_of(session_id: int) -> Transcript:
    """The transcript of a session as it is now, locked until the unit ends; raises NotFound."""
    statement = select(Transcript).where(Transcript.session_id == session_id).with_for_update()
    return _found(db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none())


def lock_turn(transcript_id: int, public_id: str) -> Turn:
    """A turn of a locked transcript as it is now; raises NotFound."""
    statement = select(Turn).where(Turn.public_id == public_id, Turn.transcript_id == transcript_id)
    return _found(db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none())


def lock_turns(transcript_id: int) -> list[Turn]:
    """All turns of a locked transcript as they are now, also those that do not stand, in their order."""
    statement = select(Turn).where(Turn.transcript_id == transcript_id).order_by(Turn.position, Turn.id)
    return list(db.session.scalars(statement.execution_options(populate_existing=True)))


def lock_changes(transcript_id: int) -> list[TurnChange]:
    """The whole history of a locked transcript, in its order."""
    statement = select(TurnChange).where(TurnChange.transcript_id == transcript_id)
    ordered = statement.order_by(TurnChange.version, TurnChange.id)
    return list(db.session.scalars(ordered.execution_options(populate_existing=True)))


def get_session_spoken_in(session_id: int) -> Session:
    """A released session with its day; raises NotFound."""
    statement = select(Session).where(Session.id == session_id).options(joinedload(Session.day))
    return _found(db.session.scalars(statement).one_or_none())


def next_number(transcript_id: int) -> int:
    """The number for the next turn that a locked transcript gets."""
    highest = select(func.max(Turn.number)).where(Turn.transcript_id == transcript_id)
    return (db.session.scalar(highest) or 0) + 1


def positions_from(transcript_id: int, turn: Turn) -> list[Turn]:
    """The turn and the one that comes next, whether that stands or not."""
    place, here = tuple_(Turn.position, Turn.id), tuple_(turn.position, turn.id)
    statement = select(Turn).where(Turn.transcript_id == transcript_id, place >= here)
    return list(db.session.scalars(statement.order_by(Turn.position, Turn.id).limit(2)))


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound
    return row
