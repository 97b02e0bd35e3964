"""What is out of sight since it quotes, or names, what is out of sight."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, literal, not_, or_, select

from webapp.extensions import db
from webapp.models.topics import Post, PostQuotation, PostState
from webapp.queries.topics import published


def with_what_waits_behind(places: Collection[tuple[int, int]]) -> list[tuple[int, int]]:
    """These posts, with whichever withheld ones quote them, and quote those, in the order in which they are locked."""
    found, last = set(places), {post_id for _, post_id in places}
    while last:
        statement = (
            select(Post.topic_id, Post.id)
            .join(PostQuotation, PostQuotation.post_id == Post.id)
            .where(PostQuotation.quoted_post_id.in_(last), _is_withheld())
        )
        further = {(topic_id, post_id) for topic_id, post_id in db.session.execute(statement)} - found
        found |= further
        last = {post_id for _, post_id in further}
    return sorted(found)


def names_withheld(post: Post, *, but: Collection[int] = ()) -> bool:
    """Whether a post quotes, or names in its own topic, another that is withheld, but for those of these ids."""
    quoted = select(PostQuotation.quoted_post_id).where(PostQuotation.post_id == post.id)
    named = and_(Post.topic_id == post.topic_id, literal(post.body.lower()).contains(Post.public_id))
    statement = select(Post.id).where(or_(Post.id.in_(quoted), named), _is_withheld(), Post.id != post.id)
    return any(one not in but for one in db.session.scalars(statement))


def out_of_sight(public_ids: Collection[str]) -> set[str]:
    """Those of these posts that not everybody reads who reads their community, by their public ids."""
    if not public_ids:
        return set()
    statement = select(Post.public_id).join(Post.topic).where(Post.public_id.in_(public_ids), not_(published()))
    return set(db.session.scalars(statement))


def _is_withheld() -> ColumnElement[bool]:
    return and_(Post.state == PostState.WAITING, Post.number.is_not(None))
