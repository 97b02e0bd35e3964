"""Selects of nearly every visit, asked of the driver alone, which takes a fraction of the time that a session takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from blinker import Signal
from sqlalchemy import Dialect, Engine, Insert, Select, Update

from webapp.database import will_ask_again
from webapp.extensions import db

# Sent with each statement that is asked in this way, since SQLAlchemy's own events do not tell of it.
asked = Signal()

Convert = Callable[[Any], Any] | None


@dataclass(frozen=True)
class Compiled:
    """A statement as the driver takes it."""

    text: str
    positions: Sequence[str] | None
    binders: dict[str, Convert]
    readers: Sequence[Convert]
    fixed: dict[str, Any]

    def values(self, given: dict[str, Any]) -> Any:
        """The values by position or by name, as the driver asks for them."""
        bound = {name: _converted(binder, given.get(name, self.fixed[name])) for name, binder in self.binders.items()}
        return bound if self.positions is None else [bound[name] for name in self.positions]

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """A row that the driver gave, as the columns' types give it."""
        return tuple(_converted(reader, value) for reader, value in zip(self.readers, row, strict=True))


class Direct:
    """A select, compiled once for each database; within an open transaction it is asked as any other is.

    It takes its values by the names of its bound parameters, and gives columns, not objects.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self._statement = statement
        self._compiled: dict[str, Compiled] = {}

    def first(self, **values: Any) -> tuple[Any, ...] | None:
        """The first row; None when there is none."""
        rows = self.rows(**values)
        return rows[0] if rows else None

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """All rows."""
        if db.session.registry.has() and db.session().in_transaction():
            return [tuple(row) for row in db.session.execute(self._statement, values)]
        engine = db.engine
        try:
            return self._asked(engine, values)
        except engine.dialect.loaded_dbapi.Error:
            # The long way finds a new connection for a dead one, or says in SQLAlchemy's words what is wrong.
            with engine.connect() as connection:
                return [tuple(row) for row in connection.execute(self._statement, values)]

    def _asked(self, engine: Engine, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        trusting = will_ask_again.set(True)
        try:
            pooled = engine.raw_connection()
        finally:
            will_ask_again.reset(trusting)
        driver: Any = pooled.driver_connection
        postgresql = engine.dialect.name == "postgresql"
        try:
            compiled = self._compiled.get(engine.dialect.name)
            if compiled is None:
                compiled = self._compiled[engine.dialect.name] = compiled_for(self._statement, engine.dialect)
            asked.send(compiled.text)
            if postgresql:
                driver.autocommit = True  # one message there and back instead of three, with BEGIN and ROLLBACK
            cursor = driver.cursor()
            cursor.execute(compiled.text, compiled.values(values))
            rows = [compiled.read(row) for row in cursor.fetchall()]
            cursor.close()
            if postgresql:
                driver.autocommit = False
        except BaseException:
            pooled.invalidate()
            raise
        pooled.close()
        return rows


def compiled_for(statement: Select[*tuple[Any, ...]] | Update | Insert, dialect: Dialect) -> Compiled:
    """A statement as the driver of that database takes it; none that takes lists of values of any length."""
    compiled: Any = statement.compile(dialect=dialect)
    return Compiled(
        text=str(compiled),
        positions=compiled.positiontup,
        binders={
            name: bound.type.dialect_impl(dialect).bind_processor(dialect) for name, bound in compiled.binds.items()
        },
        readers=[
            column.type.dialect_impl(dialect).result_processor(dialect, None)
            for column in (statement.selected_columns if isinstance(statement, Select) else ())
        ],
        fixed={name: bound.value for name, bound in compiled.binds.items()},
    )


def _converted(convert: Convert, value: Any) -> Any:
    return value if convert is None else convert(value)
