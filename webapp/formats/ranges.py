"""The Range header (RFC 9110, section 14): which bytes of a thing are asked for."""

import re
from dataclasses import dataclass

_ONE = re.compile(
    r"bytes[ \t]*=[ \t]*(?:(\d{1,19})[ \t]*-[ \t]*(\d{1,19})?|-[ \t]*(\d{1,19}))[ \t]*", re.ASCII | re.IGNORECASE
)


class BeyondError(ValueError):
    """A range of which the thing has no byte."""


@dataclass(frozen=True)
class Span:
    """Bytes of a thing, from `first` up to, but not including, `end`."""

    first: int
    end: int

    @property
    def length(self) -> int:
        """How many bytes they are."""
        return self.end - self.first


def asked(header: str | None, size: int) -> Span | None:
    """The bytes that a Range header asks for of a thing of so many bytes; None to send all of it.

    All is sent where the header is absent, is not understood, counts in other units, or asks for several stretches at
    once, as a server may always do (section 14.2). Raises BeyondError where nothing of what is asked for is there.
    """
    found = _ONE.fullmatch(header or "")
    if found is None:
        return None
    if found[3] is not None:
        number = int(found[3])
        if not number or not size:
            raise BeyondError
        return Span(max(size - number, 0), size)
    first, last = int(found[1]), None if found[2] is None else int(found[2])
    if last is not None and last < first:
        return None
    if first >= size:
        raise BeyondError
    return Span(first, size if last is None else min(last + 1, size))
