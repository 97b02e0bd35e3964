"""Files read into an event or a programme: each row with its fate before anything is done, then done whole."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import NEVER_AGAIN, Base, Key, Leased, PublicId, string_enum


class ImportKind(StrEnum):
    """What the rows of a file become."""

    AGENDA = "agenda"
    REGISTRATIONS = "registrations"
    MEMBERS = "members"


class ImportState(StrEnum):
    """How far an import is."""

    STAGED = "staged"
    REQUESTED = "requested"
    APPLIED = "applied"
    FAILED = "failed"


class Import(Leased, Base):
    """A file that was read and looked through: what would become of its rows, until somebody confirms it."""

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint("(event_id IS NULL) <> (programme_id IS NULL)", name="event_or_programme"),
        Index("ix_imports_event", "event_id", "kind", "id"),
        Index("ix_imports_programme", "programme_id", "id"),
        Index("ix_imports_waiting", "state", "id"),
        NEVER_AGAIN,
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    kind: Mapped[ImportKind] = mapped_column(string_enum(ImportKind))
    # What the rows are read into: an event, or a programme where they are its members.
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"))
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programmes.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    filename: Mapped[str] = mapped_column(String(200))
    state: Mapped[ImportState] = mapped_column(string_enum(ImportState), default=ImportState.STAGED)
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # How many rows there are of each fate; after it was applied, what was done.
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    applied_at: Mapped[datetime | None]

    @property
    def of_event(self) -> int:
        """The event that it is read into; raises LookupError for one that is read into a programme."""
        if self.event_id is None:
            raise LookupError("This file is read into no event.")
        return self.event_id


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        return {"new": "Will be added", "changed": "Will be changed", "same": "Stays as it is"}.get(
            self.value, "Cannot be taken"
        )


class ImportRow(Base):
    """One row of a file, as it was understood, with what becomes of it and why."""

    __tablename__ = "import_rows"
    __table_args__ = (
        UniqueConstraint("import_id", "number"),
        Index("ix_import_rows_fate", "import_id", "fate", "number"),
    )

    id: Mapped[Key]
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"))
    # The row's number in the file, as a spreadsheet program shows it.
    number: Mapped[int]
    fate: Mapped[Fate] = mapped_column(string_enum(Fate))
    message: Mapped[str] = mapped_column(String(1000), default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
