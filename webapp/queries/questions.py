"""Finding an event's questions, and how they were answered."""

import json
from collections import Counter

from sqlalchemy import Text, cast, func, select

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.events import Event, EventQuestion
from webapp.models.registrations import RegistrationAnswer


def get_question(event: Event, public_id: str) -> EventQuestion:
    """A question of the event, which must have its questions loaded; raises NotFound."""
    found = [question for question in event.questions if question.public_id == public_id]
    if not found:
        raise NotFound
    return found[0]


def count_answers(event_id: int) -> dict[int, int]:
    """How many people answered each of an event's questions, by its id; those that nobody did are left out."""
    statement = (
        select(RegistrationAnswer.question_id, func.count())
        .join(EventQuestion, EventQuestion.id == RegistrationAnswer.question_id)
        .where(EventQuestion.event_id == event_id)
        .group_by(RegistrationAnswer.question_id)
    )
    return {question_id: number for question_id, number in db.session.execute(statement)}  # noqa: C416 -- rows


def count_answers_to(question_id: int) -> int:
    """How many people answered a question."""
    statement = select(func.count()).where(RegistrationAnswer.question_id == question_id)
    return db.session.scalar(statement) or 0


def count_choices(question_id: int) -> Counter[str]:
    """How many people gave each answer to a question; of several, each counts."""
    given = cast(RegistrationAnswer.value, Text)
    statement = select(given, func.count()).where(RegistrationAnswer.question_id == question_id).group_by(given)
    counted: Counter[str] = Counter()
    for text, number in db.session.execute(statement):
        for choice in json.loads(text):
            counted[choice] += number
    return counted
