"""The library as everybody sees it: what is listed, what a page tells, and what a stranger never sees."""

from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import select

from tests.browsing import text_of
from tests.counting import statements
from tests.ledger import Ledger
from webapp.models.accounts import SYSTEM, Role, ThingKind
from webapp.models.events import EventState
from webapp.models.library import Dating, Precision, ResourceKind
from webapp.models.saved import SavedItem
from webapp.services import files, library


@pytest.fixture
def ledger(app):
    return Ledger(app)


def address(thing, under="library"):
    return f"/{under}/{thing.slug}-{thing.public_id}"


def titles(page):
    return [text_of(one) for one in page.all("h2", class_="wm-library-entry__title")]


def test_resources_are_found_by_words_and_each_filter(browser, make, now):
    birds, fish = make.programme("Birds", themes=["Waders", "Bays"]), make.programme("Fish", themes=["Bays"])
    theme = birds.themes[0].public_id
    terns = make.resource(
        "Terns in towns",
        programme_id=birds.id,
        kind=ResourceKind.GUIDE,
        themes=[theme],
        organisations=["Bird Trust"],
        dated=Dating(date(2022, 6, 1), Precision.MONTH),
        now=now - timedelta(days=2),
    )
    make.resource("Eels", programme_id=fish.id, authors=["Ann Lee"], now=now - timedelta(days=1))
    make.resource("A tern of eels", programme_id=fish.id, published=False)

    page = browser.get("/library")
    assert (titles(page), "2 resources" in page.text) == (["Eels", "Terns in towns"], True)
    assert "Guide June 2022 Bird Trust" in page.text
    assert titles(browser.get("/library?sort=title")) == ["Eels", "Terns in towns"]
    offered = [text_of(one) for one in page.one("select", id="theme").iter() if str(one.tag).endswith("option")]
    assert offered == ["All themes", "Waders", "Bays (Birds)", "Bays (Fish)"]
    chosen = next(one for one in page.all("option") if text_of(one) == "Bird Trust").get("value")
    for asked in (
        f"organisation={chosen}",
        f"theme={theme}",
        f"programme={birds.public_id}",
        "year=2022",
        "kind=guide",
    ):
        page = browser.get(f"/library?{asked}")
        assert titles(page) == ["Terns in towns"], asked
        assert page.has_link("Clear the search")
    assert titles(browser.get("/library?q=ann")) == ["Eels"]
    assert titles(browser.get("/library?q=tern&kind=bird&year=0000&page=99")) == ["Terns in towns"]
    page = browser.get("/library?q=ann&year=2022")
    assert "No resources found" in page.text
    assert browser.get(page.link("look for the same words everywhere")).text.count("Eels") == 1
    assert titles(browser.get(browser.get(address(terns)).link("Bird Trust"))) == ["Terns in towns"]


def test_library_without_anything_says_so(browser, make):
    make.programme()
    page = browser.get("/library")
    assert "There is nothing here yet." in page.text
    assert browser.get(page.link("Collections")).text.endswith("Look at all resources")


def test_list_asks_as_much_for_many_as_for_one_and_is_paged(app, browser, make):
    programme = make.programme(themes=["Waders"])

    def another(number):
        make.resource(
            f"Number {number:02}",
            programme_id=programme.id,
            authors=[f"Ann {number}"],
            organisations=[f"Trust {number}", "All"],
            themes=[programme.themes[0].public_id],
        )

    another(0)
    with statements(app) as asked:
        browser.get("/library")
    few = len(asked)
    for number in range(1, 22):
        another(number)
    with statements(app) as asked:
        page = browser.get("/library?sort=title")
    assert len(asked) == few == 8
    assert (len(titles(page)), "1 to 20 of 22 resources" in page.text) == (20, True)
    assert titles(browser.get("/library" + page.link("Next page"))) == ["Number 20", "Number 21"]


