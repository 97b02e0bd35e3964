"""Films and sound are told by what they are, and how long they last is read from their tables."""

from io import BytesIO

import pytest

from tests.media import box, element, mp3, mp4, wav, webm
from webapp.formats.media import Media, MediaType, UnusableMediaError, read_media

pytestmark = pytest.mark.memory


@pytest.mark.parametrize(
    ("content", "kind", "duration"),
    [
        (mp4(b"vide", b"soun"), MediaType.MP4, 90_000),
        (mp4(b"soun", brand=b"M4A "), MediaType.M4A, 90_000),
        (mp4(b"soun", brand=b"mp42"), MediaType.M4A, 90_000),
        (mp4(b"vide", version=1, seconds=36_000), MediaType.MP4, 36_000_000),
        (mp4(b"vide", large=True), MediaType.MP4, 90_000),
        (mp4(b"vide", seconds=0), MediaType.MP4, None),
        (webm(1, 2), MediaType.WEBM, 90_000),
        (webm(2), MediaType.WEBA, 90_000),
        (webm(1, 2, seconds=None, live=True), MediaType.WEBM, None),
        (webm(1, seconds=float("nan")), MediaType.WEBM, None),
        (webm(1, seconds=float("inf")), MediaType.WEBM, None),
        (mp3(100), MediaType.MP3, 2606),
        (mp3(100, tag=5000), MediaType.MP3, 2606),
        (mp3(100, told=10_000), MediaType.MP3, 261_224),
        (wav(2.5), MediaType.WAV, 2500),
        (wav(1, more=b"LIST" + b"\x03\0\0\0abc\0"), MediaType.WAV, 1000),
    ],
)
def test_kind_and_length_are_read_from_the_content(content, kind, duration):
    assert read_media(BytesIO(content)) == Media(kind, duration)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "none that we can take"),
        (b"<html><script>alert(1)</script></html>", "none that we can take"),
        (b"%PDF-1.7\n", "none that we can take"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "none that we can take"),
        (b"RIFF\x10\0\0\0AVI LIST", "none that we can take"),
        (b"OggS" + bytes(60), "none that we can take"),
        (mp4(b"vide", brand=b"qt  "), "QuickTime"),
        (mp4(b"text"), "neither picture nor sound"),
        (mp4(b"vide")[:60], "cut short"),
        (mp4(b"vide")[:-10], "cut short"),
        (box(b"ftyp", b"isom" + bytes(4)), "cut short"),
        (b"\0\0\0\x01ftypisom", "cut short"),
        (webm(1, doc_type=b"matroska"), "Matroska"),
        (webm(), "cut short"),
        (element("1a45dfa3", element("4282", b"webm")), "cut short"),
        (b"\x1aE\xdf\xa3", "cut short"),
        (b"ID3\x04\0\0\0\0\0\x7f" + bytes(300), "cut short"),
        (b"\xff\xfb\x90\x00" + bytes(2000), "cut short"),
        (wav(form=0x55), "packed in a way"),
        (wav()[:30], "cut short"),
    ],
)
def test_anything_else_is_refused_with_words(content, says):
    with pytest.raises(UnusableMediaError, match=says):
        read_media(BytesIO(content))


def test_name_of_the_type_that_browsers_are_told():
    assert [kind.media_type for kind in MediaType] == [
        "video/mp4",
        "video/webm",
        "audio/mpeg",
        "audio/mp4",
        "audio/wav",
        "audio/webm",
    ]


class _Counting(BytesIO):
    taken = 0

    def read(self, size=-1):
        piece = super().read(size)
        self.taken += len(piece)
        return piece


def test_what_is_held_is_passed_over_unread():
    held = bytes(5_000_000)
    film = _Counting(box(b"ftyp", b"isom" + bytes(4)) + box(b"mdat", held) + mp4(b"vide")[16:])
    assert read_media(film).kind is MediaType.MP4
    assert film.taken < 2000
