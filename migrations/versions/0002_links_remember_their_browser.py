"""sign-in links remember the browser they were used in"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("sign_in_links", sa.Column("used_in", sa.String(length=64), nullable=True))


def downgrade():
    with op.batch_alter_table("sign_in_links") as batch:
        batch.drop_column("used_in")
