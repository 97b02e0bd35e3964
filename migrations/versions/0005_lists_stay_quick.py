"""lists stay quick: indexes for organisations and days, and registrations counted by quarters of an hour"""

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
    _count_the_quarters(op.get_bind())


def _count_the_quarters(connection):
    """Count what is there by quarters of an hour in UTC, written as the program writes it."""
    at = sa.column("registered_at", sa.DateTime(timezone=True))
    if connection.dialect.name == "sqlite":
        minute = sa.cast(sa.func.substr(at, 15, 2), sa.Integer) // 15 * 15
        quarter = sa.func.printf("%s:%02d", sa.func.substr(at, 1, 13), minute)
    else:
        begun = sa.func.date_bin(
            sa.text("interval '15 minutes'"), sa.func.timezone("UTC", at), sa.text("timestamp '2000-01-01'")
        )
        quarter = sa.func.to_char(begun, "YYYY-MM-DD HH24:MI")
    registrations = sa.table("registrations", sa.column("event_id"), at, sa.column("state"))
    tallies = sa.table("registration_tallies", *map(sa.column, ("event_id", "dimension", "value", "state", "count")))
    counted = sa.select(
        registrations.c.event_id,
        sa.literal("quarter_hour"),
        quarter.label("quarter"),
        registrations.c.state,
        sa.func.count(),
    ).group_by(registrations.c.event_id, sa.text("3"), registrations.c.state)
    connection.execute(tallies.insert().from_select(["event_id", "dimension", "value", "state", "count"], counted))


def downgrade():
    op.execute("DELETE FROM registration_tallies WHERE dimension = 'quarter_hour'")
    op.drop_index("ix_registrations_by_day", table_name="registrations")
    op.drop_index("ix_registrations_of_state_by_organisation", table_name="registrations")
    op.drop_index("ix_registrations_of_state_by_name", table_name="registrations")
    op.drop_index("ix_registrations_of_organisation", table_name="registrations")
