"""Where a stretch of a text stands after the text was corrected: pure, by what both texts have alike."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

_TOKENS = re.compile(r"\w+|\s+|[^\w\s]")
# Comparing takes the square of their number; a longer stretch between what is alike at both ends counts as replaced.
MOST_TOKENS = 1_500
# How alike what stands there now has to be to what was there, to be the same passage corrected.
ALIKE = 0.5
_LONG = 2_000


def carried(before: str, after: str, start: int, end: int) -> tuple[int, int] | None:
    """Where in `after` the stretch from `start` to `end` of `before` stands; None when it is not there any more."""
    start, end = max(0, start), min(end, len(before))
    if start >= end:
        return None
    if before == after:
        return start, end
    first = last = None
    for kept, a, b, c, d in blocks(before, after):
        if b <= start or a >= end:
            continue
        if first is None:
            first = c + (max(start, a) - a if kept else 0)
        last = c + (min(end, b) - a) if kept else d
    if first is None or last is None or not _is_same(before[start:end], after[first:last]):
        return None
    return first, last


def blocks(before: str, after: str) -> Iterator[tuple[bool, int, int, int, int]]:
    """The stretches of both texts in order: whether they are the same, and where each begins and ends in both."""
    shorter = min(len(before), len(after))
    head = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    head -= _cut_word(before, after, head)
    tail = next((at for at in range(shorter - head) if before[-1 - at] != after[-1 - at]), shorter - head)
    tail -= _cut_word(before[::-1], after[::-1], tail)
    if head:
        yield True, 0, head, 0, head
    yield from _middle(before[head : len(before) - tail], after[head : len(after) - tail], head)
    if tail:
        yield True, len(before) - tail, len(before), len(after) - tail, len(after)


def _cut_word(one: str, other: str, at: int) -> int:
    """How many letters of a word stand before this place that goes on differently in the two texts."""
    if not any(text[at : at + 1].isalnum() for text in (one, other)):
        return 0
    return next((number for number in range(at) if not one[at - 1 - number].isalnum()), at)


def _middle(before: str, after: str, at: int) -> Iterator[tuple[bool, int, int, int, int]]:
    if not before and not after:
        return
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    if max(len(old), len(new)) > MOST_TOKENS:
        yield False, at, at + len(before), at, at + len(after)
        return
    olds, news = _places(old, at), _places(new, at)
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield kind == "equal", olds[a], olds[b], news[c], news[d]


def _places(tokens: list[str], at: int) -> list[int]:
    found = [at]
    for token in tokens:
        found.append(found[-1] + len(token))
    return found


def _is_same(old: str, new: str) -> bool:
    if old == new:
        return True
    if not new.strip():
        return False
    if max(len(old), len(new)) > _LONG:
        kept = sum(b - a for same, a, b, _, _ in blocks(old, new) if same)
        return 2 * kept >= ALIKE * (len(old) + len(new))
    return SequenceMatcher(None, old, new, autojunk=False).ratio() >= ALIKE
