"""Who is mentioned, and what is quoted."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from webapp.extensions import db
from webapp.models.accounts import Person
from webapp.models.communities import MemberProfile
from webapp.models.topics import Post, PostMention, PostQuotation


class Mentioned(NamedTuple):
    """Somebody who can be mentioned, by the handle that does it."""

    handle: str
    person_id: int
    name: str
    public_id: str


def people_by_handle(handles: Sequence[str]) -> list[Mentioned]:
    """Those of these handles that somebody has, by handle; `public_id` is that of their profile."""
    if not handles:
        return []
    statement = (
        select(MemberProfile.handle, MemberProfile.person_id, Person.name, MemberProfile.public_id)
        .join(MemberProfile.person)
        .where(MemberProfile.handle.in_(handles), Person.merged_into_id.is_(None))
        .order_by(MemberProfile.handle)
    )
    return [Mentioned(*row) for row in db.session.execute(statement)]


def post_ids(public_ids: Sequence[str]) -> list[int]:
    """The ids of those of these posts that there are, in their order of writing."""
    if not public_ids:
        return []
    return list(db.session.scalars(select(Post.id).where(Post.public_id.in_(public_ids)).order_by(Post.id)))


def names_in(post_id: int) -> list[PostMention | PostQuotation]:
    """The rows that say whom a post mentions, and which posts and turns it quotes."""
    mentions = select(PostMention).where(PostMention.post_id == post_id).order_by(PostMention.person_id)
    quotations = select(PostQuotation).where(PostQuotation.post_id == post_id)
    return [*db.session.scalars(mentions), *db.session.scalars(quotations.order_by(PostQuotation.id))]
