"""letters of communities: of posts, and digests"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "post_tellings",
        sa.Column("post_id", NUMBER, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("told_person_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_post_tellings_post_id")),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_post_tellings")),
    )
    op.create_table(
        "digest_runs",
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("looked_person_id", NUMBER, nullable=False),
        sa.Column("letters", NUMBER, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("due_at", name=op.f("pk_digest_runs")),
    )
    op.create_index("ix_participations_letters", "participations", ["community_id", "pace", "person_id"])
    op.drop_index("ix_participations_pace", table_name="participations")
    with op.batch_alter_table("outbox") as batch:
        batch.add_column(sa.Column("post_id", NUMBER, nullable=True))
        batch.create_foreign_key(op.f("fk_outbox_post_id"), "posts", ["post_id"], ["id"])
    where = sa.text("post_id IS NOT NULL")
    op.create_index("ix_outbox_post", "outbox", ["post_id", "id"], sqlite_where=where, postgresql_where=where)


def downgrade():
    # The older program knows neither kind, and cannot write what tells of posts, so what was not sent is not.
    outbox = sa.table("outbox", sa.column("kind"), sa.column("state"), sa.column("taken_by"), sa.column("message"))
    kinds, unsent = ("community", "conduct"), outbox.c.state.in_(("waiting", "sending", "deferred", "held"))
    op.execute(
        outbox.update().where(outbox.c.kind.in_(kinds), unsent).values(state="cancelled", taken_by="", message=None)
    )
    op.execute(outbox.update().where(outbox.c.kind.in_(kinds)).values(kind="news"))
    declined = sa.table("declined_mail", sa.column("kind"))
    op.execute(declined.delete().where(declined.c.kind.in_(kinds)))
    op.drop_index("ix_outbox_post", table_name="outbox")
    with op.batch_alter_table("outbox") as batch:
        batch.drop_constraint("fk_outbox_post_id", type_="foreignkey")
        batch.drop_column("post_id")
    op.create_index("ix_participations_pace", "participations", ["pace", "told_until", "id"])
    op.drop_index("ix_participations_letters", table_name="participations")
    op.drop_table("digest_runs")
    op.drop_table("post_tellings")
