"""Beginning a survey, copying one, and changing what it asks."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.agenda import Session
from webapp.models.events import Event
from webapp.models.surveys import AskedOf, Privacy, Survey, SurveyState
from webapp.models.surveys_asked import Asked, Section
from webapp.queries import surveys as queries
from webapp.services.activity import record
from webapp.services.surveys import documents
from webapp.services.surveys.documents import QuestionWording
from webapp.services.surveys.library import with_about_you
from webapp.services.surveys.refusals import NotNow, SurveyChanged

EMPTY = Asked(sections=(Section(no=1, title="Questions"),), last=1)


@dataclass(frozen=True)
class Place:
    """What a survey hangs on: a programme, within it an event, within that a session; or no more than the first."""

    programme_id: int
    event: Event | None = None
    session: Session | None = None


def create(
    place: Place, title: str, *, asked: Asked = EMPTY, privacy: Privacy, actor: Actor, now: datetime, **more: Any
) -> Survey:
    """A new survey, a draft that asks what the document says."""
    event, session = place.event, place.session
    thing_kind = ThingKind.SESSION if session else ThingKind.EVENT if event else None
    survey = Survey(
        programme_id=place.programme_id,
        event_id=event.id if event else None,
        thing_kind=thing_kind,
        thing_id=session.id if session else event.id if event else None,
        title=title,
        privacy=privacy,
        asked_of=AskedOf.EVERYONE,
        # On nothing there are no people whom it could be sent to.
        open_link=event is None,
        state=SurveyState.DRAFT,
        zone=event.zone if event else "Europe/London",
        draft=asked.plain(),
        created_at=now,
        updated_at=now,
    )
    db.session.add(survey)
    db.session.flush()
    _record("survey_created", survey, actor=actor, now=now, **more)
    return survey


def copy(source: Survey, place: Place, title: str, *, actor: Actor, now: datetime) -> Survey:
    """A new draft that asks what another survey's draft asks, with the same privacy and threshold.

    Sections about sessions lose them at another event; dates are not taken over.
    """
    asked = source.written
    if source.event_id != (place.event.id if place.event else None):
        asked = documents.without_sessions(asked)
    made = create(place, title, asked=asked, privacy=source.privacy, actor=actor, now=now, copied_from=source.id)
    made.threshold = source.threshold
    if place.event is not None:
        made.asked_of = source.asked_of
        made.open_link = source.open_link
    return made


def set_texts(survey_id: int, *, introduction: str, thanks: str, version: int, actor: Actor, now: datetime) -> None:
    """Change what is said before and after. Raises SurveyChanged, NotNow, and NotFound."""
    survey = _lock(survey_id, version)
    asked = replace(survey.written, introduction=introduction, thanks=thanks)
    _write(survey, asked, "survey_texts_changed", actor=actor, now=now)


def add_section(survey_id: int, title: str, text: str = "", session: str = "", *, actor: Actor, now: datetime) -> int:
    """Add a section behind all others and give its number. Raises SurveyRefused, NotNow, and NotFound."""
    survey = _lock(survey_id)
    written = survey.written
    asked, no = documents.add_section(written, title, text, session)
    if asked is written:
        return no
    _write(survey, asked, "survey_section_added", actor=actor, now=now, label=title)
    return no


def add_about_you(survey_id: int, *, actor: Actor, now: datetime) -> int:
    """Add a section that asks who answers, by which results are split, and give its number; once there, it stays one.

    Raises SurveyRefused, NotNow, and NotFound.
    """
    survey = _lock(survey_id)
    if found := survey.written.splitting:
        section = survey.written.section_of(found[0].no)
        return section.no if section else 0
    asked = with_about_you(survey.written)
    documents.check_size(asked)
    section = asked.sections[-1]
    _write(survey, asked, "survey_section_added", actor=actor, now=now, label=section.title)
    return section.no


def edit_section(
    survey_id: int, no: int, title: str, text: str, session: str, *, version: int, actor: Actor, now: datetime
) -> None:
    """Change the words of a section, and what session it is about. Raises SurveyChanged, NotNow, and NotFound."""
    survey = _lock(survey_id, version)
    asked = documents.edit_section(survey.written, no, title, text, session)
    _write(survey, asked, "survey_section_changed", actor=actor, now=now, label=title)


def add_question(survey_id: int, section: int, wording: QuestionWording, *, actor: Actor, now: datetime) -> int:
    """Add a question at the end of a section and give its number. Raises SurveyRefused, NotNow, and NotFound."""
    survey = _lock(survey_id)
    written = survey.written
    asked, no = documents.add_question(written, section, wording)
    if asked is written:
        return no
    _write(survey, asked, "survey_question_added", actor=actor, now=now, label=wording.label)
    return no


def edit_question(
    survey_id: int,
    no: int,
    wording: QuestionWording,
    *,
    section: int = 0,
    version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Change a question, and the section that it stands in where one is given.

    Raises SurveyChanged where the survey is no longer of the version shown, SurveyRefused, NotNow, and NotFound.
    """
    survey = _lock(survey_id)
    published = any(one.document.question(no) is not None for one in survey.versions)
    asked = documents.edit_question(survey.written, no, wording, published=published, section=section)
    if asked == survey.written:
        return
    _check_version(survey, version)
    _write(survey, asked, "survey_question_changed", actor=actor, now=now, label=wording.label)


