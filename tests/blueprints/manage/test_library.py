"""Resources on the organisers' side: made, described, given a file, related, published, reviewed, archived."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.ledger import Ledger
from tests.uploads import PDF, send
from webapp.models.accounts import Role, ThingKind
from webapp.models.library import LibraryState, Precision, Resource, ResourceKind


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def programme(make):
    return make.programme("Pathways", themes=["Waders", "Ducks"])


@pytest.fixture
def organiser(browser, make, programme):
    person = make.person("Morgan")
    make.grant(person, Role.ORGANISER, ThingKind.PROGRAMME, programme.id)
    return browser.sign_in(make.signed_in(person))


def address(resource):
    return f"/manage/library/{resource.slug}-{resource.public_id}"


def test_resource_is_made_changed_published_archived_and_brought_back(organiser, programme, ledger):
    page = organiser.get(organiser.get("/manage/library").link("Add a resource"))
    refused = organiser.send(page.form(), title="", url="http://example.org", published="Juny 2022", authors="\n")
    assert refused.status == 422
    assert refused.errors == [
        "Select a kind",
        "Enter the title",
        "Enter a summary",
        "Enter an address that begins with https://, like https://www.example.org/report",
        "Date of publication must be a real date, month or year, like 14 June 2022, June 2022 or 2022",
    ]
    page = organiser.send(
        refused.form(),
        kind="guide",
        title="Terns",
        summary="For roofs",
        url="https://example.org/terns",
        published="june 2022",
        authors="Zoë Ade\n\nAnn Lee",
        organisations="Bird Trust",
        themes=[programme.themes[1].public_id],
    )
    assert "Draft" in page.text
    row = ledger.one(select(Resource))
    assert (row.kind, row.published_on, row.published_precision) == (
        ResourceKind.GUIDE,
        date(2022, 6, 1),
        Precision.MONTH,
    )
    form = organiser.get(page.link("Change what is said of it")).form()
    refused = organiser.send(form, published="2020", review_on="9/5/2027")
    assert (refused.status, refused.errors) == (
        422,
        ["This date is past already. Enter a day that is still to come, or leave it empty"],
    )
    page = organiser.send(refused.form(), review_on="10/5/2027")
    # A day that has come since it was set may stay.
    ledger.change(ledger.one(select(Resource)), review_on=date(2025, 5, 1))
    page = organiser.send(organiser.get(page.link("Change what is said of it")).form(), published="2021")
    assert "Published 2021" in page.text
    assert "Themes Ducks" in page.text

    page = organiser.send(page.form("/publish"))
    assert organiser.get(page.link("Its public page")).text.count("to be reviewed in May 2025") == 1
    index = organiser.get("/manage/library")
    page = organiser.get(index.link("1 resource is to be reviewed"))
    assert "To be reviewed" in page.text
    page = organiser.send(organiser.get(page.link("Terns")).form("/archive"))
    assert ledger.one(select(Resource.state)) is LibraryState.ARCHIVED
    assert "No resource is like that" in organiser.get("/manage/library?state=review").text
    assert organiser.get("/manage/library?state=archived&kind=guide&q=zoe").has_link("Terns")
    assert not organiser.get("/manage/library?state=published").has_link("Terns")
    organiser.send(page.form("/bring-back"))
    assert ledger.one(select(Resource.state)) is LibraryState.PUBLISHED


def test_two_who_edit_one_resource_are_merged_field_by_field(organiser, make, programme, ledger):
    resource = make.resource("Terns", programme_id=programme.id)
    page = organiser.get(f"{address(resource)}/edit")
    first, second = page.form(), page.form()
    organiser.send(first, summary="Theirs", themes=[programme.themes[0].public_id])
    merged = organiser.send(second, title="Mine", summary="To read.")
    assert merged.status == 409
    assert (merged.form().values["summary"], merged.form().values["themes"]) == (
        ["Theirs"],
        [programme.themes[0].public_id],
    )
    organiser.send(merged.form())
    row = ledger.one(select(Resource))
    assert (row.title, row.summary) == ("Mine", "Theirs")


def test_file_is_taken_by_what_it_holds_replaced_and_removed(organiser, make, programme, ledger):
    resource = make.resource("Terns", programme_id=programme.id)
    page = organiser.get(organiser.get(address(resource)).link("Add a file"))
    assert organiser.send(page.form()).errors == ["Choose a file"]
    svg = send(organiser, page.form(), "document", b"<svg><script>alert(1)</script></svg>", "terns.pdf")
    assert svg.status == 422
    assert svg.errors[0].startswith("This is an SVG drawing, which can hold programs.")
    page = send(organiser, page.form(), "document", PDF, "Terns of 2027.pdf")
    assert page.has_link("Terns of 2027.pdf")
    with organiser.client.get(page.link("Terns of 2027.pdf")) as fetched:
        assert fetched.get_data() == PDF
    page = organiser.send(page.form("/file/remove"))
    assert page.has_link("Add a file")


def test_published_resource_cannot_be_left_leading_nowhere(organiser, make, programme):
    resource = make.resource("Terns", programme_id=programme.id)
    page = organiser.get(f"{address(resource)}/edit")
    refused = organiser.send(page.form(), url="", title="Gulls")
    assert refused.status == 409
    assert refused.errors[0].startswith("Enter an address: without one")
    assert refused.form().values["title"] == ["Gulls"]
    empty = make.resource("Nowhere", programme_id=programme.id, url="", published=False)
    refused = organiser.send(organiser.get(address(empty)).form("/publish"))
    assert (refused.status, refused.errors) == (409, ["Add an address or a file first."])


def test_author_is_told_to_be_a_speaker_of_that_name_and_taken_back(organiser, make, programme, ledger):
    make.speaker("Ann Lee", job_title="Nurse")
    make.speaker("Ben Ito")
    resource = make.resource(programme_id=programme.id, authors=["Ann Lee", "Cy Oh"])
    page = organiser.get(address(resource))
    assert "There is a speaker of this name, Nurse." in page.text
    page = organiser.send(page.form("/authors"))
    assert "Leads to a speaker’s profile" in page.text
    form = page.form("/authors")
    page = organiser.send(form)
    assert "There is a speaker of this name, Nurse." in page.text
    gone = organiser.send(form, author="Nobody", speaker="bbbbbbbbbbbb")
    assert (gone.status, gone.errors) == (404, ["This is not there any more. Nothing was changed."])


def test_sessions_are_chosen_event_by_event(organiser, make, programme, ledger):
    one = make.event("Shore day", programme_id=programme.id)
    make.event("Of others")
    here = make.session(one, "At low tide")
    resource = make.resource("Terns", programme_id=programme.id)
    page = organiser.get(organiser.get(address(resource)).link("Choose sessions"))
    assert "Of others" not in page.text
    page = organiser.get(f"{address(resource)}/sessions?event={one.public_id}")
    page = organiser.send(page.form(), sessions=[here.public_id])
    assert "At low tide" in page.text
    page = organiser.send(organiser.get(page.link("Shore day")).form(), sessions=[])
    assert "At low tide" not in page.text


def test_programme_is_chosen_first_where_there_are_several_and_others_stay_hidden(organiser, make, programme, ledger):
    theirs = make.resource("Theirs")
    assert organiser.get(address(theirs)).status == 404
    assert "Theirs" not in organiser.get("/manage/library").text
    person, second = make.person(), make.programme("Other")
    for one in (programme, second):
        make.grant(person, Role.OWNER, ThingKind.PROGRAMME, one.id)
    organiser.sign_in(make.signed_in(person))
    page = organiser.get(organiser.get("/manage/library/new").link("Other"))
    organiser.send(page.form(), kind="link", title="Gulls", summary="Where")
    assert ledger.one(select(Resource.programme_id).where(Resource.title == "Gulls")) == second.id


def test_organiser_of_one_event_keeps_no_library(browser, make):
    person = make.person()
    make.grant(person, Role.ORGANISER, ThingKind.EVENT, make.event().id)
    browser.sign_in(make.signed_in(person))
    assert [browser.get(f"/manage/{one}").status for one in ("library", "collections")] == [403, 403]
