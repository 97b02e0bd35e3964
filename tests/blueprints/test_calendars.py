"""Calendar files and feeds, read back by another program's parser."""

import pytest
import vobject
from sqlalchemy import update

from tests.browsing import Browser
from tests.counting import statements
from tests.ledger import Ledger
from webapp import clock
from webapp.blueprints.forms import STALE
from webapp.extensions import db
from webapp.models.accounts import SYSTEM
from webapp.models.agenda import Session
from webapp.models.calendars import CalendarFeed
from webapp.models.events import Event, EventState
from webapp.services import registrations


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def ann(app, make):
    return Browser(app).sign_in(make.signed_in(make.person("Ann Lee", "ann@example.org")))


def address(event):
    return f"/events/{event.slug}-{event.public_id}"


def entries(page):
    """What a calendar file holds: its title and status, of a series once."""
    assert page.response.mimetype == "text/calendar"
    calendar = vobject.readOne(page.body)
    found = [one for one in calendar.contents.get("vevent", []) if "recurrence-id" not in one.contents]
    return {one.summary.value: one.status.value for one in found}


@pytest.fixture
def feed(ann):
    """The address of Ann's feed, as My agenda shows it."""
    page = ann.get("/my/agenda")
    page = ann.send(page.form("/my/feed"))
    assert "Your calendar address is ready." in page.text
    shown = page.one("input", id="feed-address").get("value")
    assert page.link("Open in a calendar app") == shown.replace("https:", "webcal:")
    return shown.removeprefix("https://waymark.example.org")


def test_event_file_is_for_everybody(make, browser):
    event = make.event("Spring event")
    page = browser.get(browser.get(address(event)).link("Add the dates to a calendar (.ics)"))
    assert entries(page) == {"Spring event": "CONFIRMED"}
    assert page.response.headers["Content-Disposition"] == 'attachment; filename="spring-event.ics"'
    assert page.response.headers["Content-Type"] == "text/calendar; charset=utf-8"


def test_session_file_is_for_everybody(make, browser):
    event = make.event("Spring event")
    session = make.session(event, "Kinship care")
    path = f"{address(event)}/sessions/{session.slug}-{session.public_id}"
    page = browser.get(browser.get(path).link("Add to a calendar (.ics)"))
    assert entries(page) == {"Kinship care": "CONFIRMED"}
    assert page.response.headers["Content-Disposition"] == 'attachment; filename="kinship-care.ics"'


def test_files_of_a_draft_or_of_another_event_are_not_found(make, browser):
    draft, event = make.event(state=EventState.DRAFT), make.event()
    hidden = make.session(draft)
    of = f"/sessions/{hidden.public_id}"
    for path in (address(draft), address(draft) + of, address(event) + of):
        assert browser.get(f"{path}/calendar.ics").status == 404


def test_files_hold_no_personal_link_and_no_meeting_link(make, browser, ledger, ann):
    event = make.event(joining_instructions="https://meet.example.org/secret")
    make.registration(event, email="ann@example.org")
    for page in (browser.get(f"{address(event)}/calendar.ics"), ann.get("/my/agenda.ics")):
        unfolded = page.body.replace("\r\n ", "")
        assert f"https://waymark.example.org{address(event)}/join" in unfolded
        assert "meet.example.org" not in unfolded
        assert "/registrations/" not in unfolded


def test_my_agenda_as_a_file_is_mine_alone_and_not_kept(make, ann):
    event = make.event("Mine")
    make.registration(event, email="ann@example.org")
    make.registration(make.event("Theirs"))
    page = ann.get("/my/agenda.ics")
    assert entries(page) == {"Mine": "CONFIRMED"}
    assert page.response.headers["Cache-Control"] == "no-store"


