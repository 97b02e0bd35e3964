"""Materials as visitors, people with a place, those who came and organisers find them; and the event's record."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.browsing import Browser, text_of
from tests.ledger import Ledger
from tests.uploads import PDF
from webapp import clock, kept, transaction
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Role, ThingKind
from webapp.models.attendance import ALL_DAYS, Came, Presence
from webapp.models.events import Event, EventState
from webapp.models.files import FileReach
from webapp.models.programmes import Programme
from webapp.models.registrations import Registration
from webapp.services import events as event_services
from webapp.services import files, materials, transcripts

REACHES = ("public", "registered", "attended", "organisers")


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    return make.event("Family hubs")


@pytest.fixture
def add(app, ledger, make, event):
    """Adds a file to the event, or to one of its sessions, of a content of its own."""

    def one(title, reach="public", session=None):
        folder = app.config["SETTINGS"].files_path
        written = files.write(PDF + title.encode(), "application/pdf", folder=folder, now=make.now)
        upload = materials.Upload(written=written, filename=f"{title}.pdf", title=title)
        offer = materials.Offer(title="", reach=FileReach(reach), session=session.public_id if session else "")
        (row,) = ledger.act(materials.add_files, event.id, [upload], offer, actor=SYSTEM, now=make.now)
        return row

    return one


@pytest.fixture
def people(app, make, ledger, event):
    """A browser of a visitor, of a stranger, of somebody with a place, of who came, and of an organiser."""

    def placed(name, *, came):
        person = make.person(name)
        row = make.registration(event, email=person.email)
        with app.app_context(), transaction.unit():
            db.session.get_one(Registration, row.id).person_id = person.id
            if came:
                seen = {"event_id": event.id, "registration_id": row.id, "how": Came.CAME, "checked_in": True}
                db.session.add_all(
                    Presence(**seen, day_id=day, placed=True) for day in (ALL_DAYS, *(day.id for day in event.days))
                )
        return person

    organiser = make.person("Olive")
    make.grant(organiser, Role.READER, ThingKind.EVENT, event.id)
    found = {"stranger": make.person("Sam"), "registered": placed("Rhys", came=False)}
    found |= {"came": placed("Cara", came=True), "organiser": organiser}
    return {"visitor": Browser(app)} | {who: Browser(app).sign_in(make.signed_in(one)) for who, one in found.items()}


def address(event, rest=""):
    return f"/events/{event.slug}-{event.public_id}{rest}"


def shown(page):
    """The materials of a page: what leads somewhere, and what is only told of, with whom it is for."""
    items = [text_of(item) for item in page.all("li", class_="wm-material")]
    led = [text_of(link) for link in page.all("a", class_="wm-material__title")]
    return led, [item for item in items if not any(item.startswith(title) for title in led)]


MAY = {
    "visitor": ["For public"],
    "stranger": ["For public"],
    "registered": ["For public", "For registered"],
    "came": ["For public", "For registered", "For attended"],
    # Those for organisers alone are not on public pages, so that nobody shows one by mistake.
    "organiser": ["For public", "For registered", "For attended"],
}


def test_pages_offer_to_each_what_they_may_have_and_tell_whom_the_rest_is_for(make, add, event, people):
    session = make.session(event, "Opening")
    for reach in REACHES:
        add(f"For {reach}", reach, session)
    for path in ("/materials", f"/sessions/{session.slug}-{session.public_id}"):
        kept.clear()
        for who, browser in people.items():
            page = browser.get(address(event, path))
            led, told = shown(page)
            assert (who, led) == (who, MAY[who])
            assert len(led) + len(told) == 3
            assert "For organisers" not in page.text
        _, told = shown(people["visitor"].get(address(event, path)))
        way = "sign in or use the link in the letter that confirmed your place"
        assert told == [
            f"For registered PDF, 1 kB For people who have a place: {way}",
            f"For attended PDF, 1 kB For people who came: {way}",
        ]


def test_file_is_sent_to_be_saved_to_those_whom_it_is_for_and_is_not_there_for_others(add, event, people):
    reached = {"public": "visitor stranger registered came organiser", "registered": "registered came organiser"}
    reached |= {"attended": "came organiser", "organisers": "organiser"}
    for reach in REACHES:
        row = add(f"For {reach}", reach)
        for who, browser in people.items():
            answer = browser.client.get(address(event, f"/materials/{row.public_id}"))
            assert (who, reach, answer.status_code) == (who, reach, 200 if who in reached[reach].split() else 404)
            if answer.status_code == 200:
                assert answer.data == PDF + row.title.encode()
                assert answer.headers["Content-Disposition"] == f'attachment; filename="For {reach}.pdf"'
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                cached = "no-cache" if reach == "public" else "private, no-store"
                assert answer.headers["Cache-Control"] == cached
                again = browser.client.get(answer.request.path, headers={"If-None-Match": answer.headers["ETag"]})
                assert (again.status_code, again.data) == (304, b"")
                again.close()
                beyond = browser.client.get(answer.request.path, headers={"Range": "bytes=99999999-"})
                assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(answer.data)}")
            answer.close()


def test_material_of_another_event_or_of_a_draft_is_not_there(make, add, event, ledger, people):
    row = add("Slides")
    other = make.event()
    assert people["visitor"].get(address(other, f"/materials/{row.public_id}")).status == 404
    ledger.change(event, state=EventState.DRAFT)
    for path in ("/materials", f"/materials/{row.public_id}"):
        assert [people[who].get(address(event, path)).status for who in ("visitor", "came")] == [404, 404]
    answer = people["organiser"].client.get(address(event, f"/materials/{row.public_id}"))
    assert answer.headers["Cache-Control"] == "private, no-store"
    answer.close()


def test_link_leads_on_and_its_address_is_told_to_those_alone_whom_it_is_for(make, ledger, event, people):
    offer = materials.Offer(title="The guide", reach=FileReach.REGISTERED)
    url = "https://example.org/guide?a=1&b=2"
    row = ledger.act(materials.add_link, event.id, url, offer, actor=SYSTEM, now=make.now)
    pages = {who: browser.get(address(event, "/materials")) for who, browser in people.items()}
    assert [who for who, page in pages.items() if "example.org/guide" in page.body] == [
        "registered", "came", "organiser"
    ]  # fmt: skip
    assert pages["came"].link("The guide") == url
    assert [who for who, page in pages.items() if "example.org" in page.text] == ["registered", "came", "organiser"]
    assert shown(pages["stranger"])[1][0].startswith("The guide Link For people who have a place:")
    answer = people["came"].client.get(address(event, f"/materials/{row.public_id}"))
    assert (answer.status_code, answer.headers["Location"]) == (302, url)


def test_personal_link_leads_to_what_its_holder_may_have(add, event, people, ledger, browser):
    rows = {reach: add(f"For {reach}", reach) for reach in REACHES}
    first, second = ledger.all(select(Registration.email).order_by(Registration.id))
    for email, may in ((first, MAY["registered"]), (second, MAY["came"])):
        token = ledger.token(event, email)
        page = browser.get(f"/registrations/{token}")
        assert shown(page)[0] == may
        # Letters to many lead there.
        assert page.one("h2", id="materials").text == "Materials for you"
        answers = {}
        for reach, row in rows.items():
            answer = browser.client.get(f"/registrations/{token}/materials/{row.public_id}")
            answers[f"For {reach}"] = answer.status_code
            answer.close()
        assert [title for title, status in answers.items() if status == 200] == may
    assert browser.get(f"/registrations/{'x' * 34}/materials/{rows['public'].public_id}").status == 404


def test_material_added_or_taken_away_shows_on_the_very_next_request(add, event, ledger, browser, now):
    for path in ("", "/materials"):
        row = add(f"Slides {path}")
        assert row.title in browser.get(address(event, path)).text
        ledger.act(materials.withdraw, event.id, row.public_id, actor=SYSTEM, now=now)
        assert row.title not in browser.get(address(event, path)).text


# ---------------------------------------------------------------- the record


def headings(page):
    return [text_of(one) for one in page.all("h2") if one.get("class", "").startswith("govuk-heading")]


def test_event_page_becomes_its_record_when_the_event_is_over(make, add, event, ledger, browser, now):
    opening, closing = make.session(event, "Opening"), make.session(event, "Closing", day=1)
    lunch, walk, talk = (make.session(event, title) for title in ("Lunch", "Walk", "Talk"))
    make.recording(opening)
    make.recording(opening, address="https://example.org/film", reach=FileReach.ATTENDED)
    make.recording(talk, address="https://example.org/talk", reach=FileReach.REGISTERED)
    make.recording(lunch, reach=FileReach.ORGANISERS)
    ledger.change(walk, is_not_recorded=True)
    make.transcript(opening, published=True)
    make.transcript(closing)
    add("Slides of the closing", "public", closing)
    add("Programme")
    said = {"thanks": "Thanks to **all**.", "hashtag": "#Hubs", "reach": "From everywhere."}
    ledger.change(event, description="It.", **said)
    for moment in (now, event.ends_at - timedelta(seconds=1)):
        with clock.fixed(moment):
            before = browser.get(address(event))
            assert headings(before) == ["Put it in your calendar", "Materials", "Agenda at a glance"]
            assert not before.has_link("Read the transcript of Opening")
    with clock.fixed(event.ends_at + timedelta(seconds=1)):
        page = browser.get(address(event))
        assert headings(page) == [
            "From the sessions", "Materials", "What it was about", "Who took part", "Thank you", "The agenda as it was"
        ]  # fmt: skip
        parts = [text_of(one) for one in page.all("li", class_="wm-record__part")]
        way = "sign in or use the link in the letter that confirmed your place"
        assert parts == [
            "Opening Watch the 2 recordings of Opening Read the transcript of Opening",
            "Walk Not recorded",
            f"Talk Recording For people who had a place: {way}",
            "Closing Slides of the closing PDF, 1 kB",
        ]
        placed, stranger = make.person(), make.person()
        make.registration(event, email=placed.email)
        make.now = event.ends_at
        browser.sign_in(make.signed_in(stranger))
        assert "Talk Recording For people who had a place: if that is you" in browser.get(address(event)).text
        browser.sign_in(make.signed_in(placed))
        own = browser.get(address(event))
        assert "Talk Watch the recording of Talk For people who had a place Closing" in own.text
        assert browser.get(own.link("Watch the recording of Talk")).heading == "Talk"
        assert browser.get(page.link("Read the transcript of Opening")).heading == "Transcript: Opening"
        assert not page.has_link("Register")
        assert "Join the conversation with #Hubs" in page.text
        assert not page.has_link("#Hubs")


def test_record_with_many_materials_counts_them_and_leads_to_the_page_that_has_them_all(make, add, event, browser):
    opening = make.session(event, "Opening")
    for number in range(16):
        add(f"Part {number}", "public", opening if number else None)
    with clock.fixed(event.ends_at + timedelta(seconds=1)):
        page = browser.get(address(event))
        assert shown(page) == ([], [])
        assert [text_of(one) for one in page.all("li", class_="wm-record__part")] == ["Opening 15 files of Opening"]
        everything = browser.get(page.link("All 16 materials by day and session"))
    assert headings(everything) == ["Of the whole event", "Monday 14 June 2027"]
    assert len(shown(everything)[0]) == 16


def test_lists_of_past_events_say_what_each_left_behind_and_follow_it(make, add, event, ledger, browser, now):
    programme = ledger.one(select(Programme).where(Programme.id == event.programme_id))
    lists = (f"/programmes/{programme.slug}-{programme.public_id}", "/events?when=past")
    transcript = make.transcript(make.session(event))
    add("For organisers", "organisers")
    with clock.fixed(event.ends_at + timedelta(seconds=1)):
        for path in lists:
            page = browser.get(path)
            # The event is there, and nothing is said of it.
            assert (page.has_link(event.title), page.all("p", class_="wm-card__left")) == (True, [])
        add("One")
        add("Two", "attended")
        for path in lists:
            assert text_of(browser.get(path).one("p", class_="wm-card__left")) == "2 files"
        version = transcript.version
        doing = {"actor": SYSTEM, "now": now}
        ledger.act(transcripts.publish, transcript.id, checked_by="Robin Vale", version=version, **doing)
        for path in lists:
            assert text_of(browser.get(path).one("p", class_="wm-card__left")) == "1 transcript, 2 files"
        make.recording(make.session(event))
        for path in lists:
            assert text_of(browser.get(path).one("p", class_="wm-card__left")) == "1 recording, 1 transcript, 2 files"


def test_numbers_are_shown_as_counted_when_an_organiser_decided_it(make, event, ledger, browser, now):
    past = make.event("Past", starts_on=date(2026, 6, 15))
    for number in range(6):
        organisation = f"Organisation {number}"
        make.registration(past, organisation_name=organisation, now=past.starts_at - timedelta(days=9))
    wanted = event_services.Afterwards(thanks="", reach="", hashtag="", shows_numbers=True)
    doing = {"actor": SYSTEM, "now": now}
    assert "people registered" not in browser.get(address(past)).text
    ledger.act(event_services.edit_record, past.id, wanted, version=past.version, **doing)
    page = browser.get(address(past))
    assert [text_of(one) for one in page.all("div", class_="wm-numbers__one")] == [
        "people registered 6", "organisations 6", "local authorities 6"
    ]  # fmt: skip
    assert "As counted on 10 May 2027" in page.text
    with pytest.raises(event_services.EventRefused):
        ledger.act(event_services.edit_record, event.id, wanted, version=event.version, **doing)
    assert ledger.one(select(Event.version).where(Event.id == event.id)) == event.version
