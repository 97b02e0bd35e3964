"""Letters that tell of posts, beside what they tell of as it stands: nothing is told that was taken away meanwhile."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from webapp.models.mailings import Letter
from webapp.notices.community_facts import CommunityNews, CommunityTold, TopicNews, by_name, told
from webapp.queries import community_letters as queries

GONE = "What it tells of is no longer there to be read by its recipient, or its recipient wants no more such letters."
_DIGEST = "communities_digest"


def standing(letters: Sequence[Letter], *, now: datetime) -> Mapping[int, tuple[CommunityTold, ...]]:
    """What is left to be told by each of these letters, by its id; without those of which nothing is left.

    Of a post that is published no more, or a community that its recipient cannot read or wants no letters of, nothing
    is told.
    """
    of_posts = [letter for letter in letters if letter.is_of_posts and letter.person_id is not None]
    if not of_posts:
        return {}
    news = {letter.id: [_news(one) for one in letter.facts.get("news", [])] for letter in of_posts}
    pairs = {(letter.person_id or 0, one.community) for letter in of_posts for one in news[letter.id]}
    wanted = queries.who_wants(pairs, now=now)
    communities = queries.standing_communities({community_id for _, community_id in wanted})
    ids = {post for all_news in news.values() for one in all_news for topic in one.topics for post in topic.posts}
    posts = queries.standing_posts(ids)

    @cache
    def as_told(one: CommunityNews, *, whole: bool) -> CommunityTold | None:
        # Most of them tell the same.
        return told(one, posts, communities, whole=whole)

    found = {}
    for letter in of_posts:
        own = [one for one in news[letter.id] if (letter.person_id, one.community) in wanted]
        left = [as_told(one, whole=letter.notice != _DIGEST) for one in own]
        if any(left):
            found[letter.id] = by_name(one for one in left if one is not None)
    return found


def _news(plain: dict[str, Any]) -> CommunityNews:
    """News from the facts of a letter; by hand, since it is asked of each of many thousands."""
    topics = tuple(TopicNews(posts=tuple(one["posts"]), count=one["count"]) for one in plain["topics"])
    return CommunityNews(community=plain["community"], topics=topics, more=plain.get("more", 0))
