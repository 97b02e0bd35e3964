"""Answering a survey: saved as one goes, sent when all that must be is answered, changed until it closes."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, bindparam, delete, false, insert, update

from webapp import sealing, transaction
from webapp.database import insert_for, insert_or
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.models.accounts import ThingKind
from webapp.models.attendance import Came
from webapp.models.registrations import RegistrationState
from webapp.models.surveys import (
    AskedOf,
    Participation,
    Privacy,
    Survey,
    SurveyAnswer,
    SurveyDraft,
    SurveyResponse,
    SurveyStage,
)
from webapp.models.surveys_answered import Part, fitting, plain, unanswered
from webapp.models.surveys_asked import Question
from webapp.queries import direct
from webapp.queries.attendance.at_sessions import was_at_session
from webapp.queries.surveys import answering as queries
from webapp.queries.surveys import standing
from webapp.queries.surveys.standing import Answerer, SoFar
from webapp.services.surveys import box
from webapp.services.surveys.rows import answer_rows, drawn
from webapp.templating import british_moment

FIRST_VERSIONS = 2**30


class SurveyNotOpen(DomainError):
    """The survey is not open yet, or closed."""

    code = "survey_not_open"


class NotAsked(DomainError):
    """The survey is not for this person."""

    code = "not_asked"
    status = 403


class AnsweredAlready(DomainError):
    """The answers are in the box with others, so nobody can say which are this person's."""

    code = "answered_already"
    message = (
        "You have answered this survey. Your answers are kept apart from your name, so nobody can tell which they are,"
        " and they can no longer be changed."
    )


class AnsweredElsewhere(DomainError):
    """Another device changed the same answer since it was read."""

    code = "answered_elsewhere"
    message = "You answered this on another device a moment ago. Press Continue to see both."


class Unanswered(DomainError):
    """Something that must be answered is not; `questions` are those."""

    code = "unanswered"
    status = 422

    def __init__(self, questions: list[Question]) -> None:
        super().__init__("Some questions still need an answer.")
        self.questions = questions


def check_open(survey: Survey, *, now: datetime) -> None:
    """Raise SurveyNotOpen, with a sentence that says why, unless the survey takes answers now."""
    stage = survey.stage(now)
    if stage is SurveyStage.NOT_YET_OPEN:
        when = f" It opens at {british_moment(survey.opens_at, survey.zone)}." if survey.opens_at else ""
        raise SurveyNotOpen("This survey is not open yet." + when)
    if stage is not SurveyStage.OPEN:
        raise SurveyNotOpen("This survey has closed. Thank you for wanting to answer.")


def check_asked(survey: Survey, who: Answerer) -> None:
    """Raise NotAsked, with a sentence that says why, unless the survey is for this person."""
    if who.registration is None:
        if not survey.open_link and survey.event_id is not None:
            raise NotAsked("This survey is for people who are registered for the event.")
        return
    if survey.open_link and survey.asked_of is AskedOf.EVERYONE:
        return
    if survey.asked_of is AskedOf.EVERYONE and who.registration.state is RegistrationState.CONFIRMED:
        return
    how = queries.find_presence(who.registration.id)
    if survey.asked_of is not AskedOf.EVERYONE and survey.thing_kind is ThingKind.SESSION:
        how = Came.CAME if was_at_session(who.registration.id, survey.thing_id or 0) else None
    check_seen(survey.asked_of, who.registration.state, how)


def check_seen(asked_of: AskedOf, state: RegistrationState, how: Came | None) -> None:
    """Raise NotAsked unless whoever has a registration that stands so, and was seen so, is asked."""
    if asked_of is AskedOf.CAME and how not in {Came.CAME, Came.IN_PART}:
        raise NotAsked("This survey is for those who came, and you are not among those who were seen there.")
    if asked_of is AskedOf.MISSED and how in {Came.CAME, Came.IN_PART}:
        raise NotAsked("This survey is for those who missed it, and you were there.")
    if how is None and state is not RegistrationState.CONFIRMED:
        raise NotAsked("This survey is for people who have a place at the event.")


