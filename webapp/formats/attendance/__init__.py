"""Reads who took part in a meeting, and how long, from the reports that Microsoft Teams and Zoom give.

A report is known by its headings, not by its name; re-saved by Excel it is read all the same. Whoever joins five times
is one person with five stays. A line that was not understood is given back as such, so that nobody is lost in silence.
"""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice

from webapp.formats.attendance import teams, zoom
from webapp.formats.attendance.people import (
    Attendee,
    Report,
    Stay,
    Unread,
    UnreadableReportError,
    merged_minutes,
)
from webapp.formats.tables.archives import Archive
from webapp.formats.tables.delimited import DELIMITERS, delimited_lines, encoding_of
from webapp.formats.tables.kinds import Kind, kind_of
from webapp.formats.tables.lines import Line, UnreadableTableError, shown_name
from webapp.formats.tables.workbooks import open_book, sheet_lines

__all__ = ["Attendee", "Report", "Stay", "Unread", "UnreadableReportError", "merged_minutes", "read_report"]

MOST_BYTES = 10 * 1024 * 1024
MOST_LINES = 50_000
_MOST_COLUMNS = 100
_AS_IT_CAME = "Download the attendance report from Teams or Zoom again and upload it as it is."


def read_report(content: bytes, *, filename: str, expected: date | None = None) -> Report:
    """Give what the bytes of an attendance report say, by what they are; the name is for sentences only.

    `expected` is the day of the meeting, which helps to tell the day in a date from the month. Raises
    UnreadableReportError, with a sentence for people, for what is no such report, is larger than 10 MB or 50,000 lines,
    names nobody, or has dates that can be read in two ways.
    """
    name = shown_name(filename)
    if len(content) > MOST_BYTES:
        raise UnreadableReportError(f"{name} is larger than 10 MB, which no attendance report is. {_AS_IT_CAME}")
    try:
        report = _read(content, name, expected)
    except UnreadableTableError as error:
        raise UnreadableReportError(f"{name} could not be read. {error}") from error
    if not report.people and not report.absent:
        if report.unread:
            first = report.unread[0]
            raise UnreadableReportError(
                f"No line of {name} says who took part and when. The first that was not understood is line "
                f"{first.line}: “{first.text[:80]}”. {_AS_IT_CAME}"
            )
        raise UnreadableReportError(f"{name} names nobody who took part.")
    return report


def _read(content: bytes, name: str, expected: date | None) -> Report:
    for lines, failed in _ways(content, name):
        for line in lines:
            read = _reader_of(line)
            if read and failed:
                raise failed
            if read:
                return read(lines, expected=expected)
    raise UnreadableReportError(
        f"{name} is no attendance report that we know: it has no headings such as “Name”, “First Join” and "
        f"“Last Leave” from Teams, or “Name (Original Name)” and “Join Time” from Zoom. {_AS_IT_CAME}"
    )


def _reader_of(line: Line) -> Callable[..., Report] | None:
    # Zoom first, since Teams has no heading that the other could not have.
    if zoom.is_heading(line.cells):
        return zoom.read_zoom
    return teams.read_teams if teams.is_heading(line.cells) else None


def _ways(content: bytes, name: str) -> Iterator[tuple[list[Line], UnreadableTableError | None]]:
    """Give the lines of the file in each of the ways in which they may be meant to be parted, and what stopped that."""
    match kind_of(content):
        case Kind.XLSX:
            archive = Archive(content)
            lines, failed = _kept(sheet_lines(archive, open_book(archive), most_columns=_MOST_COLUMNS), name)
            if failed:
                raise failed
            yield lines, None
        case Kind.CSV:
            encoding = encoding_of(content)
            for delimiter in DELIMITERS:
                lines, failed = _kept(delimited_lines(content, encoding=encoding, delimiter=delimiter), name)
                if failed and delimiter == "\t":
                    # Teams puts names between tabs as they are, with whatever quotation marks stand in them.
                    whole = delimited_lines(content, encoding=encoding, delimiter=delimiter, quoted=False)
                    lines, failed = _kept(whole, name)
                yield lines, failed
        case (what, _):
            raise UnreadableReportError(f"{name} is {what}. {_AS_IT_CAME}")


def _kept(lines: Iterator[Line], name: str) -> tuple[list[Line], UnreadableTableError | None]:
    kept: list[Line] = []
    try:
        kept.extend(islice(lines, MOST_LINES + 1))
    except UnreadableTableError as error:
        return kept, error
    if len(kept) > MOST_LINES:
        raise UnreadableReportError(f"{name} has more than {MOST_LINES:,} lines, which no attendance report has.")
    return kept, None
