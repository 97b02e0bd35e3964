"""Reading the record of what happened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from webapp.extensions import db
from webapp.models.accounts import ActorKind, Person, ThingKind
from webapp.models.activity import Activity

SHOWN = 200


@dataclass(frozen=True)
class Entry:
    """One thing that happened: what, when, and who did it; the name is empty when no person acted."""

    verb: str
    at: datetime
    actor_kind: ActorKind
    actor_id: int | None
    actor_name: str
    details: dict[str, Any]


def history_of(kind: ThingKind, thing_id: int) -> list[Entry]:
    """What happened to a thing, latest first, up to 200 entries."""
    statement = (
        select(Activity, Person.name)
        .outerjoin(Person, Person.id == Activity.actor_id)
        .where(Activity.thing_kind == kind, Activity.thing_id == thing_id)
        .order_by(Activity.id.desc())
        .limit(SHOWN)
    )
    return [
        Entry(row.verb, row.at, row.actor_kind, row.actor_id, name or "", row.details)
        for row, name in db.session.execute(statement)
    ]


def last_time(verb: str, kind: ThingKind, thing_id: int, *, event_id: int) -> datetime | None:
    """When this was last done to a thing at an event; None when it never was."""
    statement = (
        select(Activity.at)
        .where(Activity.thing_kind == kind, Activity.thing_id == thing_id)
        .where(Activity.verb == verb, Activity.event_id == event_id)
        .order_by(Activity.id.desc())
        .limit(1)
    )
    return db.session.scalar(statement)
