import re
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from tests.browsing import Browser, text_of
from tests.conftest import NOW
from tests.counting import statements
from tests.ledger import Ledger
from webapp import clock
from webapp.blueprints.forms import STALE
from webapp.models.accounts import SYSTEM, Role, ThingKind
from webapp.models.attendance import CheckIn, CheckInSource
from webapp.models.events import EventDay
from webapp.services import attendance as services
from webapp.services import registrations

# People registered before the event began, which is today at 9:30 in the morning; it is 10 now.
EARLIER = NOW - timedelta(days=20)
TODAY = NOW.date()


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def steward(app, make, organiser):
    """Signs in somebody who may check people in at an event, and nothing else."""
    return partial(organiser, name="Dora Quill")


def address(event, *parts):
    return "/".join((f"/manage/events/{event.slug}-{event.public_id}/check-in", *parts))


def people(page):
    return [text_of(one) for one in page.all("strong", class_="wm-guest__name")]


def count(page):
    return text_of(page.one("p", class_="wm-count"))


def test_index_lists_who_is_expected_by_surname_and_checks_them_in(steward, make, ledger, now):
    event = make.event(starts_on=TODAY)
    for name in ("Ada Wren", "Ben Ashby"):
        make.registration(event, name=name, email=f"{name[:3].lower()}@example.org", now=EARLIER)
    browser = steward(event, Role.CHECK_IN)
    page = browser.get(address(event))
    assert (page.heading, people(page)) == ("Check-in", ["Ben Ashby", "Ada Wren"])
    assert count(page) == "0 here of 2 with a place"
    row = ledger.registration(event, "ada@example.org")
    page = browser.send(page.form(f"/2027-05-10/{row.public_id}"))
    assert "Ada Wren is checked in." in page.text
    assert (people(page), count(page)) == (["Ben Ashby"], "1 here of 2 with a place")
    noted = ledger.one(select(CheckIn))
    assert (noted.registration_id, noted.source, noted.at) == (row.id, CheckInSource.NAME, NOW)
    page = browser.get(address(event) + page.link("Here"))
    assert people(page) == ["Ada Wren"]
    assert "Here since 10am, by name" in page.text
    page = browser.send(page.form(f"/{row.public_id}/undo"))
    assert "Ada Wren is no longer checked in." in page.text
    assert (ledger.count(CheckIn), count(page)) == (0, "0 here of 2 with a place")


def test_index_finds_by_name_address_and_organisation_and_shows_no_address(steward, make, now):
    event = make.event(capacity=1, starts_on=TODAY)
    make.registration(event, name="Ada Wren", email="ada@example.org", now=EARLIER, access="A ramp")
    make.registration(event, name="Ben Ashby", organisation_name="Thornbury Trust", now=EARLIER)
    browser = steward(event, Role.CHECK_IN)
    for typed, found in (("wre", ["Ada Wren"]), ("ada@example", ["Ada Wren"]), ("thornb", ["Ben Ashby"]), ("zz", [])):
        page = browser.get(address(event) + f"?q={typed}")
        assert people(page) == found, typed
        assert "ada@example.org" not in page.text
        assert "ramp" not in page.text
    assert "Nobody is found" in page.text
    page = browser.get(address(event) + "?q=ashby")
    assert "On the waiting list This person has no place" in page.text
    assert "Ask an organiser who decides about places" in page.text
    assert not page.all("button", class_="wm-guest__button")


def test_index_leads_who_decides_to_the_registration_of_who_waits(organiser, make, now):
    event = make.event(capacity=1, starts_on=TODAY)
    make.registration(event, now=EARLIER)
    row = make.registration(event, name="Ben Ashby", now=EARLIER)
    page = organiser(event).get(address(event) + "?q=ben")
    assert page.link("Look whether you can give a place of Ben Ashby").endswith(f"/registrations/{row.public_id}")


def test_index_of_people_found_puts_those_with_a_place_first(organiser, make, now):
    event = make.event(capacity=1, starts_on=TODAY)
    make.registration(event, name="Zoe Young", organisation_name="Marl", now=EARLIER)
    make.registration(event, name="Ann Adams", organisation_name="Marl", now=EARLIER)
    assert people(organiser(event).get(address(event) + "?q=marl")) == ["Zoe Young", "Ann Adams"]


def test_check_in_of_somebody_who_is_there_already_says_since_when(organiser, make, ledger, now):
    event = make.event(starts_on=TODAY)
    row = make.registration(event, name="Ada Wren", now=EARLIER)
    browser = organiser(event)
    form = browser.get(address(event)).form(row.public_id)
    browser.send(form)
    with clock.fixed(NOW + timedelta(minutes=20)):
        page = browser.send(form)
    assert (page.status, ledger.count(CheckIn)) == (200, 1)
    assert "Ada Wren was checked in already, at 10am." in page.text


