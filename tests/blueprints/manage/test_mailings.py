"""Writing to many, on the organisers' side: from the first word to the letters, and the rehearsal."""

import io
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import func, select

from tests.browsing import text_of
from tests.conftest import NOW
from tests.counting import statements
from tests.ledger import Ledger
from tests.mail import MailServer
from webapp import outbox
from webapp.extensions import db
from webapp.models.accounts import Person, Role, ThingKind
from webapp.models.activity import Activity
from webapp.models.agenda import Session, SessionKind
from webapp.models.calendars import Invitation
from webapp.models.events import Event
from webapp.models.files import Attachment
from webapp.models.mailings import Lane, Letter, LetterState
from webapp.models.registrations import Registration
from webapp.models.to_many import Mailing, MailingState
from webapp.models.wordings import LetterWording
from webapp.notices.originals import original
from webapp.services import to_many as services

S = MailingState
PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    return make.event("Working with fathers", joining_url="https://meet.example.org/1")


@pytest.fixture
def own(event, organiser):
    return organiser(event)


def at(event, rest=""):
    return f"/manage/events/{event.slug}-{event.public_id}/mailings{rest}"


def write(own, event, **changed):
    """Write the words of a letter, as far as the page on which its people are chosen."""
    fields = {
        "name": "News in May",
        "kind": "news",
        "subject": "News of {event}",
        "body": "It is on {dates}.\n\n{days}",
    }
    return own.send(own.get(at(event, "/new")).form(), **(fields | changed))


def mailing(ledger):
    return ledger.one(select(Mailing))


def deliver(app, server, now=NOW):
    with app.app_context():
        services.fire_due(lambda: now)
        return outbox.deliver(
            Lane.MAILING, "worker", app.config["SETTINGS"].model_copy(update=server.settings), lambda: now
        )


def test_letter_is_written_to_some_confirmed_with_the_number_and_sent(app, event, own, make, ledger):
    make.registration(event, name="Ada Wren", email="ada@example.org")
    make.registration(event, name="Ben Osei", email="ben@example.org", organisation_name="Northern Trust")
    page = write(own, event)
    assert page.heading == "Who gets the letter"
    assert "It goes to 2 people ." in page.text
    shown = own.send(page.form(), organisations="Northern Trust", show="yes")
    assert "It goes to 1 person ." in shown.text
    assert "Ben Osei, Northern Trust (ben@example.org)" in shown.text
    assert mailing(ledger).audience["organisations"] == []
    form = shown.form()
    assert form.values["organisations"] == ["Northern Trust"]
    form.values.pop("show", None)
    saved = own.send(form)
    assert (saved.heading, "Northern Trust" in saved.text) == ("News in May", True)

    asked = own.get(saved.link("Go on to sending"))
    assert asked.heading == "This letter goes to 1 person"
    assert ledger.letters().count(("mailing", "ben")) == 0
    own.send(asked.form())
    assert mailing(ledger).state is S.SCHEDULED
    with MailServer() as server:
        assert deliver(app, server) == 1
    shown = own.get(at(event, f"/{mailing(ledger).public_id}"))
    assert "Queued Monday 10 May 2027, 10am for 1 person." in shown.text
    assert shown.has_link("Ben Osei")
    assert own.get(shown.link("Ben Osei")).heading == "News of Working with fathers"
    verbs = select(Activity.verb).where(Activity.thing_kind == ThingKind.MAILING).order_by(Activity.id)
    assert ledger.all(verbs) == ["mailing_added", "mailing_changed", "mailing_confirmed", "mailing_queued"]


def test_number_that_changed_meanwhile_is_asked_about_again(event, own, make, ledger):
    make.registration(event)
    write(own, event)
    asked = own.get(at(event, f"/{mailing(ledger).public_id}/confirm"))
    make.registration(event)
    again = own.send(asked.form())
    assert (again.status, again.heading) == (409, "This letter goes to 2 people")
    assert again.errors == [
        "Nothing was sent: since you opened the page, the number of people has changed. Read it again, then confirm."
    ]
    own.send(again.form())
    assert mailing(ledger).state is S.SCHEDULED


