"""An event's registrations as an organiser reads them: filtered, searched, sorted, counted, a page at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVarTuple

from sqlalchemy import Select, Subquery, false, func, literal, select, union_all
from sqlalchemy.orm import aliased, selectinload

from webapp.extensions import db
from webapp.folding import fold
from webapp.models.registrations import (
    Registration,
    RegistrationTag,
)
from webapp.queries.paging import Page, nearest
from webapp.queries.registrations.numbers import Numbers, RegistrationFilter, Sort, get_numbers
from webapp.queries.search import FEW

PAGE_SIZE = 50
# How many registrations are looked at for each one to be shown, before a search goes about it the other way;
# and on how many pages.
WALK = 40
WALKED = 20
Columns = TypeVarTuple("Columns")


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


def find_registrations(event_id: int, wanted: RegistrationFilter, numbers: Numbers, *, page: int) -> Page[Registration]:
    """An event's registrations, 50 a page; `numbers` are those for the same filter.

    Where a search finds very many, the page says that there are more and not how many.
    """
    if wanted.is_searched:
        return _search(event_id, wanted, numbers, page=page)
    total = numbers.total(wanted)
    number = nearest(page, total, PAGE_SIZE)
    if total == 0:
        return Page([], number, PAGE_SIZE, total)
    skipped, backwards = (number - 1) * PAGE_SIZE, False
    size = min(PAGE_SIZE, total - skipped)
    if skipped > total // 2:
        # From its end, the last page is as near as the first.
        skipped, backwards = total - skipped - size, True
    ids = _in_order(event_id, wanted, numbers, reach=skipped + size, backwards=backwards)
    rows = db.session.scalars(_loading(ids.limit(size).offset(skipped).subquery(), wanted)).all()
    return Page(rows, number, PAGE_SIZE, total)


def _search(event_id: int, wanted: RegistrationFilter, numbers: Numbers, *, page: int) -> Page[Registration]:
    rarest = numbers.rarest
    if wanted.tag and rarest > FEW:
        return _search_carriers(event_id, wanted, numbers, page=page)
    candidates = numbers.total(wanted)
    number = nearest(page, candidates, PAGE_SIZE)
    if not rarest or not candidates:
        return Page([], 1, PAGE_SIZE, 0)
    if min(rarest, candidates) > FEW and number <= WALKED:
        # What many have is met soon on a walk in the order wanted; if it is not, they stand elsewhere in it.
        met = _met_on_a_walk(event_id, wanted, numbers, shown=number * PAGE_SIZE)
        ids = met.limit(PAGE_SIZE + 1).offset((number - 1) * PAGE_SIZE).subquery()
        rows = db.session.scalars(_loading(ids, wanted)).all()
        if len(rows) > PAGE_SIZE:
            return Page(rows[:PAGE_SIZE], number, PAGE_SIZE, number * PAGE_SIZE + 1, more=True)
    if candidates <= min(rarest, FEW):
        key = _KEYS[wanted.sort].label("key")
        found = _within(select(Registration.id, key).where(Registration.event_id == event_id), wanted)
        row_id = Registration.__table__.c.id
        found = found.where(*(one.is_met_one_by_one_by(row_id) for one in numbers.criteria))
    else:
        found = _matching(wanted, numbers)
    rows, total = _counted_page(found, wanted, number)
    if not rows and number > 1:
        total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
        number = nearest(number, total, PAGE_SIZE)
        rows, _ = _counted_page(found, wanted, number)
    return Page(rows, number, PAGE_SIZE, total)


def _search_carriers(event_id: int, wanted: RegistrationFilter, numbers: Numbers, *, page: int) -> Page[Registration]:
    """A page of the many who carry a tag: tags lie in the order wanted, so that the walk meets nobody else."""
    tag, row_id = RegistrationTag, RegistrationTag.registration_id
    key = _CARRIED[wanted.sort]
    met = select(row_id.label("id"), key.label("key")).where(
        tag.event_id == event_id, tag.name_folded == fold(wanted.tag)
    )
    met = met.where(*(one.is_met_one_by_one_by(row_id) for one in numbers.criteria if one.name != "tag"))
    if wanted.state or wanted.sector:
        other = aliased(Registration)
        within = select(literal(1)).where(other.id == row_id)
        within = within.where(other.state == wanted.state) if wanted.state else within
        within = within.where(other.sector == wanted.sector) if wanted.sector else within
        met = met.where(within.limit(1).scalar_subquery().is_not(None))
    ordered = met.order_by(*_directed(key, tag.registration_id, descending=wanted.descending)).limit(PAGE_SIZE + 1)
    number = nearest(page, numbers.total(wanted), PAGE_SIZE)
    rows = db.session.scalars(_loading(ordered.offset((number - 1) * PAGE_SIZE).subquery(), wanted)).all()
    if not rows and number > 1:
        total = db.session.scalar(select(func.count()).select_from(met.subquery())) or 0
        number = nearest(number, total, PAGE_SIZE)
        rows = db.session.scalars(_loading(ordered.offset((number - 1) * PAGE_SIZE).subquery(), wanted)).all()
    total = (number - 1) * PAGE_SIZE + len(rows)
    return Page(rows[:PAGE_SIZE], number, PAGE_SIZE, total, more=len(rows) > PAGE_SIZE)


def _met_on_a_walk(
    event_id: int, wanted: RegistrationFilter, numbers: Numbers, *, shown: int
) -> Select[int] | Select[int, Any]:
    """The ids of those met on a walk in the order wanted, far enough to show so many; as many as it meets."""
    everybody = replace(wanted, state=None, sector=None)
    # Where most are of the state and sector wanted, passing over the others is quicker than merging groups.
    of_most = 2 * numbers.total(wanted) > numbers.total(everybody)
    walked = everybody if of_most else wanted
    if _lies_in_one_order(walked):
        reach = _in_order(event_id, walked, numbers, reach=WALK * shown)
        edge = reach.subquery().c.key
        # Up to a key, for then the index gives the order and the walk ends with the page: no database sorts.
        bound = select(func.min(edge) if wanted.descending else func.max(edge)).scalar_subquery()
        key = _KEYS[wanted.sort]
        met = reach.limit(None).where(key >= bound if wanted.descending else key <= bound)
        row_id = Registration.__table__.c.id
        return _within(met, wanted).where(*(one.is_met_one_by_one_by(row_id) for one in numbers.criteria))
    walk = _in_order(event_id, walked, numbers, reach=max(1, WALK // 4) * shown).subquery()
    met = select(walk.c.id).where(*(one.is_met_one_by_one_by(walk.c.id) for one in numbers.criteria))
    return met.order_by(*_directed(walk.c.key, walk.c.id, descending=wanted.descending))


def _lies_in_one_order(wanted: RegistrationFilter) -> bool:
    """Whether one index holds just those of the state and sector wanted in the order wanted."""
    return wanted.sector is None or wanted.state is not None


def _counted_page(
    found: Select[int, Any], wanted: RegistrationFilter, number: int
) -> tuple[Sequence[Registration], int]:
    every = found.subquery()
    ids = select(every.c.id, func.count().over().label("total"))
    ids = ids.order_by(*_directed(every.c.key, every.c.id, descending=wanted.descending))
    page = ids.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE).subquery()
    rows = db.session.execute(_loading(page, wanted).add_columns(page.c.total)).all()
    return [registration for registration, _ in rows], rows[0][1] if rows else 0


def each_registration(event_id: int, wanted: RegistrationFilter, *, with_needs: bool) -> Iterator[Registration]:
    """All registrations that the filter finds, in its order, with answers, a thousand in memory at a time."""
    key = _KEYS[wanted.sort]
    statement = select(Registration).order_by(*_directed(key, Registration.id, descending=wanted.descending))
    if wanted.is_searched:
        numbers = get_numbers(event_id, wanted)
        if not numbers.criteria:
            return
        found = _matching(wanted, numbers).subquery()
        statement = statement.join(found, found.c.id == Registration.id)
    else:
        statement = _within(statement.where(Registration.event_id == event_id), wanted)
    statement = statement.options(selectinload(Registration.answers))
    if with_needs:
        statement = statement.options(selectinload(Registration.needs))
    result = db.session.scalars(statement.execution_options(yield_per=1000))
    for partition in result.partitions():
        yield from partition
        for row in partition:
            db.session.expunge(row)


def count_registrations(event_id: int, wanted: RegistrationFilter) -> int:
    """How many registrations the filter finds, exactly; for deciding how an export is made."""
    numbers = get_numbers(event_id, wanted)
    if not wanted.is_searched:
        return numbers.total(wanted)
    if not numbers.criteria:
        return 0
    return db.session.scalar(select(func.count()).select_from(_matching(wanted, numbers).subquery())) or 0


def ids_of(event_id: int, wanted: RegistrationFilter) -> Select[int]:
    """The statement that gives the ids of all registrations that the filter finds, in no order."""
    if not wanted.is_searched:
        return _within(select(Registration.id).where(Registration.event_id == event_id), wanted)
    numbers = get_numbers(event_id, wanted)
    if not numbers.criteria:
        return select(Registration.id).where(false())
    return select(_matching(wanted, numbers).subquery().c.id)


def _matching(wanted: RegistrationFilter, numbers: Numbers) -> Select[int, Any]:
    """The ids and keys of those that meet the criteria, which are found first: no planner can do it another way."""
    columns = (Registration.id, Registration.state, Registration.sector, _KEYS[wanted.sort].label("key"))
    first, *others = numbers.criteria
    met = select(*columns).where(Registration.id.in_(first.ids))
    if numbers.rarest <= FEW or first.kept is not None:
        # It is known how many the first gives, and SQLite might begin with what most have.
        met = met.where(*(one.is_met_one_by_one_by(Registration.__table__.c.id) for one in others))
    else:
        met = met.where(*(one.is_met_by(Registration.id) for one in others))
    found = met.cte("found").prefix_with("MATERIALIZED")
    statement = select(found.c.id, found.c.key)
    if wanted.state:
        statement = statement.where(found.c.state == wanted.state)
    if wanted.sector:
        statement = statement.where(found.c.sector == wanted.sector)
    return statement


def _within(statement: Select[*Columns], wanted: RegistrationFilter) -> Select[*Columns]:
    if wanted.state:
        statement = statement.where(Registration.state == wanted.state)
    if wanted.sector:
        statement = statement.where(Registration.sector == wanted.sector)
    return statement


def _in_order(
    event_id: int, wanted: RegistrationFilter, numbers: Numbers, *, reach: int, backwards: bool = False
) -> Select[int, Any]:
    """The ids and keys of the first that the filter finds in its order, or of the last, without sorting all."""
    descending = wanted.descending != backwards
    key = _KEYS[wanted.sort].label("key")
    ordered = select(Registration.id, key).where(Registration.event_id == event_id)
    ordered = ordered.order_by(*_directed(_KEYS[wanted.sort], Registration.id, descending=descending)).limit(reach)
    if _lies_in_one_order(wanted):
        return _within(ordered, wanted)
    # Each group of one state and sector lies in order in an index, and of each only the first can be on the page.
    runs = [
        ordered.where(Registration.state == state, Registration.sector == sector)
        for state, sector in wanted.groups
        if numbers.counts.get((state, sector))
    ]
    if len(runs) == 1:
        return runs[0]
    merged = union_all(*(select(run.subquery()) for run in runs)).subquery()
    order = _directed(merged.c.key, merged.c.id, descending=descending)
    return select(merged.c.id, merged.c.key).order_by(*order).limit(reach)


def _directed(key: Any, row_id: Any, *, descending: bool) -> tuple[Any, Any]:
    return (key.desc(), row_id.desc()) if descending else (key, row_id)


def _loading(ids: Subquery, wanted: RegistrationFilter) -> Select[Registration]:
    statement = select(Registration).join(ids, ids.c.id == Registration.id)
    return statement.order_by(*_directed(_KEYS[wanted.sort], Registration.id, descending=wanted.descending))
