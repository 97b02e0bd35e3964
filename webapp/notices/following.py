"""What a person's calendar was told, letter by letter: which entry, in which version, and what was new in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from webapp.models.events import Mode
from webapp.models.mailings import Letter
from webapp.templating import british_date, british_time


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of a calendar entry, and what was new in it, in sentences."""

    uid: str
    sequence: int
    method: str
    news: list[str]


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One letter of a timeline, and the version of a calendar entry that went with it, if any."""

    letter: Letter
    version: Version | None


# By the entry's UID, and the date of one meeting where it is about that of a series alone.
_Known = dict[tuple[str, str], dict[str, str]]


def timeline(letters: Sequence[Letter]) -> list[Moment]:
    """The letters, in their order (the latest first), each with what it told of the one before it."""
    known: _Known = {}
    found = [Moment(letter=letter, version=_version(letter.facts, known)) for letter in reversed(letters)]
    return found[::-1]


def _version(facts: dict[str, Any], known: _Known) -> Version | None:
    invitation = facts.get("invitation")
    if not invitation:
        return None
    series = facts.get("series") or {}
    is_whole = bool(series) and not facts.get("event")
    news = _series_news if is_whole else _news
    return Version(
        uid=invitation["uid"],
        sequence=invitation["sequence"],
        method=invitation["method"],
        news=news(facts, series, known) or ["The same entry once more"],
    )


def _news(facts: dict[str, Any], series: dict[str, Any], known: _Known) -> list[str]:
    """What is new in the entry of an event or a session, or in the one meeting of a series that a letter is about."""
    on, invitation = series.get("on") or "", facts["invitation"]
    key, now = (invitation["uid"], on), _told(facts)
    before = known.get(key)
    if invitation["method"] == "cancel":
        # Should it come back, that is what is new of it.
        known.pop(key, None)
        return [
            f"The meeting of {british_date(on)} is taken out of the calendar, and the others stay"
            if on
            else "Taken out of the calendar"
        ]
    known[key] = now
    if before is None:
        return [
            f"The meeting of {british_date(on)} is in the calendar, and the others stay"
            if on
            else "The first version that we know of"
        ]
    return [f"Meeting of {british_date(on)}: {text}" if on else text for text in _changed(before, now)]


def _series_news(facts: dict[str, Any], series: dict[str, Any], known: _Known) -> list[str]:
    """What is new in the entry of a series as a whole: its own words, and which meetings stand in it."""
    uid = facts["invitation"]["uid"]
    if facts["invitation"]["method"] == "cancel":
        return ["Taken out of the calendar"]
    before, now = known.get((uid, "")), _told({"event": series})
    meetings = {one["on"]: one.get("event") for one in series.get("meetings", [])}
    stood = {on for of, on in known if of == uid and on}
    stands = {on for on, event in meetings.items() if event}
    known[uid, ""] = now
    for on in stood - stands:
        del known[uid, on]
    for on in stands:
        event = meetings[on]
        known[uid, on] = _told({"event": event, "mode": next(iter(event.get("modes", [])), None)})
    if before is None:
        return ["The first version that we know of"]
    came = [
        f"{word} the meeting of {british_date(on)}"
        for word, some in (("Without", stood - stands), ("With", stands - stood))
        for on in sorted(some)
    ]
    return _changed(before, now) + came


def _changed(before: dict[str, str], now: dict[str, str]) -> list[str]:
    changed = [label for label in now if before.get(label, "") != now[label]]
    return [f"{label}: from {before.get(label) or 'nothing'} to {now[label] or 'nothing'}" for label in changed]


def _told(facts: dict[str, Any]) -> dict[str, str]:
    """What the entry says, by what people call it."""
    event, session = facts.get("event") or {}, facts.get("session")
    told = session or event
    days = [session] if session else event.get("days", [])
    places = [session.get("room", "")] if session else []
    mode = facts.get("mode")
    return {
        "Title": f"“{told.get('title', '')}”",
        "Time": "; ".join(_span(day) for day in days),
        "Place": ", ".join(place for place in (*places, event.get("venue", "")) if place),
        "Taking part": Mode(mode).label if mode else "",
    }


def _span(day: dict[str, Any]) -> str:
    starts, ends = day.get("starts"), day.get("ends")
    if not starts:
        return british_date(day["date"])
    until = f" to {british_time(ends)}" if ends else ""
    return f"{british_date(day['date'])}, {british_time(starts)}{until}"
