"""Whatever comes, each line that is not blank is found again; and whoever sends it cannot make the service sweat."""

import random
import time
from collections.abc import Callable

import pytest

from tests.formats.transcripts.written import accounted
from webapp.formats.transcripts import UnreadableTranscriptError, read_pasted, read_transcript
from webapp.formats.transcripts.times import stamp

pytestmark = pytest.mark.memory

FRAGMENTS = [
    *("", "", " ", "\t", "WEBVTT", "WEBVTT x", "NOTE", "NOTE a", "STYLE", "REGION", "::cue {}", "1", "2", "17", "id-1"),
    *("00:01.000 --> 00:02.000", "00:00:01,000 --> 00:00:02,000", "00:03.000 -->", "00:00:04.000", "0:0:1.5 --> 0:0:2"),
    *("00:99.000 --> 00:01.000", "9 --> 1", "-->", "a --> b", "00:05.000 --> 00:06.000 align:left", "[0:07]", "0:08"),
    *("Ann Lee: one", "Ann Lee:", "Bo: two", "Bo", "Ann Lee   0:03", "Bo Chan 0:04", "[0:05] Bo: x", "[Bo] 00:00:09"),
    *(
        "<v Ann>three",
        "<v Ann>",
        "</v>",
        "<v Bo>a</v> <v Ann>b",
        "<i></i>",
        "&amp;",
        "&#0;",
        "{\\an8}",
        "- a",
        "- ",
        ">>",
    ),
    *(
        ">> Bo: b",
        "We say: c",
        "Leeds: d",
        "Chair: e",
        "f.",
        "some words",
        "• g",
        "** h",
        "Ann started transcription",
        "\\",
    ),
    *(
        "<",
        ">",
        "<v",
        "\x0c",
        "安 李: 好",
        "Speaker not named: i",
        "word " * 30 + "end.",
        "a: b: c",
        "01:02: d",
        "(0:10)",
    ),
]


def _text(seed: int) -> str:
    chance = random.Random(seed)
    few = chance.sample(FRAGMENTS, chance.choice([3, 8, 20, len(FRAGMENTS)]))
    head = chance.choice(["WEBVTT\n\n", "1\n00:00:01,000 --> 00:00:02,000\n", ""])
    joints = chance.choices(["\n", "\n\n", "\r\n", "\r", " "], [10, 4, 2, 1, 1], k=40)
    return head + "".join(chance.choice(few) + joint for joint in joints[: chance.randint(1, 40)])


def test_each_line_is_found_again_in_a_turn_or_apart() -> None:
    for seed in range(1_500):
        text = _text(seed)
        lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", " ").split("\n")
        written = {number for number, line in enumerate(lines, start=1) if line.strip()}
        if not written:
            continue
        assert accounted(read_pasted(text)) == written, (seed, text)


def test_each_word_of_a_turn_was_written() -> None:
    for seed in range(100):
        chance = random.Random(seed)
        words = [f"w{number}" for number in range(60)]
        names = ["Ann Lee", "Bo Chan", "Cy Doe"]
        turns = [(chance.choice(names), " ".join(chance.sample(words, 5))) for _ in range(12)]
        cues = "\n\n".join(
            f"00:{n:02}.000 --> 00:{n + 1:02}.000\n<v {name}>{said}" for n, (name, said) in enumerate(turns)
        )
        prose = "\n".join(f"{name}: {said}" for name, said in turns)
        every = [word for _, said in turns for word in said.split()]
        for text in (f"WEBVTT\n\n{cues}", prose):
            reading = read_pasted(text, known=names)
            assert [word for turn in reading.turns for word in turn.words.split()] == every


MEGABYTES = 10_000_000
CUE = b"WEBVTT\n\n00:00.000 --> 00:01.000\n"
# What is read by letters is ten megabytes long, what is read by lines a fifth of the lines that are allowed.
LARGE: dict[str, Callable[[], bytes]] = {
    "tags that never end": lambda: CUE + b"<v " * (MEGABYTES // 6),
    "voices": lambda: CUE + b"<v x>a" * (MEGABYTES // 6),
    "spaces in a tag": lambda: CUE + b"<v" + b" " * MEGABYTES,
    "classes": lambda: CUE + b"<v" + b".a" * (MEGABYTES // 2),
    "digits of a mark": lambda: CUE + b"&#" + b"9" * MEGABYTES + b";",
    "braces": lambda: CUE + b"{\\" * (MEGABYTES // 2),
    "spaces after a name": lambda: b"Ann Lee:" + b" " * MEGABYTES + b"x",
    "dashes": lambda: CUE + b"- a\n" * 40_000,
    "cues": lambda: b"WEBVTT\n\n" + b"00:00.000 --> 00:01.000\nab c.\n\n" * 13_000,
    "names": lambda: b"".join(b"N%x Bo%x: some words\n" % (number, number) for number in range(40_000)),
    "spaces before a colon": lambda: (b"Aa" + b" " * 90 + b": x\n") * 40_000,
    "lines": lambda: b"a\n" * (MEGABYTES // 2),
}


@pytest.mark.parametrize("name", LARGE)
def test_malice_is_read_or_refused_in_three_seconds(name: str) -> None:
    content = LARGE[name]()
    began = time.process_time()
    try:
        reading = read_transcript(content)
    except UnreadableTranscriptError as refused:
        took = time.process_time() - began
        assert str(refused).startswith("This file has more than 200,000 lines")  # noqa: PT017 -- it may also be read
    else:
        took = time.process_time() - began
        assert accounted(reading)
    assert took < 3


def test_twelve_hours_are_read_in_seconds() -> None:
    names = ["Ann Lee", "Bo Chan", "Cy Doe"]
    cues = "\n\n".join(
        f"{n}\n{stamp(n * 3_000)} --> {stamp(n * 3_000 + 2_900)}\n"
        f"<v {names[n // 5 % 3]}>Some words that were never said, number {n}.</v>"
        for n in range(14_400)
    )
    content = f"WEBVTT\n\n{cues}\n".encode()
    began = time.process_time()
    reading = read_transcript(content)
    assert time.process_time() - began < 3
    assert len(reading.turns) == 2_880
    assert reading.turns[-1].end == 12 * 3_600_000 - 100
    assert (reading.unread, reading.remarks, reading.overlapped) == ((), (), False)
