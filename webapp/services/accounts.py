"""People, and how they sign in and out."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from webapp import outbox, tokens
from webapp.database import insert_or
from webapp.errors import DomainError, NotFound
from webapp.extensions import db
from webapp.folding import fold, fold_email, words
from webapp.models.accounts import Account, Actor, ActorKind, Person, SignInLink, ThingKind, WebSession
from webapp.notices import accounts as notices
from webapp.queries import accounts as queries
from webapp.services import throttling
from webapp.services.activity import record

LINK_MINUTES = 15
SESSION_LIFE = timedelta(hours=12)
SHORTEST_PASSWORD = 10
WINDOW = timedelta(minutes=15)
LINKS_PER_ADDRESS = 8
PASSWORDS_PER_ADDRESS_AND_SOURCE = 8
PASSWORDS_PER_ADDRESS = 40
# A whole council may come from one address.
PER_SOURCE = 200
DOUBLE_CLICK = timedelta(minutes=1)

# One hash takes 64 MiB, as much as the rest of a process: one at a time, the others wait their turn.
_hashing = BoundedSemaphore(1)


class LinkSpent(DomainError):
    """The link was used, or its time is over."""

    code = "link_spent"
    status = 410
    message = "This link has been used, or its 15 minutes are over. Ask for a new one."


class PasswordRefused(DomainError):
    """The password is too easy to guess; the message says why."""

    code = "password_refused"


def person_id_for(name: str, email: str, *, now: datetime) -> int:
    """The id of the person of that address, made if there is none; what a stranger types changes no profile."""
    return find_or_make_person(name, email, now=now)[0]


def find_or_make_person(name: str, email: str, *, now: datetime) -> tuple[int, bool]:
    """The same, and whether this unit made the person, so that nothing can refer to it yet."""
    found = queries.find_person_id(email)
    if found is not None:
        return found, False
    statement = insert_or(db.session, Person.__table__).values(
        name=name, email=email, email_folded=fold_email(email), created_at=now, updated_at=now
    )
    # Two requests may meet here: whoever comes second finds the row of the first.
    statement = statement.on_conflict_do_nothing(index_elements=["email_folded"]).returning(Person.id)
    made: int | None = db.session.scalar(statement)
    return (made, True) if made is not None else find_or_make_person(name, email, now=now)


def count_link(email: str, source: str, *, now: datetime) -> None:
    """Count one link asked for, for the address and for the source. Raises TooMany.

    This and count_password are to be called in a unit of their own, so that the count stays when what follows fails.
    """
    by_source = throttling.Limit("link:source", source, PER_SOURCE)
    by_address = throttling.Limit("link:address", fold_email(email), LINKS_PER_ADDRESS)
    throttling.count(by_source, by_address, window=WINDOW, now=now)


def count_password(email: str, source: str, *, now: datetime) -> None:
    """Count one password tried, for the address, for the source, and for both together. Raises TooMany.

    A stranger who tries from one source uses up that source's tries, not those of whom the address belongs to.
    """
    address = fold_email(email)
    by_source = throttling.Limit("password:source", source, PER_SOURCE)
    by_address = throttling.Limit("password:address", address, PASSWORDS_PER_ADDRESS)
    by_both = throttling.Limit("password:both", f"{address} {source}", PASSWORDS_PER_ADDRESS_AND_SOURCE)
    throttling.count(by_source, by_address, by_both, window=WINDOW, now=now)


def send_sign_in_link(email: str, *, next_path: str, now: datetime) -> None:
    """Send a link that signs in once within 15 minutes, alike whether the address is known or not."""
    person = queries.find_person_by_email(email)
    link = SignInLink(
        nonce=tokens.new_nonce(),
        email=person.email if person else email,
        email_folded=fold_email(person.email if person else email),
        next_path=next_path,
        created_at=now,
        expires_at=now + timedelta(minutes=LINK_MINUTES),
    )
    db.session.add(link)
    db.session.flush()
    outbox.post(notices.sign_in_link(link, person.name if person else "", minutes=LINK_MINUTES), now=now)


def check_link(token: str, *, browser: str, now: datetime) -> SignInLink:
    """The link of this token, still unused. Raises LinkSpent when used or expired, NotFound when forged.

    In the browser that used it, it may be used again for a minute: a double click is not an error.
    """
    link = queries.find_sign_in_link(token)
    if link is None:
        raise NotFound
    _check_unspent(link, browser, now)
    return link


def _check_unspent(link: SignInLink, browser: str, now: datetime) -> None:
    again = link.used_at is not None and link.used_in == tokens.digest(browser) and now < link.used_at + DOUBLE_CLICK
    if now >= link.expires_at or (link.used_at is not None and not again):
        raise LinkSpent


def sign_in_by_link(token: str, *, browser: str, now: datetime) -> tuple[str, str]:
    """Use the link: proves the address, and opens a session. Gives its secret and the path to go on to.

    Raises LinkSpent and NotFound as check_link does.
    """
    link = queries.lock_sign_in_link(check_link(token, browser=browser, now=now).id)
    _check_unspent(link, browser, now)
    if link.used_at is None:
        link.used_at, link.used_in = now, tokens.digest(browser)
    person = queries.get_person(person_id_for(link.email.partition("@")[0], link.email, now=now))
    if person.email_verified_at is None:
        person.email_verified_at = now
    return open_session(person.id, now=now), link.next_path


def password_matches(person: Person | None, password: str, *, memory_kib: int) -> bool:
    """Whether the password opens the person's account; takes as long for nobody as for somebody."""
    stored = person.account.password_hash if person and person.account else None
    try:
        with _hashing:
            _hasher(memory_kib).verify(stored or _nobodys_hash(memory_kib), _shortened(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def open_session(person_id: int, *, now: datetime) -> str:
    """Open a session that ends in 12 hours at the latest, and give its secret, which is stored nowhere."""
    secret = secrets.token_urlsafe(32)
    _have_account(person_id, now)
    db.session.add(
        WebSession(
            token_digest=tokens.digest(secret), person_id=person_id, created_at=now, expires_at=now + SESSION_LIFE
        )
    )
    actor = Actor(ActorKind.PERSON, person_id)
    record("signed_in", ThingKind.PERSON, person_id, actor=actor, now=now)
    return secret


def _have_account(person_id: int, now: datetime) -> Account:
    account = queries.find_account(person_id)
    if account is None:
        # Two browsers may sign in for the first time at once: whoever comes second finds the row of the first.
        statement = insert_or(db.session, Account.__table__).values(person_id=person_id, created_at=now, updated_at=now)
        db.session.execute(statement.on_conflict_do_nothing(index_elements=["person_id"]))
        return queries.get_account(person_id)
    return account


def close_session(secret: str, *, actor: Actor, now: datetime) -> None:
    """End a session on the server, so that a copied cookie opens nothing."""
    session = queries.find_open_session(secret)
    if session is not None:
        session.ended_at = now
        record("signed_out", ThingKind.PERSON, session.person_id, actor=actor, now=now)


def hash_password(password: str, *, memory_kib: int) -> str:
    """The argon2id hash of a password (RFC 9106); slow by intention, so to be made before a lock is taken."""
    with _hashing:
        return _hasher(memory_kib).hash(_shortened(password))


def check_password(password: str, *, email: str, service_name: str) -> None:
    """Raise PasswordRefused when a password is short, common, or made of what everybody knows of the person."""
    folded = fold(password)
    known = {*words(email.replace("@", " ").replace(".", " ")), *words(service_name)}
    bare = "".join(char for char in folded if char.isalpha())
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordRefused(f"Password must be {SHORTEST_PASSWORD} characters or more")
    if len(set(folded)) < 4 or folded in "01234567890123456789" or folded in "abcdefghijklmnopqrstuvwxyz":
        raise PasswordRefused("Password must not be one character or a sequence repeated")
    if bare in COMMON or (bare and any(bare == word or bare == word * 2 for word in known)):
        raise PasswordRefused("Password is too easy to guess. Three random words make a good one")


def set_password(person_id: int, password_hash: str, *, keep: str, actor: Actor, now: datetime) -> None:
    """Set the password, end every other session of the person, and tell them by mail.

    `keep` is the secret of the session that stays.
    """
    person = queries.get_person(person_id)
    account = _have_account(person_id, now)
    account.password_hash = password_hash
    account.password_changed_at = account.updated_at = now
    for session in queries.open_sessions(person_id, now=now):
        if not hmac.compare_digest(session.token_digest, tokens.digest(keep)):
            session.ended_at = now
    record("password_set", ThingKind.PERSON, person_id, actor=actor, now=now)
    outbox.post(notices.password_changed(person), now=now)


def rename(person_id: int, name: str, *, actor: Actor, now: datetime) -> None:
    """Change the name on the person's profile; registrations keep the name they were made with."""
    person = queries.get_person(person_id)
    person.name = name
    person.updated_at = now
    person.version += 1
    record("renamed", ThingKind.PERSON, person_id, actor=actor, now=now)


def _shortened(password: str) -> bytes:
    # There is no longest password: a very long one is digested first, so that hashing stays cheap.
    raw = password.encode()
    return raw if len(raw) <= 512 else hashlib.sha512(raw).digest()


@cache
def _hasher(memory_kib: int) -> PasswordHasher:
    return PasswordHasher(memory_cost=memory_kib)


@cache
def _nobodys_hash(memory_kib: int) -> str:
    return _hasher(memory_kib).hash(secrets.token_bytes(16))


# The letters of passwords that people try first; what stands around them (1234, !) does not help.
COMMON = frozenset(
    {
        "password", "passwort", "passphrase", "letmein", "letmeinplease", "welcome", "welcomewelcome", "qwerty",
        "qwertyuiop", "asdfghjkl", "zxcvbnm", "iloveyou", "sunshine", "princess", "football", "liverpool", "arsenal",
        "chelsea", "manchester", "manchesterunited", "monkey", "dragon", "superman", "batman", "changeme",
        "administrator", "admin", "socialwork", "socialworker", "socialcare", "childrensservices", "safeguarding",
        "council", "summer", "winter", "spring", "autumn", "january", "february", "september", "october", "november",
        "december", "passwordpassword", "secret", "trustno", "master", "hello", "helloworld", "london", "england",
    }
)  # fmt: skip
