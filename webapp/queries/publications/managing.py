"""Publications as those who look after them see them: whatever state something is in."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TypeVar

from sqlalchemy import Select, String, cast, func, or_, select
from sqlalchemy.orm import contains_eager, defer, joinedload, selectinload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.folding import fold
from webapp.models.accounts import Power, Viewer, Visitor, reach
from webapp.models.publications import Article, ArticleVersion, Author, Figure, Issue, Publication
from webapp.models.speakers import Speaker, SpeakerAlias
from webapp.models.surveys import Survey, SurveyState

Row = TypeVar("Row")
LISTED = 200
# Those that were erased say nothing.
_HAS_WORDS = cast(ArticleVersion.said, String) != "{}"


def managed_publications(viewer: Viewer | Visitor) -> list[tuple[Publication, int]]:
    """The publications of programmes where the viewer sets things up, by title, each with how many issues it has."""
    reached = reach(viewer, Power.SET_UP)
    statement = select(Publication).options(joinedload(Publication.programme)).limit(LISTED)
    if not reached.everything:
        statement = statement.where(Publication.programme_id.in_(sorted(reached.programmes)))
    found = list(db.session.scalars(statement.order_by(Publication.id)))
    counted = select(Issue.publication_id, func.count()).group_by(Issue.publication_id)
    counted = counted.where(Issue.publication_id.in_([one.id for one in found]))
    numbers = {row[0]: row[1] for row in db.session.execute(counted)}
    # Databases collate differently; publications are few.
    return [(one, numbers.get(one.id, 0)) for one in sorted(found, key=lambda row: (fold(row.title), row.id))]


def get_managed_publication(public_id: str, *, viewer: Viewer | Visitor) -> Publication:
    """A publication with its programme, for somebody who sets things up there; raises NotFound for all others."""
    statement = select(Publication).options(joinedload(Publication.programme))
    found = _one(statement.where(Publication.public_id == public_id))
    _check(found, viewer)
    return found


def issues_of(publication_id: int) -> list[Issue]:
    """All issues of a publication, the latest number first."""
    statement = select(Issue).where(Issue.publication_id == publication_id)
    return list(db.session.scalars(statement.order_by(Issue.number.desc(), Issue.id).limit(LISTED)))


def get_managed_issue(public_id: str, *, viewer: Viewer | Visitor) -> Issue:
    """An issue with its publication, cover, survey and what it was read from; raises NotFound as above."""
    statement = whole_issues().where(Issue.public_id == public_id)
    found = _one(statement.options(joinedload(Issue.cover), joinedload(Issue.survey), joinedload(Issue.source)))
    _check(found.publication, viewer)
    return found


def articles_in(issue_id: int) -> list[Article]:
    """All articles of an issue in their order, each with its authors and figures."""
    statement = select(Article).where(Article.issue_id == issue_id)
    statement = statement.options(selectinload(Article.authors), selectinload(Article.figures))
    return list(db.session.scalars(statement.order_by(Article.position, Article.id)))


def get_managed_article(public_id: str, *, viewer: Viewer | Visitor) -> Article:
    """An article with all that belongs to it, its issue and its publication; raises NotFound as above."""
    found = _one(whole_articles().where(Article.public_id == public_id))
    _check(found.issue.publication, viewer)
    return found


def whole_articles() -> Select[Article]:
    """The select of articles, each with its issue, publication, programme, authors, figures and themes."""
    return (
        select(Article)
        .join(Article.issue)
        .join(Issue.publication)
        .join(Publication.programme)
        .options(
            contains_eager(Article.issue).contains_eager(Issue.publication).contains_eager(Publication.programme),
            selectinload(Article.authors).options(joinedload(Author.speaker), joinedload(Author.organisation)),
            selectinload(Article.figures).joinedload(Figure.file),
            selectinload(Article.themes),
        )
    )


def whole_issues() -> Select[Issue]:
    """The select of issues, each with its publication and programme."""
    return (
        select(Issue)
        .join(Issue.publication)
        .join(Publication.programme)
        .options(contains_eager(Issue.publication).contains_eager(Publication.programme))
    )


def lock_publication(publication_id: int) -> Publication:
    """The publication as it is now, locked until the unit ends; raises NotFound."""
    return _locked(select(Publication).where(Publication.id == publication_id))


def lock_issue(issue_id: int) -> Issue:
    """The issue as it is now, locked until the unit ends; raises NotFound."""
    return _locked(select(Issue).where(Issue.id == issue_id))


def get_issue_now(issue_id: int) -> Issue:
    """The issue as it is at this moment, not locked; raises NotFound."""
    return _one(select(Issue).where(Issue.id == issue_id).execution_options(populate_existing=True))


def lock_article(article_id: int) -> Article:
    """The article as it is now with what belongs to it, locked until the unit ends; raises NotFound."""
    statement = select(Article).where(Article.id == article_id)
    whole = selectinload(Article.authors), selectinload(Article.figures), selectinload(Article.themes)
    return _locked(statement.options(*whole))


def lock_articles(issue_id: int) -> list[Article]:
    """All articles of an issue in their order, locked until the unit ends."""
    statement = select(Article).where(Article.issue_id == issue_id).order_by(Article.position, Article.id)
    statement = statement.with_for_update().execution_options(populate_existing=True)
    return list(db.session.scalars(statement))


def last_number(publication_id: int) -> int:
    """The highest number of an issue of this publication; 0 where there is none."""
    statement = select(func.max(Issue.number)).where(Issue.publication_id == publication_id)
    return db.session.scalar(statement) or 0


def programme_of(issue_id: int) -> int:
    """The id of the programme that an issue belongs to; raises NotFound."""
    statement = select(Publication.programme_id).join(Issue, Issue.publication_id == Publication.id)
    return _one(statement.where(Issue.id == issue_id))


def find_numbered(publication_id: int, number: int) -> Issue | None:
    """The issue of this number."""
    statement = select(Issue).where(Issue.publication_id == publication_id, Issue.number == number)
    return db.session.scalars(statement).one_or_none()


def versions_of(article_id: int) -> list[tuple[ArticleVersion, bool]]:
    """The versions of an article and who made each, latest first, 200 at most, and whether its words are kept still."""
    statement = select(ArticleVersion, _HAS_WORDS).where(ArticleVersion.article_id == article_id)
    # What each said is long, and read one by one.
    statement = statement.options(joinedload(ArticleVersion.by), defer(ArticleVersion.said, raiseload=True))
    rows = db.session.execute(statement.order_by(ArticleVersion.number.desc(), ArticleVersion.id).limit(LISTED))
    return [(version, has_words) for version, has_words in rows]


def lock_earlier_versions(article_id: int) -> list[ArticleVersion]:
    """The versions of an article before its present one whose words are kept still, locked, without these words."""
    of_it = ArticleVersion.article_id == article_id
    present = select(func.max(ArticleVersion.number)).where(of_it).scalar_subquery()
    statement = select(ArticleVersion).where(of_it, ArticleVersion.number < present, _HAS_WORDS)
    statement = statement.options(defer(ArticleVersion.said)).order_by(ArticleVersion.number, ArticleVersion.id)
    return list(db.session.scalars(statement.with_for_update()))


def get_version(article_id: int, number: int) -> ArticleVersion:
    """What an article said under this number; raises NotFound, also where that was erased."""
    statement = select(ArticleVersion).where(ArticleVersion.article_id == article_id, ArticleVersion.number == number)
    return _one(statement.where(_HAS_WORDS).options(joinedload(ArticleVersion.by)))


def find_version_at(article_id: int, number: int) -> ArticleVersion | None:
    """What an article said when its version had this number: the last that was kept until then, with who made it.

    None where its words were erased, too.
    """
    statement = (
        select(ArticleVersion)
        .where(ArticleVersion.article_id == article_id, ArticleVersion.number <= number)
        .options(joinedload(ArticleVersion.by))
        .order_by(ArticleVersion.number.desc(), ArticleVersion.id)
        .limit(1)
    )
    found = db.session.scalars(statement).one_or_none()
    return found if found and found.said else None


def surveys_to_attach(programme_id: int) -> list[Survey]:
    """The surveys of a programme about no event that whoever has their address may answer, by title."""
    statement = select(Survey).where(
        Survey.programme_id == programme_id,
        Survey.event_id.is_(None),
        Survey.open_link,
        Survey.state != SurveyState.ARCHIVED,
    )
    found = db.session.scalars(statement.order_by(Survey.id.desc()).limit(LISTED))
    return sorted(found, key=lambda row: (fold(row.title), row.id))


def speakers_called(names: Iterable[str]) -> dict[str, list[Speaker]]:
    """By folded name, the speakers who are known by exactly it, with their organisations."""
    wanted = sorted({fold(name)[:200] for name in names})
    also = select(SpeakerAlias.speaker_id, SpeakerAlias.name_folded).where(SpeakerAlias.name_folded.in_(wanted))
    aliases: dict[int, set[str]] = defaultdict(set)
    for speaker_id, name in db.session.execute(also):
        aliases[speaker_id] |= {name}
    keys = {f"{name.rsplit(' ', 1)[-1]} {name}"[:200] for name in wanted}
    statement = (
        select(Speaker)
        .where(Speaker.merged_into_id.is_(None))
        .where(or_(Speaker.name_sort.in_(sorted(keys)), Speaker.id.in_(sorted(aliases))))
        .options(joinedload(Speaker.organisation))
        .order_by(Speaker.name_sort, Speaker.id)
    )
    found: dict[str, list[Speaker]] = defaultdict(list)
    for speaker in db.session.scalars(statement.limit(LISTED)):
        for name in {fold(speaker.name)[:200]} | aliases[speaker.id]:
            found[name].append(speaker)
    return found


def speakers_by_id(ids: Collection[int]) -> dict[int, Speaker]:
    """These speakers by their ids."""
    statement = select(Speaker).where(Speaker.id.in_(sorted(ids))).options(joinedload(Speaker.organisation))
    return {row.id: row for row in db.session.scalars(statement)}


def _check(publication: Publication, viewer: Viewer | Visitor) -> None:
    reached = reach(viewer, Power.SET_UP)
    if not reached.everything and publication.programme_id not in reached.programmes:
        raise NotFound


def _locked(statement: Select[Row]) -> Row:
    return _one(statement.with_for_update().execution_options(populate_existing=True))


def _one(statement: Select[Row]) -> Row:
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found
