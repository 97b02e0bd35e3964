"""Waves and dates on a programme's page, and the areas of waves beside one another."""

import io
from datetime import UTC, date, datetime

import openpyxl
import pytest

from tests.browsing import Browser, text_of
from tests.counting import statements
from tests.ledger import Ledger
from webapp import clock, kept
from webapp.extensions import db
from webapp.models.areas import AreaStrand, Milestone, WaveStage
from webapp.models.communities import Openness
from webapp.models.library import Precision
from webapp.models.programmes import Part, ProgrammePart, ThemeKind


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def programme(make):
    return make.programme("Families first", themes=["Help", "Networks"])


def address(programme, rest=""):
    return f"/programmes/{programme.slug}-{programme.public_id}{rest}"


def say(ledger, area, theme, **said):
    ledger.act(db.session.add, AreaStrand(area_id=area.id, theme_id=theme.id, **said))


def test_programme_page_tells_waves_stages_areas_partners_and_dates(make, browser, programme, ledger):
    wave = make.wave("Wave 1", programme_id=programme.id, starts_on=date(2023, 7, 1), summary="Three places.")
    make.area("Alder", wave=wave, organisation_id=make.organisation("Alder Council").id)
    stage = {"wave_id": wave.id, "position": 1, "name": "Co-design", "starts_on": date(2023, 7, 1)}
    ledger.act(db.session.add, WaveStage(**stage, ends_on=date(2024, 1, 1)))
    for place, name in enumerate(("Delivery", "Review"), start=2):
        ledger.act(db.session.add, WaveStage(wave_id=wave.id, position=place, name=name))
    milestone = {"programme_id": programme.id, "title": "The strategy is out", "precision": Precision.MONTH}
    ledger.act(db.session.add, Milestone(**milestone, starts_on=date(2023, 2, 1)))
    ledger.change(programme.themes[1], kind=ThemeKind.PILLAR)
    make.resource(programme_id=programme.id)
    part = {"programme_id": programme.id, "part": Part.PARTNER, "task": "Coaches the areas"}
    ledger.act(db.session.add, ProgrammePart(**part, organisation_id=make.organisation("Helpers").id))
    with clock.fixed(datetime(2023, 8, 1, tzinfo=UTC)):
        page = browser.get(address(programme))
    # Each theme stands under its own kind.
    heads = [text_of(one) for one in page.tree.iter() if one.tag.endswith(("h2", "h3"))]
    assert [one for one in heads if one in {"Practice models", "Help", "Pillars", "Networks"}] == [
        "Practice models",
        "Help",
        "Pillars",
        "Networks",
    ]
    for said in ("Three places.", "Alder Council", "Co-design", "Helpers : Coaches the areas", "No area is named"):
        assert (said in page.text) == (said != "No area is named"), said
    rows = [[text_of(cell) for cell in row if cell.tag.endswith(("th", "td"))] for row in page.all("tr")][1:]
    assert rows == [
        ["February 2023", "The strategy is out", "All of the programme", "Happened"],
        ["From July 2023", "Wave 1", "Wave 1", "Begun"],
        ["July 2023 to January 2024", "Co-design", "Wave 1", "Under way"],
    ]
    assert "Also planned, with dates not known: Delivery (Wave 1); Review (Wave 1)." in page.text
    (picture,) = [one for one in page.tree.iter() if one.tag.endswith("svg") and one.get("role") == "img"]
    assert text_of(next(iter(picture))) == "Timeline of Families first"
    assert "Co-design: July 2023 to January" in text_of(picture)
    assert "The dashed line down is today." in page.text
    # All of them are partners, which the heading of the part says already; what else there is, is led to.
    assert "Partner" not in [text_of(one) for one in page.all("h3")]
    assert page.link("New in the library") == "#resources"


def test_programme_page_follows_its_waves_areas_and_the_days(make, browser, programme, ledger):
    with clock.fixed(datetime(2023, 6, 30, 22, 30, tzinfo=UTC)):
        assert "Waves and areas" not in browser.get(address(programme)).text
        wave = make.wave("Wave 1", programme_id=programme.id, starts_on=date(2023, 7, 1))
        assert "To come" in browser.get(address(programme)).text
        area = make.area("Alder", wave=wave)
        assert "Alder" in browser.get(address(programme)).text
        ledger.change(area, name="Elder")
        assert "Elder" in browser.get(address(programme)).text
    # It is July already where the programme is, an hour before midnight in UTC.
    with clock.fixed(datetime(2023, 6, 30, 23, 0, tzinfo=UTC)):
        assert "Begun" in browser.get(address(programme)).text


def test_programme_page_names_communities_to_those_alone_who_read_them(app, make, browser, programme):
    for name, openness in (("Everybody’s", Openness.PUBLIC), ("Inner circle", Openness.PRIVATE)):
        make.community(name, programme_id=programme.id, openness=openness)
    member = make.person()
    make.member(member, programme_id=programme.id)
    stranger = browser.get(address(programme)).text
    assert ("Everybody’s" in stranger, "Inner circle" in stranger) == (True, False)
    own = Browser(app).sign_in(make.signed_in(member)).get(address(programme)).text
    assert ("Everybody’s" in own, "Inner circle" in own) == (True, True)
    assert "Inner circle" not in browser.get(address(programme)).text


