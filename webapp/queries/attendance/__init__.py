"""Finding who was there: those checked in, and those whom the reports of meetings name."""

from webapp.queries.attendance.check_ins import (
    TICKET,
    check_ins_among,
    count_here,
    find_check_in,
    find_registration_by_email,
    find_registration_by_short_code,
    get_registration_by_ticket,
    lock_attendee,
    lock_day,
    people_expected,
    people_here,
)

__all__ = [
    "TICKET",
    "check_ins_among",
    "count_here",
    "find_check_in",
    "find_registration_by_email",
    "find_registration_by_short_code",
    "get_registration_by_ticket",
    "lock_attendee",
    "lock_day",
    "people_expected",
    "people_here",
]
