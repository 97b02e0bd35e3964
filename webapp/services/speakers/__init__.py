"""What happens to speakers: added, changed, merged, invited, and what they answer and give themselves."""

from webapp.services.speakers.answering import (
    NeedsChanged,
    SpeakingOver,
    TooManySlides,
    add_slides,
    answer,
    change_own,
    check_open,
    remove_slides,
    set_technical_needs,
)
from webapp.services.speakers.inviting import NothingToAsk, invite, personal_token, revoke
from webapp.services.speakers.merging import FIELDS, CannotMerge, merge
from webapp.services.speakers.profiles import (
    OrganisationUnknown,
    Profile,
    ProfileGone,
    SpeakerChanged,
    add,
    change,
)

__all__ = [
    "FIELDS",
    "CannotMerge",
    "NeedsChanged",
    "NothingToAsk",
    "OrganisationUnknown",
    "Profile",
    "ProfileGone",
    "SpeakerChanged",
    "SpeakingOver",
    "TooManySlides",
    "add",
    "add_slides",
    "answer",
    "change",
    "change_own",
    "check_open",
    "invite",
    "merge",
    "personal_token",
    "remove_slides",
    "revoke",
    "set_technical_needs",
]
