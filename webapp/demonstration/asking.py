"""Surveys of the invented programme: about the event that is over one that people answer; and two that are drafts."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy import select

from webapp.demonstration.answering import answer_survey
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
# So many answers go through the door that people take, and wait in the box or were taken out of it.
THROUGH_THE_DOOR = 12


def load_surveys(loaded: Loaded, organiser: Person, *, now: datetime) -> Survey | None:
    """Begin them where the event is new, and give the one that is published and answered."""
    event = loaded.new_events.get(ENDED)
    if event is None:
        return None
    actor = Actor(ActorKind.PERSON, organiser.id)
    begun = event.ends_at + timedelta(hours=1)
    feedback = surveys.create(
        Place(event.programme_id, event),
        FEEDBACK,
        asked=surveys.with_about_you(_with_a_session(ready("event"), event)),
        privacy=Privacy.ANONYMOUS,
        actor=actor,
        now=begun - timedelta(days=3),
    )
    surveys.change_settings(
        feedback.id,
        settings_of(feedback, asked_of=AskedOf.CAME, closes_at=moment((now + OPEN_FOR).date(), time(17), event.zone)),
        version=feedback.version,
        actor=actor,
        now=begun - timedelta(days=2),
    )
    surveys.publish(feedback.id, version=feedback.version, actor=actor, now=begun)
    answer_survey(feedback, seed=20261101, now=now, through_the_door=THROUGH_THE_DOOR)
    surveys.release(feedback.id, now=now)

    surveys.create(
        Place(event.programme_id, event),
        "Ten weeks on: what changed?",
        asked=ready("practice"),
        privacy=Privacy.CONFIDENTIAL,
        actor=actor,
        now=now,
    )
    surveys.create(
        Place(loaded.programmes[PATHWAYS].id),
        "Your thoughts on the spring journal",
        asked=ready("journal"),
        privacy=Privacy.NAMED,
        actor=actor,
        now=now,
    )
    return feedback


def ready(key: str) -> Asked:
    """What the ready survey of that key asks, with a mark that it is invented."""
    found = find_ready(key)
    assert found is not None, key
    return replace(found.asked, introduction=f"{found.asked.introduction} {MARK}")


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


def settings_of(survey: Survey, **changes: object) -> SurveySettings:
    """The settings of a survey with some of them changed."""
    names = ("title", "privacy", "asked_of", "open_link", "threshold", "opens_at", "closes_at")
    return SurveySettings(**({name: getattr(survey, name) for name in names} | changes))