def test_nothing_typed_is_lost_on_errors(event, own, ledger):
    page = write(own, event, subject="", body="Hello {nonsense}", kind="")
    assert page.status == 422
    assert page.form().values["body"] == ["Hello {nonsense}"]
    page = own.send(page.form(), subject="A", kind="news")
    assert page.status == 422
    assert page.errors[0].startswith("There is no {nonsense} for the letter.")
    assert page.form().values["body"] == ["Hello {nonsense}"]
    assert ledger.count(Mailing) == 0


def test_second_of_two_organisers_sees_what_changed(event, own, organiser, ledger):
    write(own, event)
    edit = at(event, f"/{mailing(ledger).public_id}/edit")
    first, second = own.get(edit), own.get(edit)
    other = organiser(event, name="Noor Aziz")
    other.send(other.get(edit).form(), body="Theirs")
    seen = [{**one.form().values, "csrf_token": []} for one in (first, second)]
    assert seen[0] == seen[1]
    page = own.send(second.form(), body="Mine")
    assert page.status == 409
    assert "Letter, changed by Noor Aziz It is now Theirs You typed Mine" in page.text
    own.send(page.form())
    assert mailing(ledger).body == "Mine"


def test_sessions_are_offered_with_their_day_and_time_and_breaks_are_not(event, own, make, ledger):
    make.session(event, "Opening")
    make.session(event, "Opening", day=1, hours=(None, None))
    make.session(event, "Lunch", kind=SessionKind.BREAK)
    write(own, event)
    shown = own.get(at(event, f"/{mailing(ledger).public_id}/people"))
    labels = [text_of(one) for one in shown.all("label") if "Opening" in text_of(one) or "Lunch" in text_of(one)]
    assert labels == ["Monday 14 June 2027, 10am: Opening", "Tuesday 15 June 2027: Opening"]


def test_two_choosing_people_and_times_at_once_are_told(event, own, ledger):
    write(own, event)
    public_id = mailing(ledger).public_id
    for part, fields, said in (
        ("people", {"states": ["waiting"]}, "It now goes to: Registration: On the waiting list"),
        ("when", {"timing": "before_start", "number": "2", "unit": "weeks"}, "It now goes: Monday 31 May 2027, 9:30am"),
    ):
        address = at(event, f"/{public_id}/{part}")
        first, second = own.get(address), own.get(address)
        own.send(first.form(), **fields)
        page = own.send(second.form(), **({"states": ["pending"]} if part == "people" else {"timing": "after_end"}))
        assert page.status == 409
        assert said in page.text
        assert own.send(page.form()).status == 200


def test_time_is_chosen_in_the_zone_of_the_event(make, organiser, ledger):
    event = make.event(zone="Europe/Paris")
    own = organiser(event)
    write(own, event)
    address = at(event, f"/{mailing(ledger).public_id}/when")
    refused = own.send(own.get(address).form(), timing="at", on_day="", at_time="nonsense")
    assert refused.errors == ["Enter the date on which it goes", "Time must be a time, like 9:30am or 14:00"]
    saved = own.send(refused.form(), on_day="1 June 2027", at_time="9am")
    assert "Tuesday 1 June 2027, 9am (Europe/Paris time)" in saved.text
    row = mailing(ledger)
    assert row.due(event).isoformat() == "2027-06-01T07:00:00+00:00"


