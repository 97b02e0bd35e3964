"""Reading the files that organisers asked for."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.events import Event
from webapp.models.operations import Export, ExportPart, FileType
from webapp.queries.leases import lock_next


def exports_of(person_id: int, event_id: int, *, now: datetime) -> list[Export]:
    """What a person asked for of an event and is still kept, latest first."""
    statement = select(Export).where(
        Export.person_id == person_id, Export.event_id == event_id, Export.expires_at > now
    )
    return list(db.session.scalars(statement.order_by(Export.id.desc()).limit(20)))


def get_export(public_id: str, *, person_id: int, event_id: int, now: datetime) -> Export:
    """A file of an event that is ready, for the one who asked for it; raises NotFound."""
    statement = select(Export).where(
        Export.public_id == public_id,
        Export.person_id == person_id,
        Export.event_id == event_id,
        Export.expires_at > now,
        Export.finished_at.is_not(None),
    )
    export = db.session.scalars(statement).one_or_none()
    if export is None:
        raise NotFound
    return export


def each_part(export_id: int) -> Iterator[bytes]:
    """The pieces of a file in order, one in memory at a time."""
    statement = (
        select(ExportPart.content).where(ExportPart.export_id == export_id).order_by(ExportPart.position, ExportPart.id)
    )
    yield from db.session.scalars(statement.execution_options(yield_per=1))


def find_same_export(
    person_id: int, event_id: int, filetype: FileType, filters: dict[str, Any], *, with_needs: bool, now: datetime
) -> Export | None:
    """The same list asked for by the same person and still being made."""
    statement = select(Export).where(
        Export.person_id == person_id,
        Export.event_id == event_id,
        Export.filetype == filetype,
        Export.with_needs == with_needs,
        Export.finished_at.is_(None),
        Export.failed_at.is_(None),
        Export.expires_at > now,
    )
    found = db.session.scalars(statement.order_by(Export.id.desc()).limit(20))
    return next((export for export in found if export.filters == filters), None)


def lock_next_export(*, now: datetime) -> Export | None:
    """The file that has waited longest to be made and that nobody is making, locked."""
    statement = (
        select(Export)
        .where(
            Export.finished_at.is_(None),
            Export.failed_at.is_(None),
            Export.expires_at > now,
        )
        .order_by(Export.id)
    )
    return lock_next(statement, Export, now=now)


def lock_export(export_id: int) -> Export | None:
    """The export as it is now, locked; None when it is gone."""
    statement = select(Export).where(Export.id == export_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def get_export_with_event(export_id: int) -> Export:
    """The export with its event and the questions that it asks; the id must be of a row that exists."""
    statement = select(Export).where(Export.id == export_id)
    statement = statement.options(joinedload(Export.event).options(joinedload(Event.questions)))
    return db.session.scalars(statement).unique().one()


def expired_export_ids(*, now: datetime) -> list[int]:
    """The files whose day is over, oldest first."""
    return list(db.session.scalars(select(Export.id).where(Export.expires_at < now).order_by(Export.id).limit(500)))
