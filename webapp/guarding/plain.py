"""A text as it is read: digits, spaces, quotes and dashes of every script as the plain ones, and the way back."""

import re
import unicodedata
from bisect import bisect_right

_ODD = re.compile(r"[ \n\x00]{2,}|[\n\x00]")
_ITEM = re.compile(r"[•*·‣▪-] |\d{1,2}[.)] ")
_LETTERS = {
    "ł": "l",
    "Ł": "L",
    "ø": "o",
    "Ø": "O",
    "đ": "d",
    "Đ": "D",
    "ı": "i",
    "ß": "s",
    "ħ": "h",
    "½": " ",
    "№": "#",
}
_LETTERS |= dict.fromkeys("‘’ʼʹ`´′＇ʻ", "'") | dict.fromkeys("“”„‟", '"') | dict.fromkeys("−﹣－‐‑‒–—―", "-")
_LETTERS |= dict.fromkeys("\t\v\f\r\x85", " ") | dict.fromkeys("\u2028\u2029", "\n")


class _Table(dict[int, str]):
    """One character for each character, so that places stay; what is not seen becomes a null."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = found = _plain(char)
        return found


def _plain(char: str) -> str:
    if char in _LETTERS:
        return _LETTERS[char]
    if char.isascii():
        return char if char.isprintable() or char == "\n" else "\x00"
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category.startswith("Z"):
        return " "
    if category in {"Mn", "Me", "Cf", "Cc"}:
        return "\x00"
    bare = unicodedata.normalize("NFKD", char)[:1]
    return bare if bare.isascii() and bare.isalpha() else char


_TABLE = _Table()


class Plain:
    """The text to be searched, as `text`, and where each place in it stands in what was written."""

    def __init__(self, written: str) -> None:
        flat = written.translate(_TABLE)
        pieces: list[str] = []
        self._here: list[int] = [0]
        self._there: list[int] = [0]
        last = length = 0
        for odd in _ODD.finditer(flat):
            put = _put(odd.group(), new=_ITEM.match(flat, odd.end()) is not None)
            if put == odd.group():
                continue
            pieces += (flat[last : odd.start()], put)
            length += odd.start() - last + len(put)
            last = odd.end()
            self._here.append(length)
            self._there.append(last)
        pieces.append(flat[last:])
        self.text = "".join(pieces)

    def start(self, place: int) -> int:
        """Where what begins at `place` begins in what was written."""
        index = bisect_right(self._here, place) - 1
        return self._there[index] + place - self._here[index]

    def end(self, place: int) -> int:
        """Where what ends at `place` ends in what was written."""
        return self.start(place - 1) + 1


def _put(odd: str, *, new: bool) -> str:
    """A null goes, spaces and the end of a line become one space; an empty line, or one before an item, is a break."""
    ends = odd.count("\n")
    if ends > 1 or (ends and new):
        return "\n"
    return " " if odd.strip("\x00") else ""
