"""Lists of topics: of a community by kind and category, and the newest of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased, joinedload

from webapp.extensions import db
from webapp.models.communities import Community
from webapp.models.topics import TOPICS_A_PAGE, Topic, TopicKind
from webapp.queries.paging import Page, nearest
from webapp.queries.topics.reading import seen_by

COUNTED = 1_000


@dataclass(frozen=True, kw_only=True)
class TopicFilter:
    """Which topics of a community: all, or those of a kind, of a category by its id, or questions without an answer."""

    kind: TopicKind | None = None
    category_id: int | None = None
    unanswered: bool = False


def topics_in(
    community_id: int, wanted: TopicFilter, *, page: int, person_id: int | None, moderates: bool
) -> Page[Topic]:
    """The topics that somebody sees, the pinned ones first, then by the newest post; 25 a page, counted to 1,000."""
    statement = _of(community_id, wanted).where(seen_by(person_id, moderates=moderates))
    counted = select(func.count()).select_from(statement.with_only_columns(Topic.id).limit(COUNTED + 1).subquery())
    total = db.session.scalar(counted) or 0
    more, total = total > COUNTED, min(total, COUNTED)
    number = nearest(page, total, TOPICS_A_PAGE)
    if not total:
        return Page([], number, TOPICS_A_PAGE, 0)
    ordered = statement.order_by(Topic.is_pinned.desc(), Topic.last_post_at.desc(), Topic.id.desc())
    shown = (
        ordered.limit(TOPICS_A_PAGE)
        .offset((number - 1) * TOPICS_A_PAGE)
        .options(
            joinedload(Topic.author),
            joinedload(Topic.last_author),
            joinedload(Topic.category),
            joinedload(Topic.theme),
            joinedload(Topic.owner),
        )
    )
    return Page(list(db.session.scalars(shown)), number, TOPICS_A_PAGE, total, more)


def newest_topics(community_ids: Sequence[int]) -> dict[int, Topic]:
    """The topic with the newest post in each of these communities, by the community's id; without pinned ones."""
    shown = aliased(Topic)
    newest = (
        select(Topic.id)
        .where(Topic.community_id == Community.id, ~Topic.is_pinned)
        .where(Topic.merged_into_id.is_(None), seen_by(None, moderates=False))
        .order_by(Topic.last_post_at.desc(), Topic.id.desc())
        .limit(1)
        .correlate(Community)
        .scalar_subquery()
    )
    statement = select(shown).join(Community, shown.id == newest).where(Community.id.in_(community_ids))
    return {row.community_id: row for row in db.session.scalars(statement.order_by(Community.id))}


def _of(community_id: int, wanted: TopicFilter) -> Select[Topic]:
    statement = select(Topic).where(Topic.community_id == community_id, Topic.merged_into_id.is_(None))
    if wanted.kind is not None:
        statement = statement.where(Topic.kind == wanted.kind)
    if wanted.category_id is not None:
        statement = statement.where(Topic.category_id == wanted.category_id)
    if wanted.unanswered:
        statement = statement.where(Topic.kind == TopicKind.QUESTION, Topic.accepted_number.is_(None))
    return statement
