"""Letters about a place: confirmed, waiting, offered, asked for, declined, cancelled."""

from dataclasses import replace
from typing import Any

from webapp.models.agenda import Session
from webapp.models.calendars import Invitation, Method
from webapp.models.events import Event
from webapp.models.registrations import Registration
from webapp.notices.letters import EventFacts, InvitationFacts, LetterFacts, Notice, SessionFacts, dump


def confirmed(
    registration: Registration, event: Event, invitation: Invitation | None, *, instead_of: str = ""
) -> Notice:
    """A place, with the invitation and the personal link; `instead_of` names the colleague whose place it was.

    Without an invitation where letters of their own bring an entry for each session.
    """
    sent, series = InvitationFacts.with_series(invitation, event, Method.REQUEST)
    return _notice("registration_confirmed", registration, event, invitation=sent, series=series, colleague=instead_of)


def promoted(registration: Registration, event: Event, invitation: Invitation | None) -> Notice:
    """A place for somebody who waited, taking effect at once, with the invitation as for confirmed()."""
    sent, series = InvitationFacts.with_series(invitation, event, Method.REQUEST)
    return _notice("registration_promoted", registration, event, invitation=sent, series=series)


def waiting(registration: Registration, event: Event, position: int, *, instead_of: str = "") -> Notice:
    """A place on the waiting list, with its number and the rule; `instead_of` as for confirmed()."""
    return _notice("registration_waiting", registration, event, position=position, colleague=instead_of)


def offered(registration: Registration, event: Event) -> Notice:
    """A freed place, to be taken until a moment."""
    return _notice("registration_offered", registration, event, offered_until=registration.offered_until)


def lapsed(registration: Registration, event: Event) -> Notice:
    """An offer that was not taken in time."""
    return _notice("registration_lapsed", registration, event)


def pending(registration: Registration, event: Event) -> Notice:
    """A request that an organiser will decide on; it carries no invitation."""
    return _notice("registration_pending", registration, event)


def declined(registration: Registration, event: Event, reason: str) -> Notice:
    """A request that was not approved, with the organiser's reason if one was given."""
    return _notice("registration_declined", registration, event, reason=reason)


def cancelled(registration: Registration, event: Event, invitation: Invitation | None) -> Notice:
    """A place given up, with the withdrawal of the invitation if one was sent."""
    sent, series = InvitationFacts.with_series(invitation, event, Method.CANCEL)
    return _notice("registration_cancelled", registration, event, invitation=sent, series=series)


def swapped(registration: Registration, event: Event, colleague: str, invitation: Invitation | None) -> Notice:
    """A place passed on to a colleague of that name, with the withdrawal of the invitation if one was sent."""
    sent, series = InvitationFacts.with_series(invitation, event, Method.CANCEL)
    return _notice("registration_swapped", registration, event, invitation=sent, series=series, colleague=colleague)


def readdressed(registration: Registration, event: Event, invitation: Invitation, session: Session | None) -> Notice:
    """To an address that was wrong: the withdrawal of the entry of the event, or of a session of it.

    Whoever reads it may be a stranger, so it tells of no other address, and opens nothing.
    """
    sent, series = InvitationFacts.with_series(invitation, event, Method.CANCEL)
    told = SessionFacts.of(session) if session else None
    notice = _notice("registration_readdressed", registration, event, invitation=sent, series=series, session=told)
    facts = {name: value for name, value in notice.facts.items() if name not in {"link_id", "link_nonce"}}
    return replace(notice, facts=facts)


def already_registered(registration: Registration, event: Event, position: int | None) -> Notice:
    """To somebody whose address was used again: how the registration stands, and the personal link."""
    return _notice(
        "registration_repeated",
        registration,
        event,
        position=position,
        offered_until=registration.offered_until,
        registered_at=registration.registered_at,
    )


def changed(registration: Registration, event: Event) -> Notice:
    """What the person said was changed."""
    return _notice("registration_changed", registration, event)


def _notice(name: str, registration: Registration, event: Event, **facts: Any) -> Notice:
    whole = LetterFacts(
        event=EventFacts.of(event),
        mode=registration.mode,
        link_id=registration.public_id,
        link_nonce=registration.link_nonce,
        state=registration.state.value,
        **facts,
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
