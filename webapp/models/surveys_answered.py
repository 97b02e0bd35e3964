"""What one person answered: for each question by its number the parts of the answer, as they stand in the rows."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.models.surveys_asked import Asked, Kind, Question

SHORTEST = 4096
# Beside the answers, by no number: marks of what somebody let stand although it may identify somebody.
_KEPT = "kept"
MOST_MARKS = 200


@dataclass(frozen=True, kw_only=True)
class Part:
    """One row of an answer; what `part`, `value` and `text` are of each kind of question is said at SurveyAnswer."""

    part: int = 0
    value: float | None = None
    text: str | None = None


Given = Mapping[int, tuple[Part, ...]]


def decisive(given: Given) -> dict[int, Sequence[int]]:
    """The values that may decide about what else is asked, by the number of the question."""
    return {
        no: [int(one.value) for one in parts if one.part == 0 and one.value is not None]
        + [one.part for one in parts if one.part]
        for no, parts in given.items()
    }


def plain(given: Given, kept: Collection[str] = ()) -> bytes:
    """The answers, and marks of what is `kept` with a reason, as bytes to be sealed.

    They have few lengths, so that the length of a seal does not tell which lie in it.
    """
    rows: dict[str, list[Any]] = {
        str(no): [[one.part, one.value, one.text] for one in parts] for no, parts in given.items()
    }
    if kept:
        rows[_KEPT] = sorted(kept)[:MOST_MARKS]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
    size = SHORTEST
    while size < len(text):
        size *= 4
    return text.ljust(size)


def of(stored: bytes) -> dict[int, tuple[Part, ...]]:
    """The answers from those bytes."""
    return {
        int(no): tuple(Part(part=part, value=value, text=text) for part, value, text in rows)
        for no, rows in json.loads(stored).items()
        if no != _KEPT
    }


def kept_in(stored: bytes) -> frozenset[str]:
    """The marks of what is kept with a reason, from those bytes."""
    return frozenset(json.loads(stored).get(_KEPT, ()))


def fitting(asked: Asked, given: Given, attended: frozenset[str] | None) -> dict[int, tuple[Part, ...]]:
    """Of the answers those to questions that this person is asked, in the order of the questions; choices that are
    not offered any more are left out.
    """
    kept: dict[int, tuple[Part, ...]] = {}
    candidates = {
        question.no: fits
        for question in asked.all_questions
        if (fits := _offered(question, given.get(question.no, ())))
    }
    for _section, question in asked.shown_to(decisive(candidates), attended):
        if question.no in candidates:
            kept[question.no] = candidates[question.no]
    return kept


def unanswered(asked: Asked, given: Given, attended: frozenset[str] | None) -> list[Question]:
    """The questions that this person must still answer."""
    return [
        question
        for _section, question in asked.shown_to(decisive(given), attended)
        if question.required and not _is_whole(question, given.get(question.no, ()))
    ]


def _is_whole(question: Question, parts: Sequence[Part]) -> bool:
    # Each row of a matrix is to be answered, also one that was added since.
    return bool(parts) and {row.no for row in question.rows} <= {one.part for one in parts}


def _offered(question: Question, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    options = {choice.no for choice in question.options}
    match question.kind:
        case Kind.STATEMENT:
            return ()
        case Kind.ONE_CHOICE | Kind.LIKERT | Kind.RATING | Kind.RECOMMENDATION | Kind.YES_NO:
            return tuple(one for one in parts if one.part == 0 and one.value in options)
        case Kind.SEVERAL_CHOICES | Kind.RANKING:
            rest = tuple(one for one in parts if one.part in options)
        case Kind.MATRIX:
            rows = {row.no for row in question.rows}
            rest = tuple(one for one in parts if one.part in rows and one.value in options)
        case _:
            return tuple(one for one in parts if one.part == 0)
    return (Part(), *rest) if rest else ()
