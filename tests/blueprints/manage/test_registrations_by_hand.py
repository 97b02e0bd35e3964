"""Adding somebody by hand, correcting, passing on, notes and tags, as organisers do it on the pages."""

import pytest
from sqlalchemy import select

from tests.browsing import text_of
from tests.ledger import Ledger
from tests.tables import words
from webapp.models.accounts import SYSTEM, Role
from webapp.models.activity import Activity
from webapp.models.events import Format, QuestionKind
from webapp.models.registrations import Registration, RegistrationAnswer, RegistrationNote
from webapp.services import registrations


@pytest.fixture
def ledger(app):
    return Ledger(app)


def address(event, *parts):
    return "/".join([f"/manage/events/{event.slug}-{event.public_id}/registrations", *parts])


ZOE = {
    "name": "Zoë Zimmer",
    "email": "zoe@example.org",
    "organisation": "Zennor Trust",
    "sector": "health",
    "role": "Health visitor",
}


def test_add_gives_a_place_without_answers_to_what_others_must_answer(organiser, make, ledger):
    event = make.event("Family hubs", format=Format.HYBRID, capacity=1)
    team = make.question(event, "Which team?", required=True)
    make.question(event, "Lunch?", QuestionKind.YES_NO, required=True)
    browser = organiser(event)
    page = browser.get(browser.get(address(event)).link("Add somebody by hand"))
    assert page.heading == "Add somebody by hand"
    assert "Online: 1 of 1 places free" in page.text
    page = browser.send(page.form("/add"))
    assert page.status == 422
    assert page.errors == [
        "Enter the full name",
        "Enter the e-mail address",
        "Enter the organisation",
        "Select the sector",
        "Enter the role",
        "Select how they take part",
    ]
    form = page.form("/add").fill(mode="in_person", **ZOE)
    page = browser.send(form, **{f"q_{team.public_id}": "North"})
    assert page.heading == "Zoë Zimmer"
    assert "Added. Zoë Zimmer has a place, and we have sent the calendar invitation." in page.text
    assert "Added by hand : confirmed" in page.text
    assert "by Morgan Ellery" in page.text
    assert [row.value for row in ledger.all(select(RegistrationAnswer))] == [["North"]]
    ledger.check(event)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_add_with_an_answer_that_names_a_child_asks_before_it_writes(organiser, make, ledger):
    event = make.event()
    hope = make.question(event, "What do they hope for?", QuestionKind.LONG_TEXT)
    browser = organiser(event)
    form = browser.get(address(event, "add")).form("/add").fill(**ZOE)
    page = browser.send(form, **{f"q_{hope.public_id}": "Help for Tomasz, aged 9"})
    assert (page.status, len(page.errors), ledger.count(Registration)) == (422, 1, 0)
    page = browser.send(page.form("/add"), guard_choice="reword")
    assert page.heading == "Zoë Zimmer"
    assert [row.value for row in ledger.all(select(RegistrationAnswer))] == [
        ["Help for [a child of primary school age]"]
    ]


def test_add_of_somebody_registered_leads_to_them_and_changes_nothing(organiser, make, ledger):
    event = make.event()
    row = make.registration(event, name="Zoë", email="zoe@example.org")
    browser = organiser(event)
    page = browser.send(browser.get(address(event, "add")).form("/add"), **ZOE)
    assert (page.status, page.errors) == (409, ["zoe@example.org is registered for this event already."])
    assert page.form("/add").values["role"] == ["Health visitor"]
    assert page.link("See that registration") == address(event, row.public_id)
    assert ledger.count(Registration) == 1


def test_add_past_the_queue_never_goes_over_the_number_of_places(organiser, make, ledger):
    event = make.event(capacity=1)
    make.registration(event)
    make.registration(event)
    browser = organiser(event)
    page = browser.send(browser.get(address(event, "add")).form("/add"), past_queue="y", **ZOE)
    assert page.status == 409
    assert page.errors[0].startswith("All 1 places (online) are taken or offered")
    page = browser.send(page.form("/add"), past_queue=[])
    assert "Zoë Zimmer is number 2 on the waiting list" in page.text
    ledger.check(event)


