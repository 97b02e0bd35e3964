"""Finding the people of communities: whose profile somebody sees, who is listed, and who may be mentioned."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, false, func, null, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.folding import clean_line, fold
from webapp.models.accounts import Person, Power, Viewer, Visitor, reach
from webapp.models.areas import Area
from webapp.models.belonging import MemberRole
from webapp.models.communities import Community, MemberProfile
from webapp.models.memberships import Membership
from webapp.queries.paging import Page, nearest

PAGE_SIZE = 50
MOST_OFFERED = 10
MOST_IN_ROLE = 200


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Whom somebody looks for in a community: by words of names and job titles, an area, and a role."""

    text: str = ""
    area_id: int | None = None
    role: MemberRole | None = None


class Met(NamedTuple):
    """Somebody with their profile, and by what they belong to what the viewer shares with them."""

    profile: MemberProfile
    belongs: Sequence[Membership]


class Named(NamedTuple):
    """Somebody who is mentioned: by which handle, their name, and the profile, where the viewer sees it."""

    handle: str
    name: str
    public_id: str | None


def get_met(public_id: str, *, viewer: Viewer | Visitor) -> Met:
    """Somebody's profile with what they belong to of that which the viewer shares; raises NotFound for strangers."""
    found = db.session.scalars(_profiles().where(MemberProfile.public_id == public_id, _seen(viewer))).one_or_none()
    if found is None:
        raise NotFound
    shared = true() if found.person_id == viewer.id else _shared(viewer)
    return Met(found, _belonging([found.person_id], shared).get(found.person_id, []))


def seen_among(person_ids: Collection[int], *, viewer: Viewer | Visitor) -> frozenset[int]:
    """Whose profiles of these people the viewer sees."""
    if not person_ids or viewer.id is None:
        return frozenset()
    statement = select(MemberProfile.person_id).where(MemberProfile.person_id.in_(set(person_ids)), _seen(viewer))
    return frozenset(db.session.scalars(statement))


def names_by_handle(handles: Sequence[str], *, viewer: Viewer | Visitor) -> list[Named]:
    """Those of these handles that somebody has, by handle."""
    if not handles:
        return []
    statement = (
        select(MemberProfile.handle, Person.name, case((_seen(viewer), MemberProfile.public_id), else_=null()))
        .join(MemberProfile.person)
        .where(MemberProfile.handle.in_(handles), Person.merged_into_id.is_(None))
        .order_by(MemberProfile.handle)
    )
    return [Named(*row) for row in db.session.execute(statement)]


def listed_in(community: Community, wanted: Wanted, *, page: int) -> Page[Met]:
    """Who takes part in a community, wants to be found and is like that, by name, 50 a page."""
    matching = [*_listed(community, wanted), *_worded(wanted.text)]
    total = db.session.scalar(select(func.count()).select_from(MemberProfile).join(Person).where(*matching)) or 0
    number = nearest(page, total, PAGE_SIZE)
    statement = _profiles().where(*matching).order_by(func.lower(Person.name), MemberProfile.id)
    found = list(db.session.scalars(statement.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)))
    belongs = _belonging([one.person_id for one in found], _takes_part(community))
    return Page([Met(one, belongs.get(one.person_id, [])) for one in found], number, PAGE_SIZE, total)


def people_to_mention(community: Community, text: str) -> list[MemberProfile]:
    """Up to ten who take part in a community, want to be found, and have words of names or a handle that begin so."""
    word, name = clean_line(text).lower(), func.lower(Person.name)
    begins = [name.startswith(word, autoescape=True), name.contains(f" {word}", autoescape=True)]
    begins.append(MemberProfile.handle.startswith(fold(text).replace(" ", "-"), autoescape=True))
    statement = _profiles().where(*_listed(community, Wanted()), or_(*begins))
    return list(db.session.scalars(statement.order_by(func.lower(Person.name), MemberProfile.id).limit(MOST_OFFERED)))


def own_belonging(person_id: int) -> list[Membership]:
    """What somebody belongs to now, with names."""
    return _belonging([person_id], true()).get(person_id, [])


def in_same_role(viewer: Viewer, job_title: str) -> list[Met]:
    """Who has the same job title in other areas of the viewer's programmes and says so, by area and name; up to 200."""
    programmes = {one.programme_id for one in viewer.belongs if one.community_id is None}
    own = {one.area_id for one in viewer.belongs if one.area_id is not None}
    folded = fold(job_title)[:120]
    if not programmes or not folded:
        return []
    statement = (
        select(MemberProfile, Membership)
        .join(MemberProfile.person)
        .join(Membership, Membership.person_id == MemberProfile.person_id)
        .join(Membership.area)
        .options(contains_eager(MemberProfile.person), contains_eager(Membership.area), *_names())
        .where(
            MemberProfile.job_title_folded == folded,
            MemberProfile.listed,
            MemberProfile.shows_places,
            MemberProfile.person_id != viewer.id,
            Person.merged_into_id.is_(None),
            Membership.ended_at.is_(None),
            Membership.programme_id.in_(programmes),
            Area.id.not_in(own),
        )
        .order_by(func.lower(Area.name), func.lower(Person.name), Membership.id)
        .limit(MOST_IN_ROLE)
    )
    return [Met(profile, [membership]) for profile, membership in db.session.execute(statement)]


