"""Reading who belongs to what: the people of a programme, one's own memberships, and invitations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from webapp import tokens
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.folding import clean_line, fold_email
from webapp.models.accounts import Person
from webapp.models.areas import Area, Wave
from webapp.models.belonging import MemberRole
from webapp.models.communities import Community
from webapp.models.memberships import Membership, MembershipInvitation, Where
from webapp.models.programmes import Programme
from webapp.queries.batches import batched
from webapp.queries.paging import Page, nearest

PAGE_SIZE = 50
INVITATION = "membership"


@dataclass(frozen=True)
class Spot:
    """One thing of a programme that people may belong to, as a list offers it; `within` is the wave of an area."""

    where: Where
    name: str
    within: str = ""
    # Of an area, for its address.
    slug: str = ""
    public_id: str = ""

    @property
    def place(self) -> str:
        """Which it is, as one word."""
        return self.where.place

    @property
    def label(self) -> str:
        """What it is called among all of the programme."""
        if self.where.area_id is not None:
            return f"{self.name} ({self.within})"
        return f"Group: {self.name}" if self.where.community_id is not None else self.name


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which people of a programme are looked for: by words, a place (of a wave its areas, too), and a role."""

    text: str = ""
    spot: Spot | None = None
    role: MemberRole | None = None


def spots_in(programme: Programme) -> list[Spot]:
    """All that people of a programme may belong to: the whole of it, each wave with its areas, and groups."""
    found = [Spot(Where(programme.id), "The whole programme")]
    waves = select(Wave.id, Wave.name).where(Wave.programme_id == programme.id).order_by(Wave.position, Wave.id)
    areas = select(Area.name, Area.id, Area.slug, Area.public_id, Area.wave_id)
    areas = areas.where(Area.programme_id == programme.id).order_by(Area.id)
    by_wave: dict[int, list[tuple[str, int, str, str]]] = {}
    for name, key, slug, public_id, wave_id in db.session.execute(areas):
        by_wave.setdefault(wave_id, []).append((name, key, slug, public_id))
    for wave_id, wave in db.session.execute(waves):
        found.append(Spot(Where(programme.id, wave_id), wave))
        own = sorted(by_wave.get(wave_id, ()), key=lambda one: (one[0].casefold(), one[1]))
        found += [Spot(Where(programme.id, wave_id, key), name, wave, *ref) for name, key, *ref in own]
    groups = select(Community.id, Community.name).where(Community.programme_id == programme.id, Community.is_group)
    named = sorted(db.session.execute(groups), key=lambda one: (one[1].casefold(), one[0]))
    return [*found, *(Spot(Where(programme.id, community_id=key), name) for key, name in named)]


def get_area(public_id: str) -> Area:
    """The area with its wave and programme; raises NotFound."""
    statement = select(Area).where(Area.public_id == public_id)
    found = db.session.scalars(statement.options(joinedload(Area.wave), joinedload(Area.programme))).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_area(area_id: int) -> Area:
    """The area as it is now, locked until the unit ends; the id must be of a row that exists."""
    statement = select(Area).where(Area.id == area_id).with_for_update(key_share=True)
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def where_of(area: Area) -> Where:
    """The area, as what somebody belongs to."""
    return Where(area.programme_id, area.wave_id, area.id)


def lock_belonging(programme_id: int) -> Programme:
    """The programme; until the unit ends nobody else changes who belongs to it. The id must be of a row that exists."""
    return db.session.scalars(
        select(Programme).where(Programme.id == programme_id).with_for_update(key_share=True)
    ).one()


def lock_membership(membership_id: int) -> Membership:
    """The membership as it is now, with the person and what they belong to, nobody else changing it until the end."""
    statement = select(Membership.programme_id).where(Membership.id == membership_id)
    lock_belonging(db.session.scalars(statement).one())
    whole = _shown().where(Membership.id == membership_id).options(joinedload(Membership.person))
    return db.session.scalars(whole.execution_options(populate_existing=True)).one()


def find_current(person_id: int, where: Where) -> Membership | None:
    """By what the person belongs there now, if they do."""
    statement = _shown().where(Membership.person_id == person_id, Membership.place == where.place, _current())
    return db.session.scalars(statement.order_by(Membership.id).limit(1)).one_or_none()


def find_last(person_id: int, where: Where) -> Membership | None:
    """How the person belonged there last, over or not."""
    statement = select(Membership).where(Membership.person_id == person_id, Membership.place == where.place)
    return db.session.scalars(statement.order_by(Membership.id.desc()).limit(1)).one_or_none()


