"""The people of an event's attendance: everybody with a place or who was there, narrowed, by surname, a page at a time.

Kept numbers tell which way is short: those that few things are said of are fetched and sorted, and of what is said of
many, a walk through the surnames soon fills a page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all

from webapp.extensions import db
from webapp.models.attendance import ALL_DAYS, Came, Presence
from webapp.models.events import Mode
from webapp.models.organisations import Sector
from webapp.models.registrations import Registration, RegistrationState
from webapp.queries.paging import Page, nearest
from webapp.queries.registrations.criteria import Criterion, criteria, ranked
from webapp.queries.search import FEW

PAGE_SIZE = 50
Who = tuple[int, str, str, str, str, Sector, Mode, RegistrationState]


@dataclass(frozen=True, kw_only=True)
class Those:
    """Which people: who took part in a day so, or were not there by an empty `how`; with these words and the rest.

    `most` is how many there can be by the kept numbers, exactly so many unless `narrowed` further. `without_place` says
    whether anybody was there without a place, and `of_how` and `of_organisation` for how many those hold, if asked for.
    """

    day_id: int = ALL_DAYS
    how: tuple[Came, ...] | None = None
    text: str = ""
    sector: Sector | None = None
    organisation: str = ""
    most: int
    narrowed: bool = False
    without_place: bool = False
    of_how: int | None = None
    of_organisation: int | None = None


def find_people(event_id: int, those: Those, *, page: int) -> Page[Who]:
    """The people, 50 a page; where words find very many, the page says that there are more and not how many."""
    number = nearest(page, those.most, PAGE_SIZE)
    source = _source(event_id, those)
    if not those.most or source is None:
        return Page([], 1, PAGE_SIZE, 0)
    if not those.narrowed:
        skipped, backwards = (number - 1) * PAGE_SIZE, False
        size = min(PAGE_SIZE, those.most - skipped)
        if skipped > those.most // 2:
            # From its end, the last page is as near as the first.
            skipped, backwards = those.most - skipped - size, True
        ids = _ordered(event_id, those, source, reach=skipped + size, backwards=backwards)
        return Page(_loaded(ids.offset(skipped).limit(size)), number, PAGE_SIZE, those.most)
    rows = _page(event_id, those, source, number)
    if not rows and number > 1:
        everybody = _ordered(event_id, those, source, reach=None).order_by(None).subquery()
        number = nearest(number, db.session.scalar(select(func.count()).select_from(everybody)) or 0, PAGE_SIZE)
        rows = _page(event_id, those, source, number)
    more = len(rows) > PAGE_SIZE
    return Page(rows[:PAGE_SIZE], number, PAGE_SIZE, (number - 1) * PAGE_SIZE + len(rows), more=more)


def all_people(event_id: int, those: Those) -> Sequence[Who]:
    """The same people, all of them, by surname."""
    source = _source(event_id, those)
    return [] if source is None or not those.most else _loaded(_ordered(event_id, those, source, reach=None))


def how_they_were(ids: Sequence[int]) -> Mapping[int, dict[int, Came]]:
    """How these registrations took part in the days on which they were there."""
    found: dict[int, dict[int, Came]] = {}
    for first in range(0, len(ids), 500):
        row = Presence
        statement = select(row.registration_id, row.day_id, row.how).where(
            row.registration_id.in_(ids[first : first + 500]), row.day_id != ALL_DAYS
        )
        for registration, day, how in db.session.execute(statement):
            found.setdefault(registration, {})[day] = how
    return found


@dataclass(frozen=True)
class _Source:
    """The table that people are sought in, all or the few of whom one thing is true, and what else must be."""

    rows: Any
    tests: Sequence[ColumnElement[bool]]


def _source(event_id: int, those: Those) -> _Source | None:
    """Where to look; None where nobody can be found, as by a text without a letter or digit."""
    counted = _counted(event_id, those.text)
    if those.text and not (counted and all(number for _, number in counted)):
        return None
    words = ranked(counted)
    table = Registration.__table__
    pools: list[tuple[int, Any]] = [(number, criterion) for criterion, number in counted]
    if those.how and those.of_how is not None:
        pools.append((those.of_how, _present(event_id, those)))
    if those.organisation and those.of_organisation is not None:
        pools.append((those.of_organisation, None))
    fewest, pool = min(pools, key=lambda pair: pair[0], default=(FEW + 1, None))
    if fewest > FEW:
        return _Source(table, _tests(those, table, words))
    few = select(table.c.id, table.c.name_sort, table.c.state, table.c.sector, table.c.organisation_name)
    few = few.where(table.c.event_id == event_id)
    if pool is None:
        few = few.where(table.c.organisation_name == those.organisation)
    else:
        few = few.where(table.c.id.in_(pool.ids if isinstance(pool, Criterion) else pool))
    # Found first: SQLite might walk through all by surname to meet them.
    rows = few.cte("few").prefix_with("MATERIALIZED")
    return _Source(rows, _tests(those, rows, [word for word in words if word is not pool]))


def _counted(event_id: int, text: str) -> list[tuple[Criterion, int]]:
    asked = criteria(event_id, text=text, tag="", organisation="", mode=None)
    if not asked:
        return []
    numbers = db.session.execute(select(*(one.counted.scalar_subquery() for one in asked))).one()
    return list(zip(asked, numbers, strict=True))


def _present(event_id: int, those: Those) -> Select[int]:
    row = Presence
    return select(row.registration_id).where(
        row.event_id == event_id,
        row.day_id == those.day_id,
        row.placed.in_((True, False)),
        row.how.in_(those.how or ()),
    )


def _tests(those: Those, rows: Any, words: Sequence[Criterion]) -> list[ColumnElement[bool]]:
    """What must be true of each row, beside its state: tested one by one, so that a walk ends with the page."""
    tests: list[ColumnElement[bool]] = []
    if those.sector:
        tests.append(rows.c.sector == those.sector)
    if those.organisation:
        tests.append(rows.c.organisation_name == those.organisation)
    if those.how is not None:
        there = Presence.__table__.alias()
        one = select(literal(1)).where(there.c.registration_id == rows.c.id, there.c.day_id == those.day_id)
        if those.how:
            one = one.where(there.c.how.in_(those.how))
        was = one.limit(1).scalar_subquery()
        tests.append(was.is_not(None) if those.how else was.is_(None))
    return tests + [word.is_met_one_by_one_by(rows.c.id) for word in words]


def _ordered(
    event_id: int, those: Those, source: _Source, *, reach: int | None, backwards: bool = False
) -> Select[int, str]:
    """The ids and sort keys by surname, of the first so many; or of the last, beginning with the very last."""
    rows = source.rows
    placed = rows.c.state == RegistrationState.CONFIRMED
    seen = Presence.__table__.alias()
    columns = select(rows.c.id, rows.c.name_sort.label("key"))
    if "event_id" in rows.c:
        columns = columns.where(rows.c.event_id == event_id)
    with_place = columns.where(placed, *source.tests)
    if not those.without_place:
        return _by_key(with_place, rows, reach, backwards=backwards)
    without = select(seen.c.registration_id).where(
        seen.c.event_id == event_id, seen.c.day_id == ALL_DAYS, seen.c.placed.is_(False)
    )
    others = columns.where(rows.c.id.in_(without), *source.tests)
    runs = [_by_key(one, rows, reach, backwards=backwards).subquery() for one in (with_place, others)]
    both = union_all(*(select(run) for run in runs)).subquery()
    merged = select(both.c.id, both.c.key)
    return _limited(merged.order_by(*_directed(both.c.key, both.c.id, backwards=backwards)), reach)


def _by_key(statement: Select[int, str], rows: Any, reach: int | None, *, backwards: bool) -> Select[int, str]:
    return _limited(statement.order_by(*_directed(rows.c.name_sort, rows.c.id, backwards=backwards)), reach)


def _limited(statement: Select[int, str], reach: int | None) -> Select[int, str]:
    return statement if reach is None else statement.limit(reach)


def _directed(key: Any, row_id: Any, *, backwards: bool) -> tuple[Any, Any]:
    return (key.desc(), row_id.desc()) if backwards else (key, row_id)


def _page(event_id: int, those: Those, source: _Source, number: int) -> Sequence[Who]:
    """The people of a page, and one more if there are more."""
    ids = _ordered(event_id, those, source, reach=number * PAGE_SIZE + 1)
    return _loaded(ids.offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE + 1))


def _loaded(ids: Select[int, str]) -> Sequence[Who]:
    row, chosen = Registration, ids.subquery()
    columns = (row.id, row.public_id, row.name, row.email, row.organisation_name, row.sector, row.mode, row.state)
    statement = select(*columns).join(chosen, chosen.c.id == row.id).order_by(Registration.name_sort, Registration.id)
    found: list[Any] = [tuple(one) for one in db.session.execute(statement)]
    return found
