"""The sessions that take sign-ups and who is in each, as organisers read them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from webapp.extensions import db
from webapp.models.agenda import Session
from webapp.models.drafts import DraftSession
from webapp.models.events import EventDay, Places
from webapp.models.registrations import Registration
from webapp.models.sign_ups import HELD, SignUp, SignUpState
from webapp.queries.paging import Page, nearest
from webapp.queries.sign_ups.locked import LONG
from webapp.queries.sign_ups.own import counters_of

PAGE_SIZE = 100


@dataclass(frozen=True)
class Count:
    """A session as organisers read it: its counters, and how many its room or meeting holds where that is known."""

    session: Session
    counters: Sequence[Places]
    room_holds: int | None

    @property
    def confirmed(self) -> int:
        return sum(row.confirmed for row in self.counters)

    @property
    def waiting(self) -> int:
        return sum(row.waiting for row in self.counters)


def counts_of(event_id: int) -> list[Count]:
    """The sessions that take sign-ups, or have any, with their numbers, by day and time."""
    counters = counters_of(event_id)
    used = [session_id for session_id, rows in counters.items() if any(row.confirmed + row.waiting for row in rows)]
    statement = (
        select(Session)
        .join(Session.day)
        .where(Session.event_id == event_id, or_(Session.takes_sign_ups, Session.id.in_(used)))
        .options(contains_eager(Session.day), joinedload(Session.stream), *LONG)
        .order_by(EventDay.date, Session.starts.nulls_first(), Session.position, Session.id)
    )
    rooms = _rooms_of(event_id)
    return [Count(row, counters.get(row.id, []), rooms.get(row.id)) for row in db.session.scalars(statement)]


def _rooms_of(event_id: int) -> dict[int, int | None]:
    statement = select(DraftSession).where(DraftSession.event_id == event_id, DraftSession.room_id.is_not(None))
    rows = db.session.scalars(statement.options(joinedload(DraftSession.room)).order_by(DraftSession.id))
    return {row.session_id: row.room.capacity for row in rows if row.session_id is not None and row.room is not None}


def find_people(session_id: int, *, page: int) -> Page[SignUp]:
    """Who signed up for a session and then who waits, each by arrival, with the registrations; 100 a page."""
    count = select(func.count(SignUp.id)).where(SignUp.session_id == session_id, SignUp.state.in_(HELD))
    total = db.session.scalar(count) or 0
    number = nearest(page, total, PAGE_SIZE)
    rows = db.session.scalars(_people(session_id).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    return Page(rows, number, PAGE_SIZE, total)


def people_of(event_id: int, session_id: int | None = None) -> list[SignUp]:
    """The same for all sessions of an event, or for one, with session and day, all of them."""
    statement = (
        select(SignUp)
        .join(SignUp.session)
        .join(Session.day)
        .where(SignUp.event_id == event_id, SignUp.state.in_(HELD))
        .options(
            joinedload(SignUp.registration),
            contains_eager(SignUp.session).options(contains_eager(Session.day), *LONG),
        )
        .order_by(
            EventDay.date,
            Session.starts.nulls_first(),
            Session.position,
            Session.id,
            SignUp.state,
            SignUp.mode.desc(),
            SignUp.arrival,
            SignUp.id,
        )
    )
    if session_id is not None:
        statement = statement.where(SignUp.session_id == session_id)
    return list(db.session.scalars(statement))


def expected_at(session_id: int) -> list[SignUp]:
    """Who has a place in a session, by name: the list for the door."""
    statement = (
        select(SignUp)
        .join(SignUp.registration)
        .where(SignUp.session_id == session_id, SignUp.state == SignUpState.CONFIRMED)
        .options(contains_eager(SignUp.registration))
        .order_by(Registration.name_sort, SignUp.id)
    )
    return list(db.session.scalars(statement))


def holders_among(session_id: int, registration_ids: Collection[int]) -> set[int]:
    """Those of these registrations that have a place or a number in the session already."""
    statement = select(SignUp.registration_id).where(
        SignUp.session_id == session_id,
        SignUp.state.in_(HELD),
        SignUp.registration_id.in_(sorted(registration_ids)),
    )
    return set(db.session.scalars(statement))


def _people(session_id: int) -> Select[SignUp]:
    return (
        select(SignUp)
        .where(SignUp.session_id == session_id, SignUp.state.in_(HELD))
        .options(joinedload(SignUp.registration))
        .order_by(SignUp.state, SignUp.mode.desc(), SignUp.arrival, SignUp.id)
    )
