"""The library: resources of many kinds, who made them and when, and collections that put some of them in an order."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, Key, PublicId, Timestamps, folded, string_enum
from webapp.models.agenda import Session
from webapp.models.files import StoredFile
from webapp.models.organisations import Organisation
from webapp.models.programmes import Programme, Theme
from webapp.models.speakers import Speaker

LONGEST_TITLE = 200
LONGEST_SUMMARY = 500
LONGEST_ADDRESS = 2_000
_HOME = ZoneInfo("Europe/London")


class ResourceKind(StrEnum):
    """What sort of thing a resource is, for those who choose what to open."""

    REPORT = "report"
    GUIDE = "guide"
    TOOLKIT = "toolkit"
    VIDEO = "video"
    PODCAST_EPISODE = "podcast_episode"
    SLIDES = "slides"
    LINK = "link"

    @property
    def label(self) -> str:
        return self.replace("_", " ").capitalize()

    @property
    def plural(self) -> str:
        return self.label if self is ResourceKind.SLIDES else f"{self.label}s"

    @property
    def opening(self) -> str:
        """What its address is opened for."""
        return {"video": "Watch the video", "podcast_episode": "Listen to the episode"}.get(self, f"Open the {self}")


class LibraryState(StrEnum):
    """How a resource or a collection stands: an archived one is in no list, and its address still works."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"

    @property
    def label(self) -> str:
        return self.capitalize()


NEXT_STATES: dict[LibraryState, set[LibraryState]] = {
    LibraryState.DRAFT: {LibraryState.PUBLISHED},
    LibraryState.PUBLISHED: {LibraryState.ARCHIVED},
    LibraryState.ARCHIVED: {LibraryState.PUBLISHED},
}


