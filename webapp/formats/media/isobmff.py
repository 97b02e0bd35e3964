"""MP4 and M4A (ISO 14496-12): boxes within boxes, of which the one called moov says how long it lasts."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from webapp.formats.media.kinds import CUT_SHORT, Media, MediaType, UnusableMediaError

_QUICKTIME = b"qt  "
_MOST_BOXES = 200_000


@dataclass(frozen=True)
class _Box:
    kind: bytes
    start: int
    end: int


def read(file: BinaryIO) -> Media:
    """An MP4 file, or M4A where it holds no picture; raises UnusableMediaError for QuickTime and what was cut short."""
    size = file.seek(0, 2)
    boxes = list(_boxes(file, 0, size))
    if _major(file, boxes) == _QUICKTIME:
        raise UnusableMediaError("This is a QuickTime film, which not every browser plays. Save it as MP4.")
    movie = next((box for box in boxes if box.kind == b"moov"), None)
    if movie is None:
        raise UnusableMediaError(CUT_SHORT)
    inside = list(_boxes(file, movie.start, movie.end))
    kinds = {_handler(file, box) for box in inside if box.kind == b"trak"}
    if not kinds & {b"vide", b"soun"}:
        raise UnusableMediaError("This MP4 file holds neither picture nor sound. Choose another.")
    kind = MediaType.MP4 if b"vide" in kinds else MediaType.M4A
    return Media(kind, _duration(file, inside))


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[_Box]:
    at = start
    for _ in range(_MOST_BOXES):
        if at + 8 > end:
            return
        file.seek(at)
        size, kind = struct.unpack(">I4s", file.read(8))
        content = at + 8
        if size == 1:
            size = struct.unpack(">Q", file.read(8).ljust(8, b"\0"))[0]
            content += 8
        until = end if size == 0 else at + size
        if until < content or until > end:
            raise UnusableMediaError(CUT_SHORT)
        yield _Box(kind, content, until)
        at = until
    raise UnusableMediaError(CUT_SHORT)


def _major(file: BinaryIO, boxes: list[_Box]) -> bytes:
    file.seek(boxes[0].start)
    return file.read(4)


def _within(file: BinaryIO, box: _Box | None, *path: bytes) -> _Box | None:
    for kind in path:
        if box is None:
            return None
        box = next((one for one in _boxes(file, box.start, box.end) if one.kind == kind), None)
    return box


def _handler(file: BinaryIO, track: _Box) -> bytes:
    box = _within(file, track, b"mdia", b"hdlr")
    if box is None:
        return b""
    file.seek(box.start + 8)
    return file.read(4)


def _duration(file: BinaryIO, inside: list[_Box]) -> int | None:
    box = next((one for one in inside if one.kind == b"mvhd"), None)
    if box is None:
        return None
    file.seek(box.start)
    head = file.read(32).ljust(32, b"\0")
    scale, length = struct.unpack(">IQ" if head[0] == 1 else ">II", head[20:32] if head[0] == 1 else head[12:20])
    # Of one that is sent in pieces nobody knew the length when its table was written.
    unknown = (2**64 - 1) if head[0] == 1 else (2**32 - 1)
    return length * 1000 // scale or None if scale and length != unknown else None
