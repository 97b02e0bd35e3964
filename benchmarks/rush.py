"""The rush: many people at once for too few places, through the real form, beside a floor of one row a form."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import func, select

from benchmarks import demonstration
from benchmarks.client import Answer, Connection
from benchmarks.figures import Figure, at_least, exactly, middle_ratio
from benchmarks.run import Run
from benchmarks.servers import Installation, Server, gunicorn
from webapp import clock, transaction
from webapp.demonstration.invented_programme import PATHWAYS
from webapp.extensions import db
from webapp.folding import slug
from webapp.models.events import Event, EventDay, EventQuestion, EventState, Format, Mode, Places, QuestionKind, moment
from webapp.models.mailings import Letter
from webapp.models.organisations import Sector
from webapp.models.programmes import Programme
from webapp.models.registrations import Registration, RegistrationState
from webapp.services.search import index_event

AT_A_TIME = 16
REQUESTS = 5
TOLD_PLACE = b"You have a place"
TOLD_NUMBER = b"Your number on the waiting list is <strong>"
ORGANISATIONS = ("Marlbridge Council", "Eastmere Council", "Harbour Trust", "A small charity", "Northern Health Board")
NAMES = ("Ann", "Robin", "Amina", "Siobhán", "José", "Wei", "Tom", "Nadia", "Grace", "Owen", "Priya", "Jack")
SURNAMES = ("Lee", "O’Neill", "Ashdown", "Okafor", "Smith", "Begum", "Novák", "Price", "Hughes", "Patel", "Green")
ROLES = ("Social worker", "Team manager", "Family help worker", "Health visitor")


def measure(run: Run) -> Iterator[Figure]:
    """The figures of the rush on each database."""
    people, places = run.quick_or((300, 90), (2000, 600))
    for database in run.databases:
        installation = Installation(f"rush-{database}", run.folder, run.database("rush", database))
        app = installation.migrate()
        demonstration.load(app)
        event_id, address = make_event(app, places)
        with beside_w1(run, installation, database, address) as (server, w1):
            rush = Rush(server.port, address, people)
            slices = drive(rush, Floor(w1.port), run.quick_or(0.5, 1.0), run.quick_or(0.3, 0.5))
            run.note_memory(f"web process, rush, {database}", server)
        run.say(
            f"the rush on {database}: {median(s.journeys for s in slices):.0f} journeys/s,"
            f" W1 {median(s.floor for s in slices):.0f}/s; deciding {median(s.deciding for s in slices) * 1e3:.0f} ms,"
            f" W1 {median(s.floor_latency for s in slices) * 1e3:.0f} ms; {rush.summary}"
        )
        yield from _outcome(app, event_id, rush, people, places, database)
        yield at_least(
            f"deciding POST, {database}",
            middle_ratio([s.floor_latency for s in slices], [s.deciding for s in slices]),
            0.3,
            "of W1",
        )
        yield at_least(
            f"journey from form to confirmation, {database}",
            middle_ratio([s.journeys for s in slices], [s.floor for s in slices]),
            0.08,
            "of W1",
        )


@contextmanager
def beside_w1(run: Run, installation: Installation, database: str, address: str) -> Iterator[tuple[Server, Server]]:
    """Our server, up when it answers at the address, and W1 on a database of the same kind."""
    floor_url = run.database("floor", database).replace("postgresql:", "postgresql+psycopg:")
    environment = {**run.environment, "FLOOR_DATABASE": floor_url}
    with (
        gunicorn("W1", "benchmarks.floors:form()", environment, run.folder) as w1,
        gunicorn(installation.name, "wsgi:app", installation.environment, run.folder, address) as server,
    ):
        yield server, w1


def make_event(app: Flask, places: int) -> tuple[int, str]:
    """An online event of two days, open now, with so many places, a waiting list, and one question of its own."""
    with app.app_context():
        now = clock.now()
        first = now.date() + timedelta(days=30)
        title = "The event that everybody wants to go to"
        with transaction.unit():
            event = Event(
                title=title,
                slug=slug(title),
                summary="Two days about what was learnt.",
                programme=db.session.scalars(select(Programme).where(Programme.name == PATHWAYS)).one(),
                state=EventState.PUBLISHED,
                listed=True,
                format=Format.ONLINE,
                starts_on=first,
                ends_on=first + timedelta(days=1),
                starts_at=moment(first, None, "Europe/London"),
                ends_at=moment(first + timedelta(days=1), None, "Europe/London", end=True),
                organiser_name="Learning team",
                organiser_email="learning@example.org",
                calendar_changed_at=now,
                created_at=now,
                updated_at=now,
                days=[EventDay(date=first), EventDay(date=first + timedelta(days=1))],
                places=[Places(mode=Mode.ONLINE, capacity=places)],
                questions=[EventQuestion(position=1, kind=QuestionKind.SHORT_TEXT, label="What do you hope to learn?")],
            )
            db.session.add(event)
            db.session.flush()
            index_event(event)
        found = event.id, f"/events/{event.slug}-{event.public_id}"
        db.engine.dispose()
    return found


class Gate:
    """Lets requests through while it is open; when it closes, those under way come to their end first."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._open = False
        self._inside = 0

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Wait until the gate is open, and be inside until the block ends."""
        with self._change:
            while not self._open:
                self._change.wait()
            self._inside += 1
        try:
            yield
        finally:
            with self._change:
                self._inside -= 1
                if not self._inside:
                    self._change.notify_all()

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Open until the block ends, and then until nobody is inside."""
        with self._change:
            self._open = True
            self._change.notify_all()
        try:
            yield
        finally:
            with self._change:
                self._open = False
                while self._inside:
                    self._change.wait()


