"""Calendar files and feeds, read back by another program's parser."""

import re
from email import message_from_bytes, policy
from email.utils import getaddresses

import pytest
import vobject
from sqlalchemy import select, update

from tests.browsing import HTML, Browser
from tests.counting import statements
from tests.ledger import Ledger
from webapp import clock
from webapp.blueprints.forms import STALE
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Alarm
from webapp.models.agenda import ContributionRole, Session, SessionKind, SessionState
from webapp.models.calendars import CalendarFeed
from webapp.models.events import Event, EventState, Format, Mode
from webapp.models.mailings import Letter
from webapp.models.registrations import Registration
from webapp.models.sign_ups import SignUp
from webapp.notices.rendering import render
from webapp.services import calendar_entries as choosing
from webapp.services import events, registrations, sign_ups


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
    assert asked[0] == asked[1] == [8, 8]


def test_feed_follows_a_session_that_is_renamed(make, ann, browser, ledger, feed):
    event = make.event()
    session = make.session(event, "Kinship")
    ann.send(ann.get(f"{address(event)}/sessions/{session.slug}-{session.public_id}").form("/star"))
    ledger.act(db.session.execute, update(Session).values(title="Kinship care"))
    assert entries(browser.get(feed)) == {"Kinship care": "CONFIRMED"}


# ---------------------------------------------------------------- feeds for everybody


def subscribed(page):
    """The address that a page offers to subscribe to, as a path; its link for calendar apps leads to the same."""
    shown = page.one("input", id="feed-address").get("value")
    assert page.link("Open in a calendar app") == shown.replace("https:", "webcal:")
    for words in ("about every 3 hours", "every 8 to 24 hours", "every hour", "sent such changes by letter"):
        assert words in page.text
    return shown.removeprefix("https://waymark.example.org")


