"""transcripts in turns, with the history of every change"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def id_():
    return sa.Column("id", NUMBER, nullable=False)


def public_id():
    return sa.Column("public_id", sa.String(length=12), nullable=False)


def number(name, *, nullable=False):
    return sa.Column(name, NUMBER, nullable=nullable)


def moment(name, *, nullable=False):
    return sa.Column(name, MOMENT, nullable=nullable)


def text(name, length=None):
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=False)


def json(name):
    return sa.Column(name, sa.JSON(), nullable=False)


def key(table):
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def to(table, column, other, **more):
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), **more)


def unique(table, column):
    return sa.UniqueConstraint(column, name=op.f(f"uq_{table}_{column}"))


def index(table, column):
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def upgrade():
    table = "transcripts"
    op.create_table(
        table,
        id_(),
        public_id(),
        number("session_id"),
        number("event_id"),
        text("state", 30),
        text("fidelity", 30),
        text("language", 10),
        text("introduction"),
        number("source_id", nullable=True),
        text("source_name", 120),
        text("source_kind", 30),
        text("source_encoding", 30),
        json("unread"),
        json("remarks"),
        json("settled"),
        number("version"),
        text("checked_by", 200),
        moment("checked_at", nullable=True),
        number("checked_version", nullable=True),
        moment("published_at", nullable=True),
        moment("created_at"),
        moment("updated_at"),
        sa.CheckConstraint(
            "state <> 'published' OR checked_at IS NOT NULL",
            name=op.f("ck_transcripts_checked_before_it_is_published"),
        ),
        to(table, "session_id", "sessions"),
        to(table, "event_id", "events"),
        to(table, "source_id", "files"),
        key(table),
        unique(table, "public_id"),
        unique(table, "session_id"),
        sqlite_autoincrement=True,
    )
    for column in ("event_id", "source_id"):
        index(table, column)

    table = "turns"
    op.create_table(
        table,
        id_(),
        public_id(),
        number("transcript_id"),
        number("position"),
        text("label", 200),
        number("speaker_id", nullable=True),
        text("words"),
        number("starts", nullable=True),
        number("ends", nullable=True),
        json("pieces"),
        number("version"),
        moment("removed_at", nullable=True),
        number("joined_into_id", nullable=True),
        number("joined_at", nullable=True),
        sa.CheckConstraint("(joined_into_id IS NULL) = (joined_at IS NULL)", name=op.f("ck_turns_joined_somewhere")),
        to(table, "transcript_id", "transcripts"),
        # Of a speaker who is taken out the words stay, under the name that stood in the file.
        to(table, "speaker_id", "speakers", ondelete="SET NULL"),
        to(table, "joined_into_id", "turns"),
        key(table),
        unique(table, "public_id"),
    )
    for column in ("speaker_id", "joined_into_id"):
        index(table, column)
    op.create_index("ix_turns_order", table, ["transcript_id", "position", "id"])

    table = "turn_changes"
    op.create_table(
        table,
        id_(),
        number("transcript_id"),
        number("version"),
        number("turn_id", nullable=True),
        text("kind", 30),
        moment("at"),
        number("by_id", nullable=True),
        json("before"),
        json("after"),
        to(table, "transcript_id", "transcripts"),
        to(table, "turn_id", "turns"),
        to(table, "by_id", "people"),
        key(table),
    )
    index(table, "by_id")
    op.create_index("ix_turn_changes_order", table, ["transcript_id", "version", "id"])
    op.create_index("ix_turn_changes_turn", table, ["turn_id", "version", "id"])


def downgrade():
    for table in ("turn_changes", "turns", "transcripts"):
        op.drop_table(table)
    # The program of that step has no words for what was done to them.
    op.execute("DELETE FROM activity WHERE verb LIKE 'transcript^_%' ESCAPE '^'")
