"""Letters of communities: who follows what, posts told to followers, and digests in the morning."""

from webapp.services.community_letters.digests import last_morning, last_week, make_due
from webapp.services.community_letters.following import (
    follow_topic,
    mute_community,
    set_pace,
    stop,
    take_back,
)
from webapp.services.community_letters.telling import tell_followers

__all__ = [
    "follow_topic",
    "last_morning",
    "last_week",
    "make_due",
    "mute_community",
    "set_pace",
    "stop",
    "take_back",
    "tell_followers",
]
