"""What can be quoted of transcripts in a post, and where people write who want to quote it."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import Viewer, Visitor
from webapp.models.agenda import Session
from webapp.models.communities import Community
from webapp.models.events import Event, EventState
from webapp.models.speakers import Speaker
from webapp.models.topics import Topic, TopicReading
from webapp.models.transcripts import Transcript, TranscriptState, Turn
from webapp.queries.communities import readable
from webapp.queries.topics import seen_by
from webapp.queries.transcripts import STANDS

MOST_TOPICS = 10


@dataclass(frozen=True)
class Said:
    """A turn of a published transcript, who said it, and what its address is made of."""

    public_id: str
    words: str
    name: str
    session_public_id: str
    session_slug: str
    session: str
    event_public_id: str
    event_slug: str
    event: str


def get_said(public_id: str) -> Said:
    """The turn as it stands in a published transcript; raises NotFound."""
    own = aliased(Speaker)
    statement = (
        select(Turn.public_id, Turn.words, func.coalesce(Speaker.name, Turn.label))
        .add_columns(Session.public_id, Session.slug, Session.title, Event.public_id, Event.slug, Event.title)
        .join(Transcript, Transcript.id == Turn.transcript_id)
        .join(Transcript.session)
        .join(Session.event)
        .outerjoin(own, own.id == Turn.speaker_id)
        .outerjoin(Speaker, Speaker.id == func.coalesce(own.merged_into_id, own.id))
        .where(Turn.public_id == public_id, STANDS)
        .where(Transcript.state == TranscriptState.PUBLISHED, Event.state != EventState.DRAFT)
    )
    row = db.session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    return Said(*row)


def topics_opened_by(person_id: int, *, viewer: Viewer | Visitor) -> list[Topic]:
    """The ten open topics with the newest posts among those that a person read last, with their communities."""
    statement = (
        select(Topic)
        .join(TopicReading, TopicReading.topic_id == Topic.id)
        .join(Community, Community.id == Topic.community_id)
        .where(TopicReading.person_id == person_id, readable(viewer))
        .where(seen_by(None, moderates=False), Topic.closed_at.is_(None), Topic.merged_into_id.is_(None))
        .where(Community.archived_at.is_(None))
        .options(joinedload(Topic.community))
    )
    return list(db.session.scalars(statement.order_by(Topic.last_post_at.desc(), Topic.id.desc()).limit(MOST_TOPICS)))
