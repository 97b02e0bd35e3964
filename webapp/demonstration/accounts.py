"""The demonstration accounts: one for each sort of person who uses the service. Their password is no secret."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from webapp.extensions import db
from webapp.folding import fold_email
from webapp.models.accounts import Account, Grant, Person, Role, ThingKind
from webapp.models.programmes import Programme
from webapp.services.accounts import hash_password

__all__ = ["ACCOUNTS", "PRACTITIONER", "DemonstrationAccount", "load_accounts"]

PASSWORD = "demonstration-only"  # noqa: S105 - shown to whoever starts the demonstration
# Lighter than for real accounts, since there is nothing to protect and somebody waits for the start.
HASH_MEMORY_KIB = 19456


@dataclass(frozen=True)
class DemonstrationAccount:
    """An account to try the service with."""

    email: str
    name: str
    may: str
    password: str = PASSWORD
    site_roles: tuple[Role, ...] = ()
    programme_roles: tuple[Role, ...] = ()

    def __str__(self) -> str:
        return f"{self.email:<25} {self.password}   {self.name} {self.may}"


PRACTITIONER = DemonstrationAccount(
    "practitioner@example.org",
    "Robin Ashdown",
    "has a place at one event, waits for another, and has put sessions into My agenda",
)
ORGANISER = DemonstrationAccount(
    "organiser@example.org",
    "Morgan Ellery",
    "runs the invented programme: sees and decides registrations, but not access needs",
    programme_roles=(Role.ORGANISER,),
)
ACCESS_LEAD = DemonstrationAccount(
    "access.lead@example.org",
    "Samira Okafor-Lane",
    "sees registrations of the invented programme together with access and dietary needs",
    programme_roles=(Role.ACCESS_LEAD, Role.REGISTRATIONS),
)
ANALYST = DemonstrationAccount(
    "analyst@example.org",
    "Imogen Farthingale",
    "reads the surveys of the invented programme, single confidential answers included",
    programme_roles=(Role.ANALYST,),
)
ADMIN = DemonstrationAccount(
    "admin@example.org", "Alex Wintergreen", "owns the whole service", site_roles=(Role.OWNER,)
)

ACCOUNTS = [PRACTITIONER, ORGANISER, ACCESS_LEAD, ANALYST, ADMIN]


def load_accounts(programme: Programme, *, now: datetime) -> dict[str, Person]:
    """The people of the demonstration accounts by address; who exists already keeps password and roles."""
    wanted = select(Person).where(Person.email_folded.in_([fold_email(account.email) for account in ACCOUNTS]))
    people = {person.email_folded: person for person in db.session.scalars(wanted)}
    missing = [account for account in ACCOUNTS if fold_email(account.email) not in people]
    password_hash = hash_password(PASSWORD, memory_kib=HASH_MEMORY_KIB) if missing else ""
    for account in missing:
        person = Person(
            name=account.name,
            email=account.email,
            email_folded=fold_email(account.email),
            email_verified_at=now,
            demonstration=True,
            created_at=now,
            updated_at=now,
            account=Account(password_hash=password_hash, password_changed_at=now, created_at=now, updated_at=now),
        )
        people[person.email_folded] = person
        db.session.add(person)
        db.session.flush()
        _grant(person, account.site_roles, ThingKind.SITE, 0, now)
        _grant(person, account.programme_roles, ThingKind.PROGRAMME, programme.id, now)
    db.session.flush()
    return people


def _grant(person: Person, roles: tuple[Role, ...], kind: ThingKind, thing_id: int, now: datetime) -> None:
    for role in roles:
        db.session.add(Grant(person_id=person.id, role=role, thing_kind=kind, thing_id=thing_id, created_at=now))
