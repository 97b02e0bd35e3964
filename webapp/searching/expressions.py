"""A question put to a database: its words and what bounds it, in the language of FTS5 or of PostgreSQL's `tsquery`.

Both come from one function, so both databases are asked the same. Every word stands in quotation marks.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from webapp.searching.asking import Group, Phrase, Question
from webapp.searching.streams import IN_TITLE


class Where(StrEnum):
    """Where all that is looked for has to stand."""

    IN_TITLE = "in_title"
    NOT_ALL_IN_TITLE = "not_all_in_title"
    ANYWHERE = "anywhere"


@dataclass(frozen=True)
class Language:
    """How a database wants phrases written, and what it calls and, or and without."""

    phrase: Callable[[Phrase], str]
    both: str
    either: str
    without: str


def _as_string(phrase: Phrase) -> str:
    return '"' + " ".join(phrase).replace('"', '""') + '"'


def _as_lexemes(phrase: Phrase) -> str:
    words = ["'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in phrase]
    return f"({' <-> '.join(words)})" if len(words) > 1 else words[0]


FTS5 = Language(_as_string, " AND ", " OR ", " NOT ")
TSQUERY = Language(_as_lexemes, " & ", " | ", " & !")


@dataclass(frozen=True)
class Bounds:
    """Tags that must be there; and such as must not, each unless one of those beside it is there, too."""

    tags: tuple[str, ...] = ()
    but: tuple[tuple[str, tuple[str, ...]], ...] = ()


def expression(question: Question, bounds: Bounds, where: Where, language: Language) -> str:
    """The question as that database takes it; it must have a group at least."""
    anywhere = _all(question.groups, language, "")
    in_title = _all(question.groups, language, IN_TITLE)
    found = in_title if where is Where.IN_TITLE else anywhere
    for tag in bounds.tags:
        found = f"({found}{language.both}{language.phrase((tag,))})"
    if where is Where.NOT_ALL_IN_TITLE:
        found = f"({found}{language.without}{in_title})"
    for tag, others in bounds.but:
        found = f"({found}{language.without}{_unless(tag, others, language)})"
    return found


def _unless(tag: str, others: Iterable[str], language: Language) -> str:
    but = language.phrase((tag,))
    unless = [language.phrase((one,)) for one in others]
    return f"({but}{language.without}{_joined(unless, language.either)})" if unless else but


def _all(groups: Iterable[Group], language: Language, mark: str) -> str:
    return _joined((_any(group, language, mark) for group in groups), language.both)


def _any(group: Group, language: Language, mark: str) -> str:
    ways = (
        _joined((language.phrase(tuple(f"{mark}{word}" for word in phrase)) for phrase in together), language.both)
        for together in group
    )
    return _joined(ways, language.either)


def _joined(parts: Iterable[str], between: str) -> str:
    some = list(parts)
    return f"({between.join(some)})" if len(some) > 1 else some[0]
