"""Letters in the words of organisers: written, previewed, sent, refused where something lacks, and given up again."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tests.browsing import Browser
from tests.counting import statements
from webapp import outbox
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.folding import clean_text
from webapp.models.accounts import Role, ThingKind
from webapp.models.activity import Activity
from webapp.models.events import Event
from webapp.models.mailings import Lane, Letter
from webapp.models.wordings import LetterWording
from webapp.notices.originals import LETTERS, Words, check, original
from webapp.services import wordings
from webapp.templating import british_moment

BODY = original("registration_confirmed").body.replace(
    "We look forward to seeing you.", "Bring **{organiser}** a cake."
)
NOTICE = "registration_confirmed"


@pytest.fixture
def event(make):
    return make.event("Spring event")


@pytest.fixture
def organiser(app, make, event):
    """Somebody who sets up every event of the programme."""
    person = make.person("Olu Planner")
    make.grant(person, Role.ORGANISER, ThingKind.PROGRAMME, event.programme_id)
    return Browser(app).sign_in(make.signed_in(person))


def address(event, whose="event", notice=NOTICE, more=""):
    return f"/manage/events/{event.slug}-{event.public_id}/wordings/{whose}/{notice}{more}"


def save(browser, event, *, body=BODY, subject="Welcome to {event}", whose="event", **more):
    page = browser.get(address(event, whose))
    return browser.send(page.form(address(event, whose)), subject=subject, body=body, **more)


def rows(app, model):
    with app.app_context():
        return list(db.session.scalars(select(model).order_by(model.id)))


def sent(app, now):
    """The letters that are due, as a worker renders them, by recipient."""
    with app.app_context():
        letters, reworded = outbox.take(Lane.ORDINARY, "one", now + timedelta(seconds=1))
        made = outbox.rendered(letters, reworded, "one", app.config["SETTINGS"], now)
        return {one.recipient_email: message_from_bytes(one.message, policy=policy.default) for one in made}


def test_saved_words_are_sent_and_the_list_says_who_wrote_them(app, make, event, organiser, now):
    page = save(organiser, event)
    assert "Saved." in page.text
    assert "Reworded" in page.text
    assert f"by Olu Planner, {british_moment(now, event.zone)}" in page.text
    make.registration(event, email="ann@example.org")
    make.registration(make.event("Other event", programme_id=event.programme_id), email="ben@example.org")
    letters = sent(app, now)
    assert letters["ann@example.org"]["Subject"] == "Welcome to Spring event"
    text = letters["ann@example.org"].get_body(("plain",)).get_content()
    assert f"Bring {event.organiser_name} a cake." in text
    assert "When:" in text
    assert letters["ben@example.org"]["Subject"] == "You have a place: Other event"
    (activity,) = [one for one in rows(app, Activity) if one.verb == "letter_reworded"]
    assert activity.details["changes"]["subject"] == ["You have a place: {event}", "Welcome to {event}"]


def test_words_of_the_programme_hold_where_the_event_has_none_of_its_own(app, make, event, organiser, now):
    other = make.event("Other event", programme_id=event.programme_id)
    elsewhere = make.event("Elsewhere")
    save(organiser, event, subject="For all: {event}", whose="programme")
    save(organiser, event, subject="Own: {event}")
    for one, email in ((event, "ann"), (other, "ben"), (elsewhere, "cat")):
        make.registration(one, email=f"{email}@example.org")
    subjects = {email: letter["Subject"] for email, letter in sent(app, now).items()}
    assert subjects == {
        "ann@example.org": "Own: Spring event",
        "ben@example.org": "For all: Other event",
        "cat@example.org": "You have a place: Elsewhere",
    }


def test_words_of_the_programme_are_not_begun_with_those_of_one_event(event, organiser):
    save(organiser, event, subject="Ours alone")
    subject = original(NOTICE).subject
    assert organiser.get(address(event, "programme")).form(address(event, "programme")).values["subject"] == [subject]
    save(organiser, event, subject="For all: {event}", whose="programme")
    assert organiser.get(address(event, "programme")).form(address(event, "programme")).values["subject"] == [
        "For all: {event}"
    ]
    assert organiser.get(address(event)).form(address(event)).values["subject"] == ["Ours alone"]


def test_role_at_the_event_alone_does_not_reach_the_words_of_the_programme(app, make, event):
    person = make.person()
    make.grant(person, Role.ORGANISER, ThingKind.EVENT, event.id)
    browser = Browser(app).sign_in(make.signed_in(person))
    assert browser.get(address(event)).status == 200
    for more in ("", "/original"):
        assert browser.get(address(event, "programme", more=more)).status == 403
    page = browser.get(address(event))
    form = page.form(address(event))
    form.action = address(event, "programme")
    assert browser.send(form, subject="x {event}").status == 403
    assert rows(app, LetterWording) == []


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (BODY.replace("{cancel_page}", ""), "The letter must hold {cancel_page}"),
        (BODY + "\n\n{nonsense}", "There is no {nonsense} for the letter."),
        (BODY.replace("{when_and_where}", "At {when_and_where}"), "{when_and_where} needs a paragraph of its own"),
        ("", "Enter the letter"),
    ],
)
def test_words_that_cannot_be_filled_are_refused_by_name_and_kept_on_the_page(app, event, organiser, body, sentence):
    page = save(organiser, event, body=body)
    assert page.status == 422
    assert sentence in " ".join(page.errors)
    assert page.form(address(event)).values["subject"] == ["Welcome to {event}"]
    assert page.form(address(event)).values["body"] == [clean_text(body)]
    assert rows(app, LetterWording) == []


def test_two_organisers_see_what_the_other_wrote_and_lose_nothing(app, event, organiser):
    first, second = organiser.get(address(event)), organiser.get(address(event))
    organiser.send(first.form(address(event)), subject="First {event}", body=BODY)
    page = organiser.send(second.form(address(event)), subject="Second {event}", body=BODY)
    assert page.status == 409
    assert "Somebody else changed this letter" in " ".join(page.errors)
    assert "First {event}" in page.text
    assert [one.subject for one in rows(app, LetterWording)] == ["First {event}"]
    organiser.send(page.form(address(event)))
    assert [(one.subject, one.version) for one in rows(app, LetterWording)] == [("Second {event}", 2)]


def test_preview_is_of_this_event_and_an_invented_person_and_saves_nothing(app, event, organiser):
    page = save(organiser, event, do="preview")
    assert page.status == 200
    assert "Welcome to Spring event" in page.text
    assert "Hello Sam Field," in page.text
    assert page.form(address(event)).values["body"] == [BODY]
    form = page.form(address(event))
    answer = organiser.client.post(address(event, more="/html"), data=form.values)
    assert answer.status_code == 200
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "<h1" in answer.text
    assert "Welcome to Spring event" in answer.text
    assert rows(app, LetterWording) == []


def test_original_is_shown_and_gone_back_to_after_one_question(app, event, organiser):
    save(organiser, event)
    page = organiser.get(organiser.get(address(event)).link("Show the original"))
    assert "You have a place at **“{event}”**" in page.text
    assert len(rows(app, LetterWording)) == 1
    done = organiser.send(page.form())
    assert "Reworded" not in done.text
    assert rows(app, LetterWording) == []
    assert [one.verb for one in rows(app, Activity)][-1] == "letter_restored"
    assert organiser.get(address(event, more="/original")).has_link("Show the original") is False


def test_words_that_can_no_longer_be_filled_stop_no_letter_and_are_marked(app, make, event, organiser, now):
    make._kept(
        LetterWording(
            event_id=event.id, notice=NOTICE, subject="Old {gone}", body="x", version=1, created_at=now, updated_at=now
        )
    )
    make.registration(event, email="ann@example.org")
    assert sent(app, now)["ann@example.org"]["Subject"] == "You have a place: Spring event"
    page = organiser.get(f"/manage/events/{event.slug}-{event.public_id}/wordings")
    assert "These words cannot be used any more, so the original letter goes out. There is no {gone}" in page.text


def test_words_are_read_by_one_query_however_many_letters(app, make, event, organiser, now):
    save(organiser, event)
    for number in range(5):
        make.registration(event, email=f"p{number}@example.org")
    with app.app_context(), statements(app) as seen:
        outbox.take(Lane.ORDINARY, "one", now + timedelta(seconds=1))
    assert len([one for one in seen if "letter_wordings" in one]) == 1
    assert len([one for one in rows(app, Letter) if one.taken_by == "one"]) == 5


@pytest.mark.parametrize("notice", ["sign_in_link", "password_changed", "nothing"])
def test_letters_of_the_service_are_not_rewritten(event, organiser, notice):
    assert organiser.get(address(event, notice=notice)).status == 404


@pytest.mark.memory
@pytest.mark.parametrize("notice", LETTERS)
def test_original_words_hold_what_is_required(notice):
    words = original(notice)
    assert check(notice, words).names >= set(LETTERS[notice].required)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_every_letter_can_be_previewed(app, event, now):
    with app.app_context():
        found = db.session.scalars(select(Event).options(joinedload(Event.days))).unique().one()
        for notice in LETTERS:
            made = wordings.preview(found, notice, original(notice), app.config["SETTINGS"], now=now)
            assert "Spring event" in made.subject
            assert made.text.startswith("Hello Sam Field,")


@pytest.mark.memory
def test_what_lacks_is_named_and_explained():
    with pytest.raises(DomainError) as refused:
        check("invited", Words("x", "Come to {event}"))
    assert refused.value.message == (
        "The letter must hold {when_and_where_for_all} and {register_page} (the days, the times, and each way to take"
        " part; the recipient’s own link to register, as a button). Put it back in."
    )
