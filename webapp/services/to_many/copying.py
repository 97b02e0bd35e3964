"""The letters to many that come along when an event is copied: those that go by its start or its end."""

from datetime import datetime

from webapp.models.accounts import Actor
from webapp.models.events import Event
from webapp.models.to_many import MailingState
from webapp.queries import to_many as queries
from webapp.services.to_many.writing import Words, begin, leads_to_survey


def copy_relative(source_id: int, event: Event, *, actor: Actor, now: datetime) -> int:
    """Give an event those letters of another that go by its start or end, as drafts to be read and switched on.

    Gives how many. Left behind are letters that were taken back, and those to people chosen by a session, an answer or
    a tag, and those that lead to a survey, which the new event does not have; and the files, which were of the other.
    """
    copied = 0
    for source in queries.mailings_of(source_id):
        people = source.people
        if not source.timing.is_relative or source.state is MailingState.CANCELLED:
            continue
        if people.sessions or people.answers or people.tags or leads_to_survey(source):
            continue
        words = Words(name=source.name, kind=source.kind, subject=source.subject, body=source.body)
        row = begin(event.id, words, actor=actor, now=now, rule=source.rule)
        row.audience = people.plain()
        row.timing, row.days, row.minutes = source.timing, source.days, source.minutes
        copied += 1
    return copied
