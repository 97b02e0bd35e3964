"""Reads CSV (RFC 4180) as programs really write it: any of their encodings, separators and ends of lines."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from webapp.formats.tables.lines import Line, UnreadableTableError, clean, trimmed

DELIMITERS = ("\t", ";", ",")
_BOMS = [(codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")]
_PIECE = 64 * 1024
_SAMPLE_ROWS = 100
# As many as Excel holds; only a file of nothing but line breaks comes near it.
_MOST_LINES = 1_048_576
_SEP = re.compile(r'"?sep=([,;\t|])"?\s*\Z', re.IGNORECASE)
_SEP_LONGEST = 16
# What our own exports put before text that a spreadsheet program would run.
_GUARDED = re.compile(r"'(?=[\t\n]|\s*[=+\-@＝＋－＠])")
_NO_TEXT = "This file is no table: it holds bytes that are no text. Save the table as “CSV UTF-8” and upload that."


def encoding_of(content: bytes) -> str:
    """Give the encoding in which the bytes are text: UTF-8, UTF-16 with or without its mark, or Windows-1252.

    Raises UnreadableTableError for what is text in none of them, or in two at once.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            _check(content, encoding)
            return encoding
    if b"\0" in content:
        encoding = _unmarked_utf16(content)
        _check(content, encoding)
        return encoding
    if _decodes(content, "utf-8"):
        return "utf-8"
    _check_unmixed(content)
    _check(content, "cp1252")
    return "cp1252"


def _unmarked_utf16(content: bytes) -> str:
    """Tell UTF-16 by the zero byte that it gives every plain letter: behind it, or before it."""
    sample = content[:_PIECE]
    before, behind = sample[0::2].count(0), sample[1::2].count(0)
    letters = max(len(sample) // 2, 1)
    if behind / letters > 0.4 and before / letters < 0.05:
        return "utf-16-le"
    if before / letters > 0.4 and behind / letters < 0.05:
        return "utf-16-be"
    raise UnreadableTableError(_NO_TEXT)


def _check(content: bytes, encoding: str) -> None:
    if not _decodes(content, encoding):
        raise UnreadableTableError(_NO_TEXT)


def _decodes(content: bytes, encoding: str) -> bool:
    """Whether all of it is text in an encoding, found out without holding all of the text."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(content), _PIECE):
            if "\0" in decoder.decode(content[start : start + _PIECE]):
                return False
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _check_unmixed(content: bytes) -> None:
    """Refuse UTF-8 with a few foreign bytes: taken for Windows-1252, every accent in it would turn to rubbish."""
    text = content.decode("utf-8", errors="surrogateescape")
    foreign = re.findall("[\udc80-\udcff]", text)
    if len(re.findall("[\x80-\ud7ff\ue000-\U0010ffff]", text)) > len(foreign):
        line = text.count("\n", 0, text.index(foreign[0])) + 1
        raise UnreadableTableError(
            f"Most of this file is UTF-8, but line {line} is not. "
            "Save the table as “CSV UTF-8” once more and upload that."
        )


def delimiter_of(content: bytes, encoding: str) -> str:
    """Give what parts the cells: what Excel's own first line says, else what gives the rows the most even width."""
    sample = _sample(content, encoding)
    said = _said_delimiter(sample)
    if said:
        return said
    whole = len(content) <= _PIECE
    scores = {delimiter: _evenness(sample, delimiter, whole=whole) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: scores[delimiter])
    return best if scores[best] > (0, 0) else ","


def _sample(content: bytes, encoding: str) -> str:
    decoder = codecs.getincrementaldecoder(encoding)()
    return decoder.decode(content[:_PIECE])


def _said_delimiter(text: str) -> str:
    match = _SEP.match(text[:_SEP_LONGEST].splitlines()[0] if text else "")
    return match[1] if match else ""


def _evenness(sample: str, delimiter: str, *, whole: bool) -> tuple[float, int]:
    """Give the share of rows as wide as the first and that width; nothing where the first row is one cell."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    widths = [len(cells) for cells in islice(reader, _SAMPLE_ROWS) if any(cells)]
    if not whole and 1 < len(widths) < _SAMPLE_ROWS:
        # The last row of a sample is cut off somewhere.
        widths.pop()
    if not widths or widths[0] < 2:
        return (0, 0)
    return (sum(width == widths[0] for width in widths) / len(widths), widths[0])


def delimited_lines(content: bytes, *, encoding: str, delimiter: str, quoted: bool = True) -> Iterator[Line]:
    """Give the lines of CSV one by one, cells clean, numbered as a spreadsheet program numbers its rows.

    A quoted line break stays in its cell, so a row may be several lines of the file; blank lines are given and counted,
    the `sep=` line of Excel is neither. With `quoted` off, quotation marks are letters like others. Raises
    UnreadableTableError for quotation marks that do not fit and for more lines than Excel holds.
    """
    text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
    if not _said_delimiter(text.readline(_SEP_LONGEST)):
        text.seek(0)
    reader = csv.reader(text, delimiter=delimiter, strict=True, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE)
    number = 0
    while True:
        number += 1
        if number > _MOST_LINES:
            raise UnreadableTableError("This file has more lines than Excel can hold. Upload it in parts.")
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableTableError(_quotation_problem(number, error)) from error
        yield Line(number, trimmed([clean(cell[1:] if _GUARDED.match(cell) else cell) for cell in cells]))


def _quotation_problem(number: int, error: csv.Error) -> str:
    if "field larger" in str(error):
        return (
            f"Row {number} has a cell of more than {csv.field_size_limit():,} characters. "
            "Perhaps a quotation mark in it is never closed."
        )
    return (
        f"Row {number} has a quotation mark that is never closed, or that stands inside a quoted cell. "
        "Open the file in Excel, save it as “CSV UTF-8” and upload that."
    )
