"""recordings of sessions, and sessions that were not recorded"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def number(name, *, nullable=False):
    return sa.Column(name, NUMBER, nullable=nullable)


def moment(name, *, nullable=False):
    return sa.Column(name, MOMENT, nullable=nullable)


def text(name, length):
    return sa.Column(name, sa.String(length=length), nullable=False)


def to(table, column, other):
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def check(table, name, what):
    return sa.CheckConstraint(what, name=op.f(f"ck_{table}_{name}"))


def index(table, column):
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def upgrade():
    table = "recordings"
    op.create_table(
        table,
        number("id"),
        text("public_id", 12),
        number("session_id"),
        number("event_id"),
        number("position"),
        text("title", 200),
        text("place", 30),
        text("address", 500),
        text("video", 60),
        number("file_id", nullable=True),
        number("duration", nullable=True),
        number("zero"),
        text("language", 10),
        text("reach", 30),
        text("state", 30),
        moment("published_at", nullable=True),
        number("version"),
        moment("created_at"),
        moment("updated_at"),
        check(table, "file_with_us_alone", "(place = 'file') = (file_id IS NOT NULL)"),
        check(table, "address_elsewhere_alone", "(place = 'file') = (address = '')"),
        check(table, "published_at_some_time", "state <> 'published' OR published_at IS NOT NULL"),
        check(table, "duration_of_something", "duration > 0"),
        to(table, "session_id", "sessions"),
        to(table, "event_id", "events"),
        to(table, "file_id", "files"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
        sqlite_autoincrement=True,
    )
    for column in ("event_id", "file_id"):
        index(table, column)
    op.create_index("ix_recordings_session", table, ["session_id", "position", "id"])

    table = "unrecorded_sessions"
    op.create_table(
        table,
        number("id"),
        number("session_id"),
        number("event_id"),
        text("reason", 300),
        moment("said_at"),
        to(table, "session_id", "sessions"),
        to(table, "event_id", "events"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("session_id", name=op.f(f"uq_{table}_session_id")),
    )
    index(table, "event_id")


def downgrade():
    for table in ("unrecorded_sessions", "recordings"):
        op.drop_table(table)
    # The program of that step has no words for what was done to them, and knows fewer kinds of people that a file is
    # kept for: what not everybody may fetch, none but organisers may.
    op.execute(
        "DELETE FROM activity WHERE verb LIKE 'recording^_%' ESCAPE '^' OR verb IN"
        " ('recordings_ordered', 'session_not_recorded', 'session_recorded')"
    )
    op.execute("UPDATE attachments SET reach = 'organisers' WHERE reach IN ('registered', 'attended')")
