"""Whom communities write to, about what, and how that stands when a letter leaves."""

from webapp.queries.community_letters.digests import (
    Fresh,
    Reader,
    find_run,
    fresh_posts,
    lock_due,
    lock_run,
    people_due,
    readers_of,
    readings_of,
)
from webapp.queries.community_letters.following import MyCommunity, MyTopic, my_communities, my_topics
from webapp.queries.community_letters.reading import reads, who_reads
from webapp.queries.community_letters.standing import standing_communities, standing_posts, told_of, who_wants
from webapp.queries.community_letters.telling import (
    Follower,
    askers_of,
    find_telling,
    followers_of,
    lock_telling,
    perhaps_told,
    to_tell,
)
from webapp.queries.community_letters.unsubscribing import Unsubscribing, get_unsubscribing

__all__ = [
    "Follower",
    "Fresh",
    "MyCommunity",
    "MyTopic",
    "Reader",
    "Unsubscribing",
    "askers_of",
    "find_run",
    "find_telling",
    "followers_of",
    "fresh_posts",
    "get_unsubscribing",
    "lock_due",
    "lock_run",
    "lock_telling",
    "my_communities",
    "my_topics",
    "people_due",
    "perhaps_told",
    "readers_of",
    "readings_of",
    "reads",
    "standing_communities",
    "standing_posts",
    "to_tell",
    "told_of",
    "who_reads",
    "who_wants",
]
