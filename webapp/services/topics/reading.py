"""How far people have read."""

from datetime import datetime

from sqlalchemy import case

from webapp import transaction
from webapp.database import insert_or
from webapp.extensions import db
from webapp.models.accounts import Actor
from webapp.models.communities import Community
from webapp.models.topics import TopicReading
from webapp.queries import readings as queries
from webapp.services import communities


def mark_read(person_id: int, topic_id: int, number: int) -> None:
    """Take note that a person read a topic up to this number; who has read further stays where they are."""
    adding = insert_or(db.session, TopicReading.__table__).values(person_id=person_id, topic_id=topic_id, number=number)
    further = case(
        (TopicReading.__table__.c.number > adding.excluded.number, TopicReading.__table__.c.number),
        else_=adding.excluded.number,
    )
    db.session.execute(adding.on_conflict_do_update(index_elements=["person_id", "topic_id"], set_={"number": further}))


def take_note(person_id: int, topic_id: int, number: int) -> None:
    """Mark a topic as read as a page noted it, in a unit of its own; the person or the topic may be gone meanwhile."""
    with transaction.unit():
        if queries.person_and_topic_exist(person_id, topic_id):
            mark_read(person_id, topic_id, number)


def read_everything(community: Community, *, actor: Actor, name: str, now: datetime) -> None:
    """Let nothing that stands in a community be new any longer to who acts; how far they read each topic stays."""
    assert actor.person_id is not None
    mine = communities.participation_in(community, actor.person_id, name, now=now)
    mine.read_until = max(mine.read_until, now)
