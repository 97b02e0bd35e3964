"""Reading for those who answer a survey: what it asks them, what they said so far, and whether they sent it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select
from sqlalchemy.orm import joinedload

from webapp import sealing, tokens
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.agenda import Session
from webapp.models.attendance import ALL_DAYS, AttendanceRecord, AttendanceReport, Came, Presence
from webapp.models.registrations import Registration
from webapp.models.surveys import (
    Participation,
    Privacy,
    Survey,
    SurveyAnswer,
    SurveyDraft,
    SurveyEnvelope,
    SurveyResponse,
    SurveyState,
    SurveyVersion,
    answering,
)
from webapp.models.surveys_answered import Part, of

DRAFT, ENVELOPE, WHO = "survey draft", "survey envelope", "survey answerer"


@dataclass(frozen=True, kw_only=True)
class Answerer:
    """Who answers a survey: by a registration, signed in, or nobody knows who, by an address with a secret in it.

    `attended` are the public ids of the sessions that the person came to, None where that is not known.
    """

    registration: Registration | None = None
    person_id: int | None = None
    secret: str = ""
    attended: frozenset[str] | None = None

    @property
    def name(self) -> str:
        """What tells this one from others, and stands in no table."""
        if self.registration is not None:
            return f"registration {self.registration.id}"
        return f"person {self.person_id}" if self.person_id is not None else f"secret {self.secret}"

    @property
    def is_known(self) -> bool:
        """Whether it can be said who took part."""
        return not self.secret


def get_answered_survey(public_id: str) -> Survey:
    """A survey that people may know of, with its event and programme; raises NotFound for drafts and what is gone."""
    found = db.session.scalars(_ANSWERED, {"survey": public_id}).one_or_none()
    if found is None:
        raise NotFound
    return found


# Put together once: hundreds answer within a minute.
_ANSWERED = (
    select(Survey)
    .where(Survey.public_id == bindparam("survey"), Survey.state != SurveyState.DRAFT)
    .options(joinedload(Survey.event), joinedload(Survey.programme))
)


def open_surveys_of(event_id: int, *, now: datetime) -> Sequence[Survey]:
    """The surveys of an event that take answers now, the oldest first."""
    begun = or_(Survey.opens_at.is_(None), Survey.opens_at <= now)
    going_on = or_(Survey.closes_at.is_(None), Survey.closes_at > now)
    statement = select(Survey).where(Survey.event_id == event_id, Survey.state == SurveyState.PUBLISHED)
    return list(db.session.scalars(statement.where(begun, going_on).order_by(Survey.id)))


def newest_version(survey: Survey) -> SurveyVersion:
    """What the survey asks now."""
    return db.session.scalars(
        select(SurveyVersion).where(SurveyVersion.survey_id == survey.id, SurveyVersion.number == survey.number)
    ).one()


def lock_survey_shared(survey_id: int) -> Survey:
    """The survey, which cannot be closed until the unit ends; many may answer at once."""
    return db.session.scalars(
        select(Survey)
        .where(Survey.id == survey_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    ).one()


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


def find_draft(survey: Survey, who: Answerer, *, lock: bool = False) -> SurveyDraft | None:
    """What somebody saved and has not sent."""
    statement = select(SurveyDraft).where(SurveyDraft.key.in_(draft_keys(survey, who)))
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(statement).first()


def opened_draft(draft: SurveyDraft) -> dict[int, tuple[Part, ...]]:
    """The answers in a draft."""
    return of(sealing.unseal(DRAFT, draft.sealed))


def draft_keys(survey: Survey, who: Answerer) -> list[str]:
    """Under what the draft of somebody may stand, the current key's first."""
    return sealing.marks(DRAFT, f"{survey.public_id} {who.name}")


def envelope_tags(survey: Survey, who: Answerer) -> list[str]:
    """How the envelope of somebody may be marked, the current key's first."""
    return sealing.marks(ENVELOPE, f"{survey.public_id} {who.name}")


def find_envelope(survey: Survey, who: Answerer, *, lock: bool = False) -> SurveyEnvelope | None:
    """The envelope of somebody that waits to be opened with others."""
    statement = select(SurveyEnvelope).where(
        SurveyEnvelope.survey_id == survey.id, SurveyEnvelope.tag.in_(envelope_tags(survey, who))
    )
    return db.session.scalars(statement.with_for_update() if lock else statement).first()


def find_participation(survey_id: int, who: Answerer) -> Participation | None:
    """That somebody took part, where that is known."""
    if not who.is_known:
        return None
    statement = select(Participation).where(Participation.survey_id == survey_id, _own(who))
    return db.session.scalars(statement).one_or_none()


