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
    address = f"/surveys/{page.url.partition('/surveys/')[2][:12]}"
    answer_by_keyboard(open_page(phone=True), address)
    answer_without_scripts(open_page(phone=True, scripts=False), address)
    answer_bit_by_bit(open_page(phone=True), open_page(phone=True), address)


def answer_by_keyboard(page: Page, address: str) -> None:
    """One question on a page, on a phone with a keyboard, wrong first."""
    page.goto(address)
    check_accessible(page)
    page.get_by_role("button", name="Start").press("Enter")
    page.get_by_text("Question 1 of 2").wait_for()
    check_accessible(page)
    page.get_by_label("Always", exact=True).press("Space")
    page.get_by_role("button", name="Continue").press("Enter")
    expect(page.get_by_text("Question 2 of 2")).to_be_visible()
    page.get_by_label("4", exact=True).press("Space")
    check_accessible(page)
    page.get_by_role("button", name="Continue").press("Enter")
    page.get_by_role("heading", name="Check your answers").wait_for()
    check_accessible(page)
    page.get_by_role("link", name=re.compile("^Change the answer to “Do you read it")).press("Enter")
    page.get_by_label("Never", exact=True).press("Space")
    page.get_by_role("button", name="Save and go back to your answers").press("Enter")
    page.get_by_role("button", name="Send your answers").press("Enter")
    page.get_by_role("heading", name="Thank you for your answers").wait_for()
    check_accessible(page)


def answer_without_scripts(page: Page, address: str) -> None:
    """All questions on one page, where no script shows or hides any."""
    page.goto(address)
    page.get_by_role("button", name="Answer all questions on one page").click()
    expect(page.get_by_text("Only if you answered “Never” to “Do you read it?”")).to_be_visible()
    page.get_by_label("Never", exact=True).check()
    page.get_by_label("Why not? (optional)").fill("No time")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("No time")).to_be_visible()
    page.get_by_role("button", name="Send your answers").click()
    page.get_by_role("heading", name="Thank you for your answers").wait_for()


def answer_bit_by_bit(page: Page, other: Page, address: str) -> None:
    """All questions on one page: kept as one types, found on another device, honest without a connection."""
    page.goto(address)
    page.get_by_role("button", name="Answer all questions on one page").click()
    expect(page.get_by_label("Why not? (optional)")).to_be_hidden()
    page.get_by_label("Never", exact=True).check()
    page.get_by_label("Why not? (optional)").fill("Half a thought")
    expect(page.locator("[data-autosave-status]")).to_contain_text("Kept at")
    check_accessible(page)
    other.goto(page.url)
    expect(other.get_by_label("Never", exact=True)).to_be_checked()
    expect(other.get_by_label("Why not? (optional)")).to_have_value("Half a thought")
    page.context.set_offline(True)
    page.get_by_label("Why not? (optional)").fill("A whole thought")
    expect(page.locator("[data-autosave-status]")).to_contain_text("there is no connection")
    page.context.set_offline(False)
    other.get_by_label("5", exact=True).check()
    expect(other.locator("[data-autosave-status]")).to_contain_text("Kept at")
    # Each device adds what changed on it, and takes nothing from the other.
    page.get_by_label("Why not? (optional)").press("End")
    page.get_by_label("Why not? (optional)").press("!")
    expect(page.locator("[data-autosave-status]")).to_contain_text("Kept at")
    other.reload()
    expect(other.get_by_label("Why not? (optional)")).to_have_value("A whole thought!")
    expect(other.get_by_label("5", exact=True)).to_be_checked()