def test_areas_are_compared_strand_by_strand_and_what_is_missing_is_said(make, browser, programme, ledger):
    wave = make.wave("Wave 1", programme_id=programme.id)
    alder, birch = (make.area(name, wave=wave) for name in ("Alder", "Birch"))
    say(
        ledger, alder, programme.themes[0], features=["One front door"], challenges=["Time <b>"], model="**Early** help"
    )
    say(ledger, birch, programme.themes[1], features=["Family meetings"])
    page = browser.get(browser.get(address(programme)).link("Compare the areas of Wave 1 strand by strand"))
    assert page.heading == "The areas of Wave 1, strand by strand"
    assert "Alder : Networks Birch : Help; Networks (local model, key challenges)" in page.text
    tables = [
        [[text_of(cell) for cell in row if cell.tag.endswith(("th", "td"))] for row in page.all("tr")][start:end]
        for start, end in ((0, 4), (4, 8))
    ]
    none = "Nothing written yet"
    assert tables == [
        [
            ["", "Alder", "Birch"],
            ["Local model", "AlderEarly help", f"Birch{none}"],
            ["Key features", "Alder One front door", f"Birch {none}"],
            ["Key challenges", "Alder Time <b>", f"Birch {none}"],
        ],
        [
            ["", "Alder", "Birch"],
            ["Local model", f"Alder{none}", f"Birch{none}"],
            ["Key features", f"Alder {none}", "Birch Family meetings"],
            ["Key challenges", f"Alder {none}", f"Birch {none}"],
        ],
    ]
    one = browser.get(f"{page.address}&strand={programme.themes[1].public_id}")
    assert ("Family meetings" in one.text, "One front door" in one.text) == (True, False)


def test_two_waves_are_compared_and_no_more(make, browser, programme):
    waves = [make.wave(f"Wave {number}", programme_id=programme.id) for number in (1, 2, 3)]
    for wave in waves:
        make.area(f"Area of {wave.name}", wave=wave)
    ids = [wave.public_id for wave in waves]
    both = browser.get(address(programme, f"/compare?wave={ids[1]}&wave={ids[0]}"))
    assert both.heading == "The areas of Wave 1 and Wave 2, strand by strand"
    assert ("Area of Wave 2" in both.text, "Area of Wave 3" in both.text) == (True, False)
    refused = browser.get(address(programme, "/compare?" + "&".join(f"wave={one}" for one in ids)))
    assert refused.errors == ["Choose 2 waves or fewer"]
    assert [name in refused.text for name in ("Area of Wave 1", "Area of Wave 2", "Area of Wave 3")] == [
        True,
        True,
        False,
    ]
    odd = browser.get(address(programme, "/compare?wave=%3Cb%3E&wave=bbbbbbbbbbbb&strand=%22%3E"))
    assert odd.heading == "The areas of Wave 1, strand by strand"


def test_areas_beyond_four_take_the_window_and_beyond_six_are_moved_sideways(make, browser, programme):
    wave = make.wave("Wave 1", programme_id=programme.id)
    shown = {}
    for number in range(1, 8):
        make.area(f"Area {number}", wave=wave)
        page = browser.get(address(programme, "/compare"))
        (width,) = {one.get("class") for one in page.all("table")}
        shown[number] = ("--wide" in width, "--many" in width, f"sideways to see all {number} areas" in page.text)
    narrow, wide, many = (False, False, False), (True, False, True), (True, True, True)
    assert list(shown.values()) == [*[narrow] * 4, *[wide] * 2, many]


def test_comparison_is_a_file_too_and_no_text_of_it_is_a_formula(make, browser, programme, ledger):
    wave = make.wave("Wave 1", programme_id=programme.id)
    area = make.area("Alder", wave=wave)
    say(ledger, area, programme.themes[0], features=["=1+1", "Two"], challenges=["Three"], model="A *model*")
    page = browser.get(address(programme, "/compare"))
    sheet = browser.get(page.link("As CSV")).response.get_data().decode("utf-8-sig").splitlines()
    assert sheet == [
        "Wave,Area,Strand,What,In the area’s words",
        "Wave 1,Alder,Help,Local model,A model",
        "Wave 1,Alder,Help,Key feature,'=1+1",
        "Wave 1,Alder,Help,Key feature,Two",
        "Wave 1,Alder,Help,Key challenge,Three",
        "Wave 1,Alder,Networks,Local model,Nothing written yet",
        "Wave 1,Alder,Networks,Key feature,Nothing written yet",
        "Wave 1,Alder,Networks,Key challenge,Nothing written yet",
    ]
    book = openpyxl.load_workbook(io.BytesIO(browser.get(page.link("As an Excel workbook")).response.get_data()))
    assert [cell.value for cell in book.active[3]] == ["Wave 1", "Alder", "Help", "Key feature", "=1+1"]


def test_there_is_nothing_to_compare_without_areas_or_strands(make, browser, programme, ledger):
    assert browser.get(address(programme, "/compare")).status == 404
    make.area(wave=make.wave(programme_id=programme.id))
    assert browser.get(address(programme, "/compare")).status == 200
    for theme in programme.themes:
        ledger.change(theme, kind=ThemeKind.TOPIC)
    assert browser.get(address(programme, "/compare.csv")).status == 404


def test_comparing_asks_the_same_however_many_areas_there_are(app, make, browser, ledger):
    asked = []
    for number in (1, 3):
        programme = make.programme(themes=[f"{number}-{one}" for one in range(number)])
        for _ in range(number):
            wave = make.wave(programme_id=programme.id)
            for _ in range(number):
                area = make.area(wave=wave)
                for theme in programme.themes:
                    say(ledger, area, theme, features=["One"])
        kept.clear()
        with statements(app) as found:
            browser.get(address(programme, "/compare"))
        asked.append(len(found))
    assert asked[0] == asked[1] == 10
