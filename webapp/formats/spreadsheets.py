"""Tables for spreadsheet programs: CSV (RFC 4180) and XLSX (ECMA-376).

What a stranger typed must not run as a formula on an organiser's machine: CSV has no types, so dangerous text there
gets an apostrophe in front; XLSX says that text is text.
"""

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

Cell = str | int | float | Decimal | bool | date | datetime | None

XLSX_ROWS = 1_048_576
_XLSX_TEXT = 32_767
# Excel counts in doubles: a whole number from here on would lose its last digits without a word.
_XLSX_WHOLE = 2**53
_XLSX_FIRST_YEAR = 1900
_NARROWEST, _WIDEST = 8, 50
_CHUNK = 64 * 1024

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# OWASP's list, with the full-width forms that some Excels read alike; a blank before the sign makes it no safer.
_FORMULA = re.compile(r"[\t\n]|\s*[=+\-@＝＋－＠]")


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Give the table as CSV (RFC 4180) in UTF-8, with the byte order mark without which Excel reads Windows-1252."""
    return b"".join(csv_chunks(header, rows))


def csv_chunks(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Give the bytes of `csv_bytes` (RFC 4180) in pieces of about 64 KiB, reading rows only as they are asked for."""
    page = io.StringIO(newline="")
    page.write("\ufeff")
    writer = csv.writer(page, lineterminator="\r\n")
    writer.writerow([_csv_value(title) for title in header])
    for row in rows:
        writer.writerow([_csv_value(cell) for cell in row])
        if page.tell() >= _CHUNK:
            yield page.getvalue().encode()
            page.seek(0)
            page.truncate()
    yield page.getvalue().encode()


def xlsx_bytes(sheet_name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Give the table as an XLSX workbook (ECMA-376) of one sheet, its header bold and kept in sight.

    Moments keep the local time that they are given in, since Excel knows no zones. Raises ValueError for more rows
    than the 1,048,576 of Excel, the header included.
    """
    output = io.BytesIO()
    how = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(output, how) as book:
        # Else the workbook would hold the moment of its making, and differ each time.
        book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 -- XlsxWriter writes it as UTC, unconverted
        sheet = book.add_worksheet(_sheet_name(sheet_name))
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        looks: dict[type, Any] = {
            date: book.add_format({"num_format": "dd/mm/yyyy"}),
            datetime: book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        }
        widths: dict[int, int] = {}
        for column, title in enumerate(header):
            sheet.write_string(0, column, _xlsx_text(title), bold)
            widths[column] = len(title)
        for number, row in enumerate(rows, start=1):
            if number >= XLSX_ROWS:
                raise ValueError("An XLSX sheet has no more than 1,048,576 rows.")
            for column, cell in enumerate(row):
                shown = _write(sheet, number, column, cell, looks)
                widths[column] = max(widths.get(column, 0), shown)
        for column, width in widths.items():
            sheet.set_column(column, column, min(max(width + 2, _NARROWEST), _WIDEST))
    return output.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Cell, looks: Mapping[type, Any]) -> int:
    """Write one cell as what it is, and give the number of characters that it shows."""
    match cell:
        case None:
            return 0
        case bool():
            return _write_text(sheet, row, column, _yes_or_no(said=cell))
        case date() if cell.year >= _XLSX_FIRST_YEAR:
            look = looks[datetime if isinstance(cell, datetime) else date]
            sheet.write_datetime(row, column, cell, look)
            return len(str(look.num_format))
        case int() | float() | Decimal() if math.isfinite(cell) and -_XLSX_WHOLE < cell < _XLSX_WHOLE:
            sheet.write_number(row, column, cell)
            return len(str(cell))
        case _:
            return _write_text(sheet, row, column, _xlsx_text(_as_text(cell)))


def _write_text(sheet: Any, row: int, column: int, text: str) -> int:
    sheet.write_string(row, column, text)
    return max(len(line) for line in text.split("\n"))


def _xlsx_text(text: str) -> str:
    plain = _plain(text)
    # XlsxWriter drops a longer text whole; Excel would call the file broken.
    return plain if len(plain) <= _XLSX_TEXT else plain[: _XLSX_TEXT - 1] + "…"


def _csv_value(cell: Cell) -> str | int | float | Decimal:
    if isinstance(cell, bool):
        return _yes_or_no(said=cell)
    if isinstance(cell, int | float | Decimal) and math.isfinite(cell):
        return cell
    text = _plain(_as_text(cell))
    return f"'{text}" if _FORMULA.match(text) else text


def _as_text(cell: Cell) -> str:
    """Give what a cell says where its type cannot; what is no number says nothing."""
    match cell:
        case str():
            return cell
        case datetime():
            # With a blank and without the zone, or Excel takes it for text.
            return cell.replace(tzinfo=None).isoformat(" ", "minutes")
        case date():
            return cell.isoformat()
        case int():
            return str(cell)
        case Decimal() if cell.is_finite():
            return str(cell)
        case float() if math.isfinite(cell):
            return str(cell)
        case _:
            return ""


def _yes_or_no(*, said: bool) -> str:
    return "yes" if said else "no"


def _plain(text: str) -> str:
    """Give the text without the characters that XML cannot hold, its line breaks made one kind."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _sheet_name(name: str) -> str:
    """Give a name that Excel takes: some signs barred, no apostrophe at the ends, 31 UTF-16 units, not "History"."""
    kept = " ".join(re.sub(r"[\[\]:*?/\\]", " ", _plain(name)).split())
    while len(kept.encode("utf-16-le")) > 31 * 2:
        kept = kept[:-1]
    kept = kept.strip().strip("'").strip()
    return kept if kept and kept.casefold() != "history" else "Sheet1"
