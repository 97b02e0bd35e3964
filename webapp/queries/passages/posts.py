"""What passages of communities there are to be: one of each published post, which only readers of the community find.

A topic may have thousands of posts. Their places adjoin, by the day on which the topic was begun, as those of the turns
of a transcript do. The title stands in the first post alone, so that a topic which is renamed writes one passage; who
may read a community is asked with each search, so that a community which is opened or closed to others writes none.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from webapp.extensions import db
from webapp.formats import posts
from webapp.models.communities import Community
from webapp.models.passages import Passage, PassageKind
from webapp.models.topics import Post, PostState, Topic
from webapp.queries.batches import batched
from webapp.queries.passages.building import Entry
from webapp.queries.topics import published
from webapp.searching import MOST_WITHIN

_FOUND = (published(), Post.number <= MOST_WITHIN)
_other = aliased(Post)
_NUMBERS = (
    select(_other.number)
    .where(_other.topic_id == Topic.id, _other.state == PostState.PUBLISHED)
    .order_by(_other.number, _other.id)
    .limit(1)
    .correlate(Topic)
)
_FIRST, _SECOND = _NUMBERS.scalar_subquery(), _NUMBERS.offset(1).scalar_subquery()


def entries_of_topics(ids: Collection[int]) -> list[Entry]:
    """What is to be found of these topics, post by post; nothing of what waits, was taken away or merged."""
    return _entries(Topic.id, ids)


def entries_of_posts(ids: Collection[int]) -> list[Entry]:
    """What is to be found of these posts; nothing of those that are not read by all who read their community."""
    return _entries(Post.id, ids)


# Made once: each answer that is published asks.
_SHOWN = (
    select(Post, Topic, Community.programme_id, Post.number == _FIRST)
    .join(Topic, Topic.id == Post.topic_id)
    .join(Community, Community.id == Topic.community_id)
    .where(*_FOUND)
    .order_by(Post.id)
)


def _entries(column: Any, ids: Collection[int]) -> list[Entry]:
    return [
        Entry(
            kind=PassageKind.TOPIC,
            source_id=topic.id,
            thing_id=post.id,
            public_id=post.public_id,
            slug="",
            title=topic.title if is_first else "",
            text=posts.plain(post.body),
            titled=bool(is_first),
            parent=(topic.public_id, ""),
            programme_id=programme_id,
            community_id=topic.community_id,
            day=topic.created_at.date(),
            within=(topic.id, post.number or 0),
            themes=frozenset({topic.theme_id} if topic.theme_id is not None else ()),
        )
        for some in batched(sorted(ids))
        for post, topic, programme_id, is_first in db.session.execute(_SHOWN.where(column.in_(some)))
    ]


def first_posts_of(topic_ids: Collection[int]) -> set[int]:
    """The ids of the first published posts of these topics, and of those that would be first without them."""
    statement = select(Post.id).join(Topic, Topic.id == Post.topic_id)
    statement = statement.where(*_FOUND, Post.number <= func.coalesce(_SECOND, _FIRST))
    return {
        one for some in batched(sorted(topic_ids)) for one in db.session.scalars(statement.where(Topic.id.in_(some)))
    }


def topics_of_posts(post_ids: Collection[int]) -> set[int]:
    """The ids of the topics in which these posts stand."""
    topics = select(Post.topic_id).distinct()
    return {one for some in batched(sorted(post_ids)) for one in db.session.scalars(topics.where(Post.id.in_(some)))}


def passages_of_posts(ids: Collection[int]) -> dict[int, str]:
    """The passages that there are of these posts: the digest of each by its place."""
    statement = select(Passage.place, Passage.digest).where(Passage.kind == PassageKind.TOPIC)
    return {
        place: digest
        for some in batched(sorted(ids))
        for place, digest in db.session.execute(statement.where(Passage.thing_id.in_(some)))
    }


def next_posts(after: int, limit: int) -> list[int]:
    """The next ids after this one of posts, or of what was one that has a passage."""
    there = select(Post.id).where(Post.id > after).order_by(Post.id).limit(limit)
    made = select(Passage.thing_id).where(Passage.kind == PassageKind.TOPIC, Passage.thing_id > after).distinct()
    made = made.order_by(Passage.thing_id).limit(limit)
    return sorted({*db.session.scalars(there), *db.session.scalars(made)})[:limit]
