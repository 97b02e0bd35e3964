"""What can happen to a place: asked for, taken, waited for, offered, given up.

Who comes first is decided by the number given under the lock of the places, and by nothing else.
"""

from webapp.services.registrations.applications import (
    NEEDS_KEPT,
    Application,
    ChangedMeanwhile,
    EventFull,
    NotPossible,
    OfferGone,
    Outcome,
    RegistrationRefused,
    check_changeable,
    check_open,
    check_room,
    personal_token,
)
from webapp.services.registrations.applying import (
    DRAFT_LIFE,
    PER_ADDRESS,
    PER_SOURCE,
    WINDOW,
    change,
    count_refused,
    finish_draft,
    keep_draft,
    register,
)
from webapp.services.registrations.deciding import accept_offer, approve, cancel, decline, lapse_offer

__all__ = [
    "DRAFT_LIFE",
    "NEEDS_KEPT",
    "PER_ADDRESS",
    "PER_SOURCE",
    "WINDOW",
    "Application",
    "ChangedMeanwhile",
    "EventFull",
    "NotPossible",
    "OfferGone",
    "Outcome",
    "RegistrationRefused",
    "accept_offer",
    "approve",
    "cancel",
    "change",
    "check_changeable",
    "check_open",
    "check_room",
    "count_refused",
    "decline",
    "finish_draft",
    "keep_draft",
    "lapse_offer",
    "personal_token",
    "register",
]