class Rush:
    """People, so many at a time, each from the form to the confirmation."""

    def __init__(self, port: int, address: str, people: int) -> None:
        self.port = port
        self.address = address
        self.gate = Gate()
        self.told: dict[str, int] = {}
        self.problems: list[str] = []
        self.deciding: list[float] = []
        self.requests = 0
        self._numbers = iter(range(people))
        self._lock = threading.Lock()
        self.threads = start(self._serve)

    @property
    def summary(self) -> str:
        """How it went, in a few words."""
        return f"{len(self.told)} people, {self.requests} requests, {len(self.problems)} problems {self.problems[:3]}"

    def _serve(self) -> None:
        while True:
            with self._lock:
                number = next(self._numbers, None)
            if number is None:
                return
            source = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
            email = f"person{number}@example.org"
            try:
                with Connection(self.port, X_Forwarded_For=source) as browser:
                    self.told[email] = self._journey(browser, number, email)
            except (OSError, ValueError) as error:
                self.problems.append(f"{type(error).__name__}: {error}")

    def _journey(self, browser: Connection, number: int, email: str) -> int:
        """One person's way; gives the number on the waiting list that the last page told, 0 for a place."""
        form = self._asked(lambda: browser.get(f"{self.address}/register"), 200)
        filled = {
            "csrf_token": form.token,
            "name": f"{NAMES[number % len(NAMES)]} {SURNAMES[number // len(NAMES) % len(SURNAMES)]}",
            "email": email,
            "organisation": ORGANISATIONS[number % len(ORGANISATIONS)],
            "sector": list(Sector)[number % len(Sector)].value,
            "role": ROLES[number % len(ROLES)],
            "access": "Captions, please" if number % 20 == 0 else "",
            "privacy": "y",
        }
        kept = self._asked(lambda: browser.post(f"{self.address}/register", filled), 302)
        check = urlsplit(kept.header("Location")).path
        answers = self._asked(lambda: browser.get(check), 200)
        waited, sent = self._timed(lambda: browser.post(check, {"csrf_token": answers.token}), 302)
        self.deciding.append(waited)
        done = self._asked(lambda: browser.get(urlsplit(sent.header("Location")).path), 200)
        before, found, after = done.body.partition(TOLD_NUMBER)
        if not found and TOLD_PLACE not in before:
            raise ValueError("the last page says neither place nor number")
        return int(after[: after.index(b"<")]) if found else 0

    def _asked(self, ask: Callable[[], Answer], status: int) -> Answer:
        return self._timed(ask, status)[1]

    def _timed(self, ask: Callable[[], Answer], status: int) -> tuple[float, Answer]:
        with self.gate.passing():
            start = time.perf_counter()
            answer = ask()
            passed = time.perf_counter() - start
        with self._lock:
            self.requests += 1
        if answer.status != status:
            raise ValueError(f"{answer.status} instead of {status}: {answer.body[:200]!r}")
        return passed, answer


