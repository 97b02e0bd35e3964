"""The lead of an area in Chromium: its profile changed, its history read, and somebody invited who then belongs."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Running, check_accessible
from tests.browser.test_journeys import letter_to, link_in

pytestmark = pytest.mark.browser

LEAD = "ruth.abiodun@example.org"
NEW = "linnet.sparrowhawk@example.org"


def sign_in_by_letter(page: Page, running: Running, email: str) -> None:
    """Ask for a link where the page asks for an address, and follow it."""
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Send me a link").click()
    page.get_by_role("heading", level=1, name="Check your e-mail").wait_for()
    page.goto(link_in(letter_to(running, email, "ign in"), "/sign-in/"))
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def test_lead_changes_a_strand_and_invites_somebody(open_page: Callable[..., Page], running: Running) -> None:
    page = open_page(phone=True)
    page.goto("/sign-in")
    sign_in_by_letter(page, running, LEAD)
    page.goto("/programmes")
    page.get_by_role("main").get_by_role("link", name="Pathways Together").click()
    page.get_by_role("main").get_by_role("link", name="Eastmere", exact=True).first.click()
    strand = page.get_by_role("region", name="Family networks")
    expect(strand.get_by_role("listitem")).to_contain_text(["Meetings in the languages that families speak"])
    strand.get_by_role("link", name="Change this").click()
    features = page.get_by_label("Key features")
    features.fill(f"{features.input_value()}\nTea before anything else")
    page.get_by_role("button", name="Save").click()
    expect(strand).to_contain_text("Tea before anything else")
    check_accessible(page)

    page.get_by_role("link", name="History", exact=True).click()
    newest = page.get_by_role("main").locator("section").first
    expect(newest).to_contain_text("Ruth Abiodun")
    expect(newest.get_by_role("heading", name="Family networks: key features")).to_be_visible()
    expect(newest.locator("ins")).to_have_text("Tea before anything else")
    check_accessible(page)

    page.goto("/memberships")
    page.get_by_role("main").get_by_role("link", name="People").first.click()
    page.get_by_role("button", name="Invite somebody").click()
    page.get_by_label("Full name").fill("Linnet Sparrowhawk")
    page.get_by_label("E-mail address").fill(NEW)
    page.get_by_label("Member", exact=True).check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("rowheader", name="Linnet Sparrowhawk")).to_be_visible()
    check_accessible(page)

    guest = open_page(scripts=False, phone=True)
    guest.goto(link_in(letter_to(running, NEW, "Eastmere"), "/memberships/invitations/"))
    guest.get_by_role("button", name="Sign in to accept it").click()
    sign_in_by_letter(guest, running, NEW)
    guest.get_by_role("button", name="Accept the invitation").click()
    guest.goto("/communities")
    guest.get_by_role("link", name="Wave one: what we would do again").first.click()
    expect(guest.get_by_role("button", name="Begin a topic")).to_be_visible()
