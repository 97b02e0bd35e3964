"""Takes parts out of a ZIP archive that a stranger made, believing nothing that it says about itself.

The sizes in the directory are checked first, since that costs nothing; but they can lie, so what comes out while
inflating is counted too. Nothing is ever written to disk, and a name that leads elsewhere is refused all the same.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator

from webapp.formats.tables.lines import UnreadableTableError

MOST_INFLATED = 100 * 1024 * 1024
_MOST_PARTS = 2_000
# Real sheets shrink to a tenth or a fiftieth. Small files may do better without being a danger.
_MOST_RATIO = 200
_RATIO_FROM = 10 * 1024 * 1024
_PIECE = 64 * 1024
_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_DAMAGED = "This workbook is damaged. Open it in Excel, save it again and upload that."
_TOO_LARGE = (
    "This workbook is far larger inside than its file is, so it was not opened. "
    "Copy only the table into a new workbook and upload that."
)


def part_names(content: bytes) -> list[str]:
    """Give the names of the parts of an archive. Raises what `zipfile` raises for what is no archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [_plain(name) for name in archive.namelist()]


class Archive:
    """The parts of an archive by name, given in pieces and within one limit for all of them together."""

    def __init__(self, content: bytes, *, most_inflated: int = MOST_INFLATED) -> None:
        try:
            self._file = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise UnreadableTableError(_DAMAGED) from error
        self._packed = len(content)
        self._left = most_inflated
        self._most = most_inflated
        self._parts = self._checked(self._file.infolist())

    def _checked(self, parts: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
        """Give the parts by their names in lower case, as the format compares them."""
        if len(parts) > _MOST_PARTS:
            raise UnreadableTableError(_TOO_LARGE)
        by_name: dict[str, zipfile.ZipInfo] = {}
        for part in parts:
            name = _plain(part.filename)
            if name.startswith("/") or ":" in name or ".." in name.split("/"):
                raise UnreadableTableError(
                    "This workbook holds a file name that leads out of it, which Excel never writes. "
                    "Copy the table into a new workbook and upload that."
                )
            # Two parts of one name: a checker may see the one and a reader the other.
            if name.lower() in by_name:
                raise UnreadableTableError(_DAMAGED)
            if part.flag_bits & _ENCRYPTED:
                raise UnreadableTableError(
                    "This workbook is locked with a password. Open it, take the password off, save it and upload that."
                )
            by_name[name.lower()] = part
        self._check_size(sum(part.file_size for part in parts))
        return by_name

    def _check_size(self, inflated: int) -> None:
        if inflated > self._most or (inflated > _RATIO_FROM and inflated > _MOST_RATIO * self._packed):
            raise UnreadableTableError(_TOO_LARGE)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._parts

    def find(self, name: str) -> str | None:
        """Give a part's name as it stands in the archive, whatever the case of the letters, or None."""
        part = self._parts.get(name.lower())
        return None if part is None else _plain(part.filename)

    def names(self) -> list[str]:
        """Give the names of all parts, in the order of the archive."""
        return [_plain(part.filename) for part in self._parts.values()]

    def pieces(self, name: str) -> Iterator[bytes]:
        """Give a part's bytes, 64 KiB at most at a time. Raises UnreadableTableError if damaged or too large."""
        part = self._parts.get(name.lower())
        # Other methods inflate all at once, whatever one asks for.
        if part is None or part.compress_type not in _METHODS:
            raise UnreadableTableError(_DAMAGED)
        try:
            with self._file.open(part) as inflating:
                while piece := inflating.read(_PIECE):
                    self._left -= len(piece)
                    self._check_size(self._most - self._left)
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
            raise UnreadableTableError(_DAMAGED) from error


def _plain(name: str) -> str:
    return name.replace("\\", "/")
