"""The search table: which words stand in which thing, folded alike on every database."""

from enum import StrEnum

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base, folded, string_enum


class SearchKind(StrEnum):
    """What is searched; for registrations the scope is the event, else it is 0."""

    EVENT = "event"
    REGISTRATION = "registration"
    ORGANISATION = "organisation"
    SPEAKER = "speaker"
    RESOURCE = "resource"


class SearchWord(Base):
    """One word of one thing. The key answers "which things have a word that begins so" without a scan."""

    __tablename__ = "search_words"
    __table_args__ = (
        Index("ix_search_words_thing", "kind", "scope_id", "thing_id", "word"),
        {"sqlite_with_rowid": False},
    )

    kind: Mapped[SearchKind] = mapped_column(string_enum(SearchKind), primary_key=True)
    scope_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    word: Mapped[str] = mapped_column(folded(60), primary_key=True)
    thing_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
