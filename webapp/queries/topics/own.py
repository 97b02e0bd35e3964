"""What of a topic is one person's own, by one statement."""

from typing import NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from webapp.extensions import db
from webapp.models.accounts import Person
from webapp.models.communities import Participation
from webapp.models.topics import Post, PostDraft, SameQuestion, Topic, TopicReading
from webapp.queries.topics.reading import seen_by

MOST_DRAFTS = 10


class OwnPart(NamedTuple):
    """How somebody takes part in a community, how far they read a topic, what they began to write, and ask, too."""

    participation: Participation | None = None
    reading: TopicReading | None = None
    draft: PostDraft | None = None
    same: SameQuestion | None = None


def find_last_post(person_id: int) -> Post | None:
    """What a person wrote last, wherever and however it stands, with its topic."""
    statement = select(Post).where(Post.author_id == person_id).order_by(Post.id.desc()).limit(1)
    return db.session.scalars(statement.options(joinedload(Post.topic))).one_or_none()


def own_part_in(community_id: int, person_id: int | None, *, topic_id: int = 0) -> OwnPart:
    """What is a person's own in a community and one of its topics, or in one that they begin; of nobody, nothing."""
    if person_id is None:
        return OwnPart()
    of_it = {"person_id": Person.id, "community_id": community_id}
    statement = (
        select(Participation, TopicReading, PostDraft, SameQuestion)
        .select_from(Person)
        .outerjoin(Participation, and_(*(getattr(Participation, name) == value for name, value in of_it.items())))
        .outerjoin(TopicReading, and_(TopicReading.person_id == Person.id, TopicReading.topic_id == topic_id))
        .outerjoin(
            PostDraft,
            and_(
                *(getattr(PostDraft, name) == value for name, value in of_it.items()), PostDraft.for_topic == topic_id
            ),
        )
        .outerjoin(SameQuestion, and_(SameQuestion.person_id == Person.id, SameQuestion.topic_id == topic_id))
        .where(Person.id == person_id)
    )
    row = db.session.execute(statement).one_or_none()
    return OwnPart(*row) if row is not None else OwnPart()


def drafts_in(community_id: int, person_id: int | None) -> list[tuple[PostDraft, Topic | None]]:
    """What a person began to write in a community, each with the topic that it answers, the latest first.

    What answers a topic that they do not see is left out until they do: its address would tell the title.
    """
    if person_id is None:
        return []
    statement = (
        select(PostDraft, Topic)
        .outerjoin(Topic, and_(Topic.id == PostDraft.for_topic, seen_by(person_id, moderates=False)))
        .where(PostDraft.community_id == community_id, PostDraft.person_id == person_id)
        .where(or_(PostDraft.for_topic == 0, Topic.id.is_not(None)))
        .order_by(PostDraft.saved_at.desc(), PostDraft.id.desc())
        .limit(MOST_DRAFTS)
    )
    return [(draft, topic) for draft, topic in db.session.execute(statement)]
