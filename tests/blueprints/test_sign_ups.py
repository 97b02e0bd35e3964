"""Signing up for sessions on the agenda, on a session's page, in My agenda and by the personal link."""

from datetime import time

import pytest
from sqlalchemy import select

from tests.browsing import Browser, text_of
from tests.counting import statements
from tests.ledger import Ledger
from webapp import clock
from webapp.models.accounts import SYSTEM, ThingKind
from webapp.models.agenda import Session
from webapp.models.calendars import Invitation
from webapp.models.events import Format, Mode
from webapp.models.registrations import Registration
from webapp.models.sign_ups import SignUp
from webapp.services import registrations, sign_ups
from webapp.services.calendars import feed_file, open_feed

TEN, ELEVEN, NOON = (time(hour) for hour in (10, 11, 12))


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def plan(make):
    """An event with a small and a large session at 10, one at 11, and one that takes no sign-ups."""
    event = make.event("Spring event")
    return event, {
        "small": make.session(event, "Small", places=1),
        "large": make.session(event, "Large", places=50),
        "later": make.session(event, "Later", places=50, hours=(ELEVEN, NOON)),
        "plain": make.session(event, "Plain"),
    }


@pytest.fixture
def person(app, make):
    """Somebody with a place at the event: the person, and their browser, signed in."""

    def run(event, name, **values):
        email = f"{name}@example.org"
        someone = make.person(name.title(), email)
        make.registration(event, email=email, name=name.title(), **values)
        return Browser(app).sign_in(make.signed_in(someone))

    return run


@pytest.fixture
def put(ledger, now):
    """Signs somebody up by the service."""

    def run(event, name, session):
        row = ledger.registration(event, f"{name}@example.org")
        ledger.act(sign_ups.sign_up, row.id, session.id, actor=SYSTEM, now=now)

    return run


def at(event, session=None, tail=""):
    base = f"/events/{event.slug}-{event.public_id}"
    return f"{base}/sessions/{session.slug}-{session.public_id}{tail}" if session else f"{base}{tail}"


def state(ledger, name, session):
    statement = (
        select(SignUp.state)
        .join(Registration, Registration.id == SignUp.registration_id)
        .where(Registration.email == f"{name}@example.org", SignUp.session_id == session.id)
    )
    found = ledger.all(statement)
    return found[0].value if found else None


def buttons(page):
    """The words of each button for signing up, with the session they are about."""
    return [text_of(button) for button in page.all("button", class_="wm-sign-up__button")]


def told(page):
    return text_of(page.one("main"))


# ---------------------------------------------------------------- on the agenda


def test_agenda_says_in_words_what_is_free_and_offers_no_button_to_a_visitor(make, browser, plan, person, put):
    event, parts = plan
    person(event, "ann")
    page = browser.get(at(event, tail="/agenda"))
    assert [text_of(p) for p in page.all("p", class_="wm-session__places")] == ["Sign-up: Places free"] * 3
    put(event, "ann", parts["small"])
    page = browser.get(at(event, tail="/agenda"))
    assert "Full, with a waiting list" in page.text
    assert (buttons(page), page.response.headers["Cache-Control"]) == ([], "no-cache")
    assert "Sign up for them here once you have a place at the event" in page.text


def test_agenda_offers_buttons_to_who_has_a_place_alone(app, make, plan, person):
    event, _ = plan
    ann = person(event, "ann")
    assert buttons(ann.get(at(event, tail="/agenda"))) == ["Sign up: Small", "Sign up: Large", "Sign up: Later"]
    stranger = Browser(app).sign_in(make.signed_in(make.person()))
    assert buttons(stranger.get(at(event, tail="/agenda"))) == []


def test_sign_up_and_leave_on_the_agenda(browser, ledger, plan, person):
    event, parts = plan
    ann = person(event, "ann")
    page = ann.send(ann.get(at(event, tail="/agenda")).form(at(event, parts["small"], "/sign-up")))
    assert "You are signed up for “Small”. We have sent you the calendar invitation." in page.text
    assert buttons(page) == ["Leave: Small", "Sign up: Large", "Sign up: Later"]
    assert state(ledger, "ann", parts["small"]) == "confirmed"
    page = ann.send(page.form(at(event, parts["small"], "/leave")))
    assert "You have left “Small”." in page.text
    for one in (ann, browser):
        assert "You have left" not in one.get(at(event, tail="/agenda")).text, "it is said once, and to nobody else"
    assert state(ledger, "ann", parts["small"]) == "cancelled"


