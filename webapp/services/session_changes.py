"""Calendars of those signed up for sessions, where the event changes: its days or place, or it does not take place."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, time

from webapp import outbox
from webapp.models.agenda import Session
from webapp.models.calendars import Method
from webapp.models.events import Event, Mode, moment
from webapp.notices.agenda import Writer
from webapp.notices.letters import ChangeFacts, SessionFacts, StandFacts
from webapp.queries.calendars import sessions_in_calendars
from webapp.queries.releases import confirmed_of, session_invitations, signed_up_for
from webapp.queries.sign_ups import sessions_by_id

Before = Mapping[int, tuple[date, time | None, time | None]]


def withdraw_sessions(event: Event, *, now: datetime) -> int:
    """Withdraw the calendar entries of all sessions of an event that is cancelled; gives how many were told."""
    sessions = _in_calendars(event)
    stood = {one.id: (one.day.date, one.starts, one.ends) for one in sessions}
    return _tell(event, sessions, stood, Method.CANCEL, now)


def renew_sessions(event: Event, before: Before, *, now: datetime) -> int:
    """Send the entries of sessions that moved with their days; `before` says where each stood. Gives how many."""
    moved = [one for one in sessions_by_id(before).values() if not one.is_cancelled]
    return _tell(event, moved, before, Method.REQUEST, now)


def renew_places(event: Event, venue: str, *, now: datetime) -> int:
    """Send the entries of sessions to those who come in person, where the event has another `venue` than before.

    Gives how many.
    """
    sessions = [one for one in _in_calendars(event) if not one.is_over(event.zone, now)]
    stood = {one.id: (one.day.date, one.starts, one.ends) for one in sessions}
    return _tell(event, sessions, stood, Method.REQUEST, now, venue=venue)


def renew_organiser(event: Event, *, now: datetime) -> int:
    """Send the entries of sessions anew, where whoever organises the event has another address; gives how many."""
    sessions = [one for one in _in_calendars(event) if not one.is_over(event.zone, now)]
    stood = {one.id: (one.day.date, one.starts, one.ends) for one in sessions}
    return _tell(event, sessions, stood, Method.REQUEST, now, kind="organiser")


def _in_calendars(event: Event) -> list[Session]:
    """The sessions of the event that stand in somebody's calendar and take place."""
    return [one for one in sessions_by_id(sessions_in_calendars(event.id)).values() if not one.is_cancelled]


def _tell(
    event: Event,
    sessions: Collection[Session],
    before: Before,
    method: Method,
    now: datetime,
    *,
    venue: str | None = None,
    kind: str = "moved",
) -> int:
    by_id = {one.id: one for one in sessions}
    standing = {key: sent for key, sent in session_invitations(by_id).items() if sent.method is Method.REQUEST}
    if not standing:
        return 0
    writer, recipients, letters = Writer(event), confirmed_of(event.id), []
    insiders = signed_up_for(by_id)
    for (person_id, session_id), invitation in sorted(standing.items()):
        recipient, session = recipients.get(person_id), by_id[session_id]
        if recipient is None or (venue is not None and recipient.mode is Mode.ONLINE):
            continue
        invitation.sequence += 1
        invitation.method = method
        invitation.changed_at = now
        if _is_over(session, before[session_id], event, now):
            continue  # the feed says it; nobody is written to about what is over
        change = _change(session, before[session_id], "cancelled" if method is Method.CANCEL else kind)
        if venue is not None and change.before is not None and change.after is not None:
            change = replace(
                change, before=_at(change.before, session, venue), after=_at(change.after, session, event.venue)
            )
        facts, signed_up = SessionFacts.of(session), (person_id, session_id) in insiders
        letters.append(writer.session_changed(recipient, facts, change, invitation, (), signed_up=signed_up))
    return outbox.post_many(letters, now=now)


def _is_over(session: Session, before: tuple[date, time | None, time | None], event: Event, now: datetime) -> bool:
    """Whether it was over where it stood, and is where it stands."""
    day, _, ends = before
    return moment(day, ends, event.zone, end=True) <= now and session.is_over(event.zone, now)


def _at(stands: StandFacts, session: Session, venue: str) -> StandFacts:
    return replace(stands, room=", ".join(filter(None, (session.room, venue))))


def _change(session: Session, before: tuple[date, time | None, time | None], kind: str) -> ChangeFacts:
    day, starts, ends = before
    after = StandFacts(date=session.day.date, starts=session.starts, ends=session.ends, stream="", room=session.room)
    return ChangeFacts(
        kind=kind,
        title=session.title,
        public_id=session.public_id,
        slug=session.slug,
        before=StandFacts(date=day, starts=starts, ends=ends, stream="", room=session.room),
        after=None if kind == "cancelled" else after,
    )
