"""Data for the measurements of growth: events and registrations as the services would leave them, made in bulk.

People, places, tallies and search words agree with the registrations. The same few things that the pages under
measurement show exist in a small and in a large database alike, spread over the whole of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from flask import Flask
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    case,
    create_engine,
    func,
    insert,
    literal,
    select,
    text,
)

from benchmarks.demonstration import signed_in
from webapp import clock, transaction
from webapp.database import folded, is_sqlite
from webapp.extensions import db
from webapp.folding import fold, name_key, slug, words
from webapp.models.accounts import Grant, Person, Role, ThingKind
from webapp.models.agenda import Contribution, Session, SessionKind, SessionState, Star, Stream, session_themes
from webapp.models.attendance import AttendanceRecord, AttendanceReport, CheckIn, CheckInSource, Match, ReportSource
from webapp.models.events import Event, EventDay, EventState, Format, Mode, Places, event_themes, moment
from webapp.models.organisations import Organisation, Sector
from webapp.models.programmes import Programme, Theme, ThemeKind
from webapp.models.registrations import CARRIED, Registration, RegistrationState, RegistrationTag, RegistrationTally
from webapp.models.search import SearchKind, SearchWord
from webapp.models.speakers import Speaker
from webapp.queries.events import get_fresh_event
from webapp.services.presences import recount

PER_EVENT = 90
PAGE = 50
RARE_EVENTS = 12
RARE_PEOPLE = (3, 77, 150)
TARGET = 1
SESSIONS = 24
BUSIEST = 1  # so many days ago most registered for the one event
PERSON = 8  # has ten registrations in a small database and in a large one
FIRST_NAMES = [
    "Ann",
    "Robin",
    "Amina",
    "Grace",
    "Owen",
    "Priya",
    "Jack",
    "Nadia",
    "Tom",
    "Wei",
    "Jose",
    "Siobhan",
    "Ruth",
    "Femi",
    "Lena",
    "Karl",
    "Maya",
    "Noor",
    "Ivan",
    "Rose",
]
SYLLABLES = ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "wy"]
LAST_NAMES = [(a + b + c).capitalize() for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES]
PLACES = [(a + b).capitalize() for a in SYLLABLES for b in SYLLABLES]
BODIES = ("Council", "Trust", "Police", "Academy", "Charity")
ROLES = ("Social worker", "Team manager", "Health visitor", "Family worker")
TOPICS = (
    "kinship care",
    "family meetings",
    "early help",
    "safe sleep",
    "youth work",
    "supervision",
    "recording",
    "practice",
)
# Who carries which tag: more than half of all, three, and those of the organisations that are last by name.
TAGS: dict[str, ColumnElement[bool]] = {
    "Dinner": Registration.__table__.c.arrival % 9 > 3,
    "Quiet room": Registration.__table__.c.arrival.in_([3, 42, 77]),
    "Region": Registration.__table__.c.organisation_sort >= "wy",
}
DIGITS = "23456789"
NONCE = "benchmark"
_S = RegistrationState
# Of ten people who come one after the other: how many give up again, and where the places end.
CANCELLED_OF_TEN, CONFIRMED_SHARE = 9, 0.6


@dataclass(frozen=True)
class Size:
    """How many events there are, and how many registrations on all of them and on the one under measurement.

    The one is to come, or has been attended: then it began yesterday.
    """

    events: int
    registrations: int
    attended: bool = False

    @property
    def on_target(self) -> int:
        """The registrations on the one event; each other event has ninety."""
        return self.registrations - (self.events - 1) * PER_EVENT

    @property
    def people(self) -> int:
        """How many people there are, so that each has ten registrations."""
        return max(self.on_target, self.registrations // 10)

    @property
    def rare(self) -> frozenset[int]:
        """The ids of the few upcoming events that are unlike the others, spread over all."""
        return frozenset(3 + 2 * (place * (self.events // 2 - 2) // RARE_EVENTS) for place in range(RARE_EVENTS))


@dataclass(frozen=True)
class Made:
    """What the pages under measurement are asked for with."""

    size: Size
    now: datetime
    cookies: Mapping[str, str]
    first_waiting: int
    last_waiting: int


def fill(app: Flask, size: Size) -> Made:
    """Fill a migrated, empty database to that size."""
    now = clock.now()
    with app.app_context():
        # An engine of its own, without the listeners that make each transaction a reading or a writing one.
        engine = create_engine(db.engine.url)
        with engine.connect() as connection:
            _hasten(connection)
            indexes = _without_indexes(connection, (Registration.__table__, SearchWord.__table__, Person.__table__))
            _add_programmes(connection, now)
            _add_events(connection, size, now)
            _add_agenda(connection, size, now)
            _add_helpers(connection, size)
            _add_people(connection, size, now)
            _add_registrations(connection, size, now)
            _add_marks(connection, size, now)
            _add_words(connection, size)
            _add_tallies(connection)
            _with_indexes(connection, indexes)
            _settle(connection)
            connection.commit()
        if not is_sqlite(engine.url):
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
        engine.dispose()
    if size.attended:
        with app.app_context(), transaction.unit():
            named = select(AttendanceRecord.registration_id).where(AttendanceRecord.registration_id.is_not(None))
            there = {*db.session.scalars(select(CheckIn.registration_id)), *db.session.scalars(named)}
            recount(get_fresh_event(TARGET), there)
    with app.app_context():
        cookies = {
            who: signed_in(app, size.people + place) for who, place in (("owner", 1), ("organiser", 2), ("one", 3))
        }
        cookies["person"] = signed_in(app, PERSON)
        waiting = select(func.min(Registration.id), func.max(Registration.id)).where(
            Registration.event_id == TARGET, Registration.state == _S.WAITING
        )
        first, last = db.session.execute(waiting).one()
        db.session.remove()
        db.engine.dispose()
    return Made(size, now, cookies, first, last)


def _hasten(connection: Connection) -> None:
    if is_sqlite(connection.engine.url):
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "temp_store=MEMORY"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
    else:
        # Without looking up each key again, as `pg_restore --disable-triggers` does.
        connection.exec_driver_sql("SET session_replication_role = replica")
        connection.exec_driver_sql("SET maintenance_work_mem = '512MB'")
        connection.exec_driver_sql("SET work_mem = '256MB'")
        connection.exec_driver_sql("SET synchronous_commit = off")


def _without_indexes(connection: Connection, tables: Iterable[Any]) -> list[Index]:
    indexes = [index for table in tables for index in table.indexes]
    for index in indexes:
        index.drop(connection)
    if not is_sqlite(connection.engine.url):
        connection.exec_driver_sql("ALTER TABLE search_words DROP CONSTRAINT pk_search_words")
    return indexes


def _with_indexes(connection: Connection, indexes: Iterable[Index]) -> None:
    for index in indexes:
        index.create(connection)
    if not is_sqlite(connection.engine.url):
        connection.exec_driver_sql(
            "ALTER TABLE search_words ADD CONSTRAINT pk_search_words PRIMARY KEY (kind, scope_id, word, thing_id)"
        )


def _settle(connection: Connection) -> None:
    if not is_sqlite(connection.engine.url):
        for table, column in connection.execute(
            text(
                "SELECT table_name, column_name FROM information_schema.columns WHERE column_name = 'id'"
                " AND table_schema = 'public' AND is_identity = 'NO' AND column_default LIKE 'nextval%'"
            )
        ).all():
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'),"
                    f" (SELECT coalesce(max(id), 1) FROM {table}))"
                )
            )


def public_id(prefix: str, number: int) -> str:
    """A public id made from a number."""
    figures = ""
    for _ in range(10):
        number, figure = divmod(number, 8)
        figures = DIGITS[figure] + figures
    return prefix + figures


def _add_programmes(connection: Connection, now: datetime) -> None:
    stamps = {"created_at": now, "updated_at": now}
    names = ("Families first", "Learning pathways", "Kinship pilot")
    connection.execute(
        insert(Programme),
        [
            {
                "id": n,
                "public_id": public_id("pp", n),
                "slug": slug(name),
                "name": name,
                "summary": f"About {name}.",
                "description": "",
                "demonstration": False,
                **stamps,
            }
            for n, name in enumerate(names, start=1)
        ],
    )
    connection.execute(
        insert(Theme),
        [
            {
                "id": n,
                "public_id": public_id("tt", n),
                "programme_id": 1 + n % 3,
                "slug": f"theme-{n}",
                "name": f"Theme {n}",
                "kind": ThemeKind.TOPIC,
                "summary": "",
                "position": n,
            }
            for n in range(1, 10)
        ],
    )
    connection.execute(
        insert(Organisation),
        [
            {
                "id": n + 1,
                "public_id": public_id("nn", n),
                "slug": slug(name),
                "name": name,
                "name_folded": name.casefold(),
                "sector": list(Sector)[n % len(Sector)],
                "demonstration": False,
                **stamps,
            }
            for n, name in enumerate(f"{place} {BODIES[k % len(BODIES)]}" for k, place in enumerate(PLACES))
        ],
    )
    connection.execute(
        insert(SearchWord),
        [
            {"kind": SearchKind.ORGANISATION, "scope_id": 0, "word": word, "thing_id": n + 1}
            for n, place in enumerate(PLACES)
            for word in words(f"{place} {BODIES[n % len(BODIES)]}")
        ],
    )


def _event(number: int, size: Size, now: datetime) -> dict[str, Any]:
    rare, upcoming = number in size.rare, number % 2 == 1
    away = timedelta(days=10 + number * 37 % 600)
    first = now.date() + away if upcoming else now.date() - away
    if number == TARGET and size.attended:
        first = now.date() - timedelta(days=1)
    last = first + timedelta(days=1)
    title = f"Learning together {number}: {TOPICS[number % len(TOPICS)]}{' with zephyr' if rare else ''}"
    kind = Format.HYBRID if rare else Format.ONLINE if number // 8 % 2 or number == TARGET else Format.IN_PERSON
    return {
        "id": number,
        "public_id": public_id("vv", number),
        "slug": slug(title),
        "title": title,
        "summary": "What teams tried, what changed for families, and what they would do again.",
        "description": "Two days for everybody who works with families.\n\nBring a question from your own team.",
        "programme_id": 3 if rare else 1 + number // 2 % 2,
        "state": EventState.PUBLISHED,
        "listed": True,
        "format": kind,
        "starts_on": first,
        "ends_on": last,
        "starts_at": moment(first, time(9, 30), "Europe/London"),
        "ends_at": moment(last, time(16), "Europe/London"),
        "venue": "" if kind is Format.ONLINE else "Town hall",
        "organiser_name": "Learning team",
        "organiser_email": "learning@example.org",
        "calendar_changed_at": now,
        "created_at": now,
        "updated_at": now,
    }


def _insert(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    """Insert rows, with the defaults of the model for what they leave out."""
    for start in range(0, len(rows), 20_000):
        connection.execute(insert(table), rows[start : start + 20_000])


def _add_events(connection: Connection, size: Size, now: datetime) -> None:
    events = [_event(number, size, now) for number in range(1, size.events + 1)]
    _insert(connection, Event.__table__, events)
    _insert(
        connection,
        EventDay.__table__,
        [
            {
                "event_id": event["id"],
                "date": event["starts_on"] + timedelta(days=day),
                "starts": time(9, 30),
                "ends": time(16),
            }
            for event in events
            for day in (0, 1)
        ],
    )
    _insert(connection, Places.__table__, [row for event in events for row in _places(event, size)])
    themed = [(event["id"], 1 + event["id"] // 4 % 2) for event in events]
    themed += [(number, 9) for number in size.rare]
    _insert(connection, event_themes, [{"event_id": event, "theme_id": theme} for event, theme in themed])
    _insert(
        connection,
        SearchWord.__table__,
        [
            {"kind": SearchKind.EVENT, "scope_id": 0, "word": word, "thing_id": event["id"]}
            for event in events
            for word in words(" ".join((event["title"], event["summary"], event["description"], event["venue"])))
        ],
    )


def states_of(total: int) -> dict[RegistrationState, int]:
    """How many of so many registrations on an event are in each state."""
    cancelled = sum(1 for n in range(total) if n % 10 == CANCELLED_OF_TEN)
    confirmed = sum(1 for n in range(total) if n % 10 != CANCELLED_OF_TEN and n < total * CONFIRMED_SHARE)
    return {_S.CONFIRMED: confirmed, _S.WAITING: total - cancelled - confirmed, _S.CANCELLED: cancelled}


def _places(event: dict[str, Any], size: Size) -> list[dict[str, Any]]:
    total = size.on_target if event["id"] == TARGET else PER_EVENT
    numbers = states_of(total)
    used = {
        "capacity": numbers[_S.CONFIRMED],
        "confirmed": numbers[_S.CONFIRMED],
        "waiting": numbers[_S.WAITING],
        "last_arrival": total,
    }
    unused = {"capacity": 100, "confirmed": 0, "waiting": 0, "last_arrival": 0}
    shared = {"event_id": event["id"], "offered": 0, "pending": 0}
    if event["format"] is Format.HYBRID:
        return [{**shared, "mode": Mode.ONLINE, **used}, {**shared, "mode": Mode.IN_PERSON, **unused}]
    return [{**shared, "mode": Mode(event["format"].value), **used}]


def _add_agenda(connection: Connection, size: Size, now: datetime) -> None:
    """Twenty-four sessions for the one event, each with three speakers; two for each other event."""
    days = {
        row.event_id: row.id
        for row in connection.execute(select(EventDay.event_id, EventDay.id).order_by(EventDay.id.desc()))
    }
    _insert(
        connection,
        Stream.__table__,
        [
            {"id": n, "public_id": public_id("rr", n), "event_id": TARGET, "name": f"Stream {n}", "position": n}
            for n in (1, 2, 3)
        ],
    )
    sessions = [
        _session(number, TARGET, days[TARGET], now, stream=1 + number % 3, hour=9 + number // 3)
        for number in range(SESSIONS)
    ]
    sessions += [
        _session(SESSIONS + 2 * event + place, event, days[event], now, stream=None, hour=10 + place)
        for event in range(2, size.events + 1)
        for place in (0, 1)
    ]
    _insert(connection, Session.__table__, sessions)
    _insert(connection, session_themes, [{"session_id": row["id"], "theme_id": 1 + row["id"] % 3} for row in sessions])
    speakers = max(60, size.events // 5)
    _insert(
        connection,
        Speaker.__table__,
        [
            {
                "id": n,
                "public_id": public_id("ss", n),
                "slug": slug(name),
                "name": name,
                "name_sort": name_key(name),
                "organisation_id": 1 + n % len(PLACES),
                "job_title": "Team manager",
                "biography": "",
                "demonstration": False,
                "created_at": now,
                "updated_at": now,
            }
            for n, name in ((n, speaker_name(n)) for n in range(1, speakers + 1))
        ],
    )
    contributions = [
        {
            "session_id": row["id"],
            "speaker_id": speaker,
            "organisation_id": 1 + speaker % len(PLACES),
            "role": "presenter",
            "position": place,
        }
        for row in sessions
        for place, speaker in enumerate(_speakers(row["id"], speakers, of_target=row["event_id"] == TARGET), start=1)
    ]
    _insert(connection, Contribution.__table__, contributions)


def speaker_name(number: int) -> str:
    """What the speaker of that number is called."""
    return f"{FIRST_NAMES[number % 20]} {LAST_NAMES[number % 1000]}"


def _speakers(session_id: int, speakers: int, *, of_target: bool) -> list[int]:
    # The first sixty speak at the one event; nobody else speaks there, so that their pages show equal rows.
    if of_target:
        return [1 + (session_id * 3 + place) % 60 for place in range(3)]
    return [61 + session_id % (speakers - 60)] if speakers > 60 else [30 + session_id % 30]


def _session(
    number: int, event_id: int, day_id: int, now: datetime, *, stream: int | None, hour: int
) -> dict[str, Any]:
    return {
        "id": number + 1,
        "public_id": public_id("gg", number),
        "slug": f"session-{number}",
        "event_id": event_id,
        "day_id": day_id,
        "stream_id": stream,
        "position": number,
        "kind": SessionKind.SESSION,
        "state": SessionState.SCHEDULED,
        "title": f"Session {number}: what we would do again",
        "summary": "A team tells.",
        "starts": time(hour),
        "ends": time(hour, 50),
        "calendar_changed_at": now,
        "created_at": now,
        "updated_at": now,
    }


def _coded(prefix: str, number: Any) -> ColumnElement[str]:
    """A public id made from a number, in the database."""
    figures = [func.substr(DIGITS, number // 8**place % 8 + 1, 1) for place in reversed(range(10))]
    code: ColumnElement[str] = literal(prefix)
    for figure in figures:
        code = code + figure
    return code


_HELPERS = MetaData()
_numbers = Table("benchmark_numbers", _HELPERS, Column("n", Integer))
_people = Table(
    "benchmark_people",
    _HELPERS,
    Column("person", Integer, primary_key=True, autoincrement=False),
    *(
        Column(name, Text)
        for name in ("name", "name_sort", "email", "organisation", "organisation_sort", "sector", "role")
    ),
)
_words = Table("benchmark_words", _HELPERS, Column("person", Integer, index=True), Column("word", folded(60)))


def _person(number: int) -> dict[str, Any]:
    first, last = FIRST_NAMES[number % 20], LAST_NAMES[number // 7 % 1000]
    if number in RARE_PEOPLE:
        first, last = "Quentin", "Xylander"
    place = number // 3 % len(PLACES)
    organisation, name = f"{PLACES[place]} {BODIES[place % len(BODIES)]}", f"{first} {last}"
    return {
        "person": number,
        "name": name,
        "name_sort": name_key(name),
        "email": f"person{number}@example.org",
        "organisation": organisation,
        "organisation_sort": fold(organisation),
        "sector": list(Sector)[number // 11 % len(Sector)].value,
        "role": ROLES[number % len(ROLES)],
    }


def _copy(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows of texts and numbers by the quickest way that the database has."""
    if is_sqlite(connection.engine.url):
        _insert(connection, table, rows)
        return
    driver: Any = connection.connection.driver_connection
    names = list(rows[0])
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row[name] for name in names])


