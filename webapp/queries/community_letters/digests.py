"""What digests are made of: whose turn it is, what they may read, and what was written since they were last told.

Asked of some hundred people at once; what is the same for all of them is asked once.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, literal, select

from webapp.database import UtcDateTime
from webapp.extensions import db
from webapp.models.accounts import Person
from webapp.models.communities import Community, MailPace, Participation
from webapp.models.community_letters import DigestRun
from webapp.models.topics import Follow, Post, Topic, TopicReading
from webapp.queries.batches import batched
from webapp.queries.community_letters.reading import reads
from webapp.queries.topics import published


@dataclass(frozen=True)
class Reader:
    """Somebody who is to be told what is new in a community since a time."""

    person_id: int
    name: str
    email: str
    community_id: int
    told_until: datetime


@dataclass(frozen=True)
class Fresh:
    """A post that was published since."""

    post_id: int
    topic_id: int
    number: int
    author_id: int
    published_at: datetime


def find_run(due_at: datetime) -> DigestRun | None:
    """How far the digests of this morning are, if they were begun."""
    return db.session.scalars(select(DigestRun).where(DigestRun.due_at == due_at)).one_or_none()


def lock_run(due_at: datetime) -> DigestRun | None:
    """The same, locked; None where another worker is about them, or they were not begun."""
    statement = select(DigestRun).where(DigestRun.due_at == due_at).with_for_update(skip_locked=True)
    return db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def _is_due(*, daily: datetime, weekly: datetime) -> ColumnElement[bool]:
    """The condition that somebody was told of a community before the morning at which it was due, by their pace."""
    moments = {MailPace.DAILY: daily, MailPace.WEEKLY: weekly}
    # Who is due is looked for by people, a few at a time, and by no index of all that is due.
    due = case(*((Participation.pace == pace, literal(at, UtcDateTime())) for pace, at in moments.items()))
    return Participation.told_until < due


def people_due(*, after: int, limit: int, daily: datetime, weekly: datetime) -> list[int]:
    """The next few people of whom a digest is due, by their ids."""
    statement = (
        select(Participation.person_id)
        .where(Participation.person_id > after, _is_due(daily=daily, weekly=weekly))
        .distinct()
        .order_by(Participation.person_id)
        .limit(limit)
    )
    return list(db.session.scalars(statement))


def lock_due(person_ids: Collection[int], *, daily: datetime, weekly: datetime) -> list[int]:
    """How these people take part where a digest of theirs is due, as ids, locked in their order."""
    statement = select(Participation.id).where(
        Participation.person_id.in_(person_ids), _is_due(daily=daily, weekly=weekly)
    )
    ordered = statement.order_by(Participation.person_id, Participation.id)
    return list(db.session.scalars(ordered.with_for_update()))


def readers_of(person_ids: Collection[int], *, daily: datetime, weekly: datetime, now: datetime) -> list[Reader]:
    """Which of these people are to be told of which communities, by person; without what they mute or cannot read."""
    statement = (
        select(Person.id, Person.name, Person.email, Community.id, Participation.told_until)
        .join(Participation, Participation.person_id == Person.id)
        .join(Community, Community.id == Participation.community_id)
        .where(Person.id.in_(person_ids), Person.merged_into_id.is_(None))
        .where(_is_due(daily=daily, weekly=weekly), ~Participation.mutes, reads(Person.id, now=now))
        .order_by(Person.id, Community.id)
    )
    return [Reader(*row) for row in db.session.execute(statement)]


def fresh_posts(community_id: int, *, since: datetime, until: datetime) -> list[Fresh]:
    """What was published in a community after one moment and up to another, and still is, by topic and number."""
    statement = (
        select(Post.id, Post.topic_id, Post.number, Post.author_id, Post.published_at)
        .join(Topic, Topic.id == Post.topic_id)
        .where(Post.community_id == community_id, Post.published_at > since, Post.published_at <= until)
        .where(Topic.community_id == community_id, published())
        .order_by(Post.topic_id, Post.number, Post.id)
    )
    return [Fresh(*row) for row in db.session.execute(statement)]  # type: ignore[arg-type]  # a published one has both


def readings_of(person_ids: Collection[int], topic_ids: Collection[int]) -> dict[int, dict[int, tuple[int, bool]]]:
    """By person and topic how far each has read it, and whether they mute it; 500 topics to a query."""
    found: dict[int, dict[int, tuple[int, bool]]] = {}
    for some in batched(sorted(topic_ids)):
        statement = select(TopicReading.person_id, TopicReading.topic_id, TopicReading.number, TopicReading.follow)
        rows = db.session.execute(
            statement.where(TopicReading.topic_id.in_(some), TopicReading.person_id.in_(person_ids))
        )
        for person_id, topic_id, number, follow in rows:
            found.setdefault(person_id, {})[topic_id] = (number, follow is Follow.MUTES)
    return found
