"""The field in which articles and posts are written: marks by a toolbar and keys, to be undone, all by keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, check_accessible, sign_in
from tests.browser.test_publications import follow, write

pytestmark = pytest.mark.browser


def choose(editor: Page, start: int, end: int) -> None:
    editor.get_by_label("Text", exact=True).evaluate(
        "(field, [a, b]) => { field.focus(); field.setSelectionRange(a, b) }", [start, end]
    )


def chosen(editor: Page) -> str:
    field = editor.get_by_label("Text", exact=True)
    return str(field.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)"))


def test_marks_are_put_by_toolbar_and_keys_and_undone(open_page: Callable[..., Page]) -> None:
    editor = open_page()
    sign_in(editor, "organiser@example.org")
    write(editor)
    follow(editor, "Write or change the text")
    field, toolbar = editor.get_by_label("Text", exact=True), editor.get_by_role("toolbar")
    expect(toolbar).to_be_visible()

    # One stop for the Tab key; the arrows go round.
    field.press("Shift+Tab")
    expect(toolbar.get_by_role("button", name="Bold")).to_be_focused()
    editor.keyboard.press("ArrowLeft")
    expect(toolbar.get_by_role("button", name="Quote")).to_be_focused()
    editor.keyboard.press("ArrowRight")
    editor.keyboard.press("ArrowRight")
    expect(toolbar.get_by_role("button", name="Italic")).to_be_focused()
    editor.keyboard.press("Tab")
    expect(field).to_be_focused()

    field.fill("One two\nthree")
    choose(editor, 4, 8)
    field.press("Control+b")
    expect(field).to_have_value("One **two**\nthree")
    assert chosen(editor) == "two"
    toolbar.get_by_role("button", name="Italic").click()
    expect(field).to_have_value("One ***two***\nthree")
    toolbar.get_by_role("button", name="Bold").click()
    expect(field).to_have_value("One *two*\nthree")
    expect(field).to_be_focused()
    field.press("Control+z")
    field.press("Control+z")
    field.press("Control+z")
    expect(field).to_have_value("One two\nthree")

    choose(editor, 4, 13)
    for name, made in (
        ("Bold", "One **two**\n**three**"),
        ("Quote", "> One **two**\n> **three**"),
        ("Quote", "One **two**\n**three**"),
        ("List", "- One **two**\n- **three**"),
    ):
        toolbar.get_by_role("button", name=name).click()
        expect(field).to_have_value(made)
    field.fill("See here.\n\nNext")
    choose(editor, 4, 8)
    toolbar.get_by_role("button", name="Link").click()
    expect(field).to_have_value("See [here](https://).\n\nNext")
    assert chosen(editor) == "https://"
    check_accessible(editor)
    editor.set_viewport_size(PHONE)
    check_accessible(editor)
