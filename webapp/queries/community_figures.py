"""Figures of communities over a period: what was asked and answered in them, by which areas, and whom it reached.

What was written is read by name in the community itself, so topics, answers and areas are counted as they are. How
many people wrote or read is counted for lists whose small cells are hidden, with others beside them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import Power, Viewer, Visitor, reach
from webapp.models.areas import Area
from webapp.models.communities import Community, Openness
from webapp.models.memberships import Membership
from webapp.models.programmes import Programme, Theme
from webapp.models.surveys import THRESHOLD
from webapp.models.topics import IssueStage, Post, Topic, TopicKind, TopicReading
from webapp.queries import communities as queries
from webapp.queries.by_area import areas_in
from webapp.queries.programmes import get_programme
from webapp.queries.topics.reading import published, seen_by
from webapp.suppression import Count, is_small, protect_list

LATELY, A_WHILE = timedelta(days=30), timedelta(days=90)


@dataclass(frozen=True)
class Span:
    """From when, if not from the beginning, until when is counted."""

    since: datetime | None
    until: datetime

    def holds(self, column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        """The condition that a moment lies in it."""
        before: ColumnElement[bool] = column < self.until
        return before if self.since is None else and_(column >= self.since, before)


@dataclass(frozen=True)
class People:
    """How many people belong, and how many of them wrote, only read, or did neither; None is hidden."""

    belong: Count
    wrote: Count
    only_read: Count
    neither: Count

    @classmethod
    def of(cls, belong: int, reached: int, wrote: int) -> "People":
        """The numbers as they may be shown."""
        cells = [wrote, reached - wrote, belong - reached]
        hidden = protect_list(cells, THRESHOLD)
        shown = [None if place in hidden else cell for place, cell in enumerate(cells)]
        return cls(None if is_small(belong, THRESHOLD) else belong, *shown)

    @property
    def reached(self) -> Count:
        """How many wrote or read, where it may be said."""
        return None if self.belong is None or self.neither is None else self.belong - self.neither


@dataclass
class Figures:
    """What there is to say of a community, or of all those of a programme, over a period."""

    topics: int = 0
    answers: int = 0
    questions: int = 0
    # How long each question that was answered waited for its first answer.
    waits: list[timedelta] = field(default_factory=list)
    stages: dict[IssueStage, int] = field(default_factory=lambda: dict.fromkeys(IssueStage, 0))
    people: People = field(default_factory=lambda: People.of(0, 0, 0))

    @property
    def answered(self) -> int:
        return len(self.waits)

    @property
    def unanswered(self) -> int:
        return self.questions - self.answered

    @property
    def issues(self) -> int:
        return sum(self.stages.values())

    @property
    def median_wait(self) -> timedelta | None:
        """How long half of the questions that were answered waited at most."""
        return timedelta(seconds=median(one.total_seconds() for one in self.waits)) if self.waits else None


@dataclass(frozen=True)
class Activity:
    """An area, and when somebody of it last wrote in the 90 days up to the end of the period."""

    area: Area
    wrote_at: datetime | None
    is_lately: bool


@dataclass(frozen=True)
class Report:
    """The figures of communities together and one by one, whom they reached by strand, and active areas."""

    together: Figures
    each: Sequence[tuple[Community, Figures]]
    # Of the programme's people, by the strand of the topic or of its community; None for what has none.
    strands: Sequence[tuple[Theme | None, Count]]
    areas: Sequence[Activity]

    @property
    def stage_rows(self) -> list[tuple[str, int]]:
        """How many emerging issues stand at each stage."""
        return [(stage.label, number) for stage, number in self.together.stages.items()]

    @property
    def strand_rows(self) -> list[tuple[str, Count]]:
        """How many people were reached by each strand."""
        return [(theme.name if theme else "No strand", number) for theme, number in self.strands]

    @property
    def lately(self) -> int:
        """From how many areas somebody wrote in the last 30 days."""
        return sum(one.is_lately for one in self.areas)

    @property
    def in_a_while(self) -> int:
        """From how many areas somebody wrote in the last 90 days."""
        return sum(one.wrote_at is not None for one in self.areas)


def get_community_for_figures(public_id: str, *, viewer: Viewer | Visitor) -> Community:
    """A community with its programme, for who sees results in the programme; raises NotFound."""
    found = db.session.scalars(queries.shown().where(Community.public_id == public_id)).one_or_none()
    if found is None or not reach(viewer, Power.SEE_RESULTS).covers(found.programme_id, 0):
        raise NotFound
    return found


def get_programme_for_figures(public_id: str, *, viewer: Viewer | Visitor) -> Programme:
    """A programme, for who sees results in it; raises NotFound."""
    found = get_programme(public_id)
    if not reach(viewer, Power.SEE_RESULTS).covers(found.id, 0):
        raise NotFound
    return found


def communities_of(programme_id: int) -> list[Community]:
    """All communities of a programme, by name; those archived last."""
    found = db.session.scalars(queries.shown().where(Community.programme_id == programme_id).order_by(Community.id))
    return sorted(found, key=lambda one: (one.archived_at is not None, one.name.casefold(), one.id))


def report_on(programme: Programme, communities: Sequence[Community], span: Span, *, whole: bool) -> Report:
    """The figures of these communities of a programme: of all of them if it is the `whole`, or else of one."""
    ids = [one.id for one in communities]
    each = {community_id: Figures() for community_id in ids}
    together = Figures()
    _count_topics(ids, span, each, together)
    _count_answers(ids, span, each, together)
    _count_questions(ids, span, each, together)
    strands = _count_people(programme, ids, span, each, together, whole=whole)
    wave = communities[0].wave_id if len(communities) == 1 and not whole else None
    areas = _activity(programme.id, ids, span, wave)
    return Report(together, [(one, each[one.id]) for one in communities], strands, areas)


def _count_topics(ids: Sequence[int], span: Span, each: dict[int, Figures], together: Figures) -> None:
    statement = (
        select(Topic.community_id, Topic.kind, Topic.stage, func.count())
        .where(
            Topic.community_id.in_(ids),
            span.holds(Topic.created_at),
            seen_by(None, moderates=False),
            Topic.merged_into_id.is_(None),
        )
        .group_by(Topic.community_id, Topic.kind, Topic.stage)
    )
    for community_id, kind, stage, number in db.session.execute(statement):
        for one in (each[community_id], together):
            one.topics += number
            if kind is TopicKind.QUESTION:
                one.questions += number
            if stage is not None:
                one.stages[stage] += number


def _count_answers(ids: Sequence[int], span: Span, each: dict[int, Figures], together: Figures) -> None:
    statement = (
        select(Post.community_id, func.count())
        .join(Post.topic)
        .where(Post.community_id.in_(ids), published(), span.holds(Post.published_at), Post.number > 1)
        .group_by(Post.community_id)
    )
    for community_id, number in db.session.execute(statement):
        each[community_id].answers = number
        together.answers += number


def _count_questions(ids: Sequence[int], span: Span, each: dict[int, Figures], together: Figures) -> None:
    first_answer = func.min(case((Post.author_id != Topic.author_id, Post.published_at)))
    statement = (
        select(Topic.community_id, func.min(Post.published_at), first_answer)
        .join(Post, Post.topic_id == Topic.id)
        .where(
            Topic.community_id.in_(ids),
            Topic.kind == TopicKind.QUESTION,
            span.holds(Topic.created_at),
            Post.published_at < span.until,
            published(),
        )
        .group_by(Topic.id)
        .having(first_answer.is_not(None))
    )
    for community_id, begun, answered in db.session.execute(statement):
        each[community_id].waits.append(answered - begun)
        together.waits.append(answered - begun)


def _belongs() -> ColumnElement[bool]:
    """The condition that somebody who belongs to a programme now is one of those for whom a community is."""
    own = or_(Community.wave_id.is_(None), Membership.wave_id == Community.wave_id)
    of_programme = or_(Community.openness != Openness.PRIVATE, and_(~Community.is_group, own))
    return and_(
        Membership.programme_id == Community.programme_id,
        Membership.ended_at.is_(None),
        or_(
            and_(Community.is_group, Membership.community_id == Community.id),
            and_(Membership.community_id.is_(None), of_programme),
        ),
    )


def _count_people(
    programme: Programme, ids: Sequence[int], span: Span, each: dict[int, Figures], together: Figures, *, whole: bool
) -> list[tuple[Theme | None, Count]]:
    """Who belongs, wrote and read, for each community and together; gives how many were reached by strand.

    Somebody read something of the period if they read as far as its first post in a topic.
    """
    of_each = (
        select(Community.id, func.count(Membership.person_id.distinct()))
        .join(Membership, _belongs())
        .where(Community.id.in_(ids))
        .group_by(Community.id)
    )
    belong = {row[0]: row[1] for row in db.session.execute(of_each)}
    of_all = (
        select(func.count(Membership.person_id.distinct())).join(Community, _belongs()).where(Community.id.in_(ids))
    )
    everybody = db.session.scalar(of_all) or 0
    found = _reached(ids, span)
    for community_id, figures in each.items():
        figures.people = People.of(belong.get(community_id, 0), *found.get(("community", community_id), (0, 0)))
    reached, by = found[("all", 0)]
    together.people = People.of(everybody, reached, by)
    return [
        (theme, _protected([number, reached - number, everybody - reached]))
        for theme in [*programme.themes, None]
        for number in [found.get(("strand", theme.id if theme else None), (0, 0))[0]]
        if (theme is not None and (whole or number)) or (theme is None and number)
    ]


def _reached(ids: Sequence[int], span: Span) -> dict[tuple[str, int | None], tuple[int, int]]:
    """How many of those who belong read or wrote something, and how many wrote: by community, by strand and of all."""
    strand = func.coalesce(Topic.theme_id, Community.theme_id)
    in_span = and_(Post.community_id.in_(ids), published(), span.holds(Post.published_at))
    firsts = (
        select(Post.topic_id, func.min(Post.number).label("number"))
        .join(Post.topic)
        .where(in_span)
        .group_by(Post.topic_id)
        .subquery()
    )
    wrote = (
        select(
            Post.community_id.label("community_id"),
            strand.label("theme_id"),
            Post.author_id.label("person_id"),
            literal(1).label("wrote"),
        )
        .join(Post.topic)
        .join(Community, Community.id == Post.community_id)
        .where(in_span)
        .distinct()
    )
    read = (
        select(Topic.community_id, strand, TopicReading.person_id, literal(0))
        .join(firsts, firsts.c.topic_id == Topic.id)
        .join(TopicReading, and_(TopicReading.topic_id == Topic.id, TopicReading.number >= firsts.c.number))
        .join(Community, Community.id == Topic.community_id)
    )
    taken = union_all(wrote, read).subquery()
    members = (
        select(Membership.id)
        .where(Membership.person_id == taken.c.person_id, Community.id == taken.c.community_id, _belongs())
        .correlate(taken)
        .exists()
    )
    part = select(taken).where(members).cte("part")
    people, writers = (
        func.count(part.c.person_id.distinct()),
        func.count(case((part.c.wrote == 1, part.c.person_id)).distinct()),
    )
    counts = union_all(
        select(literal("community"), part.c.community_id, people, writers).group_by(part.c.community_id),
        select(literal("strand"), part.c.theme_id, people, writers).group_by(part.c.theme_id),
        select(literal("all"), literal(0), people, writers),
    )
    return {(what, number): (reached, by) for what, number, reached, by in db.session.execute(counts)}


def _protected(cells: Sequence[int]) -> Count:
    """The first of these, which exclude one another, where it may be shown."""
    return None if 0 in protect_list(cells, THRESHOLD) else cells[0]


def _activity(programme_id: int, ids: Sequence[int], span: Span, wave_id: int | None) -> list[Activity]:
    statement = (
        select(Membership.area_id, func.max(Post.published_at))
        .join(Post, Post.author_id == Membership.person_id)
        .join(Post.topic)
        .where(
            Membership.programme_id == programme_id,
            Membership.area_id.is_not(None),
            Membership.ended_at.is_(None),
            Post.community_id.in_(ids),
            Post.published_at >= span.until - A_WHILE,
            Post.published_at < span.until,
            published(),
        )
        .group_by(Membership.area_id)
    )
    wrote = {row[0]: row[1] for row in db.session.execute(statement)}
    since = span.until - LATELY
    found = []
    for area in areas_in(programme_id):
        if wave_id is None or area.wave_id == wave_id:
            at = wrote.get(area.id)
            found.append(Activity(area, at, at is not None and at >= since))
    return found
