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


def timeline(letters: Sequence[Letter]) -> list[Moment]:
    """The letters, in their order (the latest first), each with what it told of the one before it."""
    known: dict[str, dict[str, str]] = {}
    found = [Moment(letter=letter, version=_version(letter.facts, known)) for letter in reversed(letters)]
    return found[::-1]


def _version(facts: dict[str, Any], known: dict[str, dict[str, str]]) -> Version | None:
    invitation = facts.get("invitation")
    if not invitation:
        return None
    uid, now = invitation["uid"], _told(facts)
    before, known[uid] = known.get(uid), now
    if invitation["method"] == "cancel":
        news = ["Taken out of the calendar"]
    elif before is None:
        news = ["The first version that we know of"]
    else:
        changed = [label for label in now if before.get(label, "") != now[label]]
        news = [f"{label}: from {before.get(label) or 'nothing'} to {now[label] or 'nothing'}" for label in changed]
    return Version(
        uid=uid,
        sequence=invitation["sequence"],
        method=invitation["method"],
        news=news or ["The same entry once more"],
    )


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
