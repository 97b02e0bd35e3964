"""Communities: what their lists and topics cost with much in them, and how quickly answers are taken."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from statistics import median, quantiles
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import EnvironBuilder

from benchmarks import practice
from benchmarks.client import Connection
from benchmarks.figures import Figure, at_least, at_most, exactly, middle_ratio
from benchmarks.pages import counted
from benchmarks.practice import LONG, POSTS_EACH, Made, Size
from benchmarks.run import Run
from benchmarks.rush import Floor, Rush, beside_w1, drive
from benchmarks.servers import Installation
from webapp import kept
from webapp.extensions import db
from webapp.models.topics import Post

FEW = Size(topics=100, members=50)
LONG_POSTS = 10_000
MANY = Size(topics=100_000, members=50_000, long=LONG_POSTS)
QUICK = Size(topics=10_000, members=5_000, long=LONG_POSTS)
GOAL, GOAL_OF_POSTS, GOAL_OF_POSTING = 2, 1.3, 0.4
ANSWERS = 3


@dataclass(frozen=True)
class Place:
    """An application on a filled database."""

    app: Flask
    made: Made


def measure(run: Run) -> Iterator[Figure]:
    """The figures of communities on each database."""
    for database in run.databases:
        few = _filled(run, database, "few", FEW)
        many = _filled(run, database, "many", run.quick_or(QUICK, MANY))
        yield from _long_topic(run, database, many)
        yield from _lists(run, database, few, many)
        yield from _posting(run, database)


def _filled(run: Run, database: str, name: str, size: Size) -> Place:
    app = Installation(f"communities-{name}-{database}", run.folder, run.database(f"c_{name}", database)).migrate()
    begin = time.monotonic()
    made = practice.fill(app, size)
    run.say(
        f"{database} holds {size.posts:,} posts in {size.topics:,} topics for {size.members:,} members,"
        f" after {time.monotonic() - begin:.0f} s"
    )
    return Place(app, made)


def _long_topic(run: Run, database: str, place: Place) -> Iterator[Figure]:
    """A topic of ten posts, and one of ten thousand: its last page shows as many."""
    who = next(iter(place.made.cookies))
    last = (POSTS_EACH + LONG_POSTS) // 20 + 1
    addresses = {
        "short": practice.address_of(LONG + practice.COMMUNITIES),
        "long": practice.address_of(LONG, f"?page={last}"),
    }
    times: dict[str, list[float]] = {name: [] for name in addresses}
    queries = {}
    with place.app.app_context():
        engine = db.engine
    for number in range(run.quick_or(20, 60)):
        for name, address in sorted(addresses.items(), reverse=bool(number % 2)):
            with counted(engine) as asked:
                seconds, _ = _ask(place, who, address)
            queries[name] = len(asked)
            if number > 1:
                times[name].append(seconds)
    quick = {name: median(sorted(found)[: len(found) // 2 + 1]) for name, found in times.items()}
    told = ", ".join(f"{name} {1000 * seconds:.1f} ms, {queries[name]} queries" for name, seconds in quick.items())
    run.say(f"  topics on {database}: {told}")
    yield exactly(
        f"more queries for a topic of {LONG_POSTS:,} posts, {database}", queries["long"] - queries["short"], 0, ""
    )
    yield at_most(
        f"topic of {LONG_POSTS:,} posts, {database}", quick["long"] / quick["short"], GOAL_OF_POSTS, "times one of ten"
    )


def pages(made: Made, number: int) -> Mapping[str, str]:
    """What a member opens, by name: of a community and a topic that differ from one to the next."""
    community = number % practice.COMMUNITIES + 1
    newest = made.size.topics - number * 3 % 80
    return {
        "all communities": "/communities",
        "topics of a community": practice.community_address(community),
        "its third page": practice.community_address(community, "?page=3"),
        "what is new in it": practice.community_address(community, "/unread"),
        "a topic": practice.address_of(newest),
        "where to read on": practice.address_of(newest, "/unread"),
    }


def _lists(run: Run, database: str, few: Place, many: Place) -> Iterator[Figure]:
    """The 95th of a hundred of each page, with a thousand posts and with a million, asked in turn."""
    names = [name for name in pages(few.made, 0) if name != "its third page"] + ["its third page"]
    rounds = run.quick_or(2, 3)
    for name in names:
        p95 = {}
        least: dict[str, list[float]] = {"few": [], "many": []}
        sizes = {}
        for number in range(run.quick_or(40, 100)):
            for where, place in (("few", few), ("many", many)):
                who = _nth(place.made, number)
                # A page of which there is no more in the small one is compared with the first.
                wanted = "topics of a community" if (name, where) == ("its third page", "few") else name
                address = pages(place.made, number)[wanted]
                tries = [_ask(place, who, address) for _ in range(rounds)]
                least[where].append(min(seconds for seconds, _ in tries))
                sizes[where] = tries[0][1]
        for where, found in least.items():
            p95[where] = quantiles(found, n=20)[-1]
        run.say(
            f"  {name} on {database}: p95 {1000 * p95['few']:.1f} ms and {1000 * p95['many']:.1f} ms,"
            f" {p95['many'] / p95['few']:.2f} times; {sizes['few']:,} and {sizes['many']:,} bytes"
        )
        yield at_most(
            f"{name} with {many.made.size.posts:,} posts, {database}",
            p95["many"] / p95["few"],
            GOAL,
            "times with a thousand",
        )


def _nth(made: Made, number: int) -> int:
    return list(made.cookies)[number % len(made.cookies)]


def _ask(place: Place, who: int, address: str) -> tuple[float, int]:
    """Ask for a page, with nothing kept; gives the seconds and the length. Raises ValueError unless it is there."""
    kept.clear()
    environ: dict[str, Any] = EnvironBuilder(
        address, base_url="https://waymark.example.org", headers=[("Cookie", place.made.cookies[who])]
    ).get_environ()
    status: list[str] = []

    def begin(given: str, _headers: Any, _error: Any = None, /) -> Callable[[bytes], object]:
        status.append(given)
        return lambda _bytes: None

    start = time.perf_counter()
    answer = place.app.wsgi_app(environ, begin)
    body = b"".join(answer)
    passed = time.perf_counter() - start
    if hasattr(answer, "close"):
        answer.close()
    if not status[0].startswith(("200", "302")):
        raise ValueError(f"{status[0]} at {address}: {body[:300]!r}")
    return passed, len(body)


class Posting(Rush):
    """Members, so many at a time, each of whom opens a topic and answers in it three times."""

    def __init__(self, port: int, made: Made, people: int) -> None:
        self.made = made
        super().__init__(port, "/communities", people)

    def _journey(self, browser: Connection, number: int, _email: str) -> int:
        topic = number % self.made.size.topics + 1
        name, _, value = self.made.cookies[_nth(self.made, number)].partition("=")
        browser.cookies[name] = value
        page = self._asked(lambda: browser.get(practice.address_of(topic)), 200)
        for turn in range(ANSWERS):
            said = {"csrf_token": page.token, "body": f"We tried it, too ({number}, {turn}). {practice.BODY}"}
            waited, _ = self._timed(partial(browser.post, practice.address_of(topic, "/reply"), said), 302)
            self.deciding.append(waited)
        return 0


def _posting(run: Run, database: str) -> Iterator[Figure]:
    people = run.quick_or(60, 400)
    installation = Installation(f"posting-{database}", run.folder, run.database("posting", database))
    app = installation.migrate()
    made = practice.fill(app, Size(topics=1_000, members=50))
    with beside_w1(run, installation, database, "/communities") as (server, w1):
        posting = Posting(server.port, made, people)
        slices = drive(posting, Floor(w1.port), run.quick_or(0.5, 1.0), run.quick_or(0.3, 0.5))
    with app.app_context():
        written = (db.session.scalar(select(func.count(Post.id))) or 0) - made.size.posts
        db.session.remove()
        db.engine.dispose()
    run.say(
        f"posting on {database}: {median(s.deciding for s in slices) * 1e3:.0f} ms,"
        f" W1 {median(s.floor_latency for s in slices) * 1e3:.0f} ms; {posting.summary}"
    )
    yield exactly(f"answers written, {database}", written, people * ANSWERS, "posts")
    yield exactly(f"error pages while they wrote, {database}", len(posting.problems), 0, "pages")
    yield at_least(
        f"posting an answer, {database}",
        middle_ratio([s.floor_latency for s in slices], [s.deciding for s in slices]),
        GOAL_OF_POSTING,
        "of W1",
    )
