"""What can happen to a place in a single session: taken, waited for, left, handed on.

A place goes to whoever has waited longest and is free at that time; who is not free keeps the number. All of it comes
one after the other within an event, by the lock of its counters.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp import outbox
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Actor, ThingKind
from webapp.models.agenda import Session
from webapp.models.events import Event, EventState, Mode, Places
from webapp.models.registrations import Registration, RegistrationState
from webapp.models.sign_ups import SignUp, SignUpState
from webapp.notices import sign_ups as notices
from webapp.queries import sign_ups as queries
from webapp.queries.events import get_fresh_event
from webapp.services.activity import record, record_many
from webapp.services.calendar_entries import withdraw_rest
from webapp.services.calendars import invite, invite_many, withdraw, withdraw_many
from webapp.services.places import count_places
from webapp.templating import british_time, weekday_date

_S = SignUpState


class SignUpRefused(DomainError):
    """Nobody, or not this person, can sign up for the session now; the sentence says why."""

    code = "sign_up_refused"


class SessionFull(SignUpRefused):
    """The place that somebody wanted to take in exchange is taken by now."""

    code = "session_full"


@dataclass(frozen=True)
class Beside:
    """A session that somebody is signed up for and that runs at the time of the one wanted."""

    public_id: str
    title: str
    times: str


class Clash(SignUpRefused):
    """The person is signed up for other sessions at that time; `beside` names them."""

    code = "clash"

    def __init__(self, wanted: Session, beside: Iterable[Session]) -> None:
        self.beside = [Beside(one.public_id, one.title, times_of(one)) for one in beside]
        others = " and ".join(f"“{one.title}” ({one.times})" for one in self.beside)
        super().__init__(
            f"“{wanted.title}” runs {times_of(wanted)} on {weekday_date(wanted.day.date)}. You are signed up for"
            f" {others} at that time."
        )


def times_of(session: Session) -> str:
    """When a session runs, local, as "from 10am to 11am"."""
    if session.starts is None or session.ends is None:
        return "at a time not known yet"
    return f"from {british_time(session.starts)} to {british_time(session.ends)}"


def sign_up(
    registration_id: int, session_id: int, *, instead_of: Collection[str] = (), actor: Actor, now: datetime
) -> SignUp:
    """Give a place in the session, or a number on its waiting list; signed up already, nothing more happens.

    The sessions whose public ids are in `instead_of` are left for it, and only for a place. Raises SignUpRefused when
    the registration or the session does not allow it, Clash when the person is signed up for another session at that
    time, SessionFull, and NotFound.
    """
    registration = queries.lock_holder(registration_id)
    _check_holder(registration)
    books = _Books.open(registration, [session_id])
    session = queries.lock_session(books.event.id, session_id)
    counter = books.counters.get((session_id, registration.mode))

    known = books.rows.get(session_id)
    if known is not None and known.state is _S.CONFIRMED:
        return known
    counter = _check_session(session, books.event, registration, counter, now)
    beside = [row for row in books.confirmed if row.session.overlaps(session) and not row.session.is_cancelled]
    left = [row for row in beside if row.session.public_id in instead_of]
    if left and not counter.is_free:
        raise SessionFull(
            f"All places in “{session.title}” have been taken meanwhile, so you keep your place in"
            f" “{left[0].session.title}”. You can still join the waiting list."
        )
    if counter.is_free and len(left) < len(beside):
        raise Clash(session, [row.session for row in beside if row not in left])
    if known is not None and known.state is _S.WAITING and not left:
        _fill(counter, session, books.event, now)
        return known

    for row in left:
        _end(row, registration, books, actor=actor, now=now)
    if known is None or known.state is not _S.WAITING:
        known = _begin(known, registration, session, counter, books.event, now)
        record(
            "signed_up_for_session",
            ThingKind.REGISTRATION,
            registration.id,
            actor=actor,
            now=now,
            event_id=books.event.id,
            session=session.public_id,
            state=known.state,
        )
        _tell_new(known, registration, session, counter, books.event, now)
    if left:
        _fill_around(registration, books, {row.session_id for row in left} | {session_id}, now)
    return known


def leave(registration_id: int, session_id: int, *, actor: Actor, now: datetime) -> bool:
    """Give up the place or the number, and hand the place on; gives whether there was one.

    Raises SignUpRefused once the session has begun.
    """
    registration = queries.lock_holder(registration_id)
    books = _Books.open(registration, [session_id])
    row = books.rows.get(session_id)

    if row is None or not row.state.is_held:
        return False
    if now >= row.session.begins_at(books.event.zone):
        raise SignUpRefused(f"“{row.session.title}” has begun, so its sign-ups stay as they are.")

    _end(row, registration, books, actor=actor, now=now)
    _fill_around(registration, books, {session_id}, now)
    return True


def end_all(registrations: Iterable[Registration], event: Event, *, actor: Actor, now: datetime) -> int:
    """End all sign-ups of registrations, which must be locked, as their places at the event end; gives how many.

    What they held is handed on when all of them have ended, so to none of them. To be called before anything is
    flushed that touches the event, so that locks are taken in one order.
    """
    holders = {row.id: row for row in registrations}
    held = queries.lock_held(holders) if queries.lock_counters(event.id, ()) else []
    if held:
        _end_held(held, holders, event, actor=actor, now=now)
    withdraw_rest(event, holders.values(), now=now)
    return len(held)


def _end_held(
    held: Sequence[SignUp], holders: Mapping[int, Registration], event: Event, *, actor: Actor, now: datetime
) -> None:
    counters = queries.lock_counters(event.id, {row.session_id for row in held})
    alike: dict[tuple[int, Mode, SignUpState], list[SignUp]] = defaultdict(list)
    for row in held:
        alike[row.session_id, row.mode, row.state].append(row)
    for (session_id, mode, _), rows in alike.items():
        _end_alike(rows, holders, counters[session_id, mode], event, actor=actor, now=now)
    for (session_id, mode), session in {(row.session_id, row.mode): row.session for row in held}.items():
        _fill(counters[session_id, mode], session, event, now)


def fill_all(event: Event, *, now: datetime) -> None:
    """Hand on every place of the event's sessions that nobody has to who waits for it and is free.

    To be called under the lock of all counters, after a release moved sessions or raised their limits.
    """
    counters = queries.counters_waited_for(event.id)
    sessions = queries.sessions_by_id({row.session_id for row in counters if row.session_id is not None})
    for counter in sorted(counters, key=lambda row: row.id):
        _fill(counter, sessions[counter.session_id or 0], event, now)


@dataclass(frozen=True)
class _Books:
    """What is known of a registration under the locks: its event, its sign-ups, and the counters they touch."""

    event: Event
    rows: Mapping[int, SignUp]
    counters: queries.Counters

    @classmethod
    def open(cls, registration: Registration, session_ids: Iterable[int]) -> "_Books":
        # Nothing but a promotion touches these rows while the registration is locked, and it takes the same lock.
        ids = {*session_ids, *queries.held_session_ids(registration.id)}
        counters = queries.lock_counters(registration.event_id, ids)
        return cls(get_fresh_event(registration.event_id), queries.lock_sign_ups(registration.id), counters)

    @property
    def confirmed(self) -> list[SignUp]:
        return [row for row in self.rows.values() if row.state is _S.CONFIRMED]


def _check_holder(registration: Registration) -> None:
    if registration.state is not RegistrationState.CONFIRMED:
        raise SignUpRefused("Only people who have a place at the event can sign up for its sessions.")


def _check_session(
    session: Session, event: Event, registration: Registration, counter: Places | None, now: datetime
) -> Places:
    if session.is_cancelled or event.state is EventState.CANCELLED:
        raise SignUpRefused(f"“{session.title}” has been cancelled, so nobody can sign up for it.")
    if not session.takes_sign_ups or event.state is not EventState.PUBLISHED:
        raise SignUpRefused(f"“{session.title}” takes no sign-ups: everybody who has a place at the event may come.")
    if not session.takes_sign_ups_at(event, now):
        raise SignUpRefused(f"“{session.title}” has begun, so nobody can sign up for it any more.")
    if counter is None:
        way = registration.mode.label.lower()
        raise SignUpRefused(f"“{session.title}” has no places for people who take part {way}.")
    return counter


def _begin(
    row: SignUp | None, registration: Registration, session: Session, counter: Places, event: Event, now: datetime
) -> SignUp:
    state = _S.CONFIRMED if counter.is_free else _S.WAITING
    with count_places(counter, event, now):
        counter.last_arrival += 1
        _count(counter, state, 1)
        if row is None:
            row = SignUp(
                event_id=event.id,
                session_id=session.id,
                session=session,
                registration_id=registration.id,
                person_id=registration.person_id,
                created_at=now,
            )
            db.session.add(row)
        row.state = state
        row.mode = registration.mode
        row.arrival = counter.last_arrival
        row.ended_at = None
        row.updated_at = now
    return row


def _end(row: SignUp, registration: Registration, books: _Books, *, actor: Actor, now: datetime) -> None:
    before, event = row.state, books.event
    with count_places(books.counters[row.session_id, row.mode], event, now):
        _count(books.counters[row.session_id, row.mode], before, -1)
        row.state = _S.CANCELLED
        row.ended_at = row.updated_at = now
    record(
        "left_session",
        ThingKind.REGISTRATION,
        registration.id,
        actor=actor,
        now=now,
        event_id=event.id,
        session=row.session.public_id,
        state=before,
    )
    invitation = withdraw(row.person_id, ThingKind.SESSION, row.session_id, now=now)
    reason = "waited" if before is _S.WAITING else "left"
    outbox.post(notices.left(registration, event, row.session, invitation, reason=reason), now=now)


def _end_alike(
    rows: Sequence[SignUp],
    holders: Mapping[int, Registration],
    counter: Places,
    event: Event,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """End sign-ups of one state for one session, whose registrations end with them."""
    session, before = rows[0].session, rows[0].state
    with count_places(counter, event, now):
        _count(counter, before, -len(rows))
        for row in rows:
            row.state = _S.CANCELLED
            row.ended_at = row.updated_at = now
    record_many(
        "left_session",
        ThingKind.REGISTRATION,
        [row.registration_id for row in rows],
        actor=actor,
        now=now,
        event_id=event.id,
        session=session.public_id,
        state=before,
    )
    withdrawn = withdraw_many([row.person_id for row in rows], ThingKind.SESSION, session.id, now=now)
    # Who ends the registration reads of it in one letter; another is owed only where a calendar must be put right.
    letters = [
        notices.left(
            holders[row.registration_id], event, session, withdrawn[row.person_id], reason="registration_ended"
        )
        for row in rows
        if row.person_id in withdrawn
    ]
    if not session.is_over(event.zone, now):
        outbox.post_many(letters, now=now)


def _fill_around(registration: Registration, books: _Books, freed: Collection[int], now: datetime) -> None:
    """Hand on what was freed; who freed it may now be free for what they wait for."""
    waits = {row.session_id for row in books.rows.values() if row.state is _S.WAITING}
    sessions = queries.sessions_by_id({*freed, *waits})
    for session_id in sorted(sessions):
        modes = {registration.mode} | {row.mode for row in books.rows.values() if row.session_id == session_id}
        for mode in sorted(modes):
            _fill(books.counters.get((session_id, mode)), sessions[session_id], books.event, now)


def _fill(counter: Places | None, session: Session, event: Event, now: datetime) -> None:
    if counter is None or not session.takes_sign_ups_at(event, now):
        return
    number = counter.waiting if counter.free is None else min(counter.waiting, counter.free)
    # Who gets a place here is not busy by it for anybody else, so that all are found at once.
    rows = queries.next_free(session, counter.mode, number=number) if number > 0 else []
    if not rows:
        return
    with count_places(counter, event, now):
        for row in rows:
            row.state = _S.CONFIRMED
            row.updated_at = now
        _count(counter, _S.WAITING, -len(rows))
        _count(counter, _S.CONFIRMED, len(rows))
    record_many(
        "promoted_in_session",
        ThingKind.REGISTRATION,
        [row.registration_id for row in rows],
        actor=SYSTEM,
        now=now,
        event_id=event.id,
        session=session.public_id,
    )
    invitations = invite_many([row.person_id for row in rows], ThingKind.SESSION, session.id, now=now)
    letters = [notices.promoted(row.registration, event, session, invitations[row.person_id]) for row in rows]
    outbox.post_many(letters, now=now)


def _tell_new(
    row: SignUp, registration: Registration, session: Session, counter: Places, event: Event, now: datetime
) -> None:
    if row.state is _S.CONFIRMED:
        invitation = invite(row.person_id, ThingKind.SESSION, session.id, now=now)
        notice = notices.signed_up(registration, event, session, invitation)
    else:
        notice = notices.waiting(registration, event, session, counter.waiting)
    outbox.post(notice, now=now)


def _count(counter: Places, state: SignUpState, by: int) -> None:
    if state is _S.CONFIRMED:
        counter.confirmed += by
    elif state is _S.WAITING:
        counter.waiting += by
