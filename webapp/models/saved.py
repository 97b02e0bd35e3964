"""What people keep for themselves to find it again, whatever it is, with a note of their own."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base, Key, PublicId, string_enum
from webapp.models.accounts import ThingKind

LONGEST_NOTE = 500


class SavedItem(Base):
    """A thing that a person saved; only that person sees it, and the note."""

    __tablename__ = "saved_items"
    __table_args__ = (
        UniqueConstraint("person_id", "thing_kind", "thing_id"),
        Index("ix_saved_items_newest", "person_id", "saved_at", "id"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    thing_kind: Mapped[ThingKind] = mapped_column(string_enum(ThingKind))
    thing_id: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime]
