"""A letter to many put into the outbox for everybody in one unit, beside a bare bulk insert of the same rows."""

import time
from collections.abc import Iterator
from datetime import datetime
from typing import cast

from flask import Flask
from sqlalchemy import Table, delete, func, insert, select

from benchmarks import demonstration
from benchmarks.figures import Figure, at_most, exactly
from benchmarks.run import Run
from benchmarks.rush import make_event
from benchmarks.servers import Installation
from webapp import clock, tokens, transaction
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Person
from webapp.models.events import Mode
from webapp.models.mailings import Letter, MailKind
from webapp.models.organisations import Sector
from webapp.models.registrations import Registration, RegistrationState
from webapp.services import to_many

_TABLE = cast("Table", Letter.__table__)
WORDS = to_many.Words(
    name="Benchmark",
    kind=MailKind.NEWS,
    subject="How to join: {event}",
    body="Dear {name},\n\n{days}\n\n{joining_page}",
)


def measure(run: Run) -> Iterator[Figure]:
    """How many times a bare insert it takes, on each database, and that everybody got a letter."""
    people = run.quick_or(5_000, 60_000)
    for database in run.databases:
        installation = Installation(f"mailings-{database}", run.folder, run.database("mailings", database), 25)
        app = installation.migrate()
        demonstration.load(app)
        with app.app_context():
            ours, bare, letters = _compare(app, people)
        run.say(f"mailings on {database}: queued in {ours:.1f} s, bare insert {bare:.1f} s")
        yield at_most(f"{people:,} letters queued in one unit, {database}", ours / bare, 10, "times a bare bulk insert")
        yield exactly(f"letters queued, {database}", letters, people, "letters")


def _compare(app: Flask, people: int) -> tuple[float, float, int]:
    now = clock.now()
    event_id, _ = make_event(app, people)
    _register(event_id, people, now)
    with transaction.unit():
        mailing_id = to_many.begin(event_id, WORDS, actor=SYSTEM, now=now).id
    with transaction.unit():
        to_many.confirm(mailing_id, number=people, version=1, actor=SYSTEM, now=now)
    begin = time.perf_counter()
    with transaction.unit():
        to_many.fire(mailing_id, now=now)
    ours = time.perf_counter() - begin

    queued = Letter.mailing_id == mailing_id
    letters = db.session.scalar(select(func.count()).where(queued)) or 0
    columns = [column for column in _TABLE.c if column.name != "id"]
    again = [dict(row) for row in db.session.execute(select(*columns).where(queued)).mappings()]
    db.session.rollback()
    with transaction.unit():
        db.session.execute(delete(_TABLE).where(_TABLE.c.mailing_id == mailing_id))
    begin = time.perf_counter()
    with transaction.unit():
        db.session.execute(insert(_TABLE), again)
    return ours, time.perf_counter() - begin, letters


def _register(event_id: int, people: int, now: datetime) -> None:
    """So many confirmed registrations, by two statements: what registering costs is measured elsewhere."""
    with transaction.unit():
        first = (db.session.scalar(select(func.max(Person.id))) or 0) + 1
        named = [
            (first + number, f"Person {number} of Marlbridge", f"to{number}@example.org") for number in range(people)
        ]
        times = {"created_at": now, "updated_at": now}
        db.session.execute(
            insert(Person),
            [{"id": key, "name": name, "email": at, "email_folded": at, **times} for key, name, at in named],
        )
        shared = {
            "event_id": event_id,
            "state": RegistrationState.CONFIRMED,
            "mode": Mode.ONLINE,
            "organisation_name": "Marlbridge Council",
            "organisation_sort": "marlbridge council",
            "sector": Sector.LOCAL_AUTHORITY,
            "role": "Social worker",
            "notice_version": "benchmark",
            "link_nonce": tokens.new_nonce(),
            "registered_at": now,
            **times,
        }
        rows = [
            {**shared, "person_id": key, "name": name, "name_sort": name.lower(), "email": at, "arrival": place}
            for place, (key, name, at) in enumerate(named, start=1)
        ]
        db.session.execute(insert(Registration), rows)