def move_question(survey_id: int, no: int, place: int, *, actor: Actor, now: datetime) -> None:
    """Put a question at a place of its section, or over the edge of it. Raises NotNow, and NotFound."""
    _move(survey_id, lambda asked: documents.move_question(asked, no, place), actor=actor, now=now)


def move_section(survey_id: int, no: int, place: int, *, actor: Actor, now: datetime) -> None:
    """Put a section at a place, from 1. Raises NotNow, and NotFound."""
    _move(survey_id, lambda asked: documents.move_section(asked, no, place), actor=actor, now=now)


def remove_question(survey_id: int, no: int, *, actor: Actor, now: datetime) -> None:
    """Take a question out; versions that asked it keep it. Raises NotNow, and NotFound."""
    survey = _lock(survey_id)
    asked = documents.remove_question(survey.written, no)
    label = documents.get_question(survey.written, no).label
    _write(survey, asked, "survey_question_removed", actor=actor, now=now, label=label)


def remove_section(survey_id: int, no: int, *, actor: Actor, now: datetime) -> None:
    """Take a section out with its questions; versions that had it keep it. Raises NotNow, and NotFound."""
    survey = _lock(survey_id)
    asked = documents.remove_section(survey.written, no)
    label = documents.get_section(survey.written, no).title
    _write(survey, asked, "survey_section_removed", actor=actor, now=now, label=label)


def _move(survey_id: int, change: Callable[[Asked], Asked], *, actor: Actor, now: datetime) -> None:
    survey = _lock(survey_id)
    _write(survey, change(survey.written), "survey_order_changed", actor=actor, now=now)


def _lock(survey_id: int, version: int | None = None) -> Survey:
    survey = queries.lock_survey(survey_id)
    if survey.state is SurveyState.ARCHIVED:
        raise NotNow("This survey is archived. Bring it back first, then change it.")
    if version is not None:
        _check_version(survey, version)
    return survey


def _check_version(survey: Survey, version: int) -> None:
    if survey.version != version:
        raise SurveyChanged


def _write(survey: Survey, asked: Asked, verb: str, *, actor: Actor, now: datetime, **details: Any) -> None:
    plain = asked.plain()
    if Asked.of(survey.draft) == asked:
        return
    survey.draft = plain
    survey.version += 1
    survey.updated_at = now
    _record(verb, survey, actor=actor, now=now, **details)


def _record(verb: str, survey: Survey, *, actor: Actor, now: datetime, **details: Any) -> None:
    record(verb, ThingKind.SURVEY, survey.id, actor=actor, now=now, event_id=survey.event_id, **details)
