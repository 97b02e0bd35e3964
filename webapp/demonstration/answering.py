"""Answers to the surveys about invented events that are over: by invented people who came, in invented words.

Most are written as the rows that they become, all of a survey at once; a few go through the door that people take.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select

from webapp.database import insert_many
from webapp.demonstration.said import SAID
from webapp.extensions import db
from webapp.folding import fold
from webapp.models.agenda import Session
from webapp.models.attendance import ALL_DAYS, AttendanceRecord, AttendanceReport, Came, Presence
from webapp.models.organisations import Sector
from webapp.models.registrations import Registration
from webapp.models.surveys import (
    Participation,
    Privacy,
    Survey,
    SurveyAnswer,
    SurveyResponse,
    SurveyTheme,
    SurveyThemed,
)
from webapp.models.surveys_answered import Part, decisive
from webapp.models.surveys_asked import YES, Asked, Kind, Question
from webapp.queries.surveys.standing import Answerer
from webapp.services.surveys import answering, box
from webapp.services.surveys.rows import answer_rows, drawn

# How many of those who came answer, how many begin and stop, and how often somebody passes a question over.
ANSWER_SHARE, STOP_SHARE, SKIP_SHARE = 0.84, 0.8, 0.04
# How likely they stop at the first long text, and at the second.
STOPS = (3, 2)
# How likely each fifth of a scale is, from its low end to its high one, by sector: some were less happy than others.
LEANING: Mapping[Sector, Sequence[float]] = {
    Sector.LOCAL_AUTHORITY: (6, 10, 20, 34, 30),
    Sector.HEALTH: (13, 17, 24, 28, 18),
    Sector.VCSE: (0, 0, 22, 32, 46),
}
LEANING_OF_OTHERS = (4, 8, 20, 38, 30)
YES_SHARE, WRITING_SHARE = 0.72, 0.7


@dataclass
class _Story:
    """What is told of one survey: chance, and for each question what was written and not yet given to anybody."""

    asked: Asked
    random: Random
    left: dict[int, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for question in self.asked.questions:
            texts = [one.text for one in SAID.get(question.label, ())]
            self.random.shuffle(texts)
            self.left[question.no] = texts


def answer_survey(survey: Survey, *, seed: int, now: datetime, through_the_door: int = 0) -> None:
    """Let most of those who came answer the survey, and some begin it; of an anonymous one the last stay in its box."""
    story = _Story(survey.versions[-1].document, Random(seed))  # noqa: S311 -- the same each time, nothing to guard
    came = _who_came(survey)
    answering_ = [row for row in came if story.random.random() < ANSWER_SHARE]
    kept = len(answering_) - through_the_door
    sessions = _sessions_of(came)
    _write(survey, story, answering_[:kept], sessions)
    _stop(survey, story, len(came) - len(answering_))
    if through_the_door:
        _send(survey, story, answering_[kept:], now)
        box.open_box(survey.id, now=now)


def _who_came(survey: Survey) -> list[Registration]:
    """Those who came, in an order that tells nothing of when they registered."""
    statement = (
        select(Registration)
        .join(Presence, Presence.registration_id == Registration.id)
        .where(Registration.event_id == survey.event_id, Presence.day_id == ALL_DAYS)
        .where(Presence.how.in_([Came.CAME, Came.IN_PART]))
        .order_by(Registration.email, Registration.id)
    )
    return list(db.session.scalars(statement))


def _sessions_of(came: Sequence[Registration]) -> Mapping[int, frozenset[str]]:
    """The sessions in whose reports each of them is named, by their public ids."""
    statement = (
        select(AttendanceRecord.registration_id, Session.public_id)
        .join(AttendanceReport, AttendanceReport.id == AttendanceRecord.report_id)
        .join(Session, Session.id == AttendanceReport.session_id)
        .where(AttendanceRecord.registration_id.in_([row.id for row in came]))
        .order_by(AttendanceRecord.id)
    )
    found: dict[int | None, set[str]] = {}
    for registration_id, session in db.session.execute(statement):
        found.setdefault(registration_id, set()).add(session)
    return {row.id: frozenset(found.get(row.id, ())) for row in came}


def _write(
    survey: Survey, story: _Story, people: Sequence[Registration], sessions: Mapping[int, frozenset[str]]
) -> None:
    """Answers as they stand in the tables once they were sent, and of an anonymous survey once its box was opened."""
    anonymous = survey.privacy is Privacy.ANONYMOUS
    first = survey.versions[-1].published_at
    took_part: list[dict[str, Any]] = []
    responses: list[dict[str, Any]] = []
    answers: list[dict[str, Any]] = []
    for row in people:
        given = _given(story, row, None if anonymous else sessions[row.id])
        day = (first + timedelta(days=1 + int(12 * story.random.random() ** 2))).date()
        part: dict[str, Any] = {
            "id": drawn(),
            "survey_id": survey.id,
            "registration_id": row.id,
            "person_id": None,
            "day": day,
        }
        whose = {"sector": row.sector, "role": row.role, "organisation_id": row.organisation_id}
        whose |= {"participation_id": part["id"]}
        key = drawn()
        took_part.append(part)
        responses.append(
            {"id": key, "survey_id": survey.id, "version": survey.number, "day": day}
            | {"reached": story.asked.questions[-1].no}
            | (dict.fromkeys(whose) | {"role": ""} if anonymous else whose)
        )
        answers += answer_rows(key, given)
    insert_many(db.session, Participation.__table__, sorted(took_part, key=lambda one: one["id"]))
    insert_many(db.session, SurveyResponse.__table__, sorted(responses, key=lambda one: one["id"]))
    insert_many(
        db.session,
        SurveyAnswer.__table__,
        sorted(answers, key=lambda one: (one["response_id"], one["question"], one["part"])),
    )


def _stop(survey: Survey, story: _Story, number: int) -> None:
    """Some begin and do not send: they stop where they are first asked to write much."""
    writing = [question.no for question in story.asked.questions if question.kind is Kind.LONG_TEXT][: len(STOPS)]
    stopped = [drawn() for _ in range(number) if story.random.random() < STOP_SHARE]
    reached = story.random.choices(writing, STOPS[: len(writing)], k=len(stopped))
    rows = [
        {"id": key, "survey_id": survey.id, "version": survey.number, "reached": no, "role": ""}
        for key, no in zip(sorted(stopped), reached, strict=True)
    ]
    if rows:
        db.session.execute(insert(SurveyResponse), rows)


def _send(survey: Survey, story: _Story, people: Sequence[Registration], now: datetime) -> None:
    for row in people:
        who = Answerer(registration=row)
        answering.save(survey.id, who, given=_given(story, row), reached=story.asked.questions[-1].no, now=now)
        answering.send(survey.id, who, now=now)


def _given(story: _Story, row: Registration, attended: frozenset[str] | None = None) -> dict[int, tuple[Part, ...]]:
    """All that somebody answers, in the order in which they are asked."""
    given: dict[int, tuple[Part, ...]] = {}
    for section in story.asked.sections:
        if section.session and attended is not None and section.session not in attended:
            continue
        for question in section.questions:
            reason = question.shown
            met = reason is None or not set(reason.values).isdisjoint(decisive(given).get(reason.question, ()))
            passes = not (question.required or question.splits) and story.random.random() < SKIP_SHARE
            if question.kind.is_asked and met and not passes and (parts := tuple(_answer(question, story, row))):
                given[question.no] = parts
    return given


def _answer(question: Question, story: _Story, row: Registration) -> Iterator[Part]:
    """The parts of one answer; what has an order is answered rather well, and few write."""
    random, kind = story.random, question.kind
    options = [one.no for one in question.options if one.no != question.other]
    if kind.is_text:
        if story.left[question.no] and random.random() < WRITING_SHARE:
            yield Part(text=story.left[question.no].pop())
    elif kind is Kind.SEVERAL_CHOICES:
        yield Part()
        popular = [one for place, one in enumerate(options[:-1]) if random.random() < 0.62 - 0.1 * place]
        yield from (Part(part=one) for one in popular or options[-1:])
        if question.other and story.left[question.no] and random.random() < SKIP_SHARE * 3:
            yield Part(part=question.other, text=story.left[question.no].pop())
    elif kind is Kind.RANKING:
        yield Part()
        order = sorted(options, key=lambda no: options.index(no) + 6 * random.random())
        yield from (Part(part=no, value=rank) for rank, no in enumerate(order, start=1))
    elif kind is Kind.MATRIX:
        yield Part()
        yield from (Part(part=line.no, value=_point(options, row, random)) for line in question.rows)
    elif kind is Kind.YES_NO:
        yield Part(value=YES if random.random() < YES_SHARE else 1 - YES)
    else:
        yield Part(value=_value(question, options, row, random))


def _value(question: Question, options: Sequence[int], row: Registration, random: Random) -> int:
    """The one value of an answer."""
    if question.kind is Kind.NUMBER:
        return random.choice((2, 3, 4, 5, 6, 8, 10, 12, 20))
    if question.kind is Kind.ONE_CHOICE:
        return _chosen(question, row, random)
    # People recommend rather more than they rate.
    tries = 2 if question.kind is Kind.RECOMMENDATION else 1
    return max(_point(options, row, random) for _ in range(tries))


def _chosen(question: Question, row: Registration, random: Random) -> int:
    """What somebody chooses: their own sector where it is asked for, else rather one of the first."""
    own = next((one.no for one in question.choices if one.label == row.sector.label), None)
    options = [one.no for one in question.choices]
    return own or random.choices(options, [len(options) + 1 - place for place in range(len(options))])[0]


def _point(options: Sequence[int], row: Registration, random: Random) -> int:
    """A point of a scale, however many it has."""
    fifth = random.choices(range(5), LEANING.get(row.sector, LEANING_OF_OTHERS))[0]
    return options[int((fifth + random.random()) * len(options) / 5)]


def put_themes(survey: Survey) -> None:
    """Put the themes on what was written, as an analyst would by hand."""
    for question in survey.written.questions:
        said = {one.text: one.themes for one in SAID.get(question.label, ()) if one.themes}
        if not said:
            continue
        themes = {
            name: SurveyTheme(survey_id=survey.id, question=question.no, name=name, name_folded=fold(name))
            for name in sorted({name for names in said.values() for name in names})
        }
        db.session.add_all(themes.values())
        db.session.flush()
        written = select(SurveyAnswer.response_id, SurveyAnswer.text).join(
            SurveyResponse, SurveyResponse.id == SurveyAnswer.response_id
        )
        rows = db.session.execute(
            written.where(
                SurveyResponse.survey_id == survey.id, SurveyAnswer.question == question.no, SurveyAnswer.text.in_(said)
            ).order_by(SurveyAnswer.response_id)
        )
        insert_many(
            db.session,
            SurveyThemed.__table__,
            [{"theme_id": themes[name].id, "response_id": key} for key, text in rows for name in said[text or ""]],
        )
