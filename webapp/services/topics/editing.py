"""A post changed by its writer: what it said before stays to be seen."""

from datetime import datetime

from webapp.extensions import db
from webapp.folding import slug
from webapp.models.accounts import Actor, ThingKind
from webapp.models.moderation import CaseReason
from webapp.models.topics import Post, PostState, PostVersion, Topic
from webapp.queries import moderation
from webapp.queries import topics as queries
from webapp.queries.withheld import names_withheld
from webapp.services.activity import record
from webapp.services.topics.attaching import NO_FILES, Enclosures, attach
from webapp.services.topics.holding import open_case
from webapp.services.topics.naming import forget_names, note_names
from webapp.services.topics.refusals import WITHHELD, PostChanged, PostRefused, TopicClosed
from webapp.services.topics.withholding import restore, withhold
from webapp.services.topics.writing import Words


def edit(
    post_id: int,
    words: Words,
    *,
    topic_id: int,
    version: int,
    title: str | None = None,
    files: Enclosures = NO_FILES,
    actor: Actor,
    now: datetime,
) -> Post:
    """Let a post say something else; the first of a topic may give it another title. Sent twice, it is changed once.

    Words that wait for a moderator take the post out of reading until then; one that was out of sight only for what it
    quoted is read again once it does so no more. Raises PostRefused for anybody but its writer, PostChanged if it is
    another version, and TopicClosed.
    """
    topic, post = queries.lock_topic(topic_id), queries.lock_post(post_id)
    _check(topic, post, actor)
    if post.version != version:
        if _says(post, topic, words, title) and post.version == version + 1:
            # Sent twice; its files came with the first.
            return post
        raise PostChanged
    if title is not None and title != topic.title and post.number == 1:
        topic.title, topic.slug = title, slug(title)
        topic.version += 1
    if words.body != post.body:
        _keep_before(post)
        post.body, post.edited_at = words.body, now
        forget_names(post)
        note_names(post)
    attach(post, files, now=now)
    post.kept = dict(words.kept) or post.kept
    post.version += 1
    if words.waits:
        withhold(post, topic, now=now)
        open_case(post, CaseReason.GUARD, now=now)
    elif post.is_withheld and not queries.is_looked_at(post.id) and not names_withheld(post):
        restore(post, topic)
    record("post_edited", ThingKind.POST, post.id, actor=actor, now=now)
    db.session.flush()
    return post


def _check(topic: Topic, post: Post, actor: Actor) -> None:
    if post.topic_id != topic.id or post.author_id != actor.person_id:
        raise PostRefused("You can change only what you wrote yourself.")
    if post.state not in {PostState.PUBLISHED, PostState.WAITING}:
        raise PostRefused("This post was taken away, or was not published. It cannot be changed any more.")
    if moderation.has_child_case(post.id):
        raise PostRefused(WITHHELD)
    if topic.is_closed:
        raise TopicClosed


def _says(post: Post, topic: Topic, words: Words, title: str | None) -> bool:
    return words.body == post.body and (title is None or post.number != 1 or title == topic.title)


def _keep_before(post: Post) -> None:
    earlier = queries.count_versions(post.id)
    since = post.edited_at or post.published_at or post.created_at
    db.session.add(PostVersion(post_id=post.id, number=earlier + 1, body=post.body, at=since, by_id=post.author_id))
