"""Photos are made here, some of them in bad faith, and what comes back is looked at pixel by pixel."""

import io
import random
import struct
import zlib

import pytest
from PIL import Image, ImageCms, ImageFile, PngImagePlugin

from webapp.formats.photos import LARGEST, UnusablePhotoError, square_photo, whole_picture

pytestmark = pytest.mark.memory

RED, GREEN, BLUE, WHITE, BLACK = (220, 20, 20), (20, 160, 20), (20, 20, 220), (255, 255, 255), (0, 0, 0)


def picture(width: int, height: int, *corners: tuple[int, int, int], mode: str = "RGB") -> Image.Image:
    """Give a picture of four fields: above left and right, below left and right."""
    made = Image.new("RGB", (width, height), BLACK)
    for number, colour in enumerate(corners):
        across, down = number % 2, number // 2
        made.paste(
            colour,
            (
                across * width // 2,
                down * height // 2,
                (across + 1) * width // 2,
                (down + 1) * height // 2,
            ),
        )
    return made.convert(mode)


FIELDS = picture(600, 600, RED, GREEN, BLUE, WHITE)


def saved(image: Image.Image, kind: str = "JPEG", **how) -> bytes:
    written = io.BytesIO()
    image.save(written, kind, **how)
    return written.getvalue()


def opened(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        return image


def corners(content: bytes) -> list[tuple[int, int, int]]:
    """Give the colours a quarter in from each corner: above left and right, below left and right."""
    image = opened(content)
    near, far = image.width // 4, image.width * 3 // 4
    return [image.getpixel(place) for place in ((near, near), (far, near), (near, far), (far, far))]


def close(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) <= 6 for a, b in zip(one, other, strict=True))


def markers(content: bytes) -> list[int]:
    """Give the markers of a JPEG file up to its first scan, as the standard numbers them."""
    assert content[:2] == b"\xff\xd8"
    assert content[-2:] == b"\xff\xd9"
    found, at = [], 2
    while not found or found[-1] != 0xDA:
        mark, kind, length = struct.unpack(">BBH", content[at : at + 4])
        assert mark == 0xFF
        found.append(kind)
        at += 2 + length
    return found


@pytest.mark.parametrize(
    "content",
    [
        saved(FIELDS, quality=95, subsampling=0),
        saved(FIELDS, progressive=True, quality=95, subsampling=0),
        saved(FIELDS, "PNG"),
        saved(FIELDS.quantize(8), "PNG"),
        saved(FIELDS, "WEBP", lossless=True),
        saved(FIELDS.convert("RGBA"), "WEBP", lossless=True),
    ],
    ids=["jpeg", "progressive", "png", "palette", "webp", "webp with alpha"],
)
def test_photo_becomes_a_small_square_jpeg(content: bytes) -> None:
    made = square_photo(content)
    image = opened(made)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (400, 400))
    assert all(map(close, corners(made), [RED, GREEN, BLUE, WHITE]))
    assert image.info["progressive"] == 1
    assert square_photo(content) == made


def test_photo_keeps_nothing_but_the_picture() -> None:
    exif = Image.Exif()
    exif[0x010F] = "CameraMaker"
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 0.0)})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    told = saved(
        FIELDS, exif=exif, icc_profile=profile, comment=b"At home", xmp=b"<x:xmpmeta>Home</x:xmpmeta>", dpi=(300, 300)
    )
    assert opened(told).getexif().get_ifd(0x8825)[2] == (51.0, 30.0, 0.0)
    made = square_photo(told)
    # JFIF, the tables, a progressive frame, its scan; no application data, no comment.
    assert set(markers(made)) == {0xE0, 0xDB, 0xC2, 0xC4, 0xDA}
    for secret in (b"Exif", b"CameraMaker", b"ICC_PROFILE", b"At home", b"xmp", b"Home"):
        assert secret in told
        assert secret not in made
    assert dict(opened(made).getexif()) == {}
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "At home")
    for kept in (
        saved(FIELDS, comment=b"At home"),
        saved(FIELDS, "PNG", pnginfo=text, exif=exif),
        saved(FIELDS, "WEBP", exif=exif),
    ):
        assert set(markers(square_photo(kept))) == {0xE0, 0xDB, 0xC2, 0xC4, 0xDA}


