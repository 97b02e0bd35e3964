"""QR codes are read again module by module, and compared with the library's own table of them."""

import io
import re
from xml.etree import ElementTree as ET

import pytest
import segno
from PIL import Image

from webapp.formats.qr import QUIET, qr_png, qr_svg

pytestmark = pytest.mark.memory

ADDRESS = "https://waymark.example.org/e/2b3c4d5f6g/learning-event"
TEXTS = [ADDRESS, "A", "0123456789", "Zoë’s café at the Grüne Straße", "x" * 900]
SVG = "{http://www.w3.org/2000/svg}"


def table(text: str) -> list[list[int]]:
    return [list(row) for row in segno.make(text, error="m", boost_error=False, micro=False).matrix]


def drawn(svg: str) -> list[list[int]]:
    """Give what the SVG paints, module by module, the quiet zone included."""
    root = ET.fromstring(svg)
    _, _, width, height = map(int, root.get("viewBox").split())
    grid = [[None] * width for _ in range(height)]
    light, dark = root.findall(f"{SVG}path")
    assert (light.get("fill"), light.get("d")) == ("#fff", f"M0 0h{width}v{height}H0z")
    assert dark.get("fill") == "#000"
    grid = [[0] * width for _ in range(height)]
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", dark.get("d"))
    assert "".join(f"M{x} {y}h{length}v1h-{back}z" for x, y, length, back in runs) == dark.get("d")
    for x, y, length, back in runs:
        assert length == back
        for module in range(int(length)):
            grid[int(y)][int(x) + module] = 1
    return grid


def within(grid: list[list[int]]) -> list[list[int]]:
    """Give the grid without its quiet zone, after seeing that this is blank."""
    inside = [row[QUIET:-QUIET] for row in grid[QUIET:-QUIET]]
    assert sum(map(sum, grid)) == sum(map(sum, inside))
    return inside


@pytest.mark.parametrize("text", TEXTS)
def test_svg_paints_the_code_in_its_quiet_zone(text: str) -> None:
    assert QUIET == 4
    assert within(drawn(qr_svg(text, title="Code"))) == table(text)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("scale", [1, 3])
def test_png_paints_the_code_in_its_quiet_zone(text: str, scale: int) -> None:
    made = qr_png(text, scale)
    with Image.open(io.BytesIO(made)) as image:
        assert image.format == "PNG"
        pixels = image.convert("L")
    grid = [
        [1 - pixels.getpixel((x, y)) // 255 for x in range(0, pixels.width, scale)]
        for y in range(0, pixels.height, scale)
    ]
    assert within(grid) == table(text)
    assert (
        pixels.resize((pixels.width // scale,) * 2, Image.Resampling.NEAREST).resize(
            pixels.size, Image.Resampling.NEAREST
        )
        == pixels
    )
    assert qr_png(text, scale) == made


def test_code_can_lose_fifteen_per_cent() -> None:
    root = ET.fromstring(qr_svg(ADDRESS, title="Code"))
    size = int(root.get("viewBox").split()[2]) - 2 * QUIET
    # The two bits beside the upper left corner, under the mask 10 of the standard: 00 is level M.
    row = table(ADDRESS)[8]
    assert [row[0] ^ 1, row[1] ^ 0] == [0, 0]
    assert size == len(row)


def test_svg_is_named_and_carries_nothing_that_runs_or_styles() -> None:
    made = qr_svg(ADDRESS, title='Page of "Learning" <event> & more\n')
    root = ET.fromstring(made)
    assert root.get("role") == "img"
    assert root.get("aria-label") == root.findtext(f"{SVG}title") == 'Page of "Learning" <event> & more'
    assert [element.tag for element in root.iter()] == [SVG + name for name in ("svg", "title", "path", "path")]
    assert {name for element in root.iter() for name in element.attrib} == {
        "class",
        "viewBox",
        "width",
        "height",
        "role",
        "aria-label",
        "shape-rendering",
        "fill",
        "d",
    }


@pytest.mark.parametrize(("text", "words"), [("", "says something"), ("x" * 2332, "more text than a QR code holds")])
def test_text_that_no_code_holds_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        qr_svg(text, title="Code")
    with pytest.raises(ValueError, match=words):
        qr_png(text, 4)


def test_longest_text_fits() -> None:
    assert len(drawn(qr_svg("x" * 2331, title="Code"))) == 177 + 2 * QUIET


def test_scale_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one pixel"):
        qr_png(ADDRESS, 0)
