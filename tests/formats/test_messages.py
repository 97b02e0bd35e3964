"""Letters taken apart, and the calendar entries in them."""

import re
from datetime import UTC, date, datetime
from email.message import EmailMessage

import pytest

from webapp.formats.messages import ReadEntry, entries, opened, overwritten, parsed

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


@pytest.mark.parametrize("encoding", ["7bit", "quoted-printable", "base64"])
def test_overwriting_reaches_parts_of_any_encoding_and_changes_nothing_else(encoding):
    secret = "secret-" + 80 * "s"
    message = EmailMessage()
    message["Subject"] = "Yours"
    message.set_content(f"Dear Ann\n\nhttps://x/{secret}\n and more, at length\n" + 40 * "line\n", cte=encoding)
    message.add_attachment(bytes(range(256)) * 3, maintype="application", subtype="pdf")
    content = message.as_bytes()
    found = overwritten(content, re.compile(rb"(?<!\w)secret-s+(?!\w)"))
    assert len(found) == len(content)
    before, after = parsed(content), parsed(found)
    said, crossed = before.get_body().get_content(), after.get_body().get_content()
    assert crossed == said.replace(secret, "x" * len(secret))
    assert [one.get_content() for one in after.iter_attachments()] == [bytes(range(256)) * 3]
    assert overwritten(content, re.compile(rb"nowhere")) == content


def test_overwriting_reaches_across_the_folds_of_a_calendar():
    folded = b"DESCRIPTION:See https://x/sec\r\n ret-ssss\r\n and\r\nEND:VEVENT\r\n"
    assert overwritten(folded, re.compile(rb"secret-s+")) == folded.replace(b"sec\r\n ret-ssss", b"xxx\r\n xxxxxxxx")


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
