"""An article as a page shows it: its text in pieces, with figures and quotes in their places, and how it is cited."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from markupsafe import Markup

from webapp.formats import prose
from webapp.models.publications import Article, Author, Figure, Issue, Quote
from webapp.models.speakers import Speaker
from webapp.models.surveys import Survey, SurveyStage
from webapp.queries.speakers import profiles_of
from webapp.templating import base_url

WORDS_A_MINUTE = 220


@dataclass(frozen=True)
class Part:
    """A stretch of the text as HTML, a figure, or a quote: one of the three."""

    html: Markup | None = None
    figure: Figure | None = None
    quote: Quote | None = None


@dataclass(frozen=True)
class Shown:
    """An article with what a page says about it."""

    article: Article
    parts: Sequence[Part]
    minutes: int
    day: date | None
    profiles: Mapping[int, Speaker]

    @property
    def corrected_on(self) -> date | None:
        """The day of the last change, where it was changed after somebody checked it."""
        at = self.article.updated_at.astimezone(self.article.issue.timezone)
        return at.date() if self.article.was_corrected else None


def shown(articles: Sequence[Article], issue: Issue, *, top: int = 2) -> list[Shown]:
    """Articles of an issue as a page shows them, headings from `top`; they must be loaded with all that is theirs."""
    profiles = profiles_of(author.speaker_id for article in articles for author in article.authors)
    return [
        Shown(
            article,
            parts_of(article.body, article.figures, article.quotes, top=top),
            max(1, round(prose.count_words(article.body) / WORDS_A_MINUTE)),
            _day(article.comes_out_at(issue), issue),
            profiles,
        )
        for article in articles
    ]


def parts_of(body: str, figures: Iterable[Figure], quotes: Iterable[Quote], *, top: int = 2) -> list[Part]:
    """The text with its figures and quotes; those that have no place in it come at its end, each once."""
    by_figure: Mapping[int, Figure] = {figure.no: figure for figure in figures}
    by_quote: Mapping[int, Quote] = {quote["no"]: quote for quote in quotes}
    found: list[Part] = []
    placed: set[prose.Place] = set()
    for piece in prose.pieces(body, top=top):
        if isinstance(piece, prose.Words):
            found.append(Part(html=Markup(piece.html)))  # noqa: S704 -- made safe where it was made
        elif piece not in placed:
            placed.add(piece)
            is_figure = piece.kind is prose.Kind.FIGURE
            part = Part(figure=by_figure.get(piece.no)) if is_figure else Part(quote=by_quote.get(piece.no))
            found += [part] if part.figure or part.quote else []
    found += [Part(quote=quote) for no, quote in by_quote.items() if prose.Place(prose.Kind.QUOTE, no) not in placed]
    found += [
        Part(figure=figure) for no, figure in by_figure.items() if prose.Place(prose.Kind.FIGURE, no) not in placed
    ]
    return found


def _day(at: datetime | None, issue: Issue) -> date | None:
    return at.astimezone(issue.timezone).date() if at else None


def in_words(names: Sequence[str]) -> str:
    """Names as one phrase: "Ann Lee, Ben Ito and Cass Doe"."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def cited(article: Article, issue: Issue) -> tuple[str, str, str]:
    """How an article is cited, as what stands before the name of the publication, that name, and what follows it."""
    publication = issue.publication
    at = article.comes_out_at(issue)
    year = f" ({at.astimezone(issue.timezone).year})" if at else ""
    who = in_words([author.name for author in article.authors]) or publication.programme.name
    season = f", {issue.season}" if issue.season else ""
    address = base_url() + url_for("publications.article", article=article)
    return f"{who}{year}, ‘{article.title}’, ", publication.title, f", issue {issue.number}{season}, {address}"


def open_survey(issue: Issue, *, now: datetime) -> Survey | None:
    """The survey on an issue, while whoever has its address can answer it."""
    survey = issue.survey
    return survey if survey and survey.open_link and survey.stage(now) is SurveyStage.OPEN else None


def signed(authors: Sequence[Author]) -> list[str]:
    """Each author with where they work, as a list of contents has it."""
    return [", ".join(filter(None, (one.name, one.organisation_name))) for one in authors]
