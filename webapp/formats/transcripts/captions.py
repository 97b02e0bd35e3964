"""Cuts turns into captions that can be read while they are shown, at the times that their words have.

Two lines of 37 characters are what subtitles in Britain keep to. The words of a piece are spread over its time by their
length, so that each piece begins exactly when it was said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from webapp.formats.transcripts.turns import Piece, Turn

WIDTH, HEIGHT = 37, 2
# About fifteen characters a second are spoken; where no end is known the words are shown no longer than three times so.
_CHARACTER, _SHORTEST, _MOST_STRETCH = 65, 1_500, 3


class Caption(NamedTuple):
    """What is shown at once: times in milliseconds, who speaks, lines; whether the turn begins with it."""

    start: int
    end: int
    label: str | None
    lines: tuple[str, ...]
    opens: bool


@dataclass(frozen=True)
class Captions:
    """The captions of a transcript, and the turns that have no words with times and so are in none of them."""

    shown: list[Caption]
    untimed: list[Turn]


class _Span(NamedTuple):
    label: str | None
    words: str
    start: int
    end: int | None
    opens: bool


def captions(turns: Sequence[Turn], *, named: bool = False) -> Captions:
    """Give captions of at most two lines of 37 characters; with `named` each turn opens with its label in the text.

    Words without a time of their own follow those before them in their turn. Turns without any time are given apart.
    """
    spans: list[_Span] = []
    untimed: list[Turn] = []
    for turn in turns:
        if turn.start is None:
            untimed.append(turn)
        else:
            spans.extend(_spans(turn, named=named))
    shown: list[Caption] = []
    for place, span in enumerate(spans):
        following = spans[place + 1].start if place + 1 < len(spans) else None
        shown.extend(_spread(span, _end(span, following)))
    return Captions(shown, untimed)


def wrapped(words: str, width: int = WIDTH) -> list[str]:
    """Give words in lines of at most so many characters; longer words are cut."""
    lines: list[str] = []
    line = ""
    for whole in words.split():
        rest = whole
        while rest:
            fits = f"{line} {rest}" if line else rest
            if len(fits) <= width:
                line, rest = fits, ""
            elif line:
                lines.append(line)
                line = ""
            else:
                lines.append(rest[:width])
                rest = rest[width:]
    return [*lines, line] if line else lines


def _spans(turn: Turn, *, named: bool) -> Iterator[_Span]:
    """Give the words of a turn by the times at which they begin."""
    held: list[Piece] = []
    opens = True
    for piece in (*turn.pieces, None):
        if held and (piece is None or piece.start is not None):
            words = " ".join(one.words for one in held)
            if opens and named:
                words = f"{turn.label}: {words}" if turn.label is not None else f">> {words}"
            yield _Span(turn.label, words, held[0].start or 0, held[-1].end, opens)
            held, opens = [], False
        if piece is not None:
            held.append(piece)


def _end(span: _Span, following: int | None) -> int:
    if span.end is not None and span.end > span.start:
        return span.end
    usual = max(_SHORTEST, _CHARACTER * len(span.words))
    if following is not None and following > span.start:
        return min(following, span.start + _MOST_STRETCH * usual)
    return span.start + usual


def _spread(span: _Span, end: int) -> Iterator[Caption]:
    lines = wrapped(span.words)
    blocks = [tuple(lines[place : place + HEIGHT]) for place in range(0, len(lines), HEIGHT)]
    total = sum(map(len, lines))
    start, done = span.start, 0
    for place, block in enumerate(blocks):
        done += sum(map(len, block))
        # A caption that lasts no time at all is shown by no player.
        until = max(start + 1, span.start + (end - span.start) * done // total)
        yield Caption(start, until, span.label, block, span.opens and place == 0)
        start = until
