"""Polls and how they stand. Nothing here says who chose what, but for one's own choice."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from webapp.extensions import db
from webapp.models.topics import Poll, PollVote


@dataclass(frozen=True)
class Votes:
    """How often each choice was taken, by its id, by how many people in all, and which ones are the viewer's own."""

    counts: dict[int, int]
    voters: int
    own: frozenset[int]


def find_poll(topic_id: int) -> Poll | None:
    """The poll at the head of a topic with its choices, if there is one."""
    statement = select(Poll).where(Poll.topic_id == topic_id).options(selectinload(Poll.options))
    return db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def votes_of(poll_id: int, person_id: int | None) -> Votes:
    """How a poll stands, and what a person chose in it."""
    voters = select(func.count(PollVote.person_id.distinct())).where(PollVote.poll_id == poll_id).scalar_subquery()
    own = func.count().filter(PollVote.person_id == (person_id or 0))
    statement = (
        select(PollVote.option_id, func.count(), own, voters)
        .where(PollVote.poll_id == poll_id)
        .group_by(PollVote.option_id)
        .order_by(PollVote.option_id)
    )
    rows = db.session.execute(statement).all()
    return Votes(
        counts={option: number for option, number, _, _ in rows},
        voters=rows[0][3] if rows else 0,
        own=frozenset(option for option, _, mine, _ in rows if mine),
    )


def has_votes(poll_id: int) -> bool:
    """Whether anybody has voted."""
    return db.session.scalar(select(PollVote.option_id).where(PollVote.poll_id == poll_id).limit(1)) is not None