def _add_helpers(connection: Connection, size: Size) -> None:
    _people.create(connection)
    _words.create(connection)
    people = [_person(number) for number in range(size.people)]
    _copy(connection, _people, people)
    said = [(one["person"], f"{one['name']} {one['email']} {one['organisation']} {one['role']}") for one in people]
    _copy(connection, _words, [{"person": person, "word": word} for person, texts in said for word in words(texts)])
    connection.exec_driver_sql(
        "CREATE TABLE benchmark_numbers AS WITH RECURSIVE c(n) AS"
        f" (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < {size.registrations - 1}) SELECT n FROM c"
    )


class _Crowd:
    """The registrations by their number: for which event, as which one there, and how they stand."""

    def __init__(self, size: Size) -> None:
        n: Any = _numbers.c.n
        on_target = n < size.on_target
        other = n - size.on_target
        self.n = n
        self.event = case((on_target, TARGET), else_=2 + other // PER_EVENT)
        self.arrival = case((on_target, n + 1), else_=other % PER_EVENT + 1)
        self.person = n % size.people
        total = case((on_target, size.on_target), else_=PER_EVENT)
        self.state = case(
            ((self.arrival - 1) % 10 == CANCELLED_OF_TEN, _S.CANCELLED.value),
            (self.arrival - 1 < total * CONFIRMED_SHARE, _S.CONFIRMED.value),
            else_=_S.WAITING.value,
        )


def _add_people(connection: Connection, size: Size, now: datetime) -> None:
    table = Person.__table__
    columns: dict[str, Any] = {
        "id": _people.c.person + 1,
        "public_id": _coded("hh", _people.c.person),
        "name": _people.c.name,
        "email": _people.c.email,
        "email_folded": _people.c.email,
        "demonstration": literal(False, table.c.demonstration.type),
        "version": literal(1),
        **_stamps(table, now),
    }
    chosen = select(*(value.label(name) for name, value in columns.items())).order_by(_people.c.person)
    connection.execute(insert(cast("Table", table)).from_select(list(columns), chosen))
    # Three who organise: everything, one programme, one event.
    organisers = [size.people + place for place in (1, 2, 3)]
    _insert(
        connection,
        table,
        [
            {
                "id": n,
                "public_id": public_id("jj", n),
                "name": "Morgan Ellery",
                "email": f"organiser{n}@example.org",
                "email_folded": f"organiser{n}@example.org",
                "demonstration": False,
                "version": 1,
                "created_at": now,
                "updated_at": now,
            }
            for n in organisers
        ],
    )
    things = ((ThingKind.SITE, 0), (ThingKind.PROGRAMME, 1), (ThingKind.EVENT, TARGET))
    _insert(
        connection,
        Grant.__table__,
        [
            {"person_id": person, "role": Role.OWNER, "thing_kind": kind, "thing_id": thing, "created_at": now}
            for person, (kind, thing) in zip(organisers, things, strict=True)
        ],
    )
    _insert(
        connection, Star.__table__, [{"person_id": PERSON, "session_id": n, "created_at": now} for n in range(1, 11)]
    )


def _stamps(table: Any, now: datetime) -> dict[str, Any]:
    return {name: literal(now, table.c[name].type) for name in ("created_at", "updated_at")}


def _add_registrations(connection: Connection, size: Size, now: datetime) -> None:
    crowd, table = _Crowd(size), Registration.__table__
    columns: dict[str, Any] = {
        "id": crowd.n + 1,
        "public_id": _coded("gg", crowd.n),
        "event_id": crowd.event,
        "person_id": crowd.person + 1,
        "state": crowd.state,
        "mode": case((crowd.event == TARGET, Mode.ONLINE.value), else_=_mode(size, crowd.event)),
        "arrival": crowd.arrival,
        "name": _people.c.name,
        "name_sort": _people.c.name_sort,
        "email": _people.c.email,
        "organisation_name": _people.c.organisation,
        "organisation_sort": _people.c.organisation_sort,
        "sector": _people.c.sector,
        "role": _people.c.role,
        "language": literal("en-GB"),
        "notice_version": literal("benchmark"),
        "link_nonce": literal(NONCE),
        "registered_at": _registered_at(crowd, now),
        "confirmed_at": case((crowd.state == _S.CONFIRMED.value, literal(now, table.c.confirmed_at.type)), else_=None),
        "ended_at": case((crowd.state == _S.CANCELLED.value, literal(now, table.c.ended_at.type)), else_=None),
        "version": literal(1),
        **_stamps(table, now),
    }
    chosen = select(*(value.label(name) for name, value in columns.items()))
    chosen = chosen.select_from(_numbers.join(_people, _people.c.person == crowd.person)).order_by(crowd.n)
    connection.execute(insert(cast("Table", table)).from_select(list(columns), chosen))


def _registered_at(crowd: _Crowd, now: datetime) -> ColumnElement[datetime]:
    """When somebody registered: now, and on the one event in each of the days before, most of them on one."""
    kind = Registration.__table__.c.registered_at.type
    at = literal(now, kind)
    days = [
        (crowd.n % 100 < until, literal(now - timedelta(days=back), kind))
        for until, back in ((60, BUSIEST), (70, 2), (80, 3), (90, 4))
    ]
    return case((crowd.event != TARGET, at), *days, else_=at)


def _add_marks(connection: Connection, size: Size, now: datetime) -> None:
    """Tags of the one event and, where it has been attended, who was checked in and whom a report names."""
    rows, tags = Registration.__table__.c, RegistrationTag.__table__
    for name, carried in TAGS.items():
        folded_name = literal(fold(name), tags.c.name_folded.type)
        chosen = select(rows.event_id, rows.id, literal(name), folded_name, *(rows[one] for one in CARRIED))
        chosen = chosen.where(rows.event_id == TARGET, carried)
        names = ["event_id", "registration_id", "name", "name_folded", *CARRIED]
        connection.execute(insert(cast("Table", tags)).from_select(names, chosen))
    if not size.attended:
        return
    day, last = connection.scalars(select(EventDay.id).where(EventDay.event_id == TARGET).order_by(EventDay.date)).all()
    there = select(rows.id).where(rows.event_id == TARGET, rows.state == _S.CONFIRMED)
    table = CheckIn.__table__
    values: dict[str, Any] = {
        "event_id": literal(TARGET),
        "day_id": literal(day),
        "registration_id": rows.id,
        "at": literal(now - timedelta(days=1), table.c.at.type),
        "source": literal(CheckInSource.NAME, table.c.source.type),
    }
    chosen = there.where(rows.arrival % 3 == 0).with_only_columns(*values.values()).order_by(rows.id)
    connection.execute(insert(cast("Table", table)).from_select(list(values), chosen))
    report = {
        "public_id": public_id("kk", 1),
        "event_id": TARGET,
        "source": ReportSource.TEAMS,
        "filename": "report.csv",
        "digest": "benchmark",
        "imported_at": now,
    }
    _insert(
        connection, AttendanceReport.__table__, [{**report, "id": 1, "day_id": day, "public_id": public_id("kk", 1)}]
    )
    _insert(
        connection, AttendanceReport.__table__, [{**report, "id": 2, "day_id": last, "public_id": public_id("kk", 2)}]
    )
    table = AttendanceRecord.__table__
    for number, rest in ((1, 1), (2, 0)):
        values = {
            "public_id": literal(f"{number + 1}k") + func.substr(rows.public_id, 3),
            "report_id": literal(number),
            "registration_id": rows.id,
            "match": literal(Match.EMAIL, table.c.match.type),
            "candidates": literal([], table.c.candidates.type),
            "name": rows.name,
            "email": rows.email,
            "minutes": rows.arrival % 360,
            "stays": literal([], table.c.stays.type),
        }
        chosen = there.where(rows.arrival % 2 == rest).with_only_columns(*values.values()).order_by(rows.id)
        connection.execute(insert(cast("Table", table)).from_select(list(values), chosen))


def _mode(size: Size, event: Any) -> ColumnElement[str]:
    """How people take part in an event that is not the one under measurement, as _event() has it."""
    online = (event // 8 % 2 == 1) | event.in_(sorted(size.rare))
    return case((online, Mode.ONLINE.value), else_=Mode.IN_PERSON.value)


def _add_words(connection: Connection, size: Size) -> None:
    crowd, table = _Crowd(size), SearchWord.__table__
    kind = literal(SearchKind.REGISTRATION, table.c.kind.type)
    chosen = select(kind, crowd.event, _words.c.word, crowd.n + 1)
    chosen = chosen.select_from(_numbers.join(_words, _words.c.person == crowd.person))
    connection.execute(insert(cast("Table", table)).from_select(["kind", "scope_id", "word", "thing_id"], chosen))


def _add_tallies(connection: Connection) -> None:
    table, registration = RegistrationTally.__table__, Registration.__table__
    at = registration.c.registered_at
    if is_sqlite(connection.engine.url):
        minute = func.substr(at, 15, 2).cast(Integer) // 15 * 15
        quarter: ColumnElement[str] = func.printf("%s:%02d", func.substr(at, 1, 13), minute)
    else:
        begun = func.date_bin(text("interval '15 minutes'"), func.timezone("UTC", at), text("timestamp '2000-01-01'"))
        quarter = func.to_char(begun, "YYYY-MM-DD HH24:MI")
    for dimension, column in (
        ("sector", registration.c.sector),
        ("organisation", registration.c.organisation_name),
        ("quarter_hour", quarter),
    ):
        grouped = select(
            registration.c.event_id, literal(dimension), column, registration.c.state, func.count()
        ).group_by(registration.c.event_id, text("3"), registration.c.state)
        names = ["event_id", "dimension", "value", "state", "count"]
        connection.execute(insert(cast("Table", table)).from_select(names, grouped))
    _HELPERS.drop_all(connection)


def event_address(number: int, size: Size, now: datetime) -> str:
    """Where the event of that number is found."""
    event = _event(number, size, now)
    return f"/events/{event['slug']}-{event['public_id']}"


def day_after(now: datetime, days: int) -> date:
    """A date so many days from now."""
    return now.date() + timedelta(days=days)
