"""Which events are meetings of a community: chosen by those who set its programme up."""

from collections.abc import Collection
from datetime import datetime

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.communities import Community, CommunityEvent
from webapp.queries import communities as queries
from webapp.queries import community_meetings as meetings
from webapp.services.activity import record


def choose_meetings(
    community_id: int, *, offered: Collection[str], chosen: Collection[str], actor: Actor, now: datetime
) -> int:
    """Let the chosen of the events offered be meetings of the community, and the others not; gives how many changed.

    What is of another programme, or a meeting of another community, stays as it is.
    """
    community = queries.lock_community(community_id)
    named = meetings.events_named(community, sorted({*offered, *chosen}))
    wanted = {event_id for event_id, public_id in named.items() if public_id in chosen}
    return _settle(community, sorted(named), wanted, actor, now)


def choose_series(community_id: int, public_id: str, *, wanted: bool, actor: Actor, now: datetime) -> int:
    """Let all events of a series be meetings of the community, or none; gives how many changed. Raises NotFound."""
    community = queries.lock_community(community_id)
    ids = meetings.events_in_series(community, public_id)
    if not ids:
        raise NotFound
    return _settle(community, ids, set(ids) if wanted else set(), actor, now)


def _settle(community: Community, ids: list[int], wanted: set[int], actor: Actor, now: datetime) -> int:
    standing = meetings.lock_meetings(ids)
    added = [one for one in ids if one in wanted and one not in standing]
    removed = [row for one, row in standing.items() if one not in wanted and row.community_id == community.id]
    db.session.add_all(CommunityEvent(event_id=one, community_id=community.id) for one in added)
    for row in removed:
        db.session.delete(row)
    db.session.flush()
    if added or removed:
        facts = {"added": len(added), "removed": len(removed)}
        record("meetings_chosen", ThingKind.COMMUNITY, community.id, actor=actor, now=now, **facts)
    return len(added) + len(removed)
