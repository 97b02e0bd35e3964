"""Topics of communities, the posts in them, and how far each person has read."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import NEVER_AGAIN, Base, Key, PublicId, string_enum
from webapp.models.accounts import Person
from webapp.models.communities import Category, Community
from webapp.models.files import StoredFile
from webapp.models.programmes import Theme
from webapp.models.transcripts import Turn

LONGEST_TITLE = 150
LONGEST_POST = 20_000
POSTS_A_PAGE = 20
TOPICS_A_PAGE = 25
MOST_FILES = 5


class TopicKind(StrEnum):
    """What a topic is for."""

    DISCUSSION = "discussion"
    QUESTION = "question"
    ISSUE = "issue"
    ANNOUNCEMENT = "announcement"

    @property
    def label(self) -> str:
        return "Emerging issue" if self is TopicKind.ISSUE else self.capitalize()


class IssueStage(StrEnum):
    """How far an emerging issue has come."""

    RAISED = "raised"
    LOOKED_AT = "looked_at"
    ANSWERED = "answered"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return "Being looked at" if self is IssueStage.LOOKED_AT else self.capitalize()


class Topic(Base):
    """Something talked about in a community. It is seen while a post in it is: `posts` counts those."""

    __tablename__ = "topics"
    __table_args__ = (
        CheckConstraint("(kind = 'issue') = (stage IS NOT NULL)", name="issues_have_stages"),
        Index("ix_topics_newest", "community_id", "is_pinned", "last_post_at", "id"),
        Index("ix_topics_category", "category_id", "last_post_at", "id"),
        Index("ix_topics_stage", "community_id", "stage", "id"),
        Index("ix_topics_unread", "community_id", "last_post_at", "id"),
        Index("ix_topics_theme", "theme_id", "last_post_at", "id"),
        NEVER_AGAIN,
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(120))
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    kind: Mapped[TopicKind] = mapped_column(string_enum(TopicKind))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    # The number given last; 0 while none was.
    last_number: Mapped[int] = mapped_column(default=0)
    last_post_at: Mapped[datetime]
    last_author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    # How many published posts there are.
    posts: Mapped[int] = mapped_column(default=0)
    is_pinned: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None]
    # While its first post, whose words its title goes with, waits for a moderator again: nobody else sees it then.
    withheld_at: Mapped[datetime | None]
    # What a topic was merged into; its address leads on.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"), index=True)
    # The number of the post that answers the question.
    accepted_number: Mapped[int | None]
    # How many said that they have the same question.
    same_questions: Mapped[int] = mapped_column(default=0)
    stage: Mapped[IssueStage | None] = mapped_column(string_enum(IssueStage))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    due_on: Mapped[date | None]
    answered_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    community: Mapped[Community] = relationship(lazy="raise_on_sql")
    category: Mapped[Category | None] = relationship(lazy="raise_on_sql")
    theme: Mapped[Theme | None] = relationship(lazy="raise_on_sql")
    author: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[author_id])
    last_author: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[last_author_id])
    owner: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[owner_id])
    poll: Mapped["Poll | None"] = relationship(back_populates="topic", lazy="raise_on_sql", viewonly=True)

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    def is_overdue(self, today: date) -> bool:
        """Whether it is an issue that should have been answered before this day."""
        going_on = self.stage in {IssueStage.RAISED, IssueStage.LOOKED_AT}
        return going_on and self.due_on is not None and self.due_on < today

    @property
    def is_seen(self) -> bool:
        """Whether readers see it: a post in it is published, nothing withholds it, and it stands by itself."""
        return self.posts > 0 and self.withheld_at is None and self.merged_into_id is None


class PostState(StrEnum):
    """Whether a post is read: only a published one is, by anybody but its writer and moderators."""

    PUBLISHED = "published"
    WAITING = "waiting"
    REFUSED = "refused"
    DELETED = "deleted"
    REDACTED = "redacted"


class Post(Base):
    """What one person wrote in a topic. Its number is given as it is published, and never again to another."""

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("topic_id", "number"),
        CheckConstraint("state NOT IN ('published') OR number IS NOT NULL", name="published_has_number"),
        Index("ix_posts_author", "author_id", "id"),
        Index("ix_posts_newest", "community_id", "published_at", "id"),
        NEVER_AGAIN,
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    number: Mapped[int | None]
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    # Markdown; empty when it was deleted or redacted.
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[PostState] = mapped_column(string_enum(PostState))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]
    # What the guard found and why the writer let it stand: kinds and the reason.
    kept: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(default=1)

    topic: Mapped[Topic] = relationship(lazy="raise_on_sql")
    community: Mapped[Community] = relationship(lazy="raise_on_sql")
    author: Mapped[Person] = relationship(lazy="raise_on_sql")
    files: Mapped[list["PostFile"]] = relationship(
        back_populates="post",
        lazy="raise_on_sql",
        order_by="PostFile.position, PostFile.id",
        cascade="all, delete-orphan",
    )

    @property
    def is_published(self) -> bool:
        return self.state is PostState.PUBLISHED

    @property
    def is_withheld(self) -> bool:
        """Whether it was published, and is out of sight until somebody decided about it."""
        return self.state is PostState.WAITING and self.number is not None


class PostVersion(Base):
    """What a post said before it was edited."""

    __tablename__ = "post_versions"
    __table_args__ = (UniqueConstraint("post_id", "number"),)

    id: Mapped[Key]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    number: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)


class PostFile(Base):
    """A file that goes with a post; who reads the post may fetch it."""

    __tablename__ = "post_files"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    position: Mapped[int]
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    filename: Mapped[str] = mapped_column(String(120))

    file: Mapped[StoredFile] = relationship(lazy="raise_on_sql")
    post: Mapped[Post] = relationship(back_populates="files", lazy="raise_on_sql")


class PostMention(Base):
    """Somebody whom a post mentions."""

    __tablename__ = "post_mentions"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)


class PostQuotation(Base):
    """A post, or a turn of a transcript, that a post quotes."""

    __tablename__ = "post_quotations"
    __table_args__ = (
        CheckConstraint("(quoted_post_id IS NULL) <> (turn_id IS NULL)", name="post_or_turn"),
        UniqueConstraint("post_id", "quoted_post_id", "turn_id"),
    )

    id: Mapped[Key]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    quoted_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"), index=True)
    turn_id: Mapped[int | None] = mapped_column(ForeignKey("turns.id"), index=True)

    turn: Mapped[Turn | None] = relationship(lazy="raise_on_sql")


class Follow(StrEnum):
    """What somebody wants of a topic."""

    NONE = "none"
    FOLLOWS = "follows"
    MUTES = "mutes"


class TopicReading(Base):
    """How far one person has read one topic, and whether they follow or mute it."""

    __tablename__ = "topic_readings"
    __table_args__ = (Index("ix_topic_readings_topic", "topic_id", "follow", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), primary_key=True)
    # The number of the last post read.
    number: Mapped[int] = mapped_column(default=0)
    follow: Mapped[Follow] = mapped_column(string_enum(Follow), default=Follow.NONE)


class SameQuestion(Base):
    """Somebody who has the same question, or met the same issue."""

    __tablename__ = "same_questions"

    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)


class PostDraft(Base):
    """What somebody has begun to write and not sent: a reply to a topic, or a topic (`for_topic` 0)."""

    __tablename__ = "post_drafts"
    __table_args__ = (UniqueConstraint("person_id", "community_id", "for_topic"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), index=True)
    for_topic: Mapped[int] = mapped_column(default=0)
    # The values of the form by the names of its fields.
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime]


class Poll(Base):
    """A question with choices at the head of a topic."""

    __tablename__ = "polls"

    id: Mapped[Key]
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), unique=True)
    question: Mapped[str] = mapped_column(String(200))
    # How many choices each may take.
    most: Mapped[int] = mapped_column(default=1)
    closes_at: Mapped[datetime | None]

    topic: Mapped[Topic] = relationship(back_populates="poll", lazy="raise_on_sql", viewonly=True)
    options: Mapped[list["PollOption"]] = relationship(
        back_populates="poll",
        lazy="raise_on_sql",
        order_by="PollOption.position, PollOption.id",
        cascade="all, delete-orphan",
    )

    def is_open(self, now: datetime) -> bool:
        """Whether it still takes votes."""
        return self.closes_at is None or now < self.closes_at


class PollOption(Base):
    """One choice of a poll."""

    __tablename__ = "poll_options"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(200))

    poll: Mapped[Poll] = relationship(back_populates="options", lazy="raise_on_sql")


class PollVote(Base):
    """What one person chose in a poll."""

    __tablename__ = "poll_votes"

    option_id: Mapped[int] = mapped_column(ForeignKey("poll_options.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"), index=True)
