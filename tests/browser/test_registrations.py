"""Organisers decide about many registrations by keyboard, and every page of it passes the machine's checks."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, check_accessible, sign_in

pytestmark = pytest.mark.browser


def both_sizes(page: Page) -> None:
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        check_accessible(page)


@pytest.fixture
def requests(open_page: Callable[..., Page]) -> Page:
    """The requests to take part in an event that an organiser approves, in the order of their arrival."""
    page = open_page()
    sign_in(page, "organiser@example.org")
    page.goto("/manage/events")
    page.get_by_role("link", name=re.compile("Leading teams")).first.click()
    page.goto(page.url.removesuffix("/registrations") + "/registrations?state=pending")
    return page


def test_many_are_tagged_by_keyboard_alone(requests: Page) -> None:
    page = requests
    boxes = page.locator("input[name='row']")
    boxes.nth(0).focus()
    page.keyboard.press("Space")
    # Names and tags are links on the way to the next box.
    second = boxes.nth(1).element_handle()
    while not page.evaluate("one => document.activeElement === one", second):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("Those ticked in the list: 2")).to_be_checked()
    everybody = page.get_by_label(re.compile("Tick all"))
    everybody.focus()
    page.keyboard.press("Space")
    expect(page.get_by_label(f"Those ticked in the list: {boxes.count()}")).to_be_checked()
    page.keyboard.press("Space")
    expect(page.get_by_label("Those ticked in the list", exact=True)).to_be_checked()
    boxes.nth(0).check()
    check_accessible(page)
    page.get_by_label("What to do").focus()
    page.keyboard.type("Add")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a tag to 1 registration")
    both_sizes(page)
    page.get_by_label("Tag", exact=True).focus()
    page.keyboard.type("Keynote table")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("The tag “Keynote table” is on 1 more registration.")
    both_sizes(page)


@pytest.mark.parametrize("do", ["approve", "decline", "promote", "cancel", "untag"])
def test_each_question_about_many_is_accessible(requests: Page, do: str) -> None:
    page = requests
    page.goto(page.url.partition("?")[0] + f"/several?do={do}&who=all")
    both_sizes(page)


def test_pages_about_one_are_accessible(requests: Page) -> None:
    page = requests
    page.locator("main table tbody a").first.click()
    both_sizes(page)
    page.get_by_role("button", name="Add the note").click()
    both_sizes(page)
    page.get_by_role("link", name="Change what they said").click()
    both_sizes(page)
    page.goto(re.sub(r"/registrations/.*", "/registrations?state=confirmed", page.url))
    page.locator("main table tbody a").first.click()
    page.get_by_role("link", name="Pass the place on").click()
    both_sizes(page)
    page.get_by_role("button", name="Pass it on").click()
    both_sizes(page)
    page.goto(re.sub(r"/registrations/.*", "/registrations/add", page.url))
    both_sizes(page)


def test_own_place_is_passed_on_on_an_accessible_page(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "practitioner@example.org")
    found = 0
    for address in [link.get_attribute("href") or "" for link in page.locator("main a[href*='/registrations/']").all()]:
        page.goto(f"{address}/swap")
        both_sizes(page)
        found += 1
    assert found