def test_preview_shows_the_letter_as_any_recipient_gets_it(event, own, make, ledger):
    ada = make.registration(event, name="Ada Wren", email="ada@example.org")
    ben = make.registration(event, name="Ben [Win](https://evil.example)", email="ben@example.org")
    write(own, event, body="Dear {name}, [your page]({registration_page})")
    address = at(event, f"/{mailing(ledger).public_id}/preview")
    page = own.get(address)
    assert "As Ada Wren would get it now" in page.text
    assert "Hello Ada Wren," in page.text
    found = own.get(f"{address}?q=ben")
    chosen = own.get(found.link("Ben [Win](https://evil.example)"))
    assert "evil.example" not in chosen.one("pre", class_="wm-letter").text
    html = own.client.get(f"{address}/html?person={ben.public_id}")
    assert "sandbox" in html.headers["Content-Security-Policy"]
    body = html.get_data(as_text=True)
    assert "evil.example" not in body
    # Nobody but its owner gets to see a personal link that opens something.
    assert ledger.token(event, "ben@example.org") not in body
    assert ledger.token(event, "ada@example.org") not in page.text
    assert ada.public_id in page.text


def test_test_is_sent_to_oneself(event, own, ledger):
    write(own, event)
    page = own.get(at(event, f"/{mailing(ledger).public_id}"))
    own.send(page.form("/test"))
    letter = ledger.last_letter()
    assert letter.recipient_email == ledger.one(select(Person.email).where(Person.name == "Morgan Ellery"))
    assert letter.facts["words"]["test"] is True


def test_rule_is_switched_on_edited_and_switched_off(event, own, make, ledger):
    make.registration(event)
    index = own.get(at(event))
    assert "2 weeks before the start" in index.text
    page = own.send(index.form("/rules/joining_two_weeks"))
    assert page.heading == "Reminder two weeks before"
    asked = own.get(page.link("Switch it on"))
    assert asked.heading == "This letter goes to about 1 person"
    assert "It goes Monday 31 May 2027, 9:30am (2 weeks before the start)" in asked.text
    on = own.send(asked.form())
    assert "It goes Monday 31 May 2027, 9:30am (2 weeks before the start), to about 1 person." in on.text
    edited = own.send(own.get(at(event, f"/{mailing(ledger).public_id}/edit")).form(), subject="Soon: {event}")
    assert "Scheduled" in edited.text
    moved = timedelta(days=7)
    ledger.change(event, starts_at=event.starts_at + moved, ends_at=event.ends_at + moved)
    assert "Monday 7 June 2027, 9:30am" in own.get(at(event)).text
    off = own.send(own.get(at(event, f"/{mailing(ledger).public_id}")).form("/cancel"))
    assert "Switched off" in off.body
    assert mailing(ledger).state is S.CANCELLED


def test_words_tell_all_that_is_wrong_at_once_and_warn_of_what_is_not_meant(event, own, make, ledger):
    make.registration(event)
    page = write(own, event, body="Hi {nobody}, see {days} and {nothing}.\n\nAsk {me}.")
    (unknown, alone) = page.errors
    assert unknown.startswith("There is no {nobody} and no {nothing} and no {me} for the letter. You can use")
    assert alone == "{days} needs a paragraph of its own, with an empty line around it."
    write(own, event, body="Hello {name},\n\nhere are the slides.\n\n{material}")
    for part in ("", "/confirm"):
        shown = own.get(at(event, f"/{mailing(ledger).public_id}{part}")).text
        assert "It begins with a greeting" in shown
        assert "No file goes with it, so nothing stands where {material} is." in shown
    own.send(own.get(at(event, f"/{mailing(ledger).public_id}/edit")).form(), body="High time for a look at it.")
    assert "Look at the words again" not in own.get(at(event, f"/{mailing(ledger).public_id}")).text


def test_letter_saved_for_a_time_that_has_passed_is_no_success(event, own, make, ledger):
    make.registration(event)
    write(own, event)
    address = at(event, f"/{mailing(ledger).public_id}/when")
    saved = own.send(own.get(address).form(), timing="at", on_day="1 May 2027", at_time="9am")
    assert "When the letter goes is saved, but the letter cannot go like this." in saved.body
    assert "Its time has passed" in saved.text
    assert not saved.all("div", class_="wm-message--success")


