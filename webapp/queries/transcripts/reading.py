"""Reading a transcript: its turns in pages, and who speaks."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, tuple_
from sqlalchemy.orm import aliased, contains_eager, defer, joinedload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.folding import fold
from webapp.models.agenda import Contribution, Session
from webapp.models.events import Event, EventDay, EventState
from webapp.models.speakers import Speaker
from webapp.models.transcripts import Transcript, TranscriptState, Turn
from webapp.queries.batches import batched
from webapp.queries.paging import Page, nearest

PAGE_SIZE = 200
FOUND_SIZE = 50
STANDS = and_(Turn.removed_at.is_(None), Turn.joined_into_id.is_(None))


@dataclass(frozen=True)
class Speaking:
    """A speaker of a transcript, and whether everybody may see the profile."""

    speaker: Speaker
    is_public: bool


def get_published(event_id: int, public_id: str) -> Transcript:
    """The transcript of a session of the event as everybody may read it, with the session and its day.

    Raises NotFound unless it is published.
    """
    statement = (
        select(Transcript)
        .join(Transcript.session)
        .where(
            Session.public_id == public_id,
            Session.event_id == event_id,
            Transcript.state == TranscriptState.PUBLISHED,
        )
        .options(defer(Transcript.unread), contains_eager(Transcript.session).joinedload(Session.day))
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def get_managed_transcript(event_id: int, public_id: str) -> Transcript:
    """A transcript of the event with its session and the file it was read from; raises NotFound."""
    statement = (
        select(Transcript)
        .where(Transcript.public_id == public_id, Transcript.event_id == event_id)
        .options(joinedload(Transcript.session).joinedload(Session.day), joinedload(Transcript.source))
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def sessions_to_transcribe(event_id: int) -> list[Session]:
    """The released sessions of an event with day and transcript, by day and time."""
    statement = (
        select(Session)
        .join(Session.day)
        .outerjoin(Session.transcript)
        .where(Session.event_id == event_id)
        .options(
            contains_eager(Session.day),
            contains_eager(Session.transcript).options(defer(Transcript.unread), defer(Transcript.introduction)),
            defer(Session.description),
        )
        .order_by(EventDay.date, Session.starts.nulls_last(), Session.position, Session.id)
    )
    return list(db.session.scalars(statement))


def get_session_to_transcribe(event_id: int, public_id: str) -> Session:
    """A released session of the event with day and transcript; raises NotFound."""
    statement = (
        select(Session)
        .where(Session.public_id == public_id, Session.event_id == event_id)
        .options(joinedload(Session.day), joinedload(Session.transcript))
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def get_session_by_public_id(public_id: str) -> Session:
    """A released session of any event with its transcript, for commands; raises NotFound."""
    statement = select(Session).where(Session.public_id == public_id).options(joinedload(Session.transcript))
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound("No released session has this address.")
    return found


def turns_per_transcript(event_id: int) -> dict[int, int]:
    """How many turns stand in each transcript of an event, by the transcript's id."""
    statement = (
        select(Turn.transcript_id, func.count())
        .join(Transcript, Transcript.id == Turn.transcript_id)
        .where(Transcript.event_id == event_id, STANDS)
        .group_by(Turn.transcript_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def find_turns(transcript_id: int, *, page: int, size: int = PAGE_SIZE, all_of_them: bool = False) -> Page[Turn]:
    """A page of the turns that stand, in their order; `all_of_them` brings those that were removed, too."""
    held = _held(transcript_id, all_of_them=all_of_them)
    counted = select(func.count()).select_from(Turn).where(held)
    shown = _ordered(select(Turn, counted.scalar_subquery()).where(held)).limit(size)
    number = max(page, 1)
    rows = db.session.execute(shown.offset((number - 1) * size)).all()
    if not rows:
        # Beyond the last page, or in a transcript in which nothing stands.
        number = nearest(number, db.session.scalar(counted) or 0, size)
        rows = db.session.execute(shown.offset((number - 1) * size)).all()
    return Page([row[0] for row in rows], number, size, rows[0][1] if rows else 0)


def all_turns(transcript_id: int) -> list[Turn]:
    """All turns that stand, in their order."""
    return list(db.session.scalars(_ordered(select(Turn).where(_held(transcript_id)))))


def search_turns(transcript_id: int, text: str, *, page: int, all_of_them: bool = False) -> Page[Turn]:
    """The turns whose words hold this text, whatever its case and accents, in their order; 50 a page."""
    wanted = fold(text)
    held = _held(transcript_id, all_of_them=all_of_them)
    rows = db.session.execute(_ordered(select(Turn.id, Turn.words).where(held)))
    ids = [turn_id for turn_id, words in rows if wanted in fold(words)]
    number = nearest(page, len(ids), FOUND_SIZE)
    shown = ids[(number - 1) * FOUND_SIZE : number * FOUND_SIZE]
    turns = list(db.session.scalars(_ordered(select(Turn).where(Turn.id.in_(shown)))))
    return Page(turns, number, FOUND_SIZE, len(ids))


def page_of(turn: Turn, *, size: int = PAGE_SIZE, all_of_them: bool = False) -> int:
    """The number of the page on which the turn stands, or would stand if it were not removed."""
    before = tuple_(Turn.position, Turn.id) < tuple_(turn.position, turn.id)
    held = _held(turn.transcript_id, all_of_them=all_of_them)
    return (db.session.scalar(select(func.count()).select_from(Turn).where(held, before)) or 0) // size + 1


def get_turn(transcript_id: int, public_id: str) -> Turn:
    """A turn of the transcript, whether it stands or not; raises NotFound."""
    statement = select(Turn).where(Turn.public_id == public_id, Turn.transcript_id == transcript_id)
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def find_turn_at(transcript_id: int, at: int) -> Turn | None:
    """The turn that is said at a moment, in milliseconds: the last that begins no later; None before the first."""
    begun = select(Turn).where(_held(transcript_id), Turn.starts <= at)
    return db.session.scalars(begun.order_by(Turn.position.desc(), Turn.id.desc()).limit(1)).one_or_none()


def find_neighbours(turn: Turn) -> tuple[Turn | None, Turn | None]:
    """The turns that stand before and after this one."""
    held = _held(turn.transcript_id)
    place, here = tuple_(Turn.position, Turn.id), tuple_(turn.position, turn.id)
    earlier = select(Turn).where(held, place < here).order_by(Turn.position.desc(), Turn.id.desc()).limit(1)
    later = _ordered(select(Turn).where(held, place > here)).limit(1)
    return db.session.scalars(earlier).one_or_none(), db.session.scalars(later).one_or_none()


def speakers_by_id(speaker_ids: Iterable[int | None]) -> dict[int, Speaking]:
    """The speakers of these ids, by them; a profile that was merged into another leads to that one."""
    asked = aliased(Speaker)
    public = (
        select(Contribution.id)
        .join(Contribution.session)
        .join(Session.event)
        .where(Contribution.speaker_id == Speaker.id, Event.state != EventState.DRAFT)
        .exists()
    )
    statement = (
        select(asked.id, Speaker, public)
        .join(asked, func.coalesce(asked.merged_into_id, asked.id) == Speaker.id)
        .options(defer(Speaker.biography))
    )
    found = {}
    for some in batched(sorted({one for one in speaker_ids if one is not None})):
        for asked_id, speaker, is_public in db.session.execute(statement.where(asked.id.in_(some))):
            found[asked_id] = Speaking(speaker, bool(is_public))
    return found


def _held(transcript_id: int, *, all_of_them: bool = False) -> ColumnElement[bool]:
    held = Turn.joined_into_id.is_(None) if all_of_them else STANDS
    return and_(Turn.transcript_id == transcript_id, held)


def _ordered(statement: Any) -> Any:
    return statement.order_by(Turn.position, Turn.id)
