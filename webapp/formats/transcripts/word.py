"""Takes the lines out of a Word document, paragraph by paragraph; tables of names and words become “Name: words”."""

from contextlib import suppress

from webapp.formats.texts.documents import grows, opened
from webapp.formats.transcripts.names import is_name
from webapp.formats.transcripts.times import bare_time
from webapp.formats.transcripts.turns import MOST_LINES, WANTED, Remark

_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_NOT_READ = {
    "del": "What is marked as deleted in the document was not read.",
    "moveFrom": "What was moved within the document was read where it stands now.",
    "footnoteReference": "The document has footnotes, which were not read.",
    "endnoteReference": "The document has endnotes, which were not read.",
}


def word_lines(content: bytes) -> tuple[list[str], list[Remark]]:
    """Give the lines of a Word document, paragraph by paragraph, and what of it was not read.

    Raises UnreadableTranscriptError for what is none, has macros or a password, is damaged, or unpacks to too much.
    """
    reader = _Reader()
    with opened(content, WANTED) as document:
        document.read(document.main, start=reader.start, end=reader.end, text=reader.hear)
    return reader.lines, reader.remarks


class _Reader:
    """The text of a document while its XML goes by; deleted words are none, text boxes come before their paragraph."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.remarks: list[Remark] = []
        self._open: list[list[str]] = []
        self._listening = self._deleted = self._fallback = 0
        self._cells: list[list[list[str]]] = []
        self._told: set[str] = set()

    def start(self, full: str, _given: dict[str, str]) -> None:
        """Take the beginning of an element."""
        space, _, name = full.rpartition(" ")
        if name == "Fallback":
            self._fallback += 1
        if "wordprocessingml" not in space or self._fallback:
            return
        match name:
            case "p":
                self._open.append([])
            case "t":
                self._listening += 1
            case "tab" | "br" | "cr" | "noBreakHyphen":
                self._put(_SIGNS[name])
            case "del" | "moveFrom":
                self._deleted += 1
            case "tr":
                self._cells.append([])
            case "tc" if self._cells:
                self._cells[-1].append([])
            case _:
                pass
        if name in _NOT_READ:
            self._tell(_NOT_READ[name])

    def end(self, full: str) -> None:
        """Take the end of an element."""
        space, _, name = full.rpartition(" ")
        if name == "Fallback":
            self._fallback -= 1
        if "wordprocessingml" not in space or self._fallback:
            return
        match name:
            case "t":
                self._listening -= 1
            case "del" | "moveFrom":
                self._deleted -= 1
            case "p" if self._open:
                self._paragraph("".join(self._open.pop()).split("\n"))
            case "tr" if self._cells:
                cells = [" ".join(cell).strip() for cell in self._cells.pop()]
                self._paragraph([_row([cell for cell in cells if cell])])
            case _:
                pass

    def hear(self, text: str) -> None:
        """Take what stands in an element."""
        if self._listening:
            self._put(text.replace("\n", " "))

    def _put(self, text: str) -> None:
        # A tab also stands among the settings of a paragraph; there no text is open yet, and a blank does no harm.
        if self._open and not self._deleted:
            self._open[-1].append(text)

    def _paragraph(self, lines: list[str]) -> None:
        if self._cells and self._cells[-1]:
            self._cells[-1][-1].extend(line.strip() for line in lines if line.strip())
            return
        self.lines.extend(lines)
        if len(self.lines) > MOST_LINES:
            raise grows(WANTED)

    def _tell(self, sentence: str) -> None:
        if sentence not in self._told:
            self._told.add(sentence)
            self.remarks.append(Remark(sentence, len(self.lines) + 1))


def _row(cells: list[str]) -> str:
    """Give a row of a table as a line: name, time and words in columns of their own read as “Name (time): words”."""
    rest = list(cells)
    times, names = [], []
    with suppress(StopIteration):
        place = next(place for place, cell in enumerate(rest[:2]) if bare_time(cell, bracketed=True) is not None)
        times.append(rest.pop(place))
    if len(rest) == 2 and is_name(rest[0].rstrip(":")) and len(rest[1].split()) > 1:
        names.append(rest.pop(0).rstrip(":"))
    if not names:
        return "\t".join(cells)
    when = " (" + times[0].strip("[]()") + ")" if times else ""
    return f"{names[0]}{when}: {rest[0]}"
