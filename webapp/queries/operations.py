"""Whether the service is well."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select

from webapp.extensions import db
from webapp.models.operations import Heartbeat

ALIVE = timedelta(seconds=30)


def worker_is_alive(*, now: datetime) -> bool:
    """Whether a worker was heard of in the last half minute."""
    return bool(db.session.scalar(select(exists().where(Heartbeat.beat_at >= now - ALIVE))))


def expired_ids(model: type[Any], moment: str, *, before: datetime, limit: int) -> list[int]:
    """The ids of rows whose moment (the name of a column) lies before another, the oldest first."""
    column = getattr(model, moment)
    return list(db.session.scalars(select(model.id).where(column < before).order_by(column, model.id).limit(limit)))