def test_letter_on_recordings_waits_for_the_organiser_and_goes_once(app, event, own, make, ledger):
    make.registration(event, email="ann@example.org")
    index = own.get(at(event))
    assert "When you confirm it" in index.text
    page = own.send(index.form("/rules/recordings"))
    assert "As soon as it is confirmed" in page.text
    with app.app_context():
        assert services.fire_due(lambda: event.ends_at + timedelta(days=1)) == 0
    asked = own.get(page.link("Go on to sending"))
    own.send(asked.form())
    for _ in range(2):
        with app.app_context():
            services.fire_due(lambda: NOW)
    sent = ledger.all(select(Letter).where(Letter.mailing_id.is_not(None)).order_by(Letter.id))
    assert [(one.recipient_email, one.kind.value) for one in sent] == [("ann@example.org", "follow_up")]
    assert "/rules/recordings" not in own.get(at(event)).body


def test_rule_there_is_not_is_not_found(event, own):
    token = own.get(at(event)).form("/rules/thanks").values["csrf_token"]
    assert own.post(at(event, "/rules/nonsense"), {"csrf_token": token}).status == 404


def test_file_goes_inside_the_letter_or_by_a_link(app, event, own, make, ledger, browser):
    make.registration(event, email="ada@example.org")
    write(own, event)
    address = at(event, f"/{mailing(ledger).public_id}/material")
    for name, place in (("slides.pdf", "inside"), ("tool.pdf", "link")):
        content = PDF + name.encode()
        form = own.get(address).form("/material").fill(title=f"The {name}", place=place)
        own.post(address, form.values | {"file": (io.BytesIO(content), name)})
    inside, linked = ledger.all(select(Attachment).order_by(Attachment.id))
    with browser.client.get(f"/material/{linked.public_id}") as answer:
        assert answer.data == PDF + b"tool.pdf"
    assert browser.get(f"/material/{inside.public_id}").status == 404
    own.send(own.get(at(event, f"/{mailing(ledger).public_id}/confirm")).form())
    with MailServer() as server:
        deliver(app, server)
    kept = ledger.one(select(Letter).where(Letter.mailing_id.is_not(None)))
    assert kept.state is LetterState.SENT
    page = own.client.get(f"/manage/events/{event.slug}-{event.public_id}/letters/{kept.public_id}/letter.eml")
    message = message_from_bytes(page.data, policy=policy.default)
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("slides.pdf", PDF + b"slides.pdf")
    assert f"/material/{linked.public_id}" in message.get_body(("plain",)).get_content()
    with app.app_context():
        stored = ledger.one(select(func.length(Letter.message)).where(Letter.id == kept.id))
    assert stored < 4000


def test_file_that_is_none_or_too_much_is_refused(event, own, ledger, monkeypatch):
    write(own, event)
    address = at(event, f"/{mailing(ledger).public_id}/material")
    form = own.get(address).form("/material")
    refused = own.post(address, form.values | {"file": (io.BytesIO(b"MZ"), "run.pdf")})
    assert (refused.status, len(refused.errors)) == (422, 1)
    large = PDF + b" " * (5 * 1024 * 1024)
    form = own.get(address).form("/material").fill(place="inside")
    refused = own.post(address, form.values | {"file": (io.BytesIO(large), "large.pdf")})
    assert refused.errors == [
        "The files inside a letter may have 5 MB in all. Let the letter link to this one instead."
    ]
    assert ledger.count(Attachment) == 0


def test_letter_is_deleted_with_its_files_until_it_was_sent(event, own, make, ledger, app):
    write(own, event)
    page = own.get(at(event, f"/{mailing(ledger).public_id}/remove"))
    own.send(page.form())
    assert ledger.count(Mailing) == 0

    make.registration(event)
    write(own, event)
    page = own.get(at(event, f"/{mailing(ledger).public_id}/remove"))
    own.send(own.get(at(event, f"/{mailing(ledger).public_id}/confirm")).form())
    with app.app_context():
        services.fire_due(lambda: NOW)
    refused = own.send(page.form())
    assert refused.errors == ["This letter is being sent or was sent, so it cannot be changed any more."]
    assert ledger.count(Mailing) == 1
    stopped = own.send(own.get(at(event, f"/{mailing(ledger).public_id}")).form("/stop"))
    assert "An organiser stopped it on its way." in stopped.text


