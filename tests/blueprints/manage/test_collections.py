"""Collections on the organisers' side: made, filled, put in order by buttons, published, archived."""

import pytest
from sqlalchemy import select

from tests.ledger import Ledger
from webapp.models.accounts import Role, ThingKind
from webapp.models.library import Collection, CollectionItem, LibraryState, Resource


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def programme(make):
    return make.programme("Pathways")


@pytest.fixture
def organiser(browser, make, programme):
    person = make.person("Morgan")
    make.grant(person, Role.ORGANISER, ThingKind.PROGRAMME, programme.id)
    return browser.sign_in(make.signed_in(person))


def order(ledger):
    items = select(Resource.title).join(CollectionItem, CollectionItem.resource_id == Resource.id)
    return ledger.all(items.order_by(CollectionItem.position))


def add(organiser, page, title):
    form = next(one for one in page.forms() if one.action.endswith("/add"))
    (button,) = [one for one in page.all("button", name="resource") if "".join(one.itertext()) == f"Put it in: {title}"]
    return organiser.send(form, resource=button.get("value"))


def test_collection_is_made_filled_put_in_order_published_and_archived(organiser, make, programme, ledger):
    for title in ("Terns", "Eels", "Gulls"):
        make.resource(title)
    make.resource("Draft", published=False)
    page = organiser.get(organiser.get("/manage/library").link("Collections"))
    page = organiser.get(page.link("Make a collection"))
    page = organiser.send(page.form(), title="Shore", introduction="Why **these**")
    refused = organiser.send(page.form("/publish"))
    assert (refused.status, refused.errors) == (409, ["Put a resource into the collection first."])
    assert "Draft: " not in page.text
    for title in ("Terns", "Eels", "Gulls"):
        page = add(organiser, page, title)
    assert order(ledger) == ["Terns", "Eels", "Gulls"]
    assert page.text.count("In the collection") == 3

    moving = next(one for one in page.forms() if one.action.endswith("/move"))
    eels = ledger.one(select(Resource.public_id).where(Resource.title == "Eels"))
    organiser.send(moving, up=eels)
    assert order(ledger) == ["Eels", "Terns", "Gulls"]
    moving.values.pop("up")
    page = organiser.send(moving, out=eels)
    assert order(ledger) == ["Terns", "Gulls"]
    assert "“Eels” is taken out." in page.text
    moving.values.pop("out")
    organiser.send(moving, down="bbbbbbbbbbbb")
    organiser.send(moving)
    assert order(ledger) == ["Terns", "Gulls"]

    page = organiser.send(page.form("/publish"))
    public = organiser.get(page.link("Its public page"))
    assert public.text.index("Why these") < public.text.index("Terns") < public.text.index("Gulls")
    page = organiser.send(page.form("/archive"))
    assert "This collection is archived" in organiser.get(public.address).text
    organiser.send(page.form("/bring-back"))
    assert ledger.one(select(Collection.state)) is LibraryState.PUBLISHED


def test_only_published_resources_are_put_in_and_are_looked_for_by_words(organiser, make, programme, ledger):
    shelf = make.collection("Shore", programme_id=programme.id, published=False)
    make.resource("Terns")
    make.resource("Eels")
    hidden = make.resource("Hidden", published=False)
    page = organiser.get(f"/manage/collections/{shelf.slug}-{shelf.public_id}?q=ter")
    assert ("Terns" in page.text, "Eels" in page.text) == (True, False)
    form = next(one for one in page.forms() if one.action.endswith("/add"))
    assert organiser.send(form, resource=hidden.public_id).status == 404
    assert order(ledger) == []


def test_two_who_edit_one_collection_are_merged(organiser, make, programme, ledger):
    shelf = make.collection("Shore", programme_id=programme.id, published=False)
    page = organiser.get(f"/manage/collections/{shelf.slug}-{shelf.public_id}/edit")
    first, second = page.form(), page.form()
    organiser.send(first, title="Theirs")
    merged = organiser.send(second, introduction="Mine")
    assert (merged.status, merged.form().values["title"]) == (409, ["Theirs"])
    page = organiser.send(merged.form())
    row = ledger.one(select(Collection))
    assert (row.title, row.introduction) == ("Theirs", "Mine")
    assert organiser.send(second, title="").status == 422


def test_collection_of_another_programme_is_not_there(organiser, make):
    shelf = make.collection("Theirs", published=False)
    assert organiser.get(f"/manage/collections/{shelf.slug}-{shelf.public_id}").status == 404
    assert "Theirs" not in organiser.get("/manage/collections").text
