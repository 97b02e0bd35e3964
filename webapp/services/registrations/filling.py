"""Calling those who wait, where more places came free than were given at once: in the worker, a thousand at a time."""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from webapp import transaction
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.queries import events as event_queries
from webapp.services.registrations.moves import call

logger = logging.getLogger(__name__)
# Who waits for the lock of SQLite asks for it every tenth of a second.
PAUSE = 0.15


def take_filling_requested() -> bool:
    """Whether this unit left people to be called by the worker, asked for once after the commit."""
    return bool(db.session.info.pop("filling_requested", False))


def fill_requested(clock: Callable[[], datetime], *, stopping: Callable[[], bool] = lambda: False) -> None:
    """Call all who are left to be called, in short units, so that others can write in between.

    Each unit calls some whole; a worker that dies leaves the rest to the next sweep. Several workers may do this at
    once.
    """
    stuck: set[int] = set()
    while not stopping() and (places_id := _next(stuck)) is not None:
        try:
            with transaction.unit():
                places = event_queries.lock_filling(places_id)
                more = places is not None and call(places, event_queries.get_fresh_event(places.event_id), clock())
        except (DomainError, IntegrityError):  # one event's trouble is not to hold up all others
            logger.exception("Those who wait for the places %s could not be called", places_id)
            stuck.add(places_id)
            more = False
        if more:
            time.sleep(PAUSE)


def _next(stuck: set[int]) -> int | None:
    found = event_queries.filling_ids(limit=1 + len(stuck))
    db.session.rollback()
    return next((one for one in found if one not in stuck), None)
