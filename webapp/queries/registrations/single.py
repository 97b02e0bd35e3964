"""One registration: by its link, by its person, under a lock, or the next in the queue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import joinedload, selectinload

from webapp import tokens
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.attendance import ALL_DAYS, Came, Presence
from webapp.models.events import Event, EventState, Mode, Places
from webapp.models.registrations import (
    Registration,
    RegistrationAnswer,
    RegistrationDraft,
    RegistrationState,
)
from webapp.queries.direct import Direct


def get_registration_of(event_id: int, public_id: str, *, with_needs: bool) -> Registration:
    """One registration of an event with its answers (and needs, for those who may see them); raises NotFound."""
    statement = select(Registration).where(Registration.event_id == event_id, Registration.public_id == public_id)
    statement = statement.options(selectinload(Registration.answers).joinedload(RegistrationAnswer.question))
    if with_needs:
        statement = statement.options(joinedload(Registration.needs))
    registration = db.session.scalars(statement).one_or_none()
    if registration is None:
        raise NotFound
    return registration


def get_registration_by_token(token: str) -> Registration:
    """The registration that a personal link opens, with event, days, questions, answers and needs.

    Raises NotFound when the link is forged, foreign, or was replaced by a newer one.
    """
    public_id = tokens.public_id(token)
    statement = (
        select(Registration)
        .where(Registration.public_id == public_id)
        .options(
            joinedload(Registration.event).options(
                joinedload(Event.programme), joinedload(Event.days), selectinload(Event.questions)
            ),
            selectinload(Registration.answers),
            joinedload(Registration.needs),
            joinedload(Registration.person),
        )
    )
    registration = db.session.scalars(statement).unique().one_or_none() if public_id else None
    if registration is None or not tokens.proves(token, "registration", registration.link_nonce):
        raise NotFound
    return registration


def find_registration(event_id: int, person_id: int) -> Registration | None:
    """A person's registration for an event, ended ones too."""
    return db.session.scalars(_REGISTRATION, {"event": event_id, "person": person_id}).one_or_none()


_REGISTRATION = select(Registration).where(
    Registration.event_id == bindparam("event"), Registration.person_id == bindparam("person")
)


def find_registration_at(event_public_id: str, person_id: int) -> Registration | None:
    """A person's registration for the event of that public id, ended ones too."""
    statement = select(Registration).join(Registration.event)
    return db.session.scalars(
        statement.where(Event.public_id == event_public_id, Registration.person_id == person_id)
    ).one_or_none()


@dataclass(frozen=True)
class Standing:
    """How somebody's registration stands, what its personal link is made of, and how they were seen at the event."""

    public_id: str
    link_nonce: str
    state: RegistrationState
    how: Came | None


_STANDING = Direct(
    select(Registration.public_id, Registration.link_nonce, Registration.state, Presence.how)
    .join(Registration.event)
    .outerjoin(Presence, and_(Presence.registration_id == Registration.id, Presence.day_id == ALL_DAYS))
    .where(Event.public_id == bindparam("event"), Registration.person_id == bindparam("person"))
)


def find_standing_at(event_public_id: str, person_id: int) -> Standing | None:
    """How a person's registration for the event of that public id stands, an ended one too."""
    row = _STANDING.first(event=event_public_id, person=person_id)
    return Standing(*row) if row else None


def registrations_of(person_id: int) -> list[Registration]:
    """A person's registrations for public events, with the events, latest event first."""
    statement = (
        select(Registration)
        .join(Registration.event)
        .where(Registration.person_id == person_id, Event.state != EventState.DRAFT)
        .options(joinedload(Registration.event).options(joinedload(Event.programme), selectinload(Event.days)))
        .order_by(Event.starts_at.desc(), Registration.id.desc())
        .limit(500)
    )
    return list(db.session.scalars(statement))


def place_of(registration_id: int) -> tuple[int, Mode]:
    """The event of a registration and the way of taking part, as they were a moment ago; raises NotFound."""
    statement = select(Registration.event_id, Registration.mode).where(Registration.id == registration_id)
    found = [(event_id, mode) for event_id, mode in db.session.execute(statement)]
    if not found:
        raise NotFound
    return found[0]


def address_of(registration_id: int) -> str:
    """The e-mail address of a registration, as it was a moment ago; raises NotFound."""
    email = db.session.scalar(select(Registration.email).where(Registration.id == registration_id))
    if email is None:
        raise NotFound
    return email


