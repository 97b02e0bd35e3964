"""posts withheld while somebody is worried about a child"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
UNSEEN = sa.text("child_at IS NOT NULL AND acknowledged_at IS NULL")


def upgrade():
    op.add_column("topics", sa.Column("withheld_at", MOMENT, nullable=True))
    op.add_column("moderation_cases", sa.Column("child_at", MOMENT, nullable=True))
    op.add_column("moderation_cases", sa.Column("reminded_at", MOMENT, nullable=True))
    op.create_index(op.f("ix_moderation_cases_post"), "moderation_cases", ["post_id", "id"], unique=False)
    op.create_index(
        op.f("ix_moderation_cases_clock"),
        "moderation_cases",
        ["child_at", "id"],
        unique=False,
        sqlite_where=UNSEEN,
        postgresql_where=UNSEEN,
    )
    op.execute("UPDATE moderation_cases SET child_at = opened_at WHERE is_child")


def downgrade():
    op.drop_index(op.f("ix_moderation_cases_clock"), table_name="moderation_cases")
    op.drop_index(op.f("ix_moderation_cases_post"), table_name="moderation_cases")
    op.drop_column("moderation_cases", "reminded_at")
    op.drop_column("moderation_cases", "child_at")
    op.drop_column("topics", "withheld_at")
