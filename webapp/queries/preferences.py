"""Reading what people have declined."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Select, select, tuple_

from webapp import tokens
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.mailings import DECLINABLE, MailKind, declining
from webapp.models.preferences import DeclinedMail
from webapp.models.registrations import Registration
from webapp.queries.batches import batched

# The purpose of the link to all that a person may decline.
LETTERS = "letters"


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


@dataclass(frozen=True, kw_only=True)
class Unsubscribing:
    """Who a link is for, and which kind of letter it declines; `letters_token` leads on to all kinds."""

    person_id: int
    kind: MailKind
    letters_token: str


def get_unsubscribing(token: str) -> Unsubscribing:
    """What a link in a letter declines; raises NotFound when it is forged, foreign, or was replaced."""
    row = _holder(token)
    kind = next((one for one in DECLINABLE if tokens.proves(token, declining(one), row.link_nonce)), None)
    if kind is None:
        raise NotFound
    letters = tokens.make(LETTERS, row.public_id, row.link_nonce)
    return Unsubscribing(person_id=row.person_id, kind=kind, letters_token=letters)


def get_person_by_letters_link(token: str) -> int:
    """The person whose letters a link is about; raises NotFound as above."""
    row = _holder(token)
    if not tokens.proves(token, LETTERS, row.link_nonce):
        raise NotFound
    return row.person_id


def _holder(token: str) -> Registration:
    public_id = tokens.public_id(token)
    statement = select(Registration).where(Registration.public_id == public_id)
    found = db.session.scalars(statement).one_or_none() if public_id else None
    if found is None:
        raise NotFound
    return found
