"""Results of a survey with forty questions: the page beside one aggregate over the same rows, and the export."""

import time
from collections.abc import Iterator
from datetime import date, timedelta
from http.client import HTTPConnection

from flask import Flask
from sqlalchemy import func, insert, select, text

from benchmarks import demonstration
from benchmarks.figures import Figure, at_most, exactly, middle_ratio
from benchmarks.run import Run
from benchmarks.servers import Installation, gunicorn
from webapp import clock, transaction
from webapp.demonstration.accounts import ORGANISER
from webapp.extensions import db
from webapp.models.accounts import Grant, Person, ThingKind
from webapp.models.events import Event
from webapp.models.surveys import Privacy, Survey, SurveyAnswer, SurveyResponse, SurveyState, SurveyVersion
from webapp.models.surveys_asked import Asked, Choice, Kind, Question, Section
from webapp.services import surveys

QUESTIONS, GOAL, MOST = 40, 3, 200
# The number of the question by whose answers results are split, one of one choice.
SPLITTING = 2
RESPONSES, QUICK = 100_000, 10_000
LARGEST = 512 * 1024
SECTORS = ("local_authority", "health", "police", "education", "vcse")
# Spread over the answers by a rule, so that both databases hold the same.
FILL = """
INSERT INTO survey_answers (response_id, question, part, value, text)
SELECT r.id, q.no, 0, 1 + (r.id / (q.no + 1)) % 5, NULL
FROM survey_responses r CROSS JOIN ({numbers}) q WHERE r.survey_id = :survey ORDER BY r.id, q.no
"""


def measure(run: Run) -> Iterator[Figure]:
    """How many times one aggregate the page takes, as counted just now and as released, and what an export needs."""
    responses = run.quick_or(QUICK, RESPONSES)
    for database in run.databases:
        installation = Installation(f"surveys-{database}", run.folder, run.database("surveys", database))
        app = installation.migrate()
        demonstration.load(app)
        with app.app_context():
            address, cookie = _fill(app, responses)
            floor, rounds = [], run.quick_or(3, 5)
        run.say(f"{database} holds {responses:,} responses to {QUESTIONS} questions")
        with gunicorn(installation.name, "wsgi:app", installation.environment, run.folder, "/events") as server:
            found: dict[str, list[float]] = {}
            asked = {
                "page": f"{address}",
                "page split by sector": f"{address}?by=sector",
                "page split by a question": f"{address}?by=question-{SPLITTING}",
            }
            _get(server.port, f"{address}/public", cookie)
            before = server.peak()
            for _ in range(rounds):
                with app.app_context():
                    floor.append(_aggregate(address))
                for name, at in asked.items():
                    found.setdefault(name, []).append(_get(server.port, at, cookie)[0])
            for name, times in found.items():
                ratio = middle_ratio(times, floor)
                run.say(f"  {name}: {min(times):.2f} s, one aggregate {min(floor):.2f} s")
                yield at_most(f"results, {name}, {database}", ratio, GOAL, "times one aggregate over the same rows")
            run.say(f"  memory: {before:.0f} MB before any results, {server.peak():.0f} MB after")
            spent, lines = _get(server.port, f"{address}/answers.csv", cookie)
            run.say(f"  answers as CSV: {spent:.1f} s")
            yield exactly(f"lines of the export of answers, {database}", lines, responses + 1, "lines")
            yield at_most(f"memory of results of {responses:,} responses, {database}", server.peak(), MOST, "MB")
            run.note_memory("web process, results of surveys", server)
            with app.app_context():
                _close(address)
                begin = time.perf_counter()
                surveys.release_due(clock.now)
                run.say(f"  released with all splits in {time.perf_counter() - begin:.1f} s")
            released = [_get(server.port, address, cookie)[0] for _ in range(rounds)]
            yield at_most(
                f"results as released, {database}",
                middle_ratio(released, floor),
                GOAL,
                "times one aggregate over the same rows",
            )


