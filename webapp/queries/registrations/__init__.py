"""Finding registrations: for the person, for the organiser, and for the next in the queue."""

from webapp.queries.registrations.lists import (
    LARGEST,
    PAGE_SIZE,
    Numbers,
    RegistrationFilter,
    Sort,
    count_registrations,
    each_registration,
    find_registrations,
    get_numbers,
)
from webapp.queries.registrations.single import (
    find_draft,
    find_registration,
    find_registration_at,
    get_registration_by_token,
    get_registration_of,
    lapsed_offer_ids,
    lock_draft,
    lock_registration,
    next_waiting,
    registrations_of,
    waiting_position,
)

__all__ = [
    "LARGEST",
    "PAGE_SIZE",
    "Numbers",
    "RegistrationFilter",
    "Sort",
    "count_registrations",
    "each_registration",
    "find_draft",
    "find_registration",
    "find_registration_at",
    "find_registrations",
    "get_numbers",
    "get_registration_by_token",
    "get_registration_of",
    "lapsed_offer_ids",
    "lock_draft",
    "lock_registration",
    "next_waiting",
    "registrations_of",
    "waiting_position",
]
