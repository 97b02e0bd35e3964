"""Finding who is invited to an event, and which of them registered."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_

from webapp import tokens
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.folding import fold_email
from webapp.models.accounts import Grant, Person, ThingKind
from webapp.models.registrations import Invitee, Registration
from webapp.queries.paging import Page, nearest

PAGE_SIZE = 50


class Standing(StrEnum):
    """How an invitation stands."""

    NOT_YET = "not_yet"
    REGISTERED = "registered"
    REVOKED = "revoked"

    @property
    def label(self) -> str:
        return {"not_yet": "Not yet registered", "registered": "Registered", "revoked": "Revoked"}[self]


@dataclass(frozen=True)
class Invited:
    """Somebody invited, with the registration they made, by the link or without it."""

    invitee: Invitee
    registration: Registration | None

    @property
    def standing(self) -> Standing:
        """How the invitation stands; who registered stays so when the link is revoked afterwards."""
        if self.registration is not None:
            return Standing.REGISTERED
        return Standing.REVOKED if self.invitee.revoked_at else Standing.NOT_YET


# Whoever registers without the link is found by the address: one of the two ways is always enough.
_BY_ADDRESS = (
    select(Registration.id)
    .join(Person, Person.id == Registration.person_id)
    .where(Registration.event_id == Invitee.event_id, Person.email_folded == Invitee.email_folded)
    .correlate(Invitee)
    .scalar_subquery()
)
_REGISTERED = func.coalesce(Invitee.registration_id, _BY_ADDRESS)
_CONDITIONS: dict[Standing, ColumnElement[bool]] = {
    Standing.REGISTERED: _REGISTERED.is_not(None),
    Standing.REVOKED: and_(_REGISTERED.is_(None), Invitee.revoked_at.is_not(None)),
    Standing.NOT_YET: and_(_REGISTERED.is_(None), Invitee.revoked_at.is_(None)),
}


def count_invitees(event_id: int) -> dict[Standing, int]:
    """How many of an event's invitations stand in each way."""
    counted = [func.count().filter(condition) for condition in _CONDITIONS.values()]
    numbers = db.session.execute(select(*counted).select_from(Invitee).where(Invitee.event_id == event_id)).one()
    return dict(zip(_CONDITIONS, numbers, strict=True))


def find_invitees(event_id: int, *, text: str, standing: Standing | None, page: int) -> Page[Invited]:
    """Who is invited to an event, by address, 50 a page; `text` is sought in names and addresses."""
    wanted = [Invitee.event_id == event_id]
    if text:
        by_address = Invitee.email_folded.contains(fold_email(text), autoescape=True)
        wanted.append(or_(by_address, Invitee.name.icontains(text, autoescape=True)))
    if standing:
        wanted.append(_CONDITIONS[standing])
    total = db.session.scalar(select(func.count()).select_from(Invitee).where(*wanted)) or 0
    number = nearest(page, total, PAGE_SIZE)
    statement = select(Invitee, Registration).outerjoin(Registration, Registration.id == _REGISTERED).where(*wanted)
    ordered = statement.order_by(Invitee.email_folded, Invitee.id).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    rows = [Invited(invitee, registration) for invitee, registration in db.session.execute(ordered)]
    return Page(rows, number, PAGE_SIZE, total)


def get_invited(event_id: int, public_id: str) -> Invited:
    """Somebody invited to the event, with the registration they made; raises NotFound."""
    statement = select(Invitee, Registration).outerjoin(Registration, Registration.id == _REGISTERED)
    row = db.session.execute(
        statement.where(Invitee.event_id == event_id, Invitee.public_id == public_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Invited(*row)


def get_invited_by_token(event_id: int, token: str) -> Invited:
    """Whose personal link this is, revoked or not; raises NotFound when it is forged or for another event."""
    public_id = tokens.public_id(token)
    if public_id is None:
        raise NotFound
    invited = get_invited(event_id, public_id)
    if not tokens.proves(token, "invited", invited.invitee.nonce):
        raise NotFound
    return invited


def find_invitee(event_id: int, email: str) -> Invitee | None:
    """Whoever is invited to the event at this address, revoked or not."""
    statement = select(Invitee).where(Invitee.event_id == event_id, Invitee.email_folded == fold_email(email))
    return db.session.scalars(statement).one_or_none()


def find_invitee_of(event_id: int, public_id: str) -> Invitee | None:
    """Whoever is invited to the event, by the public id, revoked or not."""
    statement = select(Invitee).where(Invitee.event_id == event_id, Invitee.public_id == public_id)
    return db.session.scalars(statement).one_or_none()


def lock_invitee(invitee_id: int) -> Invitee:
    """The invitee as they are now, locked until the unit ends; the id must be of a row that exists."""
    statement = select(Invitee).where(Invitee.id == invitee_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def lock_unregistered(event_id: int, *, sent_before: datetime) -> list[Invitee]:
    """Whoever has not registered, is not revoked and was last written to before a moment, locked, oldest first."""
    statement = select(Invitee).where(
        Invitee.event_id == event_id, _CONDITIONS[Standing.NOT_YET], Invitee.sent_at < sent_before
    )
    locked = statement.order_by(Invitee.id).with_for_update(of=Invitee)
    return list(db.session.scalars(locked.execution_options(populate_existing=True)))


def addresses_invited(event_id: int, folded: Collection[str]) -> dict[str, bool]:
    """Which of these folded addresses are invited already, and whether they are revoked."""
    statement = select(Invitee.email_folded, Invitee.revoked_at).where(
        Invitee.event_id == event_id, Invitee.email_folded.in_(sorted(folded))
    )
    return {address: revoked_at is not None for address, revoked_at in db.session.execute(statement)}


def registered_addresses(event_id: int, folded: Collection[str]) -> dict[str, int]:
    """Which of these folded addresses are registered for the event already, with the ids of the registrations."""
    statement = (
        select(Person.email_folded, Registration.id)
        .join(Registration, Registration.person_id == Person.id)
        .where(Registration.event_id == event_id, Person.email_folded.in_(sorted(folded)))
    )
    return {row.email_folded: row.id for row in db.session.execute(statement)}


def has_role_at_programme(person_id: int, programme_id: int, *, now: datetime) -> bool:
    """Whether the person holds a role at the programme itself, or at the whole site, at `now`."""
    places = tuple_(Grant.thing_kind, Grant.thing_id).in_([(ThingKind.PROGRAMME, programme_id), (ThingKind.SITE, 0)])
    held = select(Grant.id).where(Grant.person_id == person_id, places, or_(Grant.until.is_(None), Grant.until > now))
    return db.session.scalar(held.limit(1).order_by(Grant.id)) is not None
