"""Publications: issues begun with their articles, written, checked by somebody named, published at a time."""

from webapp.services.publications.articles import add_article, bring_back, credit, move, remove, write
from webapp.services.publications.erasing import erase_earlier
from webapp.services.publications.figures import Drawn, FigureWords, add_figure, change_figure, remove_figure
from webapp.services.publications.issues import create, describe, describe_issue, draft_issue, set_cover, tick_off
from webapp.services.publications.life import (
    approve,
    ask_for_issue_review,
    ask_for_review,
    publish,
    settle,
    take_article_back,
    take_back,
)
from webapp.services.publications.readiness import Readiness, missing_of, readiness_of, readiness_of_issue
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
    "Drawn",
    "FigureWords",
    "IssueWords",
    "NotReady",
    "PublicationChanged",
    "PublicationRefused",
    "PublicationWords",
    "QuoteWords",
    "Readiness",
    "add_article",
    "add_figure",
    "approve",
    "ask_for_issue_review",
    "ask_for_review",
    "bring_back",
    "change_figure",
    "create",
    "credit",
    "describe",
    "describe_issue",
    "draft_issue",
    "erase_earlier",
    "missing_of",
    "move",
    "publish",
    "readiness_of",
    "readiness_of_issue",
    "remove",
    "remove_figure",
    "set_cover",
    "settle",
    "take_article_back",
    "take_back",
    "tick_off",
    "write",
]
