"""A kept letter taken apart, for showing; whatever it holds, reading it fails on nothing."""

import re
from dataclasses import dataclass
from email.message import EmailMessage, Message

from webapp.development.mailbox import text

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


def opened(message: EmailMessage) -> Opened:
    """The letter's headers, the kinds of its parts, and its text, HTML and calendar parts as text."""
    return Opened(
        subject=text(message.get("Subject", "")) or "(no subject)",
        headers=[(name, text(value)) for name, value in message.items()],
        parts=[_kind(part) for part in message.walk() if not part.is_multipart()],
        plain=_first(message, "text/plain"),
        html=_first(message, "text/html"),
        calendar=_first(message, "text/calendar"),
    )


def with_links_outside(html: str) -> str:
    """The HTML with its links opening beside the frame it is shown in, where pages refuse to be framed."""
    return _HEAD.sub(lambda head: f'{head[0]}<base target="_blank">', html, count=1)


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
