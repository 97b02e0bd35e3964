"""The index of the one search: passages of what can be found, the words known from them, and abbreviations.

It is made from other rows and can be made anew. On SQLite triggers keep an FTS5 table of its own beside the passages;
on PostgreSQL the words are a `tsvector`. Neither splits or stems: the lines to index come from `webapp.searching`.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import DDL, Dialect, Index, String, Text, TypeDecorator, UniqueConstraint, column, event, table
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base, Key, PublicId, Timestamps, folded, string_enum


class PassageKind(StrEnum):
    """What a passage leads to; results of one day come in this order."""

    EVENT = "event"
    SESSION = "session"
    SPEAKER = "speaker"
    ISSUE = "issue"
    ARTICLE = "article"
    TURN = "turn"
    RESOURCE = "resource"
    COLLECTION = "collection"
    AREA = "area"
    TOPIC = "topic"

    @property
    def number(self) -> int:
        """Its place among at most sixteen kinds, which never changes, since the order of the index is made of it."""
        return {
            "event": 0,
            "session": 1,
            "speaker": 2,
            "area": 3,
            "resource": 5,
            "collection": 6,
            "turn": 8,
            "issue": 9,
            "article": 10,
            "topic": 11,
        }[self]

    @property
    def label(self) -> str:
        return "Transcript" if self is PassageKind.TURN else self.capitalize()

    @property
    def plural(self) -> str:
        return f"{self.label}s"


class Source(StrEnum):
    """From what passages are made, all of one source at once: an event gives those of its sessions, too."""

    EVENT = "event"
    SPEAKER = "speaker"
    TRANSCRIPT = "transcript"
    RESOURCE = "resource"
    COLLECTION = "collection"
    ISSUE = "issue"
    AREA = "area"
    TOPIC = "topic"


class Words(TypeDecorator[str]):
    """A line of words: text on SQLite, on PostgreSQL each word with its places as a `tsvector`. It is not read back."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or dialect.name != "postgresql":
            return value
        places: dict[str, list[int]] = {}
        for place, word in enumerate(value.split(" "), start=1):
            places.setdefault(word, []).append(place)
        return " ".join(_lexeme(word, some) for word, some in places.items())


def _lexeme(word: str, places: Iterable[int]) -> str:
    quoted = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}':{','.join(map(str, places))}"


class Passage(Base):
    """A piece of something that can be found, as it is shown among results, and the words that find it.

    `place` is where it comes among results, highest first. Who sees a private one looks after its event.
    """

    __tablename__ = "passages"
    __table_args__ = (
        UniqueConstraint("kind", "thing_id", "part"),
        Index("ix_passages_source", "source", "source_id", "place"),
        Index("ix_passages_words", "words", postgresql_using="gin", postgresql_with={"fastupdate": "off"}).ddl_if(
            dialect="postgresql"
        ),
    )

    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[Source] = mapped_column(string_enum(Source))
    source_id: Mapped[int]
    kind: Mapped[PassageKind] = mapped_column(string_enum(PassageKind))
    thing_id: Mapped[int]
    part: Mapped[int]
    # What its address is made of; the parent is what a thing stands in that is not an event.
    public_id: Mapped[str] = mapped_column(String(12))
    slug: Mapped[str] = mapped_column(String(120))
    parent_public_id: Mapped[str] = mapped_column(String(12))
    parent_slug: Mapped[str] = mapped_column(String(120))
    event_id: Mapped[int | None]
    programme_id: Mapped[int | None]
    is_private: Mapped[bool]
    day: Mapped[date | None]
    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Words)
    # Of all the other columns, so that what stays as it is need not be written again.
    digest: Mapped[str] = mapped_column(String(32))


class KnownWord(Base):
    """A word that stands in some passage, for who types another like it; harmless where it stands twice or no more."""

    __tablename__ = "known_words"
    __table_args__ = (Index("ix_known_words_word", "word"),)

    id: Mapped[Key]
    word: Mapped[str] = mapped_column(folded(60))


class SearchAbbreviation(Timestamps, Base):
    """What people of the field write short and what it stands for; either finds the other."""

    __tablename__ = "search_abbreviations"
    __table_args__ = (UniqueConstraint("short_folded", "long_folded"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    short: Mapped[str] = mapped_column(String(20))
    short_folded: Mapped[str] = mapped_column(folded(20))
    long: Mapped[str] = mapped_column(String(200))
    long_folded: Mapped[str] = mapped_column(folded(200))
    version: Mapped[int] = mapped_column(default=1)


# The table of FTS5 beside the passages, with the column by which a whole row is asked.
passage_index = table("passage_index", column("rowid"), column("passage_index"))
# Later steps that rebuild the table of passages on SQLite lose its triggers, and have to make them again.
FTS5 = (
    """CREATE VIRTUAL TABLE passage_index
    USING fts5(words, content='passages', content_rowid='place', tokenize='ascii', columnsize=0)""",
    """CREATE TRIGGER passages_added AFTER INSERT ON passages
    BEGIN INSERT INTO passage_index (rowid, words) VALUES (new.place, new.words); END""",
    """CREATE TRIGGER passages_removed AFTER DELETE ON passages
    BEGIN INSERT INTO passage_index (passage_index, rowid, words) VALUES ('delete', old.place, old.words); END""",
)
# The triggers go with the passages, the table beside them by itself.
gone = DDL("DROP TABLE IF EXISTS passage_index")  # type: ignore[no-untyped-call]  # the library's
event.listen(Passage.__table__, "before_drop", gone.execute_if(dialect="sqlite"))
for statement in FTS5:
    made = DDL(statement)  # type: ignore[no-untyped-call]  # the library's
    event.listen(Passage.__table__, "after_create", made.execute_if(dialect="sqlite"))
