"""Publications in Chromium: an article is written, previewed, approved and published with scripts off, and read."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, check_accessible, sign_in

pytestmark = pytest.mark.browser

TEXT = "# How it began\n\nWe met on a Tuesday.\n\n{{quote 1}}\n\nThen we met **again**."


def both_sizes(page: Page) -> None:
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        check_accessible(page)


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).first.press("Enter")


def follow(page: Page, name: str) -> None:
    page.locator("main a", has_text=re.compile(rf"^\s*{re.escape(name)}\s*$")).first.press("Enter")


def write(editor: Page) -> None:
    """A publication with one issue and one article that was previewed and saved."""
    editor.goto("/manage/publications")
    follow(editor, "Create a publication")
    editor.get_by_label("Title").fill("Notes from a bench")
    if editor.get_by_label("Programme").count():
        editor.get_by_label("Programme").select_option(label="Pathways Together")
    press(editor, "Create the publication")
    follow(editor, "Create an issue")
    editor.get_by_label("Title").fill("Tuesdays")
    press(editor, "Create the issue")
    follow(editor, "Add an article")
    editor.get_by_label("Title").fill("What the bench was for")
    press(editor, "Continue")
    editor.get_by_label("Text", exact=True).fill(TEXT)
    editor.get_by_label("A new quote (optional)").first.fill("Nobody hurried us.")
    press(editor, "Preview")
    expect(editor.get_by_role("heading", name="How it began")).to_be_visible()
    expect(editor.locator("strong", has_text="again")).to_be_visible()
    press(editor, "Save")
    follow(editor, "Change authors and themes")
    editor.get_by_label("Name").first.fill("Robin Vale")
    press(editor, "Save")


def test_article_is_published_with_scripts_off_and_read_by_keyboard(open_page: Callable[..., Page]) -> None:
    editor = open_page(scripts=False)
    sign_in(editor, "organiser@example.org")
    write(editor)
    follow(editor, "Approve")
    press(editor, "Approve")
    editor.get_by_role("link", name="Tuesdays").first.press("Enter")
    follow(editor, "Publish or schedule")
    press(editor, "Publish now")
    expect(editor.get_by_text("The issue is published")).to_be_visible()

    reader = open_page()
    reader.goto("/publications")
    follow(reader, "Tuesdays")
    both_sizes(reader)
    follow(reader, "What the bench was for")
    expect(reader.get_by_role("heading", level=1)).to_have_text("What the bench was for")
    expect(reader.locator("blockquote")).to_contain_text("Nobody hurried us.")
    both_sizes(reader)
