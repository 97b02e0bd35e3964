"""What a person does from the first page to the calendar, in a real browser, with the letters that arrive."""

import re
from collections.abc import Callable
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
import vobject
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Running, sign_in

pytestmark = pytest.mark.browser

OPEN = "Family help in practice"


def letter_to(running: Running, address: str, subject: str) -> EmailMessage:
    """The letter that arrives for an address within half a minute."""
    return wait_for(running, lambda message: address in str(message["To"]) and subject in str(message["Subject"]))


def wait_for(running: Running, wanted: Callable[[EmailMessage], bool]) -> EmailMessage:
    """The first letter of that kind, waited for until it comes."""
    found: list[EmailMessage] = []

    def came() -> bool:
        found[:] = [letter.message for letter in running.mail.letters if wanted(letter.message)]
        return bool(found)

    with running.mail.changed:
        assert running.mail.changed.wait_for(came, 30), [str(one.message["Subject"]) for one in running.mail.letters]
    return found[0]


def link_in(message: EmailMessage, part: str) -> str:
    """The path of the first address in the text part that has this in it."""
    body = message.get_body(("plain",))
    assert body is not None
    found = re.search(rf"https?://\S*{part}\S*", body.get_content())
    assert found, body.get_content()
    return urlsplit(found.group()).path


def fill_in(page: Page, name: str, email: str) -> None:
    page.get_by_label("Full name").fill(name)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Organisation").fill("Marlbridge Council")
    page.get_by_label("Organisation").press("Tab")
    page.get_by_label("Local authority").check()
    page.get_by_label("Your role").fill("Family help worker")
    page.get_by_label("Online", exact=True).check()
    page.get_by_label("Every month").check()
    page.get_by_label("I have read how my information is used").check()


def open_form(page: Page) -> None:
    page.goto("/")
    page.get_by_label("What do you want to learn about?").fill("family help")
    page.get_by_role("search", name="Events").get_by_role("button", name="Search").click()
    page.get_by_role("link", name=OPEN).click()
    page.get_by_role("button", name="Register").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_person_finds_registers_changes_and_cancels(
    open_page: Callable[..., Page], running: Running, scripts: bool
) -> None:
    email = f"ada.{'on' if scripts else 'off'}@example.org"
    page = open_page(scripts=scripts, phone=True)

    open_form(page)
    fill_in(page, "Ada Wren", email)
    page.get_by_label("Access needs (optional)").fill("Captions, please")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    expect(page.get_by_text("Captions, please")).to_be_visible()
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have a place")

    message = letter_to(running, email, OPEN)
    calendars = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert [part.get_param("method") for part in calendars] == ["REQUEST", "REQUEST"]
    entry = vobject.readOne(calendars[0].get_payload(decode=True).decode())
    assert entry.vevent.attendee.value == f"mailto:{email}"
    assert running.address in entry.vevent.url.value

    page.goto(link_in(message, "/registrations/").removesuffix("/cancel"))
    expect(page.get_by_text("Confirmed", exact=True)).to_be_visible()
    page.get_by_role("button", name="Change what you told us").click()
    page.get_by_label("Your role").fill("Team manager")
    page.get_by_role("button", name="Save the changes").click()
    expect(page.get_by_text("Your registration has been changed.")).to_be_visible()
    expect(page.get_by_text("Team manager")).to_be_visible()

    page.get_by_role("button", name="I cannot come").click()
    page.get_by_role("button", name="Yes, give up my place").click()
    expect(page.get_by_text("Your registration has been cancelled.")).to_be_visible()
    cancelled = wait_for(
        running, lambda m: email in str(m["To"]) and any(p.get_param("method") == "CANCEL" for p in m.walk())
    )
    withdrawn = next(p for p in cancelled.walk() if p.get_content_type() == "text/calendar")
    gone = vobject.readOne(withdrawn.get_payload(decode=True).decode())
    assert gone.vevent.uid.value == entry.vevent.uid.value
    assert int(gone.vevent.sequence.value) > int(entry.vevent.sequence.value)


def test_organisation_is_suggested_while_typing(open_page: Callable[..., Page]) -> None:
    page = open_page()
    open_form(page)

    # Typing before it is ready is the matter of the next test.
    page.get_by_role("combobox", name="Organisation").press_sequentially("marlb")
    page.get_by_role("option", name="Marlbridge Council").click()

    expect(page.get_by_label("Organisation")).to_have_value("Marlbridge Council")


