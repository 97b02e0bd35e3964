"""What answers a question or an issue, and who else has it."""

from datetime import datetime

from sqlalchemy import delete as delete_from

from webapp.database import insert_or
from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.topics import IssueStage, SameQuestion, Topic, TopicKind
from webapp.queries import moderation
from webapp.queries import topics as queries
from webapp.services.activity import record
from webapp.services.topics.refusals import PostRefused, TopicClosed
from webapp.services.topics.telling import tell_accepted
from webapp.services.topics.withholding import unanswer

ASKED = frozenset({TopicKind.QUESTION, TopicKind.ISSUE})
_NOT_ASKED = "Only a question or an issue is answered so."


def accept(post_id: int, *, topic_id: int, moderates: bool, actor: Actor, now: datetime) -> Topic:
    """Let a post be what answers its question or issue; that already, nothing happens. Gives the topic.

    Its writer and all who have the question are told, once for each post. Raises PostRefused.
    """
    topic, post = queries.lock_topic(topic_id), queries.lock_post(post_id)
    _check(topic, actor, moderates=moderates)
    if post.topic_id != topic.id or not post.is_published:
        raise PostRefused("This post is no longer there to answer anything.")
    if moderation.opens_topic(post):
        raise PostRefused("This is the question itself. Choose the post that answers it.")
    if topic.accepted_number == post.number:
        return topic
    topic.accepted_number, topic.answered_at = post.number, now
    topic.version += 1
    if topic.kind is TopicKind.ISSUE and topic.stage is not IssueStage.ANSWERED:
        before, topic.stage = topic.stage, IssueStage.ANSWERED
        moved = [before.value if before else None, topic.stage.value]
        record("issue_moved", ThingKind.TOPIC, topic.id, actor=actor, now=now, stage=moved)
    record("answer_accepted", ThingKind.TOPIC, topic.id, actor=actor, now=now, number=post.number)
    if not queries.was_told_accepted(post.id):
        tell_accepted(post, topic, by_id=actor.person_id, now=now)
    db.session.flush()
    return topic


def take_back(topic_id: int, *, moderates: bool, actor: Actor, now: datetime) -> Topic:
    """Let nothing answer the question or issue any longer; answered by none, nothing happens. Raises PostRefused."""
    topic = queries.lock_topic(topic_id)
    _check(topic, actor, moderates=moderates)
    if topic.accepted_number is None:
        return topic
    unanswer(topic, actor=actor, now=now)
    topic.version += 1
    record("answer_taken_back", ThingKind.TOPIC, topic.id, actor=actor, now=now)
    db.session.flush()
    return topic


def have_too(topic_id: int, *, person_id: int, has: bool = True) -> None:
    """Note that somebody has the question, or met the issue, too, or does no longer; once each, and not who asked.

    Raises TopicClosed, and PostRefused for what is no question.
    """
    topic = queries.lock_topic(topic_id)
    if topic.is_closed or topic.merged_into_id is not None:
        raise TopicClosed("This topic was closed meanwhile.")
    if topic.kind not in ASKED:
        raise PostRefused(_NOT_ASKED)
    if has and topic.author_id != person_id:
        row = {"topic_id": topic.id, "person_id": person_id}
        db.session.execute(insert_or(db.session, SameQuestion.__table__).values(row).on_conflict_do_nothing())
    elif not has:
        own = delete_from(SameQuestion).where(SameQuestion.topic_id == topic.id, SameQuestion.person_id == person_id)
        db.session.execute(own)
    topic.same_questions = queries.count_same(topic.id)
    db.session.flush()


def _check(topic: Topic, actor: Actor, *, moderates: bool) -> None:
    if topic.kind not in ASKED:
        raise PostRefused(_NOT_ASKED)
    if topic.merged_into_id is not None:
        raise TopicClosed("This topic was merged into another meanwhile.")
    if not moderates and actor.person_id not in may_accept(topic):
        raise PostRefused("Whoever asked chooses the answer, or a moderator.")


def may_accept(topic: Topic) -> set[int]:
    """Who chooses what answers a topic beside moderators: who asked, and of an issue who answers for it."""
    owner = topic.owner_id if topic.kind is TopicKind.ISSUE else None
    return {topic.author_id} | ({owner} if owner is not None else set())
