"""How those who have a place join an event and its sessions: only ever shown to them, and never kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.models.agenda import Session
from webapp.models.events import Event, Mode, moment
from webapp.models.registrations import Registration, RegistrationState
from webapp.queries.sign_ups import sessions_to_join


@dataclass(frozen=True)
class Part:
    """A session on the joining page: `link` is empty for who comes in person, or where it has none of its own."""

    session: Session
    link: str
    signed_up: bool


@dataclass(frozen=True)
class Joining:
    """What one person reads of how to join; before `since` nothing but that moment."""

    since: datetime | None
    link: str
    coming: Sequence[Part] = ()
    over: Sequence[Part] = ()


def joining(registration: Registration | None, event: Event, now: datetime) -> Joining | None:
    """What this registration may read of how to join; None for who has no place."""
    if registration is None or registration.state is not RegistrationState.CONFIRMED:
        return None
    if event.joining_from is not None and now < event.joining_from:
        return Joining(since=event.joining_from, link="")
    online = registration.mode is Mode.ONLINE
    parts = [
        Part(session, session.joining_url if online else "", signed_up)
        for session, signed_up in sessions_to_join(event.id, registration.id)
        if online or signed_up or session.joining_instructions
    ]
    return Joining(
        since=None,
        link=event.joining_url if online else "",
        coming=[part for part in parts if _ends(part.session, event) > now],
        over=[part for part in parts if _ends(part.session, event) <= now],
    )


def _ends(session: Session, event: Event) -> datetime:
    return session.ends_at or moment(session.day.date, session.day.ends, event.zone, end=True)
