"""Letters that people may do without: declined by one press from a mail program, by a page, and wanted again."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from tests.browsing import Browser
from tests.ledger import Ledger
from tests.notices.examples import FACTS
from webapp import outbox, tokens, transaction
from webapp.extensions import db
from webapp.models.accounts import SYSTEM
from webapp.models.events import Event
from webapp.models.mailings import Lane, Letter, LetterState, MailKind, declining
from webapp.models.preferences import DeclinedMail
from webapp.notices.addresses import Urls
from webapp.notices.letters import LetterFacts, Notice, dump
from webapp.notices.rendering import render
from webapp.services import registrations

BASE = "https://waymark.example.org"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def registration(make):
    return make.registration(make.event("Spring event"), name="Ann Lee", email="ann@example.org")


def link(app, registration, kind=MailKind.REMINDER):
    """The link in the first letter that came to the holder of a registration."""
    with app.app_context():
        first = db.session.scalars(
            select(Letter.public_id).where(Letter.person_id == registration.person_id).order_by(Letter.id).limit(1)
        ).one()
        return Urls(LetterFacts(), BASE).unsubscribe(kind, first).removeprefix(BASE)


def old_link(app, registration, kind=MailKind.REMINDER):
    """The link as letters had it that were made from the nonce of a registration."""
    with app.app_context():
        token = tokens.make(declining(kind), registration.public_id, registration.link_nonce)
    return f"/unsubscribe/{token}"


def declined(app):
    with app.app_context():
        rows = db.session.execute(select(DeclinedMail.person_id, DeclinedMail.kind).order_by(DeclinedMail.id))
        return [tuple(row) for row in rows]


def reminder(registration, kind=MailKind.REMINDER):
    facts = replace(FACTS["registration_changed"], link_id=registration.public_id, link_nonce=registration.link_nonce)
    return Notice(
        name="registration_changed",
        recipient_name="Ann Lee",
        recipient_email="ann@example.org",
        facts=dump(facts),
        kind=kind,
        person_id=registration.person_id,
    )


def test_press_of_a_mail_program_needs_neither_cookie_nor_token_and_is_counted_once(app, browser, registration):
    address = link(app, registration)
    for _ in range(2):
        page = browser.post(address, ONE_CLICK)
        assert page.status == 200
        assert page.title.startswith("You get no more letters of this kind")
        assert "Reminders" in page.text
        assert declined(app) == [(registration.person_id, MailKind.REMINDER)]


def test_opening_the_link_changes_nothing_and_shows_one_button(app, browser, registration):
    page = browser.get(link(app, registration))
    assert page.title.startswith("Stop letters of this kind?")
    assert [form.action for form in page.forms() if "unsubscribe" in form.action] == [link(app, registration)]
    assert declined(app) == []


def test_link_goes_on_working_when_the_personal_link_is_another(app, make, browser, registration, now):
    ledger, who = Ledger(app), {"actor": SYSTEM, "now": now}
    event = ledger.one(select(Event))
    addresses = [link(app, registration), old_link(app, registration, MailKind.NEWS)]
    ledger.act(registrations.cancel, registration.id, **who)
    make.registration(event, name="Ann Lee", email="ann@example.org")
    assert ledger.registration(event, "ann@example.org").link_nonce != registration.link_nonce
    for address in addresses:
        assert browser.post(address, ONE_CLICK).status == 200
        browser.get(browser.get(address).link("See all kinds of letter"))
    assert declined(app) == [(registration.person_id, MailKind.REMINDER), (registration.person_id, MailKind.NEWS)]


def test_link_declines_for_the_address_that_the_letter_came_to_and_no_other(app, browser, registration, now):
    ledger = Ledger(app)
    address, old = link(app, registration), old_link(app, registration)
    said = registrations.Identity(
        name="Ann Lee", email="ann.lee@example.org", organisation_name="", organisation_id=None,
        sector=registration.sector, role="",
    )  # fmt: skip
    ledger.act(registrations.correct, registration.id, said, version=1, actor=SYSTEM, now=now)
    assert browser.post(address, ONE_CLICK).status == 200
    assert browser.post(old, ONE_CLICK).status == 404, "the registration is of another by now"
    assert declined(app) == [(registration.person_id, MailKind.REMINDER)]
    assert ledger.registration(ledger.one(select(Event)), "ann.lee@example.org").person_id != registration.person_id


def test_undo_is_offered_and_takes_it_back(app, browser, registration):
    page = browser.post(link(app, registration), ONE_CLICK)
    back = browser.send(page.form("/undo"))
    assert "You get these letters again: Reminders." in back.text
    assert back.title.startswith("Stop letters of this kind?")
    assert declined(app) == []


def test_undo_without_a_token_is_refused_in_words(app, browser, registration):
    browser.post(link(app, registration), ONE_CLICK)
    page = browser.post(f"{link(app, registration)}/undo", {})
    assert "was open for too long" in page.text
    assert declined(app) == [(registration.person_id, MailKind.REMINDER)]


def test_forged_link_declines_nothing(app, browser, registration):
    address = link(app, registration)
    other = link(app, registration, MailKind.PLACE)
    for forged in (address[:-1] + ("x" if address[-1] != "x" else "y"), other, "/unsubscribe/nothing"):
        assert browser.post(forged, ONE_CLICK).status == 404
    assert declined(app) == []


def test_link_leads_to_all_kinds_without_an_account(app, browser, registration):
    page = browser.get(browser.get(link(app, registration)).link("See all kinds of letter"))
    assert "Letters that always come" in page.text
    form = page.form()
    assert form.values["wanted"] == ["reminder", "follow_up", "news", "community"]
    saved = browser.send(form, wanted=["reminder"])
    assert "Saved." in saved.text
    assert {kind for _, kind in declined(app)} == {MailKind.FOLLOW_UP, MailKind.NEWS, MailKind.COMMUNITY}


def test_signed_in_person_chooses_for_oneself_alone(app, make, registration):
    other = make.person()
    browser = Browser(app).sign_in(make.signed_in(other))
    page = browser.get("/my/letters/choice")
    form = page.form("/my/letters/choice")
    browser.send(form, wanted=[])
    assert {person for person, _ in declined(app)} == {other.id}
    assert len(declined(app)) == 4
    again = browser.get("/my/letters/choice").form("/my/letters/choice")
    assert "wanted" not in again.values


def test_only_letters_that_may_be_declined_carry_the_headers(app, registration, now):
    with app.app_context():
        for kind in MailKind:
            letter = Letter(**outbox.row_of(reminder(registration, kind), now), public_id="zyxwvtsrqpnm")
            message = message_from_bytes(render(letter, app.config["SETTINGS"]), policy=policy.default)
            address = Urls(LetterFacts(), BASE).unsubscribe(kind, letter.public_id)
            wanted = [f"<{address}>"] if kind.may_be_declined else []
            assert message.get_all("List-Unsubscribe", []) == wanted
            assert message.get_all("List-Unsubscribe-Post", []) == ["List-Unsubscribe=One-Click"] * len(wanted)
            for part in ("plain", "html"):
                assert (address in message.get_body((part,)).get_content()) is kind.may_be_declined


def test_letter_of_a_declined_kind_is_not_posted(app, browser, registration, now):
    browser.post(link(app, registration), ONE_CLICK)
    with app.app_context():
        with transaction.unit():
            before = len(list(db.session.scalars(select(Letter.id))))
            assert outbox.post(reminder(registration), now=now) is None
            assert outbox.post_many([reminder(registration), reminder(registration, MailKind.NEWS)], now=now) == 1
            assert outbox.post(reminder(registration, MailKind.CHANGE), now=now) is not None
        kinds = list(db.session.scalars(select(Letter.kind).order_by(Letter.id)))[before:]
    assert kinds == [MailKind.NEWS, MailKind.CHANGE]


def test_letter_declined_since_is_cancelled_when_its_turn_comes(app, browser, registration, now):
    with app.app_context(), transaction.unit():
        outbox.post(reminder(registration), now=now)
        outbox.post(reminder(registration, MailKind.CHANGE), now=now)
    browser.post(link(app, registration), ONE_CLICK)
    with app.app_context():
        outbox.take(Lane.ORDINARY, "one", now + timedelta(seconds=1))
        rows = db.session.execute(select(Letter.kind, Letter.state, Letter.last_error).order_by(Letter.id)).all()[-2:]
    assert rows[0] == (
        MailKind.REMINDER,
        LetterState.CANCELLED,
        "The recipient has declined letters of this kind: Reminders.",
    )
    assert rows[1][:2] == (MailKind.CHANGE, LetterState.SENDING)
