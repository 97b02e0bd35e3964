"""WebM: elements of Matroska, each with a number, a length, and content; a length may be unknown."""

import struct
from collections.abc import Iterator
from itertools import takewhile
from typing import BinaryIO

from webapp.formats.media.kinds import CUT_SHORT, Media, MediaType, UnusableMediaError

_HEADER, _DOC_TYPE = 0x1A45DFA3, 0x4282
_SEGMENT, _INFO, _TRACKS, _CLUSTER = 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675
_SCALE, _DURATION = 0x2AD7B1, 0x4489
_TRACK, _TRACK_TYPE = 0xAE, 0x83
_PICTURE, _SOUND = 1, 2
_MOST_ELEMENTS = 1000

_Element = tuple[int, int, int]


def read(file: BinaryIO) -> Media:
    """A WebM file, as sound where it holds no picture; raises UnusableMediaError for other files of Matroska."""
    size = file.seek(0, 2)
    header, start, end = next(_elements(file, 0, size), (0, 0, 0))
    kind = next((_bytes(file, one) for one in _elements(file, start, end) if one[0] == _DOC_TYPE), b"")
    if header != _HEADER or kind.rstrip(b"\0") != b"webm":
        raise UnusableMediaError("This is a Matroska film, which browsers do not play. Save it as WebM or MP4.")
    segment = next((one for one in _elements(file, end, size) if one[0] == _SEGMENT), None)
    if segment is None:
        raise UnusableMediaError(CUT_SHORT)
    # What stands before the first of the pictures and sounds themselves.
    tables = list(takewhile(lambda one: one[0] != _CLUSTER, _elements(file, segment[1], segment[2])))
    tracks = _inside(file, tables, _TRACKS)
    kinds = {_track_type(file, one) for one in tracks if one[0] == _TRACK}
    if not kinds & {_PICTURE, _SOUND}:
        raise UnusableMediaError(CUT_SHORT)
    about = {one[0]: _bytes(file, one) for one in _inside(file, tables, _INFO)}
    scale = _number(about[_SCALE]) if _SCALE in about else 1_000_000
    milliseconds = _real(about.get(_DURATION, b"")) * scale / 1_000_000
    # Also refuses what is no number at all.
    duration = int(milliseconds) if 1 <= milliseconds < 2**40 else None
    return Media(MediaType.WEBM if _PICTURE in kinds else MediaType.WEBA, duration)


def _inside(file: BinaryIO, tables: list[_Element], number: int) -> list[_Element]:
    return [inner for one in tables if one[0] == number for inner in _elements(file, one[1], one[2])]


def _elements(file: BinaryIO, start: int, end: int) -> Iterator[_Element]:
    """The elements between two places: number, and where the content begins and ends."""
    at = start
    for _ in range(_MOST_ELEMENTS):
        if at + 2 > end:
            return
        file.seek(at)
        head = file.read(12)
        number, used = _variable(head, keep_mark=True)
        length, more = _variable(head[used:], keep_mark=False)
        if not used or not more or used > 4:
            raise UnusableMediaError(CUT_SHORT)
        content = at + used + more
        unknown = length == (1 << 7 * more) - 1
        # The end of the whole may be missing of one that was broken off; what is told before it counts.
        until = end if unknown else min(content + length, end)
        yield number, content, until
        at = until


def _variable(head: bytes, *, keep_mark: bool) -> tuple[int, int]:
    """A number of variable length, and how many bytes it takes; 0 bytes where there is none."""
    if not head or not head[0]:
        return 0, 0
    used = 9 - head[0].bit_length()
    if len(head) < used:
        return 0, 0
    value = int.from_bytes(head[:used], "big")
    return (value if keep_mark else value & (1 << 7 * used) - 1), used


def _bytes(file: BinaryIO, element: _Element) -> bytes:
    file.seek(element[1])
    return file.read(min(element[2] - element[1], 64))


def _number(content: bytes) -> int:
    return int.from_bytes(content[:8], "big")


def _real(content: bytes) -> float:
    if len(content) not in {4, 8}:
        return 0.0
    found: float = struct.unpack(">f" if len(content) == 4 else ">d", content)[0]
    return found


def _track_type(file: BinaryIO, track: _Element) -> int:
    found = (_number(_bytes(file, one)) for one in _elements(file, track[1], track[2]) if one[0] == _TRACK_TYPE)
    return next(found, 0)
