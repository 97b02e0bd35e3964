"""releases in the worker: what was confirmed, how far it is, and why nothing was released"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "release_requests",
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("people", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "checking",
                "writing",
                "released",
                "refused",
                name="requeststate",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("problem", sa.String(length=500), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("taken_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_release_requests_asked_by_id")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_release_requests_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_release_requests")),
    )
    op.create_index("ix_release_requests_waiting", "release_requests", ["state", "asked_at", "event_id"])


def downgrade():
    op.drop_table("release_requests")
