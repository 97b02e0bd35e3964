"""Corrections that speakers propose to what they said, and the transcripts that they may look through."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, defer, joinedload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.agenda import Contribution, Session
from webapp.models.events import EventDay
from webapp.models.speakers import Speaker, SpeakerInvitation
from webapp.models.transcripts import ProposalState, Transcript, Turn, TurnProposal
from webapp.queries.paging import Page, nearest
from webapp.queries.transcripts.reading import STANDS

PROPOSALS_SIZE = 20
TO_CHECK_SIZE = 50


def transcripts_to_check(event_id: int, speaker_id: int) -> list[Transcript]:
    """The transcripts of the sessions of an event in which somebody is named or speaks, by day and time."""
    statement = _to_check(event_id, speaker_id)
    return list(db.session.scalars(statement.order_by(EventDay.date, Session.starts.nulls_last(), Transcript.id)))


def get_transcript_to_check(event_id: int, session: str, *, speaker_id: int) -> Transcript:
    """The transcript of a session in which somebody is named or speaks, published or not; raises NotFound."""
    statement = _to_check(event_id, speaker_id).where(Session.public_id == session)
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def _to_check(event_id: int, speaker_id: int) -> Select[Transcript]:
    named = select(Contribution.id).where(Contribution.session_id == Session.id, Contribution.speaker_id == speaker_id)
    speaks = select(Turn.id).where(Turn.transcript_id == Transcript.id, said_by(speaker_id))
    return (
        select(Transcript)
        .join(Transcript.session)
        .join(Session.day)
        .where(Transcript.event_id == event_id, or_(named.exists(), speaks.exists()))
        .options(
            defer(Transcript.unread),
            contains_eager(Transcript.session).options(contains_eager(Session.day), defer(Session.description)),
        )
    )


def said_by(speaker_id: int) -> ColumnElement[bool]:
    """The condition that a turn is given to a speaker, or to a profile that was merged into theirs."""
    merged = select(Speaker.id).where(Speaker.merged_into_id == speaker_id)
    return or_(Turn.speaker_id == speaker_id, Turn.speaker_id.in_(merged))


def find_turns_said_by(transcript_id: int, speaker_id: int, *, page: int) -> Page[Turn]:
    """The turns of a transcript that a speaker says, in their order, 50 a page."""
    held = (Turn.transcript_id == transcript_id, STANDS, said_by(speaker_id))
    total = db.session.scalar(select(func.count()).select_from(Turn).where(*held)) or 0
    number = nearest(page, total, TO_CHECK_SIZE)
    statement = select(Turn).where(*held).order_by(Turn.position, Turn.id)
    rows = db.session.scalars(statement.limit(TO_CHECK_SIZE).offset((number - 1) * TO_CHECK_SIZE))
    return Page(list(rows), number, TO_CHECK_SIZE, total)


def own_proposals(speaker_id: int, turns: Sequence[Turn]) -> dict[int, TurnProposal]:
    """What a speaker last proposed to each of these turns, by the turn's id."""
    statement = select(TurnProposal).where(
        TurnProposal.speaker_id == speaker_id, TurnProposal.turn_id.in_([turn.id for turn in turns])
    )
    return {one.turn_id: one for one in db.session.scalars(statement.order_by(TurnProposal.id))}


def open_proposals(transcript_id: int, *, page: int) -> Page[TurnProposal]:
    """What is proposed and not decided, with turn and speaker, in the order in which it came; 20 a page."""
    total = count_open_proposals(transcript_id)
    number = nearest(page, total, PROPOSALS_SIZE)
    statement = (
        select(TurnProposal)
        .where(TurnProposal.transcript_id == transcript_id, TurnProposal.state == ProposalState.OPEN)
        .options(joinedload(TurnProposal.turn), joinedload(TurnProposal.speaker).defer(Speaker.biography))
        .order_by(TurnProposal.id)
        .limit(PROPOSALS_SIZE)
        .offset((number - 1) * PROPOSALS_SIZE)
    )
    return Page(list(db.session.scalars(statement)), number, PROPOSALS_SIZE, total)


def count_open_proposals(transcript_id: int) -> int:
    """How many corrections of a transcript are proposed and not decided."""
    statement = select(func.count()).select_from(TurnProposal)
    open_ones = statement.where(TurnProposal.transcript_id == transcript_id, TurnProposal.state == ProposalState.OPEN)
    return db.session.scalar(open_ones) or 0


def lock_proposal(transcript_id: int, public_id: str) -> TurnProposal:
    """A proposal for a locked transcript as it is now, with its turn; raises NotFound."""
    statement = select(TurnProposal).where(
        TurnProposal.public_id == public_id, TurnProposal.transcript_id == transcript_id
    )
    statement = statement.options(joinedload(TurnProposal.turn)).execution_options(populate_existing=True)
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_open_proposal(turn_id: int, speaker_id: int) -> TurnProposal | None:
    """What a speaker proposes to a turn of a locked transcript and nobody decided; None where there is nothing."""
    statement = select(TurnProposal).where(
        TurnProposal.turn_id == turn_id,
        TurnProposal.speaker_id == speaker_id,
        TurnProposal.state == ProposalState.OPEN,
    )
    return db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def lock_proposals_to(turn_ids: Sequence[int]) -> list[TurnProposal]:
    """All that was ever proposed to these turns of a locked transcript."""
    statement = select(TurnProposal).where(TurnProposal.turn_id.in_(turn_ids)).order_by(TurnProposal.id)
    return list(db.session.scalars(statement))


def names_without_link(event_id: int, transcript_id: int, session_id: int) -> list[str]:
    """The names of those who are named in a session or speak in its transcript and have no link of their own."""
    linked = select(SpeakerInvitation.speaker_id).where(
        SpeakerInvitation.event_id == event_id, SpeakerInvitation.revoked_at.is_(None)
    )
    taking_part = _taking_part(Speaker.id, transcript_id, session_id)
    statement = select(Speaker.name).where(taking_part, Speaker.id.not_in(linked), Speaker.merged_into_id.is_(None))
    return list(db.session.scalars(statement.order_by(Speaker.name_sort, Speaker.id)))


def _taking_part(speaker_id: ColumnElement[int] | Any, transcript_id: int, session_id: int) -> ColumnElement[bool]:
    named = select(Contribution.speaker_id).where(
        Contribution.session_id == session_id, Contribution.speaker_id.is_not(None)
    )
    own = aliased(Speaker)
    speaks = select(func.coalesce(own.merged_into_id, own.id)).join(Turn, Turn.speaker_id == own.id)
    speaks = speaks.where(Turn.transcript_id == transcript_id, STANDS)
    return or_(speaker_id.in_(named), speaker_id.in_(speaks))


def invitations_to_check(event_id: int, transcript_id: int, session_id: int) -> list[SpeakerInvitation]:
    """The personal links, not taken back, of those who are named in a session or speak in its transcript."""
    statement = (
        select(SpeakerInvitation)
        .where(
            SpeakerInvitation.event_id == event_id,
            SpeakerInvitation.revoked_at.is_(None),
            _taking_part(SpeakerInvitation.speaker_id, transcript_id, session_id),
        )
        .options(joinedload(SpeakerInvitation.speaker).defer(Speaker.biography))
        .order_by(SpeakerInvitation.id)
    )
    return list(db.session.scalars(statement))
