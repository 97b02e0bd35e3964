"""Schedules are held to the rules of their schema, and read again value by value."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest

from tests.formats.schedule_rules import faults
from webapp.formats.schedule import (
    Conference,
    Contributor,
    Day,
    Link,
    Talk,
    Track,
    left_out,
    schedule_json,
    schedule_xml,
)

pytestmark = pytest.mark.memory

LONDON = ZoneInfo("Europe/London")
SITE = "https://waymark.example.org"
ANN = Contributor(
    address=f"{SITE}/speakers/2b3c",
    name="Ann Example",
    code="2b3c",
    biography="Ann leads a team.\r\nShe likes rivers.",
    url=f"{SITE}/speakers/2b3c-ann-example",
    picture=f"{SITE}/photos/ann.jpg",
)
BEN = Contributor(address=f"{SITE}/speakers/4d5f", name="Ben Example")
HELP = Track(name="Family help", colour="#1D70B8")


def at(text: str, zone: ZoneInfo = LONDON) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def talk(number: int, starts: str | None = "2026-06-15 09:30", minutes: int = 45, **changes) -> Talk:
    begins = at(starts) if starts else None
    plain = Talk(
        address=f"{SITE}/sessions/{number}",
        title=f"Talk {number}",
        url=f"{SITE}/events/learning/sessions/{number}-talk",
        starts=begins,
        ends=begins and (begins.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(LONDON),
    )
    return replace(plain, **changes)


def conference(*talks: Talk, dates: tuple[date, ...] = (date(2026, 6, 15),), **changes) -> Conference:
    """Give a conference that has all its talks on the first day, as they come, and nothing on others."""
    days = tuple(Day(date=on, talks=talks if on == dates[0] else ()) for on in dates)
    plain = Conference(
        title="Learning event", acronym="LEARN26", url=f"{SITE}/events/learning", zone="Europe/London", days=days
    )
    return replace(plain, **changes)


FULL = talk(
    1,
    room=" Hall  1 ",
    track=HELP,
    title="What <works> & what\tdoes not",
    kind="Plenary",
    summary="One line.\r\nAnother.",
    description="Long\x0b text \ud800with\x00 signs \U0001f642 that ]]> XML minds.",
    language="en-GB",
    contributors=(ANN, BEN),
    links=(Link(url="https://example.org/a?b=1&c=[2]", title="Reading & more"),),
    attachments=(Link(url=f"{SITE}/files/slides.pdf", title="Slides"),),
    not_to_be_recorded=True,
)


def xml(given: Conference) -> ET.Element:
    made = schedule_xml(given, generator="Waymark", version="7")
    assert faults(made) == []
    return ET.fromstring(made)


def events(given: Conference) -> dict[str, dict[str, str | None]]:
    """Give each talk of the file by its title: its day, and what its elements say."""
    return {
        event.findtext("title", ""): {
            "day": day.get("date"),
            **event.attrib,
            **{element.tag: element.text for element in event},
        }
        for day in xml(given).iterfind("day")
        for event in day.iter("event")
    }


def by_json(given: Conference) -> dict:
    return json.loads(schedule_json(given, generator="Waymark", version="7"))


def test_xml_says_every_value() -> None:
    root = xml(conference(FULL, dates=(date(2026, 6, 15), date(2026, 6, 16))))
    assert root.find("generator").attrib == {"name": "Waymark"}
    assert [element.tag for element in root] == ["generator", "url", "version", "conference", "day", "day"]
    assert (root.findtext("url"), root.findtext("version")) == (f"{SITE}/events/learning", "7")
    assert [(said.tag, said.text, said.attrib) for said in root.find("conference")] == [
        ("acronym", "learn26", {}),
        ("title", "Learning event", {}),
        ("start", "2026-06-15", {}),
        ("end", "2026-06-16", {}),
        ("days", "2", {}),
        ("timeslot_duration", "00:05", {}),
        ("base_url", SITE, {}),
        ("url", f"{SITE}/events/learning", {}),
        ("time_zone_name", "Europe/London", {}),
        ("track", None, {"name": "Family help", "color": "#1d70b8"}),
    ]
    assert [day.attrib for day in root.iterfind("day")] == [
        {
            "index": "1",
            "date": "2026-06-15",
            "start": "2026-06-15T06:00:00+01:00",
            "end": "2026-06-16T06:00:00+01:00",
        },
        {
            "index": "2",
            "date": "2026-06-16",
            "start": "2026-06-16T06:00:00+01:00",
            "end": "2026-06-17T06:00:00+01:00",
        },
    ]
    (room,) = root.findall("day/room")
    assert room.attrib == {"name": "Hall 1", "guid": str(uuid5(NAMESPACE_URL, f"{SITE}/events/learning#room=Hall 1"))}
    (event,) = room
    assert event.get("guid") == str(uuid5(NAMESPACE_URL, FULL.address))
    assert [(said.tag, said.text) for said in event if not len(said)] == [
        ("date", "2026-06-15T09:30:00+01:00"),
        ("start", "09:30"),
        ("duration", "00:45"),
        ("room", "Hall 1"),
        ("slug", f"learn26-{event.get('id')}-what_works_what_does_not"),
        ("url", FULL.url),
        ("title", "What <works> & what does not"),
        ("subtitle", None),
        ("track", "Family help"),
        ("type", "Plenary"),
        ("language", "en-GB"),
        ("abstract", "One line.\nAnother."),
        ("description", "Long text with signs \U0001f642 that ]]> XML minds."),
    ]
    assert [(said.tag, said.text) for said in event.find("recording")] == [("license", None), ("optout", "true")]
    assert [(said.text, said.get("guid")) for said in event.find("persons")] == [
        (person.name, str(uuid5(NAMESPACE_URL, person.address))) for person in (ANN, BEN)
    ]
    (link,) = event.find("links")
    assert (link.text, link.attrib) == ("Reading & more", {"href": "https://example.org/a?b=1&c=%5B2%5D"})
    (file,) = event.find("attachments")
    assert (file.text, file.attrib) == ("Slides", {"href": f"{SITE}/files/slides.pdf"})


def test_json_says_what_xml_says() -> None:
    given = conference(FULL, talk(2, "2026-06-15 11:00"), dates=(date(2026, 6, 15), date(2026, 6, 16)))
    root, whole = xml(given), by_json(given)
    assert {**whole, "schedule": None} == {
        "$schema": "https://c3voc.de/schedule/schema.json",
        "generator": {"name": "Waymark"},
        "schedule": None,
    }
    about = whole["schedule"].pop("conference")
    assert whole["schedule"] == {"version": "7", "base_url": SITE}
    said = {element.tag: element.text for element in root.find("conference") if element.tag != "track"}
    assert about.pop("days") == [
        {
            "index": int(day.get("index")),
            "date": day.get("date"),
            "day_start": day.get("start"),
            "day_end": day.get("end"),
            "rooms": {room.get("name"): [as_json(event) for event in room] for room in day},
        }
        for day in root.iterfind("day")
    ]
    assert about.pop("rooms") == [{"name": r.get("name"), "guid": r.get("guid")} for r in root.iterfind("day/room")]
    assert about.pop("tracks") == [track.attrib for track in root.iterfind("conference/track")]
    assert about.pop("daysCount") == int(said.pop("days"))
    said.pop("base_url")
    assert about == said


def as_json(event: ET.Element) -> dict:
    """Give an event of the XML in the words of the JSON; what only the JSON tells is put in by hand."""
    said = {element.tag: element.text or "" for element in event if not len(element)}
    ends = datetime.fromisoformat(said["date"]) + timedelta(minutes=45)
    more = {
        "Ann Example": {
            "biography": "Ann leads a team.\nShe likes rivers.",
            "code": "2B3C",
            "url": ANN.url,
            "avatar": ANN.picture,
        },
        "Ben Example": {"biography": ""},
    }
    return {
        **said,
        "id": int(event.get("id")),
        "guid": event.get("guid"),
        "end": ends.isoformat(),
        "track": said["track"] or None,
        "recording_license": "",
        "do_not_record": event.findtext("recording/optout") == "true",
        "persons": [
            {"guid": p.get("guid"), "id": int(p.get("id")), "name": p.text, **more[p.text]}
            for p in event.find("persons")
        ],
        "links": [{"title": one.text, "url": one.get("href"), "type": "related"} for one in event.find("links")],
        "attachments": [
            {"title": one.text, "url": one.get("href"), "type": "related"} for one in event.find("attachments")
        ],
    }


def test_same_conference_gives_same_bytes() -> None:
    for write in (schedule_xml, schedule_json):
        assert write(conference(FULL), generator="W", version="1") == write(
            conference(FULL), generator="W", version="1"
        )


def test_text_stands_in_utf_8_as_it_is() -> None:
    for write in (schedule_xml, schedule_json):
        assert "Zoë 日本".encode() in write(conference(title="Zoë 日本"), generator="Waymark", version="7")


def test_beginning_shows_what_it_is() -> None:
    # Giggity looks for both in the first KiB.
    head = schedule_xml(conference(FULL), generator="Waymark", version="7")[:1024]
    assert b"<schedule" in head
    assert b"<conference" in head


@pytest.mark.parametrize(
    ("starts", "day", "start", "moment"),
    [
        ("2026-06-15 23:30", "2026-06-15", "23:30", "2026-06-15T23:30:00+01:00"),
        ("2026-06-16 00:30", "2026-06-15", "00:30", "2026-06-16T00:30:00+01:00"),
        ("2026-06-16 05:59", "2026-06-15", "05:59", "2026-06-16T05:59:00+01:00"),
        ("2026-06-16 06:00", "2026-06-16", "06:00", "2026-06-16T06:00:00+01:00"),
        ("2026-06-15 05:00", "2026-06-14", "05:00", "2026-06-15T05:00:00+01:00"),
        ("2026-12-15 09:00", "2026-12-15", "09:00", "2026-12-15T09:00:00+00:00"),
    ],
)
def test_talk_stands_on_its_conference_day(starts: str, day: str, start: str, moment: str) -> None:
    said = events(conference(talk(1, starts)))["Talk 1"]
    assert (said["day"], said["start"], said["date"]) == (day, start, moment)


def test_days_are_counted_in_order_with_those_that_talks_add() -> None:
    root = xml(conference(talk(1, "2026-06-15 05:00"), talk(2, "2026-06-18 10:00")))
    assert [(day.get("index"), day.get("date")) for day in root.iterfind("day")] == [
        ("1", "2026-06-14"),
        ("2", "2026-06-15"),
        ("3", "2026-06-18"),
    ]
    said = root.find("conference")
    assert [said.findtext(name) for name in ("start", "end", "days")] == ["2026-06-14", "2026-06-18", "3"]


def test_times_of_another_zone_are_given_in_that_of_the_conference() -> None:
    elsewhere = replace(talk(1), starts=at("2026-06-15 08:30", UTC), ends=at("2026-06-15 10:00", UTC))
    said = events(conference(elsewhere))["Talk 1"]
    assert (said["start"], said["date"], said["duration"]) == ("09:30", "2026-06-15T09:30:00+01:00", "01:30")


@pytest.mark.parametrize(
    ("starts", "ends", "duration", "day_start", "day_end"),
    [
        # The clocks go forward at 1am on 29 March and back at 2am on 25 October.
        ("2026-03-28 23:00", "2026-03-29 03:00", "03:00", "2026-03-28T06:00:00+00:00", "2026-03-29T06:00:00+01:00"),
        ("2026-10-24 23:00", "2026-10-25 03:00", "05:00", "2026-10-24T06:00:00+01:00", "2026-10-25T06:00:00+00:00"),
    ],
)
def test_night_in_which_the_clocks_change(starts: str, ends: str, duration: str, day_start: str, day_end: str) -> None:
    given = conference(replace(talk(1), starts=at(starts), ends=at(ends)), dates=(date.fromisoformat(starts[:10]),))
    assert events(given)["Talk 1"]["duration"] == duration
    day = xml(given).find("day")
    assert (day.get("start"), day.get("end")) == (day_start, day_end)


def test_talks_of_a_room_stand_by_time_even_in_the_hour_that_comes_twice() -> None:
    first, second = at("2026-10-25 01:45"), at("2026-10-25 01:15").replace(fold=1)
    talks = [
        replace(talk(number), starts=starts, ends=starts.astimezone(UTC) + timedelta(minutes=5))
        for number, starts in ((2, second), (1, first))
    ]
    root = xml(conference(*talks, dates=(date(2026, 10, 24),)))
    assert [event.findtext("date") for event in root.iter("event")] == [
        "2026-10-25T01:45:00+01:00",
        "2026-10-25T01:15:00+00:00",
    ]


@pytest.mark.parametrize(
    ("minutes", "duration"), [(1, "00:01"), (59, "00:59"), (60, "01:00"), (1500, "25:00"), (5999, "99:59")]
)
def test_duration_has_hours_and_minutes(minutes: int, duration: str) -> None:
    assert events(conference(talk(1, minutes=minutes)))["Talk 1"]["duration"] == duration


def test_left_out_are_named_with_the_reason() -> None:
    unknown, gone, endless = talk(1, None), talk(2, cancelled=True), talk(3, minutes=6000)
    given = conference(unknown, gone, talk(4), endless)
    assert [(one.talk, one.reason) for one in left_out(given)] == [
        (unknown, "It has no times yet."),
        (gone, "It is cancelled."),
        (endless, "It lasts 100 hours or more, and the files have two digits for hours."),
    ]
    assert list(events(given)) == ["Talk 4"]
    assert left_out(conference(talk(4))) == []


def test_conference_without_a_talk_still_has_its_days() -> None:
    root = xml(conference())
    assert [(day.get("date"), len(day)) for day in root.iterfind("day")] == [("2026-06-15", 0)]


@pytest.mark.parametrize(
    ("room", "track", "stands"),
    [("Hall 1", HELP, "Hall 1"), ("", HELP, "Family help"), ("", None, "All"), (" \x00 ", Track(name=" "), "All")],
)
def test_talk_without_a_room_stands_in_a_column_all_the_same(room: str, track: Track | None, stands: str) -> None:
    given = conference(talk(1, room=room, track=track))
    assert events(given)["Talk 1"]["room"] == stands
    assert [one.get("name") for one in xml(given).iterfind("day/room")] == [stands]


def test_rooms_keep_the_order_of_the_agenda_on_every_day() -> None:
    monday, tuesday = "2026-06-15 10:00", "2026-06-16 10:00"
    agenda = [(monday, "Hall"), (monday, "Attic"), (tuesday, "Cellar"), (tuesday, "Attic"), (tuesday, "Hall")]
    talks = [talk(number, starts, room=room) for number, (starts, room) in enumerate(agenda)]
    root = xml(conference(*talks))
    assert [[room.get("name") for room in day] for day in root.iterfind("day")] == [
        ["Hall", "Attic"],
        ["Hall", "Attic", "Cellar"],
    ]


def test_track_is_listed_once_as_it_first_came() -> None:
    given = conference(
        talk(1, track=HELP), talk(2, track=Track(name="Data")), talk(3, track=Track(name="Family  help"))
    )
    assert [track.attrib for track in xml(given).iter("track") if track.attrib] == [
        {"name": "Family help", "color": "#1d70b8"},
        {"name": "Data"},
    ]


def test_numbers_follow_the_address_alone() -> None:
    before = events(conference(talk(1), talk(2)))
    after = events(conference(talk(3), talk(2, "2026-06-15 15:00", title="Renamed", url=f"{SITE}/elsewhere")))
    assert after["Renamed"]["id"] == before["Talk 2"]["id"]
    assert after["Renamed"]["guid"] == before["Talk 2"]["guid"]


def test_numbers_differ_where_the_addresses_would_share_one() -> None:
    # Found by trying: the first 31 bits of SHA-256 are the same for both.
    twins = (talk(5400), talk(43672))
    together, alone = events(conference(*twins)), [events(conference(one)) for one in twins]
    numbers = [int(together[one.title]["id"]) for one in twins]
    assert alone[0][twins[0].title]["id"] == alone[1][twins[1].title]["id"]
    # The address that comes first by its letters has the number that it would have alone.
    assert numbers == [184994946, 184994945]
    assert events(conference(*reversed(twins)))[twins[0].title]["id"] == str(numbers[0])


def test_person_has_one_number_in_every_talk() -> None:
    root = xml(conference(talk(1, contributors=(ANN, BEN)), talk(2, contributors=(BEN,))))
    numbers = [(person.text, person.get("id")) for person in root.iter("person")]
    assert len(set(numbers)) == 2
    assert all(0 < int(number) < 2**31 for _, number in numbers)


@pytest.mark.parametrize(
    ("acronym", "stands"),
    [("LEARN-26", "learn_26"), ("wm", "wm2026"), ("", "2026"), ("Été à Ély", "ete_a_ely"), ("日本", "2026")],
)
def test_acronym_takes_the_form_of_the_schema(acronym: str, stands: str) -> None:
    assert xml(conference(acronym=acronym)).findtext("conference/acronym") == stands


def test_short_acronym_is_filled_with_the_first_year() -> None:
    given = conference(acronym="wm", dates=(date(2026, 12, 31), date(2027, 1, 1)))
    assert xml(given).findtext("conference/acronym") == "wm2026"


@pytest.mark.parametrize("title", ["", "日本", "-", "x" * 300, "É" * 59 + " end"])
def test_slug_takes_the_form_of_the_schema_whatever_the_title(title: str) -> None:
    (said,) = events(conference(talk(1, title=title))).values()
    assert said["slug"].startswith(f"learn26-{said['id']}")
    assert said["slug"][-1].isalnum()
    assert len(said["slug"]) < 90


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" https://example.org/a b ", "https://example.org/a%20b"),
        ("https://example.org/ü%41", "https://example.org/%C3%BC%41"),
        ("https://example.org/100%", None),
        ("javascript:alert(1)", None),
        ("see my page", None),
        ("", None),
    ],
)
def test_link_that_no_app_could_follow_is_left_out(typed: str, address: str | None) -> None:
    given = conference(talk(1, links=(Link(url=typed, title="A"),)))
    assert [link.get("href") for link in xml(given).iter("link")] == ([address] if address else [])
    (event,) = by_json(given)["schedule"]["conference"]["days"][0]["rooms"]["All"]
    assert [link["url"] for link in event["links"]] == ([address] if address else [])


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: talk(1, ends=None),
        lambda: talk(1, ends=at("2026-06-15 09:30")),
        lambda: talk(1, ends=datetime(2026, 6, 15, 10)),  # noqa: DTZ001 -- without a zone, which is what is refused
        # By the clock this ends later; it does not.
        lambda: replace(talk(1), starts=at("2026-10-25 01:30").replace(fold=1), ends=at("2026-10-25 01:45")),
        lambda: talk(1, url="events/1"),
        lambda: talk(1, address="https://example.org/a b"),
        lambda: replace(ANN, picture="ftp://example.org/x"),
        lambda: Track(name="A", colour="blue"),
        lambda: conference(talk(1), talk(1)),
        lambda: conference(days=()),
        lambda: conference(zone="Europe/Nowhere"),
    ],
)
def test_values_that_cannot_be_are_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises((ValueError, KeyError)):
        wrong()


LETTERS = "abcXYZ äß漢\U0001d4b3 \t\n\r\x00\x0b\x1f\x85\ud800\ufffe\u2028\xa0&<>\"']]>/%-_0"


@pytest.mark.parametrize("seed", range(60))
def test_any_conference_keeps_the_rules(seed: int) -> None:
    rolled = random.Random(seed)

    def text(most: int = 30) -> str:
        return "".join(rolled.choice(LETTERS) for _ in range(rolled.randrange(most)))

    tracks = [None, Track(name=text()), Track(name=text(), colour="#00703c")]
    people = [replace(BEN, address=f"{SITE}/speakers/{n}", name=text(), code=text(4)) for n in range(4)]
    talks = [
        talk(
            number,
            f"2026-{rolled.choice(['03-29', '06-15', '10-25'])} {rolled.randrange(24):02}:{rolled.randrange(60):02}",
            minutes=rolled.randrange(1, 7000),
            title=text(),
            room=text(4),
            track=rolled.choice(tracks),
            kind=text(8),
            summary=text(80),
            description=text(200),
            language=rolled.choice(["en-GB", "cy", ""]),
            contributors=tuple(rolled.sample(people, rolled.randrange(5))),
            links=(Link(url=f"https://example.org/{text()}", title=text()),),
            cancelled=rolled.random() < 0.1,
        )
        for number in range(rolled.randrange(12))
    ]
    given = conference(*talks, title=text(), acronym=text(9))
    kept = [one for one in talks if one not in [out.talk for out in left_out(given)]]
    root = xml(given)
    told = {event.get("guid"): event.findtext("title") for event in root.iter("event")}
    assert told == {str(uuid5(NAMESPACE_URL, one.address)): seen(one.title) for one in kept}
    days = by_json(given)["schedule"]["conference"]["days"]
    assert {event["guid"]: event["title"] for day in days for room in day["rooms"].values() for event in room} == told


def seen(text: str) -> str:
    """Give what is left of a text in one line, said apart from the program: what prints, and single blanks."""
    kept = "".join(sign if sign.isprintable() or sign.isspace() else "" for sign in text.replace("\x85", ""))
    return " ".join(kept.replace("\x0b", "").replace("\x1f", "").split())


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda root: root.remove(root.find("version")), "version 0 times"),
        (lambda root: [root.remove(day) for day in root.findall("day")], "day 0 times"),
        (lambda root: root.append(root.find("version")), "version 2 times"),
        (lambda root: root.__setitem__(slice(None), list(root)[::-1]), "out of order"),
        (lambda root: ET.SubElement(root, "day_change"), "holds day_change"),
        (lambda root: setattr(root, "tail", "") or setattr(root[0], "tail", "words"), "text between"),
        (lambda root: ET.SubElement(root.find("generator"), "name"), "generator[1] holds name"),
        (lambda root: root.find("generator").set("url", "x"), "unknown url"),
        (lambda root: first(root, "acronym", "AB CD"), "no acronym"),
        (lambda root: first(root, "timeslot_duration", "5 minutes"), "no duration"),
        (lambda root: first(root, "conference/start", "15 June"), "no date or moment"),
        (lambda root: first(root, "base_url", "waymark.example.org"), "no web"),
        (lambda root: root.find("conference/track").set("color", "blue"), "no colour"),
        (lambda root: root.find("day").attrib.pop("end"), "has no end"),
        (lambda root: root.find("day").set("start", "2026-06-15T06:00:00"), "no moment"),
        (lambda root: root.find("day").set("date", "2026-06-31"), "no date"),
        (lambda root: root.find("day").set("index", "0"), "no number from one"),
        (lambda root: root.find("day/room").attrib.pop("name"), "has no name"),
        (lambda root: root.find("day/room").set("guid", "1"), "no uuid"),
        (lambda root: drop(root, "event", "slug"), "slug 0 times"),
        (lambda root: drop(root, "event", "track"), "track 0 times"),
        (lambda root: root.find(".//event").attrib.pop("id"), "has no id"),
        (lambda root: root.find(".//event").attrib.pop("guid"), "has no guid"),
        (lambda root: root.find(".//event").append(root.find(".//event/title")), "title 2 times"),
        (lambda root: first(root, "event/date", "2026-06-15 09:30"), "no moment"),
        (lambda root: first(root, "event/start", "9.30"), "no clock"),
        (lambda root: first(root, "event/duration", "100:00"), "no duration"),
        (lambda root: first(root, "event/slug", "ab-cd"), "no slug"),
        (lambda root: first(root, "event/url", "/events"), "no web"),
        (lambda root: first(root, "optout", "no"), "no truth"),
        (lambda root: root.find(".//person").set("id", "two"), "no whole number"),
        (lambda root: drop(root, "recording", "license"), "license 0 times"),
        (lambda root: ET.SubElement(root.find(".//links"), "url"), "holds url"),
        (lambda root: both(root, "event").set("id", root.find(".//event").get("id")), "The id"),
        (lambda root: both(root, "event").set("guid", root.find(".//event").get("guid")), "The guid"),
        (lambda root: setattr(both(root, "slug"), "text", root.findtext(".//slug")), "The slug"),
        (lambda root: both(root, "day").set("index", "01"), "The index 1 stands 2 times"),
        (lambda root: setattr(root, "tag", "program"), "outermost"),
    ],
)
def test_rules_see_what_is_wrong(change: Callable[[ET.Element], object], fault: str) -> None:
    root = xml(conference(FULL, talk(2), dates=(date(2026, 6, 15), date(2026, 6, 16))))
    change(root)
    (said, *_) = [one for one in faults(ET.tostring(root)) if fault in one] or [""]
    assert fault in said


def test_rules_see_what_is_no_xml() -> None:
    assert faults(b"<schedule>\x00</schedule>")[0].startswith("This is no XML")


def first(root: ET.Element, path: str, text: str) -> None:
    root.find(f".//{path}").text = text


def both(root: ET.Element, name: str) -> ET.Element:
    return root.findall(f".//{name}")[1]


def drop(root: ET.Element, parent: str, name: str) -> None:
    within = root.find(f".//{parent}")
    within.remove(within.find(name))
