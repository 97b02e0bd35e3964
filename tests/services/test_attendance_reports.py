from datetime import date, datetime, time, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from tests.conftest import NOW
from tests.ledger import Ledger
from tests.reports import teams, zoom
from webapp.errors import NotFound
from webapp.formats.attendance import Stay
from webapp.models.accounts import SYSTEM
from webapp.models.activity import Activity
from webapp.models.attendance import AttendanceRecord, AttendanceReport, Came, CheckInSource, Match, ReportSource
from webapp.services import attendance as services
from webapp.services import registrations
from webapp.services.attendance.hours import Hours

# People registered before; the event is today from 9:30 until 16:00, and it is over.
EARLIER = NOW - timedelta(days=20)
TODAY = NOW.date()
EVENING = NOW + timedelta(hours=9)
MORNING, ALL_DAY = [("9:30", "10:30")], [("9:30", "16:00")]


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    return make.event(starts_on=TODAY)


@pytest.fixture
def people(make, event):
    """Three with a place: Ada Wren, Ben Ashby and Cass Doe, each at example.org by the first name."""
    names = ("Ada Wren", "Ben Ashby", "Cass Doe")
    return {
        n[:3]: make.registration(event, name=n, email=f"{n.split()[0].lower()}@example.org", now=EARLIER) for n in names
    }


@pytest.fixture
def take_in(ledger, event):
    """Reads in a file for the event's first day, and gives the report and whether it was new."""

    def act(content, filename="report.csv", *, to=event, session_id=None, day=TODAY):
        file = services.read(content, filename=filename, expected=day)
        return ledger.act(services.take_in, to.id, day, session_id, file, actor=SYSTEM, now=EVENING)

    return act


@pytest.fixture
def lines(ledger):
    """Each line of a report as its name, how it was matched, and whom it stands for."""

    def read(report=None):
        statement = select(AttendanceRecord).order_by(AttendanceRecord.id)
        if report:
            statement = statement.where(AttendanceRecord.report_id == report.id)
        return [(row.name, row.match, row.registration_id) for row in ledger.all(statement)]

    return read


@pytest.fixture
def came(app, event):
    """How everybody came on the first day, by the first letters of the name."""

    def read(day=0, now=EVENING):
        with app.app_context():
            return {one.name[:3]: one.came[event.days[day].id] for one in services.attendance_of(event, now=now)}

    return read


@pytest.fixture
def minutes(ledger):
    """The minutes of each line of a report, by the first letters of the name."""

    def read(report):
        rows = ledger.all(select(AttendanceRecord).where(AttendanceRecord.report_id == report.id))
        return {row.name[:3]: row.minutes for row in rows}

    return read


def test_report_of_teams_is_matched_by_address_then_by_name(event, people, take_in, lines, ledger):
    content = teams(
        ("A. Wren", "ADA@example.org", MORNING),
        ("Ashby, Ben", "", MORNING),
        ("Nobody Here", "nobody@example.org", MORNING),
    )
    report, new = take_in(content, "C:\\Users\\me\\Day 1.csv")
    assert new
    assert lines(report) == [
        ("A. Wren", Match.EMAIL, people["Ada"].id),
        ("Ashby, Ben", Match.NAME, people["Ben"].id),
        ("Nobody Here", Match.NOBODY, None),
    ]
    kept = ledger.one(select(AttendanceReport))
    assert (kept.source, kept.filename, kept.title) == (ReportSource.TEAMS, "Day 1.csv", "Practice week, day 1")
    assert (kept.day_id, kept.session_id, kept.imported_at) == (event.days[0].id, None, EVENING)
    entry = ledger.one(select(Activity).where(Activity.verb == "attendance_read_in"))
    assert (entry.thing_id, entry.details["people"]) == (event.id, 3)
    assert "Wren" not in str(entry.details)


def test_report_of_zoom_knows_names_in_brackets(people, take_in, lines):
    report, _ = take_in(zoom(("ada from work (Ada Wren)", "", MORNING)))
    assert lines(report) == [("ada from work (Ada Wren)", Match.NAME, people["Ada"].id)]


