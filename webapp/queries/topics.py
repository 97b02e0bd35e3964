"""Reading topics and the posts in them. Whoever asks has made sure that the viewer reads the community."""

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.topics import POSTS_A_PAGE, Post, PostFile, PostState, Topic


def seen_by(person_id: int | None, *, moderates: bool) -> ColumnElement[bool]:
    """The condition that somebody sees a topic: one with a published post, their own, or as a moderator any."""
    if moderates:
        return true()
    seen = Topic.last_number > 0
    return seen if person_id is None else or_(seen, Topic.author_id == person_id)


def get_topic(public_id: str, *, community_id: int, person_id: int | None, moderates: bool) -> Topic:
    """The topic with its author, category, theme and owner, also one merged into another; raises NotFound."""
    statement = (
        select(Topic)
        .where(Topic.public_id == public_id, Topic.community_id == community_id)
        .where(seen_by(person_id, moderates=moderates))
        .options(joinedload(Topic.author), joinedload(Topic.category), joinedload(Topic.theme), joinedload(Topic.owner))
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_topic(topic_id: int) -> Topic:
    """The topic as it is now, locked until the unit ends; the id must be of a row that exists."""
    statement = select(Topic).where(Topic.id == topic_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def lock_post(post_id: int) -> Post:
    """The post as it is now, locked until the unit ends; the id must be of a row that exists.

    Where both are locked, the topic goes first.
    """
    statement = select(Post).where(Post.id == post_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def page_of(number: int) -> int:
    """The page of a topic on which the post of this number stands."""
    return max(0, number - 1) // POSTS_A_PAGE + 1


def posts_of(topic_id: int, *, page: int) -> list[Post]:
    """The posts of a page in their order, with authors and files; those taken away stand there without their words.

    A page goes by numbers, so that the thousandth costs what the first does.
    """
    first = (page - 1) * POSTS_A_PAGE
    statement = _shown().where(Post.topic_id == topic_id, Post.number > first, Post.number <= first + POSTS_A_PAGE)
    return list(db.session.scalars(statement.order_by(Post.number, Post.id)))


def waiting_posts_of(topic_id: int, person_id: int) -> list[Post]:
    """What the person wrote in the topic that waits for a moderator, or was refused, in the order of writing."""
    statement = _shown().where(
        Post.topic_id == topic_id,
        Post.author_id == person_id,
        Post.number.is_(None),
        Post.state.in_((PostState.WAITING, PostState.REFUSED)),
    )
    return list(db.session.scalars(statement.order_by(Post.id)))


def _shown() -> Select[Post]:
    return select(Post).options(joinedload(Post.author), selectinload(Post.files).joinedload(PostFile.file))


def published() -> ColumnElement[bool]:
    """The condition that a post is read by all who read its community; of a query that joins its topic."""
    return and_(Post.state == PostState.PUBLISHED, Topic.merged_into_id.is_(None))
