"""What is told of a find beside its passage, so that things of the same title are told apart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Integer, String, cast, literal, null, select, union_all

from webapp.extensions import db
from webapp.models.accounts import Person
from webapp.models.communities import Community
from webapp.models.library import Precision, Resource, ResourceKind
from webapp.models.passages import PassageKind
from webapp.models.publications import Article, Author, Issue, Publication
from webapp.models.topics import Post, Topic
from webapp.queries.passages.finding import Hit


@dataclass(frozen=True)
class Told:
    """Of an article what it came out in and who wrote it; of a resource its kind, and how much is known of its date.

    Of a post the title of its topic, its community, who wrote it and when, and whether it answers the question.
    """

    publication: str = ""
    issue: int = 0
    authors: tuple[str, ...] = ()
    resource: ResourceKind | None = None
    precision: Precision | None = None
    topic: str = ""
    community: str = ""
    at: datetime | None = None
    is_answer: bool = False


def told_of(hits: Iterable[Hit]) -> dict[tuple[PassageKind, int], Told]:
    """What is told of the articles, resources and posts among these finds, by kind and id; asked if there are any."""
    ids: dict[PassageKind, set[int]] = {
        PassageKind.ARTICLE: set(),
        PassageKind.RESOURCE: set(),
        PassageKind.TOPIC: set(),
    }
    for hit in hits:
        if hit.kind in ids:
            ids[hit.kind] |= {hit.thing_id}
    found = _of_posts(ids.pop(PassageKind.TOPIC))
    return found | _of_the_library(ids) if any(ids.values()) else found


def _of_posts(ids: set[int]) -> dict[tuple[PassageKind, int], Told]:
    if not ids:
        return {}
    statement = (
        select(Post.id, Topic.title, Community.name, Person.name, Post.published_at)
        .add_columns(Topic.accepted_number == Post.number)
        .join(Topic, Topic.id == Post.topic_id)
        .join(Community, Community.id == Topic.community_id)
        .join(Person, Person.id == Post.author_id)
        .where(Post.id.in_(sorted(ids)))
    )
    return {
        (PassageKind.TOPIC, post_id): Told(
            topic=title, community=community, authors=(name,), at=at, is_answer=bool(is_answer)
        )
        for post_id, title, community, name, at, is_answer in db.session.execute(statement)
    }


def _of_the_library(ids: Mapping[PassageKind, set[int]]) -> dict[tuple[PassageKind, int], Told]:
    articles = (
        select(
            literal(PassageKind.ARTICLE.value).label("kind"),
            Article.id.label("thing_id"),
            Publication.title.label("what"),
            Issue.number.label("number"),
            Author.name.label("name"),
            Author.position.label("position"),
            Author.id.label("id"),
        )
        .join(Article.issue)
        .join(Issue.publication)
        .outerjoin(Author, Author.article_id == Article.id)
        .where(Article.id.in_(sorted(ids[PassageKind.ARTICLE])))
    )
    nothing = cast(null(), Integer)
    resources = select(
        literal(PassageKind.RESOURCE.value),
        Resource.id,
        cast(Resource.kind, String),
        nothing,
        cast(Resource.published_precision, String),
        nothing,
        nothing,
    ).where(Resource.id.in_(sorted(ids[PassageKind.RESOURCE])))
    both = union_all(articles, resources).subquery()
    found: dict[tuple[PassageKind, int], Told] = {}
    for row in db.session.execute(select(both).order_by(both.c.position, both.c.id)):
        key = PassageKind(row.kind), row.thing_id
        if key[0] is PassageKind.RESOURCE:
            found[key] = Told(resource=ResourceKind(row.what), precision=Precision(row.name) if row.name else None)
        else:
            one = found.get(key, Told(publication=row.what, issue=row.number))
            found[key] = replace(one, authors=(*one.authors, row.name)) if row.name else one
    return found
