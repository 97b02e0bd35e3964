"""Every page, on a phone and on a desk: no accessibility fault that a machine can find, no sideways scrolling."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESK, PHONE, check_accessible, sign_in

pytestmark = pytest.mark.browser

OPEN = "Family help in practice"
PUBLIC = (
    "/",
    "/events",
    "/events?when=past",
    "/events?q=nothing+at+all+like+this",
    "/events?from=31+31+2027",
    "/search",
    "/search?q=family+help&kind=session",
    "/search?q=famly+hlep&from=31+31+2027",
    "/programmes",
    "/publications",
    "/tools",
    "/library",
    "/library?q=nothing+at+all+like+this&kind=video",
    "/library/collections",
    "/accessibility",
    "/cookies",
    "/privacy",
    "/contact",
    "/worried-about-a-child",
    "/sign-in",
    "/sign-in/password",
    "/sign-in/sent",
    "/sign-out",
    "/signed-out",
    "/no-such-page",
)


def both_sizes(page: Page, address: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(address)
    check_accessible(page)
    page.set_viewport_size(DESK)
    check_accessible(page)


def event_address(page: Page, title: str, query: str = "") -> str:
    page.goto(f"/events{query}")
    address = page.get_by_role("link", name=title).first.get_attribute("href")
    assert address
    return address


@pytest.mark.parametrize("address", PUBLIC)
def test_public_page(open_page: Callable[..., Page], address: str) -> None:
    both_sizes(open_page(), address)


@pytest.mark.parametrize(
    ("title", "query"),
    [
        (OPEN, ""),
        ("Around one table", ""),
        ("An evening for kinship carers", ""),
        ("Leading teams", ""),
        ("National Online Learning Event", "?when=past"),
    ],
)
def test_event_with_agenda_sessions_and_speakers(open_page: Callable[..., Page], title: str, query: str) -> None:
    page = open_page()
    address = event_address(page, title, query)
    both_sizes(page, address)
    both_sizes(page, f"{address}/join")
    both_sizes(page, f"{address}/agenda")
    session = page.locator("main a[href*='/sessions/']").first
    if session.count():
        both_sizes(page, session.get_attribute("href") or "")
        speaker = page.locator("main a[href*='/speakers/']").first
        if speaker.count():
            both_sizes(page, speaker.get_attribute("href") or "")


def test_programme(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/programmes")
    for link in page.locator("main h2 a").all():
        both_sizes(open_page(), link.get_attribute("href") or "")
    page.get_by_role("link", name="Pathways Together").click()
    page.get_by_role("link", name="Compare the areas of Wave one").click()
    page.get_by_label("Wave two").check()
    page.get_by_role("button", name="Compare").press("Enter")
    page.get_by_role("heading", level=1, name="The areas of Wave one and Wave two").wait_for()
    # Six areas fit beside one another in a wide window; in a narrow one the keyboard scrolls to the last, and on a
    # phone each follows the other.
    table = page.get_by_role("region", name="Family networks")
    assert table.evaluate("one => one.scrollWidth <= one.clientWidth")
    page.set_viewport_size({"width": 900, "height": 800})
    table.evaluate(
        "one => { window.moved = new Promise(done => {"
        " one.addEventListener('scroll', () => done(one.scrollLeft), { once: true }); }); }"
    )
    table.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("window.moved") > 0
    both_sizes(page, page.url)
    page.set_viewport_size(PHONE)
    assert table.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_programme_as_looked_after(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "organiser@example.org")
    page.goto("/manage/programmes")
    address = page.get_by_role("link", name="Pathways Together").get_attribute("href") or ""
    page.goto(address)
    changes = [
        page.get_by_role("link", name=name).first.get_attribute("href") or ""
        for name in ("Change Wave one", "Change Eastmere")
    ]
    new = [f"{address}/{one}" for one in ("edit", "waves/new", "milestones/new", "areas/new")]
    for one in (address, *changes, *new):
        both_sizes(page, one)
        assert page.get_by_role("heading", level=1).inner_text() != "Page not found", one


def test_registering_with_errors_and_without(open_page: Callable[..., Page]) -> None:
    page = open_page(phone=True)
    page.goto(event_address(page, OPEN) + "/register")
    check_accessible(page)
    page.get_by_role("button", name="Continue").click()
    check_accessible(page)
    assert page.title().startswith("Error: ")
    page.set_viewport_size(DESK)
    check_accessible(page)


@pytest.mark.parametrize(
    "address",
    ["/my/events", "/my/agenda", "/my/saved", "/reflections", "/account", "/account/password", "/sign-out"],
)
def test_own_page(open_page: Callable[..., Page], address: str) -> None:
    page = open_page()
    sign_in(page, "practitioner@example.org")
    both_sizes(page, address)


def test_agenda_with_stars_when_signed_in(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "practitioner@example.org")
    both_sizes(page, event_address(page, OPEN))
    both_sizes(page, event_address(page, OPEN) + "/agenda")


def test_own_registration(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "practitioner@example.org")
    for link in page.locator("main a[href*='/registrations/']").all():
        address = link.get_attribute("href") or ""
        other = page.context.new_page()
        both_sizes(other, address)
        both_sizes(other, f"{address}/change")
        both_sizes(other, f"{address}/cancel")
        other.close()


def test_organisers_pages(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "admin@example.org")
    both_sizes(page, "/manage/events")
    page.get_by_role("link", name=re.compile(OPEN)).first.click()
    if "/registrations" not in page.url:
        page.goto(page.url + "/registrations")
    both_sizes(page, page.url)
    both_sizes(page, page.url.split("?")[0] + "?q=zzzzzz")
    page.goto(page.url.split("?")[0])
    both_sizes(page, page.locator("main table a, main .wm-cards a").first.get_attribute("href") or "")


def test_people_and_activity_of_an_event(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "admin@example.org")
    page.goto("/manage/events")
    event = page.get_by_role("link", name=re.compile(OPEN)).first.get_attribute("href") or ""
    for part in ("/people", "/people/invite", "/activity", "/activity?q=zzzzzz&from=nonsense"):
        both_sizes(page, event + part)
    page.goto(f"{event}/people/invite")
    page.get_by_label("Full name").fill("Sam Patel")
    page.get_by_role("button", name="Give the role").click()
    page.get_by_text("There is a problem").wait_for()
    check_accessible(page)


PARTS = (
    "",
    "/setup",
    "/setup/about",
    "/setup/days",
    "/setup/place",
    "/setup/registration",
    "/setup/contact",
    "/setup/life",
    "/admission",
    "/questions",
    "/questions/new",
    "/agenda",
    "/agenda/run-sheet",
    "/sessions/new",
    "/streams",
    "/releases",
    "/releases/new",
    "/sign-ups",
    "/imports/agenda",
    "/speakers",
    "/speakers/new",
    "/registrations/add",
    "/registrations/several",
    "/imports/registrations",
    "/invitees",
    "/invitees/new",
    "/check-in",
    "/check-in/scan",
    "/attendance",
    "/people",
    "/people/invite",
    "/activity",
    "/copy",
    "/surveys",
    "/surveys/new",
)


def test_organisers_parts_of_an_event(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "admin@example.org")
    both_sizes(page, "/manage/events/new")
    address = "/manage" + event_address(page, OPEN)
    for part in PARTS:
        both_sizes(page, address + part)
        assert page.get_by_role("heading", level=1).inner_text() != "Page not found", part


def test_library_as_read_and_as_looked_after(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "organiser@example.org")
    for lists, name in (("library", "Information sharing"), ("collections", "New in family help")):
        page.goto(f"/manage/{lists}")
        found = page.get_by_role("link", name=re.compile(name)).get_attribute("href") or ""
        for address in (f"/manage/{lists}", f"/manage/{lists}/new", found, f"{found}/edit"):
            both_sizes(page, address)
        page.goto(found)
        both_sizes(page, page.get_by_role("link", name="Its public page").get_attribute("href") or "")
        assert page.get_by_role("heading", level=1).inner_text().startswith(name)


def test_results_of_a_survey(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "admin@example.org")
    page.goto("/manage/surveys")
    address = page.get_by_role("link", name="How was the day on first visits?").get_attribute("href") or ""
    for part in ("", "?by=sector", "/print", "/compare", "/public"):
        both_sizes(page, f"{address}/results{part}")
        assert page.get_by_role("heading", level=1).inner_text() != "Page not found", part
    both_sizes(page, f"{address.removeprefix('/manage')}/results")
    assert page.locator(".wm-centred").count() > 0


def test_session_of_a_draft_agenda(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "admin@example.org")
    page.goto("/manage" + event_address(page, OPEN) + "/agenda")
    session = page.locator(".wm-draft h3 a").first.get_attribute("href") or ""
    for part in ("", "/move", "/cancel"):
        both_sizes(page, session + part)


def test_changes_and_versions_of_an_agenda(open_page: Callable[..., Page]) -> None:
    page = open_page()
    address = event_address(page, OPEN)
    both_sizes(page, f"{address}/agenda/changes")
    both_sizes(page, f"{address}/agenda/versions/1")
