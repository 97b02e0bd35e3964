"""materials of events, each for whom it is, and what an event keeps of itself"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade():
    table = "materials"
    op.create_table(
        table,
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("event_id", NUMBER, nullable=False),
        sa.Column("session_id", NUMBER, nullable=True),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("file_id", NUMBER, nullable=True),
        sa.Column("filename", sa.String(length=120), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("reach", sa.String(length=30), nullable=False),
        sa.Column("given_id", NUMBER, nullable=True),
        sa.Column("replaced_at", MOMENT, nullable=True),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint("(file_id IS NULL) = (url <> '')", name=op.f("ck_materials_file_or_link")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_materials_event_id")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_materials_session_id")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_materials_file_id")),
        sa.ForeignKeyConstraint(["given_id"], ["attachments.id"], name=op.f("fk_materials_given_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_materials")),
        sa.UniqueConstraint("public_id", name=op.f("uq_materials_public_id")),
        sa.UniqueConstraint("given_id", name=op.f("uq_materials_given_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_materials_event", table, ["event_id", "position", "id"])
    for column in ("session_id", "file_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])

    op.create_table(
        "event_records",
        sa.Column("event_id", NUMBER, nullable=False),
        sa.Column("shows_numbers", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("numbers", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("counted_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_event_records_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_records")),
    )


def downgrade():
    for table in ("event_records", "materials"):
        op.drop_table(table)
    # The program of that step has no words for what was done to them.
    op.execute("DELETE FROM activity WHERE thing_kind = 'material'")
