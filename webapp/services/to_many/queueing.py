"""What the worker does: turns a letter whose time has come into one letter for each person, once.

One unit notes for whom it is, at that moment, and short ones then put the letters into the outbox, each from where the
one before it ended: 60,000 in one unit would keep everybody else from writing for longer than they wait.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp import outbox, transaction
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, ThingKind
from webapp.models.events import Event, EventState
from webapp.models.to_many import Mailing, MailingState
from webapp.notices import to_many as notices
from webapp.notices.letters import dump
from webapp.queries import to_many as queries
from webapp.services.activity import record
from webapp.services.to_many.audiences import ids_meant
from webapp.services.to_many.material import material_facts
from webapp.services.to_many.sending import MAY_WRITE, survey_hindrance, why_not

AT_ONCE = 500
_S = MailingState
logger = logging.getLogger(__name__)


def fire_due(clock: Callable[[], datetime], *, stopping: Callable[[], bool] = lambda: False) -> int:
    """Queue what is due and what was left half queued, and close what has all gone out; gives how many were due.

    To be called every minute, by as many workers as there are: each letter is queued once.
    """
    due = queries.due_to_fire(now=clock())
    db.session.rollback()
    fired = 0
    for mailing_id in due:
        if stopping():
            break
        try:
            with transaction.unit():
                fired += fire(mailing_id, now=clock())
        except Exception:  # one letter's trouble is not to hold up the others
            logger.exception("The letter to many %s could not be queued", mailing_id)
    begun = queries.being_queued()
    db.session.rollback()
    for mailing_id in begun:
        try:
            _queue_all(mailing_id, clock, stopping)
        except Exception:  # as above; where it ended, the next round goes on
            logger.exception("The letter to many %s could not be queued whole", mailing_id)
    finish(now=clock())
    return fired


def _queue_all(mailing_id: int, clock: Callable[[], datetime], stopping: Callable[[], bool]) -> None:
    more = True
    while more and not stopping():
        # Outside the unit, so that others write meanwhile: who waits for SQLite's lock looks ten times a second only.
        mailing = queries.find_being_queued(mailing_id)
        made = _make(mailing, mailing.event, clock()) if mailing else None
        db.session.rollback()
        with transaction.unit():
            more = queue_some(mailing_id, now=clock(), made=made)


@dataclass(frozen=True, kw_only=True)
class Made:
    """The letters to the next few people, ready to be put into the outbox, and how many of them get none."""

    registration_ids: list[int]
    rows: list[dict[str, Any]]
    declined: int


def _make(mailing: Mailing, event: Event, now: datetime) -> Made:
    ids = _still_to_queue(mailing)[:AT_ONCE]
    wanted = mailing.people.states
    # Who gave up the place since is not among those who have one, whatever the moment of which the list is.
    some = [one for one in queries.people_of(ids, mailing.kind) if one.state in wanted or not one.state.is_ended]
    going = [one for one in some if not one.declined]
    letters = notices.to_each(mailing, event, going, expires=mailing.expiry(event, mailing.queued_at or now))
    rows = [outbox.row_of(letter, now) for letter in letters]
    return Made(registration_ids=ids, rows=rows, declined=len(some) - len(going))


def fire(mailing_id: int, *, now: datetime) -> bool:
    """Begin to queue a letter, if it is still to go; gives whether it was begun, and queue_some() goes on with it.

    Its words, its event and its people are those of this moment, and stay so.
    """
    mailing = queries.lock_scheduled(mailing_id)
    if mailing is None:
        return False
    event = queries.lock_event_to_write_to(mailing.event_id)
    if reason := why_not(mailing, event, now=now):
        _stop(mailing, reason, now)
        return False
    due = mailing.due(event)
    if (due is not None and due > now) or event.state not in MAY_WRITE:
        return False
    if survey_hindrance(mailing, at=now):
        return False
    if mailing.people.goes_by_attendance and not queries.attendance_is_known(event.id):
        return False
    mailing.facts = dump(notices.shared(event, notices.words_of(mailing, material_facts(mailing.id))))
    mailing.state, mailing.queued_at = _S.SENDING, now
    mailing.queued_number = mailing.declined_number = 0
    mailing.version += 1
    _leave(mailing, event, ids_meant(event, mailing.people, survey=mailing.survey, now=now), now)
    return True


def queue_some(mailing_id: int, *, now: datetime, made: Made | None = None) -> bool:
    """Put a letter into the outbox for each of the next few hundred of its people; gives whether more are left.

    Nothing where it was stopped, or another worker is about it. What was made before is used where it is still next.
    """
    mailing = queries.lock_being_queued(mailing_id)
    if mailing is None:
        return False
    event = queries.lock_event_to_write_to(mailing.event_id)
    left = _still_to_queue(mailing)
    if event.state is EventState.CANCELLED:
        left = []  # what was queued before was stopped when it was cancelled
    else:
        if made is None or made.registration_ids != left[:AT_ONCE]:
            made = _make(mailing, event, now)
        # A registration may have become another person's, and theirs have been written to before.
        written_to = queries.written_to(mailing.id, [row["person_id"] for row in made.rows])
        rows = [row for row in made.rows if row["person_id"] not in written_to]
        mailing.queued_number = (mailing.queued_number or 0) + outbox.post_rows(rows)
        mailing.declined_number = (mailing.declined_number or 0) + made.declined
    _leave(mailing, event, left[AT_ONCE:], now)
    return mailing.still_to_queue is not None


def _still_to_queue(mailing: Mailing) -> list[int]:
    left: list[int] = json.loads(mailing.still_to_queue or b"[]")
    return left


def _leave(mailing: Mailing, event: Event, registration_ids: list[int], now: datetime) -> None:
    mailing.still_to_queue = json.dumps(registration_ids).encode() if registration_ids else None
    mailing.updated_at = now
    if registration_ids:
        return
    if not mailing.queued_number and event.state is not EventState.CANCELLED:
        mailing.state, mailing.ended_at = _S.SENT, now
    details = {"number": mailing.queued_number}
    record("mailing_queued", ThingKind.MAILING, mailing.id, actor=SYSTEM, now=now, event_id=event.id, **details)


def _stop(mailing: Mailing, reason: str, now: datetime) -> None:
    mailing.state, mailing.reason = _S.STOPPED, reason
    mailing.version += 1
    mailing.updated_at = now
    record("mailing_stopped", ThingKind.MAILING, mailing.id, actor=SYSTEM, now=now, event_id=mailing.event_id)


def finish(*, now: datetime) -> None:
    """Close the letters of which nothing is left to be sent."""
    done = queries.underway()
    db.session.rollback()
    for mailing_id in done:
        with transaction.unit():
            mailing = queries.lock_mailing(mailing_id)
            event = queries.lock_event_to_write_to(mailing.event_id)
            if mailing.state is _S.SENDING:
                stopped = event.state is EventState.CANCELLED
                mailing.state = _S.STOPPED if stopped else _S.SENT
                mailing.reason = "The event was cancelled while it was being sent." if stopped else ""
                mailing.ended_at = mailing.updated_at = now
                mailing.version += 1
