"""What an agenda of many sessions costs its organisers, and what it costs to tell many people of a change to it."""

import time
from collections.abc import Iterator
from datetime import time as clock_time
from statistics import median

from flask import Flask
from sqlalchemy import delete, insert, select

from benchmarks import crowd
from benchmarks.crowd import TARGET, Made, Size
from benchmarks.figures import Figure, at_least, at_most, middle_ratio
from benchmarks.growth import Asked, Request
from benchmarks.pages import counted
from benchmarks.run import Run
from benchmarks.servers import Installation
from webapp import clock, transaction
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Actor, ActorKind, Person
from webapp.models.agenda import SessionKind
from webapp.models.drafts import DraftSession
from webapp.models.events import Event
from webapp.models.mailings import Letter
from webapp.queries import drafts as queries
from webapp.queries.events import get_fresh_event
from webapp.services import drafts

SESSIONS = 200
# Ninety registrations for each other event, six of ten confirmed.
PEOPLE = 17_000
QUEUED = ("notice", "lane", "recipient_name", "recipient_email", "reply_to", "facts", "person_id", "event_id")


def measure(run: Run) -> Iterator[Figure]:
    """The figures of the editor and of a release on each database."""
    size = Size(events=10, registrations=run.quick_or(2_000, PEOPLE))
    for database in run.databases:
        installation = Installation(f"agenda-{database}", run.folder, run.database("agenda", database))
        app = installation.migrate()
        made = crowd.fill(app, size)
        _plan(app)
        yield from _editor(run, app, made, database)
        with app.app_context():
            ratio, words = _release(run.quick_or(3, 5))
            run.say(f"release on {database}: {words}")
            yield at_least(f"release to many, {database}", ratio, 0.3, "of a bare script")


def _plan(app: Flask) -> None:
    """An agenda of 200 sessions, released, with a plenary that everybody comes to."""
    with app.app_context():
        now = clock.now()
        with transaction.unit():
            drafts.open_draft(TARGET, actor=SYSTEM, now=now)
        with transaction.unit():
            event = get_fresh_event(TARGET)
            there = len(queries.draft_sessions_of(TARGET))
            streams = [drafts.add_stream(TARGET, f"Line {n}", actor=SYSTEM, now=now).public_id for n in range(8)]
            for number in range(SESSIONS - there):
                hour = 9 + number // 8 % 7
                to = drafts.Placement(
                    date=event.days[number // 56 % len(event.days)].date,
                    starts=clock_time(hour, 5 * (number // 112)),
                    minutes=5,
                    stream=streams[number % 8],
                )
                content = drafts.Content(
                    title=f"Session {number} of the day",
                    kind=SessionKind.SESSION if number else SessionKind.PLENARY,
                    parts=[drafts.Part(speaker=f"Speaker {number}", organisation="Marlbridge Council")],
                )
                drafts.add(event, content, to, actor=SYSTEM, now=now)
            for day in event.days:
                day.starts, day.ends = None, None
        _tell(*_move(0))


def _editor(run: Run, app: Flask, made: Made, database: str) -> Iterator[Figure]:
    with app.app_context():
        event = db.session.scalars(select(Event).where(Event.id == TARGET)).one()
        address = f"{event.slug}-{event.public_id}"
        db.session.remove()
    public = Asked("agenda", "public", lambda _made: f"/events/{address}/agenda")
    editor = Asked("agenda", "editor", lambda _made: f"/manage/events/{address}/agenda", "owner")
    requests = [Request(app, made, page) for page in (public, editor)]
    times: list[list[float]] = [[], []]
    for number in range(run.quick_or(5, 21)):
        for place in (0, 1) if number % 2 else (1, 0):
            times[place].append(requests[place].send()[0])
    ratio = middle_ratio(times[1], times[0])
    run.say(
        f"agenda of {SESSIONS} sessions on {database}: {median(times[0]) * 1e3:.0f} ms public, {ratio:.2f} times that"
    )
    yield at_most(f"agenda editor, {SESSIONS} sessions, {database}", ratio, 1.5, "times the public page")
    with app.app_context(), counted(db.engine) as asked:
        requests[1].send()
    yield at_most(f"queries of the agenda editor, {database}", len(asked), 8, "queries")


def _move(by: int) -> tuple[int, int]:
    """Plan the plenary at another time; gives the version of the draft and how many are to be told, as a page does."""
    now = clock.now()
    with transaction.unit():
        event = get_fresh_event(TARGET)
        plenary = db.session.scalars(
            select(DraftSession).where(DraftSession.event_id == TARGET, DraftSession.kind == SessionKind.PLENARY)
        ).first()
        assert plenary is not None
        if by:
            drafts.shift(event, plenary.public_id, by, following=False, version=None, actor=SYSTEM, now=now)
    review = drafts.review(queries.get_event_of(TARGET), now=now)
    db.session.rollback()
    return review.version, review.audience.people


def _tell(version: int, people: int) -> int:
    """Release that as the page and the worker do: asked for, then done; gives how many were told."""
    person_id = db.session.scalars(select(Person.id).order_by(Person.id)).first() or 0
    actor = Actor(ActorKind.PERSON, person_id)
    with transaction.unit():
        drafts.ask(TARGET, version=version, people=people, note="", actor=actor, now=clock.now())
    drafts.release_requested(clock.now)
    last = queries.releases_of(TARGET, limit=1)[0]
    told = last.people_told
    db.session.rollback()
    if queries.get_draft(TARGET).released_version != version:
        raise RuntimeError("not released")
    return told


def _release(rounds: int) -> tuple[float, str]:
    """How fast a release tells people as a part of a script that only inserts the same letters; and that in words."""
    ours, bare, told = [], [], 0
    for number in range(rounds):
        with transaction.unit():
            db.session.execute(delete(Letter))
        version, people = _move(5 if number % 2 == 0 else -5)
        begin = time.perf_counter()
        told = _tell(version, people)
        ours.append(told / (time.perf_counter() - begin))
        letters = db.session.scalars(select(Letter).order_by(Letter.id)).all()
        rows = [{name: getattr(letter, name) for name in QUEUED} for letter in letters]
        db.session.rollback()
        now = clock.now()
        begin = time.perf_counter()
        with transaction.unit():
            db.session.execute(insert(Letter), [{**row, "next_attempt_at": now, "created_at": now} for row in rows])
        bare.append(len(rows) / (time.perf_counter() - begin))
    return middle_ratio(ours, bare), f"{told:,} told, {median(ours):,.0f}/s, bare script {median(bare):,.0f}/s"
