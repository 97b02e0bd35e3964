"""What is missing before an article or an issue can be published, and what its editors may want to know."""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.formats import prose
from webapp.models.publications import Article, ArticleKind, Issue, WritingState

# What an editorial team writes as one need not name anybody.
_UNSIGNED = {ArticleKind.KEY_MESSAGES, ArticleKind.WELCOME, ArticleKind.OTHER}


@dataclass(frozen=True)
class Readiness:
    """Sentences: `missing` stands in the way of publishing, `advice` does not."""

    missing: Sequence[str]
    advice: Sequence[str] = ()

    @property
    def is_ready(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.missing


def missing_of(article: Article) -> list[str]:
    """What stands in the way of publishing an article; its authors and figures must be loaded."""
    missing = []
    if not article.body.strip() and not article.key_messages:
        missing.append("There is no text yet.")
    if not article.authors and article.kind not in _UNSIGNED:
        missing.append("No author is named.")
    missing += [
        f"Figure {figure.no} has no alternative text, and is not marked as decoration."
        for figure in article.figures
        if not figure.is_described
    ]
    known = _known(article)
    missing += [
        f"The text has a place for {place.kind.value} {place.no}, which is not there."
        for place in dict.fromkeys(prose.places(article.body))
        if (place.kind, place.no) not in known
    ]
    return missing


def readiness_of(article: Article) -> Readiness:
    """What an article lacks, with all that is doubtful in it; its authors and figures must be loaded."""
    places = prose.places(article.body)
    placed = {(place.kind, place.no) for place in places}
    advice = [
        f"{kind.value.capitalize()} {no} has no place in the text: it is shown at the end."
        for kind, no in sorted(_known(article) - placed)
    ]
    if len(placed) < len(places):
        advice.append("A figure or quote stands in the text twice.")
    advice += [f"{doubt}." for doubt in prose.doubts(article.body)]
    if article.kind is ArticleKind.ARTICLE and not article.standfirst:
        advice.append("There is no standfirst: a sentence or two that say what it is about.")
    return Readiness(missing_of(article), advice)


def readiness_of_issue(issue: Issue, articles: Sequence[Article]) -> Readiness:
    """What an issue lacks, with all its articles."""
    missing, advice = [], []
    ready = [one for one in articles if one.state is WritingState.PUBLISHED]
    if not articles:
        missing.append("There is no article yet.")
    elif not ready:
        missing.append("No article is checked and ready yet.")
    if issue.cover_id is not None and issue.cover_alt is None:
        missing.append("Say what the picture on the cover shows, or that it only decorates.")
    waiting = [one.title for one in articles if one.state is not WritingState.PUBLISHED]
    if ready and waiting:
        names = ", ".join(f"“{title}”" for title in waiting[:5]) + (" and others" if len(waiting) > 5 else "")
        advice.append(f"Not ready, and so not shown: {names}.")
    if issue.cover_id is None:
        advice.append("There is no picture on the cover. It is shown without one.")
    return Readiness(missing, advice)


def _known(article: Article) -> set[tuple[prose.Kind, int]]:
    known = {(prose.Kind.FIGURE, figure.no) for figure in article.figures}
    return known | {(prose.Kind.QUOTE, quote["no"]) for quote in article.quotes}
