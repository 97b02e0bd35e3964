from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from tests.browsing import Browser
from tests.ledger import Ledger
from webapp import clock, transaction
from webapp.models.accounts import SYSTEM
from webapp.models.attendance import CheckIn, CheckInSource
from webapp.models.events import EventState, Format, Mode
from webapp.services import accounts, registrations
from webapp.services import attendance as services

MORNING = datetime(2027, 6, 14, 8, 45, tzinfo=UTC)


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def shown(make, ledger, now):
    """An event that shows a code on its first day, with a place for Ada; and the code."""
    event = make.event("Ours", format=Format.HYBRID, venue="Town Hall")
    make.registration(event, name="Ada Wren", email="ada@example.org", mode=Mode.IN_PERSON)
    made = ledger.act(services.new_code, event.id, event.days[0].date, replacing="", actor=SYSTEM, now=now)
    return event, made.check_in_code


@pytest.fixture
def ticket(app, ledger):
    def address(event, email="ada@example.org"):
        with app.app_context():
            return f"/check-in/{services.ticket_token(ledger.registration(event, email))}"

    return address


def here(event):
    return f"/events/{event.slug}-{event.public_id}/here"


def test_ticket_shows_the_person_their_code_and_nothing_private(browser, shown, ticket, ledger):
    event, _ = shown
    page = browser.get(ticket(event))
    assert page.heading == "Your check-in code: Ours"
    assert "Ada Wren" in page.text
    assert "Show this at the door." in page.text
    assert "ada@example.org" not in page.body
    assert ledger.token(event, "ada@example.org") not in page.body
    assert page.response.headers["Cache-Control"] == "no-store"
    short = ledger.registration(event, "ada@example.org").public_id.upper()
    assert f"{short[:4]} {short[4:8]} {short[8:]}" in page.text
    assert page.body.count('class="wm-qr"') == 1
    assert not page.all("form", method="post")


def test_ticket_is_found_from_the_registration_and_gone_when_the_place_is(browser, shown, ticket, ledger, now):
    event, _ = shown
    page = browser.get(f"/registrations/{ledger.token(event, 'ada@example.org')}")
    assert page.link("Your check-in code for the door") == ticket(event)
    row = ledger.registration(event, "ada@example.org")
    ledger.act(registrations.cancel, row.id, actor=SYSTEM, now=now)
    assert "holds no place: it stands as “Cancelled”" in browser.get(ticket(event)).text
    assert not browser.get(f"/registrations/{ledger.token(event, 'ada@example.org')}").has_link(
        "Your check-in code for the door"
    )


def test_ticket_of_a_cancelled_or_past_event_shows_no_code(browser, shown, ticket, ledger):
    event, _ = shown
    with clock.fixed(event.ends_at):
        assert "This event is over" in browser.get(ticket(event)).text
    ledger.change(event, state=EventState.CANCELLED)
    page = browser.get(ticket(event))
    assert "has been cancelled" in page.text
    assert "wm-qr" not in page.body


def test_ticket_that_is_forged_is_not_found(browser, shown, ticket):
    event, _ = shown
    address = ticket(event)
    assert browser.get(address[:-2] + "zz").status == 404
    assert browser.get("/check-in/nothing").status == 404


def test_ticket_takes_the_code_from_the_screen(browser, shown, ticket, ledger):
    event, code = shown
    with clock.fixed(MORNING):
        page = browser.get(ticket(event))
        page = browser.send(page.form(), code="222222")
        assert (page.status, page.errors) == (422, ["That is not the code on the screen. Check it and type it again"])
        assert page.form().values["code"] == ["222222"]
        page = browser.send(page.form(), code=code.upper())
    assert "You are checked in since 9:45am" in page.text
    assert ledger.one(select(CheckIn)).source is CheckInSource.SELF


def test_ticket_does_not_check_in_whoever_is_signed_in_without_the_power(app, make, shown, ticket, ledger):
    event, _ = shown
    person = make.registration(event, mode=Mode.ONLINE).person_id
    with app.app_context(), transaction.unit():
        secret = accounts.open_session(person, now=MORNING)
    with clock.fixed(MORNING):
        other = Browser(app).sign_in(secret)
        page = other.get(ticket(event))
        assert page.heading == "Your check-in code: Ours"
        assert other.send(page.form(), day="2027-06-14", code="").status == 422
    assert ledger.count(CheckIn) == 0


def test_here_takes_address_and_code_and_answers_everybody_alike(app, shown, ledger):
    event, code = shown
    with clock.fixed(MORNING):
        answers = {}
        for email in ("ada@example.org", "nobody@example.org"):
            browser = Browser(app)
            page = browser.get(here(event))
            page = browser.send(page.form(), email=email, code=code)
            answers[email] = (page.status, page.text.replace(email, "…"))
        assert "Thank you. If … has a place today, it is now checked in." in answers["ada@example.org"][1]
    assert len(set(answers.values())) == 1
    assert ledger.one(select(CheckIn)).registration_id == ledger.registration(event, "ada@example.org").id


def test_here_knows_who_is_signed_in(app, make, shown, ledger):
    event, code = shown
    person = make.registration(event, name="Ben Ashby", email="ben@example.org", mode=Mode.ONLINE).person_id
    # A session lasts twelve hours, and the event is weeks away.
    with app.app_context(), transaction.unit():
        secret = accounts.open_session(person, now=MORNING)
    with clock.fixed(MORNING):
        fresh = Browser(app).sign_in(secret)
        page = fresh.get(here(event))
        assert "You are signed in as Ben Ashby." in page.text
        page = fresh.send(page.form(), code=code)
    assert "You are checked in." in page.text
    assert "since 9:45am" in page.text
    assert not page.all("form", method="post")


def test_here_with_errors_keeps_what_was_typed(browser, shown, ledger):
    event, _ = shown
    with clock.fixed(MORNING):
        page = browser.get(here(event))
        page = browser.send(page.form(), email="ada@", code="")
        assert page.status == 422
        assert page.errors == [
            "Enter an e-mail address in the correct format, like name@example.org",
            "Enter the code on the screen",
        ]
        assert page.form().values["email"] == ["ada@"]
    assert ledger.count(CheckIn) == 0


def test_here_outside_the_hours_says_when(browser, shown):
    event, code = shown
    with clock.fixed(MORNING):
        form = browser.get(here(event)).form()
    page = browser.get(here(event))
    assert "Nobody can check in just now." in page.text
    assert "on Monday 14 June 2027 from 8:30am until 4pm" in page.text
    page = browser.send(form, email="ada@example.org", code=code)
    assert (page.status, page.errors) == (409, ["You can check in here from 8:30am on Monday 14 June 2027."])


def test_here_tried_too_often_is_stopped(browser, shown, ledger):
    event, code = shown
    with clock.fixed(MORNING):
        page = browser.get(here(event))
        for _ in range(10):
            page = browser.send(page.form(), email="ada@example.org", code="222222")
        page = browser.send(page.form(), email="ada@example.org", code=code)
    assert page.status == 429
    assert page.errors[0].startswith("That was tried too often.")
    assert ledger.count(CheckIn) == 0


def test_here_of_a_draft_is_not_found(browser, make):
    event = make.event(state=EventState.DRAFT)
    assert browser.get(here(event)).status == 404


def test_here_is_found_by_the_short_address_on_the_screen(browser, shown):
    event, _ = shown
    assert browser.get(f"/events/{event.public_id}/here").address == here(event)
