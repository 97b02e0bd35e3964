import csv
import io
import json
from datetime import time
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from webapp.models.agenda import SessionState
from webapp.models.events import EventState


@pytest.fixture
def event(make):
    event = make.event("Family hubs", hashtag="hubs")
    stream, trust = make.stream(event, "Practice"), make.organisation("Hope Trust")
    opening = make.session(event, "Opening", stream_id=stream.id, room="Main hall", summary="=How it began")
    make.contribution(opening, speaker_id=make.speaker("Ann Lee").id, organisation_id=trust.id)
    make.session(event, "Some time", hours=(None, None))
    make.session(event, "Gone", hours=(time(14), time(15)), state=SessionState.CANCELLED)
    return event


def address(event, name):
    return f"/events/{event.slug}-{event.public_id}/{name}"


def test_schedule_xml_holds_what_has_times(browser, event):
    page = browser.get(browser.get(address(event, "agenda")).link("schedule.xml"))
    assert page.response.mimetype == "application/xml"
    root = ET.fromstring(page.body)
    assert [one.text for one in root.iter("title")] == ["Family hubs", "Opening"]
    talk = next(root.iter("event"))
    assert talk.findtext("url").startswith(f"https://waymark.example.org/events/{event.public_id}/sessions/")
    assert (talk.findtext("start"), talk.findtext("room"), talk.findtext("track")) == ("10:00", "Main hall", "Practice")
    assert [one.text for one in talk.iter("person")] == ["Ann Lee"]
    there = talk.findtext("url").removeprefix("https://waymark.example.org")
    assert browser.get(there).heading == "Opening"


def test_schedule_json_says_the_same(browser, event):
    page = browser.get(browser.get(address(event, "agenda")).link("schedule.json"))
    conference = json.loads(page.body)["schedule"]["conference"]
    assert conference["title"] == "Family hubs"
    assert [talk["title"] for talk in conference["days"][0]["rooms"]["Main hall"]] == ["Opening"]


def test_agenda_page_names_its_schedules_in_the_head(browser, event):
    page = browser.get(address(event, "agenda"))
    found = {link.get("type"): link.get("href") for link in page.all("link", rel="alternate")}
    assert found == {
        "application/xml": address(event, "schedule.xml"),
        "application/json": address(event, "schedule.json"),
    }


@pytest.mark.parametrize("name", ["schedule.xml", "schedule.json", "agenda.csv", "agenda.xlsx"])
def test_file_that_has_not_changed_is_not_sent_again(browser, make, event, name):
    first = browser.get(address(event, name)).response
    assert first.headers["Cache-Control"] == "no-cache"
    again = {"If-None-Match": first.headers["ETag"]}
    assert browser.get(address(event, name), headers=again).status == 304
    make.session(event, "New", hours=(time(12), time(13)))
    assert browser.get(address(event, name), headers=again).status == 200


def test_agenda_as_csv_and_xlsx_holds_all_of_it(browser, event):
    text = browser.get(address(event, "agenda.csv")).response.get_data().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["Title"], row["State"], row["Start"]) for row in rows] == [
        ("Opening", "Scheduled", "10:00"),
        ("Some time", "Scheduled", ""),
        ("Gone", "Cancelled", "14:00"),
    ]
    assert (rows[0]["Summary"], rows[0]["Speakers"]) == ("'=How it began", "Ann Lee (Hope Trust)")
    book = openpyxl.load_workbook(io.BytesIO(browser.get(address(event, "agenda.xlsx")).response.get_data()))
    assert [row[0].value for row in book.worksheets[0].iter_rows()] == ["Title", "Opening", "Some time", "Gone"]
    assert book.worksheets[0]["J2"].value == "=How it began"
    assert book.worksheets[0]["J2"].data_type == "s"


@pytest.mark.parametrize("name", ["schedule.xml", "schedule.json", "agenda.csv"])
def test_agenda_of_a_draft_event_is_for_nobody_else(browser, make, name):
    event = make.event("Soon", state=EventState.DRAFT)
    assert browser.get(address(event, name)).status == 404


def test_event_without_sessions_gives_files_all_the_same(browser, make):
    event = make.event("Empty")
    assert ET.fromstring(browser.get(address(event, "schedule.xml")).body).findtext("conference/days") == "2"
    assert len(browser.get(address(event, "agenda.csv")).body.splitlines()) == 1
