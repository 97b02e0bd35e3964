"""What the page of a topic, and lists of topics, show: everything about them, gathered once."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_login import current_user
from markupsafe import Markup

from webapp.access import may_moderate, may_write_in
from webapp.blueprints.communities.doors import how_to_write
from webapp.models.communities import Community, MemberProfile
from webapp.models.topics import POSTS_A_PAGE, Post, PostState, Topic
from webapp.queries import topics as queries
from webapp.queries.paging import Page, nearest
from webapp.queries.topics import OwnPart
from webapp.templating import markdown


@dataclass(frozen=True, kw_only=True)
class PostShown:
    """One post: its words as HTML, its author's profile, and what the viewer may do with it."""

    post: Post
    profile: MemberProfile | None
    words: Markup
    is_own: bool
    is_first: bool


@dataclass(frozen=True, kw_only=True)
class TopicPage:
    """A page of a topic as one viewer sees it."""

    community: Community
    topic: Topic
    # The published posts of the page, and those taken away; then what waits for a moderator.
    posts: Page[PostShown]
    waiting: Sequence[PostShown]
    own: OwnPart
    may_write: bool
    moderates: bool
    how_to_write: str

    @property
    def may_reply(self) -> bool:
        """Whether the form for an answer stands at the end."""
        return self.may_write and not self.topic.is_closed


@dataclass(frozen=True, kw_only=True)
class TopicListing:
    """A list of topics of one community as one viewer sees it."""

    community: Community
    topics: Page[Topic]
    own: OwnPart
    may_write: bool
    moderates: bool
    how_to_write: str


def topic_page(community: Community, topic: Topic, *, page: int) -> TopicPage:
    """The page of this number, or the nearest there is, for who is looking."""
    number = nearest(page, topic.last_number, POSTS_A_PAGE)
    moderates = may_moderate(current_user, community)
    rows = queries.posts_of(topic.id, page=number)
    waiting: list[queries.ShownPost] = []
    if moderates or current_user.is_authenticated:
        waiting = queries.waiting_posts_of(topic.id, None if moderates else current_user.id)
    return TopicPage(
        community=community,
        topic=topic,
        posts=Page([_shown(one) for one in rows], number, POSTS_A_PAGE, topic.last_number),
        waiting=[_shown(one) for one in waiting],
        own=queries.own_part_in(community.id, current_user.id, topic_id=topic.id),
        may_write=may_write_in(current_user, community),
        moderates=moderates,
        how_to_write=how_to_write(community),
    )


def _shown(row: queries.ShownPost) -> PostShown:
    post = row.post
    gone = post.state in {PostState.DELETED, PostState.REDACTED}
    return PostShown(
        post=post,
        profile=row.profile,
        words=Markup() if gone else markdown(post.body),
        is_own=post.author_id == current_user.id,
        is_first=post.number == 1,
    )
