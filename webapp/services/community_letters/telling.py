"""What the worker does with a new post: a letter to each follower, some hundreds at a time.

Whom a letter is for is read outside the unit that posts it, and that unit is short, so that others write meanwhile. One
that dies leaves the rest to the next, who goes on behind the last person that was told.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from webapp import outbox, transaction
from webapp.extensions import db
from webapp.models.mailings import MailKind
from webapp.notices import communities as notices
from webapp.queries import community_letters as queries
from webapp.queries.preferences import who_declined

AT_ONCE = 500
logger = logging.getLogger(__name__)


def tell_followers(clock: Callable[[], datetime], *, stopping: Callable[[], bool] = lambda: False) -> int:
    """Tell followers of all posts that wait for it; gives how many letters were posted. Several may do so at once."""
    waiting = queries.to_tell()
    db.session.rollback()
    posted = 0
    for post_id in waiting:
        try:
            more = True
            while more and not stopping():
                number, more = _tell_some(post_id, clock())
                posted += number
        except Exception:  # one post's trouble is not to hold up the others; the next round goes on
            logger.exception("Followers of post %s could not be told", post_id)
    return posted


def _tell_some(post_id: int, now: datetime) -> tuple[int, bool]:
    """Tell the next few hundred of a post; gives how many letters that were, and whether more people are left."""
    told, rows, last = _made(post_id, now)
    with transaction.unit():
        telling = queries.lock_telling(post_id)
        if telling is None or (last is not None and telling.told_person_id != told):
            return 0, False  # another worker is about it, or was
        # Taken away while the letters were made, it is told to nobody; what was told already, leaves by itself.
        gone = queries.find_telling(post_id) is None
        if gone or last is None:
            db.session.delete(telling)
            return 0, False
        telling.told_person_id = last
        return outbox.post_rows(rows), True


def _made(post_id: int, now: datetime) -> tuple[int, Sequence[dict[str, Any]], int | None]:
    """Up to whom the post was told, the letters to the next few, and the last of those who were looked at."""
    found = queries.find_telling(post_id)
    told, rows, last = 0, [], None
    if found is not None:
        told, post = found
        ids = queries.perhaps_told(post, after=told, limit=AT_ONCE)
        last = ids[-1] if ids else None
        declined = who_declined(MailKind.COMMUNITY, ids)
        followers = [one for one in queries.followers_of(post, ids, now=now) if one.id not in declined]
        rows = [outbox.row_of(one, now) for one in notices.of_post(post.id, post.community_id, followers, now=now)]
    db.session.rollback()
    return told, rows, last
