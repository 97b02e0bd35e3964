"""Who helps with an event, by which roles, and where they hold them from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.folding import name_key
from webapp.models.accounts import ActorKind, Grant, Person, Power, Role, ThingKind, Viewer, reach
from webapp.models.activity import Activity
from webapp.models.events import Event

_RANKS = {role: place for place, role in enumerate(Role)}


@dataclass(frozen=True)
class Helper:
    """Somebody who has a role that reaches an event: given here, or at its programme or the whole site."""

    person: Person
    here: Sequence[Grant]
    above: Sequence[Grant]

    @property
    def grants(self) -> list[Grant]:
        """All of them, those given here first."""
        return [*self.here, *self.above]

    @property
    def seen(self) -> str:
        """What the roles given here are, for a form to carry along and a service to compare."""
        return stamp(self.here)


@dataclass(frozen=True)
class LostRole:
    """When and how somebody's last role at an event ended: taken by somebody, given up, or over by itself."""

    at: datetime
    actor_kind: ActorKind = ActorKind.SYSTEM
    actor_id: int | None = None


def stamp(grants: Iterable[Grant]) -> str:
    """Roles and their ends as one line of text, the same for the same."""
    return " ".join(sorted(f"{grant.role}:{grant.until.isoformat() if grant.until else ''}" for grant in grants))


def helpers_of(event: Event, *, now: datetime) -> list[Helper]:
    """Everybody with a role that reaches the event now: owners first, then by surname."""
    statement = select(Grant, Person).join(Person, Person.id == Grant.person_id)
    statement = statement.where(_reaching(event), _valid(now), Person.merged_into_id.is_(None)).order_by(Grant.id)
    people: dict[int, Person] = {}
    held: dict[int, list[Grant]] = {}
    for grant, person in db.session.execute(statement):
        people[person.id] = person
        held.setdefault(person.id, []).append(grant)
    found = [_helper(person, held[person.id]) for person in people.values()]
    return sorted(found, key=lambda one: (min(_rank(g) for g in one.grants), name_key(one.person.name), one.person.id))


def get_helper(event: Event, public_id: str, *, now: datetime) -> Helper:
    """The person of that public id with the roles that reach the event now; raises NotFound when there is none."""
    helper = find_helper(event, public_id, now=now)
    if helper is None:
        raise NotFound
    return helper


def find_helper(event: Event, public_id: str, *, now: datetime) -> Helper | None:
    """The same, or None."""
    statement = select(Grant, Person).join(Person, Person.id == Grant.person_id)
    statement = statement.where(_reaching(event), _valid(now), Person.public_id == public_id).order_by(Grant.id)
    rows = db.session.execute(statement).all()
    return _helper(rows[0][1], [grant for grant, _ in rows]) if rows else None


def find_lost_role(event_public_id: str, viewer: Viewer, *, now: datetime) -> LostRole | None:
    """How the viewer came to have no role at the event any more; None for who has one, and who never had."""
    event = db.session.scalars(select(Event).where(Event.public_id == event_public_id)).one_or_none()
    if event is None or reach(viewer, Power.LOOK).covers(event.programme_id, event.id):
        return None
    found: list[LostRole] = []
    taken = (
        select(Activity.at, Activity.actor_kind, Activity.actor_id)
        .where(Activity.thing_kind == ThingKind.PERSON, Activity.thing_id == viewer.id)
        .where(Activity.verb == "role_taken", Activity.event_id == event.id)
        .order_by(Activity.id.desc())
        .limit(1)
    )
    found += [LostRole(*row) for row in db.session.execute(taken)]
    ends = select(func.max(Grant.until)).where(_reaching(event), Grant.person_id == viewer.id, Grant.until <= now)
    over = db.session.scalar(ends)
    if over is not None:
        found.append(LostRole(over))
    return max(found, key=lambda one: one.at, default=None)


def lock_grants(event: Event) -> list[Grant]:
    """Every grant that reaches the event, those that have run out too; until the unit ends nobody changes its roles."""
    # First the lock, then what stands: the answer to a statement that waits shows nothing that was added meanwhile.
    db.session.execute(select(Event.id).where(Event.id == event.id).with_for_update(key_share=True))
    statement = select(Grant).where(_reaching(event)).order_by(Grant.id)
    return list(db.session.scalars(statement.execution_options(populate_existing=True)))


def _reaching(event: Event) -> ColumnElement[bool]:
    return or_(
        and_(Grant.thing_kind == ThingKind.EVENT, Grant.thing_id == event.id),
        and_(Grant.thing_kind == ThingKind.PROGRAMME, Grant.thing_id == event.programme_id),
        and_(Grant.thing_kind == ThingKind.SITE, Grant.thing_id == 0),
    )


def _valid(now: datetime) -> ColumnElement[bool]:
    return or_(Grant.until.is_(None), Grant.until > now)


def _helper(person: Person, grants: Sequence[Grant]) -> Helper:
    ranked = sorted(grants, key=lambda grant: (_rank(grant), grant.id))
    here = [grant for grant in ranked if grant.thing_kind is ThingKind.EVENT]
    return Helper(person, here, [grant for grant in ranked if grant.thing_kind is not ThingKind.EVENT])


def _rank(grant: Grant) -> int:
    return _RANKS[grant.role]
