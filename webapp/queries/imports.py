"""Reading imports, their rows, and what the rows of a list of people meet."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.folding import fold_email
from webapp.models.accounts import Person, ThingKind
from webapp.models.calendars import Invitation
from webapp.models.events import Event, Mode
from webapp.models.imports import Fate, Import, ImportKind, ImportRow, ImportState
from webapp.models.organisations import Sector
from webapp.models.registrations import Registration, RegistrationAnswer, RegistrationState, RegistrationTag
from webapp.queries.batches import batched
from webapp.queries.leases import lock_next
from webapp.queries.paging import Page, nearest

PAGE_SIZE = 50
SHOWN = 20


def get_import(event_id: int, kind: ImportKind, public_id: str, *, now: datetime) -> Import:
    """One import of an event; raises NotFound when there is none or its time is over."""
    statement = select(Import).where(
        Import.event_id == event_id, Import.kind == kind, Import.public_id == public_id, Import.expires_at > now
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def imports_of(event_id: int, kind: ImportKind, *, now: datetime) -> list[Import]:
    """What was uploaded for an event and is still kept, latest first."""
    statement = select(Import).where(Import.event_id == event_id, Import.kind == kind, Import.expires_at > now)
    return list(db.session.scalars(statement.order_by(Import.id.desc()).limit(SHOWN)))


def get_members_import(programme_id: int, public_id: str, *, now: datetime) -> Import:
    """One list of members read into a programme; raises NotFound when there is none or its time is over."""
    statement = select(Import).where(
        Import.programme_id == programme_id, Import.public_id == public_id, Import.expires_at > now
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def members_imports_of(programme_id: int, *, now: datetime) -> list[Import]:
    """The lists of members that were uploaded for a programme and are still kept, latest first."""
    statement = select(Import).where(Import.programme_id == programme_id, Import.expires_at > now)
    return list(db.session.scalars(statement.order_by(Import.id.desc()).limit(SHOWN)))


def find_rows(import_id: int, fate: Fate | None, *, page: int) -> Page[ImportRow]:
    """The rows of an import, all or those of one fate, in the order of the file, 50 a page."""
    wanted = [ImportRow.import_id == import_id, *([ImportRow.fate == fate] if fate else [])]
    total = db.session.scalar(select(func.count()).select_from(ImportRow).where(*wanted)) or 0
    number = nearest(page, total, PAGE_SIZE)
    statement = select(ImportRow).where(*wanted).order_by(ImportRow.number, ImportRow.id)
    rows = db.session.scalars(statement.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    return Page(rows, number, PAGE_SIZE, total)


@dataclass(frozen=True)
class Shown:
    """A row of an import as it was read and shown."""

    number: int
    fate: Fate
    message: str
    data: dict[str, Any]


def rows_of(import_id: int) -> list[Shown]:
    """All rows of an import in the order of the file."""
    statement = select(ImportRow.number, ImportRow.fate, ImportRow.message, ImportRow.data)
    statement = statement.where(ImportRow.import_id == import_id).order_by(ImportRow.number, ImportRow.id)
    return [Shown(*row) for row in db.session.execute(statement)]


def lock_import(import_id: int) -> Import:
    """The import as it is now, locked; raises NotFound when it is gone."""
    statement = select(Import).where(Import.id == import_id).with_for_update()
    found = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_next_import(*, now: datetime) -> Import | None:
    """The import that has waited longest for a worker and that none is busy with, locked."""
    statement = (
        select(Import)
        .where(
            Import.state == ImportState.REQUESTED,
            Import.expires_at > now,
        )
        .order_by(Import.id)
    )
    return lock_next(statement, Import, now=now)


def get_event_of(event_id: int) -> Event:
    """The event that an import is for, with days, places and questions; the id must be of a row that exists."""
    statement = select(Event).where(Event.id == event_id)
    options = (joinedload(Event.days), joinedload(Event.places), joinedload(Event.questions))
    statement = statement.options(*options).execution_options(populate_existing=True)
    return db.session.scalars(statement).unique().one()


def expired_import_ids(*, now: datetime) -> list[int]:
    """The imports whose time is over, oldest first."""
    return list(db.session.scalars(select(Import.id).where(Import.expires_at < now).order_by(Import.id).limit(20)))


def ids_of(table: Any, public_ids: Sequence[str]) -> dict[str, int]:
    """The ids of the rows of a model that have these public ids, by the public id."""
    found: dict[str, int] = {}
    for some in batched(public_ids):
        rows = db.session.execute(select(table.public_id, table.id).where(table.public_id.in_(some)))
        found |= {public_id: row_id for public_id, row_id in rows}  # noqa: C416 -- a row is no pair to the types
    return found


def people_by_email(emails: Iterable[str]) -> dict[str, int]:
    """The ids of the people of these addresses, or of who took their place, by the folded address."""
    found: dict[str, int] = {}
    whose = select(Person.email_folded, func.coalesce(Person.merged_into_id, Person.id))
    for some in batched(sorted({fold_email(email) for email in emails})):
        rows = db.session.execute(whose.where(Person.email_folded.in_(some)))
        found |= {row.email_folded: row[1] for row in rows}
    return found


@dataclass(frozen=True)
class Registered:
    """What stands of somebody's registration, as far as an import compares it."""

    id: int
    person_id: int
    state: RegistrationState
    mode: Mode
    name: str
    organisation_name: str
    sector: Sector
    role: str


