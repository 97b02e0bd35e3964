"""lists lie in order: indexes of one organisation in each order, and what is tested on a walk kept in the index"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLE = "registrations"
# Each index as it was, and what is added behind.
WIDENED = {
    "ix_registrations_by_arrival": (["event_id", "arrival", "id"], ["mode"]),
    "ix_registrations_by_name": (["event_id", "name_sort", "id"], ["mode", "registered_at"]),
    "ix_registrations_by_organisation": (["event_id", "organisation_sort", "id"], ["mode", "registered_at"]),
    "ix_registrations_of_state_by_name": (["event_id", "state", "name_sort", "id"], ["mode", "registered_at"]),
    "ix_registrations_of_state_by_organisation": (
        ["event_id", "state", "organisation_sort", "id"],
        ["mode", "registered_at"],
    ),
    "ix_registrations_of_organisation": (["event_id", "organisation_name", "id"], ["state"]),
    "ix_registrations_by_day": (["event_id", "registered_at", "id"], ["state", "mode"]),
}
NEW = {
    "ix_registrations_of_organisation_by_arrival": ["event_id", "organisation_name", "arrival", "id", "state"],
    "ix_registrations_of_organisation_by_name": ["event_id", "organisation_name", "name_sort", "id", "state"],
}


def upgrade():
    for name, (columns, added) in WIDENED.items():
        op.drop_index(name, table_name=TABLE)
        op.create_index(name, TABLE, columns + added)
    for name, columns in NEW.items():
        op.create_index(name, TABLE, columns)


def downgrade():
    for name in NEW:
        op.drop_index(name, table_name=TABLE)
    for name, (columns, _) in WIDENED.items():
        op.drop_index(name, table_name=TABLE)
        op.create_index(name, TABLE, columns)
