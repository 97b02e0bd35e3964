"""Publications: issues with articles by named authors, checked by somebody and published at a time."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, NotRequired, TypedDict
from zoneinfo import ZoneInfo

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import NEVER_AGAIN, Base, Key, PublicId, Timestamps, string_enum
from webapp.models.accounts import Person
from webapp.models.files import StoredFile
from webapp.models.organisations import Organisation
from webapp.models.programmes import Programme, Theme
from webapp.models.speakers import Speaker
from webapp.models.surveys import Survey

LONGEST_TITLE = 200
LONGEST_STANDFIRST = 600
LONGEST_BODY = 200_000
LONGEST_TEXT = 20_000
LONGEST_QUOTE = 600
LONGEST_MESSAGE = 400
LONGEST_CAPTION = 500
MOST_MESSAGES = 20
MOST_QUOTES = 20
MOST_AUTHORS = 12
MOST_FIGURES = 30
# More than any journal has.
MOST_ARTICLES = 100


class WritingState(StrEnum):
    """How far an issue or an article has come; whether it is out follows from its time."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"

    @property
    def label(self) -> str:
        return {"draft": "Draft", "review": "In review", "published": "Published"}[self]


class Stage(StrEnum):
    """Where an issue or an article is in its life at a moment."""

    DRAFT = "draft"
    REVIEW = "review"
    SCHEDULED = "scheduled"
    # Published, in an issue that is not.
    WAITING = "waiting"
    OUT = "out"

    @property
    def label(self) -> str:
        return {
            "draft": "Draft",
            "review": "In review",
            "scheduled": "Scheduled",
            "waiting": "Ready for its issue",
            "out": "Published",
        }[self]


class ArticleKind(StrEnum):
    """What an article is within its issue."""

    FOREWORD = "foreword"
    WELCOME = "welcome"
    KEY_MESSAGES = "key_messages"
    ARTICLE = "article"
    FAREWELL = "farewell"
    OTHER = "other"

    @property
    def label(self) -> str:
        return self.replace("_", " ").capitalize()


class Quote(TypedDict):
    """A pull quote: its number, which is its own in the article for ever, what was said, and who said it."""

    no: int
    text: str
    who: str


class Remark(TypedDict):
    """Something for an editor to look at after a file was read, and the title of the article that it concerns.

    `article_id` is the public id of that article, `done` that somebody looked at it.
    """

    article: str
    sentence: str
    article_id: NotRequired[str]
    done: NotRequired[bool]


class Publication(Timestamps, Base):
    """Something that a programme brings out in issues."""

    __tablename__ = "publications"
    __table_args__ = (Index("ix_publications_programme", "programme_id", "id"), NEVER_AGAIN)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(120))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    description: Mapped[str] = mapped_column(Text, default="")
    demonstration: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    programme: Mapped[Programme] = relationship(lazy="raise_on_sql")


