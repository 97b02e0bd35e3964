"""The numbers that say whether a kept page is still true; read on every visit, so by the narrowest of queries."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, text

from webapp.extensions import db

_EVENT = (
    "SELECT e.public_revision, COALESCE((SELECT number FROM revisions WHERE scope = 'shared'), 0)"
    " FROM events e WHERE e.public_id = :id AND e.state != 'draft'"
)
_SITE = "SELECT number FROM revisions WHERE scope = 'site'"


def event_revision(public_id: str) -> str | None:
    """The revision of an event's pages, as text; None when there is no such public event."""
    row = _row(_EVENT, id=public_id)
    return f"{row[0]}.{row[1]}" if row else None


def site_revision() -> str:
    """The revision of the lists that show events, programmes and speakers, as text."""
    row = _row(_SITE)
    return str(row[0]) if row else "0"


def _row(statement: str, **values: str) -> Sequence[Any] | None:
    """The one row of a statement, by the driver alone, which takes a fraction of the time that a session takes."""
    engine = db.engine
    try:
        return _shortest(engine, statement, values)
    except engine.dialect.loaded_dbapi.Error:
        # The long way finds a new connection for a dead one, or says in SQLAlchemy's words what is wrong.
        with engine.connect() as connection:
            return connection.execute(text(statement), values).one_or_none()


def _shortest(engine: Engine, statement: str, values: dict[str, str]) -> Sequence[Any] | None:
    pooled = engine.raw_connection()
    driver: Any = pooled.driver_connection
    postgresql = engine.dialect.name == "postgresql"
    try:
        if postgresql:
            driver.autocommit = True  # one message there and back instead of three, with BEGIN and ROLLBACK
        cursor = driver.cursor()
        cursor.execute(statement.replace(":id", "%s" if postgresql else "?"), tuple(values.values()))
        row: Sequence[Any] | None = cursor.fetchone()
        cursor.close()
        if postgresql:
            driver.autocommit = False
    except BaseException:
        pooled.invalidate()
        raise
    pooled.close()
    return row
