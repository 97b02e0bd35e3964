"""Who may register for an event: anyone, certain addresses, the people of its programme, or those invited.

An address counts by its domain as soon as it is typed. What else lets somebody in, an invitation or a role, counts
only where the address is proven, by the link in a letter or by being signed in: otherwise the form would tell
whoever types an address whether it is invited.
"""

from collections.abc import Sequence
from datetime import datetime

import idna

from webapp.errors import DomainError
from webapp.models.accounts import Actor, ThingKind
from webapp.models.events import Admission, Event
from webapp.models.registrations import Invitee
from webapp.queries import events as event_queries
from webapp.queries import invitees as queries
from webapp.queries import programmes as programme_queries
from webapp.services.activity import record

MOST_DOMAINS = 200
NAMED = 5


class NotAdmitted(DomainError):
    """The address does not belong to those who may register."""

    code = "not_admitted"
    status = 403

    @classmethod
    def at(cls, event: Event, domains: Sequence[str]) -> "NotAdmitted":
        """The refusal in the words that fit the event: who may, and what to do."""
        where = _named(domains)
        if event.admission is Admission.DOMAINS:
            return cls(
                f"Only people with an e-mail address at {where} can register for this event. Enter such an address. If"
                " you were invited at another address, use the link in that letter."
            )
        if event.admission is Admission.PROGRAMME:
            can = f"people of the programme with an e-mail address at {where}" if domains else "people of the programme"
            return cls(
                f"Only {can} can register for this event. Enter such an address. If you have a role in the programme"
                " or were invited at another address, sign in with it first, or use the link in that letter."
            )
        return cls(
            "This event is by invitation. Use the link in the letter that invited you, or sign in with the address"
            " that it was sent to."
        )

    @classmethod
    def for_colleague(cls, event: Event, domains: Sequence[str]) -> "NotAdmitted":
        """The refusal to whoever wants to pass a place on to an address that is not let in."""
        if domains:
            return cls(
                f"Your place can only pass to somebody with an e-mail address at {_named(domains)}. Enter such an"
                " address, or ask the organiser to pass it on."
            )
        who = "by invitation" if event.admission is Admission.INVITATION else "for people of its programme"
        return cls(
            f"This event is {who}, so you cannot pass your place on yourself. Ask the organiser to pass it on for you."
        )


class DomainsRefused(DomainError):
    """What was typed holds something that is not a domain; `problems` names each."""

    code = "domains_refused"

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = list(problems)


class AdmissionChanged(DomainError):
    """Somebody else changed the event since the page was opened."""

    code = "changed_meanwhile"
    message = (
        "Somebody else changed this event since you opened the page, so nothing was saved. Look at what stands now,"
        " then save what you chose again."
    )


def admit(event: Event, email: str, *, invited: str, person_id: int | None, now: datetime) -> Invitee | None:
    """As whom an address is let in: the invitee, or None where no invitation was needed.

    `invited` is the public id of the invitee whose link was used; `person_id` is of whoever is signed in, where the
    address is their own. An event that anyone may register for asks the database nothing. Raises NotAdmitted.
    """
    if event.admission is Admission.ANYONE and not invited:
        return None
    if invited or person_id is not None:
        invitee = queries.find_invitee(event.id, email)
        proven = invitee is not None and (person_id is not None or invitee.public_id == invited)
        if invitee is not None and proven and invitee.revoked_at is None:
            return invitee
    if event.admission is Admission.ANYONE:
        return None
    domains = domains_of(event)
    if lies_below(email, domains):
        return None
    of_programme = event.admission is Admission.PROGRAMME and person_id is not None
    if of_programme and queries.has_role_at_programme(person_id or 0, event.programme_id, now=now):
        return None
    raise NotAdmitted.at(event, domains)


def admit_colleague(event: Event, email: str, *, now: datetime) -> None:
    """Raise NotAdmitted, in words for the holder of a place, unless it may pass to this address.

    Nothing proves the address, so no invitation to it counts: the answer would tell who is invited.
    """
    try:
        admit(event, email, invited="", person_id=None, now=now)
    except NotAdmitted:
        raise NotAdmitted.for_colleague(event, domains_of(event)) from None


