import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from docx import Document

from tests.formats.transcripts.written import said
from webapp.formats.transcripts import (
    Kind,
    Piece,
    Turn,
    UnreadableTranscriptError,
    as_json,
    as_subrip,
    as_text,
    as_webvtt,
    as_word,
    captions,
    read_transcript,
)
from webapp.formats.transcripts.captions import wrapped

pytestmark = pytest.mark.memory

MADE = datetime(2031, 6, 3, 9, 0, tzinfo=UTC)
TALK = (
    Turn("Ann Lee", (Piece("Good morning, everybody, and welcome to our practice week.", 1_000, 5_000),
                     Piece("Begin.", 6_000))),
    Turn("Bo Chan (DfE)", (Piece("5 < 6 & 7 > 6; <i>so</i> &amp; --> I.", 9_000, 11_000),)),
    Turn(None, (Piece("(laughter)", 11_000, 12_000),)),
    Turn("Ann Lee", (Piece("First.", 12_000, 13_000), Piece("Second.", 20_000, 21_000, paragraph=True))),
)  # fmt: skip
WRITTEN = [(turn.label, turn.words) for turn in TALK]


def flat(turns) -> list[tuple[str | None, str]]:
    """Captions hold no paragraphs."""
    return [(label, " ".join(words.split())) for label, words in turns]


def test_text_is_read_again() -> None:
    text = as_text(TALK, title="Practice week")
    assert text.startswith(
        "Practice week\n\nAnn Lee: Good morning, everybody, and welcome to our practice week. Begin.\n\n"
    )
    assert "\n\nSpeaker not named: (laughter)\n\n" in text
    reading = read_transcript(text.encode(), known=["Ann Lee", "Bo Chan (DfE)"])
    assert (said(reading), reading.kind) == (WRITTEN, Kind.TEXT)


def test_text_with_times_is_read_again() -> None:
    text = as_text(TALK, times=True)
    assert "\n\nBo Chan (DfE) (0:00:09): 5 < 6" in text
    reading = read_transcript(text.encode(), known=["Bo Chan (DfE)"])
    assert said(reading) == WRITTEN
    assert [turn.start for turn in reading.turns] == [1_000, 9_000, 11_000, 12_000]


def test_word_is_read_again_and_shows_names_in_bold() -> None:
    content = as_word(TALK, title="Practice week\x07", made_at=MADE, about=["Invented & edited."], times=True)
    reading = read_transcript(content, known=["Bo Chan (DfE)"])
    assert (said(reading), reading.kind) == (WRITTEN, Kind.WORD)
    assert [line.text for line in reading.before] == ["Practice week", "Invented & edited."]
    assert [turn.start for turn in reading.turns] == [1_000, 9_000, 11_000, 12_000]
    document = Document(io.BytesIO(content))
    assert [run.text for paragraph in document.paragraphs for run in paragraph.runs if run.bold][:2] == [
        "Ann Lee (0:00:01): ",
        "Bo Chan (DfE) (0:00:09): ",
    ]
    assert document.core_properties.title == "Practice week"
    assert content == as_word(TALK, title="Practice week\x07", made_at=MADE, about=["Invented & edited."], times=True)


def test_webvtt_is_read_again() -> None:
    text = as_webvtt(TALK, title="a --> b", language="en-GB")
    assert text.startswith("WEBVTT a → b\nLanguage: en-GB\n\n00:00:01.000 --> 00:00:05.000\n<v Ann Lee>")
    assert "\n<v Bo Chan (DfE)>5 &lt; 6 &amp; 7 &gt; 6; &lt;i&gt;so&lt;/i&gt; &amp;amp; --&gt; I.\n" in text
    reading = read_transcript(text.encode())
    assert flat(said(reading)) == flat(WRITTEN)
    assert [turn.start for turn in reading.turns] == [1_000, 9_000, 11_000, 12_000]
    assert (reading.kind, reading.unread, reading.remarks) == (Kind.WEBVTT, (), ())


def test_subrip_is_read_again() -> None:
    text = as_subrip(TALK)
    assert text.startswith("1\n00:00:01,000 --> 00:00:05,000\n")
    assert "\nAnn Lee: Good morning, everybody, and\nwelcome to our practice week.\n\n2\n" in text
    assert "\n>> (laughter)\n" in text
    reading = read_transcript(text.encode(), known=["Bo Chan (DfE)"])
    assert flat(said(reading)) == flat(WRITTEN)
    assert (reading.kind, reading.unread) == (Kind.SUBRIP, ())


