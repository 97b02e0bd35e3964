"""What one change of a text added and took out, in words, and the changes of an entry as its history shows them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from webapp.models.reflections import ChangeState, ReflectionChange

SHOWN = 30
# Longer lines are compared as wholes: comparing word by word takes the square of their number.
MOST_WORDS = 400
_PIECES = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Piece:
    """A stretch of text: the same in both, added, or removed."""

    kind: str
    text: str


@dataclass(frozen=True)
class Step:
    """One change of an answer, with what it did to what stood before; the last that stood is what stands now.

    Words that never stood are seen by their writer alone.
    """

    change: ReflectionChange
    pieces: Sequence[Piece]
    stands: bool

    @property
    def is_own(self) -> bool:
        """Whether the words never stood."""
        return self.change.state in {ChangeState.WAITS, ChangeState.ASIDE}

    @property
    def is_erased(self) -> bool:
        """Whether its words are gone for good."""
        return self.change.state is ChangeState.ERASED

    @property
    def may_return(self) -> bool:
        """Whether its words can be taken up again, or erased: not what stands, and not what waits in the form."""
        return not (self.stands or self.is_erased or self.change.state is ChangeState.WAITS)


def history(changes: Sequence[ReflectionChange]) -> dict[int, list[Step]]:
    """The last 30 changes of each answer, latest first, by the number of its prompt."""
    found = {}
    for prompt, group in groupby(changes, key=lambda one: one.prompt):
        found[prompt] = list(_steps(list(group)))[: -SHOWN - 1 : -1]
    return found


def _steps(changes: Sequence[ReflectionChange]) -> Iterator[Step]:
    last = next((one for one in reversed(changes) if one.state is ChangeState.STOOD), None)
    before = ""
    for one in changes:
        yield Step(one, [] if one.state is ChangeState.ERASED else compare(before, one.text), one is last)
        if one.state is ChangeState.STOOD:
            before = one.text


def compare(before: str, after: str) -> list[Piece]:
    """What is the same in both texts, what was removed and what was added, in reading order."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    found: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Piece("same", "".join(new[c:d])))
        else:
            found += _by_words("".join(old[a:b]), "".join(new[c:d]))
    return list(_joined(found))


def _by_words(before: str, after: str) -> Iterator[Piece]:
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    if max(len(old), len(new)) > 2 * MOST_WORDS:
        yield Piece("removed", before)
        yield Piece("added", after)
        return
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(new[c:d]))
        else:
            yield Piece("removed", "".join(old[a:b]))
            yield Piece("added", "".join(new[c:d]))


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    for kind, group in groupby((one for one in pieces if one.text), key=lambda one: one.kind):
        yield Piece(kind, "".join(one.text for one in group))
