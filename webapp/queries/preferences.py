"""Reading what people have declined."""

from collections.abc import Collection, Iterable

from sqlalchemy import Select, select, tuple_

from webapp.extensions import db
from webapp.models.mailings import MailKind
from webapp.models.preferences import DeclinedMail
from webapp.queries.batches import batched


def declined_ids(kind: MailKind) -> Select[int]:
    """The people who have declined this kind, as a select for set-based statements; it gives each id once."""
    return select(DeclinedMail.person_id).where(DeclinedMail.kind == kind)


def who_declined(kind: MailKind, person_ids: Collection[int]) -> set[int]:
    """Who of these people has declined this kind, 500 people to a query; nobody where it may not be declined."""
    found: set[int] = set()
    if kind.may_be_declined:
        for some in batched(sorted(person_ids)):
            found |= set(db.session.scalars(declined_ids(kind).where(DeclinedMail.person_id.in_(some))))
    return found


def declined_of(pairs: Iterable[tuple[int, MailKind]]) -> set[tuple[int, MailKind]]:
    """Those of these people and kinds of which the person has declined the kind, 500 to a query."""
    found: set[tuple[int, MailKind]] = set()
    wanted = sorted({(person_id, kind) for person_id, kind in pairs if kind.may_be_declined})
    for some in batched(wanted):
        statement = select(DeclinedMail.person_id, DeclinedMail.kind).where(
            tuple_(DeclinedMail.person_id, DeclinedMail.kind).in_(some)
        )
        found |= {(person_id, kind) for person_id, kind in db.session.execute(statement)}
    return found


def declined_by(person_id: int) -> set[MailKind]:
    """The kinds that one person has declined."""
    return set(db.session.scalars(select(DeclinedMail.kind).where(DeclinedMail.person_id == person_id)))
