"""Many letters with invitations: queued beside a bare bulk insert, sent beside a bare script, by one worker and two."""

import json
import smtplib
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Any, cast
from uuid import uuid4

from flask import Flask
from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy.orm import selectinload

from benchmarks import demonstration
from benchmarks.client import HOST
from benchmarks.figures import Figure, at_least, at_most, exactly, middle_ratio
from benchmarks.run import SQLITE, Run
from benchmarks.rush import make_event
from benchmarks.servers import Installation, program
from webapp import clock, outbox, tokens, transaction
from webapp.database import new_public_id
from webapp.development.supervisor import free_port
from webapp.extensions import db
from webapp.models.accounts import VISITOR
from webapp.models.events import Event, Mode
from webapp.models.mailings import Lane, Letter, LetterState
from webapp.models.organisations import Sector
from webapp.notices.letters import EventFacts, LetterFacts, Notice, dump
from webapp.notices.rendering import render
from webapp.services import registrations

PATIENCE = 1_200.0
ROUNDS = 3
_table = cast("Table", Letter.__table__)


def measure(run: Run) -> Iterator[Figure]:
    """The figures of queueing and sending on each database; the worker's memory on SQLite, two workers elsewhere."""
    for database in run.databases:
        count = run.quick_or(1_000, 60_000)
        with sink(run) as port:
            installation = Installation(f"letters-{database}", run.folder, run.database("letters", database), port)
            app = installation.migrate()
            demonstration.load(app)
            with app.app_context():
                ratio, words = _queue(app, run.quick_or(2_000, 60_000))
                run.say(f"queueing on {database}: {words}")
                yield at_most(f"queueing {count:,} letters, {database}", ratio, 10, "times a bare bulk insert")
                # So many lie in the outbox; the two are measured beside each other over a part of them.
                ids = post(app, count)[: run.quick_or(1_000, 6_000)]
                ratio, words = _compare(app, ids, run.quick_or(100, 250))
                run.say(f"letters on {database}: {words}")
                yield at_least(f"{len(ids):,} letters with invitations, {database}", ratio, 0.5, "of a bare script")
                if database == SQLITE:
                    yield from _work(run, installation, count)
                else:
                    yield _pair(run, installation, run.quick_or(1_000, 6_000))


@contextmanager
def sink(run: Run) -> Iterator[int]:
    """The port of a mail server that takes every letter, until the block ends."""
    port = free_port()
    with program("sink", ["-m", "benchmarks.sink", str(port)], run.environment, run.folder / "sink.log"):
        for _ in range(200):
            with suppress(OSError), smtplib.SMTP(HOST, port):
                break
            time.sleep(0.05)
        yield port


def post(app: Flask, count: int) -> list[int]:
    """Letters to so many people who got a place, made as the service makes them, none of them due; gives their ids."""
    now = clock.now()
    event_id, _address = make_event(app, 10)
    application = registrations.Application(
        name="Robin Ashdown",
        email="robin@example.org",
        organisation_name="Marlbridge Council",
        organisation_id=None,
        sector=Sector.LOCAL_AUTHORITY,
        role="Social worker",
        mode=Mode.ONLINE,
        notice_version="benchmark",
    )
    with transaction.unit():
        registrations.register(event_id, application, actor=VISITOR, source=None, now=now)
    first = db.session.scalars(select(Letter).where(Letter.event_id == event_id)).one()
    shared = {name: getattr(first, name) for name in ("notice", "lane", "reply_to", "event_id", "created_at")}
    rows = [
        {
            **shared,
            "recipient_name": f"Person {number} of Marlbridge",
            "recipient_email": f"person{number}@example.org",
            "facts": _facts(first.facts),
            "next_attempt_at": now + timedelta(days=365),
        }
        for number in range(count)
    ]
    db.session.rollback()
    with transaction.unit():
        db.session.execute(update(Letter).values(state=LetterState.CANCELLED))
        db.session.execute(insert(Letter), rows)
    ids = list(db.session.scalars(select(Letter.id).where(Letter.state == LetterState.WAITING).order_by(Letter.id)))
    db.session.rollback()
    return ids


def _queue(app: Flask, count: int) -> tuple[float, str]:
    """How many times as long the outbox takes to queue so many letters in one unit; and that in words."""
    now, ours, bare = clock.now(), [], []
    event_id, _address = make_event(app, 10)
    event = db.session.scalars(select(Event).where(Event.id == event_id).options(selectinload(Event.days))).one()
    shared = LetterFacts(event=EventFacts.of(event), mode=Mode.ONLINE)
    db.session.rollback()
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        with transaction.unit():
            outbox.post_many((_notice(shared, event_id, number) for number in range(count)), now=now)
        ours.append(time.perf_counter() - begin)
        statement, rows = _bare_rows(event_id)
        begin = time.perf_counter()
        with transaction.unit():
            db.session.connection().exec_driver_sql(statement, rows)
        bare.append(time.perf_counter() - begin)
        with transaction.unit():
            db.session.execute(delete(_table).where(_table.c.event_id == event_id))
    return median(ours) / median(bare), f"{median(ours):.1f} s, bare bulk insert {median(bare):.1f} s"


