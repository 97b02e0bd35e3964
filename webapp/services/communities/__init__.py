"""Communities: how people take part in them, and how those who look after them set them up."""

from webapp.services.communities.keeping import (
    CategoryWords,
    CommunityChanged,
    CommunityRefused,
    CommunityWords,
    archive,
    bring_back,
    change,
    create,
    move_category,
    put_category,
    remove_category,
    set_rules,
)
from webapp.services.communities.meetings import choose_meetings, choose_series
from webapp.services.communities.profiles import ProfileChanged, ProfileWords, change_profile
from webapp.services.communities.taking_part import RulesNotAccepted, accept_rules, participation_in, profile_of

__all__ = [
    "CategoryWords",
    "CommunityChanged",
    "CommunityRefused",
    "CommunityWords",
    "ProfileChanged",
    "ProfileWords",
    "RulesNotAccepted",
    "accept_rules",
    "archive",
    "bring_back",
    "change",
    "change_profile",
    "choose_meetings",
    "choose_series",
    "create",
    "move_category",
    "participation_in",
    "profile_of",
    "put_category",
    "remove_category",
    "set_rules",
]
