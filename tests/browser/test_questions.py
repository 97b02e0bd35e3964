"""An event's own questions in a real browser: asked after certain answers alone, and put in order."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, check_accessible, sign_in

pytestmark = pytest.mark.browser

# Nobody else of these tests registers for it, so that its questions can be built here.
EVENT = "Around one table"


@pytest.fixture
def builder(open_page: Callable[..., Page]) -> Page:
    """The page on which an organiser builds the questions of the event."""
    page = open_page()
    sign_in(page, "admin@example.org")
    page.goto("/manage/events")
    address = page.get_by_role("link", name=re.compile(EVENT)).first.get_attribute("href") or ""
    page.goto("/".join(address.split("/")[:4]) + "/questions")
    return page


def add(page: Page, label: str, kind: str, *, choices: str = "", after: str = "") -> None:
    page.get_by_role("button", name="Add a question").first.click()
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
    return [text.partition(". ")[2] for text in page.locator("[data-reorder] .wm-question__title").all_inner_texts()]


def clear(page: Page) -> None:
    while page.get_by_role("link", name=re.compile("^Delete")).count():
        page.get_by_role("link", name=re.compile("^Delete")).last.click()
        page.get_by_role("button", name="Yes, delete it").click()
        page.wait_for_load_state()


def test_questions_are_built_put_in_order_and_asked(builder: Page, open_page: Callable[..., Page]) -> None:
    clear(builder)
    builder.set_viewport_size({"width": 1280, "height": 1600})
    before = order(builder)
    add(builder, "How will you travel?", "One choice", choices="By train\nBy car")
    add(builder, "Which train?", "Short text", after="By train")
    add(builder, "How many of you come?", "Number")
    for size in (PHONE, DESK):
        builder.set_viewport_size(size)
        check_accessible(builder)

    # By keyboard: the button does it, and what was moved is where one stands afterwards.
    builder.get_by_role("button", name=re.compile("Move up.*How many of you come")).focus()
    builder.keyboard.press("Enter")
    expect(builder.get_by_role("status")).to_contain_text("is now at place")
    assert order(builder) == [*before, "How will you travel?", "How many of you come?", "Which train?"]
    # Not before what it depends on.
    up = builder.get_by_role("button", name=re.compile("Move up.*Which train"))
    up.press("Enter")
    expect(builder.get_by_role("status")).to_contain_text("Which train")
    up.press("Enter")
    expect(builder.get_by_role("alert")).to_contain_text("so it must follow")
    check_accessible(builder)

    # By dragging.
    builder.set_viewport_size({"width": 1280, "height": 2400})
    builder.goto(builder.url.partition("/questions")[0] + "/questions")
    last = len(before) + 2
    builder.locator(".wm-handle").nth(last).hover()
    builder.mouse.down()
    target = builder.locator("[data-reorder] > li").nth(len(before))
    target.hover(position={"x": 200, "y": 20})
    target.hover(position={"x": 200, "y": 10})
    builder.mouse.up()
    expect(builder.get_by_role("status")).to_contain_text("is now at place")
    assert order(builder) == [*before, "How many of you come?", "How will you travel?", "Which train?"]

    address = builder.url.partition("/questions")[0].replace("/manage", "")
    page = open_page(phone=True)
    page.goto(f"{address}/register")
    which = page.get_by_label("Which train? (optional)")
    expect(which).to_be_hidden()
    page.get_by_label("By train", exact=True).check()
    which.fill("The 8:15")
    check_accessible(page)
    page.get_by_label("By car", exact=True).check()
    expect(which).to_be_hidden()
    expect(which).to_be_disabled()
    page.get_by_label("By train", exact=True).check()
    expect(which).to_have_value("The 8:15")

    plain = open_page(scripts=False, phone=True)
    plain.goto(f"{address}/register")
    expect(plain.get_by_label("Which train? (optional)")).to_be_visible()
    expect(plain.get_by_text("Only if you answered “By train” to “How will you travel?”:")).to_be_visible()
    builder.goto(f"/manage{address.partition('/events')[1]}{address.partition('/events')[2]}/questions")
    clear(builder)


def test_pages_about_who_may_register_are_accessible(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "admin@example.org")
    page.goto("/manage/events")
    address = page.get_by_role("link", name=re.compile(EVENT)).first.get_attribute("href") or ""
    event = "/".join(address.split("/")[:4])
    for path in ("/admission", "/invitees", "/invitees/new", "/invitees/send", "/questions", "/questions/new"):
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            page.goto(event + path)
            check_accessible(page)
    page.goto(f"{event}/invitees/new")
    people = "Dina Okafor <dina@example.org>\n" + "a-very-long-address." * 3 + "of-somebody@example.org"
    page.get_by_label("People, one on each line").fill(people)
    page.get_by_role("button", name="Send the invitations").click()
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        check_accessible(page)
    visitor = open_page()
    for size in (PHONE, DESK):
        visitor.set_viewport_size(size)
        visitor.goto(event.replace("/manage", "") + "/invited")
        check_accessible(visitor)
