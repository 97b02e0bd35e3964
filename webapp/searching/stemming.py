"""English words brought to the stem that their forms share: "families" and "family" to "famili".

After the English (Porter2) stemmer of the Snowball project by Martin Porter, written anew from its description
(snowballstem.org/algorithms/english/stemmer.html). Words come folded and without apostrophes, so its first step falls
away. What holds anything but the letters a to z stays as it is.
"""

import re
from functools import lru_cache

_VOWELS = "aeiouy"
_PLAIN = re.compile(r"[a-z]{3,}")
# The first consonant after a vowel, where the first region begins.
_REGION = re.compile(rf"[{_VOWELS}][^{_VOWELS}]")
_LONG_BEGINNINGS = ("gener", "commun", "arsen")
_SHORT_END = re.compile(rf"(?:[^{_VOWELS}][{_VOWELS}][^{_VOWELS}wxY]|^[{_VOWELS}][^{_VOWELS}])$")
_DOUBLES = ("bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt")

_AS_THEY_ARE = {
    "skis": "ski",
    "skies": "sky",
    "dying": "die",
    "lying": "lie",
    "tying": "tie",
    "idly": "idl",
    "gently": "gentl",
    "ugly": "ugli",
    "early": "earli",
    "only": "onli",
    "singly": "singl",
    "sky": "sky",
    "news": "news",
    "howe": "howe",
    "atlas": "atlas",
    "cosmos": "cosmos",
    "bias": "bias",
    "andes": "andes",
}
_ENOUGH = frozenset({"inning", "outing", "canning", "herring", "earring", "proceed", "exceed", "succeed"})

_SECOND = (
    ("ational", "ate"),
    ("fulness", "ful"),
    ("iveness", "ive"),
    ("ization", "ize"),
    ("ousness", "ous"),
    ("biliti", "ble"),
    ("lessli", "less"),
    ("tional", "tion"),
    ("alism", "al"),
    ("aliti", "al"),
    ("ation", "ate"),
    ("entli", "ent"),
    ("fulli", "ful"),
    ("iviti", "ive"),
    ("ousli", "ous"),
    ("abli", "able"),
    ("alli", "al"),
    ("anci", "ance"),
    ("ator", "ate"),
    ("enci", "ence"),
    ("izer", "ize"),
    ("bli", "ble"),
    ("ogi", "og"),
    ("li", ""),
)
_THIRD = (
    ("ational", "ate"),
    ("tional", "tion"),
    ("alize", "al"),
    ("ative", ""),
    ("icate", "ic"),
    ("iciti", "ic"),
    ("ical", "ic"),
    ("ness", ""),
    ("ful", ""),
)
# The longest first, as everywhere here.
_FOURTH = (
    *("ement",),
    *("able", "ance", "ence", "ible", "ment"),
    *("ant", "ate", "ent", "ion", "ism", "iti", "ive", "ize", "ous"),
    *("al", "er", "ic"),
)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of a folded word."""
    if not _PLAIN.fullmatch(word):
        return word
    if word in _AS_THEY_ARE:
        return _AS_THEY_ARE[word]
    word = _mark_consonants(word)
    first, second = _regions(word)
    word = _plural(word)
    if word in _ENOUGH:
        return word
    word = _past(word, first)
    word = _last_y(word)
    word = _suffix(word, first, second)
    word = _ending(word, first, second)
    return word.replace("Y", "y")


def _mark_consonants(word: str) -> str:
    """Every y that sounds as a consonant in capitals: at the beginning, and after a vowel."""
    if "y" not in word:
        return word
    found = "Y" + word[1:] if word[0] == "y" else word
    return re.sub(rf"([{_VOWELS}])y", r"\1Y", found)


def _regions(word: str) -> tuple[int, int]:
    """Where the two regions begin in which suffixes may be taken off."""
    first = next((len(one) for one in _LONG_BEGINNINGS if word.startswith(one)), None)
    if first is None:
        first = _after(word, 0)
    return first, _after(word, first)


def _after(word: str, start: int) -> int:
    found = _REGION.search(word, start)
    return found.end() if found else len(word)


def _has_vowel(part: str) -> bool:
    return any(letter in _VOWELS for letter in part)


def _plural(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith(("ied", "ies")):
        return word[:-2] if len(word) > 4 else word[:-1]
    if word.endswith("s") and not word.endswith(("us", "ss")) and _has_vowel(word[:-2]):
        return word[:-1]
    return word


def _past(word: str, first: int) -> str:
    for suffix in ("eedly", "eed"):
        if word.endswith(suffix):
            return word[: -len(suffix)] + "ee" if len(word) - len(suffix) >= first else word
    for suffix in ("ingly", "edly", "ing", "ed"):
        if not word.endswith(suffix):
            continue
        rest = word[: -len(suffix)]
        if not _has_vowel(rest):
            return word
        if rest.endswith(("at", "bl", "iz")):
            return rest + "e"
        if rest.endswith(_DOUBLES):
            return rest[:-1]
        return rest + "e" if len(rest) <= first and _SHORT_END.search(rest) else rest
    return word


def _last_y(word: str) -> str:
    if len(word) > 2 and word[-1] in "yY" and word[-2] not in _VOWELS:
        return word[:-1] + "i"
    return word


def _suffix(word: str, first: int, second: int) -> str:
    word = _exchanged(word, first, second, _SECOND)
    word = _exchanged(word, first, second, _THIRD)
    for suffix in _FOURTH:
        if word.endswith(suffix):
            rest = word[: -len(suffix)]
            if len(rest) < second or (suffix == "ion" and rest[-1:] not in ("s", "t")):
                return word
            return rest
    return word


def _exchanged(word: str, first: int, second: int, suffixes: tuple[tuple[str, str], ...]) -> str:
    """The word with the longest of these suffixes exchanged, if that one may be."""
    for suffix, instead in suffixes:
        if word.endswith(suffix):
            rest = word[: -len(suffix)]
            fits = {
                "ogi": rest.endswith("l"),
                "li": rest[-1:] in tuple("cdeghkmnrt"),
                "ative": len(rest) >= second,
            }.get(suffix, True)
            return rest + instead if fits and len(rest) >= first else word
    return word


def _ending(word: str, first: int, second: int) -> str:
    rest = word[:-1]
    if word.endswith("e"):
        gone = len(rest) >= second or (len(rest) >= first and not _SHORT_END.search(rest))
        return rest if gone else word
    if word.endswith("ll") and len(rest) >= second:
        return rest
    return word
