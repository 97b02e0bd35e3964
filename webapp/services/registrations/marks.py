"""What organisers put on registrations for themselves: tags to find people by, and notes. Nobody else sees them."""

from datetime import datetime

from sqlalchemy import delete

from webapp.database import insert_or
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.folding import fold
from webapp.models.accounts import Actor, ThingKind
from webapp.models.registrations import CARRIED, RegistrationNote, RegistrationTag
from webapp.queries import registrations as queries
from webapp.queries.registrations import Chosen
from webapp.services.activity import record, record_many
from webapp.services.registrations.applications import NumberChanged, TooManyAtOnce

MOST_TAGGED = 20_000
_KIND = ThingKind.REGISTRATION


class MarkRefused(DomainError):
    """The tag or note cannot be put there, or not be taken away by this person."""

    code = "mark_refused"


def add_tag(event_id: int, chosen: Chosen, name: str, *, number: int, actor: Actor, now: datetime) -> int:
    """Put a tag on those chosen; gives how many did not carry it before.

    Raises NumberChanged unless as many are chosen as were confirmed, MarkRefused for a tag of no
    letter or digit, and TooManyAtOnce beyond 20,000.
    """
    folded = fold(name)
    if not any(char.isalnum() for char in folded):
        raise MarkRefused("Enter a tag with at least one letter or digit.")
    # Written as it already is at this event, so that one tag has one spelling.
    name = queries.find_tag_name(event_id, name) or name
    _check_number(event_id, chosen, number)

    row = RegistrationTag
    those = queries.tags_for(event_id, chosen, name, folded)
    statement = insert_or(db.session, row.__table__).from_select(
        ["event_id", "registration_id", "name", "name_folded", *CARRIED], those
    )
    statement = statement.on_conflict_do_nothing(index_elements=["registration_id", "name_folded"])
    changed = db.session.scalars(statement.returning(row.registration_id)).all()
    record_many("tagged", _KIND, changed, actor=actor, now=now, event_id=event_id, tag=name)
    return len(changed)


def remove_tag(event_id: int, chosen: Chosen, name: str, *, number: int, actor: Actor, now: datetime) -> int:
    """Take a tag off those chosen; gives how many carried it. Raises NumberChanged and TooManyAtOnce as add_tag()
    does.
    """
    _check_number(event_id, chosen, number)

    row = RegistrationTag
    statement = delete(row).where(
        row.event_id == event_id,
        row.name_folded == fold(name),
        row.registration_id.in_(queries.chosen_ids(event_id, chosen)),
    )
    changed = db.session.scalars(
        statement.returning(row.registration_id).execution_options(synchronize_session=False)
    ).all()
    record_many("untagged", _KIND, changed, actor=actor, now=now, event_id=event_id, tag=name)
    return len(changed)


def add_note(registration_id: int, text: str, *, author_id: int, actor: Actor, now: datetime) -> RegistrationNote:
    """Write a note about a registration, for the other organisers. Raises NotFound."""
    registration = queries.lock_registration(registration_id)
    note = RegistrationNote(registration_id=registration.id, author_id=author_id, text=text, created_at=now)
    db.session.add(note)
    record("noted", _KIND, registration.id, actor=actor, now=now, event_id=registration.event_id)
    return note


def delete_note(event_id: int, public_id: str, *, author_id: int, actor: Actor, now: datetime) -> None:
    """Delete a note of one's own. Raises NotFound, and MarkRefused for somebody else's."""
    note = queries.lock_note(event_id, public_id)
    if note.author_id != author_id:
        raise MarkRefused("Only whoever wrote a note can delete it.")
    db.session.delete(note)
    record("note_deleted", _KIND, note.registration_id, actor=actor, now=now, event_id=event_id)


def _check_number(event_id: int, chosen: Chosen, number: int) -> None:
    stands = sum(queries.count_chosen(event_id, chosen).values())
    if stands != number:
        raise NumberChanged(stands)
    if number > MOST_TAGGED:
        raise TooManyAtOnce(MOST_TAGGED)
