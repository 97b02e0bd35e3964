"""The directory of a compound file (MS-CFB), in which Word and PowerPoint kept their documents until 2007.

Such a file is a small disk: sectors in chains, which a table of sectors links, and a directory in one of the chains.
Only the directory is read, and only as far as it is needed: which streams lie at the root, and what else is there.
"""

import struct
from collections.abc import Iterator

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_HEADER = 512
_ENTRY = 128
_NOBODY = 0xFFFFFFFF
_LAST_SECTOR = 0xFFFFFFFA
# A directory of more entries than this is none that a person made.
_MOST_ENTRIES = 20_000


class UnreadableCompoundError(ValueError):
    """A compound file whose tables lead nowhere."""


class Compound:
    """A compound file by the names in its directory: those at the root, and all; it raises UnreadableCompoundError."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        if len(content) < _HEADER or not content.startswith(SIGNATURE):
            raise UnreadableCompoundError("This is no compound file.")
        shift = self._number(0x1E, "<H")
        if shift not in {9, 12}:
            raise UnreadableCompoundError("The sectors have no size that the format knows.")
        self._sector = 1 << shift
        self._tables = list(self._list_of_tables())
        entries = list(self._entries())
        self.names = {name for name, *_ in entries}
        self.at_the_root = self._children(entries)

    def _number(self, at: int, form: str = "<I") -> int:
        try:
            (number,) = struct.unpack_from(form, self._content, at)
        except struct.error as error:
            raise UnreadableCompoundError("The file ends too soon.") from error
        return int(number)

    def _start_of(self, sector: int) -> int:
        return (sector + 1) * self._sector

    def _list_of_tables(self) -> Iterator[int]:
        """Give the sectors that the table of sectors lies in: 109 stand in the header, the rest in a chain."""
        for at in range(0x4C, _HEADER, 4):
            yield self._number(at)
        sector, width = self._number(0x44), self._sector // 4
        for _ in range(len(self._content) // self._sector):
            if sector >= _LAST_SECTOR:
                return
            start = self._start_of(sector)
            for place in range(width - 1):
                yield self._number(start + 4 * place)
            sector = self._number(start + 4 * (width - 1))

    def _chain(self, sector: int) -> Iterator[int]:
        """Give the sectors of a chain, from its first on; in a broken file it may go in circles."""
        while sector < _LAST_SECTOR:
            yield sector
            table, place = divmod(sector, self._sector // 4)
            if table >= len(self._tables):
                raise UnreadableCompoundError("A chain leads out of the table.")
            sector = self._number(self._start_of(self._tables[table]) + 4 * place)

    def _entries(self) -> Iterator[tuple[str, int, int, int]]:
        """Give each entry of the directory: its name, and the numbers of its left, its right and its first child."""
        given = 0
        for sector in self._chain(self._number(0x30)):
            start = self._start_of(sector)
            for at in range(start, start + self._sector, _ENTRY):
                length = min(self._number(at + 0x40, "<H"), 64)
                name = self._content[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
                yield name, self._number(at + 0x44), self._number(at + 0x48), self._number(at + 0x4C)
                given += 1
                if given > _MOST_ENTRIES:
                    raise UnreadableCompoundError("The directory has no end.")

    @staticmethod
    def _children(entries: list[tuple[str, int, int, int]]) -> set[str]:
        """Give the names directly below the root, which stand in a tree of left and right."""
        found: set[int] = set()
        waiting = [entries[0][3]] if entries else []
        while waiting:
            number = waiting.pop()
            if number == _NOBODY or number in found:
                continue
            if number >= len(entries):
                raise UnreadableCompoundError("The directory names an entry that is not there.")
            found.add(number)
            waiting += entries[number][1:3]
        return {entries[number][0] for number in found}
