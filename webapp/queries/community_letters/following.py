"""What somebody follows and mutes, and which letters they get."""

from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from webapp.extensions import db
from webapp.models.accounts import Viewer
from webapp.models.communities import Community, MailPace, Participation
from webapp.models.topics import Follow, Topic, TopicReading
from webapp.queries.communities import own, readable
from webapp.queries.topics import seen_by

MOST_TOPICS = 200


@dataclass(frozen=True)
class MyCommunity:
    """A community that somebody takes part in, and which letters they get of it."""

    public_id: str
    slug: str
    name: str
    pace: MailPace
    mutes: bool
    is_archived: bool


@dataclass(frozen=True)
class Place:
    """A community as an address and a line name it."""

    public_id: str
    slug: str
    name: str


@dataclass(frozen=True)
class MyTopic:
    """A topic that somebody follows or mutes."""

    public_id: str
    slug: str
    title: str
    community: Place
    follow: Follow


def my_communities(viewer: Viewer) -> list[MyCommunity]:
    """One's own communities, and others that one takes part in and still reads, by name; those archived last.

    Where nobody chose letters yet, none come.
    """
    columns = Community.public_id, Community.slug, Community.name, Participation.pace, Participation.mutes
    statement = (
        select(*columns, Community.archived_at.is_not(None), Community.id)
        .outerjoin(
            Participation,
            and_(Participation.community_id == Community.id, Participation.person_id == viewer.id),
        )
        .where(readable(viewer), or_(Participation.id.is_not(None), own(viewer)))
        .order_by(Community.id)
    )
    rows = sorted(db.session.execute(statement), key=lambda row: (row[5], row[2].casefold(), row[6]))
    return [MyCommunity(*row[:3], row[3] or MailPace.NONE, bool(row[4]), row[5]) for row in rows]


def my_topics(viewer: Viewer) -> list[MyTopic]:
    """The topics that somebody follows or mutes and still reads, the newest first, 200 of them at most."""
    chosen = and_(TopicReading.person_id == viewer.id, TopicReading.follow != Follow.NONE)
    statement = (
        select(Topic.public_id, Topic.slug, Topic.title)
        .add_columns(Community.public_id, Community.slug, Community.name, TopicReading.follow)
        .join(TopicReading, TopicReading.topic_id == Topic.id)
        .join(Community, Community.id == Topic.community_id)
        .where(chosen, readable(viewer), seen_by(None, moderates=False), Topic.merged_into_id.is_(None))
        .order_by(Topic.last_post_at.desc(), Topic.id.desc())
        .limit(MOST_TOPICS)
    )
    return [
        MyTopic(public_id=public_id, slug=slug, title=title, community=Place(*place), follow=follow)
        for public_id, slug, title, *place, follow in db.session.execute(statement)
    ]
