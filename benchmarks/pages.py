"""What people open most: an event's page and its agenda, for visitors, for those who come again, and signed in."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from flask import Flask
from sqlalchemy import event as events

from benchmarks import demonstration
from benchmarks.client import Connection, Load, rates, typical
from benchmarks.demonstration import Shown
from benchmarks.figures import Figure, at_least, at_most, exactly, middle_ratio
from benchmarks.run import POSTGRESQL, SQLITE, Run
from benchmarks.servers import Installation, Server, gunicorn
from config import ROOT
from webapp import kept
from webapp.extensions import db
from webapp.queries.direct import asked

NOT_MODIFIED = {SQLITE: 0.6, POSTGRESQL: 0.35}
MOST_QUERIES = 5
CHANGES = 8
VISITORS, WORKERS = 12, 2


def measure(run: Run) -> Iterator[Figure]:
    """The figures of the pages on each database."""
    rounds = run.quick_or(3, 15)
    seconds = run.quick_or(0.2, 0.5)
    with ExitStack() as stack:
        place = run.folder
        f0 = stack.enter_context(gunicorn("F0", "benchmarks.floors:constant()", run.environment, place))
        f1 = stack.enter_context(gunicorn("F1", "benchmarks.floors:page()", run.environment, place))
        for database in run.databases:
            installation = Installation(f"pages-{database}", place, run.database("pages", database))
            app = installation.migrate()
            shown = demonstration.load(app)
            server = stack.enter_context(
                gunicorn(installation.name, "wsgi:app", installation.environment, place, "/events")
            )
            run.say(f"pages on {database}: an event with {shown.sessions} sessions")
            yield from _speeds(run, database, server, shown, (f0, f1), rounds=rounds, seconds=seconds)
            yield from _queries(database, app, shown)
            yield exactly(
                f"stale answers after a change, {database}",
                _stale(installation, server, shown),
                0,
                f"of {CHANGES * VISITORS * WORKERS * 2} answers by both workers",
            )
            run.note_memory(f"web process, pages, {database}", server)


def _speeds(
    run: Run, database: str, server: Server, shown: Shown, floors: tuple[Server, Server], *, rounds: int, seconds: float
) -> Iterator[Figure]:
    visitor, person = Connection(server.port), Connection(server.port)
    addresses = {"event page": shown.event, "agenda page": shown.agenda}
    name, _, value = shown.cookie.partition("=")
    person.cookies[name] = value
    with person:
        person.get(shown.agenda)  # its token for forms stands in the cookie from then on
    f0, f1 = (Load(floor.port, Connection(floor.port).asking("/")) for floor in floors)
    loads = {"F1": f1}
    loads |= {name: Load(server.port, visitor.asking(at)) for name, at in addresses.items()}
    loads |= {f"{name}, signed in": Load(server.port, person.asking(at)) for name, at in addresses.items()}
    loads |= {"F0": f0}
    for name, at in addresses.items():
        with visitor:
            etag = visitor.get(at).header("ETag")
        loads[f"{name}, 304"] = Load(server.port, visitor.asking(at, If_None_Match=etag), status=304)
    found = rates(loads, rounds=rounds, seconds=seconds)
    run.say(", ".join(f"{name} {typical(rate)}" for name, rate in found.items()))
    for name in addresses:
        yield at_least(f"{name}, {database}", middle_ratio(found[name], found["F1"]), 0.6, "of F1")
        not_modified = middle_ratio(found[f"{name}, 304"], found["F0"])
        yield at_least(f"{name}, not modified, {database}", not_modified, NOT_MODIFIED[database], "of F0")
        signed_in = middle_ratio(found[f"{name}, signed in"], found["F1"])
        yield at_least(f"{name}, signed in, {database}", signed_in, 0.3, "of F1")


def _queries(database: str, app: Flask, shown: Shown) -> Iterator[Figure]:
    with app.app_context():
        engine = db.engine
    counts = {}
    for who, cookie in (("a visitor", ""), ("signed in", shown.cookie)):
        client = app.test_client()
        if cookie:
            name, _, value = cookie.partition("=")
            client.set_cookie(name, value, domain="waymark.example.org", secure=True)
        for address in (shown.event, shown.agenda):
            kept.clear()
            for state in ("cold", "warm"):
                with counted(engine) as queries:
                    answer = client.get(address, base_url="https://waymark.example.org")
                if answer.status_code != 200 or (b"Sign out" in answer.data) != bool(cookie):
                    raise ValueError(f"{who} got {answer.status} at {address}")
                counts[who, address, state] = len(queries)
    for state in ("cold", "warm"):
        most = max(number for (_, _, of), number in counts.items() if of == state)
        yield at_most(f"most queries for a page, {state}, {database}", most, MOST_QUERIES, "queries")


@contextmanager
def counted(engine: object) -> Iterator[list[str]]:
    """The statements that are sent to the database within, without those that only open or tune a transaction."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            seen.append(statement)

    events.listen(engine, "before_cursor_execute", note)
    try:
        with asked.connected_to(seen.append):
            yield seen
    finally:
        events.remove(engine, "before_cursor_execute", note)


def _stale(installation: Installation, server: Server, shown: Shown) -> int:
    """How many answers, from each worker, did not show a change that another process had just committed."""
    stale = 0
    with _changer(installation, shown) as change:
        for number in range(1, CHANGES + 1):
            etags = {}
            for worker in server.members[1:]:
                with _only(server, worker), Connection(server.port) as visitor:
                    visitor.get(shown.agenda)
                    etags[worker] = visitor.get(shown.event).header("ETag")
            words = change(number)
            for worker, etag in etags.items():
                for _ in range(VISITORS):
                    with _only(server, worker), Connection(server.port) as visitor:
                        answer = visitor.get(shown.event, If_None_Match=etag)
                        stale += answer.status != 200 or words.encode() not in answer.body
                        stale += words.encode() not in visitor.get(shown.agenda).body
    return stale


@contextmanager
def _only(server: Server, worker: int) -> Iterator[None]:
    """Let one worker of a server alone take new connections: the others are held, and go on afterwards."""
    others = [pid for pid in server.members[1:] if pid != worker]
    for pid in others:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in others:
            os.kill(pid, signal.SIGCONT)


@contextmanager
def _changer(installation: Installation, shown: Shown) -> Iterator[Callable[[int], str]]:
    """A function that has another process change the event's title, and gives the words it has from then on."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.change", str(shown.event_id)],
        cwd=ROOT,
        env=installation.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    lines_in, lines_out = process.stdin, process.stdout

    def change(number: int) -> str:
        words = f"Changed {number} times"
        lines_in.write(words + "\n")
        lines_in.flush()
        if lines_out.readline().strip() != words:
            raise RuntimeError("the change was not made")
        return words

    try:
        yield change
    finally:
        lines_in.close()
        process.wait(10)
