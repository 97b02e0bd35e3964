"""What becomes of an approved article when it is changed: what was checked is what comes out."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from webapp.models.accounts import Actor
from webapp.models.publications import Article, WritingState
from webapp.queries import publications as queries
from webapp.services.publications.readiness import missing_of
from webapp.services.publications.recording import PublicationRefused, note


@contextmanager
def correcting(article: Article, *, actor: Actor, now: datetime) -> Iterator[None]:
    """Around a change of a locked article: approved and not out yet, it goes back to review, to be checked anew.

    Out already, it stays so and counts as corrected; PublicationRefused where the change would leave something missing
    that was not missing before.
    """
    before = article.version
    is_approved = article.state is WritingState.PUBLISHED
    # Read under the lock of the article: whoever publishes the issue waits for it, or has done so.
    is_out = is_approved and article.is_out(queries.get_issue_now(article.issue_id), now)
    lacked = missing_of(article) if is_out else []
    yield
    if article.version == before or not is_approved:
        return
    if not is_out:
        send_back(article, WritingState.REVIEW)
        note("article_back_in_review", article, actor=actor, now=now)
        return
    missing = [sentence for sentence in missing_of(article) if sentence not in lacked]
    if missing:
        raise PublicationRefused(
            "This article is published, and this change would leave something missing. "
            + " ".join(missing)
            + " Put that right at the same time, or return the article to draft first."
        )


def send_back(article: Article, state: WritingState) -> None:
    """Make an approved article one that nobody has checked, with no time at which it comes out."""
    article.state = state
    article.publishes_at, article.is_ahead = None, False
    article.checked_by, article.checked_at, article.checked_version = "", None, None
