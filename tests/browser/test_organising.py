"""An event from nothing to who came, in a real browser: by mouse, and again by keyboard only."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Running, check_accessible, sign_in
from tests.browser.test_journeys import letter_to, link_in

pytestmark = pytest.mark.browser

MOST_TABS = 400


class Hands:
    """What somebody uses a page with: a mouse, or nothing but the keys."""

    def __init__(self, page: Page, by: str) -> None:
        self.page = page
        self.by = by

    def press(self, what: Locator) -> None:
        """Follow a link or press a button."""
        if self.by == "mouse":
            what.click()
        else:
            self._reach(what)
            what.press("Enter")  # the locator's own waits for the page that follows

    def tick(self, what: Locator) -> None:
        """Choose a radio button or tick a box."""
        if self.by == "mouse":
            what.check()
            return
        self._reach(what, among_radios=True)
        self.page.keyboard.press("Space")
        expect(what).to_be_checked()

    def write(self, what: Locator, text: str) -> None:
        """Write into a field, instead of what stands in it."""
        if self.by == "mouse":
            what.fill(text)
            return
        self._reach(what)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, what: Locator, text: str) -> None:
        """Choose from a list by the words of an entry."""
        if self.by == "mouse":
            what.select_option(label=text)
            return
        self._reach(what)
        self.page.keyboard.type(text)
        expect(what.locator("option:checked")).to_have_text(text)

    def _reach(self, what: Locator, *, among_radios: bool = False) -> None:
        """Go there with the tab key alone; of several radio buttons with the arrows."""
        self.page.wait_for_load_state()
        expect(what).to_have_count(1)
        wanted = what.element_handle()
        for _ in range(MOST_TABS):
            if self.page.evaluate("one => document.activeElement === one", wanted):
                return
            group = "one => document.activeElement.type === 'radio' && document.activeElement.name === one.name"
            if among_radios and self.page.evaluate(group, wanted):
                self.page.keyboard.press("ArrowDown")
            else:
                self.page.keyboard.press("Tab")
        raise AssertionError(f"not reached by the tab key: {what}")


def today() -> datetime:
    return datetime.now(UTC).astimezone(ZoneInfo("Europe/London"))


def create(hands: Hands, title: str) -> None:
    """A two-day event that has begun today, published."""
    page = hands.page
    page.goto("/manage/events")
    hands.press(page.get_by_role("button", name="Create an event"))
    hands.write(page.get_by_label("Title"), title)
    hands.choose(page.get_by_label("Programme"), "Pathways Together")
    hands.tick(page.get_by_label("Online", exact=True))
    first = today()
    hands.write(page.get_by_label("First day"), f"{first.day} {first:%B %Y}")
    hands.write(page.get_by_label("Last day (optional)"), "2")
    hands.write(page.get_by_label("Starts at (optional)"), "0:05")
    hands.write(page.get_by_label("Ends at (optional)"), "23:55")
    hands.press(page.get_by_role("button", name="Create the event"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up the event")
    hands.press(page.get_by_role("link", name="About", exact=True))
    hands.write(page.get_by_label("Summary"), "An event for the tests.")
    hands.press(page.get_by_role("button", name="Save"))
    hands.press(page.get_by_role("link", name="The life of the event"))
    hands.press(page.get_by_role("button", name="Publish the event"))
    expect(page.get_by_text("Taking place now")).to_be_visible()


def add_stream(hands: Hands, name: str) -> None:
    hands.write(hands.page.get_by_label("Add a stream"), name)
    hands.press(hands.page.locator("form", has=hands.page.get_by_label("Add a stream")).get_by_role("button"))
    expect(hands.page.get_by_role("link", name=name, exact=True)).to_be_visible()


def add_session(hands: Hands, title: str, starts: str, *, day: str, stream: str = "", speaker: str = "") -> None:
    page = hands.page
    hands.press(page.get_by_role("button", name="Add a session"))
    hands.write(page.get_by_label("Title"), title)
    hands.choose(page.get_by_label("Day"), day)
    hands.write(page.get_by_label("Starts at"), starts)
    hands.write(page.get_by_label("Length in minutes"), "60")
    if stream:
        hands.choose(page.get_by_label("Stream"), stream)
    if speaker:
        hands.write(page.get_by_label("Name, contributor 1"), speaker)
    hands.press(page.get_by_role("button", name="Save to the draft"))
    expect(page.get_by_role("link", name=title, exact=True)).to_be_visible()


def register(page: Page, event: str, name: str, email: str) -> None:
    page.goto(f"{event}/register")
    page.get_by_label("Full name").fill(name)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Organisation").fill("Marlbridge Council")
    page.get_by_label("Organisation").press("Tab")
    page.get_by_label("Local authority").check()
    page.get_by_label("Your role").fill("Family help worker")
    page.get_by_label("I have read how my information is used").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have a place")


def star(page: Page, running: Running, event: str, email: str, session: str) -> None:
    """Sign in by the link that arrives, and put a session into My agenda."""
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your e-mail")
    page.goto(link_in(letter_to(running, email, "ign in"), "/sign-in/"))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My events")
    page.goto(f"{event}/agenda")
    page.locator(".wm-session", has_text=session).get_by_role("button", name=re.compile("Add to my agenda")).click()
    expect(page.get_by_role("button", name=re.compile("In my agenda"))).to_have_count(1)


def release(hands: Hands) -> str:
    """Read the summary and release; gives what it says of who is told."""
    page = hands.page
    hands.press(page.get_by_role("button", name="Review and release"))
    said = page.locator("#told").inner_text()
    check_accessible(page)
    hands.press(page.get_by_role("button", name=re.compile("^Release")))
    expect(page.get_by_text("of the agenda has been released.")).to_be_visible()
    return said


def move(hands: Hands, title: str, starts: str) -> None:
    """Move a session to a time: with the mouse by dragging it down, else by the form."""
    page = hands.page
    if hands.by == "mouse":
        card = page.locator(".wm-draft", has=page.get_by_role("heading", name=title, exact=True))
        card.scroll_into_view_if_needed()
        box = card.bounding_box()
        assert box is not None
        across, down = box["x"] + box["width"] - 12, box["y"] + 50
        page.mouse.move(across, down)
        page.mouse.down()
        # Two hours and a half further down, at two pixels a minute.
        page.mouse.move(across, down + 150, steps=4)
        page.mouse.move(across, down + 300, steps=4)
        page.mouse.up()
    else:
        hands.press(page.get_by_role("link", name=f"Move to… “{title}”"))
        hands.write(page.get_by_label("Starts at"), starts)
        hands.press(page.get_by_role("button", name="Move", exact=True))
    expect(page.get_by_text(re.compile(f"“{title}” is now: .*{starts} to"))).to_be_visible()


def stretch(page: Page, title: str, minutes: int) -> None:
    """Drag the lower edge of a session, which is drawn larger while the mouse is over it, and then back."""
    for by in (minutes, -minutes):
        card = page.locator(".wm-draft", has=page.get_by_role("heading", name=title, exact=True))
        card.hover(position={"x": 4, "y": 4})
        grip = card.locator(".wm-grip").bounding_box()
        assert grip is not None
        page.mouse.move(grip["x"] + 20, grip["y"] + 4)
        page.mouse.down()
        page.mouse.move(grip["x"] + 20, grip["y"] + 4 + by * 2, steps=4)
        page.mouse.up()
        ends = "4:50pm" if by > 0 else "4:30pm"
        expect(page.get_by_text(re.compile(f"“{title}” is now: .*3:30pm to {ends}"))).to_be_visible()


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_event_goes_from_nothing_to_who_came(open_page: Callable[..., Page], running: Running, by: str) -> None:
    title = f"Fathers in the room, by {by}"
    ann, bob = f"ann.{by}@example.org", f"bob.{by}@example.org"
    hands = Hands(open_page(), by)
    page = hands.page
    sign_in(page, "organiser@example.org")
    create(hands, title)

    first, second = (f"{day:%A} {day.day} {day:%B %Y}" for day in (today(), today() + timedelta(days=1)))
    hands.press(page.get_by_role("link", name="Agenda", exact=True))
    hands.press(page.get_by_role("link", name="Streams and rooms"))
    for stream in ("Practice", "Leading", "Evidence"):
        add_stream(hands, stream)
    hands.press(page.get_by_label("This event").get_by_role("link", name="Agenda"))
    add_session(hands, "Welcome", "0:10", day=first)
    add_session(hands, "First visits", "13:00", day=first, stream="Practice", speaker="Ada Wren")
    add_session(hands, "Holding teams", "13:00", day=first, stream="Leading", speaker="Ada Wren")
    add_session(hands, "What works", "13:00", day=first, stream="Evidence")
    add_session(hands, "Closing", "10:00", day=second)
    expect(page.get_by_text("1 error", exact=True)).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Ada Wren is in").first).to_be_visible()
    check_accessible(page)
    move(hands, "Holding teams", "3:30pm")
    if by == "mouse":
        stretch(page, "Holding teams", 20)
    expect(page.get_by_text("Nothing is in two places at once.")).to_be_visible()
    assert release(hands) == "Nobody needs to be told"

    event = page.url.partition("/manage")[2].partition("/agenda")[0]
    first_guest, second_guest = open_page(phone=True), open_page(phone=True)
    register(first_guest, event, "Ann Lee", ann)
    register(second_guest, event, "Bob Oak", bob)
    star(first_guest, running, event, ann, "First visits")

    if by == "mouse":
        # What can be done with a session shows while the mouse is over it.
        page.locator(".wm-draft", has=page.get_by_role("heading", name="First visits")).hover(position={"x": 4, "y": 4})
    hands.press(page.get_by_role("link", name="Move to… “First visits”"))
    # To tomorrow: late in the day both times of today are over, and nobody would need to hear of it.
    hands.choose(page.get_by_label("Day", exact=True), second)
    hands.write(page.get_by_label("Starts at"), "14:00")
    hands.press(page.get_by_role("button", name="Move", exact=True))
    assert release(hands) == "1 person in 1 organisation will be told"
    changed = letter_to(running, ann, "have changed")
    body = changed.get_body(("plain",))
    assert body is not None
    text = body.get_content().replace("\r\n", "\n")
    assert re.search(r"First visits\nNow: .*2pm to 3pm.*\nBefore: .*1pm to 2pm", text)
    told = [str(one.message["To"]) for one in running.mail.letters if "have changed" in str(one.message["Subject"])]
    assert [to for to in told if bob in to] == []

    hands.press(page.get_by_role("link", name="Check-in", exact=True))
    hands.press(page.get_by_role("button", name="Check in Ann Lee"))
    expect(page.get_by_text(re.compile("1 here of 2 with a place"))).to_be_visible()
    check_accessible(page)
    hands.press(page.get_by_role("link", name="Attendance", exact=True))
    expect(page.get_by_role("row", name=re.compile("Ann Lee")).get_by_text("Came")).to_be_visible()
    check_accessible(page)
