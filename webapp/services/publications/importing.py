"""Taking an issue in that was read from a document: all of it or nothing, each document once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from webapp.folding import clean_line, fold
from webapp.formats import journals
from webapp.models.accounts import Actor
from webapp.models.publications import (
    LONGEST_MESSAGE,
    LONGEST_QUOTE,
    LONGEST_STANDFIRST,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_AUTHORS,
    MOST_MESSAGES,
    MOST_QUOTES,
    ArticleKind,
    Issue,
    Remark,
)
from webapp.queries import publications as queries
from webapp.queries.publications.importing import find_read_from
from webapp.services import files
from webapp.services.publications.issues import draft_issue
from webapp.services.publications.recording import PublicationRefused
from webapp.services.publications.words import ArticleWords, AuthorWords, DraftArticle, IssueWords, QuoteWords

LONGEST_NAME = 200
_MOST_REMARKS = 200


class ReadAlready(PublicationRefused):
    """The same document was read into an issue of the publication before."""

    code = "issue_read_already"


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """An article of a reading, by its place among them, as its editor wants it."""

    place: int
    title: str
    kind: ArticleKind
    authors: Sequence[AuthorWords] = ()


def suggested(reading: journals.Reading) -> list[Chosen]:
    """Give all articles as they were read, for an editor to correct."""
    return [
        Chosen(
            place=place,
            title=_short(article.title, LONGEST_TITLE),
            kind=ArticleKind(article.kind.value),
            authors=[
                AuthorWords(
                    name=_short(author.name, LONGEST_NAME),
                    role=_short(author.role, LONGEST_NAME),
                    organisation=_short(author.organisation, LONGEST_NAME),
                )
                for author in article.authors[:MOST_AUTHORS]
            ],
        )
        for place, article in enumerate(reading.articles)
    ]


def issue_words(reading: journals.Reading) -> IssueWords:
    """Give what a document says of the issue itself; its title is that of the cover with what stands below it."""
    title = ": ".join(each for each in (reading.title, reading.subtitle) if each)
    if len(title) > LONGEST_TITLE:
        title = reading.title
    return IssueWords(
        title=_short(title, LONGEST_TITLE),
        number=reading.number,
        season=reading.season,
        acknowledgements=_short(reading.acknowledgements, LONGEST_TEXT),
    )


def read_in(
    publication_id: int,
    reading: journals.Reading,
    source: tuple[files.Written, str],
    chosen: Sequence[Chosen],
    words: IssueWords,
    *,
    actor: Actor,
    now: datetime,
) -> Issue:
    """Make a draft issue of the articles that were chosen, in their order in the document.

    `source` is the document as it lies in the folder, and its name. Raises ReadAlready where it was read into an issue
    of this publication before, and PublicationRefused for no article, or for one that is too long.
    """
    if not chosen:
        raise PublicationRefused("Choose an article at least.")
    queries.lock_publication(publication_id)
    stands = find_read_from(publication_id, source[0].digest)
    if stands is not None:
        raise ReadAlready(
            f"This document was read into issue {stands.number}, “{stands.title}”, already. Change its articles there;"
            " nothing was read in again."
        )
    taken = sorted({one.place: one for one in chosen}.values(), key=lambda one: one.place)
    drafts = [_draft(reading, one) for one in taken]
    telling = [draft.words.key_messages for draft in drafts if draft.words.kind is ArticleKind.KEY_MESSAGES]
    messages = [message for each in telling for message in each]
    issue = draft_issue(
        publication_id,
        replace(words, key_messages=words.key_messages or tuple(messages[:MOST_MESSAGES])),
        drafts,
        actor=actor,
        now=now,
        source=(source[0], clean_line(source[1])[-120:]),
    )
    ids = [article.public_id for article in queries.articles_in(issue.id)]
    issue.remarks = list(_remarks(reading, dict(zip(ids, taken, strict=True))))[:_MOST_REMARKS]
    return issue


def _draft(reading: journals.Reading, chosen: Chosen) -> DraftArticle:
    """Make a draft of an article; what has no room in a field of its own stands in the text."""
    article = reading.articles[chosen.place]
    body = f"{article.title}\n\n{article.body}" if len(article.title) > LONGEST_TITLE else article.body
    standfirst, kicker = article.standfirst, article.kicker
    if _says(kicker, chosen.title) or repeats_contents(reading, chosen.place):
        kicker = ""
    if not standfirst:
        standfirst, kicker = kicker, ""
    if len(standfirst) > LONGEST_STANDFIRST:
        body, standfirst = f"**{standfirst}**\n\n{body}", ""
    if kicker:
        body = f"**{kicker}**\n\n{body}"
    messages = article.messages
    if len(messages) > MOST_MESSAGES or any(len(message) > LONGEST_MESSAGE for message in messages):
        body, messages = "\n\n".join([body, "\n".join(f"- {message}" for message in messages)]), ()
    body, quotes = _with_places(body.strip(), article.quotes)
    words = ArticleWords(
        title=chosen.title,
        kind=chosen.kind,
        standfirst=standfirst,
        body=body,
        key_messages=messages,
        quotes=tuple(quotes),
    )
    return DraftArticle(words=words, authors=chosen.authors)


def repeats_contents(reading: journals.Reading, place: int) -> bool:
    """Whether the line beside the title of an article says what the contents call it, and nothing else."""
    kicker = reading.articles[place].kicker
    return bool(kicker) and any(entry.article == place and _says(kicker, entry.title) for entry in reading.entries)


def _says(line: str, title: str) -> bool:
    return fold(line).rstrip(".") == fold(title).rstrip(".")


def _with_places(body: str, quotes: Sequence[journals.Quote]) -> tuple[str, list[QuoteWords]]:
    """Give the text with the places of its pull quotes: where they stand in it, or below the words that they repeat."""
    paragraphs = body.split("\n\n")
    taken: list[QuoteWords] = []
    for quote in quotes:
        if len(taken) >= MOST_QUOTES or len(quote.words) > LONGEST_QUOTE or len(quote.who) > LONGEST_NAME:
            continue
        number = len(taken) + 1
        if quote.repeats:
            said = fold(quote.words)
            at = next((place for place, text in enumerate(paragraphs) if said in fold(text)), len(paragraphs) - 1)
            paragraphs.insert(at + 1, f"{{{{quote {number}}}}}")
        else:
            cited = f"> {quote.words}\n>\n> — {quote.who}"
            if cited not in paragraphs:
                continue
            paragraphs[paragraphs.index(cited)] = f"{{{{quote {number}}}}}"
        # The page puts quotation marks of its own around them.
        taken.append(QuoteWords(text=journals.without_marks(quote.words), who=quote.who, no=number))
    return "\n\n".join(paragraphs), taken


def _remarks(reading: journals.Reading, taken: Mapping[str, Chosen]) -> Iterator[Remark]:
    """Give what is to be looked at, with the lines of the document where it has lines."""
    for article_id, one in taken.items():
        for remark in reading.articles[one.place].remarks:
            yield Remark(article=one.title, article_id=article_id, sentence=told(reading, remark))
        if len(reading.articles[one.place].title) > LONGEST_TITLE:
            sentence = f"Its title is longer than {LONGEST_TITLE} letters: it stands whole above the text."
            yield Remark(article=one.title, article_id=article_id, sentence=sentence)
        if repeats_contents(reading, one.place):
            line = reading.articles[one.place].kicker
            sentence = f"“{line}” beside its title is what the contents call it, and was left out of the text."
            yield Remark(article=one.title, article_id=article_id, sentence=sentence)
    for remark in reading.remarks:
        yield Remark(article="", sentence=told(reading, remark))
    for sentence in left_over(reading):
        yield Remark(article="", sentence=sentence)
    places = {one.place for one in taken.values()}
    for place, article in enumerate(reading.articles):
        if place not in places:
            yield Remark(article="", sentence=f"“{_short(article.title, 120)}” was left out of the issue.")


def left_over(reading: journals.Reading) -> Iterator[str]:
    """Give a sentence on each stretch of lines that are in no article for one reason."""
    for reason, stretch in groupby(reading.unplaced, key=lambda line: line.reason):
        lines = list(stretch)
        first, last = lines[0], lines[-1]
        if reading.source is journals.Source.WORD:
            what = "1 paragraph is" if len(lines) == 1 else f"{len(lines):,} paragraphs are"
        else:
            what = f"Line {first.number} is" if first is last else f"Lines {first.number} to {last.number} are"
        begins = "It begins" if first is last else "The first begins"
        yield f"{what} in no article: {reason}. {begins} “{_short(first.text.strip(), 80)}”."


def told(reading: journals.Reading, remark: journals.Remark) -> str:
    """Give a remark with the number of its line; nobody sees the lines of a Word document."""
    has_lines = remark.line is not None and reading.source is journals.Source.TEXT
    return f"Line {remark.line}: {remark.sentence}" if has_lines else remark.sentence


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
