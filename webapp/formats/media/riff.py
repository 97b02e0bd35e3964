"""WAV: chunks of a RIFF file, of which fmt says how many bytes a second takes."""

import struct
from typing import BinaryIO

from webapp.formats.media.kinds import CUT_SHORT, Media, MediaType, UnusableMediaError

# Samples as whole or broken numbers, or either with more said about them: what browsers play.
_PLAYED = {1, 3, 0xFFFE}
_MOST_CHUNKS = 200


def read(file: BinaryIO) -> Media:
    """A WAV file; raises UnusableMediaError where its samples are packed in a way that browsers do not play."""
    size = file.seek(0, 2)
    at, a_second = 12, 0
    for _ in range(_MOST_CHUNKS):
        if at + 8 > size:
            break
        file.seek(at)
        kind, length = struct.unpack("<4sI", file.read(8))
        if kind == b"fmt ":
            form, _, _, a_second = struct.unpack("<HHII", file.read(12).ljust(12, b"\0"))
            if form not in _PLAYED:
                raise UnusableMediaError("This WAV file is packed in a way that browsers do not play. Save it as MP3.")
        elif kind == b"data" and a_second:
            return Media(MediaType.WAV, min(length, size - at - 8) * 1000 // a_second or None)
        at += 8 + length + length % 2
    raise UnusableMediaError(CUT_SHORT)
