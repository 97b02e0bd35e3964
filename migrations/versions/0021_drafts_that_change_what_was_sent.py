"""drafts of answers say whether their writer had sent answers already, and so left nowhere"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade():
    with _drafts() as batch:
        batch.add_column(sa.Column("again", sa.Boolean(), nullable=False, server_default=sa.false()))
    with _drafts() as batch:
        batch.alter_column("again", existing_type=sa.Boolean(), server_default=None)


def downgrade():
    with _drafts() as batch:
        batch.drop_column("again")


def _drafts():
    # SQLite rebuilds the table for this, and is to go on keeping its rows in no order of their coming.
    return op.batch_alter_table("survey_drafts", table_kwargs={"sqlite_with_rowid": False})
