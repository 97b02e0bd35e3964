"""Reading for those who answer a survey: the survey itself, by whom, and the boxes in which answers wait."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session as OwnSession
from sqlalchemy.orm import defer, joinedload

from webapp import sealing, tokens
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.agenda import Session
from webapp.models.attendance import ALL_DAYS, AttendanceRecord, AttendanceReport, Came, Presence
from webapp.models.events import Event
from webapp.models.programmes import Programme
from webapp.models.registrations import Registration
from webapp.models.surveys import (
    Participation,
    Privacy,
    Survey,
    SurveyDraft,
    SurveyEnvelope,
    SurveyState,
    SurveyVersion,
    answering,
)
from webapp.queries.direct import Direct
from webapp.queries.surveys.standing import ENVELOPE


def survey_stamp(public_id: str) -> str | None:
    """What changes whenever the survey that get_answered_survey gives does; None where it gives none."""
    row = _STAMP.first(survey=public_id)
    return repr(row) if row else None


def get_answered_survey(public_id: str) -> Survey:
    """A survey that people may know of, with its event and programme; raises NotFound for drafts and what is gone.

    It belongs to no session, so it may be kept, and nothing that is changed on it is.
    """
    with OwnSession(db.engine, expire_on_commit=False) as session:
        found = session.scalars(_ANSWERED, {"survey": public_id}).one_or_none()
    if found is None:
        raise NotFound
    return found


# Put together once: hundreds answer within a minute.
_IS_KNOWN = (Survey.public_id == bindparam("survey"), Survey.state != SurveyState.DRAFT)
_ANSWERED = (
    select(Survey)
    .where(*_IS_KNOWN)
    .options(joinedload(Survey.event), joinedload(Survey.programme), defer(Survey.draft, raiseload=True))
)
_STAMP = Direct(
    select(
        *(column for column in Survey.__table__.columns if column.name not in {"draft", "public_questions"}),
        Event.public_revision,
        Event.state,
        Programme.name,
    )
    .join(Programme, Programme.id == Survey.programme_id)
    .outerjoin(Event, Event.id == Survey.event_id)
    .where(*_IS_KNOWN)
)


def open_surveys_of(event_id: int, *, now: datetime) -> Sequence[Survey]:
    """The surveys of an event that take answers now, the oldest first."""
    begun = or_(Survey.opens_at.is_(None), Survey.opens_at <= now)
    going_on = or_(Survey.closes_at.is_(None), Survey.closes_at > now)
    statement = select(Survey).where(Survey.event_id == event_id, Survey.state == SurveyState.PUBLISHED)
    return list(db.session.scalars(statement.where(begun, going_on).order_by(Survey.id)))


def surveys_waiting_for(person_id: int, *, now: datetime) -> list[tuple[Survey, Registration, Came | None]]:
    """The open surveys of a person's events that they sent no answers to, with their registration and how they came.

    Two statements at most, however many there are.
    """
    begun = or_(Survey.opens_at.is_(None), Survey.opens_at <= now)
    going_on = or_(Survey.closes_at.is_(None), Survey.closes_at > now)
    took_part = exists().where(
        Participation.survey_id == Survey.id,
        or_(Participation.registration_id == Registration.id, Participation.person_id == person_id),
    )
    statement = (
        select(Survey, Registration, Presence.how)
        .join(Registration, Registration.event_id == Survey.event_id)
        .outerjoin(Presence, and_(Presence.registration_id == Registration.id, Presence.day_id == ALL_DAYS))
        .where(Registration.person_id == person_id, Survey.state == SurveyState.PUBLISHED, begun, going_on, ~took_part)
        .options(defer(Survey.draft, raiseload=True))
        .order_by(Survey.id)
    )
    found: list[tuple[Survey, Registration, Came | None]] = [
        (survey, registration, how) for survey, registration, how in db.session.execute(statement)
    ]
    boxed = {
        (survey.id, tag)
        for survey, registration, _ in found
        if survey.privacy is Privacy.ANONYMOUS
        for tag in sealing.marks(ENVELOPE, f"{survey.public_id} registration {registration.id}")
    }
    if not boxed:
        return found
    tags = select(SurveyEnvelope.survey_id, SurveyEnvelope.tag).where(SurveyEnvelope.tag.in_([tag for _, tag in boxed]))
    sent = {survey_id for survey_id, tag in db.session.execute(tags) if (survey_id, tag) in boxed}
    return [one for one in found if one[0].id not in sent]


def newest_version(survey: Survey) -> SurveyVersion:
    """What the survey asks now."""
    return db.session.scalars(
        select(SurveyVersion).where(SurveyVersion.survey_id == survey.id, SurveyVersion.number == survey.number)
    ).one()


def lock_survey_shared(survey_id: int) -> Survey:
    """The survey, which cannot be closed until the unit ends; many may answer at once. Raises NotFound."""
    statement = select(Survey).where(Survey.id == survey_id).with_for_update(read=True)
    found = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def get_registration_by_link(survey: Survey, token: str) -> Registration:
    """The registration that a personal link is for; raises NotFound when forged, foreign or replaced."""
    found = db.session.scalars(
        select(Registration).where(
            Registration.public_id == tokens.public_id(token), Registration.event_id == survey.event_id
        )
    ).one_or_none()
    if found is None or not tokens.proves(token, answering(survey.public_id), found.link_nonce):
        raise NotFound
    return found


def find_own_registration(survey: Survey, person_id: int) -> Registration | None:
    """The registration of a person at the survey's event."""
    if survey.event_id is None:
        return None
    return db.session.scalars(
        select(Registration).where(Registration.event_id == survey.event_id, Registration.person_id == person_id)
    ).one_or_none()


