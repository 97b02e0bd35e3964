"""Pictures of the invented journal, drawn by the program: a cover, and a chart of figures that nobody counted."""

import io

from PIL import Image, ImageDraw, ImageFont

from webapp.formats.photos import Picture, whole_picture

TEAL, DARK, TINT, AMBER = "#0b4f5c", "#083a44", "#e8f1f2", "#f4b942"
COVER_ALT = "A drawing: three paths of different colours run up a hill and become one under a tree"
CHART_ALT = (
    "Bar chart of the days from a first call to a first visit, by quarter. Before the move into one room: 19, 18, 20"
    " and 19 days. After it: 12, 9, 8 and 8 days."
)
CHART_CAPTION = (
    "Days from a first call to a first visit, by quarter, before and after four agencies moved into one room."
)
DAYS = (19, 18, 20, 19, 12, 9, 8, 8)


def draw_cover() -> Picture:
    """The cover of the current issue, three wide to four high."""
    image = Image.new("RGB", (900, 1200), TEAL)
    pen = ImageDraw.Draw(image)
    pen.ellipse((-500, 640, 1400, 2100), fill=DARK)
    for start, colour, bend in ((90, AMBER, 150), (450, "#ffffff", 0), (810, "#8fc1c9", -150)):
        steps = [at / 60 for at in range(61)]
        points = [(start + (450 - start) * at**1.4 + bend * at * (1 - at), 1200 - 560 * at) for at in steps]
        for (x, y), at in zip(points, steps, strict=True):
            size = 26 - 16 * at
            pen.ellipse((x - size, y - size, x + size, y + size), fill=colour)
    pen.rectangle((438, 540, 462, 660), fill="#5a3b22")
    for x, y, size in ((450, 470, 115), (378, 520, 85), (522, 520, 85), (450, 545, 90)):
        pen.ellipse((x - size, y - size, x + size, y + size), fill="#6fa287")
    pen.rectangle((0, 1148, 900, 1200), fill=AMBER)
    pen.text((60, 60), "Words\nthat stay", fill="#ffffff", font=_font(124), spacing=16)
    pen.text((450, 1174), "The Pathways Journal, issue 2", fill=DARK, font=_font(30), anchor="mm")
    return _written(image)


def draw_chart() -> Picture:
    """The chart of the days from a call to a visit."""
    image = Image.new("RGB", (1200, 640), "#ffffff")
    pen = ImageDraw.Draw(image)
    base, step, width = 520, 138, 92
    for days in (0, 5, 10, 15, 20):
        y = base - days * 21
        pen.line((90, y, 1180, y), fill="#b1b4b6", width=2 if days else 4)
        pen.text((70, y), str(days), fill="#0b0c0c", font=_font(26), anchor="rm")
    for place, days in enumerate(DAYS):
        x = 110 + place * step
        pen.rectangle((x, base - days * 21, x + width, base), fill=TEAL if place < 4 else AMBER)
        pen.text((x + width / 2, base - days * 21 - 20), str(days), fill="#0b0c0c", font=_font(28), anchor="mm")
        pen.text((x + width / 2, base + 28), f"Q{place % 4 + 1}", fill="#0b0c0c", font=_font(26), anchor="mm")
    for middle, words in (
        (110 + 1.5 * step + width / 2, "In four offices"),
        (110 + 5.5 * step + width / 2, "In one room"),
    ):
        pen.text((middle, base + 84), words, fill="#0b0c0c", font=_font(32), anchor="mm")
    return _written(image)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _written(image: Image.Image) -> Picture:
    held = io.BytesIO()
    image.save(held, "PNG")
    return whole_picture(held.getvalue())
