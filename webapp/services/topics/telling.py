"""Whom a published post is told to."""

from datetime import datetime

from webapp.models.topics import Post, Topic


def tell(post: Post, topic: Topic, *, now: datetime) -> None:
    """Let those know of a post just published who follow its topic or its community, or are mentioned in it."""
