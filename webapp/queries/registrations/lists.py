"""An event's registrations as an organiser reads them: filtered, searched, sorted, counted, a page at a time."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVarTuple

from sqlalchemy import Select, Subquery, false, func, select
from sqlalchemy.orm import selectinload

from webapp.extensions import db
from webapp.models.registrations import Registration
from webapp.queries.paging import Page, nearest
from webapp.queries.registrations.numbers import Numbers, RegistrationFilter, get_numbers
from webapp.queries.registrations.walks import directed, first_of, key_of, runs_of
from webapp.queries.search import FEW

PAGE_SIZE = 50
# On how many pages a search of many is walked to in the order wanted; beyond, all that it finds are counted.
WALKED = 20
Columns = TypeVarTuple("Columns")


def find_registrations(event_id: int, wanted: RegistrationFilter, numbers: Numbers, *, page: int) -> Page[Registration]:
    """An event's registrations, 50 a page; `numbers` are those for the same filter.

    Where a search finds very many, the page says that there are more and not how many.
    """
    if wanted.is_searched:
        return _search(event_id, wanted, numbers, page=page)
    return _counted(event_id, wanted, numbers, page=page, total=numbers.total(wanted))


def _counted(
    event_id: int, wanted: RegistrationFilter, numbers: Numbers, *, page: int, total: int
) -> Page[Registration]:
    """A page of as many as are known to be: from their end, the last page is as near as the first."""
    number = nearest(page, total, PAGE_SIZE)
    if total == 0:
        return Page([], number, PAGE_SIZE, total)
    skipped, descending = (number - 1) * PAGE_SIZE, wanted.descending
    size = min(PAGE_SIZE, total - skipped)
    if skipped > total // 2:
        skipped, descending = total - skipped - size, not descending
    runs = runs_of(event_id, wanted, numbers)
    rows = db.session.scalars(
        _loading(first_of(runs, descending=descending, size=size, skipped=skipped).subquery(), wanted)
    ).all()
    return Page(rows, number, PAGE_SIZE, total)


def _search(event_id: int, wanted: RegistrationFilter, numbers: Numbers, *, page: int) -> Page[Registration]:
    rarest, candidates = numbers.rarest, numbers.total(wanted)
    if not rarest or not candidates:
        return Page([], 1, PAGE_SIZE, 0)
    alone = not wanted.sector and len(numbers.criteria) == 1
    if alone and wanted.organisation and (rarest > FEW or not wanted.state):
        return _counted(event_id, wanted, numbers, page=page, total=rarest)
    number = nearest(page, candidates, PAGE_SIZE)
    if min(rarest, candidates) > FEW:
        if number <= WALKED:
            # What many have is met soon on a walk in the order wanted.
            return _walked(event_id, wanted, numbers, number)
        if alone and wanted.tag and not wanted.state:
            return _counted(event_id, wanted, numbers, page=page, total=_count(numbers.criteria[0].ids))
    if candidates <= min(rarest, FEW):
        found = select(Registration.id, key_of(wanted).label("key")).where(Registration.event_id == event_id)
        row_id = Registration.__table__.c.id
        found = _within(found, wanted).where(*(one.is_met_one_by_one_by(row_id) for one in numbers.criteria))
    else:
        found = _matching(wanted, numbers)
    rows, total = _counted_page(found, wanted, number)
    if not rows and number > 1:
        total = _count(found)
        number = nearest(number, total, PAGE_SIZE)
        rows, _ = _counted_page(found, wanted, number)
    return Page(rows, number, PAGE_SIZE, total)


def _walked(event_id: int, wanted: RegistrationFilter, numbers: Numbers, number: int) -> Page[Registration]:
    """A page of those met on a walk through all in the order wanted, which ends with one more than is shown."""
    runs = runs_of(event_id, wanted, numbers)

    def rows_from(skipped: int) -> Sequence[Registration]:
        ids = first_of(runs, descending=wanted.descending, size=PAGE_SIZE + 1, skipped=skipped)
        return db.session.scalars(_loading(ids.subquery(), wanted)).all()

    rows = rows_from((number - 1) * PAGE_SIZE)
    if not rows and number > 1:
        # The walk ended before that page, so that it met few enough to count them.
        met = first_of(runs, descending=wanted.descending, size=WALKED * PAGE_SIZE)
        number = nearest(number, _count(met), PAGE_SIZE)
        rows = rows_from((number - 1) * PAGE_SIZE)
    total = (number - 1) * PAGE_SIZE + len(rows)
    return Page(rows[:PAGE_SIZE], number, PAGE_SIZE, total, more=len(rows) > PAGE_SIZE)


def _count(found: Select[*Columns]) -> int:
    return db.session.scalar(select(func.count()).select_from(found.subquery())) or 0


def _counted_page(
    found: Select[int, Any], wanted: RegistrationFilter, number: int
) -> tuple[Sequence[Registration], int]:
    every = found.subquery()
    ids = select(every.c.id, func.count().over().label("total"))
    ids = ids.order_by(*directed(every.c.key, every.c.id, descending=wanted.descending))
    page = ids.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE).subquery()
    rows = db.session.execute(_loading(page, wanted).add_columns(page.c.total)).all()
    return [registration for registration, _ in rows], rows[0][1] if rows else 0


def each_registration(event_id: int, wanted: RegistrationFilter, *, with_needs: bool) -> Iterator[Registration]:
    """All registrations that the filter finds, in its order, with answers, a thousand in memory at a time."""
    key = key_of(wanted)
    statement = select(Registration).order_by(*directed(key, Registration.id, descending=wanted.descending))
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
    return _count(_matching(wanted, numbers))


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
    columns = (Registration.id, Registration.state, Registration.sector, key_of(wanted).label("key"))
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


def _loading(ids: Subquery, wanted: RegistrationFilter) -> Select[Registration]:
    statement = select(Registration).join(ids, ids.c.id == Registration.id)
    return statement.order_by(*directed(key_of(wanted), Registration.id, descending=wanted.descending))
