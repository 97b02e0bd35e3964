"""Documents that speakers hand in: what they are by their content, whatever their names say, and what is refused.

Nothing is unpacked or run: a few bytes, the table of a zip archive (APPNOTE) or the directory of a compound file
(MS-CFB) tell the kind. What could run on a visitor's machine is refused: programs, web pages, documents with macros.
"""

import io
import lzma
import re
import struct
import unicodedata
import zipfile
import zlib
from enum import StrEnum

from webapp.formats.compound import SIGNATURE, Compound, UnreadableCompoundError

MOST_MEMBERS = 10_000
MOST_UNPACKED = 1024 * 1024 * 1024
# Pictures hardly shrink and text does by ten or twenty: what shrank by more was made to grow.
_USUAL_GROWTH = 50
_SMALL_UNPACKED = 100 * 1024 * 1024
_TABLE_OF_TYPES = 1024 * 1024
_LONGEST_NAME, _MOST_BYTES_OF_NAME = 100, 240

_TAKEN = "Choose a PDF, PowerPoint, Word or OpenDocument file."
_DRAWING = "This is an SVG drawing, which can hold programs. Save it as PDF, then choose it again."
_UNKNOWN = f"This file is none that we can take. {_TAKEN}"
_MACROS = "This document has macros, which run as programs. Save it without them, or as PDF, then choose it again."
_LOCKED = "This document is locked by a password. Save it without one, then choose it again."
_DAMAGED = "This document is damaged or was cut short. Choose the original file."
_GROWS = "This document would unpack to far more than its size. Save it anew, or as PDF, then choose it again."

_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe")
_OFFICE = b"application/vnd.openxmlformats-officedocument."
# VBAInfoContainer and VBAInfoAtom of MS-PPT, up to the place of the flag that says whether there are macros.
_SLIDE_MACROS = re.compile(
    rb"\x1f\x00\xff\x03\x14\x00\x00\x00\x02\x00\x00\x04\x0c\x00\x00\x00.{4}(?!\x00\x00\x00\x00)", re.DOTALL
)
# What zipfile raises for archives that are broken within.
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(OSError, EOFError, RuntimeError, LookupError, ValueError),
)
_KNOWN_ENDING = re.compile(r"\.(pdf|pp[ts][xm]?|pot[xm]?|do[ct][xm]?|od[pt]|ot[pt])$", re.IGNORECASE)
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


class UnusableDocumentError(ValueError):
    """A file that we do not take; its text says why, for whoever uploaded it."""


class DocumentType(StrEnum):
    """What kind of document a file is; the value is the ending of its name."""

    PDF = "pdf"
    PPTX = "pptx"
    PPT = "ppt"
    ODP = "odp"
    DOCX = "docx"
    DOC = "doc"
    ODT = "odt"

    @property
    def extension(self) -> str:
        return self.value

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]

    @property
    def label(self) -> str:
        return _LABELS[self]


_MEDIA_TYPES = {
    DocumentType.PDF: "application/pdf",
    DocumentType.PPTX: f"{_OFFICE.decode()}presentationml.presentation",
    DocumentType.PPT: "application/vnd.ms-powerpoint",
    DocumentType.ODP: "application/vnd.oasis.opendocument.presentation",
    DocumentType.DOCX: f"{_OFFICE.decode()}wordprocessingml.document",
    DocumentType.DOC: "application/msword",
    DocumentType.ODT: "application/vnd.oasis.opendocument.text",
}
_LABELS = {
    DocumentType.PDF: "PDF",
    DocumentType.PPTX: "PowerPoint presentation",
    DocumentType.PPT: "PowerPoint presentation",
    DocumentType.ODP: "OpenDocument presentation",
    DocumentType.DOCX: "Word document",
    DocumentType.DOC: "Word document",
    DocumentType.ODT: "OpenDocument text",
}


def document_type(content: bytes, filename: str) -> DocumentType:
    """Give the kind of a document, told by its content alone; the name is only looked at for folders in it.

    Raises UnusableDocumentError, with a sentence for people, for anything else, for what holds macros or a password,
    is damaged, would unpack to far more than its size, or has a name that leads somewhere else.
    """
    if re.search(r"[/\\\x00]", filename):
        raise UnusableDocumentError("The name of this file has folders in it. Rename the file, then choose it again.")
    if not content:
        raise UnusableDocumentError(f"This file is empty. {_TAKEN}")
    if content.startswith(b"%PDF-"):
        # As readers do: they look for the end first, since there stands where everything else is (ISO 32000, 7.5.5).
        tail = content.rstrip(b"\0\r\n ")[-1024:]
        if b"%%EOF" not in tail and b"startxref" not in tail:
            raise UnusableDocumentError(_DAMAGED)
        return DocumentType.PDF
    if content.startswith(b"PK\x03\x04"):
        return _in_archive(content)
    if content.startswith(SIGNATURE):
        return _in_compound(content)
    if content.startswith(_PROGRAMS):
        raise UnusableDocumentError(f"This file is a program, and we take none. {_TAKEN}")
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n\f").lower()
    if head.startswith((b"<svg", b"<?xml", b"<!doctype svg", b"<!--")) and b"<svg" in head and b"<html" not in head:
        raise UnusableDocumentError(_DRAWING)
    if head.startswith(b"<"):
        raise UnusableDocumentError(f"This file is a web page, and we take none. {_TAKEN}")
    raise UnusableDocumentError(_UNKNOWN)


