"""What the files of a schedule are made from: plain values, checked when they are put together."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

_SIGN = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})"
# RFC 3986 to the letter, as the schemas ask: browsers forgive square brackets in a query, apps do not.
_WEB = re.compile(rf"https?://[A-Za-z0-9.-]+(:[0-9]+)?(/{_SIGN}*)?(\?(?:{_SIGN}|\?)*)?(#(?:{_SIGN}|\?)*)?")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, kw_only=True)
class Link:
    """Something on the web that belongs to a talk: further reading or a file, and what to call it.

    People type these, so that none is refused: one that no app could follow is left out of the files.
    """

    url: str
    title: str

    @property
    def address(self) -> str | None:
        """The address with all signs escaped that must be, or None when it is none on the web."""
        address = quote(self.url.strip(), safe="%:/?#@!$&'()*+,;=~", errors="replace")
        return address if _WEB.fullmatch(address) else None


@dataclass(frozen=True, kw_only=True)
class Track:
    """A line of talks that belong together, and the colour (#rrggbb) that apps may paint it in."""

    name: str
    colour: str | None = None

    def __post_init__(self) -> None:
        if self.colour is not None and not _COLOUR.fullmatch(self.colour):
            raise ValueError(f"A colour is written like #1d70b8, not {self.colour!r}.")


@dataclass(frozen=True, kw_only=True)
class Contributor:
    """Somebody who speaks, or an organisation; the address never changes, and their numbers are made from it."""

    address: str
    name: str
    code: str = ""
    biography: str = ""
    url: str = ""
    picture: str = ""

    def __post_init__(self) -> None:
        for given in filter(None, (self.address, self.url, self.picture)):
            _on_the_web(given)


@dataclass(frozen=True, kw_only=True)
class Talk:
    """A part of the agenda, at aware moments or at none; its numbers are made from its address, which never changes."""

    address: str
    title: str
    url: str
    starts: datetime | None
    ends: datetime | None
    room: str = ""
    track: Track | None = None
    kind: str = "Session"
    summary: str = ""
    description: str = ""
    language: str = "en-GB"
    contributors: tuple[Contributor, ...] = ()
    links: tuple[Link, ...] = ()
    attachments: tuple[Link, ...] = ()
    not_to_be_recorded: bool = False
    cancelled: bool = False

    def __post_init__(self) -> None:
        _on_the_web(self.address)
        _on_the_web(self.url)
        if self.starts is None or self.ends is None:
            if self.starts is not self.ends:
                raise ValueError("A talk has both times or none.")
            return
        if self.starts.utcoffset() is None or self.ends.utcoffset() is None:
            raise ValueError("The times of a talk say their zone.")
        # Not compared directly: two moments of one zone would be compared by their clocks, wrong when those change.
        if self.ends.timestamp() <= self.starts.timestamp():
            raise ValueError("A talk ends after it starts.")


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day of the conference with what is planned for it, in the order in which it should be read."""

    date: date
    talks: tuple[Talk, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Conference:
    """The whole event; its zone is a name like Europe/London, and every time is given in it."""

    title: str
    acronym: str
    url: str
    zone: str
    days: tuple[Day, ...]

    def __post_init__(self) -> None:
        _on_the_web(self.url)
        ZoneInfo(self.zone)
        if not self.days:
            raise ValueError("A conference has at least one day.")
        addresses = [talk.address for day in self.days for talk in day.talks]
        if len(set(addresses)) < len(addresses):
            raise ValueError("Each talk has an address of its own.")


def _on_the_web(url: str) -> None:
    if not _WEB.fullmatch(url):
        raise ValueError(f"An address begins with http:// or https:// and has its signs escaped, unlike {url!r}.")
