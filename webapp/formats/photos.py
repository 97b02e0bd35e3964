"""Photos: whatever was uploaded becomes a small JPEG that tells nothing but the picture, of people a square one.

Only the pixels go on: where a photo was taken, by which camera and when stays with whoever sent it. A file is judged
by its content and by the size that it claims before anything is decoded, since a few bytes can claim to be acres.
"""

import io
import struct
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageFile, UnidentifiedImageError

LARGEST = 10 * 1024 * 1024
# What the finest phones make, 8,192 by 6,144: a JPEG is made smaller while it is decoded, and takes 200 MB at worst.
# PNG and WebP must be decoded whole, which for 4,096 by 4,096 takes up to 300 MB.
MOST_PIXELS_OF_JPEG = 8192 * 6144
MOST_PIXELS = 4096 * 4096
SMALLEST_SIDE = 100

_QUALITY = 85
# Letters and thin lines of a diagram fray sooner than faces.
_QUALITY_OF_WHOLE = 92
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_ORIENTATION = 0x0112
# The values of the EXIF standard: how the camera was held, and so what sets the picture upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What Pillow raises for files that are broken within.
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, ArithmeticError, struct.error)


class UnusablePhotoError(ValueError):
    """A file that cannot become somebody's photo; its text says why, for whoever uploaded it."""


def square_photo(content: bytes, *, side: int = 400, focus: tuple[float, float] = (0.5, 0.5)) -> bytes:
    """Give the largest square around the focus as a JPEG of at most `side` pixels a side, without any metadata.

    The focus is a share of the width and of the height of the upright picture. A smaller square keeps its size.
    The same file gives the same bytes. Raises UnusablePhotoError, with a sentence for people, for what is no JPEG,
    PNG or WebP, is broken or animated, is over 10 MB or 50 megapixels (16 if no JPEG), or is under 100 pixels a side.
    """
    with _opened(content) as image:
        # Else a JPEG of 50 megapixels would be decoded whole, only to be made small.
        image.draft(None, (2 * side, 2 * side))
        try:
            image.load()
            turn = _UPRIGHT.get(_orientation(image))
            upright = image.transpose(turn) if turn is not None else image
            small = _cut(_plain(upright), _square_around(upright.size, focus), side)
            square = _in_srgb(_on_white(small), image.info.get("icc_profile"))
        except _BROKEN as error:
            raise UnusablePhotoError("This photo is damaged or was cut short. Choose the original file.") from error
    # A comment would be written on even when not asked for.
    square.info = {}
    written = io.BytesIO()
    square.save(written, "JPEG", quality=_QUALITY, progressive=True, optimize=True)
    return written.getvalue()


@dataclass(frozen=True)
class Picture:
    """A whole picture as a JPEG, and its size in pixels."""

    content: bytes
    width: int
    height: int


def whole_picture(content: bytes, *, longest: int = 1600) -> Picture:
    """Give the upright picture, uncut, as a JPEG of at most `longest` pixels a side, without any metadata.

    A smaller one keeps its size. Raises UnusablePhotoError as square_photo() does.
    """
    with _opened(content) as image:
        image.draft(None, (2 * longest, 2 * longest))
        try:
            image.load()
            turn = _UPRIGHT.get(_orientation(image))
            plain = _plain(image.transpose(turn) if turn is not None else image)
            if max(plain.size) > longest:
                share = longest / max(plain.size)
                size = (max(1, round(plain.width * share)), max(1, round(plain.height * share)))
                plain = plain.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
            whole = _in_srgb(_on_white(plain), image.info.get("icc_profile"))
        except _BROKEN as error:
            raise UnusablePhotoError("This photo is damaged or was cut short. Choose the original file.") from error
    whole.info = {}
    written = io.BytesIO()
    whole.save(written, "JPEG", quality=_QUALITY_OF_WHOLE, progressive=True, optimize=True)
    return Picture(written.getvalue(), whole.width, whole.height)


