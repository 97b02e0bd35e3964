"""Reading a file, and keeping what would become of each of its rows until somebody confirms it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete

from webapp.database import insert_many
from webapp.extensions import db
from webapp.folding import clean_line
from webapp.formats.tables import read_table
from webapp.models.accounts import Actor
from webapp.models.events import Event, EventState
from webapp.models.imports import Fate, Import, ImportKind, ImportRow, ImportState
from webapp.queries import imports as queries
from webapp.queries.programmes import themes_of
from webapp.services.drafts import open_draft
from webapp.services.imports import agenda_judging, people_judging
from webapp.services.imports.agenda_reading import AgendaReader
from webapp.services.imports.columns import columns_of, missing, places_of
from webapp.services.imports.people_reading import PeopleReader, unasked
from webapp.services.imports.rows import Given, ImportRefused, Judged

KEPT = timedelta(days=7)
MOST_ROWS = {ImportKind.AGENDA: 3_000, ImportKind.REGISTRATIONS: 20_000}
LONGEST_FILENAME = 200
# How many headings that mean nothing are named.
NAMED = 10


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A file as it was read: its rows, and what of it is left aside."""

    kind: ImportKind
    filename: str
    rows: Sequence[Given]
    ignored: Sequence[str] = ()
    unasked: Sequence[str] = ()
    sheet: str = ""
    other_sheets: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Options:
    """How registrations are to be taken over."""

    letters: bool = True
    updates: bool = False


@dataclass(kw_only=True)
class Judgement:
    """What would become of all rows, and what would be made besides."""

    rows: list[Judged]
    streams: list[str] = field(default_factory=list)
    rooms: list[str] = field(default_factory=list)
    speakers: list[str] = field(default_factory=list)
    # What the writer needs again.
    verdict: Any = None
    standing: Any = None


def read(kind: ImportKind, event: Event, content: bytes, *, filename: str) -> Reading:
    """The rows of a file, each understood by itself; `event` must have its days and questions loaded.

    Raises UnreadableTableError for what is no table, and ImportRefused for one without the columns that it takes.
    """
    if kind is ImportKind.REGISTRATIONS:
        check_takes_people(event)
    table = read_table(content, filename=filename, most_rows=MOST_ROWS[kind])
    wanted = columns_of(kind, event)
    places, ignored = places_of(table, wanted)
    lacking = missing(places, wanted)
    if lacking:
        names = " and ".join(f"“{heading}”" for heading in lacking)
        raise ImportRefused(
            f"There is no column {names}. The first row of the table must hold the headings; the template has them all."
        )
    if not table.rows:
        raise ImportRefused("There are headings in this file, and no rows under them.")
    if kind is ImportKind.AGENDA:
        reader: AgendaReader | PeopleReader = AgendaReader(event, themes_of(event.programme_id), places)
    else:
        reader = PeopleReader(event, places)
    return Reading(
        kind=kind,
        filename=own_name(filename),
        rows=[reader.read(row) for row in table.rows],
        ignored=[_short(heading) for heading in ignored[:NAMED]],
        unasked=[_short(label) for label in unasked(event, places)] if kind is ImportKind.REGISTRATIONS else (),
        sheet=table.sheet,
        other_sheets=[_short(name) for name in table.other_sheets[:NAMED]],
    )


def stage(event: Event, reading: Reading, options: Options, *, person_id: int, actor: Actor, now: datetime) -> Import:
    """Keep the rows with what would become of them; nothing else is done. An event without a draft gets one."""
    if reading.kind is ImportKind.AGENDA:
        open_draft(event.id, actor=actor, now=now)
    event = queries.get_event_of(event.id)
    judgement = judge(reading.kind, event, reading.rows, updates=options.updates, now=now)
    row = Import(
        kind=reading.kind,
        event_id=event.id,
        person_id=person_id,
        filename=reading.filename,
        state=ImportState.STAGED,
        options={
            "letters": options.letters,
            "updates": options.updates,
            "ignored": list(reading.ignored),
            "unasked": list(reading.unasked),
            "sheet": reading.sheet,
            "other_sheets": list(reading.other_sheets),
        },
        total=len(reading.rows),
        created_at=now,
        expires_at=now + KEPT,
    )
    db.session.add(row)
    db.session.flush()
    keep(row, judgement)
    return row


def judge(kind: ImportKind, event: Event, givens: Sequence[Given], *, updates: bool, now: datetime) -> Judgement:
    """What would become of the rows as things now stand; `event` must have places and questions loaded."""
    if kind is ImportKind.AGENDA:
        standing = agenda_judging.standing_of(event, givens)
        verdict = agenda_judging.judge(givens, standing)
        made = {name: list(getattr(verdict, name).values()) for name in ("streams", "rooms", "speakers")}
        return Judgement(rows=verdict.rows, **made, verdict=verdict, standing=standing)
    meeting = people_judging.standing_of(event, givens, event.places, updates=updates, now=now)
    return Judgement(rows=people_judging.judge(givens, meeting), standing=meeting)


def keep(row: Import, judgement: Judgement) -> None:
    """Put the judged rows in the place of those that were kept before."""
    db.session.execute(delete(ImportRow).where(ImportRow.import_id == row.id))
    rows = [
        {"import_id": row.id, "number": one.given.number, "fate": one.fate, "message": one.message, "data": one.kept()}
        for one in judgement.rows
    ]
    insert_many(db.session, ImportRow.__table__, rows)
    counts = Counter(one.fate.value for one in judgement.rows)
    row.counts = {fate.value: counts[fate.value] for fate in Fate}
    made = {"streams": judgement.streams, "rooms": judgement.rooms, "speakers": judgement.speakers}
    row.options = {**row.options, **made}


def check_takes_people(event: Event) -> None:
    """Raise ImportRefused, with the reason, unless people can be registered for the event by its organisers."""
    if event.state not in {EventState.DRAFT, EventState.PUBLISHED}:
        raise ImportRefused("The event is cancelled or archived, so nobody can be registered for it.")
    if not event.modes:
        raise ImportRefused(
            "It is not known whether the event is online or in person, so nobody can be registered for it. Say so in"
            " the set-up."
        )


def own_name(filename: str) -> str:
    """The file's own name without folders, in one clean line that fits."""
    name = clean_line(re.split(r"[/\\]", filename)[-1]) or "file"
    return name if len(name) <= LONGEST_FILENAME else name[: LONGEST_FILENAME - 1] + "…"


def _short(text: str) -> str:
    plain = clean_line(text)
    return plain if len(plain) <= 60 else plain[:59] + "…"
