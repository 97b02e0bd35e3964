"""The record of what happened."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.activity import Activity


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
    """Add one entry: who did what to which thing; details hold states and numbers, never what a person typed."""
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
        db.session.execute(insert(Activity), rows)
