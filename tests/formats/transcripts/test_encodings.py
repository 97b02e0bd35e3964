import pytest

from tests.formats.transcripts.written import said
from webapp.formats.transcripts import Remark, UnreadableTranscriptError, read_transcript

pytestmark = pytest.mark.memory

TEXT = "Zoë Lee: “Café” – naïve.\nBo Chan: Où?\nZoë Lee: Là.\nBo Chan: Ça.\n"
SAID = [("Zoë Lee", "“Café” – naïve."), ("Bo Chan", "Où?"), ("Zoë Lee", "Là."), ("Bo Chan", "Ça.")]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-32"), "utf-32"),
        (TEXT.encode("cp1252"), "windows-1252"),
    ],
    ids=["utf-8", "marked utf-8", "marked le", "marked be", "le", "be", "utf-32", "windows"],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_encoding_and_ends_of_lines_are_told_apart(content: bytes, encoding: str, ending: str) -> None:
    python = {"windows-1252": "cp1252", "utf-8-sig": "utf-8", "utf-32": "utf-32-le"}.get(encoding, encoding)
    reading = read_transcript(content.replace("\n".encode(python), ending.encode(python)))
    assert (reading.encoding, said(reading), reading.remarks) == (encoding, SAID, ())
    assert [turn.lines for turn in reading.turns] == [(1,), (2,), (3,), (4,)]


def test_damaged_letters_are_marked_and_told() -> None:
    reading = read_transcript(TEXT.encode() + "Zoë Lee: déjà".encode()[:-1])
    assert reading.encoding == "utf-8"
    assert said(reading)[-1] == ("Zoë Lee", "déj\ufffd")
    assert reading.remarks == (Remark("Some letters are damaged and stand as “\ufffd”. Correct them by hand.", 5),)
    assert said(read_transcript(b"Ann: caf\xe9 \x81\nBo: x"))[0] == ("Ann", "café \ufffd")


def test_characters_that_no_file_can_hold_are_marked() -> None:
    reading = read_transcript("Ann Lee: a\0b\x07c\u202ed\ufffee\nBo Chan: x\n".encode() + b"Ann Lee: y\n" * 100)
    assert reading.turns[0].words == "a\ufffdb cd\ufffde"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7\n", "This file is a PDF, whatever its name says. "),
        (b"{\\rtf1 Ann: x}", "This file is a rich text file (.rtf), whatever its name says. "),
        (b"\x89PNG\r\n", "This file is a picture, whatever its name says. "),
        (b"\0\0\0\x18ftypmp42" + b"\0" * 50, "This file is a recording, whatever its name says. "),
        (b"MZ\x90\0", "This file is a program, whatever its name says. "),
        (b"<!DOCTYPE html><p>WEBVTT", "This file is a web page or XML, whatever its name says. "),
        (b'\xef\xbb\xbf<?xml version="1.0"?><tt>', "This file is a web page or XML, whatever its name says. "),
        (bytes(range(256)) * 8, "We could not read this file as a transcript, because it does not contain text. "),
        (b"WEBVTT\n\n" + b"\0\1\2" * 99, "We could not read this file as a transcript, because it does not contain"),
        (b"\n" * 200_001, "This file has more than 200,000 lines, the most that can be read as a transcript. "),
        (b"a" * (32 * 2**20 + 1), "This file is larger than 32 MB, the most that can be read as a transcript. "),
    ],
    ids=["pdf", "rtf", "png", "mp4", "program", "page", "xml", "bytes", "named vtt", "lines", "large"],
)
def test_what_is_no_transcript_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableTranscriptError) as refused:
        read_transcript(content)
    assert str(refused.value).startswith(words)
