"""members of a programme are read in from files, and who ended a membership is known"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
VERBS = (
    "membership_added",
    "membership_changed",
    "membership_ended",
    "membership_joined",
    "membership_left",
    "membership_accepted",
    "membership_invited",
    "membership_letter_sent",
    "membership_invitation_withdrawn",
    "membership_domains_changed",
    "members_imported",
)
LETTERS = ("membership_invited", "membership_added", "membership_joined", "membership_changed", "membership_ended")


def upgrade():
    with _imports() as batch:
        batch.alter_column("event_id", existing_type=NUMBER, nullable=True)
        batch.add_column(sa.Column("programme_id", NUMBER, nullable=True))
        batch.create_foreign_key(op.f("fk_imports_programme_id"), "programmes", ["programme_id"], ["id"])
        batch.create_check_constraint(
            op.f("ck_imports_event_or_programme"), "(event_id IS NULL) <> (programme_id IS NULL)"
        )
    op.create_index("ix_imports_programme", "imports", ["programme_id", "id"])
    with op.batch_alter_table("memberships", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.add_column(sa.Column("ended_by_id", NUMBER, nullable=True))
        batch.create_foreign_key(op.f("fk_memberships_ended_by_id"), "people", ["ended_by_id"], ["id"])
    op.create_index(op.f("ix_memberships_ended_by_id"), "memberships", ["ended_by_id"])


def downgrade():
    # The program of that step has no words for these.
    outbox = sa.table("outbox", sa.column("notice"), sa.column("state"))
    on_their_way = outbox.c.state.in_(("waiting", "sending", "deferred", "held"))
    op.execute(outbox.update().where(outbox.c.notice.in_(LETTERS), on_their_way).values(state="cancelled"))
    verb = sa.column("verb")
    op.execute(sa.table("activity", verb).delete().where(verb.in_(VERBS)))
    op.drop_index(op.f("ix_memberships_ended_by_id"), "memberships")
    with op.batch_alter_table("memberships", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.drop_constraint(op.f("fk_memberships_ended_by_id"), type_="foreignkey")
        batch.drop_column("ended_by_id")
    # What was uploaded and is kept for seven days; the members who came of it stay.
    op.execute("DELETE FROM import_rows WHERE import_id IN (SELECT id FROM imports WHERE event_id IS NULL)")
    op.execute("DELETE FROM imports WHERE event_id IS NULL")
    op.drop_index("ix_imports_programme", "imports")
    with _imports() as batch:
        batch.drop_constraint(op.f("ck_imports_event_or_programme"), type_="check")
        batch.drop_constraint(op.f("fk_imports_programme_id"), type_="foreignkey")
        batch.drop_column("programme_id")
        batch.alter_column("event_id", existing_type=NUMBER, nullable=False)


def _imports():
    # SQLite rebuilds the table for this, and is to go on giving no id twice.
    return op.batch_alter_table("imports", table_kwargs={"sqlite_autoincrement": True})
