"""Reading what was released of surveys: the newest in whole, of all before it what later ones are held against."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import defer

from webapp.extensions import db
from webapp.models.survey_releases import SurveyRelease
from webapp.models.surveys import Privacy, Survey, SurveyState
from webapp.queries.surveys.published import KeptList, Place, Results, lists_from
from webapp.queries.surveys.results import OVER


@dataclass(frozen=True)
class Released:
    """What was released last, without what it shows: how many had answered, and whether nobody could any more."""

    number: int
    responses: int
    over: bool
    day: date


def last_released(survey_id: int) -> Released | None:
    """What was released of a survey last, without what it shows."""
    statement = select(*_FACTS).where(SurveyRelease.survey_id == survey_id)
    row = db.session.execute(statement.order_by(SurveyRelease.number.desc(), SurveyRelease.id).limit(1)).first()
    return None if row is None else Released(*row)


def everybody_sees_results(survey_id: int) -> bool:
    """Whether there is a page of results for everybody, of a survey that is over."""
    public = db.session.scalar(select(Survey.public_questions).where(Survey.id == survey_id))
    last = last_released(survey_id) if public else None
    return last is not None and last.over


def results_when_first_over(survey_id: int) -> Results | None:
    """What was released first once nobody could answer any more, which has the splits."""
    statement = select(SurveyRelease.published).where(SurveyRelease.survey_id == survey_id, SurveyRelease.over)
    found = db.session.scalars(statement.order_by(SurveyRelease.number, SurveyRelease.id).limit(1)).first()
    return None if found is None else Results.of(found)


def highest_threshold(survey_id: int) -> int:
    """The highest threshold that anything of a survey was released with; 0 where nothing was."""
    statement = select(SurveyRelease.published["threshold"].as_integer()).where(SurveyRelease.survey_id == survey_id)
    return max(db.session.scalars(statement), default=0)


def lists_before(survey_id: int) -> dict[Place, list[KeptList]]:
    """The lists of all that was released of a survey by their places, in their order."""
    found: dict[Place, list[KeptList]] = {}
    statement = select(SurveyRelease.lists).where(SurveyRelease.survey_id == survey_id)
    for lists in db.session.scalars(statement.order_by(SurveyRelease.number, SurveyRelease.id)):
        for place, one in lists_from(lists):
            found.setdefault(place, []).append(one)
    return found


def surveys_to_release(*, now: datetime) -> list[Survey]:
    """The surveys of which something new may be there: open and anonymous, or over since what was released last."""
    newest = (
        select(SurveyRelease.survey_id, func.max(SurveyRelease.number).label("number"))
        .group_by(SurveyRelease.survey_id)
        .subquery()
    )
    statement = (
        select(Survey, *_FACTS)
        .outerjoin(newest, newest.c.survey_id == Survey.id)
        .outerjoin(SurveyRelease, and_(SurveyRelease.survey_id == Survey.id, SurveyRelease.number == newest.c.number))
        .where(Survey.state != SurveyState.DRAFT)
        .options(defer(Survey.draft, raiseload=True))
        .order_by(Survey.id)
    )
    found = []
    for survey, *facts in db.session.execute(statement).all():
        row: Any = facts
        if _may_be_new(survey, Released(*row) if row[0] is not None else None, now=now):
            found.append(survey)
    return found


_FACTS = (SurveyRelease.number, SurveyRelease.responses, SurveyRelease.over, SurveyRelease.day)


def _may_be_new(survey: Survey, last: Released | None, *, now: datetime) -> bool:
    if survey.stage(now) not in OVER:
        return survey.privacy is Privacy.ANONYMOUS
    if last is None or not last.over:
        return True
    # Opened again and closed, since then or on that day.
    return survey.over_since(now).astimezone(survey.timezone).date() >= last.day
