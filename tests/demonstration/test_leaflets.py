"""The documents of the demonstration are such as programs can open."""

import io
import re

import pytest

from webapp.demonstration.leaflets import SHEET, as_pdf
from webapp.formats.documents import DocumentType, document_type


@pytest.mark.memory
def test_document_is_a_pdf_whose_table_leads_to_each_of_its_objects():
    pages = [("Heading", "One\nTwo, which is “longer” than a line of " + "word " * 30)]
    written = as_pdf("A (short) title", pages, SHEET)
    assert document_type(written, "x.pdf") is DocumentType.PDF
    assert written == as_pdf("A (short) title", pages, SHEET)
    table = int(re.search(rb"startxref\n(\d+)\n%%EOF\n$", written)[1])
    places = [int(line[:10]) for line in io.BytesIO(written[table:]).readlines() if line.endswith(b" n \n")]
    assert len(places) == 7
    assert [written[at:].split(b"\n", 1)[0] for at in places] == [b"%d 0 obj" % n for n in range(1, 8)]
    stream = re.search(rb"/Length (\d+) >>\nstream\n", written)
    assert written[stream.end() + int(stream[1]) :].startswith(b"\nendstream")
    assert b"(A \\(short\\) title)" in written
