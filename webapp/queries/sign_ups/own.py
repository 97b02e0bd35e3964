"""The sessions that a person signed up for, waits for, or may choose and join."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, defer, joinedload

from webapp.extensions import db
from webapp.models.agenda import Session, SessionState, Star
from webapp.models.events import Event, EventDay, EventState, Mode, Places
from webapp.models.registrations import Registration, RegistrationState
from webapp.models.sign_ups import HELD, SignUp, SignUpState
from webapp.queries.direct import Direct
from webapp.queries.sign_ups.locked import LONG


@dataclass(frozen=True)
class Standing:
    """Whether somebody has a place at an event, how they take part, and the state of each sign-up by session."""

    confirmed: bool
    mode: Mode | None
    sessions: Mapping[str, SignUpState]


_STANDING = Direct(
    select(Registration.state, Registration.mode, Session.public_id, SignUp.state)
    .join(Registration.event)
    # Not by a list of states: a list is not compiled once for all.
    .outerjoin(SignUp, and_(SignUp.registration_id == Registration.id, SignUp.state != SignUpState.CANCELLED))
    .outerjoin(Session, Session.id == SignUp.session_id)
    .where(Event.public_id == bindparam("event"), Registration.person_id == bindparam("person"))
)


def standing_at(event_public_id: str, person_id: int) -> Standing:
    """How somebody stands with the sessions of the event of that public id, asked by one query."""
    rows = _STANDING.rows(event=event_public_id, person=person_id)
    confirmed = bool(rows) and rows[0][0] is RegistrationState.CONFIRMED
    sessions = {public_id: state for _, _, public_id, state in rows if public_id is not None}
    return Standing(confirmed=confirmed, mode=rows[0][1] if rows else None, sessions=sessions)


def sign_ups_of_registration(registration_id: int) -> list[SignUp]:
    """The sessions in which a registration has a place or a number, with day and stream, by day and time."""
    return list(db.session.scalars(_with_sessions().where(SignUp.registration_id == registration_id)))


def sign_ups_of(person_id: int) -> list[SignUp]:
    """The same for all public events of a person, with the events."""
    statement = _with_sessions().join(Session.event).where(SignUp.person_id == person_id)
    statement = statement.where(Event.state != EventState.DRAFT)
    return list(db.session.scalars(statement.options(contains_eager(SignUp.session, Session.event)).limit(1000)))


def signed_up_for(person_id: int) -> frozenset[int]:
    """The sessions in which a person has, or once had, a place or a number."""
    return frozenset(db.session.scalars(select(SignUp.session_id).where(SignUp.person_id == person_id)))


def invited_sessions(session_ids: Collection[int]) -> list[Session]:
    """These sessions, of events that are public, with event and day, by day and time: for a person's own feed."""
    statement = (
        select(Session)
        .join(Session.event)
        .join(Session.day)
        .where(Session.id.in_(sorted(session_ids)), Event.state != EventState.DRAFT)
        .options(contains_eager(Session.event), contains_eager(Session.day), *LONG)
        .order_by(EventDay.date, Session.starts.nulls_first(), Session.position, Session.id)
    )
    return list(db.session.scalars(statement))


