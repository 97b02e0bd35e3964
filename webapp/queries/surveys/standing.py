"""Where one person stands in a survey: what they saved, sealed, what they sent, and whether they may change it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, null, or_, select

from webapp import sealing
from webapp.extensions import db
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
)
from webapp.models.surveys_answered import Part, kept_in, of
from webapp.queries.direct import Direct

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


def lock_draft(survey: Survey, who: Answerer) -> SurveyDraft | None:
    """What somebody saved and has not sent, locked until the unit ends."""
    statement = select(SurveyDraft).where(SurveyDraft.key.in_(draft_keys(survey, who)))
    return db.session.scalars(statement.with_for_update().execution_options(populate_existing=True)).first()


def opened_draft(sealed: bytes) -> tuple[dict[int, tuple[Part, ...]], frozenset[str]]:
    """The answers that are sealed in a draft, and marks of what its writer let stand in them with a reason."""
    stored = sealing.unseal(DRAFT, sealed)
    return of(stored), kept_in(stored)


def draft_keys(survey: Survey, who: Answerer) -> list[str]:
    """Under what the draft of somebody may stand, the current key's first."""
    return sealing.marks(DRAFT, f"{survey.public_id} {who.name}")


def envelope_tags(survey: Survey, who: Answerer) -> list[str]:
    """How the envelope of somebody may be marked, the current key's first."""
    return sealing.marks(ENVELOPE, f"{survey.public_id} {who.name}")


def lock_envelope(survey: Survey, who: Answerer) -> SurveyEnvelope | None:
    """The envelope of somebody that waits to be opened with others, locked until the unit ends."""
    statement = select(SurveyEnvelope).where(
        SurveyEnvelope.survey_id == survey.id, SurveyEnvelope.tag.in_(envelope_tags(survey, who))
    )
    return db.session.scalars(statement.with_for_update()).first()


def _own(who: Answerer) -> ColumnElement[bool]:
    if who.registration is not None:
        return Participation.registration_id == who.registration.id
    return Participation.person_id == who.person_id


def response_numbers(survey: Survey, who: Answerer) -> list[int]:
    """The key of what was answered by an open link: it follows from the secret in the address, which nobody keeps.

    Of the current key first, then of those before.
    """
    return [int(mark[:15], 16) + 1 for mark in sealing.marks(WHO, f"{survey.public_id} {who.name}")]


def find_response(survey: Survey, who: Answerer) -> SurveyResponse | None:
    """What somebody sent, where it can be told whose it is."""
    statement = select(SurveyResponse).where(SurveyResponse.survey_id == survey.id)
    if not who.is_known:
        return db.session.scalars(statement.where(SurveyResponse.id.in_(response_numbers(survey, who)))).first()
    taken_part = Participation.id == SurveyResponse.participation_id
    return db.session.scalars(statement.join(Participation, taken_part).where(_own(who))).one_or_none()


def find_answerer(response_id: int) -> Answerer | None:
    """Who sent a response, where that stands anywhere; None for what came without a name."""
    part = db.session.scalars(
        select(Participation)
        .join(SurveyResponse, SurveyResponse.participation_id == Participation.id)
        .where(SurveyResponse.id == response_id)
    ).one_or_none()
    if part is None:
        return None
    if part.registration_id is None:
        return Answerer(person_id=part.person_id)
    return Answerer(registration=db.session.get(Registration, part.registration_id))


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
    """What somebody answered so far, whether they sent it, and whether they may still change it.

    `draft` is the key of what they saved and have not sent, `version` that of its state, and `kept` the marks of what
    they let stand in it with a reason.
    """

    given: dict[int, tuple[Part, ...]]
    sent: bool
    changeable: bool
    reached: int = 0
    draft: str = ""
    version: int = 0
    kept: frozenset[str] = frozenset()

    @property
    def has_draft(self) -> bool:
        """Whether something is saved and not sent."""
        return bool(self.draft)


class By(StrEnum):
    """By what somebody answers, and so by what their answers are found."""

    REGISTRATION = "registration"
    PERSON = "person"
    SECRET = "secret"  # noqa: S105 -- no password, the name of a way


def kind_of(who: Answerer) -> By:
    """By what this one answers."""
    if who.registration is not None:
        return By.REGISTRATION
    return By.PERSON if who.person_id is not None else By.SECRET


def values(survey: Survey, who: Answerer) -> dict[str, Any]:
    """What has_sent_nothing takes of somebody, but for the moment."""
    number: int = response_numbers(survey, who)[0] if who.secret else who.person_id or 0
    if who.registration is not None:
        number = who.registration.id
    return {"survey": survey.id, "who": number, "tag": envelope_tags(survey, who)[0]}


