"""The box of an anonymous survey: answers wait in it sealed, and are taken out several at once, shuffled.

Each envelope holds who sent it and what they answered, sealed by a key that stands in no table. When enough wait, some
are opened together: the taking part of all of them is written in one order and their answers in another, under keys
drawn by chance, with the day of the opening. From then on nothing joins the two. So many stay in the box each time
that whatever is opened next is enough again, and the results before and after never differ by few.

What is too little when a survey ends waits for a while, since it may be opened again, and is then destroyed unopened:
as long as it lies there, whoever holds the secret keys could read it.
"""

import logging
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from webapp import sealing, transaction
from webapp.database import insert_many
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.models.surveys import (
    Participation,
    Privacy,
    Survey,
    SurveyAnswer,
    SurveyDraft,
    SurveyEnvelope,
    SurveyResponse,
    SurveyStage,
)
from webapp.models.surveys_answered import Part, plain
from webapp.queries.surveys import answering as queries
from webapp.queries.surveys import lock_survey, standing
from webapp.queries.surveys.standing import Answerer
from webapp.services.surveys.rows import answer_rows, drawn

OVER = frozenset({SurveyStage.CLOSED, SurveyStage.ARCHIVED})
logger = logging.getLogger(__name__)
_chance = random.SystemRandom()


def drop(survey: Survey, who: Answerer, *, given: Mapping[int, tuple[Part, ...]], version: int, reached: int) -> None:
    """Put somebody's answers into the box, in place of those of theirs that wait there."""
    registration = who.registration.id if who.registration is not None else None
    person = who.person_id if who.registration is None else None
    # Of one length for all, as the answers are of few.
    head = " ".join("-" * 19 if one is None else f"{one:019}" for one in (registration, person, version, reached))
    sealed = sealing.seal(standing.ENVELOPE, head.encode() + b"\n" + plain(given))
    waiting = standing.lock_envelope(survey, who)
    if waiting is not None:
        waiting.sealed = sealed
        return
    tag = standing.envelope_tags(survey, who)[0]
    db.session.add(SurveyEnvelope(id=drawn(), survey_id=survey.id, tag=tag, sealed=sealed))


def tidy(clock: Callable[[], datetime], *, stopping: Callable[[], bool]) -> None:
    """Open the boxes that may be opened, and delete what was never opened or sent to surveys that are long over."""
    open_boxes(clock, stopping=stopping)
    for act, waiting in ((destroy_unopened, _with_envelopes), (forget_drafts, queries.surveys_with_drafts)):
        ids = [survey.id for survey in waiting(now=clock()) if survey.grace_is_over(clock())]
        db.session.rollback()
        _each(act, ids, clock, stopping=stopping)


def _with_envelopes(*, now: datetime) -> list[Survey]:
    return [survey for survey, _ in queries.surveys_with_envelopes() if survey.stage(now) in OVER]


def open_boxes(clock: Callable[[], datetime], *, stopping: Callable[[], bool]) -> int:
    """Open what may be opened of each box, each in a unit of its own; gives how many envelopes were."""
    found = [survey.id for survey, number in queries.surveys_with_envelopes() if _takes(survey, number, now=clock())]
    db.session.rollback()
    return _each(open_box, found, clock, stopping=stopping)


def _each(
    act: Callable[..., int], ids: Iterable[int], clock: Callable[[], datetime], *, stopping: Callable[[], bool]
) -> int:
    """Do something to each of these surveys in a unit of its own; gives the sum of what each gives."""
    done = 0
    for survey_id in ids:
        if stopping():
            break
        try:
            with transaction.unit():
                done += act(survey_id, now=clock())
        except (DomainError, IntegrityError, sealing.BrokenSealError):  # one survey's trouble is not to hold up all
            logger.exception("The box or drafts of the survey %s could not be tidied (%s)", survey_id, act.__name__)
    return done


