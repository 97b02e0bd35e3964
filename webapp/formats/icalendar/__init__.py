"""The one builder of calendars: invitations, cancellations, feeds and downloads in iCalendar (RFC 5545).

Every kind shares one shape of an entry. A single day is a plain VEVENT. Several days are one recurrence under one
UID, with the first day's hours, and an override for each day that differs, so that no calendar is blocked over the
night. Where any day's times are unknown the whole entry is an all-day one that keeps nobody busy.
"""

from webapp.formats.icalendar.entries import Attendee, Day, Entry
from webapp.formats.icalendar.files import (
    cancellation,
    download,
    feed,
    invitation,
    meeting_cancellation,
    meeting_invitation,
    series_cancellation,
    series_invitation,
)
from webapp.formats.icalendar.series import Meeting, Rule, Series

__all__ = [
    "Attendee",
    "Day",
    "Entry",
    "Meeting",
    "Rule",
    "Series",
    "cancellation",
    "download",
    "feed",
    "invitation",
    "meeting_cancellation",
    "meeting_invitation",
    "series_cancellation",
    "series_invitation",
]
