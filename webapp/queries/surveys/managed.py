"""Reading surveys for those who build them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, not_, or_, select, true, union_all
from sqlalchemy.orm import joinedload, selectinload

from webapp.errors import Forbidden, NotFound
from webapp.extensions import db
from webapp.models.accounts import DOING, Person, Power, Reach, ThingKind, Viewer, Visitor, reach
from webapp.models.agenda import Session, SessionState
from webapp.models.events import Event
from webapp.models.surveys import (
    Participation,
    Survey,
    SurveyDraft,
    SurveyEnvelope,
    SurveyResponse,
    SurveyState,
    SurveyVersion,
)

SHOWN = 200


@dataclass(frozen=True)
class Listed:
    """A survey in a list: what it is about where that is a session, and how many have sent their answers."""

    survey: Survey
    session: str
    sent: int


@dataclass(frozen=True)
class Published:
    """One version of a survey: when it was published, and by whom where that is known."""

    number: int
    at: datetime
    by: str
    questions: int


def get_managed_survey(public_id: str, *, viewer: Viewer | Visitor, needing: Power) -> Survey:
    """The survey with programme, event and versions, for a viewer who has this power at what it hangs on.

    Raises NotFound for a viewer without any role there, and Forbidden for one whose role does not reach so far.
    """
    statement = (
        select(Survey)
        .where(Survey.public_id == public_id, _within(reach(viewer, Power.LOOK)))
        .options(joinedload(Survey.programme), joinedload(Survey.event), selectinload(Survey.versions))
    )
    survey = db.session.scalars(statement).one_or_none()
    if survey is None:
        raise NotFound
    if not reach(viewer, needing).covers(survey.programme_id, survey.event_id or 0):
        raise Forbidden(f"Your role does not let you {DOING[needing]}. Ask an owner.")
    return survey


def managed_surveys(viewer: Viewer | Visitor, power: Power) -> list[Listed]:
    """The surveys that the viewer has this power over, of all events and of none, newest first, up to 200."""
    return _listed(select(Survey).where(_within(reach(viewer, power))))


def surveys_of(event: Event) -> list[Listed]:
    """The surveys about an event and its sessions, newest first, up to 200."""
    return _listed(select(Survey).where(Survey.event_id == event.id))


def lock_survey(survey_id: int) -> Survey:
    """The survey as it is now with its versions, locked until the unit ends; raises NotFound."""
    statement = (
        select(Survey)
        .where(Survey.id == survey_id)
        .options(selectinload(Survey.versions))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def find_survey(survey_id: int) -> Survey | None:
    """A survey by its row, or None."""
    return db.session.get(Survey, survey_id)


def surveys_to_lead_to(event_id: int) -> list[Survey]:
    """The surveys about an event and its sessions that a letter may be about, newest first: all but the archived."""
    statement = select(Survey).where(Survey.event_id == event_id, Survey.state != SurveyState.ARCHIVED)
    return list(db.session.scalars(statement.order_by(Survey.id.desc())))


def get_version(survey: Survey, number: int) -> SurveyVersion:
    """A version of the survey, which must have its versions loaded; raises NotFound."""
    found = next((one for one in survey.versions if one.number == number), None)
    if found is None:
        raise NotFound
    return found


def versions_of(survey: Survey) -> list[Published]:
    """The versions of a survey, newest first."""
    statement = (
        select(SurveyVersion, Person.name)
        .outerjoin(Person, Person.id == SurveyVersion.published_by_id)
        .where(SurveyVersion.survey_id == survey.id)
        .order_by(SurveyVersion.number.desc(), SurveyVersion.id)
    )
    return [
        Published(
            version.number,
            version.published_at,
            name or "",
            sum(question.kind.is_asked for question in version.document.questions),
        )
        for version, name in db.session.execute(statement)
    ]


def sessions_to_ask_about(event_id: int | None) -> list[Session]:
    """The released sessions of an event that take place, in the order of the agenda; none without an event."""
    if event_id is None:
        return []
    statement = (
        select(Session)
        .where(Session.event_id == event_id, Session.state != SessionState.CANCELLED)
        .order_by(Session.starts_at.is_(None), Session.starts_at, Session.position, Session.id)
    )
    return list(db.session.scalars(statement))


def events_to_ask_about(viewer: Viewer | Visitor) -> list[Event]:
    """The events that the viewer sets up, latest first, up to 100."""
    reached = reach(viewer, Power.SET_UP)
    statement = select(Event).order_by(Event.ends_at.desc(), Event.id.desc()).limit(100)
    if not reached.everything:
        programmes, events = sorted(reached.programmes), sorted(reached.events)
        statement = statement.where(or_(Event.programme_id.in_(programmes), Event.id.in_(events)))
    return list(db.session.scalars(statement))


def find_session(event_id: int, public_id: str) -> Session | None:
    """The session of that public id at the event, or None."""
    statement = select(Session).where(Session.event_id == event_id, Session.public_id == public_id)
    return db.session.scalars(statement).one_or_none()


def session_of(survey: Survey) -> Session | None:
    """The session that a survey hangs on, or None."""
    if survey.thing_kind is not ThingKind.SESSION:
        return None
    return db.session.get(Session, survey.thing_id)


def count_sent(survey_id: int) -> int:
    """How many have sent their answers, those included that wait in envelopes."""
    return db.session.scalar(select(_sent(survey_id))) or 0


def anything_answered(survey_id: int) -> bool:
    """Whether somebody has answered, or has begun to."""
    tables = (SurveyResponse, SurveyEnvelope, SurveyDraft, Participation)
    found = or_(*(exists().where(table.survey_id == survey_id) for table in tables))
    return bool(db.session.scalar(select(found)))


def is_box_untouched(survey_id: int) -> bool:
    """Whether what was sent to an anonymous survey that is closed still waits, all that came since it was opened last.

    At its close a box is emptied, of fewer than may be opened never; so it is where something waits, or nobody came.
    """
    waits = exists().where(SurveyEnvelope.survey_id == survey_id)
    opened = exists().where(SurveyResponse.survey_id == survey_id, SurveyResponse.day.is_not(None))
    took_part = exists().where(Participation.survey_id == survey_id)
    return bool(db.session.scalar(select(or_(waits, not_(or_(opened, took_part))))))


def _listed(statement: Select[Survey]) -> list[Listed]:
    statement = statement.options(joinedload(Survey.programme), joinedload(Survey.event))
    rows = db.session.scalars(statement.order_by(Survey.id.desc()).limit(SHOWN)).all()
    ids = [row.id for row in rows]
    sent = _sent_of(ids)
    sessions = [row.thing_id for row in rows if row.thing_kind is ThingKind.SESSION]
    titles: dict[int, str] = {}
    if sessions:
        named = select(Session.id, Session.title).where(Session.id.in_(sessions))
        titles = {session_id: title for session_id, title in db.session.execute(named)}  # noqa: C416 -- rows
    return [
        Listed(
            row, titles.get(row.thing_id or 0, "") if row.thing_kind is ThingKind.SESSION else "", sent.get(row.id, 0)
        )
        for row in rows
    ]


def _sent_of(ids: Sequence[int]) -> dict[int, int]:
    if not ids:
        return {}
    parts = union_all(
        select(SurveyResponse.survey_id).where(SurveyResponse.survey_id.in_(ids), SurveyResponse.day.is_not(None)),
        select(SurveyEnvelope.survey_id).where(SurveyEnvelope.survey_id.in_(ids)),
    ).subquery()
    statement = select(parts.c.survey_id, func.count()).group_by(parts.c.survey_id)
    return {survey_id: number for survey_id, number in db.session.execute(statement)}  # noqa: C416 -- rows


def _sent(survey_id: int) -> ColumnElement[int]:
    opened = select(func.count()).where(SurveyResponse.survey_id == survey_id, SurveyResponse.day.is_not(None))
    sealed = select(func.count()).where(SurveyEnvelope.survey_id == survey_id)
    return opened.scalar_subquery() + sealed.scalar_subquery()


def _within(reached: Reach) -> ColumnElement[bool]:
    if reached.everything:
        return true()
    return or_(Survey.programme_id.in_(sorted(reached.programmes)), Survey.event_id.in_(sorted(reached.events)))
