"""places remember that more of those who wait are to be called than were in one go"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

FILLING = sa.text("filling")


def upgrade():
    with op.batch_alter_table("places") as batch:
        batch.add_column(sa.Column("filling", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("places") as batch:
        batch.alter_column("filling", server_default=None)
    # The worker asks each minute, and a service has as many rows here as events and sessions.
    op.create_index("ix_places_filling", "places", ["id"], sqlite_where=FILLING, postgresql_where=FILLING)


def downgrade():
    op.drop_index("ix_places_filling", table_name="places")
    with op.batch_alter_table("places") as batch:
        batch.drop_column("filling")
