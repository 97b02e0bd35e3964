"""A row of an agenda as text, understood: each cell on its own, every trouble with it in a sentence."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import time
from typing import Any

from webapp.folding import clean_line, clean_text, fold
from webapp.formats.tables import Row
from webapp.formats.typed import british_day, clock_time
from webapp.models.agenda import ContributionRole, SessionKind
from webapp.models.events import Event, EventDay
from webapp.models.programmes import Theme
from webapp.services.drafts import LONGEST
from webapp.services.imports.rows import Given
from webapp.templating import british_date, british_time

KINDS = {
    **{kind.value: kind for kind in SessionKind},
    **dict.fromkeys(("keynote", "for all", "for everybody"), SessionKind.PLENARY),
    **dict.fromkeys(("workshop", "talk", "seminar", "panel", "breakout"), SessionKind.SESSION),
    **dict.fromkeys(("lunch", "coffee", "tea", "pause"), SessionKind.BREAK),
}
YES, NO = {"yes", "y", "true", "1", "x"}, {"no", "n", "false", "0", ""}
LONGEST_TEXT = 10_000
SHORT = {"kind", "day", "starts", "ends", "minutes", "stream", "room", "parts", "takes_sign_ups"}
MOST_PARTS = 40
LONGEST_PART = 500
_DAY_NUMBER = re.compile(r"(?:day\s*)?(\d{1,2})")
_PART = re.compile(
    r"(?P<name>.*?)\s*(?:\((?P<organisation>[^()]*(?:\([^()]*\)[^()]*)*)\))?\s*(?:\[(?P<role>[^\[\]]*)\])?"
)


class _CellError(ValueError):
    """A cell that cannot be taken; the text is a sentence."""


class AgendaReader:
    """Reads rows for one event, whose days must be loaded, by the themes of its programme."""

    def __init__(self, event: Event, themes: Sequence[Theme], places: Mapping[str, int]) -> None:
        self._days: Sequence[EventDay] = event.days
        self._themes = {fold(theme.name): theme for theme in themes}
        self._places = places
        # What cells say again and again, as it was understood: days, times, rooms.
        self._understood: dict[tuple[str, str], Any] = {}
        self._read: Mapping[str, Callable[[str], Any]] = {
            "key": _line("id", 120),
            "title": self._title,
            "kind": _kind,
            "day": self._day,
            "starts": _clock("start"),
            "ends": _clock("end"),
            "minutes": _minutes,
            "stream": _line("name of the stream", 120),
            "room": _line("name of the room", 120),
            "parts": parts_of,
            "summary": _text("summary", 500),
            "description": _text("description", LONGEST_TEXT),
            "themes": self._themes_of,
            "takes_sign_ups": _yes_or_no,
            "capacity_online": _places("online"),
            "capacity_in_person": _places("in person"),
            "notes": _text("note", LONGEST_TEXT),
        }

    def read(self, row: Row) -> Given:
        """The row, understood as far as it can be, with all its problems."""
        values: dict[str, Any] = {}
        problems = [row.problem] if row.problem else []
        for name, place in self._places.items():
            try:
                values[name] = self._cell(name, row.cells[place])
            except _CellError as error:
                problems.append(str(error))
        if len(self._days) == 1 and values.get("starts") and not values.get("day"):
            values["day"] = self._days[0].date.isoformat()
        problems += _contradictions(values)
        return Given(number=row.number, title=_shown_title(row, self._places), values=values, problems=problems)

    def _cell(self, name: str, text: str) -> Any:
        if name not in SHORT:
            return self._read[name](text)
        if (name, text) not in self._understood:
            self._understood[name, text] = self._read[name](text)
        return self._understood[name, text]

    def _title(self, text: str) -> str:
        title = _line("title", 200)(text)
        if not title:
            raise _CellError("It has no title.")
        return title

    def _day(self, text: str) -> str:
        plain = clean_line(text)
        if not plain:
            return ""
        found = self._by_number(plain) or self._by_weekday(plain)
        if found is not None:
            return found.date.isoformat()
        try:
            given = british_day(plain)
        except (ValueError, OverflowError) as error:
            raise _CellError(f"“{_short(plain)}” is no day. Write it like {self._example()}.") from error
        return given.isoformat()

    def _by_number(self, plain: str) -> EventDay | None:
        match = _DAY_NUMBER.fullmatch(plain.lower())
        number = int(match[1]) if match else 0
        return self._days[number - 1] if 0 < number <= len(self._days) else None

    def _by_weekday(self, plain: str) -> EventDay | None:
        named = [day for day in self._days if f"{day.date:%A}".lower() == plain.lower()]
        return named[0] if len(named) == 1 else None

    def _example(self) -> str:
        return british_date(self._days[0].date) if self._days else "14 June 2027"

    def _themes_of(self, text: str) -> list[str]:
        found = []
        for name in _parted(text):
            theme = self._themes.get(fold(name))
            if theme is None:
                known = "; ".join(one.name for one in self._themes.values())
                rest = f" Its themes are: {known}." if known else " It has no themes yet."
                raise _CellError(f"The programme has no theme “{_short(name)}”.{rest}")
            found.append(theme.public_id)
        return sorted(set(found))


def parts_of(text: str) -> list[list[str]]:
    """Those who contribute as [name, organisation, role]; "Name (Organisation) [chair]; …"."""
    found = []
    for part in _parted(text):
        match = _PART.fullmatch(part) if len(part) <= LONGEST_PART else None
        if match is None:
            raise _CellError(f"“{_short(part)}” cannot be read. Write speakers like “Ann Lee (Marlbridge Council)”.")
        name, organisation = clean_line(match["name"]), clean_line(match["organisation"] or "")
        role = fold(match["role"] or ContributionRole.PRESENTER.value)
        if role not in set(ContributionRole):
            raise _CellError(f"“{_short(match['role'])}” is nothing that a speaker can be: write chair or panellist.")
        if max(len(name), len(organisation)) > 200:
            raise _CellError("The name of a speaker or of their organisation is longer than 200 characters.")
        if name or organisation:
            found.append([name, organisation, role])
    if len(found) > MOST_PARTS:
        raise _CellError(f"It has {len(found)} speakers; at most {MOST_PARTS} can be named.")
    return found


def part_text(speaker: str, organisation: str, role: ContributionRole) -> str:
    """One who contributes, as files have it; the other way round than parts_of."""
    texts = [speaker, f"({organisation})" if organisation else ""]
    return " ".join(filter(None, [*texts, f"[{role.value}]" if role is not ContributionRole.PRESENTER else ""]))


def _contradictions(values: Mapping[str, Any]) -> list[str]:
    starts, ends, minutes = values.get("starts"), values.get("ends"), values.get("minutes")
    if ends and not starts and "starts" in values:
        return ["It has an end and no start."]
    if not starts or not ends:
        return []
    length = _minute(ends) - _minute(starts)
    if length <= 0:
        said = f"It would end at {british_time(ends)}, and it starts at {british_time(starts)}."
        return [f"{said} What runs past midnight is two sessions, one on each day."]
    if minutes and minutes != length:
        said = f"From {british_time(starts)} to {british_time(ends)} are {length} minutes, and it says {minutes}."
        return [f"{said} Leave one of them empty."]
    return []


def _minute(clock: str) -> int:
    at = time.fromisoformat(clock)
    return at.hour * 60 + at.minute


def _line(what: str, longest: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        return _fitting(clean_line(text), what, longest)

    return read


def _text(what: str, longest: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        return _fitting(clean_text(text), what, longest)

    return read


def _fitting(text: str, what: str, longest: int) -> str:
    if len(text) > longest:
        raise _CellError(f"Its {what} has {len(text):,} characters; there is room for {longest:,}.")
    return text


def _kind(text: str) -> str:
    plain = fold(text) or SessionKind.SESSION.value
    if plain not in KINDS:
        raise _CellError(f"“{_short(text)}” is no kind of session: write session, plenary or break.")
    return KINDS[plain].value


def _clock(what: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        plain = clean_line(text)
        if not plain:
            return ""
        try:
            # Spreadsheet programs add seconds to what is a time to them.
            at = clock_time(re.sub(r"(\d:[0-5]\d):00", r"\1", plain))
        except ValueError as error:
            raise _CellError(f"Its {what} “{_short(plain)}” is no time. Write it like 9:30am or 14:00.") from error
        return f"{at:%H:%M}"

    return read


def _minutes(text: str) -> int | None:
    number = _whole(text.lower().removesuffix("minutes").removesuffix("mins").removesuffix("min"), "length in minutes")
    if number is not None and not 0 < number <= LONGEST:
        raise _CellError(f"A session lasts between 1 and {LONGEST:,} minutes.")
    return number


def _places(which: str) -> Callable[[str], int | None]:
    def read(text: str) -> int | None:
        number = _whole(text, f"number of places {which}")
        if number == 0:
            raise _CellError(f"It has no places {which}. Write a number from 1, or leave it empty for no limit.")
        return number

    return read


def _whole(text: str, what: str) -> int | None:
    plain = clean_line(text).replace(",", "").removesuffix(".0")
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and len(plain) < 8):
        raise _CellError(f"Its {what} “{_short(text)}” is no whole number.")
    return int(plain)


def _yes_or_no(text: str) -> bool:
    plain = fold(text)
    if plain not in YES | NO:
        raise _CellError(f"“{_short(text)}” is neither yes nor no: say whether people sign up for it.")
    return plain in YES


def _parted(text: str) -> list[str]:
    return [part for piece in re.split(r"[;\n]", text) if (part := clean_line(piece))]


def _short(text: str | None) -> str:
    plain = clean_line(text or "")
    return plain if len(plain) <= 60 else plain[:59] + "…"


def _shown_title(row: Row, places: Mapping[str, int]) -> str:
    return _short(row.cells[places["title"]]) if "title" in places else ""