def safe_name(filename: str, kind: DocumentType) -> str:
    """Give the name under which a document may be kept and sent: at most 100 characters, ending as its kind does.

    There are no folders in it, nothing invisible, nothing that turns the reading direction to feign another ending,
    and nothing that Windows does not allow.
    """
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", filename)[-1])
    name = "".join(sign for sign in name if sign.isspace() or unicodedata.category(sign)[0] != "C")
    name = re.sub(r'[<>:"|?*]', "-", " ".join(name.split()))
    while (shorter := _KNOWN_ENDING.sub("", name).rstrip(" .")) != name:
        name = shorter
    name = name.lstrip(" .")
    if not name or _DEVICE.fullmatch(name):
        name = f"document {name}".strip()
    ending = f".{kind.extension}"
    name = name[: _LONGEST_NAME - len(ending)]
    while len(name.encode()) > _MOST_BYTES_OF_NAME:
        name = name[:-1]
    return name.rstrip(" .") + ending


def _in_archive(content: bytes) -> DocumentType:
    # Counted before the table is read, since each of its entries becomes an object of its own.
    if content.count(b"PK\x01\x02") > MOST_MEMBERS:
        raise UnusableDocumentError(_GROWS)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _told_by_members(archive, len(content))
    except UnusableDocumentError:
        raise
    except _BROKEN as error:
        raise UnusableDocumentError(_DAMAGED) from error


def _told_by_members(archive: zipfile.ZipFile, size: int) -> DocumentType:
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    if unpacked > MOST_UNPACKED or unpacked > max(_SMALL_UNPACKED, _USUAL_GROWTH * size):
        raise UnusableDocumentError(_GROWS)
    if any(member.flag_bits & 1 for member in members):
        raise UnusableDocumentError(_LOCKED)
    names = {member.filename for member in members}
    if "[Content_Types].xml" in names:
        return _in_office(names, _head(archive, "[Content_Types].xml"))
    if "mimetype" in names:
        return _in_open_document(archive, names)
    raise UnusableDocumentError(_UNKNOWN)


def _head(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as member:
        return member.read(_TABLE_OF_TYPES)


def _in_office(names: set[str], types: bytes) -> DocumentType:
    """Tell by the table of types, and not by the names of members, since only it decides how a document is opened."""
    if b"macroenabled" in types.lower() or b"vbaproject" in types.lower():
        raise UnusableDocumentError(_MACROS)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnusableDocumentError(_MACROS)
    if _OFFICE + b"presentationml.presentation.main+xml" in types:
        return DocumentType.PPTX
    if _OFFICE + b"wordprocessingml.document.main+xml" in types:
        return DocumentType.DOCX
    if re.search(rb"(presentationml\.(slideshow|template)|wordprocessingml\.template)\.main\+xml", types):
        raise UnusableDocumentError(
            "This is a template or a slide show that starts by itself. "
            "Save it as an ordinary document, then choose it again."
        )
    raise UnusableDocumentError(_UNKNOWN)


def _in_open_document(archive: zipfile.ZipFile, names: set[str]) -> DocumentType:
    said = _head(archive, "mimetype").strip()
    for kind in (DocumentType.ODP, DocumentType.ODT):
        if said == kind.media_type.encode():
            break
    else:
        raise UnusableDocumentError(_UNKNOWN)
    # An empty list of libraries is written for documents without macros too.
    if any(re.fullmatch(r"(Basic|Scripts)/.*(?<!/)(?<!/script-l[bc]\.xml)", name) for name in names):
        raise UnusableDocumentError(_MACROS)
    if "META-INF/manifest.xml" in names and b"encryption-data" in _head(archive, "META-INF/manifest.xml"):
        raise UnusableDocumentError(_LOCKED)
    return kind


def _in_compound(content: bytes) -> DocumentType:
    try:
        compound = Compound(content)
    except UnreadableCompoundError as error:
        raise UnusableDocumentError(_DAMAGED) from error
    if "EncryptedPackage" in compound.at_the_root:
        raise UnusableDocumentError(_LOCKED)
    if {"VBA", "_VBA_PROJECT"} & compound.names or _SLIDE_MACROS.search(content):
        raise UnusableDocumentError(_MACROS)
    if "PowerPoint Document" in compound.at_the_root:
        return DocumentType.PPT
    if "WordDocument" in compound.at_the_root:
        return DocumentType.DOC
    raise UnusableDocumentError(_UNKNOWN)
