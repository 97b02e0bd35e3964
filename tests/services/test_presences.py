"""What is kept of who was there, against a full count of check-ins and reports after every kind of change."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.conftest import NOW
from tests.ledger import Ledger
from tests.reports import teams, zoom
from webapp.models.accounts import SYSTEM
from webapp.models.attendance import (
    AttendanceRecord,
    AttendanceReport,
    AttendanceTally,
    Came,
    CheckIn,
    CheckInSource,
    Presence,
)
from webapp.models.events import Event, EventDay
from webapp.models.organisations import Sector
from webapp.models.registrations import Registration
from webapp.queries.registrations import Chosen
from webapp.services import attendance as services
from webapp.services import events, registrations
from webapp.services.events import Day
from webapp.services.registrations import Decision, Identity

EARLIER = NOW - timedelta(days=20)
TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)
LATER = NOW + timedelta(hours=28)
MORNING, ALL_DAY = [("9:30", "10:30")], [("9:30", "16:00")]


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    return make.event(starts_on=TODAY)


@pytest.fixture
def people(make, event):
    """Four with a place, of two organisations and two sectors."""
    names = {"Ada Wren": "Wold", "Ben Ashby": "Marl", "Cass Doe": "Marl", "Dora Fry": "Wold"}
    return {
        name[:3]: make.registration(
            event,
            name=name,
            email=f"{name.split()[0].lower()}@example.org",
            organisation_name=organisation,
            sector=Sector.VCSE if organisation == "Marl" else Sector.HEALTH,
            now=EARLIER,
        )
        for name, organisation in names.items()
    }


@pytest.fixture
def agrees(ledger, event):
    """Compares what is kept with a full count, and gives how everybody was on all days, by the first letters."""

    def check():
        kept = {
            (row.registration_id, row.day_id): (row.how, row.checked_in, row.placed)
            for row in ledger.all(select(Presence).where(Presence.event_id == event.id))
        }
        rows = {row.id: row for row in ledger.all(select(Registration).where(Registration.event_id == event.id))}
        counted = full_count(ledger, event, rows)
        assert kept == counted
        tallies = Counter(
            {
                (row.day_id, row.dimension, row.value, row.what.value): row.count
                for row in ledger.all(select(AttendanceTally).where(AttendanceTally.event_id == event.id))
                if row.count
            }
        )
        assert tallies == tallied(counted, rows)
        return {rows[one].name[:3]: how.value for (one, day), (how, _, _) in sorted(kept.items()) if day == 0}

    return check


def full_count(ledger, event, rows):
    """How each was on each day and on all together (day 0), whether checked in and with a place, from the sources."""
    checked_in = {(row.registration_id, row.day_id) for row in ledger.all(select(CheckIn))}
    minutes = {}
    said = select(AttendanceRecord.registration_id, AttendanceReport.day_id, AttendanceRecord.stays).join(
        AttendanceReport, AttendanceReport.id == AttendanceRecord.report_id
    )
    for registration_id, day_id, stays in ledger.rows(said):
        for joined, left, _ in stays if registration_id else ():
            spent = range(*(int(at[11:13]) * 60 + int(at[14:16]) for at in (joined, left)))
            minutes.setdefault((registration_id, day_id), set()).update(spent)
    found = {}
    for day in ledger.all(select(EventDay).where(EventDay.event_id == event.id)):
        needed = (day.ends.hour * 60 + day.ends.minute - day.starts.hour * 60 - day.starts.minute) / 2
        for one, row in rows.items():
            key, placed = (one, day.id), row.state.value == "confirmed"
            if key in checked_in or key in minutes:
                came = key in checked_in or len(minutes[key]) >= needed
                found[key] = (Came.CAME if came else Came.IN_PART, key in checked_in, placed)
                before = found.get((one, 0), (Came.IN_PART, False, placed))
                best = Came.CAME if came else before[0]
                found[one, 0] = (best, before[1] or key in checked_in, placed)
    return found


def tallied(counted, rows):
    """The same, as numbers."""
    found = Counter()
    for (one, day), (how, checked_in, placed) in counted.items():
        of_sector, of_organisation = ("sector", rows[one].sector.value), ("organisation", rows[one].organisation_name)
        for group in (of_sector, of_organisation):
            found[day, *group, how.value] += 1
            if not placed and not day:
                found[day, *group, "no_place"] += 1
        if checked_in:
            found[day, *of_sector, "checked_in"] += 1
            if not placed:
                found[day, *of_sector, "checked_in_no_place"] += 1
    return found


@pytest.fixture
def come(ledger, people):
    def act(name, day=TODAY):
        of = {"source": CheckInSource.NAME, "actor": SYSTEM, "now": LATER}
        return ledger.act(services.check_in, people[name].id, day, **of)

    return act


@pytest.fixture
def take_in(ledger, event):
    def act(content, filename="report.csv", day=TODAY):
        file = services.read(content, filename=filename, expected=day)
        return ledger.act(services.take_in, event.id, day, None, file, actor=SYSTEM, now=LATER)[0]

    return act


def test_check_in_and_taking_it_back_are_counted(ledger, people, come, agrees):
    assert agrees() == {}
    come("Ada")
    come("Ada")
    come("Ada", TOMORROW)
    come("Ben", TOMORROW)
    assert agrees() == {"Ada": "came", "Ben": "came"}
    for _ in range(2):
        ledger.act(services.undo_check_in, people["Ada"].id, TODAY, actor=SYSTEM, now=LATER)
        assert agrees() == {"Ada": "came", "Ben": "came"}
    ledger.act(services.undo_check_in, people["Ada"].id, TOMORROW, actor=SYSTEM, now=LATER)
    assert agrees() == {"Ben": "came"}


def test_reports_read_in_and_taken_out_are_counted(ledger, people, come, take_in, agrees):
    come("Cas")
    first = take_in(teams(("Ada Wren", "", MORNING), ("Ben Ashby", "", ALL_DAY), ("Cass Doe", "", MORNING)))
    assert agrees() == {"Ada": "part", "Ben": "came", "Cas": "came"}
    # Together with the first they are half of the hours, though an hour is in both.
    second = take_in(zoom(("Ada Wren", "", [("10:00", "13:00")]), ("Nobody Known", "", MORNING)), "zoom.csv")
    assert agrees() == {"Ada": "came", "Ben": "came", "Cas": "came"}
    ledger.act(services.undo_check_in, people["Cas"].id, TODAY, actor=SYSTEM, now=LATER)
    assert agrees() == {"Ada": "came", "Ben": "came", "Cas": "part"}
    ledger.act(services.remove, second.id, actor=SYSTEM, now=LATER)
    assert agrees() == {"Ada": "part", "Ben": "came", "Cas": "part"}
    for _ in range(2):
        ledger.act(services.remove, first.id, actor=SYSTEM, now=LATER)
        assert agrees() == {}


def test_line_that_is_matched_later_is_counted_for_whom_it_is(ledger, people, take_in, agrees):
    take_in(teams(("Somebody", "else@example.org", ALL_DAY)))
    assert agrees() == {}
    line = ledger.one(select(AttendanceRecord))
    for whom, expected in (("Ada", {"Ada": "came"}), ("Ben", {"Ben": "came"}), ("Ben", {"Ben": "came"}), (None, {})):
        ledger.act(services.decide, line.id, people[whom].id if whom else None, actor=SYSTEM, now=LATER)
        assert agrees() == expected


def test_those_who_cancel_one_by_one_or_in_bulk_and_come_back_are_counted(ledger, make, event, people, come, agrees):
    for name in people:
        come(name)
    ledger.act(registrations.cancel, people["Ada"].id, actor=SYSTEM, now=LATER)
    assert len(agrees()) == 4
    ids = tuple(people[name].public_id for name in ("Ben", "Cas"))
    of = {"number": 2, "actor": SYSTEM, "now": LATER}
    ledger.act(registrations.decide, Decision.CANCEL, event.id, Chosen(public_ids=ids), **of)
    assert len(agrees()) == 4
    make.registration(
        event, name="Ada Wren", email="ada@example.org", organisation_name="Fen", sector=Sector.POLICE, now=NOW
    )
    assert len(agrees()) == 4
    assert ledger.count(Registration) == 4


def test_those_who_change_organisation_and_sector_are_counted_there(ledger, event, people, come, agrees):
    come("Ada")
    come("Ben", TOMORROW)
    row = ledger.registration(event, "ada@example.org")
    said = Identity(
        name=row.name,
        email=row.email,
        organisation_name="Fen Trust",
        organisation_id=None,
        sector=Sector.POLICE,
        role="Sergeant",
    )
    ledger.act(registrations.correct, row.id, said, version=row.version, actor=SYSTEM, now=LATER)
    assert agrees() == {"Ada": "came", "Ben": "came"}
    again = replace(said, organisation_name="Fen Council")
    ledger.act(registrations.correct, row.id, again, version=row.version + 1, actor=SYSTEM, now=LATER)
    assert agrees() == {"Ada": "came", "Ben": "came"}


def test_hours_and_days_that_change_are_judged_anew(ledger, event, people, come, take_in, agrees):
    take_in(teams(("Ada Wren", "", MORNING), ("Ben Ashby", "", ALL_DAY)))
    assert agrees() == {"Ada": "part", "Ben": "came"}

    def edit(*days):
        version = ledger.one(select(Event.version).where(Event.id == event.id))
        of = {"version": version, "told": True, "actor": SYSTEM, "now": LATER}
        ledger.act(events.edit_days, event.id, days, "Europe/London", **of)

    first, second = ledger.all(select(EventDay).where(EventDay.event_id == event.id).order_by(EventDay.date))
    today = Day(was=TODAY, date=TODAY, starts=first.starts, ends=first.starts.replace(hour=11))
    edit(today, Day(was=TOMORROW, date=TOMORROW, starts=second.starts, ends=second.ends))
    assert agrees() == {"Ada": "came", "Ben": "came"}
    come("Cas", TOMORROW)
    ledger.act(services.undo_check_in, people["Cas"].id, TOMORROW, actor=SYSTEM, now=LATER)
    edit(today)
    assert agrees() == {"Ada": "came", "Ben": "came"}


def test_reports_and_check_ins_at_the_same_moment_are_all_counted(ledger, event, people, agrees):
    content = teams(("Ada Wren", "", MORNING), ("Ben Ashby", "", MORNING))
    file = services.read(content, filename="a.csv", expected=TODAY)
    acts = [lambda: services.take_in(event.id, TODAY, None, file, actor=SYSTEM, now=LATER)]
    for name in ("Ada", "Ben"):
        one = people[name].id
        acts.append(lambda one=one: services.check_in(one, TODAY, source=CheckInSource.NAME, actor=SYSTEM, now=LATER))
        acts.append(lambda one=one: registrations.cancel(one, actor=SYSTEM, now=LATER))
    raised = {type(one) for one in ledger.together(acts) if isinstance(one, Exception)}
    assert raised <= {services.NoPlace}  # the place was given up first
    agrees()
