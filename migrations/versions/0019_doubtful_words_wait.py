"""words of a reflection that may identify somebody wait for their writer to decide"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

STATE = sa.String(length=30)


def upgrade():
    with op.batch_alter_table("reflection_changes") as batch:
        batch.add_column(sa.Column("state", STATE, nullable=False, server_default="stood"))
    with op.batch_alter_table("reflection_changes") as batch:
        batch.alter_column("state", existing_type=STATE, server_default=None)


def downgrade():
    # Without the column all who can open the reflection would read in its history what its writer alone may see.
    own = sa.text("SELECT count(*) FROM reflection_changes WHERE state <> 'stood'")
    if op.get_bind().execute(own).scalar():
        raise RuntimeError(
            "Words wait in reflections, or were laid aside, that only their writers see: see to them first."
        )
    with op.batch_alter_table("reflection_changes") as batch:
        batch.drop_column("state")
