"""The pages on which an agenda is built, and those on which everybody reads what changed."""

import xml.etree.ElementTree as ET
from datetime import time

import pytest
from sqlalchemy import select

from tests.browsing import Browser, text_of
from tests.counting import statements
from tests.ledger import Ledger
from webapp.models.accounts import Role, ThingKind
from webapp.models.agenda import SessionKind
from webapp.models.drafts import DraftSession
from webapp.models.events import EventDay
from webapp.queries import drafts as queries
from webapp.services.agenda import set_star
from webapp.services.drafts import Part


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    event = make.event("Working with fathers")
    make.draft(event)
    return event


def at(event, path=""):
    return f"/manage/events/{event.slug}-{event.public_id}/{path}"


def titles(page):
    return [text_of(one) for one in page.all("h3")]


def test_board_offers_to_begin_a_draft(organiser, make):
    event = make.event()
    make.session(event, "Letting families lead")
    browser = organiser(event)
    page = browser.get(at(event, "agenda"))
    assert "There is no draft of this agenda yet" in page.text
    page = browser.send(page.form("/open"))
    assert titles(page) == ["Letting families lead"]
    assert "Everybody sees it as it is here." in page.text


def test_board_shows_days_sessions_conflicts_and_what_is_not_placed(organiser, make, event):
    make.planned(event, "One", parts=[Part(speaker="Ada Wren", organisation="Quay Trust")])
    make.planned(event, "Two", parts=[Part(speaker="Ada Wren")])
    make.planned(event, "Later", day=None)
    page = organiser(event).get(at(event, "agenda"))
    assert titles(page) == ["One", "Two", "Later"]
    assert "Ada Wren is in “One” and in “Two”, both at 10am to 11am on 14 June." in page.text
    assert "1 error and 1 warning" in page.text
    assert "Not placed: 1" in page.text
    assert "The draft has changes that nobody else sees yet." in page.text


def test_board_asks_as_many_queries_for_many_sessions_as_for_one(app, organiser, make, event):
    browser = organiser(event)
    make.planned(event, "One", parts=[Part(speaker="Ada Wren")])
    counts = []
    for more in (0, 12):
        for number in range(more):
            hours = (time(10 + number % 5), time(11 + number % 5))
            make.planned(event, f"Session {number}", hours=hours, parts=[Part(speaker=f"Speaker {number}")])
        with statements(app) as asked:
            assert len(titles(browser.get(at(event, "agenda")))) == 1 + more
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8


def test_session_is_added_with_all_that_was_filled_in(organiser, make, event, ledger):
    browser = organiser(event)
    page = browser.get(at(event, "sessions/new?day=2027-06-15"))
    form = page.form("/sessions/new")
    assert form.values["day"] == ["2027-06-15"]
    page = browser.send(
        form,
        title="Letting families lead",
        kind="plenary",
        starts="9.30am",
        minutes="50",
        summary="Short",
        speaker=["Ada Wren", "", ""],
        organisation=["Quay Trust", "", ""],
        role=["chair", "presenter", "presenter"],
        takes_sign_ups="y",
        capacity_online="40",
        joining_url="https://meet.example.org/1",
        notes="Mind the gap",
    )
    assert "“Letting families lead” has been added to the draft." in page.text
    row = ledger.one(select(DraftSession))
    assert (row.kind, row.starts, row.ends, row.capacity_online) == (SessionKind.PLENARY, time(9, 30), time(10, 20), 40)
    assert (row.joining_url, row.notes, row.takes_sign_ups) == ("https://meet.example.org/1", "Mind the gap", True)
    assert "9:30am to 10:20am" in page.text
    assert "Ada Wren, Quay Trust (chair)" in page.text


def test_session_that_is_not_filled_in_well_loses_nothing(organiser, event, make):
    browser = organiser(event)
    form = browser.get(at(event, "sessions/new")).form("/sessions/new")
    page = browser.send(
        form, title="", starts="25 o’clock", minutes="x", summary="Kept", joining_url="javascript:alert(1)",
        capacity_online="-3", speaker=["Ada Wren"], organisation=[""], role=["chair"],
    )  # fmt: skip
    assert page.status == 422
    assert sorted(page.errors) == [
        "Enter a title",
        "Enter the whole link, beginning with https://",
        "Length in minutes must be a whole number from 1 to 1,439",
        "Places online must be a whole number from 1 to 100,000",
        "Starts at must be a time, like 9:30am or 14:00",
    ]
    again = page.form("/sessions/new")
    assert (again.values["summary"], again.values["starts"]) == (["Kept"], ["25 o’clock"])
    assert again.values["speaker"][0] == "Ada Wren"


