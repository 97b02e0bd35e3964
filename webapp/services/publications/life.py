"""From draft through review to publication at a time, and back."""

from datetime import datetime

from webapp.extensions import db
from webapp.models.accounts import Actor
from webapp.models.publications import Article, Issue, WritingState
from webapp.queries import publications as queries
from webapp.services.publications.correcting import send_back
from webapp.services.publications.readiness import missing_of, readiness_of_issue
from webapp.services.publications.recording import NotReady, PublicationRefused, changed, check_version, note


def ask_for_review(article_id: int, *, actor: Actor, now: datetime) -> Article:
    """Say that a draft is ready to be looked through; it is no change of its words."""
    article = queries.lock_article(article_id)
    if article.state is WritingState.DRAFT:
        article.state = WritingState.REVIEW
        article.updated_at = now
        note("article_in_review", article, actor=actor, now=now)
    return article


def approve(
    article_id: int,
    *,
    checked_by: str,
    version: int,
    actor: Actor,
    now: datetime,
    at: datetime | None = None,
) -> Article:
    """Let an article come out with its issue, or at a time of its own; `checked_by` looked it through as it stands.

    Raises PublicationChanged when it is another version, and NotReady with all that is missing.
    """
    article = queries.lock_article(article_id)
    wanted = (WritingState.PUBLISHED, checked_by, version, at)
    if (article.state, article.checked_by, article.checked_version, article.publishes_at) == wanted:
        return article
    check_version(article, version)
    missing = missing_of(article)
    if missing:
        raise NotReady(missing)
    article.state = WritingState.PUBLISHED
    article.publishes_at, article.is_ahead = at, at is not None and at > now
    article.checked_by, article.checked_at, article.checked_version = checked_by, now, article.version
    article.updated_at = now
    note("article_approved", article, actor=actor, now=now)
    return article


def take_article_back(article_id: int, *, actor: Actor, now: datetime) -> Article:
    """Make an article a draft again, which nobody else reads; who checked it is forgotten."""
    article = queries.lock_article(article_id)
    if article.state is not WritingState.DRAFT:
        send_back(article, WritingState.DRAFT)
        article.updated_at = now
        note("article_taken_back", article, actor=actor, now=now)
    return article


def ask_for_issue_review(issue_id: int, *, actor: Actor, now: datetime) -> Issue:
    """Say that a draft of an issue is ready to be looked through as a whole."""
    issue = queries.lock_issue(issue_id)
    if issue.state is WritingState.DRAFT:
        issue.state = WritingState.REVIEW
        changed("issue_in_review", issue, actor=actor, now=now)
    return issue


def publish(issue_id: int, *, at: datetime, version: int, actor: Actor, now: datetime) -> Issue:
    """Let an issue come out at this time, at once where it is now or past; those of its articles that are ready.

    Raises PublicationChanged, NotReady, and PublicationRefused for another time of one that is out.
    """
    issue = queries.lock_issue(issue_id)
    at = max(at, now)
    if issue.is_out(now):
        if at > now:
            raise PublicationRefused("This issue is out already. Return it to draft to publish it at another time.")
        return issue
    if issue.state is WritingState.PUBLISHED and issue.publishes_at == at:
        return issue
    check_version(issue, version)
    missing = readiness_of_issue(issue, queries.lock_articles(issue.id)).missing
    if missing:
        raise NotReady(missing)
    issue.state, issue.publishes_at, issue.is_ahead = WritingState.PUBLISHED, at, at > now
    changed("issue_scheduled" if at > now else "issue_published", issue, actor=actor, now=now)
    return issue


def take_back(issue_id: int, *, actor: Actor, now: datetime) -> Issue:
    """Make an issue a draft again, which nobody else reads; its articles stay as they are."""
    issue = queries.lock_issue(issue_id)
    if issue.state is not WritingState.DRAFT:
        issue.state, issue.publishes_at, issue.is_ahead = WritingState.DRAFT, None, False
        changed("issue_taken_back", issue, actor=actor, now=now)
    return issue


def settle(*, now: datetime) -> int:
    """Note that what was ahead has come out, so that the search need not ask of it any more; gives how many."""
    settled = 0
    while rows := queries.come_out(now=now):
        for row in rows:
            row.is_ahead = False
        db.session.flush()
        settled += len(rows)
    return settled
