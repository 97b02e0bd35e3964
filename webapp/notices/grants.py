"""Letters to those who help with an event."""

from collections.abc import Iterable
from datetime import datetime

from webapp.models.accounts import Person, Role, last_day_of
from webapp.models.events import Event
from webapp.models.mailings import Lane, MailKind
from webapp.notices.letters import EventFacts, LetterFacts, Notice, dump


def helper_invited(person: Person, event: Event, *, roles: Iterable[Role], until: datetime | None, by: str) -> Notice:
    """Tells somebody what they may do for an event, and how to sign in to it; somebody may be waiting to be let in."""
    facts = LetterFacts(event=EventFacts.of(event), roles=tuple(roles), until=last_day_of(until, event.zone), by=by)
    return Notice(
        name="helper_invited",
        recipient_name=person.name,
        recipient_email=person.email,
        facts=dump(facts),
        lane=Lane.URGENT,
        kind=MailKind.ASKING,
        reply_to=event.organiser_email,
        person_id=person.id,
        event_id=event.id,
    )
