"""The letter with a personal link to register by."""

from webapp.models.events import Event
from webapp.models.mailings import MailKind
from webapp.models.registrations import Invitee
from webapp.notices.letters import EventFacts, LetterFacts, Notice, dump


def invited(invitee: Invitee, event: Event) -> Notice:
    """An invitation to register, with the personal link; the same whenever it is sent again."""
    facts = LetterFacts(event=EventFacts.of(event), link_id=invitee.public_id, link_nonce=invitee.nonce)
    return Notice(
        name="invited",
        recipient_name=invitee.name,
        recipient_email=invitee.email,
        reply_to=event.organiser_email,
        facts=dump(facts),
        kind=MailKind.ASKING,
        event_id=event.id,
    )
