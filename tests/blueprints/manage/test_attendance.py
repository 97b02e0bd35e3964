import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.browsing import HTML, text_of
from tests.conftest import NOW
from tests.counting import statements
from tests.ledger import Ledger
from tests.reports import teams, zoom
from tests.tables import cells
from webapp import clock
from webapp.formats.spreadsheets import xlsx_bytes
from webapp.models.accounts import SYSTEM, Role
from webapp.models.attendance import AttendanceRecord, AttendanceReport, CheckInSource, Match
from webapp.models.organisations import Sector
from webapp.services import attendance as services

EARLIER = NOW - timedelta(days=20)
TODAY = NOW.date()
EVENING = NOW + timedelta(hours=9)
MORNING, ALL_DAY = [("9:30", "10:30")], [("9:30", "16:00")]


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    """An event of one day that has just ended, with places for Ada, Ben and Cass."""
    event = make.event("Ours", starts_on=TODAY, days=1)
    for name, organisation in (("Ada Wren", "Wold Council"), ("Ben Ashby", "Marl Trust"), ("Cass Doe", "Marl Trust")):
        email = f"{name.split()[0].lower()}@example.org"
        sector = Sector.VCSE if organisation == "Marl Trust" else Sector.LOCAL_AUTHORITY
        make.registration(event, name=name, email=email, organisation_name=organisation, sector=sector, now=EARLIER)
    return event


@pytest.fixture
def evening(now):
    with clock.fixed(EVENING):
        yield EVENING


def address(event, *parts):
    return "/".join((f"/manage/events/{event.slug}-{event.public_id}/attendance", *parts))


def send_files(browser, event, *files, about="2027-05-10", **changes):
    """Sends the form of the page with these files, each as name and bytes."""
    form = browser.get(address(event, "upload")).form()
    values = {name: value[0] for name, value in form.values.items()} | {"about": about} | changes
    data = values | {"files": [(io.BytesIO(content), name) for name, content in files]}
    page = browser.post(form.action, data, content_type="multipart/form-data")
    # The test client writes large requests into a temporary file, and leaves it to be closed.
    page.response.request.input_stream.close()
    return page


def figures(page):
    return {text_of(one[0]): text_of(one[1]) for one in page.one("dl", class_="wm-figures")}


REPORT = teams(
    ("Ada Wren", "ada@example.org", ALL_DAY),
    ("B Ashby", "", MORNING),
    ("Somebody Else", "else@example.org", MORNING),
    extra=[["Cass Doe", "yesterday", "", "", "", ""]],
)


def test_upload_shows_who_was_found_how_and_what_was_not_read(organiser, event, evening):
    browser = organiser(event)
    page = send_files(browser, event, ("Day 1.csv", REPORT))
    assert page.heading == "Day 1.csv"
    assert "Read in. Look through it below" in page.text
    assert figures(page) == {
        "Same e-mail address": "1",
        "Same name": "0",
        "Put together by an organiser": "0",
        "Not sure: for you to say": "1",
        "Not registered": "1",
        "Lines not understood": "1",
    }
    assert "yesterday" in text_of(page.all("ul", class_="govuk-list--bullet")[0])
    assert [row[:3] for row in cells(page)] == [
        ["Ada Wren ada@example.org", "390", "Ada Wren"],
        ["B Ashby", "60", "None"],
        ["Somebody Else else@example.org", "60", "None"],
    ]


def test_rows_of_another_date_are_said_on_the_page_of_the_report(organiser, event, evening):
    other = teams(("Ada Wren", "ada@example.org", MORNING), ("Ben Ashby", "ben@example.org", [("12:30", "20:00")]))
    content = other.decode("utf-16").replace("5/10/27, 9:3", "5/11/27, 9:3").replace("5/10/27, 10:3", "5/11/27, 10:3")
    page = send_files(organiser(event), event, ("Week.csv", content.encode("utf-16")))
    assert "Only the hours of Monday 10 May 2027 count, with two hours before and after." in page.text
    told = [text_of(one) for one in page.one("div", class_="govuk-inset-text").iter(f"{HTML}li")]
    assert told == ["1 row of 10 May 2027, in part", "1 row of 11 May 2027"]
    assert figures(page)["Lines not understood"] == "0"
    assert [row[:2] for row in cells(page)] == [["Ben Ashby ben@example.org", "330"]]


