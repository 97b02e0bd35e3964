"""The box of an anonymous survey: answers wait in it sealed, and are taken out several at once, shuffled.

Each envelope holds who sent it and what they answered, sealed by a key that stands in no table. When enough wait, some
are opened together: the taking part of all of them is written in one order and their answers in another, under keys
drawn by chance, with the day of the opening. From then on nothing joins the two. So many stay in the box each time
that whatever is opened next is enough again, and the results before and after never differ by few.
"""

import random
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert

from webapp import sealing, transaction
from webapp.database import insert_many
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
    """Open the boxes that may be opened, and delete what was saved and never sent to surveys that are over."""
    open_boxes(clock, stopping=stopping)
    over = queries.ids_of_over_with_drafts(now=clock())
    db.session.rollback()
    for survey_id in over:
        if stopping():
            return
        with transaction.unit():
            forget_drafts(survey_id, now=clock())


def open_boxes(clock: Callable[[], datetime], *, stopping: Callable[[], bool]) -> int:
    """Open what may be opened of each box, each in a unit of its own; gives how many envelopes were."""
    found = [survey.id for survey, number in queries.surveys_with_envelopes() if _takes(survey, number, now=clock())]
    db.session.rollback()
    opened = 0
    for survey_id in found:
        if stopping():
            break
        with transaction.unit():
            opened += open_box(survey_id, now=clock())
    return opened


def open_box(survey_id: int, *, now: datetime) -> int:
    """Take out of a box what may be: none, or at least as many as the survey's threshold; gives how many."""
    survey = lock_survey(survey_id)
    waiting = queries.lock_envelopes(survey_id)
    number = _takes(survey, len(waiting), now=now)
    if not number:
        return 0
    taken = _chance.sample(waiting, number)
    contents = [standing.of_envelope(one.sealed) for one in taken]
    day = now.astimezone(survey.timezone).date()
    took_part: list[dict[str, Any]] = [
        {"id": drawn(), "survey_id": survey_id, "day": day}
        | {"registration_id": head["registration"], "person_id": head["person"]}
        for head, _ in contents
        if head["registration"] is not None or head["person"] is not None
    ]
    responses: list[dict[str, Any]] = []
    answers: list[dict[str, Any]] = []
    for head, given in contents:
        key = drawn()
        responses.append(
            {"id": key, "survey_id": survey_id, "version": head["version"], "reached": head["reached"], "day": day}
        )
        answers += answer_rows(key, given)
    # Each in the order of its own keys, which chance drew.
    db.session.execute(delete(SurveyEnvelope).where(SurveyEnvelope.id.in_([one.id for one in taken])))
    if took_part:
        db.session.execute(insert(Participation), sorted(took_part, key=lambda row: row["id"]))
    db.session.execute(insert(SurveyResponse), sorted(responses, key=lambda row: row["id"]))
    if answers:
        order = sorted(answers, key=lambda row: (row["response_id"], row["question"], row["part"]))
        db.session.execute(insert(SurveyAnswer), order)
    return number


def forget_drafts(survey_id: int, *, now: datetime) -> int:
    """Delete what was saved and never sent, if the survey is over, but for how far each came; gives how many."""
    survey = queries.lock_survey_shared(survey_id)
    if survey.stage(now) not in OVER:
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
