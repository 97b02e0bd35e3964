"""Sign-ups and their counters as they are now, for services that change them."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased, contains_eager, defer, joinedload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.agenda import Session, SessionState
from webapp.models.events import Mode, Places
from webapp.models.registrations import Registration, RegistrationState
from webapp.models.sign_ups import HELD, SignUp, SignUpState

Counters = Mapping[tuple[int, Mode], Places]
# What no list shows.
LONG = (defer(Session.description), defer(Session.joining_instructions))


def lock_holder(registration_id: int) -> Registration:
    """The registration alone as it is now, locked until the unit ends; raises NotFound."""
    statement = select(Registration).where(Registration.id == registration_id).with_for_update()
    registration = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if registration is None:
        raise NotFound
    return registration


def lock_counters(event_id: int, session_ids: Collection[int]) -> Counters:
    """The counters of these sessions by session and way of taking part, locked until the unit ends.

    With them the first counter of the event is always locked, so that sign-ups of one event come one after the other:
    who is promoted in one session must not be promoted in another of that time at the same moment.
    """
    first = select(func.min(Places.id)).where(Places.event_id == event_id, Places.session_id.is_not(None))
    wanted = or_(Places.id == first.scalar_subquery(), Places.session_id.in_(sorted(session_ids)))
    statement = select(Places).where(Places.event_id == event_id, wanted).order_by(Places.id).with_for_update()
    rows = db.session.scalars(statement.execution_options(populate_existing=True))
    return {(row.session_id, row.mode): row for row in rows if row.session_id is not None}


def lock_sign_ups(registration_id: int) -> dict[int, SignUp]:
    """All sign-ups of a registration by session, ended ones too, with session and day; ask under those locks."""
    statement = (
        select(SignUp)
        .where(SignUp.registration_id == registration_id)
        .options(joinedload(SignUp.session).options(joinedload(Session.day), *LONG))
        .order_by(SignUp.id)
        .execution_options(populate_existing=True)
    )
    return {row.session_id: row for row in db.session.scalars(statement)}


def lock_held(registration_ids: Collection[int]) -> list[SignUp]:
    """The places and numbers of these registrations with session and day, oldest first; ask under those locks."""
    statement = (
        select(SignUp)
        .where(SignUp.registration_id.in_(registration_ids), SignUp.state.in_(HELD))
        .options(joinedload(SignUp.session).options(joinedload(Session.day), *LONG))
        .order_by(SignUp.id)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(statement))


def held_session_ids(registration_id: int) -> list[int]:
    """The sessions in which a registration has a place or a number."""
    statement = select(SignUp.session_id).where(SignUp.registration_id == registration_id, SignUp.state.in_(HELD))
    return list(db.session.scalars(statement.order_by(SignUp.id)))


def lock_session(event_id: int, session_id: int) -> Session:
    """A released session of the event with its day, as it is now; ask under the lock. Raises NotFound."""
    found = sessions_by_id([session_id]).get(session_id)
    if found is None or found.event_id != event_id:
        raise NotFound
    return found


def sessions_by_id(session_ids: Collection[int]) -> dict[int, Session]:
    """These sessions with their days, as they are now."""
    statement = (
        select(Session)
        .where(Session.id.in_(sorted(session_ids)))
        .options(joinedload(Session.day), *LONG)
        .order_by(Session.id)
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in db.session.scalars(statement)}


def next_free(session: Session, mode: Mode, *, number: int) -> list[SignUp]:
    """So many of those who have waited longest for the session and are signed up for nothing else at its time.

    With their registrations, in their order; ask under the lock.
    """
    other, beside = aliased(SignUp), aliased(Session)
    busy = (
        select(other.id)
        .join(beside, beside.id == other.session_id)
        .where(
            other.registration_id == SignUp.registration_id,
            other.state == SignUpState.CONFIRMED,
            beside.state == SessionState.SCHEDULED,
            beside.starts_at < session.ends_at,
            beside.ends_at > session.starts_at,
        )
    )
    statement = (
        select(SignUp)
        .join(SignUp.registration)
        .where(
            SignUp.session_id == session.id,
            SignUp.mode == mode,
            SignUp.state == SignUpState.WAITING,
            Registration.state == RegistrationState.CONFIRMED,
        )
        .options(contains_eager(SignUp.registration))
        .order_by(SignUp.arrival, SignUp.id)
        .limit(number)
        .execution_options(populate_existing=True)
    )
    if session.starts_at is not None:
        statement = statement.where(~busy.exists())
    return list(db.session.scalars(statement))


def counters_waited_for(event_id: int) -> list[Places]:
    """The counters of sessions that have a place which nobody has though somebody waits; ask under the lock."""
    free = or_(Places.capacity.is_(None), Places.confirmed + Places.offered < Places.capacity)
    statement = select(Places).where(
        Places.event_id == event_id, Places.session_id.is_not(None), Places.waiting > 0, free
    )
    return list(db.session.scalars(statement.order_by(Places.id).execution_options(populate_existing=True)))
