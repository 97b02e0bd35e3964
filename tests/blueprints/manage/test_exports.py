import csv
import io
from datetime import datetime, timedelta

import openpyxl
import pytest
from sqlalchemy import select, update

from tests.browsing import Browser, SentForm, text_of
from tests.counting import statements
from tests.crowds import Member, write_crowd
from tests.ledger import Ledger
from webapp import clock
from webapp.blueprints.forms import STALE
from webapp.extensions import db
from webapp.models.accounts import Actor, ActorKind, Grant, Role, ThingKind
from webapp.models.activity import Activity
from webapp.models.operations import Export, FileType
from webapp.models.organisations import Sector
from webapp.queries.registrations import RegistrationFilter
from webapp.services import exports

HEADER = [
    "Name",
    "E-mail address",
    "Organisation",
    "Sector",
    "Role",
    "State",
    "Taking part",
    "Tags",
    "Registered at (Europe/London)",
    "What do you hope for?",
]
NEEDS = ["Access needs", "Dietary needs"]


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    """Two registrations with an answer and needs; and one for another event."""
    event = make.event("Family hubs")
    question = make.question(event, "What do you hope for?")
    answers = {question.public_id: ["=1+1", "Calm"]}
    make.registration(event, name="Ann Lee", email="ann@example.org", answers=answers, access="A BSL interpreter")
    make.registration(event, name="Ben Osei", email="ben@example.org", sector=Sector.HEALTH, dietary="No nuts")
    make.registration(make.event("Elsewhere"), name="Dan Ward", email="dan@example.org")
    return event


@pytest.fixture
def long(app, make, now, monkeypatch):
    """An event with more registrations than are exported at once, the limit lowered so that few are many."""
    monkeypatch.setattr(exports, "AT_ONCE", 120)
    event = make.event("Long", capacity=None)
    write_crowd(app, event, [Member(arrival=n, name=f"P{n:03}", email=f"p{n}@example.org") for n in range(1, 122)], now)
    return event


def address(event, rest="exports"):
    return f"/manage/events/{event.slug}-{event.public_id}/{rest}"


def table(page):
    """A CSV file as a spreadsheet program reads it."""
    text = page.response.get_data().decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def sheet(page):
    book = openpyxl.load_workbook(io.BytesIO(page.response.get_data()), read_only=True)
    rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    book.close()
    return rows


def made(app):
    with app.app_context():
        return exports.make_pending(clock.now)


def needs_form(page):
    """The form that asks for needs, where another asks for the same list without."""
    (found,) = [form for form in page.all("form") if any(control.get("name") == "needs" for control in form.iter())]
    return SentForm(found, page.address)


# ---------------------------------------------------------------- at once


def test_download_gives_csv_with_a_column_for_each_thing_said(organiser, event):
    browser = organiser(event)
    page = browser.get(browser.get(address(event)).link("Download as CSV"))
    assert page.response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert page.response.headers["Content-Disposition"] == "attachment; filename=family-hubs-registrations.csv"
    assert page.response.headers["Cache-Control"] == "no-store"
    common = ["Marlbridge Council", "Local authority", "Social worker", "Confirmed", "Online", "", "2027-05-10 10:00"]
    assert table(page) == [
        HEADER,
        ["Ann Lee", "ann@example.org", *common, "'=1+1; Calm"],
        ["Ben Osei", "ben@example.org", common[0], "Health", *common[2:], ""],
    ]


def test_download_gives_xlsx_with_the_same_as_values(organiser, event):
    browser = organiser(event)
    page = browser.get(browser.get(address(event)).link("Download as XLSX"))
    assert page.response.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert page.response.headers["Content-Disposition"] == "attachment; filename=family-hubs-registrations.xlsx"
    header, ann, ben = sheet(page)
    assert header == HEADER
    assert (ann[0], ann[8], ann[9]) == ("Ann Lee", datetime(2027, 5, 10, 10, 0), "=1+1; Calm")  # noqa: DTZ001 -- as Excel reads it
    assert ben[:2] == ["Ben Osei", "ben@example.org"]


@pytest.mark.parametrize("filetype", ["csv", "xlsx"])
@pytest.mark.parametrize("role", [Role.OWNER, Role.ACCESS_LEAD, Role.ORGANISER])
def test_download_never_holds_needs(organiser, event, role, filetype):
    read = table if filetype == "csv" else sheet
    rows = read(organiser(event, role).get(address(event, f"registrations.{filetype}?needs=1")))
    assert rows[0] == HEADER
    assert {len(row) for row in rows} == {len(HEADER)}
    assert not {"A BSL interpreter", "No nuts"} & {cell for row in rows for cell in row}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=ben", ["Ben Osei"]),
        ("?sector=local_authority", ["Ann Lee"]),
        ("?state=waiting", []),
        ("?sort=-name", ["Ben Osei", "Ann Lee"]),
        ("?q=dan", []),
    ],
)
def test_download_holds_what_the_search_finds_in_its_order(organiser, event, query, found):
    rows = table(organiser(event).get(address(event, f"registrations.csv{query}")))
    assert [row[0] for row in rows] == ["Name", *found]


