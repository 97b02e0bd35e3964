"""A text as a row of words, each with one letter that says what it may be, so that rules read like what they find.

`G` a given name, `g` one in small letters, `A` one that is an ordinary word too · `U` an unknown word with a capital,
`u` one without · `C` an ordinary word with a capital · `P` a place or an organisation · `R` an acronym · `I` initials,
`J` three of them · `T` a title · `K` one of a family, younger · `M` one of a family, older · `k` several · `f` the
family · `H` his, her, their · `h` my, the, a · `l` little · `c` called · `b` is, was, turned · `q` just, nearly ·
`W` who · `a` aged · `d` an age · `D` another number · `y` years · `o` old · `e` 7yo · `O` 7th · `B` birthday ·
`Q` Year 4 · `w` name · `s` the 's of possession · `n` and · `z` male, female · `F` of · `V` in, at, from ·
`S` a school, a social worker · `x` anything else; marks stand for themselves
"""

import re
from dataclasses import dataclass

from webapp.guarding import lexicon

_TOKEN = re.compile(
    r"(?P<many>(?i:young (?:person|people|man|woman|lad|girl|boy|child|one)|foster (?:child|son|daughter"
    r"|carers?|mum|dad|mother|father|brother|sister|placement)"
    r"|step ?-?(?:son|daughter|mum|dad|mother|father|brother|sister|child)|half ?-?(?:brother|sister)"
    r"|little (?:one|girl|boy|brother|sister)|(?:big|older|younger|elder|baby) (?:brother|sister)"
    r"|social worker|key ?worker|family support worker|kinship carer|great[- ]?(?:grandmother|grandfather"
    r"|aunt|uncle|nan|gran)|y/o|y\.o\.?|year-old|years-old|yr-old"
    r"|(?:is|are|was|were)n't|year (?:one|two|three|four|five|six|[1-9]|1[0-3])(?!\w|[.,]\d)|yr ?(?:[1-9]"
    r"|1[0-3])(?= |\)|,|\.|$)(?! ?-?(?:old|o\b))))(?!\w)"
    r"|(?P<initials>(?:[A-Z]\.){1,4}|[A-Z](?: [A-Z]){1,2}(?![\w']))"
    r"|(?P<s>(?<=\w)'s?(?!\w)|(?<=s)'(?=\ ))"
    r"|(?P<word>[^\W\d_]{1,40}(?:'(?!s(?!\w))[^\W\d_]{1,40})*)"
    r"|(?P<ordinal>\d{1,3} ?(?:st|nd|rd|th)(?!\w))"
    r"|(?P<number>\d+(?:[.,:/]\d+)*)"
    r"|(?P<mark>[^\w\s'\"]|\n|_)"
)
_TAGS = {word: tag for tag, words in lexicon.uses() for word in words}


@dataclass(frozen=True, slots=True)
class Word:
    """A word where it stands, in small letters."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Row:
    """The words of a text, and the letters that say what they may be."""

    words: list[Word]
    tags: str


def tagged(text: str) -> Row:
    """The words of a text with their letters."""
    words: list[Word] = []
    tags: list[str] = []
    first = True
    for found in _TOKEN.finditer(text):
        group = found.lastgroup or ""
        whole = found.group()
        lower = whole.lower()
        tag = _tag(group, whole, lower, first=first, after=text[found.end() : found.end() + 2])
        words.append(Word(lower, found.start(), found.end()))
        tags.append(tag)
        first = tag in ".\n:;"
    return Row(words, "".join(tags))


def _tag(group: str, whole: str, lower: str, *, first: bool, after: str) -> str:
    match group:
        case "many":
            return _many(lower)
        case "initials":
            return "x" if whole == "I" or lower.replace(".", "") in lexicon.words("acronyms") | {"eg", "ie"} else "I"
        case "s":
            return "s"
        case "ordinal":
            return "O"
        case "number":
            return "d" if _is_age(whole) else "D"
        case "mark":
            return "." if whole in ".!?" else whole if whole in ",():;-/\n&|" else "x" if whole not in "—[]" else "("
    return _word(whole, lower, first=first, after=after)


def _is_age(number: str) -> bool:
    whole = number.partition(".")[0]
    return whole.isdigit() and len(whole) < 3 and int(whole) < 26 and (whole[0] != "0" or whole == "0")


def _many(lower: str) -> str:
    if lower.startswith(("y/o", "y.o")):
        return "e"
    if lower.endswith("-old"):
        return "e"
    if lower.startswith(("year ", "yr")):
        return "Q"
    if lower.endswith("n't"):
        return "b"
    if lower.endswith("people"):
        return "k"
    if "worker" in lower or lower.endswith("placement"):
        return "S"
    older = ("mum", "dad", "mother", "father", "carer", "carers", "aunt", "uncle", "nan", "gran")
    return "M" if lower.endswith(older) else "K"


def _word(whole: str, lower: str, *, first: bool, after: str) -> str:
    # Where writing has no capitals, any word may be a name.
    capital = whole[0].isupper() or (not whole[0].islower() and not whole.isascii())
    if whole == "A" and not first and after[:1] in set(".,("):
        return "I"
    if lower in _TAGS and (len(lower) > 1 or lower == "a") and not (capital and lower in {"will", "miles"}):
        return _TAGS[lower]
    if len(whole) == 1:
        return _letter(whole, capital=capital)
    if whole.isupper() and whole.isascii() and len(whole) < 7 and not lexicon.is_given(lower):
        return "R" if len(whole) > 3 or _is_known(lower) else "IJ"[len(whole) - 2]
    if lower in lexicon.words("acronyms"):
        return "R" if whole.isupper() else "x"
    return _plain_word(whole, lower, capital=capital)


def _letter(whole: str, *, capital: bool) -> str:
    if whole in "mfyo":
        return {"m": "z", "f": "z", "y": "y", "o": "o"}[whole]
    if not whole.isascii():
        return "U"
    return "I" if capital and whole != "I" else "x"


def _plain_word(whole: str, lower: str, *, capital: bool) -> str:
    if lower in lexicon.words("places"):
        return "P" if capital else "x"
    if lower in lexicon.words("both"):
        return "A" if capital else "x"
    if lexicon.is_given(lower):
        return "G" if capital else "x" if lexicon.is_ordinary(lower) or len(lower) < 3 else "g"
    if lexicon.is_ordinary(lower) or _is_brand(whole, lower):
        return "C" if capital else "x"
    return "U" if capital else "u"


def _is_known(lower: str) -> bool:
    return lower in lexicon.words("acronyms") or lexicon.is_ordinary(lower)


def _is_brand(whole: str, lower: str) -> bool:
    """SafeLives, eBay: capitals within, but for McBride and O'Neill."""
    within = whole[1:] != whole[1:].lower() and not whole.isupper() and whole.isascii()
    return within and not lower.startswith(("mc", "mac", "o'", "d'", "de"))