_REGISTERED = select(
    Registration.id,
    Registration.person_id,
    Registration.state,
    Registration.mode,
    Registration.name,
    Registration.organisation_name,
    Registration.sector,
    Registration.role,
)


def registered_at(event_id: int, person_ids: Collection[int]) -> dict[int, Registered]:
    """The registrations of these people at an event, by the person's id."""
    found = {}
    for some in batched(sorted(person_ids)):
        statement = _REGISTERED.where(Registration.event_id == event_id, Registration.person_id.in_(some))
        for row in db.session.execute(statement):
            found[row.person_id] = Registered(*row)
    return found


def answers_at(registration_ids: Collection[int]) -> dict[int, dict[int, list[str]]]:
    """What was answered in these registrations, by the id of the registration and that of the question."""
    found: dict[int, dict[int, list[str]]] = {}
    for some in batched(sorted(registration_ids)):
        row = RegistrationAnswer
        statement = select(row.registration_id, row.question_id, row.value).where(row.registration_id.in_(some))
        for registration_id, question_id, value in db.session.execute(statement):
            found.setdefault(registration_id, {})[question_id] = value
    return found


def tags_at(registration_ids: Collection[int]) -> dict[int, list[str]]:
    """The tags of these registrations in the order of their letters, by the id of the registration."""
    found: dict[int, list[str]] = {}
    for some in batched(sorted(registration_ids)):
        statement = select(RegistrationTag.registration_id, RegistrationTag.name)
        statement = statement.where(RegistrationTag.registration_id.in_(some))
        statement = statement.order_by(RegistrationTag.name_folded, RegistrationTag.id)
        for registration_id, name in db.session.execute(statement):
            found.setdefault(registration_id, []).append(name)
    return found


def registrations_with_answers(registration_ids: Collection[int]) -> list[Registration]:
    """These registrations as they are now, with their answers, in the order of their ids."""
    found: list[Registration] = []
    for some in batched(sorted(registration_ids)):
        statement = select(Registration).where(Registration.id.in_(some)).options(selectinload(Registration.answers))
        statement = statement.order_by(Registration.id).execution_options(populate_existing=True)
        found += db.session.scalars(statement)
    return found


def invitations_to(event_id: int, person_ids: Collection[int]) -> list[Invitation]:
    """The invitations to an event that these people were sent before, in the order of their ids."""
    found: list[Invitation] = []
    for some in batched(sorted(person_ids)):
        statement = select(Invitation).where(
            Invitation.thing_kind == ThingKind.EVENT,
            Invitation.thing_id == event_id,
            Invitation.person_id.in_(some),
        )
        found += db.session.scalars(statement.order_by(Invitation.id))
    return found


def kind_of(import_id: int) -> ImportKind:
    """What the rows of an import become; the id must be of a row that exists."""
    return db.session.scalars(select(Import.kind).where(Import.id == import_id)).one()


def find_oldest_rows(import_id: int, limit: int) -> list[ImportRow]:
    """The first rows of an import."""
    statement = select(ImportRow).where(ImportRow.import_id == import_id)
    return list(db.session.scalars(statement.order_by(ImportRow.number, ImportRow.id).limit(limit)))