class Issue(Timestamps, Base):
    """One issue of a publication. It is out when it is published and its time has come.

    `is_ahead` says whether that time was still to come when it was set: of such, the search asks each time.
    """

    __tablename__ = "issues"
    __table_args__ = (
        CheckConstraint("state <> 'published' OR publishes_at IS NOT NULL", name="published_at_a_time"),
        UniqueConstraint("publication_id", "number"),
        NEVER_AGAIN,
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(120))
    publication_id: Mapped[int] = mapped_column(ForeignKey("publications.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    # As it stands on the cover, such as "Autumn 2026".
    season: Mapped[str] = mapped_column(String(60), default="")
    introduction: Mapped[str] = mapped_column(Text, default="")
    acknowledgements: Mapped[str] = mapped_column(Text, default="")
    key_messages: Mapped[list[str]] = mapped_column(JSON, default=list)
    state: Mapped[WritingState] = mapped_column(string_enum(WritingState), default=WritingState.DRAFT)
    publishes_at: Mapped[datetime | None]
    zone: Mapped[str] = mapped_column(String(60), default="Europe/London")
    is_ahead: Mapped[bool] = mapped_column(default=False, server_default=false())
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"), index=True)
    # None beside a picture says that nobody has described it yet; an empty text, that it only decorates.
    cover_alt: Mapped[str | None] = mapped_column(String(300))
    survey_id: Mapped[int | None] = mapped_column(ForeignKey("surveys.id", ondelete="SET NULL"), index=True)
    # What it was read from, and what was to be looked at then.
    source_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"), index=True)
    source_name: Mapped[str] = mapped_column(String(120), default="")
    remarks: Mapped[list[Remark]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)

    publication: Mapped[Publication] = relationship(lazy="raise_on_sql")
    cover: Mapped[StoredFile | None] = relationship(foreign_keys=[cover_id], lazy="raise_on_sql")
    source: Mapped[StoredFile | None] = relationship(foreign_keys=[source_id], lazy="raise_on_sql")
    survey: Mapped[Survey | None] = relationship(lazy="raise_on_sql")
    articles: Mapped[list["Article"]] = relationship(
        back_populates="issue", lazy="raise_on_sql", order_by="Article.position, Article.id"
    )

    @property
    def timezone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def day(self) -> date | None:
        """The day on which it comes or came out, where it stands."""
        return self.publishes_at.astimezone(self.timezone).date() if self.publishes_at else None

    def is_out(self, now: datetime) -> bool:
        """Whether everybody may read it at `now`."""
        return self.state is WritingState.PUBLISHED and self.publishes_at is not None and self.publishes_at <= now

    def stage(self, now: datetime) -> Stage:
        """Where it is in its life at `now`."""
        if self.state is not WritingState.PUBLISHED:
            return Stage(self.state.value)
        return Stage.OUT if self.is_out(now) else Stage.SCHEDULED


article_themes = Table(
    "article_themes",
    Base.metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("theme_id", ForeignKey("themes.id"), primary_key=True, index=True),
)


class Article(Timestamps, Base):
    """One article of an issue. It is out when its issue is, it is published itself, and its own time has come.

    `version` grows by one with each change; what it said then is kept under that number.
    """

    __tablename__ = "articles"
    __table_args__ = (
        CheckConstraint("state <> 'published' OR checked_at IS NOT NULL", name="checked_before_it_is_published"),
        Index("ix_articles_order", "issue_id", "position", "id"),
        NEVER_AGAIN,
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(120))
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"))
    position: Mapped[int]
    kind: Mapped[ArticleKind] = mapped_column(string_enum(ArticleKind), default=ArticleKind.ARTICLE)
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    standfirst: Mapped[str] = mapped_column(Text, default="")
    # In Markdown, with marks where figures and pull quotes stand.
    body: Mapped[str] = mapped_column(Text, default="")
    key_messages: Mapped[list[str]] = mapped_column(JSON, default=list)
    quotes: Mapped[list[Quote]] = mapped_column(JSON, default=list)
    # The last number that was given to a quote, and to a figure; none is given again.
    last_quote: Mapped[int] = mapped_column(default=0)
    last_figure: Mapped[int] = mapped_column(default=0)
    state: Mapped[WritingState] = mapped_column(string_enum(WritingState), default=WritingState.DRAFT)
    # Where it comes out later than its issue.
    publishes_at: Mapped[datetime | None]
    is_ahead: Mapped[bool] = mapped_column(default=False, server_default=false())
    checked_by: Mapped[str] = mapped_column(String(200), default="")
    checked_at: Mapped[datetime | None]
    # The version that was checked; what is corrected later is said to be so.
    checked_version: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    issue: Mapped[Issue] = relationship(back_populates="articles", lazy="raise_on_sql")
    authors: Mapped[list["Author"]] = relationship(
        back_populates="article",
        lazy="raise_on_sql",
        order_by="Author.position, Author.id",
        cascade="all, delete-orphan",
    )
    figures: Mapped[list["Figure"]] = relationship(
        back_populates="article",
        lazy="raise_on_sql",
        order_by="Figure.no, Figure.id",
        cascade="all, delete-orphan",
    )
    themes: Mapped[list[Theme]] = relationship(
        secondary=article_themes, lazy="raise_on_sql", order_by="Theme.position, Theme.id"
    )

    def comes_out_at(self, issue: Issue) -> datetime | None:
        """When everybody may read it, in its issue; None while one of the two is not published."""
        both = {self.state, issue.state}
        if both != {WritingState.PUBLISHED} or issue.publishes_at is None:
            return None
        return max(issue.publishes_at, self.publishes_at or issue.publishes_at)

    def is_out(self, issue: Issue, now: datetime) -> bool:
        """Whether everybody may read it at `now`, in its issue."""
        at = self.comes_out_at(issue)
        return at is not None and at <= now

    def stage(self, issue: Issue, now: datetime) -> Stage:
        """Where it is in its life at `now`, in its issue."""
        if self.state is not WritingState.PUBLISHED:
            return Stage(self.state.value)
        at = self.comes_out_at(issue)
        if at is None:
            return Stage.WAITING
        return Stage.OUT if at <= now else Stage.SCHEDULED

    @property
    def was_corrected(self) -> bool:
        """Whether anything was changed after it was checked."""
        return self.checked_version is not None and self.version > self.checked_version


class Author(Base):
    """Somebody who wrote an article, as they were when they wrote it; in their order."""

    __tablename__ = "article_authors"
    __table_args__ = (Index("ix_article_authors_order", "article_id", "position", "id"),)

    id: Mapped[Key]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(200), default="")
    organisation_name: Mapped[str] = mapped_column(String(200), default="")
    speaker_id: Mapped[int | None] = mapped_column(ForeignKey("speakers.id", ondelete="SET NULL"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)

    article: Mapped[Article] = relationship(back_populates="authors", lazy="raise_on_sql")
    speaker: Mapped[Speaker | None] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")


class Figure(Base):
    """A picture in an article, under a number that is its own there for ever.

    Without an alternative text it is either marked as decoration or not ready to be published.
    """

    __tablename__ = "figures"
    __table_args__ = (UniqueConstraint("article_id", "no"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"))
    no: Mapped[int]
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"), index=True)
    width: Mapped[int]
    height: Mapped[int]
    alt: Mapped[str] = mapped_column(Text, default="")
    is_decoration: Mapped[bool] = mapped_column(default=False)
    caption: Mapped[str] = mapped_column(Text, default="")
    credit: Mapped[str] = mapped_column(String(200), default="")

    article: Mapped[Article] = relationship(back_populates="figures", lazy="raise_on_sql")
    file: Mapped[StoredFile] = relationship(lazy="raise_on_sql")

    @property
    def is_described(self) -> bool:
        """Whether somebody who does not see it misses nothing."""
        return self.is_decoration or bool(self.alt)


class ArticleVersion(Base):
    """What an article said from one change to the next; never changed, but it may be erased, and says nothing then."""

    __tablename__ = "article_versions"
    __table_args__ = (UniqueConstraint("article_id", "number"),)

    id: Mapped[Key]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"))
    number: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    said: Mapped[dict[str, Any]] = mapped_column(JSON)

    by: Mapped[Person | None] = relationship(lazy="raise_on_sql")