def test_edit_changes_what_was_said_and_the_history_says_from_what(organiser, make, ledger):
    event = make.event()
    row = make.registration(event, name="Ann Lea", email="anm@example.org")
    browser = organiser(event)
    page = browser.get(
        browser.get(address(event, row.public_id)).link("Change what they said, or their e-mail address")
    )
    assert page.heading == "Change what Ann Lea said"
    page = browser.send(page.form("/edit"), name="Ann Lee", email="ann@example.org", sector="police")
    assert page.heading == "Ann Lee"
    assert "Name: from “Ann Lea” to “Ann Lee”" in page.text
    assert "E-mail address: from “anm@example.org” to “ann@example.org”" in page.text
    assert "Sector: from “Local authority” to “Police”" in page.text
    assert ledger.letters()[-1] == ("registration_confirmed", "ann")


def test_edit_by_two_at_once_shows_the_second_what_stands_and_keeps_what_was_typed(organiser, make, ledger):
    event = make.event()
    row = make.registration(event, name="Ann Lea", email="ann@example.org")
    browser = organiser(event)
    first, second = (browser.get(address(event, row.public_id, "edit")).form("/edit") for _ in range(2))
    browser.send(first, name="Ann Lee", sector="police")
    page = browser.send(second, role="Head of practice")
    assert page.status == 409
    assert page.errors[0].startswith("This registration has changed since you opened the page")
    box = words(page.one("section", class_="wm-meanwhile"))
    assert "It was Ann Lea It is now Ann Lee You left it as it was" in box
    assert "It was Local authority It is now Police You left it as it was" in box
    assert "Role" not in box
    assert page.form("/edit").values["role"] == ["Head of practice"]
    browser.send(page.form("/edit"))
    stands = ledger.registration(event, "ann@example.org")
    assert (stands.name, stands.sector.value) == ("Ann Lee", "police")
    assert ledger.registration(event, "ann@example.org").role == "Head of practice"


def test_edit_to_an_address_in_use_leads_to_whose_it_is(organiser, make, ledger):
    event = make.event()
    row, other = make.registration(event, email="ann@example.org"), make.registration(event, email="ben@example.org")
    browser = organiser(event)
    page = browser.send(browser.get(address(event, row.public_id, "edit")).form("/edit"), email="ben@example.org")
    assert (page.status, page.errors) == (409, ["Another registration for this event has the address ben@example.org."])
    assert page.link("See that registration") == address(event, other.public_id)


def test_swap_shows_the_colleague_with_the_place(organiser, make, ledger):
    event = make.event(capacity=1)
    row = make.registration(event, name="Ann Lee", email="ann@example.org")
    browser = organiser(event)
    page = browser.get(browser.get(address(event, row.public_id)).link("Pass the place on to a colleague"))
    assert page.heading == "Pass the place of Ann Lee on"
    form = page.form("/swap")
    assert form.values["organisation"] == ["Marlbridge Council"]
    page = browser.send(form, **ZOE)
    assert page.heading == "Zoë Zimmer"
    assert "Taken over from a colleague : confirmed" in page.text
    assert dict(ledger.standing(event)) == {"zoe": "confirmed", "ann": "cancelled"}
    again = browser.send(form, **ZOE)
    assert again.status == 409
    ledger.check(event)


def test_letter_is_sent_again_on_asking(organiser, make, ledger):
    event = make.event()
    row = make.registration(event, email="ann@example.org")
    browser = organiser(event)
    page = browser.send(browser.get(address(event, row.public_id)).form("/send-again"))
    assert "We have sent the letter to ann@example.org again." in page.text
    assert "Letter sent again" in page.text
    assert ledger.letters() == [("registration_confirmed", "ann")] * 2


def test_notes_are_listed_with_author_and_deleted_by_whoever_wrote_them(organiser, make, ledger, browser):
    event = make.event()
    row = make.registration(event, email="ann@example.org")
    morgan, other = organiser(event), organiser(event, name="Robin Vale")
    page = morgan.send(morgan.get(address(event, row.public_id)).form("/notes"))
    assert (page.status, page.errors) == (422, ["Write something first"])
    page = morgan.send(page.form("/notes"), text="Telephoned: <b>comes</b> late")
    note = text_of(page.one("article", class_="wm-note"))
    assert note.startswith("Telephoned: <b>comes</b> late")
    assert "Morgan Ellery, 10am on Monday 10 May 2027" in note
    assert "comes late" not in browser.get(f"/registrations/{ledger.token(event, 'ann@example.org')}").body
    assert not [form for form in other.get(page.address).all("form") if form.get("action", "").endswith("/delete")]
    form = page.form("/delete")
    stolen = other.get(page.address).form("/notes")
    stolen.action = form.action
    refused = other.send(stolen)
    assert (refused.status, refused.errors) == (409, ["Only whoever wrote a note can delete it."])
    page = morgan.send(form)
    assert "Nobody has written a note." in page.text
    assert ledger.count(RegistrationNote) == 0