def test_more_rows_keep_what_was_typed_and_save_nothing(organiser, event, make, ledger):
    browser = organiser(event)
    form = browser.get(at(event, "sessions/new")).form("/sessions/new")
    page = browser.send(form, more="1", title="", speaker=["Ada Wren"], organisation=[""], role=["chair"])
    assert page.errors == []
    assert page.form("/sessions/new").values["speaker"] == ["Ada Wren", "", "", ""]
    assert ledger.all(select(DraftSession)) == []


def test_second_of_two_who_edit_sees_what_changed_and_loses_nothing(organiser, make, event):
    one = make.planned(event, "One")
    first, second = organiser(event), organiser(event)
    forms = [browser.get(at(event, f"sessions/{one.public_id}")).form(one.public_id) for browser in (first, second)]
    first.send(forms[0], title="First title")
    page = second.send(forms[1], title="Second title", summary="Mine")
    assert page.status == 409
    assert "Somebody else has changed this session" in page.text
    assert "First title" in page.text
    again = page.form(f"sessions/{one.public_id}")
    assert (again.values["title"], again.values["summary"]) == (["Second title"], ["Mine"])
    page = second.send(again)
    assert titles(page) == ["Second title"]


def meanwhile(page):
    """What the page says was changed: the field and who, what it was, is, and what becomes of what was typed."""
    (box,) = page.all("section", class_="wm-meanwhile")
    return [text_of(one) for one in box.iter() if one.tag.rpartition("}")[2] in {"h3", "dt", "dd"}]


def test_fields_that_the_second_left_alone_follow_the_first(organiser, make, event, ledger):
    one = make.planned(event, "Two", parts=[Part(speaker="Ada Wren")])
    first, second = organiser(event, name="Ann First"), organiser(event)
    address = at(event, f"sessions/{one.public_id}")
    forms = [browser.get(address).form(one.public_id) for browser in (first, second)]
    first.send(forms[0], title="Two B", starts="10:15am", speaker=["Ada Wren", "Sam Okafor"], organisation=["", ""],
               role=["presenter", "presenter"], speaker_id=["", ""])  # fmt: skip
    page = second.send(forms[1], minutes="45", summary="Mine")
    assert page.status == 409
    left = ["You left it as it was", "So the field below now holds what stands now."]
    assert meanwhile(page) == [
        "Starts at, changed by Ann First", "It was", "10am", "It is now", "10:15am", *left,
        "Title, changed by Ann First", "It was", "Two", "It is now", "Two B", *left,
        "Who contributes, changed by Ann First", "It was", "Ada Wren", "It is now", "Ada Wren Sam Okafor", *left,
    ]  # fmt: skip
    assert not page.all("p", class_="govuk-error-message")
    second.send(page.form(f"sessions/{one.public_id}"))
    (row,) = ledger.all(select(DraftSession))
    assert (row.title, row.starts, row.ends, row.summary) == ("Two B", time(10, 15), time(11), "Mine")
    assert "Sam Okafor" in second.get(address).form(one.public_id).values["speaker"]


def test_field_that_both_changed_is_marked_and_keeps_what_was_typed(organiser, make, event):
    one = make.planned(event, "Two")
    first, second = organiser(event, name="Ann First"), organiser(event)
    address = at(event, f"sessions/{one.public_id}")
    forms = [browser.get(address).form(one.public_id) for browser in (first, second)]
    first.send(forms[0], title="First title", summary="Both")
    page = second.send(forms[1], title="Second title", summary="Both")
    assert meanwhile(page) == [
        "Title, changed by Ann First", "It was", "Two", "It is now", "First title", "You typed", "Second title",
    ]  # fmt: skip
    (marked,) = page.all("p", class_="govuk-error-message")
    assert text_of(marked) == "Error: Ann First changed this too. Choose which is to stand, and save"
    assert page.form(f"sessions/{one.public_id}").values["title"] == ["Second title"]


