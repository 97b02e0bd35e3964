"""the ids of what can be deleted are never given again, so that the record of one is not shown as another's"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# By the kind of thing under which they stand in the record.
TABLES = {
    "room": "rooms",
    "stream": "draft_streams",
    "draft_session": "draft_sessions",
    "question": "event_questions",
    "import": "imports",
    "attendance_report": "attendance_reports",
}


def upgrade():
    # PostgreSQL counts on by itself.
    if op.get_context().dialect.name != "sqlite":
        return
    for kind, table in TABLES.items():
        _rebuild(table, autoincrement=True)
        # Beyond what went before this migration as well, of which the record still tells.
        last = sa.text(
            f"SELECT max(coalesce((SELECT max(id) FROM {table}), 0),"  # noqa: S608 -- names of our own
            " coalesce((SELECT max(thing_id) FROM activity WHERE thing_kind = :kind), 0))"
        )
        used = op.get_bind().execute(last, {"kind": kind}).scalar()
        names = {"name": table, "used": used}
        op.get_bind().execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), names)
        op.get_bind().execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :used)"), names)


def downgrade():
    if op.get_context().dialect.name != "sqlite":
        return
    for table in TABLES.values():
        _rebuild(table, autoincrement=False)


def _rebuild(table, *, autoincrement):
    kept = {"sqlite_autoincrement": autoincrement}
    with op.batch_alter_table(table, recreate="always", table_kwargs=kept):
        pass
