"""Finding the work that waits for a worker, whatever kind it is."""

from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, or_

from webapp.database import Leased
from webapp.extensions import db

Row = TypeVar("Row", bound=Leased)


def lock_next(waiting: Select[Row], row: type[Row], *, now: datetime) -> Row | None:
    """The first of those that wait, in their order, that no worker is busy with, locked."""
    statement = waiting.where(or_(row.taken_until.is_(None), row.taken_until <= now))
    return db.session.scalars(statement.limit(1).with_for_update(skip_locked=True)).one_or_none()
