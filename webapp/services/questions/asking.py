"""Which questions are asked of somebody, and how an answer reads."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from webapp.formats.spreadsheets import Cell
from webapp.models.events import EventQuestion, QuestionKind
from webapp.templating import british_date

CONSENTED = "Yes"
# Those whose answers may decide whether another question is asked.
DECIDING = frozenset({QuestionKind.ONE_CHOICE, QuestionKind.SEVERAL_CHOICES, QuestionKind.YES_NO, QuestionKind.CONSENT})


def offered(question: EventQuestion) -> list[str]:
    """The answers that a question offers, in order; none where people write their own."""
    if question.kind is QuestionKind.YES_NO:
        return ["Yes", "No"]
    if question.kind is QuestionKind.CONSENT:
        return [CONSENTED]
    return list(question.choices) if question.kind.has_choices else []


def asked_of(questions: Iterable[EventQuestion], given: Mapping[int, Sequence[str]]) -> list[EventQuestion]:
    """Those of the questions that are asked of whoever gave these answers, by the ids of the questions.

    A question that was not asked decides nothing, whatever was answered to it.
    """
    questions = list(questions)
    passed_over: set[int] = set()
    asked = []
    for question in questions:
        reason = question.depends_on_id
        if reason is not None and (
            reason in passed_over or not set(given.get(reason, ())) & set(question.depends_on_values)
        ):
            passed_over.add(question.id)
        else:
            asked.append(question)
    return asked


def shown(questions: Iterable[EventQuestion], given: Mapping[int, Sequence[str]]) -> list[tuple[EventQuestion, str]]:
    """The questions that say something of a registration, in order, each with its answer as people read it.

    What is asked of the person stands there unanswered too; what is no longer asked, or not of them, only if answered.
    """
    questions = list(questions)
    asked = {question.id for question in asked_of(questions, given) if question.retired_at is None}
    return [
        (question, answer_text(question, given.get(question.id, ())))
        for question in questions
        if question.id in asked or given.get(question.id)
    ]


def answer_text(question: EventQuestion, value: Sequence[str]) -> str:
    """An answer as people read it, several on lines of their own; empty where there is none."""
    if question.kind is QuestionKind.DATE:
        return "\n".join(british_date(day) if _is_date(day) else day for day in value)
    return "\n".join(value)


def answer_cell(question: EventQuestion, value: Sequence[str]) -> Cell:
    """An answer as spreadsheet programs calculate with it: dates and numbers as such, several in one text."""
    if len(value) == 1 and question.kind is QuestionKind.DATE and _is_date(value[0]):
        return date.fromisoformat(value[0])
    if len(value) == 1 and question.kind is QuestionKind.NUMBER:
        return Decimal(value[0])
    return "; ".join(value)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
