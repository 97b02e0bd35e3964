"""Letters taken apart for showing (RFC 5322, MIME), and the calendar entries in them; reading one fails on nothing."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import Any

from icalendar import Calendar

_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True)
class Opened:
    """A letter as its page shows it; a part that it does not have is empty."""

    subject: str
    headers: list[tuple[str, str]]
    parts: list[str]
    plain: str
    html: str
    calendar: str

    def header(self, name: str) -> str:
        """The first header of that name, or nothing."""
        return next((value for known, value in self.headers if known.lower() == name.lower()), "")


@dataclass(frozen=True, kw_only=True)
class ReadEntry:
    """One entry of a calendar part as a calendar program reads it; `exception` is the date that it stands in for."""

    method: str
    uid: str
    sequence: int
    title: str
    place: str
    status: str
    starts: date | datetime | None
    ends: date | datetime | None
    repeats: str = ""
    exception: date | datetime | None = None


def parsed(content: bytes) -> EmailMessage:
    """The bytes of a letter as a message."""
    message = message_from_bytes(content, policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise TypeError(type(message))
    return message


def opened(message: EmailMessage) -> Opened:
    """The letter's headers, the kinds of its parts, and its text, HTML and calendar parts as text."""
    return Opened(
        subject=_printable(message.get("Subject", "")) or "(no subject)",
        headers=[(name, _printable(value)) for name, value in message.items()],
        parts=[_kind(part) for part in message.walk() if not part.is_multipart()],
        plain=_first(message, "text/plain"),
        html=_first(message, "text/html"),
        calendar=_first(message, "text/calendar"),
    )


def subject_in(content: bytes) -> str:
    """The subject in the bytes of a letter, of which no more than the headers are read."""
    headers, _, _ = content.partition(b"\r\n\r\n")
    return _printable(message_from_bytes(headers, policy=policy.default).get("Subject", ""))


def entries(calendar: str) -> list[ReadEntry]:
    """The events in a calendar part, in its order; none where it is no calendar."""
    try:
        whole = Calendar.from_ical(calendar)
        return [_entry(str(whole.get("METHOD", "")), part) for part in whole.walk("VEVENT")]
    except (ValueError, KeyError, AttributeError, TypeError):
        return []


def with_links_outside(html: str) -> str:
    """The HTML with its links opening beside the frame it is shown in, where pages refuse to be framed."""
    return _HEAD.sub(lambda head: f'{head[0]}<base target="_blank">', html, count=1)


def _entry(method: str, part: Any) -> ReadEntry:
    return ReadEntry(
        method=method,
        uid=str(part.get("UID", "")),
        sequence=int(part.get("SEQUENCE", 0)),
        title=str(part.get("SUMMARY", "")),
        place=str(part.get("LOCATION", "")),
        status=str(part.get("STATUS", "")),
        starts=_moment(part, "DTSTART"),
        ends=_moment(part, "DTEND"),
        repeats=part["RRULE"].to_ical().decode() if "RRULE" in part else "",
        exception=_moment(part, "RECURRENCE-ID"),
    )


def _moment(part: Any, name: str) -> date | datetime | None:
    found = part.get(name)
    return found.dt if found is not None else None


def _first(message: EmailMessage, kind: str) -> str:
    return next((_decoded(part) for part in message.walk() if part.get_content_type() == kind), "")


def _decoded(part: Message) -> str:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    try:
        return raw.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


def _kind(part: Message) -> str:
    method, name = part.get_param("method"), part.get_filename()
    told = part.get_content_type()
    if isinstance(method, str):
        told += f", method {method}"
    return told + (f", attached as {name}" if name else "")


def _printable(header: str) -> str:
    # It may have come as bytes beyond ASCII (RFC 6532).
    return str(header).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