class Floor:
    """The same number at a time, each sending the small form again and again."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.gate = Gate()
        self.latencies: list[float] = []
        self.problems: list[str] = []
        self.over = False
        self.threads = start(self._serve)

    def _serve(self) -> None:
        with Connection(self.port) as browser:
            token = browser.get("/").token
            while not self.over:
                filled = {"csrf_token": token, "name": "Robin Ashdown", "email": "person@example.org"}
                with self.gate.passing():
                    start = time.perf_counter()
                    answer = self._post(browser, filled)
                    self.latencies.append(time.perf_counter() - start)
                if answer.status != 200:
                    self.problems.append(f"{answer.status} from W1")

    @staticmethod
    def _post(browser: Connection, filled: dict[str, str]) -> Answer:
        try:
            return browser.post("/", filled)
        except ConnectionError:  # it was kept waiting for longer than the server keeps connections
            browser.close()
            return browser.post("/", filled)


def start(work: Callable[[], None]) -> list[threading.Thread]:
    """Threads that do the work, as many as there are people at a time."""
    threads = [threading.Thread(target=work, daemon=True) for _ in range(AT_A_TIME)]
    for thread in threads:
        thread.start()
    return threads


@dataclass(frozen=True)
class Slice:
    """What was seen in a slice of the rush, and in the slice of the floor after it."""

    journeys: float
    deciding: float
    floor: float
    floor_latency: float


def drive(rush: Rush, floor: Floor, seconds: float, floor_seconds: float) -> list[Slice]:
    """Let the rush and its floor go by turns until everybody has been served."""
    slices = []
    while any(thread.is_alive() for thread in rush.threads):
        requests, decided, begin = rush.requests, len(rush.deciding), time.perf_counter()
        with rush.gate.opened():
            until = begin + seconds
            while time.perf_counter() < until and any(thread.is_alive() for thread in rush.threads):
                time.sleep(0.01)
        passed, done, deciding = time.perf_counter() - begin, rush.requests - requests, rush.deciding[decided:]
        posted, begin = len(floor.latencies), time.perf_counter()
        with floor.gate.opened():
            time.sleep(floor_seconds)
        rate = (len(floor.latencies) - posted) / (time.perf_counter() - begin)
        # The last people are fewer than so many at a time, and count for nothing here.
        if all(thread.is_alive() for thread in rush.threads) and deciding:
            slices.append(Slice(done / REQUESTS / passed, median(deciding), rate, median(floor.latencies[posted:])))
    floor.over = True
    with floor.gate.opened():
        for thread in floor.threads:
            thread.join()
    if floor.problems:
        raise RuntimeError(f"the floor gave way: {floor.problems[:3]}")
    return slices[1:] or slices


def _outcome(app: Flask, event_id: int, rush: Rush, people: int, places: int, database: str) -> Iterator[Figure]:
    with app.app_context():
        rows = db.session.execute(
            select(Registration.email, Registration.state, Registration.arrival)
            .where(Registration.event_id == event_id)
            .order_by(Registration.arrival)
        ).all()
        letters = db.session.scalar(select(func.count()).where(Letter.event_id == event_id)) or 0
        db.session.remove()
        db.engine.dispose()
    confirmed = [row for row in rows if row.state is RegistrationState.CONFIRMED]
    first = rows[:places]
    yield exactly(f"places given in the rush, {database}", len(confirmed) * (confirmed == first), places, "people")
    in_order = [row for number, row in enumerate(rows[places:], start=1) if _waits(row, number, places, rush.told)]
    yield exactly(f"waiting in their order, {database}", len(in_order), people - places, "people")
    yield exactly(f"error pages in the rush, {database}", len(rush.problems), 0, "pages")
    yield exactly(f"letters posted in the rush, {database}", letters, people, "letters")


def _waits(row: Any, number: int, places: int, told: dict[str, int]) -> bool:
    """Whether somebody waits at the number under which they arrived, and was told that number."""
    waits = row.state is RegistrationState.WAITING and row.arrival == places + number
    return waits and told.get(row.email) == number
