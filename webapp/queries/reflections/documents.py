"""Reading the documents that were asked for."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, undefer

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.reflections import Reflection, ReflectionDocument
from webapp.queries.leases import lock_next


def get_document(
    reflection_id: int, public_id: str, *, person_id: int, now: datetime, with_content: bool = False
) -> ReflectionDocument:
    """A document of a reflection, for the one who asked for it, with its bytes if wanted; raises NotFound."""
    statement = select(ReflectionDocument).where(
        ReflectionDocument.public_id == public_id,
        ReflectionDocument.reflection_id == reflection_id,
        ReflectionDocument.person_id == person_id,
        ReflectionDocument.expires_at > now,
    )
    if with_content:
        statement = statement.options(undefer(ReflectionDocument.content))
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def documents_of(reflection_id: int, person_id: int) -> list[ReflectionDocument]:
    """What a person asked for of a reflection, latest first."""
    statement = select(ReflectionDocument).where(
        ReflectionDocument.reflection_id == reflection_id, ReflectionDocument.person_id == person_id
    )
    return list(db.session.scalars(statement.order_by(ReflectionDocument.id.desc())))


def lock_next_document(*, now: datetime) -> ReflectionDocument | None:
    """The document that has waited longest to be made and that nobody is making, locked."""
    statement = (
        select(ReflectionDocument)
        .where(
            ReflectionDocument.finished_at.is_(None),
            ReflectionDocument.failed_at.is_(None),
            ReflectionDocument.expires_at > now,
        )
        .order_by(ReflectionDocument.id)
    )
    return lock_next(statement, ReflectionDocument, now=now)


def lock_document(document_id: int) -> ReflectionDocument | None:
    """The document as it is now, locked; None when it is gone."""
    statement = select(ReflectionDocument).where(ReflectionDocument.id == document_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def find_reflection_of(document_id: int) -> Reflection | None:
    """The reflection that a document is to be made of, with its framework, owner and team; None when it is gone."""
    statement = (
        select(Reflection)
        .join(ReflectionDocument, ReflectionDocument.reflection_id == Reflection.id)
        .where(ReflectionDocument.id == document_id)
        .options(joinedload(Reflection.framework), joinedload(Reflection.owner), joinedload(Reflection.team))
    )
    return db.session.scalars(statement).one_or_none()


def expired_document_ids(*, now: datetime, limit: int) -> list[int]:
    """The documents whose day is over, oldest first."""
    statement = select(ReflectionDocument.id).where(ReflectionDocument.expires_at < now)
    return list(db.session.scalars(statement.order_by(ReflectionDocument.id).limit(limit)))