def memberships_of(person_id: int) -> list[Membership]:
    """What the person belongs to now, with names, by programme and place."""
    statement = _shown().where(Membership.person_id == person_id, _current()).order_by(Membership.id)
    found = db.session.scalars(statement)
    return sorted(found, key=lambda one: (one.programme.name.casefold(), one.of_what.casefold(), one.id))


def get_own(public_id: str, person_id: int) -> Membership:
    """A membership of the person's own, over or not; raises NotFound."""
    statement = _shown().where(Membership.public_id == public_id, Membership.person_id == person_id)
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def get_member(public_id: str, within: Where) -> Membership:
    """A membership of that area, or anywhere in that programme, with the person; over or not. Raises NotFound."""
    statement = (
        _shown().where(Membership.public_id == public_id, _within(within)).options(joinedload(Membership.person))
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def find_members(programme_id: int, wanted: Wanted, *, page: int) -> Page[Membership]:
    """Who belongs to a programme and is like that, by name, 50 a page, each with what they belong to."""
    matching = _matching(programme_id, wanted)
    counted = select(func.count()).select_from(Membership).join(Person, Person.id == Membership.person_id)
    total = db.session.scalar(counted.where(*matching)) or 0
    number = nearest(page, total, PAGE_SIZE)
    rows = db.session.scalars(_by_name(matching).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    return Page(rows, number, PAGE_SIZE, total)


def all_members(programme_id: int, wanted: Wanted, *, most: int) -> list[Membership]:
    """The same without pages, at most so many."""
    return list(db.session.scalars(_by_name(_matching(programme_id, wanted)).limit(most)))


def count_members(programme_ids: Collection[int]) -> dict[int, int]:
    """How many people belong to each programme, to however much of it."""
    people = func.count(func.distinct(Membership.person_id))
    statement = select(Membership.programme_id, people).where(Membership.programme_id.in_(programme_ids), _current())
    return dict(db.session.execute(statement.group_by(Membership.programme_id)).all())


def roles_at(where: Where, person_ids: Sequence[int]) -> dict[int, tuple[int, MemberRole]]:
    """By which membership and role each of these people belongs there now, by the person's id."""
    found: dict[int, tuple[int, MemberRole]] = {}
    for some in batched(person_ids):
        statement = select(Membership.person_id, Membership.id, Membership.role)
        statement = statement.where(Membership.place == where.place, Membership.person_id.in_(some), _current())
        found |= {person: (row, role) for person, row, role in db.session.execute(statement)}
    return found


def rows_of(membership_ids: Sequence[int], *, whole: bool = False) -> list[Membership]:
    """These memberships, in the order they are given; `whole` ones with their person and what they belong to."""
    row = Membership
    found: dict[int, Membership] = {}
    chosen = _shown().options(joinedload(row.person)) if whole else select(row)
    for some in batched(membership_ids):
        found |= {one.id: one for one in db.session.scalars(chosen.where(row.id.in_(some)).order_by(Membership.id))}
    return [found[key] for key in membership_ids]


def find_by_token(token: str) -> MembershipInvitation | None:
    """The invitation that this link opens, over or not, with names; None where the link is forged."""
    public_id = tokens.public_id(token)
    if public_id is None:
        return None
    statement = _invited().where(MembershipInvitation.public_id == public_id)
    found = db.session.scalars(statement.options(joinedload(MembershipInvitation.invited_by))).one_or_none()
    return found if found is not None and tokens.proves(token, INVITATION, found.nonce) else None


def get_invitation(public_id: str, within: Where) -> MembershipInvitation:
    """An invitation to that area, or to anything in that programme; raises NotFound."""
    row = MembershipInvitation
    statement = _invited().where(row.public_id == public_id, _within(within, row))
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_invitation(invitation_id: int) -> MembershipInvitation:
    """The invitation as it is now, nobody else changing it or who belongs to the programme until the unit ends."""
    statement = select(MembershipInvitation.programme_id).where(MembershipInvitation.id == invitation_id)
    lock_belonging(db.session.scalars(statement).one())
    whole = _invited().where(MembershipInvitation.id == invitation_id)
    return db.session.scalars(whole.execution_options(populate_existing=True)).one()


def find_unanswered(where: Where, email: str) -> MembershipInvitation | None:
    """The invitation of that address to that place that was neither accepted nor withdrawn, run out or not."""
    row = MembershipInvitation
    statement = _invited().where(row.email_folded == fold_email(email), *_at(where), *_unanswered())
    return db.session.scalars(statement.order_by(MembershipInvitation.id.desc()).limit(1)).one_or_none()


def unanswered_in(where: Where) -> list[MembershipInvitation]:
    """Who was invited to that area, or to anything in that programme, and did not answer yet; the latest first."""
    row = MembershipInvitation
    statement = _invited().where(_within(where, row), *_unanswered())
    return list(db.session.scalars(statement.order_by(MembershipInvitation.id.desc()).limit(200)))


def count_unanswered(where: Where) -> int:
    """How many invitations to that area, or to anything in that programme, were not answered yet."""
    counted = select(func.count()).where(_within(where, MembershipInvitation), *_unanswered())
    return db.session.scalar(counted) or 0


def open_invitations_to(email: str, *, now: datetime) -> list[MembershipInvitation]:
    """The invitations to that address that can still be accepted, latest first."""
    row = MembershipInvitation
    statement = _invited().where(row.email_folded == fold_email(email), *_unanswered(), row.expires_at > now)
    return list(db.session.scalars(statement.order_by(MembershipInvitation.id.desc())))


def areas_with_domains() -> list[Area]:
    """The areas that people may join by their address, with wave and programme, by name."""
    statement = select(Area).where(cast(Area.email_domains, String) != "[]").order_by(Area.id)
    found = db.session.scalars(statement.options(joinedload(Area.wave), joinedload(Area.programme)))
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def is_last_lead(row: Membership) -> bool:
    """Whether nobody would lead the area once this membership is over."""
    if row.area_id is None or row.role is not MemberRole.LEAD or row.ended_at is not None:
        return False
    others = select(Membership.id).where(Membership.place == row.place, Membership.role == MemberRole.LEAD, _current())
    return db.session.scalar(others.where(Membership.id != row.id).limit(1)) is None


def led_in(programme_id: int) -> set[int]:
    """The ids of the areas of the programme that somebody leads now."""
    row = Membership
    statement = select(row.area_id).where(row.programme_id == programme_id, row.role == MemberRole.LEAD, _current())
    return {area_id for area_id in db.session.scalars(statement.distinct()) if area_id is not None}


def taken_out_of(person_id: int) -> set[int]:
    """The ids of the areas out of which somebody else took the person last, so that they cannot join by themselves."""
    row = Membership
    statement = select(row.area_id, row.ended_by_id).where(row.person_id == person_id)
    last = dict(db.session.execute(statement.order_by(Membership.id)).all())
    return {area_id for area_id, by in last.items() if area_id is not None and by not in {None, person_id}}


def is_verified(person_id: int) -> bool:
    """Whether it is proven that the person's address is theirs."""
    return db.session.scalar(select(Person.email_verified_at).where(Person.id == person_id)) is not None


def _current() -> ColumnElement[bool]:
    return Membership.ended_at.is_(None)


def _unanswered() -> tuple[ColumnElement[bool], ...]:
    return MembershipInvitation.accepted_at.is_(None), MembershipInvitation.withdrawn_at.is_(None)


def _at(where: Where) -> list[ColumnElement[bool]]:
    row = MembershipInvitation
    return [getattr(row, name).is_not_distinct_from(value) for name, value in where.columns().items()]


def _within(where: Where, row: type[Membership] | type[MembershipInvitation] = Membership) -> ColumnElement[bool]:
    return row.area_id == where.area_id if where.area_id is not None else row.programme_id == where.programme_id


def _shown() -> Select[Membership]:
    row = Membership
    names = (row.programme, row.wave, row.area, row.community)
    return select(row).options(*(joinedload(name) for name in names))


def _invited() -> Select[MembershipInvitation]:
    row = MembershipInvitation
    names = (row.programme, row.wave, row.area, row.community)
    return select(row).options(*(joinedload(name) for name in names))


def _matching(programme_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
    row, where = Membership, wanted.spot.where if wanted.spot else None
    found = [row.programme_id == programme_id, _current()]
    if where is not None and where.wave_id is not None and where.area_id is None:
        found.append(row.wave_id == where.wave_id)
    elif where is not None:
        found.append(row.place == where.place)
    if wanted.role is not None:
        found.append(row.role == wanted.role)
    for word in clean_line(wanted.text).lower().split()[:10]:
        columns = (func.lower(Person.name), Person.email_folded)
        found += [or_(*(one.contains(word, autoescape=True) for one in columns))]
    return found


def _by_name(matching: Sequence[ColumnElement[bool]]) -> Select[Membership]:
    statement = _shown().join(Person, Person.id == Membership.person_id)
    statement = statement.options(contains_eager(Membership.person), joinedload(Membership.organisation))
    return statement.where(*matching).order_by(func.lower(Person.name), Membership.id)
