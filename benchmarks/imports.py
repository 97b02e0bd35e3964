"""An agenda and a list of people read in, each beside a bare script that inserts the same rows from the same file."""

import csv
import io
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import time as of_day
from datetime import timedelta
from statistics import median
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import insert, select

from benchmarks import demonstration
from benchmarks.figures import Figure, at_least, middle_ratio
from benchmarks.run import Run
from benchmarks.rush import make_event
from benchmarks.servers import Installation
from webapp import clock, transaction
from webapp.database import new_public_id
from webapp.extensions import db
from webapp.folding import fold, fold_email, name_key, slug, words
from webapp.formats.spreadsheets import csv_bytes
from webapp.models.accounts import SYSTEM, Actor, ActorKind, Person, ThingKind
from webapp.models.activity import Activity
from webapp.models.agenda import ContributionRole
from webapp.models.calendars import Invitation, Method
from webapp.models.drafts import DraftContribution, DraftSession, DraftStream, Room
from webapp.models.events import Event, Mode, Places
from webapp.models.imports import ImportKind, ImportState
from webapp.models.mailings import Letter
from webapp.models.organisations import Sector
from webapp.models.registrations import Registration, RegistrationState, RegistrationTally
from webapp.models.search import SearchKind, SearchWord
from webapp.models.speakers import Speaker
from webapp.queries import imports as queries
from webapp.services import imports
from webapp.services.drafts import open_draft

ROUNDS = 5
# More than are ever taken.
PLACES = 1_000_000
AGENDA = ("Id", "Title", "Kind", "Day", "Start", "End", "Stream", "Room", "Speakers", "Summary")
PEOPLE = ("Name", "E-mail address", "Organisation", "Sector", "Role", "State", "Taking part")


def measure(run: Run) -> Iterator[Figure]:
    """The figures of both imports on each database."""
    for database in run.databases:
        installation = Installation(f"imports-{database}", run.folder, run.database("imports", database), 0)
        app = installation.migrate()
        demonstration.load(app)
        rounds = run.quick_or(3, ROUNDS)
        cases: Sequence[tuple[str, int, Callable[..., Any], Callable[..., Any]]] = (
            ("sessions", 1_000, _agenda, _bare_agenda),
            ("registrations", run.quick_or(2_000, 10_000), _people, _bare_people),
        )
        with app.app_context():
            for what, count, file_of, bare in cases:
                ratio, told = _compare(app, count, file_of, bare, rounds)
                run.say(f"import of {count:,} {what} on {database}: {told}")
                yield at_least(f"import of {count:,} {what}, {database}", ratio, 0.3, "of a bare script")


def _compare(
    app: Flask, count: int, file_of: Callable[..., bytes], bare: Callable[..., None], rounds: int
) -> tuple[float, str]:
    """How fast an import is, from the file to the last row, as a part of the bare script; and that in words."""
    kind = ImportKind.AGENDA if file_of is _agenda else ImportKind.REGISTRATIONS
    ours: list[float] = []
    theirs: list[float] = []
    for turn in range(rounds):
        with _timed(ours, count):
            _import(kind, file_of(count, f"o{turn}"), _event(app))
        event = _event(app)
        with _timed(theirs, count), transaction.unit():
            bare(file_of(count, f"b{turn}"), event)
    return middle_ratio(ours, theirs), f"{median(ours):.0f}/s, bare script {median(theirs):.0f}/s"


@contextmanager
def _timed(rates: list[float], count: int) -> Iterator[None]:
    begin = time.perf_counter()
    yield
    rates.append(count / (time.perf_counter() - begin))


def _event(app: Flask) -> Event:
    """A new event, with an empty draft, and with room for everybody."""
    event_id, _address = make_event(app, PLACES)
    with transaction.unit():
        open_draft(event_id, actor=SYSTEM, now=clock.now())
    event = queries.get_event_of(event_id)
    db.session.close()
    return event


