"""What every kind of table is made of: numbered lines of clean text, and the refusal of what gives none."""

import re
import unicodedata
from dataclasses import dataclass, field

_BLANKS = re.compile(r"[^\S\n ]")
# Controls, direction marks and the like show nothing and make two equal names differ. The joiners (200C, 200D) stay.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\ud800-\udfff\ufffe\uffff]"
)
_NO_LETTER = re.compile(r"[\W_]+")
_MOST_NAME = 80


class UnreadableTableError(ValueError):
    """The file gives no table; its text is a sentence for the person who sent it."""


@dataclass(frozen=True)
class Line:
    """One line as a spreadsheet program numbers it; `problem` says in a sentence what of it could not be read."""

    number: int
    cells: list[str] = field(default_factory=list)
    problem: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing stands in it."""
        return not self.problem and not any(self.cells)


def clean(text: str) -> str:
    """Give the text composed (NFC), line breaks as LF, other blanks as spaces, nothing unseen, ends trimmed."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return unicodedata.normalize("NFC", _UNSEEN.sub("", _BLANKS.sub(" ", text))).strip()


def trimmed(cells: list[str]) -> list[str]:
    """Give the cells without the empty ones at their end."""
    last = len(cells)
    while last and not cells[last - 1]:
        last -= 1
    return cells[:last]


def shown_name(filename: str) -> str:
    """Give the file's own name for a sentence, quoted: no folders, one line, 80 characters, or “This file”."""
    name = " ".join(clean(re.split(r"[/\\]", filename)[-1]).split())
    if len(name) > _MOST_NAME:
        name = name[: _MOST_NAME - 1] + "…"
    return f"“{name}”" if name else "This file"


def column_letters(place: int) -> str:
    """Give the letters that a spreadsheet program shows over a column, the first being place 0."""
    letters, left = "", place + 1
    while left:
        left, letter = divmod(left - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def folded(heading: str) -> str:
    """Give the letters and digits of a heading alone, without case and accents, for comparing it with others."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", heading).casefold())
    return _NO_LETTER.sub("", "".join(char for char in decomposed if not unicodedata.combining(char)))
