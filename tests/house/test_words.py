"""Where words are owed, and how long a thing may be before it is two."""

import ast
import re

import pytest

from tests.house.source import ROOT, Function, Module, calls, modules

pytestmark = pytest.mark.memory

ROOMS = ("models", "queries", "services", "notices", "formats", "blueprints")
PROMISING = ("webapp/services", "webapp/queries", "webapp/notices", "webapp/formats", "webapp/access.py")
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
# In parts, so that this file does not hold what it looks for.
LEFT_OVER = re.compile("TO" + "DO|FIX" + "ME|X" + "XX|HA" + "CK")
NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base"}
TEXTS = {".py", ".html", ".txt", ".css", ".js", ".toml", ".md", ".mako", ""}


def _public(module: Module) -> list[Function]:
    return [function for function in module.functions if not function.name.startswith("_")]


def _length(node: ast.AST) -> int:
    return node.end_lineno - node.lineno + 1


@pytest.mark.parametrize("room", ROOMS)
def test_room_opens_with_its_rule(room: str) -> None:
    (module,) = (module for module in modules(f"webapp/{room}") if module.name == f"webapp.{room}")
    rule = ast.get_docstring(module.tree) or ""
    assert len(re.findall(r"[.:;](\s|$)", rule)) >= 3, rule


def test_modules_say_what_they_are() -> None:
    silent = [
        module.path
        for module in modules("webapp", "config")
        if not ast.get_docstring(module.tree)
        # The package of one area of the door says it by its name; its routes have the words.
        if not re.fullmatch(r"webapp/blueprints/(\w+/)+__init__\.py", module.path)
    ]
    assert silent == []


def test_public_functions_say_what_they_give() -> None:
    silent = []
    for module in modules(*PROMISING):
        for function in _public(module):
            words = ast.get_docstring(function) or ""
            if not re.search(r"[.:]\s*$|[.:]\n", words):
                silent.append(f"{module.at(function)} {function.name}")
    assert silent == []


def test_views_say_what_they_show() -> None:
    silent = [
        f"{module.at(function)} {function.name}"
        for module in modules("webapp/blueprints")
        for function in module.functions
        if any(ast.unparse(one).startswith("bp.") for one in function.decorator_list)
        if not ast.get_docstring(function)
    ]
    assert silent == []


def test_public_functions_are_fully_typed() -> None:
    untyped = []
    for module in modules(*PROMISING):
        for function in _public(module):
            given = function.args
            arguments = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
            if function.returns is None or any(a is not None and a.annotation is None for a in arguments):
                untyped.append(f"{module.at(function)} {function.name}")
    assert untyped == []


def test_public_classes_of_the_rooms_say_what_they_are() -> None:
    silent = [
        f"{module.at(node)} {node.name}"
        for module in modules(*PROMISING, "webapp/models")
        for node in module.tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_actor_and_time_are_given_by_name() -> None:
    by_place = [
        f"{module.at(function)} {function.name}"
        for module in modules("webapp/services")
        for function in _public(module)
        if "actor" in {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
        if not {"actor", "now"} <= {argument.arg for argument in function.args.kwonlyargs}
    ]
    assert by_place == []


def test_files_are_short_enough_to_be_read() -> None:
    lengths = {module.path: module.text.count("\n") for module in modules("webapp", "config")}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_functions_are_short_enough_to_be_read() -> None:
    long = {
        f"{module.at(node)} {node.name}": _length(node)
        for module in modules("webapp", "config")
        for node in module.nodes
        if isinstance(node, Function) and _length(node) > LONGEST_FUNCTION
    }
    assert long == {}


def test_nothing_is_called_by_a_name_that_says_nothing() -> None:
    named = [
        path.relative_to(ROOT).as_posix()
        for folder in ("webapp", "templates", "tests", "config", "benchmarks", "migrations")
        for path in (ROOT / folder).rglob("*")
        if path.stem in NAMELESS - ({"base"} if folder == "templates" else set())
        if "vendor" not in path.parts and "__pycache__" not in path.parts
    ]
    assert named == []


def test_nothing_is_left_for_later_in_the_source() -> None:
    left = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("webapp", "templates", "tests", "config", "benchmarks", "migrations")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.is_file() and path.suffix in TEXTS and "vendor" not in path.parts and "__pycache__" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if LEFT_OVER.search(line)
    ]
    assert left == []


def test_nothing_prints_but_the_commands() -> None:
    printing = [
        module.at(call)
        for module in modules("webapp", "config", "wsgi.py")
        if not module.path.startswith(("webapp/development/", "webapp/cli"))
        for name, call in calls(module.tree)
        if name in {"print", "pprint", "breakpoint", "sys.stdout.write"}
    ]
    assert printing == []
