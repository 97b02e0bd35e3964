"""Lists come in a total order: two rows never change places because the database felt like it."""

import ast
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import UniqueConstraint

from tests.house.source import Function, Module, calls, modules
from webapp import models
from webapp.database import Base

assert models.__all__, "the models must be imported for their columns to be known"

pytestmark = pytest.mark.memory

LISTS = re.compile(r"(?:list|Page|Sequence|Iterator)\[(\w+)\]")
# Orders that are total for a reason that a machine does not see.
TOTAL = {
    "model.id": "the key of whichever model is asked for",
    "tag.registration_id": "each registration carries once the tag that it is held to",
    "read.id": "the id of the registration that each row of a run is, or that carries its one tag",
    "SurveyResponse.role": "one row for each role",
    "Passage.source_id": "each asked for once",
    "KnownWord.word": "each asked for once",
    "column": "the place of a passage, by the name that the database has for it",
    "(column + 0)": "the same, where no index is to be walked",
    "listed.c.place": "the place of a passage, once however often it was found",
    "Passage.thing_id": "each asked for once",
    "found.c.place": "the place of a passage, once however often it was found",
    "shown.c.place": "the place of a passage, once however often it was found",
    "Participation.person_id": "of one community, or each asked for once",
    "PostMention.person_id": "of one post",
    "TopicReading.person_id": "of one topic",
    "named.c.person_id": "each asked for once",
    "kept.value": "one row for each value in the dimension and state that it is held to",
}


def _unique() -> set[str]:
    """Columns that no two rows of a table share, as "Model.column"."""
    found = set()
    for mapper in Base.registry.mappers:
        table = mapper.local_table
        alone = {
            c.columns[0].name for c in table.constraints if isinstance(c, UniqueConstraint) and len(c.columns) == 1
        }
        alone |= {column.name for column in table.columns if column.primary_key or column.unique}
        found |= {f"{mapper.class_.__name__}.{name}" for name in alone}
    return found


def _lasts(function: Function, node: ast.expr) -> Iterator[str]:
    """What an order ends with, as written; names and conditions are followed within the function."""
    if isinstance(node, ast.Starred):
        yield from _lasts(function, node.value)
    elif isinstance(node, ast.IfExp):
        yield from _lasts(function, node.body)
        yield from _lasts(function, node.orelse)
    elif isinstance(node, ast.Tuple | ast.List):
        yield from _lasts(function, node.elts[-1])
    elif isinstance(node, ast.Name):
        for given in ast.walk(function):
            if isinstance(given, ast.Assign) and any(ast.unparse(t) == node.id for t in given.targets):
                yield from _lasts(function, given.value)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        yield from _lasts(function, node.args[-1])
    else:
        yield re.sub(r"\.(desc|asc|nulls_first|nulls_last)\(\)", "", ast.unparse(node))


def _orders() -> Iterator[tuple[str, list[str]]]:
    for module in modules("webapp/queries"):
        for function in module.functions:
            for name, call in calls(function):
                called = name or getattr(call.func, "attr", "")
                if called.rpartition(".")[2] == "order_by" and ast.unparse(call.args[-1]) != "None":
                    yield module.at(call), list(_lasts(function, call.args[-1]))


def _within(module: Module, function: Function, seen: set[str]) -> Iterator[str]:
    """The names of all that a function calls, itself or through others of its module."""
    seen.add(function.name)
    beside = {other.name: other for other in module.functions}
    for name, call in calls(function):
        called = name or getattr(call.func, "attr", "")
        yield called.rpartition(".")[2]
        if called in beside and called not in seen:
            yield from _within(module, beside[called], seen)


def test_orders_end_with_what_no_two_rows_share() -> None:
    unique = _unique()
    orders = list(_orders())
    partial = [
        (place, last)
        for place, lasts in orders
        for last in lasts or ["nothing that can be read"]
        if last not in unique and not re.fullmatch(r"\w+\.c\.id", last) and last not in TOTAL
    ]
    assert len(orders) > 15
    assert partial == []


def test_queries_that_give_rows_give_them_in_an_order() -> None:
    rows = {mapper.class_.__name__ for mapper in Base.registry.mappers}
    giving = [
        (f"{module.at(function)} {function.name}", set(_within(module, function, set())))
        for module in modules("webapp/queries")
        for function in module.functions
        if not function.name.startswith("_") and function.returns is not None
        for given in [LISTS.fullmatch(ast.unparse(function.returns))]
        if given and given[1] in rows
    ]
    assert len(giving) > 8
    assert [place for place, called in giving if "select" in called and not called & {"order_by", "sorted"}] == []
