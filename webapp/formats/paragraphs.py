"""Two versions of a text made from the same one, brought together paragraph by paragraph.

Paragraphs are parted by empty lines. What only one of the two changed stands; where both changed the same paragraphs
in different ways, both stand beside each other, for people to settle.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_BETWEEN = re.compile(r"\n(?:[ \t]*\n)+")


@dataclass(frozen=True)
class Stretch:
    """Some paragraphs as they were, as the one and as the other made them."""

    before: Sequence[str]
    mine: Sequence[str]
    theirs: Sequence[str]

    @property
    def is_settled(self) -> bool:
        """Whether it is clear what stands: one of the two left them as they were, or both made the same of them."""
        return self.mine == self.theirs or self.before in (self.mine, self.theirs)

    @property
    def is_theirs(self) -> bool:
        """Whether only the other changed them."""
        return self.mine == self.before != self.theirs

    @property
    def shown(self) -> Sequence[str]:
        """What stands, and where that is not clear, mine; theirs where I took the paragraphs out that they changed."""
        return self.theirs if self.is_theirs or not (self.mine or self.is_settled) else self.mine


@dataclass(frozen=True)
class _Change:
    """These paragraphs took the place of those from `start` to before `end`."""

    start: int
    end: int
    made: tuple[str, ...]


def parted(text: str) -> tuple[str, ...]:
    """The paragraphs of a text."""
    return tuple(one for one in _BETWEEN.split(text) if one.strip())


def joined(paragraphs: Sequence[str]) -> str:
    """A text of these paragraphs."""
    return "\n\n".join(paragraphs)


def merge(before: str, mine: str, theirs: str) -> Sequence[Stretch]:
    """The text in stretches, in order; those that both changed are as short as can be."""
    base = parted(before)
    tagged = [(one, True) for one in _changes(base, parted(mine))]
    tagged += [(one, False) for one in _changes(base, parted(theirs))]
    found: list[Stretch] = []
    done = 0
    for group in _groups(tagged):
        start, end = group[0][0].start, max(one.end for one, _ in group)
        if done < start:
            found.append(Stretch(base[done:start], base[done:start], base[done:start]))
        own, other = ([one for one, is_mine in group if is_mine is wanted] for wanted in (True, False))
        found.append(Stretch(base[start:end], _made(base, start, end, own), _made(base, start, end, other)))
        done = end
    if done < len(base):
        found.append(Stretch(base[done:], base[done:], base[done:]))
    return found


def _changes(base: Sequence[str], text: Sequence[str]) -> list[_Change]:
    """What was made of the paragraphs; where as many stand in place of as many, each is a change of its own."""
    found: list[_Change] = []
    for kind, a, b, c, d in SequenceMatcher(None, base, text).get_opcodes():
        if kind == "equal":
            continue
        if b - a == d - c:
            found += [_Change(a + no, a + no + 1, (text[c + no],)) for no in range(b - a)]
        else:
            found.append(_Change(a, b, tuple(text[c:d])))
    return found


def _groups(tagged: Sequence[tuple[_Change, bool]]) -> Iterator[list[tuple[_Change, bool]]]:
    """Changes that overlap together; those that only touch stay apart."""
    group: list[tuple[_Change, bool]] = []
    end = 0
    for one in sorted(tagged, key=lambda each: (each[0].start, each[0].end)):
        change = one[0]
        # Two that put something in at the same place do not overlap, but either could come first.
        if group and (change.start < end or (change.start, change.end) == (group[0][0].start, end)):
            group.append(one)
            end = max(end, change.end)
            continue
        if group:
            yield group
        group, end = [one], change.end
    if group:
        yield group


def _made(base: Sequence[str], start: int, end: int, changes: Sequence[_Change]) -> tuple[str, ...]:
    """What one of the two made of the paragraphs from `start` to before `end`, by its changes of them in order."""
    found: list[str] = []
    done = start
    for one in changes:
        found += [*base[done : one.start], *one.made]
        done = one.end
    return (*found, *base[done:end])
