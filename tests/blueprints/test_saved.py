"""What somebody saved: listed under the account, with notes that are looked through, and removed by a button."""

import pytest
from sqlalchemy import select

from tests.browsing import Browser, text_of
from tests.ledger import Ledger
from webapp.models.accounts import ThingKind
from webapp.models.saved import SavedItem
from webapp.services import saved as services


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def reader(browser, make):
    return browser.sign_in(make.signed_in(make.person("Ann", "ann@example.org")))


def test_session_is_saved_with_a_note_that_is_changed_and_removed(reader, make, ledger):
    event = make.event("Shore day")
    session = make.session(event, "At low tide")
    assert "You have saved nothing yet" in reader.get(reader.get("/my/events").link("Saved")).text
    page = reader.get(f"/events/{event.slug}-{event.public_id}/sessions/{session.slug}-{session.public_id}")
    page = reader.send(reader.get(page.link("Save it with a note")).form(), note="Ask about boots")
    assert page.heading == "At low tide"
    # Saved already, the same link leads to the note.
    page = reader.get(reader.get(page.address).link("Save it with a note"))
    assert (page.heading, page.form().values["note"]) == ("Your note", ["Ask about boots"])
    page = reader.send(page.form(), note="No boots")
    assert "Session Shore day Saved on 10 May 2027" in page.text
    assert "No boots" in page.text
    page = reader.send(page.form("/remove"))
    assert "You have saved nothing yet" in page.text
    assert ledger.all(select(SavedItem)) == []


def test_note_changed_in_another_window_is_shown_beside_what_was_typed(reader, make, ledger):
    resource = make.resource("Terns")
    reader.send(reader.get(f"/library/{resource.public_id}").form())
    page = reader.get(reader.get("/my/saved").link("Add a note: Terns"))
    first, second = page.form(), page.form()
    reader.send(first, note="For Monday")
    asked = reader.send(second, note="For Tuesday")
    assert (asked.status, asked.form().values["note"]) == (409, ["For Tuesday"])
    assert "It is now For Monday You typed For Tuesday" in asked.text
    assert ledger.one(select(SavedItem)).note == "For Monday"
    assert "Your note is saved." in reader.send(asked.form()).text
    assert ledger.one(select(SavedItem)).note == "For Tuesday"


def test_what_was_said_is_saved_from_the_transcript_and_found_in_its_place_again(reader, make):
    event = make.event("Shore day")
    session = make.session(event, "At low tide")
    make.transcript(session, "Ann Lee: Mind the gap.", "Ben Ito: We do.", published=True)
    page = reader.get(f"/events/{event.slug}-{event.public_id}/sessions/{session.slug}-{session.public_id}/transcript")
    page = reader.send(reader.get(page.link("Save what Ben Ito says")).form())
    assert page.heading == "Transcript: At low tide"
    page = reader.get("/my/saved")
    assert "Transcript Shore day Saved on 10 May 2027" in page.text
    assert reader.get(page.link("What Ben Ito said in “At low tide”")).heading == "Transcript: At low tide"


def test_note_that_may_identify_a_child_is_asked_about_and_a_long_one_refused(reader, make, ledger):
    resource = make.resource("Terns")
    page = reader.get(f"/my/saved/new?kind=resource&id={resource.public_id}")
    refused = reader.send(page.form(), note="x" * 501)
    assert (refused.status, refused.form().values["note"]) == (422, ["x" * 501])
    asked = reader.send(page.form(), note="For Kayleigh Smith, born 3 March 2015, at 4 Mill Lane")
    assert (asked.status, "Could this identify a child or a family?" in asked.text) == (422, True)
    assert ledger.all(select(SavedItem)) == []
    reader.send(asked.form(), note="For the visit on Monday")
    assert ledger.one(select(SavedItem)).note == "For the visit on Monday"


def test_nobody_reaches_what_somebody_else_saved(app, reader, make, ledger, now):
    other, resource = make.person("Ben", "ben@example.org"), make.resource("Terns")
    item = ledger.act(services.save, other.id, ThingKind.RESOURCE, resource.id, note="Mine", now=now)
    assert reader.get(f"/my/saved/{item.public_id}/note").status == 404
    own = ledger.act(
        services.save,
        ledger.one(select(SavedItem.person_id)) - 1,
        ThingKind.RESOURCE,
        resource.id,
        now=now,
    )
    form = reader.get("/my/saved").form("/remove")
    form.action = form.action.replace(own.public_id, item.public_id)
    reader.send(form)
    assert {one.public_id for one in ledger.all(select(SavedItem))} == {item.public_id, own.public_id}
    stranger = Browser(app)
    assert stranger.get("/my/saved").heading == "Sign in"
    assert stranger.post(f"/my/saved/{item.public_id}/remove").heading == "Sign in"
    assert reader.get("/my/saved/new?kind=bird&id=x").status == 404


def test_button_whose_page_was_open_too_long_removes_nothing(reader, make, ledger):
    resource = make.resource("Terns")
    reader.send(reader.get(f"/library/{resource.public_id}").form())
    form = reader.get("/my/saved").form("/remove")
    page = reader.send(form, csrf_token="stale")
    assert "The page was open for too long." in page.text
    assert [text_of(one) for one in page.all("h2", class_="wm-library-entry__title")] == ["Terns"]
