"""Invitations to belong to something: sent, sent again, withdrawn, and accepted by who signs in at their address."""

from datetime import datetime, timedelta

from webapp import outbox, tokens
from webapp.errors import DomainError, Forbidden, NotFound
from webapp.extensions import db
from webapp.folding import fold_email
from webapp.models.accounts import Actor, ThingKind
from webapp.models.belonging import MemberRole
from webapp.models.memberships import INVITATION_DAYS, How, Membership, MembershipInvitation, Where
from webapp.notices import memberships as notices
from webapp.queries import accounts as account_queries
from webapp.queries import memberships as queries
from webapp.services import throttling
from webapp.services.accounts import rename
from webapp.services.activity import record
from webapp.services.memberships.belonging import MembershipRefused, already_there, put

_LIFE = timedelta(days=INVITATION_DAYS)
# A second click within it is the same wish.
DOUBLE_CLICK = timedelta(minutes=1)
MOST_A_DAY = 200
DAY = timedelta(days=1)


class InvitationSpent(DomainError):
    """The invitation can no longer be accepted; the message says why."""

    code = "invitation_spent"
    status = 410


class WrongAccount(Forbidden):
    """Somebody signed in with another address than the one that was invited."""

    code = "wrong_account"


def count_invitation(person_id: int, *, now: datetime) -> None:
    """Count one invitation sent by this person, in a unit of its own. Raises TooMany."""
    throttling.count(throttling.Limit("membership:invited", str(person_id), MOST_A_DAY), window=DAY, now=now)


def invite(
    where: Where, *, name: str, email: str, role: MemberRole, actor: Actor, now: datetime
) -> MembershipInvitation:
    """Ask somebody by letter to belong there; who was asked and did not answer yet is asked again, by this role.

    Raises MembershipRefused for who belongs there already, and for a role that nobody has there.
    """
    queries.lock_belonging(where.programme_id)

    if not where.takes(role):
        raise MembershipRefused("Only an area has leads. Choose an area, or another role.")
    person_id = account_queries.find_person_id(email)
    before = queries.find_current(person_id, where) if person_id is not None else None
    if before is not None:
        raise already_there(name, before)

    row = queries.find_unanswered(where, email)
    if row is None:
        row = MembershipInvitation(
            nonce=tokens.new_nonce(),
            role=role,
            name=name,
            email=email,
            email_folded=fold_email(email),
            invited_by_id=actor.person_id,
            created_at=now,
            expires_at=now + _LIFE,
            **where.columns(),
        )
        db.session.add(row)
        db.session.flush()
    elif row.role is role and _was_just_sent(row, now):
        return row
    row.role, row.name, row.expires_at = role, name, now + _LIFE
    record("membership_invited", ThingKind.MEMBERSHIP_INVITATION, row.id, actor=actor, now=now, role=role.label)
    return _send(row.id, actor, now)


def send_again(invitation_id: int, *, actor: Actor, now: datetime) -> None:
    """Send the letter again, and let the invitation stand anew; twice within a minute, it goes once.

    Raises InvitationSpent once it was accepted or withdrawn.
    """
    row = queries.lock_invitation(invitation_id)
    if row.accepted_at is not None or row.withdrawn_at is not None:
        raise InvitationSpent(_why_spent(row))
    if _was_just_sent(row, now):
        return
    row.expires_at = now + _LIFE
    record("membership_letter_sent", ThingKind.MEMBERSHIP_INVITATION, row.id, actor=actor, now=now)
    _send(row.id, actor, now)


def withdraw(invitation_id: int, *, actor: Actor, now: datetime) -> None:
    """Take an invitation back, so that its link opens nothing; raises InvitationSpent once it was accepted."""
    row = queries.lock_invitation(invitation_id)
    if row.accepted_at is not None:
        raise InvitationSpent(_why_spent(row))
    if row.withdrawn_at is None:
        row.withdrawn_at = now
        record("membership_invitation_withdrawn", ThingKind.MEMBERSHIP_INVITATION, row.id, actor=actor, now=now)


def invitation_token(row: MembershipInvitation) -> str:
    """The secret part of the link to an invitation, for whom it went to."""
    return tokens.make(queries.INVITATION, row.public_id, row.nonce)


def check_invitation(token: str, *, now: datetime) -> MembershipInvitation:
    """The invitation that a link opens, accepted or not; raises NotFound when forged, InvitationSpent when over."""
    row = queries.find_by_token(token)
    if row is None:
        raise NotFound
    if row.accepted_at is None and not row.is_open(now):
        raise InvitationSpent(_why_spent(row))
    return row


def accept(token: str, *, actor: Actor, now: datetime) -> Membership:
    """Let whoever signed in at the address invited belong there; accepted by them already, it stays so.

    Who never said what they are called is called as they were invited. Raises what check_invitation does, WrongAccount
    for who signed in with another address, and InvitationSpent where the membership that came of it is over.
    """
    row = queries.lock_invitation(check_invitation(token, now=now).id)
    if actor.person_id is None or account_queries.find_person_id(row.email) != actor.person_id:
        raise WrongAccount("This invitation went to another address than the one that you are signed in with.")
    current = queries.find_current(actor.person_id, row.where)
    if row.accepted_at is not None:
        if current is None:
            raise InvitationSpent(_why_spent(row))
        return current
    if not row.is_open(now):
        raise InvitationSpent(_why_spent(row))

    row.accepted_at = now
    if current is None:
        current = put(row.where, actor.person_id, row.role, how=How.INVITED, actor=actor, now=now)
        current.added_by_id = row.invited_by_id
    if account_queries.get_person(actor.person_id).is_named_by_address:
        rename(actor.person_id, row.name, actor=actor, now=now)
    record("membership_accepted", ThingKind.MEMBERSHIP_INVITATION, row.id, actor=actor, now=now)
    return current


def _send(invitation_id: int, actor: Actor, now: datetime) -> MembershipInvitation:
    row = queries.lock_invitation(invitation_id)
    by = account_queries.get_person(actor.person_id).name if actor.person_id else ""
    outbox.post(notices.invited(row, by=by), now=now)
    return row


def _was_just_sent(row: MembershipInvitation, now: datetime) -> bool:
    """Whether the letter went within the last minute: what it is worth counts from then."""
    return now < row.expires_at - _LIFE + DOUBLE_CLICK


def _why_spent(row: MembershipInvitation) -> str:
    if row.accepted_at is not None:
        return "This invitation was accepted, and the membership that came of it is over. Ask for a new one."
    if row.withdrawn_at is not None:
        return "This invitation was taken back. If you think that it should not have been, ask who invited you."
    return f"This invitation was open for {INVITATION_DAYS} days, which are over. Ask who invited you for a new one."
