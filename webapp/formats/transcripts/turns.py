"""What a transcript comes down to, whichever program wrote it: turns, and beside them every line that is none."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from webapp.formats.texts import Remark, Wanted

__all__ = [
    "LATEST",
    "LONGEST_LABEL",
    "MOST_BYTES",
    "MOST_LINES",
    "WANTED",
    "Gathering",
    "Kind",
    "Line",
    "Piece",
    "Reading",
    "Remark",
    "Turn",
    "Unread",
    "UnreadableTranscriptError",
    "shortened",
]

# An hour of captions is about 5,000 lines, with one cue a second 14,400: this holds twelve hours of the latter.
MOST_LINES = 200_000
MOST_BYTES = 32 * 1024 * 1024
# As milliseconds this is what a database keeps in four bytes: 596 hours.
LATEST = 2**31 - 1
LONGEST_LABEL = 200


class UnreadableTranscriptError(ValueError):
    """The file is no transcript that can be read; its text is a sentence for the person who sent it."""


WANTED = Wanted(
    noun="transcript",
    kinds="plain text, WebVTT, SubRip or a Word document (.docx)",
    error=UnreadableTranscriptError,
    most_bytes=MOST_BYTES,
    most_lines=MOST_LINES,
    # Twelve hours of talk are about 5 MB of such XML, and shrink to a tenth or a twentieth.
    most_unpacked=64 * 1024 * 1024,
)


class Kind(StrEnum):
    """What a transcript was written as, told by its content."""

    TEXT = "text"
    WEBVTT = "webvtt"
    SUBRIP = "subrip"
    WORD = "word"
    JSON = "json"


def shortened(label: str) -> str:
    """Give a label in at most 200 characters, with “…” in place of what is cut off."""
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of the words of a turn as one cue or paragraph gave them, with times in milliseconds where there are any.

    `paragraph` says that they open a new paragraph of their turn; the first piece of a turn never says so.
    """

    words: str
    start: int | None = None
    end: int | None = None
    paragraph: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's uninterrupted words; the label as written, or None where nobody is named; its lines in the file."""

    label: str | None
    pieces: tuple[Piece, ...]
    lines: tuple[int, ...] = ()

    @property
    def words(self) -> str:
        """All words, a blank line between paragraphs."""
        joined = "".join(f"{chr(10) * 2 if piece.paragraph else ' '}{piece.words}" for piece in self.pieces)
        return joined[1:]

    @property
    def start(self) -> int | None:
        """When the first words begin, in milliseconds."""
        return self.pieces[0].start if self.pieces else None

    @property
    def end(self) -> int | None:
        """When the last words end, in milliseconds."""
        return self.pieces[-1].end if self.pieces else None


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is nobody's words, by its number in the file, counted from 1."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that could not be read, and why, in plain words that go on from "because" or stand after a colon."""

    number: int
    text: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """All that a file says: each of its lines that is not blank is in a turn, `before`, `asides` or `unread`.

    `before` is what stands before the first words of anybody, such as a title and an introduction; `asides` are lines
    that were understood and say nothing to readers, such as styles and notes of captions.
    """

    kind: Kind
    encoding: str
    turns: tuple[Turn, ...]
    before: tuple[Line, ...] = ()
    asides: tuple[Line, ...] = ()
    unread: tuple[Unread, ...] = ()
    remarks: tuple[Remark, ...] = ()
    went_back: bool = False
    overlapped: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        """The different labels, in the order in which they first speak."""
        return tuple(dict.fromkeys(turn.label for turn in self.turns if turn.label is not None))


@dataclass
class Gathering:
    """A reading while it is made."""

    before: list[Line] = field(default_factory=list)
    asides: list[Line] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    went_back: bool = False
    overlapped: bool = False
    turns: list[Turn] = field(default_factory=list)
    speaking: bool = False
    label: str | None = None
    pieces: list[Piece] = field(default_factory=list)
    # How many characters the last paragraph of the turn has so far.
    length: int = 0
    _lines: list[int] = field(default_factory=list)
    _heads: list[Line] = field(default_factory=list)

    def begin(self, label: str | None, *, anew: bool = False) -> None:
        """Let somebody speak: who speaks already goes on, unless they are to begin anew."""
        if self.speaking and label == self.label and not anew:
            return
        self.close()
        self.speaking, self.label = True, label

    def head(self, line: Line) -> None:
        """Take a line that only says who speaks or when, and so is nothing without the words that follow."""
        self._lines.append(line.number)
        if not self.pieces:
            self._heads.append(line)

    def say(self, piece: Piece, lines: Iterable[int]) -> None:
        """Take words of whoever speaks."""
        self.length = len(piece.words) + (self.length if self.pieces and not piece.paragraph else 0)
        self.pieces.append(piece)
        self._lines.extend(lines)
        self._heads.clear()

    def close(self) -> None:
        """End the turn of whoever speaks; one without words is told as unread."""
        if self.pieces:
            lines = tuple(dict.fromkeys(self._lines))
            self.turns.append(Turn(self.label, tuple(self.pieces), lines))
        for head in self._heads:
            self.unread.append(Unread(head.number, head.text, "no words follow the name"))
        self.pieces, self._lines, self._heads = [], [], []
        self.speaking, self.label = False, None
