"""Surveys of the invented programme: two about the event that is over, now and ten weeks on, and one on nothing."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy import select

from webapp.demonstration.invented import ENDED, MARK
from webapp.demonstration.invented_programme import PATHWAYS
from webapp.demonstration.loading import Loaded
from webapp.extensions import db
from webapp.models.accounts import Actor, ActorKind, Person
from webapp.models.agenda import Session, SessionKind
from webapp.models.events import Event, moment
from webapp.models.surveys import AskedOf, Privacy, Survey
from webapp.models.surveys_asked import Asked, Kind, Question, Section
from webapp.services import surveys
from webapp.services.surveys import Place, SurveySettings, find_ready

FEEDBACK = "How was the day for you?"
# Until when people may answer, so that it is open whenever it is looked at.
OPEN_FOR = timedelta(days=14)


def load_surveys(loaded: Loaded, organiser: Person, *, now: datetime) -> Survey | None:
    """Begin and publish them where the event is new, and give the one that people answer."""
    event = loaded.new_events.get(ENDED)
    if event is None:
        return None
    actor = Actor(ActorKind.PERSON, organiser.id)
    begun = event.ends_at + timedelta(hours=1)
    feedback = surveys.create(
        Place(event.programme_id, event),
        FEEDBACK,
        asked=_with_a_session(_ready("event"), event),
        privacy=Privacy.ANONYMOUS,
        actor=actor,
        now=begun - timedelta(days=3),
    )
    surveys.change_settings(
        feedback.id,
        _settings(feedback, asked_of=AskedOf.CAME, closes_at=moment((now + OPEN_FOR).date(), time(17), event.zone)),
        version=feedback.version,
        actor=actor,
        now=begun - timedelta(days=2),
    )
    surveys.publish(feedback.id, version=feedback.version, actor=actor, now=begun)

    surveys.create(
        Place(event.programme_id, event),
        "Ten weeks on: what changed?",
        asked=_ready("practice"),
        privacy=Privacy.CONFIDENTIAL,
        actor=actor,
        now=now,
    )
    surveys.create(
        Place(loaded.programmes[PATHWAYS].id),
        "Your thoughts on the spring journal",
        asked=_ready("journal"),
        privacy=Privacy.NAMED,
        actor=actor,
        now=now,
    )
    return feedback


def _ready(key: str) -> Asked:
    ready = find_ready(key)
    assert ready is not None, key
    return replace(ready.asked, introduction=f"{ready.asked.introduction} {MARK}")


def _with_a_session(asked: Asked, event: Event) -> Asked:
    """The same with two questions more, about the first session after the opening: of everybody, as it is anonymous."""
    statement = select(Session).where(Session.event_id == event.id, Session.kind == SessionKind.SESSION)
    session = db.session.scalars(statement.order_by(Session.starts_at, Session.id).limit(1)).one_or_none()
    if session is None:
        return asked
    no = asked.last
    about = Section(
        no=no + 1,
        title=session.title,
        questions=(
            Question(no=no + 2, kind=Kind.RATING, label="How useful was this session?", low="Not useful",
                     high="Very useful"),
            Question(no=no + 3, kind=Kind.SHORT_TEXT, label="What will you remember of it?"),
        ),
    )  # fmt: skip
    return replace(asked, sections=(*asked.sections[:1], about, *asked.sections[1:]), last=no + 3)


def _settings(survey: Survey, **changes: object) -> SurveySettings:
    names = ("title", "privacy", "asked_of", "open_link", "threshold", "opens_at", "closes_at")
    return SurveySettings(**({name: getattr(survey, name) for name in names} | changes))
