"""What both databases index of a passage: one line of words, made here, which they split at the spaces and no more.

First come the stems of title and text, with a gap between for no phrase goes across, then the stems of the title once
more with a mark, so that what stands in titles is found without looking at the texts, then the tags.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from webapp.searching.splitting import STOP_WORDS, distinct, split, stems

# No word that is split off a text holds this sign, so nobody can type what is marked by it.
MARK = "·"
GAP = MARK
IN_TITLE = f"{MARK}w"
# PostgreSQL knows no more than 256 places of a word, and none beyond the 16,383rd.
MOST_PLACES = 200
MOST_WORDS = 2000
MOST_PARTS = 64
SHORTEST = 3
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\s]*\)")
_HEADING = re.compile(r"^[ \t]*#{1,6}[ \t]+\S.*$", re.MULTILINE)
_ENDS = ".!?:;…,–—-"
_CLOSING = "”’\"')]*_"
_SIGNS = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+)|\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)|`", re.MULTILINE
)
_ID_BITS, _PART_BITS, _KIND_BITS = 31, 6, 4
_REST = 1 << (_KIND_BITS + _ID_BITS + _PART_BITS)
# Of what is found in great numbers within one thing: the bits of an id are shared out between the two.
_WITHIN_BITS, _WITHIN_PART_BITS = 16, 5
_GROUPS = 1 << (_ID_BITS + _PART_BITS - _WITHIN_BITS - _WITHIN_PART_BITS)
MOST_WITHIN = (1 << _WITHIN_BITS) - 1
GROUP_SHIFT = _WITHIN_BITS + _WITHIN_PART_BITS
KIND_SHIFT = _ID_BITS + _PART_BITS


def stream(title: str, text: str, also: str = "", *, titled: bool = True, tags: Iterable[str] = ()) -> str:
    """The line to index; `also` is found and not shown, and `titled` says whether what the title says weighs more."""
    of_title = stems(title) if titled else []
    words = [*of_title, GAP, *stems(text), GAP, *stems(also)]
    if len(words) > MOST_PLACES:
        counted: Counter[str] = Counter()
        for place, word in enumerate(words):
            counted[word] += 1
            if counted[word] > MOST_PLACES:
                words[place] = GAP
    return " ".join([*words, GAP, *(f"{IN_TITLE}{word}" for word in of_title), GAP, *tags])


def parts(text: str) -> list[str]:
    """The text in parts of at most 2,000 words, as long as the index takes them; one part if it is short."""
    if len(text) <= MOST_WORDS:
        return [text]
    cuts = [0, *(word.start for number, word in enumerate(split(text)) if number and number % MOST_WORDS == 0)]
    return [text[start:end].strip() for start, end in pairwise([*cuts, len(text)])][:MOST_PARTS]


def plain(markdown: str) -> str:
    """A text in Markdown without the signs that would be in the way of who reads it; links keep their words."""
    return _SIGNS.sub("", _HEADING.sub(_sentence, _LINK.sub(r"\1", markdown)))


def ended(text: str) -> str:
    """The same with a full stop, if it ends without a sign: so it is not read together with what is shown behind it."""
    bare = text.rstrip().rstrip(_CLOSING)
    return text if not bare or bare.endswith(tuple(_ENDS)) else f"{text.rstrip()}."


def _sentence(heading: re.Match[str]) -> str:
    text, _, closing = heading[0].rstrip().rpartition(" ")
    return ended(heading[0] if closing.strip("#") else text)


def joined(*texts: str) -> str:
    """Texts that are to be read one after the other, each on a line of its own and ended before the next."""
    given = [text for text in texts if text]
    return "\n".join([*map(ended, given[:-1]), *given[-1:]])


def vocabulary(*texts: str) -> set[str]:
    """The words of these texts that may be meant by a word typed wrongly."""
    return {word for word in distinct(texts) if len(word) >= SHORTEST and word.isalpha() and word not in STOP_WORDS}


def place_of(day: date | None, kind: int, thing_id: int, part: int) -> int:
    """The number by which passages lie in the order of results, highest first: the newest, then by kind and id.

    It follows from the thing alone, so that an index made anew gives the same order on every database.
    """
    rest = (kind << (_ID_BITS + _PART_BITS)) | (thing_id << _PART_BITS) | part
    if not 0 <= rest < _REST or thing_id >> _ID_BITS or part >> _PART_BITS:
        raise ValueError(f"no place for {kind}, {thing_id}, {part}")
    return (day.toordinal() if day else 0) * _REST + (_REST - 1 - rest)


def place_within(day: date | None, kind: int, group: int, number: int, part: int) -> int:
    """The same of the thing with this number, up to 65,535, within another with the id `group`: all its places adjoin.

    Groups whose ids are 65,536 apart share places, which does no harm unless they are of one day.
    """
    if number > MOST_WITHIN or part >> _WITHIN_PART_BITS:
        raise ValueError(f"no place for {kind}, {group}, {number}, {part}")
    spread = ((group % _GROUPS) << GROUP_SHIFT) | (number << _WITHIN_PART_BITS) | part
    return place_of(day, kind, spread >> _PART_BITS, spread & ((1 << _PART_BITS) - 1))


def places_within(day: date | None, kind: int, group: int) -> tuple[int, int]:
    """The lowest place of what lies within a thing, and the first beyond them."""
    lowest = place_within(day, kind, group, MOST_WITHIN, (1 << _WITHIN_PART_BITS) - 1)
    return lowest, lowest + (1 << GROUP_SHIFT)


def kind_sign(kind: int) -> int:
    """What the four bits of a place from KIND_SHIFT on say for a kind."""
    return (1 << _KIND_BITS) - 1 - kind


def places_between(since: date | None, until: date | None) -> tuple[int | None, int | None]:
    """The lowest place that belongs to these days, and the first beyond them; None where there is no end."""
    lowest = since.toordinal() * _REST if since else None
    return lowest, (until.toordinal() + 1) * _REST if until else None