class Precision(StrEnum):
    """How much of a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class Dating:
    """When something was made public, as far as that is known; `on` is the first day that it may have been."""

    on: date
    precision: Precision

    def __str__(self) -> str:
        if self.precision is Precision.YEAR:
            return str(self.on.year)
        month = f"{self.on:%B} {self.on.year}"
        return month if self.precision is Precision.MONTH else f"{self.on.day} {month}"


resource_themes = Table(
    "resource_themes",
    Base.metadata,
    Column("resource_id", ForeignKey("resources.id"), primary_key=True),
    Column("theme_id", ForeignKey("themes.id"), primary_key=True, index=True),
)
# What people watched or heard, and what they can read about it; shown on either page.
resource_sessions = Table(
    "resource_sessions",
    Base.metadata,
    Column("resource_id", ForeignKey("resources.id"), primary_key=True),
    Column("session_id", ForeignKey("sessions.id"), primary_key=True, index=True),
)


class Shelved:
    """What resources and collections have in common: a state, and a programme that looks after them."""

    slug: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    title_sort: Mapped[str] = mapped_column(folded(LONGEST_TITLE))
    state: Mapped[LibraryState] = mapped_column(string_enum(LibraryState), default=LibraryState.DRAFT)
    # When it was published for the first time.
    added_at: Mapped[datetime | None]
    demonstration: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    @property
    def is_published(self) -> bool:
        return self.state is LibraryState.PUBLISHED

    @property
    def is_archived(self) -> bool:
        return self.state is LibraryState.ARCHIVED


class Resource(Shelved, Timestamps, Base):
    """Something to read, watch, hear or use: at an address elsewhere, as a file of ours, or both."""

    __tablename__ = "resources"
    __table_args__ = (
        CheckConstraint("state = 'draft' OR url <> '' OR file_id IS NOT NULL", name="leads_somewhere"),
        CheckConstraint("state = 'draft' OR added_at IS NOT NULL", name="added_once_published"),
        CheckConstraint("(published_on IS NULL) = (published_precision IS NULL)", name="dated_in_full_or_not"),
        Index("ix_resources_newest", "state", "added_at", "id"),
        Index("ix_resources_by_title", "state", "title_sort", "id"),
        Index("ix_resources_programme", "programme_id", "id"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    kind: Mapped[ResourceKind] = mapped_column(string_enum(ResourceKind))
    summary: Mapped[str] = mapped_column(String(LONGEST_SUMMARY), default="")
    # Markdown.
    description: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str] = mapped_column(String(LONGEST_ADDRESS), default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"), index=True)
    filename: Mapped[str] = mapped_column(String(120), default="")
    published_on: Mapped[date | None]
    published_precision: Mapped[Precision | None] = mapped_column(string_enum(Precision))
    review_on: Mapped[date | None]

    programme: Mapped[Programme] = relationship(lazy="raise_on_sql")
    file: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql")
    themes: Mapped[list[Theme]] = relationship(
        secondary=resource_themes, lazy="raise_on_sql", order_by="Theme.position, Theme.id"
    )
    sessions: Mapped[list[Session]] = relationship(
        secondary=resource_sessions, lazy="raise_on_sql", order_by="Session.id"
    )
    authors: Mapped[list["ResourceAuthor"]] = relationship(
        back_populates="resource",
        lazy="raise_on_sql",
        order_by="ResourceAuthor.position, ResourceAuthor.id",
        cascade="all, delete-orphan",
    )
    publishers: Mapped[list["ResourceOrganisation"]] = relationship(
        back_populates="resource",
        lazy="raise_on_sql",
        order_by="ResourceOrganisation.position, ResourceOrganisation.id",
        cascade="all, delete-orphan",
    )

    @property
    def dated(self) -> Dating | None:
        """When it was made public, as far as that is known."""
        if self.published_on is None or self.published_precision is None:
            return None
        return Dating(self.published_on, self.published_precision)

    @property
    def host(self) -> str:
        """The server that its address is of."""
        return (urlsplit(self.url).hostname or "").removeprefix("www.")

    def is_to_be_reviewed(self, now: datetime) -> bool:
        """Whether the day is past by which somebody was to look whether it still holds."""
        return self.review_on is not None and self.review_on < today(now)


class ResourceAuthor(Base):
    """Somebody who made a resource, by the name that stands on it; perhaps a speaker whose profile can be opened."""

    __tablename__ = "resource_authors"

    id: Mapped[Key]
    resource_id: Mapped[int] = mapped_column(ForeignKey("resources.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    speaker_id: Mapped[int | None] = mapped_column(ForeignKey("speakers.id", ondelete="SET NULL"), index=True)

    resource: Mapped[Resource] = relationship(back_populates="authors", lazy="raise_on_sql")
    speaker: Mapped[Speaker | None] = relationship(lazy="raise_on_sql")


class ResourceOrganisation(Base):
    """An organisation that made or published a resource."""

    __tablename__ = "resource_organisations"
    __table_args__ = (UniqueConstraint("resource_id", "organisation_id"),)

    id: Mapped[Key]
    resource_id: Mapped[int] = mapped_column(ForeignKey("resources.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    position: Mapped[int]

    resource: Mapped[Resource] = relationship(back_populates="publishers", lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")


class Collection(Shelved, Timestamps, Base):
    """Resources that somebody chose and put in an order, with a few words on why."""

    __tablename__ = "collections"
    __table_args__ = (
        CheckConstraint("state = 'draft' OR added_at IS NOT NULL", name="added_once_published"),
        Index("ix_collections_programme", "programme_id", "id"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    # Markdown.
    introduction: Mapped[str] = mapped_column(Text, default="")

    programme: Mapped[Programme] = relationship(lazy="raise_on_sql")
    items: Mapped[list["CollectionItem"]] = relationship(
        back_populates="collection",
        lazy="raise_on_sql",
        order_by="CollectionItem.position, CollectionItem.id",
        cascade="all, delete-orphan",
    )


class CollectionItem(Base):
    """A resource at its place in a collection."""

    __tablename__ = "collection_items"
    __table_args__ = (UniqueConstraint("collection_id", "resource_id"),)

    id: Mapped[Key]
    collection_id: Mapped[int] = mapped_column(ForeignKey("collections.id"))
    resource_id: Mapped[int] = mapped_column(ForeignKey("resources.id"), index=True)
    position: Mapped[int]

    collection: Mapped[Collection] = relationship(back_populates="items", lazy="raise_on_sql")
    resource: Mapped[Resource] = relationship(lazy="raise_on_sql")


def today(now: datetime) -> date:
    """The day that it is where the programmes are; resources are reviewed by days."""
    return now.astimezone(_HOME).date()


def listed(kind: Any) -> Any:
    """The condition that everybody finds a resource or a collection in lists."""
    return kind.state == LibraryState.PUBLISHED
