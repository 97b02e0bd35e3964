"""Many rows into one table at once, with the ids that they get."""

from collections.abc import Mapping, Sequence
from typing import Any

from webapp.database import insert_many
from webapp.extensions import db
from webapp.queries.imports import ids_of


def insert_with_ids(table: Any, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows that have public ids, and give their ids in the order of the rows.

    They are asked for by the public ids: SQLite gives ids back in no promised order, and to have PostgreSQL give them
    back costs three times as much.
    """
    db.session.flush()
    insert_many(db.session, table.__table__, rows)
    found = ids_of(table, [row["public_id"] for row in rows])
    return [found[row["public_id"]] for row in rows]
