"""Reading what people wrote in answers to a survey, and the themes that were put on it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import ColumnElement, Select, func, select, tuple_

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.surveys import REMOVED, Survey, SurveyAnswer, SurveyResponse, SurveyTheme, SurveyThemed
from webapp.models.surveys_asked import Question
from webapp.queries.paging import Page, nearest
from webapp.queries.surveys.published import Results

AT_A_TIME = 20
# So many are read at once where all are wanted.
PIECE = 500


@dataclass(frozen=True)
class Written:
    """One text: how a form names it, what it says, and the ids of its themes.

    The name tells neither whose it is nor which other texts are by the same hand: it differs from question to question.
    """

    response_id: int
    name: str
    text: str
    themes: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Wanted:
    """Which texts: holding all of these words, and of one theme or of any."""

    words: str = ""
    theme_id: int | None = None


def name_of(survey: Survey, question: int, response_id: int) -> str:
    """How a form names a text."""
    return sha256(f"{survey.public_id} {question} {response_id}".encode()).hexdigest()[:20]


def counts_of_texts(survey_id: int) -> dict[int, int]:
    """How many wrote something in answer to each question."""
    statement = select(SurveyAnswer.question, func.count()).where(*_written(survey_id)).group_by(SurveyAnswer.question)
    return {question: number for question, number in db.session.execute(statement)}  # noqa: C416 -- rows


def texts_tell_no_more(question: Question, others: Collection[int], shown: Results, written: int) -> bool:
    """Whether so many texts in answer to a question may be read beside the results that are shown.

    How many there are must tell nothing that is hidden there: of what was written beside choices, how many chose that
    (`others` are its numbers); of a question that depends on another, how many came to it.
    """
    result = shown.result(question.no)
    if result is None or result.answered is None or written < shown.threshold:
        return False
    if question.kind.is_text:
        return question.shown is None or written == result.answered
    counts = [
        line.count
        for listed in result.lists
        for line in listed.lines
        if (listed.part in others and line.no == 1 if listed.part else line.no in others)
    ]
    seen = [count for count in counts if count is not None]
    return bool(counts) and len(seen) == len(counts) and written <= sum(seen)


def texts_of(survey: Survey, question: int, wanted: Wanted, *, page: int) -> Page[Written]:
    """A page of what was written in answer to a question, in the order of the words, which tells of nobody."""
    tests = [*_those(survey.id, question), *_search(wanted)]
    total = db.session.scalar(select(func.count()).select_from(SurveyAnswer).where(*tests)) or 0
    number = nearest(page, total, AT_A_TIME)
    rows = db.session.execute(_ordered(tests).limit(AT_A_TIME).offset((number - 1) * AT_A_TIME)).all()
    themes = _themes_on(question, survey.id, [row[1] for row in rows])
    found = [
        Written(response_id, name_of(survey, question, response_id), text or "", frozenset(themes.get(response_id, ())))
        for text, response_id, _ in rows
    ]
    return Page(found, number, AT_A_TIME, total)


def each_text(survey: Survey, question: int) -> Iterator[tuple[str, list[str]]]:
    """All that was written in answer to a question with the names of its themes, read as it is asked for.

    What was removed is left out.
    """
    tests = [*_those(survey.id, question), SurveyAnswer.text != REMOVED]
    names = {theme.id: theme.name for theme, _ in themes_of(survey.id, question)}
    after: list[ColumnElement[bool]] = []
    while rows := db.session.execute(_ordered([*tests, *after]).limit(PIECE)).all():
        last = rows[-1]
        after = [tuple_(SurveyAnswer.text, SurveyAnswer.response_id, SurveyAnswer.part) > tuple_(*last)]
        themes = _themes_on(question, survey.id, [row[1] for row in rows])
        for text, response_id, _ in rows:
            yield text or "", sorted(names[one] for one in themes.get(response_id, ()))


def find_written(survey: Survey, question: int, name: str) -> Written | None:
    """The text of that name among the answers to a question; None where there is none."""
    ids = db.session.scalars(select(SurveyAnswer.response_id).where(*_those(survey.id, question)))
    found = next((one for one in ids if name_of(survey, question, one) == name), None)
    text = None if found is None else find_text(survey.id, question, found)
    return None if found is None or text is None else Written(found, name, text.text or "")


def find_text(survey_id: int, question: int, response_id: int) -> SurveyAnswer | None:
    """The row of a text in answer to a question, as it is now; None where there is none."""
    statement = select(SurveyAnswer).where(*_those(survey_id, question), SurveyAnswer.response_id == response_id)
    return db.session.scalars(statement.execution_options(populate_existing=True)).first()


def themes_of(survey_id: int, question: int) -> list[tuple[SurveyTheme, int]]:
    """The themes found in answers to a question with how many texts carry each, in the order of their names."""
    statement = (
        select(SurveyTheme, func.count(SurveyThemed.response_id))
        .outerjoin(SurveyThemed, SurveyThemed.theme_id == SurveyTheme.id)
        .where(SurveyTheme.survey_id == survey_id, SurveyTheme.question == question)
        .group_by(SurveyTheme.id)
        .order_by(SurveyTheme.name_folded, SurveyTheme.id)
    )
    return [(theme, number) for theme, number in db.session.execute(statement)]


def themes_by_question(survey_id: int) -> dict[int, list[tuple[str, int]]]:
    """The themes that texts of a survey carry by the question, with how many carry each, those of most texts first."""
    number = func.count(SurveyThemed.response_id)
    statement = (
        select(SurveyTheme.question, SurveyTheme.name, number)
        .join(SurveyThemed, SurveyThemed.theme_id == SurveyTheme.id)
        .where(SurveyTheme.survey_id == survey_id)
        .group_by(SurveyTheme.id)
        .order_by(SurveyTheme.question, number.desc(), SurveyTheme.name_folded, SurveyTheme.id)
    )
    found: dict[int, list[tuple[str, int]]] = {}
    for question, name, many in db.session.execute(statement):
        found.setdefault(question, []).append((name, many))
    return found


def get_theme(survey_id: int, public_id: str) -> SurveyTheme:
    """The theme of that public id; raises NotFound."""
    statement = select(SurveyTheme).where(SurveyTheme.survey_id == survey_id, SurveyTheme.public_id == public_id)
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def find_theme(survey_id: int, question: int, name_folded: str) -> SurveyTheme | None:
    """The theme of that name in the answers to a question, or None."""
    statement = select(SurveyTheme).where(
        SurveyTheme.survey_id == survey_id,
        SurveyTheme.question == question,
        SurveyTheme.name_folded == name_folded,
    )
    return db.session.scalars(statement).one_or_none()


def ids_of_texts(survey_id: int, question: int, response_ids: Sequence[int]) -> set[int]:
    """Those of these responses that hold a text in answer to the question."""
    tests = _those(survey_id, question)
    return set(db.session.scalars(select(SurveyResponse.id).where(*tests, SurveyResponse.id.in_(response_ids))))


def _those(survey_id: int, question: int) -> list[ColumnElement[bool]]:
    return [*_written(survey_id), SurveyAnswer.question == question]


def _written(survey_id: int) -> list[ColumnElement[bool]]:
    return [
        SurveyAnswer.response_id == SurveyResponse.id,
        SurveyResponse.survey_id == survey_id,
        SurveyResponse.day.is_not(None),
        SurveyAnswer.text.is_not(None),
        SurveyAnswer.text != "",
    ]


def _search(wanted: Wanted) -> list[ColumnElement[bool]]:
    tests = [SurveyAnswer.text.icontains(word, autoescape=True) for word in wanted.words.split()]
    if wanted.theme_id is not None:
        carrying = select(SurveyThemed.response_id).where(SurveyThemed.theme_id == wanted.theme_id)
        tests.append(SurveyAnswer.response_id.in_(carrying))
    return tests


def _ordered(tests: Sequence[ColumnElement[bool]]) -> Select[str | None, int, int]:
    order = (SurveyAnswer.text, SurveyAnswer.response_id, SurveyAnswer.part)
    return select(*order).where(*tests).order_by(*order)


def _themes_on(question: int, survey_id: int, response_ids: Sequence[int]) -> dict[int, list[int]]:
    statement = (
        select(SurveyThemed.response_id, SurveyThemed.theme_id)
        .join(SurveyTheme, SurveyTheme.id == SurveyThemed.theme_id)
        .where(
            SurveyTheme.survey_id == survey_id,
            SurveyTheme.question == question,
            SurveyThemed.response_id.in_(response_ids),
        )
        .order_by(SurveyThemed.theme_id)
    )
    found: dict[int, list[int]] = {}
    for response_id, theme_id in db.session.execute(statement):
        found.setdefault(response_id, []).append(theme_id)
    return found
