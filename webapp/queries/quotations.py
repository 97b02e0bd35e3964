"""What quotes a post, or a turn of a transcript: posts as they stand and as they stood, and drafts.

And what is on record of a thing.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, SQLColumnExpression, String, and_, cast, false, func, or_, select

from webapp.extensions import db
from webapp.models.accounts import ThingKind
from webapp.models.activity import Activity
from webapp.models.topics import Post, PostDraft, PostQuotation, PostVersion
from webapp.models.transcripts import Turn
from webapp.queries.batches import batched
from webapp.queries.topics import published
from webapp.queries.transcripts import find_present


def lock_quoting(quoted: Sequence[Post | Turn]) -> list[Post]:
    """The posts that quote one of these posts and turns, in whatever state, locked by id.

    Those are whichever are noted as quoting it, and all that name it: a post in its own topic, and a turn anywhere.
    """
    found: list[Post] = []
    for some in batched(_quoting(quoted)):
        statement = select(Post).where(Post.id.in_(some)).order_by(Post.id).with_for_update()
        found += db.session.scalars(statement.execution_options(populate_existing=True))
    return found


def lock_quoting_versions(quoted: Sequence[Post | Turn]) -> list[PostVersion]:
    """What other posts said before, anywhere, where that names one of these posts and turns, locked by id."""
    named = [
        and_(_names(PostVersion.body, one), PostVersion.post_id != one.id)
        if isinstance(one, Post)
        else _names(PostVersion.body, one)
        for one in quoted
    ]
    statement = select(PostVersion).where(_any(named)).order_by(PostVersion.id)
    return list(db.session.scalars(statement.with_for_update()))


def lock_quoting_drafts(quoted: Sequence[Post | Turn]) -> list[PostDraft]:
    """What people have begun to write, anywhere, that names one of these posts and turns, locked by id."""
    named = _any(_names(cast(PostDraft.content, String), one) for one in quoted)
    return list(db.session.scalars(select(PostDraft).where(named).order_by(PostDraft.id).with_for_update()))


def _quoting(quoted: Sequence[Post | Turn]) -> list[int]:
    # In posts that were written before quotations of turns were noted, there are only the words.
    named = [
        and_(_names(Post.body, one), Post.topic_id == one.topic_id) if isinstance(one, Post) else _names(Post.body, one)
        for one in quoted
    ]
    found = {*db.session.scalars(select(PostQuotation.post_id).where(of_quoted(quoted)))}
    found |= {*db.session.scalars(select(Post.id).where(_any(named)))}
    return sorted(found - {one.id for one in quoted if isinstance(one, Post)})


def of_quoted(quoted: Sequence[Post | Turn]) -> ColumnElement[bool]:
    """What is true of the rows that note a quotation of one of these posts and turns."""
    posts = [one.id for one in quoted if isinstance(one, Post)]
    turns = [one.id for one in quoted if isinstance(one, Turn)]
    return or_(PostQuotation.quoted_post_id.in_(posts), PostQuotation.turn_id.in_(turns))


def _any(conditions: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    return or_(false(), *conditions)


def _names(text: SQLColumnExpression[str], quoted: Post | Turn) -> ColumnElement[bool]:
    # Addresses may be typed in capitals, too.
    return func.lower(text).contains(quoted.public_id)


def lock_out_of_sight(public_ids: Sequence[str]) -> list[str]:
    """Those of these posts that nobody reads now, by their public ids: nothing may quote them.

    All of them are locked for reading, so that none is taken away while something that quotes it is being written.
    """
    if not public_ids:
        return []
    statement = select(Post.public_id, published()).join(Post.topic).where(Post.public_id.in_(public_ids))
    rows = db.session.execute(statement.order_by(Post.id).with_for_update(read=True, of=Post)).all()
    return [public_id for public_id, is_read in rows if not is_read]


def lock_quotable_turns(public_ids: Sequence[str]) -> dict[str, int | None]:
    """The ids of those of these turns that there are, by their public ids; None where what one said was taken out.

    All of them are locked for reading, so that none is taken out while something that quotes it is being written.
    """
    if not public_ids:
        return {}
    statement = select(Turn).where(Turn.public_id.in_(public_ids)).order_by(Turn.id).with_for_update(read=True)
    rows = list(db.session.scalars(statement.execution_options(populate_existing=True)))
    return {one.public_id: one.id if find_present(one) is not None else None for one in rows}


def places_quoting(post: Post) -> list[tuple[int, int]]:
    """The posts that quote a post, and their topics, by the ids of both: in the order in which they are locked."""
    statement = select(Post.topic_id, Post.id).where(Post.id.in_(_quoting([post]))).order_by(Post.topic_id, Post.id)
    return [(topic_id, post_id) for topic_id, post_id in db.session.execute(statement)]


def lock_entries_about(kind: ThingKind, thing_id: int) -> list[Activity]:
    """All entries of the record about a thing, locked, the oldest first."""
    statement = select(Activity).where(Activity.thing_kind == kind, Activity.thing_id == thing_id)
    return list(db.session.scalars(statement.order_by(Activity.id).with_for_update()))
