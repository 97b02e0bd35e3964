"""Passing one's own place on to a colleague, by the personal link."""

import pytest

from tests.ledger import Ledger
from webapp import clock
from webapp.models.accounts import SYSTEM
from webapp.models.events import Admission
from webapp.services import registrations

ZOE = {
    "name": "Zoë Zimmer",
    "email": "zoe@example.org",
    "organisation": "Zennor Trust",
    "sector": "health",
    "role": "Health visitor",
}


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    event = make.event("Family hubs", capacity=1)
    make.registration(event, name="Ann Lee", email="ann@example.org")
    make.registration(event, name="Ben Lee", email="ben@example.org")
    return event


def page_of(browser, ledger, event, who):
    return browser.get(f"/registrations/{ledger.token(event, f'{who}@example.org')}")


def test_place_passes_to_the_colleague_past_those_who_wait(browser, ledger, event):
    page = browser.get(page_of(browser, ledger, event, "ann").link("pass your place on to them"))
    assert page.heading == "Pass your place on to a colleague"
    form = page.form("/swap")
    assert (form.values["organisation"], form.values["sector"]) == (["Marlbridge Council"], ["local_authority"])
    page = browser.send(form)
    assert (page.status, page.errors) == (422, ["Enter the full name", "Enter the e-mail address", "Enter the role"])
    page = browser.send(page.form("/swap"), **ZOE)
    assert "Your place has passed to Zoë Zimmer. We have written to both of you." in page.text
    assert dict(ledger.standing(event)) == {"zoe": "confirmed", "ben": "waiting", "ann": "cancelled"}
    assert ledger.letters()[-2:] == [("registration_swapped", "ann"), ("registration_confirmed", "zoe")]
    assert "You have a place." in page_of(browser, ledger, event, "zoe").text
    ledger.check(event)
    assert browser.send(form, **ZOE).status == 409


def test_who_is_registered_is_not_told_to_whoever_holds_a_link(browser, ledger, event):
    form = browser.get(f"/registrations/{ledger.token(event, 'ann@example.org')}/swap").form("/swap")
    answers = [browser.send(form, **ZOE | {"email": email}).errors for email in ("ben@example.org", "ann@example.org")]
    sentence = "The place cannot pass to this address. Enter another colleague’s, or ask the organiser."
    assert answers == [[sentence], [sentence]]
    assert ledger.counters(event) == (1, 0, 1, 0)


def test_nothing_is_offered_to_who_waits_nor_once_the_event_has_begun(browser, ledger, event, now):
    assert not page_of(browser, ledger, event, "ben").has_link("pass your place on to them")
    page = browser.get(f"/registrations/{ledger.token(event, 'ben@example.org')}/swap")
    assert "Only a place can pass to somebody else." in page.text
    form = browser.get(f"/registrations/{ledger.token(event, 'ann@example.org')}/swap").form("/swap")
    with clock.fixed(event.starts_at):
        assert not page_of(browser, ledger, event, "ann").has_link("pass your place on to them")
        page = browser.send(form, **ZOE)
    assert (page.status, page.errors) == (
        409,
        ["The event has begun, so this registration can no longer pass to somebody else."],
    )
    assert browser.get("/registrations/forged/swap").status == 404
    ledger.act(registrations.cancel, ledger.registration(event, "ann@example.org").id, actor=SYSTEM, now=now)
    assert browser.send(form, **ZOE).status == 409


def test_event_by_invitation_sends_whoever_passes_a_place_on_to_the_organiser(browser, ledger, event):
    form = browser.get(f"/registrations/{ledger.token(event, 'ann@example.org')}/swap").form("/swap")
    ledger.change(event, admission=Admission.INVITATION)
    page = browser.send(form, **ZOE)
    sentence = "This event is by invitation, so you cannot pass your place on yourself."
    assert (page.status, page.errors) == (403, [f"{sentence} Ask the organiser to pass it on for you."])
    assert page.form("/swap").values["email"] == [ZOE["email"]]
    assert dict(ledger.standing(event)) == {"ann": "confirmed", "ben": "waiting"}
