"""Taking part in communities: the rules of conduct, and who somebody is there."""

from datetime import datetime

from webapp.database import insert_or
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.folding import slug
from webapp.models.accounts import Actor, ThingKind
from webapp.models.communities import Community, MemberProfile, Participation
from webapp.queries import communities as queries
from webapp.services.activity import record

_LONGEST_HANDLE = 40


class RulesNotAccepted(DomainError):
    """The rules of conduct in force were not accepted; the page shows them."""

    code = "rules_not_accepted"
    status = 409
    message = "Read and accept the rules of this community first."


def participation_in(community: Community, person_id: int, name: str, *, now: datetime) -> Participation:
    """How the person takes part, locked; begun if there is none, together with what mentions go by."""
    found = queries.lock_participation(community.id, person_id)
    if found is not None:
        return found
    profile_of(person_id, name, now=now)
    statement = insert_or(db.session, Participation.__table__).values(
        community_id=community.id,
        person_id=person_id,
        joined_at=now,
        # What was new to a member stays so when they write for the first time.
        read_until=queries.member_since(person_id, community.programme_id) or now,
        told_until=now,
    )
    # Two presses at once meet here; both find the row of the first.
    db.session.execute(statement.on_conflict_do_nothing(index_elements=["community_id", "person_id"]))
    made = queries.lock_participation(community.id, person_id)
    assert made is not None
    return made


def accept_rules(community: Community, number: int, *, actor: Actor, name: str, now: datetime) -> None:
    """Take note that somebody accepted the rules of this number; raises RulesNotAccepted when others are in force."""
    if actor.person_id is None or number != community.rules_number:
        raise RulesNotAccepted
    mine = participation_in(community, actor.person_id, name, now=now)
    if mine.rules_accepted != number:
        mine.rules_accepted, mine.rules_accepted_at = number, now
        record("rules_accepted", ThingKind.COMMUNITY, community.id, actor=actor, now=now, number=number)


def profile_of(person_id: int, name: str, *, now: datetime) -> MemberProfile:
    """What others see of the person in communities; made with a handle of its own if there is none."""
    found = queries.find_profile(person_id)
    while found is None:
        handle = queries.free_handle(_handle(name))
        statement = insert_or(db.session, MemberProfile.__table__).values(
            person_id=person_id, handle=handle, created_at=now, updated_at=now
        )
        # Whoever has the same name, or presses twice, may have taken it meanwhile.
        db.session.execute(statement.on_conflict_do_nothing())
        found = queries.find_profile(person_id)
    return found


def _handle(name: str) -> str:
    made = slug(name)[: _LONGEST_HANDLE - 5].strip("-")
    return made if len(made) >= 3 else f"member-{made}".strip("-")
