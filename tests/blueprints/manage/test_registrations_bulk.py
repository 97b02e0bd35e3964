"""Choosing many on the list, reading what would happen, and confirming it."""

from urllib.parse import parse_qsl, urlencode

import pytest
from sqlalchemy import select, update

from tests.browsing import HTML, SentForm, text_of
from tests.ledger import Ledger
from webapp.blueprints.forms import STALE
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Role
from webapp.models.events import Places
from webapp.models.registrations import RegistrationTag
from webapp.services import registrations


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def five(make):
    """An event of two places for which five have asked."""
    event = make.event("Family hubs", capacity=2, needs_approval=True)
    for who in ("ann", "ben", "cat", "dan", "eve"):
        make.registration(event, name=f"{who.title()} Lee", email=f"{who}@example.org")
    return event


def address(event, rest=""):
    return f"/manage/events/{event.slug}-{event.public_id}/registrations{rest}"


def choose(browser, event, do, *names, who="ticked", query=""):
    """Tick rows of the list by their names and go on, as the page's form does."""
    page = browser.get(address(event, query))
    (element,) = [form for form in page.all("form") if (form.get("action") or "").endswith("/several")]
    form = SentForm(element, page.address)
    ids = {
        text_of(a): a.get("id").removeprefix("row-") for a in page.all("a") if (a.get("id") or "").startswith("row-")
    }
    form.fill(do=do, who=who, row=[ids[name] for name in names])
    return browser.get(form.action + "?" + urlencode(form.values, doseq=True))


def test_list_offers_to_change_several_only_to_those_who_may(organiser, five):
    page = organiser(five).get(address(five))
    assert len(page.all("input", name="row")) == 5
    labels = [text_of(label) for label in page.all("label", class_="govuk-radios__label")]
    assert labels == ["Those ticked in the list", "All 5 on this page", "All registrations: 5"]
    reader = organiser(five, Role.READER, name="Reader")
    page = reader.get(address(five))
    assert not page.all("input", name="row")
    assert not page.has_link("Add somebody by hand")
    refused = reader.get(address(five, "/several?do=cancel&who=all"))
    assert (refused.status, "decide about registrations" in refused.text) == (403, True)


def test_approve_says_the_number_and_what_is_sent_then_does_it(organiser, five, ledger):
    browser = organiser(five)
    page = choose(browser, five, "approve", "Ann Lee", "Cat Lee", "Dan Lee")
    assert page.heading == "Approve 3 requests"
    assert "2 people have a place then, and are sent the confirmation with the calendar invitation" in page.text
    assert "1 person goes on the waiting list" in page.text
    assert ledger.counters(five) == (0, 0, 0, 5)
    page = browser.send(page.form("/several"))
    assert "3 requests have been approved. We write to each person." in page.text
    assert page.heading == "Registrations"
    assert dict(ledger.standing(five)) == {
        "ann": "confirmed",
        "ben": "pending",
        "cat": "confirmed",
        "dan": "waiting",
        "eve": "pending",
    }
    ledger.check(five)


def test_confirmation_says_how_many_are_left_out_and_why(organiser, five, ledger, now):
    ledger.act(registrations.approve, ledger.registration(five, "ann@example.org").id, actor=SYSTEM, now=now)
    ledger.act(registrations.cancel, ledger.registration(five, "ben@example.org").id, actor=SYSTEM, now=now)
    page = choose(organiser(five), five, "decline", who="page")
    assert page.heading == "Decline 3 requests"
    assert "2 registrations are left out of the 5 chosen" in page.text
    main = page.one("main")
    listed = [text_of(li) for li in main.iter(f"{HTML}li")]
    assert {"Has a place already: 1", "Cancelled: 1"} <= set(listed)


def test_decline_of_all_that_match_sends_the_reason_to_each(organiser, five, ledger):
    browser = organiser(five)
    page = choose(browser, five, "decline", who="all", query="?q=lee&sort=-name")
    assert page.heading == "Decline 5 requests"
    page = browser.send(page.form("/several"), reason="x" * 501)
    assert (page.status, page.errors) == (422, ["Reason must be 500 characters or fewer; it has 501"])
    page = browser.send(page.form("/several"), reason="Only for wave 2.")
    assert ("q", "lee") in parse_qsl(page.address.partition("?")[2])
    assert {state for _, state in ledger.standing(five)} == {"declined"}
    assert ledger.last_letter().facts["reason"] == "Only for wave 2."


def test_number_that_changed_since_is_asked_again_and_nothing_done(organiser, five, ledger, make):
    browser = organiser(five)
    page = choose(browser, five, "decline", who="all", query="?state=pending")
    form = page.form("/several")
    make.registration(five, email="fay@example.org")
    page = browser.send(form)
    assert (page.status, page.heading) == (409, "Decline 6 requests")
    assert page.errors[0].startswith("Nothing was changed: since you opened the page")
    assert {state for _, state in ledger.standing(five)} == {"pending"}
    browser.send(page.form("/several"))
    assert {state for _, state in ledger.standing(five)} == {"declined"}


