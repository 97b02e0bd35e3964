"""Posts taken away: their words go from everywhere, and their place in the topic stays."""

from datetime import datetime

from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.topics import Post, PostState
from webapp.queries import topics as queries
from webapp.services.activity import record
from webapp.services.topics.naming import forget_names
from webapp.services.topics.publishing import hold
from webapp.services.topics.refusals import PostRefused


def delete(post_id: int, *, topic_id: int, actor: Actor, now: datetime) -> Post:
    """Take away what its writer wrote; gone already, nothing happens. Raises PostRefused for anybody else's."""
    topic, post = queries.lock_topic(topic_id), queries.lock_post(post_id)
    if actor.person_id != post.author_id or post.topic_id != topic.id:
        raise PostRefused("You can delete only what you wrote yourself.")
    if post.state in {PostState.DELETED, PostState.REDACTED}:
        return post
    hold(post, topic)
    if post.number is not None and topic.accepted_number == post.number:
        topic.accepted_number, topic.answered_at = None, None
    empty(post)
    post.state = PostState.DELETED
    record("post_deleted", ThingKind.POST, post.id, actor=actor, now=now)
    db.session.flush()
    return post


def empty(post: Post) -> None:
    """Take a locked post's words away from wherever they are kept; its state is for who calls."""
    post.body, post.kept = "", {}
    post.version += 1
    forget_names(post)
    for row in (*queries.versions_of(post.id), *queries.files_of(post.id)):
        db.session.delete(row)
    db.session.flush()
