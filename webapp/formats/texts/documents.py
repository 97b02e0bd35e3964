"""Opens a Word document (ECMA-376), believing nothing that it says about itself, and runs nothing.

Only the parts that are asked for are unpacked, in pieces and no further than is wanted; definitions of entities are
refused.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from xml.parsers import expat

from webapp.formats.compound import SIGNATURE
from webapp.formats.texts.wanted import Wanted

MOST_MEMBERS = 2_000
_USUAL_GROWTH, _SMALL_UNPACKED = 100, 8 * 1024 * 1024
_PIECE = 64 * 1024
_DEEPEST, _MOST_ELEMENTS = 100, 1_500_000
_LONGEST_MARK = 1024 * 1024
_TYPES_LONGEST = 1024 * 1024

_AGAIN = "then choose it again"
_MACROS = f"This document has macros, which run as programs. Save it as an ordinary Word document (.docx), {_AGAIN}."
_LOCKED = f"This document is locked by a password. Save it without one, {_AGAIN}."
_DAMAGED = "This document is damaged or was cut short. Choose the original file."
_UNSAFE = f"This document holds definitions that Word never writes. Copy its text into a new one, {_AGAIN}."
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, RuntimeError, LookupError, ValueError)
_MAIN = re.compile(rb'<[^<>]*PartName="/([^"<>]+)"[^<>]*wordprocessingml\.document\.main\+xml[^<>]*>')
_MAIN_BACKWARDS = re.compile(rb'<[^<>]*wordprocessingml\.document\.main\+xml[^<>]*PartName="/([^"<>]+)"[^<>]*>')

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]


def is_document(content: bytes) -> bool:
    """Whether a file is an archive, as Word documents are, or an office document from before 2007."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06", SIGNATURE))


def grows(wanted: Wanted) -> ValueError:
    """Give the error for a document that holds more than is wanted."""
    return wanted.error(
        f"This document would unpack to far more than a {wanted.noun} can be long. Save it as plain text, {_AGAIN}."
    )


@contextmanager
def opened(content: bytes, wanted: Wanted) -> Iterator["Document"]:
    """Give a Word document, to read its parts.

    Raises the error that is wanted, here and while it is read, for what is none, has macros or a password, is damaged,
    or unpacks to too much.
    """
    if content.startswith(SIGNATURE):
        raise wanted.error(_told_old(content, wanted))
    # Counted before the directory is read, since each of its entries becomes an object of its own.
    if content.count(b"PK\x01\x02") > MOST_MEMBERS:
        raise grows(wanted)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield Document(archive, len(content), wanted)
    except wanted.error:
        raise
    except (*_BROKEN, expat.ExpatError) as error:
        raise wanted.error(_DAMAGED) from error


class Document:
    """A Word document that is open, after all that can be known of it without unpacking it."""

    def __init__(self, archive: zipfile.ZipFile, size: int, wanted: Wanted) -> None:
        self._archive, self._size, self._wanted = archive, size, wanted
        self._elements = 0
        self.main = self._main_part()

    def has(self, name: str) -> bool:
        """Whether it has this part, once."""
        return self._archive.namelist().count(name) == 1

    def read(self, name: str, *, start: Start, end: End, text: Callable[[str], None] | None = None) -> None:
        """Let the XML of a part go by; names are the namespace and the local name, a blank between."""
        depth = 0

        def count(full: str, given: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            self._elements += 1
            if depth > _DEEPEST or self._elements > _MOST_ELEMENTS:
                raise grows(self._wanted)
            start(full, given)

        def count_down(full: str) -> None:
            nonlocal depth
            depth -= 1
            end(full)

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = count
        parser.EndElementHandler = count_down
        if text is not None:
            parser.CharacterDataHandler = text
        fed = 0
        for piece in self._pieces(name):
            parser.Parse(piece, False)
            fed += len(piece)
            # A mark that is not finished is read again with each piece: a very long one would take hours.
            if fed - parser.CurrentByteIndex > _LONGEST_MARK:
                raise self._wanted.error(_DAMAGED)
        parser.Parse(b"", True)

    def _refuse(self, *_: object) -> None:
        raise self._wanted.error(_UNSAFE)

    def _main_part(self) -> str:
        """Give the name of the part with the text."""
        archive, error = self._archive, self._wanted.error
        members = archive.infolist()
        unpacked = sum(member.file_size for member in members)
        # Pictures and recordings may stand in it, which are not unpacked: they hardly shrink.
        if unpacked > max(_SMALL_UNPACKED, _USUAL_GROWTH * self._size):
            raise grows(self._wanted)
        if any(member.flag_bits & 1 for member in members):
            raise error(_LOCKED)
        names = [member.filename for member in members]
        if "[Content_Types].xml" not in names:
            raise error(_other(self._wanted))
        with archive.open("[Content_Types].xml") as part:
            types = part.read(_TYPES_LONGEST)
        # The table of types decides how Word opens it, and not the ending of its name.
        macros = b"macroenabled" in types.lower() or b"vbaproject" in types.lower()
        if macros or any(name.lower().endswith("vbaproject.bin") for name in names):
            raise error(_MACROS)
        found = _MAIN.search(types) or _MAIN_BACKWARDS.search(types)
        if found is None:
            raise error(_other(self._wanted))
        return found[1].decode()

    def _pieces(self, name: str) -> Iterator[bytes]:
        """Give a part in pieces, counting what really comes out: the directory may lie."""
        archive, most = self._archive, self._wanted.most_unpacked
        known = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
        if not self.has(name) or archive.getinfo(name).compress_type not in known:
            raise self._wanted.error(_DAMAGED)
        if archive.getinfo(name).file_size > most:
            raise grows(self._wanted)
        unpacked = 0
        with archive.open(name) as part:
            while piece := part.read(_PIECE):
                unpacked += len(piece)
                if unpacked > most or unpacked > max(_SMALL_UNPACKED, _USUAL_GROWTH * self._size):
                    raise grows(self._wanted)
                yield piece


def _other(wanted: Wanted) -> str:
    return f"This file is no Word document. Choose {wanted.kinds}."


def _told_old(content: bytes, wanted: Wanted) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return _LOCKED
    if "WordDocument".encode("utf-16-le") in content:
        return f"This is a Word document of the kind before 2007 (.doc). Save it as .docx in Word, {_AGAIN}."
    return _other(wanted)
