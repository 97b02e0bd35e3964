"""How a post comes before moderators: one open case for it, of which they are told when nothing else waits for them."""

from datetime import datetime

from webapp import outbox
from webapp.extensions import db
from webapp.models.accounts import Role
from webapp.models.moderation import CaseReason, ModerationCase
from webapp.models.topics import Post
from webapp.notices import moderation as notices
from webapp.queries import moderation as queries


def open_case(post: Post, reason: CaseReason, *, now: datetime) -> ModerationCase:
    """Let moderators look at a locked post, unless they do already; gives the one open case of it.

    Those who were chosen to moderate get a letter, unless something waits for them already.
    """
    found = queries.lock_open_case(post.id)
    if found is not None:
        return found
    case = ModerationCase(community_id=post.community_id, post_id=post.id, reason=reason, opened_at=now)
    db.session.add(case)
    db.session.flush()
    if not queries.others_wait(post.community_id, but=case.id):
        community = queries.community_of(post)
        for person in queries.moderators_of(community, now=now, roles={Role.MODERATOR}):
            outbox.post(notices.something_waits(person, community), now=now)
    return case
