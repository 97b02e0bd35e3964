"""Whether the service is well."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select

from webapp.extensions import db
from webapp.models.operations import Heartbeat

ALIVE = timedelta(seconds=30)


def worker_is_alive(*, now: datetime) -> bool:
    """Whether a worker was heard of in the last half minute."""
    return bool(db.session.scalar(select(exists().where(Heartbeat.beat_at >= now - ALIVE))))
