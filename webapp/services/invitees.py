"""Who is invited to an event: written to, written to again, let go and let in again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp import outbox, tokens
from webapp.database import insert_or, new_public_id
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.folding import clean_line, fold_email
from webapp.formats.mailboxes import Mailbox
from webapp.models.accounts import VISITOR, Actor, ThingKind
from webapp.models.events import Event, EventState
from webapp.models.registrations import Invitee
from webapp.notices import invitees as notices
from webapp.queries import events as event_queries
from webapp.queries import invitees as queries
from webapp.services import throttling
from webapp.services.activity import record

MOST_AT_ONCE = 500
WINDOW = timedelta(minutes=15)
PER_SOURCE = 60
PER_ADDRESS = 4
DOUBLE_CLICK = timedelta(minutes=1)


class NotNow(DomainError):
    """Nobody can be invited to the event as it stands."""

    code = "not_now"


class LinkRevoked(DomainError):
    """The personal link was revoked, so it cannot be sent."""

    code = "link_revoked"
    message = "This invitation was revoked. Bring it back first, then send it again."


@dataclass(frozen=True)
class Outcome:
    """How many were written to, had been invited before, had registered already, and had been revoked."""

    sent: int
    known: int
    registered: int
    revoked: int


def check_may_invite(event: Event, now: datetime) -> None:
    """Raise NotNow, with the reason, unless the link in a letter sent at `now` would lead somewhere."""
    if event.state is EventState.DRAFT:
        raise NotNow("Publish the event first: until then the link in the letter would lead nowhere.")
    if event.state is EventState.CANCELLED:
        raise NotNow("The event has been cancelled, so nobody can be invited to it.")
    closes = min(filter(None, (event.registration_closes_at, event.ends_at)))
    if event.state is not EventState.PUBLISHED or now >= closes:
        raise NotNow("Registration for this event is over, so nobody can be invited to it.")
    if not event.takes_registrations:
        raise NotNow("This event does not take registrations, so nobody can be invited to it.")


def invite(event_id: int, people: Sequence[Mailbox], *, actor: Actor, now: datetime) -> Outcome:
    """Invite people, each once and by a letter with a personal link; the addresses must differ.

    Who is invited already is not written to again, nor is who has registered already. Raises NotNow.
    """
    event = event_queries.get_fresh_event(event_id)
    check_may_invite(event, now)

    by_address = {fold_email(box.address): box for box in people}
    known = queries.addresses_invited(event.id, by_address)
    registered = queries.registered_addresses(event.id, by_address.keys() - known)
    rows = [
        _row(event, box, folded, registered.get(folded), now)
        for folded, box in by_address.items()
        if folded not in known
    ]
    added = _add(rows)
    written = [invitee for invitee in added if invitee.registration_id is None]

    if added:
        numbers = {"number": len(added), "sent": len(written)}
        record("invited", ThingKind.EVENT, event.id, actor=actor, now=now, event_id=event.id, **numbers)
    for invitee in written:
        outbox.post(notices.invited(invitee, event), now=now)
    revoked = sum(known.values())
    return Outcome(len(written), len(known) - revoked, len(added) - len(written), revoked)


def send_again(invitee_id: int, *, actor: Actor, now: datetime) -> Invitee:
    """Send the same link again; a double click sends it once. Raises LinkRevoked, and NotNow."""
    invitee = queries.lock_invitee(invitee_id)
    event = event_queries.get_fresh_event(invitee.event_id)

    check_may_invite(event, now)
    if invitee.revoked_at is not None:
        raise LinkRevoked
    if invitee.times_sent and now - invitee.sent_at < DOUBLE_CLICK:
        return invitee
    _send(invitee, event, now)
    record("invitation_sent", ThingKind.INVITEE, invitee.id, actor=actor, now=now, event_id=event.id)
    return invitee


def send_to_unregistered(event_id: int, *, actor: Actor, now: datetime) -> int:
    """Send their links again to all who have not registered, and give how many; a double click sends them once.

    Raises NotNow.
    """
    event = event_queries.get_fresh_event(event_id)
    check_may_invite(event, now)
    waiting = queries.lock_unregistered(event.id, sent_before=now - DOUBLE_CLICK)
    for invitee in waiting:
        _send(invitee, event, now)
    if waiting:
        number = len(waiting)
        record("invitations_sent", ThingKind.EVENT, event.id, actor=actor, now=now, event_id=event.id, number=number)
    return len(waiting)


def count_asked(email: str, source: str, *, now: datetime) -> None:
    """Count one link asked for, for the address and for the source, in a unit of its own. Raises TooMany."""
    by_source = throttling.Limit("invited:source", source, PER_SOURCE)
    by_address = throttling.Limit("invited:address", fold_email(email), PER_ADDRESS)
    throttling.count(by_source, by_address, window=WINDOW, now=now)


def send_own(event_id: int, email: str, *, now: datetime) -> None:
    """Send somebody their own link again if they are invited; that nothing was sent is told to nobody."""
    event = event_queries.get_fresh_event(event_id)
    found = queries.find_invitee(event.id, email)
    if found is None or found.revoked_at is not None:
        return
    try:
        send_again(found.id, actor=VISITOR, now=now)
    except DomainError:
        return


def revoke(invitee_id: int, *, actor: Actor, now: datetime) -> Invitee:
    """Let the personal link lead nowhere from now on; a place that it was used for stays."""
    return _set_revoked(invitee_id, now, "invitation_revoked", actor=actor, now=now)


def restore(invitee_id: int, *, actor: Actor, now: datetime) -> Invitee:
    """Let the personal link work again, in the letters sent before too."""
    return _set_revoked(invitee_id, None, "invitation_restored", actor=actor, now=now)


def _set_revoked(invitee_id: int, at: datetime | None, verb: str, *, actor: Actor, now: datetime) -> Invitee:
    invitee = queries.lock_invitee(invitee_id)
    if (invitee.revoked_at is None) is not (at is None):
        invitee.revoked_at = at
        record(verb, ThingKind.INVITEE, invitee.id, actor=actor, now=now, event_id=invitee.event_id)
    return invitee


def _row(event: Event, box: Mailbox, folded: str, registration_id: int | None, now: datetime) -> dict[str, object]:
    return {
        "public_id": new_public_id(),
        "event_id": event.id,
        "name": clean_line(box.name),
        "email": box.address,
        "email_folded": folded,
        "nonce": tokens.new_nonce(),
        "created_at": now,
        "sent_at": now,
        "times_sent": 0 if registration_id else 1,
        "registration_id": registration_id,
    }


def _add(rows: Sequence[dict[str, object]]) -> list[Invitee]:
    """Add these but for those that somebody else has just added, in the order given."""
    if not rows:
        return []
    statement = insert_or(db.session, Invitee).on_conflict_do_nothing(index_elements=["event_id", "email_folded"])
    added = db.session.scalars(statement.returning(Invitee), list(rows))
    found = {invitee.email_folded: invitee for invitee in added}
    return [found[str(row["email_folded"])] for row in rows if row["email_folded"] in found]


def _send(invitee: Invitee, event: Event, now: datetime) -> None:
    invitee.sent_at = now
    invitee.times_sent += 1
    outbox.post(notices.invited(invitee, event), now=now)
