"""The walk through an index in the order wanted, which meets as few others as can be, and tests whom it meets."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, select, true, union_all
from sqlalchemy.orm import aliased

from webapp.folding import fold
from webapp.models.organisations import Sector
from webapp.models.registrations import Registration, RegistrationState, RegistrationTag
from webapp.queries.registrations.numbers import Numbers, RegistrationFilter, Sort

_KEYS: dict[Sort, Any] = {
    Sort.ARRIVAL: Registration.arrival,
    Sort.NAME: Registration.name_sort,
    Sort.ORGANISATION: Registration.organisation_sort,
}
_CARRIED: dict[Sort, Any] = {
    Sort.ARRIVAL: RegistrationTag.arrival,
    Sort.NAME: RegistrationTag.name_sort,
    Sort.ORGANISATION: RegistrationTag.organisation_sort,
}
Run = Select[int, Any]


def key_of(wanted: RegistrationFilter) -> Any:
    """The column by which a filter's list is sorted, before the id."""
    if wanted.sort is Sort.ARRIVAL and wanted.is_of_days:
        # Of some days, those who came are in order by the moments that the days are cut from, which an index has.
        return Registration.registered_at
    if wanted.sort is Sort.ORGANISATION and wanted.organisation:
        # Of one organisation that key is the same for all.
        return Registration.id
    return _KEYS[wanted.sort]


def directed(key: Any, row_id: Any, *, descending: bool) -> tuple[Any, Any]:
    """A key and the id after it, both in the one direction."""
    return (key.desc(), row_id.desc()) if descending else (key, row_id)


def first_of(runs: Sequence[Run], *, descending: bool, size: int, skipped: int = 0) -> Run:
    """The ids and keys of a page: the first of all runs together, some skipped; each run is read no further."""
    reach = skipped + size
    limited = []
    for run in runs:
        read = run.selected_columns
        limited.append(run.order_by(*directed(read.key, read.id, descending=descending)).limit(reach))
    if len(limited) == 1:
        return limited[0].limit(size).offset(skipped)
    merged = union_all(*(select(run.subquery()) for run in limited)).subquery()
    order = directed(merged.c.key, merged.c.id, descending=descending)
    return select(merged.c.id, merged.c.key).order_by(*order).limit(size).offset(skipped)


def runs_of(event_id: int, wanted: RegistrationFilter, numbers: Numbers) -> list[Run]:
    """Those whom the filter finds, in runs: each lies in the order wanted in an index, among others or alone."""
    if wanted.sort is Sort.ARRIVAL and wanted.is_of_days:
        return [_run(event_id, wanted, numbers, held=frozenset({"days"}))]
    if wanted.organisation:
        return [_run(event_id, wanted, numbers, held=frozenset({"organisation"}))]
    if wanted.tag and not (wanted.sort is Sort.ARRIVAL and wanted.state):
        # Who came when decides on the state, so that one tag's long run may begin with nobody of that state.
        return [_carriers(event_id, wanted, numbers)]
    if (
        wanted.mode
        and wanted.sort is Sort.ARRIVAL
        and not wanted.sector
        and (wanted.state or len(numbers.criteria) == 1)
    ):
        # With more to test, one run is better than one of each state: in none of these need there be many.
        held = frozenset({"mode"})
        return [_run(event_id, wanted, numbers, state, held=held) for state in _states(wanted, numbers)]
    if wanted.sector:
        return [_run(event_id, wanted, numbers, state, wanted.sector) for state in _states(wanted, numbers)]
    return [_run(event_id, wanted, numbers, wanted.state)]


def _states(wanted: RegistrationFilter, numbers: Numbers) -> list[RegistrationState]:
    """The states that anybody wanted is in; each lies in its own part of an index."""
    return [*dict.fromkeys(state for state, sector in wanted.groups if numbers.counts.get((state, sector)))]


def _run(
    event_id: int,
    wanted: RegistrationFilter,
    numbers: Numbers,
    state: RegistrationState | None = None,
    sector: Sector | None = None,
    *,
    held: frozenset[str] = frozenset(),
) -> Run:
    """One run of registrations: what the index holds together is looked up, all else tested row by row."""
    row = Registration
    run = select(row.id.label("id"), key_of(wanted).label("key")).where(row.event_id == event_id)
    run = run.where(row.state == state) if state else run
    run = run.where(row.sector == sector) if sector else run
    tests: list[ColumnElement[bool]] = []
    if wanted.state and not state:
        tests.append(row.state == wanted.state)
    if wanted.sector and not sector:
        tests.append(row.sector == wanted.sector)
    for one in numbers.criteria:
        if one.within is None:
            run = run.where(one.is_met_one_by_one_by(row.__table__.c.id))
        elif one.name in held:
            run = run.where(*one.within(row))
        else:
            tests += one.within(row)
    # So put, no database looks for an index of what is tested, and leaves the one in the order wanted for it.
    return run.where(and_(*tests).is_(true())) if tests else run


def _carriers(event_id: int, wanted: RegistrationFilter, numbers: Numbers) -> Run:
    """The run of those who carry a tag: tags lie in the order wanted, so that the walk meets nobody else."""
    tag, row_id = RegistrationTag, RegistrationTag.registration_id
    run = select(row_id.label("id"), _CARRIED[wanted.sort].label("key")).where(
        tag.event_id == event_id, tag.name_folded == fold(wanted.tag)
    )
    run = run.where(*(one.is_met_one_by_one_by(row_id) for one in numbers.criteria if one.name != "tag"))
    if wanted.state or wanted.sector:
        other = aliased(Registration)
        within = select(literal(1)).where(other.id == row_id)
        within = within.where(other.state == wanted.state) if wanted.state else within
        within = within.where(other.sector == wanted.sector) if wanted.sector else within
        run = run.where(within.limit(1).scalar_subquery().is_not(None))
    return run
