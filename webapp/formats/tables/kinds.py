"""Tells what a file is by what stands in it: names and the types that browsers send are only claims."""

import re
import zipfile
from enum import StrEnum

from webapp.formats.tables.archives import part_names

_SAVE = "save it as “CSV UTF-8” or “Excel workbook (.xlsx)” and upload that"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
# How a file begins, what it then is, and what its owner can do.
_BEGINNINGS: list[tuple[bytes, str, str]] = [
    (b"%PDF", "a PDF", f"open the table that it was made from, {_SAVE}"),
    (b"\x89PNG", "a picture", "upload the table itself, as a CSV file or Excel workbook"),
    (b"\xff\xd8\xff", "a picture", "upload the table itself, as a CSV file or Excel workbook"),
    (b"GIF8", "a picture", "upload the table itself, as a CSV file or Excel workbook"),
    (b"II*\x00", "a picture", "upload the table itself, as a CSV file or Excel workbook"),
    (b"MM\x00*", "a picture", "upload the table itself, as a CSV file or Excel workbook"),
    (b"RIFF", "a picture or a recording", "upload the table itself, as a CSV file or Excel workbook"),
    (b"{\\rtf", "a Word document", "copy the table into Excel, save it as “Excel workbook (.xlsx)” and upload that"),
    (b"\x1f\x8b", "a compressed file", "take the table out of it and upload that"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed file", "take the table out of it and upload that"),
    (b"Rar!", "a compressed file", "take the table out of it and upload that"),
    (b"SQLite format 3", "a database", f"open the table in Excel, {_SAVE}"),
]
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|table|\?xml|meta|style|div)\b", re.IGNORECASE)
_MEDIA = re.compile(rb".{4}ftyp", re.DOTALL)
_WORKBOOK = re.compile(r"xl/workbook\d*\.xml", re.IGNORECASE)


class Kind(StrEnum):
    """What can be read as a table."""

    CSV = "csv"
    XLSX = "xlsx"


def kind_of(content: bytes) -> Kind | tuple[str, str]:
    """Give what kind of table the bytes are, or for anything else what they are and what to do, as parts of a sentence.

    What has no known beginning is taken for CSV, whose own reader refuses what is no text.
    """
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_archive(content)
    if content.startswith(_OLE):
        if _LOCKED in content:
            return "locked with a password", "open it in Excel, take the password off, save it and upload that"
        return "in the format of Excel before 2007 (.xls), or an old Word document", f"open it in Excel, {_SAVE}"
    for beginning, what, todo in _BEGINNINGS:
        if content.startswith(beginning):
            return what, todo
    if _MEDIA.match(content[:16]):
        return "a picture or a recording", "upload the table itself, as a CSV file or Excel workbook"
    if _MARKUP.match(content[:512]):
        return "a web page or XML, whatever its name says", f"open it in Excel, {_SAVE}"
    return Kind.CSV


def _kind_of_archive(content: bytes) -> Kind | tuple[str, str]:
    try:
        names = part_names(content)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return "damaged, perhaps because it was not copied whole", "download or save it again and upload that"
    lower = {name.lower() for name in names}
    if any(_WORKBOOK.fullmatch(name) for name in names):
        return Kind.XLSX
    if "xl/workbook.bin" in lower:
        return "a binary Excel workbook (.xlsb)", f"open it in Excel, {_SAVE}"
    if any(name.startswith("word/") for name in lower):
        return "a Word document", "copy the table into Excel, save it as “Excel workbook (.xlsx)” and upload that"
    if any(name.startswith("ppt/") for name in lower):
        return (
            "a PowerPoint presentation",
            "copy the table into Excel, save it as “Excel workbook (.xlsx)” and upload that",
        )
    if any(name.endswith(".iwa") for name in lower):
        return "an Apple Numbers document", "choose File, Export To, Excel in Numbers and upload that"
    if "mimetype" in lower and "content.xml" in lower:
        return "an OpenDocument file", _SAVE
    return "a ZIP archive", "take the table out of it and upload that"
