"""What a person sees of the letters that they were sent themselves; and letters in words."""

import pytest

from tests.browsing import Browser
from tests.house.source import ROOT
from tests.mail import MailServer
from tests.notices.examples import notice
from tests.tables import words
from tests.test_outbox import Post
from webapp import transaction
from webapp.blueprints.mailings import words as wordings
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Person
from webapp.models.events import Format
from webapp.notices.originals import TITLES
from webapp.services import events as event_services


@pytest.fixture
def server():
    with MailServer() as mail:
        yield mail


@pytest.fixture
def box(app, now):
    return Post(app, now)


@pytest.fixture
def dina(make):
    return make.registration(make.event("Ours"), name="Dina Okafor", email="dina@example.org")


@pytest.fixture
def browser(app, make, dina):
    with app.app_context():
        person = db.session.get_one(Person, dina.person_id)
    return Browser(app).sign_in(make.signed_in(person))


def test_index_tells_what_i_was_sent_and_leads_to_the_exact_bytes(browser, box, server, dina):
    box.deliver(server)
    shown = browser.get("/my/letters")
    assert shown.heading == "Letters to you"
    (entry,) = [words(one) for one in shown.all("li", class_="wm-log__entry")]
    assert entry.startswith("10am on Monday 10 May 2027 You have a place: Ours")
    letter = browser.get(shown.link("You have a place: Ours, 10am on Monday 10 May 2027"))
    assert letter.heading == "You have a place: Ours"
    with browser.client.get(letter.link("Download the letter byte for byte (.eml)")) as answer:
        assert answer.get_data() == server.letters[0].content
    with browser.client.get(letter.link("Download the calendar entry (.ics)")) as answer:
        assert answer.get_data().startswith(b"BEGIN:VCALENDAR")
    with browser.client.get(f"{letter.address}/html") as answer:
        assert answer.headers["Content-Security-Policy"].endswith("; sandbox")


def test_index_tells_what_changed_from_version_to_version(app, browser, box, dina, now, make):
    venue = event_services.Where(
        format=Format.HYBRID, venue="Marlbridge Hall", joining_url="", joining_instructions="", joining_from=None
    )
    with app.app_context(), transaction.unit():
        event_services.edit_where(dina.event_id, venue, version=1, told=True, actor=SYSTEM, now=now)
    shown = browser.get("/my/letters")
    latest, _ = [words(one) for one in shown.all("li", class_="wm-log__entry")]
    assert "Changed: Ours" in latest
    assert "@" not in latest
    assert "What is new Place: from nothing to Marlbridge Hall" in latest


def test_letters_of_others_are_not_found(app, make, browser, box, dina):
    make.registration(make.event("Theirs"), name="Ben Fell", email="ben@example.org")
    theirs = box.letters[1]
    for part in ("", "/html", "/letter.eml", "/calendar.ics"):
        assert browser.get(f"/my/letters/{theirs.public_id}{part}").status == 404
    assert len(browser.get("/my/letters").all("li", class_="wm-log__entry")) == 1


def test_letter_that_signs_in_shows_nothing_of_what_it_said(browser, box, server, dina):
    box.post(notice("sign_in_link", 9, person_id=dina.person_id))
    shown = browser.get(f"/my/letters/{box.letters[1].public_id}")
    assert "is not kept" in shown.text
    assert browser.get(f"{shown.address}/html").status == 404


def test_index_of_who_was_sent_nothing_says_so(app, make):
    stranger = Browser(app).sign_in(make.signed_in(make.person()))
    assert "We have not written to you yet" in stranger.get("/my/letters").text


# ---------------------------------------------------------------- words


@pytest.mark.memory
def test_every_letter_has_a_line_that_says_what_it_is_about():
    letters = {path.name for path in (ROOT / "templates" / "letters").iterdir() if path.is_dir()}
    assert set(TITLES) == letters | {"mailing"}


@pytest.mark.memory
@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("550 5.1.1 <a@example.org>: Recipient address rejected", "There is no such address."),
        ("550 5.1.2 Bad destination host", "There is no mail server for the part after the @."),
        ("452 4.2.2 Over quota", "The mailbox is full."),
        ("550 5.2.1 The account is disabled", "The mailbox is closed."),
        ("552 5.3.4 Message size exceeds limit", "The letter is larger than the mail server takes."),
        ("450 4.2.0 Greylisted, see help", "The mail server asks newcomers to try again later, and we do."),
        ("554 5.7.1 Message refused", "The mail server refused it by its rules, as unwanted."),
        ("421 Closing", "The mail server could not take it just then."),
        ("554 Transaction failed", "The mail server refused it for good."),
        ("The mail server is away: refused", "The mail server could not be reached."),
        ("Something odd", "It could not be sent."),
    ],
)
def test_words_of_a_server_are_told_plainly_and_kept(said, plain):
    assert wordings.reason(said) == wordings.Reason(plain, said)


@pytest.mark.memory
def test_our_own_reasons_are_told_as_they_are():
    said = "The event was cancelled before it was sent."
    assert wordings.reason(said) == wordings.Reason(said, "")
    assert wordings.reason("") is None
