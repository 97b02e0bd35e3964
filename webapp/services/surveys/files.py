"""Results of a survey as tables and documents for other programs.

What is hidden on the page is hidden here: both are made of the same document. Single answers are for those who may see
whose they are, and of an anonymous survey for nobody.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from webapp.formats.spreadsheets import Cell
from webapp.models.surveys import Privacy, Survey
from webapp.models.surveys_asked import Asked, Kind, Question
from webapp.queries.surveys.published import AnswerList, Results
from webapp.queries.surveys.responses import Given, Response, each_response
from webapp.suppression import Count

# The names of themes and how many texts carry each, by the question.
Themes = Mapping[int, Sequence[tuple[str, Count]]]
HIDDEN = "hidden"
NUMBERS_HEADER = ("Section", "Question", "About", "Answer", "Split by", "Group", "Number", "Answered", "Mean", "Spread")


def numbers(results: Results, themes: Themes) -> Iterator[list[Cell]]:
    """A row for each number that may be shown, those of splits after those of all; the word hidden for all others.

    After the numbers of a question that people answer in their own words follow its themes.
    """
    for one in results.results:
        lead: list[Cell] = [one.section, one.label]
        if not one.lists:
            yield [*lead, "", "", "", "", "", _cell(one.answered), one.mean, one.spread]
        for listed in one.lists:
            for label, count in _lines(one.kind, listed):
                yield [
                    *lead,
                    listed.label,
                    label,
                    "",
                    "",
                    _cell(count),
                    _cell(listed.answered),
                    listed.mean,
                    listed.spread,
                ]
        for name, number in themes.get(one.no, ()):
            yield [*lead, "Theme", name, "", "", _cell(number), _cell(one.answered), None, None]
        for split in results.splits:
            by = _by(results, split.by)
            for table in split.tables.get(one.no, ()):
                for label, cells in table.rows:
                    for place, (group, _) in enumerate(split.groups):
                        about: list[Cell] = [*lead, table.label, label, by, group]
                        yield [*about, _cell(cells[place]), _cell(table.totals[place]), None, None]


def _lines(kind: Kind, listed: AnswerList) -> Iterator[tuple[str, Count]]:
    for line in listed.lines:
        if kind is not Kind.SEVERAL_CHOICES or line.no:
            yield line.label, line.count


def _by(results: Results, by: str) -> str:
    """What a split is by: of the answers to a question, the question."""
    no = by.removeprefix("question-")
    asked = results.result(int(no)) if no != by else None
    return asked.label if asked else by


def _cell(count: Count) -> Cell:
    return HIDDEN if count is None else count


def as_json(survey: Survey, results: Results, themes: Themes) -> bytes:
    """The document as JSON, with the themes of texts; a number that is hidden is null."""
    whole = {"survey": survey.title, "hidden_under": results.threshold} | results.plain()
    whole |= {"themes": {no: dict(found) for no, found in themes.items()}}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


@dataclass(frozen=True)
class Column:
    """One column of the table of single answers: its title, and what it says of the answer to its question."""

    title: str
    question: int
    says: Callable[[Sequence[Given]], Cell]


def columns_of(asked: Asked) -> list[Column]:
    """The columns of all questions in their order."""
    return [column for question in asked.all_questions if question.kind.is_asked for column in _columns(question)]


def header(survey: Survey, columns: Sequence[Column]) -> list[str]:
    """The titles of the table of single answers."""
    who = ["Name", "E-mail address"] if survey.privacy is Privacy.NAMED else []
    return ["Day", "Version", *who, "Sector", "Role", *(column.title for column in columns)]


def rows(survey: Survey, columns: Sequence[Column]) -> Iterator[list[Cell]]:
    """A row for each response, read as they are asked for."""
    for one in each_response(survey):
        yield _row(survey, one, columns)


def _row(survey: Survey, one: Response, columns: Sequence[Column]) -> list[Cell]:
    who: list[Cell] = [one.name, one.email] if survey.privacy is Privacy.NAMED else []
    return [
        one.day,
        one.version,
        *who,
        one.sector,
        one.role,
        *(column.says(one.answers[column.question]) if column.question in one.answers else None for column in columns),
    ]


def json_in_pieces(survey: Survey, columns: Sequence[Column]) -> Iterator[bytes]:
    """The single answers as JSON, in pieces that are read as they are asked for."""
    titles = header(survey, columns)
    yield (
        json.dumps({"survey": survey.title, "columns": titles}, ensure_ascii=False)[:-1] + ', "responses": ['
    ).encode()
    before = "\n"
    for row in rows(survey, columns):
        plain = [cell if isinstance(cell, str | int | float | None) else str(cell) for cell in row]
        yield (before + json.dumps(plain, ensure_ascii=False)).encode()
        before = ",\n"
    yield b"\n]}\n"


def _columns(question: Question) -> Iterator[Column]:
    no, labels = question.no, {choice.no: choice.label for choice in question.options}
    match question.kind:
        case Kind.NUMBER | Kind.RATING | Kind.RECOMMENDATION:
            yield Column(question.label, no, partial(_number, 0))
        case Kind.ONE_CHOICE | Kind.LIKERT | Kind.YES_NO:
            yield Column(question.label, no, partial(_label, labels, 0))
        case Kind.SEVERAL_CHOICES:
            yield from (
                Column(f"{question.label}: {word}", no, partial(_chosen, part)) for part, word in labels.items()
            )
        case Kind.MATRIX:
            for row in question.rows:
                yield Column(f"{question.label}: {row.label}", no, partial(_label, labels, row.no))
        case Kind.RANKING:
            yield from (
                Column(f"{question.label}: {word}", no, partial(_number, part)) for part, word in labels.items()
            )
        case Kind.DATE:
            yield Column(question.label, no, _day)
        case _:
            yield Column(question.label, no, _text)
    if question.other:
        yield Column(f"{question.label}: in other words", no, _text)


def _value(part: int, given: Sequence[Given]) -> float | None:
    return next((one[1] for one in given if one[0] == part), None)


def _number(part: int, given: Sequence[Given]) -> Cell:
    value = _value(part, given)
    return int(value) if value is not None and value.is_integer() else value


def _label(labels: Mapping[int, str], part: int, given: Sequence[Given]) -> Cell:
    value = _value(part, given)
    return None if value is None else labels.get(int(value), str(value))


def _chosen(part: int, given: Sequence[Given]) -> Cell:
    return any(one[0] == part for one in given) or None


def _day(given: Sequence[Given]) -> Cell:
    return next((date.fromisoformat(one[2]) for one in given if one[2]), None)


def _text(given: Sequence[Given]) -> Cell:
    return next((one[2] for one in given if one[2]), None)
