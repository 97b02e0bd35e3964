"""Letters about a place in a single session: signed up, waiting, moved up, left."""

from dataclasses import replace

from webapp.models.agenda import Session
from webapp.models.calendars import Invitation
from webapp.models.events import Event
from webapp.models.registrations import Registration
from webapp.notices.letters import EventFacts, InvitationFacts, LetterFacts, Notice, SessionFacts, dump


def signed_up(registration: Registration, event: Event, session: Session, invitation: Invitation) -> Notice:
    """A place in a session, with the invitation."""
    facts = LetterFacts(invitation=InvitationFacts.of(invitation))
    return _notice("signed_up", registration, event, session, facts)


def waiting(registration: Registration, event: Event, session: Session, position: int) -> Notice:
    """A number on the waiting list of a session, with the rule."""
    return _notice("sign_up_waiting", registration, event, session, LetterFacts(position=position))


def promoted(registration: Registration, event: Event, session: Session, invitation: Invitation) -> Notice:
    """A place for somebody who waited, taking effect at once, with the invitation."""
    facts = LetterFacts(invitation=InvitationFacts.of(invitation))
    return _notice("sign_up_promoted", registration, event, session, facts)


def left(
    registration: Registration, event: Event, session: Session, invitation: Invitation | None, *, reason: str
) -> Notice:
    """A place or a number in a session given up, with the withdrawal of the invitation if one was sent.

    The reason is "left", "waited" for a number, or "registration_ended" when the place at the event went with it.
    """
    sent = InvitationFacts.of(invitation) if invitation else None
    return _notice("sign_up_left", registration, event, session, LetterFacts(invitation=sent, state=reason))


def _notice(name: str, registration: Registration, event: Event, session: Session, facts: LetterFacts) -> Notice:
    whole = replace(
        facts,
        event=EventFacts.of(event, with_days=False),
        session=SessionFacts.of(session),
        mode=registration.mode,
        link_id=registration.public_id,
        link_nonce=registration.link_nonce,
    )
    return Notice(
        name=name,
        recipient_name=registration.name,
        recipient_email=registration.email,
        reply_to=event.organiser_email,
        facts=dump(whole),
        person_id=registration.person_id,
        event_id=event.id,
    )
