"""What people type, made clean before it is kept: nothing in it is hidden, turns the text around or piles up."""

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Controls, halves of characters, what turns the direction of text around, and what shows as nothing at all.
_UNSEEN = (
    "\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
# Three flags are written with tag characters, and no other text that anybody reads.
_FLAG = "\U0001f3f4(?:{})\U000e007f".format(
    "|".join("".join(chr(0xE0000 + ord(sign)) for sign in place) for place in ("gbeng", "gbsct", "gbwls"))
)
_FLAG_OR_UNSEEN = re.compile(f"({_FLAG})|[{_UNSEEN}]")
_JOINERS = re.compile("[\u200c\u200d]+")
_VARIANTS = re.compile("([\ufe00-\ufe0f])[\ufe00-\ufe0f]+")
# The scripts whose letters take another form beside a joiner: Arabic and its kin, N'Ko, those of India and around it.
_JOINING = re.compile(
    "[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1700-\u1aff\u1b00-\u1bff\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc"
    "\U00010a00-\U00011fff\U0001e900-\U0001e95f]"
)
_PICTOGRAPH = re.compile("[\xa9\xae\u203c-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]")
_DRESSING = re.compile("[\ufe0f\u20e3\U0001f3fb-\U0001f3ff]")
_TOO_EMPTY = re.compile(r"\n{5,}")
MOST_MARKS = 4


def clean(text: str) -> str:
    """A post as it is kept: composed (NFC), lines ended by LF, nothing hidden, at most 3 empty lines in a row."""
    text = visible(_LINE_ENDS.sub("\n", text))
    if not text.isascii():
        text = _VARIANTS.sub(r"\1", text)
        # Piles are cut once before, since a long one takes long to be put in order, and once after, since some signs
        # are taken apart.
        text = _piles_cut(unicodedata.normalize("NFC", _piles_cut(text)))
        text = unicodedata.normalize("NFC", _JOINERS.sub(_needed, text))
    lines = (line.rstrip() for line in text.expandtabs(4).split("\n"))
    return _TOO_EMPTY.sub("\n" * 4, "\n".join(lines)).strip("\n")


def visible(text: str) -> str:
    """The text without what is hidden in it or turns it around; joiners stay."""
    return _FLAG_OR_UNSEEN.sub(lambda found: found[1] or "", text)


def _needed(joiners: re.Match[str]) -> str:
    """The first of some joiners where a script or a pictograph needs one, else nothing."""
    text, start, end = joiners.string, joiners.start(), joiners.end()
    before, after = text[start - 1 : start], text[end : end + 1]
    first = joiners[0][0]
    if _JOINING.match(before) or (first == "\u200d" and _JOINING.match(after)):
        return first
    between_pictures = (_PICTOGRAPH.match(before) or _DRESSING.match(before)) and _PICTOGRAPH.match(after)
    return first if first == "\u200d" and between_pictures else ""


def _piles_cut(text: str) -> str:
    """The text with at most 4 marks on each letter."""
    kept: list[str] = []
    height = 0
    for sign in text:
        if sign < "\u0300" or (unicodedata.category(sign) not in {"Mn", "Me"} and sign not in "\u200c\u200d"):
            height = 0
        elif sign not in "\u200c\u200d":
            height += 1
            if height > MOST_MARKS:
                continue
        kept.append(sign)
    return "".join(kept)
