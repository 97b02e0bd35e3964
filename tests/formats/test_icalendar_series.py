"""A series of meetings as one entry with exceptions, read again and expanded by programs that are not ours."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from dateutil.rrule import rrulestr

from webapp.formats.icalendar import (
    Attendee,
    Day,
    Entry,
    Meeting,
    Rule,
    Series,
    feed,
    meeting_cancellation,
    meeting_invitation,
    series_cancellation,
    series_invitation,
)

pytestmark = pytest.mark.memory

LONDON = ZoneInfo("Europe/London")
ANN = Attendee(name="Ann Lee", email="ann@example.org")
FIRST = date(2027, 1, 28)


def entry(on=FIRST, starts=time(10), **values):
    defaults = {
        "uid": "series-uid",
        "sequence": 3,
        "stamp": datetime(2027, 1, 4, 9, tzinfo=UTC),
        "title": "Reference group",
        "days": [Day(date=on, starts=starts, ends=time(starts.hour + 1))],
        "url": "https://waymark.example.org/series/reference-group-bcdfghjkmnpq",
        "organiser_name": "Learning team",
        "organiser_email": "learning@example.org",
        "location": "Online",
    }
    return Entry(**(defaults | values))


def monthly(**values):
    """The last Thursday of each month from January to June 2027, at 10; the third moved, the fourth cancelled."""
    moved, gone = date(2027, 3, 25), date(2027, 4, 29)
    meetings = [
        Meeting(on=FIRST, entry=entry()),
        Meeting(on=moved, entry=entry(date(2027, 3, 30), time(14), location="Room 2")),
        Meeting(on=gone, entry=None),
    ]
    return Series(entry=entry(**values), rule=Rule(first=FIRST, count=6, monthly=True, week=-1), meetings=meetings)


def expanded(made):
    """When each meeting begins, by an expansion of the rule that is not ours, with exceptions and overrides applied."""
    master, *overrides = icalendar.Calendar.from_ical(made).walk("VEVENT")
    start = master["DTSTART"].dt
    # By the clock of the zone, as calendars expand a rule.
    rule = rrulestr(master["RRULE"].to_ical().decode(), dtstart=start.replace(tzinfo=None))
    missing = {one.dt for one in master["EXDATE"].dts} if "EXDATE" in master else set()
    instead = {one["RECURRENCE-ID"].dt: one["DTSTART"].dt for one in overrides}
    found = [on.replace(tzinfo=start.tzinfo) for on in rule]
    return [instead.get(on, on) for on in found if on not in missing]


def test_series_is_one_entry_with_its_exceptions_and_keeps_its_hour_over_summer_time():
    made = series_invitation(monthly(), ANN)
    assert [at.strftime("%Y-%m-%d %H:%M %z") for at in expanded(made)] == [
        "2027-01-28 10:00 +0000",
        "2027-02-25 10:00 +0000",
        "2027-03-30 14:00 +0100",
        "2027-05-27 10:00 +0100",
        "2027-06-24 10:00 +0100",
    ]
    read = vobject.readOne(made.decode())
    assert (read.method.value, len(read.vevent_list)) == ("REQUEST", 2), "a meeting that is as the rule has no override"
    assert {(one.uid.value, one.sequence.value) for one in read.vevent_list} == {("series-uid", "3")}
    assert [len(one.contents["attendee"]) for one in read.vevent_list] == [1, 1]
    text = made.decode().replace("\r\n ", "")
    assert "RRULE:FREQ=MONTHLY;COUNT=6;BYDAY=-1TH\r\n" in text
    assert "EXDATE;TZID=Europe/London:20270429T100000\r\n" in text
    assert "RECURRENCE-ID;TZID=Europe/London:20270325T100000\r\n" in text
    assert text.count("BEGIN:VTIMEZONE") == 1


def test_one_meeting_is_updated_and_withdrawn_by_itself():
    series = monthly(sequence=4)
    for made, method, status in (
        (meeting_invitation(series, series.meetings[1], ANN), "REQUEST", "CONFIRMED"),
        (meeting_cancellation(series, series.meetings[2], ANN), "CANCEL", "CANCELLED"),
    ):
        read = vobject.readOne(made.decode())
        (event,) = read.vevent_list
        assert (read.method.value, event.status.value, event.sequence.value) == (method, status, "4")
        assert "rrule" not in event.contents
        assert event.uid.value == "series-uid"
    moved = icalendar.Calendar.from_ical(meeting_invitation(series, series.meetings[1], ANN)).walk("VEVENT")[0]
    assert moved["RECURRENCE-ID"].dt == datetime(2027, 3, 25, 10, tzinfo=LONDON)
    assert (moved["DTSTART"].dt, str(moved["LOCATION"])) == (datetime(2027, 3, 30, 14, tzinfo=LONDON), "Room 2")


def test_whole_series_is_withdrawn_by_its_master_alone():
    read = vobject.readOne(series_cancellation(monthly(), ANN).decode())
    (event,) = read.vevent_list
    assert (read.method.value, event.status.value) == ("CANCEL", "CANCELLED")
    assert "recurrence-id" not in event.contents


def test_feed_holds_a_series_beside_single_entries_and_names_nobody():
    made = feed("Mine", [monthly(), entry(uid="other", title="Other")], refresh=timedelta(hours=1)).decode()
    events = vobject.readOne(made).vevent_list
    assert [(one.uid.value, "recurrence-id" in one.contents) for one in events] == [
        ("series-uid", False),
        ("series-uid", True),
        ("other", False),
    ]
    assert "ATTENDEE" not in made


@pytest.mark.parametrize(
    ("rule", "written", "days"),
    [
        (Rule(first=FIRST, count=3, every=2), "WEEKLY;COUNT=3;INTERVAL=2;BYDAY=TH", ["01-28", "02-11", "02-25"]),
        (Rule(first=FIRST, count=3, monthly=True), "MONTHLY;COUNT=3;BYMONTHDAY=28", ["01-28", "02-28", "03-28"]),
        (
            Rule(first=date(2027, 1, 31), count=3, monthly=True),
            "MONTHLY;COUNT=3;BYMONTHDAY=31",
            ["01-31", "03-31", "05-31"],
        ),
        (Rule(first=FIRST, count=3, monthly=True, week=4), "MONTHLY;COUNT=3;BYDAY=4TH", ["01-28", "02-25", "03-25"]),
        (
            Rule(first=date(2027, 1, 6), count=4, monthly=True, week=1),
            "MONTHLY;COUNT=4;BYDAY=1WE",
            ["01-06", "02-03", "03-03", "04-07"],
        ),
        (
            Rule(first=date(2027, 4, 30), count=3, monthly=True, week=-1, every=3),
            "MONTHLY;COUNT=3;INTERVAL=3;BYDAY=-1FR",
            ["04-30", "07-30", "10-29"],
        ),
    ],
)
def test_rule_meets_the_dates_that_others_read_from_it(rule, written, days):
    assert [on.strftime("%m-%d") for on in rule.dates] == days
    series = Series(entry=entry(rule.first), rule=rule)
    made = series_invitation(series, ANN)
    assert f"RRULE:FREQ={written}\r\n".encode() in made
    assert [at.date() for at in expanded(made)] == rule.dates


@pytest.mark.parametrize(
    "wrong",
    [{"count": 0}, {"count": 1000}, {"every": 0}, {"monthly": True, "week": 2}, {"week": 4}],
)
def test_rule_that_its_first_meeting_does_not_follow_is_refused(wrong):
    with pytest.raises(ValueError, match=r"series|first meeting"):
        Rule(**({"first": FIRST, "count": 3} | wrong))


def test_series_without_an_hour_is_refused():
    with pytest.raises(ValueError, match="first day"):
        Series(entry=replace(entry(), days=[Day(date=FIRST)]), rule=Rule(first=FIRST, count=2))
