"""What an issue of a journal comes down to: articles told apart, and beside them every line that is in none."""

from dataclasses import dataclass
from enum import StrEnum

from webapp.formats.texts import Remark, Wanted

__all__ = [
    "MOST_LETTERS",
    "WANTED",
    "Article",
    "Author",
    "Entry",
    "Kind",
    "Line",
    "Quote",
    "Reading",
    "Remark",
    "Source",
    "Unplaced",
    "UnreadableJournalError",
]

# An issue of fifty pages is about 60,000 letters and 700 lines.
MOST_LETTERS = 4_000_000


class UnreadableJournalError(ValueError):
    """The file is no journal that can be read; its text is a sentence for the person who sent it."""


WANTED = Wanted(
    noun="journal",
    kinds="plain text or a Word document (.docx)",
    error=UnreadableJournalError,
    # Pictures in a Word document are many times as large as its text, and are not read.
    most_bytes=32 * 1024 * 1024,
    most_lines=50_000,
    most_unpacked=32 * 1024 * 1024,
)


class Source(StrEnum):
    """What a journal was written as, told by its content."""

    TEXT = "text"
    WORD = "word"


class Kind(StrEnum):
    """What an article is within its issue."""

    FOREWORD = "foreword"
    WELCOME = "welcome"
    KEY_MESSAGES = "key_messages"
    ARTICLE = "article"
    FAREWELL = "farewell"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the document as it stands there, by its number, counted from 1."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A line that is in no article, and why, in plain words that go on from "because"."""

    number: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody whom the text names as an author; `sure` where their place or form leaves no doubt.

    `doubt` are words beside the name, or the name itself, that may be a name or a role.
    """

    name: str
    role: str = ""
    organisation: str = ""
    sure: bool = True
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words set apart, and whose they are; `repeats` says that the article says them as well, where they belong."""

    words: str
    who: str = ""
    repeats: bool = False


@dataclass(frozen=True, kw_only=True)
class Article:
    """An article, its body in Markdown. `lines` are the numbers of all lines that it was made of.

    `kicker` is a line beside the title that is not part of it, often the title that the contents give. Quotes that
    repeat the body are not in it a second time; key messages are not in it at all.
    """

    kind: Kind
    title: str
    kicker: str = ""
    authors: tuple[Author, ...] = ()
    byline: str = ""
    standfirst: str = ""
    body: str = ""
    messages: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    captions: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def text(self) -> str:
        """All that it says, for telling whether a line is in it."""
        quotes = [f"{quote.words} {quote.who}" for quote in self.quotes if quote.repeats]
        messages = [f"{number}. {message}" for number, message in enumerate(self.messages, start=1)]
        parts = [self.title, self.kicker, self.byline, self.standfirst, self.body, *messages, *quotes]
        return "\n".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the contents; the place of its article among the articles, or None where it was not found."""

    title: str
    page: int | None
    line: int
    article: int | None = None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """All that a document says: each line that is not blank is in an article, in `front`, `asides` or `unplaced`.

    `front` is what stands before and beside the articles and was understood: title, contents, acknowledgements.
    `asides` say nothing to readers: page numbers, titles printed again on each page, rows of dots.
    """

    source: Source
    encoding: str
    title: str = ""
    subtitle: str = ""
    number: int | None = None
    season: str = ""
    entries: tuple[Entry, ...] = ()
    acknowledgements: str = ""
    articles: tuple[Article, ...] = ()
    front: tuple[Line, ...] = ()
    asides: tuple[Line, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    remarks: tuple[Remark, ...] = ()
