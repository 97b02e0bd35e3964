"""The facts of an event in words: what each is called, and how its values are told."""

from collections.abc import Iterable
from datetime import time
from typing import Any

from webapp.blueprints.merging import Difference
from webapp.models.events import EventState, Format
from webapp.templating import british_moment, british_time, weekday_date

LABELS = {
    "title": "Title",
    "summary": "Summary",
    "description": "Description",
    "themes": "Themes",
    "language": "Language",
    "hashtag": "Hashtag",
    "thanks": "Thanks",
    "shows_numbers": "Shows numbers",
    "reach": "Whom it reached",
    "days": "Days and hours",
    "zone": "Time zone",
    "format": "How people take part",
    "venue": "Venue",
    "joining_url": "Link to join",
    "joining_instructions": "Joining instructions",
    "joining_from": "Link and instructions shown from",
    "takes_registrations": "Takes registrations",
    "registration_opens_at": "Registration opens",
    "registration_closes_at": "Registration closes",
    "capacity_online": "Places online",
    "capacity_in_person": "Places in person",
    "waiting_list": "Waiting list",
    "offer_hours": "Hours a place is held",
    "needs_approval": "Needs approval",
    "organiser_name": "Contact name",
    "organiser_email": "Contact address",
    "state": "State",
}
_MOMENTS = {"registration_opens_at", "registration_closes_at", "joining_from"}


def worded(field: str, value: Any, zone: str) -> str:
    """A value of the record in words, several lines for several days."""
    if field.startswith("capacity_"):
        return "No limit" if value is None else f"{value:,}"
    if value is None or value in ("", []):
        return "Not given"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if field in _MOMENTS:
        return british_moment(value, zone)
    if field == "days":
        return "\n".join(_day(*day) for day in value)
    if field == "format":
        return Format(value).label
    if field == "state":
        return EventState(value).value.capitalize()
    if isinstance(value, list):
        return ", ".join(value)
    return str(value)


def differences(changes: Iterable[Any], zone: str) -> list[Difference]:
    """Changes of a service in words."""
    return [
        Difference(
            LABELS.get(one.field, one.field), worded(one.field, one.before, zone), worded(one.field, one.after, zone)
        )
        for one in changes
    ]


def _day(on: str, starts: str | None, ends: str | None) -> str:
    if not starts or not ends:
        return f"{weekday_date(on)}, times not known"
    hours = " to ".join(british_time(time.fromisoformat(at)) for at in (starts, ends))
    return f"{weekday_date(on)}, {hours}"
