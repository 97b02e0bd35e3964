"""The shapes in which the communities of the demonstration are written down."""

from dataclasses import dataclass

from webapp.models.belonging import MemberRole
from webapp.models.communities import Openness
from webapp.models.topics import IssueStage, TopicKind

__all__ = ["CategoryFacts", "CommunityFacts", "MemberFacts", "PollFacts", "PostFacts", "TopicFacts", "WaveFacts"]


@dataclass(frozen=True)
class WaveFacts:
    """A wave, and its areas as (name, organisation, summary)."""

    name: str
    summary: str
    areas: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class MemberFacts:
    """Somebody who writes: who they are, and the area that they belong to."""

    name: str
    job_title: str
    area: str
    role: MemberRole = MemberRole.MEMBER
    about: str = ""
    email: str = ""


@dataclass(frozen=True)
class CategoryFacts:
    """A category: what it is called and for."""

    name: str
    summary: str


@dataclass(frozen=True)
class CommunityFacts:
    """A community: of a wave, about a strand by its slug, a group with its members, or else across waves."""

    name: str
    summary: str
    openness: Openness
    wave: str = ""
    strand: str = ""
    members: tuple[str, ...] = ()
    categories: tuple[CategoryFacts, ...] = ()
    rules: str = ""
    first_posts_held: int = 0


@dataclass(frozen=True)
class PostFacts:
    """What somebody wrote, so many hours after the post before.

    `{quote 2}` stands for a quotation of the second post of the topic. `before` is what it said before it was changed.
    """

    by: str
    words: str
    hours: float = 3
    before: str = ""
    paper: tuple[str, str] | None = None
    deleted: bool = False


@dataclass(frozen=True)
class PollFacts:
    """What is voted about, and who chose what, by the place of the choice from 1."""

    question: str
    choices: tuple[str, ...]
    votes: tuple[tuple[str, tuple[int, ...]], ...]
    most: int = 1


@dataclass(frozen=True)
class TopicFacts:
    """A topic that began so many days before the demonstration was loaded, and its posts in their order."""

    community: str
    title: str
    days: float
    posts: tuple[PostFacts, ...]
    kind: TopicKind = TopicKind.DISCUSSION
    category: str = ""
    strand: str = ""
    accepted: int | None = None
    same: tuple[str, ...] = ()
    stage: IssueStage | None = None
    owner: str = ""
    due_in: int | None = None
    pinned: bool = False
    closed: bool = False
    poll: PollFacts | None = None
