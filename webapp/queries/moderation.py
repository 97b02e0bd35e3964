"""Reading what waits for moderators: the queue, single cases, and who had a post before it was taken away."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.folding import fold_email
from webapp.models.accounts import ROLES, Grant, Person, Power, Role, ThingKind, Viewer, Visitor, reach
from webapp.models.communities import Community
from webapp.models.moderation import ModerationCase, PostReport
from webapp.models.topics import Post, PostFile, PostState, Topic, TopicReading
from webapp.queries.paging import Page, nearest
from webapp.queries.topics import lock_post, lock_topic

PAGE_SIZE = 25
MOST_READERS = 500


@dataclass(frozen=True)
class Waiting:
    """How many cases are open for somebody, and how many of those are about a child."""

    cases: int
    children: int


def looked_after(viewer: Viewer | Visitor) -> ColumnElement[bool]:
    """The condition that the viewer decides about a case, as `access.may_decide_about` says it of one."""
    reached = reach(viewer, Power.MODERATE)
    if reached.everything:
        return true()
    return or_(
        Community.programme_id.in_(reached.programmes),
        Community.id.in_(reached.communities),
        and_(_leads(viewer), ModerationCase.is_child),
    )


def _leads(viewer: Viewer | Visitor) -> ColumnElement[bool]:
    """The condition that the viewer is a community's named lead, as `access.is_child_lead` says it of one."""
    if not isinstance(viewer, Viewer) or not viewer.email:
        return false()
    return func.lower(Community.child_lead_email) == fold_email(viewer.email)


