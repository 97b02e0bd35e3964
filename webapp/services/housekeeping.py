"""What the service does by itself: passes on lapsed offers, deletes what is no longer needed, shows it is alive."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from webapp import transaction
from webapp.database import insert_or
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.models.accounts import SYSTEM
from webapp.models.operations import Heartbeat
from webapp.models.registrations import RegistrationDraft, RegistrationNeeds
from webapp.queries import registrations as registration_queries
from webapp.services import accounts, exports, throttling
from webapp.services.registrations import lapse_offer

logger = logging.getLogger(__name__)
FORGOTTEN = timedelta(hours=1)


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
    with transaction.unit():
        forget(now=now)


def _lapsed(stuck: set[int], now: datetime) -> list[int]:
    found = registration_queries.lapsed_offer_ids(now=now, limit=100 + len(stuck))
    db.session.rollback()
    return [registration_id for registration_id in found if registration_id not in stuck]


def forget(*, now: datetime) -> None:
    """Delete half-finished registrations after a day, needs a month after the event, and spent links and counts."""
    db.session.execute(delete(RegistrationDraft).where(RegistrationDraft.expires_at < now))
    db.session.execute(delete(RegistrationNeeds).where(RegistrationNeeds.delete_after < now))
    db.session.execute(delete(Heartbeat).where(Heartbeat.beat_at < now - FORGOTTEN))
    throttling.forget_expired(now=now)
    accounts.forget_expired(now=now)
    exports.forget_expired(now=now)


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
