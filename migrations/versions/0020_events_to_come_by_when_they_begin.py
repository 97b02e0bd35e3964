"""lists of events to come are read by when they begin"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ADDED = {
    "ix_events_to_come": ["listed", "starts_at", "ends_at", "id"],
    "ix_events_format_to_come": ["listed", "format", "starts_at", "ends_at", "id"],
    "ix_events_programme_to_come": ["programme_id", "listed", "starts_at", "ends_at", "id"],
}
LISTED = ["listed", "ends_at", "id"]


def upgrade():
    op.drop_index("ix_events_listed", "events")
    op.create_index("ix_events_listed", "events", [*LISTED, "starts_at"])
    for name, columns in ADDED.items():
        op.create_index(name, "events", columns)


def downgrade():
    for name in ADDED:
        op.drop_index(name, "events")
    op.drop_index("ix_events_listed", "events")
    op.create_index("ix_events_listed", "events", LISTED)
