"""Runs migrations against the application's own database, up and down, in one transaction each."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection, Index, text

from webapp import models, transaction
from webapp.database import Base, UtcDateTime
from webapp.extensions import db

assert models.__all__, "the models must be imported for their tables to be known"


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Write our types as the plain ones beneath, so that a migration outlives the program's own names."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Leave alone what the job store keeps beside our tables on PostgreSQL, and what FTS5 does on SQLite."""
    return not (kind == "table" and (name or "").startswith(("huey_", "passage_index")))


def include_object(item: object, _name: str | None, _kind: str, reflected: bool, _beside: object) -> bool:  # noqa: FBT001 -- the library's
    """Leave alone indexes of a kind that only PostgreSQL has, on SQLite."""
    using = item.dialect_options["postgresql"]["using"] if isinstance(item, Index) and not reflected else False
    return not (using and context.get_context().dialect.name == "sqlite")


def run(connection: Connection) -> None:
    """Migrate over one connection; SQLite rebuilds tables, which foreign keys would stop."""
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        _foreign_keys(connection, "OFF")
    options = current_app.extensions["migrate"].configure_args
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        include_name=include_name,
        include_object=include_object,
        **options,
    )
    with context.begin_transaction():
        context.run_migrations()
    if sqlite:
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
        if broken:
            raise RuntimeError(f"the migration left rows that point nowhere: {broken[:5]}")
        connection.commit()
        _foreign_keys(connection, "ON")


def _foreign_keys(connection: Connection, state: str) -> None:
    # Asked of the driver: within a transaction, which SQLAlchemy would begin, SQLite passes over it without a word.
    connection.connection.cursor().execute(f"PRAGMA foreign_keys={state}")


with transaction.writing(), db.engine.connect() as connection:
    run(connection)
