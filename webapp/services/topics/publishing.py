"""How a post comes to be read: it gets its number, and its topic and writer follow. Nothing else publishes one."""

from datetime import datetime

from webapp.extensions import db
from webapp.models.communities import Participation
from webapp.models.topics import Post, PostState, Topic
from webapp.services.topics.reading import mark_read
from webapp.services.topics.telling import tell
from webapp.services.topics.withholding import restore


def publish(post: Post, topic: Topic, mine: Participation, *, now: datetime) -> None:
    """Let all who read the community read this post of a locked topic; published already, nothing happens.

    One that was held for a while comes back under its number, and nobody is told of it twice.
    """
    if post.state is PostState.PUBLISHED:
        return
    if post.number is not None:
        restore(post, topic)
        return
    topic.posts += 1
    post.state = PostState.PUBLISHED
    topic.last_number += 1
    topic.last_post_at, topic.last_author_id = now, post.author_id
    post.number, post.published_at = topic.last_number, now
    mine.published_posts += 1
    db.session.flush()
    # Whoever writes has read up to their own words.
    mark_read(post.author_id, topic.id, topic.last_number)
    tell(post, topic, now=now)
