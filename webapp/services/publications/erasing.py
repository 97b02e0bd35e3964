"""Words that an article said once, erased for good: of somebody who asks for it, or what should not have been there."""

from datetime import datetime

from webapp.models.accounts import Actor
from webapp.queries import publications as queries
from webapp.services.publications.recording import note


def erase_earlier(article_id: int, *, actor: Actor, now: datetime) -> int:
    """Erase what all earlier versions of an article said, but for the present one; gives how many there were.

    Who changed it and when stays; what was erased is not recorded.
    """
    article = queries.lock_article(article_id)
    earlier = queries.lock_earlier_versions(article.id)
    for version in earlier:
        version.said = {}
    if earlier:
        note("article_versions_erased", article, actor=actor, now=now)
    return len(earlier)
