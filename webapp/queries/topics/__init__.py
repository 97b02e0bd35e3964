"""Reading topics and the posts in them. Whoever asks has made sure that the viewer reads the community."""

from webapp.queries.topics.listing import TopicFilter, newest_topics, topics_in
from webapp.queries.topics.names import Mentioned, names_in, people_by_handle, post_ids
from webapp.queries.topics.own import OwnPart, drafts_in, lock_draft, own_part_in
from webapp.queries.topics.reading import (
    ShownPost,
    count_versions,
    files_of,
    find_post,
    find_topic,
    find_topic_anywhere,
    get_topic,
    is_looked_at,
    lock_post,
    lock_topic,
    page_of,
    posts_of,
    published,
    seen_by,
    versions_of,
    waiting_posts_of,
)

__all__ = [
    "Mentioned",
    "OwnPart",
    "ShownPost",
    "TopicFilter",
    "count_versions",
    "drafts_in",
    "files_of",
    "find_post",
    "find_topic",
    "find_topic_anywhere",
    "get_topic",
    "is_looked_at",
    "lock_draft",
    "lock_post",
    "lock_topic",
    "names_in",
    "newest_topics",
    "own_part_in",
    "page_of",
    "people_by_handle",
    "post_ids",
    "posts_of",
    "published",
    "seen_by",
    "topics_in",
    "versions_of",
    "waiting_posts_of",
]