def test_page_tells_who_made_it_when_and_what_it_belongs_to(app, browser, make, now):
    programme = make.programme("Birds", themes=["Waders"])
    event, hidden = make.event("Shore day"), make.event("Secret", state=EventState.DRAFT)
    unlisted = make.event("Gathering of few", listed=False)
    session, unseen = make.session(event, "At low tide"), make.session(hidden, "Unseen")
    make.contribution(session, speaker_id=make.speaker("Zoë Ade").id)
    resource = make.resource(
        "Terns",
        programme_id=programme.id,
        kind=ResourceKind.VIDEO,
        url="https://www.example.org/terns?a=1&b=2",
        description="## How\n\nOn **roofs** <script>alert(1)</script>",
        authors=["Zoë Ade", "Ben Ito"],
        organisations=["Bird Trust"],
        themes=[programme.themes[0].public_id],
        dated=Dating(date(2019, 1, 1), Precision.YEAR),
        review_on=date(2028, 3, 31),
        sessions=[session, unseen, make.session(unlisted, "Overlooked")],
    )
    shelf = make.collection("For roofs", resource)

    page = browser.get(address(resource))
    assert page.heading == "Terns"
    assert page.link("Watch the video") == "https://www.example.org/terns?a=1&b=2"
    for said in ("Leads to example.org", "Published 2019", "Added to the library 10 May 2027", "On roofs <script>"):
        assert said in page.text
    assert "To be reviewed March 2028" in page.text
    assert "out of date" not in page.text
    # Nobody said yet that this author is that speaker.
    assert not page.has_link("Zoë Ade")
    assert not [one for one in ("Unseen", "Overlooked", "Gathering of few") if one in page.text]
    shown = browser.get(page.link("At low tide"))
    assert browser.get(shown.link("Terns")).heading == "Terns"
    assert browser.get(page.link("For roofs")).heading == "For roofs"
    assert titles(browser.get(address(shelf, "library/collections"))) == ["Terns"]


def test_author_who_is_a_speaker_leads_to_the_profile_once_it_is_public(browser, make, ledger, now):
    speaker, event = make.speaker("Ann Lee"), make.event()
    make.contribution(make.session(make.event(listed=False)), speaker_id=speaker.id)
    resource = make.resource(authors=["Ann Lee"])
    ledger.act(library.link_author, resource.id, "Ann Lee", speaker.public_id, actor=SYSTEM, now=now)
    assert not browser.get(address(resource)).has_link("Ann Lee")
    make.contribution(make.session(event), speaker_id=speaker.id)
    assert browser.get(browser.get(address(resource)).link("Ann Lee")).heading == "Ann Lee"


def test_overdue_resource_warns_and_archived_one_says_so_out_of_all_lists(browser, make, ledger, now):
    event = make.event()
    session = make.session(event, "Talk")
    resource = make.resource("Terns", review_on=date(2025, 5, 1), sessions=[session])
    assert "This was to be reviewed in May 2025 and may be out of date." in browser.get(address(resource)).text
    assert "May be out of date" in browser.get("/library").text
    talk = f"/events/{event.slug}-{event.public_id}/sessions/{session.slug}-{session.public_id}"
    assert browser.get(talk).has_link("Terns")
    ledger.act(library.archive, resource.id, actor=SYSTEM, now=now)
    assert "This resource is archived" in browser.get(address(resource)).text
    assert not browser.get(talk).has_link("Terns")
    assert titles(browser.get("/library")) == []
    assert "Nothing found" in browser.get("/search?q=terns").text


def test_draft_and_its_file_are_for_those_who_look_after_the_library(app, browser, make, ledger, now):
    programme = make.programme()
    resource = make.resource("Terns", programme_id=programme.id, published=False)
    shelf = make.collection("Shelf", programme_id=programme.id, published=False)
    written = files.write(b"%PDF-1.7 terns", "application/pdf", folder=app.config["SETTINGS"].files_path, now=now)
    ledger.act(library.attach_file, resource.id, written, "terns.pdf", actor=SYSTEM, now=now)
    pages = [address(resource), f"{address(resource)}/file", address(shelf, "library/collections")]
    assert [browser.get(one).status for one in pages] == [404, 404, 404]
    person = make.person()
    make.grant(person, Role.ANALYST, ThingKind.PROGRAMME, programme.id)
    make.grant(person, Role.OWNER, ThingKind.PROGRAMME, make.programme().id)
    browser.sign_in(make.signed_in(person))
    assert [browser.get(one).status for one in pages] == [404, 404, 404]
    make.grant(person, Role.ORGANISER, ThingKind.PROGRAMME, programme.id)
    assert ["This is a draft." in browser.get(one).text for one in (pages[0], pages[2])] == [True, True]
    with browser.client.get(f"{address(resource)}/file") as fetched:
        assert fetched.headers["Content-Disposition"] == "attachment; filename=terns.pdf"
        assert fetched.get_data() == b"%PDF-1.7 terns"


