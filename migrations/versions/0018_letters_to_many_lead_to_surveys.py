"""letters to many lead to a survey, and remind those who have not answered it"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    with _mailings() as batch:
        batch.add_column(sa.Column("survey_id", NUMBER, nullable=True))
        batch.create_foreign_key(op.f("fk_mailings_survey_id"), "surveys", ["survey_id"], ["id"])
        batch.create_index(op.f("ix_mailings_survey_id"), ["survey_id"])
    _keep_counting()


def downgrade():
    # Without the survey nobody can tell who has not answered it, and such a letter would go to all.
    waiting = sa.text("SELECT count(*) FROM mailings WHERE survey_id IS NOT NULL AND state IN ('scheduled', 'sending')")
    if op.get_bind().execute(waiting).scalar():
        raise RuntimeError("A letter to many that leads to a survey waits or is being sent: cancel or end it first.")
    with _mailings() as batch:
        batch.drop_index(op.f("ix_mailings_survey_id"))
        batch.drop_constraint(op.f("fk_mailings_survey_id"), type_="foreignkey")
        batch.drop_column("survey_id")
    _keep_counting()


def _mailings():
    # SQLite rebuilds the table for this, and is to go on giving no id twice.
    return op.batch_alter_table("mailings", table_kwargs={"sqlite_autoincrement": True})


def _keep_counting():
    """Let the ids go on beyond those of letters that were deleted, of which the record still tells."""
    if op.get_context().dialect.name != "sqlite":
        return
    last = sa.text(
        "SELECT max(coalesce((SELECT max(id) FROM mailings), 0),"
        " coalesce((SELECT max(thing_id) FROM activity WHERE thing_kind = 'mailing'), 0))"
    )
    used = op.get_bind().execute(last).scalar()
    op.get_bind().execute(sa.text("DELETE FROM sqlite_sequence WHERE name = 'mailings'"))
    op.get_bind().execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES ('mailings', :used)"), {"used": used})
