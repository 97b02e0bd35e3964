"""results of surveys are released in steps"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "survey_releases",
        sa.Column("id", BIG, nullable=False),
        sa.Column("survey_id", BIG, nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("responses", BIG, nullable=False),
        sa.Column("over", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("published", sa.JSON(), nullable=False),
        sa.Column("lists", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name=op.f("fk_survey_releases_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_releases")),
        sa.UniqueConstraint("survey_id", "number", name=op.f("uq_survey_releases_survey_id_number")),
    )


def downgrade():
    op.drop_table("survey_releases")
