"""Whom a letter is for."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from webapp.errors import DomainError
from webapp.models.events import Event
from webapp.models.mailings import MailKind
from webapp.models.to_many import Audience, Mailing
from webapp.queries import to_many as queries
from webapp.queries.to_many import Count, Someone
from webapp.services.attendance import absent_from


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
    return queries.each_person(event.id, audience, kind, absent=absent_from(event, now=now))


def ids_meant(event: Event, audience: Audience, *, now: datetime) -> list[int]:
    """The registrations of everybody meant, in order of arrival; the event's days must be loaded."""
    return queries.ids_of_people(event.id, audience, absent=absent_from(event, now=now))


def count(event: Event, audience: Audience, kind: MailKind, *, now: datetime) -> Count:
    """How many are meant now, and how many of them have declined the kind; the event's days must be loaded."""
    return queries.count_people(event.id, [(audience, kind)], absent=absent_from(event, now=now))[0]


def count_each(event: Event, mailings: Sequence[Mailing], *, now: datetime) -> Mapping[int, Count]:
    """The same for several letters at once, by their ids; those for the same people are counted once."""
    of_each = {one.id: (one.people, one.kind) for one in mailings}
    asked = list(dict.fromkeys(of_each.values()))
    counts = queries.count_people(event.id, asked, absent=absent_from(event, now=now))
    found = dict(zip(asked, counts, strict=True))
    return {mailing_id: found[pair] for mailing_id, pair in of_each.items()}


def sample(event: Event, audience: Audience, kind: MailKind, *, now: datetime, limit: int = 10) -> list[Someone]:
    """The first few to whom it goes."""
    going = (one for one in each_meant(event, audience, kind, now=now) if not one.declined)
    return list(islice(going, limit))
