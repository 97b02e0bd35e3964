"""Recordings of sessions: films and sound that we keep, videos at a provider, and sessions of which there are none."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import NEVER_AGAIN, Base, Key, PublicId, Timestamps, string_enum
from webapp.models.agenda import Session
from webapp.models.files import FileReach, StoredFile

LONGEST_TITLE = 200
LONGEST_ADDRESS = 500
LONGEST_REASON = 300
MOST_OF_A_SESSION = 12


class RecordingState(StrEnum):
    """Whether a recording is seen by more than its organisers."""

    DRAFT = "draft"
    PUBLISHED = "published"


class Place(StrEnum):
    """Where a recording lies: with us, at a video provider that we know, or anywhere else."""

    FILE = "file"
    YOUTUBE = "youtube"
    VIMEO = "vimeo"
    ELSEWHERE = "elsewhere"

    @property
    def label(self) -> str:
        return {"file": "Our own file", "youtube": "YouTube", "vimeo": "Vimeo", "elsewhere": "Another website"}[self]

    @property
    def is_provider(self) -> bool:
        """Whether its video can be shown within our page, once a reader has agreed."""
        return self in {Place.YOUTUBE, Place.VIMEO}


class Recording(Timestamps, Base):
    """A recording of a session, or a part of one; those of a session have an order.

    Times are milliseconds. `zero` is where the transcript stands when the recording begins: less than nothing where
    the recording begins before it.
    """

    __tablename__ = "recordings"
    __table_args__ = (
        Index("ix_recordings_session", "session_id", "position", "id"),
        CheckConstraint("(place = 'file') = (file_id IS NOT NULL)", name="file_with_us_alone"),
        CheckConstraint("(place = 'file') = (address = '')", name="address_elsewhere_alone"),
        CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="published_at_some_time"),
        CheckConstraint("duration > 0", name="duration_of_something"),
        NEVER_AGAIN,
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE), default="")
    place: Mapped[Place] = mapped_column(string_enum(Place))
    # Where it is watched elsewhere, and what the provider calls it; Vimeo's unlisted videos have a second part.
    address: Mapped[str] = mapped_column(String(LONGEST_ADDRESS), default="")
    video: Mapped[str] = mapped_column(String(60), default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"), index=True)
    duration: Mapped[int | None]
    zero: Mapped[int] = mapped_column(default=0)
    language: Mapped[str] = mapped_column(String(10), default="en-GB")
    reach: Mapped[FileReach] = mapped_column(string_enum(FileReach), default=FileReach.PUBLIC)
    state: Mapped[RecordingState] = mapped_column(string_enum(RecordingState), default=RecordingState.DRAFT)
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    session: Mapped[Session] = relationship(lazy="raise_on_sql")
    file: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql")

    @property
    def is_published(self) -> bool:
        return self.state is RecordingState.PUBLISHED

    @property
    def is_sound(self) -> bool:
        """Whether there is nothing to be seen."""
        return self.file is not None and self.file.media_type.startswith("audio/")


class Unrecorded(Base):
    """A session that says of itself that it was not recorded, and why where somebody wrote it."""

    __tablename__ = "unrecorded_sessions"

    id: Mapped[Key]
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")
    said_at: Mapped[datetime]