def test_unsure_person_is_chosen_among_those_alike(organiser, event, evening, ledger):
    browser = organiser(event)
    page = send_files(browser, event, ("Day 1.csv", REPORT))
    page = browser.get(page.link("Say who this is: B Ashby"))
    assert page.heading == "Who is B Ashby?"
    row = ledger.registration(event, "ben@example.org")
    refused = browser.send(page.form())
    assert (refused.status, refused.errors) == (422, ["Choose who this is, or that they are not registered"])
    assert browser.send(page.form(), who="2" * 12).status == 404
    page = browser.send(page.form(), who=row.public_id)
    assert "remembered for the other reports" in page.text
    assert figures(page)["Put together by an organiser"] == "1"
    record = ledger.one(select(AttendanceRecord).where(AttendanceRecord.name == "B Ashby"))
    assert (record.match, record.registration_id) == (Match.ORGANISER, row.id)


def test_person_who_is_somebody_else_is_found_by_searching(organiser, event, evening, ledger):
    browser = organiser(event)
    page = send_files(browser, event, ("Day 1.csv", REPORT))
    address_of = page.link("Change: Somebody Else")
    assert "Nobody registered is found by “zzz”" in browser.get(address_of + "?q=zzz").text
    page = browser.get(address_of + "?q=cass")
    page = browser.send(page.form(), who=ledger.registration(event, "cass@example.org").public_id)
    assert figures(page)["Not registered"] == "0"
    page = browser.get(address_of)
    page = browser.send(page.form(), who="nobody")
    assert "An organiser said that they are not registered" in browser.get(page.address.split("?")[0]).text


def test_upload_of_the_same_file_says_so(organiser, event, evening, ledger):
    browser = organiser(event)
    send_files(browser, event, ("Day 1.csv", REPORT))
    page = send_files(browser, event, ("again.csv", REPORT))
    assert "again.csv was read in before, for the same day, so nothing was changed." in page.text
    assert page.heading == "Day 1.csv"
    assert ledger.count(AttendanceReport) == 1


def test_upload_of_several_files_at_once_keeps_all_or_none(organiser, event, evening, ledger):
    browser = organiser(event)
    good = ("zoom.csv", zoom(("Ben Ashby", "", MORNING)))
    page = send_files(browser, event, good, ("photo.png", b"\x89PNG\r\n\x1a\n" + b"0" * 100))
    assert page.status == 422
    assert len(page.errors) == 1
    assert "photo.png" in page.errors[0]
    assert ledger.count(AttendanceReport) == 0
    page = send_files(browser, event, good, ("Day 1.csv", REPORT))
    assert page.heading == "Attendance"
    assert page.has_link("zoom.csv")
    assert ledger.count(AttendanceReport) == 2


WRONG = {
    "empty": ("a.csv", b""),
    "words": ("a.txt", b"Dear all, thank you for coming."),
    "other workbook": ("a.xlsx", xlsx_bytes("Sheet", ["One", "Two"], [[1, 2]])),
    "zip": ("a.xlsx", b"PK\x03\x04" + b"\x00" * 60),
    "broken encoding": ("a.csv", b"\xff\xfeN\x00a\x00m\x00e"),
    "path": ("../../etc/passwd", b"root:x:0:0"),
    "markup": ('<img src=x onerror="alert(1)">.csv', b"<html>"),
}


