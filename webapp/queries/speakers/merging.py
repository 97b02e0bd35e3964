"""All that hangs on two profiles, so that one of them can take over what the other has."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from webapp.extensions import db
from webapp.models.accounts import ThingKind
from webapp.models.agenda import Contribution, Session
from webapp.models.drafts import AgendaDraft, DraftContribution, DraftSession
from webapp.models.files import Attachment
from webapp.models.library import ResourceAuthor
from webapp.models.publications import Author
from webapp.models.speakers import Speaker, SpeakerInvitation
from webapp.models.transcripts import Transcript, TurnProposal


@dataclass(frozen=True, kw_only=True)
class MergeRows:
    """The rows that name either of two profiles, in the order of their ids."""

    released: list[Contribution]
    planned: list[DraftContribution]
    invitations: list[SpeakerInvitation]
    attachments: list[Attachment]
    articles: list[Author]
    resources: list[ResourceAuthor]
    proposals: list[TurnProposal]
    led_here: list[Speaker]


@dataclass(frozen=True, kw_only=True)
class MergeFigures:
    """How much would move from a profile that goes."""

    sessions: int
    events: int
    invitations: int
    files: int


def lock_drafts(speaker_ids: Iterable[int]) -> None:
    """Lock the draft agendas that plan with these speakers, as who changes one does, in the order of their events."""
    events = (
        select(DraftSession.event_id)
        .join(DraftContribution, DraftContribution.draft_session_id == DraftSession.id)
        .where(DraftContribution.speaker_id.in_(sorted(speaker_ids)))
    )
    statement = select(AgendaDraft.event_id).where(AgendaDraft.event_id.in_(events)).order_by(AgendaDraft.event_id)
    db.session.scalars(statement.with_for_update()).all()


def lock_transcripts_proposed_to(speaker_ids: Iterable[int]) -> None:
    """Lock the transcripts to which these speakers proposed corrections, as who decides on one does, in their order."""
    to = select(TurnProposal.transcript_id).where(TurnProposal.speaker_id.in_(sorted(speaker_ids)))
    statement = select(Transcript.id).where(Transcript.id.in_(to)).order_by(Transcript.id)
    db.session.scalars(statement.with_for_update()).all()


def lock_draft(event_id: int) -> None:
    """Lock the draft agenda of an event, as who changes it does; where there is none yet, nothing is locked."""
    db.session.scalars(select(AgendaDraft.event_id).where(AgendaDraft.event_id == event_id).with_for_update()).all()


def lock_merge_rows(speaker_ids: Iterable[int]) -> MergeRows:
    """All rows that name these profiles, locked until the unit ends."""
    ids = sorted(speaker_ids)
    released = select(Contribution).where(Contribution.speaker_id.in_(ids)).order_by(Contribution.id)
    planned = select(DraftContribution).where(DraftContribution.speaker_id.in_(ids)).order_by(DraftContribution.id)
    asked = select(SpeakerInvitation).where(SpeakerInvitation.speaker_id.in_(ids)).order_by(SpeakerInvitation.id)
    given = select(Attachment).where(_attached(ids)).order_by(Attachment.id)
    wrote = select(Author).where(Author.speaker_id.in_(ids)).order_by(Author.id)
    made = select(ResourceAuthor).where(ResourceAuthor.speaker_id.in_(ids)).order_by(ResourceAuthor.id)
    proposed = select(TurnProposal).where(TurnProposal.speaker_id.in_(ids)).order_by(TurnProposal.id)
    led = select(Speaker).where(Speaker.merged_into_id.in_(ids)).order_by(Speaker.id)
    fresh = {"populate_existing": True}
    return MergeRows(
        released=list(db.session.scalars(released.with_for_update().execution_options(**fresh))),
        planned=list(db.session.scalars(planned.with_for_update().execution_options(**fresh))),
        invitations=list(db.session.scalars(asked.with_for_update().execution_options(**fresh))),
        attachments=list(db.session.scalars(given.with_for_update().execution_options(**fresh))),
        articles=list(db.session.scalars(wrote.with_for_update().execution_options(**fresh))),
        resources=list(db.session.scalars(made.with_for_update().execution_options(**fresh))),
        proposals=list(db.session.scalars(proposed.with_for_update().execution_options(**fresh))),
        led_here=list(db.session.scalars(led.with_for_update())),
    )


def _attached(ids: list[int]) -> ColumnElement[bool]:
    return or_(
        Attachment.speaker_id.in_(ids),
        (Attachment.thing_kind == ThingKind.SPEAKER) & Attachment.thing_id.in_(ids),
    )


def merge_figures(speaker_id: int) -> MergeFigures:
    """How much hangs on a profile: sessions planned or released, their events, invitations and files."""
    planned = (
        select(func.coalesce(DraftSession.session_id, -DraftSession.id), DraftSession.event_id)
        .join(DraftContribution, DraftContribution.draft_session_id == DraftSession.id)
        .where(DraftContribution.speaker_id == speaker_id)
    )
    released = (
        select(Session.id, Session.event_id)
        .join(Contribution, Contribution.session_id == Session.id)
        .where(Contribution.speaker_id == speaker_id)
    )
    rows = {tuple(row) for statement in (planned, released) for row in db.session.execute(statement)}
    asked = select(func.count()).select_from(SpeakerInvitation).where(SpeakerInvitation.speaker_id == speaker_id)
    given = select(func.count()).select_from(Attachment).where(_attached([speaker_id]))
    return MergeFigures(
        sessions=len(rows),
        events=len({event_id for _, event_id in rows}),
        invitations=db.session.scalar(asked) or 0,
        files=db.session.scalar(given) or 0,
    )