def test_five_stays_of_one_person_are_one_line_with_no_minute_counted_twice(people, take_in, ledger):
    stays = [("9:30", "10:00"), ("9:45", "10:15"), ("11:00", "11:10"), ("11:00", "11:10"), ("12:00", "12:20")]
    take_in(teams(("Ada Wren", "ada@example.org", stays)))
    row = ledger.one(select(AttendanceRecord))
    assert (len(row.stays), row.minutes) == (5, 45 + 10 + 20)
    assert row.stays[0] == ["2027-05-10T09:30:00", "2027-05-10T10:00:00", 30.0]


def test_names_that_several_have_or_that_are_only_alike_are_for_the_organiser(make, event, people, take_in, ledger):
    twin = make.registration(event, name="Ada Wren", email="twin@example.org", now=EARLIER)
    take_in(teams(("Ada Wren", "", MORNING), ("B Ashby", "", MORNING), ("Doe Cass", "", MORNING), ("Ben", "", MORNING)))
    found = {row.name: (row.match, set(row.candidates)) for row in ledger.all(select(AttendanceRecord))}
    assert found == {
        "Ada Wren": (Match.UNSURE, {people["Ada"].id, twin.id}),
        "B Ashby": (Match.UNSURE, {people["Ben"].id}),
        "Doe Cass": (Match.UNSURE, {people["Cas"].id}),
        "Ben": (Match.UNSURE, {people["Ben"].id}),
    }


def test_who_gave_the_place_up_is_found_by_address_and_not_by_name(people, take_in, lines, ledger, came):
    for name in ("Ada", "Ben"):
        ledger.act(registrations.cancel, people[name].id, actor=SYSTEM, now=NOW)
    take_in(teams(("Ada Wren", "ada@example.org", ALL_DAY), ("Ben Ashby", "", ALL_DAY)))
    assert [match for _, match, _ in lines()] == [Match.EMAIL, Match.NOBODY]
    assert came() == {"Ada": Came.CAME, "Cas": Came.MISSED}


def test_same_file_again_changes_nothing_but_is_another_report_of_another_day(event, people, take_in, ledger, lines):
    content = teams(("Ada Wren", "ada@example.org", MORNING))
    first, _ = take_in(content)
    again, new = take_in(content, "renamed.csv")
    assert (again.id, new, len(lines())) == (first.id, False, 1)
    _, new = take_in(content, day=TODAY + timedelta(days=1))
    assert new
    assert ledger.count(AttendanceReport) == 2


def test_same_file_read_in_by_two_people_at_once_is_kept_once(event, people, ledger, lines):
    file = services.read(teams(("Ada Wren", "ada@example.org", MORNING)), filename="a.csv", expected=TODAY)
    act = partial(services.take_in, event.id, TODAY, None, file, actor=SYSTEM, now=EVENING)
    assert sorted(new for _, new in ledger.together([act] * 3)) == [False, False, True]
    assert (ledger.count(AttendanceReport), len(lines())) == (1, 1)


def test_decision_is_remembered_for_later_reports_of_the_event_alone(make, event, people, take_in, lines, ledger):
    take_in(teams(("Adele", "", MORNING), ("Ben", "", MORNING)))
    first, second = ledger.all(select(AttendanceRecord).order_by(AttendanceRecord.id))
    decide = partial(ledger.act, services.decide, actor=SYSTEM, now=EVENING)
    decide(first.id, people["Ada"].id)
    decide(second.id, None)
    decide(second.id, None)
    assert len(ledger.all(select(Activity).where(Activity.verb == "attendance_matched"))) == 2
    later, _ = take_in(zoom(("ADELE", "", MORNING), ("Ben", "", MORNING)))
    assert lines(later) == [("ADELE", Match.ORGANISER, people["Ada"].id), ("Ben", Match.ORGANISER, None)]
    other = make.event(starts_on=TODAY)
    elsewhere, _ = take_in(zoom(("Adele", "", MORNING)), to=other)
    assert lines(elsewhere) == [("Adele", Match.NOBODY, None)]
    stranger = make.registration(other, now=EARLIER)
    with pytest.raises(services.NotAmongThem):
        decide(first.id, stranger.id)


