"""Photographs of people who do not exist: simple shapes in a few colours, the same ones every time."""

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw

from webapp.formats.photos import square_photo

SIDE = 800


@dataclass(frozen=True)
class Portrait:
    """The colours of one of them, and what is said to those who cannot see it."""

    behind: str
    clothes: str
    face: str
    hair: str
    alt: str


# By the names of the invented speakers.
PORTRAITS = {
    "Ngozi Thistlewood": Portrait(
        "#d9e8e4", "#7a3b69", "#8d5a3b", "#2b1d14", "A drawing of plain shapes: short dark hair and a plum jumper"
    ),
    "Dr Oluwaseun Adébáyọ̀-Whitcombe": Portrait(
        "#f3e3c3", "#0b4f5c", "#6f4430", "#1c1410", "A drawing of plain shapes: dark hair and a teal shirt"
    ),
    "Jo Lund": Portrait(
        "#e3dcef", "#8a4b08", "#e5b999", "#c98f3d", "A drawing of plain shapes: fair hair and a brown coat"
    ),
}


def draw(portrait: Portrait) -> bytes:
    """The picture as a square JPEG."""
    image = Image.new("RGB", (SIDE, SIDE), portrait.behind)
    pen = ImageDraw.Draw(image)
    pen.ellipse((SIDE * 0.27, SIDE * 0.14, SIDE * 0.73, SIDE * 0.62), fill=portrait.hair)
    pen.ellipse((SIDE * 0.08, SIDE * 0.66, SIDE * 0.92, SIDE * 1.5), fill=portrait.clothes)
    pen.rounded_rectangle((SIDE * 0.42, SIDE * 0.5, SIDE * 0.58, SIDE * 0.74), SIDE * 0.08, fill=portrait.face)
    pen.ellipse((SIDE * 0.32, SIDE * 0.22, SIDE * 0.68, SIDE * 0.62), fill=portrait.face)
    pen.pieslice((SIDE * 0.29, SIDE * 0.15, SIDE * 0.71, SIDE * 0.55), 180, 360, fill=portrait.hair)
    written = io.BytesIO()
    image.save(written, "PNG")
    return square_photo(written.getvalue())
