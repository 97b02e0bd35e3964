"""What is kept when somebody lets a text stand that may identify a child or a family: the kinds and the reason."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from webapp.models.accounts import Actor, ThingKind
from webapp.services.activity import record


def record_kept(
    kept: Mapping[str, Any],
    kind: ThingKind,
    thing_id: int,
    *,
    actor: Actor,
    now: datetime,
    event_id: int | None = None,
) -> None:
    """Add to the record that a text stands as it is, about a thing: its kinds and the reason, never the text itself.

    Nothing is added where `kept` is empty. Not for what is answered without a name: an entry has an actor and a time.
    """
    if kept:
        record("text_kept", kind, thing_id, actor=actor, now=now, event_id=event_id, **kept)
