"""Reading topics and the posts in them. Whoever asks has made sure that the viewer reads the community."""

from webapp.queries.topics.listing import TopicFilter, newest_topics, topics_in
from webapp.queries.topics.own import OwnPart, own_part_in
from webapp.queries.topics.reading import (
    ShownPost,
    find_post,
    find_topic,
    find_topic_anywhere,
    get_topic,
    lock_post,
    lock_topic,
    page_of,
    posts_of,
    published,
    seen_by,
    waiting_posts_of,
)

__all__ = [
    "OwnPart",
    "ShownPost",
    "TopicFilter",
    "find_post",
    "find_topic",
    "find_topic_anywhere",
    "get_topic",
    "lock_post",
    "lock_topic",
    "newest_topics",
    "own_part_in",
    "page_of",
    "posts_of",
    "published",
    "seen_by",
    "topics_in",
    "waiting_posts_of",
]
