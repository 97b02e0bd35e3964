"""A letter to many: queued in short units beside a bare bulk insert, and what others wait for while it goes out."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median
from typing import cast

from sqlalchemy import Table, delete, func, insert, select, update

from benchmarks import demonstration
from benchmarks.figures import Figure, at_most, exactly
from benchmarks.letters import sink
from benchmarks.run import Run
from benchmarks.rush import make_event
from benchmarks.servers import Installation, program
from webapp import clock, outbox, tokens, transaction
from webapp.database import new_public_id
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Person
from webapp.models.events import Mode
from webapp.models.mailings import Lane, Letter, LetterState, MailKind
from webapp.models.organisations import Sector
from webapp.models.registrations import Registration, RegistrationState
from webapp.models.to_many import Mailing
from webapp.notices.letters import LetterFacts, Notice, dump
from webapp.services import to_many

_TABLE = cast("Table", Letter.__table__)
WORDS = to_many.Words(
    name="Benchmark",
    kind=MailKind.NEWS,
    subject="How to join: {event}",
    body="Dear {name},\n\n{days}\n\n{joining_page}",
)
PATIENCE = 600.0
# How many links to sign in are asked for once the last letter of the mailing was queued.
LINKS_WHILE_SENDING = 30


def measure(run: Run) -> Iterator[Figure]:
    """On each database: how many times a bare insert, that all got a letter, and how long a sign-in link takes."""
    people = run.quick_or(5_000, 60_000)
    for database in run.databases:
        with sink(run) as port:
            installation = Installation(f"mailings-{database}", run.folder, run.database("mailings", database), port)
            app = installation.migrate()
            demonstration.load(app)
            with app.app_context():
                event_id, _ = make_event(app, people)
                _register(event_id, people, clock.now())
                ours, bare, letters = _compare(event_id, people)
                run.say(f"mailings on {database}: queued in {ours:.1f} s, bare insert {bare:.1f} s")
                yield at_most(f"{people:,} letters queued, {database}", ours / bare, 10, "times a bare bulk insert")
                yield exactly(f"letters queued, {database}", letters, people, "letters")
                posting, links, sent = _overtake(run, installation, event_id, people)
                run.say(f"{len(posting)} links while letters were queued, then {sent:,} were sent")
                run.say(f"links left after {median(links):.2f} s, the slowest after {max(links):.2f} s")
                yield at_most(f"another who writes while letters are queued, {database}", max(posting), 2, "s, slowest")
                yield at_most(f"sign-in link while a mailing runs, {database}", max(links), 2, "s, slowest")


def _confirmed(event_id: int, people: int) -> int:
    now = clock.now()
    with transaction.unit():
        mailing_id = to_many.begin(event_id, WORDS, actor=SYSTEM, now=now).id
    with transaction.unit():
        to_many.confirm(mailing_id, number=people, version=1, actor=SYSTEM, now=now)
    return mailing_id


def _compare(event_id: int, people: int) -> tuple[float, float, int]:
    mailing_id = _confirmed(event_id, people)
    begin = time.perf_counter()
    to_many.fire_due(clock.now)
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
    bare = time.perf_counter() - begin
    with transaction.unit():
        db.session.execute(update(_TABLE).where(queued).values(state=LetterState.CANCELLED))
    return ours, bare, letters


def _overtake(run: Run, installation: Installation, event_id: int, people: int) -> tuple[list[float], list[float], int]:
    """How long posting a sign-in link took while letters were queued, until each had left, and how many of them had."""
    posting: list[float] = []
    links: list[float] = []
    left = after = 0
    argv = ["-m", "flask", "--app", "wsgi", "worker"]
    with program("worker", argv, installation.environment, run.folder / "mailings-worker.log") as worker:
        _link(0)  # when this has left, it is there
        mailing_id = _confirmed(event_id, people)
        until = time.monotonic() + PATIENCE
        while after < LINKS_WHILE_SENDING and time.monotonic() < until:
            if worker.process.poll() is not None:
                raise RuntimeError((run.folder / "mailings-worker.log").read_text()[-2000:])
            wrote, took = _link(len(links) + 1)
            links.append(took)
            queueing = db.session.scalar(select(Mailing.still_to_queue.is_not(None)).where(Mailing.id == mailing_id))
            db.session.rollback()
            if queueing:
                posting.append(wrote)
            after += not queueing
            time.sleep(0.1)
        sent = Letter.mailing_id == mailing_id, Letter.state == LetterState.SENT
        left = db.session.scalar(select(func.count()).where(*sent)) or 0
        db.session.rollback()
    return posting or [0.0], links, left


def _link(number: int) -> tuple[float, float]:
    """How long it took to write down that somebody asked to sign in, and until the mail server had the letter."""
    begin, at = time.perf_counter(), clock.now()
    facts = LetterFacts(link_id=new_public_id(), link_nonce=tokens.new_nonce(), minutes=15)
    notice = Notice(
        name="sign_in_link",
        recipient_name="Robin Ashdown",
        recipient_email=f"signs.in{number}@example.org",
        facts=dump(facts),
        lane=Lane.URGENT,
        kind=MailKind.SIGN_IN,
        expires_at=at + timedelta(minutes=15),
    )
    with transaction.unit():
        letter = outbox.post(notice, now=at)
        db.session.flush()
        key = letter.id if letter else 0
    wrote = time.perf_counter() - begin
    while time.perf_counter() < begin + 60:
        state = db.session.scalar(select(Letter.state).where(Letter.id == key))
        db.session.rollback()
        if state is LetterState.SENT:
            break
        time.sleep(0.01)
    return wrote, time.perf_counter() - begin


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
