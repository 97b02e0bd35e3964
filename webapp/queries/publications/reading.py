"""Publications as they are read: what is out at a moment, and for those who look after it, what is to come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import contains_eager, defer, joinedload, selectinload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.folding import fold
from webapp.models.accounts import Power, Viewer, Visitor, reach
from webapp.models.files import StoredFile
from webapp.models.publications import Article, Figure, Issue, Publication, WritingState
from webapp.queries.publications.managing import whole_articles, whole_issues

BACK_ISSUES = 200
FEED_ENTRIES = 40
AT_ONCE = 500
_LONG = (Issue.introduction, Issue.acknowledgements, Issue.key_messages, Issue.remarks)
_WITHOUT_TEXTS = [defer(column, raiseload=True) for column in _LONG]
PICTURE = "image/jpeg"


@dataclass(frozen=True)
class Listed:
    """A publication with its latest issue, and how many are out."""

    publication: Publication
    latest: Issue
    issues: int


def publications_out(*, now: datetime, programme_id: int | None = None, limit: int = BACK_ISSUES) -> list[Listed]:
    """The publications of which an issue is out, by title, each with the latest."""
    latest_first = (Issue.publishes_at.desc(), Issue.number.desc(), Issue.id)
    place = func.row_number().over(partition_by=Issue.publication_id, order_by=latest_first).label("place")
    number = func.count().over(partition_by=Issue.publication_id).label("issues")
    ranked = select(Issue.id, place, number).where(issue_out(now)).subquery()
    statement = (
        whole_issues()
        .add_columns(ranked.c.issues)
        .join(ranked, ranked.c.id == Issue.id)
        .where(ranked.c.place == 1)
        .options(joinedload(Issue.cover), *_WITHOUT_TEXTS)
        .order_by(Issue.id)
    )
    if programme_id is not None:
        statement = statement.where(Publication.programme_id == programme_id)
    listed = [Listed(issue.publication, issue, many) for issue, many in db.session.execute(statement)]
    # Databases collate differently; publications are few.
    return sorted(listed, key=lambda one: (fold(one.publication.title), one.publication.id))[:limit]


def next_out(*, now: datetime) -> list[datetime]:
    """When the next issue comes out, if one is to: until then lists of publications stay as they are."""
    statement = select(func.min(Issue.publishes_at))
    at = db.session.scalar(statement.where(Issue.state == WritingState.PUBLISHED, Issue.publishes_at > now))
    return [at] if at is not None else []


def get_publication(public_id: str, *, viewer: Viewer | Visitor, now: datetime) -> Publication:
    """A publication of which an issue is out, or that the viewer looks after, with its programme; raises NotFound."""
    statement = select(Publication).where(Publication.public_id == public_id)
    found = db.session.scalars(statement.options(joinedload(Publication.programme))).one_or_none()
    if found is None or not (looks_after(viewer, found) or _has_issue_out(found.id, now)):
        raise NotFound
    return found


def issues_out(publication_id: int, *, now: datetime) -> list[Issue]:
    """The issues of a publication that are out, with their covers, the highest number first; up to 200."""
    statement = select(Issue).where(Issue.publication_id == publication_id, issue_out(now))
    statement = statement.options(joinedload(Issue.cover)).order_by(Issue.number.desc(), Issue.id)
    return list(db.session.scalars(statement.limit(BACK_ISSUES)))


def get_issue(public_id: str, *, viewer: Viewer | Visitor, now: datetime) -> Issue:
    """An issue that is out, or that the viewer looks after, with its publication, cover and survey; else NotFound."""
    statement = whole_issues().where(Issue.public_id == public_id)
    statement = statement.options(joinedload(Issue.cover), joinedload(Issue.survey))
    found = db.session.scalars(statement).one_or_none()
    if found is None or not (found.is_out(now) or looks_after(viewer, found.publication)):
        raise NotFound
    return found


def articles_of(issue: Issue, *, now: datetime, all_of_them: bool = False) -> list[Article]:
    """The articles of an issue that are out, in their order, with authors and themes; or all, before they are."""
    statement = select(Article).where(Article.issue_id == issue.id)
    statement = statement.options(selectinload(Article.authors), selectinload(Article.themes))
    rows = db.session.scalars(statement.order_by(Article.position, Article.id))
    return [row for row in rows if all_of_them or row.is_out(issue, now)]


def whole_articles_of(issue: Issue, *, now: datetime, all_of_them: bool = False) -> list[Article]:
    """The same with all that belongs to each, to be read one after the other."""
    rows = db.session.scalars(
        whole_articles().where(Article.issue_id == issue.id).order_by(Article.position, Article.id)
    )
    return [row for row in rows if all_of_them or row.is_out(issue, now)]


def get_article(public_id: str, *, viewer: Viewer | Visitor, now: datetime) -> Article:
    """An article that is out, or that the viewer looks after, with all that belongs to it; raises NotFound."""
    statement = whole_articles().where(Article.public_id == public_id)
    found = db.session.scalars(statement.options(contains_eager(Article.issue).joinedload(Issue.survey))).one_or_none()
    if found is None or not (found.is_out(found.issue, now) or looks_after(viewer, found.issue.publication)):
        raise NotFound
    return found


def latest_articles(*, now: datetime, publication_id: int | None = None) -> list[Article]:
    """The articles that came out last, up to 40, each with its authors, issue and publication."""
    at = _comes_out_at()
    statement = (
        select(Article)
        .join(Article.issue)
        .join(Issue.publication)
        .where(article_out(now))
        .options(
            contains_eager(Article.issue).contains_eager(Issue.publication),
            selectinload(Article.authors),
        )
        .order_by(at.desc(), Article.issue_id.desc(), Article.position, Article.id)
    )
    if publication_id is not None:
        statement = statement.where(Issue.publication_id == publication_id)
    return list(db.session.scalars(statement.limit(FEED_ENTRIES)))


def get_picture(digest: str, *, viewer: Viewer | Visitor, now: datetime) -> tuple[StoredFile, bool]:
    """A picture of a publication, and whether everybody may see it; others are for who looks after one it is in.

    Raises NotFound when there is none for this viewer.
    """
    file = db.session.scalars(
        select(StoredFile).where(StoredFile.digest == digest, StoredFile.media_type == PICTURE)
    ).one_or_none()
    if file is None:
        raise NotFound
    figures = (
        select(Publication.programme_id, article_out(now))
        .select_from(Figure)
        .join(Article, Article.id == Figure.article_id)
        .join(Article.issue)
        .join(Issue.publication)
        .where(Figure.file_id == file.id)
    )
    covers = (
        select(Publication.programme_id, issue_out(now))
        .select_from(Issue)
        .join(Issue.publication)
        .where(Issue.cover_id == file.id)
    )
    rows = [*db.session.execute(figures), *db.session.execute(covers)]
    if any(is_public for _, is_public in rows):
        return file, True
    reached = reach(viewer, Power.SET_UP)
    if not any(reached.covers(programme_id, 0) for programme_id, _ in rows):
        raise NotFound
    return file, False


def come_out(*, now: datetime) -> list[Issue | Article]:
    """What was ahead when its time was set and is not any more, locked; up to 500 of each, by id."""
    found: list[Issue | Article] = []
    for model in (Issue, Article):
        statement: Select[Any] = select(model).where(model.is_ahead, model.publishes_at <= now)
        statement = statement.order_by(model.id).limit(AT_ONCE).with_for_update(skip_locked=True)
        found += db.session.scalars(statement)
    return found


def ids_come_out(*, now: datetime) -> list[tuple[bool, int]]:
    """What is out and was ahead when its time was set, as (whether it is an article, its id), in order; up to 500."""
    issues = select(literal(value=False).label("is_article"), Issue.id).where(Issue.is_ahead, issue_out(now))
    articles = (
        select(literal(value=True), Article.id)
        .join(Article.issue)
        .where(or_(Article.is_ahead, Issue.is_ahead), article_out(now))
    )
    both = union_all(issues, articles).subquery()
    statement = select(both.c.is_article, both.c.id).order_by(both.c.is_article, both.c.id).limit(AT_ONCE)
    return [(bool(is_article), one) for is_article, one in db.session.execute(statement)]


def looks_after(viewer: Viewer | Visitor, publication: Publication) -> bool:
    """Whether the viewer sets things up in the programme of a publication, and so sees what is not out."""
    return reach(viewer, Power.SET_UP).covers(publication.programme_id, 0)


def issue_out(now: datetime) -> ColumnElement[bool]:
    """The condition that an issue is out."""
    return and_(Issue.state == WritingState.PUBLISHED, Issue.publishes_at <= now)


def article_out(now: datetime) -> ColumnElement[bool]:
    """The condition that an article is out, with its issue joined."""
    own = or_(Article.publishes_at.is_(None), Article.publishes_at <= now)
    return and_(issue_out(now), Article.state == WritingState.PUBLISHED, own)


def _comes_out_at() -> ColumnElement[Any]:
    later = Article.publishes_at > Issue.publishes_at
    return case((later, Article.publishes_at), else_=Issue.publishes_at)


def _has_issue_out(publication_id: int, now: datetime) -> bool:
    statement = select(exists().where(Issue.publication_id == publication_id, issue_out(now)))
    return bool(db.session.scalar(statement))