def test_download_has_the_times_of_the_events_zone(organiser, make):
    event = make.event(zone="America/New_York")
    make.registration(event)
    header, row = table(organiser(event).get(address(event, "registrations.csv")))
    assert (header[8], row[8]) == ("Registered at (America/New_York)", "2027-05-10 05:00")


def test_files_are_not_found_by_strangers(organiser, browser, event, make, ledger):
    places = ("exports", "registrations.csv", "registrations.xlsx", "exports/23456789bcdf")
    assert [browser.get(address(event, place), follow=False).status for place in places] == [302] * 4
    for stranger in (organiser(), organiser(make.event(), Role.OWNER)):
        assert [stranger.get(address(event, place)).status for place in places] == [404] * 4
        assert stranger.post(address(event), {"filetype": "csv"}).status == 404
    assert organiser(event).get(address(event, "registrations.ods")).status == 404
    assert ledger.count(Export) == 0


# ---------------------------------------------------------------- with needs


@pytest.mark.parametrize("filetype", ["csv", "xlsx"])
def test_needs_are_exported_to_the_owner_and_this_is_recorded(organiser, event, ledger, filetype):
    browser = organiser(event, Role.OWNER)
    page = browser.get(address(event) + "?sort=-name")
    assert "Warning These tell about people’s health and beliefs." in page.text
    page = browser.send(page.form("?sort=-name"), filetype=filetype)
    rows = (table if filetype == "csv" else sheet)(page)
    assert page.response.headers["Content-Disposition"] == f"attachment; filename=family-hubs-registrations.{filetype}"
    assert rows[0] == HEADER + NEEDS
    assert [[row[0], *(cell or "" for cell in row[-2:])] for row in rows[1:]] == [
        ["Ben Osei", "", "No nuts"],
        ["Ann Lee", "A BSL interpreter", ""],
    ]
    entry = ledger.one(select(Activity).where(Activity.verb == "needs_exported"))
    assert (entry.thing_kind, entry.thing_id, entry.event_id) == (ThingKind.EVENT, event.id, event.id)
    assert (entry.actor_kind, entry.actor_id is None) == ("person", False)


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.REGISTRATIONS])
def test_needs_are_offered_and_given_to_nobody_else(organiser, event, ledger, role):
    form = organiser(event, Role.OWNER).get(address(event)).form()
    browser = organiser(event, role)
    page = browser.get(address(event))
    assert "needs" not in page.text
    # The form of somebody who may, sent with a token of their own.
    token = browser.get("/sign-out").form().values["csrf_token"]
    form.fill(csrf_token=token, filetype="csv")
    page = browser.send(form)
    assert (page.status, page.heading) == (404, "Page not found")
    assert ledger.all(select(Activity).where(Activity.verb == "needs_exported")) == []


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"filetype": "ods"}, "Choose CSV or XLSX"),
        ({}, "Choose CSV or XLSX"),
        (
            {"filetype": "csv", "csrf_token": "stale"},
            STALE,
        ),
    ],
)
def test_what_cannot_be_exported_is_refused_on_the_page(organiser, event, ledger, values, problem):
    browser = organiser(event, Role.OWNER)
    page = browser.send(browser.get(address(event)).form(), **values)
    assert page.status == 422
    assert problem in page.errors
    assert (page.heading, page.title.startswith("Error: ")) == ("Export registrations", True)
    assert ledger.all(select(Activity).where(Activity.verb == "needs_exported")) == []


# ---------------------------------------------------------------- the page


def test_index_says_what_is_exported(organiser, event):
    browser = organiser(event)
    page = browser.get(address(event) + "?q=ann&state=confirmed&sector=local_authority&page=3")
    assert "1 registration : those that match your search" in " ".join(page.text.replace(":", " :").split())
    assert [text_of(e) for e in page.all("dd")] == ["ann", "Confirmed", "Local authority"]
    assert page.link("Download as CSV").endswith("registrations.csv?q=ann&state=confirmed&sector=local_authority")
    assert page.link("Export all registrations instead") == address(event)
    assert "2 registrations." in browser.get(address(event)).text


