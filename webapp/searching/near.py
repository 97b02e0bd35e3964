"""Words that may be meant by one typed wrongly."""

from collections.abc import Iterable
from itertools import takewhile

# So few letters wrong in a word of so many; in shorter words every other word would be near.
_SHORTEST, _LONG = 4, 6
MOST_WRONG = 2


def most_wrong(word: str) -> int:
    """How many letters may be wrong in a word typed: none in the shortest, one up to five letters, then two."""
    if len(word) < _SHORTEST:
        return 0
    return 1 if len(word) < _LONG else MOST_WRONG


def nearest(word: str, known: Iterable[str], *, limit: int) -> list[str]:
    """The known words with the same first letter and at most two letters wrong, the nearest first."""
    most = most_wrong(word)
    found = []
    for other in set(known):
        if other != word and other[:1] == word[:1] and abs(len(other) - len(word)) <= most:
            wrong = distance(word, other, most)
            if wrong <= most:
                found.append((wrong, -_shared(word, other), other))
    return [other for _, _, other in sorted(found)[:limit]]


def _shared(one: str, other: str) -> int:
    """With how many letters both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def distance(one: str, other: str, most: int) -> int:
    """How many letters are missing, too many, others or exchanged with their neighbour; beyond `most`, more than that.

    After the "optimal string alignment" distance: no part is changed twice.
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        this = [row]
        for column, its in enumerate(other, start=1):
            cost = min(last[column] + 1, this[column - 1] + 1, last[column - 1] + (letter != its))
            swapped = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == its
            this.append(min(cost, before[column - 2] + 1) if swapped else cost)
        if min(this) > most:
            return most + 1
        before, last = last, this
    return last[-1]
