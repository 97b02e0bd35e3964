"""The record of what happened."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from webapp.database import insert_many
from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.activity import Activity

_table = Activity.__table__


def record(
    verb: str,
    kind: ThingKind,
    thing_id: int,
    *,
    actor: Actor,
    now: datetime,
    event_id: int | None = None,
    **details: Any,
) -> None:
    """Add one entry: who did what to which thing.

    Details hold states, numbers, and under "changes" what organisers wrote about a thing, by field, from what to what;
    never what somebody typed about a person.
    """
    _count()
    db.session.add(
        Activity(
            at=now,
            actor_kind=actor.kind,
            actor_id=actor.person_id,
            verb=verb,
            thing_kind=kind,
            thing_id=thing_id,
            event_id=event_id,
            details=details,
        )
    )


def record_many(
    verb: str,
    kind: ThingKind,
    thing_ids: Sequence[int],
    *,
    actor: Actor,
    now: datetime,
    event_id: int | None = None,
    **details: Any,
) -> None:
    """Add the same entry for many things, as record() adds it for one, by few statements."""
    same = {
        "at": now,
        "actor_kind": actor.kind,
        "actor_id": actor.person_id,
        "verb": verb,
        "thing_kind": kind,
        "event_id": event_id,
        "details": details,
    }
    if thing_ids:
        _count()
        # What was recorded one by one before stands before.
        db.session.flush()
        insert_many(db.session, _table, [same | {"thing_id": thing_id} for thing_id in thing_ids])


def record_each(
    verb: str,
    kind: ThingKind,
    things: Iterable[tuple[int, Mapping[str, Any]]],
    *,
    actor: Actor,
    now: datetime,
    event_id: int | None = None,
) -> None:
    """Add an entry for each of many things, given by id and details, by few statements."""
    shared = {
        "at": now,
        "actor_kind": actor.kind,
        "actor_id": actor.person_id,
        "verb": verb,
        "thing_kind": kind,
        "event_id": event_id,
    }
    rows = [{**shared, "thing_id": thing_id, "details": dict(details)} for thing_id, details in things]
    if rows:
        _count()
        db.session.flush()
        insert_many(db.session, _table, rows)


def recorded() -> int:
    """A number that grows with every entry added in this session, so that a verb can tell whether anything happened."""
    count: int = db.session.info.get("recorded", 0)
    return count


def _count() -> None:
    db.session.info["recorded"] = recorded() + 1
