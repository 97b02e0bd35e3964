"""What an event asks of those who register: building the questions, asking them, and answering for organisers.

A question that somebody answered is never destroyed: it is retired, and its answers stay.
"""

from webapp.services.questions.answering import answer_for
from webapp.services.questions.asking import (
    CONSENTED,
    DECIDING,
    answer_cell,
    answer_text,
    asked_of,
    offered,
    shown,
)
from webapp.services.questions.building import (
    MOST,
    AnswersLost,
    NotNow,
    QuestionChanged,
    QuestionRefused,
    Wording,
    add,
    delete,
    edit,
    may_decide_on,
    move,
    restore,
    retire,
)

__all__ = [
    "CONSENTED",
    "DECIDING",
    "MOST",
    "AnswersLost",
    "NotNow",
    "QuestionChanged",
    "QuestionRefused",
    "Wording",
    "add",
    "answer_cell",
    "answer_for",
    "answer_text",
    "asked_of",
    "delete",
    "edit",
    "may_decide_on",
    "move",
    "offered",
    "restore",
    "retire",
    "shown",
]
