"""Transcripts in Chromium: words are selected and quoted; corrected by keyboard with scripts off; no page at fault."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, check_accessible, sign_in

pytestmark = pytest.mark.browser

SELECT = """() => {
  const words = document.querySelectorAll('.wm-turn__words p')[2].firstChild
  const range = document.createRange()
  range.setStart(words, 3)
  range.setEnd(words, 28)
  getSelection().removeAllRanges()
  getSelection().addRange(range)
}"""


def both_sizes(page: Page) -> None:
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        check_accessible(page)


def test_words_are_quoted_and_found_again_after_they_were_corrected(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/events?when=past")
    page.get_by_role("link", name="Listening to children").click()
    page.goto(f"{page.url}/agenda")
    page.get_by_role("link", name="From words to plans").first.click()
    page.get_by_role("link", name="Read the transcript").click()
    both_sizes(page)
    transcript = page.url
    page.evaluate(SELECT)
    page.get_by_role("link", name="Quote the selection from what Rhodri Pembury says at 0:00:23").click()
    both_sizes(page)
    expect(page.get_by_label("With its source, to copy")).to_have_value(
        re.compile("^“we tried something small.”\n— Rhodri")
    )
    quoted = page.get_by_role("link", name="/transcript/turns/").get_attribute("href") or ""

    editor = open_page(scripts=False)
    sign_in(editor, "organiser@example.org")
    editor.goto(re.sub(r"/events/([^/]+)/sessions/.*", r"/manage/events/\1/transcripts", transcript))
    editor.get_by_role("link", name="From words to plans", exact=True).press("Enter")
    editor.get_by_role("link", name="Change what Rhodri Pembury says at 0:00:23").press("Enter")
    words = editor.get_by_label("Words", exact=True)
    words.press("ControlOrMeta+Home")
    words.type("Well. ")
    editor.get_by_role("button", name="Save", exact=True).press("Enter")
    expect(editor.get_by_text("The turn is saved.")).to_be_visible()

    page.goto(quoted)
    expect(page.locator("mark")).to_have_text("we tried something small.")
    expect(page.locator("mark")).to_be_in_viewport()
    both_sizes(page)


def test_pages_of_those_who_edit(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "organiser@example.org")
    page.goto("/events?when=past")
    address = page.get_by_role("link", name="Listening to children").get_attribute("href") or ""
    page.goto(f"/manage{address}/transcripts")
    both_sizes(page)
    page.get_by_role("link", name="From words to plans", exact=True).click()
    both_sizes(page)
    top = page.url
    page.set_viewport_size(PHONE)
    for name in ("Change what Rhodri", "Split what Rhodri"):
        page.get_by_role("link", name=name).first.click()
        check_accessible(page)
        page.goto(top)
    for page_of_it in ("labels", "history"):
        page.goto(f"{top}/{page_of_it}")
        check_accessible(page)