def areas_of(community: Community) -> list[Area]:
    """The areas from which people of a community come: of its wave, or else of its programme; by name."""
    statement = select(Area).where(Area.programme_id == community.programme_id)
    if community.wave_id is not None:
        statement = statement.where(Area.wave_id == community.wave_id)
    return sorted(db.session.scalars(statement.order_by(Area.id)), key=lambda one: (one.name.casefold(), one.id))


def _profiles() -> Select[MemberProfile]:
    statement = select(MemberProfile).join(MemberProfile.person).options(contains_eager(MemberProfile.person))
    return statement.where(Person.merged_into_id.is_(None))


def _seen(viewer: Viewer | Visitor) -> ColumnElement[bool]:
    """The condition that the viewer sees a profile: their own, and of those with whom they share something."""
    if viewer.id is None:
        return false()
    if reach(viewer, Power.MODERATE).everything or reach(viewer, Power.SET_UP).everything:
        return true()
    mine = select(Membership.id).where(
        Membership.person_id == MemberProfile.person_id, Membership.ended_at.is_(None), _shared(viewer)
    )
    return or_(MemberProfile.person_id == viewer.id, mine.exists())


def _shared(viewer: Viewer | Visitor) -> ColumnElement[bool]:
    """The condition that a membership is of a programme or a community that the viewer shares, or looks after."""
    looked_after = [reach(viewer, Power.MODERATE), reach(viewer, Power.SET_UP)]
    if any(one.everything for one in looked_after):
        return true()
    programmes = {one.programme_id for one in viewer.belongs if one.community_id is None}
    groups = {one.community_id for one in viewer.belongs if one.community_id is not None}
    community = select(Community.id).where(
        Community.id.in_(looked_after[0].communities),
        or_(
            and_(Community.is_group, Community.id == Membership.community_id),
            and_(Community.wave_id.is_not(None), Community.wave_id == Membership.wave_id),
            and_(
                ~Community.is_group,
                Community.wave_id.is_(None),
                Community.programme_id == Membership.programme_id,
                Membership.community_id.is_(None),
            ),
        ),
    )
    return or_(
        and_(Membership.programme_id.in_(programmes), Membership.community_id.is_(None)),
        Membership.community_id.in_(groups),
        Membership.programme_id.in_({number for one in looked_after for number in one.programmes}),
        community.exists(),
    )


def _takes_part(community: Community) -> ColumnElement[bool]:
    """The condition that a membership lets somebody take part, as `access.takes_part` says it for the viewer."""
    if community.is_group:
        return Membership.community_id == community.id
    if community.wave_id is not None:
        return Membership.wave_id == community.wave_id
    return and_(Membership.programme_id == community.programme_id, Membership.community_id.is_(None))


def _listed(community: Community, wanted: Wanted) -> list[ColumnElement[bool]]:
    """The conditions on people of a community; who does not show where they belong is not found by it either."""
    of_person = (Membership.person_id == MemberProfile.person_id, Membership.ended_at.is_(None))
    takes_part = select(Membership.id).where(*of_person, _takes_part(community)).exists()
    found: list[ColumnElement[bool]] = [MemberProfile.listed.is_(True), Person.merged_into_id.is_(None), takes_part]
    if wanted.area_id is None and wanted.role is None:
        return found
    where = [*of_person, _takes_part(community)]
    if wanted.area_id is not None:
        where.append(Membership.area_id == wanted.area_id)
    if wanted.role is not None:
        where.append(Membership.role == wanted.role)
    return [*found, MemberProfile.shows_places.is_(True), select(Membership.id).where(*where).exists()]


def _worded(text: str) -> list[ColumnElement[bool]]:
    return [
        or_(
            func.lower(Person.name).contains(word, autoescape=True),
            MemberProfile.job_title_folded.contains(fold(word), autoescape=True),
        )
        for word in clean_line(text).lower().split()[:10]
    ]


def _belonging(person_ids: Sequence[int], condition: ColumnElement[bool]) -> dict[int, list[Membership]]:
    """By what these people belong now, with names, so far as the condition holds."""
    if not person_ids:
        return {}
    statement = select(Membership).where(Membership.person_id.in_(person_ids), Membership.ended_at.is_(None), condition)
    found: dict[int, list[Membership]] = {}
    for row in db.session.scalars(statement.options(joinedload(Membership.area), *_names()).order_by(Membership.id)):
        found.setdefault(row.person_id, []).append(row)
    return found


def _names() -> list[_AbstractLoad]:
    row = Membership
    return [joinedload(one) for one in (row.programme, row.wave, row.community, row.organisation)]
