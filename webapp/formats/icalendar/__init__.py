"""The one builder of calendars: invitations, cancellations, feeds and downloads in iCalendar (RFC 5545).

Every kind shares one shape of an entry. A single day is a plain VEVENT. Several days are one recurrence under one
UID, with the first day's hours, and an override for each day that differs, so that no calendar is blocked over the
night. Where any day's times are unknown the whole entry is an all-day one that keeps nobody busy.
"""

from webapp.formats.icalendar.entries import Attendee, Day, Entry
from webapp.formats.icalendar.files import cancellation, download, feed, invitation

__all__ = ["Attendee", "Day", "Entry", "cancellation", "download", "feed", "invitation"]
