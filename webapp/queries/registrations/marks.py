"""What organisers put on registrations for themselves: tags and notes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, literal, select
from sqlalchemy.orm import joinedload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.folding import fold
from webapp.models.registrations import Registration, RegistrationNote, RegistrationTag

MOST_TAGS = 200


@dataclass(frozen=True)
class Tag:
    """A tag as it is shown, and as it is compared."""

    name: str
    folded: str


def tags_of(registration_ids: Sequence[int]) -> Mapping[int, list[Tag]]:
    """The tags of these registrations by their ids, each in the order of the alphabet."""
    found: dict[int, list[Tag]] = defaultdict(list)
    if registration_ids:
        row = RegistrationTag
        carried = row.registration_id.in_(registration_ids)
        statement = select(row.registration_id, row.name, row.name_folded).where(carried)
        for registration_id, name, folded in db.session.execute(
            statement.order_by(row.name_folded, RegistrationTag.id)
        ):
            found[registration_id].append(Tag(name, folded))
    return found


def tags_at(event_id: int) -> list[Tag]:
    """The different tags of an event's registrations, in the order of the alphabet, up to 200."""
    row = RegistrationTag
    # From each tag the index is asked for the next one: how many registrations carry them does not matter.
    first = select(func.min(row.name_folded).label("folded"), literal(1).label("place")).where(row.event_id == event_id)
    walk = first.cte("walk", recursive=True)
    following = (
        select(func.min(row.name_folded)).where(row.event_id == event_id, row.name_folded > walk.c.folded)
    ).scalar_subquery()
    walk = walk.union_all(
        select(following, walk.c.place + 1).where(walk.c.folded.is_not(None), walk.c.place < MOST_TAGS)
    )
    name = (
        select(row.name)
        .where(row.event_id == event_id, row.name_folded == walk.c.folded)
        .order_by(row.registration_id, RegistrationTag.id)
        .limit(1)
        .scalar_subquery()
    )
    statement = select(name, walk.c.folded).where(walk.c.folded.is_not(None))
    return [Tag(name, folded) for name, folded in db.session.execute(statement)]


def find_tag(registration_id: int, name: str) -> RegistrationTag | None:
    """The tag of this name on a registration, letters and accents compared as in a search."""
    row = RegistrationTag
    return db.session.scalars(
        select(row).where(row.registration_id == registration_id, row.name_folded == fold(name))
    ).one_or_none()


def find_tag_name(event_id: int, name: str) -> str | None:
    """How a tag of this name is already written at the event."""
    row = RegistrationTag
    statement = select(row.name).where(row.event_id == event_id, row.name_folded == fold(name))
    return db.session.scalars(statement.order_by(row.registration_id, RegistrationTag.id).limit(1)).one_or_none()


def notes_of(registration_id: int) -> list[RegistrationNote]:
    """The notes on a registration with their authors, latest first."""
    row = RegistrationNote
    statement = select(row).where(row.registration_id == registration_id).options(joinedload(row.author))
    return list(db.session.scalars(statement.order_by(RegistrationNote.id.desc())))


def lock_note(event_id: int, public_id: str) -> RegistrationNote:
    """A note on one of an event's registrations, locked until the unit ends; raises NotFound."""
    row = RegistrationNote
    statement = (
        select(row)
        .join(Registration, Registration.id == row.registration_id)
        .where(row.public_id == public_id, Registration.event_id == event_id)
        .with_for_update(of=row)
    )
    note = db.session.scalars(statement).one_or_none()
    if note is None:
        raise NotFound
    return note
