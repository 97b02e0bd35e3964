"""The day itself: checking people in by keyboard, by touch, by camera, and people checking themselves in."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Running, check_accessible, sign_in
from tests.conftest import settings_for
from tests.making import Maker
from webapp import create_app
from webapp.database import new_public_id
from webapp.services.attendance import ticket_token

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Day:
    """An event that takes place today: its organisers' page, its public page, and Ada's check-in page."""

    manage: str
    public: str
    ticket: str


@pytest.fixture
def today(running: Running, tmp_path: Path) -> Day:
    """An event all through today, without hours, with places for three people."""
    now = datetime.now(UTC)
    app = create_app(
        settings_for(tmp_path, running.database_url, secret_keys="a-key-for-browser-tests-and-nothing-else")
    )
    make = Maker(app, now)
    programme = make.programme(f"Programme of {new_public_id()}")
    # Two days, so that neither the zone nor a test that runs over midnight makes a difference.
    event = make.event(
        "A day of practice", programme_id=programme.id, starts_on=now.date(), days=2, hours=[None, None], listed=False
    )
    earlier = now - timedelta(days=1)
    rows = [
        make.registration(event, name=name, email=f"{name[:3]}.{event.public_id}@example.org", now=earlier)
        for name in ("Ada Wren", "Ben Ashby", "Cass Doe")
    ]
    with app.app_context():
        token = ticket_token(rows[0])
    name = f"{event.slug}-{event.public_id}"
    return Day(f"/manage/events/{name}", f"/events/{name}", f"/check-in/{token}")


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until what is focused matches this selector."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"{wanted} is not reached by the keyboard at {page.url}")


def test_organiser_checks_in_by_keyboard_alone(open_page: Callable[..., Page], today: Day) -> None:
    page = open_page()
    sign_in(page, "admin@example.org")
    page.goto(f"{today.manage}/check-in")
    check_accessible(page)
    tab_to(page, "#q")
    page.keyboard.type("ada")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Found for “ada”")).to_be_visible()
    tab_to(page, ".wm-guest__button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ada Wren is checked in.")).to_be_visible()
    expect(page.get_by_text("1 here of 3 with a place")).to_be_visible()
    page.goto(f"{today.manage}/check-in?list=here")
    check_accessible(page)
    tab_to(page, ".wm-guest__button")
    page.keyboard.press("Space")
    expect(page.get_by_text("Ada Wren is no longer checked in.")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_organiser_checks_in_on_a_phone(open_page: Callable[..., Page], today: Day, scripts: bool) -> None:
    page = open_page(phone=True, scripts=scripts)
    sign_in(page, "admin@example.org")
    page.goto(f"{today.manage}/check-in")
    button = page.get_by_role("button", name="Check in Ben Ashby")
    box = button.bounding_box()
    assert box is not None
    assert (box["width"] >= 48, box["height"] >= 48) == (True, True), "too small for a thumb"
    button.click()
    expect(page.get_by_text("Ben Ashby is checked in.")).to_be_visible()
    page.goto(today.ticket)
    page.get_by_role("button", name="Check in Ada Wren").click()
    expect(page.get_by_text("Ada Wren is checked in.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check in by code")
    expect(page.get_by_role("button", name="Scan with the camera")).to_be_hidden()


CAMERA = """
window.BarcodeDetector = class {
  static async getSupportedFormats () { return ['qr_code'] }
  async detect () { return window.seen ? [{ rawValue: window.seen }] : [] }
}
navigator.mediaDevices.getUserMedia = async () => {
  if (window.refused) throw new DOMException('no', 'NotAllowedError')
  window.asked = (window.asked || 0) + 1
  const canvas = document.createElement('canvas')
  canvas.getContext('2d')
  return canvas.captureStream()
}
"""


def test_organiser_scans_with_the_camera_where_there_is_one(open_page: Callable[..., Page], today: Day) -> None:
    page = open_page(phone=True)
    # What the browser has on a phone, and not on the machine of the tests.
    page.add_init_script(CAMERA)
    sign_in(page, "admin@example.org")
    page.goto(f"{today.manage}/check-in/scan")
    check_accessible(page)
    scan = page.get_by_role("button", name="Scan with the camera")
    expect(scan).to_be_visible()
    assert page.evaluate("window.asked") is None
    page.evaluate("window.refused = true")
    scan.click()
    expect(page.get_by_text("The camera cannot be used.")).to_be_visible()
    page.evaluate("window.refused = false")
    scan.click()
    expect(page.get_by_text("Hold the code before the camera.")).to_be_visible()
    page.get_by_role("button", name="Stop the camera").click()
    expect(scan).to_be_focused()
    scan.click()
    page.evaluate("address => { window.seen = address }", page.url.split("/manage")[0] + today.ticket)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check in Ada Wren")


def test_person_checks_in_with_the_code_on_the_screen(open_page: Callable[..., Page], today: Day) -> None:
    desk, phone = open_page(), open_page(phone=True)
    sign_in(desk, "admin@example.org")
    desk.goto(f"{today.manage}/check-in/screen")
    desk.get_by_role("button", name="Make a code").click()
    check_accessible(desk)
    code = desk.locator(".wm-code").inner_text()
    assert re.fullmatch(r"\w{3} \w{3}", code)
    width = desk.locator(".wm-code").bounding_box()
    panel = desk.locator(".wm-screen").bounding_box()
    assert width is not None
    assert panel is not None
    assert width["x"] + desk.locator(".wm-code").evaluate("e => e.scrollWidth") <= panel["x"] + panel["width"]
    phone.goto(today.ticket)
    check_accessible(phone)
    phone.get_by_label("Code on the screen").fill(code)
    phone.get_by_role("button", name="I am here").click()
    expect(phone.get_by_text("You are checked in since")).to_be_visible()
    phone.goto(f"{today.public}/here")
    check_accessible(phone)
    desk.goto(f"{today.manage}/check-in?list=here")
    expect(desk.get_by_text("by themselves")).to_be_visible()


def test_attendance_is_read_in_and_looked_through(open_page: Callable[..., Page], today: Day, tmp_path: Path) -> None:
    at = f"{datetime.now(UTC):%m/%d/%Y}"
    report = tmp_path / "participants.csv"
    heading = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest"
    people = ("Ada Wren", "B Ashby", "Walk In")
    report.write_text("\n".join([heading, *(f"{n},,{at} 09:30:00 AM,{at} 11:30:00 AM,120,Yes" for n in people)]))
    page = open_page()
    sign_in(page, "admin@example.org")
    page.goto(f"{today.manage}/attendance")
    page.get_by_role("link", name="Read in a report from Microsoft Teams or Zoom").click()
    check_accessible(page)
    page.get_by_label("Files").set_input_files(report)
    page.get_by_role("button", name="Read in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("participants.csv")
    check_accessible(page)
    page.get_by_role("link", name=re.compile("^Say who this is")).click()
    check_accessible(page)
    page.get_by_label("Ben Ashby").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Noted, and remembered")).to_be_visible()
    for phone in (False, True):
        page.set_viewport_size({"width": 320 if phone else 1280, "height": 800})
        page.goto(f"{today.manage}/attendance")
        check_accessible(page)
        page.goto(today.manage)
        check_accessible(page)
