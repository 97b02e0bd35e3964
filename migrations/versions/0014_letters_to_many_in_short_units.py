"""letters to many are put into the outbox in short units, from a list of those still to come"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("mailings", sa.Column("still_to_queue", sa.LargeBinary(), nullable=True))


def downgrade():
    begun = sa.text("SELECT count(*) FROM mailings WHERE still_to_queue IS NOT NULL AND state = 'sending'")
    if op.get_bind().execute(begun).scalar():
        raise RuntimeError("A letter to many is being put into the outbox: let the worker end that first.")
    op.drop_column("mailings", "still_to_queue")