def test_removing_a_report_takes_its_minutes_out_once(people, take_in, lines, ledger, came):
    report, _ = take_in(teams(("Ada Wren", "ada@example.org", ALL_DAY)))
    assert came()["Ada"] is Came.CAME
    for _ in range(2):
        ledger.act(services.remove, report.id, actor=SYSTEM, now=EVENING)
    assert (lines(), ledger.count(AttendanceReport), came()["Ada"]) == ([], 0, Came.MISSED)
    assert len(ledger.all(select(Activity).where(Activity.verb == "attendance_taken_out"))) == 1
    assert take_in(teams(("Ada Wren", "ada@example.org", ALL_DAY)))[1]


def test_minutes_of_several_reports_of_a_day_count_once(app, event, people, take_in, came):
    take_in(teams(("Ada Wren", "ada@example.org", [("9:30", "11:30")]), ("Ben Ashby", "", [("9:30", "12:44")])))
    take_in(zoom(("Ada Wren", "ada@example.org", [("10:30", "12:30")]), ("Ben Ashby", "", [("15:00", "15:01")])))
    with app.app_context():
        found = services.sources_of(event.id, [people["Ada"].id, people["Ben"].id])
        day = event.days[0].id
        assert found[people["Ada"].id, day].minutes == 180
        assert [minutes for _, minutes in found[people["Ada"].id, day].reports] == [120, 120]
    # Half of the six and a half hours is 195 minutes.
    assert came() == {"Ada": Came.IN_PART, "Ben": Came.CAME, "Cas": Came.MISSED}


def test_somebody_with_two_devices_is_counted_once(event, people, take_in, ledger, app):
    take_in(teams(("Ada Wren", "ada@example.org", [("9:30", "10:30")]), ("Ada Wren", "", [("10:00", "11:00")])))
    with app.app_context():
        known = services.sources_of(event.id, [people["Ada"].id])[people["Ada"].id, event.days[0].id]
    assert (known.minutes, len(known.reports)) == (90, 2)


def test_checked_in_counts_as_came_whatever_the_minutes(people, take_in, ledger, came):
    take_in(teams(("Ada Wren", "ada@example.org", [("9:30", "9:31")])))
    assert came()["Ada"] is Came.IN_PART
    source = CheckInSource.QR_CODE
    ledger.act(services.check_in, people["Ada"].id, TODAY, source=source, actor=SYSTEM, now=NOW)
    assert came()["Ada"] is Came.CAME


def test_day_to_come_is_not_missed_yet(people, came):
    assert set(came(day=1).values()) == {Came.NOT_YET}
    assert set(came(day=1, now=EVENING + timedelta(days=1)).values()) == {Came.MISSED}


def test_day_without_hours_takes_any_minute_for_having_come(app, make, ledger, take_in):
    event = make.event(starts_on=TODAY, days=1, hours=[None])
    make.registration(event, email="ada@example.org", now=EARLIER)
    take_in(teams(("Ada Wren", "ada@example.org", [("9:30", "9:31")])), to=event)
    with app.app_context():
        assert [line.on(None) for line in services.attendance_of(event, now=EVENING)] == [Came.CAME]


def test_totals_count_by_sector_and_organisation_the_best_of_all_days(app, make, event, ledger):
    for name, organisation in (("Ada", "Wold"), ("Ben", "Marl"), ("Cass", "Marl")):
        make.registration(event, name=name, email=f"{name}@example.org", organisation_name=organisation, now=EARLIER)
    row = ledger.registration(event, "Ben@example.org")
    ledger.act(services.check_in, row.id, TODAY, source=CheckInSource.NAME, actor=SYSTEM, now=NOW)
    with app.app_context():
        found = services.Attendance(event, now=EVENING + timedelta(days=1))
        by_organisation, number = found.by_organisation(None, limit=10)
        by_sector = found.by_sector(event.days[1].id)
    assert number == 2
    assert [(one.label, one.registered, one.here, one.share) for one in by_organisation] == [
        ("Marl", 2, 1, 50), ("Wold", 1, 0, 0)
    ]  # fmt: skip
    assert [(one.registered, one.here) for one in by_sector] == [(3, 0)]


