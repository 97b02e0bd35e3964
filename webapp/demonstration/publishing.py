"""The invented journal: a back issue, a current one with a survey, an article that comes later, and a draft."""

from datetime import datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select

from webapp.demonstration.asking import ready, settings_of
from webapp.demonstration.drawings import CHART_ALT, CHART_CAPTION, COVER_ALT, draw_chart, draw_cover
from webapp.demonstration.invented_programme import PATHWAYS
from webapp.demonstration.journal_words import ABOUT, FIRST, JOURNAL, LATE, SECOND, UNWRITTEN
from webapp.demonstration.loading import Loaded
from webapp.demonstration.shapes import ArticleFacts, IssueFacts
from webapp.extensions import db
from webapp.formats.photos import Picture
from webapp.models.accounts import Actor, ActorKind, Person
from webapp.models.events import moment
from webapp.models.programmes import Programme
from webapp.models.publications import Article, Issue, Publication
from webapp.models.surveys import Privacy
from webapp.services import files, publications, surveys
from webapp.services.publications import (
    ArticleWords,
    AuthorWords,
    DraftArticle,
    Drawn,
    FigureWords,
    IssueWords,
    PublicationWords,
    QuoteWords,
)
from webapp.services.surveys import Place

SURVEY = "Your thoughts on “Words that stay”"
OPEN_FOR = timedelta(days=60)
CHECKED_BY = "Robin Vale"


def load_journal(loaded: Loaded, organiser: Person, *, folder: Path | None, now: datetime) -> Publication | None:
    """Bring out both issues where the journal is new; pictures are drawn where there is a `folder` for them."""
    programme = loaded.programmes[PATHWAYS]
    known = select(Publication).where(Publication.programme_id == programme.id, Publication.title == JOURNAL)
    if db.session.scalars(known).one_or_none() is not None:
        return None
    actor = Actor(ActorKind.PERSON, organiser.id)
    first, second = _morning(now - timedelta(days=190)), _morning(now - timedelta(days=9))
    words = PublicationWords(title=JOURNAL, description=ABOUT)
    journal = publications.create(programme.id, words, actor=actor, now=first, demonstration=True)
    _bring_out(FIRST, journal, loaded, actor=actor, at=first)
    survey_id = _begin_survey(programme, actor, now=second)
    issue = _bring_out(SECOND, journal, loaded, actor=actor, at=second, survey_id=survey_id, later=now, folder=folder)
    if folder is not None:
        cover = _kept(draw_cover(), folder, second)
        publications.set_cover(issue.id, cover.written, COVER_ALT, actor=actor, now=second)
    return journal


def _bring_out(
    facts: IssueFacts,
    journal: Publication,
    loaded: Loaded,
    *,
    actor: Actor,
    at: datetime,
    survey_id: int | None = None,
    later: datetime | None = None,
    folder: Path | None = None,
) -> Issue:
    words = IssueWords(
        title=facts.title,
        number=facts.number,
        season=_season(at),
        introduction=facts.introduction,
        acknowledgements=facts.acknowledgements,
        key_messages=facts.key_messages,
        survey_id=survey_id,
    )
    begun = at - timedelta(days=12)
    drafts = [_draft(one, loaded, has_figure=folder is not None) for one in facts.articles]
    issue = publications.draft_issue(journal.id, words, drafts, actor=actor, now=begun)
    rows = db.session.scalars(select(Article).where(Article.issue_id == issue.id).order_by(Article.position)).all()
    for row, article, draft in zip(rows, facts.articles, drafts, strict=True):
        _finish(row, article, draft, loaded, actor=actor, at=at, later=later, folder=folder)
    return publications.publish(issue.id, at=at, version=issue.version, actor=actor, now=at)


def _draft(facts: ArticleFacts, loaded: Loaded, *, has_figure: bool) -> DraftArticle:
    # Text that is set in lines here is meant in paragraphs.
    body = "\n\n".join(_unbroken(part) for part in facts.body.strip().split("\n\n"))
    body = body if has_figure else body.replace("{{figure 1}}\n\n", "")
    words = ArticleWords(
        title=facts.title,
        kind=facts.kind,
        standfirst=facts.standfirst,
        body=body,
        key_messages=facts.key_messages,
        quotes=tuple(QuoteWords(text=text, who=who) for text, who in facts.quotes),
    )
    people = [loaded.speakers[name] for name in facts.authors]
    authors = [
        AuthorWords(
            name=one.name,
            role=one.job_title,
            organisation=one.organisation.name if one.organisation else "",
            speaker_id=one.id,
        )
        for one in people
    ]
    return DraftArticle(words=words, authors=authors)


def _unbroken(part: str) -> str:
    return part if part.startswith(("-", "1.", "|")) else " ".join(part.split())


def _finish(
    row: Article,
    facts: ArticleFacts,
    draft: DraftArticle,
    loaded: Loaded,
    *,
    actor: Actor,
    at: datetime,
    later: datetime | None,
    folder: Path | None,
) -> None:
    """Add what an article is about and its figure, and let it come out, later or not yet."""
    themes = [loaded.themes[PATHWAYS, slug].id for slug in facts.themes]
    when = at - timedelta(days=3)
    publications.credit(row.id, draft.authors, themes, version=row.version, actor=actor, now=when)
    if facts.figure and folder is not None:
        said = FigureWords(alt=CHART_ALT, caption=CHART_CAPTION, credit="Invented figures, for demonstration.")
        publications.add_figure(row.id, _kept(draw_chart(), folder, when), said, actor=actor, now=when)
    if facts.title == UNWRITTEN:
        return
    own = None
    if facts.title == LATE and later is not None:
        own = moment((later + timedelta(days=12)).date(), time(8), "Europe/London")
    publications.approve(
        row.id,
        checked_by=CHECKED_BY,
        version=row.version,
        at=own,
        actor=actor,
        now=later if own is not None and later is not None else at - timedelta(hours=20),
    )


def _begin_survey(programme: Programme, actor: Actor, *, now: datetime) -> int:
    survey = surveys.create(
        Place(programme.id), SURVEY, asked=ready("journal"), privacy=Privacy.ANONYMOUS, actor=actor, now=now
    )
    closes = moment((now + OPEN_FOR).date(), time(17), "Europe/London")
    settings = settings_of(survey, open_link=True, closes_at=closes)
    surveys.change_settings(survey.id, settings, version=survey.version, actor=actor, now=now)
    surveys.publish(survey.id, version=survey.version, actor=actor, now=now)
    return survey.id


def _kept(picture: Picture, folder: Path, now: datetime) -> Drawn:
    written = files.write(picture.content, "image/jpeg", folder=folder, now=now)
    return Drawn(written=written, width=picture.width, height=picture.height)


def _morning(at: datetime) -> datetime:
    return moment(at.date(), time(9), "Europe/London")


def _season(at: datetime) -> str:
    names = ("Winter", "Spring", "Summer", "Autumn")
    return f"{names[at.month % 12 // 3]} {at.year}"