@pytest.mark.parametrize("opened", ["", "nonsense", "[]", "[" * 5000, '{"title": {"digest": 1}}'])
def test_page_that_says_nothing_of_how_it_was_opened_lets_nothing_follow(organiser, make, event, opened):
    one = make.planned(event, "Two")
    browser = organiser(event)
    forms = [browser.get(at(event, f"sessions/{one.public_id}")).form(one.public_id) for _ in range(2)]
    browser.send(forms[0], title="First title")
    page = browser.send(forms[1], opened=opened)
    assert page.status == 409
    assert meanwhile(page)[1:] == ["It is now", "First title", "You typed", "Two"]
    assert page.form(f"sessions/{one.public_id}").values["title"] == ["Two"]


def test_move_by_two_keeps_what_the_second_left_alone(organiser, make, event, ledger):
    one = make.planned(event, "Two")
    browser = organiser(event, name="Ann First")
    address = at(event, f"sessions/{one.public_id}/move")
    forms = [browser.get(address).form("/move") for _ in range(2)]
    browser.send(forms[0], day="2027-06-15")
    page = browser.send(forms[1], starts="11am")
    assert page.status == 409
    assert meanwhile(page)[:5] == [
        "Day, changed by Ann First", "It was", "Monday 14 June 2027", "It is now", "Tuesday 15 June 2027",
    ]  # fmt: skip
    browser.send(page.form("/move"))
    (row,) = ledger.all(select(DraftSession))
    assert (row.starts, ledger.one(select(EventDay.date).where(EventDay.id == row.day_id)).day) == (time(11), 15)


def test_session_is_moved_by_the_form_by_minutes_and_by_exchange(organiser, make, event):
    one, two = make.planned(event, "One"), make.planned(event, "Two", hours=(time(12), time(13)))
    browser = organiser(event)
    address = at(event, f"sessions/{one.public_id}/move")
    page = browser.send(browser.get(address).form("/move"), day="2027-06-15", starts="14:00")
    assert "“One” is now: Tuesday 15 June 2027, 2pm to 3pm, all streams." in page.text
    page = browser.send(browser.get(address).form("/shift"), by="15", direction="later")
    assert "2:15pm to 3:15pm" in page.text
    page = browser.send(browser.get(address).form("/swap"), other=two.public_id)
    assert "“One” and “Two” have changed places." in page.text
    # As long as the first four signs are a step, the rest must not count as a number.
    for minutes in ("0", "7", "0060" + "0" * 30, "60" * 3000, "٥"):
        refused = browser.send(browser.get(address).form("/shift"), by=minutes, direction="later")
        assert (refused.status, refused.errors) == (422, ["Choose by how many minutes"]), minutes
    refused = browser.send(browser.get(address).form("/move"), starts="23:30")
    assert refused.status == 409
    assert "It would end after midnight." in refused.errors[0]


def test_nudge_moves_by_five_minutes(organiser, make, event):
    one = make.planned(event, "One")
    browser = organiser(event)
    form = browser.get(at(event, "agenda")).form("/nudge")
    page = browser.send(form, later=one.public_id)
    assert "“One” is now: Monday 14 June 2027, 10:05am to 11:05am, all streams." in page.text
    page = browser.send(browser.get(at(event, "agenda")).form("/nudge"), earlier=one.public_id)
    assert "10am to 11am" in page.text


def test_dropped_session_lands_where_the_mouse_let_go(organiser, make, event):
    one = make.planned(event, "One")
    browser = organiser(event)
    token = browser.get(at(event, "agenda")).form("/nudge").values["csrf_token"]
    given = {
        "csrf_token": token, "session": one.public_id, "version": "1", "day": "2027-06-15", "starts": "13:05",
        "minutes": "90", "stream": "", "room": "",
    }  # fmt: skip
    page = browser.post(at(event, "agenda/place"), given)
    assert "1:05pm to 2:35pm" in page.text
    stale = browser.post(at(event, "agenda/place"), given)
    assert stale.status == 409
    assert "Somebody else has changed this session" in stale.text
    odd = browser.post(at(event, "agenda/place"), {**given, "day": "2027-07-01", "version": "2"})
    assert odd.status == 422
    assert titles(odd) == ["One"]


def test_cancelled_session_stays_and_can_be_restored(organiser, make, event):
    one = make.planned(event, "One")
    fresh = make.planned(event, "Fresh", hours=(time(12), time(13)))
    make.released(event)
    browser = organiser(event)
    page = browser.send(browser.get(at(event, f"sessions/{one.public_id}/cancel")).form("/cancel"))
    assert "“One” is cancelled in the draft. People are told when you release it." in page.text
    restore = browser.get(at(event, f"sessions/{one.public_id}")).form("/restore")
    assert "takes place after all" in browser.send(restore).text
    never = make.planned(event, "Never", hours=(time(14), time(15)))
    page = browser.send(browser.get(at(event, f"sessions/{never.public_id}/cancel")).form("/cancel"))
    assert "“Never” has been taken out of the draft." in page.text
    assert titles(page) == ["One", "Fresh"]
    assert fresh.title == "Fresh"


