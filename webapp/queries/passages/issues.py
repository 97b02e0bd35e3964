"""What passages of publications there are to be: of each published issue one, and of its articles those of their parts.

Nothing here reads a clock: what was ahead when its time was set is private and carries a tag of its own, and whoever
searches is given the tags of those whose time has come.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from webapp.extensions import db
from webapp.formats import prose
from webapp.models.passages import PassageKind
from webapp.models.publications import Article, Issue, WritingState, article_themes
from webapp.queries.batches import batched
from webapp.queries.passages.building import Entry
from webapp.queries.publications import ids_come_out
from webapp.searching import MARK, joined, plain


def ahead_tag(kind: PassageKind, thing_id: int) -> str:
    """The tag of an issue or article that was ahead when its time was set."""
    return f"{MARK}a{kind.value}{thing_id}"


def tags_come_out(*, now: datetime) -> tuple[str, ...]:
    """The tags of what was ahead when its time was set, and may be found by everybody at `now`."""
    kinds = (PassageKind.ISSUE, PassageKind.ARTICLE)
    return tuple(ahead_tag(kinds[is_article], one) for is_article, one in ids_come_out(now=now))


def issues_of_publications(publication_ids: Collection[int]) -> set[int]:
    """The ids of the issues of these publications."""
    statement = select(Issue.id)
    return {
        found
        for some in batched(sorted(publication_ids))
        for found in db.session.scalars(statement.where(Issue.publication_id.in_(some)))
    }


def issues_with_themes(theme_ids: Collection[int]) -> set[int]:
    """The ids of the issues of which an article is about one of these themes."""
    statement = select(Article.issue_id).join(article_themes, article_themes.c.article_id == Article.id).distinct()
    return {
        found
        for some in batched(sorted(theme_ids))
        for found in db.session.scalars(statement.where(article_themes.c.theme_id.in_(some)))
    }


def entries_of_issues(ids: Collection[int]) -> list[Entry]:
    """What is to be found of these issues and their articles; nothing of those that are not published."""
    return [entry for some in batched(sorted(ids)) for entry in _entries(some)]


def _entries(ids: Sequence[int]) -> list[Entry]:
    issues = select(Issue).where(Issue.id.in_(ids), Issue.state == WritingState.PUBLISHED)
    found = []
    by_id = {}
    for issue in db.session.scalars(issues.options(joinedload(Issue.publication)).order_by(Issue.id)):
        by_id[issue.id] = issue
        found.append(_issue(issue))
    articles = (
        select(Article)
        .where(Article.issue_id.in_(sorted(by_id)), Article.state == WritingState.PUBLISHED)
        .options(selectinload(Article.authors), selectinload(Article.figures), selectinload(Article.themes))
        .order_by(Article.id)
    )
    found += [_article(article, by_id[article.issue_id]) for article in db.session.scalars(articles)]
    return found


def _issue(issue: Issue) -> Entry:
    publication = issue.publication
    return Entry(
        kind=PassageKind.ISSUE,
        source_id=issue.id,
        thing_id=issue.id,
        public_id=issue.public_id,
        slug=issue.slug,
        title=f"{issue.title}: {publication.title}, issue {issue.number}",
        text=joined(plain(issue.introduction), *issue.key_messages, plain(issue.acknowledgements)),
        also=joined(issue.season, publication.title),
        programme_id=publication.programme_id,
        is_private=issue.is_ahead,
        day=issue.day,
        tag=ahead_tag(PassageKind.ISSUE, issue.id) if issue.is_ahead else "",
    )


def _article(article: Article, issue: Issue) -> Entry:
    at = article.comes_out_at(issue)
    is_ahead = article.is_ahead or issue.is_ahead
    captions = [text for figure in article.figures for text in (figure.caption, figure.alt)]
    names = [text for author in article.authors for text in (author.name, author.role, author.organisation_name)]
    return Entry(
        kind=PassageKind.ARTICLE,
        source_id=issue.id,
        thing_id=article.id,
        public_id=article.public_id,
        slug=article.slug,
        title=article.title,
        text=joined(
            article.standfirst,
            prose.plain(article.body),
            *(quote["text"] for quote in article.quotes),
            *article.key_messages,
            *captions,
        ),
        also=joined(*names, *(theme.name for theme in article.themes), issue.publication.title),
        programme_id=issue.publication.programme_id,
        is_private=is_ahead,
        day=at.astimezone(issue.timezone).date() if at else None,
        themes=frozenset(theme.id for theme in article.themes),
        tag=ahead_tag(PassageKind.ARTICLE, article.id) if is_ahead else "",
    )
