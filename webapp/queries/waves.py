"""Reading the waves of programmes, what happens when, and the areas in them."""

from typing import TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import Power, Viewer, Visitor, reach
from webapp.models.areas import Area, AreaDocument, AreaPartner, AreaVersion, Milestone, Wave
from webapp.models.communities import Community
from webapp.models.memberships import Membership, MembershipInvitation
from webapp.models.programmes import Programme
from webapp.queries.programmes import get_programme

T = TypeVar("T")


def waves_of(programme_id: int) -> list[Wave]:
    """The waves of a programme in their order, each with its stages and its areas."""
    statement = select(Wave).where(Wave.programme_id == programme_id)
    return list(
        db.session.scalars(
            statement.options(
                selectinload(Wave.stages), selectinload(Wave.areas).joinedload(Area.organisation)
            ).order_by(Wave.position, Wave.id)
        )
    )


def milestones_of(programme_id: int) -> list[Milestone]:
    """What stands on a programme's timeline, by when it begins, each with its wave if it is of one."""
    statement = select(Milestone).where(Milestone.programme_id == programme_id).options(joinedload(Milestone.wave))
    return list(db.session.scalars(statement.order_by(Milestone.starts_on, Milestone.id)))


def get_managed_programme(public_id: str, *, viewer: Viewer | Visitor) -> Programme:
    """The programme with its themes and parts, for somebody who sets it up; raises NotFound for all others."""
    found = get_programme(public_id)
    _check(found.id, viewer)
    return found


def get_managed_wave(public_id: str, *, viewer: Viewer | Visitor) -> Wave:
    """The wave with its programme, stages and areas, for who sets the programme up; raises NotFound for all others."""
    statement = select(Wave).where(Wave.public_id == public_id)
    found = _one(statement.options(joinedload(Wave.programme), selectinload(Wave.stages), selectinload(Wave.areas)))
    _check(found.programme_id, viewer)
    return found


def get_milestone_of(programme_id: int, public_id: str) -> Milestone:
    """The milestone of a programme with its wave; raises NotFound."""
    statement = select(Milestone).where(Milestone.programme_id == programme_id, Milestone.public_id == public_id)
    return _one(statement.options(joinedload(Milestone.wave)))


def get_managed_area(public_id: str, *, viewer: Viewer | Visitor) -> Area:
    """The area with its wave and partners, for who sets the programme up; raises NotFound for all others."""
    statement = select(Area).where(Area.public_id == public_id)
    found = _one(
        statement.options(
            joinedload(Area.programme),
            joinedload(Area.wave),
            joinedload(Area.organisation),
            selectinload(Area.partners).joinedload(AreaPartner.organisation),
        )
    )
    _check(found.programme_id, viewer)
    return found


def lock_wave(wave_id: int) -> Wave:
    """The wave as it is now with its stages and areas, locked until the unit ends; raises NotFound."""
    statement = select(Wave).where(Wave.id == wave_id).options(selectinload(Wave.stages), selectinload(Wave.areas))
    return _one(statement.with_for_update(of=Wave).execution_options(populate_existing=True))


def lock_milestone(milestone_id: int) -> Milestone:
    """The milestone as it is now, locked until the unit ends; raises NotFound."""
    statement = select(Milestone).where(Milestone.id == milestone_id)
    return _one(statement.with_for_update().execution_options(populate_existing=True))


def lock_placed_area(area_id: int) -> Area:
    """The area as it is now with all that is deleted with it, locked until the unit ends; raises NotFound."""
    statement = select(Area).where(Area.id == area_id)
    statement = statement.options(
        joinedload(Area.organisation),
        selectinload(Area.partners).joinedload(AreaPartner.organisation),
        selectinload(Area.strands),
        selectinload(Area.contacts),
        selectinload(Area.documents),
    )
    return _one(statement.with_for_update(of=Area).execution_options(populate_existing=True))


def programme_of_wave(wave_id: int) -> int:
    """The id of the programme of a wave; raises NotFound."""
    return _one(select(Wave.programme_id).where(Wave.id == wave_id))


def programme_of_area(area_id: int) -> int:
    """The id of the programme of an area; raises NotFound."""
    return _one(select(Area.programme_id).where(Area.id == area_id))


def areas_in(wave_id: int) -> list[Area]:
    """The areas of a wave by name."""
    return list(db.session.scalars(select(Area).where(Area.wave_id == wave_id).order_by(Area.name, Area.id)))


def wave_slugs(programme_id: int) -> set[str]:
    """The slugs that waves of a programme have."""
    return set(db.session.scalars(select(Wave.slug).where(Wave.programme_id == programme_id)))


def area_slugs(wave_id: int) -> set[str]:
    """The slugs that areas of a wave have."""
    return set(db.session.scalars(select(Area.slug).where(Area.wave_id == wave_id)))


def last_position(programme_id: int) -> int:
    """The position of the last wave of a programme; 0 before there is one."""
    return db.session.scalar(select(func.max(Wave.position)).where(Wave.programme_id == programme_id)) or 0


def what_holds_wave(wave_id: int) -> list[str]:
    """What belongs to a wave, in words, so that it cannot be removed."""
    asked = {
        "areas": select(Area.id).where(Area.wave_id == wave_id),
        "communities": select(Community.id).where(Community.wave_id == wave_id),
        "people": select(Membership.id).where(Membership.wave_id == wave_id),
        "invitations": select(MembershipInvitation.id).where(MembershipInvitation.wave_id == wave_id),
        "milestones": select(Milestone.id).where(Milestone.wave_id == wave_id),
    }
    return _held(asked)


def what_holds_area(area_id: int) -> list[str]:
    """What belongs to an area, in words, so that it cannot be removed."""
    asked = {
        "people": select(Membership.id).where(Membership.area_id == area_id),
        "invitations": select(MembershipInvitation.id).where(MembershipInvitation.area_id == area_id),
        "documents": select(AreaDocument.id).where(AreaDocument.area_id == area_id),
        "earlier versions of its profile": select(AreaVersion.id).where(AreaVersion.area_id == area_id),
    }
    return _held(asked)


def belonging_to_area(area_id: int) -> list[Membership | MembershipInvitation]:
    """All memberships of an area, ended ones too, and all invitations to it, locked until the unit ends."""
    members = select(Membership).where(Membership.area_id == area_id).order_by(Membership.id)
    asked = (
        select(MembershipInvitation).where(MembershipInvitation.area_id == area_id).order_by(MembershipInvitation.id)
    )
    return [*db.session.scalars(members.with_for_update()), *db.session.scalars(asked.with_for_update())]


def _held(asked: dict[str, Select[int]]) -> list[str]:
    return [name for name, statement in asked.items() if db.session.scalar(statement.limit(1)) is not None]


def _check(programme_id: int, viewer: Viewer | Visitor) -> None:
    reached = reach(viewer, Power.SET_UP)
    if not reached.everything and programme_id not in reached.programmes:
        raise NotFound


def _one(statement: Select[T]) -> T:
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found