def test_streams_and_rooms_are_added_renamed_ordered_and_taken_away(organiser, make, event, ledger):
    browser = organiser(event)
    address = at(event, "streams")
    for what, name in (("stream", "Practice"), ("stream", "Leading"), ("room", "Hall")):
        page = browser.get(address)
        form = next(one for one in page.forms() if one.values.get("what") == [what])
        page = browser.send(form, name=name)
        assert f"“{name}” has been added." in page.text
    twice = browser.send(next(one for one in page.forms() if one.values.get("what") == ["stream"]), name="practice")
    assert twice.status == 409
    assert "There is a stream called “practice” already." in twice.errors[0]
    page = browser.get(address)
    link = page.link("Practice")
    page = browser.send(browser.get(link).form(), name="Practice and people")
    assert "Practice and people" in page.text
    stream = link.rpartition("/")[2]
    make.planned(event, "One", stream=stream)
    removal = browser.get(f"{link}/remove")
    refused = browser.send(removal.form())
    assert refused.status == 409
    assert "Choose where they go" in refused.errors[0]
    done = browser.send(refused.form(), into="")
    assert "“Practice and people” has been taken away. 1 session has moved." in done.text
    room = browser.get(done.link("Hall"))
    page = browser.send(room.form(), name="Great hall", capacity="120")
    assert "Great hall holds 120, 0 sessions" in page.text


def test_release_names_the_speakers_who_will_not_hear_of_it(organiser, make, event):
    parts = [Part(speaker="Ada Wren"), Part(speaker="Sam Okafor")]
    one = make.planned(event, "One", parts=parts)
    make.released(event)
    browser = organiser(event)
    browser.send(browser.get(at(event, f"sessions/{one.public_id}/move")).form("/move"), starts="14:00")
    page = browser.get(at(event, "releases/new"))
    assert "2 speakers have no e-mail address and will not hear of it: Sam Okafor, Ada Wren." in page.text
    form = browser.get(at(event, f"sessions/{one.public_id}")).form(one.public_id)
    browser.send(form, speaker=["Ada Wren", ""])
    browser.send(browser.get(at(event, "releases/new")).form())
    browser.send(browser.get(at(event, f"sessions/{one.public_id}/move")).form("/move"), starts="15:00")
    page = browser.get(at(event, "releases/new"))
    assert "1 speaker has no e-mail address and will not hear of it: Ada Wren." in page.text


def test_release_states_who_is_told_before_and_after(organiser, make, event, ledger, now):
    one = make.planned(event, "One")
    make.released(event)
    for number in range(3):
        row = make.registration(event, organisation_name=f"Council {number % 2}")
        session = ledger.rows(select(DraftSession.session_id))[0][0]
        ledger.act(set_star, row.person_id, session, starred=True, now=now)
    browser = organiser(event)
    browser.send(browser.get(at(event, f"sessions/{one.public_id}/move")).form("/move"), starts="14:00")
    page = browser.get(at(event, "releases/new"))
    assert page.heading == "Release version 2 of the agenda"
    assert "3 people in 2 organisations will be told" in page.text
    assert "Now: Monday 14 June 2027, 2pm to 3pm Before: Monday 14 June 2027, 10am to 11am" in page.text
    done = browser.send(page.form(), note="The hall is free later.")
    assert "Version 2 of the agenda has been released. 3 people are being told." in done.text
    assert [notice for notice, _ in ledger.letters()].count("agenda_changed") == 3
    # The same button once more finds it done, and tells nobody again.
    again = browser.send(page.form())
    assert "Version 2 of the agenda has been released. 3 people are being told." in again.text
    assert [notice for notice, _ in ledger.letters()].count("agenda_changed") == 3


def test_release_is_not_offered_while_there_are_errors(organiser, make, event):
    make.planned(event, "One", parts=[Part(speaker="Ada Wren")])
    make.planned(event, "Two", parts=[Part(speaker="Ada Wren")])
    page = organiser(event).get(at(event, "releases/new"))
    assert "To put right first" in page.text
    assert [form for form in page.forms() if "note" in form.values] == []


