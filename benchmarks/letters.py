"""Many letters with invitations through SMTP on this machine, beside a bare script that renders and sends the same."""

import smtplib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from copy import deepcopy
from datetime import timedelta
from statistics import median
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import func, insert, select, update

from benchmarks import demonstration
from benchmarks.client import HOST
from benchmarks.figures import Figure, at_least, exactly, middle_ratio
from benchmarks.run import SQLITE, Run
from benchmarks.rush import make_event
from benchmarks.servers import Installation, program
from webapp import clock, outbox, tokens, transaction
from webapp.database import new_public_id
from webapp.development.supervisor import free_port
from webapp.extensions import db
from webapp.models.accounts import VISITOR
from webapp.models.events import Mode
from webapp.models.mailings import Lane, Letter, LetterState
from webapp.models.organisations import Sector
from webapp.notices.rendering import render
from webapp.services import registrations

PATIENCE = 180.0


def measure(run: Run) -> Iterator[Figure]:
    """The figures of sending on each database; the worker's memory on SQLite."""
    for database in run.databases:
        count = run.quick_or(1_000, 10_000 if database == SQLITE else 2_000)
        with _sink(run) as port:
            installation = Installation(f"letters-{database}", run.folder, run.database("letters", database), port)
            app = installation.migrate()
            demonstration.load(app)
            with app.app_context():
                ratio, words = _compare(app, post(app, count), run.quick_or(100, 250))
                run.say(f"letters on {database}: {words}")
                yield at_least(f"{count:,} letters with invitations, {database}", ratio, 0.5, "of a bare script")
                if database == SQLITE:
                    yield from _work(run, installation, count)


@contextmanager
def _sink(run: Run) -> Iterator[int]:
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


def _work(run: Run, installation: Installation, count: int) -> Iterator[Figure]:
    """Have a real worker send all of them again, and see how much memory it takes."""
    with transaction.unit():
        again = update(Letter).where(Letter.state == LetterState.SENT)
        db.session.execute(again.values(state=LetterState.WAITING, next_attempt_at=clock.now(), message=None))
    log = run.folder / "worker.log"
    argv = ["-m", "flask", "--app", "wsgi", "worker"]
    begin, sent = time.monotonic(), 0
    with program("worker", argv, installation.environment, log) as worker:
        while sent < count and time.monotonic() < begin + PATIENCE and worker.process.poll() is None:
            time.sleep(0.25)
            sent = db.session.scalar(select(func.count()).where(Letter.state == LetterState.SENT)) or 0
            db.session.rollback()
        run.note_memory("worker process", worker)
    run.say(f"the worker sent {sent:,} letters in {time.monotonic() - begin:.0f} s")
    if sent < count:
        run.say(log.read_text()[-2000:])
    yield exactly("letters sent by a worker, SQLite", sent, count, "letters")
