"""A release by the worker as a browser shows it: by itself with scripts, by a link without."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Running, check_accessible, sign_in
from tests.browser.test_accessibility import OPEN, event_address

Stand = Callable[..., None]


@pytest.fixture
def stand(running: Running) -> Iterator[Stand]:
    """Sets how far a release is that no worker takes, since one has it; taken away after the test."""
    path = running.database_url.removeprefix("sqlite:///")

    def write(statement: str, *values: object) -> None:
        with closing(sqlite3.connect(path, timeout=10)) as connection, connection:
            connection.execute(statement, values)

    def set_state(public_id: str, state: str, problem: str = "") -> None:
        write(
            "INSERT OR REPLACE INTO release_requests (event_id, asked_by_id, asked_at, version, people, note, state,"
            " problem, number, taken_until, attempts) SELECT id, (SELECT min(id) FROM people), '2027-01-01', 1, 2600,"
            " 'The hall is free', ?, ?, 2, '2999-01-01', 1 FROM events WHERE public_id = ?",
            state,
            problem,
            public_id,
        )

    yield set_state
    write("DELETE FROM release_requests")


@pytest.mark.parametrize("phone", [True, False])
def test_release_under_way_is_followed_by_itself(open_page: Callable[..., Page], stand: Stand, phone: bool) -> None:
    page = open_page(phone=phone)
    sign_in(page, "admin@example.org")
    address = event_address(page, OPEN)
    event = address.rpartition("-")[2]
    stand(event, "waiting")
    page.goto(f"/manage{address}/releases/under-way")
    check_accessible(page)
    expect(page.get_by_role("status")).to_contain_text("Step 1 of 3: it waits for its turn.")
    stand(event, "writing")
    expect(page.get_by_role("status")).to_contain_text("the letters to 2,600 people are being written")
    stand(event, "released")
    expect(page.get_by_role("heading", level=1)).to_have_text("The agenda has been released")
    check_accessible(page)


def test_release_under_way_is_followed_by_a_link_without_scripts(open_page: Callable[..., Page], stand: Stand) -> None:
    page = open_page(scripts=False)
    sign_in(page, "admin@example.org")
    address = event_address(page, OPEN)
    event = address.rpartition("-")[2]
    stand(event, "checking")
    page.goto(f"/manage{address}/releases/new")
    assert page.get_by_role("heading", level=1).inner_text() == "The agenda is being released"
    assert "Step 2 of 3" in page.get_by_role("status").inner_text()
    stand(event, "refused", "The draft has changed since you read the summary.")
    page.get_by_role("link", name="Look how far it is").click()
    assert page.get_by_role("heading", level=1).inner_text() == "The agenda was not released"
    assert "The draft has changed" in page.get_by_role("alert").inner_text()
    page.get_by_role("link", name="Read the summary again").click()
    assert "Release version" in page.get_by_role("heading", level=1).inner_text()
