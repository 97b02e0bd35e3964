"""Two surveys about the invented event of three months ago, answered and closed: what people said of it then and later.

Of the first each answer is seen by the analyst alone, and everybody sees some of its results. The second is anonymous.
"""

from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy import select

from webapp.demonstration.answering import answer_survey, put_themes
from webapp.demonstration.asking import ready, settings_of
from webapp.demonstration.invented import BEFORE_THE_DOORBELL, EARLIER, WRITTEN_TOGETHER
from webapp.demonstration.loading import Loaded
from webapp.extensions import db
from webapp.models.accounts import Actor, ActorKind, Person
from webapp.models.agenda import Session
from webapp.models.events import Event, moment
from webapp.models.surveys import AskedOf, Privacy, Survey
from webapp.models.surveys_asked import Asked, Choice, Kind, Question, Section
from webapp.services import surveys
from webapp.services.surveys import Place

FIRST_VISITS = "How was the day on first visits?"
TEN_WEEKS_ON = "First visits, ten weeks on"
OPEN_FOR = timedelta(days=14)
TEN_WEEKS = timedelta(weeks=10)
TOPICS = (
    "Visits at night and at weekends",
    "Fathers, and others who are not at home",
    "Interpreters, and words that do not translate",
    "Second visits",
    "Visits that nobody wanted",
)


def look_back(loaded: Loaded, organiser: Person, *, now: datetime) -> None:
    """Begin, publish and close them where the event is new, with all that was answered in between."""
    event = loaded.new_events.get(EARLIER)
    if event is None:
        return
    actor = Actor(ActorKind.PERSON, organiser.id)
    begun = event.ends_at + timedelta(hours=1)
    feedback = _asked(event, FIRST_VISITS, _with_sessions(ready("event"), event), Privacy.CONFIDENTIAL, begun, actor)
    answer_survey(feedback, seed=20261102, now=now)
    put_themes(feedback)
    shown = [one.no for one in feedback.written.questions if one.kind in {Kind.RATING, Kind.LIKERT, Kind.MATRIX}]
    chosen = [one.no for one in feedback.written.questions if one.kind in {Kind.SEVERAL_CHOICES, Kind.RECOMMENDATION}]
    surveys.choose_public(feedback.id, [*shown, *chosen], actor=actor, now=min(now, begun + 2 * OPEN_FOR))

    later = _asked(
        event, TEN_WEEKS_ON, surveys.with_about_you(ready("practice")), Privacy.ANONYMOUS, begun + TEN_WEEKS, actor
    )
    answer_survey(later, seed=20261103, now=now)
    put_themes(later)
    for survey in (feedback, later):
        surveys.release(survey.id, now=now)


def _asked(event: Event, title: str, asked: Asked, privacy: Privacy, begun: datetime, actor: Actor) -> Survey:
    """A survey of those who came, published at that moment and closed two weeks later."""
    before = begun - timedelta(days=3)
    survey = surveys.create(
        Place(event.programme_id, event), title, asked=asked, privacy=privacy, actor=actor, now=before
    )
    closes_at = moment((begun + OPEN_FOR).date(), time(17), event.zone)
    settings = settings_of(survey, asked_of=AskedOf.CAME, closes_at=closes_at)
    surveys.change_settings(survey.id, settings, version=survey.version, actor=actor, now=before)
    surveys.publish(survey.id, version=survey.version, actor=actor, now=begun)
    return survey


def _with_sessions(asked: Asked, event: Event) -> Asked:
    """The same with a ranking, and with a section about each of two sessions, of those who came to it."""
    titles = select(Session).where(
        Session.event_id == event.id, Session.title.in_([BEFORE_THE_DOORBELL, WRITTEN_TOGETHER])
    )
    found = db.session.scalars(titles.order_by(Session.starts_at, Session.id)).all()
    about, no = [], asked.last
    for session in found:
        about.append(
            Section(
                no=no + 1,
                title=session.title,
                session=session.public_id,
                questions=(
                    Question(no=no + 2, kind=Kind.RATING, label="How useful was this session?", low="Not useful",
                             high="Very useful"),
                    Question(no=no + 3, kind=Kind.SHORT_TEXT, label="What will you remember of it?"),
                ),
            )
        )  # fmt: skip
        no += 3
    ranking = Question(
        no=no + 1,
        kind=Kind.RANKING,
        label="What should the next day on visits be about?",
        help="Give 1 to what you want most. You need not rank all of them.",
        choices=tuple(Choice(no=number, label=topic) for number, topic in enumerate(TOPICS, start=1)),
        last=len(TOPICS),
    )
    last = asked.sections[-1]
    last = replace(last, questions=(*last.questions, ranking))
    return replace(asked, sections=(*asked.sections[:1], *about, *asked.sections[1:-1], last), last=no + 1)