def _opened(content: bytes) -> Image.Image:
    """Give the image behind the bytes, judged by its header alone and not yet decoded."""
    if len(content) > LARGEST:
        raise UnusablePhotoError("This photo is larger than 10 MB. Choose a smaller one.")
    _refuse_others(content)
    try:
        # What draws PDFs lets pictures be cut short, for the whole process, as soon as it is imported.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        image = Image.open(io.BytesIO(content), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except UnidentifiedImageError as error:
        raise UnusablePhotoError("This is not a photo. Choose a JPEG, PNG or WebP file.") from error
    except _BROKEN as error:
        raise UnusablePhotoError("This photo is damaged or was cut short. Choose the original file.") from error
    pixels = image.width * image.height
    if pixels > MOST_PIXELS_OF_JPEG:
        raise _too_many_pixels()
    if image.format == "GIF":
        raise UnusablePhotoError("GIF is for drawings and small films. Choose a JPEG, PNG or WebP file.")
    # Some phones put a second picture, for depth or another distance, into a JPEG: still one photo.
    if getattr(image, "is_animated", False) and image.format != "MPO":
        raise UnusablePhotoError("Photos must not be animated. Choose a JPEG, PNG or WebP file of a single picture.")
    if pixels > MOST_PIXELS and image.format not in {"JPEG", "MPO"}:
        raise UnusablePhotoError("This photo has more than 16 megapixels. Choose a smaller one, or save it as JPEG.")
    if min(image.size) < SMALLEST_SIDE:
        raise UnusablePhotoError("This photo is too small. Choose one at least 100 pixels high and wide.")
    return image


def _refuse_others(content: bytes) -> None:
    """Say of pictures that we do not take what can be done about it."""
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        raise UnusablePhotoError("This photo is in the HEIC format of iPhones. Save it as JPEG, then choose it again.")
    if head.startswith((b"<svg", b"<?xml", b"<!doctype svg")) and b"<svg" in head:
        raise UnusablePhotoError("This is an SVG drawing, not a photo. Choose a JPEG, PNG or WebP file.")
    if content[:4] == b"%PDF":
        raise UnusablePhotoError("This is a PDF, not a photo. Choose a JPEG, PNG or WebP file.")


def _too_many_pixels() -> UnusablePhotoError:
    return UnusablePhotoError("This photo has more than 50 megapixels. Choose a smaller one.")


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except _BROKEN:
        # Notes that cannot be read are no reason to refuse the picture.
        return 1


def _square_around(size: tuple[int, int], focus: tuple[float, float]) -> tuple[int, int, int, int]:
    """Give the box of the largest square whose middle is as near to the focus as the edges let it be."""
    edge = min(size)
    left, top = (
        min(max(round(share * length - edge / 2), 0), length - edge) for share, length in zip(focus, size, strict=True)
    )
    return left, top, left + edge, top + edge


def _plain(image: Image.Image) -> Image.Image:
    """Give the picture in one of the modes L, RGB, CMYK and RGBA."""
    if image.mode.startswith("I"):
        # Sixteen bits of grey, which a plain conversion would cut off at white instead of scaling.
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    return image if image.mode in {"L", "RGB", "CMYK"} else image.convert("RGB")


def _cut(image: Image.Image, box: tuple[int, int, int, int], side: int) -> Image.Image:
    """Give what is in the box, at most `side` pixels a side; whatever comes after it then costs little."""
    if box[2] - box[0] <= side:
        return image.crop(box)
    return image.resize((side, side), Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)


def _on_white(image: Image.Image) -> Image.Image:
    """Give the picture with white behind what can be seen through."""
    if image.mode != "RGBA":
        return image
    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image)
    return white.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Give the picture in the colours of the web, from those of its own profile where it has one that can be read."""
    if profile:
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            changed = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, *_BROKEN):
            pass
        else:
            assert changed is not None
            return changed
    return image.convert("RGB")
