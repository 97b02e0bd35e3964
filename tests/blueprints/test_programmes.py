"""Programmes, what they are about and who takes part in them."""

from datetime import date

import pytest

from tests.browsing import text_of
from tests.counting import statements
from tests.ledger import Ledger
from webapp import clock, kept
from webapp.extensions import db
from webapp.models.communities import Openness
from webapp.models.events import EventState
from webapp.models.programmes import Part, ProgrammePart


@pytest.fixture
def take_part(app):
    def run(programme, organisation, part, theme=None):
        row = ProgrammePart(
            programme_id=programme.id, organisation_id=organisation.id, part=part, theme_id=theme and theme.id
        )
        Ledger(app).act(db.session.add, row)

    return run


def address(programme):
    return f"/programmes/{programme.slug}-{programme.public_id}"


def titles(page):
    return [text_of(heading) for heading in page.one("main").iter() if "wm-card__title" in heading.get("class", "")]


def test_programmes_page_lists_all_by_name(make, browser):
    for name in ("beta", "Alpha", "Émile"):
        make.programme(name, themes=[f"Theme of {name}"])
    page = browser.get("/programmes")
    assert (page.heading, titles(page)) == ("Programmes", ["Alpha", "beta", "Émile"])
    assert "Theme of Alpha" in page.text


def test_programmes_page_without_any_says_so(browser, now):
    assert "No programme has been set up yet." in browser.get("/programmes").text


def test_programme_page_tells_themes_parts_and_events(make, browser, take_part):
    programme = make.programme("Families", themes=["Leeds Model", "Hertfordshire Model"])
    leeds, herts = programme.themes
    for name, part in (("Leeds", Part.INNOVATOR), ("Zed", Part.ADOPTER), ("Ayton", Part.ADOPTER)):
        take_part(programme, make.organisation(name), part, leeds)
    make.event("To come", programme_id=programme.id, themes=[herts])
    make.event("Past", programme_id=programme.id, starts_on=date(2022, 6, 14))
    make.event("Draft", programme_id=programme.id, state=EventState.DRAFT)
    make.event("Elsewhere")
    page = browser.get(address(programme))
    assert (page.heading, titles(page)) == ("Families", ["To come", "Past"])
    assert text_of(page.all("h2")[0]) == "Practice models"
    sections = [text_of(section) for section in page.all("section", class_="wm-theme")]
    assert "Innovator" in sections[0]
    assert "Ayton, Zed" in sections[0]
    assert "Adopters" not in sections[1]
    assert titles(browser.get(page.link("Events to come about Hertfordshire Model"))) == ["To come"]


def test_programme_page_without_events_says_so(make, browser):
    assert "This programme has no events yet." in browser.get(address(make.programme())).text


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("ref", ["2" * 12, "families-" + "2" * 12, "families", "%00"])
def test_programme_that_never_was_is_not_found(browser, now, ref):
    assert browser.get(f"/programmes/{ref}").status == 404


def test_programme_renamed_is_led_to_and_shown_at_once(app, make, browser):
    programme = make.programme("Families")
    assert browser.get("/programmes").has_link("Families")
    Ledger(app).change(programme, name="Families first", slug="families-first")
    page = browser.get(f"{address(programme)}?a=1")
    assert (page.address, page.heading) == (
        f"/programmes/families-first-{programme.public_id}?a=1",
        "Families first",
    )
    assert browser.get("/programmes").has_link("Families first")


def test_programme_page_moves_an_event_to_the_past_when_it_ends_though_nothing_is_written(make, browser, now):
    programme = make.programme()
    event = make.event("Event", programme_id=programme.id)
    page = browser.get(address(programme))
    assert ("To come" in page.text, "Past" in page.text) == (True, False)
    with clock.fixed(event.ends_at):
        page = browser.get(address(programme))
    assert ("To come" in page.text, "Past" in page.text) == (False, True)


def test_programme_pages_ask_the_same_however_much_there_is(app, make, browser, take_part):
    asked = []
    for n in (1, 3):
        programme = make.programme(themes=[f"{n}-{m}" for m in range(n)])
        for theme in programme.themes:
            take_part(programme, make.organisation(), Part.ADOPTER, theme)
            wave = make.wave(programme_id=programme.id)
            for _ in range(n):
                make.area(wave=wave, organisation_id=make.organisation().id)
                make.community(programme_id=programme.id, wave_id=wave.id, openness=Openness.PUBLIC)
            make.event(programme_id=programme.id, themes=programme.themes)
            make.event(programme_id=programme.id, starts_on=date(2022, 6, 14))
        counts = []
        for path in ("/programmes", address(programme)):
            kept.clear()
            with statements(app) as found:
                browser.get(path)
            counts.append(len(found))
        asked.append(counts)
    assert asked[0] == asked[1] == [3, 22]
