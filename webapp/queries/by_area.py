"""People by the area of their organisation: an area is led by an authority, and others are partners in it."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from webapp.extensions import db
from webapp.models.areas import Area, AreaPartner, Wave
from webapp.models.organisations import Organisation
from webapp.models.registrations import RegistrationState, RegistrationTally


def areas_in(programme_id: int) -> list[Area]:
    """The areas of a programme with their waves: by wave, and then by name."""
    statement = select(Area).join(Area.wave).where(Area.programme_id == programme_id).options(joinedload(Area.wave))
    return list(db.session.scalars(statement.order_by(Wave.position, Wave.id, Area.name, Area.id)))


def any_areas_in(programme_id: int) -> bool:
    """Whether a programme has areas at all."""
    return db.session.scalar(select(Area.id).where(Area.programme_id == programme_id).limit(1)) is not None


def names_of_areas(ids: Iterable[int]) -> dict[int, str]:
    """What these areas are called, each with its wave."""
    statement = select(Area.id, Area.name, Wave.name).join(Area.wave).where(Area.id.in_(sorted(ids)))
    return {area_id: f"{name} ({wave})" for area_id, name, wave in db.session.execute(statement)}


def organisations_in(areas: Collection[str]) -> Select[int]:
    """The ids of the organisations in these areas, which are named by their public ids, as a statement."""
    chosen = select(Area.id).where(Area.public_id.in_(areas))
    leads = select(Area.organisation_id).where(Area.public_id.in_(areas), Area.organisation_id.is_not(None))
    partners = select(AreaPartner.organisation_id).where(AreaPartner.area_id.in_(chosen))
    return select(Organisation.id).where(or_(Organisation.id.in_(leads), Organisation.id.in_(partners)))


def area_of(organisation_id: Any, programme_id: Any) -> ColumnElement[int | None]:
    """The id of the one area that somebody of an organisation counts for: that which it leads, or the oldest.

    Both are given as columns or values. None where it is in no area.
    """
    led = select(func.min(Area.id)).where(Area.programme_id == programme_id, Area.organisation_id == organisation_id)
    beside = (
        select(func.min(Area.id))
        .join(AreaPartner, AreaPartner.area_id == Area.id)
        .where(Area.programme_id == programme_id, AreaPartner.organisation_id == organisation_id)
    )
    return func.coalesce(led.scalar_subquery(), beside.scalar_subquery())


def count_places_by_area(event_id: int, programme_id: int) -> list[tuple[Area, int]]:
    """How many people of each area of the programme have a place at an event; none of areas from which nobody has.

    An organisation counts for one area, as `area_of` has it. The areas come by wave, and then by name.
    """
    areas = {area.id: area for area in areas_in(programme_id)}
    if not areas:
        return []
    kept = RegistrationTally
    place = area_of(Organisation.__table__.c.id, programme_id)
    statement = (
        select(place, func.sum(kept.count))
        .join(Organisation, Organisation.name == kept.value)
        .where(
            kept.event_id == event_id,
            kept.dimension == "organisation",
            kept.state == RegistrationState.CONFIRMED,
            kept.count > 0,
        )
        .group_by(place)
    )
    numbers = {area_id: int(number) for area_id, number in db.session.execute(statement) if area_id is not None}
    return [(area, numbers[area_id]) for area_id, area in areas.items() if area_id in numbers]
