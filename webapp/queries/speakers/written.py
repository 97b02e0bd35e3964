"""What a speaker wrote, as everybody may read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager

from webapp.extensions import db
from webapp.models.library import Resource, ResourceAuthor, listed, today
from webapp.models.publications import Article, Author, Issue, WritingState
from webapp.models.speakers import Speaker

SHOWN = 200


@dataclass(frozen=True)
class Written:
    """An article or a resource by a speaker; `on` is the day that puts it in order, `dated` what is known of it."""

    on: date
    dated: str
    article: Article | None = None
    resource: Resource | None = None


def written_by(speaker_id: int, *, now: datetime) -> tuple[Sequence[Written], Sequence[datetime]]:
    """The articles by this speaker that are out and the published resources, the latest first, up to 200 of each.

    With them comes when more articles are to come out.
    """
    known_as = select(Speaker.id).where(or_(Speaker.id == speaker_id, Speaker.merged_into_id == speaker_id))
    found: list[Written] = []
    ahead: list[datetime] = []
    articles = (
        select(Article)
        .join(Article.issue)
        .join(Issue.publication)
        .where(
            Article.id.in_(select(Author.article_id).where(Author.speaker_id.in_(known_as))),
            Article.state == WritingState.PUBLISHED,
            Issue.state == WritingState.PUBLISHED,
        )
        .options(contains_eager(Article.issue).contains_eager(Issue.publication))
        .order_by(Issue.publishes_at.desc(), Article.position, Article.id)
    )
    for article in db.session.scalars(articles.limit(SHOWN)):
        at = article.comes_out_at(article.issue)
        if at is not None and at > now:
            ahead.append(at)
        elif at is not None:
            on = at.astimezone(article.issue.timezone).date()
            found.append(Written(on, f"{on.day} {on:%B} {on.year}", article=article))
    resources = (
        select(Resource)
        .where(
            Resource.id.in_(select(ResourceAuthor.resource_id).where(ResourceAuthor.speaker_id.in_(known_as))),
            listed(Resource),
        )
        .order_by(Resource.added_at.desc(), Resource.id.desc())
    )
    for resource in db.session.scalars(resources.limit(SHOWN)):
        on = resource.published_on or today(resource.added_at or now)
        found.append(Written(on, str(resource.dated or ""), resource=resource))
    return sorted(found, key=lambda one: one.on, reverse=True), ahead
