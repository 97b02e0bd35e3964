"""MP3 (ISO 11172-3 and 13818-3, layer III): frames, each with a head of four bytes, behind a tag that may be long."""

import struct
from typing import BinaryIO, NamedTuple

from webapp.formats.media.kinds import CUT_SHORT, Media, MediaType, UnusableMediaError

_RATES = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
_SAMPLES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_FIRST_WITHIN = 64 * 1024


class _Frame(NamedTuple):
    length: int
    bits: int
    samples: int
    rate: int


def is_frame(head: bytes) -> bool:
    """Whether these four bytes begin a frame of layer III."""
    return _frame(head) is not None


def read(file: BinaryIO) -> Media:
    """An MP3 file; raises UnusableMediaError where no two frames follow each other behind the tag."""
    size = file.seek(0, 2)
    start = _after_tag(file)
    file.seek(start)
    piece = file.read(_FIRST_WITHIN)
    for at in range(max(len(piece) - 4, 0)):
        frame = _frame(piece[at : at + 4])
        if frame is None:
            continue
        following = at + frame.length
        if following + 4 > len(piece) or is_frame(piece[following : following + 4]):
            return Media(MediaType.MP3, _duration(piece[at:following], frame, size - start - at))
    raise UnusableMediaError(CUT_SHORT)


def _after_tag(file: BinaryIO) -> int:
    file.seek(0)
    head = file.read(10)
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def _frame(head: bytes) -> _Frame | None:
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return None
    version, bit_rate, sample_rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or bit_rate in {0, 15} or sample_rate == 3:
        return None
    samples = 1152 if version == 3 else 576
    bits, rate = _RATES[version != 3][bit_rate] * 1000, _SAMPLES[version][sample_rate]
    return _Frame(samples // 8 * bits // rate + (head[2] >> 1 & 1), bits, samples, rate)


def _duration(first: bytes, frame: _Frame, size: int) -> int | None:
    # Programs that vary the rate say in an empty first frame how many follow.
    for mark in (b"Xing", b"Info"):
        at = first.find(mark)
        if at > 0 and len(first) >= at + 12 and first[at + 7] & 1:
            frames: int = struct.unpack(">I", first[at + 8 : at + 12])[0]
            return frames * frame.samples * 1000 // frame.rate or None
    return size * 8000 // frame.bits or None
