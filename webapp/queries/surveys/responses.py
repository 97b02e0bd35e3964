"""Reading single answers to a survey, one response after the other, for those who may see whose they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, func, select, tuple_

from webapp.extensions import db
from webapp.models.accounts import Person
from webapp.models.registrations import Registration
from webapp.models.surveys import Participation, Privacy, Survey, SurveyAnswer, SurveyResponse
from webapp.queries.paging import Page, nearest

TOGETHER = 250
AT_A_TIME = 10

# Part, value and text.
Given = tuple[int, float | None, str | None]


@dataclass(frozen=True)
class Response:
    """What one person answered, by the numbers of the questions; name and address where the survey is named."""

    day: date
    version: int
    sector: str
    role: str
    name: str
    email: str
    answers: dict[int, list[Given]]


def each_response(survey: Survey) -> Iterator[Response]:
    """All that was sent to a survey in the order of its days, read a few hundred at a time."""
    after: tuple[date, int] | None = None
    while True:
        statement = _sent(survey).limit(TOGETHER)
        if after is not None:
            statement = statement.where(tuple_(SurveyResponse.day, SurveyResponse.id) > tuple_(*after))
        some = db.session.execute(statement).all()
        if not some:
            return
        yield from _whole(survey, some)
        after = (some[-1].day, some[-1].id)


def responses_of(survey: Survey, *, page: int) -> Page[Response]:
    """A page of what was sent to a survey in the order of its days."""
    of_survey = (SurveyResponse.survey_id == survey.id, SurveyResponse.day.is_not(None))
    total = db.session.scalar(select(func.count()).where(*of_survey)) or 0
    number = nearest(page, total, AT_A_TIME)
    some = db.session.execute(_sent(survey).limit(AT_A_TIME).offset((number - 1) * AT_A_TIME)).all()
    return Page(list(_whole(survey, some)), number, AT_A_TIME, total)


def _sent(survey: Survey) -> Select[*tuple[Any, ...]]:
    one = SurveyResponse
    return (
        select(one.day, one.id, one.version, one.sector, one.role, one.participation_id)
        .where(one.survey_id == survey.id, one.day.is_not(None))
        .order_by(SurveyResponse.day, SurveyResponse.id)
    )


def _whole(survey: Survey, some: Sequence[Row[*tuple[Any, ...]]]) -> Iterator[Response]:
    answers = _answers([one.id for one in some])
    named = survey.privacy is Privacy.NAMED
    people = _people([one.participation_id for one in some if one.participation_id]) if named else {}
    for one in some:
        name, email = people.get(one.participation_id, ("", ""))
        sector = one.sector.label if one.sector else ""
        yield Response(one.day, one.version, sector, one.role, name, email, answers.get(one.id, {}))


def _answers(ids: list[int]) -> dict[int, dict[int, list[Given]]]:
    statement = (
        select(
            SurveyAnswer.response_id, SurveyAnswer.question, SurveyAnswer.part, SurveyAnswer.value, SurveyAnswer.text
        )
        .where(SurveyAnswer.response_id.in_(ids))
        .order_by(SurveyAnswer.response_id, SurveyAnswer.question, SurveyAnswer.part)
    )
    found: dict[int, dict[int, list[Given]]] = {}
    for response_id, question, part, value, text in db.session.execute(statement):
        found.setdefault(response_id, {}).setdefault(question, []).append((part, value, text))
    return found


def _people(ids: list[int]) -> dict[int, tuple[str, str]]:
    statement = (
        select(
            Participation.id,
            func.coalesce(Registration.name, Person.name, ""),
            func.coalesce(Registration.email, Person.email, ""),
        )
        .outerjoin(Registration, Registration.id == Participation.registration_id)
        .outerjoin(Person, Person.id == Participation.person_id)
        .where(Participation.id.in_(ids))
        .order_by(Participation.id)
    )
    return {key: (name, email) for key, name, email in db.session.execute(statement)}
