"""Finding things by words."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, select

from webapp.extensions import db
from webapp.folding import words
from webapp.models.search import SearchKind, SearchWord

# Up to so many matches are fetched and sorted; beyond, it is quicker to walk the wanted order and test each.
FEW = 1000
_LAST = "\U0010ffff"


def matching_ids(kind: SearchKind, scope_id: int, text: str) -> list[int] | None:
    """The ids of things that have, for each word typed, a word beginning with it; None when too many may.

    Too many are more than 1,000 for the rarest of the words. Text without a single letter or digit matches nothing.
    """
    counted = counted_words(kind, scope_id, text)
    if not counted:
        return []
    row = db.session.execute(select(*(statement.scalar_subquery() for statement in counted.values()))).one()
    ranked = [word for _, word in sorted(zip(row, counted, strict=True))]
    if min(row) > FEW:
        return None
    first, *others = ranked
    # Without DISTINCT, for the sake of which SQLite would read the words of all things.
    statement = things_with(kind, scope_id, [first])
    if others:
        statement = statement.where(tested_one_by_one(kind, scope_id, others, SearchWord.__table__.c.thing_id))
    return sorted(set(db.session.scalars(statement)))


def condition(kind: SearchKind, scope_id: int, text: str, thing_id: ColumnElement[int]) -> ColumnElement[bool]:
    """The same as a condition on a thing's id, for when there are too many matches to list."""
    return tested_one_by_one(kind, scope_id, words(text), thing_id)


def counted_words(kind: SearchKind, scope_id: int, text: str) -> dict[str, Select[int]]:
    """The words typed in their order, each with the statement that counts words beginning with it, up to 1,001."""
    found = {}
    for word in words(text):
        some = select(literal(1)).where(
            SearchWord.kind == kind, SearchWord.scope_id == scope_id, begins(SearchWord.word, word)
        )
        found[word] = select(func.count()).select_from(some.limit(FEW + 1).subquery())
    return found


def things_with(kind: SearchKind, scope_id: int, ranked: Sequence[str]) -> Select[int]:
    """The ids of things that have, for each word, a word beginning with it; best with the rarest word first."""
    first, *others = ranked
    statement = select(SearchWord.thing_id).where(
        SearchWord.kind == kind, SearchWord.scope_id == scope_id, begins(SearchWord.word, first)
    )
    return statement.where(*(_has(kind, scope_id, SearchWord.thing_id, word) for word in others))


def tested_one_by_one(
    kind: SearchKind, scope_id: int, ranked: Sequence[str], thing_id: ColumnElement[int]
) -> ColumnElement[bool]:
    """The same as a condition that databases test row by row, so that a walk can stop at the first page."""
    tests = []
    for word in ranked:
        other = SearchWord.__table__.alias()
        found = select(literal(1)).where(
            other.c.kind == kind,
            other.c.scope_id == scope_id,
            other.c.thing_id == thing_id,
            begins(other.c.word, word),
        )
        # The limit keeps PostgreSQL from making a join of it, for which it would read every match.
        tests.append(found.limit(1).scalar_subquery().is_not(None))
    return and_(*tests)


def _has(kind: SearchKind, scope_id: int, thing_id: Any, word: str) -> ColumnElement[bool]:
    other = SearchWord.__table__.alias()
    return exists().where(
        other.c.kind == kind,
        other.c.scope_id == scope_id,
        other.c.thing_id == thing_id,
        begins(other.c.word, word),
    )


def begins(column: Any, word: str) -> ColumnElement[bool]:
    """The condition that a folded word begins with another, such as an index can answer."""
    return and_(column >= word, column < word + _LAST)
