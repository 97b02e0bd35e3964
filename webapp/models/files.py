"""Files that people gave: kept under the hash of their content, and referred to by what they belong to."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, Key, PublicId, string_enum
from webapp.models.accounts import ThingKind


class StoredFile(Base):
    """Content that lies outside the web root under its SHA-256; the same content is kept once."""

    __tablename__ = "files"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int]
    created_at: Mapped[datetime]


class FileReach(StrEnum):
    """Who may fetch a file, or see a recording: each is part of the one before it."""

    PUBLIC = "public"
    # Who has a confirmed place.
    REGISTERED = "registered"
    # Who came to the event; of something of a session, to that session where this is known.
    ATTENDED = "attended"
    ORGANISERS = "organisers"

    @property
    def label(self) -> str:
        return {
            "public": "Everybody",
            "registered": "People with a place",
            "attended": "People who came",
            "organisers": "Organisers",
        }[self]


class Attachment(Base):
    """A file that belongs to a thing, such as the slides of a session, under the name its giver chose."""

    __tablename__ = "attachments"
    __table_args__ = (Index("ix_attachments_thing", "thing_kind", "thing_id", "id"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), index=True)
    # The speaker who gave it, and may take it back; None when an organiser did.
    speaker_id: Mapped[int | None] = mapped_column(ForeignKey("speakers.id"), index=True)
    thing_kind: Mapped[ThingKind] = mapped_column(string_enum(ThingKind))
    thing_id: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    filename: Mapped[str] = mapped_column(String(120))
    reach: Mapped[FileReach] = mapped_column(string_enum(FileReach), default=FileReach.ORGANISERS)
    added_at: Mapped[datetime]

    file: Mapped[StoredFile] = relationship(lazy="raise_on_sql")
