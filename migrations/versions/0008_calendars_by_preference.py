"""people choose a reminder and entries by session"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("people", sa.Column("calendar_alarm", sa.String(length=30), nullable=False, server_default="none"))
    op.add_column("people", sa.Column("calendar_by_session", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("invitations", sa.Column("alarm", sa.String(length=30), nullable=False, server_default="none"))


def downgrade():
    with op.batch_alter_table("invitations") as batch:
        batch.drop_column("alarm")
    with op.batch_alter_table("people") as batch:
        batch.drop_column("calendar_by_session")
        batch.drop_column("calendar_alarm")
