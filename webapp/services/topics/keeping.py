"""Topics kept in order by moderators: pinned, closed, and moved to where they belong."""

from datetime import datetime

from sqlalchemy import update

from webapp.extensions import db
from webapp.indexing import note_topics
from webapp.models.accounts import Actor, ThingKind
from webapp.models.communities import Community
from webapp.models.moderation import ModerationCase
from webapp.models.topics import Post, PostDraft, Topic
from webapp.queries import community_letters as reading
from webapp.queries import topics as queries
from webapp.services.activity import record
from webapp.services.topics.refusals import PostRefused

MERGED = "This topic was merged into another meanwhile."
LOOKED_AT = "Something here waits for moderators. Decide about it first, then try again."


def pin(topic_id: int, *, pinned: bool, actor: Actor, now: datetime) -> None:
    """Let a topic stand before all others, or in its place again; so already, nothing happens. Raises PostRefused."""
    topic = _lock(topic_id)
    if topic.is_pinned is not pinned:
        topic.is_pinned = pinned
        record("topic_pinned" if pinned else "topic_unpinned", ThingKind.TOPIC, topic.id, actor=actor, now=now)
    db.session.flush()


def close(topic_id: int, *, closed: bool, actor: Actor, now: datetime) -> None:
    """Let nobody write in a topic any more, or again; so already, nothing happens. Raises PostRefused."""
    topic = _lock(topic_id)
    if topic.is_closed is not closed:
        topic.closed_at = now if closed else None
        record("topic_closed" if closed else "topic_opened", ThingKind.TOPIC, topic.id, actor=actor, now=now)
    db.session.flush()


def move(topic_id: int, community: Community, category_id: int | None, *, actor: Actor, now: datetime) -> Topic:
    """Let a topic stand in a category, or in none, of its community or another of the same programme.

    In another, it is read by who reads that, and by nobody else: with its posts, what was decided about them, and what
    people began to write there. Whoever asks has made sure that the actor moderates both. Raises PostRefused.
    """
    topic = _lock(topic_id)
    before = topic.community_id
    if before == community.id:
        if topic.category_id != category_id:
            topic.category_id = category_id
            record("topic_filed", ThingKind.TOPIC, topic.id, actor=actor, now=now)
        return topic
    if community.archived_at is not None or queries.programme_of(topic) != community.programme_id:
        raise PostRefused("A topic moves to an open community of the same programme only.")
    if topic.withheld_at is not None or queries.has_open_case(topic.id):
        raise PostRefused(LOOKED_AT)
    topic.community_id, topic.category_id, topic.is_pinned = community.id, category_id, False
    topic.version += 1
    if topic.owner_id is not None and not reading.who_reads([(topic.owner_id, community.id)], now=now):
        topic.owner_id = None
    db.session.flush()
    _take_along(topic)
    record("topic_moved", ThingKind.TOPIC, topic.id, actor=actor, now=now, community_id=[before, community.id])
    return topic


def _take_along(topic: Topic) -> None:
    """Let all that goes with a locked topic belong to its community."""
    there = {"community_id": topic.community_id}
    posts = queries.ids_of_posts(topic.id)
    # Cases first, by what was found of them: a post of another topic is not touched.
    db.session.execute(update(ModerationCase).where(ModerationCase.post_id.in_(posts)).values(there))
    db.session.execute(update(PostDraft).where(PostDraft.for_topic == topic.id).values(there))
    db.session.execute(update(Post).where(Post.topic_id == topic.id).values(there))
    note_topics([topic.id])


def _lock(topic_id: int) -> Topic:
    topic = queries.lock_topic(topic_id)
    if topic.merged_into_id is not None:
        raise PostRefused(MERGED)
    return topic
