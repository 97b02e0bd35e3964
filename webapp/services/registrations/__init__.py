"""What can happen to a place: asked for, taken, waited for, offered, given up.

Who comes first is decided by the number given under the lock of the places, and by nothing else.
"""

from webapp.services.registrations.applications import (
    NEEDS_KEPT,
    AlreadyRegistered,
    Application,
    ChangedMeanwhile,
    EventFull,
    Identity,
    NotPossible,
    NumberChanged,
    OfferGone,
    Outcome,
    RegistrationRefused,
    TooManyAtOnce,
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
from webapp.services.registrations.bulk import MOST, decide
from webapp.services.registrations.by_hand import add, correct, send_again
from webapp.services.registrations.deciding import accept_offer, approve, cancel, decline, lapse_offer
from webapp.services.registrations.filling import fill_requested, take_filling_requested
from webapp.services.registrations.forecasts import Decision, Forecast, forecast
from webapp.services.registrations.marks import MOST_TAGGED, MarkRefused, add_note, add_tag, delete_note, remove_tag
from webapp.services.registrations.swapping import NOT_THIS_ADDRESS, SWAPPED, check_swappable, swap

__all__ = [
    "DRAFT_LIFE",
    "MOST",
    "MOST_TAGGED",
    "NEEDS_KEPT",
    "NOT_THIS_ADDRESS",
    "PER_ADDRESS",
    "PER_SOURCE",
    "SWAPPED",
    "WINDOW",
    "AlreadyRegistered",
    "Application",
    "ChangedMeanwhile",
    "Decision",
    "EventFull",
    "Forecast",
    "Identity",
    "MarkRefused",
    "NotPossible",
    "NumberChanged",
    "OfferGone",
    "Outcome",
    "RegistrationRefused",
    "TooManyAtOnce",
    "accept_offer",
    "add",
    "add_note",
    "add_tag",
    "approve",
    "cancel",
    "change",
    "check_changeable",
    "check_open",
    "check_room",
    "check_swappable",
    "correct",
    "count_refused",
    "decide",
    "decline",
    "delete_note",
    "fill_requested",
    "finish_draft",
    "forecast",
    "keep_draft",
    "lapse_offer",
    "personal_token",
    "register",
    "remove_tag",
    "send_again",
    "swap",
    "take_filling_requested",
]
