"""Programmes on the organisers' side: their words, waves, areas, timeline and partners, by people who set them up."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.browsing import Browser
from tests.ledger import Ledger
from webapp.database import Base
from webapp.models.accounts import Role, ThingKind
from webapp.models.areas import Area, AreaPartner, AreaStrand, Milestone, Wave, WaveStage
from webapp.models.belonging import MemberRole
from webapp.models.library import Precision
from webapp.models.memberships import Membership
from webapp.models.organisations import Organisation
from webapp.models.programmes import Programme, ProgrammePart, Theme
from webapp.queries.programmes import THEME_HOLDERS


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def programme(make):
    return make.programme("Families first", themes=["Help"])


@pytest.fixture
def organiser(browser, make, programme):
    person = make.person("Morgan")
    make.grant(person, Role.ORGANISER, ThingKind.PROGRAMME, programme.id)
    return browser.sign_in(make.signed_in(person))


def address(thing, kind="programmes", rest=""):
    return f"/manage/{kind}/{thing.slug}-{thing.public_id}{rest}"


def test_wave_is_made_with_stages_changed_moved_and_removed(organiser, programme, ledger):
    page = organiser.get(organiser.get("/manage/events").link("Programmes, waves and areas"))
    page = organiser.get(page.link("Families first"))
    form = organiser.get(page.link("Add a wave")).form()
    stages = "Application: Until June 2023\nCo-design: July to December 2023\nPhase 2: delivery\nReview: 2025"
    page = organiser.send(form, name="Wave 1", starts="July 2023", ends="March 2025", stages=stages)
    assert "July 2023 to March 2025" in page.text
    dated = select(WaveStage.name, WaveStage.starts_on, WaveStage.ends_on, WaveStage.precision)
    month, year = Precision.MONTH, Precision.YEAR
    assert [tuple(row) for row in ledger.rows(dated.order_by(WaveStage.position))] == [
        ("Application", None, date(2023, 6, 1), month),
        ("Co-design", date(2023, 7, 1), date(2023, 12, 1), month),
        ("Phase 2: delivery", None, None, month),
        ("Review", date(2025, 1, 1), date(2025, 1, 1), year),
    ]
    change = organiser.get(page.link("Change Wave 1")).form()
    # As it stands is as it is typed.
    assert change.values["stages"] == [stages]
    page = organiser.send(change, name="First wave", stages=stages + "\nHandover: From 3 April 2025")
    wave = ledger.one(select(Wave))
    assert (wave.name, wave.slug, wave.version) == ("First wave", "first-wave", 2)
    organiser.send(organiser.get(page.link("Add a wave")).form(), name="Second wave")
    page = organiser.get(address(programme))
    organiser.send(page.form(f"{wave.public_id}/move"), down="1")
    assert ledger.all(select(Wave.name).order_by(Wave.position)) == ["Second wave", "First wave"]
    page = organiser.get(organiser.get(address(programme)).link("Remove First wave"))
    page = organiser.send(page.form())
    assert "“First wave” is removed." in page.text
    assert (ledger.all(select(Wave.name)), ledger.count(WaveStage)) == (["Second wave"], 0)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Enter what the wave is called"),
        ({"starts": "soon"}, "Begins must be a real date, month or year, like 14 June 2022, June 2022 or 2022"),
        ({"starts": "2023", "ends": "June 2024"}, "Enter both to the same detail: two days, two months, or two years"),
        ({"starts": "July 2023", "ends": "June 2023"}, "The end must be the same as or after the beginning"),
        ({"stages": "Design: 99 June"}, "“Design: 99 June”: write the dates like"),
        ({"stages": "Design: 2024 to 2023"}, "“Design: 2024 to 2023”: write the dates like"),
        ({"stages": ": 2024"}, "Stages: give each a name of 120 characters or fewer"),
        ({"stages": "\n".join(f"Stage {number}" for number in range(13))}, "A wave has 12 stages at most"),
    ],
)
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_wave_that_cannot_be_is_refused_and_nothing_typed_is_lost(organiser, programme, ledger, typed, said):
    form = organiser.get(address(programme, rest="/waves/new")).form()
    page = organiser.send(form, **({"name": "Wave 1", "summary": "Kept <b>words</b>"} | typed))
    assert page.status in {409, 422}
    assert len(page.errors) == 1
    assert page.errors[0].startswith(said)
    assert page.form().values["summary"] == ["Kept <b>words</b>"]
    assert ledger.count(Wave) == 0


def test_two_who_change_one_wave_are_merged(organiser, make, programme, ledger):
    wave = make.wave("Wave 1", programme_id=programme.id)
    page = organiser.get(address(wave, "waves", "/edit"))
    first, second = page.form(), page.form()
    organiser.send(first, name="Theirs", stages="One: 2024")
    merged = organiser.send(second, summary="Mine")
    assert (merged.status, merged.form().values["name"]) == (409, ["Theirs"])
    organiser.send(merged.form())
    row = ledger.one(select(Wave))
    assert (row.name, row.summary, ledger.all(select(WaveStage.name))) == ("Theirs", "Mine", ["One"])


def test_area_is_placed_and_its_people_go_with_it_into_another_wave(organiser, make, programme, ledger):
    first, second = (make.wave(name, programme_id=programme.id) for name in ("Wave 1", "Wave 2"))
    police = make.organisation("Alder Police")
    page = organiser.get(organiser.get(address(programme)).link("Add an area to Wave 1"))
    assert page.form().values["wave"] == [first.public_id]
    partners = "alder police: child protection teams\nHomes for All"
    named = {"name": "Alder", "organisation": "Alder Council", "partners": partners}
    page = organiser.send(page.form(), **(named | {"partners": f"Homes: {'x' * 121}"}))
    assert page.errors == ["Partners: 200 characters or fewer for a name, 120 for what it does"]
    page = organiser.send(page.form(), partners=partners)
    area = ledger.one(select(Area))
    assert "Nobody leads it" in page.text
    make.member(area=area, role=MemberRole.LEAD)
    assert "Nobody leads it" not in organiser.get(page.address).text
    parts = select(AreaPartner.organisation_id, AreaPartner.part).order_by(AreaPartner.id)
    assert (area.wave_id, ledger.one(select(Organisation.id).where(Organisation.name == "Alder Council"))) == (
        first.id,
        area.organisation_id,
    )
    assert ledger.rows(parts)[0] == (police.id, "child protection teams")
    member = make.member(area=area)
    change = organiser.get(page.link("Change Alder")).form()
    page = organiser.send(change, wave=second.public_id, partners="Alder Police: everything")
    assert ledger.one(select(Membership.wave_id).where(Membership.id == member.id)) == second.id
    assert [tuple(row) for row in ledger.rows(parts)] == [(police.id, "everything")]
    refused = organiser.send(organiser.get(page.link("Remove Alder")).form())
    assert (refused.status, refused.errors) == (409, ["Alder has people, so it cannot be removed."])
    empty = make.area("Birch", wave=second)
    held = organiser.send(organiser.get(address(second, "waves", "/remove")).form())
    assert held.errors == ["“Wave 2” has areas and people, so it cannot be removed."]
    organiser.send(organiser.get(address(empty, "areas", "/remove")).form())
    assert ledger.all(select(Area.name)) == ["Alder"]


def test_two_areas_of_one_wave_have_names_of_their_own(organiser, make, programme, ledger):
    wave = make.wave(programme_id=programme.id)
    make.area("Alder", wave=wave)
    page = organiser.send(organiser.get(address(programme, rest="/areas/new")).form(), name="ÁLDER")
    assert (page.status, page.errors) == (409, ["Another area of this wave has this name"])
    assert ledger.count(Area) == 1


def test_milestone_is_put_on_the_timeline_changed_and_taken_off(organiser, make, programme, ledger):
    wave = make.wave("Wave 1", programme_id=programme.id)
    elsewhere = make.wave("Wave of others")
    page = organiser.get(organiser.get(address(programme)).link("Put something on the timeline"))
    refused = organiser.send(page.form(), title="Strategy", starts="", wave=elsewhere.public_id)
    assert refused.errors == ["Enter when it is", "Select a wave"]
    page = organiser.send(refused.form(), starts="2 February 2023", wave=wave.public_id)
    assert "2 February 2023" in page.text
    page = organiser.send(organiser.get(page.link("Change Strategy")).form(), ends="3 February 2023", wave="")
    row = ledger.one(select(Milestone))
    assert (row.wave_id, row.ends_on, row.precision) == (None, date(2023, 2, 3), Precision.DAY)
    organiser.send(organiser.get(page.link("Remove Strategy")).form())
    assert ledger.count(Milestone) == 0


def test_partners_are_named_with_their_part_once_and_taken_away(organiser, make, programme, ledger):
    helpers = make.organisation("Helpers")
    page = organiser.get(address(programme))
    refused = organiser.send(page.form("/parts"), organisation="", task="Coaches")
    assert refused.errors == ["Enter the organisation", "Select the part that it plays"]
    for task in ("Coaches", "Coaches the areas"):
        page = organiser.send(refused.form("/parts"), organisation="helpers", part="partner", theme="", task=task)
    row = ledger.one(select(ProgrammePart))
    assert (row.organisation_id, row.theme_id, row.task) == (helpers.id, None, "Coaches the areas")
    theirs = ProgrammePart(programme_id=make.programme().id, organisation_id=helpers.id, part=row.part)
    make._kept(theirs)
    form = page.form("/parts/remove")
    organiser.send(form, part=str(theirs.id))
    organiser.send(form, part="9" * 30)
    assert ledger.count(ProgrammePart) == 2
    organiser.send(form, part=str(row.id))
    assert ledger.one(select(ProgrammePart.id)) == theirs.id


def test_programme_says_something_else_of_itself_and_two_who_do_are_merged(organiser, make, programme, ledger):
    make.programme("Taken")
    page = organiser.get(address(programme, rest="/edit"))
    first, second = page.form(), page.form()
    assert organiser.send(page.form(), name="TAKEN").errors == ["Another programme has this name"]
    organiser.send(first, description="## Why\n\nBecause.")
    merged = organiser.send(second, summary="In short")
    assert merged.status == 409
    organiser.send(merged.form())
    row = ledger.one(select(Programme).where(Programme.id == programme.id))
    assert (row.summary, row.description, row.version) == ("In short", "## Why\n\nBecause.", 3)


def test_theme_is_added_changed_put_in_order_and_removed_while_nothing_refers_to_it(
    organiser, make, programme, ledger, app
):
    page = organiser.get(address(programme))
    form = organiser.get(page.link("Add a strand, model, pillar or topic")).form()
    refused = organiser.send(form, name="HELP")
    assert (refused.status, refused.errors) == (422, ["Select what it is"])
    refused = organiser.send(refused.form(), kind="strand")
    said = "Another strand, model, pillar or topic of this programme has this name"
    assert (refused.status, refused.errors) == (409, [said])
    page = organiser.send(refused.form(), name="Early help", summary="Before it is late.")
    page = organiser.send(form, name="Data", kind="strand")
    in_order = select(Theme.name).where(Theme.programme_id == programme.id).order_by(Theme.position)
    assert ledger.all(in_order) == ["Help", "Early help", "Data"]
    data = ledger.one(select(Theme).where(Theme.name == "Data"))
    organiser.send(page.form(f"{data.public_id}/move"), up="1")
    # The first of its kind does not go among others.
    organiser.send(page.form(f"{data.public_id}/move"), up="1")
    assert ledger.all(in_order) == ["Help", "Data", "Early help"]

    change = organiser.get(page.link("Change Data"))
    first, second = change.form(), change.form()
    organiser.send(first, name="Better data")
    merged = organiser.send(second, summary="Shared well.")
    assert (merged.status, merged.form().values["name"]) == (409, ["Better data"])
    # What somebody says of another meanwhile is no conflict.
    organiser.send(organiser.get(page.link("Change Help")).form(), name="Family help")
    page = organiser.send(merged.form())
    row = ledger.one(select(Theme).where(Theme.id == data.id))
    assert (row.name, row.summary) == ("Better data", "Shared well.")

    area = make.area(wave=make.wave(programme_id=programme.id))
    make._kept(AreaStrand(area_id=area.id, theme_id=data.id, model="Ours"))
    make.event(programme_id=programme.id, themes=[data])
    refused = organiser.send(organiser.get(page.link("Change Better data")).form(), kind="topic")
    assert refused.errors == ["Areas tell of their work by it, so it stays a strand or a practice model"]
    refused = organiser.send(organiser.get(page.link("Remove Better data")).form())
    assert refused.errors == ["“Better data” stands with areas and events, so it cannot be removed."]
    page = organiser.send(organiser.get(page.link("Remove Early help")).form())
    assert "“Early help” is removed." in page.text
    assert ledger.all(in_order) == ["Family help", "Better data"]
    theirs = make.programme(themes=["Theirs"]).themes[0]
    assert organiser.get(address(programme, rest=f"/themes/{theirs.public_id}")).status == 404


@pytest.mark.memory
def test_all_that_refers_to_a_theme_keeps_it():
    referring = {
        key.parent
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.target_fullname == "themes.id"
    }
    assert {column for _, column in THEME_HOLDERS} == referring


def test_programme_is_set_up_by_who_sets_up_everything(browser, organiser, make, programme, ledger, app):
    assert "Set up a programme" not in organiser.get("/manage/programmes").text
    assert organiser.get("/manage/programmes/new").status == 403
    person = make.person("Ada")
    make.grant(person, Role.OWNER, ThingKind.SITE, 0)
    founder = Browser(app).sign_in(make.signed_in(person))
    form = founder.get(founder.get("/manage/programmes").link("Set up a programme")).form()
    refused = founder.send(form, name="FAMILIES first", summary="In short", description="## Why")
    assert (refused.status, refused.errors) == (409, ["Another programme has this name"])
    page = founder.send(refused.form(), name="Homes for all")
    assert (page.heading, "There is none yet." in page.text) == ("Homes for all", True)
    row = ledger.one(select(Programme).where(Programme.id != programme.id))
    assert (row.name, row.slug, row.summary, row.description) == (
        "Homes for all",
        "homes-for-all",
        "In short",
        "## Why",
    )
    assert "Homes for all" in founder.get("/manage/programmes").text
    assert founder.get("/programmes/homes-for-all-" + row.public_id).heading == "Homes for all"


def test_programme_of_others_and_what_is_in_it_are_not_there(organiser, make, app):
    theirs = make.programme("Theirs")
    wave = make.wave("Theirs", programme_id=theirs.id)
    area = make.area("Theirs", wave=wave)
    for place in (address(theirs), address(wave, "waves", "/edit"), address(area, "areas", "/remove")):
        assert organiser.get(place).status == 404
    assert "Theirs" not in organiser.get("/manage/programmes").text
    assert Browser(app).get(address(theirs)).heading == "Sign in"