def test_note_that_may_identify_a_child_is_asked_about_reworded_or_kept_with_a_reason(organiser, make, ledger):
    event = make.event()
    row = make.registration(event, email="ann@example.org")
    browser = organiser(event)
    doubtful = "Rang her on 07700 900123. Cannot come: her son Tomasz, aged 9, is ill."
    page = browser.send(browser.get(address(event, row.public_id)).form("/notes"), text=doubtful)
    assert (page.status, ledger.count(RegistrationNote)) == (422, 0)
    [error] = page.errors
    assert error.startswith("This may identify somebody: it looks like somebody’s name with their age. Change it")
    [found] = [text_of(one) for one in page.all("li") if "looks like" in text_of(one) and "“" in text_of(one)]
    assert found == "“Tomasz, aged 9” looks like somebody’s name with their age."
    assert "her son [a child of primary school age], is ill." in page.text
    assert "What to do now" in page.text
    refused = browser.send(page.form("/notes"), guard_choice="keep")
    assert (refused.status, refused.errors[1:]) == (422, ["Say why the text has to stay as it is"])
    kept = browser.send(refused.form("/notes"), guard_choice="keep", guard_reason="She asked me to write it down")
    assert text_of(kept.one("article", class_="wm-note")).startswith(doubtful)
    [entry] = ledger.rows(select(Activity.thing_id, Activity.details).where(Activity.verb == "text_kept"))
    assert entry == (row.id, {"kinds": ["name_and_age"], "reason": "She asked me to write it down"})
    assert "A text kept that may identify somebody" in kept.text
    reworded = browser.send(browser.send(kept.form("/notes"), text=doubtful).form("/notes"), guard_choice="reword")
    notes = ledger.rows(select(RegistrationNote.text).order_by(RegistrationNote.id))
    assert [note for (note,) in notes] == [
        doubtful,
        "Rang her on 07700 900123. Cannot come: her son [a child of primary school age], is ill.",
    ]
    assert reworded.status == 200
    assert len(ledger.rows(select(Activity.id).where(Activity.verb == "text_kept"))) == 1


def test_tags_are_added_with_suggestions_and_removed(organiser, make):
    event = make.event()
    first, second = make.registration(event), make.registration(event)
    browser = organiser(event)
    page = browser.send(browser.get(address(event, first.public_id)).form("/tags"), word="Speaker dinner")
    assert page.has_link("Speaker dinner")
    assert "Tag added : Speaker dinner" in page.text
    page = browser.get(address(event, second.public_id))
    assert [option.get("value") for option in page.all("option")] == ["Speaker dinner"]
    page = browser.send(browser.get(address(event, first.public_id)).form("/tags/remove"))
    assert not page.has_link("Speaker dinner")
    page = browser.send(page.form("/tags"), word="")
    assert (page.status, page.errors) == (422, ["Enter a tag"])


def test_next_request_is_one_step_away(organiser, make, ledger, now):
    event = make.event(needs_approval=True)
    rows = [make.registration(event, name=name) for name in ("Ann Lee", "Ben Lee", "Cat Lee")]
    browser = organiser(event)
    page = browser.send(browser.get(address(event, rows[1].public_id)).form("/approve"))
    page = browser.get(page.link("Next request (2 left)"))
    assert page.heading == "Cat Lee"
    page = browser.send(page.form("/approve"))
    page = browser.get(page.link("Next request (1 left)"))
    assert page.heading == "Ann Lee"
    assert "Next request" not in browser.send(page.form("/approve")).text


def test_readers_see_tags_and_notes_and_change_nothing(organiser, make, ledger, now):
    event = make.event()
    row = make.registration(event, email="ann@example.org")
    author = make.person("Morgan Ellery")
    ledger.act(registrations.add_note, row.id, "Late train", author_id=author.id, actor=SYSTEM, now=now)
    reader = organiser(event, Role.READER, name="Reader")
    page = reader.get(address(event, row.public_id))
    assert "Late train" in page.text
    assert page.all("form", method="post") == []
    for verb in ("edit", "swap"):
        assert reader.get(address(event, row.public_id, verb)).status == 403
    assert reader.get(address(event, "add")).status == 403
    for verb in ("notes", "tags", "tags/remove", "send-again"):
        assert reader.post(address(event, row.public_id, verb)).status == 403
    stranger = organiser(make.event(), name="Stranger")
    assert stranger.get(address(event, row.public_id, "edit")).status == 404
