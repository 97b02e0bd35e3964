"""One topic and the posts in it."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import Viewer, Visitor
from webapp.models.communities import MemberProfile
from webapp.models.moderation import ModerationCase
from webapp.models.topics import POSTS_A_PAGE, Poll, Post, PostFile, PostState, PostVersion, Topic
from webapp.queries.communities import readable


class ShownPost(NamedTuple):
    """A post with its author and files, and what its author tells others of themselves."""

    post: Post
    profile: MemberProfile | None


def seen_by(person_id: int | None, *, moderates: bool) -> ColumnElement[bool]:
    """The condition that somebody sees a topic: one with a published post, their own, or as a moderator any.

    What was merged into another is seen, so that its address leads on; lists leave it out.
    """
    if moderates:
        return true()
    seen = and_(or_(Topic.posts > 0, Topic.merged_into_id.is_not(None)), Topic.withheld_at.is_(None))
    return seen if person_id is None else or_(seen, Topic.author_id == person_id)


def get_topic(public_id: str, *, community_id: int, person_id: int | None, moderates: bool) -> Topic:
    """The topic with its author, category, theme, owner and poll, also one merged into another; raises NotFound."""
    statement = (
        select(Topic)
        .where(Topic.public_id == public_id, Topic.community_id == community_id)
        .where(seen_by(person_id, moderates=moderates))
        .options(joinedload(Topic.author), joinedload(Topic.category), joinedload(Topic.theme), joinedload(Topic.owner))
        .options(joinedload(Topic.poll).selectinload(Poll.options))
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def find_topic_anywhere(public_id: str, *, viewer: Viewer | Visitor) -> Topic | None:
    """The topic with its community, in whichever community that the viewer reads it stands; None if in none.

    One that is not seen yet, or that is withheld, is nowhere: its address tells its title.
    """
    return db.session.scalars(_reached(viewer).where(Topic.public_id == public_id)).one_or_none()


def find_topic(topic_id: int, *, viewer: Viewer | Visitor) -> Topic | None:
    """The same by its id: such as what another topic was merged into."""
    return db.session.scalars(_reached(viewer).where(Topic.id == topic_id)).one_or_none()


def _reached(viewer: Viewer | Visitor) -> Select[Topic]:
    statement = select(Topic).join(Topic.community).where(readable(viewer), seen_by(viewer.id, moderates=False))
    return statement.options(joinedload(Topic.community))


def find_post(public_id: str, *, viewer: Viewer | Visitor) -> Post | None:
    """The post with its topic and community, if the viewer reads that; whether they read the post is not asked."""
    statement = (
        select(Post)
        .join(Post.community)
        .where(Post.public_id == public_id, readable(viewer))
        .options(joinedload(Post.topic), joinedload(Post.community), joinedload(Post.author))
    )
    return db.session.scalars(statement).one_or_none()


def lock_topic(topic_id: int) -> Topic:
    """The topic as it is now, locked until the unit ends; the id must be of a row that exists.

    What only refers to it, such as how far somebody has read, is written meanwhile.
    """
    statement = select(Topic).where(Topic.id == topic_id).with_for_update(key_share=True)
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def lock_post(post_id: int) -> Post:
    """The post as it is now, locked until the unit ends; the id must be of a row that exists.

    Where both are locked, the topic goes first.
    """
    statement = select(Post).where(Post.id == post_id).with_for_update(key_share=True)
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def page_of(number: int) -> int:
    """The page of a topic on which the post of this number stands."""
    return max(0, number - 1) // POSTS_A_PAGE + 1


def posts_of(topic_id: int, *, page: int) -> list[ShownPost]:
    """The posts of a page in their order, with authors and files; those taken away stand there without their words.

    A page goes by numbers, so that the thousandth costs what the first does.
    """
    first = (page - 1) * POSTS_A_PAGE
    statement = _shown().where(Post.topic_id == topic_id, Post.number > first, Post.number <= first + POSTS_A_PAGE)
    return [ShownPost(*row) for row in db.session.execute(statement.order_by(Post.number, Post.id))]


def waiting_posts_of(topic_id: int, person_id: int | None) -> list[ShownPost]:
    """What the person wrote in the topic that waits for a moderator, or was refused, in the order of writing.

    Without a person, what everybody wrote there that waits.
    """
    statement = _shown().where(Post.topic_id == topic_id, Post.number.is_(None))
    if person_id is None:
        statement = statement.where(Post.state == PostState.WAITING)
    else:
        own = Post.author_id == person_id
        statement = statement.where(own, Post.state.in_((PostState.WAITING, PostState.REFUSED)))
    return [ShownPost(*row) for row in db.session.execute(statement.order_by(Post.id))]


def files_of(post_id: int) -> list[PostFile]:
    """The files of a post in their order."""
    statement = select(PostFile).where(PostFile.post_id == post_id).order_by(PostFile.position, PostFile.id)
    return list(db.session.scalars(statement.options(joinedload(PostFile.file))))


def versions_of(post_id: int) -> list[PostVersion]:
    """What a post said before each change of it, the earliest first."""
    statement = select(PostVersion).where(PostVersion.post_id == post_id)
    return list(db.session.scalars(statement.order_by(PostVersion.number, PostVersion.id)))


def count_versions(post_id: int) -> int:
    """How often a post was changed."""
    return db.session.scalar(select(func.count()).where(PostVersion.post_id == post_id)) or 0


def is_looked_at(post_id: int) -> bool:
    """Whether moderators have a post before them that nobody decided about yet."""
    there = select(ModerationCase.id).where(ModerationCase.post_id == post_id, ModerationCase.decided_at.is_(None))
    return bool(db.session.scalar(select(there.exists())))


def _shown() -> Select[Post, MemberProfile]:
    return (
        select(Post, MemberProfile)
        .outerjoin(MemberProfile, MemberProfile.person_id == Post.author_id)
        .options(joinedload(Post.author), selectinload(Post.files).joinedload(PostFile.file))
    )


def published() -> ColumnElement[bool]:
    """The condition that a post is read by all who read its community; of a query that joins its topic."""
    return and_(Post.state == PostState.PUBLISHED, Topic.merged_into_id.is_(None), Topic.withheld_at.is_(None))
