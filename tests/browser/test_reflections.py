"""A reflection on a phone: saved as one types, by two at once, and by the button where no script runs."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import check_accessible, sign_in

pytestmark = pytest.mark.browser

NAMES = ("practitioner@example.org", "organiser@example.org")
PROMPTS = ("What did a colleague ask you lately that made you look again?", "What did you last speak up for,")


def test_reflection_on_a_phone_is_saved_as_two_type_and_without_scripts(open_page: Callable[..., Page]) -> None:
    one, other = open_page(phone=True), open_page(phone=True)
    for page, name in zip((one, other), NAMES, strict=True):
        sign_in(page, name)
    one.goto("/tools")
    one.get_by_role("link", name="The National Framework in our practice").click()
    one.get_by_role("button", name="Begin a reflection").click()
    one.get_by_label("What do you call it?").fill("From a phone")
    one.get_by_role("button", name="Begin").click()
    address = one.url
    one.get_by_label(PROMPTS[0]).fill("Whether we asked the child.")
    expect(one.get_by_role("status").last).to_contain_text("Saved at")
    check_accessible(one)
    assert other.goto(address).status == 404

    one.get_by_role("button", name="Save").click()
    one.get_by_role("link", name="Share", exact=True).click()
    one.get_by_label("Their e-mail address").fill(NAMES[1])
    one.get_by_label("Read it and write in it").check()
    one.get_by_role("button", name="Share").click()
    one.goto(address)
    other.goto(address)
    other.get_by_label(PROMPTS[1]).fill("More time for a first visit.")
    expect(other.get_by_role("status").last).to_contain_text("Saved at")
    one.get_by_label(PROMPTS[0]).fill("Whether we asked the child. Twice.")
    # What the other wrote comes back with the saving.
    expect(one.get_by_label(PROMPTS[1])).to_have_value("More time for a first visit.")

    # What may identify somebody is kept for its writer alone, beside what stands, until it is put right.
    one.get_by_label(PROMPTS[0]).fill("Whether we asked Kayleigh Ashdown, aged 7.")
    expect(one.get_by_role("status").last).to_contain_text("for you alone")
    other.reload()
    expect(other.get_by_label(PROMPTS[0])).to_have_value("Whether we asked the child. Twice.")
    one.get_by_role("button", name="Save").click()
    expect(one.get_by_text("What you typed is kept, and goes no further until you decide.")).to_be_visible()
    check_accessible(one)
    one.get_by_label(PROMPTS[0]).fill("Whether we asked the child. Twice.")
    expect(one.get_by_role("status").last).to_contain_text("Saved at")
    expect(one.get_by_role("status").last).not_to_contain_text("for you alone")

    plain = open_page(phone=True, scripts=False)
    sign_in(plain, NAMES[0])
    plain.goto(address)
    expect(plain.get_by_label(PROMPTS[0])).to_have_value("Whether we asked the child. Twice.")
    plain.get_by_label(PROMPTS[0]).fill("Written without a script.")
    plain.get_by_role("button", name="Save").click()
    expect(plain.get_by_text("Written without a script.")).to_be_visible()
    # Who typed over it meanwhile is told, and sees both.
    one.get_by_label(PROMPTS[0]).fill("Typed over it.")
    expect(one.get_by_role("status").last).to_contain_text("Somebody else changed the same answer")
    one.get_by_role("button", name="Save").click()
    expect(one.get_by_role("heading", name="What changed while you had the page open")).to_be_visible()
    check_accessible(one)
