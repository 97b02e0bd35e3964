"""The only reader of the wall clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

_fixed: list[datetime] = []


def now() -> datetime:
    """The present moment, in UTC, to the microsecond."""
    return _fixed[-1] if _fixed else datetime.now(UTC)


@contextmanager
def fixed(moment: datetime) -> Iterator[None]:
    """Hold the clock at one moment, for tests and rehearsals; in this process only."""
    _fixed.append(moment)
    try:
        yield
    finally:
        _fixed.pop()
