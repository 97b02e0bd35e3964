from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.conftest import NOW
from tests.counting import statements
from tests.ledger import Ledger
from webapp.models.accounts import SYSTEM
from webapp.models.attendance import CheckInSource
from webapp.models.events import Event, Format, Mode
from webapp.models.organisations import Sector
from webapp.models.registrations import RegistrationState
from webapp.queries.dashboard import dashboard_of
from webapp.queries.events import find_event
from webapp.queries.registrations import RegistrationFilter, count_registrations
from webapp.services import attendance, registrations

CONFIRMED, WAITING = RegistrationState.CONFIRMED, RegistrationState.WAITING


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def numbers(app, now):
    def read(event: Event, at: datetime = now):
        with app.app_context():
            return dashboard_of(find_event(event.public_id), at)

    return read


def test_numbers_are_by_state_sector_organisation_and_mode(make, numbers):
    event = make.event(capacity=2, format=Format.HYBRID)
    for sector, organisation, mode in (
        (Sector.HEALTH, "Wold", Mode.ONLINE),
        (Sector.VCSE, "Marl", Mode.ONLINE),
        (Sector.VCSE, "Marl", Mode.IN_PERSON),
        (Sector.VCSE, "Wold", Mode.ONLINE),
    ):
        make.registration(event, sector=sector, organisation_name=organisation, mode=mode)
    found = numbers(event)
    assert (found.total, found.confirmed) == (4, 3)
    assert list(found.by_state) == [(CONFIRMED, 3), (WAITING, 1)]
    assert list(found.by_sector) == [(Sector.VCSE, 2), (Sector.HEALTH, 1)]
    assert list(found.organisations) == [("Marl", 2), ("Wold", 1)]
    assert {places.mode: (places.confirmed, places.waiting) for places in found.by_mode} == {
        Mode.IN_PERSON: (1, 0),
        Mode.ONLINE: (2, 1),
    }
    assert [(day.registered, day.here) for day in found.by_day] == [(3, None), (3, None)]


def test_places_are_counted_by_area_each_organisation_once(make, numbers):
    event = make.event(capacity=None)
    wold, marl = make.organisation("Wold"), make.organisation("Marl")
    first, second = (make.wave(name, programme_id=event.programme_id) for name in ("Wave 1", "Wave 2"))
    north = make.area("North", wave=first, organisation_id=wold.id)
    south = make.area("South", wave=second, organisation_id=marl.id)
    make.area("Without anybody", wave=first)
    # Marl leads the south, so that its people do not count for the north as well.
    for area, partner in ((north, marl), (south, wold)):
        make.area_partner(area, partner)
    for organisation in ("Wold", "Wold", "Marl", "Elsewhere"):
        make.registration(event, organisation_name=organisation)
    assert [(area.name, area.wave.name, number) for area, number in numbers(event).by_area] == [
        ("North", "Wave 1", 2),
        ("South", "Wave 2", 1),
    ]


def test_time_is_counted_by_the_day_where_the_event_is(make, numbers):
    event = make.event(capacity=None)
    # Eleven at night in Greenwich is the next day in British summer time.
    for at in (datetime(2027, 5, 3, 22, 59, tzinfo=UTC), datetime(2027, 5, 3, 23, 0, tzinfo=UTC), NOW, NOW):
        make.registration(event, now=at)
    found = numbers(event)
    assert found.unit == "day"
    assert [(one.first.day, one.number, one.so_far) for one in found.over_time] == [
        (3, 1, 1), (4, 1, 2), (5, 0, 2), (6, 0, 2), (7, 0, 2), (8, 0, 2), (9, 0, 2), (10, 2, 4)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [("Asia/Kolkata", time(18, 30)), ("Asia/Kathmandu", time(18, 15)), ("Europe/London", time(23))],
)
def test_days_part_at_midnight_where_clocks_differ_by_less_than_an_hour(make, numbers, zone, midnight):
    event = make.event(capacity=None, zone=zone)
    at = datetime.combine(date(2027, 5, 3), midnight, UTC)
    for moment in (at - timedelta(minutes=1), at, at + timedelta(minutes=14)):
        make.registration(event, now=moment)
    assert [(one.first.day, one.number) for one in numbers(event).over_time] == [(3, 1), (4, 2)]


@pytest.mark.parametrize(
    ("days", "unit", "rows", "first"),
    [(30, "day", 31, date(2027, 4, 10)), (31, "week", 6, date(2027, 4, 5)), (217, "month", 8, date(2026, 10, 1))],
)
def test_time_is_counted_in_weeks_or_months_where_there_are_many_days(make, numbers, days, unit, rows, first):
    event = make.event(capacity=None)
    make.registration(event, now=NOW - timedelta(days=days))
    make.registration(event, now=NOW)
    found = numbers(event)
    assert (found.unit, len(found.over_time), found.over_time[0].first) == (unit, rows, first)
    assert [one.number for one in found.over_time if one.number] == [1, 1]
    assert found.over_time[-1].so_far == 2


@pytest.mark.parametrize("back", [9, 60, 300])
def test_each_period_counts_those_whom_the_list_of_its_days_shows(app, make, numbers, back):
    event = make.event(capacity=None)
    for number in range(7):
        make.registration(event, now=NOW - timedelta(days=0 if number < 3 else back, minutes=number))
    periods = numbers(event).over_time
    with app.app_context():
        for one in periods:
            wanted = RegistrationFilter(first_day=one.first, last_day=one.last, zone=event.zone)
            assert count_registrations(event.id, wanted) == one.number
    assert [one.number for one in periods if one.number] == [4, 3]


def test_time_is_counted_anew_for_who_registers_again(make, numbers, ledger):
    event = make.event(capacity=None)
    row = make.registration(event, email="ann@example.org", now=NOW - timedelta(days=2))
    ledger.act(registrations.cancel, row.id, actor=SYSTEM, now=NOW - timedelta(days=1))
    assert [one.number for one in numbers(event).over_time] == [1]
    make.registration(event, email="ann@example.org", now=NOW)
    assert [(one.first, one.number) for one in numbers(event).over_time] == [(NOW.date(), 1)]
    ledger.check(event)


def test_attendance_stands_against_registration_once_a_day_has_begun(make, numbers, ledger):
    event = make.event(starts_on=NOW.date())
    rows = [make.registration(event, now=NOW - timedelta(days=9)) for _ in range(4)]
    for row in rows[:3]:
        for _ in range(2):
            source = CheckInSource.NAME
            ledger.act(attendance.check_in, row.id, NOW.date(), source=source, actor=SYSTEM, now=NOW)
    found = numbers(event)
    assert [(day.registered, day.here, day.share) for day in found.by_day] == [(4, 3, 75), (4, None, 0)]


def test_largest_organisations_alone_are_given_and_it_is_said_that_there_are_more(make, numbers):
    event = make.event()
    for number in range(11):
        make.registration(event, organisation_name=f"Organisation {number:02}")
    found = numbers(event)
    assert (len(found.organisations), found.more_organisations) == (10, True)


def test_event_without_registrations_has_no_numbers(make, numbers):
    found = numbers(make.event())
    assert (found.total, list(found.over_time), list(found.by_state)) == (0, [], [])


def test_as_many_queries_are_asked_for_many_as_for_one(app, make, now):
    event = make.event(starts_on=NOW.date())
    counts = []
    for more in (1, 5):
        for _ in range(more):
            make.registration(event, now=NOW - timedelta(days=3))
        with app.app_context():
            found = find_event(event.public_id)
            with statements(app) as asked:
                dashboard_of(found, now)
        counts.append(len(asked))
    assert counts == [5, 5]