def test_sign_up_for_what_is_full_gives_a_number_that_my_agenda_shows(make, ledger, plan, person, put):
    event, parts = plan
    for name in ("ann", "ben"):
        person(event, name)
        put(event, name, parts["small"])
    cas = person(event, "cas")
    page = cas.get(at(event, parts["small"]))
    assert buttons(page) == ["Join the waiting list: Small"]
    page = cas.send(page.form("/sign-up"))
    assert "You are on the waiting list with number 2" in page.text
    assert page.address == at(event, parts["small"])
    mine = cas.get("/my/agenda")
    assert "On the waiting list Your number is 2." in mine.text
    assert buttons(mine) == ["Leave the list: Small"]
    mine = cas.send(mine.form("/leave"))
    assert (mine.address, buttons(mine)) == ("/my/agenda", [])


def test_clash_is_put_to_the_person_who_leaves_the_other_in_one_step(make, ledger, plan, person, put):
    event, parts = plan
    ann = person(event, "ann")
    put(event, "ann", parts["small"])
    page = ann.send(ann.get(at(event, parts["large"])).form("/sign-up"))
    assert (page.status, page.heading) == (409, "Two sessions at the same time: Spring event")
    assert "You are signed up for “Small” (from 10am to 11am) at that time." in page.text
    assert state(ledger, "ann", parts["large"]) is None
    ann.send(page.form())
    assert [state(ledger, "ann", parts[name]) for name in ("small", "large")] == ["cancelled", "confirmed"]


def test_sign_up_beside_a_starred_session_warns(make, plan, person):
    event, parts = plan
    ann = person(event, "ann")
    ann.send(ann.get(at(event, parts["plain"])).form("/star"))
    page = ann.send(ann.get(at(event, parts["small"])).form("/sign-up"))
    assert "In your agenda there is also, at that time: Plain." in page.text


def test_buttons_go_when_the_session_begins(make, person, put, now):
    # Two hours from now, so that nobody is signed out meanwhile.
    event, one = make.event(starts_on=now.date()), time(13)
    small, large = (make.session(event, title, places=1, hours=(NOON, one)) for title in ("Small", "Large"))
    make.session(event, "Later", places=1, hours=(one, time(14)))
    ann = person(event, "ann")
    put(event, "ann", small)
    ann.get(at(event, tail="/agenda"))
    with clock.fixed(small.starts_at):
        page = ann.get(at(event, tail="/agenda"))
        assert buttons(page) == ["Sign up: Later"]
        assert "Signed up" in told(page)
        assert "has begun" in ann.post(at(event, large, "/sign-up"), csrf(page)).text


def csrf(page):
    """The token that stands in a page."""
    return {"csrf_token": page.all("input", name="csrf_token")[0].get("value")}


def test_sign_up_of_who_has_no_place_is_refused_in_words(app, make, ledger, plan):
    event, parts = plan
    stranger = Browser(app).sign_in(make.signed_in(make.person()))
    page = stranger.get(at(event, parts["small"]))
    assert "To sign up you need a place at the event." in page.text
    page = stranger.post(at(event, parts["small"], "/sign-up"), csrf(page))
    assert "Register for it first." in page.text
    assert ledger.count(SignUp) == 0


def test_personal_part_of_a_kept_agenda_costs_one_query_more_and_none_without_sign_ups(app, make, plan, person):
    event, _ = plan
    other = make.event()
    make.session(other)
    counts = []
    for one in (other, event):
        ann = person(one, f"ann{one.id}")
        ann.get(at(one, tail="/agenda"))
        with statements(app) as found:
            ann.get(at(one, tail="/agenda"))
        counts.append(len(found))
    assert counts[1] == counts[0] + 1


# ---------------------------------------------------------------- by the personal link


