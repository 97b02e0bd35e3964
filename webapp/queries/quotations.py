"""What quotes a post: other posts as they stand and as they stood, and drafts; and what is on record of a thing."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, SQLColumnExpression, String, cast, func, select

from webapp.extensions import db
from webapp.models.accounts import ThingKind
from webapp.models.activity import Activity
from webapp.models.topics import Post, PostDraft, PostQuotation, PostState, PostVersion


def lock_quoting(post: Post) -> list[Post]:
    """The posts that quote a post, in whatever state, locked by id.

    Those are whichever are noted as quoting it, and of its own topic all that name it.
    """
    statement = select(Post).where(Post.id.in_(_quoting(post)), Post.id != post.id).order_by(Post.id)
    return list(db.session.scalars(statement.with_for_update().execution_options(populate_existing=True)))


def lock_quoting_versions(post: Post) -> list[PostVersion]:
    """What posts of its community said before, where that names a post, locked by id."""
    statement = (
        select(PostVersion)
        .join(Post, Post.id == PostVersion.post_id)
        .where(Post.community_id == post.community_id, PostVersion.post_id != post.id)
        .where(_names(PostVersion.body, post))
        .order_by(PostVersion.id)
    )
    return list(db.session.scalars(statement.with_for_update(of=PostVersion)))


def lock_quoting_drafts(post: Post) -> list[PostDraft]:
    """What people have begun to write, anywhere, that names a post, locked by id."""
    statement = select(PostDraft).where(_names(cast(PostDraft.content, String), post)).order_by(PostDraft.id)
    return list(db.session.scalars(statement.with_for_update()))


def _quoting(post: Post) -> list[int]:
    noted = select(PostQuotation.post_id).where(PostQuotation.quoted_post_id == post.id)
    named = select(Post.id).where(Post.topic_id == post.topic_id, _names(Post.body, post))
    return sorted({*db.session.scalars(noted), *db.session.scalars(named)})


def _names(text: SQLColumnExpression[str], post: Post) -> ColumnElement[bool]:
    # Addresses may be typed in capitals, too.
    return func.lower(text).contains(post.public_id)


def lock_out_of_sight(public_ids: Sequence[str]) -> list[str]:
    """Those of these posts that nobody reads now, by their public ids: nothing may quote them.

    All of them are locked for reading, so that none is taken away while something that quotes it is being written.
    """
    if not public_ids:
        return []
    statement = select(Post.public_id, Post.state).where(Post.public_id.in_(public_ids)).order_by(Post.id)
    rows = db.session.execute(statement.with_for_update(read=True)).all()
    return [public_id for public_id, state in rows if state is not PostState.PUBLISHED]


def places_quoting(post: Post) -> list[tuple[int, int]]:
    """The posts that quote a post, and their topics, by the ids of both: in the order in which they are locked."""
    statement = (
        select(Post.topic_id, Post.id)
        .where(Post.id.in_(_quoting(post)), Post.id != post.id)
        .order_by(Post.topic_id, Post.id)
    )
    return [(topic_id, post_id) for topic_id, post_id in db.session.execute(statement)]


def lock_entries_about(kind: ThingKind, thing_id: int) -> list[Activity]:
    """All entries of the record about a thing, locked, the oldest first."""
    statement = select(Activity).where(Activity.thing_kind == kind, Activity.thing_id == thing_id)
    return list(db.session.scalars(statement.order_by(Activity.id).with_for_update()))
