"""Text, addresses and moments as iCalendar holds them, with all taken out that could begin a line of its own.

The library escapes and folds; what is taken out here are the signs that it lets through and clients stumble over.
"""

import re
from datetime import UTC, date, datetime, time, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from icalendar import vCalAddress

from webapp.formats.icalendar import timezones

# Whatever begins a new line for any client: Python's own idea of a line break is the widest.
_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Control characters, halves of characters, and the marks that turn the direction of what follows: one left open would
# turn round the rest of the line, the next person's name included.
_BARRED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")
_EMAIL = re.compile(r'[^\s@<>"]+@[^\s@<>"]+')
_WEB = re.compile(r'https?://[^\s"<>\\]+')


def line(text: str) -> str:
    """Give the text on one line, each run of white space made one space (RFC 5545, section 3.3.11)."""
    return _BARRED.sub("", " ".join(text.split())).strip()


def paragraphs(text: str) -> str:
    """Give the text with its lines kept, their breaks made one kind (RFC 5545, section 3.3.11)."""
    return _BARRED.sub("", _BREAKS.sub("\n", text)).strip()


def address(name: str, email: str) -> vCalAddress:
    """Give a person's address with their name (RFC 5545, section 3.3.3); raises ValueError where the e-mail is none."""
    if not _EMAIL.fullmatch(email) or _BARRED.search(email):
        raise ValueError(f"{email!r} is not an e-mail address.")
    found = vCalAddress(f"mailto:{email}")
    # A parameter holds quotation marks and carets only as RFC 6868 writes them, which Outlook shows undecoded.
    found.params["CN"] = line(name).replace('"', "'").replace("^", "") or email
    return found


def web(url: str) -> str:
    """Give the web address unchanged (RFC 5545, section 3.3.13); raises ValueError where it is none."""
    if not _WEB.fullmatch(url) or _BARRED.search(url):
        raise ValueError(f"{url!r} is not a web address.")
    return url


def moment(on: date, at: time | None, zone: str) -> datetime:
    """Give the local time of a day in a zone, to the minute (RFC 5545, section 3.3.5); a time is needed."""
    assert at is not None
    return datetime.combine(on, at.replace(second=0, microsecond=0), _tzinfo(zone))


@cache
def _tzinfo(zone: str) -> tzinfo:
    name = timezones.named(zone)
    return UTC if name == "UTC" else ZoneInfo(name)
