"""What an event lacks before it can be published: only what visitors could not do without."""

from dataclasses import dataclass
from datetime import datetime

from webapp.models.events import Event, Format, Mode


@dataclass(frozen=True)
class Lack:
    """One thing that is missing: the page on which it is filled in, and why it is needed."""

    page: str
    sentence: str


def lacks(event: Event, now: datetime) -> list[Lack]:
    """What stands in the way of publishing; the event must have its days loaded.

    Without a summary nobody knows what it is, without hours or a place nobody can come; all else can follow. Of what
    is over, hours and place may be known no longer.
    """
    found = []
    if not event.summary:
        found.append(Lack("about", "The summary is missing: it tells people in a list of events what this one is"))
    if now < event.ends_at:
        if any(day.starts is None for day in event.days):
            found.append(Lack("days", "Hours are missing: people need to know when to be there"))
        if event.format is Format.UNKNOWN:
            found.append(Lack("place", "It is not said whether people take part online or in person"))
        if Mode.IN_PERSON in event.modes and not event.venue:
            found.append(Lack("place", "The venue is missing: people need to know where to go"))
    if not event.organiser_email:
        found.append(Lack("contact", "The contact is missing: people need somebody to write to"))
    return found