def _bare_rows(event_id: int) -> tuple[str, list[dict[str, Any]]]:
    """The letters of the event once more under other ids, as the driver takes them, and the statement for it."""
    names = [column.name for column in _table.columns if column.name not in {"id", "message", "message_until"}]
    mark = ":{}" if db.engine.dialect.name == "sqlite" else "%({})s"
    statement = f"INSERT INTO outbox ({', '.join(names)}) VALUES ({', '.join(mark.format(name) for name in names)})"
    found = db.session.execute(select(*(_table.c[name] for name in names)).where(_table.c.event_id == event_id))
    rows = [{name: _plain(value) for name, value in row.items()} for row in found.mappings()]
    db.session.rollback()
    return statement, [row | {"public_id": new_public_id()} for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return str(value) if isinstance(value, StrEnum) else value


def _notice(shared: LetterFacts, event_id: int, number: int) -> Notice:
    own = replace(shared, link_id=new_public_id(), link_nonce=tokens.new_nonce())
    return Notice(
        name="event_changed",
        recipient_name=f"Person {number} of Marlbridge",
        recipient_email=f"person{number}@example.org",
        facts=dump(own),
        lane=Lane.MAILING,
        event_id=event_id,
    )


def _facts(given: dict[str, Any]) -> dict[str, Any]:
    facts = deepcopy(given)
    facts["link_id"], facts["link_nonce"] = new_public_id(), tokens.new_nonce()
    facts["invitation"]["uid"] = str(uuid4())
    return facts


def _compare(app: Flask, ids: Sequence[int], slice_size: int) -> tuple[float, str]:
    """How fast the outbox is as a part of the bare script, slice by slice beside each other; and that in words."""
    settings = app.config["SETTINGS"]
    in_memory = list(db.session.scalars(select(Letter).where(Letter.id.in_(ids[:slice_size])).order_by(Letter.id)))
    for letter in in_memory:
        db.session.expunge(letter)
    db.session.rollback()
    ours, bare = [], []
    for start in range(0, len(ids), slice_size):
        part = ids[start : start + slice_size]
        with transaction.unit():
            due = update(Letter).where(Letter.id.between(part[0], part[-1]))
            db.session.execute(due.values(next_attempt_at=clock.now()))
        begin = time.perf_counter()
        sent = outbox.deliver(Lane.ORDINARY, "benchmark", settings, clock.now)
        ours.append(sent / (time.perf_counter() - begin))
        if sent != len(part):
            raise RuntimeError(f"{sent} of {len(part)} letters were sent")
        begin = time.perf_counter()
        with smtplib.SMTP(settings.smtp_host, settings.smtp_port, local_hostname="localhost") as server:
            for letter in in_memory:
                server.sendmail(settings.mail_from, [letter.recipient_email], render(letter, settings))
        bare.append(len(in_memory) / (time.perf_counter() - begin))
    return middle_ratio(ours, bare), f"{median(ours):.0f}/s, bare script {median(bare):.0f}/s"


def _pair(run: Run, installation: Installation, count: int) -> Figure:
    """How many times as fast two workers are as one, run after each other in turns."""
    one, two = [], []
    for turn in range(ROUNDS):
        one.append(_rate(run, installation, count, workers=1))
        two.append(_rate(run, installation, count, workers=2))
        run.say(f"turn {turn + 1}: one worker {one[-1]:.0f}/s, two workers {two[-1]:.0f}/s")
    return at_least("two workers on PostgreSQL", middle_ratio(two, one), 1.4, "times one")


def _rate(run: Run, installation: Installation, count: int, *, workers: int) -> float:
    """How many letters a second so many workers send, from the first tenth to the last."""
    _all_again(count)
    argv, moments = ["-m", "flask", "--app", "wsgi", "worker"], {}
    with ExitStack() as running:
        for number in range(workers):
            log = run.folder / f"worker-{number}.log"
            running.enter_context(program("worker", argv, installation.environment, log))
        deadline = time.monotonic() + PATIENCE
        for share in (0.2, 0.9):
            while _sent() < share * count:
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{_sent()} of {count} letters were sent within {PATIENCE} s")
                time.sleep(0.02)
            moments[share] = time.perf_counter(), _sent()
    (begin, first), (end, last) = moments.values()
    return (last - first) / (end - begin)


def _all_again(count: int) -> None:
    """Make so many of the letters wait again, and no other."""
    with transaction.unit():
        db.session.execute(update(Letter).values(state=LetterState.CANCELLED))
        some = select(Letter.id).where(Letter.lane == Lane.ORDINARY).order_by(Letter.id).limit(count)
        again = update(Letter).where(Letter.id.in_(some))
        fresh: dict[str, Any] = {
            "state": LetterState.WAITING,
            "message": None,
            "attempts": 0,
            "tries": [],
            "taken_by": "",
        }
        db.session.execute(again.values(next_attempt_at=clock.now(), **fresh))


def _sent() -> int:
    sent = db.session.scalar(select(func.count()).where(Letter.state == LetterState.SENT)) or 0
    db.session.rollback()
    return sent


def _work(run: Run, installation: Installation, count: int) -> Iterator[Figure]:
    """Have a real worker send all of them again, and see how much memory it takes."""
    _all_again(count)
    log = run.folder / "worker.log"
    argv = ["-m", "flask", "--app", "wsgi", "worker"]
    begin, sent, early = time.monotonic(), 0, 0.0
    with program("worker", argv, installation.environment, log) as worker:
        while sent < count and time.monotonic() < begin + PATIENCE and worker.process.poll() is None:
            time.sleep(0.25)
            sent = _sent()
            if not early and sent >= count / 10:
                early = worker.peak()
        late = worker.peak()
        run.note_memory("worker process", worker)
    run.say(f"the worker sent {sent:,} letters in {time.monotonic() - begin:.0f} s")
    if sent < count:
        run.say(log.read_text()[-2000:])
    yield at_most("memory of the worker at the end, SQLite", late / early, 1.1, "of that after a tenth")
    yield exactly("letters sent by a worker, SQLite", sent, count, "letters")
