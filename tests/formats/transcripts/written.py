"""Files as programs write them, with invented people; none of what they say was ever said."""

import io
import zipfile
from html import escape

from webapp.formats.transcripts import Reading, Turn

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)


def said(reading: Reading) -> list[tuple[str | None, str]]:
    """Who said what."""
    return [(turn.label, turn.words) for turn in reading.turns]


def timed(turn: Turn) -> list[tuple[int | None, int | None, str]]:
    """The pieces of a turn."""
    return [(piece.start, piece.end, piece.words) for piece in turn.pieces]


def accounted(reading: Reading) -> set[int]:
    """The numbers of all lines that a reading knows of."""
    apart = (*reading.before, *reading.asides, *reading.unread)
    return {number for turn in reading.turns for number in turn.lines} | {line.number for line in apart}


def paragraph(*runs: str) -> str:
    """A paragraph; a line break stands where a run has one."""
    text = "".join(
        "<w:r>"
        + "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in run.split("\n"))
        + "</w:r>"
        for run in runs
    )
    return f"<w:p>{text}</w:p>"


def docx(*blocks: str, types: str = TYPES, doctype: str = "", **parts: bytes) -> bytes:
    """A Word document of these blocks of its XML, with further parts by name."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        body = "".join(blocks)
        archive.writestr(
            "word/document.xml", f'{doctype}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
        )
        for name, content in parts.items():
            archive.writestr(f"word/{name}", content)
    return file.getvalue()
