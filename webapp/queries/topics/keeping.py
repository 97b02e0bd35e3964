"""What moderators need to know of topics that they move, merge and split."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, union
from sqlalchemy.orm import selectinload

from webapp.extensions import db
from webapp.models.accounts import Viewer, Visitor
from webapp.models.communities import Community
from webapp.models.moderation import ModerationCase
from webapp.models.topics import Follow, Post, PostDraft, PostState, SameQuestion, Topic, TopicReading
from webapp.queries.communities import readable
from webapp.queries.topics.reading import seen_by

OFFERED = 50


def destinations(community: Community, *, viewer: Viewer | Visitor) -> list[Community]:
    """The community and the others of its programme that the viewer reads and that are open, with their categories.

    By name, this one first; whoever asks leaves out those that the viewer does not moderate.
    """
    statement = (
        select(Community)
        .where(Community.programme_id == community.programme_id, readable(viewer))
        .where(or_(Community.archived_at.is_(None), Community.id == community.id))
        .options(selectinload(Community.categories))
    )
    found = db.session.scalars(statement.order_by(Community.id))
    return sorted(found, key=lambda one: (one.id != community.id, one.name.casefold(), one.id))


def topics_beside(topic: Topic) -> list[Topic]:
    """The 50 other topics of its community that were written in last: such as may be about the same."""
    statement = select(Topic).where(
        Topic.community_id == topic.community_id, Topic.id != topic.id, seen_by(None, moderates=False)
    )
    statement = statement.where(Topic.merged_into_id.is_(None))
    return list(db.session.scalars(statement.order_by(Topic.last_post_at.desc(), Topic.id.desc()).limit(OFFERED)))


def find_topic_in(community_id: int, public_id: str) -> Topic | None:
    """The topic of a community by its public id, in whatever state, if there is one."""
    statement = select(Topic).where(Topic.community_id == community_id, Topic.public_id == public_id)
    return db.session.scalars(statement).one_or_none()


def programme_of(topic: Topic) -> int:
    """The id of the programme that a topic belongs to."""
    return db.session.scalars(select(Community.programme_id).where(Community.id == topic.community_id)).one()


def ids_of_posts(topic_id: int) -> Select[int]:
    """The ids of all posts of a topic, to be asked within another statement."""
    return select(Post.id).where(Post.topic_id == topic_id)


def has_open_case(topic_id: int) -> bool:
    """Whether a post of the topic waits for moderators."""
    statement = select(ModerationCase.id).join(Post, Post.id == ModerationCase.post_id)
    statement = statement.where(Post.topic_id == topic_id, ModerationCase.decided_at.is_(None))
    return db.session.scalar(statement.limit(1)) is not None


def count_published(topic_id: int) -> int:
    """How many posts of a topic are published."""
    statement = select(func.count()).where(Post.topic_id == topic_id, Post.state == PostState.PUBLISHED)
    return db.session.scalar(statement) or 0


def first_number(topic_id: int) -> int | None:
    """The lowest number of a post in a topic; None where none has any."""
    return db.session.scalar(select(func.min(Post.number)).where(Post.topic_id == topic_id))


def lock_chosen(topic_id: int, public_ids: Collection[str], *, and_later: bool) -> list[Post]:
    """Those of these posts that have a number in the topic, locked, by number; with all after the last, if wanted."""
    named = Post.public_id.in_(sorted(public_ids))
    wanted: ColumnElement[bool] = named
    if and_later:
        last = select(func.max(Post.number)).where(Post.topic_id == topic_id, named).scalar_subquery()
        wanted = or_(named, Post.number > last)
    statement = select(Post).where(Post.topic_id == topic_id, Post.number.is_not(None), wanted)
    statement = statement.order_by(Post.number, Post.id).with_for_update()
    return list(db.session.scalars(statement.execution_options(populate_existing=True)))


def lock_drafts(topic_id: int) -> list[PostDraft]:
    """What people have begun to write in a topic, locked by id."""
    statement = select(PostDraft).where(PostDraft.for_topic == topic_id).order_by(PostDraft.id)
    return list(db.session.scalars(statement.with_for_update().execution_options(populate_existing=True)))


def readings_as_of(topic: Topic, other: Topic, *, numbers: Sequence[int] = ()) -> Any:
    """How far people have read one topic, and whether they follow it, as rows of another: of the posts `numbers`."""
    read: ColumnElement[int] = literal(0)
    if numbers:
        # How many of these they have read; asked of runs that stand side by side, of which there are few.
        read = sum((_read_of(first, last) for first, last in _runs(numbers)), start=literal(0))
    return select(TopicReading.person_id, literal(other.id), read, TopicReading.follow).where(
        TopicReading.topic_id == topic.id
    )


def _read_of(first: int, last: int) -> ColumnElement[int]:
    return case(
        (TopicReading.number < first, 0),
        (TopicReading.number >= last, last - first + 1),
        else_=TopicReading.number - first + 1,
    )


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Numbers that go up, as the first and last of each run without a gap."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def readers_to_the_end(topic: Topic) -> Select[int]:
    """The ids of whoever has read all of a topic, to be asked within another statement."""
    return select(TopicReading.person_id).where(
        TopicReading.topic_id == topic.id, TopicReading.number >= topic.last_number
    )


def followers_of(topic: Topic) -> Select[int]:
    """The ids of whoever follows a topic, to be asked within another statement."""
    return select(TopicReading.person_id).where(
        TopicReading.topic_id == topic.id, TopicReading.follow == Follow.FOLLOWS
    )


def askers_as_of(topic: Topic, other: Topic) -> Any:
    """Who asked one question, and who has it too, as rows of another; without who asked that."""
    asked = select(literal(other.id), literal(topic.author_id)).where(literal(topic.author_id) != other.author_id)
    too = select(literal(other.id), SameQuestion.person_id).where(
        and_(SameQuestion.topic_id == topic.id, SameQuestion.person_id != other.author_id)
    )
    return union(asked, too)


def count_same(topic_id: int) -> int:
    """How many people have the question too."""
    return db.session.scalar(select(func.count()).where(SameQuestion.topic_id == topic_id)) or 0
