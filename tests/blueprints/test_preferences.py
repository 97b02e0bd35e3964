"""Letters that people may do without: declined by one press from a mail program, by a page, and wanted again."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from tests.browsing import Browser
from tests.notices.examples import FACTS
from webapp import outbox, transaction
from webapp.extensions import db
from webapp.models.mailings import Lane, Letter, LetterState, MailKind
from webapp.models.preferences import DeclinedMail
from webapp.notices.addresses import Urls
from webapp.notices.letters import LetterFacts, Notice, dump
from webapp.notices.rendering import render

BASE = "https://waymark.example.org"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def registration(make):
    return make.registration(make.event("Spring event"), name="Ann Lee", email="ann@example.org")


def link(app, registration, kind=MailKind.REMINDER):
    facts = LetterFacts(link_id=registration.public_id, link_nonce=registration.link_nonce)
    with app.app_context():
        return Urls(facts, BASE).unsubscribe(kind).removeprefix(BASE)


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
    assert form.values["wanted"] == ["reminder", "follow_up", "news"]
    saved = browser.send(form, wanted=["reminder"])
    assert "Saved." in saved.text
    assert {kind for _, kind in declined(app)} == {MailKind.FOLLOW_UP, MailKind.NEWS}


def test_signed_in_person_chooses_for_oneself_alone(app, make, registration):
    other = make.person()
    browser = Browser(app).sign_in(make.signed_in(other))
    page = browser.get("/my/letters/choice")
    form = page.form("/my/letters/choice")
    browser.send(form, wanted=[])
    assert {person for person, _ in declined(app)} == {other.id}
    assert len(declined(app)) == 3
    again = browser.get("/my/letters/choice").form("/my/letters/choice")
    assert "wanted" not in again.values


def test_only_letters_that_may_be_declined_carry_the_headers(app, registration, now):
    with app.app_context():
        for kind in MailKind:
            letter = Letter(**outbox._row(reminder(registration, kind), now), public_id="zyxwvtsrqpnm")
            message = message_from_bytes(render(letter, app.config["SETTINGS"]), policy=policy.default)
            address = BASE + link(app, registration, kind)
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
        outbox._take(Lane.ORDINARY, "one", now + timedelta(seconds=1))
        rows = db.session.execute(select(Letter.kind, Letter.state, Letter.last_error).order_by(Letter.id)).all()[-2:]
    assert rows[0] == (
        MailKind.REMINDER,
        LetterState.CANCELLED,
        "The recipient has declined letters of this kind: Reminders.",
    )
    assert rows[1][:2] == (MailKind.CHANGE, LetterState.SENDING)
