"""Figures of an article: added under a number of their own, described, replaced, taken out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import Actor
from webapp.models.publications import MOST_FIGURES, Article, Figure
from webapp.queries import publications as queries
from webapp.services import files
from webapp.services.publications.correcting import correcting
from webapp.services.publications.recording import PublicationChanged, PublicationRefused, changed


@dataclass(frozen=True, kw_only=True)
class FigureWords:
    """What is said of a figure; one that only decorates needs no alternative text."""

    alt: str = ""
    is_decoration: bool = False
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A picture that lies in the folder, and its size in pixels."""

    written: files.Written
    width: int
    height: int


def add_figure(article_id: int, picture: Drawn, words: FigureWords, *, actor: Actor, now: datetime) -> Figure:
    """A new figure of an article, under the next number; raises PublicationRefused where there are too many.

    PublicationRefused, too, for one that nobody has described, in an article that is out.
    """
    article = queries.lock_article(article_id)
    if len(article.figures) >= MOST_FIGURES:
        raise PublicationRefused(f"An article has {MOST_FIGURES} figures at most.")
    with correcting(article, actor=actor, now=now):
        article.last_figure += 1
        figure = Figure(no=article.last_figure, file_id=files.keep(picture.written, now=now).id)
        _put(figure, picture, words)
        article.figures.append(figure)
        changed("figure_added", article, actor=actor, now=now)
    db.session.flush()
    return figure


def change_figure(
    article_id: int,
    no: int,
    words: FigureWords,
    *,
    picture: Drawn | None = None,
    version: int,
    actor: Actor,
    now: datetime,
) -> Figure:
    """Say this of a figure, and show another picture where one is given. Raises PublicationChanged, NotFound,
    and PublicationRefused.

    Only a change of the figure itself counts as one that somebody else made; `version` is that of the article.
    """
    article = queries.lock_article(article_id)
    figure = _figure(article, no)
    before = _said(figure), figure.file_id
    if (words, figure.file_id) == before and picture is None:
        return figure
    if article.version != version:
        raise PublicationChanged
    with correcting(article, actor=actor, now=now):
        if picture is not None:
            figure.file_id = files.keep(picture.written, now=now).id
        _put(figure, picture, words)
        if (_said(figure), figure.file_id) != before:
            changed("figure_changed", article, actor=actor, now=now)
    return figure


def remove_figure(article_id: int, no: int, *, actor: Actor, now: datetime) -> None:
    """Take a figure out; its number is not given again. Gone already, nothing happens.

    Raises PublicationRefused where the text of an article that is out has a place for it.
    """
    article = queries.lock_article(article_id)
    left = [figure for figure in article.figures if figure.no != no]
    if len(left) < len(article.figures):
        with correcting(article, actor=actor, now=now):
            article.figures = left
            changed("figure_removed", article, actor=actor, now=now)


def _figure(article: Article, no: int) -> Figure:
    found: Sequence[Figure] = [figure for figure in article.figures if figure.no == no]
    if not found:
        raise NotFound
    return found[0]


def _put(figure: Figure, picture: Drawn | None, words: FigureWords) -> None:
    if picture is not None:
        figure.width, figure.height = picture.width, picture.height
    # What only decorates is passed over by who does not see it, whatever was typed before.
    figure.alt = "" if words.is_decoration else words.alt
    figure.is_decoration = words.is_decoration
    figure.caption, figure.credit = words.caption, words.credit


def _said(figure: Figure) -> FigureWords:
    return FigureWords(alt=figure.alt, is_decoration=figure.is_decoration, caption=figure.caption, credit=figure.credit)
