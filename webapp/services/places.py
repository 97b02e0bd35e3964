"""Counting places and tallies, and noticing when what the public page says of them changes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

from webapp.database import insert_for
from webapp.extensions import db
from webapp.models.events import Availability, Event, Places
from webapp.models.registrations import Registration, RegistrationState, RegistrationTally, quarter_hour_of
from webapp.revisions import grow
from webapp.services.presences import move_presences


@contextmanager
def count_places(places: Places, event: Event, now: datetime) -> Iterator[None]:
    """Change counters inside; when "places", "few left" or "full" changes by it, kept pages are out of date.

    They may be those of the event or of one of its sessions.
    """
    before = _shown(places, event, now)
    yield
    db.session.flush()
    if _shown(places, event, now) is not before:
        grow(db.session(), {event.id})


def _shown(places: Places, event: Event, now: datetime) -> Availability:
    # Who waits for a session and is not free at its time keeps nobody else from a place.
    return event.availability_at(places, now) if places.session_id is None else places.late_availability


def count_tallies(
    registration: Registration,
    before: RegistrationState | None,
    after: RegistrationState | None,
    *,
    fresh: bool = False,
) -> None:
    """Move one registration between the tallies of two states; None stands for outside all of them.

    With it goes what is counted of those who were there; a `fresh` one cannot have been anywhere.
    """
    # In the order of the alphabet, as everybody takes their locks.
    dimensions = (
        ("organisation", registration.organisation_name),
        ("quarter_hour", quarter_hour_of(registration.registered_at)),
        ("sector", registration.sector.value),
    )
    rows = [
        {"event_id": registration.event_id, "dimension": dimension, "value": value, "state": state, "count": by}
        for dimension, value in dimensions
        for state, by in sorted((state, by) for state, by in ((before, -1), (after, 1)) if state is not None)
    ]
    db.session.execute(_tallying(db.session.get_bind().dialect.name), rows)
    if not fresh:
        move_presences([registration], leave=before is not None, join=after)


def count_many_tallies(
    registrations: Sequence[Registration], before: RegistrationState, after: RegistrationState
) -> None:
    """Move registrations of one event from the tallies of one state to those of another, by few statements."""
    counts: Counter[tuple[int, str, str]] = Counter()
    for one in registrations:
        counts[one.event_id, "quarter_hour", quarter_hour_of(one.registered_at)] += 1
        counts[one.event_id, "organisation", one.organisation_name] += 1
        counts[one.event_id, "sector", one.sector.value] += 1
    rows = [
        {"event_id": event_id, "dimension": dimension, "value": value, "state": state, "count": by * number}
        for (event_id, dimension, value), number in sorted(counts.items())
        for state, by in sorted(((before, -1), (after, 1)))
    ]
    if rows:
        db.session.execute(_tallying(db.session.get_bind().dialect.name), rows)
        move_presences(registrations, leave=True, join=after)


def count_new_tallies(event_id: int, new: Iterable[tuple[str, str, RegistrationState]], now: datetime) -> None:
    """Count many who register now, each given as organisation, sector and state, by one statement."""
    counts: Counter[tuple[str, str, RegistrationState]] = Counter()
    for organisation, sector, state in new:
        counts["quarter_hour", quarter_hour_of(now), state] += 1
        counts["organisation", organisation, state] += 1
        counts["sector", sector, state] += 1
    rows = [
        {"event_id": event_id, "dimension": dimension, "value": value, "state": state, "count": count}
        for (dimension, value, state), count in sorted(counts.items())
    ]
    if rows:
        db.session.execute(_tallying(db.session.get_bind().dialect.name), rows)


@cache
def _tallying(dialect: str) -> Any:
    table = RegistrationTally.__table__
    statement = insert_for(dialect, table)
    return statement.on_conflict_do_update(
        index_elements=["event_id", "dimension", "value", "state"],
        set_={"count": table.c.count + statement.excluded.count},
    )