def save_at_once(
    survey: Survey,
    who: Answerer,
    so_far: SoFar,
    *,
    given: Mapping[int, tuple[Part, ...]],
    reached: int,
    now: datetime,
    kept: frozenset[str] = frozenset(),
) -> bool:
    """Do what save does by one statement in a unit of its own, where nobody saved or sent since `so_far` was read.

    False where that is not so, or the survey takes no answers now: nothing was done then, and save says why. The
    person must have been asked (check_asked), and `reached` is the last question that they saw, at any time.
    """
    if so_far.sent and not so_far.has_draft:
        return False
    merged = {no: parts for no, parts in (so_far.given | dict(given)).items() if parts}
    values = {
        **standing.values(survey, who),
        "draft": so_far.draft or standing.draft_keys(survey, who)[0],
        "read": so_far.version,
        "first": drawn() % FIRST_VERSIONS,
        "now": now,
        "to_day": now.astimezone(survey.timezone).date(),
        "to_reached": reached,
        "to_sealed": sealing.seal(standing.DRAFT, plain(merged, so_far.kept | kept)),
    }
    changed, begun = _compiled(db.engine.dialect, standing.kind_of(who))
    one = changed if so_far.has_draft else begun
    direct.asked.send(one.text)
    try:
        return bool(transaction.brief_unit([(one.text, one.values(values))]))
    except db.engine.dialect.loaded_dbapi.Error:
        return False  # the long way waits, or says what is wrong


def _to(column: Any) -> Any:
    return bindparam(f"to_{column.name}", type_=column.type)


@lru_cache(maxsize=12)
def _compiled(dialect: Dialect, kind: standing.By) -> tuple[direct.Compiled, direct.Compiled]:
    draft = SurveyDraft.__table__.c
    told = {column: _to(column) for column in (draft.day, draft.reached, draft.sealed)}
    changed = (
        update(SurveyDraft)
        .where(draft.key == bindparam("draft"), draft.version == bindparam("read"))
        .where(draft.survey_id.in_(standing.TAKES_ANSWERS))
        .values({**told, draft.version: draft.version + 1})
        .returning(draft.key)
    )
    key = bindparam("draft", type_=draft.key.type)
    # No number of a draft comes again, so that nobody takes a second draft for the first.
    number = bindparam("first", type_=draft.version.type)
    first = standing.has_sent_nothing(kind).with_only_columns(key, Survey.id, number, false(), *told.values())
    begun = (
        insert_for(dialect.name, SurveyDraft)
        .from_select([draft.key, draft.survey_id, draft.version, draft.again, *told], first)
        .on_conflict_do_nothing()
        .returning(draft.key)
    )
    return direct.compiled_for(changed, dialect), direct.compiled_for(begun, dialect)


def save(
    survey_id: int,
    who: Answerer,
    *,
    given: Mapping[int, tuple[Part, ...]],
    reached: int,
    now: datetime,
    kept: frozenset[str] = frozenset(),
    read: Mapping[int, tuple[Part, ...]] | None = None,
) -> None:
    """Keep what was answered to some questions, beside what this person saved before; no parts take an answer back.

    `reached` is the last question that they saw now, and `kept` are marks of what they let stand in it with a reason.
    What is as in `read`, which they were shown, is left as it may be by now. Raises SurveyNotOpen, NotAsked,
    AnsweredAlready, and AnsweredElsewhere.
    """
    survey, day = _answerable(survey_id, who, now=now)
    draft = standing.lock_draft(survey, who)
    if draft is None:
        draft = _begun(survey, who, day=day)
    stands, marks = standing.opened_draft(draft.sealed)
    if read is not None:
        given = {no: parts for no, parts in given.items() if parts != read.get(no, ())}
        if any(stands.get(no, ()) not in (parts, read.get(no, ())) for no, parts in given.items()):
            raise AnsweredElsewhere
    merged = {no: parts for no, parts in (stands | dict(given)).items() if parts}
    draft.sealed = sealing.seal(standing.DRAFT, plain(merged, marks | kept))
    draft.reached = queries.newest_version(survey).document.later(draft.reached, reached)
    draft.day = day
    draft.version += 1
    db.session.flush()


