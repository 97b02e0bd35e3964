"""lists stay quick: indexes for organisations and days, and registrations counted by the hour in which they came"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index("ix_registrations_of_organisation", "registrations", ["event_id", "organisation_name", "id"])
    op.create_index("ix_registrations_of_state_by_name", "registrations", ["event_id", "state", "name_sort", "id"])
    op.create_index(
        "ix_registrations_of_state_by_organisation", "registrations", ["event_id", "state", "organisation_sort", "id"]
    )
    op.create_index("ix_registrations_by_day", "registrations", ["event_id", "registered_at", "id"])
    _count_the_hours(op.get_bind())


def _count_the_hours(connection):
    """Count what is there by the hour in UTC, written as the program writes it."""
    at = sa.column("registered_at", sa.DateTime(timezone=True))
    if connection.dialect.name == "sqlite":
        hour = sa.func.substr(at, 1, 13)
    else:
        hour = sa.func.to_char(sa.func.timezone("UTC", at), "YYYY-MM-DD HH24")
    registrations = sa.table("registrations", sa.column("event_id"), at, sa.column("state"))
    tallies = sa.table("registration_tallies", *map(sa.column, ("event_id", "dimension", "value", "state", "count")))
    counted = sa.select(
        registrations.c.event_id, sa.literal("hour"), hour.label("hour"), registrations.c.state, sa.func.count()
    ).group_by(registrations.c.event_id, sa.text("3"), registrations.c.state)
    connection.execute(tallies.insert().from_select(["event_id", "dimension", "value", "state", "count"], counted))


def downgrade():
    op.execute("DELETE FROM registration_tallies WHERE dimension = 'hour'")
    op.drop_index("ix_registrations_by_day", table_name="registrations")
    op.drop_index("ix_registrations_of_state_by_organisation", table_name="registrations")
    op.drop_index("ix_registrations_of_state_by_name", table_name="registrations")
    op.drop_index("ix_registrations_of_organisation", table_name="registrations")