def queue(
    viewer: Viewer | Visitor, *, community_id: int | None = None, decided: bool = False, page: int = 1
) -> Page[ModerationCase]:
    """What waits for the viewer: first where somebody is worried about a child, then the longest waiting; or, decided.

    Those decided come latest first.
    """
    ended = ModerationCase.decided_at
    wanted = [looked_after(viewer), ended.is_not(None) if decided else ended.is_(None)]
    if community_id is not None:
        wanted.append(ModerationCase.community_id == community_id)
    counting = select(func.count()).select_from(ModerationCase).join(ModerationCase.community).where(*wanted)
    total = db.session.scalar(counting) or 0
    number = nearest(page, total, PAGE_SIZE)
    order = (
        (ModerationCase.decided_at.desc(), ModerationCase.id.desc())
        if decided
        else (ModerationCase.is_child.desc(), ModerationCase.opened_at, ModerationCase.id)
    )
    statement = _shown().join(ModerationCase.community).where(*wanted).order_by(*order)
    rows = db.session.scalars(statement.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return Page(list(rows), number, PAGE_SIZE, total)


def count_waiting(viewer: Viewer | Visitor, *, community_id: int | None = None) -> Waiting:
    """How much waits for the viewer, in a community or in all."""
    statement = select(func.count(), func.count().filter(ModerationCase.is_child)).select_from(ModerationCase)
    statement = statement.join(ModerationCase.community).where(
        ModerationCase.decided_at.is_(None), looked_after(viewer)
    )
    if community_id is not None:
        statement = statement.where(ModerationCase.community_id == community_id)
    return Waiting(*db.session.execute(statement).one())


def get_case(public_id: str, *, community: str, viewer: Viewer | Visitor) -> ModerationCase:
    """A case of a community, by the public ids of both, with its post and topic, files, reports and people.

    Raises NotFound for who does not decide about it.
    """
    statement = (
        _shown()
        .join(ModerationCase.community)
        .where(ModerationCase.public_id == public_id, Community.public_id == community, looked_after(viewer))
        .options(
            selectinload(ModerationCase.reports).joinedload(PostReport.reporter),
            joinedload(ModerationCase.post).selectinload(Post.files).joinedload(PostFile.file),
            joinedload(ModerationCase.decided_by),
        )
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def get_looked_after(public_id: str, *, viewer: Viewer | Visitor) -> Community:
    """The community for who moderates it or is its named lead; raises NotFound for everybody else."""
    statement = select(Community).where(Community.public_id == public_id, _looks_after(viewer))
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def looks_after_any(viewer: Viewer | Visitor) -> bool:
    """Whether there is a community that the viewer moderates or is the named lead of."""
    return bool(db.session.scalar(select(exists(select(Community.id).where(_looks_after(viewer))))))


def _looks_after(viewer: Viewer | Visitor) -> ColumnElement[bool]:
    reached = reach(viewer, Power.MODERATE)
    return or_(
        true() if reached.everything else false(),
        Community.programme_id.in_(reached.programmes),
        Community.id.in_(reached.communities),
        _leads(viewer),
    )


def cases_of(post_id: int) -> list[ModerationCase]:
    """All cases of a post, the latest first, with who decided them."""
    statement = select(ModerationCase).where(ModerationCase.post_id == post_id).order_by(ModerationCase.id.desc())
    return list(db.session.scalars(statement.options(joinedload(ModerationCase.decided_by))))


def _shown() -> Select[ModerationCase]:
    return select(ModerationCase).options(
        joinedload(ModerationCase.post).options(joinedload(Post.author), joinedload(Post.topic)),
        joinedload(ModerationCase.claimed_by),
        joinedload(ModerationCase.community),
    )


def find_post(public_id: str, *, community_id: int) -> Post:
    """A post of a community with its topic and author, in whatever state; raises NotFound.

    Whoever asks looks at the state: only `queries.topics.published` is for everybody.
    """
    statement = select(Post).where(Post.public_id == public_id, Post.community_id == community_id)
    found = db.session.scalars(statement.options(joinedload(Post.topic), joinedload(Post.author))).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_with_topic(post_id: int) -> tuple[Post, Topic]:
    """A post and its topic as they are now, locked in their order; the id must be of a row that exists."""
    while True:
        topic_id = db.session.scalars(select(Post.topic_id).where(Post.id == post_id)).one()
        topic = lock_topic(topic_id)
        post = lock_post(post_id)
        # Moved to another topic while this waited: then that one is to be locked first.
        if post.topic_id == topic.id:
            return post, topic


def lock_open_case(post_id: int) -> ModerationCase | None:
    """The open case of a post, locked until the unit ends, if there is one."""
    statement = select(ModerationCase).where(ModerationCase.post_id == post_id, ModerationCase.decided_at.is_(None))
    return db.session.scalars(_fresh(statement)).one_or_none()


def lock_case(case_id: int) -> ModerationCase:
    """The case as it is now, locked until the unit ends; the id must be of a row that exists."""
    return db.session.scalars(_fresh(select(ModerationCase).where(ModerationCase.id == case_id))).one()


def _fresh(statement: Select[ModerationCase]) -> Select[ModerationCase]:
    return statement.with_for_update().execution_options(populate_existing=True)


def lock_unseen(*, before: datetime, reminded_before: datetime) -> list[ModerationCase]:
    """Cases about a child that nobody has acknowledged since then, and of which nobody was reminded since, locked.

    Without those of the demonstration, in which there is no child.
    """
    shown = select(Community.id).where(Community.demonstration)
    statement = select(ModerationCase).where(
        ModerationCase.community_id.not_in(shown),
        ModerationCase.child_at <= before,
        ModerationCase.acknowledged_at.is_(None),
        ModerationCase.decided_at.is_(None),
        or_(ModerationCase.reminded_at.is_(None), ModerationCase.reminded_at <= reminded_before),
    )
    loaded = statement.options(selectinload(ModerationCase.community), selectinload(ModerationCase.post))
    loaded = loaded.order_by(ModerationCase.id).limit(100)
    return list(db.session.scalars(loaded.with_for_update(skip_locked=True)))


def find_report(case_id: int, reporter_id: int) -> PostReport | None:
    """What a person said in a case, if they did."""
    statement = select(PostReport).where(PostReport.case_id == case_id, PostReport.reporter_id == reporter_id)
    return db.session.scalars(statement).one_or_none()


def newest_report(post_id: int, reporter_id: int) -> PostReport | None:
    """What a person said last against a post, with its case, if they ever did."""
    statement = (
        select(PostReport)
        .join(PostReport.case)
        .where(ModerationCase.post_id == post_id, PostReport.reporter_id == reporter_id)
        .options(joinedload(PostReport.case))
        .order_by(PostReport.id.desc())
        .limit(1)
    )
    return db.session.scalars(statement).one_or_none()


def reports_of(post_id: int) -> list[PostReport]:
    """What was said against a post, in all of its cases."""
    statement = select(PostReport).join(PostReport.case).where(ModerationCase.post_id == post_id)
    return list(db.session.scalars(statement.order_by(PostReport.id)))


def others_wait(community_id: int, *, but: int) -> bool:
    """Whether another case than this one is open in the community, of which its moderators know."""
    statement = select(ModerationCase.id).where(
        ModerationCase.community_id == community_id, ModerationCase.decided_at.is_(None), ModerationCase.id != but
    )
    return db.session.scalar(statement.limit(1)) is not None


def opens_topic(post: Post) -> bool:
    """Whether no other post of its topic comes before it: the title goes with its words."""
    if post.number is None:
        first = select(Post.id).where(Post.topic_id == post.topic_id, Post.id < post.id)
    else:
        first = select(Post.id).where(Post.topic_id == post.topic_id, Post.number < post.number)
    return db.session.scalar(first.limit(1)) is None


def newest_published(topic_id: int) -> Post | None:
    """The published post of a topic with the highest number, if any is published."""
    statement = select(Post).where(Post.topic_id == topic_id, Post.state == PostState.PUBLISHED)
    return db.session.scalars(statement.order_by(Post.number.desc(), Post.id.desc()).limit(1)).one_or_none()


def moderators_of(community: Community, *, now: datetime, roles: Collection[Role] | None = None) -> list[Person]:
    """Who looks after the community by one of these roles, else by any that gives the power, by id."""
    wanted = roles if roles is not None else ROLES[Power.MODERATE]
    statement = (
        select(Person)
        .join(Grant, Grant.person_id == Person.id)
        .where(Grant.role.in_(wanted), _reaching(community), or_(Grant.until.is_(None), Grant.until > now))
        .where(Person.merged_into_id.is_(None))
        .distinct()
        .order_by(Person.id)
    )
    return list(db.session.scalars(statement))


def appointments_of(community: Community, *, now: datetime) -> Sequence[tuple[Grant, Person]]:
    """The roles of moderators that reach the community now, and whose each is: first those given for it alone."""
    statement = (
        select(Grant, Person)
        .join(Person, Person.id == Grant.person_id)
        .where(Grant.role == Role.MODERATOR, _reaching(community), or_(Grant.until.is_(None), Grant.until > now))
        .where(Person.merged_into_id.is_(None))
        .order_by(Grant.thing_kind, Grant.id)
    )
    return [(grant, person) for grant, person in db.session.execute(statement)]


def lock_appointment(community_id: int, person_id: int) -> Grant | None:
    """The role of moderator that somebody was given for this community, run out or not, locked."""
    statement = select(Grant).where(
        Grant.person_id == person_id,
        Grant.role == Role.MODERATOR,
        Grant.thing_kind == ThingKind.COMMUNITY,
        Grant.thing_id == community_id,
    )
    return db.session.scalars(statement.with_for_update()).one_or_none()


def _reaching(community: Community) -> ColumnElement[bool]:
    return or_(
        and_(Grant.thing_kind == ThingKind.COMMUNITY, Grant.thing_id == community.id),
        and_(Grant.thing_kind == ThingKind.PROGRAMME, Grant.thing_id == community.programme_id),
        and_(Grant.thing_kind == ThingKind.SITE, Grant.thing_id == 0),
    )


def post_of(case_id: int) -> int:
    """The id of the post of a case, for the post and its topic to be locked before the case."""
    return db.session.scalars(select(ModerationCase.post_id).where(ModerationCase.id == case_id)).one()


def author_of(post_id: int) -> int:
    """The id of who wrote a post; the post must be there."""
    return db.session.scalars(select(Post.author_id).where(Post.id == post_id)).one()


def lock_claimed_by(person_id: int, community_id: int) -> list[ModerationCase]:
    """The open cases of a community that a person has taken, locked by id."""
    statement = select(ModerationCase).where(
        ModerationCase.claimed_by_id == person_id,
        ModerationCase.community_id == community_id,
        ModerationCase.decided_at.is_(None),
    )
    return list(db.session.scalars(statement.order_by(ModerationCase.id).with_for_update()))


def read_by(post: Post) -> list[Person]:
    """Whoever is known to have read as far as a post that was published, but for its writer; 500 at most, by name."""
    if post.number is None:
        return []
    statement = (
        select(Person)
        .join(TopicReading, TopicReading.person_id == Person.id)
        .where(TopicReading.topic_id == post.topic_id, TopicReading.number >= post.number, Person.id != post.author_id)
        .order_by(Person.name, Person.id)
        .limit(MOST_READERS)
    )
    return list(db.session.scalars(statement))


def community_of(post: Post) -> Community:
    """The community that a post stands in."""
    return db.session.get_one(Community, post.community_id)


def has_child_case(post_id: int) -> bool:
    """Whether somebody is worried about a child because of a post, and nobody has decided about it yet."""
    statement = select(ModerationCase.id).where(
        ModerationCase.post_id == post_id, ModerationCase.decided_at.is_(None), ModerationCase.is_child
    )
    return db.session.scalar(statement.limit(1)) is not None


def post_ids_in(topic_id: int) -> set[int]:
    """The ids of all posts of a topic, in whatever state."""
    return set(db.session.scalars(select(Post.id).where(Post.topic_id == topic_id)))
