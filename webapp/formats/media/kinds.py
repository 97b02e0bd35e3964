"""The kinds of films and sound that browsers play, and the words for what is none of them."""

from dataclasses import dataclass
from enum import StrEnum

CUT_SHORT = "This file is damaged or was cut short. Choose the original."


class UnusableMediaError(ValueError):
    """A file that we do not take; its text says why, for whoever uploaded it."""


class MediaType(StrEnum):
    """A kind of film or sound; the value is the ending of its name."""

    MP4 = "mp4"
    WEBM = "webm"
    MP3 = "mp3"
    M4A = "m4a"
    WAV = "wav"
    WEBA = "weba"

    @property
    def media_type(self) -> str:
        """What a browser is told that it is."""
        return {
            "mp4": "video/mp4",
            "webm": "video/webm",
            "mp3": "audio/mpeg",
            "m4a": "audio/mp4",
            "wav": "audio/wav",
            "weba": "audio/webm",
        }[self]


@dataclass(frozen=True)
class Media:
    """A film or sound: its kind, and its length in milliseconds where the file tells it."""

    kind: MediaType
    duration: int | None
