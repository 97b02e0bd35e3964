"""Polls at the head of topics. Who chose what is kept so that nobody counts twice, and told to nobody."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete as delete_from

from webapp.database import insert_many
from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.topics import Poll, PollOption, PollVote, Topic
from webapp.queries import topics as queries
from webapp.services.activity import record
from webapp.services.topics.refusals import PostRefused, TopicClosed

FEWEST_CHOICES, MOST_CHOICES = 2, 12
_GONE = "There is no poll here any more."


@dataclass(frozen=True, kw_only=True)
class PollWords:
    """What a poll asks: its choices in their order, how many of them each may take, and when it closes."""

    question: str
    choices: Sequence[str]
    most: int = 1
    closes_at: datetime | None = None


def put_poll(topic: Topic, words: PollWords) -> Poll:
    """A poll at the head of a locked topic that has none."""
    poll = Poll(topic_id=topic.id, question=words.question, most=words.most, closes_at=words.closes_at)
    poll.options = [PollOption(position=place, text=text) for place, text in enumerate(words.choices, 1)]
    db.session.add(poll)
    db.session.flush()
    return poll


def add_poll(topic_id: int, words: PollWords, *, actor: Actor, now: datetime) -> Poll:
    """Let a topic that was begun without one have a poll; raises PostRefused for anybody but its writer, TopicClosed.

    Where a community sees first posts first, its writer is somebody whom it knows.
    """
    topic = queries.lock_topic(topic_id)
    if topic.is_closed or topic.merged_into_id is not None:
        raise TopicClosed("This topic was closed meanwhile.")
    if actor.person_id != topic.author_id or not topic.is_seen:
        raise PostRefused("Only whoever began the topic adds a poll to it, once the topic is published.")
    if queries.find_poll(topic.id) is not None:
        raise PostRefused("This topic has a poll already.")
    poll = put_poll(topic, words)
    record("poll_added", ThingKind.TOPIC, topic.id, actor=actor, now=now, choices=len(words.choices))
    return poll


def vote(topic_id: int, chosen: Collection[str], *, person_id: int, now: datetime) -> None:
    """Let somebody choose by the public ids of choices, in place of what they chose before.

    Raises PostRefused for a poll that is closed or gone, for none, too many, or choices that are not there.
    """
    topic = queries.lock_topic(topic_id)
    poll = queries.find_poll(topic.id)
    if poll is None or topic.merged_into_id is not None:
        raise PostRefused(_GONE)
    if topic.is_closed or not poll.is_open(now):
        raise PostRefused("This poll is closed. Nobody can vote in it any more.")
    ids = [one.id for one in poll.options if one.public_id in chosen]
    if not ids or len(ids) != len(set(chosen)):
        raise PostRefused("Select what you vote for.")
    if len(ids) > poll.most:
        raise PostRefused(f"Select {poll.most} at most." if poll.most > 1 else "Select one.")
    db.session.execute(delete_from(PollVote).where(PollVote.poll_id == poll.id, PollVote.person_id == person_id))
    rows = [{"option_id": one, "person_id": person_id, "poll_id": poll.id} for one in ids]
    insert_many(db.session, PollVote.__table__, rows)


def close_poll(topic_id: int, *, moderates: bool, actor: Actor, now: datetime) -> None:
    """Let nobody vote any more, so that all see the result; closed already, nothing happens. Raises PostRefused."""
    topic = queries.lock_topic(topic_id)
    poll = _own(topic, actor, moderates=moderates)
    if poll.is_open(now):
        poll.closes_at = now
        record("poll_closed", ThingKind.TOPIC, topic.id, actor=actor, now=now)
    db.session.flush()


def remove_poll(topic_id: int, *, moderates: bool, actor: Actor, now: datetime) -> None:
    """Take a poll away with all votes; its writer does while nobody has voted. Raises PostRefused."""
    topic = queries.lock_topic(topic_id)
    poll = _own(topic, actor, moderates=moderates)
    if not moderates and queries.has_votes(poll.id):
        raise PostRefused("Somebody has voted already. You can close the poll; only a moderator takes it away.")
    take_poll(topic)
    record("poll_removed", ThingKind.TOPIC, topic.id, actor=actor, now=now)


def take_poll(topic: Topic) -> list[str]:
    """Take away the poll of a locked topic, if there is one; gives the words that went."""
    poll = queries.find_poll(topic.id)
    if poll is None:
        return []
    words = [poll.question, *(one.text for one in poll.options)]
    db.session.execute(delete_from(PollVote).where(PollVote.poll_id == poll.id))
    db.session.delete(poll)
    db.session.flush()
    return words


def _own(topic: Topic, actor: Actor, *, moderates: bool) -> Poll:
    poll = queries.find_poll(topic.id)
    if poll is None:
        raise PostRefused(_GONE)
    if not moderates and actor.person_id != topic.author_id:
        raise PostRefused("Only whoever began the topic does that, or a moderator.")
    return poll
