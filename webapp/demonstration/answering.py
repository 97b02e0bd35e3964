"""Answers to the survey about the invented event that is over: given by invented people who came, in invented words."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from webapp.extensions import db
from webapp.models.attendance import ALL_DAYS, Came, Presence
from webapp.models.registrations import Registration
from webapp.models.surveys import Survey
from webapp.models.surveys_answered import Part
from webapp.models.surveys_asked import Kind, Question
from webapp.queries.surveys.answering import sessions_attended
from webapp.queries.surveys.standing import Answerer
from webapp.services.surveys import answering, box

# How many of those who came answer, and how often one of them passes over what need not be answered.
ANSWER_SHARE, SKIP_SHARE = 0.95, 0.15
# Few were unhappy: how likely the lowest point of a scale is beside the highest.
KINDNESS = 4.0

WORDS = (
    "Ask one question less and wait longer.",
    "Read the plan aloud to the children whom it is about, and write down what they change.",
    "Bring the school in before the first meeting, not after it.",
    "Draw the week with them instead of asking for the feelings.",
    "I will show my team the three plans and ask which one a child would recognise.",
    "More time for the groups; the plenaries could be shorter.",
    "Keep the walk between the sessions. That is where people talked.",
    "Somebody from the nurseries was missing.",
    "Caseloads. It would help to have two visits counted as one piece of work.",
    "Nothing in our forms has room for a drawing.",
)


def answer_surveys(survey: Survey, *, now: datetime) -> None:
    """Let most of those who came answer the survey in the days after it, and open its box as far as it may be."""
    random = Random(20261101)  # noqa: S311 -- the same story every time, and nothing to guard
    asked = survey.written
    version = survey.versions[-1].published_at
    for number, row in enumerate(_who_came(survey)):
        if random.random() > ANSWER_SHARE:
            continue
        who = Answerer(registration=row, attended=sessions_attended(row))
        given = {
            question.no: tuple(_answer(question, random, number))
            for question in asked.questions
            if question.kind.is_asked and (question.required or random.random() > SKIP_SHARE)
        }
        at = min(now, version + timedelta(hours=1 + random.randrange(200)))
        answering.save(survey.id, who, given=given, reached=asked.questions[-1].no, now=at)
        answering.send(survey.id, who, now=at)
    box.open_box(survey.id, now=now)


def _who_came(survey: Survey) -> Sequence[Registration]:
    statement = (
        select(Registration)
        .join(Presence, Presence.registration_id == Registration.id)
        .where(Registration.event_id == survey.event_id, Presence.day_id == ALL_DAYS)
        .where(Presence.how.in_([Came.CAME, Came.IN_PART]))
        .order_by(Registration.arrival, Registration.id)
    )
    return db.session.scalars(statement).all()


def _answer(question: Question, random: Random, number: int) -> Iterator[Part]:
    """The parts of one answer; what has an order is answered rather well."""
    options = [one.no for one in question.options]
    kind = question.kind
    if kind.is_text:
        yield Part(text=WORDS[(number * 3 + question.no) % len(WORDS)])
    elif kind is Kind.SEVERAL_CHOICES:
        yield Part()
        own = [one for one in options if one != question.other]
        yield from (Part(part=one) for one in sorted(random.sample(own, random.randrange(1, len(own)))))
    elif kind is Kind.MATRIX:
        yield Part()
        yield from (Part(part=row.no, value=_kindly(options, random)) for row in question.rows)
    elif kind is Kind.YES_NO:
        yield Part(value=random.choice(options))
    else:
        yield Part(value=_kindly(options, random))


def _kindly(options: Sequence[int], random: Random) -> int:
    weights = [1 + (KINDNESS - 1) * place / max(1, len(options) - 1) for place in range(len(options))]
    return random.choices(options, weights)[0]
