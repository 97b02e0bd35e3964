"""The piece of a text that shows why it was found, with what was looked for marked in it."""

from collections.abc import Collection, Sequence

from webapp.searching.asking import Phrase
from webapp.searching.splitting import Word, split

# As pieces: the words, and whether they are marked. Who shows them escapes them.
Pieces = list[tuple[str, bool]]
LENGTH = 280
_BEFORE = 60


def marked(text: str, phrases: Collection[Phrase]) -> Pieces:
    """The whole text in pieces, those marked that were looked for."""
    return _cut(text, _found(split(text), phrases), 0, len(text))


def excerpt(text: str, phrases: Collection[Phrase], *, length: int = LENGTH) -> Pieces:
    """The part of a text in which most of what was looked for stands, about 280 characters, in pieces.

    The beginning, if nothing of it stands there.
    """
    words = split(text)
    spans = _found(words, phrases)
    if len(text) <= length:
        return _cut(text, spans, 0, len(text))
    start, end = _window(spans, length)
    if start > 0:
        start = next((word.start for word in words if word.start >= start - _BEFORE), start)
    end = min(len(text), start + length)
    if end < len(text):
        end = max((word.end for word in words if start < word.end <= end), default=end)
    pieces = _cut(text, spans, start, end)
    return [*([("… ", False)] if start else []), *pieces, *([(" …", False)] if end < len(text) else [])]


def _found(words: Sequence[Word], phrases: Collection[Phrase]) -> list[tuple[int, int, Phrase]]:
    """Where phrases stand, the longest first where several begin."""
    by_first: dict[str, list[Phrase]] = {}
    for phrase in sorted(phrases, key=lambda one: (-len(one), one)):
        by_first.setdefault(phrase[0], []).append(phrase)
    found: list[tuple[int, int, Phrase]] = []
    place = 0
    while place < len(words):
        for phrase in by_first.get(words[place].stem, ()):
            some = words[place : place + len(phrase)]
            if tuple(word.stem for word in some) == phrase:
                found.append((some[0].start, some[-1].end, phrase))
                place += len(phrase) - 1
                break
        place += 1
    return found


def _window(spans: Sequence[tuple[int, int, Phrase]], length: int) -> tuple[int, int]:
    """The stretch in which most different phrases stand, then most in all; the first of equals."""
    best, chosen = (0, 0), (0, length)
    for number, (start, _, _) in enumerate(spans):
        within = []
        for one in spans[number:]:
            if one[1] > start + length - _BEFORE:
                break
            within.append(one[2])
        if (len(set(within)), len(within)) > best:
            best, chosen = (len(set(within)), len(within)), (start, start + length)
    return (0, length) if chosen[0] < _BEFORE else chosen


def _cut(text: str, spans: Sequence[tuple[int, int, Phrase]], start: int, end: int) -> Pieces:
    pieces: Pieces = []
    last = start
    for begins, ends, _ in spans:
        if begins < last or ends > end:
            continue
        pieces += [(text[last:begins], False), (text[begins:ends], True)]
        last = ends
    pieces.append((text[last:end], False))
    return [piece for piece in pieces if piece[0]]