def open_box(survey_id: int, *, now: datetime) -> int:
    """Take out of a box what may be: none, or at least as many as the survey's threshold; gives how many."""
    survey = lock_survey(survey_id)
    waiting = queries.lock_envelopes(survey_id)
    number = _takes(survey, len(waiting), now=now)
    if not number:
        return 0
    taken = _chance.sample(waiting, number)
    contents = [standing.of_envelope(sealed) for sealed in queries.sealed_in(taken)]
    day = now.astimezone(survey.timezone).date()
    responses: list[dict[str, Any]] = []
    answers: list[dict[str, Any]] = []
    for head, given in contents:
        key = drawn()
        responses.append(
            {"id": key, "survey_id": survey_id, "version": head["version"], "reached": head["reached"], "day": day}
        )
        answers += answer_rows(key, given)
    # Each in the order of its own keys, which chance drew.
    _remove(taken)
    _note_taking_part(survey_id, [head for head, _ in contents], day=day)
    db.session.execute(insert(SurveyResponse), sorted(responses, key=lambda row: row["id"]))
    if answers:
        order = sorted(answers, key=lambda row: (row["response_id"], row["question"], row["part"]))
        db.session.execute(insert(SurveyAnswer), order)
    return number


def destroy_unopened(survey_id: int, *, now: datetime) -> int:
    """Destroy the few answers that wait in the box of a survey since it ended, for nothing comes to them any more.

    That their writers took part stays noted. Gives how many there were.
    """
    survey = lock_survey(survey_id)
    waiting = queries.lock_envelopes(survey_id)
    if not survey.grace_is_over(now) or _takes(survey, len(waiting), now=now):
        return 0
    heads = []
    for sealed in queries.sealed_in(waiting):
        try:
            heads.append(standing.of_envelope(sealed)[0])
        except sealing.BrokenSealError:
            logger.warning("Whose answers to the survey %s are destroyed cannot be read: their key is gone", survey_id)
    _remove(waiting)
    _note_taking_part(survey_id, heads, day=now.astimezone(survey.timezone).date())
    return len(waiting)


def _remove(envelope_ids: Sequence[int]) -> None:
    for first in range(0, len(envelope_ids), 500):
        some = SurveyEnvelope.id.in_(envelope_ids[first : first + 500])
        db.session.execute(delete(SurveyEnvelope).where(some))


def _note_taking_part(survey_id: int, heads: Iterable[Mapping[str, int | None]], *, day: date) -> None:
    rows: list[dict[str, Any]] = [
        {"id": drawn(), "survey_id": survey_id, "day": day}
        | {"registration_id": head["registration"], "person_id": head["person"]}
        for head in heads
        if head["registration"] is not None or head["person"] is not None
    ]
    if rows:
        db.session.execute(insert(Participation), sorted(rows, key=lambda row: row["id"]))


def forget_drafts(survey_id: int, *, now: datetime) -> int:
    """Delete what was saved and never sent to a survey long over, but for how far each came; gives how many."""
    survey = queries.lock_survey_shared(survey_id)
    if not survey.grace_is_over(now):
        return 0
    came = queries.how_far_drafts_came(survey_id)
    rows = [
        {"id": key, "survey_id": survey_id, "version": survey.number, "reached": reached}
        for key, reached in zip(sorted(drawn() for _ in came), came, strict=True)
    ]
    insert_many(db.session, SurveyResponse.__table__, rows)
    found: Any = db.session.execute(delete(SurveyDraft).where(SurveyDraft.survey_id == survey_id))
    return int(found.rowcount)


def _takes(survey: Survey, waiting: int, *, now: datetime) -> int:
    """How many envelopes may be opened now: all when the survey is over, else all but as many as the threshold."""
    if survey.privacy is not Privacy.ANONYMOUS:
        return 0
    if survey.stage(now) in OVER:
        return waiting if waiting >= survey.threshold else 0
    return waiting - survey.threshold if waiting >= 2 * survey.threshold else 0
