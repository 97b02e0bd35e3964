"""The times of the parts of a turn, kept right when its words change: pure."""

from collections.abc import Iterable, Sequence

from webapp.formats.transcripts.turns import Turn as Read
from webapp.queries.transcripts import blocks

# Where a part begins in the words, and when it begins and ends.
Part = list[int | None]


def parts_of(turn: Read) -> list[Part]:
    """The parts of a turn as a file gave them; none where no time is known."""
    found: list[Part] = []
    at = 0
    for piece in turn.pieces:
        if found:
            at += 2 if piece.paragraph else 1
        found.append([at, piece.start, piece.end])
        at += len(piece.words)
    return found if any(start is not None or end is not None for _, start, end in found) else []


def moved(parts: Sequence[Part], before: str, after: str) -> list[Part]:
    """The parts after the words were corrected, each where its first words now stand."""
    if not parts or before == after:
        return [list(one) for one in parts]
    stretches = list(blocks(before, after))
    found: list[Part] = []
    for place, start, end in parts:
        at = _moved(place or 0, stretches, len(after))
        if at >= len(after) > 0:
            continue
        if found and at <= (found[-1][0] or 0):
            # Two parts of which one lost all its words are one from then on.
            found[-1][2] = end
        else:
            found.append([at, start, end])
    if found:
        found[0][0] = 0
    return found


def _moved(place: int, stretches: Iterable[tuple[bool, int, int, int, int]], length: int) -> int:
    for same, a, b, c, _ in stretches:
        if place < b:
            return c + place - a if same else c
    return length


def parted(parts: Sequence[Part], at: int, begins: int) -> tuple[list[Part], list[Part]]:
    """The parts on both sides of a cut: the first words end at `at`, the others begin at `begins`.

    Where the cut goes through a part whose times are known, the moment is reckoned by how many letters are on
    either side.
    """
    left: list[Part] = []
    right: list[Part] = []
    for number, (place, start, end) in enumerate(parts):
        first = place or 0
        following = parts[number + 1][0] if number + 1 < len(parts) else None
        if first >= begins:
            right.append([first - begins, start, end])
        elif first < at:
            left.append([first, start, end])
            if following is None or following > begins:
                moment = _between(start, end, first, begins, following)
                left[-1][2] = moment
                right.append([0, moment, end])
    return left, right


def _between(start: int | None, end: int | None, first: int, cut: int, following: int | None) -> int | None:
    if start is None or end is None:
        return None
    whole = (following if following is not None else 2 * cut - first) - first
    return start + (end - start) * (cut - first) // whole if whole > 0 else start


def joined(parts: Sequence[Part], others: Sequence[Part], at: int) -> list[Part]:
    """The parts of two turns of which the second goes on at this place of the first."""
    return [*(list(one) for one in parts), *([at + (place or 0), start, end] for place, start, end in others)]