def places_waited_for(sign_ups: Iterable[SignUp]) -> dict[int, int]:
    """By the id of each of these sign-ups that waits its place on the list, from 1."""
    ids = sorted(row.id for row in sign_ups if row.state is SignUpState.WAITING)
    if not ids:
        return {}
    before = aliased(SignUp)
    place = (
        select(func.count(before.id))
        .where(
            before.session_id == SignUp.session_id,
            before.mode == SignUp.mode,
            before.state == SignUpState.WAITING,
            before.arrival <= SignUp.arrival,
        )
        .correlate(SignUp)
        .scalar_subquery()
    )
    rows = db.session.execute(select(SignUp.id, place).where(SignUp.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def find_sign_up(registration_id: int, session_id: int) -> SignUp | None:
    """The sign-up of a registration for a session, an ended one too."""
    statement = select(SignUp).where(SignUp.registration_id == registration_id, SignUp.session_id == session_id)
    return db.session.scalars(statement).one_or_none()


def chosen_at_the_time_of(session: Session, person_id: int) -> list[str]:
    """The titles of what a person starred, or signed up for at another event, that runs at the time of a session."""
    if session.starts_at is None or session.ends_at is None:
        return []
    starred = select(Star.session_id).where(Star.person_id == person_id)
    elsewhere = select(SignUp.session_id).where(
        SignUp.person_id == person_id, SignUp.state == SignUpState.CONFIRMED, SignUp.event_id != session.event_id
    )
    statement = (
        select(Session.title)
        .where(
            or_(Session.id.in_(starred), Session.id.in_(elsewhere)),
            Session.id != session.id,
            Session.state == SessionState.SCHEDULED,
            Session.starts_at < session.ends_at,
            Session.ends_at > session.starts_at,
        )
        .order_by(Session.starts_at, Session.id)
        .limit(5)
    )
    return list(db.session.scalars(statement))


def sessions_to_choose(event_id: int) -> list[Session]:
    """The sessions of an event that take sign-ups, with day and stream, by day and time."""
    statement = (
        select(Session)
        .join(Session.day)
        .where(Session.event_id == event_id, Session.takes_sign_ups, Session.state == SessionState.SCHEDULED)
        .options(contains_eager(Session.day), joinedload(Session.stream), *LONG)
        .order_by(EventDay.date, Session.starts.nulls_first(), Session.position, Session.id)
    )
    return list(db.session.scalars(statement))


def takes_sign_ups(event_id: int) -> bool:
    """Whether any session of the event takes sign-ups, or did."""
    statement = select(Places.id).where(Places.event_id == event_id, Places.session_id.is_not(None)).limit(1)
    return db.session.scalar(statement) is not None


def counters_of(event_id: int, session_ids: Collection[int] | None = None) -> dict[int, list[Places]]:
    """The counters of an event's sessions, or of some of them, by session; online before in person."""
    statement = select(Places).where(Places.event_id == event_id, Places.session_id.is_not(None))
    if session_ids is not None:
        statement = statement.where(Places.session_id.in_(sorted(session_ids)))
    found: dict[int, list[Places]] = {}
    for row in db.session.scalars(statement.order_by(Places.session_id, Places.mode.desc(), Places.id)):
        found.setdefault(row.session_id or 0, []).append(row)
    return found


def sessions_to_join(event_id: int, registration_id: int) -> list[tuple[Session, bool]]:
    """The sessions that the joining page names, by day and time, and whether the person signed up for each.

    They are those that have instructions or a link of their own and take no sign-ups, and all that the person has a
    place in.
    """
    own = and_(
        SignUp.session_id == Session.id,
        SignUp.registration_id == registration_id,
        SignUp.state == SignUpState.CONFIRMED,
    )
    for_all = and_(~Session.takes_sign_ups, or_(Session.joining_url != "", Session.joining_instructions != ""))
    statement = (
        select(Session, SignUp.id)
        .join(Session.day)
        .outerjoin(SignUp, own)
        .where(Session.event_id == event_id, or_(for_all, SignUp.id.is_not(None)))
        .options(contains_eager(Session.day), joinedload(Session.stream), defer(Session.description))
        .order_by(EventDay.date, Session.starts.nulls_first(), Session.position, Session.id)
    )
    return [(session, sign_up is not None) for session, sign_up in db.session.execute(statement)]


def _with_sessions() -> Select[SignUp]:
    return (
        select(SignUp)
        .join(SignUp.session)
        .join(Session.day)
        .where(SignUp.state.in_(HELD))
        .options(contains_eager(SignUp.session).options(contains_eager(Session.day), joinedload(Session.stream), *LONG))
        .order_by(EventDay.date, Session.starts.nulls_first(), Session.position, SignUp.id)
    )
