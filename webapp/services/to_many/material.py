"""Files that go with a letter to many: inside it where they are small, else by a link to our own pages."""

from datetime import datetime

from webapp.errors import DomainError
from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.files import Attachment, FileReach
from webapp.notices.letters import MaterialFacts
from webapp.queries import to_many as queries
from webapp.services import files
from webapp.services.activity import record
from webapp.services.to_many.writing import lock_open

MOST_FILES = 5
# In all, inside one letter: mail servers refuse more than about 10 MB, and base64 makes a third more of it.
LARGEST_ENCLOSED = 5 * 1024 * 1024


class TooMuchMaterial(DomainError):
    """More files, or larger ones, than go with a letter."""

    code = "too_much_material"
    status = 409


def add_material(
    mailing_id: int, written: files.Written, filename: str, title: str, *, enclosed: bool, actor: Actor, now: datetime
) -> Attachment:
    """Put a file with a letter, inside it or by a link; the same content again is the same file, as said last.

    Raises NotOpen and TooMuchMaterial.
    """
    mailing = lock_open(mailing_id)
    given = queries.material_of(mailing.id)
    kept = files.keep(written, now=now)
    row = next((one for one in given if one.file_id == kept.id), None)
    others = [one for one in given if one is not row]
    if len(others) >= MOST_FILES:
        raise TooMuchMaterial(f"A letter can have {MOST_FILES} files at most. Take one out first.")
    if enclosed and enclosed_size(others) + written.size > LARGEST_ENCLOSED:
        raise TooMuchMaterial(
            f"The files inside a letter may have {LARGEST_ENCLOSED // 1024 // 1024} MB in all. Let the letter link to"
            " this one instead."
        )
    if row is None:
        row = Attachment(
            file_id=kept.id, event_id=mailing.event_id, thing_kind=ThingKind.MAILING, thing_id=mailing.id, added_at=now
        )
        db.session.add(row)
    row.title, row.filename = title or filename, filename
    # What is inside a letter needs no address; what it links to, whoever has the link may fetch.
    row.reach = FileReach.ORGANISERS if enclosed else FileReach.PUBLIC
    mailing.updated_at = now
    db.session.flush()
    record("material_added", ThingKind.MAILING, mailing.id, actor=actor, now=now, event_id=mailing.event_id)
    return row


def remove_material(mailing_id: int, attachment: str, *, actor: Actor, now: datetime) -> None:
    """Take a file out of a letter; gone already, nothing happens. Raises NotOpen."""
    mailing = lock_open(mailing_id)
    for one in queries.material_of(mailing.id):
        if one.public_id == attachment:
            db.session.delete(one)
            record("material_removed", ThingKind.MAILING, mailing.id, actor=actor, now=now, event_id=mailing.event_id)


def enclosed_size(material: list[Attachment]) -> int:
    """How many bytes of these files go inside the letter."""
    return sum(one.file.size for one in material if one.reach is FileReach.ORGANISERS)


def material_facts(mailing_id: int) -> list[MaterialFacts]:
    """The files of a letter as its facts name them."""
    return [
        MaterialFacts(
            title=one.title,
            filename=one.filename,
            media_type=one.file.media_type,
            size=one.file.size,
            digest=one.file.digest if one.reach is FileReach.ORGANISERS else "",
            public_id=one.public_id if one.reach is FileReach.PUBLIC else "",
        )
        for one in queries.material_of(mailing_id)
    ]