def test_lines_not_understood_are_kept_with_their_text(people, take_in, ledger):
    extra = [["Ada Wren", "yesterday", "today", "long", "ada@example.org", "Attendee"]]
    take_in(teams(("Ben Ashby", "", MORNING), extra=extra))
    (unread,) = ledger.one(select(AttendanceReport)).unread
    assert "yesterday" in unread["text"]


def test_day_of_another_event_is_not_found(make, event, take_in):
    with pytest.raises(NotFound):
        take_in(teams(("Ada Wren", "", MORNING)), day=TODAY + timedelta(days=5))


@pytest.mark.parametrize(
    "said", ["A. Lee", "A Lee", "Ann L", "Ann L.", "Lee, Ann (Marlbridge)", "Lee, A.", "A. Lee (Marlbridge)"]
)
def test_name_with_an_initial_is_for_the_organiser_to_say(make, event, take_in, ledger, said):
    ann = make.registration(event, name="Ann Lee", now=EARLIER)
    make.registration(event, name="Ben Ash", now=EARLIER)
    take_in(zoom((said, "", ALL_DAY)))
    row = ledger.one(select(AttendanceRecord))
    assert (row.match, row.registration_id, row.candidates) == (Match.UNSURE, None, [ann.id])


@pytest.mark.parametrize("said", ["Parveen G", "Parveen G.", "Parveen O", "P Garside", "P. Okoro", "Garside, P."])
def test_initial_of_either_part_of_a_double_name_is_for_the_organiser_to_say(make, event, take_in, ledger, said):
    parveen = make.registration(event, name="Parveen Garside-Okoro", now=EARLIER)
    make.registration(event, name="Parveen Hall", now=EARLIER)
    take_in(zoom((said, "", ALL_DAY)))
    row = ledger.one(select(AttendanceRecord))
    assert (row.match, row.registration_id, row.candidates) == (Match.UNSURE, None, [parveen.id])


def test_initial_is_for_the_organiser_to_say_even_where_somebody_registered_with_it(make, event, take_in, ledger):
    ids = {make.registration(event, name=name, now=EARLIER).id for name in ("A Lee", "Ann Lee")}
    take_in(zoom(("A Lee", "", ALL_DAY)))
    row = ledger.one(select(AttendanceRecord))
    assert (row.match, set(row.candidates)) == (Match.UNSURE, ids)


def test_rows_of_another_day_do_not_count_and_are_said(take_in, people, ledger):
    stays = [("9:30", "10:30")]
    other = teams(("Ada Wren", "ada@example.org", stays), ("Ben Ashby", "ben@example.org", stays))
    both = other.decode("utf-16").replace("5/10/27, 9:3", "5/11/27, 9:3").replace("5/10/27, 10:3", "5/11/27, 10:3")
    report, new = take_in(both.encode("utf-16"))
    assert new
    assert ledger.count(AttendanceRecord) == 0
    assert report.unread == [{"date": "2027-05-11", "rows": 2, "partly": False}]


def test_report_of_a_session_counts_by_its_own_hours_too(make, event, take_in, people, minutes):
    session = make.session(event, hours=(time(19), time(20)))
    content = teams(("Ada Wren", "ada@example.org", [("16:30", "22:30")]), ("Ben Ashby", "", [("22:10", "22:20")]))
    report, _ = take_in(content, session_id=session.id)
    of_day, _ = take_in(content)
    assert (minutes(report), minutes(of_day)) == ({"Ada": 330}, {"Ada": 90})
    rows = [{"date": "2027-05-10", "rows": 1, "partly": partly} for partly in (False, True)]
    assert (report.unread, of_day.unread) == (rows, rows)