def _import(kind: ImportKind, content: bytes, event: Event) -> None:
    """Read a file in as the pages and the worker do: looked through, kept, confirmed, done."""
    event = queries.get_event_of(event.id)
    reading = imports.read(kind, event, content, filename="list.csv")
    person_id = db.session.scalars(select(Person.id).order_by(Person.id)).first() or 0
    actor = Actor(ActorKind.PERSON, person_id)
    with transaction.unit():
        staged = imports.stage(event, reading, imports.Options(), person_id=person_id, actor=actor, now=clock.now())
        import_id, public_id = staged.id, staged.public_id
    with transaction.unit():
        imports.confirm(import_id, leaving_out=False, actor=actor, now=clock.now())
    imports.apply_requested(clock.now)
    row = queries.get_import(event.id, kind, public_id, now=clock.now())
    if row.state is not ImportState.APPLIED:
        raise RuntimeError(f"not read in: {row.state} {row.counts} {row.problem}")
    db.session.rollback()


def _agenda(count: int, mark: str) -> bytes:
    return csv_bytes(
        AGENDA,
        (
            [
                f"{mark}-{number}",
                f"Session {number} of {mark}",
                "Session",
                "Day 1",
                f"{9 + number % 8:02}:00",
                f"{9 + number % 8:02}:45",
                f"Stream {number % 6}",
                f"Room {number % 12}",
                f"Speaker {mark} {number % 300}; Speaker {mark} {(number + 7) % 300}",
                "What was learnt, and what to try next.",
            ]
            for number in range(count)
        ),
    )


def _people(count: int, mark: str) -> bytes:
    return csv_bytes(
        PEOPLE,
        (
            [
                f"Person {number} of {mark}",
                f"{mark}.person{number}@example.org",
                f"Council {number % 150}",
                Sector.LOCAL_AUTHORITY.label,
                "Social worker",
                "Confirmed",
                "Online",
            ]
            for number in range(count)
        ),
    )


def _read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def _insert(table: Any, rows: list[dict[str, Any]]) -> None:
    db.session.execute(insert(table), rows)


def _ids(table: Any, rows: list[dict[str, Any]]) -> Sequence[int]:
    for row in rows:
        row.setdefault("public_id", new_public_id())
    found = dict(tuple(row) for row in db.session.execute(insert(table).returning(table.public_id, table.id), rows))
    return [found[row["public_id"]] for row in rows]


def _bare_agenda(content: bytes, event: Event) -> None:
    """Insert what the import of an agenda inserts, and look at nothing."""
    now, rows = clock.now(), _read(content)
    dates = {"created_at": now, "updated_at": now}
    names: dict[str, dict[str, int]] = {}
    for table, column in ((DraftStream, "Stream"), (Room, "Room")):
        distinct = sorted({row[column] for row in rows})
        made = [{"event_id": event.id, "name": name, "position": place} for place, name in enumerate(distinct)]
        names[column] = dict(zip(distinct, _ids(table, made), strict=True))
    speakers = sorted({name for row in rows for name in row["Speakers"].split("; ")})
    made = [{"name": name, "name_sort": name_key(name), "slug": slug(name), **dates} for name in speakers]
    known = dict(zip(speakers, _ids(Speaker, made), strict=True))
    day, at = event.days[0], of_day.fromisoformat
    sessions = [
        {
            "event_id": event.id,
            "position": place,
            "title": row["Title"],
            "summary": row["Summary"],
            "day_id": day.id,
            "starts": at(row["Start"]),
            "ends": at(row["End"]),
            "minutes": 45,
            "stream_id": names["Stream"][row["Stream"]],
            "room_id": names["Room"][row["Room"]],
            "source_key": row["Id"],
            **dates,
        }
        for place, row in enumerate(rows)
    ]
    ids = _ids(DraftSession, sessions)
    named = [
        {
            "draft_session_id": session_id,
            "speaker_id": known[name],
            "role": ContributionRole.PRESENTER,
            "position": place,
        }
        for session_id, row in zip(ids, rows, strict=True)
        for place, name in enumerate(row["Speakers"].split("; "))
    ]
    _insert(DraftContribution, named)
    _insert(Activity, [_noted("session_added", ThingKind.DRAFT_SESSION, one, event, now) for one in ids])


