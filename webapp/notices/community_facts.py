"""What letters of communities are told from: which posts, frozen when they are posted, and how those stand by then."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from webapp.formats.posts import excerpt, plain
from webapp.models.community_letters import StandingCommunity, StandingPost

# How much of a post stands in a letter about it, and in a digest.
LONGEST_WORDS = 3_000
LONGEST_EXCERPT = 200
# The same posts go to many, in one letter after the other.
_line = lru_cache(maxsize=512)(lambda body: excerpt(body, LONGEST_EXCERPT))
_plain = lru_cache(maxsize=128)(plain)


@dataclass(frozen=True, kw_only=True)
class TopicNews:
    """What is new in a topic: how many posts, and the ids of the first of them."""

    posts: tuple[int, ...]
    count: int = 1


@dataclass(frozen=True, kw_only=True)
class CommunityNews:
    """What is new in a community: in which topics, and in how many more."""

    community: int
    topics: tuple[TopicNews, ...]
    more: int = 0


@dataclass(frozen=True, kw_only=True)
class CommunityFacts:
    """A community that a letter is about, and the topic, as they were called."""

    public_id: str
    slug: str
    name: str
    topic: str = ""
    # The public id of the post, where the letter leads to it.
    post: str = ""


@dataclass(frozen=True, kw_only=True)
class PostTold:
    """A post as a letter tells of it; without its words where the community wants that."""

    public_id: str
    author: str
    words: str
    is_cut: bool = False


@dataclass(frozen=True, kw_only=True)
class TopicTold:
    """A topic as a letter tells of it."""

    public_id: str
    title: str
    count: int
    posts: tuple[PostTold, ...]


@dataclass(frozen=True, kw_only=True)
class CommunityTold:
    """A community as a letter tells of it; one that `hides` what is written has topics without words."""

    id: int
    public_id: str
    slug: str
    name: str
    hides: bool
    topics: tuple[TopicTold, ...]
    more: int = 0

    @property
    def count(self) -> int:
        """How many new posts there are in the topics that are told of."""
        return sum(topic.count for topic in self.topics)


def by_name(communities: Iterable[CommunityTold]) -> tuple[CommunityTold, ...]:
    """Communities in the order in which a letter tells of them."""
    return tuple(sorted(communities, key=lambda one: (one.name.casefold(), one.id)))


def told(
    news: CommunityNews,
    posts: Mapping[int, StandingPost],
    communities: Mapping[int, StandingCommunity],
    *,
    whole: bool,
) -> CommunityTold | None:
    """The news of a community as a letter tells them now; None when nothing is left of them.

    `posts` are those that are published. The words of a post go `whole`, or as a line of them.
    """
    community = communities.get(news.community)
    if community is None:
        return None
    topics = []
    for one in news.topics:
        standing = [posts[post] for post in one.posts if post in posts]
        here = [post for post in standing if post.community_id == community.id]
        if here:
            shown = tuple(_post(post, community, whole=whole) for post in here)
            title = "" if community.mail_without_content else here[0].topic
            count = max(len(here), one.count - len(one.posts) + len(here))
            topics.append(TopicTold(public_id=here[0].topic_public_id, title=title, count=count, posts=shown))
    if not topics:
        return None
    return CommunityTold(
        id=community.id,
        public_id=community.public_id,
        slug=community.slug,
        name=community.name,
        hides=community.mail_without_content,
        topics=tuple(topics),
        more=news.more,
    )


def _post(post: StandingPost, community: StandingCommunity, *, whole: bool) -> PostTold:
    if community.mail_without_content:
        return PostTold(public_id=post.public_id, author="", words="")
    if not whole:
        return PostTold(public_id=post.public_id, author=post.author, words=_line(post.body))
    words = _plain(post.body)
    shown = words if len(words) <= LONGEST_WORDS else words[:LONGEST_WORDS].rsplit(None, 1)[0] + " …"
    return PostTold(public_id=post.public_id, author=post.author, words=shown, is_cut=shown != words)
