"""A transcript of ten hours: read in, published with each turn in the index of the search, and sent as a page.

The bare script reads the same file with the same reader and inserts a row for each turn, and does nothing else.
"""

import gzip
import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median

from flask import Flask
from sqlalchemy import insert, select

from benchmarks import demonstration
from benchmarks.figures import Figure, at_least, at_most, middle_ratio
from benchmarks.run import Run
from benchmarks.servers import Installation
from webapp import clock, transaction
from webapp.database import new_public_id
from webapp.extensions import db
from webapp.formats.transcripts import read_transcript
from webapp.models.accounts import SYSTEM
from webapp.models.agenda import Contribution, ContributionRole, Session
from webapp.models.events import Event, EventState
from webapp.models.speakers import Speaker
from webapp.models.transcripts import GAP, Fidelity, Transcript, Turn
from webapp.services import transcripts
from webapp.services.transcripts import Source

TURNS, QUICK, ROUNDS = 6_000, 600, 5
WORDS, LENGTH, EACH = 9_000, 25, 6_000
GOAL, MOST_BYTES = 0.3, 300_000
_SYLLABLES = [f"{one}{vowel}" for one in "bdfgklmnprtv" for vowel in "aeiou"]


def measure(run: Run) -> Iterator[Figure]:
    """How fast a transcript comes in and out, as a part of a bare script, and how long its page is."""
    number = run.quick_or(QUICK, TURNS)
    content = captions(number)
    for database in run.databases:
        app = Installation(f"said-{database}", run.folder, run.database("said", database), 0).migrate()
        demonstration.load(app)
        ours: dict[str, list[float]] = {"import": [], "publication": []}
        theirs: list[float] = []
        with app.app_context():
            for turn in range(run.quick_or(2, ROUNDS)):
                session_id, public_id = _session(turn)
                ours["import"].append(_timed(partial(_read_in, session_id, content)))
                ours["publication"].append(_timed(partial(_publish, session_id)))
                bare_id, _ = _session(turn + 1_000)
                theirs.append(_timed(partial(_bare, bare_id, content)))
        both = [one + other for one, other in zip(ours["import"], ours["publication"], strict=True)]
        for what, took in (("read in", ours["import"]), ("read in and published, found by each turn", both)):
            run.say(f"{database}: {number:,} turns {what} in {median(took):.2f} s, bare {median(theirs):.2f} s")
            name = f"transcript of {number:,} turns {what}, {database}"
            yield at_least(name, middle_ratio(theirs, took), GOAL, "of reading and inserting alone")
        length = _page(app, public_id)
        yield at_most(f"page of {number:,} turns, {database}", length / 1000, MOST_BYTES / 1000, "KB compressed")


def captions(number: int) -> bytes:
    """Captions of so many turns of three speakers, 25 words each, six seconds apart; words as uneven as in speech."""
    draw = random.Random(2)
    count = len(_SYLLABLES)
    words = ["".join(_SYLLABLES[n // count**place % count] for place in range(2 + n % 3)) for n in range(WORDS)]
    weights = [1 / (n + 10) for n in range(WORDS)]
    cues = ["WEBVTT"]
    for turn in range(number):
        said = " ".join(draw.choices(words, weights, k=LENGTH))
        at = turn * EACH
        cues.append(f"{_stamp(at)} --> {_stamp(at + EACH - 500)}\n<v Speaker {'ABC'[turn % 3]}>{said.capitalize()}.")
    return "\n\n".join([*cues, ""]).encode()


def _stamp(moment: int) -> str:
    return f"{moment // 3_600_000:02}:{moment // 60_000 % 60:02}:{moment // 1000 % 60:02}.{moment % 1000:03}"


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _session(number: int) -> tuple[int, str]:
    """A new session of a public event, in which three people are named."""
    now = clock.now()
    with transaction.unit():
        event = db.session.scalars(
            select(Event).where(Event.state == EventState.PUBLISHED).order_by(Event.id).limit(1)
        ).one()
        like = db.session.scalars(select(Session).where(Session.event_id == event.id).limit(1)).one()
        dates = {"created_at": now, "updated_at": now}
        row = Session(
            event_id=event.id,
            day_id=like.day_id,
            position=5_000 + number,
            title=f"Ten hours, {number}",
            slug="t",
            calendar_changed_at=now,
            **dates,
        )
        db.session.add(row)
        db.session.flush()
        for place, letter in enumerate("ABC"):
            name = f"Speaker {letter}"
            speaker = Speaker(name=name, name_sort=name.lower(), slug=letter.lower(), **dates)
            db.session.add(speaker)
            db.session.flush()
            role = ContributionRole.PRESENTER
            db.session.add(Contribution(session_id=row.id, speaker_id=speaker.id, role=role, position=place))
        return row.id, row.public_id


def _read_in(session_id: int, content: bytes) -> None:
    with transaction.unit():
        reading = read_transcript(content)
        transcripts.take_in(session_id, reading, Source(name="ten.vtt"), actor=SYSTEM, now=clock.now())
    db.session.close()


def _publish(session_id: int) -> None:
    with transaction.unit():
        row = db.session.scalars(select(Transcript).where(Transcript.session_id == session_id)).one()
        transcripts.publish(row.id, checked_by="Robin Vale", version=row.version, actor=SYSTEM, now=clock.now())
    db.session.close()


def _bare(session_id: int, content: bytes) -> None:
    """Read the file and insert its turns."""
    now = clock.now()
    with transaction.unit():
        reading = read_transcript(content)
        session = db.session.get_one(Session, session_id)
        row = Transcript(
            session_id=session_id, event_id=session.event_id, fidelity=Fidelity.EDITED, created_at=now, updated_at=now
        )
        db.session.add(row)
        db.session.flush()
        db.session.execute(
            insert(Turn),
            [
                {
                    "public_id": new_public_id(),
                    "transcript_id": row.id,
                    "position": place * GAP,
                    "number": place,
                    "label": one.label or "",
                    "words": one.words,
                    "starts": one.start,
                    "ends": one.end,
                    "pieces": [[0, piece.start, piece.end] for piece in one.pieces],
                    "version": 1,
                }
                for place, one in enumerate(reading.turns, start=1)
            ],
        )
    db.session.close()


def _page(app: Flask, public_id: str) -> int:
    """How long the longest page of the transcript is, as a proxy compresses it."""
    with app.app_context():
        event = db.session.scalars(
            select(Event).join(Session, Session.event_id == Event.id).where(Session.public_id == public_id)
        ).one()
        address = f"/events/{event.slug}-{event.public_id}/sessions/t-{public_id}/transcript"
    client = app.test_client()
    pages = [client.get(address, query_string={"page": page}, base_url="https://localhost").data for page in (1, 2)]
    if not all(b"wm-turn" in page for page in pages):
        raise RuntimeError("the transcript is not shown")
    return max(len(gzip.compress(page)) for page in pages)
