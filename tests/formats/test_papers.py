"""Papers as Word and as tagged PDF: what was typed stays text, nothing is fetched, the same paper is the same bytes."""

import re
import zlib
from datetime import UTC, datetime
from io import BytesIO

import docx
import html5lib
import pytest

from webapp.formats import papers
from webapp.formats.papers import Paper, Part, Passage, Section

pytestmark = pytest.mark.memory

SLY = '<script>alert(1)</script><img src="http://example.org/x.png"> & \x00\x0b\ud800 =1+1'
PAPER = Paper(
    title="What <we> think",
    about=["A tool. By Dina Okafor."],
    sections=[
        Section(
            title="Families stay together",
            about=["And get help.", ""],
            parts=[
                Part(title="What helps?", passages=[Passage(heading="3 May 2027", text=f"One\ntwo\n\n{SLY}")]),
                Part(title="What hinders?"),
            ],
        )
    ],
    made_at=datetime(2027, 5, 10, 9, 0, tzinfo=UTC),
    lines=2,
)
TOLD = '<script>alert(1)</script><img src="http://example.org/x.png"> &  =1+1'


def streams(pdf):
    """All that a PDF holds, unpacked."""
    found = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return b"\n".join(zlib.decompress(one) if one[:1] == b"x" else one for one in found) + pdf


def test_word_has_headings_in_order_and_what_was_typed_as_text():
    made = papers.to_word(PAPER)

    document = docx.Document(BytesIO(made))
    assert [(one.style.name, one.text) for one in document.paragraphs] == [
        ("Heading 1", "What <we> think"),
        ("Normal", "A tool. By Dina Okafor."),
        ("Heading 2", "Families stay together"),
        ("Normal", "And get help."),
        ("Heading 3", "What helps?"),
        ("Heading 4", "3 May 2027"),
        ("Normal", "One\ntwo"),
        ("Normal", TOLD),
        ("Heading 3", "What hinders?"),
        ("Normal", "\n\n"),
    ]
    properties = document.core_properties
    assert (properties.title, properties.author, properties.language) == ("What <we> think", "", "en-GB")
    assert papers.to_word(PAPER) == made


def test_pdf_is_tagged_and_says_so():
    made = papers.to_pdf(PAPER)

    held = streams(made)
    assert made.startswith(b"%PDF-")
    assert re.search(rb"pdfuaid:part[^0-9]*1", held)
    for mark in (b"/MarkInfo", b"/StructTreeRoot", b"/H1", b"/H2", b"/H3", b"/Lang"):
        assert mark in held
    assert b"example.org/x.png" not in b"".join(re.findall(rb"/URI.*", held))
    assert papers.to_pdf(PAPER) == made


def test_page_behind_the_pdf_holds_nothing_that_was_typed_as_markup():
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(papers.as_html(PAPER))

    assert {element.tag for element in tree.iter()} == {
        *("html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "h4", "p", "br")
    }
    assert tree.get("lang") == "en-GB"
    assert TOLD in "".join(tree.itertext())
    with pytest.raises(ValueError, match="holds all that it needs"):
        papers._fetch_nothing("file:///etc/passwd")


def test_machine_without_pango_is_told_apart(monkeypatch):
    monkeypatch.setattr(papers, "_PANGO", ("libnothing-of-that-name.so",))
    papers.can_make_pdf.cache_clear()
    try:
        assert not papers.can_make_pdf()
        with pytest.raises(papers.PdfUnavailableError):
            papers.to_pdf(PAPER)
    finally:
        papers.can_make_pdf.cache_clear()
