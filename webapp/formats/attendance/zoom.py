"""Reads the participants' reports of Zoom, with or without the block about the meeting, with times or only minutes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from webapp.formats.attendance.people import Gathering, Report, Unread, email_in, unread
from webapp.formats.attendance.times import Moments, minutes_in, moments_of
from webapp.formats.tables import columns
from webapp.formats.tables.lines import Line, folded

_WANTED = {
    "name": ["Name (Original Name)", "User Name (Original Name)", "Name", "User Name", "Participant"],
    "email": ["User Email", "Email"],
    "joined": ["Join Time"],
    "left": ["Leave Time"],
    "minutes": ["Duration (Minutes)", "Total Duration (Minutes)", "Time in Session (minutes)"],
    "guest": ["Guest", "Is Guest"],
    "waiting": ["In Waiting Room"],
    "attended": ["Attended"],
}
# Headings that nobody but Zoom writes.
_ZOOM = {
    "nameoriginalname",
    "usernameoriginalname",
    "durationminutes",
    "totaldurationminutes",
    "timeinsessionminutes",
    "inwaitingroom",
    "recordingconsent",
    "recordingdisclaimerresponse",
}
_MEETING = {
    "topic": ["Topic"],
    "started": ["Start Time", "Actual Start Time"],
    "id": ["Meeting ID", "ID", "Webinar ID"],
}


@dataclass
class _Parts:
    """A report taken apart."""

    rows: list[tuple[dict[str, int], Line]] = field(default_factory=list)
    title: str = ""
    started: str = ""
    unread: list[Unread] = field(default_factory=list)

    def moments(self) -> Iterator[str]:
        yield self.started
        for places, line in self.rows:
            yield _cell(places, line, "joined")
            yield _cell(places, line, "left")


def is_heading(cells: list[str]) -> bool:
    """Whether these are the headings of a list of people that Zoom writes."""
    return _heading(cells) is not None


def read_zoom(lines: Iterable[Line], *, expected: date | None) -> Report:
    """Give the report in the lines of a file. Raises UnreadableReportError where its dates can be read in two ways."""
    parts = _taken_apart(lines)
    moments = moments_of(parts.moments(), expected=expected)
    gathering = Gathering()
    for places, line in parts.rows:
        if not _take(places, line, moments, gathering):
            parts.unread.append(unread(line))
    return Report(
        source="zoom",
        title=" ".join(parts.title.split()),
        started=moments.read(parts.started),
        people=gathering.people,
        unread=sorted(parts.unread, key=lambda one: one.line),
        absent=gathering.absent,
    )


def _taken_apart(lines: Iterable[Line]) -> _Parts:
    parts = _Parts()
    places: dict[str, int] | None = None
    meeting: dict[str, int] | None = None
    for line in lines:
        if line.empty:
            continue
        if heading := _heading(line.cells):
            places, meeting = heading, None
        elif about := _meeting(line.cells):
            places, meeting = None, about
        elif meeting is not None:
            parts.title = _cell(meeting, line, "topic")
            parts.started = _cell(meeting, line, "started")
            meeting = None
        elif places is not None:
            parts.rows.append((places, line))
        else:
            parts.unread.append(unread(line))
    return parts


def _heading(cells: list[str]) -> dict[str, int] | None:
    if not _ZOOM & {folded(cell) for cell in cells}:
        return None
    places = columns(cells, _WANTED)
    timed = "joined" in places and "left" in places
    return places if "name" in places and (timed or "minutes" in places) else None


def _meeting(cells: list[str]) -> dict[str, int] | None:
    places = columns(cells, _MEETING)
    return places if "topic" in places and len(places) > 1 else None


def _take(places: dict[str, int], line: Line, moments: Moments, gathering: Gathering) -> bool:
    """Take in the person of a line, and give whether it was understood."""
    name = " ".join(_cell(places, line, "name").split())
    email = email_in(_cell(places, line, "email"))
    if line.problem or not (name or email):
        return False
    if _yes(places, line, "waiting") or ("attended" in places and not _yes(places, line, "attended")):
        gathering.miss(name, email)
        return True
    stay = moments.stay(
        _cell(places, line, "joined"), _cell(places, line, "left"), minutes_in(_cell(places, line, "minutes"))
    )
    if stay is None:
        return False
    gathering.add(name, email, stay, role="Guest" if _yes(places, line, "guest") else "")
    return True


def _yes(places: dict[str, int], line: Line, name: str) -> bool:
    return _cell(places, line, name).lower() in {"yes", "y", "true"}


def _cell(places: dict[str, int], line: Line, name: str) -> str:
    place = places.get(name, len(line.cells))
    return line.cells[place] if place < len(line.cells) else ""