def test_what_was_typed_before_suggestions_were_ready_is_suggested_too(open_page: Callable[..., Page]) -> None:
    page = open_page()
    script, held = "**/accessible-autocomplete.min.js", list[Route]()

    def hold(route: Route) -> None:
        held.append(route)

    page.route(script, hold)
    with page.expect_request(script):
        open_form(page)
    page.get_by_label("Organisation").press_sequentially("marlb")
    expect(page.get_by_label("Organisation")).to_have_value("marlb")

    held[0].continue_()
    page.get_by_role("option", name="Marlbridge Council").click()

    expect(page.get_by_label("Organisation")).to_have_value("Marlbridge Council")


def test_whole_form_by_keyboard_leads_from_the_summary_to_the_field(open_page: Callable[..., Page]) -> None:
    page = open_page()
    open_form(page)

    page.get_by_role("button", name="Continue").press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Full name")).to_be_focused()
    page.keyboard.type("Ada Wren")
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.name")
    assert focused == "email"


def test_every_line_of_the_summary_leads_to_its_field(open_page: Callable[..., Page]) -> None:
    page = open_page()
    open_form(page)
    page.get_by_role("button", name="Continue").click()

    links = page.locator(".govuk-error-summary a").all()
    names = []
    for link in links:
        link.click()
        names.append(page.evaluate("document.activeElement.name || ''").partition("_")[0])

    assert names == ["name", "email", "organisation", "sector", "role", "mode", "q", "privacy"]


def test_skip_link_is_the_first_stop_and_goes_to_the_content(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/events")

    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


def test_person_signs_in_by_link_stars_a_session_and_subscribes(
    open_page: Callable[..., Page], running: Running
) -> None:
    page = open_page(phone=True)
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill("bea@example.org")
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your e-mail")
    page.goto(link_in(letter_to(running, "bea@example.org", "ign in"), "/sign-in/"))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My events")

    page.goto("/events")
    page.get_by_role("link", name=OPEN).click()
    page.get_by_role("link", name="Read the full agenda").click()
    star = page.get_by_role("button", name=re.compile("Add to my agenda")).first
    star.click()
    expect(page.get_by_role("button", name=re.compile("In my agenda"))).to_have_count(1)
    page.goto("/my/agenda")
    page.get_by_role("button", name="Make my calendar address").click()
    address = page.get_by_label("Calendar address").input_value()
    feed = page.request.get(address)
    assert len(list(vobject.readOne(feed.text()).vevent_list)) == 1
    page.get_by_role("button", name="Stop this address").click()
    assert page.request.get(address).status == 404

    page.goto("/sign-out")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto("/my/agenda")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_organiser_searches_and_exports(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "organiser@example.org")
    page.goto("/manage/events")
    page.get_by_role("link", name=re.compile(OPEN)).first.click()
    if "/registrations" not in page.url:
        page.goto(page.url + "/registrations")

    with page.expect_download() as csv:
        page.get_by_role("link", name=re.compile("CSV")).first.click()

    text = csv.value.path().read_bytes().decode("utf-8-sig")
    assert text.count("\r\n") > 200
    assert "@example.org" in text


def test_agenda_prints_without_what_paper_cannot_use(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/events")
    page.get_by_role("link", name=OPEN).click()
    page.get_by_role("link", name="Read the full agenda").click()

    page.emulate_media(media="print")

    expect(page.locator(".govuk-service-navigation")).to_be_hidden()
    expect(page.locator(".wm-toolbar")).to_be_hidden()
    expect(page.locator(".wm-session").first).to_be_visible()


def test_search_from_any_page_by_keyboard_and_without_scripts(open_page: Callable[..., Page]) -> None:
    page = open_page(scripts=False, phone=True)
    page.goto("/cookies")
    page.get_by_label("Search the whole service").fill("famly hlep")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="family help").press("Enter")
    expect(page.get_by_label("What are you looking for?")).to_have_value("family help")
    expect(page.locator("mark").first).to_have_text("family")
    page.locator("summary").press("Enter")
    page.get_by_label("Kind").select_option("Sessions")
    page.get_by_role("button", name="Use these filters").press("Enter")
    found = page.locator("main h2 a").first
    title = found.inner_text()
    found.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