@pytest.mark.parametrize("name", WRONG)
def test_upload_of_a_wrong_file_says_what_is_wrong(organiser, event, evening, ledger, name):
    page = send_files(organiser(event), event, WRONG[name])
    assert (page.status, len(page.errors)) == (422, 1)
    assert "<img" not in page.body
    assert page.link(page.errors[0]) == "#files"
    assert ledger.count(AttendanceReport) == 0


def test_upload_without_file_day_or_token_is_refused(organiser, event, evening, ledger):
    browser = organiser(event)
    assert send_files(browser, event).errors == ["Choose at least one file"]
    page = send_files(browser, event, ("a.csv", REPORT), about="2027-05-19")
    assert page.errors == ["Choose the day or session that the reports are about"]
    assert send_files(browser, event, ("a.csv", REPORT), csrf_token="stale").status == 422
    assert ledger.count(AttendanceReport) == 0


def test_upload_takes_a_report_far_larger_than_other_forms(organiser, event, evening, ledger):
    many = zoom(*((f"Person {n:05} {'x' * 120}", f"p{n}@example.org", MORNING) for n in range(4000)))
    assert len(many) > 600_000
    page = send_files(organiser(event), event, ("big.csv", many))
    assert page.heading == "big.csv"
    assert figures(page)["Not registered"] == "4,000"


def test_upload_for_a_session_says_which(organiser, make, event, evening, ledger):
    session = make.session(event, "Fathers")
    page = send_files(organiser(event), event, ("a.csv", REPORT), about=session.public_id)
    assert "Monday 10 May 2027: Fathers" in page.text
    assert ledger.one(select(AttendanceReport)).session_id == session.id


def test_remove_asks_first_and_says_how_many(organiser, event, evening, ledger):
    browser = organiser(event)
    page = send_files(browser, event, ("Day 1.csv", REPORT))
    page = browser.get(page.link("Take this report out"))
    assert "The minutes of 3 people on 10 May 2027 are deleted" in page.text
    page = browser.send(page.form())
    assert "Day 1.csv has been taken out." in page.text
    assert ledger.count(AttendanceRecord) == 0


# ---------------------------------------------------------------- the table


@pytest.fixture
def kept(event, evening, ledger, organiser):
    """Ada in the meeting all day and checked in, Ben for an hour; and an organiser's browser."""
    browser = organiser(event)
    send_files(browser, event, ("Day 1.csv", teams(("Ada Wren", "", ALL_DAY), ("Ben Ashby", "", MORNING))))
    row = ledger.registration(event, "ada@example.org")
    ledger.act(services.check_in, row.id, TODAY, source=CheckInSource.SELF, actor=SYSTEM, now=NOW)
    return browser


def test_index_shows_each_figure_with_its_source(kept, event):
    page = kept.get(address(event))
    assert cells(page) == [["Monday 10 May 2027", "3", "1", "1", "1", "0", "2 (67%)"]]
    assert [row[0] for row in cells(page, place=1)] == ["Ben Ashby", "Cass Doe", "Ada Wren"]
    shown = {row[0]: row[2] for row in cells(page, place=1)}
    assert shown == {
        "Ada Wren": "Came Checked in 10am, by themselves 390 minutes 390 by Day 1.csv",
        "Ben Ashby": "In part 60 minutes 60 by Day 1.csv",
        "Cass Doe": "Missed",
    }
    assert cells(page, place=2) == [
        ["Voluntary, community and social enterprise (VCSE)", "2", "1 (50%)"],
        ["Local authority", "1", "1 (100%)"],
    ]


