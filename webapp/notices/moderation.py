"""Letters to those who look after communities: that something waits for them, and that they were chosen to.

None of them holds anything that was written, nor by whom: who reads over a shoulder learns nothing of a child.
"""

from webapp.models.accounts import Person
from webapp.models.communities import Community
from webapp.models.mailings import Lane, MailKind
from webapp.models.moderation import ModerationCase
from webapp.notices.letters import LetterFacts, ModerationFacts, Notice, dump


def child_concern(
    name: str, email: str, community: Community, case: ModerationCase, *, hidden: bool, again: bool = False
) -> Notice:
    """Tells the named lead, or who stands in for them, that somebody is worried about a child; `again` is a reminder.

    `hidden` says whether the post is out of sight meanwhile.
    """
    facts = ModerationFacts(
        slug=community.slug,
        public_id=community.public_id,
        name=community.name,
        case=case.public_id,
        since=case.child_at,
        hidden=hidden,
    )
    return Notice(
        name="child_concern_unseen" if again else "child_concern",
        recipient_name=name,
        recipient_email=email,
        facts=dump(LetterFacts(moderation=facts)),
        lane=Lane.URGENT,
        kind=MailKind.CONDUCT,
    )


def something_waits(person: Person, community: Community) -> Notice:
    """Tells a moderator that a post waits, where nothing did before."""
    return _to(person, "something_waits", community)


def moderator_chosen(person: Person, community: Community, *, by: str) -> Notice:
    """Tells somebody that they were chosen to moderate a community, and how to get there."""
    return _to(person, "moderator_chosen", community, by=by)


def _to(person: Person, name: str, community: Community, *, by: str = "") -> Notice:
    facts = ModerationFacts(slug=community.slug, public_id=community.public_id, name=community.name)
    return Notice(
        name=name,
        recipient_name=person.name,
        recipient_email=person.email,
        facts=dump(LetterFacts(moderation=facts, by=by)),
        kind=MailKind.CONDUCT,
        person_id=person.id,
    )
