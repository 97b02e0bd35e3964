"""Every template lies where its page's name says, is used by something, and has a title if it is a page."""

import ast
import re
from collections import Counter
from functools import cache

import pytest
from flask import Flask

from tests.house.source import ROOT, modules
from tests.house.test_doors import _reached, views

pytestmark = pytest.mark.memory

TEMPLATES = ROOT / "templates"
NAME = re.compile(r"\w+/[\w/.-]+\.(html|txt|atom)")
TAKEN = re.compile(r"\{%-?\s*(?:extends|include|import|from)\s+\"([^\"]+)\"")
LETTER = {"subject.txt", "body.md"}
SHARED = {"components", "errors", "layouts"}


@cache
def templates() -> dict[str, str]:
    """The text of every template by its name."""
    return {
        path.relative_to(TEMPLATES).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(TEMPLATES.rglob("*"))
        if path.is_file()
    }


@cache
def named() -> dict[str, set[str]]:
    """Each template that the program names, with the files that name it."""
    found: dict[str, set[str]] = {}
    for module in modules("webapp"):
        for node in module.nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.fullmatch(node.value):
                found.setdefault(node.value, set()).add(module.path)
    return found


def test_templates_that_are_named_exist() -> None:
    taken = {name for text in templates().values() for name in TAKEN.findall(text)}
    ours = {name for name in taken if not name.startswith("govuk_frontend_")}
    assert sorted((ours | set(named())) - set(templates())) == []


def test_templates_that_exist_are_used() -> None:
    taken = {name for text in templates().values() for name in TAKEN.findall(text)}
    pages = {name for name in templates() if not name.startswith("letters/")}
    assert sorted(pages - taken - set(named())) == []


def test_templates_lie_in_the_folder_of_the_area_that_shows_them() -> None:
    astray = []
    for name, places in named().items():
        for place in places:
            area = re.match(r"webapp/blueprints/(\w+)/(?:(\w+)\.py|(\w+)/)", place)
            if area and name.split("/")[0] not in SHARED:
                folder = f"manage/{area[2] or area[3]}" if area[1] == "manage" else area[1]
                if name.rpartition("/")[0] != folder:
                    astray.append((name, place))
    assert astray == []


def test_page_named_like_an_endpoint_is_shown_by_that_endpoint(house: Flask) -> None:
    shown: dict[str, set[str]] = {}
    for endpoint, (view, _) in views(house).items():
        literals = {
            node.value
            for _, call, _ in _reached(view, set())
            for node in call.args
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in templates()
        }
        for name in literals:
            shown.setdefault(name, set()).add(endpoint)
    by_name = {endpoint.replace(".", "/") + ".html": endpoint for endpoint in views(house)}
    strangers = {name: shown[name] for name in set(shown) & set(by_name) if by_name[name] not in shown[name]}
    assert strangers == {}


def test_pages_have_a_title() -> None:
    pages = {
        name: text
        for name, text in templates().items()
        if not name.startswith("layouts/") and re.search(r"extends \"layouts/(base|public|manage)\.html\"", text)
    }
    assert len(pages) > 20
    assert [name for name, text in pages.items() if not re.search(r"\{% block title %\}\s*\S", text)] == []


def test_pages_and_letters_hold_no_script_and_no_style() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son\w+=|javascript:", re.IGNORECASE)
    pages = {name: text for name, text in templates().items() if not name.startswith(("letters/", "layouts/letter"))}
    assert [name for name, text in pages.items() if inline.search(text)] == []


def test_components_hold_macros_or_one_part() -> None:
    layouts = [name for name, text in templates().items() if name.startswith("components/") and "extends" in text]
    assert layouts == []


def test_letters_come_in_two_parts_and_are_all_sent() -> None:
    parts: dict[str, set[str]] = {}
    for name in templates():
        _, *folder, part = name.split("/")
        if name.startswith("letters/") and folder:
            parts.setdefault(folder[0], set()).add(part)
    sent = {
        node.value
        for module in modules("webapp/notices")
        for node in module.nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert {name: found for name, found in parts.items() if found != LETTER} == {}
    assert sorted(set(parts) - sent) == []


def test_words_of_letters_hold_no_template_language() -> None:
    words = {
        name: text
        for name, text in templates().items()
        if name.startswith("letters/") and name.endswith(("/subject.txt", "/body.md"))
    }
    assert len(words) > 40
    assert [name for name, text in words.items() if re.search(r"\{[{%#]", text)] == []


def test_no_class_is_given_its_look_twice():
    """Two parts that call different things alike would change each other's look."""
    sheet = (ROOT / "webapp/static/waymark.css").read_text(encoding="utf-8")
    sheet = re.sub(r"@[^{;]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", sheet)
    rules = Counter(re.findall(r"^(\.wm-[\w-]+) \{", sheet, re.MULTILINE))
    assert [name for name, number in rules.items() if number > 1] == []
