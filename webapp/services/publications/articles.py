"""Articles: begun, written, credited to their authors, put in order, taken out; each change is kept."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, inspect

from webapp.extensions import db
from webapp.folding import slug
from webapp.models.accounts import Actor, ThingKind
from webapp.models.publications import (
    LONGEST_BODY,
    MOST_ARTICLES,
    MOST_AUTHORS,
    MOST_MESSAGES,
    MOST_QUOTES,
    Article,
    ArticleKind,
    ArticleVersion,
    Author,
    Issue,
    Quote,
    WritingState,
)
from webapp.queries import publications as queries
from webapp.queries.organisations import find_organisation
from webapp.queries.programmes import themes_of
from webapp.services import saved
from webapp.services.activity import record
from webapp.services.publications.correcting import correcting
from webapp.services.publications.recording import PublicationRefused, changed, check_version, note
from webapp.services.publications.words import ArticleWords, AuthorWords, DraftArticle, QuoteWords


def add_article(issue_id: int, article: DraftArticle, *, actor: Actor, now: datetime) -> Article:
    """A new draft at the end of an issue; raises PublicationRefused where there are too many already."""
    issue = queries.lock_issue(issue_id)
    there = queries.lock_articles(issue.id)
    if len(there) >= MOST_ARTICLES:
        raise PublicationRefused(f"An issue has {MOST_ARTICLES} articles at most.")
    position = there[-1].position + 1 if there else 1
    row = begin(issue, article, position=position, actor=actor, now=now)
    note("article_created", row, actor=actor, now=now)
    return row


def begin(issue: Issue, article: DraftArticle, *, position: int, actor: Actor, now: datetime) -> Article:
    """An article of a locked issue at this place, with its first version kept; nothing is recorded."""
    words = article.words
    row = Article(
        issue_id=issue.id,
        slug=slug(words.title),
        position=position,
        key_messages=[],
        quotes=[],
        last_quote=0,
        last_figure=0,
        state=WritingState.DRAFT,
        checked_by="",
        is_ahead=False,
        version=1,
        created_at=now,
        updated_at=now,
    )
    row.authors, row.figures, row.themes = [], [], []
    _say(row, words)
    _credit(row, article.authors)
    db.session.add(row)
    db.session.flush()
    keep(row, actor=actor, now=now)
    return row


def write(article_id: int, words: ArticleWords, *, version: int, actor: Actor, now: datetime) -> Article:
    """Make an article say this; what it says already is no change. Raises PublicationChanged and PublicationRefused.

    What becomes of an approved article by this and each other change of it is `correcting`'s to say.
    """
    row = queries.lock_article(article_id)
    before, last = _said(row), row.last_quote
    present = row.version
    with correcting(row, actor=actor, now=now):
        with db.session.no_autoflush:
            _say(row, words)
        if _said(row) == before:
            row.last_quote = last
            return row
        if present != version:
            # What was written into the row goes with the unit or savepoint that this refusal ends.
            check_version(row, version)
        fields = [name for name, value in _said(row).items() if value != before[name]]
        changes = {name: [before[name], row.title] if name == "title" else [] for name in fields}
        changed("article_changed", row, actor=actor, now=now, changes=changes)
        keep(row, actor=actor, now=now)
    return row


def bring_back(article_id: int, number: int, *, version: int, actor: Actor, now: datetime) -> Article:
    """Make an article say again what it said under a number, as a new version; its authors and figures stay.

    Raises NotFound, PublicationChanged and PublicationRefused.
    """
    said = queries.get_version(article_id, number).said
    words = ArticleWords(
        title=said["title"],
        kind=ArticleKind(said["kind"]),
        standfirst=said["standfirst"],
        body=said["body"],
        key_messages=tuple(said["key_messages"]),
        quotes=tuple(QuoteWords(**quote) for quote in said["quotes"]),
    )
    return write(article_id, words, version=version, actor=actor, now=now)


def credit(
    article_id: int,
    authors: Sequence[AuthorWords],
    theme_ids: Collection[int],
    *,
    version: int,
    actor: Actor,
    now: datetime,
) -> Article:
    """Say who wrote an article, in this order, and what it is about; themes of other programmes are left out.

    Raises PublicationChanged and PublicationRefused.
    """
    row = queries.lock_article(article_id)
    themes = [theme for theme in themes_of(queries.programme_of(row.issue_id)) if theme.id in set(theme_ids)]
    wanted = {"authors": [asdict(one) for one in authors], "themes": [theme.name for theme in themes]}
    if _credited(row) == wanted:
        return row
    check_version(row, version)
    with correcting(row, actor=actor, now=now):
        _credit(row, authors)
        row.themes = themes
        changed("article_credited", row, actor=actor, now=now)
        keep(row, actor=actor, now=now)
    return row


def move(article_id: int, *, up: bool, actor: Actor, now: datetime) -> None:
    """Move an article up or down by one in its issue; at the end of the row it stays."""
    issue = queries.lock_issue(queries.lock_article(article_id).issue_id)
    rows = queries.lock_articles(issue.id)
    at = next(place for place, row in enumerate(rows) if row.id == article_id)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(rows):
        return
    rows[at], rows[to] = rows[to], rows[at]
    for position, row in enumerate(rows, start=1):
        row.position = position
    changed("articles_reordered", issue, actor=actor, now=now)


def remove(article_id: int, *, actor: Actor, now: datetime) -> None:
    """Take an article out for good, with its history. Raises PublicationRefused unless it is a draft."""
    row = queries.lock_article(article_id)
    if row.state is not WritingState.DRAFT:
        raise PublicationRefused("Return the article to draft first.")
    record("article_removed", ThingKind.ISSUE, row.issue_id, actor=actor, now=now)
    saved.forget(ThingKind.ARTICLE, row.id)
    db.session.execute(delete(ArticleVersion).where(ArticleVersion.article_id == row.id))
    db.session.delete(row)


def keep(row: Article, *, actor: Actor, now: datetime) -> None:
    """Keep what an article says now under its present version."""
    said = _said(row) | _credited(row)
    db.session.add(ArticleVersion(article_id=row.id, number=row.version, at=now, by_id=actor.person_id, said=said))


def _say(row: Article, words: ArticleWords) -> None:
    if len(words.body) > LONGEST_BODY:
        raise PublicationRefused(f"An article must be {LONGEST_BODY:,} characters or fewer. Make two of it.")
    if len(words.key_messages) > MOST_MESSAGES:
        raise PublicationRefused(f"An article has {MOST_MESSAGES} key messages at most.")
    row.title, row.slug, row.kind = words.title, slug(words.title), words.kind
    row.standfirst, row.body = words.standfirst, words.body
    if row.key_messages != list(words.key_messages):
        row.key_messages = list(words.key_messages)
    quotes = _numbered(row, words.quotes)
    if row.quotes != quotes:
        row.quotes = quotes


def _numbered(row: Article, quotes: Sequence[QuoteWords]) -> list[Quote]:
    """The quotes with their numbers; one that is new gets the next, one that was there may come back under its own."""
    is_new = not inspect(row).has_identity
    found: list[Quote] = []
    for quote in quotes:
        if not quote.text:
            continue
        no = quote.no
        if no is None or (no > row.last_quote and not is_new):
            row.last_quote += 1
            no = row.last_quote
        row.last_quote = max(row.last_quote, no)
        found.append({"no": no, "text": quote.text, "who": quote.who})
    if len(found) > MOST_QUOTES:
        raise PublicationRefused(f"An article has {MOST_QUOTES} pull quotes at most.")
    return found


def _credit(row: Article, authors: Sequence[AuthorWords]) -> None:
    if len(authors) > MOST_AUTHORS:
        raise PublicationRefused(f"An article has {MOST_AUTHORS} authors at most. Name the others in its text.")
    row.authors = [
        Author(
            position=position,
            name=author.name,
            role=author.role,
            organisation_name=author.organisation,
            organisation_id=_organisation(author.organisation),
            speaker_id=author.speaker_id,
        )
        for position, author in enumerate(authors, start=1)
    ]


def _organisation(name: str) -> int | None:
    known = find_organisation(name) if name else None
    return known.id if known else None


def _said(row: Article) -> dict[str, Any]:
    return {
        "title": row.title,
        "kind": row.kind.value,
        "standfirst": row.standfirst,
        "body": row.body,
        "key_messages": list(row.key_messages),
        "quotes": [dict(quote) for quote in row.quotes],
    }


def _credited(row: Article) -> dict[str, Any]:
    authors = [
        AuthorWords(name=one.name, role=one.role, organisation=one.organisation_name, speaker_id=one.speaker_id)
        for one in row.authors
    ]
    return {"authors": [asdict(one) for one in authors], "themes": [theme.name for theme in row.themes]}