def test_address_follows_a_new_title_and_old_ones_lead_on(browser, make):
    resource = make.resource("Terns")
    page = browser.get(f"/library/old-name-{resource.public_id}?a=b", follow=False)
    assert (page.status, page.response.location) == (301, f"{address(resource)}?a=b")
    assert browser.get(f"/library/{resource.public_id}").heading == "Terns"
    assert browser.get(f"{address(resource)}/file").status == 404


def test_feed_tells_of_what_was_added_last(browser, make, now):
    make.resource("Terns & <others>", authors=["Ann Lee"], now=now - timedelta(days=1))
    newest = make.resource("Eels", organisations=["Trust"])
    make.resource("Draft", published=False)
    feed = browser.get(next(one for one in browser.get("/library").all("link", rel="alternate")).get("href"))
    assert feed.response.mimetype == "application/atom+xml"
    tree = ET.fromstring(feed.body)
    entries = tree.findall("{*}entry")
    assert [one.findtext("{*}title") for one in entries] == ["Eels", "Terns & <others>"]
    assert [one.findtext("{*}author/{*}name") for one in entries] == ["Trust", "Ann Lee"]
    assert entries[0].findtext("{*}id") == f"https://waymark.example.org/library/{newest.public_id}"
    assert tree.findtext("{*}updated") == "2027-05-10T09:00:00+00:00"


def test_resource_is_saved_by_a_button_and_a_stranger_comes_back_to_it_by_signing_in(browser, make, ledger):
    resource, person = make.resource("Terns"), make.person()
    page = browser.get(address(resource))
    assert not [one for one in page.forms() if "/my/saved" in one.action]
    asked = browser.get(page.link("Sign in to save this for later"))
    assert asked.heading == "Sign in"
    (back,) = asked.all("input", name="next")
    browser.sign_in(make.signed_in(person))
    page = browser.get(back.get("value"))
    page = browser.send(page.form(), note="For Monday")
    assert "“Terns” is saved." in page.text
    assert (page.heading, page.has_link("Your note")) == ("Terns", True)
    assert ledger.one(select(SavedItem)).note == "For Monday"

    other = make.resource("Eels")
    page = browser.send(browser.get(address(other)).form())
    assert "“Eels” is saved." in page.text
    saved = browser.get(page.link("All you saved"))
    assert titles(saved) == ["Eels", "Terns"]


def test_newest_stands_on_the_front_page_and_that_of_its_programme_and_follows_what_changes(browser, make, ledger, now):
    programme = make.programme("Pathways")
    front, own = "/", f"/programmes/pathways-{programme.public_id}"

    def new(path):
        page = browser.get(path)
        told = [text_of(one) for one in page.all("li") if text_of(one).endswith(("Report", "Collection"))]
        return told, page.has_link("All of the library of this programme" if path == own else "See all of the library")

    assert (new(front), new(own)) == (([], False), ([], False))
    rows = [
        make.resource(f"Tern {number}", programme_id=programme.id, now=now + timedelta(days=number))
        for number in range(4)
    ]
    make.collection("Start here", *rows, programme_id=programme.id)
    make.resource("Elsewhere")
    newest = [f"Tern {number} Report" for number in (3, 2, 1)]
    both = [*newest, "Start here Collection"], True
    assert (new(front), new(own)) == (both, both)
    ledger.act(library.archive, rows[3].id, actor=SYSTEM, now=now)
    assert new(own)[0][:3] == [f"Tern {number} Report" for number in (2, 1, 0)]
    page = browser.get(browser.get(own).link("All of the library of this programme"))
    assert titles(page) == ["Tern 2", "Tern 1", "Tern 0"]
