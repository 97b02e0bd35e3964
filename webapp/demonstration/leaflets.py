"""Short PDF documents for the demonstration, written as plain pages of text (ISO 32000-1): the same bytes each time."""

from collections.abc import Sequence

# A slide of 16 to 9 and a sheet of A4, in points.
SLIDE, SHEET = (960, 540), (595, 842)
_LETTERS_TO_THE_LINE = {SLIDE: 58, SHEET: 62}


def as_pdf(title: str, pages: Sequence[tuple[str, str]], size: tuple[int, int] = SLIDE) -> bytes:
    """A document of these pages, each with a heading and a text whose lines are its points."""
    texts = [_page(heading, text, size, number, len(pages)) for number, (heading, text) in enumerate(pages, start=1)]
    first = 5
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(texts)))
    box = f"[0 0 {size[0]} {size[1]}]"
    fonts = "<< /F1 3 0 R /F2 4 0 R >>"
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) /ViewerPreferences << /DisplayDocTitle true >> >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(texts)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    ]
    for number, text in enumerate(texts):
        content = first + 2 * number + 1
        page = f"/Type /Page /Parent 2 0 R /MediaBox {box} /Contents {content} 0 R /Resources << /Font {fonts} >>"
        objects += [f"<< {page} >>".encode(), b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text)]
    objects.append(b"<< /Title (%s) /Creator (Waymark, demonstration) >>" % _escaped(title))
    return _written(objects)


def _written(objects: Sequence[bytes]) -> bytes:
    written, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    end = b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (count, len(objects))
    xref = b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    return written + xref + end + b"startxref\n%d\n%%%%EOF\n" % len(written)


def _page(heading: str, text: str, size: tuple[int, int], number: int, of: int) -> bytes:
    wide, high = size
    left, large, small = wide // 16, 34 if size == SLIDE else 24, 22 if size == SLIDE else 13
    drawn = [f"0.043 0.31 0.361 rg 0 {high - 14} {wide} 14 re f".encode()]
    at = high - 14 - large - left
    drawn.append(_line(heading, left, at, large, bold=True))
    at -= large
    for point in text.splitlines():
        for line in _broken(point, _LETTERS_TO_THE_LINE[size] * wide // (wide + 2 * left)):
            at -= int(small * 1.4)
            drawn.append(_line(line, left, at, small))
        at -= small // 2
    foot = f"An invented document, for demonstration. {number} of {of}"
    drawn.append(_line(foot, left, left // 2, 11))
    return b"\n".join(drawn)


def _line(text: str, x: int, y: int, size: int, *, bold: bool = False) -> bytes:
    font = 2 if bold else 1
    return b"BT 0.043 0.047 0.047 rg /F%d %d Tf %d %d Td (%s) Tj ET" % (font, size, x, y, _escaped(text))


def _escaped(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _broken(text: str, letters: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > letters:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
