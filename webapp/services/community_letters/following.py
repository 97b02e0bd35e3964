"""What people want of communities: what they follow and mute, and how often letters come."""

from collections.abc import Collection
from datetime import datetime

from webapp.database import insert_or
from webapp.extensions import db
from webapp.models.communities import Community, MailPace, Participation
from webapp.models.topics import Follow, Topic, TopicReading
from webapp.queries import communities as queries
from webapp.services.communities import participation_in


def follow_topic(
    community: Community, topic: Topic, follow: Follow, *, person_id: int, name: str, now: datetime
) -> None:
    """Have somebody follow a topic, mute it, or neither; asked twice it is as asked once."""
    participation_in(community, person_id, name, now=now)
    adding = insert_or(db.session, TopicReading.__table__).values(
        person_id=person_id, topic_id=topic.id, number=0, follow=follow
    )
    db.session.execute(
        adding.on_conflict_do_update(index_elements=["person_id", "topic_id"], set_={"follow": adding.excluded.follow})
    )


def set_pace(community: Community, pace: MailPace, *, person_id: int, name: str, now: datetime) -> None:
    """Have letters of a community come so often from now on; who muted it hears of it again unless no letters come."""
    mine = participation_in(community, person_id, name, now=now)
    _set(mine, pace, now)
    if pace is not MailPace.NONE:
        mine.mutes = False


def mute_community(community: Community, *, mutes: bool, person_id: int, name: str, now: datetime) -> None:
    """Mute a community, of which then nothing is told, or hear of it again from now on."""
    mine = participation_in(community, person_id, name, now=now)
    if mine.mutes and not mutes:
        mine.told_until = max(now, mine.told_until)
    mine.mutes = mutes


def stop(person_id: int, community_ids: Collection[int], *, now: datetime) -> None:
    """Send somebody no more letters of these communities; asked twice it is as asked once."""
    for community_id in sorted(community_ids):
        _set(_row(community_id, person_id, now), MailPace.NONE, now)


def take_back(person_id: int, community_ids: Collection[int], *, now: datetime) -> None:
    """Send somebody letters of these communities again, once a day; where they come anyway, nothing changes."""
    for community_id in sorted(community_ids):
        mine = _row(community_id, person_id, now)
        if mine.pace is MailPace.NONE:
            _set(mine, MailPace.DAILY, now)


def _set(mine: Participation, pace: MailPace, now: datetime) -> None:
    # What came meanwhile was told at once, or was not wanted: a digest begins with what comes from now on.
    if mine.pace in {MailPace.IMMEDIATE, MailPace.NONE} and pace is not mine.pace:
        mine.told_until = max(now, mine.told_until)
    mine.pace = pace


def _row(community_id: int, person_id: int, now: datetime) -> Participation:
    """How somebody takes part, locked; who never did, and was mentioned, begins to by not wanting letters."""
    found = queries.lock_participation(community_id, person_id)
    if found is not None:
        return found
    adding = insert_or(db.session, Participation.__table__).values(
        community_id=community_id, person_id=person_id, joined_at=now, read_until=now, told_until=now
    )
    db.session.execute(adding.on_conflict_do_nothing(index_elements=["community_id", "person_id"]))
    made = queries.lock_participation(community_id, person_id)
    assert made is not None
    return made
