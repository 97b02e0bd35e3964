"""How people took part, kept as it changes: what check-ins and reports come to by day, and how many they are.

Whoever changes a check-in, a line of a report or the hours of a day holds the event's places; whoever changes a
registration holds those of its mode. So no two of them count the same person at once.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, insert, update

from webapp.database import insert_for
from webapp.extensions import db
from webapp.formats.attendance import Stay, merged_minutes
from webapp.models.attendance import ALL_DAYS, AttendanceTally, Came, Counted, Presence, took_part
from webapp.models.events import Event, EventDay
from webapp.models.registrations import Registration, RegistrationState
from webapp.queries import attendance as queries
from webapp.queries.attendance import Attendee

_CHUNK = 500
Key = tuple[int, int]
How = tuple[Came, bool]
Tallies = Counter[tuple[int, str, str, Counted]]


def recount(event: Event, registration_ids: Iterable[int]) -> None:
    """Make of these registrations' presences what check-ins and reports now say; `event` must have its days loaded."""
    lengths = {day.id: _length(day) for day in event.days}
    tallies: Tallies = Counter()
    ids = sorted(set(registration_ids))
    for first in range(0, len(ids), _CHUNK):
        some = ids[first : first + _CHUNK]
        people = queries.attendees(some)
        known = {(row.registration_id, row.day_id): row for row in queries.presences_of(some)}
        for row in known.values():
            _count(tallies, row, people[row.registration_id], -1)
        there = _there(some, lengths)
        rows: list[dict[str, Any]] = [
            {
                "event_id": event.id,
                "registration_id": key[0],
                "day_id": key[1],
                "how": how,
                "checked_in": checked_in,
                "placed": people[key[0]].state is RegistrationState.CONFIRMED,
            }
            for key, (how, checked_in) in there.items()
        ]
        for values in rows:
            _count(tallies, Presence(**values), people[values["registration_id"]], 1)
        _write(known, rows)
    _apply(event.id, tallies)


def recount_all(event: Event) -> None:
    """The same for everybody who was there, when the hours of days have changed."""
    recount(event, queries.ids_of_present(event.id))


def move_presences(registrations: Sequence[Registration], *, leave: bool, join: RegistrationState | None) -> None:
    """Take the presences of registrations of one event out of what is counted, or count them as of that state."""
    by_id = {one.id: one for one in registrations}
    tallies: Tallies = Counter()
    ids = sorted(by_id)
    for first in range(0, len(ids), _CHUNK):
        for row in queries.presences_of(ids[first : first + _CHUNK]):
            one = by_id[row.registration_id]
            person = Attendee(one.organisation_name, one.sector, one.state)
            if leave:
                _count(tallies, row, person, -1)
            if join is not None:
                row.placed = join is RegistrationState.CONFIRMED
                _count(tallies, row, person, 1)
    if tallies:
        _apply(registrations[0].event_id, tallies)


def _there(ids: Sequence[int], lengths: Mapping[int, int | None]) -> dict[Key, How]:
    """How these people took part in each day on which they were there, and in all days together."""
    checked_in = queries.checked_in(ids)
    found: dict[Key, How] = {}
    minutes = _minutes(ids)
    for key in sorted({*checked_in, *minutes}):
        seen = key in checked_in
        how = took_part(checked_in=seen, minutes=minutes.get(key), day_minutes=lengths.get(key[1]), begun=True)
        found[key] = (how, seen)
        together = (key[0], ALL_DAYS)
        best, ever = found.get(together, (how, False))
        found[together] = (Came.CAME if Came.CAME in {best, how} else best, ever or seen)
    return found


def _minutes(ids: Sequence[int]) -> dict[Key, int]:
    """The minutes of each person and day: what one line says, or several put together so that none counts twice."""
    lines: dict[Key, list[tuple[int, queries.Stays]]] = defaultdict(list)
    for key, minutes, stays in queries.minutes_and_stays(ids):
        lines[key].append((minutes, stays))
    return {
        key: several[0][0]
        if len(several) == 1
        else merged_minutes(stay for _, kept in several for stay in stays_of(kept))
        for key, several in lines.items()
    }


def stays_of(kept: Iterable[Sequence[str | float | None]]) -> Iterator[Stay]:
    """The stays that a line of a report was kept with."""
    for joined, left, minutes in kept:
        yield Stay(_moment(joined), _moment(left), float(minutes or 0))


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def _length(day: EventDay) -> int | None:
    if day.starts is None or day.ends is None:
        return None
    return (day.ends.hour - day.starts.hour) * 60 + day.ends.minute - day.starts.minute


def _write(known: Mapping[Key, Presence], rows: Sequence[dict[str, Any]]) -> None:
    """Make the rows of some registrations those given."""
    wanted = {(row["registration_id"], row["day_id"]): row for row in rows}
    gone = [row.id for key, row in known.items() if key not in wanted]
    if gone:
        db.session.execute(delete(Presence).where(Presence.id.in_(gone)))
    for stale in known.values():
        db.session.expunge(stale)
    changed = [
        {"row_id": row.id, "new_how": values["how"], "new_checked_in": values["checked_in"]}
        for key, values in wanted.items()
        if (row := known.get(key)) and (row.how, row.checked_in) != (values["how"], values["checked_in"])
    ]
    table: Any = Presence.__table__
    if changed:
        statement = update(table).where(table.c.id == bindparam("row_id"))
        db.session.execute(statement.values(how=bindparam("new_how"), checked_in=bindparam("new_checked_in")), changed)
    new = [values for key, values in wanted.items() if key not in known]
    if new:
        db.session.execute(insert(table), new)


def _count(tallies: Tallies, row: Presence, person: Attendee, by: int) -> None:
    day, without_place = row.day_id, not row.placed
    for dimension, value in (("sector", person.sector.value), ("organisation", person.organisation)):
        tallies[day, dimension, value, Counted(row.how.value)] += by
        if without_place and day == ALL_DAYS:
            tallies[day, dimension, value, Counted.WITHOUT_PLACE] += by
    if row.checked_in:
        tallies[day, "sector", person.sector.value, Counted.CHECKED_IN] += by
        if without_place:
            tallies[day, "sector", person.sector.value, Counted.CHECKED_IN_WITHOUT_PLACE] += by


def _apply(event_id: int, tallies: Tallies) -> None:
    rows = [
        {"event_id": event_id, "day_id": day, "dimension": dimension, "value": value, "what": what, "count": by}
        for (day, dimension, value, what), by in sorted(tallies.items())
        if by
    ]
    if rows:
        db.session.execute(_tallying(db.session.get_bind().dialect.name), rows)


@cache
def _tallying(dialect: str) -> Any:
    table = AttendanceTally.__table__
    statement = insert_for(dialect, table)
    return statement.on_conflict_do_update(
        index_elements=["event_id", "day_id", "dimension", "value", "what"],
        set_={"count": table.c.count + statement.excluded.count},
    )