def find_presence(registration_id: int) -> Came | None:
    """How somebody took part in all days together; None where they were not seen, or nobody has looked yet."""
    return db.session.scalars(
        select(Presence.how).where(Presence.registration_id == registration_id, Presence.day_id == ALL_DAYS)
    ).one_or_none()


def attendance_is_known(event_id: int) -> bool:
    """Whether anybody was seen at the event."""
    return db.session.scalars(select(Presence.id).where(Presence.event_id == event_id).limit(1)).first() is not None


def sessions_attended(registration: Registration) -> frozenset[str] | None:
    """Public ids of the sessions that somebody came to, by the report of the session, else by their presence that day.

    None where nobody has looked who came.
    """
    if not attendance_is_known(registration.event_id):
        return None
    own = set(
        db.session.scalars(
            select(AttendanceReport.session_id)
            .join(AttendanceRecord, AttendanceRecord.report_id == AttendanceReport.id)
            .where(AttendanceRecord.registration_id == registration.id, AttendanceReport.session_id.is_not(None))
        )
    )
    reported = set(
        db.session.scalars(
            select(AttendanceReport.session_id).where(
                AttendanceReport.event_id == registration.event_id, AttendanceReport.session_id.is_not(None)
            )
        )
    )
    days = set(
        db.session.scalars(
            select(Presence.day_id).where(
                Presence.registration_id == registration.id, Presence.how.in_([Came.CAME, Came.IN_PART])
            )
        )
    )
    sessions = db.session.execute(
        select(Session.id, Session.public_id, Session.day_id).where(Session.event_id == registration.event_id)
    )
    return frozenset(
        public_id for row_id, public_id, day in sessions if row_id in own or (row_id not in reported and day in days)
    )


def how_far_drafts_came(survey_id: int) -> Sequence[int]:
    """The last question that each saw who saved answers and has sent none, in an order that tells of nobody."""
    statement = select(SurveyDraft.reached).where(SurveyDraft.survey_id == survey_id, ~SurveyDraft.again)
    return db.session.scalars(statement.order_by(SurveyDraft.reached, SurveyDraft.key)).all()


def surveys_with_envelopes() -> Sequence[tuple[Survey, int]]:
    """The surveys in whose boxes envelopes wait, each with their number."""
    waiting = (
        select(SurveyEnvelope.survey_id, func.count().label("number")).group_by(SurveyEnvelope.survey_id).subquery()
    )
    rows = db.session.execute(
        select(Survey, waiting.c.number).join(waiting, waiting.c.survey_id == Survey.id).order_by(Survey.id)
    )
    return [(survey, number) for survey, number in rows]


def surveys_with_drafts(*, now: datetime) -> Sequence[Survey]:
    """The surveys that take no more answers, and to which some are saved and not sent."""
    over = or_(Survey.state != SurveyState.PUBLISHED, Survey.closes_at <= now)
    some = exists().where(SurveyDraft.survey_id == Survey.id)
    return db.session.scalars(select(Survey).where(over, some).order_by(Survey.id)).all()


def lock_envelopes(survey_id: int) -> list[int]:
    """The ids of all envelopes of a survey, which nobody else opens meanwhile."""
    statement = select(SurveyEnvelope.id).where(SurveyEnvelope.survey_id == survey_id).order_by(SurveyEnvelope.id)
    return list(db.session.scalars(statement.with_for_update()))


def sealed_in(envelope_ids: Sequence[int]) -> Iterator[bytes]:
    """What is sealed in these envelopes, read as it is asked for."""
    for first in range(0, len(envelope_ids), 500):
        some = SurveyEnvelope.id.in_(envelope_ids[first : first + 500])
        yield from db.session.scalars(select(SurveyEnvelope.sealed).where(some)).all()


def who_answered(survey: Survey, registration_ids: Iterable[int]) -> set[int]:
    """Which of these registrations sent their answers, those in the box included."""
    ids = list(registration_ids)
    found: set[int] = set()
    for first in range(0, len(ids), 500):
        some = ids[first : first + 500]
        found |= set(
            db.session.scalars(
                select(Participation.registration_id).where(
                    Participation.survey_id == survey.id, Participation.registration_id.in_(some)
                )
            )
        )
    waiting = set(db.session.scalars(select(SurveyEnvelope.tag).where(SurveyEnvelope.survey_id == survey.id)))
    if waiting:
        found |= {
            one
            for one in set(ids) - found
            if not waiting.isdisjoint(sealing.marks(ENVELOPE, f"{survey.public_id} registration {one}"))
        }
    return found
