"""Reads the table that an organiser uploads, CSV or Excel workbook, as clean text row by row.

What is no such table is refused with a sentence that says what it is and what to do; what is wrong with one row stands
with that row, so that whoever imports can say of each what became of it. Nothing is cut off without a word.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from webapp.formats.tables.archives import Archive
from webapp.formats.tables.delimited import delimited_lines, delimiter_of, encoding_of
from webapp.formats.tables.kinds import Kind, kind_of
from webapp.formats.tables.lines import Line, UnreadableTableError, column_letters, folded, shown_name
from webapp.formats.tables.workbooks import open_book, sheet_lines

__all__ = ["Row", "Table", "UnreadableTableError", "columns", "read_table"]

_SHOWN_CELL = 40


@dataclass(frozen=True)
class Row:
    """One row under the header and as wide; its number as a spreadsheet program shows it, and what is wrong with it."""

    number: int
    cells: list[str]
    problem: str = ""


@dataclass(frozen=True)
class Table:
    """The table read; of a workbook also the name of its sheet, and those of the sheets in sight that were not read."""

    header: list[str]
    rows: list[Row]
    sheet: str = ""
    other_sheets: list[str] = field(default_factory=list)


def read_table(content: bytes, *, filename: str, most_rows: int, most_columns: int = 100) -> Table:
    """Give the table in the bytes of a CSV file or Excel workbook, told by what they are, not by the name.

    The header is the first row with anything in it; blank rows are left out, and so are columns without heading and
    content. Dates come as 2027-06-14, times as 09:30, yes and no as such. Raises UnreadableTableError, with a sentence
    for people, for anything else than a table of at most so many rows and columns under headings that differ.
    """
    match kind_of(content):
        case Kind.CSV:
            encoding = encoding_of(content)
            lines = delimited_lines(content, encoding=encoding, delimiter=delimiter_of(content, encoding))
            return _table(lines, filename, most_rows, most_columns)
        case Kind.XLSX:
            archive = Archive(content)
            book = open_book(archive)
            table = _table(sheet_lines(archive, book, most_columns=most_columns), filename, most_rows, most_columns)
            return Table(table.header, table.rows, book.sheet, book.other_sheets)
        case (what, todo):
            raise UnreadableTableError(f"{shown_name(filename)} is {what}. {todo[0].upper()}{todo[1:]}.")


def columns(table_header: Sequence[str], wanted: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Give the place of the column for each wanted field that has one, by any of the spellings that the field goes by.

    Case, accents, spaces and punctuation do not count. A column serves one field; where several would do, an earlier
    spelling goes first.
    """
    places = {folded(name): place for place, name in reversed(list(enumerate(table_header)))}
    found: dict[str, int] = {}
    for rank in range(max((len(spellings) for spellings in wanted.values()), default=0)):
        for name, spellings in wanted.items():
            if name not in found and rank < len(spellings):
                place = places.get(folded(spellings[rank]))
                if place is not None and place not in found.values():
                    found[name] = place
    return {name: found[name] for name in wanted if name in found}


def _table(lines: Iterator[Line], filename: str, most_rows: int, most_columns: int) -> Table:
    head = next((line for line in lines if not line.empty), None)
    if head is None:
        raise UnreadableTableError(f"{shown_name(filename)} is empty: there is nothing in it to read.")
    _check_header(head, most_columns)
    width = len(head.cells)
    named = [place for place, name in enumerate(head.cells) if name]
    gaps = [place for place, name in enumerate(head.cells) if not name]
    rows: list[Row] = []
    for line in lines:
        if line.empty:
            continue
        if len(rows) >= most_rows:
            raise UnreadableTableError(
                f"{shown_name(filename)} has more than {most_rows:,} rows, which is the most that can be read at once. "
                "Upload it in parts."
            )
        cells = line.cells + [""] * (width - len(line.cells))
        for place in gaps:
            if cells[place]:
                raise UnreadableTableError(
                    f"Column {column_letters(place)} has no heading, but row {line.number} has something in it. "
                    "Give the column a heading, or empty it."
                )
        rows.append(Row(line.number, [cells[place] for place in named], _problem(line, width)))
    return Table([head.cells[place] for place in named], rows)


def _check_header(head: Line, most_columns: int) -> None:
    """Refuse headings by which columns could not be told apart."""
    if head.problem:
        raise UnreadableTableError(f"The headings could not be read. {head.problem}")
    if len(head.cells) > most_columns:
        raise UnreadableTableError(
            f"This table has {len(head.cells):,} columns; at most {most_columns} can be read. "
            "Delete those that are not needed and upload it again."
        )
    seen: dict[str, int] = {}
    for place, name in enumerate(head.cells):
        key = folded(name) or name
        if key and key in seen:
            raise UnreadableTableError(
                f"Columns {column_letters(seen[key])} and {column_letters(place)} have the same heading, "
                f"“{_short(name)}”. Give each column a heading of its own."
            )
        seen[key] = place


def _problem(line: Line, width: int) -> str:
    problems = [line.problem] if line.problem else []
    beyond = [place for place in range(width, len(line.cells)) if line.cells[place]]
    if beyond:
        place = beyond[0]
        problems.append(
            f"Row {line.number} has more cells than there are headings: "
            f"“{_short(line.cells[place])}” stands in column {column_letters(place)}, which has none."
        )
    return " ".join(problems)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN_CELL else text[: _SHOWN_CELL - 1] + "…"
