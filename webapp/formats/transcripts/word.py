"""Takes the lines out of a Word document (ECMA-376), believing nothing that it says about itself, and runs nothing.

Only the part with the text is unpacked, in pieces and no further than a transcript can be long; definitions of
entities are refused.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from xml.parsers import expat

from webapp.formats.compound import SIGNATURE
from webapp.formats.transcripts.names import is_name
from webapp.formats.transcripts.times import bare_time
from webapp.formats.transcripts.turns import MOST_LINES, Remark, UnreadableTranscriptError

# Twelve hours of talk are about 5 MB of such XML, and shrink to a tenth or a twentieth.
MOST_UNPACKED = 64 * 1024 * 1024
MOST_MEMBERS = 2_000
_USUAL_GROWTH, _SMALL_UNPACKED = 100, 8 * 1024 * 1024
_PIECE = 64 * 1024
_DEEPEST, _MOST_ELEMENTS = 100, 1_500_000
_LONGEST_MARK = 1024 * 1024
_TYPES_LONGEST = 1024 * 1024

_AGAIN = "then choose it again"
_MACROS = f"This document has macros, which run as programs. Save it as an ordinary Word document (.docx), {_AGAIN}."
_LOCKED = f"This document is locked by a password. Save it without one, {_AGAIN}."
_GROWS = f"This document would unpack to far more than a transcript can be long. Save it as plain text, {_AGAIN}."
_DAMAGED = "This document is damaged or was cut short. Choose the original file."
_UNSAFE = f"This document holds definitions that Word never writes. Copy its text into a new one, {_AGAIN}."
_OTHER = "This file is no Word document. Choose plain text, WebVTT, SubRip or a Word document (.docx)."
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, RuntimeError, LookupError, ValueError)
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_NOT_READ = {
    "del": "What is marked as deleted in the document was not read.",
    "moveFrom": "What was moved within the document was read where it stands now.",
    "footnoteReference": "The document has footnotes, which were not read.",
    "endnoteReference": "The document has endnotes, which were not read.",
}
_MAIN = re.compile(rb'<[^<>]*PartName="/([^"<>]+)"[^<>]*wordprocessingml\.document\.main\+xml[^<>]*>')
_MAIN_BACKWARDS = re.compile(rb'<[^<>]*wordprocessingml\.document\.main\+xml[^<>]*PartName="/([^"<>]+)"[^<>]*>')


def is_document(content: bytes) -> bool:
    """Whether a file is an archive, as Word documents are, or an office document from before 2007."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06", SIGNATURE))


def word_lines(content: bytes) -> tuple[list[str], list[Remark]]:
    """Give the lines of a Word document, paragraph by paragraph, and what of it was not read.

    Raises UnreadableTranscriptError for what is none, has macros or a password, is damaged, or unpacks to too much.
    """
    if content.startswith(SIGNATURE):
        raise UnreadableTranscriptError(_told_old(content))
    # Counted before the directory is read, since each of its entries becomes an object of its own.
    if content.count(b"PK\x01\x02") > MOST_MEMBERS:
        raise UnreadableTranscriptError(_GROWS)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            reader = _Reader()
            reader.read(_pieces(archive, _main_part(archive, len(content)), len(content)))
    except UnreadableTranscriptError:
        raise
    except (*_BROKEN, expat.ExpatError) as error:
        raise UnreadableTranscriptError(_DAMAGED) from error
    return reader.lines, reader.remarks


def _told_old(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return _LOCKED
    if "WordDocument".encode("utf-16-le") in content:
        return f"This is a Word document of the kind before 2007 (.doc). Save it as .docx in Word, {_AGAIN}."
    return _OTHER


def _main_part(archive: zipfile.ZipFile, size: int) -> str:
    """Give the name of the part with the text, after all that can be known of the archive without unpacking it."""
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    # Pictures and recordings may stand in it, which are not unpacked: they hardly shrink.
    if unpacked > max(_SMALL_UNPACKED, _USUAL_GROWTH * size):
        raise UnreadableTranscriptError(_GROWS)
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableTranscriptError(_LOCKED)
    names = [member.filename for member in members]
    if "[Content_Types].xml" not in names:
        raise UnreadableTranscriptError(_OTHER)
    with archive.open("[Content_Types].xml") as part:
        types = part.read(_TYPES_LONGEST)
    # The table of types decides how Word opens it, and not the ending of its name.
    macros = b"macroenabled" in types.lower() or b"vbaproject" in types.lower()
    if macros or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnreadableTranscriptError(_MACROS)
    found = _MAIN.search(types) or _MAIN_BACKWARDS.search(types)
    if found is None:
        raise UnreadableTranscriptError(_OTHER)
    name = found[1].decode()
    if names.count(name) != 1 or archive.getinfo(name).compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise UnreadableTranscriptError(_DAMAGED)
    if archive.getinfo(name).file_size > MOST_UNPACKED:
        raise UnreadableTranscriptError(_GROWS)
    return name


def _pieces(archive: zipfile.ZipFile, name: str, size: int) -> Iterator[bytes]:
    """Give a part in pieces, counting what really comes out: the directory may lie."""
    unpacked = 0
    with archive.open(name) as part:
        while piece := part.read(_PIECE):
            unpacked += len(piece)
            if unpacked > MOST_UNPACKED or unpacked > max(_SMALL_UNPACKED, _USUAL_GROWTH * size):
                raise UnreadableTranscriptError(_GROWS)
            yield piece


class _Reader:
    """The text of a document while its XML goes by; deleted words are none, text boxes come before their paragraph."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.remarks: list[Remark] = []
        self._open: list[list[str]] = []
        self._heard: list[str] = []
        self._listening = self._deleted = self._fallback = 0
        self._cells: list[list[list[str]]] = []
        self._depth = self._elements = 0
        self._told: set[str] = set()

    def read(self, pieces: Iterator[bytes]) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._hear
        fed = 0
        for piece in pieces:
            parser.Parse(piece, False)
            fed += len(piece)
            # A mark that is not finished is read again with each piece: a very long one would take hours.
            if fed - parser.CurrentByteIndex > _LONGEST_MARK:
                raise UnreadableTranscriptError(_DAMAGED)
        parser.Parse(b"", True)

    def _refuse(self, *_: object) -> None:
        raise UnreadableTranscriptError(_UNSAFE)

    def _start(self, full: str, _given: dict[str, str]) -> None:
        self._count()
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

    def _count(self) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > _DEEPEST or self._elements > _MOST_ELEMENTS:
            raise UnreadableTranscriptError(_GROWS)

    def _end(self, full: str) -> None:
        self._depth -= 1
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

    def _hear(self, text: str) -> None:
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
            raise UnreadableTranscriptError(_GROWS)

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
