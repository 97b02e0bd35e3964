"""Reads the first sheet in sight of an Excel workbook (ECMA-376), row by row and without building the whole of it.

One pass both guards and reads, so that there is no second reader who could see something else than the guard did.
A formula without its result is told apart from an empty cell, which libraries that give only values cannot do.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from webapp.formats.tables.archives import Archive
from webapp.formats.tables.lines import Line, UnreadableTableError, clean, column_letters, trimmed
from webapp.formats.tables.markup import DAMAGED, Part, attribute
from webapp.formats.tables.numbers import Shown, iso_text, number_text, shown_by

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
# As long as Excel lets a text be; longer ones, shared by many cells, would be a bomb.
_LONGEST = 32_767
# How XML that cannot hold a character spells it; of these only the line break of Windows is common.
_SPELT = re.compile(r"_x00(?:0[0-8BCDEF]|1[0-9A-F])_")
_TRUE = {"1", "true"}


@dataclass(frozen=True)
class Book:
    """What stands in a workbook beside its rows: the sheet that is read, and the others in sight that are not."""

    sheet: str
    other_sheets: list[str]
    path: str
    strings: list[str]
    styles: list[Shown]
    from_1904: bool


class _Contents(Part):
    """xl/workbook.xml: the sheets in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str]] = []
        self.from_1904 = False

    def start(self, name: str, given: dict[str, str]) -> None:
        if name == "sheet" and given.get("state", "visible") == "visible":
            self.sheets.append((clean(given.get("name", "")), attribute(given, "id")))
        elif name == "workbookPr":
            self.from_1904 = given.get("date1904", "") in _TRUE


class _Relations(Part):
    """xl/_rels/workbook.xml.rels: which part is which."""

    def __init__(self) -> None:
        super().__init__()
        self.by_id: dict[str, tuple[str, str]] = {}

    def start(self, name: str, given: dict[str, str]) -> None:
        if name == "Relationship" and given.get("TargetMode") != "External":
            kind = given.get("Type", "").rpartition("/")[2]
            self.by_id[given.get("Id", "")] = (kind, given.get("Target", ""))

    def target(self, wanted: str) -> str:
        return next((target for kind, target in self.by_id.values() if kind == wanted), "")


class _Texts(Part):
    """Text in runs, without the readings that stand over East Asian words."""

    def __init__(self) -> None:
        super().__init__()
        self._aside = 0

    def start(self, name: str, given: dict[str, str]) -> None:  # noqa: ARG002 -- another part looks at what is given
        if name == "rPh":
            self._aside += 1
        elif name == "t" and not self._aside:
            self.listening = True

    def end(self, name: str) -> None:
        if name == "rPh":
            self._aside -= 1
        elif name == "t":
            self.listening = False


class _Strings(_Texts):
    """xl/sharedStrings.xml: the texts that cells point to."""

    def __init__(self) -> None:
        super().__init__()
        self.strings: list[str] = []

    def end(self, name: str) -> None:
        super().end(name)
        if name == "si":
            self.strings.append(_text(self.heard()))


class _Styles(Part):
    """xl/styles.xml: what the number format of each style shows."""

    def __init__(self) -> None:
        super().__init__()
        self.styles: list[Shown] = []
        self._codes: dict[int, str] = {}
        self._within = False

    def start(self, name: str, given: dict[str, str]) -> None:
        if name == "numFmt":
            self._codes.setdefault(_whole(given.get("numFmtId")), given.get("formatCode", ""))
        elif name == "cellXfs":
            self._within = True
        elif name == "xf" and self._within:
            number = _whole(given.get("numFmtId", "0"))
            self.styles.append(shown_by(number, self._codes.get(number)))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._within = False


@dataclass
class _Cell:
    """A cell while it is read."""

    column: int
    kind: str
    style: int
    formula: bool = False
    value: str = ""


