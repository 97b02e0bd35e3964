"""Writes the judged rows of an agenda into the draft, by few statements however many they are."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from webapp.database import insert_many, new_public_id
from webapp.extensions import db
from webapp.folding import clean_line, fold, name_key, slug
from webapp.models.accounts import Actor, ThingKind
from webapp.models.agenda import ContributionRole, SessionKind
from webapp.models.drafts import DraftContribution, DraftSession, DraftStream, Room, draft_session_themes
from webapp.models.imports import Fate
from webapp.models.organisations import Organisation, Sector
from webapp.models.speakers import Speaker
from webapp.services.activity import record_each
from webapp.services.imports.agenda_judging import PartKey, Standing, Verdict
from webapp.services.imports.inserting import insert_with_ids
from webapp.services.imports.rows import Judged, shortened
from webapp.services.search import index_organisations, index_speakers

Thing = TypeVar("Thing", DraftStream, Room)
PLAIN = ("title", "summary", "description", "takes_sign_ups", "capacity_online", "capacity_in_person", "notes")


def write(verdict: Verdict, standing: Standing, *, actor: Actor, now: datetime) -> None:
    """Do what the verdict says, refused rows aside; asked under the lock of the draft."""
    rows = [row for row in verdict.rows if row.fate in {Fate.NEW, Fate.CHANGED}]
    streams = _with_new(standing.streams, verdict.streams, DraftStream, standing.event.id)
    rooms = _with_new(standing.rooms, verdict.rooms, Room, standing.event.id)
    organisations = _organisations(rows, now)
    speakers = _speakers(rows, organisations, now)
    db.session.flush()
    places = _Places(standing.sessions)
    named = _Named(
        {name: stream.id for name, stream in streams.items()},
        {name: room.id for name, room in rooms.items()},
        {public_id: theme.id for public_id, theme in standing.themes.items()},
        speakers,
        {name: organisation.id for name, organisation in organisations.items()},
    )
    new = [row for row in rows if row.fate is Fate.NEW]
    changed = [row for row in rows if row.fate is Fate.CHANGED]
    _add(new, standing, named, places, now)
    _change(changed, standing, streams, rooms, named, places, now)
    _record(new, changed, standing, actor, now)


class _Places:
    """Hands out positions behind what stands on each day."""

    def __init__(self, sessions: Iterable[DraftSession]) -> None:
        self._last: Counter[int | None] = Counter()
        for one in sessions:
            self._last[one.day_id] = max(self._last[one.day_id], one.position)

    def next(self, day_id: int | None) -> int:
        self._last[day_id] += 1
        return self._last[day_id]


class _Named:
    """The ids of all that rows name."""

    def __init__(
        self,
        streams: Mapping[str, int],
        rooms: Mapping[str, int],
        themes: Mapping[str, int],
        speakers: Mapping[str, int],
        organisations: Mapping[str, int],
    ) -> None:
        self.streams, self.rooms, self.themes = streams, rooms, themes
        self._speakers, self._organisations = speakers, organisations

    def part(self, key: PartKey) -> tuple[int | None, int | None, ContributionRole]:
        speaker, organisation, role = key
        if isinstance(speaker, str):
            speaker = self._speakers[fold(speaker)]
        if isinstance(organisation, str):
            organisation = self._organisations[fold(organisation)]
        return speaker, organisation, ContributionRole(role)

    def parts(self, keys: Iterable[PartKey]) -> list[tuple[int | None, int | None, ContributionRole]]:
        # Two spellings of one name are one profile.
        return list(dict.fromkeys(self.part(key) for key in keys))


def _with_new(
    known: Mapping[str, Thing], names: Mapping[str, str], kind: type[Thing], event_id: int
) -> dict[str, Thing]:
    last = max((one.position for one in known.values()), default=0)
    made = {
        folded: kind(event_id=event_id, name=name, position=last + place)
        for place, (folded, name) in enumerate(names.items(), start=1)
    }
    db.session.add_all(made.values())
    return {**known, **made}


def _organisations(rows: Iterable[Judged], now: datetime) -> dict[str, Organisation]:
    """The organisations that nobody knew, of no sector in particular, by their folded names."""
    names: dict[str, str] = {}
    for row in rows:
        for _, organisation, _ in row.write.get("parts", ()):
            if isinstance(organisation, str):
                names.setdefault(fold(organisation), clean_line(organisation))
    made = {
        folded: Organisation(
            name=name, name_folded=folded, slug=slug(name), sector=Sector.OTHER, created_at=now, updated_at=now
        )
        for folded, name in names.items()
    }
    if made:
        db.session.add_all(made.values())
        db.session.flush()
        index_organisations(made.values())
    return made


def _speakers(rows: Iterable[Judged], organisations: Mapping[str, Organisation], now: datetime) -> dict[str, int]:
    """The ids of the speakers that nobody knew, made for whom they are first named with, by their folded names."""
    made: dict[str, dict[str, Any]] = {}
    for row in rows:
        for speaker, organisation, _ in row.write.get("parts", ()):
            if not isinstance(speaker, str) or fold(speaker) in made:
                continue
            employer = organisations[fold(organisation)].id if isinstance(organisation, str) else organisation
            name = clean_line(speaker)
            made[fold(speaker)] = {
                "public_id": new_public_id(),
                "name": name,
                "name_sort": name_key(name),
                "slug": slug(name),
                "organisation_id": employer,
                "created_at": now,
                "updated_at": now,
            }
    ids = insert_with_ids(Speaker, list(made.values()))
    index_speakers(zip(ids, (row["name"] for row in made.values()), strict=True))
    return dict(zip(made, ids, strict=True))


def _add(new: Sequence[Judged], standing: Standing, named: _Named, places: _Places, now: datetime) -> None:
    if not new:
        return
    rows = [_row(one, standing, named, places, now) for one in new]
    ids = insert_with_ids(DraftSession, rows)
    contributions, themes = [], []
    for one, session_id in zip(new, ids, strict=True):
        one.target = session_id
        for position, (speaker, organisation, role) in enumerate(named.parts(one.write["parts"]), start=1):
            contributions.append(
                {
                    "draft_session_id": session_id,
                    "speaker_id": speaker,
                    "organisation_id": organisation,
                    "role": role,
                    "position": position,
                }
            )
        themes += [
            {"draft_session_id": session_id, "theme_id": named.themes[public_id]}
            for public_id in one.write.get("themes", ())
            if public_id in named.themes
        ]
    insert_many(db.session, DraftContribution.__table__, contributions)
    insert_many(db.session, draft_session_themes, themes)


def _row(one: Judged, standing: Standing, named: _Named, places: _Places, now: datetime) -> dict[str, Any]:
    write = one.write
    return {
        "public_id": new_public_id(),
        "event_id": standing.event.id,
        "language": standing.event.language,
        "position": places.next(write["day_id"]),
        "kind": SessionKind(write.get("kind", SessionKind.SESSION)),
        "day_id": write["day_id"],
        "starts": write["starts"],
        "ends": write["ends"],
        "minutes": write["minutes"],
        "stream_id": named.streams[fold(write["stream"])] if write.get("stream") else None,
        "room_id": named.rooms[fold(write["room"])] if write.get("room") else None,
        "source_key": write["source_key"],
        "created_at": now,
        "updated_at": now,
        "title": write["title"],
        "summary": write.get("summary", ""),
        "description": write.get("description", ""),
        "takes_sign_ups": write.get("takes_sign_ups", False),
        "capacity_online": write.get("capacity_online"),
        "capacity_in_person": write.get("capacity_in_person"),
        "notes": write.get("notes", ""),
    }


def _change(
    changed: Iterable[Judged],
    standing: Standing,
    streams: Mapping[str, DraftStream],
    rooms: Mapping[str, Room],
    named: _Named,
    places: _Places,
    now: datetime,
) -> None:
    days = {day.id: day for day in standing.days.values()}
    themes = {theme.public_id: theme for theme in standing.themes.values()}
    for row in changed:
        session, write = row.target, row.write
        for name in PLAIN:
            if name in write:
                setattr(session, name, write[name])
        if "kind" in write:
            session.kind = SessionKind(write["kind"])
        if session.day_id != write["day_id"]:
            session.position = places.next(write["day_id"])
            session.day = days.get(write["day_id"])
        session.starts, session.ends, session.minutes = write["starts"], write["ends"], write["minutes"]
        if "stream" in write:
            session.stream = streams[fold(write["stream"])] if write["stream"] else None
        if "room" in write:
            session.room = rooms[fold(write["room"])] if write["room"] else None
        if "themes" in write:
            session.themes = [themes[public_id] for public_id in write["themes"] if public_id in themes]
        if "parts" in write:
            _write_parts(session, named.parts(write["parts"]))
        session.version += 1
        session.updated_at = now
    db.session.flush()


def _write_parts(session: DraftSession, parts: Iterable[tuple[int | None, int | None, ContributionRole]]) -> None:
    """Name those who contribute; who is named already keeps what they answered."""
    standing = {(one.speaker_id, one.organisation_id, one.role): one for one in session.contributions}
    rows = []
    for position, key in enumerate(parts, start=1):
        row = standing.get(key) or DraftContribution(speaker_id=key[0], organisation_id=key[1], role=key[2])
        row.position = position
        rows.append(row)
    session.contributions = rows


def _record(new: Iterable[Judged], changed: Iterable[Judged], standing: Standing, actor: Actor, now: datetime) -> None:
    event_id = standing.event.id
    added = [(row.target, {"title": row.given.title}) for row in new]
    record_each("session_added", ThingKind.DRAFT_SESSION, added, actor=actor, now=now, event_id=event_id)
    told = [
        (
            row.target.id,
            {
                "title": row.target.title,
                "changes": {one.what: [shortened(one.before), shortened(one.after)] for one in row.changes},
            },
        )
        for row in changed
    ]
    record_each("session_changed", ThingKind.DRAFT_SESSION, told, actor=actor, now=now, event_id=event_id)