def test_same_confirmation_sent_twice_changes_nothing_more(organiser, five, ledger):
    browser = organiser(five)
    form = choose(browser, five, "decline", "Ann Lee").form("/several")
    browser.send(form)
    letters = ledger.letters()
    page = browser.send(form)
    assert (page.status, page.heading) == (409, "Nobody can be declined")
    assert ledger.letters() == letters


def test_promote_without_a_free_place_says_so_and_offers_no_button(organiser, five, ledger, now):
    for who in ("ann", "ben", "cat"):
        ledger.act(registrations.approve, ledger.registration(five, f"{who}@example.org").id, actor=SYSTEM, now=now)
    browser = organiser(five)
    page = choose(browser, five, "promote", "Cat Lee")
    assert page.heading == "Nobody can be given a place"
    assert "Online: all 2 places are taken or offered. Raise the number of places, or cancel some" in page.text
    assert not page.all("button", class_="govuk-button")
    ledger.act(lambda: db.session.execute(update(Places).values(capacity=3)))
    row = ledger.registration(five, "cat@example.org")
    page = browser.get(browser.get(address(five, f"/{row.public_id}")).link("Give a place out of turn"))
    assert page.heading == "Give 1 place"
    browser.send(page.form("/several"))
    assert ledger.letters()[-1] == ("registration_promoted", "cat")
    ledger.check(five)


def test_cancel_names_the_calendars_and_the_places_that_become_free(organiser, five, ledger, now):
    for who in ("ann", "ben", "cat"):
        ledger.act(registrations.approve, ledger.registration(five, f"{who}@example.org").id, actor=SYSTEM, now=now)
    browser = organiser(five)
    page = choose(browser, five, "cancel", "Ann Lee", "Dan Lee")
    assert page.heading == "Cancel 2 registrations"
    assert "takes the event out of the calendar of 1 of them" in page.text
    assert "1 place becomes free, and goes at once to whoever else has waited longest" in page.text
    browser.send(page.form("/several"))
    assert ledger.registration(five, "cat@example.org").state == "confirmed"
    ledger.check(five)


def test_tags_are_put_on_and_taken_off_many_and_found_by(organiser, five, ledger):
    browser = organiser(five)
    page = choose(browser, five, "tag", "Ann Lee", "Ben Lee")
    assert page.heading == "Add a tag to 2 registrations"
    page = browser.send(page.form("/several"))
    assert (page.status, page.errors) == (422, ["Enter a tag"])
    page = browser.send(page.form("/several"), word="!!")
    assert (page.status, page.errors) == (409, ["Enter a tag with at least one letter or digit."])
    page = browser.send(page.form("/several"), word=" Speaker  dinner ")
    assert "The tag “Speaker dinner” is on 2 more registrations." in page.text
    assert page.has_link("Tag: Speaker dinner")
    page = browser.get(address(five) + page.link("Tag: Speaker dinner"))
    assert "2 registrations" in page.text
    assert "Cat Lee" not in page.body
    csv = browser.get(page.link("CSV")).body
    assert [line.count("Speaker dinner") for line in csv.strip().splitlines()] == [0, 1, 1]
    page = choose(browser, five, "untag", who="all", query="?tag=Speaker+dinner&q=ben")
    assert page.form("/several").values["word"] == ["Speaker dinner"]
    page = browser.send(page.form("/several"))
    assert "The tag “Speaker dinner” is off 1 registration." in page.text
    assert len(ledger.all(select(RegistrationTag))) == 1


@pytest.mark.parametrize("query", ["", "?do=cancel", "?do=nonsense&who=all", "?do=cancel&who=page&shown=", "?who=all"])
def test_nothing_chosen_leads_back_to_the_list_and_says_what_to_do(organiser, five, query):
    page = organiser(five).get(address(five, f"/several{query}"))
    assert page.heading == "Registrations"
    assert "Tick at least one registration, or choose a whole list" in page.text


def test_confirmation_with_a_stale_token_or_a_number_of_nonsense_changes_nothing(organiser, five, ledger):
    browser = organiser(five)
    form = choose(browser, five, "cancel", "Ann Lee").form("/several")
    page = browser.send(form, csrf_token="stale")
    assert (page.status, page.errors) == (422, [STALE])
    page = browser.send(page.form("/several"), number="nonsense")
    assert page.status == 409
    assert ledger.counters(five) == (0, 0, 0, 5)


def test_rows_of_another_event_are_chosen_by_nobody(organiser, five, make, ledger):
    other = make.event()
    row = make.registration(other, email="zoe@example.org")
    page = organiser(five).get(address(five, f"/several?do=cancel&row={row.public_id}"))
    assert page.heading == "Nobody can be cancelled"
    assert "No registration matches what you chose." in page.text
    assert ledger.standing(other) == [("zoe", "confirmed")]