# How the camera was held, and where the fields of an upright picture then lie in the file.
LAID = {
    1: [RED, GREEN, BLUE, WHITE],
    2: [GREEN, RED, WHITE, BLUE],
    3: [WHITE, BLUE, GREEN, RED],
    4: [BLUE, WHITE, RED, GREEN],
    5: [RED, BLUE, GREEN, WHITE],
    6: [GREEN, WHITE, RED, BLUE],
    7: [WHITE, GREEN, BLUE, RED],
    8: [BLUE, RED, WHITE, GREEN],
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("held", LAID)
def test_photo_is_set_upright(held: int, kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = held
    made = square_photo(saved(picture(600, 600, *LAID[held]), kind, exif=exif))
    assert all(map(close, corners(made), [RED, GREEN, BLUE, WHITE]))
    assert 0x0112 not in opened(made).getexif()


@pytest.mark.filterwarnings("ignore:Metadata Warning")
@pytest.mark.parametrize(
    "held",
    [
        struct.pack("<HHIHH", 0x0112, 3, 1, 0, 0),
        struct.pack("<HHIHH", 0x0112, 3, 1, 9, 0),
        struct.pack("<HHI4s", 0x0112, 2, 3, b"up"),
        struct.pack("<HHIHH", 0x0112, 3, 2, 1, 6),
    ],
    ids=["none", "unknown", "word", "two"],
)
def test_orientation_that_says_nothing_changes_nothing(held: bytes) -> None:
    exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + held + bytes(4)
    assert all(map(close, corners(square_photo(saved(FIELDS, exif=exif))), [RED, GREEN, BLUE, WHITE]))


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_notes_that_cannot_be_read_cost_nobody_the_photo() -> None:
    made = square_photo(saved(FIELDS, exif=b"Exif\0\0II*\0\xff\xff\xff\xff rubbish"))
    assert all(map(close, corners(made), [RED, GREEN, BLUE, WHITE]))


@pytest.mark.parametrize(
    ("size", "focus", "shows"),
    [
        ((900, 300), (0.5, 0.5), (GREEN, GREEN)),
        ((900, 300), (0.0, 0.5), (RED, RED)),
        ((900, 300), (1.0, 0.5), (BLUE, BLUE)),
        ((900, 300), (1 / 3, 0.9), (RED, GREEN)),
        ((900, 300), (-5.0, 9.0), (RED, RED)),
    ],
)
def test_square_lies_around_the_focus(
    size: tuple[int, int], focus: tuple[float, float], shows: tuple[tuple[int, int, int], ...]
) -> None:
    wide = Image.new("RGB", size)
    for number, colour in enumerate((RED, GREEN, BLUE)):
        wide.paste(colour, (number * 300, 0, number * 300 + 300, 300))
    for turn in (None, Image.Transpose.TRANSPOSE):
        image = wide.transpose(turn) if turn is not None else wide
        at = focus if turn is None else focus[::-1]
        made = opened(square_photo(saved(image, "PNG"), focus=at))
        assert made.size == (300, 300)
        ends = ((75, 150), (225, 150)) if turn is None else ((150, 75), (150, 225))
        assert all(map(close, map(made.getpixel, ends), shows))


def test_focus_is_that_of_the_upright_picture() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = Image.new("RGB", (900, 300), BLUE)
    lying.paste(RED, (0, 0, 300, 300))
    made = square_photo(saved(lying, exif=exif), focus=(0.5, 0.0))
    assert all(map(close, corners(made), [RED] * 4))


@pytest.mark.parametrize(
    ("given", "side", "comes"), [(100, 400, 100), (399, 400, 399), (400, 400, 400), (401, 400, 400), (3000, 128, 128)]
)
def test_photo_is_made_smaller_and_never_larger(given: int, side: int, comes: int) -> None:
    assert opened(square_photo(saved(picture(given, given + 50, RED)), side=side)).size == (comes, comes)


def test_large_photo_looks_like_the_same_photo_decoded_whole() -> None:
    fine = Image.effect_mandelbrot((4000, 3000), (-2, -1.5, 1, 1.5), 60).convert("RGB")
    whole = fine.crop((500, 0, 3500, 3000)).resize((400, 400), Image.Resampling.LANCZOS)
    made = opened(square_photo(saved(fine, quality=95)))
    apart = [abs(a - b) for a, b in zip(made.convert("L").tobytes(), whole.convert("L").tobytes(), strict=True)]
    assert sum(apart) / len(apart) < 6


@pytest.mark.parametrize(
    "seen_through",
    [
        Image.new("RGBA", (200, 200), (255, 0, 0, 0)),
        Image.new("LA", (200, 200), (0, 0)),
        Image.new("RGBA", (200, 200), (255, 0, 0, 0)).quantize(4),
    ],
    ids=["rgba", "grey", "palette"],
)
def test_what_can_be_seen_through_is_white(seen_through: Image.Image) -> None:
    assert all(map(close, corners(square_photo(saved(seen_through, "PNG"))), [WHITE] * 4))


def test_half_seen_through_is_half_white() -> None:
    made = square_photo(saved(Image.new("RGBA", (200, 200), (0, 0, 0, 128)), "PNG"))
    assert all(close(colour, (127, 127, 127)) for colour in corners(made))


def test_colour_that_nobody_could_see_does_not_come_through_when_made_smaller() -> None:
    hidden = Image.new("RGBA", (1000, 1000), (*RED, 0))
    hidden.paste((*BLUE, 255), (0, 0, 501, 1000))
    made = opened(square_photo(saved(hidden, "PNG")))
    assert {close(colour, BLUE) or close(colour, WHITE) for colour in corners(saved(made, "PNG"))} == {True}
    seam = [made.getpixel((across, 200)) for across in range(180, 220)]
    assert all(red <= blue + 6 for red, _, blue in seam)


@pytest.mark.parametrize(("mode", "grey"), [("L", 100), ("1", 255), ("I;16", 100 * 256)])
def test_grey_stays_as_grey_as_it_was(mode: str, grey: int) -> None:
    made = square_photo(saved(Image.new(mode, (200, 200), grey), "PNG"))
    assert all(close(colour, (min(grey, 255),) * 3 if grey < 256 else (100,) * 3) for colour in corners(made))


def test_print_colours_become_those_of_screens() -> None:
    made = square_photo(saved(Image.new("CMYK", (200, 200), (0, 255, 255, 0)), quality=95))
    assert all(close(colour, (254, 0, 0)) for colour in corners(made))


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
# One by which the numbers of red mean green, and the other way about.
SWAPPED = SRGB.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")


def test_own_profile_is_followed() -> None:
    for image in (FIELDS, FIELDS.convert("RGBA")):
        made = corners(square_photo(saved(image, "PNG", icc_profile=SWAPPED)))
        assert made[0][1] - made[0][0] > 100
        assert made[1][0] - made[1][1] > 100
        assert all(map(close, made[2:], [BLUE, WHITE]))


@pytest.mark.parametrize(
    "profile",
    [SRGB, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(), b"no profile at all"],
    ids=["the web's", "another space's", "rubbish"],
)
def test_profile_that_says_nothing_new_changes_nothing(profile: bytes) -> None:
    made = square_photo(saved(FIELDS, "PNG", icc_profile=profile))
    assert all(map(close, corners(made), [RED, GREEN, BLUE, WHITE]))


def test_second_picture_of_a_phone_is_left_behind() -> None:
    pair = saved(FIELDS, "MPO", save_all=True, append_images=[picture(600, 600, BLACK)])
    assert opened(pair).n_frames == 2
    assert all(map(close, corners(square_photo(pair)), [RED, GREEN, BLUE, WHITE]))


def png_claiming(width: int, height: int) -> bytes:
    """Give a PNG of a few bytes whose header claims a size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def jpeg_claiming(width: int, height: int) -> bytes:
    """Give a JPEG whose header claims a size that the rest does not have."""
    content = saved(picture(200, 200, RED))
    return content.replace(struct.pack(">BHH", 8, 200, 200), struct.pack(">BHH", 8, height, width))[:-20]


MOVES = {"save_all": True, "append_images": [picture(200, 200, BLUE)], "duration": 100}
STILL = picture(200, 200, RED)
NO_PHOTO = "This is not a photo. Choose a JPEG, PNG or WebP file."
BROKEN = "This photo is damaged or was cut short. Choose the original file."
ANIMATED = "Photos must not be animated. Choose a JPEG, PNG or WebP file of a single picture."
PIXELS = "This photo has more than 50 megapixels. Choose a smaller one."
PIXELS_OF_PNG = "This photo has more than 16 megapixels. Choose a smaller one, or save it as JPEG."
SMALL = "This photo is too small. Choose one at least 100 pixels high and wide."
SVG = "This is an SVG drawing, not a photo. Choose a JPEG, PNG or WebP file."
HEIC = "This photo is in the HEIC format of iPhones. Save it as JPEG, then choose it again."
GIF = "GIF is for drawings and small films. Choose a JPEG, PNG or WebP file."


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", NO_PHOTO),
        (b"This was a text file until somebody renamed it.", NO_PHOTO),
        (b"\xff\xd8\xff", NO_PHOTO),
        (saved(STILL, "BMP"), NO_PHOTO),
        (saved(STILL, "TIFF"), NO_PHOTO),
        (saved(STILL, "ICO", sizes=[(128, 128)]), NO_PHOTO),
        (b"%PDF-1.7\n", "This is a PDF, not a photo. Choose a JPEG, PNG or WebP file."),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', SVG),
        (b'\xef\xbb\xbf <?xml version="1.0"?>\n<!-- drawn -->\n<SVG/>', SVG),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", HEIC),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", HEIC),
        (saved(STILL, "GIF"), GIF),
        (saved(STILL, "GIF", **MOVES), GIF),
        (saved(STILL, "PNG", **MOVES), ANIMATED),
        (saved(STILL, "WEBP", **MOVES), ANIMATED),
        (png_claiming(50_000, 50_000), PIXELS),
        (png_claiming(10_000, 10_000), PIXELS),
        (png_claiming(8192, 6145), PIXELS),
        (png_claiming(8192, 6144), PIXELS_OF_PNG),
        (png_claiming(4096, 4097), PIXELS_OF_PNG),
        (png_claiming(4096, 4096), BROKEN),
        (jpeg_claiming(8192, 6145), PIXELS),
        (jpeg_claiming(8192, 6144), BROKEN),
        (saved(picture(99, 500, RED)), SMALL),
        (saved(picture(500, 99, RED), "PNG"), SMALL),
        (saved(FIELDS, "PNG")[:-300], BROKEN),
        (saved(Image.effect_noise((600, 600), 90))[:20_000], BROKEN),
        (saved(Image.effect_noise((600, 600), 90), "WEBP")[:20_000], BROKEN),
        (saved(STILL) + b"\0" * LARGEST, "This photo is larger than 10 MB. Choose a smaller one."),
    ],
)
def test_unusable_photo_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(UnusablePhotoError) as refused:
        square_photo(content)
    assert str(refused.value) == words


def test_photo_of_just_the_largest_size_is_taken() -> None:
    content = saved(STILL)
    assert square_photo(content + b"\0" * (LARGEST - len(content))) == square_photo(content)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_damaged_photo_is_a_photo_or_refused_and_nothing_else(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    whole = saved(Image.effect_noise((120, 110), 60).convert("RGB"), kind, exif=exif)
    rolled = random.Random(kind)
    outcomes = set()
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(rolled.choice([1, 3, 20])):
            damaged[rolled.randrange(min(len(damaged), rolled.choice([60, 9999])))] = rolled.randrange(256)
        try:
            outcomes.add(opened(square_photo(bytes(damaged))).format)
        except UnusablePhotoError:
            outcomes.add("refused")
    assert outcomes <= {"JPEG", "refused"}
    assert "refused" in outcomes


def test_whole_picture_keeps_its_shape_and_nothing_but_the_picture() -> None:
    notes = Image.Exif()
    notes[0x0112], notes[0x010F] = 6, "Camera of Ann Lee"
    given = saved(Image.new("RGB", (2000, 500), "#0b4f5c"), exif=notes)

    found = whole_picture(given, longest=800)

    # It lay on its side.
    assert (found.width, found.height) == (200, 800)
    with Image.open(io.BytesIO(found.content)) as image:
        assert (image.format, image.size, len(image.getexif())) == ("JPEG", (200, 800), 0)
    assert b"Ann Lee" not in found.content
    small = whole_picture(saved(Image.new("RGB", (300, 120), "white"), "PNG"))
    assert (small.width, small.height) == (300, 120)
    with pytest.raises(UnusablePhotoError, match="SVG"):
        whole_picture(b"<svg xmlns='http://www.w3.org/2000/svg'/>")


def test_photo_that_was_cut_short_is_refused_also_once_pdfs_were_drawn(monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    whole = io.BytesIO()
    Image.effect_noise((400, 400), 80).save(whole, "JPEG")
    with pytest.raises(UnusablePhotoError, match="cut short"):
        square_photo(whole.getvalue()[: whole.tell() // 2])
