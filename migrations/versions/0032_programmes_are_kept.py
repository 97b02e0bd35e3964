"""what a partner of a programme does, and which version of a programme's page stands"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
VERBS = (
    *("programme_changed", "part_added", "part_removed"),
    *("wave_created", "wave_changed", "wave_moved", "wave_removed"),
    *("milestone_added", "milestone_changed", "milestone_removed"),
    *("area_created", "area_placed", "area_removed"),
)


def upgrade():
    op.add_column("programmes", sa.Column("version", NUMBER, nullable=False, server_default="1"))
    op.add_column("programme_parts", sa.Column("task", sa.String(length=200), nullable=False, server_default=""))


def downgrade():
    # The program of that step has no words for these.
    verb = sa.column("verb")
    op.execute(sa.table("activity", verb).delete().where(verb.in_(VERBS)))
    op.drop_column("programme_parts", "task")
    op.drop_column("programmes", "version")
