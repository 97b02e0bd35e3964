"""QR codes (ISO/IEC 18004) that phones read from a screen or a wall, as SVG for a page and as PNG for print.

Black on white whatever the page looks like, with four blank modules around and a quarter of the code spare
(level M holds when 15 per cent is dirty or torn): what scanners ask for.
"""

import io
from html import escape
from itertools import groupby

import segno

QUIET = 4
# On a page without our stylesheet the code still is large enough to be read from a desk.
_PIXELS = 6


def qr_svg(text: str, *, title: str) -> str:
    """Give an svg element to stand in a page, named by the title to those who do not see it, without style or script.

    The title is escaped here. Raises ValueError for no text or more than a code holds (2,331 bytes).
    """
    code = _code(text)
    width, height = code.symbol_size(border=QUIET)
    name = escape(" ".join(title.split()))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="wm-qr" viewBox="0 0 {width} {height}"'
        f' width="{width * _PIXELS}" height="{height * _PIXELS}" role="img" aria-label="{name}"'
        f' shape-rendering="crispEdges"><title>{name}</title>'
        f'<path fill="#fff" d="M0 0h{width}v{height}H0z"/><path fill="#000" d="{_dark(code)}"/></svg>'
    )


def qr_png(text: str, scale: int) -> bytes:
    """Give the code as a PNG image in black and white, each module `scale` pixels wide, the same bytes each time.

    Raises ValueError for a scale below one, for no text, or for more than a code holds (2,331 bytes).
    """
    if scale < 1:
        raise ValueError("A module is at least one pixel wide.")
    written = io.BytesIO()
    _code(text).save(written, kind="png", scale=scale, border=QUIET)
    return written.getvalue()


def _code(text: str) -> segno.QRCode:
    if not text:
        raise ValueError("A QR code says something.")
    # The level is not raised where there is room: a code printed today looks like the one of tomorrow's longer name.
    try:
        return segno.make_qr(text, error="m", boost_error=False)
    except segno.DataOverflowError as error:
        raise ValueError("This is more text than a QR code holds.") from error


def _dark(code: segno.QRCode) -> str:
    """Give the dark modules as one path, each run of neighbours a rectangle."""
    drawn = []
    for y, row in enumerate(code.matrix, start=QUIET):
        x = QUIET
        for dark, modules in groupby(row):
            length = len(list(modules))
            if dark:
                drawn.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return "".join(drawn)
