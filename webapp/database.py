"""What every table shares: constraint names, key and time types, and how SQLite is opened."""

import secrets
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from sqlite3 import Connection as SqliteConnection
from typing import Annotated, Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Enum,
    Integer,
    LargeBinary,
    MetaData,
    String,
    TypeDecorator,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry

__all__ = [
    "NEVER_AGAIN",
    "Base",
    "Compressed",
    "Key",
    "Leased",
    "PublicId",
    "Timestamps",
    "UtcDateTime",
    "folded",
    "insert_columns",
    "insert_for",
    "insert_many",
    "insert_or",
    "is_sqlite",
    "new_public_id",
    "open_sqlite",
    "string_enum",
    "will_ask_again",
]

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# Without vowels and look-alikes: no words arise by chance, and an id can be read out on the telephone.
ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"
PUBLIC_ID_LENGTH = 12


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, stored in UTC; refuses a time without a zone, which SQLite would store without a word."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Compressed(TypeDecorator[bytes]):
    """Bytes, stored by zlib in a third of the room; the quickest level, since whoever writes them waits."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 -- the library's
        return None if value is None else zlib.compress(value, 1)

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:  # noqa: ARG002 -- the library's
        return None if value is None else zlib.decompress(value)


def string_enum(kind: type[StrEnum]) -> Enum:
    """A column type that stores an enum's value as text, so that a new value needs no migration."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=30,
        values_callable=lambda e: [m.value for m in e],
    )


def new_public_id() -> str:
    """A name for a thing that can be neither guessed nor counted: 12 letters and digits, 57 bits."""
    # Drawn at once: lists of thousands are read in and written to, and twelve draws cost six times as much.
    rest = secrets.randbelow(len(ALPHABET) ** PUBLIC_ID_LENGTH)
    signs = []
    for _ in range(PUBLIC_ID_LENGTH):
        rest, place = divmod(rest, len(ALPHABET))
        signs.append(ALPHABET[place])
    return "".join(signs)


def folded(length: int) -> String:
    """A column type for folded words and sort keys, ordered by code point on every database."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


Key = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)]
PublicId = Annotated[str, mapped_column(String(PUBLIC_ID_LENGTH), unique=True, default=new_public_id)]


# Of a table whose rows are deleted and whose ids stand in the record of what was done: SQLite would give the id of
# the last row again after it went, and the new thing would be shown with the history of the old one.
NEVER_AGAIN = {"sqlite_autoincrement": True}


class Base(DeclarativeBase):
    """The parent of all rows."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={datetime: UtcDateTime(), int: BigInteger().with_variant(Integer, "sqlite")},
    )


class Timestamps:
    """When a row was made and last changed; services give the times, there is no default."""

    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Leased:
    """Work that one worker has until a time, and how often one began it; a worker that dies leaves it to the next."""

    taken_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)


def insert_or(session: Any, table: Any) -> Any:
    """An INSERT of the session's own dialect, which knows ON CONFLICT on both databases."""
    return insert_for(session.get_bind().dialect.name, table)


def insert_for(dialect: str, table: Any) -> Any:
    """An INSERT of the dialect of that name, which knows ON CONFLICT; for statements that are built once."""
    return (sqlite_insert if dialect == "sqlite" else postgresql_insert)(table)


def insert_many(session: Any, table: Any, rows: Sequence[Mapping[str, Any]], *, unless: str = "") -> None:
    """Insert rows that all fill the same columns, by the driver alone; a column left out gets the default of its model.

    What they refer to must be flushed. Whoever inserts thousands holds a lock that others wait for, and through the
    library a row costs twice as much. `unless` names a unique column: a row whose value is there already is left out.
    """
    if rows:
        insert_columns(session, table, {name: [row[name] for row in rows] for name in rows[0]}, unless=unless)


def insert_columns(session: Any, table: Any, given: Mapping[str, Sequence[Any]], *, unless: str = "") -> None:
    """Insert rows as insert_many does, given as the values of each column: for those who insert tens of thousands."""
    number = len(next(iter(given.values())))
    if not number:
        return
    connection = session.connection()
    dialect = connection.dialect
    filled = dict(given)
    for column in table.columns:
        if column.name not in filled and column.default is not None:
            made = column.default.arg
            filled[column.name] = [made(None) if column.default.is_callable else made for _ in range(number)]
    bound = {name: list(_bound(table.c[name].type, dialect, values)) for name, values in filled.items()}
    adding: Any = insert_for(dialect.name, table).inline()
    if unless:
        adding = adding.on_conflict_do_nothing(index_elements=[unless])
    statement = adding.compile(dialect=dialect, column_keys=list(filled))
    names = statement.positiontup or list(filled)
    rows: list[Any] = list(zip(*(bound[name] for name in names), strict=True))
    if not statement.positiontup:
        rows = [dict(zip(names, values, strict=True)) for values in rows]
    connection.exec_driver_sql(str(statement), rows)


def _bound(kind: Any, dialect: Dialect, values: Sequence[Any]) -> Iterator[Any]:
    """The values as the driver takes them."""
    process: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    if process is None:
        yield from values
        return
    last: Any = process
    its: Any = None
    for value in values:
        # Most rows of a list say the same here, such as when.
        if value is not last:
            last, its = value, process(value)
        yield its


def open_sqlite(connection: SqliteConnection, synchronous: str) -> None:
    """Prepare a new SQLite connection: our own BEGIN, write-ahead log, foreign keys, and patience."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "busy_timeout=8000",
        f"synchronous={synchronous}",
        "cache_size=-16000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


# Whether who takes a connection from the pool will notice that it is dead, and take another.
will_ask_again: ContextVar[bool] = ContextVar("will_ask_again", default=False)

# As SQLite does: wait for a lock for 8 seconds, then say so; and let nobody hold one for ever.
PATIENCE = "-c lock_timeout=8s -c idle_in_transaction_session_timeout=120s"


def engine_options(url: str, *, discreet: bool) -> dict[str, Any]:
    """How the engine keeps connections; a `discreet` one tells no values in its errors and logs: they may be names."""
    if is_sqlite(url):
        return {"hide_parameters": discreet, "connect_args": {"timeout": 8}}
    return {
        "hide_parameters": discreet,
        "pool_size": 8,
        "max_overflow": 4,
        "connect_args": {"connect_timeout": 5, "options": PATIENCE},
    }


def is_sqlite(url: Any) -> bool:
    """Whether a database address is of SQLite."""
    return str(url).startswith("sqlite")
