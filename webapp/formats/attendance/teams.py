"""Reads the reports of Microsoft Teams: the one of several sections, the log of who came and went, and plain tables.

Tables are known by their headings, wherever they stand: the numbered titles differ between versions and are missing in
some. Where one table shows each stay and another only sums them up, the stays count.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum

from webapp.formats.attendance.people import Gathering, Report, Stay, Unread, email_in, key_of, unread
from webapp.formats.attendance.times import Moments, moments_of, seconds_in
from webapp.formats.tables import columns
from webapp.formats.tables.lines import Line, folded

_WANTED = {
    "name": ["Full Name", "Name", "Participant Name", "Display Name"],
    "email": ["Email", "Email address", "User email"],
    "account": ["Participant ID (UPN)", "Participant ID", "UPN", "User principal name"],
    "role": ["Role"],
    "action": ["User Action"],
    "moment": ["Timestamp"],
    "joined": ["Join Time", "Joined"],
    "left": ["Leave Time", "Left"],
    "first": ["First Join", "First Join Time"],
    "last": ["Last Leave", "Last Leave Time"],
    "duration": ["In-Meeting Duration", "Duration", "Total duration", "Attendance duration"],
}
_MOMENTS = ("moment", "joined", "left", "first", "last")
_NUMBERED = re.compile(r"\d{1,2}\.\s+\S.*")
_SECTIONS = {"summary", "meetingsummary", "participants", "inmeetingactivities", "meetingengagement"}
_TITLES = {"meetingtitle", "title"}
_STARTS = {"starttime", "meetingstarttime"}
# What the summary says besides; none of it is about one person.
_BESIDES = {
    "attendedparticipants",
    "averageattendancetime",
    "endtime",
    "meetingduration",
    "meetingendtime",
    "meetingid",
    "totalnumberofparticipants",
}
_COMING, _GOING = {"joined", "joinedbefore"}, {"left"}
# Marks of how somebody is known to Teams, which are no part of the name.
_MARKS = re.compile(r"(?:\s*\((?:Unverified|External|Guest)\))+$", re.IGNORECASE)
_LONGEST_NAME = 300
# Guests' accounts look like addresses and are none.
_FOREIGN = "#ext#"


class _Kind(Enum):
    """What the lines of a table are."""

    STAYS = "one stay each"
    SUMS = "one person each"
    LOG = "one coming or going each"


@dataclass
class _Table:
    """A table of a report."""

    kind: _Kind
    places: dict[str, int]
    lines: list[Line] = field(default_factory=list)

    def cell(self, line: Line, name: str) -> str:
        place = self.places.get(name, len(line.cells))
        return line.cells[place] if place < len(line.cells) else ""

    def person(self, line: Line) -> tuple[str, str]:
        """Give the name and the e-mail address in a line, either of them possibly empty."""
        account = self.cell(line, "account")
        email = email_in(self.cell(line, "email")) or ("" if _FOREIGN in account.lower() else email_in(account))
        name = " ".join(self.cell(line, "name").split())
        return _MARKS.sub("", name) if len(name) <= _LONGEST_NAME else name, email


@dataclass
class _Parts:
    """A report taken apart."""

    tables: list[_Table] = field(default_factory=list)
    title: str = ""
    started: str = ""
    unread: list[Unread] = field(default_factory=list)

    def lines(self, kind: _Kind) -> Iterator[tuple[_Table, Line]]:
        return ((table, line) for table in self.tables if table.kind is kind for line in table.lines)

    def moments(self) -> Iterator[str]:
        yield self.started
        for table in self.tables:
            for line in table.lines:
                yield from (table.cell(line, name) for name in _MOMENTS)

    def miss(self, line: Line) -> None:
        self.unread.append(unread(line))


def is_heading(cells: list[str]) -> bool:
    """Whether these are the headings of a table that Teams writes."""
    return _heading(cells) is not None


def read_teams(lines: Iterable[Line], *, expected: date | None) -> Report:
    """Give the report in the lines of a file. Raises UnreadableReportError where its dates can be read in two ways."""
    parts = _taken_apart(lines)
    moments = moments_of(parts.moments(), expected=expected)
    reading = _Reading(parts, moments)
    reading.take_stays()
    reading.take_log()
    reading.take_sums()
    return Report(
        source="teams",
        title=" ".join(parts.title.split()),
        started=moments.read(parts.started),
        people=reading.gathering.people,
        unread=sorted(parts.unread, key=lambda one: one.line),
        absent=reading.gathering.absent,
    )


def _taken_apart(lines: Iterable[Line]) -> _Parts:
    parts = _Parts()
    table: _Table | None = None
    passing = False
    for line in lines:
        if line.empty:
            continue
        label = folded(line.cells[0]) if line.cells else ""
        if heading := _heading(line.cells):
            table, passing = heading, False
            parts.tables.append(table)
        elif len(line.cells) == 1 and (_NUMBERED.fullmatch(line.cells[0]) or label in _SECTIONS):
            # Raised hands and the like are about the people, but not about their being there.
            table, passing = None, "engagement" in label
        elif table:
            table.lines.append(line)
        elif label in _TITLES:
            parts.title = line.cells[1] if len(line.cells) > 1 else ""
        elif label in _STARTS:
            parts.started = line.cells[1] if len(line.cells) > 1 else ""
        elif label not in _BESIDES and not passing:
            parts.miss(line)
    return parts


def _heading(cells: list[str]) -> _Table | None:
    if len(cells) < 2:
        return None
    places = columns(cells, _WANTED)
    if "name" not in places:
        return None
    if "action" in places and "moment" in places:
        return _Table(_Kind.LOG, places)
    if "joined" in places and "left" in places:
        return _Table(_Kind.STAYS, places)
    return _Table(_Kind.SUMS, places) if "first" in places and ("last" in places or "duration" in places) else None


def _emails(parts: _Parts) -> dict[str, str]:
    """Give the addresses of those whose name stands once among the people: the list of stays leaves some out."""
    counts: Counter[str] = Counter()
    addresses: dict[str, set[str]] = {}
    for kind in (_Kind.SUMS, _Kind.STAYS):
        for table, line in parts.lines(kind):
            name, email = table.person(line)
            counts[key_of(name, "")] += kind is _Kind.SUMS
            if email:
                addresses.setdefault(key_of(name, ""), set()).add(email.lower())
    return {name: next(iter(known)) for name, known in addresses.items() if counts[name] == 1 and len(known) == 1}


class _Reading:
    """Gathers the people of a report that was taken apart."""

    def __init__(self, parts: _Parts, moments: Moments) -> None:
        self.gathering = Gathering()
        self._parts = parts
        self._moments = moments
        self._emails = _emails(parts)

    def take_stays(self) -> None:
        """Take the lines that show one stay each."""
        for table, line in self._parts.lines(_Kind.STAYS):
            name, email = self._person(table, line)
            self._take(table, line, name, email, ("joined", "left"))

    def take_sums(self) -> None:
        """Take the people of whom no stay is told, by their first joining, last leaving and the minutes between."""
        told = {key_of(person.name, person.email): person for person in self.gathering.people}
        for table, line in self._parts.lines(_Kind.SUMS):
            name, email = self._person(table, line)
            person = told.get(key_of(name, email))
            if person:
                person.role = person.role or table.cell(line, "role")
            else:
                self._take(table, line, name, email, ("first", "last"))

    def take_log(self) -> None:
        """Take the lines that tell of one coming or going each; they may stand by person or by time."""
        events = []
        for table, line in self._parts.lines(_Kind.LOG):
            moment = self._moments.read(table.cell(line, "moment"))
            action = folded(table.cell(line, "action"))
            name, email = self._person(table, line)
            if moment is None or action not in _COMING | _GOING or not (name or email) or line.problem:
                self._parts.miss(line)
            else:
                events.append((moment, action in _GOING, key_of(name, email), table, line))
        events.sort(key=lambda event: event[:2])
        # By the devices that somebody is there with.
        there: dict[str, list[tuple[datetime, _Table, Line]]] = {}
        for moment, going, key, table, line in events:
            if not going:
                there.setdefault(key, []).append((moment, table, line))
            elif there.get(key):
                self._add_logged(*there[key].pop(0), moment)
            else:
                self._parts.miss(line)
        # The log was taken while they were there, so they stayed at least until the last moment that it knows.
        for comings in there.values():
            for coming in comings:
                self._add_logged(*coming, events[-1][0])

    def _add_logged(self, joined: datetime, table: _Table, line: Line, left: datetime) -> None:
        name, email = self._person(table, line)
        stay = Stay(joined, left, (left - joined).total_seconds() / 60)
        self.gathering.add(name, email, stay, role=table.cell(line, "role"))

    def _person(self, table: _Table, line: Line) -> tuple[str, str]:
        name, email = table.person(line)
        return name, email or self._emails.get(key_of(name, ""), "")

    def _take(self, table: _Table, line: Line, name: str, email: str, ends: tuple[str, str]) -> None:
        joined, left = (table.cell(line, end) for end in ends)
        told = table.cell(line, "duration")
        seconds = seconds_in(told)
        minutes = None if seconds is None else seconds / 60
        stay = self._moments.stay(joined, left, minutes)
        if line.problem or not (name or email):
            self._parts.miss(line)
        elif not joined and not left and (seconds == 0 or not told):
            self.gathering.miss(name, email)
        elif stay is None:
            self._parts.miss(line)
        else:
            if ends == ("first", "last") and minutes is not None:
                stay = replace(stay, minutes=min(minutes, stay.minutes))
            self.gathering.add(name, email, stay, role=table.cell(line, "role"))
