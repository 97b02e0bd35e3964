"""Letters taken apart for showing (RFC 5322, MIME), and the calendar entries in them; reading one fails on nothing."""

import base64
import re
from dataclasses import dataclass
from datetime import date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import Any

from icalendar import Calendar

# What breaks a line within a word: a soft break of quoted-printable, a fold of iCalendar.
_BREAKS = (re.compile(rb"=\r?\n"), re.compile(rb"\r?\n[ \t]"))
# Lines of base64, the last of which may be short.
_BASE64 = re.compile(rb"(?:^[A-Za-z0-9+/]{60,76}\r?\n)*^[A-Za-z0-9+/]{4,76}={0,2}\r?$", re.MULTILINE)
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


def overwritten(content: bytes, pattern: re.Pattern[bytes]) -> bytes:
    """The bytes of a letter, or of a part of one, with an x in place of every character that the pattern finds.

    It is found in parts of any encoding and across broken lines; all else stays as it was, to the byte.
    """
    return _BASE64.sub(lambda block: _recoded(block[0], pattern), _crossed_out(content, pattern))


def _crossed_out(content: bytes, pattern: re.Pattern[bytes]) -> bytes:
    done = bytearray(content)
    for found in pattern.finditer(content):
        done[found.start() : found.end()] = b"x" * len(found[0])
    for broken in _BREAKS:
        whole = broken.sub(b"", content)
        if not pattern.search(whole):
            continue
        left_out = {at for one in broken.finditer(content) for at in range(*one.span())}
        places = [at for at in range(len(content)) if at not in left_out]
        for found in pattern.finditer(whole):
            for at in places[found.start() : found.end()]:
                done[at] = ord("x")
    return bytes(done)


def _recoded(block: bytes, pattern: re.Pattern[bytes]) -> bytes:
    try:
        content = base64.b64decode(block, validate=False)
    except ValueError:
        return block  # a line of text that only looks like it
    crossed = _crossed_out(content, pattern)
    if crossed == content:
        return block
    fresh = iter(base64.b64encode(crossed))
    return bytes(one if one in b"\r\n" else next(fresh) for one in block)


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
