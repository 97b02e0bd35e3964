"""How often something may be tried: counted in the database, so that all processes share one count."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from webapp import tokens
from webapp.database import insert_for
from webapp.errors import TooMany
from webapp.extensions import db
from webapp.models.accounts import Throttle


@dataclass(frozen=True)
class Limit:
    """How often one key may try one kind of thing in a window of time."""

    kind: str
    key: str
    most: int


def count(*limits: Limit, window: timedelta, now: datetime) -> None:
    """Count one try under each of these limits, in the present window of time.

    Raises TooMany, with the seconds until the next window, when it is one too many under any.
    """
    seconds = int(window.total_seconds())
    start = datetime.fromtimestamp(now.timestamp() // seconds * seconds, tz=UTC)
    rows = [
        {
            "kind": limit.kind,
            "key": tokens.digest(f"{limit.kind}:{limit.key}"),
            "window_start": start,
            "expires_at": start + window,
            "count": 1,
        }
        for limit in limits
    ]
    statement = _counting(db.session.get_bind().dialect.name)
    counted = {row[0]: row[1] for row in db.session.execute(statement, rows)}
    if any(counted[limit.kind] > limit.most for limit in limits):
        wait = max(1, int((start + window - now).total_seconds()))
        minutes = -(-wait // 60)
        raise TooMany(
            f"That was tried too often. Wait {minutes} minute{'s' if minutes > 1 else ''}, then try again.",
            retry_after=wait,
        )


@cache
def _counting(dialect: str) -> Any:
    table = Throttle.__table__
    statement = insert_for(dialect, table).on_conflict_do_update(
        index_elements=["kind", "key", "window_start"], set_={"count": table.c.count + 1}
    )
    return statement.returning(table.c.kind, table.c.count)