def test_event_programme_and_speaker_each_offer_a_feed_on_their_page(make, browser, ledger):
    programme = make.programme("Reform")
    event, off = (make.event(title, programme_id=programme.id) for title in ("Spring event", "Autumn event"))
    hidden = make.event("Draft", programme_id=programme.id, state=EventState.DRAFT)
    speaker = make.speaker("Ann Lee")
    kinship, _pause = make.session(event, "Kinship"), make.session(event, "Lunch", kind=SessionKind.BREAK)
    for session in (kinship, make.session(hidden, "Secret")):
        for role in (ContributionRole.CHAIR, ContributionRole.PRESENTER):
            make.contribution(session, speaker_id=speaker.id, role=role)
    ledger.change(off, state=EventState.CANCELLED, calendar_sequence=1)
    pages = {
        address(event): {"Kinship": "CONFIRMED"},
        f"/programmes/{programme.slug}-{programme.public_id}": {
            "Spring event": "CONFIRMED",
            "Cancelled: Autumn event": "CANCELLED",
        },
        f"/speakers/{speaker.slug}-{speaker.public_id}": {"Kinship": "CONFIRMED"},
    }
    for path, wanted in pages.items():
        feed = browser.get(subscribed(browser.get(path)))
        assert entries(feed) == wanted
        for line in ("METHOD:PUBLISH", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"):
            assert f"\r\n{line}\r\n" in feed.body
        assert "ATTENDEE" not in feed.body
        assert feed.response.headers["Cache-Control"] == "public, no-cache"
        assert "Set-Cookie" not in feed.response.headers
        again = browser.get(feed.address, headers={"If-None-Match": feed.response.headers["ETag"]})
        assert (again.status, again.body) == (304, "")
    assert browser.get(f"{address(hidden)}/agenda/calendar.ics").status == 404


def test_feed_of_an_event_follows_its_agenda(make, browser, ledger):
    event = make.event("Spring event")
    path = f"{address(event)}/agenda/calendar.ics"
    first = browser.get(path)
    assert entries(first) == {"Spring event": "CONFIRMED"}, "without an agenda, its days"
    session = make.session(event, "Kinship")
    ledger.change(session, state=SessionState.CANCELLED, calendar_sequence=1)
    changed = browser.get(path, headers={"If-None-Match": first.response.headers["ETag"]})
    assert (changed.status, entries(changed)) == (200, {"Cancelled: Kinship": "CANCELLED"})


def test_feeds_of_many_ask_as_often_as_those_of_one(app, make, browser):
    programme, speaker = make.programme("Reform"), make.speaker("Ann Lee")
    paths = [
        f"/programmes/{programme.slug}-{programme.public_id}/calendar.ics",
        f"/speakers/{speaker.slug}-{speaker.public_id}/calendar.ics",
    ]
    asked = []
    for _ in range(2):
        for _ in range(3):
            event = make.event(programme_id=programme.id)
            make.contribution(make.session(event), speaker_id=speaker.id)
        counts = []
        for path in [*paths, f"{address(event)}/agenda/calendar.ics"]:
            with statements(app) as found:
                browser.get(path)
            counts.append(len(found))
        asked.append(counts)
    assert asked[0] == asked[1] == [5, 2, 2]


# ---------------------------------------------------------------- how one's calendar shows events


def test_choice_is_made_signed_in_and_by_the_personal_link_and_holds_for_both(make, browser, ledger, ann):
    event = make.event("Mine")
    make.session(event, "Opening", kind=SessionKind.PLENARY)
    make.registration(event, email="ann@example.org")
    page = ann.get(ann.get("/my/agenda").link("Choose how your calendar shows events"))
    assert "You have a place at 1 event to come." in page.text
    before = ledger.letters()
    page = ann.send(page.form("/my/calendar"), alarm="hour")
    assert (page.heading, ledger.letters()) == ("1 letter will be sent to you", before)
    assert ann.get("/my/calendar").form().values["alarm"] == ["none"]
    page = ann.send(page.form("/my/calendar"))
    assert len(ledger.letters()) == len(before) + 1
    assert "Saved. 1 letter brings your calendar up to date." in page.text
    token = ledger.token(event, "ann@example.org")
    page = browser.get(browser.get(f"/registrations/{token}").link("Choose how your calendar shows events"))
    assert page.form().values["alarm"] == ["hour"]
    page = browser.send(page.form(f"/registrations/{token}/calendar"), entries="session")
    assert page.heading == "2 letters will be sent to you"
    # More than what was confirmed is asked about again.
    again = browser.send(page.form(f"/registrations/{token}/calendar"), confirmed="1")
    assert again.heading == "2 letters will be sent to you"
    page = browser.send(page.form(f"/registrations/{token}/calendar"))
    assert "Saved. 2 letters bring your calendar up to date." in page.text
    assert ann.get("/my/calendar").form().values["entries"] == ["session"]
    assert browser.get("/registrations/nonsense/calendar").status == 404


def test_choice_that_is_none_is_refused_and_nothing_is_sent(make, ledger, ann):
    page = ann.get("/my/calendar")
    assert "You have no place at an event to come" in page.text
    page = ann.send(page.form("/my/calendar"), alarm="week")
    assert (page.status, ledger.letters()) == (422, [])
    assert page.errors == ["Select when your calendar should remind you, or no reminder"]


# ---------------------------------------------------------------- "I cannot come"


@pytest.fixture
def link_in(app, ledger):
    """The link by which somebody's last letter of a notice lets them give the place up, as they would read it."""

    def find(notice, name):
        about = select(Letter).where(Letter.notice == notice, Letter.recipient_email == f"{name}@example.org")
        letter = ledger.one(about.order_by(Letter.id.desc()).limit(1))
        assert letter.facts["invitation"]["method"] == "request"
        with app.test_request_context():
            made = message_from_bytes(render(letter, app.config["SETTINGS"]), policy=policy.default)
        assert len(getaddresses([made["To"]])) == 1
        text = made.get_body(("plain",)).get_content()
        (link,) = re.findall(r"https://waymark\.example\.org(/registrations/\S+/(?:cancel|leave))\s", text)
        return link

    return find


def press_the_one_button(browser, link):
    """Open a link as a mail scanner would, then as a person who presses what is there."""
    browser.client.head(link)
    page = browser.get(link)
    assert len(page.one("main").findall(f".//{HTML}form")) == len(page.all("form", method="post")) == 1
    return browser.send(page.form())


@pytest.mark.parametrize(
    "notice", ["registration_confirmed", "registration_promoted", "event_changed", "calendar_entry"]
)
def test_letter_with_an_event_in_it_frees_the_place_and_hands_it_on(make, browser, ledger, link_in, now, notice):
    event = make.event("Spring event", capacity=1)
    if notice == "registration_promoted":
        row = make.registration(event, email="old@example.org")
    make.registration(event, email="ann@example.org")
    make.registration(event, email="bob@example.org")
    if notice == "registration_promoted":
        ledger.act(registrations.cancel, row.id, actor=SYSTEM, now=now)
    if notice == "event_changed":
        days = (events.Day(was=event.days[0].date, date=event.days[0].date),)
        ledger.act(events.edit_days, event.id, days, event.zone, version=1, told=True, actor=SYSTEM, now=now)
    if notice == "calendar_entry":
        person = ledger.registration(event, "ann@example.org").person_id
        ledger.act(choosing.choose, person, alarm=Alarm.DAY, by_session=False, actor=SYSTEM, now=now)
    link = link_in(notice, "ann")
    before = ledger.standing(event)[-2:]
    assert before == [("ann", "confirmed"), ("bob", "waiting")]
    assert "Your registration has been cancelled." in press_the_one_button(browser, link).text
    assert sorted(ledger.standing(event))[:2] == [("ann", "cancelled"), ("bob", "confirmed")]
    assert ("registration_promoted", "bob") in ledger.letters()


@pytest.mark.parametrize("notice", ["signed_up", "sign_up_promoted", "session_changed"])
def test_letter_with_a_session_in_it_frees_that_place_and_hands_it_on(make, browser, ledger, link_in, now, notice):
    event = make.event("Spring event", format=Format.IN_PERSON, venue="High Street")
    session = make.session(event, "Small", places=1)
    names = ("old", "ann", "bob") if notice == "sign_up_promoted" else ("ann", "bob")
    for name in names:
        row = make.registration(event, email=f"{name}@example.org", mode=Mode.IN_PERSON)
        ledger.act(sign_ups.sign_up, row.id, session.id, actor=SYSTEM, now=now)
    if notice == "sign_up_promoted":
        old = ledger.registration(event, "old@example.org")
        ledger.act(sign_ups.leave, old.id, session.id, actor=SYSTEM, now=now)
    if notice == "session_changed":
        wanted = events.Where(
            format=event.format, venue="1 Low Street", joining_url="", joining_instructions="", joining_from=None
        )
        ledger.act(events.edit_where, event.id, wanted, version=1, told=True, actor=SYSTEM, now=now)
    states = select(Registration.email, SignUp.state).join(SignUp, SignUp.registration_id == Registration.id)
    page = press_the_one_button(browser, link_in(notice, "ann"))
    assert "You have left “Small”." in page.text
    found = {email: state.value for email, state in ledger.rows(states)}
    assert (found["ann@example.org"], found["bob@example.org"]) == ("cancelled", "confirmed")
    assert ("sign_up_promoted", "bob") in ledger.letters()
    # The place at the event itself stays.
    assert ("ann", "confirmed") in ledger.standing(event)


def test_link_to_give_a_session_up_says_when_there_is_nothing_to_give_up(make, browser, ledger):
    event = make.event("Spring event")
    session = make.session(event, "Small", places=1)
    make.registration(event, email="ann@example.org")
    link = f"/registrations/{ledger.token(event, 'ann@example.org')}/sessions/{session.slug}-{session.public_id}/leave"
    page = browser.get(link)
    assert (page.heading, page.all("form", method="post")) == ("There is nothing to give up", [])
