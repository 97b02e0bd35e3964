"""What the search costs among a million turns of transcripts: its first page, beside the bare question to one index.

The bare question is that all words stand somewhere, the newest twenty: without what only some may see, without those
with the words in their title before the others, without counting, and without the passages themselves.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import accumulate
from statistics import quantiles
from typing import Any, cast

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Table, text

from benchmarks.figures import Figure, at_most
from benchmarks.run import Run
from benchmarks.servers import Installation
from webapp import searching, transaction
from webapp.database import insert_columns
from webapp.extensions import db
from webapp.models.accounts import Visitor
from webapp.models.passages import Passage, PassageKind, Source
from webapp.queries import passages as queries
from webapp.queries.passages import Narrowing

PASSAGES, QUICK = 1_000_000, 50_000
GOAL = 2
WORDS, LENGTH, AT_ONCE, PER_EVENT = 30_000, 40, 10_000, 400
# Of so many passages one is a session, whose title counts, all others are turns; of so many events one is a draft.
TITLED, DRAFTS = 500, 50
FIRST = date(2024, 1, 1)
_SYLLABLES = [f"{one}{vowel}" for one in "bdfgklmnprtv" for vowel in "aeiou"]
BARE = {
    "sqlite": "SELECT rowid FROM passage_index WHERE passage_index MATCH :asked ORDER BY rowid DESC LIMIT 20",
    "postgresql": "SELECT place FROM passages WHERE words @@ CAST(:asked AS tsquery) ORDER BY place DESC LIMIT 20",
}


def measure(run: Run) -> Iterator[Figure]:
    """How many times the bare question the search takes, in the 95th of a hundred searches, asked and as a page."""
    number = run.quick_or(QUICK, PASSAGES)
    for database in run.databases:
        app = Installation(f"search-{database}", run.folder, run.database("search", database)).migrate()
        begin = time.perf_counter()
        with app.app_context():
            asked = _fill(number)
        run.say(f"{database} holds {number:,} turns, after {time.perf_counter() - begin:.0f} s")
        times = _ask_all(app, asked, rounds=run.quick_or(2, 3))
        low = _p95(times["bare"])
        for what in ("search", "page"):
            high = _p95(times[what])
            run.say(f"  {what}: p95 {1000 * high:.1f} ms, the bare question {1000 * low:.1f} ms")
            yield at_most(f"{what} among {number:,} turns, {database}", high / low, GOAL, "times the bare question")


def _p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20)[-1]


def _ask_all(app: Flask, asked: Sequence[str], *, rounds: int) -> dict[str, list[float]]:
    """The least time of each search in each way, over the rounds, asked in turn."""
    client = app.test_client()
    least: dict[str, list[float]] = {name: [float("inf")] * len(asked) for name in ("bare", "search", "page")}
    for _ in range(rounds):
        for place, words in enumerate(asked):
            with app.app_context():
                took = {"bare": _timed(_bare, words), "search": _timed(_search, words)}
            took["page"] = _timed(partial(_page, client), words)
            for name, seconds in took.items():
                least[name][place] = min(least[name][place], seconds)
    return least


def _timed(work: Callable[[str], Any], words: str) -> float:
    begin = time.perf_counter()
    work(words)
    return time.perf_counter() - begin


def _bare(words: str) -> None:
    dialect = db.engine.dialect.name
    language = searching.FTS5 if dialect == "sqlite" else searching.TSQUERY
    asked = searching.expression(searching.ask(words), searching.Bounds(), searching.Where.ANYWHERE, language)
    db.session.execute(text(BARE[dialect]), {"asked": asked}).all()
    db.session.rollback()


def _search(words: str) -> None:
    queries.find_passages(searching.ask(words), Narrowing(), viewer=Visitor(), page=1)
    db.session.rollback()


def _page(client: FlaskClient, words: str) -> None:
    client.get("/search", query_string={"q": words}, base_url="https://localhost")


def _fill(number: int) -> list[str]:
    """Write so many passages, of words as unevenly common as those of a language; gives a hundred searches."""
    draw = random.Random(1)
    words = [_word(n) for n in range(WORDS)]
    common = list(accumulate(1 / (n + 10) for n in range(WORDS)))
    said: list[str] = []
    with transaction.unit():
        _forget_index()
    for start in range(0, number, AT_ONCE):
        texts = [
            " ".join(draw.choices(words, cum_weights=common, k=LENGTH)) for _ in range(min(AT_ONCE, number - start))
        ]
        with transaction.unit():
            _write(start, texts)
        said += texts[:2]
    with transaction.unit():
        _index_again()
    _settle()
    return list(_searches(draw, words, common, said))


def _word(number: int) -> str:
    count = len(_SYLLABLES)
    return "".join(_SYLLABLES[number // count**place % count] for place in range(4)) + "9"


def _write(start: int, texts: Sequence[str]) -> None:
    rows: list[dict[str, Any]] = []
    for number, said in enumerate(texts, start=start + 1):
        event_id = number // PER_EVENT + 1
        day = FIRST + timedelta(days=event_id * 2)
        hidden, titled = event_id % DRAFTS == 0, number % TITLED == 0
        title = said[:60].rpartition(" ")[0]
        kind = PassageKind.SESSION if titled else PassageKind.TURN
        place = searching.place_of(day, kind.number, number, 0)
        if not titled:
            title = f"Speaker {number % 3}"
            place = searching.place_within(day, kind.number, event_id, number % PER_EVENT + 1, 0)
        tags = [queries.kind_tag(kind), queries.programme_tag(event_id % 5), queries.event_tag(event_id)]
        rows.append(
            {
                "place": place,
                "source": Source.EVENT if titled else Source.TRANSCRIPT,
                "source_id": event_id,
                "kind": kind,
                "thing_id": number,
                "part": 0,
                "public_id": "bbbbbbbbbbbb",
                "slug": "a-session",
                "parent_public_id": "",
                "parent_slug": "",
                "event_id": event_id,
                "programme_id": event_id % 5,
                "is_private": hidden,
                "day": day,
                "title": title,
                "text": said,
                "words": searching.stream(
                    title,
                    said,
                    "" if titled else title,
                    titled=titled,
                    tags=[*tags, queries.PRIVATE] if hidden else tags,
                ),
                "digest": "",
            }
        )
    rows.sort(key=lambda row: row["place"])
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    insert_columns(db.session, cast("Table", Passage.__table__), columns)


def _forget_index() -> None:
    """Let both databases index at once what is all there: it takes a tenth of the time, and gives the same index."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("DROP INDEX ix_passages_words"))
    else:
        db.session.execute(text("DROP TRIGGER passages_added"))


def _index_again() -> None:
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
        db.session.execute(text("CREATE INDEX ix_passages_words ON passages USING gin (words) WITH (fastupdate = off)"))
    else:
        db.session.execute(text("INSERT INTO passage_index (passage_index) VALUES ('rebuild')"))


def _settle() -> None:
    """Let PostgreSQL look at what it holds, as it does by itself after a while."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection, transaction.writing():
            connection.exec_driver_sql("VACUUM ANALYZE passages")


def _searches(draw: random.Random, words: Sequence[str], common: Sequence[float], said: Sequence[str]) -> Iterator[str]:
    """Single words, two and three at once, and phrases that stand somewhere; common words come as often as in texts."""
    for number in range(100):
        some = draw.choices(words, cum_weights=common, k=3)
        spoken = draw.choice(said).split()
        place = draw.randrange(len(spoken) - 3)
        match number % 5:
            case 0:
                yield some[0]
            case 1 | 2:
                yield " ".join(some[:2])
            case 3:
                yield " ".join(some)
            case _:
                yield f'"{" ".join(spoken[place : place + 2])}"'
