"""The two files themselves, which say the same: schedule.xml and schedule.json."""

import json
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from webapp.formats.schedule.arrangement import (
    Arrangement,
    Column,
    Slot,
    arranged,
    code_of,
    guid_of,
    guid_of_room,
    one_line,
    several_lines,
)
from webapp.formats.schedule.conference import Conference, Contributor, Link

_JSON_SCHEMA = "https://c3voc.de/schedule/schema.json"
# How finely apps rule their tables; it limits no talk.
_TIMESLOT = "00:05"


def schedule_xml(conference: Conference, *, generator: str, version: str) -> bytes:
    """Give the conference as schedule.xml in UTF-8, valid against the published schema.

    The generator is the program's name; the version is the schedule's own, which apps show and compare.
    """
    plan = arranged(conference)
    root = ET.Element("schedule")
    ET.SubElement(root, "generator", name=one_line(generator))
    _say(root, "url", conference.url)
    _say(root, "version", one_line(version))
    about = ET.SubElement(root, "conference")
    _say(about, "acronym", plan.acronym)
    _say(about, "title", one_line(conference.title))
    _say(about, "start", plan.days[0].date.isoformat())
    _say(about, "end", plan.days[-1].date.isoformat())
    _say(about, "days", str(len(plan.days)))
    _say(about, "timeslot_duration", _TIMESLOT)
    _say(about, "base_url", _base(conference.url))
    _say(about, "url", conference.url)
    _say(about, "time_zone_name", conference.zone)
    for track in plan.tracks:
        line = ET.SubElement(about, "track", name=one_line(track.name))
        if track.colour:
            line.set("color", track.colour.lower())
    for day in plan.days:
        within = ET.SubElement(
            root,
            "day",
            index=str(day.index),
            date=day.date.isoformat(),
            start=day.starts.isoformat(),
            end=day.ends.isoformat(),
        )
        for column in day.columns:
            _room_in_xml(within, column, plan)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def schedule_json(conference: Conference, *, generator: str, version: str) -> bytes:
    """Give the conference as schedule.json in UTF-8, valid against the published schema.

    The generator is the program's name; the version is the schedule's own, which apps show and compare.
    """
    plan = arranged(conference)
    return json.dumps(
        {
            "$schema": _JSON_SCHEMA,
            "generator": {"name": one_line(generator)},
            "schedule": {
                "version": one_line(version),
                "base_url": _base(conference.url),
                "conference": _conference_in_json(conference, plan),
            },
        },
        ensure_ascii=False,
    ).encode()


def _room_in_xml(day: ET.Element, column: Column, plan: Arrangement) -> None:
    room = ET.SubElement(day, "room", name=column.name, guid=column.guid)
    for slot in column.slots:
        talk = slot.talk
        event = ET.SubElement(room, "event", id=str(slot.number), guid=slot.guid)
        _say(event, "date", slot.starts.isoformat())
        _say(event, "start", f"{slot.starts:%H:%M}")
        _say(event, "duration", slot.duration)
        _say(event, "room", slot.room)
        _say(event, "slug", slot.slug)
        _say(event, "url", talk.url)
        _say(event, "title", one_line(talk.title))
        _say(event, "subtitle", "")
        _say(event, "track", one_line(talk.track.name) if talk.track else "")
        _say(event, "type", one_line(talk.kind))
        _say(event, "language", one_line(talk.language))
        _say(event, "abstract", several_lines(talk.summary))
        _say(event, "description", several_lines(talk.description))
        recording = ET.SubElement(event, "recording")
        _say(recording, "license", "")
        _say(recording, "optout", "true" if talk.not_to_be_recorded else "false")
        persons = ET.SubElement(event, "persons")
        for person in talk.contributors:
            named = _say(persons, "person", one_line(person.name))
            named.set("id", str(plan.people[person.address]))
            named.set("guid", guid_of(person.address))
        _links_in_xml(event, "link", talk.links)
        _links_in_xml(event, "attachment", talk.attachments)


def _links_in_xml(event: ET.Element, name: str, links: tuple[Link, ...]) -> None:
    within = ET.SubElement(event, f"{name}s")
    for link in links:
        if link.address:
            _say(within, name, one_line(link.title)).set("href", link.address)


def _say(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, name)
    element.text = text
    return element


def _conference_in_json(conference: Conference, plan: Arrangement) -> dict[str, Any]:
    return {
        "acronym": plan.acronym,
        "title": one_line(conference.title),
        "start": plan.days[0].date.isoformat(),
        "end": plan.days[-1].date.isoformat(),
        "daysCount": len(plan.days),
        "timeslot_duration": _TIMESLOT,
        "time_zone_name": conference.zone,
        "url": conference.url,
        "rooms": [{"name": room, "guid": guid_of_room(conference, room)} for room in plan.rooms],
        "tracks": [
            {"name": one_line(track.name)} | ({"color": track.colour.lower()} if track.colour else {})
            for track in plan.tracks
        ],
        "days": [
            {
                "index": day.index,
                "date": day.date.isoformat(),
                "day_start": day.starts.isoformat(),
                "day_end": day.ends.isoformat(),
                "rooms": {column.name: [_event_in_json(slot, plan) for slot in column.slots] for column in day.columns},
            }
            for day in plan.days
        ],
    }


def _event_in_json(slot: Slot, plan: Arrangement) -> dict[str, Any]:
    talk = slot.talk
    return {
        "guid": slot.guid,
        "id": slot.number,
        "date": slot.starts.isoformat(),
        "start": f"{slot.starts:%H:%M}",
        "end": slot.ends.isoformat(),
        "duration": slot.duration,
        "room": slot.room,
        "slug": slot.slug,
        "url": talk.url,
        "title": one_line(talk.title),
        "subtitle": "",
        "track": one_line(talk.track.name) if talk.track else None,
        "type": one_line(talk.kind),
        "language": one_line(talk.language),
        "abstract": several_lines(talk.summary),
        "description": several_lines(talk.description),
        "recording_license": "",
        "do_not_record": talk.not_to_be_recorded,
        "persons": [_person_in_json(person, plan) for person in talk.contributors],
        "links": _links_in_json(talk.links),
        "attachments": _links_in_json(talk.attachments),
    }


def _person_in_json(person: Contributor, plan: Arrangement) -> dict[str, Any]:
    known: dict[str, Any] = {
        "guid": guid_of(person.address),
        "id": plan.people[person.address],
        "name": one_line(person.name),
        "biography": several_lines(person.biography),
    }
    # A key is there when it has something to say: the schema would have an empty code or address refused.
    known |= {"code": code} if (code := code_of(person)) else {}
    known |= {"url": person.url} if person.url else {}
    known |= {"avatar": person.picture} if person.picture else {}
    return known


def _links_in_json(links: tuple[Link, ...]) -> list[dict[str, str]]:
    return [{"title": one_line(link.title), "url": link.address, "type": "related"} for link in links if link.address]


def _base(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
