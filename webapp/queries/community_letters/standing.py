"""How what a letter tells of stands when it leaves: posts, communities, and whether its recipient still wants it."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import and_, or_, select, tuple_

from webapp.extensions import db
from webapp.models.accounts import Person
from webapp.models.communities import Community, MailPace, Participation
from webapp.models.community_letters import StandingCommunity, StandingPost, Told
from webapp.models.mailings import Letter
from webapp.models.topics import Post, Topic
from webapp.queries.batches import batched
from webapp.queries.community_letters.reading import reads
from webapp.queries.topics import published


def standing_posts(post_ids: Collection[int]) -> dict[int, StandingPost]:
    """Those of these posts that are published now, by their ids, 500 to a query."""
    found: dict[int, StandingPost] = {}
    for some in batched(sorted(set(post_ids))):
        statement = (
            select(Post.id, Post.public_id, Post.number, Person.name, Post.body, Topic.public_id, Topic.title)
            .add_columns(Topic.community_id)
            .join(Topic, Topic.id == Post.topic_id)
            .join(Person, Person.id == Post.author_id)
            .where(Post.id.in_(some), published())
        )
        for row in db.session.execute(statement):
            post_id, public_id, number, author, body, topic_public_id, topic, community_id = row
            found[post_id] = StandingPost(
                id=post_id,
                public_id=public_id,
                number=number or 0,
                author=author,
                body=body,
                topic_public_id=topic_public_id,
                topic=topic,
                community_id=community_id,
            )
    return found


def standing_communities(community_ids: Collection[int]) -> dict[int, StandingCommunity]:
    """These communities as letters name them, by their ids, 500 to a query."""
    found: dict[int, StandingCommunity] = {}
    for some in batched(sorted(set(community_ids))):
        statement = select(
            Community.id, Community.public_id, Community.slug, Community.name, Community.mail_without_content
        ).where(Community.id.in_(some))
        for community_id, public_id, slug, name, without in db.session.execute(statement):
            found[community_id] = StandingCommunity(
                id=community_id, public_id=public_id, slug=slug, name=name, mail_without_content=without
            )
    return found


def who_wants(pairs: Iterable[tuple[int, int]], *, now: datetime) -> set[tuple[int, int]]:
    """Those of these people and communities of which the person reads the community, and wants letters of it, now."""
    found: set[tuple[int, int]] = set()
    takes_part = and_(Participation.person_id == Person.id, Participation.community_id == Community.id)
    for some in batched(sorted(set(pairs))):
        statement = (
            select(Person.id, Community.id)
            .select_from(Person)
            .select_from(Person)
            .join(Community, reads(Person.id, now=now))
            .outerjoin(Participation, takes_part)
            .where(Person.merged_into_id.is_(None), tuple_(Person.id, Community.id).in_(some))
            .where(or_(Participation.id.is_(None), and_(~Participation.mutes, Participation.pace != MailPace.NONE)))
        )
        found |= {(person_id, community_id) for person_id, community_id in db.session.execute(statement)}
    return found


def told_of(post: Post) -> list[Told]:
    """Whoever was told of the post by letter, or is to be, in the order of the letters; digests included.

    For the record of who has received what was taken away since.
    """
    told = Letter.person_id, Letter.recipient_name, Letter.recipient_email, Letter.state, Letter.sent_at
    statement = select(Letter.id, Letter.facts, *told).where(Letter.person_id.is_not(None))
    of_community = select(Participation.person_id).where(Participation.community_id == post.community_id)
    digests = statement.where(Letter.notice == "communities_digest", Letter.person_id.in_(of_community)).where(
        Letter.created_at >= (post.published_at or post.created_at)
    )
    rows = list(db.session.execute(statement.where(Letter.post_id == post.id)))
    rows += [row for row in db.session.execute(digests) if _tells_of(row.facts, post.id)]
    return [
        Told(
            person_id=row.person_id,
            name=row.recipient_name,
            email=row.recipient_email,
            state=row.state,
            sent_at=row.sent_at,
        )
        for row in sorted(rows, key=lambda row: int(row.id))
    ]


def _tells_of(facts: dict[str, object], post_id: int) -> bool:
    news: list[dict[str, list[dict[str, list[int]]]]] = facts.get("news", [])  # type: ignore[assignment]  # as dumped
    return any(post_id in topic["posts"] for one in news for topic in one["topics"])