def test_check_in_after_the_place_was_given_up_is_refused_on_the_page(organiser, make, ledger, now):
    event = make.event(starts_on=TODAY)
    row = make.registration(event, name="Ada Wren", now=EARLIER)
    browser = organiser(event)
    form = browser.get(address(event)).form(row.public_id)
    ledger.act(registrations.cancel, row.id, actor=SYSTEM, now=NOW)
    page = browser.send(form)
    assert (page.status, page.errors) == (409, ["Ada Wren has no place: the registration stands as “Cancelled”."])
    assert ledger.count(CheckIn) == 0


def test_check_in_with_a_stale_token_changes_nothing(organiser, make, ledger, now):
    event = make.event(starts_on=TODAY)
    row = make.registration(event, now=EARLIER)
    browser = organiser(event)
    page = browser.send(browser.get(address(event)).form(row.public_id), csrf_token="stale")
    assert (page.status, page.errors, ledger.count(CheckIn)) == (422, [STALE], 0)


def test_index_before_the_day_shows_no_button_and_says_why(organiser, make, now):
    event = make.event(starts_on=TODAY)
    make.registration(event, name="Ada Wren")
    page = organiser(event).get(address(event) + "?day=2027-05-11")
    assert "People can be checked in for 11 May 2027 once that day has come." in page.text
    assert people(page) == ["Ada Wren"]
    assert not page.all("button", class_="wm-guest__button")


@pytest.mark.parametrize(
    ("begins", "chosen"),
    [(3, "Thursday 13 May 2027"), (0, "Monday 10 May 2027"), (-1, "Monday 10 May 2027"), (-9, "Sunday 2 May 2027")],
)
def test_index_takes_today_else_the_next_day_else_the_last(organiser, make, now, begins, chosen):
    event = make.event(starts_on=TODAY + timedelta(days=begins))
    page = organiser(event).get(address(event))
    days = page.one("nav", aria_label="Days")
    assert [text_of(one) for one in days.iter() if one.get("aria-current")] == [chosen]


def test_index_is_for_those_who_check_in(app, organiser, make, browser):
    event = make.event(starts_on=TODAY)
    row = make.registration(event)
    readers = organiser(event, Role.READER)
    for part in ((), ("scan",), ("screen",)):
        assert readers.get(address(event, *part)).status == 403
        assert organiser(make.event(starts_on=TODAY)).get(address(event, *part)).status == 404
    form = organiser(event).get(address(event, "screen")).form("/code")
    for path in (
        form.action,
        address(event, "2027-05-10", row.public_id),
        address(event, "2027-05-10", row.public_id, "undo"),
    ):
        assert readers.post(path, form.values).status == 403
    assert browser.get(address(event), follow=False).status == 302


def test_index_asks_as_many_queries_for_many_people_as_for_one(app, organiser, make, ledger, now):
    event = make.event(starts_on=TODAY)
    browser = organiser(event)
    first = make.registration(event, name="Person here", now=EARLIER)
    asked = []
    for more in (1, 4):
        for _ in range(more):
            make.registration(event, now=EARLIER)
        counts = []
        for query in ("", "?list=here", "?q=person"):
            with statements(app) as found:
                browser.get(address(event) + query)
            counts.append(len(found))
        asked.append(counts)
        ledger.act(services.check_in, first.id, TODAY, source=CheckInSource.NAME, actor=SYSTEM, now=NOW)
    assert asked[0] == asked[1]
    assert max(asked[0]) <= 6


def test_index_of_very_many_is_paged(organiser, make, now):
    event = make.event(starts_on=TODAY)
    for number in range(52):
        make.registration(event, name=f"Person {number:02}", now=EARLIER)
    browser = organiser(event)
    page = browser.get(address(event))
    assert len(people(page)) == 50
    assert people(browser.get(address(event) + page.link("Next page"))) == ["Person 50", "Person 51"]


# ---------------------------------------------------------------- by code


