"""What both files say alike: which talk stands on which day in which room, under which number, and which not at all."""

import hashlib
import re
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from webapp.formats.schedule.conference import Conference, Contributor, Talk, Track

# Apps draw one column for each room, so what has no room needs a name to stand under.
FOR_ALL = "All"

# Giggity takes what starts before six for the day after, whatever the file says; EventFahrplan reads the end of a day
# as the hour at which the next begins. With six o'clock all of them show the same.
_DAY_BEGINS = time(6)
_LONGEST = timedelta(hours=100)
_BITS = 31
_SHORTEST_ACRONYM = 4
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A talk that the files do not hold, and the reason in a sentence."""

    talk: Talk
    reason: str


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A talk in its place: when and where, in the words of the files, with its numbers."""

    talk: Talk
    number: int
    guid: str
    slug: str
    starts: datetime
    ends: datetime
    duration: str
    room: str


@dataclass(frozen=True, kw_only=True)
class Column:
    """A room on one day, with its talks by time."""

    name: str
    guid: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, kw_only=True)
class ArrangedDay:
    """A day from six in the morning to six in the morning, with the rooms in which something happens."""

    index: int
    date: date
    starts: datetime
    ends: datetime
    columns: tuple[Column, ...]


@dataclass(frozen=True, kw_only=True)
class Arrangement:
    """The conference as the files tell it."""

    acronym: str
    days: tuple[ArrangedDay, ...]
    rooms: tuple[str, ...]
    tracks: tuple[Track, ...]
    people: dict[str, int]


def left_out(conference: Conference) -> list[LeftOut]:
    """Give the talks that the files cannot hold, in the order of the agenda, each with the reason in a sentence.

    A cancelled talk is among them: the formats have no word for it, and apps tell those who chose a talk when it goes.
    """
    return [
        LeftOut(talk=talk, reason=reason) for day in conference.days for talk in day.talks if (reason := _reason(talk))
    ]


def arranged(conference: Conference) -> Arrangement:
    """Give the conference with every talk that the files can hold in its day and room, numbered.

    A talk stands on the day on which it starts, counted from six in the morning. Without a room it stands in a column
    named for its track, so that talks at the same hour do not lie upon one another; one for everybody stands in "All".
    """
    zone = ZoneInfo(conference.zone)
    acronym = _acronym(conference)
    talks = [talk for day in conference.days for talk in day.talks if not _reason(talk)]
    numbers = _numbered(talk.address for talk in talks)
    slots = [_slot(talk, numbers[talk.address], acronym, zone) for talk in talks]
    rooms = tuple(dict.fromkeys(slot.room for slot in slots))
    tracks: dict[str, Track] = {}
    for talk in talks:
        if talk.track:
            tracks.setdefault(one_line(talk.track.name), talk.track)
    by_date: dict[date, list[Slot]] = {day.date: [] for day in conference.days}
    for slot in slots:
        by_date.setdefault(_date_of(slot.starts), []).append(slot)
    return Arrangement(
        acronym=acronym,
        days=tuple(
            _day(index, on, by_date[on], rooms, conference) for index, on in enumerate(sorted(by_date), start=1)
        ),
        rooms=rooms,
        tracks=tuple(tracks.values()),
        people=_numbered(person.address for talk in talks for person in talk.contributors),
    )


def guid_of(address: str) -> str:
    """Give the UUID that an address always leads to (RFC 9562, version 5 in the namespace of URLs)."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, address))


def guid_of_room(conference: Conference, room: str) -> str:
    """Give the UUID of a room, which stays the same for as long as the conference keeps its page."""
    return guid_of(f"{conference.url}#room={room}")


def code_of(person: Contributor) -> str | None:
    """Give the short code of a person as the formats write codes, in capitals and digits; None where there is none."""
    code = person.code.upper()
    return code if re.fullmatch("[A-Z0-9]+", code) else None


def one_line(text: str) -> str:
    """Give the text in one line, without what XML 1.0 forbids or what nobody can see."""
    return " ".join(several_lines(text).split())


def several_lines(text: str) -> str:
    """Give the text with its lines, every break of one kind, without what XML 1.0 forbids."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _reason(talk: Talk) -> str | None:
    if talk.cancelled:
        return "It is cancelled."
    if talk.starts is None or talk.ends is None:
        return "It has no times yet."
    if _length(talk.starts, talk.ends) >= _LONGEST:
        return "It lasts 100 hours or more, and the files have two digits for hours."
    return None


def _slot(talk: Talk, number: int, acronym: str, zone: ZoneInfo) -> Slot:
    assert talk.starts is not None
    assert talk.ends is not None
    minutes = _length(talk.starts, talk.ends) // timedelta(minutes=1)
    words = _words(talk.title)[:60].strip("_")
    return Slot(
        talk=talk,
        number=number,
        guid=guid_of(talk.address),
        slug=f"{acronym}-{number:04}-{words}".rstrip("-"),
        starts=talk.starts.astimezone(zone),
        ends=talk.ends.astimezone(zone),
        duration=f"{minutes // 60:02}:{minutes % 60:02}",
        room=one_line(talk.room) or (one_line(talk.track.name) if talk.track else "") or FOR_ALL,
    )


def _day(index: int, on: date, slots: Iterable[Slot], rooms: Iterable[str], conference: Conference) -> ArrangedDay:
    zone = ZoneInfo(conference.zone)
    by_room: dict[str, list[Slot]] = {}
    # In UTC, since the hour that a clock shows twice would else put the later talk before the earlier.
    for slot in sorted(slots, key=lambda slot: (slot.starts.astimezone(UTC), slot.ends.astimezone(UTC), slot.guid)):
        by_room.setdefault(slot.room, []).append(slot)
    return ArrangedDay(
        index=index,
        date=on,
        starts=datetime.combine(on, _DAY_BEGINS, zone),
        ends=datetime.combine(on + timedelta(days=1), _DAY_BEGINS, zone),
        columns=tuple(
            Column(name=room, guid=guid_of_room(conference, room), slots=tuple(by_room[room]))
            for room in rooms
            if room in by_room
        ),
    )


def _date_of(starts: datetime) -> date:
    on = starts.date()
    return on if starts.time() >= _DAY_BEGINS else on - timedelta(days=1)


def _length(starts: datetime, ends: datetime) -> timedelta:
    # In UTC, or the night in which the clocks change would be an hour wrong.
    return ends.astimezone(UTC) - starts.astimezone(UTC)


def _numbered(addresses: Iterable[str]) -> dict[str, int]:
    """Give each address a number of 31 bits made from it alone; where two would share it, the later goes on."""
    given: dict[str, int] = {}
    taken = {0}
    for address in sorted(set(addresses)):
        number = int.from_bytes(hashlib.sha256(address.encode()).digest()[:4]) >> (32 - _BITS)
        while number in taken:
            number = (number + 1) % 2**_BITS
        taken.add(number)
        given[address] = number
    return given


def _acronym(conference: Conference) -> str:
    """Give the acronym as the schema has it: four or more small letters, digits and underscores."""
    acronym = _words(conference.acronym)
    if len(acronym) < _SHORTEST_ACRONYM:
        acronym = f"{acronym}{min(day.date for day in conference.days).year:04}"
    return acronym


def _words(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "_", plain).strip("_")
