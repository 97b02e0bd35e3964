"""Reading what was answered to a survey: counts by one statement, however many answered; and what was released of it.

Only what was sent is counted; what is only begun has no day.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select, true
from sqlalchemy.orm import aliased, join, joinedload, selectinload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import ThingKind
from webapp.models.agenda import Session
from webapp.models.attendance import ALL_DAYS, AttendanceTally, Counted
from webapp.models.organisations import Sector
from webapp.models.registrations import Registration, RegistrationState, RegistrationTally
from webapp.models.survey_releases import SurveyRelease
from webapp.models.surveys import (
    AskedOf,
    Participation,
    Privacy,
    Survey,
    SurveyAnswer,
    SurveyDraft,
    SurveyEnvelope,
    SurveyResponse,
    SurveyStage,
    SurveyState,
)
from webapp.models.surveys_asked import Asked, Kind
from webapp.queries.attendance.at_sessions import came_to
from webapp.queries.by_area import any_areas_in, area_of, names_of_areas
from webapp.queries.surveys.published import Results
from webapp.queries.surveys.publishing import asked_over_time, publish
from webapp.queries.surveys.splitting import OTHER_ROLES
from webapp.queries.surveys.tallies import Key, Tally, together
from webapp.suppression import protect_list

NOT_KNOWN = "Not known"
NO_AREA = "In no area, or not known"
# So many roles are told apart, those of most people; they are written freely.
ROLES = 8
# What is known of people beside their answers, each in one group.
_OF_PEOPLE = frozenset({"sector", "role", "area"})
OVER = frozenset({SurveyStage.CLOSED, SurveyStage.ARCHIVED})


@dataclass(frozen=True)
class Splitting:
    """What parts the people: how an address names it, and its words."""

    by: str
    label: str

    @property
    def words(self) -> str:
        """What results are split by, as it stands behind the word by."""
        if self.by in _OF_PEOPLE:
            return self.label.lower()
        return f"session: {self.label}" if self.by.startswith("session-") else f"“{self.label}”"


def get_survey(survey_id: int) -> Survey:
    """The survey with its versions, for a job; raises NotFound."""
    found = db.session.get(Survey, survey_id, options=[selectinload(Survey.versions)])
    if found is None:
        raise NotFound
    return found


def get_public_survey(public_id: str) -> Survey:
    """A survey of which everybody may see some results, with its event; raises NotFound for every other."""
    statement = select(Survey).where(Survey.public_id == public_id, Survey.state != SurveyState.DRAFT)
    found = db.session.scalars(statement.options(joinedload(Survey.event))).one_or_none()
    if found is None or not found.public_questions:
        raise NotFound
    return found


def count_responses(survey_id: int) -> int:
    """How many have sent their answers and stand among the results."""
    statement = select(func.count()).where(SurveyResponse.survey_id == survey_id, SurveyResponse.day.is_not(None))
    return db.session.scalar(statement) or 0


def count_in_box(survey_id: int) -> int:
    """How many answers to an anonymous survey wait to be taken out of their envelopes."""
    return db.session.scalar(select(func.count()).where(SurveyEnvelope.survey_id == survey_id)) or 0


def count_taking_part(survey_id: int) -> int:
    """How many are noted to have taken part; answers by an address that everybody has are by nobody known."""
    return db.session.scalar(select(func.count()).where(Participation.survey_id == survey_id)) or 0


def count_asked(survey: Survey) -> int | None:
    """How many the survey asks, as numbers of its event stand now; None where nobody knows."""
    if survey.event_id is None:
        return None
    if survey.asked_of is AskedOf.EVERYONE:
        return _placed(survey.event_id)
    if survey.thing_kind is ThingKind.SESSION:
        there = came_to(select(Session.id).where(Session.id == survey.thing_id))
        if survey.asked_of is AskedOf.MISSED:
            there = and_(Registration.state == RegistrationState.CONFIRMED, ~there)
        statement = select(func.count()).select_from(Registration).where(Registration.event_id == survey.event_id)
        return db.session.scalar(statement.where(there)) or 0
    came = _counted(survey.event_id, Counted.CAME) + _counted(survey.event_id, Counted.IN_PART)
    if survey.asked_of is AskedOf.CAME:
        return came
    return max(0, _placed(survey.event_id) - came + _counted(survey.event_id, Counted.WITHOUT_PLACE))


def _placed(event_id: int) -> int:
    kept = RegistrationTally
    statement = select(func.sum(kept.count)).where(
        kept.event_id == event_id, kept.dimension == "sector", kept.state == RegistrationState.CONFIRMED
    )
    return int(db.session.scalar(statement) or 0)


def _counted(event_id: int, what: Counted) -> int:
    kept = AttendanceTally
    statement = select(func.sum(kept.count)).where(
        kept.event_id == event_id, kept.day_id == ALL_DAYS, kept.dimension == "sector", kept.what == what
    )
    return int(db.session.scalar(statement) or 0)


def splittings_of(survey: Survey, asked: Asked, titles: Mapping[str, str]) -> list[Splitting]:
    """What the results of a survey can be split by; `titles` are those of sessions by their public ids.

    Of an anonymous survey these are its own questions alone: whose sector, role and sessions they are nobody knows.
    """
    questions = [Splitting(f"question-{one.no}", one.label) for one in asked.splitting]
    if survey.privacy is Privacy.ANONYMOUS:
        return questions
    sessions = [section.session for section in asked.sections if section.session and section.session in titles]
    named = [Splitting(f"session-{one}", titles[one]) for one in dict.fromkeys(sessions)]
    areas = [Splitting("area", "Area")] if any_areas_in(survey.programme_id) else []
    return [Splitting("sector", "Sector"), Splitting("role", "Role"), *areas, *questions, *named]


def tally_of(survey_id: int, asked: Asked, only: ColumnElement[bool] | None = None) -> Tally:
    """How often each answer was given, by one aggregate over the answers; numbers have a second one of their own."""
    tests = true() if only is None else only
    found = _tallies(survey_id, asked, None, tests).get(None, Tally(0, {}))
    return replace(found, sums=_sums(survey_id, asked, tests))


def tallies_by(survey_id: int, asked: Asked, by: str, whole: Tally | None = None) -> dict[str, Tally]:
    """The same for each group of a split, in order of their words; for sessions `whole` is the tally of all."""
    if by == "sector":
        found = _tallies(survey_id, asked, SurveyResponse.sector, true())
        return dict(sorted((Sector(one).label if one else NOT_KNOWN, tally) for one, tally in found.items()))
    if by == "role":
        largest = _largest_roles(survey_id)
        own = SurveyResponse.role
        role = case((~own.in_(largest), OTHER_ROLES), (own == "", NOT_KNOWN), else_=own)
        return dict(sorted(_tallies(survey_id, asked, role, true()).items()))
    if by == "area":
        found = _tallies(survey_id, asked, area_of(SurveyResponse.organisation_id, _programme_of(survey_id)), true())
        names = names_of_areas(one for one in found if one is not None)
        return dict(sorted((names.get(one, NO_AREA), tally) for one, tally in found.items()))
    session = by.removeprefix("session-")
    sections = [section for section in asked.sections if section.session == session]
    questions = [q.no for section in sections for q in section.questions if q.no != section.no]
    came = select(SurveyAnswer.response_id).where(SurveyAnswer.question.in_(questions), SurveyAnswer.part == 0)
    there = tally_of(survey_id, asked, SurveyResponse.id.in_(came))
    return {"Were asked about it": there, "Were not": _without(whole or tally_of(survey_id, asked), there)}


def tallies_by_answer(survey_id: int, asked: Asked, no: int) -> dict[float | None, Tally]:
    """The same for each answer to a question of one choice; None for those who did not answer it."""
    own = aliased(SurveyAnswer)
    to_it = and_(own.response_id == SurveyResponse.id, own.question == no, own.part == 0)
    counted = _counts(survey_id, asked, own.value, true(), (own, to_it))
    # Each group is known by its own answer to the question; who gave none is left.
    found = {value: Tally(counts[no, 0, value], counts) for value, counts in counted.items() if value is not None}
    rest = count_responses(survey_id) - sum(tally.responses for tally in found.values())
    return found | {None: Tally(rest, counted.get(None, {}))}


def _programme_of(survey_id: int) -> Any:
    return select(Survey.programme_id).where(Survey.id == survey_id).scalar_subquery()


def _largest_roles(survey_id: int) -> list[str]:
    statement = (
        select(SurveyResponse.role)
        .where(SurveyResponse.survey_id == survey_id, SurveyResponse.day.is_not(None))
        .group_by(SurveyResponse.role)
        .order_by(func.count().desc(), SurveyResponse.role)
        .limit(ROLES)
    )
    return list(db.session.scalars(statement))


def _without(whole: Tally, part: Tally) -> Tally:
    counts = Counter[Key](whole.counts)
    counts.subtract(part.counts)
    return Tally(whole.responses - part.responses, +counts)


def _tallies(survey_id: int, asked: Asked, group: Any, only: ColumnElement[bool]) -> dict[Any, Tally]:
    those = (SurveyResponse.survey_id == survey_id, SurveyResponse.day.is_not(None), only)
    groups = () if group is None else (group.label("own"),)
    sizes: Select[Any] = select(func.count(), *groups).where(*those).group_by(*groups)
    tallies = {key[0] if key else None: Tally(number, {}) for number, *key in db.session.execute(sizes)}
    counted = _counts(survey_id, asked, group, only)
    return {key: replace(tally, counts=counted.get(key, {})) for key, tally in tallies.items()}


def _counts(
    survey_id: int,
    asked: Asked,
    group: Any,
    only: ColumnElement[bool],
    beside: tuple[Any, ColumnElement[bool]] | None = None,
) -> dict[Any, Counter[Key]]:
    """How often each group gave each answer; `beside` is what else a response may have, where that tells the group."""
    people: Any = SurveyResponse if beside is None else join(SurveyResponse, *beside, isouter=True)
    those = (SurveyResponse.survey_id == survey_id, SurveyResponse.day.is_not(None), only)
    groups = () if group is None else (group.label("own"),)
    numbers = [question.no for question in asked.questions if question.kind is Kind.NUMBER]
    dates = [question.no for question in asked.questions if question.kind is Kind.DATE]
    answer = SurveyAnswer
    value = case((answer.question.in_(numbers + dates), None), else_=answer.value) if numbers + dates else answer.value
    by = [answer.question, answer.part, value.label("given"), *groups]
    if dates:
        by.append(case((answer.question.in_(dates), func.substr(answer.text, 1, 7))).label("month"))
    statement = (
        select(func.count(), *by)
        .select_from(people)
        .join(answer, answer.response_id == SurveyResponse.id)
        .where(*those)
        .group_by(*by)
    )
    counted: defaultdict[Any, Counter[Key]] = defaultdict(Counter)
    for number, question, part, given, *more in db.session.execute(statement):
        key = more[0] if groups else None
        month = more[-1] if dates else None
        counted[key][question, part, month or given] += number
    return counted


def _sums(survey_id: int, asked: Asked, only: ColumnElement[bool]) -> dict[int, tuple[float, float]]:
    numbers = [question.no for question in asked.questions if question.kind is Kind.NUMBER]
    if not numbers:
        return {}
    answer = SurveyAnswer
    statement = (
        select(answer.question, func.sum(answer.value), func.sum(answer.value * answer.value))
        .join(SurveyResponse, SurveyResponse.id == answer.response_id)
        .where(SurveyResponse.survey_id == survey_id, SurveyResponse.day.is_not(None), only)
        .where(answer.question.in_(numbers), answer.part == 0)
        .group_by(answer.question)
    )
    return {
        question: (float(total or 0), float(squares or 0)) for question, total, squares in db.session.execute(statement)
    }


def live_results(survey: Survey, *by: str) -> Results:
    """The results as they stand this moment, split by these things; `survey` must have its versions loaded.

    For those alone who may see each answer: what others see is released in steps.
    """
    asked, wordings = asked_over_time([(one.number, one.document) for one in survey.versions])
    own = {one: int(one.removeprefix("question-")) for one in by if one.startswith("question-")}
    splits: dict[str, dict[str, Tally]] = {}
    answers: dict[int, dict[float | None, Tally]] = {}
    if len(by) == 1 and (own or by[0] in _OF_PEOPLE):
        # Everybody is in one group, so that all are counted with the groups.
        if own:
            (no,) = own.values()
            answers[no] = tallies_by_answer(survey.id, asked, no)
            groups = together(answers[no].values())
        else:
            splits[by[0]] = tallies_by(survey.id, asked, by[0])
            groups = together(splits[by[0]].values())
        whole = replace(groups, sums=_sums(survey.id, asked, true()))
    else:
        whole = tally_of(survey.id, asked)
        if whole.responses >= survey.threshold:
            splits = {one: tallies_by(survey.id, asked, one, whole) for one in by if one not in own}
            answers = {no: tallies_by_answer(survey.id, asked, no) for no in own.values()}
    return publish(asked, whole, survey.threshold, wordings=wordings, splits=splits, answers=answers)[0]


def find_release(survey_id: int) -> SurveyRelease | None:
    """What was released of a survey last."""
    statement = select(SurveyRelease).where(SurveyRelease.survey_id == survey_id)
    return db.session.scalars(
        statement.order_by(SurveyRelease.number.desc(), SurveyRelease.id.desc()).limit(1)
    ).one_or_none()


@dataclass(frozen=True)
class Stop:
    """A question and how many left the survey at it; None is hidden."""

    no: int
    label: str
    left: int | None


def drop_off(survey: Survey, asked: Asked, sent: int) -> list[Stop]:
    """Where those left who began and did not send, by the last question they saw; small numbers are hidden."""
    parts = (
        select(SurveyDraft.reached, func.count())
        .where(SurveyDraft.survey_id == survey.id, ~SurveyDraft.again)
        .group_by(SurveyDraft.reached),
        select(SurveyResponse.reached, func.count())
        .where(SurveyResponse.survey_id == survey.id, SurveyResponse.day.is_(None))
        .group_by(SurveyResponse.reached),
    )
    left = Counter[int]()
    for statement in parts:
        for reached, number in db.session.execute(statement):
            left[reached] += number
    questions = [question for question in asked.all_questions if question.kind.is_asked]
    known = {question.no for question in questions}
    counts = [sum(number for no, number in left.items() if no not in known)] + [left[one.no] for one in questions]
    hidden = protect_list([*counts, sent], survey.threshold)
    names = [(0, "Before the first question"), *((one.no, one.label) for one in questions)]
    return [Stop(no, label, None if place in hidden else counts[place]) for place, (no, label) in enumerate(names)]
