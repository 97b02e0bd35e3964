"""What the running service notes about itself."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, Key, Leased, PublicId, string_enum
from webapp.models.events import Event


class Heartbeat(Base):
    """When a worker last said that it is alive; letters taken by one that fell silent are freed."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    beat_at: Mapped[datetime]


class Revision(Base):
    """A number that grows when something changes that many kept pages show, such as a speaker's name."""

    __tablename__ = "revisions"

    scope: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int]


class FileType(StrEnum):
    """The kinds of files that a list is exported as."""

    CSV = "csv"
    XLSX = "xlsx"

    @property
    def mimetype(self) -> str:
        """What the file is called by its kind."""
        sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return "text/csv" if self is FileType.CSV else sheet


class Export(Leased, Base):
    """A list too long for one answer, made by the worker and fetched by the one who asked; deleted after a day."""

    __tablename__ = "exports"
    __table_args__ = (
        Index("ix_exports_waiting", "finished_at", "failed_at", "id"),
        Index("ix_exports_own", "person_id", "event_id", "id"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    filetype: Mapped[FileType] = mapped_column(string_enum(FileType))
    filters: Mapped[dict[str, Any]] = mapped_column(JSON)
    with_needs: Mapped[bool]
    requested_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    failed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    size: Mapped[int] = mapped_column(default=0)

    event: Mapped[Event] = relationship(lazy="raise_on_sql")


class ExportPart(Base):
    """A piece of an export's file, small enough that neither writing nor sending it needs the whole in memory."""

    __tablename__ = "export_parts"
    __table_args__ = (UniqueConstraint("export_id", "position"),)

    id: Mapped[Key]
    export_id: Mapped[int] = mapped_column(ForeignKey("exports.id"))
    position: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
