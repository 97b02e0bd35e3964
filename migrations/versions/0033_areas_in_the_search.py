"""areas in the one search, and how their profiles came to say what they do"""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade():
    # Areas are put into the search as they are made and changed; no table changes.
    pass


def downgrade():
    # The program of that step has no words for what was done, and cannot read passages of this kind.
    op.execute("DELETE FROM activity WHERE thing_kind = 'area_document'")
    op.execute(
        "DELETE FROM activity WHERE verb IN"
        " ('area_described', 'area_strand_said', 'area_contacts_named', 'area_version_erased')"
    )
    op.execute("DELETE FROM passages WHERE source = 'area'")
