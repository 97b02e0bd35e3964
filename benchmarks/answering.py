"""The minute after the closing session: hundreds answer a survey at once, beside a floor of one row a form."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from statistics import median

from flask import Flask
from sqlalchemy import func, select

from benchmarks import demonstration
from benchmarks.client import Connection
from benchmarks.figures import Figure, at_least, exactly, middle_ratio
from benchmarks.run import Run
from benchmarks.rush import Floor, Rush, beside_w1, drive
from benchmarks.servers import Installation
from webapp import clock, transaction
from webapp.demonstration.invented_programme import PATHWAYS
from webapp.extensions import db
from webapp.models.programmes import Programme
from webapp.models.surveys import Privacy, Survey, SurveyEnvelope, SurveyResponse, SurveyState, SurveyVersion
from webapp.models.surveys_asked import Asked, Kind, Question, Section

QUESTIONS = 4


class Answering(Rush):
    """People, so many at a time, each from the start of a survey to having sent it."""

    def _journey(self, browser: Connection, number: int, _email: str) -> int:
        front = self._asked(lambda: browser.get(self.address), 200)
        begun = self._asked(lambda: browser.post(f"{self.address}/start", {"csrf_token": front.token}), 302)
        own = begun.header("Location").removeprefix(f"http://127.0.0.1:{self.port}").rpartition("/")[0]
        page = self._asked(lambda: browser.get(f"{own}/1"), 200)
        for no in range(1, QUESTIONS + 1):
            said = {"csrf_token": page.token, f"q{no}": str(number % 5 + 1) if no % 2 else "We talked, and will again."}
            waited, _ = self._timed(partial(browser.post, f"{own}/{no}", said), 302)
            self.deciding.append(waited)
        self._asked(lambda: browser.post(f"{own}/check", {"csrf_token": page.token}), 302)
        return 0


def measure(run: Run) -> Iterator[Figure]:
    """The figures of answering on each database."""
    people = run.quick_or(100, 600)
    for database in run.databases:
        installation = Installation(f"answering-{database}", run.folder, run.database("answering", database))
        app = installation.migrate()
        demonstration.load(app)
        address = make_survey(app)
        with beside_w1(run, installation, database, address) as (server, w1):
            answering = Answering(server.port, address, people)
            slices = drive(answering, Floor(w1.port), run.quick_or(0.5, 1.0), run.quick_or(0.3, 0.5))
        run.say(
            f"answering on {database}: a page {median(s.deciding for s in slices) * 1e3:.0f} ms,"
            f" W1 {median(s.floor_latency for s in slices) * 1e3:.0f} ms; {answering.summary}"
        )
        with app.app_context():
            survey_id = select(Survey.id).where(Survey.public_id == address.rpartition("/")[2]).scalar_subquery()
            sent = sum(
                db.session.scalar(select(func.count()).select_from(kind).where(kind.survey_id == survey_id)) or 0
                for kind in (SurveyEnvelope, SurveyResponse)
            )
            db.session.remove()
            db.engine.dispose()
        yield exactly(f"answers sent after the closing session, {database}", sent, people, "people")
        yield exactly(f"error pages while they answered, {database}", len(answering.problems), 0, "pages")
        yield at_least(
            f"answering a page, {database}",
            middle_ratio([s.floor_latency for s in slices], [s.deciding for s in slices]),
            0.4,
            "of W1",
        )


def make_survey(app: Flask) -> str:
    """The address of an anonymous survey of the invented programme, open to whoever has the link."""
    with app.app_context():
        now = clock.now()
        questions = tuple(
            Question(no=no, kind=Kind.RATING if no % 2 else Kind.LONG_TEXT, label=f"How was part {no}?")
            for no in range(1, QUESTIONS + 1)
        )
        asked = Asked(sections=(Section(no=QUESTIONS + 1, title="The day", questions=questions),), last=QUESTIONS + 1)
        with transaction.unit():
            programme = db.session.scalars(select(Programme).where(Programme.name == PATHWAYS)).one()
            survey = Survey(
                programme_id=programme.id,
                title="How was the day?",
                privacy=Privacy.ANONYMOUS,
                open_link=True,
                state=SurveyState.PUBLISHED,
                draft=asked.plain(),
                number=1,
                closes_at=now + timedelta(days=1),
                created_at=now,
                updated_at=now,
                versions=[SurveyVersion(number=1, asked=asked.plain(), published_at=now)],
            )
            db.session.add(survey)
            db.session.flush()
            address = f"/surveys/{survey.public_id}"
        db.engine.dispose()
    return address