def test_link_holder_signs_up_and_leaves_without_an_account(browser, make, ledger, plan, put, person):
    event, parts = plan
    person(event, "ben")
    put(event, "ben", parts["small"])
    make.registration(event, email="ann@example.org")
    link = f"/registrations/{ledger.token(event, 'ann@example.org')}"
    page = browser.get(browser.get(link).link("Sign up for sessions, or leave them"))
    assert buttons(page) == ["Join the waiting list: Small", "Sign up: Large", "Sign up: Later"]
    page = browser.send(page.form(f"{parts['small'].public_id}/sign-up"))
    assert "number 1" in page.text
    page = browser.send(page.form(f"{parts['large'].public_id}/sign-up"))
    assert "You are signed up for “Large”." in page.text
    assert "Signed up" in browser.get(link).text
    page = browser.send(page.form(f"{parts['large'].public_id}/leave"))
    assert state(ledger, "ann", parts["large"]) == "cancelled"
    assert "your number is 1" in browser.get(link).text


def test_link_of_a_cancelled_registration_offers_no_button(browser, make, ledger, plan, now):
    event, _ = plan
    row = make.registration(event, email="ann@example.org")
    link = f"/registrations/{ledger.token(event, 'ann@example.org')}/sessions"
    token = csrf(browser.get(link))
    ledger.act(registrations.cancel, row.id, actor=SYSTEM, now=now)
    page = browser.get(link)
    assert buttons(page) == []
    assert "once you have a place at the event" in page.text
    session = plan[1]["small"]
    page = browser.post(f"{link}/{session.slug}-{session.public_id}/sign-up", token)
    assert "Only people who have a place at the event can sign up" in page.text
    assert ledger.count(SignUp) == 0


# ---------------------------------------------------------------- the calendar


def test_feed_shows_a_sign_up_with_its_invitation_once_and_a_left_one_as_cancelled(
    app, make, ledger, plan, person, put, now
):
    event, parts = plan
    ann = person(event, "ann")
    put(event, "ann", parts["small"])
    ann.send(ann.get(at(event, parts["small"])).form("/star"))
    row = ledger.registration(event, "ann@example.org")
    feed = ledger.act(open_feed, row.person_id, actor=SYSTEM, now=now)

    def entries():
        with app.app_context():
            text = feed_file(feed, service_name="W", base_url="https://w.example.org").decode().replace("\r\n ", "")
        return [one for one in text.split("BEGIN:VEVENT") if "Small\r\n" in one]

    (entry,) = entries()
    assert f"UID:{uid(ledger, row, parts['small'])}" in entry
    assert "CANCELLED" not in entry
    ann.send(ann.get("/my/agenda").form("/unstar"))
    ledger.act(sign_ups.leave, row.id, parts["small"].id, actor=SYSTEM, now=now)
    (entry,) = entries()
    assert "STATUS:CANCELLED" in entry
    assert "SEQUENCE:1" in entry


def uid(ledger, row, session):
    of_session = (Invitation.thing_kind == ThingKind.SESSION, Invitation.thing_id == session.id)
    return ledger.one(select(Invitation.uid).where(Invitation.person_id == row.person_id, *of_session))


def test_pages_of_sign_ups_ask_the_same_however_much_there_is(app, make, ledger, person, put):
    asked = []
    for n in (1, 3):
        event = make.event()
        for number in range(n):
            make.session(event, places=1, hours=(time(9 + number), time(10 + number)))
        person(event, f"first{n}")
        ann = person(event, f"ann{n}")
        for part in part_of(ledger, event):
            put(event, f"first{n}", part)
            put(event, f"ann{n}", part)
        token = ledger.token(event, f"ann{n}@example.org")
        counts = []
        for path in ("/my/agenda", f"/registrations/{token}", f"/registrations/{token}/sessions"):
            with statements(app) as found:
                ann.get(path)
            counts.append(len(found))
        asked.append(counts)
    assert asked[0] == asked[1]


def part_of(ledger, event):
    return ledger.all(select(Session).where(Session.event_id == event.id).order_by(Session.id))


def test_hybrid_event_tells_places_for_each_way(make, browser, person, put):
    event = make.event(format=Format.HYBRID)
    session = make.session(event, places=1)
    person(event, "ann")
    ben = person(event, "ben", mode=Mode.IN_PERSON)
    put(event, "ann", session)
    page = browser.get(at(event, session))
    assert "Online: full, with a waiting list. In person: places free" in page.text
    assert buttons(ben.get(at(event, session))) == [f"Sign up: {session.title}"]