def test_who_only_reads_sees_letters_and_writes_none(event, own, organiser, ledger):
    write(own, event)
    reader = organiser(event, Role.READER, name="Robin Lowe")
    page = reader.get(at(event))
    assert not page.has_link("Write a letter")
    assert reader.get(at(event, "/new")).status == 403
    shown = reader.get(at(event, f"/{mailing(ledger).public_id}"))
    assert shown.status == 200
    assert not shown.has_link("Preview")


def test_letter_of_another_event_is_not_found(event, own, organiser, make, ledger):
    write(own, event)
    other = make.event()
    assert organiser(other).get(at(other, f"/{mailing(ledger).public_id}")).status == 404


def test_index_asks_the_database_as_often_for_many_letters_as_for_one_of_each_kind(app, event, own, ledger):
    write(own, event)
    with statements(app) as one:
        own.get(at(event))
    write(own, event)
    switched_on(own, event, "joining_day_before", "thanks", "missed")
    with statements(app) as many:
        shown = own.get(at(event))
    assert ledger.count(Mailing) == 5
    assert page_text(shown.one("main")).count("about ") + page_text(shown.one("main")).count("not known yet") == 5
    assert len(many) == len(one) < 30


# The rehearsal ---------------------------------------------------------------------------------------------------


def switched_on(own, event, *rules):
    for rule in rules:
        page = own.send(own.get(at(event)).form(f"/rules/{rule}"))
        own.send(own.get(page.link("Switch it on")).form())


def test_rehearsal_shows_every_letter_in_order_and_leaves_nothing(event, own, ledger):
    switched_on(own, event, "joining_two_weeks", "joining_day_before", "thanks", "missed")
    before = [ledger.count(table) for table in (Letter, Registration, Person, Activity, Event)]
    page = own.get(at(event, "/rehearsal"))
    assert [link for link in map(page_text, page.all("a", class_="wm-break")) if "fathers" in link] == [
        "You have a place: Working with fathers",
        "In two weeks: Working with fathers",
        "Tomorrow: Working with fathers",
        "Thank you for coming: Working with fathers",
    ]
    missed = own.get(at(event, "/rehearsal?story=missed"))
    assert missed.has_link("What you can still see: Working with fathers")
    assert not missed.has_link("Thank you for coming: Working with fathers")
    waiting = own.get(at(event, "/rehearsal?story=waiting"))
    assert waiting.has_link("You are on the waiting list: Working with fathers")
    gives_up = own.get(at(event, "/rehearsal?story=gives_up"))
    assert not gives_up.has_link("Tomorrow: Working with fathers")
    assert [ledger.count(table) for table in (Letter, Registration, Person, Activity, Event)] == before


REHEARSED = {
    "changes": [
        "You have a place", "You are signed up for “{session}”", "Changed", "“{session}” has moved",
        "“{session}” has another link to join", "“{session}” has been cancelled",
        "Sessions in your agenda have changed", "Tomorrow",
    ],
    "called_off": [
        "You have a place", "You are signed up for “{session}”", "Cancelled", "“{session}” has been cancelled",
    ],
    "waits_in_vain": ["You are on the waiting list", "Cancelled"],
    "lapses": ["You are on the waiting list", "A place is held", "The place held for you has gone to somebody else"],
    "speaks": ["You are asked to speak", *["Sessions you speak in have changed"] * 3],
    "speaks_in_vain": ["You are asked to speak", "Sessions you speak in have changed", "Cancelled"],
    "declined": ["Your request has been sent", "Your request was not approved"],
}  # fmt: skip


