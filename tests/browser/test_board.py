"""The board of the draft agenda: what its script does by keyboard and by mouse."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import check_accessible, sign_in
from tests.browser.test_accessibility import OPEN, event_address


@pytest.fixture
def board(open_page: Callable[..., Page]) -> Page:
    """The board of the open event of the demonstration."""
    page = open_page()
    sign_in(page, "admin@example.org")
    address = f"/manage{event_address(page, OPEN)}/agenda"
    page.goto(address)
    expect(page.locator(".wm-canvas").first).to_be_visible()
    return page


def test_nudge_by_keyboard_keeps_the_focus_on_the_button(board: Page) -> None:
    button = board.get_by_role("button", name=re.compile("^Later")).first
    said = button.inner_text()
    for _ in range(2):
        button.focus()
        button.evaluate("one => { one.dataset.pressed = 'yes' }")
        button.press("Enter")
        # The board is drawn anew; before that nothing tells the second answer from the first.
        expect(board.locator("[data-pressed]")).to_have_count(0)
        expect(board.get_by_text("is now:")).to_be_visible()
        expect(board.locator(":focus")).to_have_text(said)
    board.locator(":focus").press("Tab")
    with board.expect_response(lambda answer: answer.request.method == "GET"):
        board.get_by_role("button", name=re.compile("^Earlier")).first.press("Enter")
    expect(board.locator(":focus")).to_have_attribute("name", "earlier")
    check_accessible(board)


def test_focus_stays_where_somebody_went_before_the_answer_came(board: Page) -> None:
    held = list[Route]()

    def hold(route: Route) -> None:
        held.append(route)

    board.route("**/nudge", hold)
    later = board.get_by_role("button", name=re.compile("^Later")).first
    with board.expect_request("**/nudge"):
        later.press("Enter")
    earlier = board.get_by_role("button", name=re.compile("^Earlier")).nth(2)
    earlier.focus()
    session = earlier.get_attribute("value")
    assert session is not None

    held[0].continue_()

    expect(board.get_by_text("is now:")).to_be_visible()
    expect(board.locator(":focus")).to_have_attribute("name", "earlier")
    expect(board.locator(":focus")).to_have_attribute("value", session)


def test_handle_stays_where_the_time_ends_while_the_box_grows(board: Page) -> None:
    card = board.locator(".wm-canvas .wm-draft").first
    card.evaluate("card => card.querySelector('h3').append(' and more'.repeat(60))")
    grip = card.locator(".wm-grip")
    card.scroll_into_view_if_needed()
    drawn, before = card.bounding_box(), grip.bounding_box()
    card.hover(position={"x": 4, "y": 4})
    grown, after = card.bounding_box(), grip.bounding_box()
    assert drawn is not None
    assert before is not None
    assert grown is not None
    assert after is not None
    assert grown["height"] > drawn["height"] + 100
    assert after["y"] - grown["y"] == before["y"] - drawn["y"]


def test_session_that_is_not_placed_is_dragged_up_to_its_day(board: Page) -> None:
    card = board.locator(".wm-unplaced .wm-draft").first
    title = card.get_by_role("heading").inner_text()
    card.scroll_into_view_if_needed()
    box = card.bounding_box()
    assert box is not None
    board.mouse.move(box["x"] + 8, box["y"] + 8)
    board.mouse.down()
    # Held at the upper edge, the page rolls back to the first day.
    board.mouse.move(box["x"] + 8, 20, steps=4)
    expect(board.locator(".wm-day__title").first).to_be_in_viewport()
    board.mouse.move(box["x"] + 8, 450)
    canvas = board.locator(".wm-canvas").first.bounding_box()
    assert canvas is not None
    board.mouse.move(canvas["x"] + 40, canvas["y"] + 200, steps=4)
    expect(board.locator(".wm-ghost")).to_be_visible()
    board.mouse.up()
    expect(board.get_by_text(re.compile(f"“{re.escape(title)}” is now: "))).to_be_visible()
    expect(board.locator(".wm-canvas").get_by_role("heading", name=title, exact=True)).to_be_visible()


def test_times_beside_the_grid_are_said_as_on_the_cards(board: Page) -> None:
    lines = board.locator(".wm-canvas__line").all_inner_texts()
    assert {"midday", "1pm", "12:30pm"} <= set(lines)
    assert "12:00pm" not in lines
