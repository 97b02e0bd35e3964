"""Letters taken apart, and the calendar entries in them."""

from datetime import UTC, date, datetime

import pytest

from webapp.formats.messages import ReadEntry, entries, opened, parsed

pytestmark = pytest.mark.memory

CALENDAR = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//x//y//EN\r
METHOD:REQUEST\r
BEGIN:VEVENT\r
UID:one@example.org\r
SEQUENCE:3\r
SUMMARY:Reference group\r
LOCATION:Room 1\\, upstairs\r
STATUS:CONFIRMED\r
DTSTAMP:20270510T090000Z\r
DTSTART:20270614T083000Z\r
DTEND:20270614T090000Z\r
RRULE:FREQ=MONTHLY;COUNT=4\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:one@example.org\r
DTSTAMP:20270510T090000Z\r
DTSTART;VALUE=DATE:20270714\r
RECURRENCE-ID:20270714T083000Z\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_entries_are_read_as_a_calendar_program_reads_them():
    start = datetime(2027, 6, 14, 8, 30, tzinfo=UTC)
    assert entries(CALENDAR) == [
        ReadEntry(
            method="REQUEST",
            uid="one@example.org",
            sequence=3,
            title="Reference group",
            place="Room 1, upstairs",
            status="CONFIRMED",
            starts=start,
            ends=datetime(2027, 6, 14, 9, tzinfo=UTC),
            repeats="FREQ=MONTHLY;COUNT=4",
        ),
        ReadEntry(
            method="REQUEST",
            uid="one@example.org",
            sequence=0,
            title="",
            place="",
            status="",
            starts=date(2027, 7, 14),
            ends=None,
            exception=datetime(2027, 7, 14, 8, 30, tzinfo=UTC),
        ),
    ]


@pytest.mark.parametrize("text", ["", "no calendar", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", CALENDAR[:200]])
def test_what_is_no_calendar_has_no_entries(text):
    assert entries(text) == []


def test_message_with_odd_parts_is_opened_all_the_same():
    whole = opened(
        parsed(b"Subject: =?utf-8?q?Caf=C3=A9?=\r\nContent-Type: text/plain; charset=nosuch\r\n\r\n\xff\xfe")
    )
    assert (whole.subject, whole.html, whole.calendar, whole.parts) == ("Café", "", "", ["text/plain"])
    assert opened(parsed(b"")).subject == "(no subject)"
