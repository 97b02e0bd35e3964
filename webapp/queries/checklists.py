"""Counting what there is of an event, for its checklist."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from webapp.extensions import db
from webapp.models.accounts import Grant, ThingKind
from webapp.models.agenda import Session
from webapp.models.drafts import AgendaRelease, DraftSession
from webapp.models.materials import Material
from webapp.models.recordings import Recording, RecordingState, Unrecorded


@dataclass(frozen=True)
class Numbers:
    """What there is of an event beside its own facts."""

    drafted: int
    placed: int
    released: int
    releases: int
    people: int
    materials: int
    recordings: int
    recordings_published: int
    unrecorded: int


def numbers_of(event_id: int, *, now: datetime) -> Numbers:
    """How many sessions are drafted, placed and released, how often, how many people have a role; and what is left.

    That is materials, recordings, and sessions of which it is said that there is none.
    """
    drafted = select(func.count()).select_from(DraftSession).where(DraftSession.event_id == event_id)
    grants = select(func.count(Grant.person_id.distinct())).where(
        Grant.thing_kind == ThingKind.EVENT,
        Grant.thing_id == event_id,
        or_(Grant.until.is_(None), Grant.until > now),
    )
    recordings = select(func.count()).select_from(Recording).where(Recording.event_id == event_id)
    asked = (
        drafted,
        drafted.where(DraftSession.day_id.is_not(None)),
        select(func.count()).select_from(Session).where(Session.event_id == event_id),
        select(func.count()).select_from(AgendaRelease).where(AgendaRelease.event_id == event_id),
        grants,
        select(func.count()).select_from(Material).where(Material.event_id == event_id),
        recordings,
        recordings.where(Recording.state == RecordingState.PUBLISHED),
        select(func.count()).select_from(Unrecorded).where(Unrecorded.event_id == event_id),
    )
    return Numbers(*db.session.execute(select(*(one.scalar_subquery() for one in asked))).one())
