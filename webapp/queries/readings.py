"""What is new to a person in communities: which topics they have not read to the end, and where to read on.

A topic is unread if something was published in it since the person began to take part, or last marked all as read, and
its newest post is beyond what they read. Of each community the 200 topics with the newest posts are looked at: so what
is asked costs the same however much was written, and who never marks anything is not asked to catch up on years.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, select
from sqlalchemy.orm import contains_eager, joinedload

from webapp.extensions import db
from webapp.models.accounts import Person
from webapp.models.communities import Community, Participation
from webapp.models.memberships import Membership
from webapp.models.topics import Follow, Post, Topic, TopicReading
from webapp.queries.topics import published, seen_by

LOOKED_AT = 200
# More are said to be more than this.
MOST_COUNTED = 99


@dataclass(frozen=True)
class Unread:
    """How many posts of a topic are new to somebody, and whether they have never opened it."""

    posts: int
    never_opened: bool

    @property
    def is_more(self) -> bool:
        """Whether there are more than are counted."""
        return self.posts > MOST_COUNTED


def unread_counts(person_id: int, community_ids: Collection[int]) -> dict[int, int]:
    """How many topics of each of these communities are unread, by its id; 100 stands for more than 99."""
    unread = _unread(person_id, _newest(person_id).correlate(Community, Participation))
    counted = select(func.count()).select_from(unread.limit(MOST_COUNTED + 1).subquery())
    statement = (
        select(Community.id, counted.scalar_subquery())
        .outerjoin(Participation, _takes_part(person_id))
        .where(Community.id.in_(sorted(community_ids)))
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def unread_topics(person_id: int, community_id: int) -> list[Topic]:
    """The unread topics of a community, those with the newest posts first, up to 100."""
    newest = _newest(person_id).join(Topic.community).outerjoin(Participation, _takes_part(person_id))
    unread = _unread(person_id, newest.where(Community.id == community_id)).limit(MOST_COUNTED + 1)
    statement = (
        select(Topic)
        .where(Topic.id.in_(unread))
        .options(joinedload(Topic.author), joinedload(Topic.last_author), joinedload(Topic.category))
        .options(joinedload(Topic.theme), joinedload(Topic.owner))
    )
    return list(db.session.scalars(statement.order_by(Topic.last_post_at.desc(), Topic.id.desc())))


def unread_of(person_id: int, topics: Collection[Topic]) -> dict[int, Unread]:
    """What is new to a person in each of these topics, by its id; those with nothing new are left out."""
    if not topics:
        return {}
    statement = (
        select(Topic.id, Topic.last_number, func.coalesce(TopicReading.number, 0))
        .join(Topic.community)
        .outerjoin(Participation, _takes_part(person_id))
        .outerjoin(TopicReading, _read_by(person_id, Topic.id))
        .where(Topic.id.in_(sorted(one.id for one in topics)))
        .where(_is_new(person_id), _not_read(Topic))
    )
    return {
        topic_id: Unread(min(last - number, MOST_COUNTED + 1), never_opened=number == 0)
        for topic_id, last, number in db.session.execute(statement)
    }


def first_unread(person_id: int, topic: Topic) -> Post | None:
    """The post that the person would read next in a topic, or the last one if they read it all; None without any."""
    read = select(TopicReading.number).where(_read_by(person_id, topic.id)).scalar_subquery()
    beyond = (
        select(Post)
        .where(Post.topic_id == topic.id, Post.number > func.coalesce(read, 0))
        .order_by(Post.number, Post.id)
    )
    found = db.session.scalars(beyond.limit(1)).one_or_none()
    if found is None:
        last = (
            select(Post)
            .where(Post.topic_id == topic.id, Post.number.is_not(None))
            .order_by(Post.number.desc(), Post.id.desc())
        )
        found = db.session.scalars(last.limit(1)).one_or_none()
    return found


def person_and_topic_exist(person_id: int, topic_id: int) -> bool:
    """Whether there is still a person and a topic of these ids."""
    statement = select(exists().where(Person.id == person_id) & exists().where(Topic.id == topic_id))
    return bool(db.session.scalar(statement))


def newest_posts(community_id: int, *, limit: int) -> list[Post]:
    """The posts published last in a community, the last first, with their topics and authors."""
    statement = (
        select(Post)
        .join(Post.topic)
        .where(Post.community_id == community_id, Post.published_at.is_not(None), published())
        .options(contains_eager(Post.topic), joinedload(Post.author))
    )
    return list(db.session.scalars(statement.order_by(Post.published_at.desc(), Post.id.desc()).limit(limit)))


def _takes_part(person_id: int) -> ColumnElement[bool]:
    return and_(Participation.community_id == Community.id, Participation.person_id == person_id)


def _read_by(person_id: int, topic_id: Any) -> ColumnElement[bool]:
    return and_(TopicReading.topic_id == topic_id, TopicReading.person_id == person_id)


def _since(person_id: int) -> ColumnElement[datetime]:
    """Since when there is anything new to a person: as they mark it, and before that since they are a member."""
    joined = select(func.min(Membership.joined_at)).where(
        Membership.person_id == person_id,
        Membership.programme_id == Community.programme_id,
        Membership.ended_at.is_(None),
    )
    return func.coalesce(Participation.read_until, joined.correlate(Community).scalar_subquery())


def _is_new(person_id: int) -> ColumnElement[bool]:
    """Whether a topic that all readers see has something new since then, in a community that is not muted.

    To who is no member, nothing is new.
    """
    return and_(
        Topic.last_post_at > _since(person_id),
        Topic.merged_into_id.is_(None),
        seen_by(None, moderates=False),
        ~func.coalesce(Participation.mutes, false()),
    )


def _not_read(topic: Any) -> ColumnElement[bool]:
    return and_(
        func.coalesce(TopicReading.number, 0) < topic.last_number,
        func.coalesce(TopicReading.follow, Follow.NONE) != Follow.MUTES,
    )


def _newest(person_id: int) -> Select[int, int, datetime]:
    """The newest topics of a community of the statement that have something new."""
    return (
        select(Topic.id, Topic.last_number, Topic.last_post_at)
        .where(Topic.community_id == Community.id, _is_new(person_id))
        .order_by(Topic.last_post_at.desc(), Topic.id.desc())
        .limit(LOOKED_AT)
    )


def _unread(person_id: int, newest: Select[int, int, datetime]) -> Select[int]:
    """The ids of those of these topics that the person has not read to the end."""
    some = newest.subquery()
    return (
        select(some.c.id)
        .outerjoin(TopicReading, _read_by(person_id, some.c.id))
        .where(_not_read(some.c))
        .order_by(some.c.last_post_at.desc(), some.c.id.desc())
    )
