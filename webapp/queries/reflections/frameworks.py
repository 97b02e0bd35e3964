"""Reading frameworks and the versions of what they ask."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import Power, Viewer, Visitor, reach
from webapp.models.events import Event, EventState
from webapp.models.reflections import Asked, Framework, FrameworkVersion, Reflection


def offered_frameworks() -> list[Framework]:
    """The frameworks that people can begin with, each with its programme, by title."""
    statement = select(Framework).where(Framework.published > 0, Framework.retired_at.is_(None))
    return _all(statement.limit(200))


def get_framework(public_id: str) -> Framework:
    """A framework that is or was offered, with its programme; raises NotFound."""
    return _one(select(Framework).where(Framework.public_id == public_id, Framework.published > 0))


def managed_frameworks(viewer: Viewer | Visitor) -> list[tuple[Framework, int]]:
    """The frameworks of programmes where the viewer sets up events, each with how many reflections there are."""
    reached = reach(viewer, Power.SET_UP)
    statement = select(Framework).limit(200)
    if not reached.everything:
        statement = statement.where(Framework.programme_id.in_(sorted(reached.programmes)))
    found = _all(statement)
    numbers = _numbers([one.id for one in found])
    return [(one, numbers.get(one.id, 0)) for one in found]


def get_managed_framework(public_id: str, *, viewer: Viewer | Visitor) -> Framework:
    """The framework, for somebody who sets up events in its programme; raises NotFound for all others."""
    found = _one(select(Framework).where(Framework.public_id == public_id))
    reached = reach(viewer, Power.SET_UP)
    if not reached.everything and found.programme_id not in reached.programmes:
        raise NotFound
    return found


def framework_of(reflection: Reflection) -> Framework:
    """The framework of a reflection as it is now."""
    return db.session.scalars(select(Framework).where(Framework.id == reflection.framework_id)).one()


def lock_framework(framework_id: int) -> Framework:
    """The framework as it is now, locked until the unit ends; raises NotFound."""
    statement = select(Framework).where(Framework.id == framework_id).with_for_update()
    found = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def versions_of(framework_id: int) -> list[FrameworkVersion]:
    """All versions of a framework, latest first."""
    statement = select(FrameworkVersion).where(FrameworkVersion.framework_id == framework_id)
    return list(db.session.scalars(statement.order_by(FrameworkVersion.number.desc(), FrameworkVersion.id)))


def get_version(framework_id: int, number: int) -> FrameworkVersion:
    """One version of a framework; raises NotFound."""
    statement = select(FrameworkVersion).where(
        FrameworkVersion.framework_id == framework_id, FrameworkVersion.number == number
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def asked_in(framework_id: int, numbers: Collection[int]) -> dict[int, Asked]:
    """What each of these versions of a framework asks, by its number."""
    statement = select(FrameworkVersion).where(
        FrameworkVersion.framework_id == framework_id, FrameworkVersion.number.in_(sorted(numbers))
    )
    return {row.number: row.asks for row in db.session.scalars(statement)}


def count_reflections(framework_id: int) -> int:
    """How many reflections were begun with a framework."""
    return _numbers([framework_id]).get(framework_id, 0)


def events_begun(programme_id: int, *, now: datetime) -> list[Event]:
    """The events of a programme that have begun and that people registered for, the latest 50 first."""
    statement = select(Event).where(
        Event.programme_id == programme_id,
        Event.state == EventState.PUBLISHED,
        Event.starts_at <= now,
        Event.takes_registrations,
    )
    return list(db.session.scalars(statement.order_by(Event.starts_at.desc(), Event.id.desc()).limit(50)))


def _numbers(framework_ids: Collection[int]) -> dict[int, int]:
    statement = (
        select(Reflection.framework_id, func.count())
        .where(Reflection.framework_id.in_(sorted(framework_ids)))
        .group_by(Reflection.framework_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def _all(statement: Select[Framework]) -> list[Framework]:
    statement = statement.options(joinedload(Framework.programme)).order_by(Framework.title, Framework.id)
    return list(db.session.scalars(statement))


def _one(statement: Select[Framework]) -> Framework:
    found = db.session.scalars(statement.options(joinedload(Framework.programme))).one_or_none()
    if found is None:
        raise NotFound
    return found
