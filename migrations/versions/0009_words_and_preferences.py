"""letters can be reworded, and some kinds of them declined"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

KINDS = ("sign_in", "place", "change", "cancellation", "asking", "reminder", "follow_up", "news")


def upgrade():
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    kind = sa.Enum(*KINDS, name="mailkind", native_enum=False, length=30)
    op.add_column("outbox", sa.Column("kind", kind, server_default="place", nullable=False))
    op.create_table(
        "declined_mail",
        sa.Column("id", number, nullable=False),
        sa.Column("person_id", number, nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_declined_mail_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declined_mail")),
        sa.UniqueConstraint("person_id", "kind", name=op.f("uq_declined_mail_person_id_kind")),
    )
    op.create_table(
        "letter_wordings",
        sa.Column("id", number, nullable=False),
        sa.Column("event_id", number, nullable=True),
        sa.Column("programme_id", number, nullable=True),
        sa.Column("notice", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_by_id", number, nullable=True),
        sa.Column("version", number, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(event_id IS NULL) <> (programme_id IS NULL)", name=op.f("ck_letter_wordings_of_event_or_programme")
        ),
        sa.ForeignKeyConstraint(["changed_by_id"], ["people.id"], name=op.f("fk_letter_wordings_changed_by_id")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_letter_wordings_event_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_letter_wordings_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_wordings")),
        sa.UniqueConstraint("event_id", "notice", name=op.f("uq_letter_wordings_event_id_notice")),
        sa.UniqueConstraint("programme_id", "notice", name=op.f("uq_letter_wordings_programme_id_notice")),
    )


def downgrade():
    op.drop_table("letter_wordings")
    op.drop_table("declined_mail")
    with op.batch_alter_table("outbox") as batch:
        batch.drop_column("kind")