def _get(port: int, address: str, cookie: str) -> tuple[float, int]:
    """How long an answer took, and how many lines it had; it is not kept, for exports are long."""
    connection = HTTPConnection("127.0.0.1", port, timeout=600)
    begin = time.perf_counter()
    connection.request("GET", address, headers={"Cookie": cookie, "X-Forwarded-For": "10.1.0.1"})
    answer = connection.getresponse()
    lines, tail = 0, b""
    while piece := answer.read(LARGEST):
        lines += piece.count(b"\n")
        tail = (tail + piece)[-LARGEST:]
    spent = time.perf_counter() - begin
    connection.close()
    if answer.status != 200 or (address.endswith("results") and b" answered" not in tail):
        raise RuntimeError(f"{address} answers {answer.status}")
    return spent, lines


def _survey(address: str) -> Survey:
    public_id = address.split("/")[3]
    return db.session.scalars(select(Survey).where(Survey.public_id == public_id)).one()


def _aggregate(address: str) -> float:
    survey_id = _survey(address).id
    answer = SurveyAnswer
    statement = (
        select(answer.question, answer.part, answer.value, func.count())
        .join(SurveyResponse, SurveyResponse.id == answer.response_id)
        .where(SurveyResponse.survey_id == survey_id, SurveyResponse.day.is_not(None))
        .group_by(answer.question, answer.part, answer.value)
    )
    begin = time.perf_counter()
    db.session.execute(statement).all()
    spent = time.perf_counter() - begin
    db.session.rollback()
    return spent


def _close(address: str) -> None:
    with transaction.unit():
        _survey(address).state = SurveyState.CLOSED


def _fill(app: Flask, responses: int) -> tuple[str, str]:
    """A named survey with so many responses, where its results are, and a cookie."""
    now = clock.now()
    questions = tuple(_question(no) for no in range(1, QUESTIONS + 1))
    asked = Asked(sections=(Section(no=QUESTIONS + 1, title="Benchmark", questions=questions),), last=QUESTIONS + 1)
    with transaction.unit():
        owner = db.session.scalars(select(Person).where(Person.email == ORGANISER.email)).one()
        theirs = select(Grant.thing_id).where(Grant.person_id == owner.id, Grant.thing_kind == ThingKind.PROGRAMME)
        event = db.session.scalars(
            select(Event).where(Event.programme_id.in_(theirs)).order_by(Event.id).limit(1)
        ).one()
        survey = Survey(
            programme_id=event.programme_id,
            event_id=event.id,
            title="Benchmark",
            privacy=Privacy.NAMED,
            state=SurveyState.PUBLISHED,
            number=1,
            draft=asked.plain(),
            created_at=now,
            updated_at=now,
        )
        survey.versions = [SurveyVersion(number=1, asked=asked.plain(), published_at=now)]
        db.session.add(survey)
        db.session.flush()
        survey_id, public_id, person = survey.id, survey.public_id, owner.id
    for first in range(0, responses, 10_000):
        with transaction.unit():
            db.session.execute(insert(SurveyResponse), _responses(survey_id, first, min(responses, first + 10_000)))
    numbers = " UNION ALL ".join(f"SELECT {no} AS no" for no in range(1, QUESTIONS + 1))
    with transaction.unit():
        db.session.execute(text(FILL.format(numbers=numbers)), {"survey": survey_id})
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE survey_answers, survey_responses"))
    return f"/manage/surveys/{public_id}/results", demonstration.signed_in(app, person)


def _question(no: int) -> Question:
    kind = (Kind.LIKERT, Kind.RATING, Kind.ONE_CHOICE)[no % 3]
    choices = tuple(Choice(no=one, label=f"Choice {one}") for one in range(1, 6)) if kind is Kind.ONE_CHOICE else ()
    return Question(no=no, kind=kind, label=f"Question {no}", choices=choices, splits=no == SPLITTING)


def _responses(survey_id: int, first: int, last: int) -> list[dict[str, object]]:
    return [
        {
            # As if drawn by chance, and the same each time.
            "id": (number * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) % (2**62),
            "survey_id": survey_id,
            "version": 1,
            "day": date(2026, 5, 1) + timedelta(days=number % 9),
            "reached": QUESTIONS,
            "sector": SECTORS[number % len(SECTORS)],
            "role": f"Role {number % 12}",
        }
        for number in range(first, last)
    ]