def test_index_numbers_lead_to_their_rows(kept, event):
    page = kept.get(address(event))
    for table, row in ((0, 0), (2, 0), (2, 1), (3, 0), (3, 1)):
        body = page.all("tbody")[table][row]
        for cell in body:
            for link in cell.iter():
                if link.get("href"):
                    found = kept.get(link.get("href"))
                    number = int(text_of(link))
                    assert f"{number} {'person' if number == 1 else 'people'}" in found.text, link.get("href")
                    assert len(cells(found, place=1)) == number


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=wre", ["Ada Wren"]),
        ("q=marl+ca", ["Cass Doe"]),
        ("came=here", ["Ben Ashby", "Ada Wren"]),
        ("came=part&day=2027-05-10", ["Ben Ashby"]),
        ("sector=vcse&came=missed", ["Cass Doe"]),
        ("organisation=Wold+Council", ["Ada Wren"]),
        ("came=x&sector=y&day=z&page=99", ["Ben Ashby", "Cass Doe", "Ada Wren"]),
    ],
)
def test_index_is_filtered(kept, event, query, found):
    assert [row[0] for row in cells(kept.get(f"{address(event)}?{query}"), place=1)] == found


def test_index_of_nobody_found_and_of_an_event_without_anybody(kept, organiser, make, event):
    assert "Nobody matches" in kept.get(address(event) + "?q=zzz").text
    other = make.event()
    assert "Nobody has a place yet" in organiser(other).get(address(other)).text


def test_export_holds_what_the_search_finds_with_sources(kept, event):
    found = kept.get(address(event, "people.csv") + "?came=came")
    assert found.response.headers["Content-Disposition"] == "attachment; filename=ours-attendance.csv"
    lines = found.response.get_data().decode("utf-8-sig").splitlines()
    assert lines[0].endswith(
        "2027-05-10: came,2027-05-10: checked in at,2027-05-10: checked in how,2027-05-10: minutes"
    )
    assert lines[1:] == [
        "Ada Wren,ada@example.org,Wold Council,Local authority,Online,Confirmed,Came,2027-05-10 10:00,By themselves,390"
    ]
    assert kept.get(address(event, "people.xlsx")).response.get_data().startswith(b"PK")


def test_readers_look_and_cannot_read_in(organiser, kept, event, ledger):
    reader = organiser(event, Role.READER)
    page = reader.get(address(event))
    assert not page.has_link("Read in a report from Microsoft Teams or Zoom")
    report = ledger.one(select(AttendanceReport))
    page = reader.get(address(event, "reports", report.public_id))
    assert not page.has_link("Take this report out")
    assert "Say who" not in page.text
    line = ledger.all(select(AttendanceRecord))[0]
    for path in ("upload", f"reports/{report.public_id}/remove", f"reports/{report.public_id}/{line.public_id}"):
        assert reader.get(address(event, path)).status == 403, path
    assert organiser(event, Role.CHECK_IN).get(address(event)).status == 403


def test_report_of_another_event_is_not_found(organiser, kept, make, event, ledger):
    other = make.event(programme_id=event.programme_id)
    report = ledger.one(select(AttendanceReport))
    assert kept.get(address(other, "reports", report.public_id)).status == 404
    assert kept.get(address(other, "reports", report.public_id, "remove")).status == 404


def test_index_asks_as_many_queries_for_many_people_as_for_one(app, organiser, make, evening, ledger):
    event = make.event(starts_on=TODAY, days=1)
    browser = organiser(event)
    asked = []
    for several in (["Ada"], ["Ben", "Cass", "Dora", "Eve"]):
        for name in several:
            make.registration(event, name=name, email=f"{name}@example.org", now=EARLIER)
        send_files(browser, event, (f"{several[0]}.csv", zoom(*((name, "", MORNING) for name in several))))
        with statements(app) as found:
            page = browser.get(address(event))
        asked.append(len(found))
    assert len(cells(page, place=1)) == 5
    assert asked[0] == asked[1] <= 12


def test_names_in_reports_are_told_without_their_markup(organiser, event, evening):
    evil = '<img src=x onerror="alert(1)">'
    page = send_files(organiser(event), event, (f"{evil}.csv", zoom((evil, "", MORNING))))
    assert page.status == 200
    assert not re.search(r"<img", page.body)
    assert evil in page.text