def lock_registration(registration_id: int) -> Registration:
    """The registration as it is now, locked until the unit ends; raises NotFound."""
    statement = (
        select(Registration)
        .where(Registration.id == registration_id)
        .options(selectinload(Registration.answers), selectinload(Registration.needs))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    registration = db.session.scalars(statement).one_or_none()
    if registration is None:
        raise NotFound
    return registration


def next_waiting(event_id: int, mode: Mode, *, number: int) -> list[Registration]:
    """So many of those who have waited longest for this mode, in their order; ask under the lock of the places."""
    statement = (
        select(Registration)
        .where(
            Registration.event_id == event_id,
            Registration.mode == mode,
            Registration.state == RegistrationState.WAITING,
        )
        .order_by(Registration.arrival, Registration.id)
        .limit(number)
        .with_for_update()
    )
    return list(db.session.scalars(statement))


def next_request(registration: Registration) -> str | None:
    """The public id of another request to be decided: the next to have arrived, or else the first; None without one."""
    pending = select(Registration.public_id).where(
        Registration.event_id == registration.event_id,
        Registration.state == RegistrationState.PENDING,
        Registration.id != registration.id,
    )
    pending = pending.order_by(Registration.arrival, Registration.id).limit(1)
    later = db.session.scalar(pending.where(Registration.arrival > registration.arrival))
    return later or db.session.scalar(pending)


def waiting_position(registration: Registration) -> int:
    """The place on the waiting list, from 1; counted from whichever end of the list is nearer."""
    waiting = (
        Registration.event_id == registration.event_id,
        Registration.mode == registration.mode,
        Registration.state == RegistrationState.WAITING,
    )
    # Each by itself: asked for both at once, SQLite would walk through the whole list.
    ends = select(
        select(func.min(Registration.arrival)).where(*waiting).scalar_subquery(),
        select(func.max(Registration.arrival)).where(*waiting).scalar_subquery(),
    )
    first, last = (arrival or 0 for arrival in db.session.execute(ends).one())
    if registration.arrival - first <= last - registration.arrival:
        before = select(func.count()).where(*waiting, Registration.arrival <= registration.arrival)
        return db.session.scalar(before) or 0
    behind = select(func.count()).where(*waiting, Registration.arrival > registration.arrival)
    everybody = select(Places.waiting - behind.scalar_subquery()).where(
        Places.event_id == registration.event_id, Places.session_id.is_(None), Places.mode == registration.mode
    )
    return db.session.scalar(everybody) or 0


def lapsed_offer_ids(*, now: datetime, limit: int = 100) -> list[int]:
    """Registrations whose offered place was not taken in time, the oldest offers first."""
    statement = select(Registration.id).where(
        Registration.state == RegistrationState.OFFERED, Registration.offered_until <= now
    )
    return list(db.session.scalars(statement.order_by(Registration.offered_until, Registration.id).limit(limit)))


@dataclass(frozen=True)
class Draft:
    """A half-finished registration, as its pages read it."""

    id: int
    public_id: str
    event_id: int
    answers: Mapping[str, Any]
    outcome: Mapping[str, Any] | None


_DRAFT = Direct(
    select(
        RegistrationDraft.id,
        RegistrationDraft.public_id,
        RegistrationDraft.event_id,
        RegistrationDraft.answers,
        RegistrationDraft.outcome,
    ).where(
        RegistrationDraft.public_id == bindparam("draft"),
        RegistrationDraft.browser == bindparam("browser"),
        RegistrationDraft.expires_at > bindparam("now"),
    )
)


def find_draft(public_id: str, *, browser: str, now: datetime) -> Draft | None:
    """A half-finished registration begun in this browser and not yet deleted."""
    row = _DRAFT.first(draft=public_id, browser=browser, now=now)
    return Draft(*row) if row else None


def lock_draft(draft_id: int) -> RegistrationDraft:
    """The draft as it is now, locked until the unit ends; raises NotFound when it is gone."""
    draft = db.session.scalars(_LOCKED_DRAFT, {"draft": draft_id}).one_or_none()
    if draft is None:
        raise NotFound
    return draft


_LOCKED_DRAFT = (
    select(RegistrationDraft)
    .where(RegistrationDraft.id == bindparam("draft"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
