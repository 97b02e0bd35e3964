"""A door writes only in an answer to a form whose token was checked, and a page that is read never writes."""

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache

import pytest
from flask import Flask

from tests.house.source import ROOT, Function, Module, calls, dotted, modules

pytestmark = pytest.mark.memory

WRITES = {"attempt", "transaction.attempt", "unit", "transaction.unit"}
CHECKED = "validate_on_submit"
# The one-click of RFC 8058: mail programs press it without a cookie, and the signed link alone says who it is.
WITHOUT_FORM = {"preferences.unsubscribe", "communities.stop_letters"}


@cache
def door() -> dict[str, tuple[Module, Function]]:
    """Every function of the door by its full name."""
    return {
        f"{module.name}.{function.name}": (module, function)
        for module in modules("webapp/blueprints")
        for function in module.functions
    }


@cache
def _imported(module: Module) -> dict[str, str]:
    found = {}
    for node in module.nodes:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("webapp.blueprints"):
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _called(module: Module, call: str) -> str:
    """The full name of a function of the door that is called by this name in a module, or nothing."""
    first, _, rest = call.partition(".")
    there = _imported(module).get(first)
    name = f"{there}.{rest}" if there and rest else there or f"{module.name}.{call}"
    return name if name in door() else ""


def _reached(name: str, seen: set[str]) -> Iterator[tuple[Module, ast.Call, str]]:
    """Every call that a function of the door makes, itself or through others of the door."""
    seen.add(name)
    module, function = door()[name]
    for called, call in calls(function):
        yield module, call, called
        further = _called(module, called)
        if further and further not in seen:
            yield from _reached(further, seen)


class _Reader:
    """Goes through a function as it runs, and notes what writes before a form was found valid."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._under_way: set[tuple[str, bool]] = set()

    def function(self, name: str, checked: bool = False) -> None:
        if (name, checked) not in self._under_way:
            self._under_way.add((name, checked))
            module, function = door()[name]
            self._block(module, function.body, checked)

    def _block(self, module: Module, block: list[ast.stmt], checked: bool) -> None:
        for statement in block:
            checked = self._statement(module, statement, checked)

    def _statement(self, module: Module, statement: ast.stmt, checked: bool) -> bool:
        """Read one statement; gives whether what follows it runs only after the form was found valid."""
        if isinstance(statement, ast.If):
            self._expressions(module, [statement.test], checked)
            inside, otherwise = _outcome(statement.test)
            self._block(module, statement.body, checked or inside)
            self._block(module, statement.orelse, checked or otherwise)
            return checked or (otherwise and isinstance(statement.body[-1], ast.Return | ast.Raise))
        blocks = [value for _, value in ast.iter_fields(statement) if isinstance(value, list)]
        nested = [block for block in blocks if block and isinstance(block[0], ast.stmt)]
        nested += [
            part.body for block in blocks for part in block if isinstance(part, ast.ExceptHandler | ast.match_case)
        ]
        held = {id(inner) for block in nested for part in block for inner in ast.walk(part)}
        self._expressions(module, [statement], checked, held)
        for block in nested:
            self._block(module, block, checked)
        return checked

    def _expressions(self, module: Module, nodes: list[ast.AST], checked: bool, held: set[int] = frozenset()) -> None:
        for node in nodes:
            for name, call in calls(node):
                if id(call) in held:
                    continue
                if name in WRITES and not checked:
                    self.found.append(module.at(call))
                further = _called(module, name)
                if further:
                    self.function(further, checked)


def _outcome(test: ast.expr) -> tuple[bool, bool]:
    """Whether a form was found valid when the test holds, and when it does not."""
    if isinstance(test, ast.Call):
        return dotted(test.func).endswith(CHECKED), False
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        holds, fails = _outcome(test.operand)
        return fails, holds
    if isinstance(test, ast.BoolOp):
        outcomes = [_outcome(value) for value in test.values]
        if isinstance(test.op, ast.And):
            return any(holds for holds, _ in outcomes), False
        return False, any(fails for _, fails in outcomes)
    return False, False


def views(app: Flask) -> dict[str, tuple[str, set[str]]]:
    """Each endpoint with the full name of its function and the methods by which it opens."""
    found: dict[str, tuple[str, set[str]]] = {}
    for rule in app.url_map.iter_rules():
        view = inspect.unwrap(app.view_functions[rule.endpoint])
        name = f"{view.__module__}.{view.__name__}"
        if name in door():
            found.setdefault(rule.endpoint, (name, set()))[1].update(rule.methods or ())
    return found


def test_every_door_is_a_function_of_the_blueprints(house: Flask) -> None:
    assert set(house.view_functions) - set(views(house)) == {"static"}


def test_pages_that_are_read_never_write(house: Flask) -> None:
    writing = [
        module.at(call)
        for name, methods in views(house).values()
        if methods <= {"GET", "HEAD", "OPTIONS"}
        for module, call, called in _reached(name, set())
        if called in WRITES
    ]
    assert writing == []


def test_doors_that_take_a_post_check_a_form(house: Flask) -> None:
    unchecked = {
        endpoint
        for endpoint, (name, methods) in views(house).items()
        if methods & {"POST", "PUT", "PATCH", "DELETE"}
        if not any(called.endswith(f".{CHECKED}") for _, _, called in _reached(name, set()))
    }
    assert unchecked == WITHOUT_FORM


def test_doors_write_only_after_the_form_was_found_valid(house: Flask) -> None:
    reader = _Reader()
    for endpoint, (name, _) in views(house).items():
        if endpoint not in WITHOUT_FORM:
            reader.function(name)
    assert reader.found == []


def test_reader_tells_checked_writes_from_others(monkeypatch: pytest.MonkeyPatch) -> None:
    text = """
