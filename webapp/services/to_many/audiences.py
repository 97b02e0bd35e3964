"""Whom a letter is for: by statements where they can tell, and by the book of attendance where only that can."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from webapp.errors import DomainError
from webapp.models.events import Event
from webapp.models.mailings import MailKind
from webapp.models.to_many import Audience
from webapp.queries import to_many as queries
from webapp.queries.to_many import Count, Someone
from webapp.services.attendance import attendance_of


class AttendanceUnknown(DomainError):
    """A letter asks who came, and nobody's attendance is known yet."""

    code = "attendance_unknown"
    status = 409
    message = (
        "Nobody has been checked in and no attendance report names anybody, so it is not known who came. Read in a"
        " report or check people in first: until then this letter waits."
    )


def each_meant(event: Event, audience: Audience, kind: MailKind, *, now: datetime) -> Iterator[Someone]:
    """Everybody meant, those who declined the kind included, in order of arrival; the event's days must be loaded."""
    here = _those_who(event, audience, now)
    for one in queries.each_person(event.id, audience, kind):
        if here is None or one.id in here:
            yield one


def count(event: Event, audience: Audience, kind: MailKind, *, now: datetime) -> Count:
    """How many are meant now, and how many of them have declined the kind; the event's days must be loaded."""
    if not audience.attendance:
        return queries.count_people(event.id, audience, kind)
    meant = [one.declined for one in each_meant(event, audience, kind, now=now)]
    return Count(len(meant) - sum(meant), sum(meant))


def sample(event: Event, audience: Audience, kind: MailKind, *, now: datetime, limit: int = 10) -> list[Someone]:
    """The first few to whom it goes."""
    going = (one for one in each_meant(event, audience, kind, now=now) if not one.declined)
    return list(islice(going, limit))


def _those_who(event: Event, audience: Audience, now: datetime) -> frozenset[int] | None:
    """The registrations of those who came as asked for, on their best day; None where it is not asked."""
    if not audience.attendance:
        return None
    return frozenset(line.id for line in attendance_of(event, now=now) if line.on(None) in audience.attendance)
