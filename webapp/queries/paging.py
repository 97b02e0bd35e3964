"""A page of a list: a number from a person, made safe."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a longer list; `total` is exact unless `more` says that there are at least so many."""

    rows: Sequence[Row]
    number: int
    size: int
    total: int
    more: bool = False

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first_row(self) -> int:
        """The place of the first row in the whole list, from 1; 0 in an empty one."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last_row(self) -> int:
        return self.first_row + len(self.rows) - 1 if self.rows else 0


def nearest(number: int, total: int, size: int) -> int:
    """The page number asked for, or the nearest there is."""
    return min(max(1, number), max(1, -(-total // size)))
