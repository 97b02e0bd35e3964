"""What the worker does: turns a letter whose time has come into one letter for each person, in one unit, once."""

import logging
from collections.abc import Callable
from datetime import datetime
from itertools import islice

from webapp import outbox, transaction
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, ThingKind
from webapp.models.events import Event, EventState
from webapp.models.to_many import Mailing, MailingState
from webapp.notices import to_many as notices
from webapp.notices.letters import dump
from webapp.queries import to_many as queries
from webapp.services.activity import record
from webapp.services.to_many.audiences import each_meant
from webapp.services.to_many.material import material_facts
from webapp.services.to_many.sending import MAY_WRITE, why_not

AT_ONCE = 2_000
_S = MailingState
logger = logging.getLogger(__name__)


def fire_due(clock: Callable[[], datetime], *, stopping: Callable[[], bool] = lambda: False) -> int:
    """Queue what is due, each in a unit of its own, and close what has all gone out; gives how many were queued.

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
    finish(now=clock())
    return fired


def fire(mailing_id: int, *, now: datetime) -> bool:
    """Queue a letter to each of its people, if it is still to go; gives whether it was queued.

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
    if mailing.people.attendance and not queries.attendance_is_known(event.id):
        return False
    _queue(mailing, event, now)
    return True


def _queue(mailing: Mailing, event: Event, now: datetime) -> None:
    material = material_facts(mailing.id)
    mailing.facts = dump(notices.shared(event, mailing.subject, mailing.body, material))
    mailing.state, mailing.queued_at = _S.SENDING, now
    mailing.queued_number = mailing.declined_number = 0
    expires = mailing.expiry(event, now)
    meant = each_meant(event, mailing.people, mailing.kind, now=now)
    while some := list(islice(meant, AT_ONCE)):
        going = [one for one in some if not one.declined]
        mailing.declined_number += len(some) - len(going)
        letters = notices.to_each(mailing, event, going, expires=expires)
        mailing.queued_number += outbox.post_many(letters, now=now)
    if not mailing.queued_number:
        mailing.state, mailing.ended_at = _S.SENT, now
    mailing.version += 1
    mailing.updated_at = now
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
