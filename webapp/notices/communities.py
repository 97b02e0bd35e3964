"""Letters of communities: of new posts, mentions and accepted answers, digests, and what moderators decide.

What tells of posts names them alone: their words are put in as the letter leaves, and not at all by then where they
were taken away.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from webapp.models.accounts import Person
from webapp.models.communities import Community
from webapp.models.mailings import Lane, MailKind
from webapp.notices.community_facts import CommunityFacts
from webapp.notices.letters import LetterFacts, Notice, dump

# After so long a letter about posts is no longer of use.
STALE = timedelta(days=7)


class Addressed(Protocol):
    """Somebody to be told of a post."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def is_mentioned(self) -> bool: ...


def of_post(post_id: int, community_id: int, followers: Sequence[Addressed], *, now: datetime) -> Iterator[Notice]:
    """A letter to each follower that a post was published; to those whom it mentions, that it does."""
    for one in followers:
        name = "post_mention" if one.is_mentioned else "post_written"
        yield Notice(
            name=name,
            recipient_name=one.name,
            recipient_email=one.email,
            facts=_of_one(post_id, community_id),
            lane=Lane.ORDINARY if one.is_mentioned else Lane.MAILING,
            kind=MailKind.COMMUNITY,
            person_id=one.id,
            post_id=post_id,
            expires_at=now + STALE,
        )


def answer_accepted(
    post_id: int, community_id: int, askers: Sequence[Addressed], *, author_id: int, now: datetime
) -> Iterator[Notice]:
    """A letter to whoever wrote an accepted answer, and to each who has the question."""
    for one in askers:
        yield Notice(
            name="answer_accepted",
            recipient_name=one.name,
            recipient_email=one.email,
            facts=_of_one(post_id, community_id) | ({"state": "own"} if one.id == author_id else {}),
            kind=MailKind.COMMUNITY,
            person_id=one.id,
            post_id=post_id,
            expires_at=now + STALE,
        )


def digest(person_id: int, name: str, email: str, news: Sequence[dict[str, Any]], *, now: datetime) -> Notice:
    """What is new to somebody, by community; `news` are facts as `community_news()` gives them."""
    return Notice(
        name="communities_digest",
        recipient_name=name,
        recipient_email=email,
        facts={"news": list(news)},
        lane=Lane.MAILING,
        kind=MailKind.COMMUNITY,
        person_id=person_id,
        expires_at=now + STALE,
    )


def community_news(community_id: int, topics: Sequence[tuple[Sequence[int], int]], more: int) -> dict[str, Any]:
    """What is new in a community, as facts: of each topic the first posts and how many, and how many more topics.

    Put together by hand, since there may be one for each of 50,000 people.
    """
    told = [{"posts": list(posts), "count": count} for posts, count in topics]
    return {"community": community_id, "topics": told} | ({"more": more} if more else {})


def _of_one(post_id: int, community_id: int) -> dict[str, Any]:
    return {"news": [community_news(community_id, [([post_id], 1)], 0)]}


def post_published(person: Person, community: Community, *, topic: str, post: str) -> Notice:
    """Tells a writer that their post, by its public id, waited and can be read now."""
    return _of_moderation("post_published", person, CommunityFacts(topic=topic, post=post, **_named(community)))


def post_refused(person: Person, community: Community, *, topic: str, reason: str) -> Notice:
    """Tells a writer that their post was not published, and why, in the moderator's words."""
    return _of_moderation("post_refused", person, CommunityFacts(topic=topic, **_named(community)), reason)


def post_redacted(person: Person, community: Community, *, topic: str, reason: str) -> Notice:
    """Tells a writer that their post was taken away, and why, in the moderator's words."""
    return _of_moderation("post_redacted", person, CommunityFacts(topic=topic, **_named(community)), reason)


def _named(community: Community) -> dict[str, str]:
    return {"public_id": community.public_id, "slug": community.slug, "name": community.name}


def _of_moderation(name: str, person: Person, facts: CommunityFacts, reason: str = "") -> Notice:
    return Notice(
        name=name,
        recipient_name=person.name,
        recipient_email=person.email,
        facts=dump(LetterFacts(community=facts, reason=reason)),
        kind=MailKind.CONDUCT,
        person_id=person.id,
    )
