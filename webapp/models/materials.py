"""Materials: slides, documents and links that an event offers, each to those whom it is for."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import NEVER_AGAIN, Base, Key, PublicId, Timestamps, string_enum
from webapp.models.agenda import Session
from webapp.models.files import FileReach, StoredFile


class Material(Timestamps, Base):
    """A file or a link of an event, or of one of its sessions, under the title that organisers gave it."""

    __tablename__ = "materials"
    __table_args__ = (
        CheckConstraint("(file_id IS NULL) = (url <> '')", name="file_or_link"),
        Index("ix_materials_event", "event_id", "position", "id"),
        NEVER_AGAIN,
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    # None is the whole event.
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"), index=True)
    filename: Mapped[str] = mapped_column(String(120), default="")
    url: Mapped[str] = mapped_column(String(500), default="")
    reach: Mapped[FileReach] = mapped_column(string_enum(FileReach))
    # What a speaker handed in, of which this is made: it goes when they take theirs back.
    given_id: Mapped[int | None] = mapped_column(ForeignKey("attachments.id"), unique=True)
    # When a newer version took the place of the file, or of the address.
    replaced_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    file: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql")
    session: Mapped[Session | None] = relationship(lazy="raise_on_sql")

    @property
    def is_link(self) -> bool:
        return bool(self.url)
