"""Several registrations at once: those ticked, or all that a search finds."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Select, func, literal, select

from webapp.extensions import db
from webapp.folding import fold
from webapp.models.events import Mode
from webapp.models.registrations import Registration, RegistrationState, RegistrationTag
from webapp.queries.registrations.lists import ids_of
from webapp.queries.registrations.numbers import RegistrationFilter

Counts = Mapping[tuple[RegistrationState, Mode], int]


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Which of an event's registrations: those of these public ids, or all that the filter finds."""

    public_ids: tuple[str, ...] = ()
    wanted: RegistrationFilter | None = None


def count_chosen(event_id: int, chosen: Chosen) -> Counts:
    """How many are chosen, by their state and the way of taking part."""
    statement = select(Registration.state, Registration.mode, func.count()).where(
        Registration.id.in_(chosen_ids(event_id, chosen))
    )
    rows = db.session.execute(statement.group_by(Registration.state, Registration.mode))
    return {(state, mode): number for state, mode, number in rows}


def count_tagged(event_id: int, chosen: Chosen, tag: str) -> int:
    """How many of those chosen carry a tag."""
    statement = select(func.count()).select_from(RegistrationTag)
    carrying = RegistrationTag.event_id == event_id, RegistrationTag.name_folded == fold(tag)
    statement = statement.where(*carrying, RegistrationTag.registration_id.in_(chosen_ids(event_id, chosen)))
    return db.session.scalar(statement) or 0


def lock_chosen(
    event_id: int, chosen: Chosen, state: RegistrationState, mode: Mode, *, number: int
) -> list[Registration]:
    """The first so many of those chosen in a state and a way of taking part, by arrival, locked until the unit ends."""
    statement = (
        select(Registration)
        .where(Registration.id.in_(chosen_ids(event_id, chosen)))
        .where(Registration.state == state, Registration.mode == mode)
        .order_by(Registration.arrival, Registration.id)
        .limit(number)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(statement))


def tags_for(event_id: int, chosen: Chosen, name: str, folded: str) -> Select[int, int, str, str, int, str, str]:
    """The statement that gives a tag for each of those chosen.

    Event, registration, name, the name as compared, and what it carries of the registration.
    """
    row = Registration
    carried = (row.arrival, row.name_sort, row.organisation_sort)
    tag = (literal(event_id), row.id, literal(name), literal(folded), *carried)
    return select(*tag).where(row.id.in_(chosen_ids(event_id, chosen)))


def chosen_ids(event_id: int, chosen: Chosen) -> Select[int]:
    """The statement that gives the ids of those chosen."""
    if chosen.wanted is not None:
        return ids_of(event_id, chosen.wanted)
    return select(Registration.id).where(
        Registration.event_id == event_id, Registration.public_id.in_(chosen.public_ids)
    )