def _bare_people(content: bytes, event: Event) -> None:
    """Insert what the import of a list of people inserts, and look at nothing."""
    now, rows = clock.now(), _read(content)
    dates = {"created_at": now, "updated_at": now}
    people = [
        {"name": row["Name"], "email": email, "email_folded": fold_email(email), **dates}
        for row in rows
        for email in [row["E-mail address"]]
    ]
    person_ids = _ids(Person, people)
    registered = [
        {
            "public_id": new_public_id(),
            "event_id": event.id,
            "person_id": person_id,
            "state": RegistrationState.CONFIRMED,
            "mode": Mode.ONLINE,
            "arrival": place,
            "name": row["Name"],
            "name_sort": name_key(row["Name"]),
            "email": row["E-mail address"],
            "organisation_name": row["Organisation"],
            "organisation_sort": fold(row["Organisation"]),
            "sector": Sector.LOCAL_AUTHORITY,
            "role": row["Role"],
            "notice_version": "benchmark",
            "link_nonce": "nonce",
            "registered_at": now,
            "confirmed_at": now,
            **dates,
        }
        for place, (person_id, row) in enumerate(zip(person_ids, rows, strict=True), start=1)
    ]
    ids = _ids(Registration, registered)
    _insert(SearchWord, list(_words(ids, rows, event)))
    tally = {"event_id": event.id, "dimension": "sector", "state": RegistrationState.CONFIRMED}
    _insert(RegistrationTally, [{**tally, "value": Sector.LOCAL_AUTHORITY.value, "count": len(rows)}])
    invitation = {"thing_kind": ThingKind.EVENT, "thing_id": event.id, "sequence": 0, "method": Method.REQUEST}
    sent = [{**invitation, "person_id": one, "uid": str(uuid4()), "changed_at": now} for one in person_ids]
    _insert(Invitation, sent)
    _insert(Letter, [_letter(row, one, event) for row, one in zip(registered, sent, strict=True)])
    _insert(Activity, [_noted("registered", ThingKind.REGISTRATION, one, event, now) for one in ids])
    places = db.session.scalars(select(Places).where(Places.event_id == event.id)).first()
    if places is not None:
        places.confirmed = places.last_arrival = len(rows)


def _words(ids: Sequence[int], rows: Sequence[dict[str, str]], event: Event) -> Iterator[dict[str, Any]]:
    for thing_id, row in zip(ids, rows, strict=True):
        text = f"{row['Name']} {row['E-mail address']} {row['Organisation']} {row['Role']}"
        for word in words(text):
            yield {"kind": SearchKind.REGISTRATION, "scope_id": event.id, "word": word, "thing_id": thing_id}


def _letter(row: dict[str, Any], invitation: dict[str, Any], event: Event) -> dict[str, Any]:
    """A letter with facts of the same size as ours."""
    now = row["created_at"]
    facts = {
        "event": {
            "public_id": event.public_id,
            "slug": event.slug,
            "title": event.title,
            "summary": event.summary,
            "zone": event.zone,
            "days": [{"date": day.date.isoformat(), "starts": None, "ends": None} for day in event.days],
            "modes": ["online"],
            "venue": event.venue,
            "organiser_name": event.organiser_name,
            "organiser_email": event.organiser_email,
            "language": event.language,
            "offer_hours": 0,
        },
        "invitation": {"uid": invitation["uid"], "sequence": 0, "method": "request", "stamp": now.isoformat()},
        "mode": "online",
        "link_id": row["public_id"],
        "link_nonce": row["link_nonce"],
        "state": "confirmed",
    }
    return {
        "notice": "registration_confirmed",
        "lane": "ordinary",
        "recipient_name": row["name"],
        "recipient_email": row["email"],
        "reply_to": event.organiser_email,
        "facts": facts,
        "person_id": row["person_id"],
        "event_id": event.id,
        # Never due: nothing is to be sent.
        "next_attempt_at": now + timedelta(days=365),
        "created_at": now,
    }


def _noted(verb: str, kind: ThingKind, thing_id: int, event: Event, now: Any) -> dict[str, Any]:
    return {
        "at": now,
        "actor_kind": ActorKind.SYSTEM,
        "verb": verb,
        "thing_kind": kind,
        "thing_id": thing_id,
        "event_id": event.id,
        "details": {"title": "A title of a session"},
    }
