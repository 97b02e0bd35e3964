"""What a person saves to find it again, with a note that nobody else sees."""

from datetime import datetime

from sqlalchemy import delete

from webapp.database import insert_or
from webapp.errors import DomainError, NotFound
from webapp.extensions import db
from webapp.models.accounts import ThingKind
from webapp.models.saved import SavedItem
from webapp.queries import saved as queries

MOST = 1_000


class TooManySaved(DomainError):
    """A person saved as much as one can."""

    code = "too_many_saved"
    message = f"You have saved {MOST:,} things, which is as many as there is room for. Remove one you no longer need."


class NoteChanged(DomainError):
    """A note says something else than as its page was opened."""

    code = "note_changed"
    message = "You changed this note in another window while this page was open. Nothing is saved yet."
    status = 409


def save(person_id: int, kind: ThingKind, thing_id: int, *, note: str = "", now: datetime) -> SavedItem:
    """Save a thing for a person; saved already, it stays as it is, but for a note that is given now.

    Raises TooManySaved.
    """
    found = queries.find_saved(person_id, kind, thing_id)
    if found is None:
        if queries.count_saved(person_id) >= MOST:
            raise TooManySaved
        values = {"person_id": person_id, "thing_kind": kind, "thing_id": thing_id, "note": note, "saved_at": now}
        keys = ["person_id", "thing_kind", "thing_id"]
        db.session.execute(insert_or(db.session, SavedItem).values(values).on_conflict_do_nothing(index_elements=keys))
        found = queries.find_saved(person_id, kind, thing_id)
        if found is None:
            raise NotFound
    elif note:
        found.note = note
    return found


def write_note(person_id: int, public_id: str, note: str, *, instead_of: str) -> None:
    """Let the note of something that a person saved say this `instead_of` what it said.

    Raises NotFound when it is gone, and NoteChanged when it says neither.
    """
    found = queries.lock_saved(person_id, public_id)
    if found is None:
        raise NotFound
    if found.note not in {note, instead_of}:
        raise NoteChanged
    found.note = note


def remove(person_id: int, public_id: str) -> None:
    """Take something out of what a person saved; gone already, nothing happens."""
    found = queries.lock_saved(person_id, public_id)
    if found is not None:
        db.session.delete(found)


def forget(kind: ThingKind, thing_id: int) -> None:
    """Let go of what anybody saved of a thing that is deleted, with their notes."""
    db.session.execute(delete(SavedItem).where(SavedItem.thing_kind == kind, SavedItem.thing_id == thing_id))
