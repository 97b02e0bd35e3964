"""What a registration is found by beside its state and sector: words, a tag, an organisation, a way, a day.

Each can be asked in three ways: how many meet it, up to 1,001; which do, all at once; and whether one row does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.orm import aliased

from webapp.folding import fold, words
from webapp.models.events import Mode, moment
from webapp.models.registrations import Registration, RegistrationState, RegistrationTag, RegistrationTally
from webapp.models.search import SearchKind, SearchWord
from webapp.queries.search import FEW, begins


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One thing that a registration must be or have: the ids of those that meet it, and a row if one of them does."""

    name: str
    ids: Select[int]
    of: Callable[[Any], Select[int]]
    kept: Select[int] | None = None
    # Where the row of a registration says it: the conditions on that row.
    within: Callable[[Any], list[ColumnElement[bool]]] | None = None

    @property
    def counted(self) -> Select[int]:
        """The statement that counts those that meet it, up to 1,001; or reads how many, where that is kept."""
        if self.kept is not None:
            return self.kept
        return select(func.count()).select_from(self.ids.limit(FEW + 1).subquery())

    def is_met_by(self, row_id: Any) -> ColumnElement[bool]:
        """The condition for a list of all that meet it, which databases may turn into a join."""
        return self.of(row_id).exists()

    def is_met_one_by_one_by(self, row_id: Any) -> ColumnElement[bool]:
        """The same, tested row by row, so that a walk can stop at the first page."""
        # The limit keeps PostgreSQL from making a join of it, for which it would read every match.
        return self.of(row_id).limit(1).scalar_subquery().is_not(None)


def criteria(
    event_id: int, *, text: str, tag: str, organisation: str, mode: Mode | None, state: RegistrationState | None = None
) -> list[Criterion]:
    """What a filter asks for beside state and sector; of a text, each of its words.

    Of an organisation it is kept how many are in the state, or in all.
    """
    found = [_word(event_id, word) for word in words(text)]
    if tag:
        found.append(_tag(event_id, tag))
    if organisation:
        found.append(_organisation(event_id, organisation, state))
    if mode:
        found.append(_mode(event_id, mode))
    return found


def registered_between(event_id: int, first: date | None, last: date | None, zone: str) -> Criterion:
    """That somebody registered on one of these days, both included, where the clocks are those of the zone."""
    row, other = aliased(Registration), aliased(Registration)

    def within(table: Any) -> list[ColumnElement[bool]]:
        # From midnight to midnight by the clock of the place: 23 or 25 hours when it changes.
        since = [table.registered_at >= moment(first, None, zone)] if first else []
        return since + ([table.registered_at < moment(last, None, zone, end=True)] if last else [])

    return Criterion(
        name="days",
        ids=select(row.id).where(row.event_id == event_id, *within(row)),
        of=lambda row_id: select(literal(1)).where(other.id == row_id, *within(other)),
        within=within,
    )


def ranked(counted: Sequence[tuple[Criterion, int]]) -> list[Criterion]:
    """The criteria, the one that fewest meet first; last those of which no more is known than that many do."""

    def most(pair: tuple[Criterion, int]) -> float:
        criterion, number = pair
        return number if number <= FEW or criterion.kept is not None else inf

    return [criterion for criterion, _ in sorted(counted, key=most)]


def _word(event_id: int, word: str) -> Criterion:
    row, other = SearchWord, aliased(SearchWord)

    def within(table: Any) -> tuple[ColumnElement[bool], ...]:
        return (
            table.kind == SearchKind.REGISTRATION,
            table.scope_id == event_id,
            begins(table.word, word),
        )

    return Criterion(
        name=f"word {word}",
        ids=select(row.thing_id).where(*within(row)),
        of=lambda row_id: select(literal(1)).where(*within(other), other.thing_id == row_id),
    )


def _tag(event_id: int, tag: str) -> Criterion:
    row, other, folded = RegistrationTag, aliased(RegistrationTag), fold(tag)
    return Criterion(
        name="tag",
        ids=select(row.registration_id).where(row.event_id == event_id, row.name_folded == folded),
        of=lambda row_id: select(literal(1)).where(other.registration_id == row_id, other.name_folded == folded),
    )


def _organisation(event_id: int, name: str, state: RegistrationState | None) -> Criterion:
    row, other = aliased(Registration), aliased(Registration)
    tally = RegistrationTally
    kept = select(func.coalesce(func.sum(tally.count), 0)).where(
        tally.event_id == event_id, tally.dimension == "organisation", tally.value == name
    )
    # By the name as the charts count it.
    ids = select(row.id).where(row.event_id == event_id, row.organisation_name == name)
    return Criterion(
        name="organisation",
        ids=ids.where(row.state == state) if state else ids,
        kept=kept.where(tally.state == state) if state else kept,
        of=lambda row_id: select(literal(1)).where(other.id == row_id, other.organisation_name == name),
        within=lambda table: [table.organisation_name == name],
    )


def _mode(event_id: int, mode: Mode) -> Criterion:
    row, other = aliased(Registration), aliased(Registration)
    return Criterion(
        name="mode",
        ids=select(row.id).where(row.event_id == event_id, row.mode == mode),
        of=lambda row_id: select(literal(1)).where(other.id == row_id, other.mode == mode),
        within=lambda table: [table.mode == mode],
    )