def _own(who: Answerer) -> ColumnElement[bool]:
    if who.registration is not None:
        return Participation.registration_id == who.registration.id
    return Participation.person_id == who.person_id


def response_number(survey: Survey, who: Answerer) -> int:
    """The key of what was answered by an open link: it follows from the secret in the address, which nobody keeps."""
    return int(sealing.marks(WHO, f"{survey.public_id} {who.name}")[0][:15], 16) + 1


def find_response(survey: Survey, who: Answerer) -> SurveyResponse | None:
    """What somebody sent, where it can be told whose it is."""
    if not who.is_known:
        return db.session.get(SurveyResponse, response_number(survey, who))
    return db.session.scalars(
        select(SurveyResponse)
        .join(Participation, Participation.id == SurveyResponse.participation_id)
        .where(Participation.survey_id == survey.id, _own(who))
    ).one_or_none()


def answers_of(response_id: int) -> dict[int, tuple[Part, ...]]:
    """What stands in the rows of a response."""
    found: dict[int, list[Part]] = {}
    rows = db.session.scalars(
        select(SurveyAnswer)
        .where(SurveyAnswer.response_id == response_id)
        .order_by(SurveyAnswer.question, SurveyAnswer.part)
    )
    for row in rows:
        found.setdefault(row.question, []).append(Part(part=row.part, value=row.value, text=row.text))
    return {no: tuple(parts) for no, parts in found.items()}


@dataclass(frozen=True, kw_only=True)
class SoFar:
    """What somebody answered so far, whether they sent it, and whether they may still change it."""

    given: dict[int, tuple[Part, ...]]
    sent: bool
    has_draft: bool
    changeable: bool
    reached: int = 0


def so_far(survey: Survey, who: Answerer) -> SoFar:
    """What somebody answered so far: what they saved, else what they sent. Of an opened envelope nobody can say it."""
    draft = find_draft(survey, who)
    saved = opened_draft(draft) if draft is not None else None
    reached = draft.reached if draft is not None else 0
    if survey.privacy is Privacy.ANONYMOUS:
        envelope = find_envelope(survey, who)
        earlier = of_envelope(envelope)[1] if envelope is not None and saved is None else None
        taken_out = envelope is None and find_participation(survey.id, who) is not None
        sent = envelope is not None or taken_out
    else:
        response = find_response(survey, who)
        earlier = answers_of(response.id) if response is not None and saved is None else None
        sent, taken_out = response is not None, False
    given = saved if saved is not None else earlier or {}
    return SoFar(given=given, sent=sent, has_draft=draft is not None, changeable=not taken_out, reached=reached)


def of_envelope(envelope: SurveyEnvelope) -> tuple[dict[str, int | None], dict[int, tuple[Part, ...]]]:
    """What lies in an envelope: who sent it, by what version and how far they came; and their answers."""
    head, _, body = sealing.unseal(ENVELOPE, envelope.sealed).partition(b"\n")
    names = ("registration", "person", "version", "reached")
    numbers = (None if one.startswith(b"-") else int(one) for one in head.split(b" "))
    return dict(zip(names, numbers, strict=True)), of(body)


def surveys_with_envelopes() -> Sequence[tuple[Survey, int]]:
    """The surveys in whose boxes envelopes wait, each with their number."""
    waiting = (
        select(SurveyEnvelope.survey_id, func.count().label("number")).group_by(SurveyEnvelope.survey_id).subquery()
    )
    rows = db.session.execute(
        select(Survey, waiting.c.number).join(waiting, waiting.c.survey_id == Survey.id).order_by(Survey.id)
    )
    return [(survey, number) for survey, number in rows]


def ids_of_over_with_drafts(*, now: datetime) -> Sequence[int]:
    """The surveys that take no more answers, and to which some are saved and not sent."""
    over = or_(Survey.state != SurveyState.PUBLISHED, Survey.closes_at <= now)
    some = exists().where(SurveyDraft.survey_id == Survey.id)
    return list(db.session.scalars(select(Survey.id).where(over, some).order_by(Survey.id)))


def lock_envelopes(survey_id: int) -> list[SurveyEnvelope]:
    """All envelopes of a survey, which nobody else opens meanwhile."""
    statement = select(SurveyEnvelope).where(SurveyEnvelope.survey_id == survey_id).order_by(SurveyEnvelope.id)
    return list(db.session.scalars(statement.with_for_update()))


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