@dataclass
class _Row:
    """A row while it is read."""

    number: int
    cells: dict[int, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    column: int = 0


class _Sheet(_Texts):
    """xl/worksheets/sheet1.xml: the rows, which are taken away as soon as they are there."""

    def __init__(self, book: Book, *, most_columns: int) -> None:
        super().__init__()
        self.rows: list[Line] = []
        self._book = book
        self._most_columns = most_columns
        self._row: _Row | None = None
        self._cell: _Cell | None = None
        self._number = 0

    def start(self, name: str, given: dict[str, str]) -> None:
        if name == "row":
            number = _whole(given.get("r", str(self._number + 1)))
            if not self._number < number <= _MOST_ROWS:
                raise UnreadableTableError(DAMAGED)
            self._number = number
            self._row = _Row(number)
        elif name == "c" and self._row:
            column = self._column_of(given.get("r"), self._row)
            self._cell = _Cell(column, given.get("t", "n"), _whole(given.get("s", "0")))
        elif self._cell:
            if name == "f":
                self._cell.formula = True
            elif name == "v":
                self.listening = True
            else:
                super().start(name, given)

    def _column_of(self, reference: str | None, row: _Row) -> int:
        """Give the place of a cell in its row from 0, which some programs leave to be counted."""
        if reference is None:
            place = row.column
        else:
            match = _REFERENCE.fullmatch(reference)
            if not match or int(match[2]) != row.number:
                raise UnreadableTableError(DAMAGED)
            place = 0
            for letter in match[1]:
                place = place * 26 + ord(letter) - ord("A") + 1
            place -= 1
        if not row.column <= place < _MOST_COLUMNS:
            raise UnreadableTableError(DAMAGED)
        row.column = place + 1
        return place

    def end(self, name: str) -> None:
        if name == "v" and self._cell:
            self.listening = False
            self._cell.value = self.heard()
        elif name == "c" and self._cell and self._row:
            if self._cell.kind == "inlineStr":
                self._cell.value = self.heard()
            self._place(self._cell, self._row)
            self._cell = None
        elif name == "row" and self._row:
            self._finish(self._row)
            self._row = None
        elif self._cell:
            super().end(name)

    def _place(self, cell: _Cell, row: _Row) -> None:
        if cell.formula and not cell.value and cell.kind != "str":
            row.problems.append(
                f"Cell {_name(cell, row)} holds a formula whose result is not in the file: "
                "open the workbook in Excel, save it and upload it again."
            )
            return
        try:
            text = self._said(cell)
        except _ProblemError as problem:
            row.problems.append(f"Cell {_name(cell, row)} {problem}.")
            return
        if text and cell.column >= self._most_columns:
            raise UnreadableTableError(
                f"This sheet has more than {self._most_columns} columns: something stands in cell {_name(cell, row)}. "
                "Copy only the table into a new workbook and upload that."
            )
        row.cells[cell.column] = text

    def _said(self, cell: _Cell) -> str:
        """Give what a cell says, as text."""
        if not cell.value:
            return ""
        match cell.kind:
            case "s":
                place = _whole(cell.value)
                if place >= len(self._book.strings):
                    raise UnreadableTableError(DAMAGED)
                text = self._book.strings[place]
            case "str" | "inlineStr":
                text = _text(cell.value)
            case "b":
                text = "yes" if cell.value.strip() in _TRUE else "no"
            case "e":
                raise _ProblemError(f"shows the error {clean(cell.value)[:20]}")
            case _:
                text = self._number_said(cell)
        if len(text) > _LONGEST:
            raise _ProblemError(f"holds more than {_LONGEST:,} characters")
        return text

    def _number_said(self, cell: _Cell) -> str:
        styles = self._book.styles
        shown = styles[cell.style] if cell.style < len(styles) else Shown.NUMBER
        try:
            if cell.kind == "d":
                return iso_text(cell.value)
            return number_text(cell.value, shown, from_1904=self._book.from_1904)
        except ValueError:
            raise _ProblemError("shows a date that does not exist" if shown else "holds no readable number") from None

    def _finish(self, row: _Row) -> None:
        width = max((place for place, text in row.cells.items() if text), default=-1) + 1
        cells = trimmed([row.cells.get(place, "") for place in range(width)])
        if cells or row.problems:
            self.rows.append(Line(row.number, cells, " ".join(row.problems)))


class _ProblemError(Exception):
    """What is wrong with one cell, as the end of a sentence."""


def open_book(archive: Archive) -> Book:
    """Give what is needed to read the first sheet in sight. Raises UnreadableTableError where that cannot be."""
    path = next((name for name in archive.names() if re.fullmatch(r"xl/workbook\d*\.xml", name, re.IGNORECASE)), "")
    contents, relations = _Contents(), _Relations()
    contents.read(archive.pieces(path))
    folder, name = posixpath.split(path)
    relations.read(archive.pieces(f"{folder}/_rels/{name}.rels"))
    sheets = [
        (title, _resolved(archive, folder, target))
        for title, (kind, target) in ((title, relations.by_id.get(key, ("", ""))) for title, key in contents.sheets)
        if kind == "worksheet"
    ]
    if not sheets:
        raise UnreadableTableError(
            "This workbook has no sheet in sight. Unhide the one with the table and upload it again."
        )
    strings, styles = _Strings(), _Styles()
    for part, kind in ((strings, "sharedStrings"), (styles, "styles")):
        target = _resolved(archive, folder, relations.target(kind))
        if target in archive:
            part.read(archive.pieces(target))
    (sheet, sheet_path), *others = sheets
    return Book(sheet, [title for title, _ in others], sheet_path, strings.strings, styles.styles, contents.from_1904)


def sheet_lines(archive: Archive, book: Book, *, most_columns: int) -> Iterator[Line]:
    """Give the rows of the book's sheet that hold anything, one by one, with their numbers and what is wrong with them.

    Raises UnreadableTableError for a sheet that is damaged, too large, or wider than `most_columns`.
    """
    sheet = _Sheet(book, most_columns=most_columns)
    for _ in sheet.reading(archive.pieces(book.path)):
        yield from sheet.rows
        sheet.rows.clear()


def _resolved(archive: Archive, folder: str, target: str) -> str:
    path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    return archive.find(path) or path


def _name(cell: _Cell, row: _Row) -> str:
    return f"{column_letters(cell.column)}{row.number}"


def _text(text: str) -> str:
    return clean(_SPELT.sub("", text) if "_x00" in text else text)


def _whole(text: str | None) -> int:
    """Give a whole number that a program wrote."""
    if text is None or not re.fullmatch(r"\s*\d{1,9}\s*", text):
        raise UnreadableTableError(DAMAGED)
    return int(text)
