"""How people come to be told of what was published or accepted: noted in the unit of the change, done by the worker."""

from datetime import datetime

from sqlalchemy import update

from webapp import outbox
from webapp.database import insert_or
from webapp.extensions import db
from webapp.models.community_letters import PostTelling
from webapp.models.mailings import Lane
from webapp.models.topics import Follow, Post, Topic, TopicReading
from webapp.notices import communities as notices
from webapp.queries import community_letters as queries


def tell(post: Post, topic: Topic, *, now: datetime) -> None:
    """Have followers be told of a post that was just published; who began the topic follows it from now on.

    One row, however many they are: a community with thousands of followers keeps nobody from writing.
    """
    if post.number == 1 and post.author_id == topic.author_id:
        own = update(TopicReading).where(TopicReading.person_id == post.author_id, TopicReading.topic_id == topic.id)
        db.session.execute(own.where(TopicReading.follow == Follow.NONE).values(follow=Follow.FOLLOWS))
    row = {"post_id": post.id, "since": now, "told_person_id": 0}
    db.session.execute(insert_or(db.session, PostTelling.__table__).values(row).on_conflict_do_nothing())
    outbox.awaken({Lane.MAILING})


def tell_accepted(post: Post, topic: Topic, *, by_id: int | None, now: datetime) -> int:
    """Tell whoever wrote an accepted answer, and who has the question, but not who accepted it; gives how many."""
    askers = [one for one in queries.askers_of(topic, post.author_id, now=now) if one.id != by_id]
    letters = notices.answer_accepted(post.id, topic.community_id, askers, author_id=post.author_id, now=now)
    return outbox.post_many(letters, now=now)
