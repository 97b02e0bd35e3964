"""A speaker as everybody sees them."""

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.agenda import Contribution, Session
from webapp.models.events import Event, EventDay, EventState
from webapp.models.speakers import Speaker


def get_speaker(public_id: str) -> Speaker:
    """The speaker with organisation and photograph; a profile that was merged leads to the one that stayed.

    Raises NotFound unless named in a session of a public event.
    """
    asked = aliased(Speaker)
    named = (
        select(Contribution.id)
        .join(Contribution.session)
        .join(Session.event)
        .where(Contribution.speaker_id == Speaker.id, Event.state != EventState.DRAFT)
    )
    statement = (
        select(Speaker)
        .join(asked, func.coalesce(asked.merged_into_id, asked.id) == Speaker.id)
        .where(asked.public_id == public_id, named.exists())
        .options(joinedload(Speaker.organisation), joinedload(Speaker.photo))
    )
    speaker = db.session.scalars(statement).one_or_none()
    if speaker is None:
        raise NotFound
    return speaker


def contributions_of(speaker_id: int) -> list[Contribution]:
    """What a speaker contributes to public events, latest first, with session, event and organisation."""
    statement = (
        select(Contribution)
        .join(Contribution.session)
        .join(Session.event)
        .join(Session.day)
        .where(Contribution.speaker_id == speaker_id, Event.state != EventState.DRAFT)
        .options(
            contains_eager(Contribution.session).contains_eager(Session.event),
            contains_eager(Contribution.session).contains_eager(Session.day),
            joinedload(Contribution.organisation),
        )
        .order_by(EventDay.date.desc(), Session.starts.nulls_first(), Session.position, Contribution.id)
        .limit(500)
    )
    return list(db.session.scalars(statement).unique())
