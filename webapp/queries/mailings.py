"""Reading the outbox."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.orm import selectinload, undefer

from webapp.extensions import db
from webapp.models.events import Event
from webapp.models.mailings import OF_POSTS, Lane, Letter, LetterState
from webapp.models.operations import Heartbeat
from webapp.models.to_many import Mailing, MailingState, Timing
from webapp.queries.batches import batched

DUE = (LetterState.WAITING, LetterState.DEFERRED)


_columns = Letter.__table__.c
# Built once, and of columns alone, since it is asked after each letter.
TAKEN_IDS = select(_columns.id).where(_columns.state == LetterState.SENDING, _columns.taken_by == bindparam("worker"))


@dataclass(frozen=True)
class Unsent:
    """A letter on its way, and the worker that has taken it, if any."""

    id: int
    taken_by: str
    # Or one of another event or lane, which the same worker has.
    is_wanted: bool


def lock_due(lane: Lane, *, now: datetime, limit: int) -> list[Letter]:
    """The letters of a lane that are due, longest due first, with their bytes, locked; those held are passed over.

    Those of a letter to many come with it, for what they share. Before all others come reminders of what begins soon.
    """
    first = _lock_due_reminders(now=now, limit=limit) if lane is Lane.MAILING else []
    if len(first) == limit:
        return first
    found: list[Letter] = []
    # One state at a time: then the index gives them in this order, and a batch costs the same however many are due.
    for state in DUE:
        statement = (
            select(Letter)
            .where(Letter.lane == lane, Letter.state == state, Letter.next_attempt_at <= now)
            .order_by(Letter.next_attempt_at, Letter.id)
            .limit(limit)
        )
        if first:
            statement = statement.where(Letter.id.not_in([letter.id for letter in first]))
        found += db.session.scalars(_locked_with_bytes(statement))
    return first + sorted(found, key=lambda letter: (letter.next_attempt_at, letter.id))[: limit - len(first)]


def _lock_due_reminders(*, now: datetime, limit: int) -> list[Letter]:
    """Letters that are of no more use once their event begins, the one that begins soonest first."""
    reminders = (
        select(Mailing.id)
        .join(Mailing.event)
        .where(Mailing.state == MailingState.SENDING, Mailing.timing == Timing.BEFORE_START, Event.starts_at > now)
        .order_by(Event.starts_at, Mailing.id)
    )
    found: list[Letter] = []
    for mailing_id in db.session.scalars(reminders).all():
        statement = (
            select(Letter)
            .where(Letter.mailing_id == mailing_id, Letter.state.in_(DUE), Letter.next_attempt_at <= now)
            .order_by(Letter.state, Letter.id)
            .limit(limit - len(found))
        )
        found += db.session.scalars(_locked_with_bytes(statement))
        if len(found) == limit:
            break
    return found


def _locked_with_bytes(statement: Select[Letter]) -> Select[Letter]:
    loaded = statement.options(undefer(Letter.message), selectinload(Letter.mailing))
    return loaded.with_for_update(skip_locked=True)


def taken_ids(worker: str) -> set[int]:
    """The letters that this worker has taken, and neither sent nor lost to another."""
    return set(db.session.scalars(TAKEN_IDS, {"worker": worker}))


def lock_taken(worker: str) -> list[Letter]:
    """The letters that this worker has taken, in the order in which they were to be sent, locked."""
    statement = select(Letter).where(Letter.state == LetterState.SENDING, Letter.taken_by == worker)
    return list(db.session.scalars(statement.order_by(Letter.id).with_for_update()))


def lock_unsent(event_id: int, lane: Lane, *, mailing_id: int | None = None) -> list[Unsent]:
    """An event's letters in a lane that have not ended, those that workers have in hand included, locked by id.

    With `mailing_id` only those of that letter to many. With them comes whatever else the same workers have taken: only
    by all of it can be told which they have in hand.
    In this order workers lock them too, so that neither waits for the other for ever.
    """
    unsent = (LetterState.WAITING, LetterState.DEFERRED, LetterState.HELD, LetterState.SENDING)
    wanted = and_(Letter.event_id == event_id, Letter.lane == lane)
    if mailing_id is not None:
        wanted &= Letter.mailing_id == mailing_id
    taken = and_(Letter.state == LetterState.SENDING, Letter.taken_by != "")
    workers = select(Letter.taken_by).where(wanted, taken).correlate(None)
    statement = select(Letter.id, Letter.taken_by, wanted.label("is_wanted")).where(
        or_(and_(wanted, Letter.state.in_(unsent)), and_(taken, Letter.taken_by.in_(workers)))
    )
    return [Unsent(*row) for row in db.session.execute(statement.order_by(Letter.id).with_for_update())]


def lock_unsent_to(event_id: int, person_id: int, link_id: str) -> list[int]:
    """The letters about one registration, to that person, that have not ended and that no worker has, locked by id."""
    unsent = (*DUE, LetterState.HELD)
    statement = select(Letter.id, Letter.facts).where(
        Letter.person_id == person_id, Letter.event_id == event_id, Letter.state.in_(unsent)
    )
    rows = db.session.execute(statement.order_by(Letter.id).with_for_update())
    return [letter_id for letter_id, facts in rows if facts.get("link_id") == link_id]


def lock_unsent_of_posts(post_ids: Collection[int]) -> list[Unsent]:
    """The letters that tell of any of these posts and have not ended, locked by id; and what else their workers have.

    What a digest tells of stands in its facts alone: of those on their way each is looked at.
    """
    unsent = Letter.state.in_((*DUE, LetterState.HELD, LetterState.SENDING))
    looked_at = select(Letter.id, Letter.facts).where(unsent, Letter.notice.in_(sorted(OF_POSTS)))
    ids = [letter_id for letter_id, facts in db.session.execute(looked_at) if _tells_of(facts, post_ids)]
    found: list[Unsent] = []
    for some in batched(sorted(ids)):
        wanted = Letter.id.in_(some)
        taken = and_(Letter.state == LetterState.SENDING, Letter.taken_by != "")
        workers = select(Letter.taken_by).where(wanted, taken).correlate(None)
        statement = select(Letter.id, Letter.taken_by, and_(wanted, unsent).label("is_wanted")).where(
            or_(and_(wanted, unsent), and_(taken, Letter.taken_by.in_(workers)))
        )
        found += [Unsent(*row) for row in db.session.execute(statement.order_by(Letter.id).with_for_update())]
    return found


def _tells_of(facts: Mapping[str, Any], post_ids: Collection[int]) -> bool:
    news = facts.get("news", ())
    return any(post in post_ids for one in news for topic in one["topics"] for post in topic["posts"])


def expired_bytes(*, now: datetime, limit: int) -> list[int]:
    """The letters whose bytes have been kept for long enough."""
    statement = select(Letter.id).where(Letter.message_until <= now)
    return list(db.session.scalars(statement.order_by(Letter.message_until, Letter.id).limit(limit)))


def lock_abandoned(*, silent_since: datetime) -> list[Letter]:
    """Letters taken by workers not heard of since then, in the order in which they were to be sent, locked."""
    alive = select(Heartbeat.name).where(Heartbeat.beat_at >= silent_since)
    statement = select(Letter).where(Letter.state == LetterState.SENDING, Letter.taken_by.not_in(alive))
    return list(db.session.scalars(statement.order_by(Letter.id).with_for_update()))
