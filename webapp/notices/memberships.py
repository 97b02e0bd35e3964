"""Letters about what somebody belongs to: invited, added, given another role, joined by somebody, and ended."""

from webapp.models.accounts import Person
from webapp.models.mailings import Lane, MailKind
from webapp.models.memberships import Membership, MembershipInvitation
from webapp.notices.letters import LetterFacts, Notice, dump
from webapp.notices.membership_facts import MembershipFacts


def invited(row: MembershipInvitation, *, by: str) -> Notice:
    """Asks somebody to belong to something, by a link that they accept once they have signed in."""
    facts = LetterFacts(membership=MembershipFacts.of(row), link_id=row.public_id, link_nonce=row.nonce, by=by)
    return Notice(
        name="membership_invited",
        recipient_name=row.name,
        recipient_email=row.email,
        facts=dump(facts),
        lane=Lane.URGENT,
        kind=MailKind.ASKING,
        expires_at=row.expires_at,
    )


def added(person: Person, row: Membership, *, by: str) -> Notice:
    """Tells somebody that they belong to something from now on."""
    return _told("membership_added", person, row, by)


def changed(person: Person, row: Membership, *, by: str) -> Notice:
    """Tells somebody by which role they belong to something from now on."""
    return _told("membership_changed", person, row, by)


def joined(lead: Person, row: Membership) -> Notice:
    """Tells a lead of an area that somebody joined it by their own address."""
    newcomer = row.person
    return Notice(
        name="membership_joined",
        recipient_name=lead.name,
        recipient_email=lead.email,
        facts=dump(LetterFacts(membership=MembershipFacts.of(row), speaker=newcomer.name, address=newcomer.email)),
        kind=MailKind.ASKING,
        person_id=lead.id,
    )


def ended(person: Person, row: Membership, *, by: str) -> Notice:
    """Tells somebody that somebody else ended what they belonged to."""
    return _told("membership_ended", person, row, by)


def _told(name: str, person: Person, row: Membership, by: str) -> Notice:
    return Notice(
        name=name,
        recipient_name=person.name,
        recipient_email=person.email,
        facts=dump(LetterFacts(membership=MembershipFacts.of(row), by=by)),
        kind=MailKind.ASKING,
        person_id=person.id,
    )
