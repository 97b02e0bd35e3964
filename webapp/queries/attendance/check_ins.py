"""Who is there: checked in on a day, or still expected."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from webapp import tokens
from webapp.database import ALPHABET, PUBLIC_ID_LENGTH
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.folding import fold_email
from webapp.models.accounts import Person
from webapp.models.attendance import CheckIn
from webapp.models.events import Event, EventDay
from webapp.models.registrations import Registration, RegistrationState
from webapp.queries.attendance.tallies import count_checked_in
from webapp.queries.paging import Page, nearest

PAGE_SIZE = 50
TICKET = "check-in"


def people_here(event_id: int, day_id: int, *, page: int) -> Page[CheckIn]:
    """Who was checked in on a day, with the registrations, the latest first; 50 a page."""
    total, _ = count_checked_in(event_id, day_id)
    number = nearest(page, total, PAGE_SIZE)
    statement = (
        select(CheckIn)
        .where(CheckIn.event_id == event_id, CheckIn.day_id == day_id)
        .options(joinedload(CheckIn.registration))
        .order_by(CheckIn.at.desc(), CheckIn.id.desc())
    )
    return Page(db.session.scalars(_page(statement, number)).all(), number, PAGE_SIZE, total)


def people_expected(event_id: int, day_id: int, *, confirmed: int, page: int) -> Page[Registration]:
    """Who has a place and was not checked in on a day, by surname; 50 a page. `confirmed` is how many have a place."""
    missing = confirmed - count_checked_in(event_id, day_id)[1]
    number = nearest(page, missing, PAGE_SIZE)
    is_here = select(CheckIn.id).where(CheckIn.registration_id == Registration.id, CheckIn.day_id == day_id).exists()
    statement = (
        select(Registration)
        .where(Registration.event_id == event_id, Registration.state == RegistrationState.CONFIRMED, ~is_here)
        .order_by(Registration.name_sort, Registration.id)
    )
    return Page(db.session.scalars(_page(statement, number)).all(), number, PAGE_SIZE, max(missing, 0))


def check_ins_among(day_id: int, registration_ids: Iterable[int]) -> dict[int, CheckIn]:
    """The check-ins of a day for these registrations, by the registration's id."""
    statement = select(CheckIn).where(CheckIn.day_id == day_id, CheckIn.registration_id.in_(sorted(registration_ids)))
    return {row.registration_id: row for row in db.session.scalars(statement.order_by(CheckIn.id))}


def find_check_in(registration_id: int, day_id: int) -> CheckIn | None:
    """The check-in of a registration on a day."""
    statement = select(CheckIn).where(CheckIn.registration_id == registration_id, CheckIn.day_id == day_id)
    return db.session.scalars(statement).one_or_none()


def get_registration_by_ticket(token: str) -> Registration:
    """The registration that a check-in code is for, with event and days.

    Raises NotFound when the code is forged, foreign, or was replaced with the personal link.
    """
    public_id = tokens.public_id(token)
    registration = db.session.scalars(_by_public_id(public_id or "")).unique().one_or_none()
    if registration is None or not tokens.proves(token, TICKET, registration.link_nonce):
        raise NotFound
    return registration


def find_registration_by_short_code(event_id: int, code: str) -> Registration | None:
    """The registration of an event whose short code was read out or typed, as it stands below the square code."""
    public_id = "".join(char for char in code.lower() if char not in " -")
    if len(public_id) != PUBLIC_ID_LENGTH or not set(public_id) <= set(ALPHABET):
        return None
    statement = _by_public_id(public_id).where(Registration.event_id == event_id)
    return db.session.scalars(statement).unique().one_or_none()


def find_registration_by_email(event_id: int, email: str) -> Registration | None:
    """The registration at an event of the person with this address, in any state."""
    statement = select(Registration).join(Registration.person)
    return db.session.scalars(
        statement.where(Registration.event_id == event_id, Person.email_folded == fold_email(email))
    ).one_or_none()


def lock_attendee(registration_id: int) -> Registration:
    """The registration alone as it is now, locked until the unit ends; raises NotFound."""
    statement = select(Registration).where(Registration.id == registration_id).with_for_update()
    registration = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if registration is None:
        raise NotFound
    return registration


def lock_day(event_id: int, day: date) -> EventDay:
    """A day of an event as it is now, locked until the unit ends; raises NotFound."""
    statement = select(EventDay).where(EventDay.event_id == event_id, EventDay.date == day).with_for_update()
    found = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def _page(statement: Select[Registration] | Select[CheckIn], number: int) -> Select[Registration] | Select[CheckIn]:
    return statement.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)


def _by_public_id(public_id: str) -> Select[Registration]:
    event = joinedload(Registration.event).options(joinedload(Event.days), joinedload(Event.programme))
    return select(Registration).where(Registration.public_id == public_id).options(event)
