"""What the service does by itself: passes on lapsed offers, deletes what is no longer needed, shows it is alive."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from webapp import outbox, transaction
from webapp.database import insert_or
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, SignInLink, Throttle, WebSession
from webapp.models.operations import Heartbeat
from webapp.models.registrations import RegistrationDraft, RegistrationNeeds
from webapp.queries import operations
from webapp.queries import registrations as registration_queries
from webapp.services import exports, files, imports, publications, reflections
from webapp.services.registrations import lapse_offer

logger = logging.getLogger(__name__)
FORGOTTEN = timedelta(hours=1)
AT_ONCE = 1000
# What goes when its time is over, the column that says when, and how much longer it is kept to explain a refusal.
EXPIRING: tuple[tuple[type[Any], str, timedelta], ...] = (
    (RegistrationDraft, "expires_at", timedelta(0)),
    (RegistrationNeeds, "delete_after", timedelta(0)),
    (Throttle, "expires_at", timedelta(0)),
    (WebSession, "expires_at", timedelta(days=1)),
    (SignInLink, "expires_at", timedelta(days=1)),
)


def sweep(*, now: datetime) -> None:
    """One round, in as many units as needed; to be called every minute, and harmless when called twice."""
    stuck: set[int] = set()
    while lapsed := _lapsed(stuck, now):
        for registration_id in lapsed:
            try:
                with transaction.unit():
                    lapse_offer(registration_id, actor=SYSTEM, now=now)
            except (DomainError, IntegrityError):  # one event's trouble is not to hold up all others
                logger.exception("The offer of registration %s could not be ended", registration_id)
                stuck.add(registration_id)
    more = True
    while more:
        with transaction.unit():
            more = forget(now=now) >= AT_ONCE
    # Nothing is published by this: it spares the search a question about what came out long ago.
    with transaction.unit():
        publications.settle(now=now)


def _lapsed(stuck: set[int], now: datetime) -> list[int]:
    found = registration_queries.lapsed_offer_ids(now=now, limit=100 + len(stuck))
    db.session.rollback()
    return [registration_id for registration_id in found if registration_id not in stuck]


def forget(*, now: datetime) -> int:
    """Delete half-finished registrations after a day, needs a month after the event, copies of letters and spent links.

    Gives how many rows went; of each kind a thousand at once, so that nobody waits long for the lock.
    """
    gone = 0
    for model, moment, longer in EXPIRING:
        ids = operations.expired_ids(model, moment, before=now - longer, limit=AT_ONCE)
        if ids:
            db.session.execute(delete(model).where(model.id.in_(ids)).execution_options(synchronize_session=False))
        gone += len(ids)
    db.session.execute(delete(Heartbeat).where(Heartbeat.beat_at < now - FORGOTTEN))
    exports.forget_expired(now=now)
    gone += outbox.forget_bytes(now=now, limit=AT_ONCE)
    gone += reflections.forget_expired(now=now, limit=AT_ONCE)
    return gone + imports.forget_expired(now=now, limit=AT_ONCE)


def sweep_files(folder: Path, *, now: datetime) -> None:
    """Delete files that nothing refers to and that are older than a day: first their rows, then what has no row."""
    more = True
    while more:
        with transaction.unit():
            more = files.forget_unused(now=now) >= files.AT_ONCE
    files.discard_unknown(folder, now=now)
    db.session.rollback()


def beat(names: Sequence[str], *, now: datetime) -> None:
    """Say that these workers are alive."""
    with transaction.unit():
        for name in names:
            statement = insert_or(db.session, Heartbeat).values(name=name, beat_at=now)
            db.session.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"beat_at": now}))


def rest(names: Sequence[str]) -> None:
    """Say that these workers have stopped; what they took is free at once."""
    with transaction.unit():
        db.session.execute(delete(Heartbeat).where(Heartbeat.name.in_(names)))
