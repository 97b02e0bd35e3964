"""Reading communities: which of them somebody reaches, and how somebody takes part in one."""

from datetime import datetime
from itertools import count

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import Power, Viewer, Visitor, reach
from webapp.models.areas import Wave
from webapp.models.communities import Category, Community, ConductRules, MemberProfile, Openness, Participation
from webapp.models.memberships import Membership


def readable(viewer: Viewer | Visitor) -> ColumnElement[bool]:
    """The condition that the viewer reads a community, as `access.may_read_community` says it for one."""
    reached = reach(viewer, Power.MODERATE)
    if reached.everything:
        return true()
    programmes = {one.programme_id for one in viewer.belongs if one.community_id is None}
    groups = {one.community_id for one in viewer.belongs if one.community_id is not None}
    waves = {one.wave_id for one in viewer.belongs if one.wave_id is not None}
    of_programme = Community.programme_id.in_(programmes) if programmes else false()
    return or_(
        Community.openness == Openness.PUBLIC,
        Community.programme_id.in_(reached.programmes),
        Community.id.in_(reached.communities),
        and_(Community.is_group, Community.id.in_(groups)),
        and_(Community.wave_id.is_not(None), Community.wave_id.in_(waves)),
        and_(Community.openness == Openness.PROGRAMME, of_programme),
        and_(~Community.is_group, Community.wave_id.is_(None), of_programme),
    )


def own(viewer: Viewer | Visitor) -> ColumnElement[bool]:
    """The condition that a community is the viewer's own, as `access.takes_part` says it for one."""
    programmes = {one.programme_id for one in viewer.belongs if one.community_id is None}
    groups = {one.community_id for one in viewer.belongs if one.community_id is not None}
    waves = {one.wave_id for one in viewer.belongs if one.wave_id is not None}
    return or_(
        and_(Community.is_group, Community.id.in_(groups)),
        and_(~Community.is_group, Community.wave_id.is_not(None), Community.wave_id.in_(waves)),
        and_(~Community.is_group, Community.wave_id.is_(None), Community.programme_id.in_(programmes)),
    )


def own_communities(viewer: Viewer | Visitor) -> list[Community]:
    """The viewer's own communities by name, without those that are archived."""
    found = db.session.scalars(select(Community).where(own(viewer), Community.archived_at.is_(None)))
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def ids_readable(viewer: Viewer | Visitor) -> list[int]:
    """The ids of the communities that the viewer reads, in order."""
    return list(db.session.scalars(select(Community.id).where(readable(viewer)).order_by(Community.id)))


def find_community(public_id: str, *, viewer: Viewer | Visitor) -> Community | None:
    """The community by itself; None where the viewer reads none of this public id."""
    statement = select(Community).where(Community.public_id == public_id, readable(viewer))
    return db.session.scalars(statement).one_or_none()


def find_community_of_any(public_id: str) -> Community | None:
    """The community by itself, whoever reads it: what is asked next decides."""
    return db.session.scalars(select(Community).where(Community.public_id == public_id)).one_or_none()


def communities(viewer: Viewer | Visitor, *, programme_id: int | None = None) -> list[Community]:
    """The communities that the viewer reads, of a programme or of all, by name; those archived last."""
    statement = shown().where(readable(viewer))
    if programme_id is not None:
        statement = statement.where(Community.programme_id == programme_id)
    found = db.session.scalars(statement.order_by(Community.id))
    return sorted(found, key=lambda one: (one.archived_at is not None, one.name.casefold(), one.id))


def get_community(public_id: str, *, viewer: Viewer | Visitor, with_categories: bool = True) -> Community:
    """The community with its programme, wave, theme and categories; raises NotFound where the viewer reads none.

    Where categories are not shown, it is read without them.
    """
    statement = shown().where(Community.public_id == public_id, readable(viewer))
    if with_categories:
        statement = statement.options(selectinload(Community.categories))
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_community(community_id: int) -> Community:
    """The community as it is now, locked until the unit ends; the id must be of a row that exists."""
    statement = select(Community).where(Community.id == community_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def find_participation(community_id: int, person_id: int) -> Participation | None:
    """How the person takes part in the community, if they ever did."""
    statement = select(Participation).where(
        Participation.community_id == community_id, Participation.person_id == person_id
    )
    return db.session.scalars(statement).one_or_none()


def member_since(person_id: int, programme_id: int) -> datetime | None:
    """Since when the person belongs to the programme, by what they belong to now; None for nobody."""
    return db.session.scalar(
        select(func.min(Membership.joined_at)).where(
            Membership.person_id == person_id,
            Membership.programme_id == programme_id,
            Membership.ended_at.is_(None),
        )
    )


def lock_participation(community_id: int, person_id: int) -> Participation | None:
    """The same as it is now, locked until the unit ends."""
    statement = select(Participation).where(
        Participation.community_id == community_id, Participation.person_id == person_id
    )
    return db.session.scalars(
        statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    ).one_or_none()


def categories_of(community_id: int) -> list[Category]:
    """The categories of a community in their order."""
    statement = select(Category).where(Category.community_id == community_id)
    return list(db.session.scalars(statement.order_by(Category.position, Category.id)))


def managed_communities(viewer: Viewer | Visitor) -> list[Community]:
    """The communities of the programmes that the viewer sets up, by name; those archived last."""
    reached = reach(viewer, Power.SET_UP)
    statement = shown()
    if not reached.everything:
        statement = statement.where(Community.programme_id.in_(reached.programmes))
    found = db.session.scalars(statement.order_by(Community.id))
    return sorted(found, key=lambda one: (one.archived_at is not None, one.name.casefold(), one.id))


def get_managed_community(public_id: str, *, viewer: Viewer | Visitor) -> Community:
    """A community with its categories, of a programme that the viewer sets up; raises NotFound for any other."""
    reached = reach(viewer, Power.SET_UP)
    statement = shown().where(Community.public_id == public_id).options(selectinload(Community.categories))
    found = db.session.scalars(statement).one_or_none()
    if found is None or not reached.covers(found.programme_id, 0):
        raise NotFound
    return found


def waves_to_choose(programme_id: int) -> list[Wave]:
    """The waves of a programme in their order."""
    statement = select(Wave).where(Wave.programme_id == programme_id)
    return list(db.session.scalars(statement.order_by(Wave.position, Wave.id)))


def find_rules(community_id: int, number: int) -> ConductRules | None:
    """The rules of conduct of this number, if there are any."""
    statement = select(ConductRules).where(ConductRules.community_id == community_id, ConductRules.number == number)
    return db.session.scalars(statement).one_or_none()


def find_profile(person_id: int) -> MemberProfile | None:
    """What the person tells others of themselves, if anything is there yet."""
    return db.session.scalars(select(MemberProfile).where(MemberProfile.person_id == person_id)).one_or_none()


def lock_profile(person_id: int) -> MemberProfile:
    """The same as it is now, locked until the unit ends; there must be one."""
    statement = select(MemberProfile).where(MemberProfile.person_id == person_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def shown() -> Select[Community]:
    """Communities with what their pages name: programme, wave and theme."""
    return select(Community).options(
        joinedload(Community.programme), joinedload(Community.wave), joinedload(Community.theme)
    )


def free_handle(wanted: str) -> str:
    """The handle wanted, or else it with the next number that nobody has."""
    taken = set(db.session.scalars(select(MemberProfile.handle).where(MemberProfile.handle.startswith(wanted))))
    if wanted not in taken:
        return wanted
    return next(one for one in (f"{wanted}-{number}" for number in count(2)) if one not in taken)
