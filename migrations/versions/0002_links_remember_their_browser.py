"""sign-in links remember the browser they were used in, and two lists have indexes of their own"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("sign_in_links", sa.Column("used_in", sa.String(length=64), nullable=True))
    op.create_index("ix_events_format", "events", ["listed", "format", "ends_at", "id"])
    op.create_index("ix_registrations_of_state_by_arrival", "registrations", ["event_id", "state", "arrival", "id"])


def downgrade():
    op.drop_index("ix_registrations_of_state_by_arrival", "registrations")
    op.drop_index("ix_events_format", "events")
    with op.batch_alter_table("sign_in_links") as batch:
        batch.drop_column("used_in")
