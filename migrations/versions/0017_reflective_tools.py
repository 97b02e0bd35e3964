"""reflective tools: frameworks in versions, teams, reflections with their entries, history, sharing and documents"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
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


def text(name, length=None, *, nullable=False):
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=nullable)


def key(table):
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def to(table, column, other):
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def unique(table, *columns):
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def index(table, *columns):
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))


def upgrade():
    table = "frameworks"
    op.create_table(
        table,
        id_(),
        public_id(),
        text("slug", 120),
        number("programme_id"),
        text("title", 200),
        text("summary"),
        sa.Column("draft", sa.JSON(), nullable=False),
        number("published"),
        moment("retired_at", nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        number("version"),
        moment("created_at"),
        moment("updated_at"),
        to(table, "programme_id", "programmes"),
        key(table),
        unique(table, "public_id"),
    )
    op.create_index("ix_frameworks_programme", table, ["programme_id", "id"])

    table = "framework_versions"
    op.create_table(
        table,
        id_(),
        number("framework_id"),
        number("number"),
        sa.Column("asked", sa.JSON(), nullable=False),
        moment("published_at"),
        number("published_by_id", nullable=True),
        to(table, "framework_id", "frameworks"),
        to(table, "published_by_id", "people"),
        key(table),
        unique(table, "framework_id", "number"),
    )

    table = "teams"
    op.create_table(
        table,
        id_(),
        public_id(),
        text("name", 200),
        number("owner_id"),
        moment("created_at"),
        moment("updated_at"),
        to(table, "owner_id", "people"),
        key(table),
        unique(table, "public_id"),
        sqlite_autoincrement=True,
    )
    index(table, "owner_id")

    table = "team_members"
    op.create_table(
        table,
        id_(),
        public_id(),
        number("team_id"),
        text("email", 254),
        text("email_folded", 254),
        moment("added_at"),
        to(table, "team_id", "teams"),
        key(table),
        unique(table, "public_id"),
        unique(table, "team_id", "email_folded"),
    )
    index(table, "email_folded")

    table = "reflections"
    op.create_table(
        table,
        id_(),
        public_id(),
        number("framework_id"),
        number("owner_id"),
        number("team_id", nullable=True),
        text("title", 200),
        moment("created_at"),
        moment("updated_at"),
        to(table, "framework_id", "frameworks"),
        to(table, "owner_id", "people"),
        to(table, "team_id", "teams"),
        key(table),
        unique(table, "public_id"),
        sqlite_autoincrement=True,
    )
    for column in ("framework_id", "owner_id", "team_id"):
        index(table, column)

    table = "reflection_shares"
    op.create_table(
        table,
        id_(),
        public_id(),
        number("reflection_id"),
        number("team_id", nullable=True),
        text("email", 254, nullable=True),
        text("email_folded", 254, nullable=True),
        sa.Column("may_write", sa.Boolean(), nullable=False),
        moment("shared_at"),
        sa.CheckConstraint(
            "(team_id IS NULL) <> (email_folded IS NULL)", name=op.f("ck_reflection_shares_with_team_or_person")
        ),
        to(table, "reflection_id", "reflections"),
        to(table, "team_id", "teams"),
        key(table),
        unique(table, "public_id"),
        unique(table, "reflection_id", "email_folded"),
        unique(table, "reflection_id", "team_id"),
    )
    for column in ("team_id", "email_folded"):
        index(table, column)

    table = "reflection_entries"
    op.create_table(
        table,
        id_(),
        public_id(),
        number("reflection_id"),
        number("asked_number"),
        text("title", 200),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("checked", sa.Boolean(), nullable=False),
        number("version"),
        moment("created_at"),
        moment("updated_at"),
        to(table, "reflection_id", "reflections"),
        key(table),
        unique(table, "public_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reflection_entries_order", table, ["reflection_id", "held_on", "id"])

    table = "reflection_answers"
    op.create_table(
        table,
        id_(),
        number("entry_id"),
        number("prompt"),
        text("text"),
        moment("changed_at"),
        number("changed_by_id", nullable=True),
        to(table, "entry_id", "reflection_entries"),
        to(table, "changed_by_id", "people"),
        key(table),
        unique(table, "entry_id", "prompt"),
    )

    table = "reflection_changes"
    op.create_table(
        table,
        id_(),
        public_id(),
        number("entry_id"),
        number("prompt"),
        text("text"),
        moment("began_at"),
        moment("at"),
        number("by_id", nullable=True),
        to(table, "entry_id", "reflection_entries"),
        to(table, "by_id", "people"),
        key(table),
        unique(table, "public_id"),
    )
    op.create_index("ix_reflection_changes_order", table, ["entry_id", "prompt", "id"])

    table = "reflection_documents"
    op.create_table(
        table,
        id_(),
        public_id(),
        number("reflection_id"),
        number("person_id"),
        moment("requested_at"),
        moment("expires_at"),
        moment("finished_at", nullable=True),
        moment("failed_at", nullable=True),
        text("problem", 500),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        moment("taken_until", nullable=True),
        number("attempts"),
        to(table, "reflection_id", "reflections"),
        to(table, "person_id", "people"),
        key(table),
        unique(table, "public_id"),
    )
    for column in ("person_id", "expires_at"):
        index(table, column)
    op.create_index("ix_reflection_documents_waiting", table, ["finished_at", "failed_at", "id"])
    op.create_index("ix_reflection_documents_own", table, ["reflection_id", "person_id", "id"])


def downgrade():
    for table in (
        "reflection_documents",
        "reflection_changes",
        "reflection_answers",
        "reflection_entries",
        "reflection_shares",
        "reflections",
        "team_members",
        "teams",
        "framework_versions",
        "frameworks",
    ):
        op.drop_table(table)
