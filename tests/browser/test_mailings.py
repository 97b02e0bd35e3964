"""Letters to many in a real browser: the number that follows what is ticked, and pages that everybody can use."""

import os
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import check_accessible, sign_in

pytestmark = pytest.mark.browser

ORGANISER = "organiser@example.org"


def look(page: Page, name: str) -> None:
    check_accessible(page)
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_letter_is_written_and_its_people_are_counted_as_they_are_chosen(
    open_page: Callable[..., Page], phone: bool
) -> None:
    page = open_page(phone=phone)
    sign_in(page, ORGANISER)
    page.goto("/manage/events")
    page.get_by_role("link", name=re.compile("^Family help in practice")).first.click()
    parts = page.get_by_role("navigation", name="This event")
    if phone:
        expect(parts.get_by_role("link", name="Letters")).to_be_hidden()
        parts.get_by_role("button", name="Parts of this event").press("Enter")
    parts.get_by_role("link", name="Letters").click()
    # The sub navigation of the section may not be on this page yet.
    page.goto(page.url.replace("/letters", "/mailings"))
    look(page, f"index-{phone}")
    page.get_by_role("link", name=re.compile("^The programme is out")).click()
    look(page, f"sent-{phone}")
    page.go_back()
    page.get_by_role("link", name=re.compile("^Rehearse them all")).click()
    look(page, f"rehearsal-{phone}")
    page.get_by_role("link", name=re.compile("^You have a place")).click()
    look(page, f"rehearsed-{phone}")
    page.goto(page.url.partition("/rehearsal")[0] + "/new")
    look(page, f"new-{phone}")
    page.get_by_label("Name of this letter").fill("A test")
    page.get_by_label("News").check()
    page.get_by_label("Subject").fill("News of {event}")
    page.get_by_label("Letter", exact=True).fill("It is on {dates}.\n\n{days}")
    page.get_by_role("button", name="Save and choose who gets it").click()

    who = page.get_by_role("region", name="That is now")
    before = who.inner_text()
    page.get_by_label("Health", exact=True).check()
    expect(who).not_to_have_text(before)
    look(page, f"audience-{phone}")
    page.get_by_role("button", name="Save who gets it").click()
    look(page, f"show-{phone}")
    page.get_by_role("link", name="Change when it goes").click()
    page.get_by_label("Before the event begins").check()
    look(page, f"when-{phone}")
    page.get_by_label("How long").fill("2")
    page.get_by_role("button", name="Save when it goes").click()
    page.get_by_role("button", name="Preview").click()
    look(page, f"preview-{phone}")