def test_everybody_reads_what_changed_and_each_version(app, organiser, make, event, browser):
    one = make.planned(event, "One", parts=[Part(speaker="Ada Wren")])
    make.released(event)
    assert "What has changed on this agenda" in browser.get(f"/events/{event.slug}-{event.public_id}/agenda").text
    manager = organiser(event)
    manager.send(manager.get(at(event, f"sessions/{one.public_id}/move")).form("/move"), starts="14:00")
    manager.send(manager.get(at(event, "releases/new")).form(), note="The hall is free <later>.")
    page = browser.get(f"/events/{event.slug}-{event.public_id}/agenda/changes")
    assert [text_of(one) for one in page.all("h2")][:2] == ["Version 2", "Version 1"]
    assert "Moved One Now: Monday 14 June 2027, 2pm to 3pm" in page.text
    assert "The hall is free <later>." in page.text
    first = browser.get(f"/events/{event.slug}-{event.public_id}/agenda/versions/1")
    assert "It no longer holds." in first.text
    assert "10am to 11am" in first.text
    latest = browser.get(f"/events/{event.slug}-{event.public_id}/agenda/versions/2")
    assert "It is the version that holds now." in latest.text
    assert browser.get(f"/events/{event.slug}-{event.public_id}/agenda/versions/3").status == 404

    address = f"/events/{event.slug}-{event.public_id}/agenda/changes.atom"
    feed = browser.get(address)
    tree = ET.fromstring(feed.response.data)
    atom = "{http://www.w3.org/2005/Atom}"
    assert [entry.findtext(f"{atom}title") for entry in tree.iter(f"{atom}entry")] == [
        "Version 2 of the agenda", "Version 1 of the agenda"
    ]  # fmt: skip
    assert tree.find(f"{atom}entry/{atom}summary").text == "The hall is free <later>.\nMoved: One"
    again = {"If-None-Match": feed.response.headers["ETag"]}
    unchanged = browser.get(address, headers=again)
    assert (unchanged.status, unchanged.body) == (304, "")
    manager.send(manager.get(at(event, f"sessions/{one.public_id}/move")).form("/move"), starts="15:00")
    manager.send(manager.get(at(event, "releases/new")).form(), note="Later still.")
    assert "Later still." in browser.get(address, headers=again).body
    with app.app_context():
        assert [release.number for release in queries.releases_of(event.id, limit=2)] == [3, 2]


def test_draft_is_nobody_elses_to_see(make, event, browser, app):
    make.planned(event, "Secret session")
    page = browser.get(f"/events/{event.slug}-{event.public_id}/agenda")
    assert "Secret session" not in page.text
    other = make.event()
    person = make.person()
    make.grant(person, Role.OWNER, ThingKind.EVENT, other.id)
    stranger = Browser(app).sign_in(make.signed_in(person))
    for path in ("agenda", "sessions/new", "streams", "releases", "releases/new", "agenda/run-sheet"):
        assert stranger.get(at(event, path)).heading == "Page not found"


@pytest.mark.parametrize(("role", "edits"), [(Role.AGENDA, True), (Role.READER, False), (Role.REGISTRATIONS, False)])
def test_board_is_read_by_every_role_and_changed_by_some(app, make, event, role, edits):
    one = make.planned(event, "One")
    person = make.person()
    make.grant(person, role, ThingKind.EVENT, event.id)
    browser = Browser(app).sign_in(make.signed_in(person))
    page = browser.get(at(event, "agenda"))
    assert titles(page) == ["One"]
    assert ("Add a session" in page.text) is edits
    refused = browser.get(at(event, f"sessions/{one.public_id}"))
    assert refused.heading == ("Change “One”" if edits else "You cannot do that")
    token = page.form("/nudge").values["csrf_token"] if edits else [""]
    answer = browser.post(at(event, "agenda/nudge"), {"later": one.public_id, "csrf_token": token})
    assert answer.heading == ("Agenda" if edits else "You cannot do that")


def test_run_sheet_tells_the_team_what_nobody_else_reads(organiser, make, event, browser):
    make.planned(event, "One", notes="Mind the gap", technical_needs="Sound from slides", is_not_recorded=True)
    make.released(event)
    page = organiser(event).get(at(event, "agenda/run-sheet"))
    assert "Not recorded. Sound from slides Mind the gap" in page.text
    assert "Mind the gap" not in browser.get(f"/events/{event.slug}-{event.public_id}/agenda").text
