from datetime import UTC, datetime

import pytest

from tests.browsing import text_of
from tests.tables import cells
from webapp.models.accounts import Role
from webapp.models.events import Format, Mode
from webapp.models.organisations import Sector


def address(event, part=""):
    return f"/manage/events/{event.slug}-{event.public_id}{part}"


def people(page):
    """The names in a list of registrations."""
    return [text_of(one) for one in page.all("a") if one.get("id", "").startswith("row-")]


def test_overview_shows_numbers_that_lead_to_their_rows(organiser, make):
    event = make.event("Ours", capacity=2)
    for sector in (Sector.HEALTH, Sector.VCSE, Sector.VCSE):
        make.registration(event, sector=sector, organisation_name="Wold & Marl")
    browser = organiser(event)
    page = browser.get(address(event))
    captions = [text_of(one) for one in page.all("caption")]
    assert captions == [
        "Registrations by state",
        "People with a place by sector",
        "People with a place by organisation",
        "Registrations over time, by day",
    ]
    assert cells(page) == [
        ["Confirmed", "2 registrations: Confirmed"],
        ["On the waiting list", "1 registrations: On the waiting list"],
    ]
    links = [one.get("href") for table in page.all("tbody") for one in table.iter() if one.get("href")]
    assert len(links) == 6
    for link in links:
        assert browser.get(link).heading == "Registrations"
    assert [link for link in links if "organisation=Wold+%26+Marl" in link and "amp;" not in link]
    assert cells(page, place=3) == [["10 May 2027", "3 registered: 10 May 2027", "3"]]
    assert links[-1].endswith("/registrations?from=2027-05-10&to=2027-05-10")


def test_overview_of_an_event_without_registrations_shows_no_numbers(organiser, make):
    event = make.event()
    page = organiser(event).get(address(event))
    assert not page.all("table")
    assert "In numbers" not in page.text


def test_overview_shows_no_numbers_to_those_who_do_not_see_registrations(organiser, make):
    event = make.event()
    make.registration(event)
    for role in (Role.CHECK_IN, Role.AGENDA):
        page = organiser(event, role).get(address(event))
        assert (page.status, page.all("table")) == (200, [])
        for part in ("/organisations", "/numbers.csv"):
            assert organiser(event, role).get(address(event, part)).status == 403


def test_organisations_shows_all_of_them(organiser, make):
    event = make.event(capacity=None)
    for number in range(12):
        make.registration(event, organisation_name=f"Organisation {number:02}")
    make.registration(event, organisation_name="Organisation 11")
    browser = organiser(event)
    page = browser.get(address(event))
    assert "These are the 10 with most people." in page.text
    page = browser.get(page.link("See all organisations"))
    assert page.heading == "Organisations"
    assert len(cells(page)) == 12
    assert cells(page)[0][0] == "Organisation 11"
    other = make.event()
    assert "Nobody has a place yet" in organiser(other).get(address(other, "/organisations")).text


def test_download_holds_every_number(organiser, make):
    event = make.event("Ours", days=1)
    make.registration(event, organisation_name="=Wold()", sector=Sector.HEALTH)
    page = organiser(event).get(address(event, "/numbers.csv"))
    assert page.response.headers["Content-Disposition"] == "attachment; filename=ours-numbers.csv"
    assert page.response.get_data().decode("utf-8-sig").splitlines()[1:] == [
        "Registered,,2027-05-10,2027-05-10,1,1",
        "State,Confirmed,,,1,",
        "Sector of those with a place,Health,,,1,",
        "Taking part,Online,,,1,",
        "Waiting,Online,,,0,",
        "Organisation of those with a place,'=Wold(),,,1,",
        "Were there,,2027-06-14,2027-06-14,,1",
    ]
    assert organiser(event).get(address(event, "/numbers.xlsx")).response.get_data().startswith(b"PK")


def test_each_day_leads_to_those_who_registered_on_it(organiser, make, now):
    event = make.event(capacity=None)
    # Eleven at night in Greenwich is the next day in British summer time.
    for name, at in (("Ann", "2027-05-03T22:59:59"), ("Ben", "2027-05-03T23:00:00"), ("Cid", "2027-05-04T22:59:59")):
        make.registration(
            event, name=name, email=f"{name.lower()}@example.org", now=datetime.fromisoformat(at).replace(tzinfo=UTC)
        )
    browser = organiser(event)
    overview = browser.get(address(event))
    assert cells(overview, place=3) == [
        ["3 May 2027", "1 registered: 3 May 2027", "1"],
        ["4 May 2027", "2 registered: 4 May 2027", "3"],
    ]
    page = browser.get(overview.link("2 registered: 4 May 2027"))
    assert people(page) == ["Ben", "Cid"]
    assert "Only people who registered on 4 May 2027" in page.text
    page = browser.get(address(event, "/registrations") + page.link("Registered") + "&q=cid")
    assert people(page) == ["Cid"]
    everybody = browser.get(
        address(event, "/registrations") + page.link("Clear the search").partition("registrations")[2]
    )
    assert len(people(everybody)) == 3
    narrowed = browser.get(address(event, "/registrations") + "?from=2027-05-01&to=2027-05-03")
    assert "Only people who registered from 1 May 2027 until 3 May 2027" in narrowed.text
    assert len(people(narrowed)) == 1
    assert len(people(browser.get(address(event, "/registrations") + narrowed.link("Show those of all days")))) == 3


@pytest.mark.parametrize("query", ["from=nonsense", "from=0001-01-01", "to=9999-12-31", "from=2027-02-30&to="])
def test_days_that_are_none_are_left_out(organiser, make, query):
    event = make.event()
    make.registration(event)
    page = organiser(event).get(address(event, f"/registrations?{query}"))
    assert len(people(page)) == 1
    assert "Only people who registered" not in page.text


def test_figures_lead_to_their_rows(organiser, make):
    event = make.event(capacity=1, format=Format.HYBRID)
    for name in ("Ann", "Ben"):
        make.registration(event, name=name, email=f"{name.lower()}@example.org", mode=Mode.ONLINE)
    browser = organiser(event)
    figures = browser.get(address(event)).all("dl", class_="wm-figures")[0]
    links = [(text_of(one), one.get("href")) for one in figures.iter() if one.get("href")]
    assert [(text, link.partition("?")[2]) for text, link in links] == [
        ("1 confirmed, online", "state=confirmed&mode=online"),
        ("1 on the waiting list", "state=waiting"),
    ]
    shown = [people(browser.get(link)) for _, link in links]
    assert shown == [["Ann"], ["Ben"]]
    without = organiser(event, Role.AGENDA).get(address(event)).all("dl", class_="wm-figures")[0]
    assert [one.get("href") for one in without.iter() if one.get("href")] == []
