"""Reading stored files: what a photograph or attachment is, who may fetch it, and what nobody needs any more."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Column, Select, and_, select
from sqlalchemy.orm import contains_eager

from webapp.database import Base
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import Power, ThingKind, Viewer, Visitor, reach
from webapp.models.agenda import Contribution, Session
from webapp.models.drafts import DraftSession
from webapp.models.events import Event, EventState
from webapp.models.files import Attachment, StoredFile
from webapp.models.speakers import Speaker

PHOTO = "image/jpeg"


def lock_file(digest: str) -> StoredFile | None:
    """The file with this content, kept from being swept until the unit ends; None when there is none."""
    return db.session.scalars(select(StoredFile).where(StoredFile.digest == digest).with_for_update()).one_or_none()


def get_photo(digest: str, *, viewer: Viewer | Visitor) -> tuple[StoredFile, bool]:
    """A photograph of a speaker, and whether everybody may see it; others are for who looks after some agenda.

    Raises NotFound when there is none for this viewer.
    """
    public = (
        select(Speaker.id)
        .join(Contribution, Contribution.speaker_id == Speaker.id)
        .join(Contribution.session)
        .join(Session.event)
        .where(Speaker.photo_id == StoredFile.id, Event.state != EventState.DRAFT)
        .exists()
    )
    statement = select(StoredFile, public).where(
        StoredFile.digest == digest,
        StoredFile.media_type == PHOTO,
        select(Speaker.id).where(Speaker.photo_id == StoredFile.id).exists(),
    )
    row = db.session.execute(statement).one_or_none()
    if row is None or not (row[1] or reaches_any_agenda(viewer)):
        raise NotFound
    return row[0], bool(row[1])


def reaches_any_agenda(viewer: Viewer | Visitor) -> bool:
    """Whether the viewer may edit the agenda of any event at all."""
    reached = reach(viewer, Power.EDIT_AGENDA)
    return reached.everything or bool(reached.programmes or reached.events)


def attachments_of(draft_session_ids: Sequence[int], *, event_id: int) -> list[Attachment]:
    """What was given for these sessions of an event's draft, with the files, in the order in which it came."""
    statement = _of_sessions().where(Attachment.thing_id.in_(draft_session_ids), Attachment.event_id == event_id)
    return list(db.session.scalars(statement.order_by(Attachment.id)))


def get_attachment(public_id: str, *, event_id: int) -> Attachment:
    """A file given for a session of this event; raises NotFound."""
    statement = _of_sessions().where(Attachment.public_id == public_id, Attachment.event_id == event_id)
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def _of_sessions() -> Select[Attachment]:
    of_one = and_(DraftSession.id == Attachment.thing_id, Attachment.thing_kind == ThingKind.DRAFT_SESSION)
    joined = select(Attachment).join(Attachment.file).join(DraftSession, of_one)
    return joined.options(contains_eager(Attachment.file))


def lock_unused(*, before: datetime, limit: int) -> list[StoredFile]:
    """Files older than this that nothing refers to, locked; those that others have locked are passed by."""
    statement = (
        select(StoredFile)
        .where(
            StoredFile.created_at < before,
            *(StoredFile.id.not_in(select(column).where(column.is_not(None))) for column in _referring()),
        )
        .order_by(StoredFile.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(db.session.scalars(statement))


def _referring() -> Iterator[Column[int]]:
    """Every column of every table that refers to a file, so that nobody need remember to name theirs here."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column is StoredFile.__table__.c.id:
                yield key.parent


def known_digests(digests: Iterable[str]) -> frozenset[str]:
    """Those of the digests under which a file is known."""
    wanted = sorted(digests)
    found: set[str] = set()
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        found |= set(db.session.scalars(select(StoredFile.digest).where(StoredFile.digest.in_(some))))
    return frozenset(found)
