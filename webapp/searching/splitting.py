"""A text split into words, each with where it stands, what it is compared by, and its stem."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from webapp.folding import words
from webapp.searching.stemming import stem

# Letters and digits with the marks that stand above them; apostrophes join. Hyphens part, as in the organisers' lists.
_WORD = re.compile(
    r"[^\W_][^\W_\u0300-\u036f\u200c\u200d]*(?:[\u0300-\u036f\u200c\u200d]+[^\W_]*)*"
    r"(?:['’][^\W_][^\W_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W_]*)*)*"
)
# Letters that Unicode does not take apart, and that people without such keys type plainly.
_PLAINLY = str.maketrans(
    {"ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "ħ": "h", "Ħ": "h", "ı": "i"}
    | {"æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "þ": "th", "Þ": "th", "ŧ": "t", "Ŧ": "t"}
)
_FRESH: dict[str, tuple[tuple[str, str], ...]] = {}
_MOST_KEPT = 100_000
# Words too common to look for by themselves. They are indexed, since phrases hold them.
_COMMON = """
a about after all also am an and any are as at be because been but by can could did do does for from had has have he her
here him his how i if in into is it its just me more most my no not of on only or other our out over s she so some such
t than that the their them then there these they this those through to too under up us very was we were what when where
which while who why will with would you your
"""
STOP_WORDS = frozenset(_COMMON.split())


class Word(NamedTuple):
    """A word of a text: from where to where it stands, folded, and its stem."""

    start: int
    end: int
    folded: str
    stem: str


def split(text: str) -> list[Word]:
    """The words of a text in their order, as often as they stand there. One sign may be several words, as ½ is."""
    found = []
    for match in _WORD.finditer(text):
        found += [Word(match.start(), match.end(), *one) for one in _known(match.group())]
    return found


def stems(text: str) -> list[str]:
    """The stems of a text in their order."""
    return [its for written in _WORD.findall(text) for _, its in _known(written)]


def distinct(texts: Iterable[str]) -> set[str]:
    """The words of some texts, folded, each once."""
    written = {one for text in texts for one in _WORD.findall(text)}
    return {word for one in written for word, _ in _known(one)}


def _known(written: str) -> tuple[tuple[str, str], ...]:
    """What a written word is compared by, and the stem of it; looked up, for a text says most of its words again."""
    known = _FRESH.get(written)
    if known is None:
        if len(_FRESH) >= _MOST_KEPT:
            _FRESH.clear()
        known = _FRESH[written] = tuple((word, stem(word)) for word in words(written.translate(_PLAINLY)))
    return known
