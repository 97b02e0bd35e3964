"""Films and sound: what a file is by its content, whatever its name says, and how long it lasts.

Nothing is decoded: the containers' own tables (ISO 14496-12, Matroska, ISO 11172-3, RIFF) tell kind and length, read by
seeking, so that a file of gigabytes costs a few kilobytes.
"""

from collections.abc import Callable
from typing import BinaryIO

from webapp.formats.media import isobmff, matroska, mpeg, riff
from webapp.formats.media.kinds import Media, MediaType, UnusableMediaError

__all__ = ["Media", "MediaType", "UnusableMediaError", "read_media"]

_TAKEN = "Choose a film as MP4 or WebM, or sound as MP3, M4A or WAV."
_UNKNOWN = f"This file is none that we can take. {_TAKEN}"
_MATROSKA = b"\x1aE\xdf\xa3"


def read_media(file: BinaryIO) -> Media:
    """What kind of film or sound a file is and how long it lasts; raises UnusableMediaError for anything else."""
    file.seek(0)
    head = file.read(16)
    reader = _reader(head)
    if reader is None:
        raise UnusableMediaError(_UNKNOWN)
    file.seek(0)
    return reader(file)


def _reader(head: bytes) -> Callable[[BinaryIO], Media] | None:
    if head[4:8] == b"ftyp":
        return isobmff.read
    if head[:4] == _MATROSKA:
        return matroska.read
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return riff.read
    if head[:3] == b"ID3" or mpeg.is_frame(head[:4]):
        return mpeg.read
    return None
