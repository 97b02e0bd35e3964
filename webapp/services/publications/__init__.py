"""Publications: issues begun with their articles, written, checked by somebody named, published at a time."""

from webapp.services.publications.articles import add_article, credit, move, remove, write
from webapp.services.publications.issues import create, describe, describe_issue, draft_issue, set_cover
from webapp.services.publications.recording import NotReady, PublicationChanged, PublicationRefused
from webapp.services.publications.words import (
    ArticleWords,
    AuthorWords,
    DraftArticle,
    IssueWords,
    PublicationWords,
    QuoteWords,
)

__all__ = [
    "ArticleWords",
    "AuthorWords",
    "DraftArticle",
    "IssueWords",
    "NotReady",
    "PublicationChanged",
    "PublicationRefused",
    "PublicationWords",
    "QuoteWords",
    "add_article",
    "create",
    "credit",
    "describe",
    "describe_issue",
    "draft_issue",
    "move",
    "remove",
    "set_cover",
    "write",
]
