"""Whom a letter to many is for, as statements that the database answers for thousands at once."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal, or_, select, union_all
from sqlalchemy.orm import contains_eager

from webapp.extensions import db
from webapp.models.agenda import Session, Star
from webapp.models.areas import Area
from webapp.models.attendance import ALL_DAYS, AttendanceRecord, AttendanceReport, Came, CheckIn, Presence
from webapp.models.events import Event, EventDay, EventQuestion, Mode
from webapp.models.mailings import MailKind
from webapp.models.organisations import Organisation
from webapp.models.registrations import (
    Registration,
    RegistrationAnswer,
    RegistrationState,
    RegistrationTally,
)
from webapp.models.sign_ups import SignUp, SignUpState
from webapp.models.to_many import Audience, Chosen
from webapp.queries.attendance.at_sessions import came_to
from webapp.queries.by_area import areas_in, organisations_in
from webapp.queries.preferences import declined_ids
from webapp.queries.registrations import Tag, tags_at
from webapp.queries.registrations.criteria import criteria

AT_ONCE = 2_000
MOST_ORGANISATIONS = 500


@dataclass(frozen=True)
class Someone:
    """One registration as a letter is written to it; `declined` where the person does not want this kind."""

    id: int
    person_id: int
    name: str
    email: str
    organisation: str
    public_id: str
    link_nonce: str
    state: RegistrationState
    mode: Mode
    declined: bool


@dataclass(frozen=True)
class Count:
    """How many people a letter goes to, and how many belong to them and have declined its kind."""

    going: int
    declined: int


def count_people(event_id: int, asked: Sequence[tuple[Audience, MailKind]], *, absent: Came) -> list[Count]:
    """How many people of an event each of several letters is for, by one statement.

    `absent` is what those without a sign of them count as: that they missed it, or that it has not been yet.
    """
    if not asked:
        return []
    counted = []
    for place, (audience, kind) in enumerate(asked):
        refused = func.coalesce(func.sum(case((_declined(kind), 1), else_=0)), 0)
        columns = (literal(place).label("place"), func.count().label("everybody"), refused.label("refused"))
        counted.append(_of(select(*columns).select_from(Registration), event_id, audience, absent))
    rows = sorted(tuple(row) for row in db.session.execute(union_all(*counted)))
    return [Count(everybody - refused, refused) for _, everybody, refused in rows]


def each_person(event_id: int, audience: Audience, kind: MailKind, *, absent: Came) -> Iterator[Someone]:
    """The people of an event who are meant, in order of arrival; few in memory at a time.

    `absent` is what those without a sign of them count as.
    """
    for some in db.session.execute(
        _people(event_id, audience, kind, absent).order_by(Registration.arrival, Registration.id),
        execution_options={"yield_per": AT_ONCE},
    ).partitions():
        yield from (Someone(*row) for row in some)


def ids_of_people(event_id: int, audience: Audience, *, absent: Came) -> list[int]:
    """The registrations of the people of an event who are meant, in order of arrival; `absent` as above."""
    statement = _of(select(Registration.id), event_id, audience, absent)
    return list(db.session.scalars(statement.order_by(Registration.arrival, Registration.id)))


def people_of(registration_ids: Collection[int], kind: MailKind) -> list[Someone]:
    """The people of so many registrations as they are now, in order of arrival; a thousand at most."""
    statement = _columns(kind).where(Registration.id.in_(registration_ids))
    rows = db.session.execute(statement.order_by(Registration.arrival, Registration.id))
    return [Someone(*row) for row in rows]


def find_someone(event_id: int, public_id: str, kind: MailKind) -> Someone | None:
    """One registration of an event, whether or not it is meant; None when there is none."""
    everybody = Audience(states=tuple(RegistrationState))
    statement = _people(event_id, everybody, kind, Came.NOT_YET).where(Registration.public_id == public_id)
    row = db.session.execute(statement).one_or_none()
    return Someone(*row) if row else None


def attendance_is_known(event_id: int) -> bool:
    """Whether anybody was checked in at an event, or stands in a report of it."""
    checked_in = select(CheckIn.id).where(CheckIn.event_id == event_id).limit(1)
    reported = select(AttendanceReport.id).where(AttendanceReport.event_id == event_id)
    reported = reported.join(AttendanceRecord, AttendanceRecord.report_id == AttendanceReport.id)
    named = reported.where(AttendanceRecord.registration_id.is_not(None)).limit(1)
    return any(db.session.scalar(statement) is not None for statement in (checked_in, named))


@dataclass(frozen=True, kw_only=True)
class Offered:
    """What people can be chosen by at an event, beside what holds at any: of questions those with few answers."""

    sessions: Sequence[Session]
    organisations: Sequence[str]
    areas: Sequence[Area]
    tags: Sequence[Tag]
    questions: Sequence[EventQuestion]


def offered_at(event_id: int) -> Offered:
    """What the people of an event can be chosen by beside what they can be at any; organisations the largest 500."""
    sessions = select(Session).join(EventDay, EventDay.id == Session.day_id).where(Session.event_id == event_id)
    sessions = sessions.options(contains_eager(Session.day))
    kept = RegistrationTally
    sizes = (
        select(kept.value)
        .where(kept.event_id == event_id, kept.dimension == "organisation", kept.count > 0)
        .group_by(kept.value)
        .order_by(func.sum(kept.count).desc(), kept.value)
        .limit(MOST_ORGANISATIONS)
    )
    questions = select(EventQuestion).where(EventQuestion.event_id == event_id)
    return Offered(
        sessions=db.session.scalars(
            sessions.order_by(EventDay.date, Session.starts.nulls_first(), Session.position, Session.id)
        ).all(),
        organisations=sorted(db.session.scalars(sizes)),
        areas=areas_in(db.session.execute(select(Event.programme_id).where(Event.id == event_id)).scalar_one()),
        tags=tags_at(event_id),
        questions=db.session.scalars(questions.order_by(EventQuestion.position, EventQuestion.id)).all(),
    )


def _people(event_id: int, audience: Audience, kind: MailKind, absent: Came) -> Any:
    return _of(_columns(kind), event_id, audience, absent)


def _columns(kind: MailKind) -> Any:
    row = Registration
    columns = (row.id, row.person_id, row.name, row.email, row.organisation_name, row.public_id, row.link_nonce)
    return select(*columns, row.state, row.mode, _declined(kind))


def _declined(kind: MailKind) -> ColumnElement[bool]:
    return Registration.person_id.in_(declined_ids(kind)) if kind.may_be_declined else false()


def _of(statement: Any, event_id: int, audience: Audience, absent: Came) -> Any:
    """The statement, of those only for whom all that is asked for holds; of several values of one thing any."""
    row, given = Registration, audience
    statement = statement.where(row.event_id == event_id, row.state.in_(given.states))
    if given.modes:
        statement = statement.where(row.mode.in_(given.modes))
    if given.sectors:
        statement = statement.where(row.sector.in_(given.sectors))
    if given.organisations:
        statement = statement.where(or_(*(_found(event_id, organisation=one) for one in given.organisations)))
    if given.areas:
        within = organisations_in(given.areas)
        named = select(Organisation.name).where(Organisation.id.in_(within))
        statement = statement.where(or_(row.organisation_id.in_(within), row.organisation_name.in_(named)))
    if given.tags:
        statement = statement.where(or_(*(_found(event_id, tag=one) for one in given.tags)))
    if given.attendance:
        statement = statement.where(_took_part(given.attendance, absent))
    if given.sessions:
        statement = statement.where(_in_sessions(event_id, given))
    for question in dict.fromkeys(question for question, _ in given.answers):
        answers = [answer for of, answer in given.answers if of == question]
        statement = statement.where(row.id.in_(_answered(event_id, question, answers)))
    return statement


def _found(event_id: int, *, organisation: str = "", tag: str = "") -> ColumnElement[bool]:
    (criterion,) = criteria(event_id, text="", tag=tag, organisation=organisation, mode=None)
    return Registration.id.in_(criterion.ids)


def _took_part(wanted: Sequence[Came], absent: Came) -> ColumnElement[bool]:
    """Whether somebody took part so, on their best day; only somebody with a place can have missed it."""
    there = Presence.__table__
    seen = select(literal(1)).where(there.c.registration_id == Registration.id, there.c.day_id == ALL_DAYS)
    ways: list[ColumnElement[bool]] = [seen.where(there.c.how.in_(wanted)).exists()]
    if absent in wanted:
        ways.append(and_(Registration.state == RegistrationState.CONFIRMED, ~seen.exists()))
    return or_(*ways)


def _in_sessions(event_id: int, given: Audience) -> ColumnElement[bool]:
    wanted = select(Session.id).where(Session.event_id == event_id, Session.public_id.in_(given.sessions))
    ways: list[ColumnElement[bool]] = []
    if Chosen.SIGNED_UP in given.chosen:
        signed = select(SignUp.registration_id).where(SignUp.session_id.in_(wanted))
        ways.append(Registration.id.in_(signed.where(SignUp.state == SignUpState.CONFIRMED)))
    if Chosen.STARRED in given.chosen:
        ways.append(Registration.person_id.in_(select(Star.person_id).where(Star.session_id.in_(wanted))))
    if Chosen.CAME in given.chosen:
        ways.append(came_to(wanted))
    if Chosen.MISSED in given.chosen:
        ways.append(and_(Registration.state == RegistrationState.CONFIRMED, ~came_to(wanted)))
    return or_(false(), *ways)


def _answered(event_id: int, question: str, answers: Sequence[str]) -> Select[int]:
    """The registrations that gave one of these answers; each answer is a list, and databases open lists differently."""
    row = RegistrationAnswer
    opened = func.json_each if db.session.get_bind().dialect.name == "sqlite" else func.json_array_elements_text
    each = opened(row.value).table_valued("value", name="each_answer")
    statement = select(row.registration_id).select_from(row).join(EventQuestion, EventQuestion.id == row.question_id)
    statement = statement.where(EventQuestion.event_id == event_id, EventQuestion.public_id == question)
    return statement.where(select(each.c.value).where(each.c.value.in_(answers)).exists())
