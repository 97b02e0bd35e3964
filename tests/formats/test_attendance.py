"""The reports are written here as the programs write them, with invented people; none of them was ever held."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from random import Random

import pytest

from webapp.formats.attendance import (
    Attendee,
    Report,
    Stay,
    Unread,
    UnreadableReportError,
    merged_minutes,
    read_report,
)
from webapp.formats.spreadsheets import xlsx_bytes

pytestmark = pytest.mark.memory

SUMMARY = [
    ["1. Summary"],
    ["Meeting title", "Practice week, day 1"],
    ["Attended participants", "3"],
    ["Start time", "6/14/22, 9:25:00 AM"],
    ["End time", "6/14/22, 11:02:00 AM"],
    ["Meeting duration", "1h 37m"],
    ["Average attendance time", "58m 3s"],
    [],
]
PARTICIPANTS = [
    ["2. Participants"],
    [
        "Name",
        "First Join",
        "Last Leave",
        "In-Meeting Duration",
        "Email",
        "Participant ID (UPN)",
        "Role",
    ],
]
ACTIVITIES = [["3. In-Meeting Activities"], ["Name", "Join Time", "Leave Time", "Duration", "Email", "Role"]]
ANN = ["Ann Lee", "6/14/22, 9:30:00 AM", "6/14/22, 11:00:00 AM", "1h 5m 30s", "ann@example.org", "ann@example.org"]
ZOOM = ["Name (Original Name)", "User Email", "Join Time", "Leave Time", "Duration (Minutes)", "Guest"]
LOG = ["Full Name", "User Action", "Timestamp"]


def at(hour: int, minute: int, second: int = 0, *, day: int = 14) -> datetime:
    return datetime(2022, 6, day, hour, minute, second, tzinfo=UTC).replace(tzinfo=None)


def written(rows, *, delimiter: str = "\t", encoding: str = "utf-16") -> bytes:
    page = io.StringIO()
    csv.writer(page, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return page.getvalue().encode(encoding)


def read(rows, *, expected: date | None = None, **how: str) -> Report:
    return read_report(written(rows, **how), filename="report.csv", expected=expected)


def zoom(rows, **how) -> Report:
    return read(rows, delimiter=",", encoding="utf-8-sig", **how)


def refusal(content: bytes, *, expected: date | None = None) -> str:
    with pytest.raises(UnreadableReportError) as refused:
        read_report(content, filename="report.csv", expected=expected)
    return str(refused.value)


def stays(person: Attendee) -> list[tuple[datetime | None, datetime | None]]:
    return [(stay.joined, stay.left) for stay in person.stays]


# ------------------------------------------------------------------------------------------------ minutes


@pytest.mark.parametrize(
    ("spans", "minutes"),
    [
        ([], 0),
        ([(at(9, 0), at(9, 30))], 30),
        ([(at(9, 0), at(9, 30)), (at(10, 0), at(10, 15))], 45),
        ([(at(9, 0), at(9, 30)), (at(9, 10), at(9, 20))], 30),
        ([(at(9, 10), at(9, 40)), (at(9, 0), at(9, 30))], 40),
        ([(at(9, 0), at(9, 30)), (at(9, 30), at(10, 0)), (at(9, 0), at(9, 30))], 60),
        ([(at(9, 0), at(9, 29, 20))] * 2, 29),
        ([(at(9, 0), at(9, 29, 20)), (at(10, 0), at(10, 29, 20)), (at(11, 0), at(11, 29, 20))], 88),
        ([(at(9, 0), at(9, 0, 29))], 0),
        ([(at(9, 0), at(9, 0, 30))], 1),
        ([(at(23, 50), at(0, 20, day=15))], 30),
    ],
)
def test_minutes_of_stays_are_merged(spans, minutes):
    known = [Stay(joined, left, (left - joined).total_seconds() / 60) for joined, left in spans]
    assert merged_minutes(known) == minutes
    assert merged_minutes(reversed(known)) == minutes


def test_minutes_without_times_are_added_up():
    timed = Stay(at(9, 0), at(9, 30), 30)
    assert merged_minutes([Stay(None, None, 12.5), timed, Stay(None, None, 7), timed]) == 50


def test_minutes_told_go_before_the_time_between():
    assert merged_minutes([Stay(at(9, 0), at(11, 0), 45.5)]) == 46


# ------------------------------------------------------------------------------------------------ Teams, in sections


def test_teams_report_is_read_whole():
    rows = [
        *SUMMARY,
        *PARTICIPANTS,
        [*ANN, "Organizer"],
        ["Jo Roe (Unverified)", "6/14/22, 9:31:12 AM", "6/14/22, 9:59:00 AM", "27m 48s", "", "", "Attendee"],
        [],
        *ACTIVITIES,
        ["Ann Lee", "6/14/22, 10:00:00 AM", "6/14/22, 11:00:00 AM", "1h", "ann@example.org", "Organizer"],
        ["Jo Roe (Unverified)", "6/14/22, 9:31:12 AM", "6/14/22, 9:59:00 AM", "27m 48s", "", "Attendee"],
        ["Ann Lee", "6/14/22, 9:30:00 AM", "6/14/22, 9:35:30 AM", "5m 30s", "Ann@Example.org", "Organizer"],
        [],
        ["4. Meeting Engagement"],
        ["Name", "Raised hands", "Reactions"],
        ["Ann Lee", "2", "5"],
    ]
    assert read(rows) == Report(
        source="teams",
        title="Practice week, day 1",
        started=at(9, 25),
        people=[
            Attendee(
                "Ann Lee",
                "ann@example.org",
                [Stay(at(9, 30), at(9, 35, 30), 5.5), Stay(at(10, 0), at(11, 0), 60)],
                "Organizer",
            ),
            Attendee("Jo Roe", "", [Stay(at(9, 31, 12), at(9, 59), 27.8)], "Attendee"),
        ],
        unread=[],
    )


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [("\t", "utf-16-le"), (",", "utf-8"), (";", "cp1252"), ("\t", "utf-8-sig")]
)
def test_teams_report_saved_again_is_the_same(delimiter, encoding):
    rows = [*SUMMARY, *PARTICIPANTS, ["Siân Lee", *ANN[1:], "Presenter"], *ACTIVITIES, ["Siân Lee", *ANN[1:5], "x"]]
    padded = [row + [""] * (7 - len(row)) for row in rows]
    assert read(padded, delimiter=delimiter, encoding=encoding) == read(rows)


def test_teams_report_saved_as_a_workbook_is_read():
    header, *rows = [*PARTICIPANTS[1:], [ANN[0], at(9, 30), at(11, 0), *ANN[3:], "Presenter"]]
    report = read_report(xlsx_bytes("Report", header, rows), filename="report.xlsx")
    assert report.people == [Attendee("Ann Lee", "ann@example.org", [Stay(at(9, 30), at(11, 0), 65.5)], "Presenter")]


def test_teams_title_may_run_over_lines():
    rows = [["1. Summary"], ["Meeting title", "Practice\nweek"], *PARTICIPANTS, [*ANN, ""]]
    assert read(rows).title == "Practice week"


def test_teams_person_of_five_stays_is_one():
    five = [
        ["Ann Lee", f"6/14/22, {hour}:00:00 AM", f"6/14/22, {hour}:10:00 AM", "10m", email, "Attendee"]
        for hour, email in zip((7, 8, 9, 10, 11), ("ann@example.org", "ANN@example.org") * 3, strict=False)
    ]
    (ann,) = read([*ACTIVITIES, *reversed(five)]).people
    assert stays(ann) == [(at(hour, 0), at(hour, 10)) for hour in (7, 8, 9, 10, 11)]
    assert merged_minutes(ann.stays) == 50


def test_teams_sum_counts_where_no_stay_is_told():
    rows = [
        *PARTICIPANTS,
        [*ANN, "Organizer"],
        ["Jo Roe", "6/14/22, 9:31:00 AM", "6/14/22, 11:00:00 AM", "20m", "jo@example.org", "", "Attendee"],
        *ACTIVITIES,
        ["Ann Lee", "6/14/22, 9:30:00 AM", "6/14/22, 9:40:00 AM", "10m", "ann@example.org", ""],
    ]
    ann, jo = read(rows).people
    assert (ann.role, merged_minutes(ann.stays)) == ("Organizer", 10)
    assert (stays(jo), merged_minutes(jo.stays)) == ([(at(9, 31), at(11, 0))], 20)


def test_teams_address_is_taken_from_the_list_of_people():
    rows = [
        *PARTICIPANTS,
        [*ANN[:4], "", "ann@example.org", "Organizer"],
        ["Guest Roe", *ANN[1:4], "", "guest_x.org#EXT#@example.org", ""],
        *ACTIVITIES,
        ["Ann Lee", *ANN[1:4], "", ""],
        ["Guest Roe", *ANN[1:4], "n/a", ""],
    ]
    assert [(one.name, one.email, len(one.stays)) for one in read(rows).people] == [
        ("Ann Lee", "ann@example.org", 1),
        ("Guest Roe", "", 1),
    ]


def test_teams_people_of_one_name_are_told_apart_by_address():
    rows = [
        *PARTICIPANTS,
        [*ANN, ""],
        ["Ann Lee", *ANN[1:4], "lee@example.org", "", ""],
        *ACTIVITIES,
        ["Ann Lee", *ANN[1:4], "ann@example.org", ""],
        ["Ann Lee", *ANN[1:4], "lee@example.org", ""],
        ["ann  lee", *ANN[1:4], "", ""],
    ]
    assert [(one.name, one.email) for one in read(rows).people] == [
        ("Ann Lee", "ann@example.org"),
        ("Ann Lee", "lee@example.org"),
        ("ann lee", ""),
    ]


def test_teams_person_registered_only_is_absent():
    rows = [
        *PARTICIPANTS,
        [*ANN, ""],
        ["Jo Roe", "", "", "", "jo@example.org", "", "Attendee"],
        ["Al Poe", "", "", "0s", "", "", ""],
    ]
    report = read(rows)
    assert ([one.name for one in report.people], report.absent) == (["Ann Lee"], ["Jo Roe", "Al Poe"])


def test_teams_lines_not_understood_are_all_told():
    rows = [
        ["1. Summary"],
        ["Weather", "fine"],
        *PARTICIPANTS,
        [*ANN, "Organizer"],
        ["Jo Roe", "yesterday", "today", "long", "", "", "Attendee"],
        ["", *ANN[1:4], "", "", ""],
        [],
        ["Al Poe", ANN[2], ANN[1], "", "", "", ""],
        ["Di Moe", ANN[1], "", "", "", "", ""],
        ["5. Unheard of"],
        ["What", "is", "this"],
    ]
    assert read(rows).unread == [
        Unread(2, "Weather | fine"),
        Unread(6, "Jo Roe | yesterday | today | long | Attendee"),
        Unread(7, "6/14/22, 9:30:00 AM | 6/14/22, 11:00:00 AM | 1h 5m 30s"),
        Unread(9, "Al Poe | 6/14/22, 11:00:00 AM | 6/14/22, 9:30:00 AM"),
        Unread(10, "Di Moe | 6/14/22, 9:30:00 AM"),
        Unread(12, "What | is | this"),
    ]


def test_teams_times_of_day_alone_still_give_the_minutes():
    (ann,) = read([*PARTICIPANTS, ["Ann Lee", "9:30 AM", "11:58 AM", "2h 28m", "", "", ""]]).people
    assert ann.stays == [Stay(None, None, 148)]


@pytest.mark.parametrize("name", ['"Ann', 'Ann "A" Lee', '"Ann" Lee'])
def test_teams_names_with_quotation_marks_do_not_swallow_lines(name):
    lines = ["\t".join(row) for row in [*PARTICIPANTS, [name, *ANN[1:], ""], ["Jo Roe", *ANN[1:4], "", "", ""]]]
    report = read_report("\r\n".join(lines).encode("utf-16"), filename="x")
    assert [one.name for one in report.people] == [name, "Jo Roe"]


# ------------------------------------------------------------------------------------------------ Teams, plain tables


def test_teams_plain_table_with_its_old_summary_is_read():
    rows = [
        ["Meeting Summary"],
        ["Total Number of Participants", "1"],
        ["Meeting Title", "Practice week"],
        ["Meeting Start Time", "14/06/2022, 09:25:00"],
        ["Meeting End Time", "14/06/2022, 11:00:00"],
        ["Meeting Id", "5b1e"],
        [],
        ["Full Name", "Join Time", "Leave Time", "Duration", "Email", "Role"],
        ["Ann Lee", "14/06/2022, 09:30:00", "14/06/2022, 10:31:02", "1h 1m", "ann@example.org", "Presenter"],
    ]
    stay = Stay(at(9, 30), at(10, 31, 2), 61 + 2 / 60)
    assert read(rows) == Report(
        "teams", "Practice week", at(9, 25), [Attendee("Ann Lee", "ann@example.org", [stay], "Presenter")], []
    )


def test_teams_log_pairs_coming_and_going():
    rows = [
        LOG,
        ["Ann Lee", "Joined before", "14/06/2022, 09:30:00"],
        ["Jo Roe", "Joined", "14/06/2022, 09:31:00"],
        ["Jo Roe", "Left", "14/06/2022, 09:41:00"],
        ["Jo Roe", "Joined", "14/06/2022, 09:51:00"],
        ["Ann Lee", "Left", "14/06/2022, 10:00:00"],
    ]
    for order in (rows, [LOG, *reversed(rows[1:])]):
        people = {one.name: stays(one) for one in read(order).people}
        assert people == {
            "Ann Lee": [(at(9, 30), at(10, 0))],
            "Jo Roe": [(at(9, 31), at(9, 41)), (at(9, 51), at(10, 0))],
        }


def test_teams_log_counts_two_devices_once():
    rows = [
        LOG,
        ["Ann Lee", "Joined", "14/06/2022, 09:00:00"],
        ["Ann Lee", "Joined", "14/06/2022, 09:10:00"],
        ["Ann Lee", "Left", "14/06/2022, 09:30:00"],
        ["Ann Lee", "Left", "14/06/2022, 09:40:00"],
    ]
    (ann,) = read(rows).people
    assert (len(ann.stays), merged_minutes(ann.stays)) == (2, 40)


def test_teams_log_lines_that_do_not_fit_are_told():
    rows = [
        LOG,
        ["Ann Lee", "Left", "14/06/2022, 09:00:00"],
        ["Ann Lee", "Joined", "14/06/2022, 09:10:00"],
        ["Ann Lee", "Waved", "14/06/2022, 09:20:00"],
        ["Ann Lee", "Left", "later"],
    ]
    assert read(rows).unread == [
        Unread(2, "Ann Lee | Left | 14/06/2022, 09:00:00"),
        Unread(4, "Ann Lee | Waved | 14/06/2022, 09:20:00"),
        Unread(5, "Ann Lee | Left | later"),
    ]


# ------------------------------------------------------------------------------------------------ days and months


def moments(*texts: str, expected: date | None = None) -> list[datetime | None]:
    rows = [LOG, *([f"Person {number}", "Joined", text] for number, text in enumerate(texts))]
    return [one.stays[0].joined for one in read(rows, expected=expected).people]


@pytest.mark.parametrize(
    "text",
    [
        "6/14/22, 9:31:12 AM",
        "6/14/2022, 9:31:12 am",
        "6/14/22, 9:31:12\u202fAM",
        "\u200e6/14/2022 9:31:12 a.m.",
        "14/06/2022, 09:31:12",
        "14/06/22 09:31:12",
        "14-06-2022 09:31:12",
        "14.06.2022, 09:31:12",
        "2022-06-14T09:31:12",
        "2022-06-14 09:31:12.250",
        "2022/06/14 09:31:12",
        "Jun 14, 2022 9:31:12 AM",
        "14 June 2022 at 09:31:12",
        "Tuesday, 14 June 2022 09:31:12",
    ],
)
def test_moment_is_read_as_people_write_it(text):
    assert moments(text) == [at(9, 31, 12)]


@pytest.mark.parametrize(
    ("text", "hour"),
    [("12:30 AM", 0), ("12:30 PM", 12), ("1:30 PM", 13), ("11:30 am", 11), ("00:30", 0), ("23:30", 23)],
)
def test_clock_of_twelve_hours_is_read(text, hour):
    assert moments(f"2022-06-14 {text}") == [at(hour, 30)]


@pytest.mark.parametrize("text", ["2022-06-14 13:30 PM", "2022-06-14 0:30 AM", "2022-06-14 24:00", "2022-06-14 9:60"])
def test_clock_that_does_not_exist_is_told(text):
    assert read([LOG, ["Ann Lee", "Joined", text], ["Jo Roe", "Joined", "2022-06-14 9:30"]]).unread == [
        Unread(2, f"Ann Lee | Joined | {text}")
    ]


def test_order_is_told_by_one_day_over_twelve_anywhere():
    assert moments("12/06/2022, 23:00:00", "13/06/2022, 01:00:00") == [at(23, 0, day=12), at(1, 0, day=13)]
    assert moments("6/12/22, 23:00:00", "6/13/22, 1:00:00") == [at(23, 0, day=12), at(1, 0, day=13)]


def test_order_is_told_by_the_start_of_the_meeting():
    rows = [["Start time", "6/14/22, 9:00:00 AM"], LOG, ["Ann Lee", "Joined", "7/6/22, 9:00:00 AM"]]
    assert stays(read(rows).people[0])[0][0].date() == date(2022, 7, 6)


def test_order_is_told_by_the_length_of_the_meeting():
    assert moments("11/06/2022, 23:00:00", "12/06/2022, 01:00:00") == [at(23, 0, day=11), at(1, 0, day=12)]


def test_order_is_told_by_the_day_that_was_expected():
    assert moments("06/05/2022, 09:00:00", expected=date(2022, 5, 6))[0].month == 5
    assert moments("06/05/2022, 09:00:00", expected=date(2022, 6, 5))[0].month == 6
    # Against the clock of twelve hours, which is less sure.
    assert moments("5/04/2022, 4:21:32 PM", expected=date(2022, 4, 5))[0].month == 4


def test_order_is_told_by_a_clock_of_twelve_hours():
    assert moments("6/5/22, 9:00:00 AM") == [at(9, 0, day=5)]
    assert moments("6/5/22, 9:00:00 AM", expected=date(2022, 12, 24)) == [at(9, 0, day=5)]


def test_order_does_not_matter_where_both_are_alike():
    assert moments("06/06/2022, 09:00:00") == [at(9, 0, day=6)]


def test_dots_are_day_first_beside_slashes():
    assert moments("06.05.2022, 09:00:00", "5/14/22, 9:00:00 AM")[0].month == 5


def test_order_that_cannot_be_told_is_refused():
    content = written([LOG, ["Ann Lee", "Joined", "04/06/2022, 09:00:00"]])
    assert refusal(content) == (
        "It cannot be told whether the dates in this report mean 4 June 2022 or 6 April 2022, "
        "since day and month are both under 13. Say on which day the meeting was and upload it again."
    )
    assert "4 June 2022 or 6 April 2022, and neither is the day of the event" in refusal(
        content, expected=date(2022, 6, 14)
    )


def test_orders_that_contradict_are_refused():
    rows = [LOG, ["Ann Lee", "Joined", "14/06/2022, 09:00:00"], ["Jo Roe", "Joined", "06/14/2022, 09:00:00"]]
    assert refusal(written(rows)).startswith("The dates in this report contradict one another")


def test_date_that_is_none_in_either_order_decides_nothing():
    rows = [LOG, ["Ann Lee", "Joined", "14/14/2022, 09:00:00"], ["Jo Roe", "Joined", "14/06/2022, 09:00:00"]]
    assert (read(rows).people[0].name, [one.line for one in read(rows).unread]) == ("Jo Roe", [2])


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1h 2m 3s", 62.05),
        ("1h", 60),
        ("90s", 1.5),
        ("2 min", 2),
        ("1 hr 2 min", 62),
        ("1 hour, 2 minutes, 3 seconds", 62.05),
        ("1H2M3S", 62.05),
        ("01:02:03", 62.05),
        ("100h 1m", 6001),
    ],
)
def test_duration_is_read_as_people_write_it(text, minutes):
    (ann,) = read([*PARTICIPANTS, ["Ann Lee", "early", "late", text, "", "", ""]]).people
    assert ann.stays == [Stay(None, None, pytest.approx(minutes))]


@pytest.mark.parametrize("text", ["12", "1:30", "about 3h", "3s 2h", ",", "-1h", "9" * 9_000 + "h"])
def test_duration_that_is_none_is_told(text):
    rows = [*PARTICIPANTS, [*ANN, ""], ["Jo Roe", "early", "late", text, "", "", ""]]
    assert [one.line for one in read(rows).unread] == [4]


def test_duration_gives_the_end_that_is_missing():
    rows = [*ACTIVITIES, ["Ann Lee", ANN[1], "", "30m", "", ""], ["Jo Roe", "?", ANN[2], "30m", "", ""]]
    ann, jo = read(rows).people
    assert (stays(ann), stays(jo)) == ([(at(9, 30), at(10, 0))], [(at(10, 30), at(11, 0))])


# ------------------------------------------------------------------------------------------------ Zoom


ZOOM_MEETING = [
    ["Meeting ID", "Topic", "Start Time", "End Time", "User Email", "Duration (Minutes)", "Participants"],
    ["812 3456", "Practice week", "06/14/2022 09:25:00 AM", "06/14/2022 11:00:00 AM", "host@example.org", "95", "2"],
    [],
]
ZOOM_ANN = ["Ann Lee", "ann@example.org", "06/14/2022 09:30:00 AM", "06/14/2022 10:00:30 AM", "31", "No"]
ZOOM_JO = ["Jo (Jo Roe)", "", "06/14/2022 09:30:00 AM", "06/14/2022 09:40:00 AM", "10", "Yes"]


def test_zoom_report_is_read_whole():
    again = [*ZOOM_ANN[:2], "06/14/2022 10:10:00 AM", "06/14/2022 10:20:00 AM", "10", "No"]
    assert zoom([*ZOOM_MEETING, ZOOM, ZOOM_ANN, ZOOM_JO, again]) == Report(
        source="zoom",
        title="Practice week",
        started=at(9, 25),
        people=[
            Attendee(
                "Ann Lee", "ann@example.org", [Stay(at(9, 30), at(10, 0, 30), 30.5), Stay(at(10, 10), at(10, 20), 10)]
            ),
            Attendee("Jo (Jo Roe)", "", [Stay(at(9, 30), at(9, 40), 10)], "Guest"),
        ],
        unread=[],
    )


def test_zoom_report_of_the_newer_headings_is_read():
    rows = [
        ["Topic", "ID", "Host", "Duration (minutes)", "Start time", "End time", "Participants"],
        ["Practice week", "812", "Host Poe", "95", "Jun 14, 2022 9:25 AM", "Jun 14, 2022 11:00 AM", "1"],
        [],
        [
            "Name (original name)",
            "Email",
            "Join time",
            "Leave time",
            "Duration (minutes)",
            "Recording disclaimer response",
        ],
        ["Ann Lee", "ann@example.org", "Jun 14, 2022 9:30 AM", "Jun 14, 2022 10:00 AM", "30", "OK"],
    ]
    report = zoom(rows)
    assert (report.title, report.started, report.unread) == ("Practice week", at(9, 25), [])
    assert report.people == [Attendee("Ann Lee", "ann@example.org", [Stay(at(9, 30), at(10, 0), 30)])]


def test_zoom_report_without_the_meeting_is_read():
    report = zoom([[*ZOOM, "Recording Consent"], [*ZOOM_ANN, "Y"]])
    assert (report.source, report.title, report.started, len(report.people)) == ("zoom", "", None, 1)


def test_zoom_report_of_minutes_alone_is_read():
    rows = [
        ["Name (Original Name)", "User Email", "Total Duration (Minutes)", "Guest"],
        ["Ann Lee", "ann@example.org", "95", "No"],
        ["Ann Lee", "ann@example.org", "3", "No"],
        ["Jo Roe", "", "many", "Yes"],
    ]
    report = zoom(rows)
    assert report.people == [Attendee("Ann Lee", "ann@example.org", [Stay(None, None, 95), Stay(None, None, 3)])]
    assert report.unread == [Unread(4, "Jo Roe | many | Yes")]


def test_zoom_waiting_room_is_no_taking_part():
    rows = [
        [*ZOOM, "In Waiting Room"],
        [*ZOOM_ANN, "Yes"],
        [*ZOOM_ANN, "No"],
        [*ZOOM_JO, "Yes"],
    ]
    report = zoom(rows)
    assert [(one.name, len(one.stays)) for one in report.people] == [("Ann Lee", 1)]
    assert report.absent == ["Jo (Jo Roe)"]
    assert report.unread == []


def test_zoom_lines_not_understood_are_all_told():
    rows = [
        ["Exported by hand"],
        *ZOOM_MEETING,
        ZOOM,
        ZOOM_ANN,
        ["", "", *ZOOM_ANN[2:]],
        ["Al Poe", "", "?", "", "", ""],
    ]
    assert [one.line for one in zoom(rows).unread] == [1, 7, 8]


def test_zoom_names_give_the_spellings_to_look_for():
    assert Attendee("Jo (Jo Roe)").spellings == ["Jo (Jo Roe)", "Jo", "Jo Roe"]
    assert Attendee("Ann Lee").spellings == ["Ann Lee"]
    assert Attendee("(Ann)").spellings == ["(Ann)", "Ann"]
    assert Attendee("张三（Ann Lee）").spellings == ["张三（Ann Lee）", "张三", "Ann Lee"]
    assert Attendee("a (b) c").spellings == ["a (b) c"]


# ------------------------------------------------------------------------------------------------ what is no report


@pytest.mark.parametrize(
    "content",
    [b"", b"Title,Room\nOne,Two\n", b"just words\n", b'"a;b",c\nd,e\n', "Ärger;x\n".encode("cp1252")],
)
def test_file_without_the_headings_is_refused(content):
    assert refusal(content).startswith("“report.csv” is no attendance report that we know: it has no headings such as")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"%PDF-1.7", "“report.csv” is a PDF. Download the attendance report from Teams or Zoom again"),
        (b"<html><body>", "“report.csv” is a web page or XML"),
        (b"PK\x03\x04junk", "“report.csv” is damaged"),
        (b"a,b\x00\n", "“report.csv” could not be read. This file is no table: it holds bytes that are no text."),
        (
            b'Name,First Join,Last Leave\nAnn,"x\n',
            "“report.csv” could not be read. Row 2 has a quotation mark that is never closed",
        ),
        (b"x" * (10 * 1024 * 1024 + 1), "“report.csv” is larger than 10 MB"),
        (b"x\n" * 50_001, "“report.csv” has more than 50,000 lines"),
        (written([ZOOM]), "“report.csv” names nobody who took part."),
        (
            written([*PARTICIPANTS, ["Jo Roe", "?", "?", "?", "", "", ""]]),
            "No line of “report.csv” says who took part and when. The first that was not understood is line 3: “Jo Roe",
        ),
    ],
)
def test_file_that_gives_no_attendance_is_refused(content, says):
    assert refusal(content).startswith(says)


def test_workbook_of_ill_will_is_refused():
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes("S", ["Name"], []))) as whole, zipfile.ZipFile(made, "w", 8) as bomb:
        for name in whole.namelist():
            bomb.writestr(name, whole.read(name))
        bomb.writestr("xl/media/image1.png", b"0" * 120_000_000)
    assert refusal(made.getvalue()).startswith("“report.csv” could not be read. This workbook is far larger inside")


def test_workbook_that_is_damaged_is_refused():
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes("S", ["Name"], []))) as whole, zipfile.ZipFile(made, "w") as broken:
        for name in whole.namelist():
            content = whole.read(name)
            broken.writestr(name, content[:-20] if name == "xl/worksheets/sheet1.xml" else content)
    assert refusal(made.getvalue()).startswith("“report.csv” could not be read. This workbook is damaged.")


def test_values_of_ill_will_never_break_the_reader():
    rows = [
        [*PARTICIPANTS[1]],
        ["a@" + "." * 100_000 + "@", *ANN[1:4], "a@" + "." * 100_000 + "@", "", ""],
        ["(" * 50_000, "9/9/9999, 23:00:00", "", "9999h", "", "", ""],
        ["Ann" + " (Guest)" * 10_000 + "!", "99/99/0000, 99:99", "0/0/00, 0:00 AM", "99999m", "", "", ""],
        ["=cmd", "2022-06-31 09:00", "2022-02-30 10:00", "1h", "", "", ""],
        ["Jo Roe", ANN[1], ANN[2], "1h", "jo@example.org", "", ""],
    ]
    report = read(rows)
    assert report.people[-1].email == "jo@example.org"
    assert all(one.spellings for one in report.people)
    assert len(report.people) + len(report.unread) == 5


def test_reports_changed_anywhere_are_read_or_refused():
    random = Random(11)
    sources = [
        written([*SUMMARY, *PARTICIPANTS, [*ANN, ""], *ACTIVITIES, [*ANN[:5], ""]]),
        written([*ZOOM_MEETING, ZOOM, ZOOM_ANN, ZOOM_JO], delimiter=",", encoding="utf-8-sig"),
        written([LOG, ["Ann Lee", "Joined", "14/06/2022, 09:00:00"]], encoding="utf-8"),
    ]
    read_ones = 0
    for source in sources:
        for _ in range(200):
            content = bytearray(source)
            for _ in range(random.randint(1, 4)):
                content[random.randrange(len(content))] = random.choice(b'0179azAZ/:, \t\n"\x00\xff')
            try:
                report = read_report(bytes(content), filename="x")
            except UnreadableReportError:
                continue
            read_ones += 1
            assert all(stay.minutes >= 0 for one in report.people for stay in one.stays)
    assert read_ones > 100