def test_words_that_look_like_marks_are_written_as_words() -> None:
    turn = Turn("Ann <b> Lee", (Piece(r"{\an8} &amp; </v> <v Bo>", 0, 1_000),))
    assert said(read_transcript(as_webvtt([turn]).encode())) == [(turn.label, turn.words)]
    turn = replace(turn, label="Ann Lee")
    assert said(read_transcript(as_subrip([turn]).encode())) == [(turn.label, turn.words)]


def test_json_is_read_again_without_loss() -> None:
    reading = read_transcript(as_json(TALK, title="Practice week", language="en-GB").encode())
    assert (reading.turns, reading.kind) == (TALK, Kind.JSON)
    whole = json.loads(as_json(TALK, title="Practice week"))
    assert (whole["title"], whole["turns"][0]["start"], whole["turns"][2]["speaker"]) == ("Practice week", 1_000, None)


def test_json_brings_in_nothing_that_text_may_not_hold() -> None:
    turns = [Turn(f"A\0\n{'n' * 300}", (Piece("a\ud800\x07b\r\n\r\nc", 0),))]
    text = as_json(turns).replace("\ud800", "\\ud800")
    (turn,) = read_transcript(text.encode()).turns
    assert (turn.label, turn.words) == (f"A\ufffd {'n' * 196}…", "a\ufffd b\n\nc")


@pytest.mark.parametrize(
    "turns", ["1", "[1]", '[{"speaker": 1, "pieces": []}]', '[{"speaker": null, "pieces": [{"words": 1}]}]']
)
def test_damaged_json_is_refused(turns: str) -> None:
    with pytest.raises(
        UnreadableTranscriptError, match=r"^This transcript was written by this service, but is damaged\."
    ):
        read_transcript(f'{{"format": "waymark-transcript", "turns": {turns}}}'.encode())


@pytest.mark.parametrize("text", ['{"a": 1}', '{"a":' + "[" * 100_000, "{ Ann: x"])
def test_other_json_is_text(text: str) -> None:
    assert read_transcript(text.encode()).kind is Kind.TEXT


def test_captions_fit_two_lines_of_37_and_spread_by_length() -> None:
    words = " ".join(["word"] * 100) + " " + "w" * 80
    made = captions([Turn("Ann", (Piece(words, 10_000, 30_000),))]).shown
    assert all(len(one.lines) <= 2 and all(len(line) <= 37 for line in one.lines) for one in made)
    assert "".join("".join(one.lines) for one in made).replace(" ", "") == words.replace(" ", "")
    assert (made[0].start, made[-1].end) == (10_000, 30_000)
    assert all(one.end == following.start for one, following in pairwise(made))
    assert [one.opens for one in made] == [True] + [False] * (len(made) - 1)
    letters = sum(len(line) for one in made for line in one.lines)
    assert made[0].end - made[0].start == 20_000 * sum(map(len, made[0].lines)) // letters


def test_captions_begin_when_each_piece_was_said() -> None:
    pieces = (Piece("one", 1_000, 2_000), Piece("two", 5_000), Piece("three"), Piece("four", 60_000))
    shown = captions([Turn("Ann", pieces), Turn("Bo", (Piece("five", 60_500), Piece("six", 60_500)))]).shown
    assert [(one.start, one.end, one.lines[0]) for one in shown] == [
        (1_000, 2_000, "one"),
        (5_000, 9_500, "two three"),
        (60_000, 60_500, "four"),
        (60_500, 62_000, "five"),
        (60_500, 62_000, "six"),
    ]


def test_captions_always_last_some_time() -> None:
    shown = captions([Turn("Ann", (Piece("word " * 100, 5, 6), Piece("word", 9, 3)))]).shown
    assert all(one.end > one.start for one in shown)
    assert shown[-1].end == 9 + 1_500


def test_turns_without_times_are_told_and_stand_as_notes() -> None:
    turns = [Turn("Ann Lee", (Piece("Said --> once.\n\nTwice."),)), Turn("Bo", (Piece("Then.", 1_000, 2_000),))]
    assert captions(turns).untimed == turns[:1]
    assert as_webvtt(turns) == (
        "WEBVTT\n\nNOTE Without a time: Ann Lee: Said → once. Twice.\n\n00:00:01.000 --> 00:00:02.000\n<v Bo>Then.\n"
    )
    assert as_subrip(turns) == "1\n00:00:01,000 --> 00:00:02,000\nBo: Then.\n"


def test_wrapping_cuts_only_words_that_fit_no_line() -> None:
    assert wrapped("aa bb cc", 5) == ["aa bb", "cc"]
    assert wrapped("abcdefgh i", 3) == ["abc", "def", "gh", "i"]
    assert wrapped("  ") == []
