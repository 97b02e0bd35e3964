"""What becomes of the rows of an agenda, as the draft now stands: new, changed, the same, or not to be taken."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from webapp.folding import clean_text, fold
from webapp.models.agenda import ContributionRole
from webapp.models.drafts import DraftSession, DraftStream, Room
from webapp.models.events import Event, EventDay
from webapp.models.imports import Fate
from webapp.models.programmes import Theme
from webapp.queries import drafts as queries
from webapp.queries.organisations import organisations_by_name
from webapp.queries.programmes import themes_of
from webapp.queries.speakers import speaker_ids_by_name
from webapp.services.drafts import length
from webapp.services.events import is_skipped
from webapp.services.imports.agenda_reading import part_text
from webapp.services.imports.columns import AGENDA
from webapp.services.imports.rows import Change, Given, Judged
from webapp.templating import british_time, weekday_date

PLAIN = ("summary", "description", "takes_sign_ups", "capacity_online", "capacity_in_person", "notes")
DEFAULT_LENGTH = 45
# Who contributes: the ids of speaker and organisation, or what they are called while they have none, and the role.
PartKey = tuple[int | str | None, int | str | None, str]


class Folded(dict[str, str]):
    """Texts folded once, however often rows say them."""

    def __missing__(self, text: str) -> str:
        self[text] = plain = fold(text)
        return plain


@dataclass(kw_only=True)
class Standing:
    """The draft as it stands, with the names that the rows need looked up."""

    event: Event
    sessions: Sequence[DraftSession]
    days: Mapping[date, EventDay]
    streams: Mapping[str, DraftStream]
    rooms: Mapping[str, Room]
    themes: Mapping[str, Theme]
    speakers: Mapping[str, list[int]]
    organisations: Mapping[str, int]
    folded: Mapping[str, str] = field(default_factory=Folded)

    @cached_property
    def days_told(self) -> Mapping[int, str]:
        """The days as people read them, by their ids."""
        return {day.id: weekday_date(day.date) for day in self.days.values()}


@dataclass(kw_only=True)
class Verdict:
    """All rows judged, and the names of the streams, rooms and speakers that would be made, as first spelt."""

    rows: list[Judged]
    streams: dict[str, str] = field(default_factory=dict)
    rooms: dict[str, str] = field(default_factory=dict)
    speakers: dict[str, str] = field(default_factory=dict)


def standing_of(event: Event, givens: Iterable[Given]) -> Standing:
    """The draft of the event as it stands, read by few queries however many the rows."""
    parts = [part for given in givens for part in given.values.get("parts") or ()]
    known = organisations_by_name({organisation for _, organisation, _ in parts})
    return Standing(
        event=event,
        sessions=queries.draft_sessions_of(event.id, whole=True),
        days={day.date: day for day in queries.days_of(event.id)},
        streams={fold(stream.name): stream for stream in queries.draft_streams_of(event.id)},
        rooms={fold(room.name): room for room in queries.rooms_of(event.id)},
        themes={theme.public_id: theme for theme in themes_of(event.programme_id)},
        speakers=speaker_ids_by_name({speaker for speaker, _, _ in parts if speaker}),
        organisations={name: organisation.id for name, organisation in known.items()},
    )


def judge(givens: Sequence[Given], standing: Standing) -> Verdict:
    """What becomes of each row, in the order of the file."""
    rows = [Judged(given=given, problems=list(given.problems)) for given in givens]
    _refuse_repeated(rows)
    _match(rows, standing.sessions)
    for row in rows:
        if not row.problems:
            _place(row, standing)
        if not row.problems:
            _compare(row, standing)
        if row.problems:
            row.fate = Fate.REFUSED
            row.changes = []
    verdict = Verdict(rows=rows)
    for row in rows:
        if row.fate is not Fate.REFUSED:
            values, folded = row.given.values, standing.folded
            _note_new(values.get("stream"), standing.streams, verdict.streams, folded)
            _note_new(values.get("room"), standing.rooms, verdict.rooms, folded)
            for speaker, _, _ in values.get("parts") or ():
                _note_new(speaker, standing.speakers, verdict.speakers, folded)
    return verdict


def _note_new(name: str | None, known: Mapping[str, object], made: dict[str, str], folded: Mapping[str, str]) -> None:
    if name and folded[name] not in known:
        made.setdefault(folded[name], name)


def _refuse_repeated(rows: Iterable[Judged]) -> None:
    """Refuse what is said twice in the file, naming the row that said it first."""
    first: dict[Any, int] = {}
    for row in rows:
        values = row.given.values
        if row.given.problems:
            continue
        key, what = _own_key(values), "id"
        if key is None:
            key, what = _sign(values), "title, day, start, stream and room"
        if key in first:
            row.problems.append(f"It has the same {what} as row {first[key]:,}.")
        else:
            first[key] = row.given.number


def _own_key(values: Mapping[str, Any]) -> Any:
    return ("key", values["key"]) if values.get("key") else None


def _sign(values: Mapping[str, Any]) -> Any:
    """What tells a row without an id from others."""
    places = (fold(values.get(name) or "") for name in ("stream", "room"))
    return (fold(values["title"]), values.get("day") or "", values.get("starts") or "", *places)


def _match(rows: Sequence[Judged], sessions: Sequence[DraftSession]) -> None:
    """Find the session that each row means: by its id, else by title, day and start, else by a title that is alone."""
    by_key = {one.public_id: one for one in sessions} | {one.source_key: one for one in sessions if one.source_key}
    taken: set[int] = set()
    waiting: list[Judged] = []
    for row in rows:
        if row.problems:
            continue
        key = row.given.values.get("key")
        found = by_key.get(key) if key else None
        if found is not None and found.id in taken:
            row.problems.append(f"Another row means “{found.title}” too, by its other id.")
        elif found is not None:
            row.target = found
            taken.add(found.id)
        elif not key:
            waiting.append(row)
    standing = [one for one in sessions if not one.is_cancelled]
    for signs in (_exactly, _when):
        waiting = _match_alike(waiting, [one for one in standing if one.id not in taken], taken, signs)
    _match_titles(waiting, [one for one in standing if one.id not in taken])


def _exactly(title: str, day: str, starts: str, stream: str) -> Any:
    return title, day, starts, stream


def _when(title: str, day: str, starts: str, _stream: str) -> Any:
    return title, day, starts


def _match_alike(rows: Sequence[Judged], sessions: Sequence[DraftSession], taken: set[int], sign: Any) -> list[Judged]:
    """Match the rows that share a sign with one session alone; gives the rest."""
    by_sign: dict[Any, list[DraftSession]] = defaultdict(list)
    for one in sessions:
        day = one.day.date.isoformat() if one.day else ""
        starts = f"{one.starts:%H:%M}" if one.starts else ""
        by_sign[sign(fold(one.title), day, starts, fold(one.stream.name) if one.stream else "")].append(one)
    signs = [_sign_of(row, sign) for row in rows]
    count = Counter(signs)
    rest = []
    for row, its in zip(rows, signs, strict=True):
        found = by_sign.get(its, [])
        if len(found) == 1 and count[its] == 1:
            row.target = found[0]
            taken.add(found[0].id)
        else:
            rest.append(row)
    return rest


def _sign_of(row: Judged, sign: Any) -> Any:
    values = row.given.values
    return sign(
        fold(values["title"]), values.get("day") or "", values.get("starts") or "", fold(values.get("stream") or "")
    )


def _match_titles(rows: Sequence[Judged], sessions: Sequence[DraftSession]) -> None:
    by_title: dict[str, list[DraftSession]] = defaultdict(list)
    for one in sessions:
        by_title[fold(one.title)].append(one)
    alike = Counter(fold(row.given.values["title"]) for row in rows)
    for row in rows:
        title = fold(row.given.values["title"])
        found = by_title.get(title, [])
        if len(found) == 1 and alike[title] == 1:
            row.target = found[0]
        elif found:
            row.problems.append(
                f"It cannot be told which session is meant: there {'is' if len(found) == 1 else 'are'} {len(found)}"
                f" called “{row.given.title}” at another time. Give it the right day and start, or the id from an"
                " export."
            )


def _place(row: Judged, standing: Standing) -> None:
    """Find out on which day and when it would stand."""
    values, target = row.given.values, row.target
    if target is not None and target.is_cancelled:
        row.problems.append("It is cancelled. Let it take place again before you change it.")
        return
    day = _day(row, standing)
    starts = _clock(values, "starts", target.starts if target else None)
    if row.problems:
        return
    if starts is None or day is None:
        if values.get("starts"):
            row.problems.append("It has a start and no day.")
        row.write["day_id"] = day.id if day else None
        row.write |= {
            "starts": None,
            "ends": None,
            "minutes": values.get("minutes") or _length(target, standing.event.zone),
        }
        return
    begins = datetime.combine(day.date, starts)
    ends = _clock(values, "ends", None)
    if ends is not None:
        until = datetime.combine(day.date, ends)
    else:
        until = begins + timedelta(minutes=values.get("minutes") or _length(target, standing.event.zone))
    row.problems += _impossible(begins, until, standing.event)
    row.write |= {"day_id": day.id, "starts": starts, "ends": until.time()}
    row.write["minutes"] = int((until - begins).total_seconds()) // 60


def _day(row: Judged, standing: Standing) -> EventDay | None:
    values, target = row.given.values, row.target
    if "day" not in values and target is not None:
        return standing.days.get(target.day.date) if target.day else None
    if values.get("day"):
        wanted = date.fromisoformat(values["day"])
        day = standing.days.get(wanted)
        if day is None:
            row.problems.append(f"The event does not take place on {weekday_date(wanted)}.")
        return day
    return None


def _clock(values: Mapping[str, Any], name: str, standing: time | None) -> time | None:
    if name not in values:
        return standing
    return time.fromisoformat(values[name]) if values[name] else None


def _length(target: DraftSession | None, zone: str) -> int:
    return length(target, zone) if target else DEFAULT_LENGTH


def _impossible(begins: datetime, until: datetime, event: Event) -> Iterator[str]:
    if until.date() != begins.date():
        yield "It would end after midnight. What comes after midnight is a session of the next day."
    elif until <= begins:
        yield f"It would end at {british_time(until.time())}, and it starts at {british_time(begins.time())}."
    for at in (begins, until):
        if is_skipped(at.date(), at.time(), event.zone):
            yield f"There is no {british_time(at.time())} on that day: the clocks go forward over it."


def _compare(row: Judged, standing: Standing) -> None:
    """Find out what would change, and keep of what is to be written only that."""
    values, target, write = row.given.values, row.target, row.write
    parts = _part_keys(values.get("parts") or (), target, standing)
    write |= {name: values[name] for name in ("title", "kind", *PLAIN) if name in values}
    write |= {name: values[name] for name in ("stream", "room") if name in values}
    write |= {"themes": values["themes"]} if "themes" in values else {}
    if target is None:
        write["parts"] = parts
        write["source_key"] = values.get("key") or None
        row.note = _place_told(row, standing)
        return
    if "parts" in values and parts != _standing_keys(target):
        before, after = _parts_told(target), "; ".join(_given_part(part) for part in values["parts"])
        row.changes.append(Change(what=AGENDA["parts"].heading, before=before, after=after))
        write["parts"] = parts
    row.changes = [*_placed_otherwise(row, standing), *_said_otherwise(row, standing), *row.changes]
    row.fate = Fate.CHANGED if row.changes else Fate.SAME


def _place_told(row: Judged, standing: Standing) -> str:
    """Where a new session would stand, in one line."""
    write = row.write
    day = standing.days_told.get(write["day_id"])
    if day is None:
        return "Not placed yet."
    when = f"{day}, {_time_told(write['starts'], write['ends'], unknown='time not known')}"
    return ", ".join(filter(None, (when, write.get("stream"), write.get("room")))) + "."


def _placed_otherwise(row: Judged, standing: Standing) -> Iterator[Change]:
    target, write = row.target, row.write
    if write["day_id"] != target.day_id:
        after = standing.days_told.get(write["day_id"], _day_told(None))
        yield Change(what="Day", before=_day_told(target.day), after=after)
    if (write["starts"], write["ends"]) != (target.starts, target.ends):
        after = _time_told(write["starts"], write["ends"])
        yield Change(what="Time", before=_time_told(target.starts, target.ends), after=after)
    elif write["starts"] is None and write["minutes"] != target.minutes:
        yield Change(what="Minutes", before=str(target.minutes), after=str(write["minutes"]))
    for what in ("stream", "room"):
        standing_name = getattr(target, what).name if getattr(target, what) else ""
        if what in write and fold(write[what]) != fold(standing_name):
            yield Change(what=AGENDA[what].heading, before=standing_name, after=write[what])
        else:
            write.pop(what, None)


def _said_otherwise(row: Judged, standing: Standing) -> Iterator[Change]:
    target, write = row.target, row.write
    for name in ("title", "kind", *PLAIN):
        if name not in write:
            continue
        before = getattr(target, name)
        same = clean_text(before) == write[name] if isinstance(before, str) else before == write[name]
        if same:
            del write[name]
        else:
            yield Change(what=AGENDA[name].heading, before=_told(before), after=_told(write[name]))
    if "themes" in write:
        before_ids = sorted(theme.public_id for theme in target.themes)
        if before_ids == sorted(write["themes"]):
            del write["themes"]
        else:
            before, after = _themes_told(before_ids, standing), _themes_told(write["themes"], standing)
            yield Change(what=AGENDA["themes"].heading, before=before, after=after)


def _part_keys(parts: Iterable[Sequence[str]], target: DraftSession | None, standing: Standing) -> list[PartKey]:
    """Who is meant: profiles already named in the session first, then the oldest of that name, then somebody new."""
    named = {one.speaker_id for one in target.contributions if one.speaker_id} if target else set()
    keys: dict[PartKey, None] = {}
    for speaker, organisation, role in parts:
        found = standing.speakers.get(standing.folded[speaker], [])
        one: int | str | None = next((known for known in found if known in named), found[0]) if found else None
        other: int | str | None = standing.organisations.get(standing.folded[organisation])
        keys[one or speaker or None, other or organisation or None, role] = None
    return list(keys)


def _standing_keys(target: DraftSession) -> list[PartKey]:
    return [(one.speaker_id, one.organisation_id, one.role.value) for one in target.contributions]


def _parts_told(target: DraftSession) -> str:
    return "; ".join(session_parts(target))


def session_parts(session: DraftSession) -> Iterator[str]:
    """Those who contribute, as files have them."""
    for one in session.contributions:
        speaker = one.speaker.name if one.speaker else ""
        yield part_text(speaker, one.organisation.name if one.organisation else "", one.role)


def _given_part(part: Sequence[str]) -> str:
    speaker, organisation, role = part
    return part_text(speaker, organisation, ContributionRole(role))


def _themes_told(ids: Iterable[str], standing: Standing) -> str:
    return "; ".join(standing.themes[one].name for one in ids if one in standing.themes)


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return "" if value is None else str(value)


def _day_told(day: EventDay | None) -> str:
    return weekday_date(day.date) if day else "not placed"


def _time_told(starts: time | None, ends: time | None, *, unknown: str = "not known") -> str:
    return f"{british_time(starts)} to {british_time(ends)}" if starts and ends else unknown
