"""Calendars are read again by the library that made them, by vobject, which knows nothing of it, and byte by byte."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from dateutil.rrule import rruleset, rrulestr

from webapp.formats.icalendar import Attendee, Day, Entry, cancellation, download, feed, invitation
from webapp.formats.icalendar.timezones import component, named

pytestmark = pytest.mark.memory

LONDON = ZoneInfo("Europe/London")
ANN = Attendee(name="Ann Example", email="ann@example.org")
HOUR = timedelta(hours=1)


def entry(**changes) -> Entry:
    plain = Entry(
        uid="e1.p1@example.org",
        sequence=0,
        stamp=datetime(2026, 5, 1, 12, tzinfo=UTC),
        title="Learning event",
        days=[Day(date=date(2026, 6, 15), starts=time(9, 30), ends=time(16, 0))],
        url="https://waymark.example.org/events/learning",
        organiser_name="Programme team",
        organiser_email="team@example.org",
    )
    return replace(plain, **changes)


def days(*hours: tuple[date, str, str]) -> list[Day]:
    return [Day(date=on, starts=time.fromisoformat(a), ends=time.fromisoformat(b)) for on, a, b in hours]


def read(made: bytes) -> tuple[icalendar.Calendar, list[icalendar.Event]]:
    calendar = icalendar.Calendar.from_ical(made)
    return calendar, calendar.walk("VEVENT")


def lines(made: bytes) -> list[str]:
    return made.decode().replace("\r\n ", "").split("\r\n")[:-1]


def instants(made: bytes) -> list[tuple[str, str]]:
    """Expand the one entry of a file as a client does, by vobject and dateutil, into its starts and ends in UTC."""
    calendar = vobject.readOne(made.decode())
    master, *overrides = calendar.vevent_list
    start, length = master.dtstart.value, None
    if hasattr(master, "dtend"):
        length = master.dtend.value.replace(tzinfo=None) - start.replace(tzinfo=None)
    found: dict[datetime, tuple[datetime, datetime]] = {}
    for wall in expanded(master, start):
        begins = wall.replace(tzinfo=start.tzinfo)
        found[begins] = (begins, (wall + (length or timedelta())).replace(tzinfo=start.tzinfo))
    for override in overrides:
        replaced = override.recurrence_id.value
        assert replaced in found, "an override that replaces nothing"
        found[replaced] = (override.dtstart.value, override.dtend.value)
    return [tuple(f"{at.astimezone(UTC):%d %b %H:%M}" for at in pair) for pair in sorted(found.values())]


def expanded(master, start: datetime) -> Iterator[datetime]:
    rules = rruleset()
    wall = start.replace(tzinfo=None)
    if hasattr(master, "rrule"):
        rules.rrule(rrulestr(master.rrule.value, dtstart=wall))
    else:
        rules.rdate(wall)
    for taken_out in getattr(master, "exdate_list", []):
        for at in taken_out.value:
            rules.exdate(at.replace(tzinfo=None))
    return iter(rules)


# ------------------------------------------------------------------------------------------------ invitations


def test_invitation_of_one_day_is_exactly_this():
    made = invitation(
        entry(
            description="Bring a question.\nOnline; all welcome, really.",
            location="Online",
            categories=["Family, safeguarding", "Practice"],
            last_modified=datetime(2026, 5, 2, 13, tzinfo=timezone(HOUR)),
            sequence=3,
        ),
        ANN,
    )
    assert lines(made) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Waymark//Waymark//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:REQUEST",
        "BEGIN:VTIMEZONE",
        "TZID:Europe/London",
        "BEGIN:DAYLIGHT",
        "DTSTART:19700329T010000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "TZNAME:BST",
        "TZOFFSETFROM:+0000",
        "TZOFFSETTO:+0100",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19701025T020000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "TZNAME:GMT",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0000",
        "END:STANDARD",
        "END:VTIMEZONE",
        "BEGIN:VEVENT",
        "SUMMARY:Learning event",
        "DTSTART;TZID=Europe/London:20260615T093000",
        "DTEND;TZID=Europe/London:20260615T160000",
        "DTSTAMP:20260501T120000Z",
        "UID:e1.p1@example.org",
        "SEQUENCE:3",
        (
            'ATTENDEE;CN="Ann Example"'
            ";CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE:mailto:ann@example.org"
        ),
        r"CATEGORIES:Family\, safeguarding,Practice",
        r"DESCRIPTION:Bring a question.\nOnline\; all welcome\, really.",
        "LAST-MODIFIED:20260502T120000Z",
        "LOCATION:Online",
        'ORGANIZER;CN="Programme team":mailto:team@example.org',
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "URL:https://waymark.example.org/events/learning",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        "X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY",
        "X-MICROSOFT-DISALLOW-COUNTER:TRUE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_invitation_of_one_day_keeps_the_hours_of_summer_time():
    assert instants(invitation(entry(), ANN)) == [("15 Jun 08:30", "15 Jun 15:00")]


def test_invitation_of_one_day_keeps_the_hours_of_winter_time():
    november = entry(days=days((date(2026, 11, 16), "09:30", "16:00")))
    assert instants(invitation(november, ANN)) == [("16 Nov 09:30", "16 Nov 16:00")]


def test_invitation_of_equal_days_is_one_recurrence():
    made = invitation(
        entry(days=days(*((date(2026, 6, day), "09:30", "16:00") for day in (17, 15, 16)))),
        ANN,
    )
    _, (event,) = read(made)
    assert event["rrule"].to_ical() == b"FREQ=DAILY;COUNT=3"
    assert instants(made) == [(f"{day} Jun 08:30", f"{day} Jun 15:00") for day in (15, 16, 17)]


def test_invitation_of_days_with_their_own_hours_overrides_each():
    made = invitation(
        entry(
            days=days(
                (date(2026, 6, 15), "09:30", "16:00"),
                (date(2026, 6, 16), "09:30", "16:00"),
                (date(2026, 6, 17), "10:00", "12:30"),
            )
        ),
        ANN,
    )
    _, (master, override) = read(made)
    assert override["uid"] == master["uid"]
    assert override["sequence"] == master["sequence"]
    assert override["attendee"] == master["attendee"] == "mailto:ann@example.org"
    assert "rrule" not in override
    assert "RECURRENCE-ID;TZID=Europe/London:20260617T093000" in lines(made)
    assert instants(made) == [
        ("15 Jun 08:30", "15 Jun 15:00"),
        ("16 Jun 08:30", "16 Jun 15:00"),
        ("17 Jun 09:00", "17 Jun 11:30"),
    ]


def test_invitation_of_a_day_with_its_own_title_overrides_it():
    hours = {"starts": time(9, 30), "ends": time(16)}
    two = [Day(date=date(2026, 6, 15), **hours), Day(date=date(2026, 6, 16), title="Closing day", **hours)]
    _, events = read(invitation(entry(days=two), ANN))
    assert [event["summary"] for event in events] == ["Learning event", "Closing day"]


def test_invitation_across_the_end_of_summer_time_keeps_each_days_hours():
    made = invitation(
        entry(
            days=days(
                (date(2026, 10, 23), "09:30", "16:00"),
                (date(2026, 10, 24), "09:30", "16:00"),
                (date(2026, 10, 25), "09:30", "16:00"),
                (date(2026, 10, 26), "10:00", "13:00"),
            )
        ),
        ANN,
    )
    assert instants(made) == [
        ("23 Oct 08:30", "23 Oct 15:00"),
        ("24 Oct 08:30", "24 Oct 15:00"),
        ("25 Oct 09:30", "25 Oct 16:00"),
        ("26 Oct 10:00", "26 Oct 13:00"),
    ]


def test_invitation_across_the_start_of_summer_time_keeps_each_days_hours():
    made = invitation(entry(days=days(*((date(2027, 3, day), "09:30", "16:00") for day in (27, 28)))), ANN)
    assert instants(made) == [("27 Mar 09:30", "27 Mar 16:00"), ("28 Mar 08:30", "28 Mar 15:00")]


def test_invitation_of_days_with_a_gap_takes_the_gap_out():
    gap = [(date(2026, 10, 23), "09:30", "16:00"), (date(2026, 10, 24), "09:30", "16:00")]
    made = invitation(entry(days=days(*gap, (date(2026, 10, 27), "11:00", "12:00"))), ANN)
    assert "RRULE:FREQ=DAILY;COUNT=5" in lines(made)
    assert "EXDATE;TZID=Europe/London:20261025T093000,20261026T093000" in lines(made)
    assert instants(made) == [
        ("23 Oct 08:30", "23 Oct 15:00"),
        ("24 Oct 08:30", "24 Oct 15:00"),
        ("27 Oct 11:00", "27 Oct 12:00"),
    ]


def test_invitation_of_evenly_spaced_days_has_an_interval_and_no_gaps():
    made = invitation(entry(days=days(*((date(2026, 6, day), "09:30", "16:00") for day in (1, 8, 22)))), ANN)
    assert "RRULE:FREQ=DAILY;COUNT=4;INTERVAL=7" in lines(made)
    assert "EXDATE;TZID=Europe/London:20260615T093000" in lines(made)
    assert [start for start, _ in instants(made)] == ["01 Jun 08:30", "08 Jun 08:30", "22 Jun 08:30"]


def test_invitation_never_lasts_over_a_night():
    made = invitation(entry(days=days(*((date(2026, 6, day), "09:30", "16:00") for day in (15, 16)))), ANN)
    for event in read(made)[1]:
        assert event["dtstart"].dt.date() == event["dtend"].dt.date()


def test_invitation_without_an_end_invents_none():
    _, (event,) = read(invitation(entry(days=[Day(date=date(2026, 6, 15), starts=time(9, 30))]), ANN))
    assert "dtend" not in event
    assert "duration" not in event


def test_invitation_without_hours_is_a_free_day():
    made = invitation(entry(days=[Day(date=date(2022, 6, 14))]), ANN)
    assert [row for row in lines(made) if re.match("DT(START|END)|TRANSP|X-|RRULE|BEGIN", row)] == [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "DTSTART;VALUE=DATE:20220614",
        "DTEND;VALUE=DATE:20220615",
        "TRANSP:TRANSPARENT",
        "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "X-MICROSOFT-CDO-INTENDEDSTATUS:FREE",
        "X-MICROSOFT-DISALLOW-COUNTER:TRUE",
    ]


def test_invitation_with_the_hours_of_one_day_unknown_is_one_span_of_free_days():
    mixed = [*days((date(2022, 6, 14), "09:30", "16:00")), Day(date=date(2022, 6, 15))]
    made = invitation(entry(days=mixed), ANN)
    assert "DTSTART;VALUE=DATE:20220614" in lines(made)
    assert "DTEND;VALUE=DATE:20220616" in lines(made)
    assert b"RRULE" not in made


def test_invitation_without_hours_takes_out_the_days_between():
    made = invitation(entry(days=[Day(date=date(2022, 6, day)) for day in (14, 15, 17)]), ANN)
    assert [row for row in lines(made) if re.match("DT(START|END)|RRULE|EXDATE", row)] == [
        "DTSTART;VALUE=DATE:20220614",
        "DTEND;VALUE=DATE:20220615",
        "RRULE:FREQ=DAILY;COUNT=4",
        "EXDATE;VALUE=DATE:20220616",
    ]


def test_invitation_without_hours_evenly_spaced_takes_nothing_out():
    made = invitation(entry(days=[Day(date=date(2022, 6, day)) for day in (14, 21)]), ANN)
    assert "RRULE:FREQ=DAILY;COUNT=2;INTERVAL=7" in lines(made)
    assert b"EXDATE" not in made


def test_invitation_to_a_person_without_a_name_shows_their_address():
    _, (event,) = read(invitation(entry(), Attendee(name=" ", email="ann@example.org")))
    assert event["attendee"].params["CN"] == "ann@example.org"


def test_invitation_to_a_cancelled_entry_is_refused():
    with pytest.raises(ValueError, match="cancellation"):
        invitation(entry(cancelled=True), ANN)


def test_invitation_over_more_than_outlook_counts_is_refused():
    far = days(
        (date(2026, 1, 1), "09:00", "10:00"), (date(2026, 1, 2), "09:00", "10:00"), (date(2029, 1, 1), "09:00", "10:00")
    )
    with pytest.raises(ValueError, match="too far apart"):
        invitation(entry(days=far), ANN)


@pytest.mark.parametrize(
    "email",
    [
        *("", "ann", "ann@", "@example.org", "a b@example.org", 'a"@example.org', "a@b@example.org"),
        *(
            "a@example.org\r\nATTENDEE:mailto:x@example.org",
            "a@example.org\n",
            "a\x00@example.org",
            "a@\u202eexample.org",
        ),
    ],
)
def test_invitation_to_no_address_is_refused(email):
    with pytest.raises(ValueError, match="e-mail address"):
        invitation(entry(), Attendee(name="Ann", email=email))
    with pytest.raises(ValueError, match="e-mail address"):
        invitation(entry(organiser_email=email), ANN)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "https://a.example/\r\nX:Y",
        "https://a.example/ b",
        "/events",
        "https://a.example/\x00",
        "https://a.example/\u202e",
    ],
)
def test_invitation_with_no_web_address_is_refused(url):
    with pytest.raises(ValueError, match="web address"):
        invitation(entry(url=url), ANN)


# ------------------------------------------------------------------------------------------------ hostile and long text

HOSTILE = [
    "Ann\r\nATTENDEE:mailto:x@example.org",
    "Ann\nATTENDEE:mailto:x@example.org",
    "Ann\rATTENDEE:mailto:x@example.org",
    "Ann\x85ATTENDEE:mailto:x@example.org",
    "Ann\u2028ATTENDEE:mailto:x@example.org",
    "Ann\x0bATTENDEE:mailto:x@example.org",
    "Ann\x00\x07\ud800 ATTENDEE:mailto:x@example.org",
    'Ann";ATTENDEE=x:mailto:x@example.org',
    "Ann;X=Y:mailto:x@example.org,ATTENDEE:mailto:y@example.org",
    "Ann\\nATTENDEE:mailto:x@example.org",
    "Ann^nATTENDEE:mailto:x@example.org^'",
    "Ann\u202egro.elpmaxe@x\u2066 ATTENDEE",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_text_with_line_breaks_and_quotes_stays_in_its_property(name):
    made = invitation(
        entry(title=name, description=name, location=name, categories=[name], organiser_name=name, uid=name),
        Attendee(name=name, email="ann@example.org"),
    )
    keys = [re.split("[:;]", row)[0] for row in lines(made)]
    assert keys.count("ATTENDEE") == 1
    assert keys.count("ORGANIZER") == 1
    assert keys == [
        re.split("[:;]", row)[0]
        for row in lines(invitation(entry(description="d", location="l", categories=["c"]), ANN))
    ]
    assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", made.decode())
    _, (event,) = read(made)
    assert event["attendee"] == "mailto:ann@example.org"
    assert set(event["attendee"].params) == {"CN", "CUTYPE", "PARTSTAT", "ROLE", "RSVP"}
    assert event["summary"].startswith("Ann")
    assert "\n" not in event["summary"]
    assert vobject.readOne(made.decode()).vevent.attendee.value == "mailto:ann@example.org"


def test_text_with_quotes_carets_and_accents_is_read_again():
    made = invitation(
        entry(title='"Ann"; ^ Siân\\Łódź, 日本 👩‍👧'), Attendee(name='Siân "Si" O\'Neill; ^x', email="s@example.org")
    )
    _, (event,) = read(made)
    assert event["summary"] == '"Ann"; ^ Siân\\Łódź, 日本 👩‍👧'
    assert event["attendee"].params["CN"] == "Siân 'Si' O'Neill; x"
    assert vobject.readOne(made.decode()).vevent.summary.value == '"Ann"; ^ Siân\\Łódź, 日本 👩‍👧'


def test_description_keeps_its_lines():
    _, (event,) = read(invitation(entry(description=" One\r\n\r\nTwo\rThree \n"), ANN))
    assert event["description"] == "One\n\nTwo\nThree"


@pytest.mark.parametrize("sign", ["x", "é", "日", "👩", ",", ";\\"])
def test_long_lines_are_folded_at_75_octets_with_crlf_only(sign):
    long = sign * 400
    made = feed(long, [entry(title=long, description=long + "\n" + long, organiser_name=long)], refresh=HOUR)
    assert made.endswith(b"END:VCALENDAR\r\n")
    rows = made.split(b"\r\n")
    assert max(map(len, rows)) <= 75
    assert not any(b"\r" in row or b"\n" in row for row in rows)
    for row in rows:
        row.decode()  # no character is torn apart
    _, (event,) = read(made)
    assert event["summary"] == long


# ------------------------------------------------------------------------------------------------ cancellations


def test_cancellation_withdraws_the_invitation_it_follows():
    two = days((date(2026, 6, 15), "09:30", "16:00"), (date(2026, 6, 16), "10:00", "12:00"))
    _, (invited, _) = read(invitation(entry(days=two), ANN))
    calendar, (event,) = read(cancellation(entry(days=two, sequence=1), ANN))
    assert calendar["method"] == "CANCEL"
    assert event["status"] == "CANCELLED"
    assert event["sequence"] == 1
    for key in ("uid", "organizer", "attendee", "dtstart", "rrule"):
        assert event[key] == invited[key]
    assert "recurrence-id" not in event
    assert event["summary"] == "Learning event"
    assert event["transp"] == "TRANSPARENT"
    assert event["x-microsoft-cdo-busystatus"] == "FREE"
    assert dict(event["attendee"].params) == {"CN": "Ann Example", "CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT"}


def test_cancellation_of_a_cancelled_entry_is_the_same():
    assert cancellation(entry(cancelled=True), ANN) == cancellation(entry(), ANN)


# ------------------------------------------------------------------------------------------------ feeds and downloads


def test_feed_says_its_name_and_when_to_come_again():
    made = feed("My events; Ann", [], refresh=timedelta(hours=4), description="Yours,\nWaymark", colour="navy")
    assert lines(made) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Waymark//Waymark//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        r"DESCRIPTION:Yours\,\nWaymark",
        r"X-WR-CALDESC:Yours\,\nWaymark",
        r"NAME:My events\; Ann",
        r"X-WR-CALNAME:My events\; Ann",
        "COLOR:navy",
        "REFRESH-INTERVAL;VALUE=DURATION:PT4H",
        "X-PUBLISHED-TTL:PT4H",
        "X-WR-TIMEZONE:Europe/London",
        "END:VCALENDAR",
    ]


def test_feed_has_entries_of_each_kind_and_no_attendee():
    two = days((date(2026, 6, 15), "09:30", "16:00"), (date(2026, 6, 16), "10:00", "12:00"))
    kinds = [
        entry(),
        entry(uid="two", days=two),
        entry(uid="off", cancelled=True),
        entry(uid="day", days=[Day(date=date(2022, 6, 14))]),
    ]
    made = feed("My events", iter(kinds), refresh=HOUR)
    calendar, events = read(made)
    assert b"ATTENDEE" not in made
    assert b"X-MICROSOFT-DISALLOW-COUNTER" not in made
    assert "color" not in calendar
    assert "description" not in calendar
    assert len(calendar.walk("VTIMEZONE")) == 1
    assert [(event["uid"], event["status"], event["transp"], event["summary"]) for event in events] == [
        ("e1.p1@example.org", "CONFIRMED", "OPAQUE", "Learning event"),
        ("two", "CONFIRMED", "OPAQUE", "Learning event"),
        ("two", "CONFIRMED", "OPAQUE", "Learning event"),
        ("off", "CANCELLED", "TRANSPARENT", "Cancelled: Learning event"),
        ("day", "CONFIRMED", "TRANSPARENT", "Learning event"),
    ]
    assert all(event["organizer"] == "mailto:team@example.org" for event in events)
    assert len(vobject.readOne(made.decode()).vevent_list) == 5


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"refresh": timedelta(0)}, "every minute"),
        ({"colour": "#fff;X"}, "CSS3"),
        ({"colour": "red\n"}, "CSS3"),
        ({"zone": "GMT"}, "zone"),
    ],
)
def test_feed_with_what_no_client_reads_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        feed("My events", [], **({"refresh": HOUR} | wrong))


def test_download_is_published_without_a_name():
    made = download([entry(), entry(uid="off", cancelled=True)])
    calendar, events = read(made)
    assert calendar["method"] == "PUBLISH"
    assert not {"name", "x-wr-calname", "refresh-interval"} & {key.lower() for key in calendar}
    assert [event["uid"] for event in events] == ["e1.p1@example.org", "off"]
    assert b"ATTENDEE" not in made


def test_the_same_input_gives_the_same_bytes():
    for make in (lambda one: invitation(one, ANN), lambda one: cancellation(one, ANN), lambda one: download([one])):
        forwards = entry(days=days((date(2026, 6, 15), "09:30", "16:00"), (date(2026, 6, 16), "10:00", "12:00")))
        assert make(forwards) == make(replace(forwards, days=forwards.days[::-1]))
    assert feed("My events", [entry()], refresh=HOUR) == feed("My events", [entry()], refresh=HOUR)


# ------------------------------------------------------------------------------------------------ entries


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"days": []}, "at least one day"),
        ({"days": [Day(date=date(2026, 6, 15)), Day(date=date(2026, 6, 15))]}, "once"),
        ({"stamp": datetime(2026, 5, 1)}, "zone"),  # noqa: DTZ001 -- naive on purpose
        ({"last_modified": datetime(2026, 5, 1)}, "zone"),  # noqa: DTZ001 -- naive on purpose
        ({"sequence": -1}, "nought"),
    ],
)
def test_entry_that_no_client_reads_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        entry(**wrong)


@pytest.mark.parametrize(
    ("hours", "message"),
    [
        ({"ends": time(10)}, "needs a start"),
        ({"starts": time(10), "ends": time(10)}, "end after"),
        ({"starts": time(22), "ends": time(2)}, "end after"),
    ],
)
def test_day_with_hours_out_of_order_is_refused(hours, message):
    with pytest.raises(ValueError, match=message):
        Day(date=date(2026, 6, 15), **hours)


# ------------------------------------------------------------------------------------------------ zones


def test_zone_utc_needs_no_explanation():
    for zone in ("UTC", "Etc/UTC"):
        made = download([entry(zone=zone)])
        assert "DTSTART:20260615T093000Z" in lines(made)
        assert b"VTIMEZONE" not in made
        assert b"TZID" not in made


@pytest.mark.parametrize(
    "zone", ["GMT", "BST", "GB", "", "Europe/Londinium", "../etc/passwd", "/etc/passwd", "Europe/", "A/\x00"]
)
def test_zone_that_clients_would_guess_at_is_refused(zone):
    with pytest.raises(ValueError, match="time zone"):
        named(zone)
    with pytest.raises(ValueError, match="time zone"):
        download([entry(zone=zone)])


def test_zones_of_several_entries_come_once_each_by_name():
    made = download([entry(), entry(zone="America/New_York"), entry(zone="Asia/Kolkata"), entry()])
    assert [str(zone["tzid"]) for zone in read(made)[0].walk("VTIMEZONE")] == [
        "America/New_York",
        "Asia/Kolkata",
        "Europe/London",
    ]


@pytest.mark.parametrize(
    "zone",
    [
        "Europe/London",
        "Europe/Dublin",
        "Europe/Paris",
        "America/New_York",
        "Australia/Adelaide",
        "Asia/Kolkata",
        "America/Sao_Paulo",
    ],
)
def test_zone_explained_is_the_zone_of_the_tz_database(zone):
    explained = vobject.readOne(download([entry(zone=zone)]).decode()).vevent.dtstart.value.tzinfo
    real = ZoneInfo(zone)
    for year in (2024, 2026, 2027):
        for number in range(365 * 4):
            wall = datetime(year, 1, 1, 3, 30) + timedelta(hours=6 * number)  # noqa: DTZ001 -- read in both zones
            assert wall.replace(tzinfo=explained).utcoffset() == wall.replace(tzinfo=real).utcoffset(), wall


def test_zone_of_dublin_says_when_its_clocks_change():
    text = component("Europe/Dublin", 2026, 2026).to_ical().decode()
    assert (
        text.replace("Dublin", "London").replace("IST", "BST")
        == component("Europe/London", 2026, 2026).to_ical().decode()
    )


def test_zone_of_new_york_counts_weeks_from_the_start_of_the_month():
    text = component("America/New_York", 2026, 2026).to_ical().decode().split("\r\n")
    assert [row for row in text if row.startswith(("RRULE", "DTSTART"))] == [
        "DTSTART:19700308T020000",
        "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3",
        "DTSTART:19701101T020000",
        "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11",
    ]


def test_zone_without_summer_time_has_one_offset():
    text = component("Asia/Kolkata", 2026, 2026).to_ical().decode()
    assert "TZOFFSETTO:+0530" in text
    assert "RRULE" not in text
    assert "DAYLIGHT" not in text


@pytest.mark.parametrize(
    ("zone", "year"),
    [("Africa/Casablanca", 2026), ("Europe/Moscow", 2009), ("America/New_York", 2005), ("Asia/Gaza", 2026)],
)
def test_zone_without_a_yearly_rule_is_refused(zone, year):
    with pytest.raises(ValueError, match="no yearly rule"):
        component(zone, year, year)


# ---------------------------------------------------------------- reminders


def test_invitation_with_a_reminder_has_one_alarm_in_each_component():
    made = invitation(
        entry(
            days=days((date(2027, 6, 14), "09:30", "16:00"), (date(2027, 6, 15), "10:00", "12:00")),
            alarm=timedelta(minutes=15),
        ),
        ANN,
    )
    _calendar, events = read(made)
    for event in events:
        (alarm,) = event.walk("VALARM")
        assert (alarm["ACTION"], alarm["DESCRIPTION"]) == ("DISPLAY", event["SUMMARY"])
        assert alarm["TRIGGER"].dt == timedelta(minutes=-15)
    assert "TRIGGER:-PT15M" in lines(made)


def test_reminder_of_what_is_cancelled_or_has_no_hour_is_left_out():
    vague = [Day(date=date(2027, 6, 14))]
    assert b"VALARM" not in cancellation(entry(alarm=timedelta(hours=1)), ANN)
    assert b"VALARM" not in invitation(entry(days=vague, alarm=timedelta(hours=1)), ANN)
    assert b"TRIGGER:-P1D" in invitation(entry(days=vague, alarm=timedelta(days=1)), ANN)
    with pytest.raises(ValueError, match="before"):
        entry(alarm=timedelta())
