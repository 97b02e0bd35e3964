"""Long lists of values, asked about in several statements: neither database takes any number of them in one."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
AT_ONCE = 500


def batched(values: Sequence[T]) -> Iterator[list[T]]:
    """The values in their order, 500 at once."""
    rest = iter(values)
    while some := list(islice(rest, AT_ONCE)):
        yield some