def good(form):
    if form.validate_on_submit() and more:
        with attempt():
            act()
    return page

def early(form):
    if not form.validate_on_submit():
        return page
    with attempt():
        _write()

def _write():
    with transaction.attempt():
        act()

def bad(form):
    if form.is_submitted():
        with attempt():
            act()

def beside(form):
    if form.validate_on_submit():
        good()
    try:
        with attempt():
            act()
    finally:
        _write()
"""
    module = Module("some.py", "some", text, ast.parse(text))
    known = {f"some.{function.name}": (module, function) for function in module.functions}
    monkeypatch.setattr("tests.house.test_doors.door", lambda: known)

    found = {}
    for name in ("good", "early", "bad", "beside"):
        reader = _Reader()
        reader.function(f"some.{name}")
        found[name] = sorted(reader.found)

    assert found == {"good": [], "early": [], "bad": ["some.py:20"], "beside": ["some.py:15", "some.py:27"]}


def test_no_form_goes_without_a_token() -> None:
    off = re.compile(r"csrf\s*[=:]\s*False|['\"]csrf['\"]\s*:\s*False|csrf\.exempt|WTF_CSRF_ENABLED")
    loose = [module.path for module in modules("webapp") if off.search(module.text)]
    parents = [
        module.at(node)
        for module in modules("webapp")
        for node in module.nodes
        if isinstance(node, ast.ClassDef) and "FlaskForm" in {dotted(base) for base in node.bases}
    ]
    assert loose == []
    assert len(parents) == 1
    assert parents[0].startswith("webapp/blueprints/forms.py:")


def test_every_form_on_a_page_that_posts_carries_the_token() -> None:
    forms = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL | re.IGNORECASE)
    posts = re.compile(r"<form\b[^>]*\bmethod=\"post\"", re.IGNORECASE)
    found = [
        (path.relative_to(ROOT).as_posix(), form)
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for form in forms.findall(path.read_text(encoding="utf-8"))
        if posts.match(form)
    ]
    without = [place for place, form in found if "csrf" not in form]
    assert len(found) > 5
    # What was typed while the database was away is sent again with the token that was typed with it.
    assert without == ["templates/errors/error.html"]
