"""Emerging issues: the board of a community, and how one came to stand as it does."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import contains_eager, joinedload

from webapp.extensions import db
from webapp.models.accounts import Person, ThingKind
from webapp.models.activity import Activity
from webapp.models.communities import MemberProfile, Participation
from webapp.models.mailings import Letter
from webapp.models.programmes import Theme
from webapp.models.topics import IssueStage, Topic
from webapp.queries.paging import Page, nearest
from webapp.queries.topics.reading import seen_by

PAGE_SIZE = 50
MOST_MOVES = 50
MOST_OWNERS = 200
GOING_ON = (IssueStage.RAISED, IssueStage.LOOKED_AT)
_PLACES = {stage: place for place, stage in enumerate(IssueStage)}


@dataclass(frozen=True, kw_only=True)
class IssueFilter:
    """Which issues of a community: all, or those of a stage, a strand (0 for none), an owner, or overdue by a day."""

    stage: IssueStage | None = None
    theme_id: int | None = None
    owner_id: int | None = None
    overdue_on: date | None = None


class IssueMove(NamedTuple):
    """How an issue was moved on: when, by whom, and what changed, as it was and as it became."""

    topic_id: int
    at: datetime
    by: str
    details: dict[str, Any]


def issues_in(community_id: int, wanted: IssueFilter, *, page: int) -> Page[Topic]:
    """The issues of a community by stage, strand and date, with their people; 50 a page."""
    conditions = [*_seen(community_id), *_of(wanted)]
    total = db.session.scalar(select(func.count()).select_from(Topic).where(*conditions)) or 0
    number = nearest(page, total, PAGE_SIZE)
    statement = (
        select(Topic)
        .outerjoin(Topic.theme)
        .where(*conditions)
        .options(contains_eager(Topic.theme), joinedload(Topic.author), joinedload(Topic.owner))
        .order_by(
            case(_PLACES, value=Topic.stage),
            Theme.position.is_(None),
            Theme.position,
            Topic.due_on.is_(None),
            Topic.due_on,
            Topic.id,
        )
    )
    rows = db.session.scalars(statement.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return Page(list(rows), number, PAGE_SIZE, total)


def count_issues(community_id: int) -> dict[tuple[int | None, IssueStage], int]:
    """How many issues of a community there are, by strand and stage."""
    statement = (
        select(Topic.theme_id, Topic.stage, func.count())
        .where(*_seen(community_id))
        .group_by(Topic.theme_id, Topic.stage)
    )
    return {(theme, stage): number for theme, stage, number in db.session.execute(statement) if stage is not None}


def owners_in(community_id: int) -> list[Person]:
    """Whoever answers for an issue of a community, by name."""
    owners = select(Topic.owner_id).where(*_seen(community_id), Topic.owner_id.is_not(None))
    statement = select(Person).where(Person.id.in_(owners)).order_by(Person.name, Person.id)
    return list(db.session.scalars(statement.limit(MOST_OWNERS)))


def last_moves(topic_ids: Collection[int]) -> dict[int, IssueMove]:
    """How each of these issues was moved on last, by its id."""
    if not topic_ids:
        return {}
    last = (
        select(func.max(Activity.id))
        .where(Activity.thing_kind == ThingKind.TOPIC, Activity.thing_id.in_(sorted(topic_ids)))
        .where(Activity.verb == "issue_moved")
        .group_by(Activity.thing_id)
    )
    return {one.topic_id: one for one in _moves(Activity.id.in_(last), limit=len(topic_ids))}


def moves_of(topic_id: int) -> list[IssueMove]:
    """How an issue was moved on, the last first, up to 50."""
    of_it = (Activity.thing_kind == ThingKind.TOPIC) & (Activity.thing_id == topic_id)
    return _moves(of_it & (Activity.verb == "issue_moved"), limit=MOST_MOVES)


def _moves(condition: ColumnElement[bool], *, limit: int) -> list[IssueMove]:
    statement = (
        select(Activity.thing_id, Activity.at, Person.name, Activity.details)
        .outerjoin(Person, Person.id == Activity.actor_id)
        .where(condition)
        .order_by(Activity.id.desc())
        .limit(limit)
    )
    return [IssueMove(topic, at, name or "", details) for topic, at, name, details in db.session.execute(statement)]


def handle_of(person_id: int | None) -> str:
    """What mentions of a person go by; empty where there is nothing yet."""
    if person_id is None:
        return ""
    return db.session.scalar(select(MemberProfile.handle).where(MemberProfile.person_id == person_id)) or ""


def handles_in(community_id: int) -> list[tuple[str, str]]:
    """The handles and names of those who take part in a community, by name, up to 200."""
    statement = (
        select(MemberProfile.handle, Person.name)
        .join(Person, Person.id == MemberProfile.person_id)
        .join(Participation, Participation.person_id == Person.id)
        .where(Participation.community_id == community_id, Person.merged_into_id.is_(None))
        .order_by(Person.name, Person.id)
        .limit(MOST_OWNERS)
    )
    return [(handle, name) for handle, name in db.session.execute(statement)]


def was_told_accepted(post_id: int) -> bool:
    """Whether people were told already that a post was accepted as an answer."""
    statement = select(Letter.id).where(Letter.post_id == post_id, Letter.notice == "answer_accepted")
    return db.session.scalar(statement.limit(1)) is not None


def _seen(community_id: int) -> list[ColumnElement[bool]]:
    return [
        Topic.community_id == community_id,
        Topic.stage.is_not(None),
        Topic.merged_into_id.is_(None),
        seen_by(None, moderates=False),
    ]


def _of(wanted: IssueFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.stage is not None:
        found.append(Topic.stage == wanted.stage)
    if wanted.theme_id is not None:
        found.append(Topic.theme_id == wanted.theme_id if wanted.theme_id else Topic.theme_id.is_(None))
    if wanted.owner_id is not None:
        found.append(Topic.owner_id == wanted.owner_id)
    if wanted.overdue_on is not None:
        found += [Topic.due_on < wanted.overdue_on, Topic.stage.in_(GOING_ON)]
    return found
