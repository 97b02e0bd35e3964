"""Who moderates a community: chosen by those who set its programme up, and told of it by letter."""

from datetime import datetime

from webapp import outbox
from webapp.extensions import db
from webapp.models.accounts import Actor, Grant, Person, Role, ThingKind
from webapp.notices import moderation as notices
from webapp.queries import accounts as account_queries
from webapp.queries import moderation as queries
from webapp.queries.communities import lock_community
from webapp.services.accounts import find_or_make_person
from webapp.services.activity import record


def appoint(community_id: int, *, name: str, email: str, actor: Actor, now: datetime) -> tuple[Person, bool]:
    """Let somebody moderate a community, at once, and write to them; gives who, and whether they did not before."""
    community = lock_community(community_id)
    person_id, _ = find_or_make_person(name, email, now=now)
    person = account_queries.get_person(person_id)
    grant = queries.lock_appointment(community_id, person_id)
    if grant is not None and (grant.until is None or grant.until > now):
        return person, False

    if grant is None:
        grant = Grant(
            person_id=person_id,
            role=Role.MODERATOR,
            thing_kind=ThingKind.COMMUNITY,
            thing_id=community_id,
            created_at=now,
        )
        db.session.add(grant)
    grant.until = None
    record("moderator_chosen", ThingKind.COMMUNITY, community_id, actor=actor, now=now, person=person.public_id)
    by = account_queries.get_person(actor.person_id).name if actor.person_id else ""
    outbox.post(notices.moderator_chosen(person, community, by=by), now=now)
    db.session.flush()
    return person, True


def dismiss(community_id: int, person_id: int, *, actor: Actor, now: datetime) -> None:
    """Let somebody no longer moderate a community; who does not already stays as they are.

    What they had taken to look at goes back to all.
    """
    lock_community(community_id)
    grant = queries.lock_appointment(community_id, person_id)
    if grant is None:
        return
    db.session.delete(grant)
    for case in queries.lock_claimed_by(person_id, community_id):
        case.claimed_by_id, case.claimed_at = None, None
        case.version += 1
    person = account_queries.get_person(person_id)
    record("moderator_dismissed", ThingKind.COMMUNITY, community_id, actor=actor, now=now, person=person.public_id)
    db.session.flush()
