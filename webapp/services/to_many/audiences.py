"""Whom a letter is for: by statements, and where it reminds, without those who have answered its survey.

`survey` is the survey that the letter leads to. Without one nobody can be said not to have answered, and nobody is
meant by that.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from webapp.errors import DomainError
from webapp.models.events import Event
from webapp.models.mailings import MailKind
from webapp.models.surveys import Survey
from webapp.models.to_many import Audience, Mailing
from webapp.queries import to_many as queries
from webapp.queries.surveys.answering import who_answered
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


def each_meant(
    event: Event, audience: Audience, kind: MailKind, *, survey: Survey | None = None, now: datetime
) -> Iterator[Someone]:
    """Everybody meant, those who declined the kind included, in order of arrival; the event's days must be loaded."""
    absent = absent_from(event, now=now)
    here = frozenset(ids_meant(event, audience, survey=survey, now=now)) if audience.unanswered else None
    for one in queries.each_person(event.id, audience, kind, absent=absent):
        if here is None or one.id in here:
            yield one


def ids_meant(event: Event, audience: Audience, *, survey: Survey | None = None, now: datetime) -> list[int]:
    """The registrations of everybody meant, in order of arrival; the event's days must be loaded."""
    if audience.unanswered and survey is None:
        return []
    ids = queries.ids_of_people(event.id, audience, absent=absent_from(event, now=now))
    if not audience.unanswered or survey is None:
        return ids
    # Who answered without a name stands in no column, so a statement cannot leave them out.
    answered = who_answered(survey, ids)
    return [one for one in ids if one not in answered]


def count(event: Event, audience: Audience, kind: MailKind, *, survey: Survey | None = None, now: datetime) -> Count:
    """How many are meant now, and how many of them have declined the kind; the event's days must be loaded."""
    if not audience.unanswered:
        return queries.count_people(event.id, [(audience, kind)], absent=absent_from(event, now=now))[0]
    meant = [one.declined for one in each_meant(event, audience, kind, survey=survey, now=now)]
    return Count(len(meant) - sum(meant), sum(meant))


def count_each(event: Event, mailings: Sequence[Mailing], *, now: datetime) -> Mapping[int, Count]:
    """The same for several letters at once, by their ids; those for the same people are counted once.

    They must have their surveys loaded.
    """
    of_each = {one.id: (one.people, one.kind) for one in mailings if not one.people.unanswered}
    asked = list(dict.fromkeys(of_each.values()))
    counts = queries.count_people(event.id, asked, absent=absent_from(event, now=now))
    found = dict(zip(asked, counts, strict=True))
    reminding = {
        one.id: count(event, one.people, one.kind, survey=one.survey, now=now)
        for one in mailings
        if one.people.unanswered
    }
    return {mailing_id: found[pair] for mailing_id, pair in of_each.items()} | reminding


def sample(
    event: Event, audience: Audience, kind: MailKind, *, survey: Survey | None = None, now: datetime, limit: int = 10
) -> list[Someone]:
    """The first few to whom it goes."""
    going = (one for one in each_meant(event, audience, kind, survey=survey, now=now) if not one.declined)
    return list(islice(going, limit))
