"""Resources and collections: said, published, archived, put in order, and never lost or given twice."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.ledger import Ledger
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Visitor
from webapp.models.activity import Activity
from webapp.models.files import StoredFile
from webapp.models.library import (
    Collection,
    CollectionItem,
    Dating,
    LibraryState,
    Precision,
    Resource,
    ResourceAuthor,
    ResourceKind,
)
from webapp.models.organisations import Organisation
from webapp.models.speakers import Speaker
from webapp.queries import library as queries
from webapp.queries import passages
from webapp.queries.library import ResourceFilter
from webapp.queries.passages import Narrowing
from webapp.searching import ask
from webapp.services import files, housekeeping
from webapp.services import library as services
from webapp.services.library import ResourceWords

WORDS = ResourceWords(
    kind=ResourceKind.GUIDE, title="Terns in towns", summary="For roofs.", url="https://example.org/a"
)


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def acting(now):
    return {"actor": SYSTEM, "now": now}


def shown(resource):
    found = queries.get_resource(resource.public_id, viewer=Visitor())
    db.session.rollback()
    return [one.name for one in found.authors], [one.organisation.name for one in found.publishers]


def about(session):
    found = [one.title for one in queries.resources_about(session.id)]
    db.session.rollback()
    return found


def listed(text=""):
    found = [one.title for one in queries.find_resources(ResourceFilter(text=text), page=1).rows]
    db.session.rollback()
    return found


def searched(text):
    found = [hit.title for hit in passages.find_passages(ask(text, []), Narrowing(), viewer=Visitor(), page=1).rows]
    db.session.rollback()
    return found


def test_resource_keeps_authors_and_organisations_in_order_and_knows_aliases(context, make, ledger, acting):
    make.organisation("Marlbridge Council", "MCC")
    words = replace(WORDS, authors=("Zoë Ade", "Ann Lee"), organisations=("mcc", "New Trust", "Marlbridge council"))
    row = make.resource(**vars(words))

    assert shown(row) == (["Zoë Ade", "Ann Lee"], ["Marlbridge Council", "New Trust"])
    for text in ("tern", "roofs", "zoe", "mcc marlbridge", "trust"):
        assert listed(text) == ["Terns in towns"], text
    assert searched("ann lee") == searched("MCC") == searched("guide terns") == ["Terns in towns"]

    turned = replace(words, authors=("Ann Lee", "Zoë Ade"), organisations=("New Trust", "MCC"))
    ledger.act(services.change, row.id, turned, version=2, **acting)
    assert shown(row) == (["Ann Lee", "Zoë Ade"], ["New Trust", "Marlbridge Council"])
    assert ledger.count(Organisation) == 2


def test_same_words_again_change_nothing_and_other_words_need_the_present_version(context, make, ledger, acting):
    row = make.resource(**vars(WORDS))
    ledger.act(services.change, row.id, WORDS, version=99, **acting)
    dated = replace(WORDS, dated=Dating(date(2022, 6, 1), Precision.MONTH))
    with pytest.raises(services.LibraryChanged):
        ledger.act(services.change, row.id, dated, version=99, **acting)
    ledger.act(services.change, row.id, dated, version=2, **acting)
    changes = [
        one.details["changes"] for one in ledger.all(select(Activity).where(Activity.verb == "resource_changed"))
    ]
    assert changes == [{"published": ["", "June 2022"]}]
    assert ledger.one(select(Resource)).version == 3


def test_resource_is_found_only_while_it_is_published(context, make, ledger, acting):
    row = make.resource("Terns", published=False)
    assert (listed(), listed("terns"), searched("terns")) == ([], [], [])
    with pytest.raises(NotFound):
        queries.get_resource(row.public_id, viewer=Visitor())
    db.session.rollback()
    for _ in range(2):
        ledger.act(services.publish, row.id, **acting)
    assert (listed(), listed("terns"), searched("terns")) == (["Terns"], ["Terns"], ["Terns"])
    for _ in range(2):
        ledger.act(services.archive, row.id, **acting)
    assert (listed(), listed("terns"), searched("terns")) == ([], [], [])
    assert queries.get_resource(row.public_id, viewer=Visitor()).is_archived
    db.session.rollback()
    ledger.act(services.bring_back, row.id, **acting)
    assert searched("terns") == ["Terns"]
    verbs = ledger.all(select(Activity.verb).order_by(Activity.id))
    assert verbs == ["resource_created", "resource_published", "resource_archived", "resource_brought_back"]


def test_draft_is_neither_archived_nor_brought_back(make, ledger, acting):
    row = make.resource(published=False)
    ledger.act(services.bring_back, row.id, **acting)
    with pytest.raises(services.LibraryRefused):
        ledger.act(services.archive, row.id, **acting)
    assert ledger.one(select(Resource.state)) is LibraryState.DRAFT


def test_what_is_published_always_leads_somewhere(app, context, make, ledger, acting, now):
    nowhere = replace(WORDS, url="")
    row = make.resource(published=False, **vars(nowhere))
    with pytest.raises(services.LibraryRefused):
        ledger.act(services.publish, row.id, **acting)
    written = files.write(b"%PDF-1.7", "application/pdf", folder=app.config["SETTINGS"].files_path, now=now)
    ledger.act(services.attach_file, row.id, written, "terns.pdf", **acting)
    ledger.act(services.publish, row.id, **acting)
    with pytest.raises(services.LibraryRefused):
        ledger.act(services.remove_file, row.id, **acting)
    ledger.act(services.change, row.id, WORDS, version=3, **acting)
    for _ in range(2):
        ledger.act(services.remove_file, row.id, **acting)
    with pytest.raises(services.LibraryRefused) as refused:
        ledger.act(services.change, row.id, nowhere, version=5, **acting)
    assert refused.value.field == "url"
    assert ledger.one(select(Resource)).url == WORDS.url


def test_file_of_a_resource_is_not_swept_and_goes_after_it_was_taken_away(app, make, ledger, acting, now):
    folder = app.config["SETTINGS"].files_path
    row = make.resource()
    written = files.write(b"%PDF-1.7 swept", "application/pdf", folder=folder, now=now)
    ledger.act(services.attach_file, row.id, written, "a.pdf", **acting)
    later = now + timedelta(days=2)
    with app.app_context():
        housekeeping.sweep_files(folder, now=later)
    assert ledger.count(StoredFile) == 1
    ledger.act(services.remove_file, row.id, **acting)
    with app.app_context():
        housekeeping.sweep_files(folder, now=later)
    assert ledger.count(StoredFile) == 0


def test_author_who_is_a_speaker_stays_so_until_somebody_says_otherwise(context, make, ledger, acting):
    speaker = make.speaker("Ann Lee")
    words = replace(WORDS, authors=("Ann Lee", "Ben Ito"))
    row = make.resource(**vars(words))
    ledger.act(services.link_author, row.id, "ann lee", speaker.public_id, **acting)
    ledger.act(services.change, row.id, replace(words, authors=("Ben Ito", "Ann Lee")), version=3, **acting)

    def leads():
        found = queries.get_resource(row.public_id, viewer=Visitor())
        db.session.rollback()
        return {one.name: one.speaker_id for one in found.authors}

    assert leads() == {"Ben Ito": None, "Ann Lee": speaker.id}
    with pytest.raises(NotFound):
        ledger.act(services.link_author, row.id, "Nobody", speaker.public_id, **acting)
    with pytest.raises(NotFound):
        ledger.act(services.link_author, row.id, "Ann Lee", "bbbbbbbbbbbb", **acting)
    ledger.act(services.link_author, row.id, "Ann Lee", "", **acting)
    assert leads() == {"Ben Ito": None, "Ann Lee": None}


def test_author_stays_by_name_when_the_profile_is_deleted(context, make, ledger, acting):
    speaker = make.speaker("Ann Lee")
    row = make.resource("Terns", authors=("Ann Lee",))
    ledger.act(services.link_author, row.id, "Ann Lee", speaker.public_id, **acting)
    ledger.act(lambda: db.session.delete(db.session.get_one(Speaker, speaker.id)))
    assert ledger.rows(select(ResourceAuthor.name, ResourceAuthor.speaker_id)) == [("Ann Lee", None)]
    assert listed("ann") == ["Terns"]


def test_sessions_of_one_event_are_chosen_without_touching_others_and_kept_pages_hear_of_it(
    context, make, ledger, acting
):
    one, other = make.event(), make.event()
    here, there, third = make.session(one, "Here"), make.session(other, "There"), make.session(one, "Third")
    row = make.resource("Terns", sessions=[here, there])
    before = ledger.revision(one), ledger.revision(other)
    ledger.act(services.relate, row.id, one.id, [third.public_id, there.public_id], **acting)
    assert (about(here), about(there), about(third)) == ([], ["Terns"], ["Terns"])
    assert {session.title for session in queries.sessions_about(row.id)} == {"There", "Third"}
    db.session.rollback()
    assert (ledger.revision(one) > before[0], ledger.revision(other) > before[1]) == (True, True)
    before = ledger.revision(other)
    ledger.act(services.archive, row.id, **acting)
    assert ledger.revision(other) > before
    assert about(there) == []


def test_collection_keeps_its_order_and_shows_what_is_published(context, make, ledger, acting):
    one, two, three = (make.resource(title) for title in ("One", "Two", "Three"))
    shelf = make.collection("Shelf", one, two, three, one)

    def order():
        found = [row.title for row in queries.resources_in(shelf.id)]
        db.session.rollback()
        return found

    assert order() == ["One", "Two", "Three"]
    ledger.act(services.move, shelf.id, three.id, up=True, **acting)
    ledger.act(services.move, shelf.id, one.id, up=True, **acting)
    ledger.act(services.move, shelf.id, 10**6, up=True, **acting)
    assert order() == ["One", "Three", "Two"]
    ledger.act(services.archive, three.id, **acting)
    assert order() == ["One", "Two"]
    ledger.act(services.bring_back, three.id, **acting)
    for _ in range(2):
        ledger.act(services.remove, shelf.id, one.id, **acting)
    ledger.act(services.add, shelf.id, one.id, **acting)
    assert order() == ["Three", "Two", "One"]


def test_collection_is_found_while_published_and_not_published_empty(context, make, ledger, acting):
    shelf = make.collection("Gulls", published=False)
    with pytest.raises(services.LibraryRefused):
        ledger.act(services.publish_collection, shelf.id, **acting)
    ledger.act(services.add, shelf.id, make.resource().id, **acting)
    assert searched("gulls") == []
    for _ in range(2):
        ledger.act(services.publish_collection, shelf.id, **acting)
    assert searched("gulls") == ["Gulls"]
    ledger.act(services.archive_collection, shelf.id, **acting)
    assert (searched("gulls"), queries.find_collections()) == ([], [])
    db.session.rollback()
    ledger.act(services.bring_back_collection, shelf.id, **acting)
    with pytest.raises(services.LibraryChanged):
        ledger.act(services.describe_collection, shelf.id, title="Terns", introduction="", version=1, **acting)
    version = ledger.one(select(Collection.version))
    ledger.act(services.describe_collection, shelf.id, title="Terns", introduction="", version=version, **acting)
    assert searched("terns") == ["Terns"]


def test_collection_takes_in_and_is_published_with_what_is_published_alone(context, make, ledger, acting):
    draft, old, last = make.resource(published=False), make.resource("Old"), make.resource("Last")
    ledger.act(services.archive, old.id, **acting)
    shelf = make.collection("Gulls", last, published=False)
    for resource in (draft, old):
        with pytest.raises(services.LibraryRefused, match="not in the lists"):
            ledger.act(services.add, shelf.id, resource.id, **acting)
    ledger.act(services.archive, last.id, **acting)
    # In it already, nothing happens.
    ledger.act(services.add, shelf.id, last.id, **acting)
    with pytest.raises(services.LibraryRefused, match="in the lists"):
        ledger.act(services.publish_collection, shelf.id, **acting)
    ledger.act(services.bring_back, last.id, **acting)
    ledger.act(services.publish_collection, shelf.id, **acting)
    ledger.act(services.archive, last.id, **acting)
    ledger.act(services.publish_collection, shelf.id, **acting)
    ledger.act(services.archive_collection, shelf.id, **acting)
    with pytest.raises(services.LibraryRefused, match="in the lists"):
        ledger.act(services.bring_back_collection, shelf.id, **acting)
    items = select(CollectionItem.resource_id)
    assert (ledger.all(items), ledger.one(select(Collection.state))) == ([last.id], LibraryState.ARCHIVED)


def test_resources_follow_the_names_of_their_organisations_and_themes_in_the_search(context, make, ledger):
    programme = make.programme(themes=["Waders"])
    body = make.organisation("Old name")
    make.resource(
        "Notes", programme_id=programme.id, organisations=("Old name",), themes=[programme.themes[0].public_id]
    )
    assert searched("old name") == searched("waders") == ["Notes"]
    ledger.change(body, name="New name", name_folded="new name")
    ledger.change(programme.themes[0], name="Ducks")
    assert (searched("new name"), searched("ducks"), searched("waders")) == (["Notes"], ["Notes"], [])
