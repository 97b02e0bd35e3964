"""Who may be meant by the labels of a transcript."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.agenda import Contribution, ContributionRole, Session
from webapp.models.drafts import DraftContribution, DraftSession
from webapp.models.speakers import Speaker
from webapp.models.transcripts import Turn
from webapp.queries.transcripts.reading import STANDS


@dataclass(frozen=True)
class Label:
    """A label as written, how many of the turns that stand carry it, and the speaker of most of them."""

    text: str
    turns: int
    linked: int
    speaker_id: int | None


@dataclass(frozen=True)
class Candidate:
    """A speaker of the event, with the other spellings of the name, and what they do in the session; None elsewhere."""

    speaker: Speaker
    roles: frozenset[ContributionRole] | None


def candidates(event_id: int, session_id: int) -> list[Candidate]:
    """The speakers of an event, released or planned, those of the session first, by surname."""
    roles: dict[int, set[ContributionRole]] = {}
    released = select(Contribution.speaker_id, Contribution.session_id, Contribution.role).join(Contribution.session)
    planned = (
        select(DraftContribution.speaker_id, DraftSession.session_id, DraftContribution.role)
        .join(DraftContribution.session)
        .where(DraftSession.event_id == event_id)
    )
    ids: set[int] = set()
    for statement in (released.where(Session.event_id == event_id), planned):
        for speaker_id, where, role in db.session.execute(statement):
            if speaker_id is not None:
                ids |= {speaker_id}
                if where == session_id:
                    roles[speaker_id] = roles.get(speaker_id, set()) | {role}
    statement_of_all = (
        select(Speaker)
        .where(Speaker.id.in_(sorted(ids)))
        .options(selectinload(Speaker.aliases), joinedload(Speaker.organisation))
        .order_by(Speaker.name_sort, Speaker.id)
    )
    found = [Candidate(one, _roles(roles, one.id)) for one in db.session.scalars(statement_of_all)]
    return sorted(found, key=lambda one: one.roles is None)


def names_at(event_id: int, session_id: int) -> list[str]:
    """The names of the speakers of an event in every spelling, those of the session first."""
    people = [one.speaker for one in candidates(event_id, session_id)]
    return [name for one in people for name in (one.name, *(alias.name for alias in one.aliases))]


def _roles(roles: dict[int, set[ContributionRole]], speaker_id: int) -> frozenset[ContributionRole] | None:
    return frozenset(roles[speaker_id]) if speaker_id in roles else None


def labels_of(transcript_id: int) -> list[Label]:
    """The different labels of a transcript with the speakers they were given to, in the order in which they speak."""
    number = func.count()
    statement = (
        select(Turn.label, Turn.speaker_id, number, func.min(Turn.position))
        .where(Turn.transcript_id == transcript_id, STANDS)
        .group_by(Turn.label, Turn.speaker_id)
    )
    found: dict[str, list[tuple[int | None, int, int]]] = {}
    for label, speaker_id, turns, first in db.session.execute(statement):
        found.setdefault(label, []).append((speaker_id, turns, first))
    made = []
    for label, rows in found.items():
        linked = [row for row in rows if row[0] is not None]
        most = max(linked, key=lambda row: (row[1], -row[2]), default=None)
        total, given = sum(row[1] for row in rows), sum(row[1] for row in linked)
        made.append((min(row[2] for row in rows), Label(label, total, given, most[0] if most else None)))
    return [label for _, label in sorted(made, key=lambda pair: (pair[0], pair[1].text))]


def count_unlinked(transcript_id: int) -> int:
    """How many of the turns that stand are given to no speaker."""
    statement = select(func.count()).select_from(Turn).where(Turn.transcript_id == transcript_id, STANDS)
    return db.session.scalar(statement.where(Turn.speaker_id.is_(None))) or 0


def count_taken_out(transcript_id: int) -> int:
    """How many turns of a transcript were taken out and not joined to others."""
    statement = select(func.count()).select_from(Turn).where(Turn.transcript_id == transcript_id)
    return db.session.scalar(statement.where(Turn.removed_at.is_not(None), Turn.joined_into_id.is_(None))) or 0


def get_candidate(event_id: int, session_id: int, public_id: str) -> Speaker:
    """A speaker of the event by the id that a page gave; raises NotFound."""
    found = next((one.speaker for one in candidates(event_id, session_id) if one.speaker.public_id == public_id), None)
    if found is None:
        raise NotFound
    return found