def test_index_says_when_there_is_nothing_to_export(organiser, make, event):
    empty = make.event(programme_id=event.programme_id)
    browser = organiser(event)
    assert "Nobody has registered yet." in browser.get(address(empty)).text
    page = browser.get(address(event) + "?q=nobody")
    assert "No registration matches your search." in page.text
    assert page.link("Export all registrations") == address(event)
    assert not page.has_link("Download as CSV")


def test_index_asks_as_many_queries_for_many_files_as_for_one(app, organiser, event, make, ledger, now):
    person = make.person()
    make.grant(person, Role.OWNER, ThingKind.EVENT, event.id)
    browser = Browser(app).sign_in(make.signed_in(person))
    counts = []
    for number in (1, 3):
        while ledger.count(Export) < number:
            wanted = RegistrationFilter(text=str(ledger.count(Export)))
            ledger.act(
                exports.request_export,
                event.id,
                wanted,
                FileType.CSV,
                with_needs=False,
                person_id=person.id,
                actor=Actor(ActorKind.PERSON, person.id),
                now=now,
            )
        with statements(app) as asked:
            page = browser.get(address(event))
        assert page.text.count("Being made") == number
        counts.append(len(asked))
    assert counts == [4, 4]


# ---------------------------------------------------------------- long lists


def test_long_list_is_made_by_the_worker_and_fetched_by_the_one_who_asked(app, organiser, make, long, ledger, now):
    person, other = make.person(), organiser(long)
    make.grant(person, Role.ORGANISER, ThingKind.EVENT, long.id)
    browser = Browser(app).sign_in(make.signed_in(person))
    page = browser.get(address(long, "registrations"))
    assert not page.has_link("CSV")
    page = browser.get(page.link("see all ways to export"))
    assert "121 registrations." in page.text
    assert not page.has_link("Download as CSV")
    form = page.form("exports?")

    page = browser.send(form, filetype="csv")
    assert "Being made CSV, asked for at 10am on Monday 10 May 2027" in page.text
    assert page.link("Look again whether the file is ready") == "?"
    browser.send(form, filetype="csv")
    export = ledger.one(select(Export))
    place = address(long, f"exports/{export.public_id}")
    assert browser.get(place).status == 404

    assert (made(app), made(app)) == (1, 0)
    page = browser.get(address(long))
    assert "Ready CSV, asked for at 10am on Monday 10 May 2027" in page.text
    file = browser.get(page.link("Download the file asked for at 10am on Monday 10 May 2027"))
    rows = table(file)
    assert [row[0] for row in rows] == ["Name", *(f"P{n:03}" for n in range(1, 122))]
    assert file.response.headers["Content-Disposition"] == "attachment; filename=long-registrations.csv"
    assert int(file.response.headers["Content-Length"]) == len(file.response.get_data())

    assert other.get(place).status == 404
    assert "Files you asked for" not in other.get(address(long)).text
    make.now = now + timedelta(days=1)
    with clock.fixed(make.now):
        late = Browser(app).sign_in(make.signed_in(person))
        assert late.get(address(long)).status == 200
        assert late.get(place).status == 404


def test_long_list_is_not_answered_at_once(organiser, long):
    browser = organiser(long)
    for filetype in ("csv", "xlsx"):
        page = browser.get(address(long, f"registrations.{filetype}?sort=-name"))
        assert page.heading == "Export registrations"
        assert "This list is too long to be answered at once: ask for a file below." in page.text
        assert page.address == address(long) + "?sort=-name"
    shorter = table(browser.get(address(long, "registrations.csv?q=p012")))
    assert [row[0] for row in shorter] == ["Name", "P012"]


def test_long_list_with_needs_is_for_those_who_may_see_them(app, organiser, long, make, ledger, now):
    make.registration(long, name="Zoe", access="Captions")
    browser = organiser(long, Role.ACCESS_LEAD)
    page = browser.get(address(long) + "?sort=-name")
    page = browser.send(needs_form(page), filetype="xlsx")
    assert "Being made XLSX with access and dietary needs" in page.text
    assert len(ledger.all(select(Activity).where(Activity.verb == "needs_exported"))) == 1
    assert made(app) == 1
    export = ledger.one(select(Export))
    rows = sheet(browser.get(address(long, f"exports/{export.public_id}")))
    assert (rows[0][-2:], rows[1][0], rows[1][-2]) == (NEEDS, "Zoe", "Captions")
    assert len(rows) == 123
    # Who loses the right to see needs loses the file, too.
    lesser = update(Grant).where(Grant.person_id == export.person_id).values(role=Role.ORGANISER)
    ledger.act(db.session.execute, lesser)
    assert browser.get(address(long)).status == 200
    assert browser.get(address(long, f"exports/{export.public_id}")).status == 404
