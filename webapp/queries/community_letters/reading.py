"""Who reads a community, asked of many people at once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, tuple_

from webapp.extensions import db
from webapp.models.accounts import ROLES, Grant, Person, Power, ThingKind
from webapp.models.communities import Community, Openness
from webapp.models.memberships import Membership
from webapp.queries.batches import batched


def reads(person_id: Any, *, now: datetime) -> ColumnElement[bool]:
    """The condition that the person of this column reads the community, which the statement must name.

    It says of many what `access.may_read_community` says of one who is signed in.
    """
    of_all = and_(~Community.is_group, Community.wave_id.is_(None))
    belongs = (
        select(Membership.id)
        .where(Membership.person_id == person_id, Membership.ended_at.is_(None))
        .where(
            or_(
                and_(Community.is_group, Membership.community_id == Community.id),
                and_(~Community.is_group, Membership.wave_id == Community.wave_id),
                and_(
                    or_(Community.openness == Openness.PROGRAMME, of_all),
                    Membership.programme_id == Community.programme_id,
                    Membership.community_id.is_(None),
                ),
            )
        )
        .correlate_except(Membership)
        .exists()
    )
    moderates = (
        select(Grant.id)
        .where(Grant.person_id == person_id, Grant.role.in_(ROLES[Power.MODERATE]))
        .where(or_(Grant.until.is_(None), Grant.until > now))
        .where(
            or_(
                Grant.thing_kind == ThingKind.SITE,
                and_(Grant.thing_kind == ThingKind.PROGRAMME, Grant.thing_id == Community.programme_id),
                and_(Grant.thing_kind == ThingKind.COMMUNITY, Grant.thing_id == Community.id),
            )
        )
        .correlate_except(Grant)
        .exists()
    )
    return or_(Community.openness == Openness.PUBLIC, belongs, moderates)


def who_reads(pairs: Iterable[tuple[int, int]], *, now: datetime) -> set[tuple[int, int]]:
    """Those of these people and communities of which the person reads the community now, 500 to a query."""
    found: set[tuple[int, int]] = set()
    for some in batched(sorted(set(pairs))):
        statement = (
            select(Person.id, Community.id)
            .select_from(Person)
            .join(Community, reads(Person.id, now=now))
            .where(Person.merged_into_id.is_(None), tuple_(Person.id, Community.id).in_(some))
        )
        found |= {(person_id, community_id) for person_id, community_id in db.session.execute(statement)}
    return found