def domains_of(event: Event) -> list[str]:
    """The domains whose addresses are let in without more; none where they do not count."""
    if event.admission is Admission.DOMAINS:
        return event.admitted_domains
    if event.admission is Admission.PROGRAMME:
        return programme_queries.get_email_domains(event.programme_id)
    return []


def lies_below(email: str, domains: Sequence[str]) -> bool:
    """Whether the address is at one of these domains or at one below it: `x@team.a.org` is below `a.org`."""
    own = _ascii(email.rpartition("@")[2])
    return any(own == domain or own.endswith(f".{domain}") for domain in map(_ascii, domains))


def clean_domains(text: str) -> list[str]:
    """The domains in a text, one a line or parted by commas, in lower case and once each; raises DomainsRefused."""
    found: dict[str, str] = {}
    problems = []
    for piece in text.replace(",", "\n").replace(";", "\n").splitlines():
        typed = piece.strip()
        if not typed:
            continue
        # People paste "@a.org", "*.a.org", "name@a.org" and "https://www.a.org/" when asked for a domain.
        bare = typed.rpartition("://")[2].partition("/")[0].rpartition("@")[2].removeprefix("*.").strip(".").lower()
        bare = bare.removeprefix("www.")
        try:
            key = idna.encode(bare, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            key = ""
        if "." not in key or key.rpartition(".")[2].isdigit() or not set(key) <= _LETTERS:
            problems.append(
                f"“{typed[:80]}” is not a domain. Enter the part of the address after the @, like example.org"
            )
            continue
        found.setdefault(key, idna.decode(key))
    if len(found) > MOST_DOMAINS:
        problems.append(f"Enter {MOST_DOMAINS} domains or fewer; there are {len(found)}")
    if problems:
        raise DomainsRefused(problems)
    return list(found.values())


def set_admission(
    event_id: int, admission: Admission, domains: Sequence[str], *, version: int, actor: Actor, now: datetime
) -> Event:
    """Set who may register from now on; whoever has registered keeps their place. As it is already, nothing happens.

    Raises AdmissionChanged where the event is no longer of the version shown, and DomainsRefused where none is given.
    """
    event = event_queries.get_fresh_event(event_id)
    # Those of before stand ready for whoever chooses them again.
    kept = list(domains) if admission is Admission.DOMAINS else event.admitted_domains

    if (event.admission, event.admitted_domains) == (admission, kept):
        return event
    if event.version != version:
        raise AdmissionChanged
    if admission is Admission.DOMAINS and not kept:
        raise DomainsRefused(["Enter at least one domain, like example.org"])

    before: dict[str, object] = {"admission": event.admission, "domains": event.admitted_domains}
    event.admission, event.admitted_domains = admission, kept
    event.version += 1
    event.updated_at = now
    after: dict[str, object] = {"admission": admission, "domains": kept}
    changes = _changes(before, after)
    record("admission_changed", ThingKind.EVENT, event.id, actor=actor, now=now, event_id=event.id, changes=changes)
    return event


def set_programme_domains(programme_id: int, domains: Sequence[str], *, actor: Actor, now: datetime) -> None:
    """Set whose addresses count as the programme's own, for all its events; as they are already, nothing happens."""
    programme = programme_queries.lock_programme(programme_id)
    if programme.email_domains == list(domains):
        return
    moved = _changes({"domains": programme.email_domains}, {"domains": list(domains)})
    programme.email_domains = list(domains)
    programme.updated_at = now
    record("domains_changed", ThingKind.PROGRAMME, programme.id, actor=actor, now=now, changes=moved)


_LETTERS = set("abcdefghijklmnopqrstuvwxyz0123456789-.")


def _changes(before: dict[str, object], after: dict[str, object]) -> dict[str, object]:
    """What changed, as {field: [from, to]}."""
    return {name: [before[name], after[name]] for name in after if before[name] != after[name]}


def _ascii(domain: str) -> str:
    try:
        return idna.encode(domain.lower(), uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return domain.lower()


def _named(domains: Sequence[str]) -> str:
    """Some domains as one phrase; the event's page names all of them."""
    if len(domains) > NAMED:
        return f"{', '.join(domains[:NAMED])} or another place that the event’s page names"
    return " or ".join(filter(None, (", ".join(domains[:-1]), *domains[-1:])))
