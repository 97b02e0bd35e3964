"""organisers write to many: the letters, whom they are for, when they go, and which letters are of one"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
KINDS = ("sign_in", "place", "change", "cancellation", "asking", "reminder", "follow_up", "news")
TIMINGS = ("now", "at", "before_start", "after_end")
STATES = ("draft", "scheduled", "sending", "sent", "cancelled", "stopped")


def upgrade():
    op.create_table(
        "mailings",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("event_id", NUMBER, nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=True),
        sa.Column("kind", sa.Enum(*KINDS, name="mailkind", native_enum=False, length=30), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("timing", sa.Enum(*TIMINGS, name="timing", native_enum=False, length=30), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=True),
        sa.Column("at_time", sa.Time(), nullable=True),
        sa.Column("days", NUMBER, nullable=False),
        sa.Column("minutes", NUMBER, nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="mailingstate", native_enum=False, length=30), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("written_by_id", NUMBER, nullable=True),
        sa.Column("changed_by_id", NUMBER, nullable=True),
        sa.Column("confirmed_by_id", NUMBER, nullable=True),
        sa.Column("confirmed_number", NUMBER, nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("queued_at", MOMENT, nullable=True),
        sa.Column("queued_number", NUMBER, nullable=True),
        sa.Column("declined_number", NUMBER, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint("days >= 0 AND minutes >= 0", name=op.f("ck_mailings_distance_not_negative")),
        sa.CheckConstraint(
            "timing <> 'at' OR (on_day IS NOT NULL AND at_time IS NOT NULL)", name=op.f("ck_mailings_moment_where_at")
        ),
        sa.CheckConstraint(
            "state NOT IN ('sending', 'sent') OR queued_at IS NOT NULL", name=op.f("ck_mailings_queued_where_sending")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_mailings_event_id")),
        *(
            sa.ForeignKeyConstraint([f"{who}_by_id"], ["people.id"], name=op.f(f"fk_mailings_{who}_by_id"))
            for who in ("written", "changed", "confirmed")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailings")),
        sa.UniqueConstraint("event_id", "rule", name=op.f("uq_mailings_event_id_rule")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mailings_public_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_mailings_event", "mailings", ["event_id", "id"])
    op.create_index("ix_mailings_state", "mailings", ["state", "id"])
    with op.batch_alter_table("outbox") as batch:
        batch.add_column(sa.Column("mailing_id", NUMBER, nullable=True))
        batch.create_foreign_key(op.f("fk_outbox_mailing_id"), "mailings", ["mailing_id"], ["id"])
    where = sa.text("mailing_id IS NOT NULL")
    conditions = {"sqlite_where": where, "postgresql_where": where}
    op.create_index("uq_outbox_mailing_id_person_id", "outbox", ["mailing_id", "person_id"], unique=True, **conditions)
    op.create_index("ix_outbox_mailing_state", "outbox", ["mailing_id", "state", "id"], **conditions)


def downgrade():
    # The older program cannot write them, so what was not sent is not.
    outbox = sa.table(
        "outbox", sa.column("mailing_id"), sa.column("state"), sa.column("taken_by"), sa.column("message")
    )
    unsent = outbox.c.state.in_(("waiting", "sending", "deferred", "held"))
    op.execute(
        outbox.update()
        .where(outbox.c.mailing_id.is_not(None), unsent)
        .values(state="cancelled", taken_by="", message=None)
    )
    op.drop_index("ix_outbox_mailing_state", table_name="outbox")
    op.drop_index("uq_outbox_mailing_id_person_id", table_name="outbox")
    with op.batch_alter_table("outbox") as batch:
        batch.drop_constraint("fk_outbox_mailing_id", type_="foreignkey")
        batch.drop_column("mailing_id")
    op.drop_table("mailings")