def send(survey_id: int, who: Answerer, *, now: datetime) -> None:
    """Send what was saved: once for each person, and anew as often as they like until it is closed or opened.

    Raises Unanswered with what is still to be answered, and as save does. Sending twice is sending once.
    """
    survey, day = _answerable(survey_id, who, now=now)
    draft = standing.lock_draft(survey, who)
    so_far = standing.so_far(survey, who)
    if not so_far.changeable:
        raise AnsweredAlready
    if so_far.sent and draft is None:
        return
    version = queries.newest_version(survey)
    asked = version.document
    given = fitting(asked, so_far.given, who.attended)
    missing = unanswered(asked, given, who.attended)
    if missing:
        raise Unanswered(missing)
    reached = asked.questions[-1].no if asked.questions else 0
    if survey.privacy is Privacy.ANONYMOUS:
        box.drop(survey, who, given=given, version=version.number, reached=reached)
    else:
        _record(survey, who, given, version=version.number, reached=reached, day=day)
    if draft is not None:
        db.session.delete(draft)
    db.session.flush()


def _answerable(survey_id: int, who: Answerer, *, now: datetime) -> tuple[Survey, date]:
    """The survey, if this person may answer it now, and the day where it is."""
    survey = queries.lock_survey_shared(survey_id)
    check_open(survey, now=now)
    check_asked(survey, who)
    return survey, now.astimezone(survey.timezone).date()


def _begun(survey: Survey, who: Answerer, *, day: date) -> SurveyDraft:
    """A new draft that begins with what this person sent before, if they may still change it."""
    so_far = standing.so_far(survey, who)
    if not so_far.changeable:
        raise AnsweredAlready
    first = {
        "key": standing.draft_keys(survey, who)[0],
        "survey_id": survey.id,
        "day": day,
        "reached": 0,
        "version": drawn() % FIRST_VERSIONS,
        "sealed": sealing.seal(standing.DRAFT, plain(so_far.given)),
        "again": so_far.sent,
    }
    db.session.execute(insert_or(db.session, SurveyDraft).values(first).on_conflict_do_nothing())
    draft = standing.lock_draft(survey, who)
    if draft is None:  # sent by another device in this very moment
        raise AnsweredAlready
    return draft


def _record(
    survey: Survey, who: Answerer, given: dict[int, tuple[Part, ...]], *, version: int, reached: int, day: date
) -> None:
    response = standing.find_response(survey, who)
    if response is None:
        response = SurveyResponse(id=_number(survey, who), survey_id=survey.id)
        if who.is_known:
            part = Participation(
                id=drawn(),
                survey_id=survey.id,
                registration_id=who.registration.id if who.registration is not None else None,
                person_id=who.person_id if who.registration is None else None,
                day=day,
            )
            db.session.add(part)
            db.session.flush()
            response.participation_id = part.id
        db.session.add(response)
    response.version, response.reached, response.day = version, reached, day
    if who.registration is not None:
        response.sector, response.role = who.registration.sector, who.registration.role
        response.organisation_id = who.registration.organisation_id
    db.session.flush()
    db.session.execute(delete(SurveyAnswer).where(SurveyAnswer.response_id == response.id))
    if given:
        db.session.execute(insert(SurveyAnswer), answer_rows(response.id, given))


def _number(survey: Survey, who: Answerer) -> int:
    return drawn() if who.is_known else standing.response_numbers(survey, who)[0]
