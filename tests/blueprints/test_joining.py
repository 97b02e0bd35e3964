"""The joining page: what those who have a place read, and that nobody else reads any of it anywhere."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from tests.browsing import Browser, text_of
from tests.ledger import Ledger
from webapp import clock
from webapp.models.accounts import SYSTEM, Person
from webapp.models.events import Format, Mode
from webapp.models.mailings import Letter
from webapp.services import registrations, sign_ups

LINK, OWN, SECRET = "https://meet.example.org/all", "https://meet.example.org/part", "Passcode four two"
SECRETS = (LINK, OWN, "https://meet.example.org/open", SECRET, "Bring a laptop")


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def plan(make, now):
    event = make.event(
        "Spring event",
        format=Format.HYBRID,
        venue="Town Hall",
        joining_url=LINK,
        joining_instructions=SECRET,
        joining_from=now + timedelta(days=1),
        capacity=5,
    )
    own = make.session(event, "Own", places=5, joining_url=OWN, joining_instructions="Bring a laptop", room="Room 2")
    common = make.session(event, "Open", joining_url="https://meet.example.org/open", hours=(time(11), time(12)))
    return event, own, common


@pytest.fixture
def link(ledger, make):
    """The personal link of somebody who registers."""

    def run(event, name, **values):
        make.registration(event, email=f"{name}@example.org", **values)
        return f"/registrations/{ledger.token(event, f'{name}@example.org')}/join"

    return run


def put(ledger, event, name, session, now):
    row = ledger.registration(event, f"{name}@example.org")
    ledger.act(sign_ups.sign_up, row.id, session.id, actor=SYSTEM, now=now)


def join_of(event):
    return f"/events/{event.slug}-{event.public_id}/join"


def reads(page):
    """Which of the secrets the whole page holds."""
    return [secret for secret in SECRETS if secret in page.body]


def test_joining_is_shown_from_its_moment_and_not_a_second_before(browser, plan, link, now):
    event, *_ = plan
    address = link(event, "ann")
    with clock.fixed(event.joining_from - timedelta(seconds=1)):
        page = browser.get(address)
        assert "How to join is shown here from 10am on Tuesday 11 May 2027" in page.text
        assert reads(page) == []
    with clock.fixed(event.joining_from):
        page = browser.get(address)
        assert page.link("Join the event") == LINK
        assert LINK in page.text, "the address stands there in full"
        assert page.response.headers["Cache-Control"] == "no-store"


def test_sessions_are_listed_for_who_signed_up_and_those_without_sign_up_for_all(browser, ledger, plan, link, now):
    event, own, _ = plan
    ann, ben = link(event, "ann"), link(event, "ben")
    put(ledger, event, "ann", own, now)
    with clock.fixed(event.joining_from):
        assert reads(browser.get(ann)) == list(SECRETS)
        assert "Monday 14 June 2027, 10am to 11am" in browser.get(ann).text
        assert "Room 2" not in browser.get(ann).text, "the room is for those who come"
        assert reads(browser.get(ben)) == [LINK, "https://meet.example.org/open", SECRET]


def test_who_comes_in_person_reads_the_venue_and_no_link(browser, ledger, plan, link, now):
    event, own, _ = plan
    cas = link(event, "cas", mode=Mode.IN_PERSON)
    put(ledger, event, "cas", own, now)
    with clock.fixed(event.joining_from):
        page = browser.get(cas)
    assert reads(page) == [SECRET, "Bring a laptop"]
    assert "In person: Town Hall" in page.text
    assert "Room 2" in page.text


def test_sessions_that_are_over_fold_away(browser, ledger, plan, link, now):
    event, own, _ = plan
    address = link(event, "ann")
    put(ledger, event, "ann", own, now)
    with clock.fixed(own.ends_at - timedelta(seconds=1)):
        assert browser.get(address).all("details", class_="govuk-details") == []
    with clock.fixed(own.ends_at):
        (folded,) = browser.get(address).all("details", class_="govuk-details")
    assert "Sessions that are over (1)" in text_of(folded)
    assert OWN in text_of(folded)


def test_nobody_else_reads_any_of_it(app, browser, ledger, make, plan, link, now):
    event, own, _ = plan
    ledger.change(event, joining_from=None)
    links = [link(event, f"p{number}") for number in range(6)]
    put(ledger, event, "p0", own, now)
    assert reads(browser.get(links[0])) != []
    ledger.act(
        registrations.cancel, ledger.registration(event, "p1@example.org").id, actor=SYSTEM, now=now
    )  # p5, who waited, takes the place
    links.append(link(event, "p6"))
    assert "stands as “cancelled”" in browser.get(links[1]).text
    assert "stands as “on the waiting list”" in browser.get(links[6]).text
    other = make.event("Other event")
    strangers = [Browser(app)]
    for name, registered in (("q", other), ("p1", None), ("p6", None), ("nobody", None)):
        if registered:
            make.registration(registered, email=f"{name}@example.org")
            person = ledger.registration(registered, f"{name}@example.org").person_id
        elif name == "nobody":
            person = make.person().id
        else:
            person = ledger.registration(event, f"{name}@example.org").person_id
        strangers.append(Browser(app).sign_in(make.signed_in(Person(id=person))))
    pages = [browser.get(links[1]), browser.get(links[6]), browser.get(link(other, "r"))]
    pages += [one.get(join_of(event)) for one in strangers]
    assert [reads(page) for page in pages] == [[]] * len(pages)


def test_no_public_page_and_no_calendar_file_holds_any_of_it(app, browser, ledger, make, plan, link, now):
    event, own, common = plan
    ledger.change(event, joining_from=None)
    address = link(event, "ann")
    put(ledger, event, "ann", own, now)
    person = Person(id=ledger.registration(event, "ann@example.org").person_id)
    ann = Browser(app).sign_in(make.signed_in(person))
    assert reads(ann.get(join_of(event))) == list(SECRETS)
    base = join_of(event).removesuffix("/join")
    paths = ["", "/agenda", "/agenda/changes", "/agenda/changes.atom", "/calendar.ics"]
    for session in (own, common):
        paths += [f"/sessions/{session.slug}-{session.public_id}{tail}" for tail in ("", "/calendar.ics")]
    for path in paths:
        for one in (browser, ann):
            assert [s for s in SECRETS if s.encode() in one.client.get(base + path).data] == [], path
    for path in ("/my/agenda", "/my/agenda.ics", address.removesuffix("/join")):
        assert [s for s in SECRETS if s.encode() in ann.client.get(path).data] == [], path
    for letter in ledger.all(select(Letter).order_by(Letter.id)):
        assert [s for s in SECRETS if s in str(letter.facts)] == []


def test_joining_address_that_is_no_web_address_is_no_link(browser, ledger, plan, link):
    event, *_ = plan
    ledger.change(event, joining_from=None, joining_url="javascript:alert(1)")
    page = browser.get(link(event, "ann"))
    assert [a for a in page.all("a") if a.get("href", "").startswith("javascript")] == []
    assert "Join the event: javascript:alert(1)" in page.text
