"""The letter that only brings an entry to a calendar, or takes one out of it."""

from webapp.models.agenda import Session
from webapp.models.calendars import Invitation
from webapp.models.events import Event
from webapp.models.registrations import Registration, RegistrationState
from webapp.notices.letters import EventFacts, InvitationFacts, LetterFacts, Notice, SessionFacts, dump


def entry(
    registration: Registration,
    event: Event,
    invitation: Invitation,
    session: Session | None,
    *,
    is_ending: bool = False,
) -> Notice:
    """An event, or a session of it, as an entry in the form that the person chose; or that this one goes.

    `is_ending` says that it goes because the place does, which the registration may not show yet.
    """
    facts = LetterFacts(
        event=EventFacts.of(event),
        session=SessionFacts.of(session) if session else None,
        invitation=InvitationFacts.of(invitation),
        mode=registration.mode,
        link_id=registration.public_id,
        link_nonce=registration.link_nonce,
        state=(RegistrationState.CANCELLED if is_ending else registration.state).value,
    )
    return Notice(
        name="calendar_entry",
        recipient_name=registration.name,
        recipient_email=registration.email,
        reply_to=event.organiser_email,
        facts=dump(facts),
        person_id=registration.person_id,
        event_id=event.id,
        expires_at=event.ends_at,
    )
