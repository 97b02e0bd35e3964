"""Reads the XML of one part of a workbook, in pieces, and stops at what no honest program writes."""

from collections.abc import Iterable, Iterator
from xml.parsers import expat

from webapp.formats.tables.lines import UnreadableTableError

DAMAGED = "This workbook is damaged. Open it in Excel, save it again and upload that."
_DEEPEST = 64
_MOST_ELEMENTS = 5_000_000
# The parser reads a mark that is not finished yet again with each piece: a very long one would take it hours.
_LONGEST_MARK = 1024 * 1024
_UNSAFE = (
    "This workbook holds definitions that Excel never writes and that can harm a computer, so it was not read. "
    "Copy the table into a new workbook and upload that."
)


class Part:
    """A part of a workbook: what is heard between `listening` set and unset is kept until it is asked for.

    Names come without their prefix, since programs choose that freely.
    """

    def __init__(self) -> None:
        self.listening = False
        self._heard: list[str] = []
        self._depth = 0
        self._elements = 0

    def start(self, name: str, given: dict[str, str]) -> None:
        """Take the beginning of an element with its attributes."""

    def end(self, name: str) -> None:
        """Take the end of an element."""

    def heard(self) -> str:
        """Give the text heard since the last time."""
        text = "".join(self._heard)
        self._heard.clear()
        return text

    def read(self, pieces: Iterable[bytes]) -> None:
        """Read all of it. Raises UnreadableTableError for what is no XML or holds definitions of entities."""
        for _ in self.reading(pieces):
            pass

    def reading(self, pieces: Iterable[bytes]) -> Iterator[None]:
        """Read all of it, stopping after each piece. Raises UnreadableTableError as `read` does."""
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = _refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._hear
        fed = 0
        try:
            for piece in pieces:
                parser.Parse(piece, False)
                fed += len(piece)
                _check_mark(fed - parser.CurrentByteIndex)
                yield
            parser.Parse(b"", True)
        except UnreadableTableError:
            raise
        except (expat.ExpatError, LookupError, ValueError) as error:  # the last two for encodings it does not know
            raise UnreadableTableError(DAMAGED) from error
        yield

    def _start(self, name: str, given: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > _DEEPEST or self._elements > _MOST_ELEMENTS:
            raise UnreadableTableError(DAMAGED)
        self.start(name.rpartition(":")[2], given)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self.end(name.rpartition(":")[2])

    def _hear(self, text: str) -> None:
        if self.listening:
            self._heard.append(text)


def _check_mark(unfinished: int) -> None:
    if unfinished > _LONGEST_MARK:
        raise UnreadableTableError(DAMAGED)


def attribute(given: dict[str, str], name: str) -> str:
    """Give an attribute that has a prefix, whichever that is, or an empty text."""
    return next((value for key, value in given.items() if key.rpartition(":")[2] == name and ":" in key), "")


def _refuse(*_: object) -> None:
    raise UnreadableTableError(_UNSAFE)
