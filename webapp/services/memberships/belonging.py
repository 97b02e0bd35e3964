"""Belonging: added by somebody, joined by one's own address, given another role, left and ended."""

from collections.abc import Sequence
from datetime import datetime

from webapp import outbox
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.models.accounts import Actor, Person, ThingKind
from webapp.models.areas import Area
from webapp.models.belonging import MemberRole
from webapp.models.memberships import How, Membership, Where
from webapp.notices import memberships as notices
from webapp.queries import accounts as account_queries
from webapp.queries import memberships as queries
from webapp.queries.area_profiles import leads_of
from webapp.services.accounts import find_or_make_person
from webapp.services.activity import record
from webapp.services.memberships.domains import anybodys, may_join_by


class MembershipRefused(DomainError):
    """It cannot be done as things are; the message says why."""

    code = "membership_refused"


def add(
    where: Where,
    *,
    name: str,
    email: str,
    role: MemberRole,
    how: How = How.ADDED,
    organisation_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> Membership:
    """Let somebody belong there from now on, and tell them by letter; who does by this role already is left alone.

    Raises MembershipRefused for who belongs there by another role, and for a role that nobody has there.
    """
    person_id, _is_new = find_or_make_person(name, email, now=now)
    queries.lock_belonging(where.programme_id)

    _check_takes(where, role)
    before = queries.find_current(person_id, where)
    if before is not None:
        if before.role is role:
            return before
        raise already_there(account_queries.get_person(person_id).name, before)

    row = put(where, person_id, role, how=how, organisation_id=organisation_id, actor=actor, now=now)
    record("membership_added", ThingKind.MEMBERSHIP, row.id, actor=actor, now=now, role=role.label)
    whole = queries.lock_membership(row.id)
    outbox.post(notices.added(whole.person, whole, by=_name_of(actor)), now=now)
    return whole


def join(area: Area, *, person: Person, actor: Actor, now: datetime) -> Membership:
    """Let somebody join an area by their own proven address at one of its domains; who belongs already, stays so.

    The leads of the area are told of each newcomer by letter. Raises MembershipRefused for any other address, and for
    who was taken out by somebody else.
    """
    where = queries.where_of(area)
    queries.lock_belonging(where.programme_id)
    area = queries.lock_area(area.id)

    before = queries.find_current(person.id, where)
    if before is not None:
        return before
    if person.email_verified_at is None or not may_join_by(person.email, area.email_domains):
        raise MembershipRefused("Your address is not at one of the domains by which people join this area.")
    last = queries.find_last(person.id, where)
    if last is not None and last.ended_by_id not in {None, person.id}:
        raise MembershipRefused("Somebody who looks after this area ended your membership. Ask them to invite you.")

    row = put(where, person.id, MemberRole.MEMBER, how=How.DOMAIN, actor=actor, now=now)
    record("membership_joined", ThingKind.MEMBERSHIP, row.id, actor=actor, now=now)
    whole = queries.lock_membership(row.id)
    outbox.post_many((notices.joined(lead, whole) for lead in leads_of(area.id)), now=now)
    return whole


def change_role(membership_id: int, role: MemberRole, *, actor: Actor, now: datetime) -> Membership:
    """Give somebody another role where they belong, and tell them by letter unless they did it themselves.

    Raises MembershipRefused once it is over, and for a role that nobody has there.
    """
    row = queries.lock_membership(membership_id)
    if row.ended_at is not None:
        raise MembershipRefused(f"{row.person.name} does not belong to {row.of_what} any more.")
    if row.role is role:
        return row
    _check_takes(row.where, role)

    changes = {"role": [row.role.label, role.label]}
    row.role = role
    record("membership_changed", ThingKind.MEMBERSHIP, row.id, actor=actor, now=now, changes=changes)
    if actor.person_id != row.person_id:
        outbox.post(notices.changed(row.person, row, by=_name_of(actor)), now=now)
    return row


def end(membership_id: int, *, actor: Actor, now: datetime) -> bool:
    """End a membership at once, one's own or somebody else's, who is told by letter; gives whether there was any.

    An invitation to the same, not answered yet, is withdrawn: it would bring them back.
    """
    row = queries.lock_membership(membership_id)
    if row.ended_at is not None:
        return False

    row.ended_at, row.ended_by_id = now, actor.person_id
    unanswered = queries.find_unanswered(row.where, row.person.email)
    if unanswered is not None:
        unanswered.withdrawn_at = now
    by_themselves = actor.person_id == row.person_id
    kind = ThingKind.MEMBERSHIP
    record("membership_left" if by_themselves else "membership_ended", kind, row.id, actor=actor, now=now)
    if not by_themselves:
        outbox.post(notices.ended(row.person, row, by=_name_of(actor)), now=now)
    return True


def set_domains(area_id: int, domains: Sequence[str], *, actor: Actor, now: datetime) -> None:
    """Set at which domains an address lets its owner join an area; as they are already, nothing happens.

    Raises MembershipRefused for those at which nearly anybody has an address.
    """
    area = queries.lock_area(area_id)
    if open_to_all := anybodys(domains):
        raise MembershipRefused(f"Nearly anybody has an address at {' or '.join(open_to_all)}. Enter narrower domains.")
    if area.email_domains == list(domains):
        return
    changes = {"domains": [area.email_domains, list(domains)]}
    area.email_domains = list(domains)
    area.updated_at = now
    area.version += 1
    record("membership_domains_changed", ThingKind.AREA, area.id, actor=actor, now=now, changes=changes)


def put(
    where: Where,
    person_id: int,
    role: MemberRole,
    *,
    how: How,
    organisation_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> Membership:
    """Make the row of a membership; the lock must be held, and nobody of that person be there."""
    row = Membership(
        person_id=person_id,
        role=role,
        organisation_id=organisation_id,
        how=how,
        added_by_id=actor.person_id,
        joined_at=now,
        **where.columns(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def already_there(name: str, row: Membership) -> MembershipRefused:
    """The refusal to let somebody belong twice to the same thing."""
    return MembershipRefused(
        f"{name} belongs to {row.of_what} already, as {row.role.label.lower()}. Change the role in the list instead."
    )


def _check_takes(where: Where, role: MemberRole) -> None:
    if not where.takes(role):
        raise MembershipRefused("Only an area has leads. Choose an area, or another role.")


def _name_of(actor: Actor) -> str:
    return account_queries.get_person(actor.person_id).name if actor.person_id else ""
