"""Whom a new post is told to at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, union

from webapp.extensions import db
from webapp.models.accounts import Person
from webapp.models.communities import Community, MailPace, Participation
from webapp.models.community_letters import PostTelling
from webapp.models.mailings import Letter, LetterState
from webapp.models.topics import Follow, Post, PostMention, SameQuestion, Topic, TopicReading
from webapp.queries.community_letters.reading import reads
from webapp.queries.topics import published


@dataclass(frozen=True)
class Follower:
    """Somebody to be told of a post, and whether it mentions them."""

    id: int
    name: str
    email: str
    is_mentioned: bool


def to_tell() -> list[int]:
    """The posts of which followers are still to be told, the oldest first."""
    return list(db.session.scalars(select(PostTelling.post_id).order_by(PostTelling.post_id)))


def find_telling(post_id: int) -> tuple[int, Post] | None:
    """Up to which person a post was told, and the post; None once all were, or nobody is to read it any more."""
    statement = (
        select(PostTelling.told_person_id, Post)
        .join(Post, Post.id == PostTelling.post_id)
        .join(Topic, Topic.id == Post.topic_id)
        .where(PostTelling.post_id == post_id, published())
    )
    row = db.session.execute(statement).one_or_none()
    return None if row is None else (row[0], row[1])


def lock_telling(post_id: int) -> PostTelling | None:
    """What is still to be told of a post, locked; None where another worker is about it, or all were told."""
    statement = select(PostTelling).where(PostTelling.post_id == post_id).with_for_update(skip_locked=True)
    return db.session.scalars(statement).one_or_none()


def perhaps_told(post: Post, *, after: int, limit: int) -> list[int]:
    """The next few people who may have to be told of a post at once, by their ids.

    Those are whoever it mentions, whoever follows its topic, and whoever wants a letter for each post there.
    """
    mentioned = select(PostMention.person_id).where(PostMention.post_id == post.id, PostMention.person_id > after)
    follow = select(TopicReading.person_id).where(
        TopicReading.topic_id == post.topic_id, TopicReading.follow == Follow.FOLLOWS, TopicReading.person_id > after
    )
    at_once = select(Participation.person_id).where(
        Participation.community_id == post.community_id,
        Participation.pace == MailPace.IMMEDIATE,
        Participation.person_id > after,
    )
    # Each in the order of an index, so that of thousands no more than the first few are read.
    parts = (
        mentioned.order_by(PostMention.person_id).limit(limit).subquery(),
        follow.order_by(TopicReading.person_id).limit(limit).subquery(),
        at_once.order_by(Participation.person_id).limit(limit).subquery(),
    )
    named = union(*(select(part.c.person_id) for part in parts)).subquery()
    return list(db.session.scalars(select(named.c.person_id).order_by(named.c.person_id).limit(limit)))


def followers_of(post: Post, person_ids: Collection[int], *, now: datetime) -> list[Follower]:
    """Those of these few hundred people who are to be told of the post, by their ids.

    Not its writer, nor who mutes the topic or the community, wants no letters of it, or cannot read it; and nobody
    twice, where it was taken away and published again.
    """
    told = select(Letter.person_id).where(
        Letter.post_id == post.id, Letter.person_id.is_not(None), Letter.state != LetterState.CANCELLED
    )
    statement = (
        select(Person.id, Person.name, Person.email, PostMention.post_id.is_not(None))
        .select_from(Person)
        .join(Community, Community.id == post.community_id)
        .outerjoin(PostMention, and_(PostMention.person_id == Person.id, PostMention.post_id == post.id))
        .outerjoin(Participation, _takes_part(post.community_id))
        .outerjoin(TopicReading, and_(TopicReading.person_id == Person.id, TopicReading.topic_id == post.topic_id))
        .where(Person.id.in_(person_ids), Person.id != post.author_id, Person.id.not_in(told))
        .where(_is_open_to_letters(now), _does_not_mute())
        .order_by(Person.id)
    )
    return [Follower(*row) for row in db.session.execute(statement)]


def askers_of(topic: Topic, author_id: int, *, now: datetime) -> list[Follower]:
    """Who is told of an accepted answer, by their ids: its writer, who asked, and who said that they ask the same."""
    same = select(SameQuestion.person_id).where(SameQuestion.topic_id == topic.id)
    statement = (
        select(Person.id, Person.name, Person.email, Person.id == author_id)
        .select_from(Person)
        .join(Community, Community.id == topic.community_id)
        .outerjoin(Participation, _takes_part(topic.community_id))
        .outerjoin(TopicReading, and_(TopicReading.person_id == Person.id, TopicReading.topic_id == topic.id))
        .where(or_(Person.id.in_((author_id, topic.author_id)), Person.id.in_(same)))
        .where(_is_open_to_letters(now), _does_not_mute())
        .order_by(Person.id)
    )
    return [Follower(*row) for row in db.session.execute(statement)]


def _takes_part(community_id: int) -> ColumnElement[bool]:
    return and_(Participation.person_id == Person.id, Participation.community_id == community_id)


def _is_open_to_letters(now: datetime) -> ColumnElement[bool]:
    """That the person wants letters of the community, or said nothing of it, and reads it."""
    pace = func.coalesce(Participation.pace, MailPace.DAILY.value)
    mutes = func.coalesce(Participation.mutes, False)
    return and_(Person.merged_into_id.is_(None), pace != MailPace.NONE.value, ~mutes, reads(Person.id, now=now))


def _does_not_mute() -> ColumnElement[bool]:
    return func.coalesce(TopicReading.follow, Follow.NONE.value) != Follow.MUTES.value
