"""Reflective tools on the organisers' side: made, published in versions, merged when two edit, sent to who came."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.ledger import Ledger
from webapp.models.accounts import Role, ThingKind
from webapp.models.attendance import Came
from webapp.models.reflections import Framework, FrameworkVersion
from webapp.models.to_many import Mailing, MailingState


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


def test_tool_is_made_published_changed_and_retired(organiser, ledger):
    page = organiser.get(organiser.get("/manage/tools").link("Make a tool"))
    page = organiser.send(page.form(), title="Tool", summary="To think with")
    tool = ledger.one(select(Framework))
    public = f"/tools/{tool.slug}-{tool.public_id}"
    assert organiser.get(public).status == 404
    page = organiser.send(organiser.get(page.link("Add an outcome")).form(), title="Safe", new1="What?", new3="How?")
    assert "Safe" in page.text
    page = organiser.send(page.form("/publish"))
    assert "Version 1 is what the tool asks from now on." in page.text
    assert "Safe What? How?" in organiser.get(public).text

    page = organiser.send(organiser.get(page.link("Change “Safe”")).form(), p2="", p3="How so?")
    assert "People are asked as in that version until you publish." in page.text
    assert "Safe What? How?" in organiser.get(public).text
    page = organiser.send(page.form("/publish"))
    assert "Safe How so?" in organiser.get(public).text
    assert "Safe What? How?" in organiser.get(page.link("Version 1")).text
    assert [one.number for one in ledger.all(select(FrameworkVersion).order_by(FrameworkVersion.number))] == [1, 2]

    page = organiser.send(page.form("/offer"))
    assert "not offered any more" in organiser.get(public).text
    assert "A tool" not in organiser.get("/tools").text
    organiser.send(page.form("/offer"))
    assert organiser.get("/tools").has_link("Tool")


def test_empty_tool_is_not_published_and_outcomes_are_moved_and_taken_out(organiser, ledger):
    page = organiser.send(organiser.get("/manage/tools/new").form(), title="Tool", summary="To think with")
    for title in ("One", "Two"):
        page = organiser.send(organiser.get(page.link("Add an outcome")).form(), title=title)
    refused = organiser.send(page.form("/publish"))
    assert (refused.status, refused.errors) == (409, ["Add an outcome with at least one prompt first."])
    moving = next(one for one in page.forms() if one.action.endswith("/move"))
    page = organiser.send(moving, down="1")
    assert page.text.index("Two") < page.text.index("One")
    assert organiser.send(moving, down="1x").status == 422
    page = organiser.send(organiser.get(page.link("Take out “One”")).form())
    assert [one.title for one in ledger.one(select(Framework)).drafted.outcomes] == ["Two"]


def test_two_who_edit_the_same_outcome_are_merged_field_by_field(organiser, make, programme, ledger):
    tool = make.framework(programme_id=programme.id)
    page = organiser.get(f"/manage/tools/{tool.slug}-{tool.public_id}/outcomes/1")
    first, second = page.form(), page.form()
    organiser.send(first, p2="Theirs")
    merged = organiser.send(second, p3="Mine")
    assert merged.status == 409
    assert merged.form().values["p2"] == ["Theirs"]
    organiser.send(merged.form())
    assert [one.text for one in ledger.one(select(Framework)).drafted.prompts] == ["Theirs", "Mine"]


def test_tool_is_sent_to_those_who_came_by_a_letter_that_waits_as_a_draft(organiser, make, programme, ledger, now):
    tool = make.framework("Think & *write*", programme_id=programme.id)
    show = f"/manage/tools/{tool.slug}-{tool.public_id}"
    assert "has begun yet" in organiser.get(f"{show}/send").text
    event = make.event("Past", programme_id=programme.id, starts_on=now.date() - timedelta(days=1), days=1)
    make.event("Of another programme", starts_on=now.date() - timedelta(days=1), days=1)

    page = organiser.get(f"{show}/send")
    assert [one.get("value") for one in page.all("input", name="event")] == [event.public_id]
    page = organiser.send(page.form(), event=event.public_id)

    assert "The letter is written as a draft." in page.text
    mailing = ledger.one(select(Mailing))
    assert (mailing.event_id, mailing.state, mailing.people.attendance) == (
        event.id,
        MailingState.DRAFT,
        (Came.CAME, Came.IN_PART),
    )
    assert f"https://waymark.example.org/tools/{tool.slug}-{tool.public_id}" in mailing.body
    assert ledger.letters() == []


def test_organiser_of_one_event_keeps_no_tools(browser, make):
    event = make.event()
    person = make.person()
    make.grant(person, Role.ORGANISER, ThingKind.EVENT, event.id)
    browser.sign_in(make.signed_in(person))
    assert browser.get("/manage/tools").status == 403
