"""turns have numbers within their transcript, speakers propose corrections, and what was removed can be erased"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
VERBS = (
    "transcript_check_asked",
    "transcript_proposed",
    "transcript_proposal_taken_back",
    "transcript_proposal_declined",
    "transcript_erased",
    "transcript_source_deleted",
)
IS_OPEN = sa.text("state = 'open'")


def upgrade():
    op.add_column("turns", sa.Column("number", BIG, nullable=False, server_default="0"))
    op.add_column("turns", sa.Column("erased_at", MOMENT, nullable=True))
    op.add_column("transcripts", sa.Column("source_deleted_at", MOMENT, nullable=True))
    op.add_column("transcripts", sa.Column("check_asked_at", MOMENT, nullable=True))
    op.execute(
        "UPDATE turns SET number = counted.number FROM"
        " (SELECT id, row_number() OVER (PARTITION BY transcript_id ORDER BY position, id) AS number FROM turns)"
        " AS counted WHERE counted.id = turns.id"
    )
    op.create_index(op.f("ix_turns_number"), "turns", ["transcript_id", "number"], unique=True)
    op.create_table(
        "turn_proposals",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("transcript_id", BIG, nullable=False),
        sa.Column("turn_id", BIG, nullable=False),
        sa.Column("speaker_id", BIG, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("turn_version", BIG, nullable=False),
        sa.Column("state", sa.String(30), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)", name=op.f("ck_turn_proposals_open_until_decided")
        ),
        sa.ForeignKeyConstraint(["transcript_id"], ["transcripts.id"], name=op.f("fk_turn_proposals_transcript_id")),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_turn_proposals_turn_id")),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["speakers.id"], name=op.f("fk_turn_proposals_speaker_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_turn_proposals_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn_proposals")),
        sa.UniqueConstraint("public_id", name=op.f("uq_turn_proposals_public_id")),
    )
    op.create_index(op.f("ix_turn_proposals_order"), "turn_proposals", ["transcript_id", "state", "id"])
    op.create_index(op.f("ix_turn_proposals_speaker_id"), "turn_proposals", ["speaker_id"])
    op.create_index(op.f("ix_turn_proposals_decided_by_id"), "turn_proposals", ["decided_by_id"])
    op.create_index(
        op.f("ix_turn_proposals_open"),
        "turn_proposals",
        ["turn_id", "speaker_id"],
        unique=True,
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )


def downgrade():
    # The program of that step has no words for these.
    op.execute("DELETE FROM passages WHERE source = 'transcript'")
    op.execute("DELETE FROM saved_items WHERE thing_kind = 'turn'")
    outbox = sa.table("outbox", sa.column("notice"), sa.column("state"))
    on_their_way = outbox.c.state.in_(("waiting", "sending", "deferred", "held"))
    to_check = outbox.update().where(outbox.c.notice == "transcript_to_check", on_their_way)
    op.execute(to_check.values(state="cancelled"))
    op.execute("DELETE FROM turn_changes WHERE kind = 'erased'")
    verb = sa.column("verb")
    op.execute(sa.table("activity", verb).delete().where(verb.in_(VERBS)))
    op.drop_table("turn_proposals")
    op.drop_index(op.f("ix_turns_number"), "turns")
    op.drop_column("transcripts", "check_asked_at")
    op.drop_column("transcripts", "source_deleted_at")
    op.drop_column("turns", "erased_at")
    op.drop_column("turns", "number")
