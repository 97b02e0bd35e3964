"""Reading what people have declined."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Select, select, tuple_

from webapp import tokens
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.mailings import DECLINABLE, Letter, MailKind, declining
from webapp.models.preferences import DeclinedMail
from webapp.models.registrations import Registration
from webapp.queries.batches import batched

# The purpose of the link to all that a person may decline.
LETTERS = "letters"
MOST_LETTERS = 200


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
    """What a link in a letter declines; raises NotFound when it is forged or foreign."""
    for person_id, public_id, nonce in _holders(token):
        kind = next((one for one in DECLINABLE if tokens.proves(token, declining(one), nonce)), None)
        if kind is not None:
            letters = tokens.make(LETTERS, public_id, nonce)
            return Unsubscribing(person_id=person_id, kind=kind, letters_token=letters)
    raise NotFound


def get_person_by_letters_link(token: str) -> int:
    """The person whose letters a link is about; raises NotFound as above."""
    for person_id, _public_id, nonce in _holders(token):
        if tokens.proves(token, LETTERS, nonce):
            return person_id
    raise NotFound


def _holders(token: str) -> Iterator[tuple[int, str, str]]:
    """Whom a link may be of: the id of the person, and the public id and the nonce that it was then made from.

    It is made from its letter. In letters of before it was made from a registration, whose nonce may be another by now:
    those that were ever used stand in the letters to the same person.
    """
    public_id = tokens.public_id(token)
    if public_id is None:
        return
    of_letter = select(Letter.person_id).where(Letter.public_id == public_id, Letter.person_id.is_not(None))
    for person_id in db.session.scalars(of_letter):
        yield person_id or 0, public_id, ""
    statement = select(Registration.person_id, Registration.event_id, Registration.link_nonce)
    for person_id, event_id, nonce in db.session.execute(statement.where(Registration.public_id == public_id)):
        yield person_id, public_id, nonce
        earlier = select(Letter.facts).where(Letter.person_id == person_id, Letter.event_id == event_id)
        for facts in db.session.scalars(earlier.order_by(Letter.id.desc()).limit(MOST_LETTERS)):
            if facts.get("link_id") == public_id:
                yield person_id, public_id, facts.get("link_nonce", "")