def test_feed_needs_no_signing_in_and_holds_what_is_mine(make, browser, ledger, feed):
    event, off = make.event("Mine"), make.event("Off")
    row, _ = (make.registration(one, email="ann@example.org") for one in (event, off))
    make.registration(make.event("Theirs"))
    assert entries(browser.get(feed)) == {"Mine": "CONFIRMED", "Off": "CONFIRMED"}
    ledger.act(registrations.cancel, row.id, actor=SYSTEM, now=make.now)
    ledger.act(db.session.execute, update(Event).where(Event.id == off.id).values(state=EventState.CANCELLED))
    assert entries(browser.get(feed)) == {"Cancelled: Mine": "CANCELLED", "Cancelled: Off": "CANCELLED"}


def test_feed_answers_304_until_something_changes(make, browser, ledger, feed, now):
    event = make.event("Mine")
    make.registration(event, email="ann@example.org")
    first = browser.get(feed).response
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in first.headers
    asked = {"If-None-Match": first.headers["ETag"]}
    with clock.fixed(now.replace(hour=23)):
        again = browser.get(feed, headers=asked).response
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    ledger.act(db.session.execute, update(Event).values(title="Renamed"))
    changed = browser.get(feed, headers=asked)
    assert (changed.status, entries(changed)) == (200, {"Renamed": "CONFIRMED"})


def test_feed_that_was_stopped_is_not_found_and_a_new_one_has_another_address(ann, browser, feed):
    page = ann.get("/my/agenda")
    page = ann.send(page.form("/my/feed/revoke"))
    assert "The old calendar address no longer works." in page.text
    assert browser.get(feed).status == 404
    page = ann.send(page.form("/my/feed"))
    new = page.one("input", id="feed-address").get("value").removeprefix("https://waymark.example.org")
    assert new != feed
    assert (browser.get(new).status, browser.get(feed).status) == (200, 404)


@pytest.mark.parametrize("change", ["last", "cut", "longer", "nonsense", "upper"])
def test_feed_forged_is_not_found(browser, feed, change):
    token = feed.removeprefix("/feeds/").removesuffix(".ics")
    wrong = {
        "last": token[:-1] + ("A" if token[-1] != "A" else "B"),
        "cut": token[:-1],
        "longer": token + "A",
        "nonsense": "%00%C3%A9",
        "upper": token.upper(),
    }[change]
    assert browser.get(f"/feeds/{wrong}.ics").status == 404


@pytest.mark.parametrize("path", ["/my/feed", "/my/feed/revoke"])
def test_feed_with_a_stale_token_changes_nothing_and_says_so(ann, ledger, feed, path):
    if path == "/my/feed":
        ann.send(ann.get("/my/agenda").form("/my/feed/revoke"))
    before = ledger.count(CalendarFeed)
    page = ann.send(ann.get("/my/agenda").form(path), csrf_token="stale")
    assert STALE in page.text
    assert ledger.count(CalendarFeed) == before
    assert (ann.get(feed).status == 200) is (path != "/my/feed")


def test_feed_opened_by_a_visitor_asks_to_sign_in(browser, ledger, now):
    for path in ("/my/feed", "/my/feed/revoke"):
        assert browser.post(path).heading == "Sign in"
    assert ledger.count(CalendarFeed) == 0


def test_feed_asks_the_same_however_much_there_is(make, browser, ann, feed):
    asked = []
    for _ in range(2):
        for _ in range(2):
            event = make.event()
            session = make.session(event)
            make.registration(event, email="ann@example.org")
            ann.send(ann.get(f"{address(event)}/sessions/{session.slug}-{session.public_id}").form("/star"))
        counts = []
        for path in (feed, "/my/agenda.ics"):
            with statements(ann.app) as found:
                ann.get(path)
            counts.append(len(found))
        asked.append(counts)
    assert asked[0] == asked[1] == [6, 6]


def test_feed_follows_a_session_that_is_renamed(make, ann, browser, ledger, feed):
    event = make.event()
    session = make.session(event, "Kinship")
    ann.send(ann.get(f"{address(event)}/sessions/{session.slug}-{session.public_id}").form("/star"))
    ledger.act(db.session.execute, update(Session).values(title="Kinship care"))
    assert entries(browser.get(feed)) == {"Kinship care": "CONFIRMED"}
