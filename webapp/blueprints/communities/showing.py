"""What the page of a topic, and lists of topics, show: everything about them, gathered once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import url_for
from flask_login import current_user
from markupsafe import Markup

from webapp.access import may_moderate, may_write_in
from webapp.blueprints.addresses import Ref
from webapp.blueprints.communities.beside import Beside, beside
from webapp.blueprints.communities.doors import how_to_write
from webapp.blueprints.communities.standing import Standing, standing
from webapp.errors import NotFound
from webapp.formats import posts
from webapp.models.communities import Community, MailPace, MemberProfile
from webapp.models.topics import POSTS_A_PAGE, Post, PostState, Topic
from webapp.queries import people
from webapp.queries import topics as queries
from webapp.queries.paging import Page, nearest
from webapp.queries.quoting import get_said
from webapp.queries.readings import Unread
from webapp.queries.topics import OwnPart

GONE = frozenset({PostState.DELETED, PostState.REDACTED})


@dataclass(frozen=True, kw_only=True)
class PostShown:
    """One post: its words as HTML, its author's profile, and whose it is."""

    post: Post
    profile: MemberProfile | None
    words: Markup
    is_own: bool
    is_first: bool
    # Its words are not for whoever looks: deleted, redacted, or waiting for a moderator.
    is_gone: bool
    may_change: bool
    # Whether whoever looks sees the profile of its author.
    leads_to_profile: bool = False


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
    related: Beside = field(default_factory=Beside)
    standing: Standing = field(default_factory=Standing)

    @property
    def new_posts(self) -> int:
        """How many posts are new to who opened the topic before; 0 where they begin on this page, or all are."""
        read = self._read
        begins = queries.page_of(read + 1)
        return self.topic.last_number - read if read and begins != self.posts.number else 0

    @property
    def first_new(self) -> int | None:
        """The number of the first post of the page that is new to who opened the topic before, unless all are."""
        numbers = [one.post.number or 0 for one in self.posts.rows]
        new = [number for number in numbers if number > self._read]
        return new[0] if self._read and new and len(new) < len(numbers) else None

    @property
    def _read(self) -> int:
        return self.own.reading.number if self.own.reading else 0

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
    # How often letters may come.
    paces: Sequence[MailPace] = tuple(MailPace)
    # Whether the viewer sees who takes part.
    meets_people: bool = False
    # What is new to the viewer: in how many topics, and in which of the list.
    new_topics: int = 0
    unread: Mapping[int, Unread] = field(default_factory=dict)


def topic_page(community: Community, topic: Topic, *, page: int) -> TopicPage:
    """The page of this number, or the nearest there is, for who is looking."""
    number = nearest(page, topic.last_number, POSTS_A_PAGE)
    moderates, may_write = may_moderate(current_user, community), may_write_in(current_user, community)
    own = queries.own_part_in(community.id, current_user.id, topic_id=topic.id)
    rows = queries.posts_of(topic.id, page=number)
    published = len(rows)
    if moderates or current_user.is_authenticated:
        rows += queries.waiting_posts_of(topic.id, None if moderates else current_user.id)
    shown = _shown(rows, topic, moderates=moderates, may_write=may_write)
    return TopicPage(
        community=community,
        topic=topic,
        posts=Page(shown[:published], number, POSTS_A_PAGE, topic.last_number),
        waiting=shown[published:],
        own=own,
        may_write=may_write,
        moderates=moderates,
        how_to_write=how_to_write(community),
        related=beside(topic),
        standing=standing(topic, own, moderates=moderates, may_write=may_write),
    )


def rendered(texts: Sequence[str]) -> list[Markup]:
    """Posts as safe HTML, with the names of those whom they mention; one statement for all of them."""
    handles = list(dict.fromkeys(one for text in texts for one in posts.mentions(text)))
    named = people.names_by_handle(handles, viewer=current_user)
    addresses = {one.handle: (one.name, _address(one.public_id)) for one in named}
    return [posts.render(text, people=addresses) for text in texts]


def _address(profile: str | None) -> str:
    return url_for("communities.person", profile=profile) if profile else url_for("communities.index")


def quoted(public_id: str, community: Community) -> str:
    """A published post as a quotation to be answered to in a community, if the viewer reads it; else nothing.

    Nor is it quoted where people would read it who do not read its own community.
    """
    found = queries.find_post(public_id, viewer=current_user) if public_id else None
    if found is None or not found.is_published or found.topic.withheld_at is not None:
        return ""
    if not found.community.is_read_by_all_of(community):
        return ""
    return posts.quotation(found.body, said_by=found.author.name, address=url_for(".post", post=found.public_id))


def quoted_turn(public_id: str) -> str:
    """What was said in a session as a quotation, if it stands in a published transcript; else nothing."""
    if not public_id:
        return ""
    try:
        said = get_said(public_id[:12])
    except NotFound:
        return ""
    event, session = Ref(said.event_slug, said.event_public_id), Ref(said.session_slug, said.session_public_id)
    address = url_for("transcripts.turn", event=event, session=session, turn=said.public_id)
    who = f"{said.name}, in “{said.session}”" if said.name else f"“{said.session}”"
    return posts.quotation(posts.as_typed(said.words), said_by=who, address=address)


def _shown(rows: Sequence[queries.ShownPost], topic: Topic, *, moderates: bool, may_write: bool) -> list[PostShown]:
    gone = [_is_gone(row.post, moderates=moderates) for row in rows]
    words = rendered(["" if away else row.post.body for row, away in zip(rows, gone, strict=True)])
    seen = people.seen_among({row.post.author_id for row in rows}, viewer=current_user)
    return [
        PostShown(
            post=row.post,
            profile=row.profile,
            words=html,
            is_own=row.post.author_id == current_user.id,
            is_first=row.post.number == 1,
            is_gone=away,
            leads_to_profile=row.post.author_id in seen,
            may_change=may_write
            and not away
            and not topic.is_closed
            and row.post.author_id == current_user.id
            and row.post.state in {PostState.PUBLISHED, PostState.WAITING},
        )
        for row, html, away in zip(rows, words, gone, strict=True)
    ]


def _is_gone(post: Post, *, moderates: bool) -> bool:
    if post.state in GONE:
        return True
    return not (post.is_published or moderates or post.author_id == current_user.id)
