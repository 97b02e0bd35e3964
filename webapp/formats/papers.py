"""Papers to keep, print and pass on, as Word documents and as tagged PDF: headings, passages, nothing fetched.

The PDF is accessible (PDF/UA-1). It is made by a library that needs Pango of the operating system, which may be absent;
both libraries are large, so they are loaded when the first paper is made.
"""

import re
from collections.abc import Iterator, Sequence
from ctypes import CDLL
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from importlib.util import find_spec
from io import BytesIO
from typing import Any, NoReturn
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_PANGO = ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll", "pango-1.0-0")
# What XML cannot hold: Word would not open the file.
_UNFIT = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STYLE = """
@page { size: A4; margin: 20mm 18mm; @bottom-right { content: counter(page) " of " counter(pages); font-size: 9pt } }
body { font-family: "Liberation Sans", "DejaVu Sans", sans-serif; font-size: 11pt; line-height: 1.4; color: #0b0c0c }
h1 { font-size: 22pt; line-height: 1.2; margin: 0 0 4mm }
h2 { font-size: 16pt; line-height: 1.25; margin: 9mm 0 3mm; padding-top: 3mm; border-top: 2pt solid #0b4f5c }
h3 { font-size: 12.5pt; margin: 6mm 0 2mm }
h4 { font-size: 10.5pt; margin: 3mm 0 1mm; color: #505a5f }
h2, h3, h4 { break-after: avoid }
p { margin: 0 0 2.5mm; orphans: 2; widows: 2; overflow-wrap: anywhere }
"""


class PdfUnavailableError(Exception):
    """What PDFs are made with is missing on this machine."""


@dataclass(frozen=True, kw_only=True)
class Passage:
    """What was written, under a heading such as its day; lines stay lines."""

    heading: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """A heading with the passages under it."""

    title: str
    passages: Sequence[Passage] = ()


@dataclass(frozen=True, kw_only=True)
class Section:
    """A larger heading, with lines about it and its parts."""

    title: str
    about: Sequence[str] = ()
    parts: Sequence[Part] = ()


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A whole paper: its title, lines about it, and its sections."""

    title: str
    about: Sequence[str] = ()
    sections: Sequence[Section] = ()
    made_at: datetime
    language: str = "en-GB"
    # Where a part has no passage, so many empty lines are left to write on by hand.
    lines: int = 0


def to_word(paper: Paper) -> bytes:
    """The paper as a Word document, with real headings, so that it can be read by ear and changed."""
    from docx import Document  # noqa: PLC0415 -- takes a tenth of a second, and most processes never need it

    document: Any = Document()
    describe(document, title=paper.title, language=paper.language, made_at=paper.made_at)
    for level, text in _flow(paper):
        if level:
            document.add_heading(text, level=level)
        else:
            document.add_paragraph(text)
    return saved(document)


def describe(document: Any, *, title: str, language: str, made_at: datetime) -> None:
    """Give a new Word document its title, language and time, and take away what the library's template says."""
    from docx.oxml.ns import qn  # noqa: PLC0415 -- as above

    properties = document.core_properties
    properties.title, properties.author, properties.language = fit(title), "", language
    properties.comments, properties.created, properties.modified = "", made_at, made_at
    runs = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    runs.find(qn("w:lang")).set(qn("w:val"), language)


def saved(document: Any) -> bytes:
    """The bytes of a Word document, the same whenever it is made."""
    file = BytesIO()
    document.save(file)
    return _without_clock(file)


def fit(text: str) -> str:
    """The text without what XML cannot hold."""
    return _UNFIT.sub("", text)


def to_pdf(paper: Paper) -> bytes:
    """The paper as PDF/UA-1; raises PdfUnavailableError where Pango is missing."""
    if not can_make_pdf():
        raise PdfUnavailableError
    try:
        from weasyprint import HTML  # noqa: PLC0415 -- takes a second and 40 MB, and needs Pango
    except (ImportError, OSError) as error:
        raise PdfUnavailableError from error
    page = HTML(string=as_html(paper), url_fetcher=_fetch_nothing)
    made: bytes = page.write_pdf(pdf_variant="pdf/ua-1")
    return made


@cache
def can_make_pdf() -> bool:
    """Whether what PDFs are made with is on this machine, without loading more of it than a library of the system."""
    if find_spec("weasyprint") is None:
        return False
    for name in _PANGO:
        try:
            CDLL(name)
        except OSError:
            continue
        return True
    return False


def as_html(paper: Paper) -> str:
    """The paper as a page that holds all it needs; everything that was typed is escaped."""
    body = "".join(
        f"<h{level}>{escape(text)}</h{level}>"
        if level
        else f"<p>{escape(text).replace(chr(10), '<br>') or '&nbsp;'}</p>"
        for level, text in _flow(paper)
    )
    title, language = escape(fit(paper.title)), escape(paper.language)
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>"
    )


def _flow(paper: Paper) -> Iterator[tuple[int, str]]:
    """The paper from top to bottom: the level of each heading, 0 for a paragraph, and its words."""
    yield 1, fit(paper.title)
    yield from ((0, fit(line)) for line in paper.about)
    for section in paper.sections:
        yield 2, fit(section.title)
        yield from ((0, fit(line)) for line in section.about if line)
        for part in section.parts:
            yield 3, fit(part.title)
            for passage in part.passages:
                yield 4, fit(passage.heading)
                yield from ((0, block) for block in fit(passage.text).split("\n\n"))
            if not part.passages and paper.lines:
                yield 0, "\n" * paper.lines


def _without_clock(file: BytesIO) -> bytes:
    """The same archive with the same bytes whenever it is made: the library notes the time in it."""
    made = BytesIO()
    with ZipFile(file) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(ZipInfo(name), old.read(name), ZIP_DEFLATED)
    return made.getvalue()


def _fetch_nothing(url: str, *_arguments: Any, **_options: Any) -> NoReturn:
    raise ValueError(f"a paper holds all that it needs: {url[:40]}")
