"""Compares titles and tells lines that are made like one, like a name, or like a sentence."""

import re
import unicodedata
from functools import lru_cache

from webapp.formats.journals.values import Kind
from webapp.formats.transcripts.names import is_name


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile(r"[*_`\\]")
_SPACES = re.compile(r"\s+")
_LINK = re.compile(r"\[([^\[\]\n]{1,500})\]\(([^()\s]{0,500})\)")
_LONGEST_TITLE, _MOST_WORDS, _MOST_LINES = 180, 26, 4
_LONGEST_NAME = 60
_PAIRS = frozenset({("“", "”"), ("‘", "’"), ('"', '"'), ("'", "'"), ("«", "»"), ("»", "«"), ("„", "“"), ("„", "”")})
OPENING, CLOSING = "“‘\"'«„", "”’\"'»“"
# Words that stand in the names of places and bodies, and hardly in those of people.
_BODIES = _words(
    "agency alliance association authority authorities board borough care centre charity children's children childrens "
    "college commission committee community communities council councils county department director edition education "
    "england families family foundation government group health help house hub innovation institute issue journal "
    "leadership learning magazine ministry network newsletter office partnership practice programme project protecting "
    "research school service services social society strengthening support team teams trust union university unit "
    "valued voices volume young youth new our your what's working"
)
_KINDS: dict[Kind, tuple[str, ...]] = {
    Kind.FOREWORD: ("foreword", "preface"),
    Kind.WELCOME: ("welcome", "editorial", "editor s note", "from the editor", "from the editors"),
    Kind.KEY_MESSAGES: ("key messages", "key learning", "key points", "key findings", "at a glance", "key lessons"),
    Kind.FAREWELL: ("farewell", "goodbye", "afterword", "closing words", "a farewell", "last word"),
}
ACKNOWLEDGEMENTS = frozenset(
    ["acknowledgements", "acknowledgments", "acknowledgement", "thanks", "with thanks", "credits", "our thanks"]
)
CONTENTS = frozenset(
    [
        *("contents", "table of contents", "list of contents", "contents page", "inside", "inside this issue"),
        *("in this issue", "in this edition", "in this journal", "what s inside", "what s in this issue"),
    ]
)


@lru_cache(maxsize=4096)
def key(text: str) -> tuple[str, ...]:
    """Give a title as it is compared: its words without case, accents, dashes and signs; “&” is “and”."""
    text = _MARKS.sub("", _LINK.sub(r"\1", text)).replace("&", " and ")
    if text.isascii():
        return tuple(_WORD.findall(text.lower()))
    folded = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return tuple(_WORD.findall(bare))


def phrase(text: str) -> str:
    """Give the key of a text as one string, its words parted by blanks."""
    return " ".join(key(text))


def plain(text: str) -> str:
    """Give a title or a name without signs of Markdown, in one line."""
    return _SPACES.sub(" ", _MARKS.sub("", _LINK.sub(r"\1", text))).strip()


def kind_of(title: str) -> Kind:
    """Give what an article is, by its title."""
    said = phrase(title)
    for kind, words in _KINDS.items():
        if any(said == word or said.startswith(f"{word} ") for word in words):
            return kind
    if said.endswith(" farewell") or said.startswith("saying goodbye"):
        return Kind.FAREWELL
    return Kind.ARTICLE


def is_capitals(text: str) -> bool:
    """Whether all letters are capitals, and enough of them that it is no short form."""
    letters = [sign for sign in text if sign.isalpha()]
    return len(letters) > 3 and all(not sign.islower() for sign in letters)


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does, perhaps within quotation marks or before a footnote's number."""
    return text.rstrip(" *_)]¹²³⁴⁵⁶⁷⁸⁹⁰" + CLOSING)[-1:] in {".", "!", "?", "…", ":", ";"} or not text.strip()


def is_quoted(text: str) -> bool:
    """Whether a text stands in quotation marks from its beginning to its end."""
    bare = text.strip(" *_").rstrip(".")
    return len(bare) > 2 and bare[0] in OPENING and bare[-1] in CLOSING


def without_marks(text: str) -> str:
    """Give words that stand in quotation marks without them: “We came.” is We came."""
    bare = text.strip(" *_")
    stop = "." if bare.endswith(".") and bare[-2:-1] in CLOSING else ""
    inner = bare.removesuffix(stop)
    if len(inner) < 3 or (inner[0], inner[-1]) not in _PAIRS:
        return text
    words = inner[1:-1]
    # “We came,” she said, “and stayed” stands in two pairs.
    if inner[0] in words or (inner[-1] in words and inner[-1] not in "’'"):
        return text
    return words if words[-1:] in {".", "!", "?", "…"} else words + stop


def is_title(text: str, lines: int = 1) -> bool:
    """Whether a text may be a title by its form: short, no sentence, and with a capital or a number first."""
    text = text.strip().lstrip("*_" + OPENING)
    if not text or len(text) > _LONGEST_TITLE or lines > _MOST_LINES or len(text.split()) > _MOST_WORDS:
        return False
    if not (text[0].isupper() or text[0].isdecimal() or (text[0].isalpha() and not text[0].islower())):
        return False
    last = text.rstrip("*_ ")[-1:]
    if last == ".":
        return is_capitals(text) or (len(text.split()) <= 6 and text.count(".") == 1)
    return last not in {",", ";", ":"} or (last == ":" and is_capitals(text))


def is_person(text: str) -> bool:
    """Whether a text is made like the name of a person: two to five words, and none that belongs to a body."""
    text = text.strip()
    words = text.split()
    if not 2 <= len(words) <= 5 or len(text) > _LONGEST_NAME or any(sign.isdecimal() for sign in text):
        return False
    if any(word.casefold().strip(".,’'") in _BODIES for word in words):
        return False
    return is_name(text.title() if is_capitals(text) else text) and "," not in text


def as_name(text: str) -> str:
    """Give a name as it is written within a sentence: “ANN O'LEE” is Ann O'Lee."""
    text = plain(text).strip(" .,:;")
    if not is_capitals(text):
        return text
    return re.sub(r"[^\W\d_]+", lambda word: word[0] if len(word[0]) < 2 else word[0].capitalize(), text)
