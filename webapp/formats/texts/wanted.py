"""What a reader takes, how much of it, and what it says of everything else."""

import re
from dataclasses import dataclass

_BEGINNINGS = (
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a rich text file (.rtf)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture or a recording"),
    (b"\x1aE\xdf\xa3", "a recording"),
    (b"ID3", "a recording"),
    (b"OggS", "a recording"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)
_MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|\?xml|tt|div|meta)\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is read: its name, the files that it comes in, the most of it, and the error that refuses the rest.

    The text of the error is a sentence for the person who sent the file.
    """

    noun: str
    kinds: str
    error: type[ValueError]
    most_bytes: int
    most_lines: int
    most_unpacked: int

    @property
    def save(self) -> str:
        """What to do with a file that is none."""
        return f"Save the {self.noun} as {self.kinds} and choose that."


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to check after reading, with the number of the first line concerned where there is one."""

    sentence: str
    line: int | None = None


def refuse_others(content: bytes, wanted: Wanted) -> None:
    """Raise the error that is wanted for a file that is a picture, a recording, a program or the like."""
    what = next((what for beginning, what in _BEGINNINGS if content.startswith(beginning)), "")
    if what or content[4:8] == b"ftyp":
        raise wanted.error(f"This file is {what or 'a recording'}, whatever its name says. {wanted.save}")


def refuse_markup(text: str, wanted: Wanted) -> None:
    """Raise the error that is wanted for a page of the web or other XML, and for a text without a letter."""
    if not text.strip():
        raise wanted.error(f"There is nothing in this {wanted.noun} to read.")
    if _MARKUP.match(text[:1000]):
        raise wanted.error(f"This file is a web page or XML, whatever its name says. {wanted.save}")
