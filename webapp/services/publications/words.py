"""What is typed of publications, as the services take it."""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.models.publications import ArticleKind


@dataclass(frozen=True, kw_only=True)
class PublicationWords:
    """What a publication is called and what it is."""

    title: str
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class IssueWords:
    """What an issue says of itself; its number is the next one where none is given."""

    title: str
    number: int | None = None
    season: str = ""
    introduction: str = ""
    acknowledgements: str = ""
    key_messages: tuple[str, ...] = ()
    survey_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class QuoteWords:
    """A pull quote; `no` is its number where it is there already."""

    text: str
    who: str = ""
    no: int | None = None


@dataclass(frozen=True, kw_only=True)
class ArticleWords:
    """What an article says; in `body`, in Markdown, marks stand for quotes and figures by their numbers."""

    title: str
    kind: ArticleKind = ArticleKind.ARTICLE
    standfirst: str = ""
    body: str = ""
    key_messages: tuple[str, ...] = ()
    quotes: tuple[QuoteWords, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AuthorWords:
    """Who wrote an article; the organisation is joined to the one that is known by this name, if one is."""

    name: str
    role: str = ""
    organisation: str = ""
    speaker_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class DraftArticle:
    """An article with its authors, as one is begun; further authors can be added later."""

    words: ArticleWords
    authors: Sequence[AuthorWords] = ()
