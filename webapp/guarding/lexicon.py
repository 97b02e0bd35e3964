"""The words that are known: given names, ordinary words, places and organisations, and what words are used for."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "words"
_ENDINGS = (
    "s",
    "es",
    "ed",
    "d",
    "ing",
    "ly",
    "er",
    "ers",
    "r",
    "rs",
    "ness",
    "ment",
    "ful",
    "less",
    "n",
    "al",
    "y",
    "ty",
)
_STARTS = ("un", "re", "non", "multi", "inter", "co", "pre", "mis", "over", "under", "sub", "out", "self", "grand")
# A long word that ends so is no name.
_ABSTRACT = (
    *("tion", "tions", "sion", "sions", "ment", "ments", "ness", "ance", "ances", "ence", "ences", "ship", "ships"),
    *("ising", "ised", "ating", "ated", "ation", "able", "ible", "ology", "ities", "ility", "ively", "fully", "ional"),
    *("ary", "ously", "ingly", "ious", "ical", "ically", "hood", "ative", "based", "izing", "ized", "iness"),
)


@cache
def words(name: str) -> frozenset[str]:
    """The words of one list, in lower case."""
    lines = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def uses() -> Iterator[tuple[str, list[str]]]:
    """Letters and the words that they are given to."""
    for line in (_FOLDER / "uses.txt").read_text(encoding="utf-8").splitlines():
        letter, colon, said = line.partition(": ")
        if colon and len(letter) == 1:
            yield letter, said.split()


def is_given(word: str) -> bool:
    """Whether a word in lower case is a given name that is known."""
    return word in words("given")


def is_ordinary(word: str) -> bool:
    """Whether a word in lower case is an ordinary one, or one of its forms."""
    known = words("ordinary")
    if word in known or (len(word) > 7 and word.endswith(_ABSTRACT)):
        return True
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 2:
            stem = word[: -len(ending)]
            if stem in known or f"{stem}e" in known or (stem[-1] == stem[-2] and stem[:-1] in known):
                return True
            if stem[-1] == "i" and f"{stem[:-1]}y" in known:
                return True
    return any(word.startswith(start) and word[len(start) :] in known for start in _STARTS)
