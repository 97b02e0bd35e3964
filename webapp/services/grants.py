"""Who helps with an event: roles given, changed and taken away."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from webapp import outbox
from webapp.errors import DomainError, NotFound
from webapp.extensions import db
from webapp.models.accounts import Actor, Grant, Person, Role, ThingKind
from webapp.models.events import Event
from webapp.notices import grants as notices
from webapp.queries import accounts as account_queries
from webapp.queries import grants as queries
from webapp.queries.activity import last_time
from webapp.queries.events import get_fresh_event
from webapp.services.accounts import find_or_make_person
from webapp.services.activity import record

# A second click within it is the same wish.
DOUBLE_CLICK = timedelta(minutes=1)
_NEVER = datetime.max.replace(tzinfo=UTC)


class LastOwner(DomainError):
    """Without this person nobody would own the event, or only for a shorter time."""

    code = "last_owner"
    message = "This event must keep an owner. First make somebody else owner for at least as long."


class RolesChanged(DomainError):
    """The roles are no longer what the page showed."""

    code = "roles_changed"
    message = "Somebody else changed these roles in the meantime. Look at how they stand now, and choose again."


@dataclass(frozen=True)
class Given:
    """Who was invited, and the roles that they did not have before."""

    person: Person
    roles: list[Role]


def give_roles(
    event_id: int,
    *,
    name: str,
    email: str,
    roles: Collection[Role],
    until: datetime | None,
    actor: Actor,
    now: datetime,
) -> Given:
    """Give somebody roles at the event and write to them; who has them all already is left as they are.

    The roles hold at once, for whoever proves that the address is theirs. Raises NotFound for an unknown event.
    """
    event = get_fresh_event(event_id)
    person = account_queries.get_person(find_or_make_person(name, email, now=now)[0])
    kept = _at_event(queries.lock_grants(event), person.id)

    before = _valid(kept, now)
    missing = [role for role in Role if role in roles and role not in {grant.role for grant in before}]
    if not missing:
        return Given(person, [])

    for role in missing:
        _put(event, person.id, role, kept, until, now)
    held = [grant.role for grant in before]
    changes: dict[str, Any] = {"roles": [_named(held), _named([*held, *missing])]}
    if until is not None:
        changes["until"] = [None, until.isoformat()]
    record("role_given", ThingKind.PERSON, person.id, actor=actor, now=now, event_id=event.id, changes=changes)
    _write(event, person, missing, until, actor, now)
    return Given(person, missing)


def send_again(event_id: int, person_id: int, *, actor: Actor, now: datetime) -> None:
    """Send the letter about somebody's roles at the event again; twice within a minute, it goes once.

    Raises NotFound when the person has no role here.
    """
    event = get_fresh_event(event_id)
    held = _valid(_at_event(queries.lock_grants(event), person_id), now)
    if not held:
        raise NotFound

    last = last_time("role_letter_sent", ThingKind.PERSON, person_id, event_id=event.id)
    if last is not None and now < last + DOUBLE_CLICK:
        return

    record("role_letter_sent", ThingKind.PERSON, person_id, actor=actor, now=now, event_id=event.id)
    roles = [role for role in Role if role in {grant.role for grant in held}]
    _write(event, account_queries.get_person(person_id), roles, _common_end(held), actor, now)


def change_roles(
    event_id: int,
    person_id: int,
    *,
    roles: Collection[Role],
    until: datetime | None,
    seen: str,
    actor: Actor,
    now: datetime,
) -> bool:
    """Make these, until then, the person's roles at the event; gives whether anything is different by it.

    Raises NotFound when the person has no role here, RolesChanged when the roles are not those `seen`, and
    LastOwner when nobody would own the event for as long as somebody does now.
    """
    if not roles:
        raise ValueError("to have no role is what take_roles is for")
    event = get_fresh_event(event_id)
    everybody = queries.lock_grants(event)
    kept = _at_event(everybody, person_id)
    before = _valid(kept, now)
    if not before:
        raise NotFound

    wanted = dict.fromkeys(roles, until)
    held = {grant.role: grant.until for grant in before}
    if held == wanted:
        return False
    if queries.stamp(before) != seen:
        raise RolesChanged
    owned = _owned_until(everybody, now)

    changes: dict[str, Any] = {}
    if set(held) != set(roles):
        changes["roles"] = [_named(held), _named(roles)]
    if set(held.values()) != {until}:
        old = _common_end(before)
        changes["until"] = [old.isoformat() if old else None, until.isoformat() if until else None]
    added = [_put(event, person_id, role, kept, until, now) for role in roles]
    for grant in kept:
        if grant.role not in wanted:
            db.session.delete(grant)
    others = [grant for grant in everybody if grant not in kept]
    if _owned_until([*others, *added], now) < owned:
        raise LastOwner
    record("role_changed", ThingKind.PERSON, person_id, actor=actor, now=now, event_id=event.id, changes=changes)
    return True


def take_roles(event_id: int, person_id: int, *, actor: Actor, now: datetime) -> bool:
    """Take all roles at the event from somebody, or give up one's own; gives whether there was any.

    Raises LastOwner when nobody would own the event for as long as somebody does now.
    """
    event = get_fresh_event(event_id)
    everybody = queries.lock_grants(event)
    kept = _at_event(everybody, person_id)
    before = _valid(kept, now)

    if not before:
        return False
    others = [grant for grant in everybody if grant not in kept]
    if _owned_until(others, now) < _owned_until(everybody, now):
        raise LastOwner

    for grant in kept:
        db.session.delete(grant)
    changes = {"roles": [_named(grant.role for grant in before), []]}
    record("role_taken", ThingKind.PERSON, person_id, actor=actor, now=now, event_id=event.id, changes=changes)
    return True


def _at_event(grants: Iterable[Grant], person_id: int) -> list[Grant]:
    """Those of one person that were given at the event itself."""
    return [one for one in grants if one.person_id == person_id and one.thing_kind is ThingKind.EVENT]


def _valid(grants: Iterable[Grant], now: datetime) -> list[Grant]:
    return [grant for grant in grants if grant.until is None or grant.until > now]


def _put(
    event: Event, person_id: int, role: Role, kept: Iterable[Grant], until: datetime | None, now: datetime
) -> Grant:
    """Give the role, or let it run until then where the row is there already, if only as one that has run out."""
    for grant in kept:
        if grant.role is role:
            grant.until = until
            return grant
    grant = Grant(
        person_id=person_id, role=role, thing_kind=ThingKind.EVENT, thing_id=event.id, until=until, created_at=now
    )
    db.session.add(grant)
    return grant


def _owned_until(grants: Iterable[Grant], now: datetime) -> datetime:
    """Until when somebody owns the event; now, when nobody does."""
    owners = [grant for grant in _valid(grants, now) if grant.role is Role.OWNER]
    return max((grant.until or _NEVER for grant in owners), default=now)


def _common_end(grants: Iterable[Grant]) -> datetime | None:
    """The latest end of any; None when one of them has none."""
    latest = max((grant.until or _NEVER for grant in grants), default=_NEVER)
    return None if latest == _NEVER else latest


def _named(roles: Iterable[Role]) -> list[str]:
    given = set(roles)
    return [role.value for role in Role if role in given]


def _write(
    event: Event, person: Person, roles: Collection[Role], until: datetime | None, actor: Actor, now: datetime
) -> None:
    by = account_queries.get_person(actor.person_id).name if actor.person_id else ""
    outbox.post(notices.helper_invited(person, event, roles=roles, until=until, by=by), now=now)
