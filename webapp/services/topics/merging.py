"""Topics merged and split by moderators. Posts keep their public ids, and so their addresses; numbers are given anew.

What comes to a topic stands behind what was there: no number is given twice, and who has read so far has not read on.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update

from webapp.database import insert_or
from webapp.extensions import db
from webapp.folding import slug
from webapp.indexing import note_topics
from webapp.models.accounts import Actor, ThingKind
from webapp.models.topics import (
    IssueStage,
    Poll,
    Post,
    PostState,
    SameQuestion,
    Topic,
    TopicKind,
    TopicReading,
)
from webapp.queries import topics as queries
from webapp.services.activity import record
from webapp.services.topics.answering import ASKED
from webapp.services.topics.keeping import LOOKED_AT, MERGED
from webapp.services.topics.refusals import PostRefused
from webapp.services.topics.withholding import settle, unanswer


def merge(topic_id: int, into_id: int, *, actor: Actor, now: datetime) -> Topic:
    """Let all of a topic stand at the end of another of the same community, to which its address leads from now on.

    Who has the question has it there, and who follows it follows that. Raises PostRefused.
    """
    if topic_id == into_id:
        raise PostRefused("A topic cannot be merged into itself.")
    # In the order of their ids, so that two moderators who merge the same two do not wait for one another.
    locked = {one: queries.lock_topic(one) for one in sorted((topic_id, into_id))}
    topic, into = locked[topic_id], locked[into_id]
    if topic.merged_into_id == into.id:
        return into
    _check_merging(topic, into)
    offset = into.last_number
    _merge_readings(topic, into)
    moved = {"topic_id": into.id, "number": Post.number + offset}
    # Those that have no number yet, since they wait, keep none.
    db.session.execute(update(Post).where(Post.topic_id == topic.id).values(moved))
    into.last_number += topic.last_number
    _merge_questions(topic, into, offset)
    _merge_drafts(topic, into)
    topic.merged_into_id, topic.accepted_number, topic.is_pinned = into.id, None, False
    db.session.execute(update(Topic).where(Topic.merged_into_id == topic.id).values(merged_into_id=into.id))
    _recount(topic, into)
    record("topic_merged", ThingKind.TOPIC, topic.id, actor=actor, now=now, into=into.id)
    return into


def _check_merging(topic: Topic, into: Topic) -> None:
    if topic.merged_into_id is not None or into.merged_into_id is not None:
        raise PostRefused(MERGED)
    if topic.community_id != into.community_id:
        raise PostRefused("Move one of them first: both topics must stand in the same community.")
    if topic.withheld_at is not None or into.withheld_at is not None:
        raise PostRefused(LOOKED_AT)
    if queries.find_poll(topic.id) is not None and queries.find_poll(into.id) is not None:
        raise PostRefused("Each of them has a poll, and a topic has room for one. Take one of the polls away first.")


def _merge_readings(topic: Topic, into: Topic) -> None:
    """Let who follows or mutes one do so with the other, and who has read both to the end have nothing new there."""
    table = TopicReading.__table__
    adding = insert_or(db.session, table).from_select(
        ["person_id", "topic_id", "number", "follow"], queries.readings_as_of(topic, into)
    )
    db.session.execute(adding.on_conflict_do_nothing())
    both = TopicReading.person_id.in_(queries.readers_to_the_end(topic))
    here = update(TopicReading).where(TopicReading.topic_id == into.id)
    to_the_end = here.where(TopicReading.number >= into.last_number, both)
    following = here.where(TopicReading.follow == "none", TopicReading.person_id.in_(queries.followers_of(topic)))
    synchronize = {"synchronize_session": False}
    db.session.execute(to_the_end.values(number=into.last_number + topic.last_number), execution_options=synchronize)
    db.session.execute(following.values(follow="follows"), execution_options=synchronize)


def _merge_questions(topic: Topic, into: Topic, offset: int) -> None:
    poll = queries.find_poll(topic.id)
    if poll is not None:
        db.session.execute(update(Poll).where(Poll.id == poll.id).values(topic_id=into.id))
    if topic.kind is not into.kind or into.kind not in ASKED:
        return
    adding = insert_or(db.session, SameQuestion.__table__).from_select(
        ["topic_id", "person_id"], queries.askers_as_of(topic, into)
    )
    db.session.execute(adding.on_conflict_do_nothing())
    into.same_questions = queries.count_same(into.id)
    if into.accepted_number is None and topic.accepted_number is not None:
        into.accepted_number, into.answered_at = topic.accepted_number + offset, topic.answered_at
        if into.kind is TopicKind.ISSUE:
            into.stage = IssueStage.ANSWERED


def _merge_drafts(topic: Topic, into: Topic) -> None:
    """Let what people began to write in one go on in the other, behind what they began there."""
    there = {one.person_id: one for one in queries.lock_drafts(into.id)}
    for draft in queries.lock_drafts(topic.id):
        other = there.get(draft.person_id)
        if other is None:
            draft.for_topic = into.id
            continue
        bodies = (other.content.get("body", ""), draft.content.get("body", ""))
        other.content = {**other.content, "body": "\n\n".join(body for body in bodies if body)}
        db.session.delete(draft)


def split(topic_id: int, chosen: Collection[str], *, title: str, and_later: bool, actor: Actor, now: datetime) -> Topic:
    """Let chosen posts, by their public ids, stand in a new topic of the same community; gives that.

    With `and_later`, all that were published after the last of them go along. The first post of a topic stays in it.
    Raises PostRefused.
    """
    topic = queries.lock_topic(topic_id)
    if topic.merged_into_id is not None:
        raise PostRefused(MERGED)
    if topic.withheld_at is not None:
        raise PostRefused(LOOKED_AT)
    posts = queries.lock_chosen(topic.id, chosen, and_later=and_later)
    _check_splitting(topic, posts, chosen)
    new = Topic(
        slug=slug(title),
        community_id=topic.community_id,
        category_id=topic.category_id,
        kind=TopicKind.DISCUSSION,
        title=title,
        theme_id=topic.theme_id,
        author_id=posts[0].author_id,
        created_at=posts[0].published_at or now,
        last_post_at=now,
        last_number=len(posts),
    )
    db.session.add(new)
    db.session.flush()
    numbers = [post.number or 0 for post in posts]
    readings = queries.readings_as_of(topic, new, numbers=numbers)
    columns = ["person_id", "topic_id", "number", "follow"]
    db.session.execute(insert_or(db.session, TopicReading.__table__).from_select(columns, readings))
    for number, post in enumerate(posts, 1):
        if post.number == topic.accepted_number:
            unanswer(topic, actor=actor, now=now)
        post.topic_id, post.number = new.id, number
    _recount(topic, new)
    record("topic_split", ThingKind.TOPIC, topic.id, actor=actor, now=now, into=new.id, posts=len(posts))
    return new


def _check_splitting(topic: Topic, posts: list[Post], chosen: Collection[str]) -> None:
    named = [post for post in posts if post.public_id in chosen]
    if not named or len(named) != len(set(chosen)):
        raise PostRefused("Select posts that stand in this topic.")
    if any(post.state is not PostState.PUBLISHED for post in named):
        raise PostRefused("Select posts that can be read: some of these were taken away, or wait.")
    if posts[0].number == queries.first_number(topic.id):
        raise PostRefused("The first post stays, since the topic is about it. Select later ones.")


def _recount(*topics: Topic) -> None:
    """Let locked topics say what stands in them now, and the search know of it."""
    db.session.flush()
    for topic in topics:
        topic.posts = queries.count_published(topic.id)
        topic.version += 1
        settle(topic)
    db.session.flush()
    note_topics([topic.id for topic in topics])