def test_rehearsal_shows_what_becomes_of_each_who_takes_part_or_speaks(event, own, ledger):
    switched_on(own, event, "joining_day_before")
    before = [ledger.count(table) for table in (Letter, Registration, Person, Activity, Event, Invitation, Session)]
    for story, subjects in REHEARSED.items():
        ledger.change(event, needs_approval=story == "declined", offer_hours=24)
        page = own.get(at(event, f"/rehearsal?story={story}"))
        links = [link for link in map(page_text, page.all("a", class_="wm-break")) if "fathers" in link]
        wanted = [one.format(session="A session of this event (invented)") for one in subjects]
        assert [link.startswith(one) for link, one in zip(links, wanted, strict=True)] == [True] * len(wanted), links
    assert [
        ledger.count(table) for table in (Letter, Registration, Person, Activity, Event, Invitation, Session)
    ] == before
    ledger.change(event, needs_approval=False, offer_hours=0)
    titles = [page_text(one) for one in own.get(at(event, "/rehearsal")).all("a", class_="wm-chip")]
    assert [one for one in titles if "not approved" in one or "not take" in one] == []


def test_rehearsed_changes_raise_the_sequence_and_end_with_a_withdrawal(event, own):
    page = own.get(at(event, "/rehearsal?story=changes"))
    found = []
    for link in page.all("a", class_="wm-break"):
        if "story=changes" in link.get("href") and "rehearsal/" in link.get("href"):
            text = own.get(link.get("href")).text
            if "Sequence " in text:
                method = "CANCEL" if "Method CANCEL" in text else "REQUEST"
                found.append((method, text.split(" UID ")[1].split()[0], int(text.split("Sequence ")[1][0])))
    session = "rehearsal-of-a-session"
    assert found == [
        ("REQUEST", "rehearsal", 0), ("REQUEST", session, 0), ("REQUEST", "rehearsal", 1),
        ("REQUEST", session, 1), ("REQUEST", session, 2), ("CANCEL", session, 3),
    ]  # fmt: skip


def test_rehearsal_speaks_in_the_words_that_hold_at_the_event(event, own, ledger):
    body = original("registration_confirmed").body
    words = LetterWording(event_id=event.id, notice="registration_confirmed", subject="Come in: {event}", body=body)
    words.created_at = words.updated_at = NOW
    ledger.act(lambda: db.session.add(words))
    page = own.get(at(event, "/rehearsal"))
    assert "Come in: Working with fathers" in own.get(page.link("Come in: Working with fathers")).text


def page_text(element):
    return " ".join("".join(element.itertext()).split())


def test_rehearsed_letter_is_read_as_it_will_be_with_its_calendar_entry(event, own):
    page = own.get(at(event, "/rehearsal"))
    letter = own.get(page.link("You have a place: Working with fathers"))
    assert "Hello Robin Ashdown (invented)," in letter.text
    assert "Puts this into the calendar, or changes it there" in letter.text
    assert "Repeats Every day, 2 times in all" in letter.text
    html = own.client.get(at(event, "/rehearsal/1/html"))
    assert (html.status_code, "sandbox" in html.headers["Content-Security-Policy"]) == (200, True)
    assert own.get(at(event, "/rehearsal/99")).status == 404


def test_rehearsal_warns_of_slips(make, organiser, ledger):
    event = make.event()
    own = organiser(event)
    page = own.get(at(event, "/rehearsal"))
    assert "No reminder is switched on that tells people how to join." in page.text
    assert "The joining page says nothing yet" in page.text
    switched_on(own, event, "joining_day_before")
    assert "No reminder is switched on" not in own.get(at(event, "/rehearsal")).text
    row = mailing(ledger)
    form = own.get(at(event, f"/{row.public_id}/when")).form()
    own.send(form, timing="after_end", number="1", unit="hours")
    assert "is a reminder, and goes after the event has begun." in own.get(at(event, "/rehearsal")).text


def test_letter_not_switched_on_is_marked_in_the_rehearsal(event, own):
    own.send(own.get(at(event)).form("/rules/joining_day_before"))
    assert "Not switched on Would be sent: Tomorrow: Working with fathers" in own.get(at(event, "/rehearsal")).text
