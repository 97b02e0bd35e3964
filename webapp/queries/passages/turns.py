"""What passages of transcripts there are to be: one of each turn that stands in a published one.

A transcript may have thousands of turns. What all of them have in common, such as the day, is its frame; whether that
changed is seen by one passage, so that the others need not be read.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from webapp.extensions import db
from webapp.models.agenda import Session, session_themes
from webapp.models.events import Event, EventDay, event_themes
from webapp.models.passages import Passage, PassageKind, Source
from webapp.models.speakers import Speaker
from webapp.models.transcripts import Transcript, TranscriptState, Turn
from webapp.queries.batches import batched
from webapp.queries.passages.building import Entry, is_private
from webapp.queries.transcripts import STANDS
from webapp.searching import MOST_WITHIN

FRAME = 16


@dataclass(frozen=True)
class Frame:
    """What all turns of a published transcript have in common as they are found."""

    session: str
    event_id: int
    programme_id: int
    is_private: bool
    day: date
    themes: frozenset[int]

    @property
    def digest(self) -> str:
        """What tells it from any other: the beginning of the digest of each of its passages."""
        values = (self.session, self.event_id, self.programme_id, self.is_private, self.day, sorted(self.themes))
        return blake2b(repr(values).encode(), digest_size=FRAME // 2).hexdigest()


def entries_of_transcripts(ids: Collection[int]) -> list[Entry]:
    """What is to be found of these transcripts, turn by turn; nothing of those that are not published."""
    return _entries(Turn.transcript_id, ids)


def entries_of_turns(ids: Collection[int]) -> list[Entry]:
    """What is to be found of these turns; nothing of those that do not stand in a published transcript."""
    return _entries(Turn.id, ids)


def _entries(column: Any, ids: Collection[int]) -> list[Entry]:
    turns = (
        select(
            Turn.id,
            Turn.public_id,
            Turn.transcript_id,
            Turn.number,
            Turn.label,
            Turn.words,
            func.coalesce(_into.name, _own.name, Turn.label),
        )
        .join(Transcript, Transcript.id == Turn.transcript_id)
        .outerjoin(_own, _own.id == Turn.speaker_id)
        .outerjoin(_into, _into.id == _own.merged_into_id)
        .where(Transcript.state == TranscriptState.PUBLISHED, STANDS, Turn.number <= MOST_WITHIN)
    )
    rows = [row for some in batched(sorted(ids)) for row in db.session.execute(turns.where(column.in_(some)))]
    frames = {key: (one, one.digest) for key, one in frames_of({row.transcript_id for row in rows}).items()}
    found = []
    for turn_id, public_id, transcript_id, number, label, words, name in rows:
        frame, digest = frames[transcript_id]
        found.append(
            Entry(
                kind=PassageKind.TURN,
                source_id=transcript_id,
                thing_id=turn_id,
                public_id=public_id,
                slug="",
                title=name,
                text=words,
                also=name if name == label else f"{name} {label}",
                titled=False,
                parent=(frame.session, ""),
                event_id=frame.event_id,
                programme_id=frame.programme_id,
                is_private=frame.is_private,
                day=frame.day,
                within=(transcript_id, number),
                frame=digest,
                themes=frame.themes,
            )
        )
    return found


_own, _into = aliased(Speaker), aliased(Speaker)


def frames_of(transcript_ids: Collection[int]) -> dict[int, Frame]:
    """The frames of these transcripts by their ids."""
    statement = (
        select(Transcript.id, Session.id, Session.public_id, EventDay.date, Event)
        .join(Session, Session.id == Transcript.session_id)
        .join(EventDay, EventDay.id == Session.day_id)
        .join(Event, Event.id == Session.event_id)
    )
    rows = [
        row
        for some in batched(sorted(transcript_ids))
        for row in db.session.execute(statement.where(Transcript.id.in_(some)))
    ]
    of_events = _themes(event_themes.c.event_id, event_themes.c.theme_id, {event.id for *_, event in rows})
    of_sessions = _themes(session_themes.c.session_id, session_themes.c.theme_id, {row[1] for row in rows})
    none: frozenset[int] = frozenset()
    return {
        transcript_id: Frame(
            session=public_id,
            event_id=event.id,
            programme_id=event.programme_id,
            is_private=is_private(event),
            day=day,
            themes=of_events.get(event.id, none) | of_sessions.get(session_id, none),
        )
        for transcript_id, session_id, public_id, day, event in rows
    }


def _themes(
    column: ColumnElement[int], theme: ColumnElement[int], ids: Collection[int]
) -> Mapping[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for some in batched(sorted(ids)):
        for thing_id, theme_id in db.session.execute(select(column, theme).where(column.in_(some))):
            found[thing_id] = found.get(thing_id, set()) | {theme_id}
    return {thing_id: frozenset(themes) for thing_id, themes in found.items()}


def passages_of_turns(ids: Collection[int]) -> dict[int, str]:
    """The passages that there are of these turns: the digest of each by its place."""
    statement = select(Passage.place, Passage.digest).where(Passage.kind == PassageKind.TURN)
    return {
        place: digest
        for some in batched(sorted(ids))
        for place, digest in db.session.execute(statement.where(Passage.thing_id.in_(some)))
    }


def reframed_transcripts(event_ids: Collection[int]) -> set[int]:
    """The ids of the published transcripts of these events whose passages have another frame than theirs."""
    return {key for some in batched(sorted(event_ids)) for key in _reframed(some)}


def _reframed(event_ids: Collection[int]) -> Iterator[int]:
    one = (
        select(func.substr(Passage.digest, 1, FRAME))
        .where(Passage.source == Source.TRANSCRIPT, Passage.source_id == Transcript.id)
        .limit(1)
        .scalar_subquery()
    )
    published = select(Transcript.id, one).where(Transcript.state == TranscriptState.PUBLISHED)
    there = {row[0]: row[1] for row in db.session.execute(published.where(Transcript.event_id.in_(event_ids)))}
    if there:
        yield from (key for key, frame in frames_of(there).items() if frame.digest != there[key])


def turns_said_by(speaker_ids: Collection[int]) -> set[int]:
    """The ids of the turns in published transcripts given to these speakers, or to profiles merged into them."""
    statement = (
        select(Turn.id)
        .join(Transcript, Transcript.id == Turn.transcript_id)
        .join(_own, _own.id == Turn.speaker_id)
        .where(Transcript.state == TranscriptState.PUBLISHED)
    )
    found: set[int] = set()
    for some in batched(sorted(speaker_ids)):
        found |= set(db.session.scalars(statement.where(_own.id.in_(some))))
        found |= set(db.session.scalars(statement.where(_own.merged_into_id.in_(some))))
    return found


def next_turns(after: int, limit: int) -> list[int]:
    """The next ids after this one of turns in published transcripts, or of turns that have a passage."""
    there = (
        select(Turn.id)
        .join(Transcript, Transcript.id == Turn.transcript_id)
        .where(Turn.id > after, Transcript.state == TranscriptState.PUBLISHED)
        .order_by(Turn.id)
        .limit(limit)
    )
    made = select(Passage.thing_id).where(Passage.kind == PassageKind.TURN, Passage.thing_id > after).distinct()
    made = made.order_by(Passage.thing_id).limit(limit)
    return sorted({*db.session.scalars(there), *db.session.scalars(made)})[:limit]
