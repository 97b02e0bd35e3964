"""tags carry what registrations are sorted by, and attendance is counted as it changes"""

from collections import Counter, defaultdict
from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ALL_DAYS = 0
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


CARRIED = ("arrival", "name_sort", "organisation_sort")


def upgrade():
    _carry_the_order()
    _count_attendance()


def downgrade():
    op.drop_table("attendance_tallies")
    op.drop_table("presences")
    for name in ("organisation", "name", "arrival"):
        op.drop_index(f"ix_registration_tags_by_{name}", table_name="registration_tags")
    with op.batch_alter_table("registration_tags") as batch:
        for name in CARRIED:
            batch.drop_column(name)


def _carry_the_order():
    text = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
    types = {"arrival": BIG, "name_sort": text, "organisation_sort": text}
    for name, kind in types.items():
        op.add_column("registration_tags", sa.Column(name, kind, nullable=True))
    found = "(SELECT registrations.{0} FROM registrations WHERE registrations.id = registration_id)"
    values = ", ".join(f"{name} = {found.format(name)}" for name in CARRIED)
    op.execute(f"UPDATE registration_tags SET {values}")  # noqa: S608 -- names of our own
    with op.batch_alter_table("registration_tags") as batch:
        for name, kind in types.items():
            batch.alter_column(name, existing_type=kind, nullable=False)
    for name, column in (("arrival", "arrival"), ("name", "name_sort"), ("organisation", "organisation_sort")):
        columns = ["event_id", "name_folded", column, "registration_id"]
        op.create_index(f"ix_registration_tags_by_{name}", "registration_tags", columns)


def _count_attendance():
    op.create_table(
        "presences",
        sa.Column("id", BIG, nullable=False),
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("registration_id", BIG, nullable=False),
        sa.Column("day_id", BIG, nullable=False),
        sa.Column(
            "how",
            sa.Enum("came", "part", "missed", "not_yet", name="came", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("checked_in", sa.Boolean(), nullable=False),
        sa.Column("placed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_presences_event_id")),
        sa.ForeignKeyConstraint(["registration_id"], ["registrations.id"], name=op.f("fk_presences_registration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presences")),
        sa.UniqueConstraint("registration_id", "day_id", name=op.f("uq_presences_registration_id_day_id")),
    )
    op.create_index("ix_presences_of_day", "presences", ["event_id", "day_id", "placed", "how", "registration_id"])
    op.create_table(
        "attendance_tallies",
        sa.Column("id", BIG, nullable=False),
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("day_id", BIG, nullable=False),
        sa.Column("dimension", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column(
            "what",
            sa.Enum(
                "came",
                "part",
                "checked_in",
                "no_place",
                "checked_in_no_place",
                name="counted",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("count", BIG, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_attendance_tallies_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_tallies")),
        sa.UniqueConstraint(
            "event_id",
            "day_id",
            "dimension",
            "value",
            "what",
            name=op.f("uq_attendance_tallies_event_id_day_id_dimension_value_what"),
        ),
    )
    op.create_index(
        "ix_attendance_tallies_largest", "attendance_tallies", ["event_id", "day_id", "dimension", "what", "count"]
    )
    connection = op.get_bind()
    attended = sa.text("SELECT event_id FROM check_ins UNION SELECT event_id FROM attendance_reports ORDER BY 1")
    for (event_id,) in connection.execute(attended).all():
        _count(connection, event_id)


def _count(connection, event_id):
    """Count what check-ins and reports say of one event."""
    there = _there(connection, event_id)
    people = sa.text("SELECT id, organisation_name, sector, state FROM registrations WHERE event_id = :event")
    known = {row.id: row for row in connection.execute(people, {"event": event_id})}
    rows, counts = [], Counter()
    for (registration_id, day_id), (how, checked_in) in there.items():
        person = known[registration_id]
        placed = person.state == "confirmed"
        rows.append(
            {
                "event_id": event_id,
                "registration_id": registration_id,
                "day_id": day_id,
                "how": how,
                "checked_in": checked_in,
                "placed": placed,
            }
        )
        for dimension, value in (("sector", person.sector), ("organisation", person.organisation_name)):
            counts[day_id, dimension, value, how] += 1
            if not placed and day_id == ALL_DAYS:
                counts[day_id, dimension, value, "no_place"] += 1
        if checked_in:
            counts[day_id, "sector", person.sector, "checked_in"] += 1
            if not placed:
                counts[day_id, "sector", person.sector, "checked_in_no_place"] += 1
    if rows:
        connection.execute(sa.table("presences", *map(sa.column, rows[0])).insert(), rows)
    names = ("event_id", "day_id", "dimension", "value", "what", "count")
    tallies = [dict(zip(names, (event_id, *key, number), strict=True)) for key, number in counts.items()]
    if tallies:
        connection.execute(sa.table("attendance_tallies", *map(sa.column, names)).insert(), tallies)


def _there(connection, event_id):
    """How each person took part in a day, and whether they were checked in; and so for all days together."""
    about = {"event": event_id}
    days = sa.text("SELECT id, starts, ends FROM event_days WHERE event_id = :event")
    days = days.columns(sa.column("id"), sa.column("starts", sa.Time()), sa.column("ends", sa.Time()))
    needed = {
        day: _minutes_of(ends) - _minutes_of(starts) if starts else 0
        for day, starts, ends in connection.execute(days, about)
    }
    seen = sa.text("SELECT registration_id, day_id FROM check_ins WHERE event_id = :event")
    checked_in = {tuple(row) for row in connection.execute(seen, about)}
    said = sa.text(
        "SELECT registration_id, day_id, minutes, stays FROM attendance_records"
        " JOIN attendance_reports ON attendance_reports.id = report_id"
        " WHERE event_id = :event AND registration_id IS NOT NULL ORDER BY attendance_records.id"
    ).columns(*map(sa.column, ("registration_id", "day_id", "minutes")), sa.column("stays", sa.JSON()))
    lines = defaultdict(list)
    for registration_id, day_id, minutes, stays in connection.execute(said, about):
        lines[registration_id, day_id].append((minutes, stays))
    found = {}
    for key in sorted({*checked_in, *lines}):
        came = key in checked_in or _merged(lines[key]) * 2 >= needed[key[1]]
        found[key] = ("came" if came else "part", key in checked_in)
        together = (key[0], ALL_DAYS)
        best, ever = found.get(together, ("part", False))
        found[together] = ("came" if came else best, ever or key in checked_in)
    return found


def _minutes_of(time):
    return time.hour * 60 + time.minute


def _merged(lines):
    """The minutes of one line, or of several with none counted twice."""
    if len(lines) == 1:
        return lines[0][0]
    stays = [stay for _, several in lines for stay in several]
    spans = sorted(
        (datetime.fromisoformat(joined), datetime.fromisoformat(left)) for joined, left, _ in stays if joined and left
    )
    seconds, until = 0.0, None
    for joined, left in spans:
        begin = joined if until is None else max(joined, until)
        if left > begin:
            seconds += (left - begin).total_seconds()
            until = left
    told = sum(minutes or 0 for joined, left, minutes in stays if joined and left)
    untimed = sum(minutes or 0 for joined, left, minutes in stays if not (joined and left))
    return int(min(seconds / 60, told) + untimed + 0.5)
