"""people choose a reminder and entries by session; a series has a rule and members"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ADDED = (
    "first_on", "starts", "ends", "zone", "repeat", "every", "number", "organiser_name", "organiser_email", "venue",
    "created_at",
)  # fmt: skip


def upgrade():
    op.add_column("people", sa.Column("calendar_alarm", sa.String(length=30), nullable=False, server_default="none"))
    op.add_column("people", sa.Column("calendar_by_session", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("invitations", sa.Column("alarm", sa.String(length=30), nullable=False, server_default="none"))

    # Nothing could make a series before, so there is none that would lack these.
    with op.batch_alter_table("series", recreate="auto") as batch:
        batch.add_column(sa.Column("first_on", sa.Date(), nullable=False, server_default="1970-01-01"))
        batch.add_column(sa.Column("starts", sa.Time(), nullable=False, server_default="00:00:00"))
        batch.add_column(sa.Column("ends", sa.Time(), nullable=False, server_default="00:00:01"))
        batch.add_column(sa.Column("zone", sa.String(length=60), nullable=False, server_default=""))
        batch.add_column(sa.Column("repeat", sa.String(length=30), nullable=False, server_default="weeks"))
        batch.add_column(sa.Column("every", KEY, nullable=False, server_default="1"))
        batch.add_column(sa.Column("number", KEY, nullable=False, server_default="1"))
        batch.add_column(sa.Column("organiser_name", sa.String(length=200), nullable=False, server_default=""))
        batch.add_column(sa.Column("organiser_email", sa.String(length=254), nullable=False, server_default=""))
        batch.add_column(sa.Column("venue", sa.String(length=300), nullable=False, server_default=""))
        batch.add_column(sa.Column("demonstration", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(
            sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default="1970-01-01 00:00:00")
        )
    with op.batch_alter_table("series") as batch:
        for name in ADDED:
            batch.alter_column(name, server_default=None)
        batch.create_check_constraint(batch.f("ck_series_goes_on"), "every >= 1 AND number >= 1")
        batch.create_check_constraint(batch.f("ck_series_ends_after_start"), "ends > starts")
        batch.create_index("ix_series_programme_id", ["programme_id"])
    op.create_table(
        "series_members",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("series_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_series_members_person_id"),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name="fk_series_members_series_id"),
        sa.PrimaryKeyConstraint("id", name="pk_series_members"),
        sa.UniqueConstraint("public_id", name="uq_series_members_public_id"),
        sa.UniqueConstraint("series_id", "person_id", name="uq_series_members_series_id_person_id"),
    )
    op.create_index("ix_series_members_person_id", "series_members", ["person_id"])
    op.add_column("events", sa.Column("series_on", sa.Date(), nullable=True))
    op.drop_index("ix_events_series_id", table_name="events")
    op.create_index("ix_events_series", "events", ["series_id", "series_on"], unique=True)


def downgrade():
    op.drop_index("ix_events_series", table_name="events")
    op.create_index("ix_events_series_id", "events", ["series_id"])
    op.drop_column("events", "series_on")
    op.drop_table("series_members")
    with op.batch_alter_table("series") as batch:
        batch.drop_index("ix_series_programme_id")
        batch.drop_constraint(batch.f("ck_series_ends_after_start"), type_="check")
        batch.drop_constraint(batch.f("ck_series_goes_on"), type_="check")
        batch.drop_column("demonstration")
        for name in reversed(ADDED):
            batch.drop_column(name)
    with op.batch_alter_table("invitations") as batch:
        batch.drop_column("alarm")
    with op.batch_alter_table("people") as batch:
        batch.drop_column("calendar_by_session")
        batch.drop_column("calendar_alarm")