def test_report_of_a_session_in_the_morning_counts_from_before_the_day(make, event, take_in, people, minutes):
    session = make.session(event, hours=(time(6), time(7)))
    report, _ = take_in(teams(("Ada Wren", "ada@example.org", [("3:00", "7:00")])), session_id=session.id)
    assert minutes(report) == {"Ada": 180}


def test_report_of_a_session_without_times_counts_by_the_hours_of_the_day(make, event, take_in, people, minutes):
    session = make.session(event, hours=(None, None))
    report, _ = take_in(teams(("Ada Wren", "ada@example.org", [("9:30", "19:00")])), session_id=session.id)
    assert minutes(report) == {"Ada": 8 * 60 + 30}


def test_same_file_again_counts_by_the_hours_as_they_were_put_right(event, people, take_in, ledger, minutes, came):
    content = teams(("Ada Wren", "ada@example.org", [("19:00", "20:00")]), ("Ben Ashby", "", ALL_DAY))
    report, _ = take_in(content)
    first = ledger.one(select(AttendanceRecord))
    ledger.act(services.decide, first.id, people["Cas"].id, actor=SYSTEM, now=EVENING)
    assert minutes(report) == {"Ben": 390}
    ledger.change(event.days[0], ends=time(20))
    again, new = take_in(content)
    assert (again.id, new, ledger.count(AttendanceReport)) == (report.id, True, 1)
    assert (minutes(report), ledger.one(select(AttendanceReport)).unread) == ({"Ada": 60, "Ben": 390}, [])
    # What an organiser said of them stands.
    assert came() == {"Ada": Came.IN_PART, "Ben": Came.MISSED, "Cas": Came.CAME}
    before = [row.public_id for row in ledger.all(select(AttendanceRecord).order_by(AttendanceRecord.id))]
    assert take_in(content)[1] is False
    assert [row.public_id for row in ledger.all(select(AttendanceRecord).order_by(AttendanceRecord.id))] == before
    entries = ledger.all(select(Activity).where(Activity.verb == "attendance_read_in"))
    assert [one.details["people"] for one in entries] == [1, 2]


def at(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M")  # noqa: DTZ007 -- reports know no zones


@pytest.mark.parametrize(
    ("day", "hours", "joined", "left", "told", "minutes", "outside"),
    [
        # Over midnight: the two hours after the day count, and no more.
        ("2027-06-14", ("19:00", "23:30"), "2027-06-14 23:00", "2027-06-15 03:00", 240, 150, ("2027-06-15", True)),
        ("2027-06-14", ("19:00", "23:30"), "2027-06-15 00:10", "2027-06-15 00:40", 30, 30, None),
        ("2027-06-14", ("19:00", "23:30"), "2027-06-15 09:00", "2027-06-15 10:00", 60, None, ("2027-06-15", False)),
        ("2027-06-14", None, "2027-06-14 23:30", "2027-06-15 00:30", 60, 60, None),
        # The clocks go forward at 1am on 28 March 2027: from 11:30pm, when it counts, to 3:30am are three hours.
        ("2027-03-28", ("02:30", "06:00"), "2027-03-27 22:30", "2027-03-28 03:30", 240, 180, ("2027-03-27", True)),
        # They go back at 2am on 31 October 2027: from midnight to 3am are four hours, of which the last counts.
        ("2027-10-31", ("04:00", "06:00"), "2027-10-31 00:00", "2027-10-31 03:00", 240, 60, ("2027-10-31", True)),
    ],
)
def test_only_the_hours_of_the_day_count(make, day, hours, joined, left, told, minutes, outside):
    hours = [tuple(time.fromisoformat(one) for one in hours) if hours else None]
    event = make.event(starts_on=date.fromisoformat(day), days=1, hours=hours)
    measure = Hours(event, event.days[0])
    found = measure.within([Stay(at(joined), at(left), told)])
    assert [round(stay.minutes) for stay in found] == ([] if minutes is None else [minutes])
    assert measure.outside() == ([{"date": outside[0], "rows": 1, "partly": outside[1]}] if outside else [])