def test_scan_finds_the_person_by_address_by_token_and_by_short_code(organiser, make, context, now):
    event = make.event(starts_on=TODAY)
    row = make.registration(event, name="Ada Wren", now=EARLIER)
    token = services.ticket_token(row)
    short = f"{row.public_id[:4]} {row.public_id[4:8].upper()} {row.public_id[8:]}"
    browser = organiser(event)
    page = browser.get(address(event, "scan"))
    assert page.response.headers["Permissions-Policy"].startswith("camera=(self),")
    assert browser.get(address(event)).response.headers["Permissions-Policy"].startswith("camera=(),")
    for typed in (f"https://waymark.example.org/check-in/{token}", token, short, f" {token}/ "):
        found = browser.get(address(event, "scan"), query_string={"code": typed})
        assert found.heading == "Check in Ada Wren", typed


@pytest.mark.parametrize("typed", ["x", "2" * 12, "http://[", "%", "a" * 900, "'; drop", "/check-in/" + "2" * 34])
def test_scan_says_that_a_code_is_not_known(organiser, make, typed, now):
    event = make.event(starts_on=TODAY)
    page = organiser(event).get(address(event, "scan"), query_string={"code": typed})
    assert page.errors == ["No registration for this event has that code. Check it, or look for the person by name"]
    assert page.one("input", id="code").get("value") == typed[:500]


def test_scan_does_not_find_people_of_another_event(organiser, make, context, now):
    event = make.event(starts_on=TODAY)
    other = make.registration(make.event(starts_on=TODAY), name="Ada Wren")
    for code in (services.ticket_token(other), other.public_id):
        page = organiser(event).get(address(event, "scan"), query_string={"code": code})
        assert page.errors
        assert "Ada" not in page.body


def test_ticket_gives_who_checks_in_one_button(steward, make, context, ledger, now):
    event = make.event(starts_on=TODAY)
    row = make.registration(event, name="Ada Wren", email="ada@example.org", now=EARLIER)
    browser = steward(event, Role.CHECK_IN)
    page = browser.get(f"/check-in/{services.ticket_token(row)}")
    assert (page.heading, ledger.count(CheckIn)) == ("Check in Ada Wren", 0)
    assert "ada@example.org" not in page.body
    assert page.response.headers["Cache-Control"] == "no-store"
    form = page.form()
    page = browser.send(form)
    assert page.heading == "Check in by code"
    assert "Ada Wren is checked in." in page.text
    assert ledger.one(select(CheckIn)).source is CheckInSource.QR_CODE
    assert "was checked in already, at 10am" in browser.send(form).text
    page = browser.get(f"/check-in/{services.ticket_token(row)}")
    assert "Ada Wren was checked in at 10am" in page.text
    browser.send(page.form("/undo"))
    assert ledger.count(CheckIn) == 0


def test_ticket_of_who_has_no_place_or_before_the_day_offers_no_button(steward, make, context, now):
    event = make.event(capacity=1)
    first, second = make.registration(event), make.registration(event, name="Ben Ashby")
    browser = steward(event, Role.CHECK_IN)
    page = browser.get(f"/check-in/{services.ticket_token(second)}")
    assert "Ben Ashby has no place" in page.text
    assert not page.all("button", class_="govuk-button")
    page = browser.get(f"/check-in/{services.ticket_token(first)}")
    assert "once that day has come" in page.text
    assert not page.all("button", class_="govuk-button")


# ---------------------------------------------------------------- the screen


def test_screen_shows_code_and_address_once_a_code_was_made(steward, make, ledger, now):
    event = make.event(starts_on=TODAY)
    browser = steward(event, Role.CHECK_IN)
    page = browser.get(address(event, "screen"))
    assert "There is no code for this day yet" in page.text
    form = page.form("/2027-05-10/code")
    page = browser.send(form)
    code = ledger.one(select(EventDay.check_in_code).where(EventDay.id == event.days[0].id))
    assert re.sub(r"\W", "", text_of(page.one("p", class_="wm-code"))).lower() == code
    assert f"waymark.example.org/events/{event.public_id}/here" in page.text
    assert "from 8:30am until 4pm" in page.text
    assert page.body.count('class="wm-qr"') == 1
    browser.send(form)
    assert ledger.one(select(EventDay.check_in_code).where(EventDay.id == event.days[0].id)) == code
    page = browser.send(page.form("/2027-05-10/code"))
    assert re.sub(r"\W", "", text_of(page.one("p", class_="wm-code"))).lower() != code
    assert code not in browser.get(f"/events/{event.slug}-{event.public_id}").body


def test_navigation_shows_check_in_to_those_who_do_it(app, make):
    event, person = make.event(starts_on=TODAY), make.person()
    make.grant(person, Role.CHECK_IN, ThingKind.EVENT, event.id)
    page = Browser(app).sign_in(make.signed_in(person)).get(f"/manage/events/{event.public_id}")
    assert page.link("Check-in") == address(event)
    assert not page.has_link("Registrations")
