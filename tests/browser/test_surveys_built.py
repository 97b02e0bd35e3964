"""A survey built in a real browser: begun with nothing, written, put in order, looked at, published."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, check_accessible, sign_in

pytestmark = pytest.mark.browser


def add(page: Page, label: str, kind: str, *, choices: str = "", after: str = "") -> None:
    page.get_by_role("button", name=re.compile("^Add a question")).first.click()
    page.get_by_label("Question", exact=True).fill(label)
    page.get_by_label(kind, exact=True).check()
    if choices:
        page.get_by_label("Choices, one on each line").fill(choices)
    else:
        expect(page.get_by_label("Choices, one on each line")).to_be_hidden()
    if after:
        page.get_by_text("Ask it only after certain answers").click()
        page.get_by_label(after, exact=True).last.check()
    page.get_by_role("button", name="Add the question").click()


def order(page: Page) -> list[str]:
    return page.locator("[data-reorder] .wm-question__title").all_inner_texts()


def test_survey_is_written_put_in_order_looked_at_and_published(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "admin@example.org")
    page.goto("/manage/surveys/new")
    page.get_by_label("Title").fill("What do you make of the newsletter?")
    page.get_by_label("Nothing", exact=True).check()
    page.get_by_label("Named", exact=True).check()
    page.get_by_role("button", name="Begin the survey").click()
    add(page, "Do you read it?", "One choice", choices="Always\nNever")
    add(page, "Why not?", "Short text", after="Never")
    add(page, "How good is it?", "Rating")

    page.set_viewport_size({"width": 1280, "height": 1600})
    handle = page.locator(".wm-question", has_text="How good is it?").locator(".wm-handle")
    handle.drag_to(page.locator(".wm-question", has_text="Do you read it?").first, target_position={"x": 60, "y": 4})
    expect(page.locator("[data-reorder] .wm-question__title").first).to_have_text("How good is it?")
    page.locator(".wm-question", has_text="How good is it?").get_by_text("Move down").press("Enter")
    # A button does the same, and a question stays behind what it depends on.
    expect(page.locator("[data-reorder] .wm-question__title").first).to_have_text("Do you read it?")
    assert order(page) == ["Do you read it?", "How good is it?", "Why not?"]

    for part in ("Questions", "Settings", "Preview"):
        page.get_by_role("navigation", name="This survey").get_by_role("link", name=part).click()
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            check_accessible(page)
    expect(page.get_by_label("Why not? (optional)")).to_be_hidden()
    page.get_by_label("Never", exact=True).check()
    expect(page.get_by_label("Why not? (optional)")).to_be_visible()
    page.get_by_label("4", exact=True).check()
    page.get_by_role("link", name="Back to the survey").click()
    page.get_by_role("button", name="Check and publish").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Version 1 is published.")).to_be_visible()
