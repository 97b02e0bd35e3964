"""profiles show what people choose"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("member_profiles", sa.Column("shows_places", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column(
        "member_profiles", sa.Column("shows_organisation", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade():
    op.drop_column("member_profiles", "shows_organisation")
    op.drop_column("member_profiles", "shows_places")