_WHO: BindParameter[int] = bindparam("who")
_TOOK_PART: dict[By, ColumnElement[bool]] = {
    By.REGISTRATION: Participation.registration_id == _WHO,
    By.PERSON: Participation.person_id == _WHO,
}
_ENVELOPE = and_(SurveyEnvelope.survey_id == Survey.id, SurveyEnvelope.tag == bindparam("tag"))
# The survey of that id, while it takes answers.
TAKES_ANSWERS = select(Survey.id).where(
    Survey.id == bindparam("survey"),
    Survey.state == SurveyState.PUBLISHED,
    or_(Survey.opens_at.is_(None), Survey.opens_at <= bindparam("now")),
    or_(Survey.closes_at.is_(None), Survey.closes_at > bindparam("now")),
)


def has_sent_nothing(by: By) -> Select[int]:
    """The survey, while it takes answers and somebody has sent it none."""
    sent = exists().where(SurveyResponse.survey_id == Survey.id, SurveyResponse.id == _WHO)
    if by is not By.SECRET:
        sent = exists().where(Participation.survey_id == Survey.id, _TOOK_PART[by])
    return TAKES_ANSWERS.where(~exists().where(_ENVELOPE), ~sent)


def _standing(by: By) -> Direct:
    """All that stands of one person in a survey, in one statement: draft, envelope, taking part, response."""
    columns = (
        SurveyDraft.key, SurveyDraft.version, SurveyDraft.reached, SurveyDraft.sealed, SurveyEnvelope.sealed,
    )  # fmt: skip
    statement: Select[*tuple[Any, ...]]
    if by is By.SECRET:
        statement = select(*columns, null().label("took_part"), SurveyResponse.id).select_from(Survey)
        theirs = and_(SurveyResponse.survey_id == Survey.id, SurveyResponse.id == _WHO)
    else:
        statement = select(*columns, Participation.id, SurveyResponse.id).select_from(Survey)
        statement = statement.outerjoin(Participation, and_(Participation.survey_id == Survey.id, _TOOK_PART[by]))
        theirs = SurveyResponse.participation_id == Participation.id
    statement = statement.outerjoin(SurveyDraft, SurveyDraft.key == bindparam("draft"))
    statement = statement.outerjoin(SurveyEnvelope, _ENVELOPE).outerjoin(SurveyResponse, theirs)
    return Direct(statement.where(Survey.id == bindparam("survey")))


_STANDING = {by: _standing(by) for by in By}


def so_far(survey: Survey, who: Answerer) -> SoFar:
    """What somebody answered so far: what they saved, else what they sent. Of an opened envelope nobody can say it."""
    standing, known = _STANDING[kind_of(who)], values(survey, who)
    # What was saved or sent under an earlier key is found by that one.
    drafts, tags = draft_keys(survey, who), envelope_tags(survey, who)
    numbers = response_numbers(survey, who) if who.secret else [known["who"]] * len(tags)
    rows = [
        standing.first(survey=survey.id, who=number, draft=draft, tag=tag)
        for number, draft, tag in zip(numbers, drafts, tags, strict=True)
    ]
    found = [row for row in rows if row is not None]
    if not found:  # the survey is gone
        return SoFar(given={}, sent=False, changeable=True)
    key, version, reached, sealed, *_ = next((row for row in found if row[0] is not None), found[0])
    envelope, took_part, response = (next((row[at] for row in found if row[at] is not None), None) for at in (4, 5, 6))
    if survey.privacy is Privacy.ANONYMOUS:
        taken_out = envelope is None and took_part is not None
        sent = envelope is not None or taken_out
    else:
        sent, taken_out = response is not None, False
    if key is not None:
        given, kept = opened_draft(sealed)
        return SoFar(
            given=given, sent=sent, changeable=not taken_out, reached=reached, draft=key, version=version, kept=kept
        )
    given = {}
    if survey.privacy is not Privacy.ANONYMOUS and response is not None:
        given = answers_of(response)
    elif envelope is not None:
        given = of_envelope(envelope)[1]
    return SoFar(given=given, sent=sent, changeable=not taken_out)


def of_envelope(sealed: bytes) -> tuple[dict[str, int | None], dict[int, tuple[Part, ...]]]:
    """What lies in an envelope: who sent it, by what version and how far they came; and their answers."""
    head, _, body = sealing.unseal(ENVELOPE, sealed).partition(b"\n")
    names = ("registration", "person", "version", "reached")
    numbers = (None if one.startswith(b"-") else int(one) for one in head.split(b" "))
    return dict(zip(names, numbers, strict=True)), of(body)
