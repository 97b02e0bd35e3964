"""Who took part, and for how long: what every kind of report comes down to."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from webapp.formats.tables.lines import Line

_BRACKETS = re.compile(r"\s*[(（]([^()（）]+)[)）]\s*$")
_LONGEST_EMAIL = 320
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class UnreadableReportError(ValueError):
    """The file gives no attendance; its text is a sentence for the person who sent it."""


@dataclass(frozen=True)
class Stay:
    """One time of being there; the minutes are exact to the second, and all that some reports tell."""

    joined: datetime | None
    left: datetime | None
    minutes: float


@dataclass
class Attendee:
    """Somebody who took part, by all of their stays; e-mail and role are empty where the report has none."""

    name: str
    email: str = ""
    stays: list[Stay] = field(default_factory=list)
    role: str = ""

    @property
    def spellings(self) -> list[str]:
        """The names to look for: as written, then before and within brackets, since Zoom shows “Chosen (Original)”."""
        match = _BRACKETS.search(self.name)
        if not match:
            return [self.name]
        return list(dict.fromkeys(filter(None, [self.name, self.name[: match.start()].strip(), match[1].strip()])))


@dataclass(frozen=True)
class Unread:
    """A line that was not understood, by its number as a spreadsheet program shows it."""

    line: int
    text: str


@dataclass(frozen=True)
class Report:
    """What a report says; moments are local time as in the file.

    `absent` names whom it lists as never having come in: people left in the waiting room, or registered only.
    """

    source: Literal["teams", "zoom"]
    title: str
    started: datetime | None
    people: list[Attendee]
    unread: list[Unread]
    absent: list[str] = field(default_factory=list)


def unread(line: Line) -> Unread:
    """Give a line as one that was not understood."""
    return Unread(line.number, line.problem or " | ".join(cell for cell in line.cells if cell))


class Gathering:
    """People while a report is read: one for each e-mail address, or for each name that has none."""

    def __init__(self) -> None:
        self._people: dict[str, Attendee] = {}
        self._absent: dict[str, str] = {}

    def add(self, name: str, email: str, stay: Stay, *, role: str = "") -> None:
        """Take in one stay of somebody."""
        person = self._people.setdefault(key_of(name, email), Attendee(name or email, email))
        person.stays.append(stay)
        person.role = person.role or role

    def miss(self, name: str, email: str) -> None:
        """Take in somebody who is listed but was not there, unless they were there at another time."""
        self._absent.setdefault(key_of(name, email), name or email)

    @property
    def people(self) -> list[Attendee]:
        """Everybody who was there, in the order of the report, their stays in the order of time."""
        for person in self._people.values():
            person.stays.sort(key=lambda stay: stay.joined or datetime.min)  # noqa: DTZ901 -- reports know no zones
        return list(self._people.values())

    @property
    def absent(self) -> list[str]:
        """Everybody listed who was never there."""
        return [name for key, name in self._absent.items() if key not in self._people]


def merged_minutes(stays: Iterable[Stay]) -> int:
    """Give the whole minutes somebody was there: two devices at once count once, half a minute counts as one.

    Where a report gives fewer minutes than lie between joining and leaving, as Teams does for people who came and went,
    the fewer count.
    """
    known = list(stays)
    spans = sorted((stay.joined, stay.left) for stay in known if stay.joined and stay.left)
    seconds = 0.0
    until: datetime | None = None
    for joined, left in spans:
        begin = joined if until is None else max(joined, until)
        if left > begin:
            seconds += (left - begin).total_seconds()
            until = left
    told = sum(stay.minutes for stay in known if stay.joined and stay.left)
    untimed = sum(stay.minutes for stay in known if not (stay.joined and stay.left))
    return int(min(seconds / 60, told) + untimed + 0.5)


def key_of(name: str, email: str) -> str:
    """Give what tells one person from another: the e-mail address, else the name without regard to case."""
    if email:
        return f"@{unicodedata.normalize('NFC', email).lower()}"
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def email_in(text: str) -> str:
    """Give the text if it is an e-mail address, else nothing."""
    return text if len(text) <= _LONGEST_EMAIL and _EMAIL.fullmatch(text) else ""
