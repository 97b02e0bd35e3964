"""The rules of schedule.xml as a table, and what a file breaks of them.

The published schema is not ours to keep here; this says in our words what it asks: which elements may stand where and
how often, in what order, with which attributes, of what form, and what must differ within a file. It is stricter in two
things: an address names a host, and the conference's colour, which we never write, may not stand.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from xml.etree import ElementTree as ET

MANY = 1_000_000


def _matching(pattern: str) -> Callable[[str], bool]:
    return lambda text: re.fullmatch(pattern, text, re.ASCII) is not None


def _is_date(text: str) -> bool:
    return _matching(r"\d{4}-\d\d-\d\d")(text) and _reads(date.fromisoformat, text)


def _is_moment(text: str) -> bool:
    shaped = _matching(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")(text)
    return shaped and _reads(datetime.fromisoformat, text)


def _reads(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


_SIGN = r"([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})"
FORMS: dict[str, Callable[[str], bool]] = {
    "text": lambda _: True,
    "nothing": lambda text: not text.strip(),
    "date": _is_date,
    "moment": _is_moment,
    "date or moment": lambda text: _is_date(text) or _is_moment(text),
    "clock": _matching(r"[0-2]\d:[0-5]\d(:[0-5]\d)?"),
    "duration": _matching(r"\d{1,2}:\d{2}(:\d{1,2})?"),
    "whole number": _matching(r"[+-]?\d+"),
    "number from one": _matching(r"\+?0*[1-9]\d*"),
    "truth": _matching("true|false|1|0"),
    "uuid": _matching("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
    "acronym": _matching("[a-z0-9_-]{4,}"),
    "slug": _matching("[a-z0-9_]{4,}-[a-z0-9_-]{4,}"),
    "short slug": _matching("[a-z0-9-]{2,}"),
    "colour": _matching("#[0-9a-fA-F]{6}"),
    "web": _matching(rf"https?://[A-Za-z0-9.-]+(:\d+)?(/{_SIGN}*)?(\?({_SIGN}|\?)*)?(#({_SIGN}|\?)*)?"),
}
FORMS["web or nothing"] = lambda text: FORMS["web"](text) or FORMS["nothing"](text)


@dataclass(frozen=True)
class Rule:
    """What an element may hold: children with least and most, attributes with a star where owed, and text."""

    children: dict[str, tuple[int, int, "Rule"]] = field(default_factory=dict)
    ordered: bool = False
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = "nothing"


def _leaf(form: str = "text", **attributes: str) -> Rule:
    return Rule(text=form, attributes=attributes)


def _listed(name: str, **attributes: str) -> Rule:
    return Rule(children={name: (0, MANY, _leaf(**attributes))})


_EVENT = Rule(
    attributes={"id": "number from one*", "guid": "uuid*"},
    children={
        **{name: (1, 1, _leaf()) for name in ("room", "title", "subtitle", "type", "abstract", "track")},
        "date": (1, 1, _leaf("moment")),
        "start": (1, 1, _leaf("clock")),
        "duration": (1, 1, _leaf("duration")),
        "slug": (1, 1, _leaf("slug")),
        "logo": (0, 1, _leaf("web or nothing")),
        "language": (0, 1, _leaf()),
        "description": (0, 1, _leaf()),
        "persons": (0, 1, _listed("person", id="whole number", guid="uuid")),
        "links": (0, 1, _listed("link", href="text")),
        "attachments": (0, 1, _listed("attachment", href="text")),
        **{name: (0, 1, _leaf("web")) for name in ("video_download_url", "url", "feedback_url", "origin_url")},
        "recording": (
            0,
            1,
            Rule(
                children={
                    "license": (1, 1, _leaf()),
                    "optout": (1, 1, _leaf("truth")),
                    "url": (0, 1, _leaf("web")),
                    "link": (0, 1, _leaf("web")),
                }
            ),
        ),
    },
)
_DAY = Rule(
    attributes={"date": "date", "start": "moment*", "end": "moment*", "index": "number from one*"},
    children={
        "room": (0, MANY, Rule(attributes={"name": "text*", "guid": "uuid"}, children={"event": (0, MANY, _EVENT)}))
    },
)
_CONFERENCE = Rule(
    children={
        "title": (0, MANY, _leaf()),
        "acronym": (0, MANY, _leaf("acronym")),
        "start": (0, MANY, _leaf("date or moment")),
        "end": (0, MANY, _leaf("date or moment")),
        "days": (0, MANY, _leaf("whole number")),
        "timeslot_duration": (0, MANY, _leaf("duration")),
        **{name: (0, MANY, _leaf("web")) for name in ("base_url", "logo", "url")},
        "time_zone_name": (0, MANY, _leaf()),
        "track": (0, MANY, _leaf(name="text*", color="colour", slug="short slug")),
    }
)
SCHEDULE = Rule(
    ordered=True,
    children={
        "generator": (0, 1, Rule(attributes={"name": "text", "version": "text"})),
        "url": (0, 1, _leaf("web")),
        "version": (1, 1, _leaf()),
        "conference": (1, 1, _CONFERENCE),
        "day": (1, MANY, _DAY),
    },
)
UNIQUE = {
    "guid": ("day/room/event", lambda event: event.get("guid")),
    "id": ("day/room/event", lambda event: _as_number(event.get("id"))),
    "slug": ("day/room/event/slug", lambda slug: slug.text),
    "index": ("day", lambda day: _as_number(day.get("index"))),
}


def faults(content: bytes) -> list[str]:
    """Give what the file breaks of the rules, each in a sentence that names the place; nothing when it keeps all."""
    try:
        root = ET.fromstring(content)
    except ET.ParseError as error:
        return [f"This is no XML: {error}."]
    if root.tag != "schedule":
        return [f"The outermost element is {root.tag}, not schedule."]
    return [*_broken(root, SCHEDULE, "schedule"), *_repeated(root)]


def _broken(element: ET.Element, rule: Rule, place: str) -> Iterator[str]:
    yield from _broken_attributes(element, rule, place)
    if rule.children:
        yield from _broken_children(element, rule, place)
        return
    yield from (f"{place} holds {child.tag}, which it must not." for child in element)
    if not FORMS[rule.text](element.text or ""):
        yield f"{place} says {element.text!r}, which is no {rule.text}."


def _broken_attributes(element: ET.Element, rule: Rule, place: str) -> Iterator[str]:
    for name, form in rule.attributes.items():
        given = element.get(name)
        if given is None and form.endswith("*"):
            yield f"{place} has no {name}."
        if given is not None and not FORMS[form.rstrip("*")](given):
            yield f"{place} says {name}={given!r}, which is no {form.rstrip('*')}."
    yield from (f"{place} has an unknown {name}." for name in element.keys() - rule.attributes.keys())


def _broken_children(element: ET.Element, rule: Rule, place: str) -> Iterator[str]:
    if any((text or "").strip() for text in (element.text, *(child.tail for child in element))):
        yield f"{place} has text between its elements."
    counted = Counter(child.tag for child in element)
    yield from (f"{place} holds {name}, which it must not." for name in counted.keys() - rule.children.keys())
    for name, (least, most, _) in rule.children.items():
        if not least <= counted[name] <= most:
            yield f"{place} has {name} {counted[name]} times."
    known = [child.tag for child in element if child.tag in rule.children]
    if rule.ordered and known != sorted(known, key=list(rule.children).index):
        yield f"{place} has its elements out of order."
    for number, child in enumerate(element, start=1):
        if child.tag in rule.children:
            yield from _broken(child, rule.children[child.tag][2], f"{place}/{child.tag}[{number}]")


def _repeated(root: ET.Element) -> Iterator[str]:
    for name, (path, value) in UNIQUE.items():
        counted = Counter(said for one in root.findall(path) if (said := value(one)) is not None)
        yield from (f"The {name} {said} stands {times} times." for said, times in counted.items() if times > 1)


def _as_number(text: str | None) -> int | str | None:
    return int(text) if text is not None and re.fullmatch(r"\+?\d+", text, re.ASCII) else text
