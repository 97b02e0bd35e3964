"""Facts for a preview: of an event as it is, told to somebody who is invented."""

from dataclasses import replace
from datetime import datetime, timedelta

from webapp.models.accounts import Role
from webapp.models.calendars import Method
from webapp.models.events import Mode
from webapp.notices.letters import (
    ChangeFacts,
    EventFacts,
    InvitationFacts,
    LetterFacts,
    SessionFacts,
    SpokenFacts,
    StandFacts,
)

RECIPIENT, ADDRESS = "Sam Field", "sam.field@example.org"
# Nothing has this id, so no link of a preview opens anything.
NOBODY = "bcdfghjkmnpq"
_COLLEAGUE = "Robin Ashdown"
_STATES = {
    "registration_waiting": "waiting",
    "registration_offered": "offered",
    "registration_pending": "pending",
    "registration_lapsed": "lapsed",
    "registration_declined": "declined",
    "registration_cancelled": "cancelled",
    "registration_swapped": "cancelled",
    "sign_up_left": "left",
}
_WITHDRAWN = {
    "registration_cancelled",
    "registration_swapped",
    "registration_readdressed",
    "event_cancelled",
    "sign_up_left",
}
_REASON = "What the organiser writes stands here."


def sample(notice: str, event: EventFacts, *, now: datetime) -> LetterFacts:
    """The facts of such a letter, as rich as they may be, so that every part of it is seen."""
    method = Method.CANCEL if notice in _WITHDRAWN else Method.REQUEST
    first = event.days[0]
    was = StandFacts(date=first.date, starts=None, ends=None, stream="", room="")
    stands = replace(was, starts=first.starts, ends=first.ends, room="Room 2")
    session = SessionFacts(
        public_id=NOBODY,
        slug="a-session",
        title="A session of this event",
        summary="",
        date=first.date,
        starts=first.starts,
        ends=first.ends,
        room="Room 2",
    )
    moved = ChangeFacts(
        kind="moved", title=session.title, public_id=NOBODY, slug=session.slug, before=was, after=stands
    )
    return LetterFacts(
        event=event,
        before=replace(event, title=f"{event.title} (as it was called)"),
        invitation=InvitationFacts(uid=NOBODY, sequence=0, method=method, stamp=now),
        mode=Mode.IN_PERSON if Mode.IN_PERSON in event.modes else Mode.ONLINE,
        link_id=NOBODY,
        link_nonce="preview",
        position=7,
        offered_until=now + timedelta(hours=event.offer_hours),
        state=_STATES.get(notice, "confirmed"),
        reason=_REASON,
        colleague=_COLLEAGUE if notice == "registration_swapped" else "",
        registered_at=now,
        speaker=RECIPIENT,
        address=ADDRESS,
        spoken=[SpokenFacts(title=session.title, date=first.date, starts=first.starts, ends=first.ends)],
        session=session,
        changes=[moved],
        clashes=[(session.title, "Another session")] if notice in {"agenda_changed", "session_changed"} else [],
        roles=(Role.REGISTRATIONS, Role.AGENDA),
        by=_COLLEAGUE,
    )
