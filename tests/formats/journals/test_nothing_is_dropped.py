"""Whatever comes, each line that is not blank is found again; and whoever sends it cannot make the service sweat."""

import gc
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from tests.formats.journals.written import ISSUE, letters, placed
from tests.formats.transcripts.written import docx, paragraph
from webapp.formats.journals import Reading, UnreadableJournalError, read_journal, read_pasted

pytestmark = pytest.mark.memory

FRAGMENTS = [
    *("", "", "", "", " ", "Contents", "In this issue", "Acknowledgements", "Foreword", "Welcome", "Key messages"),
    *(
        "1",
        "2",
        "3",
        "4",
        "12",
        "Foreword ..... 3",
        "4 Welcome",
        "One year on\t7",
        "ONE YEAR ON",
        "One year on",
        "p. 9",
    ),
    *("ANN LEE – Head, Northmoor Council", "by Bo Chan and Cy Doe", "Ann Lee", "Words: Ann Lee", "by", "–", "....."),
    *("# Title", "## Below", "- an item", "• another", "1. first", "2) second", "> quoted", "* ", "Figure 2: a chart"),
    *(
        "“Set apart in its marks.”",
        "“Set apart.” – A parent",
        "MESSAGE FROM A PARENT",
        "¹ A note",
        "said¹ so",
        "[a](#)",
    ),
    *("A sentence that is whole and says something to whoever reads it.", "it goes on in the middle of a", "co-"),
    *("A SHORT LINE", "A Short Line", "The Journal | 7", "The Journal | 8", "The Journal | 9", "1986. A", "[a](#)"),
    *("**bold** and *not*", "<b>x</b>", "\\", "Who learns from whom?", "Farewell", "Pat Quill — Farewell", "안녕"),
    *("\x0c", "Title Case Line: and its end", "– Ann Lee, Parent", "A line that stops in the middle and never goes"),
]


def _text(seed: int) -> str:
    chance = random.Random(seed)
    few = chance.sample(FRAGMENTS, chance.choice([4, 10, 25, len(FRAGMENTS)]))
    joints = chance.choices(["\n", "\n\n", "\r\n", "\n\n\n\n", " "], [6, 8, 2, 2, 1], k=50)
    head = chance.choice(["Contents\n\n3\n\nForeword\n\n4\n\nOne year on\n\n", "Contents\nForeword 3\nWelcome 4\n", ""])
    return head + "".join(chance.choice(few) + joint for joint in joints[: chance.randint(1, 50)])


def _check(reading: Reading, lines: dict[int, str], what: object) -> None:
    assert placed(reading) == set(lines), what
    elsewhere = {line.number: line.text for line in (*reading.front, *reading.asides, *reading.unplaced)}
    assert {number: text.strip() for number, text in elsewhere.items()} == {n: lines[n] for n in elsewhere}, what
    seen = list(elsewhere)
    for article in reading.articles:
        seen += article.lines
        said = Counter(letters("".join(lines[number] for number in article.lines)))
        assert said <= Counter(letters(article.text)), (what, said - Counter(letters(article.text)))
    assert len(seen) == len(set(seen)), what


def _lines(text: str) -> dict[int, str]:
    lines = text.replace("\r\n", "\n").replace("\x0c", " ").split("\n")
    return {number: line.strip() for number, line in enumerate(lines, start=1) if line.strip()}


def test_each_line_is_found_again_with_all_its_letters() -> None:
    for seed in range(500):
        text = _text(seed)
        lines = _lines(text)
        if any(any(sign.isalnum() for sign in line) for line in lines.values()):
            _check(read_pasted(text), lines, (seed, text))


def test_each_line_of_a_word_document_is_found_again() -> None:
    for seed in range(60):
        chance = random.Random(seed)
        said = [chance.choice(FRAGMENTS).replace("\x0c", "").strip() for _ in range(30)]
        if any(any(sign.isalnum() for sign in line) for line in said):
            lines = {number: line for number, line in enumerate(said, start=1) if line}
            _check(read_journal(docx(*map(paragraph, said))), lines, (seed, said))


def test_each_row_of_a_table_of_word_is_found_again() -> None:
    for seed in range(40):
        chance = random.Random(seed)
        said = [chance.choice(FRAGMENTS).replace("\x0c", "").strip() for _ in range(24)]
        width = chance.choice([1, 2, 3])
        rows = [said[at : at + width] for at in range(6, 18, width)]
        cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
        table = "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"
        written = [*said[:6], *("\t".join(filter(None, row)) for row in rows), *said[18:]]
        if any(any(sign.isalnum() for sign in line) for line in written):
            reading = read_journal(docx(*map(paragraph, said[:6]), table, *map(paragraph, said[18:])))
            assert placed(reading) == {number for number, line in enumerate(written, start=1) if line.strip()}
            found = Counter(letters("".join(article.text for article in reading.articles)))
            apart = (*reading.front, *reading.asides, *reading.unplaced)
            found += Counter(letters("".join(line.text for line in apart)))
            assert Counter(letters("".join(written))) <= found, (seed, written)


MANY = 10_000
# Each is about ten thousand lines, or as many letters without a break as may be sent.
LARGE: dict[str, Callable[[], str]] = {
    "titles": lambda: "Contents\n" + "".join(f"Title {n}\n{n}\n" for n in range(150)) + "Title 7\n\n" * MANY,
    "the same words": lambda: (
        "Contents\n1\nOne year on now\n2\nOne year on then\n" + "One year on\n\nyear one on now then\n\n" * MANY
    ),
    "different words": lambda: "Contents\n1\nOne a\n2\nOne b\n" + "".join(f"One w{n} v{n}\n\n" for n in range(MANY)),
    "a word that never ends": lambda: "Contents\n1\nOne\n2\nTwo\n\n" + "a" * 1_000_000,
    "blanks": lambda: "Foreword\n\nby" + " " * 1_000_000 + "x",
    "dots": lambda: "Contents\nForeword " + ". " * 500_000 + "\nWelcome 4",
    "links": lambda: "Foreword\n\n" + "[a" * 300_000,
    "quotes": lambda: "Foreword\n\n" + "“a” – " * 100_000,
    "sentences again": lambda: "Foreword\n\n" + "We said that they all came with us here.\n\n" * MANY,
    "numbers": lambda: "Foreword\n\n" + "1\n\nand\n\n" * MANY,
    "broken paragraphs": lambda: "Foreword\n\n" + "and it went on and on and on and on and on and on with\n\n" * MANY,
    "hyphens": lambda: "Foreword\n\n" + "co-\n" * MANY,
    "authors": lambda: "Foreword\n\n" + "Ann Lee – Head, Northmoor Council\n" * MANY,
    "dashes": lambda: "Foreword\n\nAnn Lee" + " – " * 300_000,
    "notes": lambda: "Foreword\n\n" + "¹ a note\n" * MANY,
}


def _floor(text: str) -> float:
    """What it takes to walk over the letters of a text in Python a few times, as anything that reads it does."""
    began = time.process_time()
    for _ in range(4):
        sum(sign.isalnum() for sign in text)
        text.casefold().split()
    return time.process_time() - began


@pytest.fixture
def alone() -> Iterator[None]:
    """Python looks for garbage among what a test makes itself, and not among all that thousands before it left."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("name", LARGE)
def test_malice_takes_no_longer_than_walking_over_it(name: str) -> None:
    text = LARGE[name]()
    began = time.process_time()
    try:
        lines = placed(read_pasted(text))
    except UnreadableJournalError as refused:
        lines = {len(str(refused))}
    took = time.process_time() - began
    assert lines
    assert took < 30 * _floor(text) + 0.6


def test_an_issue_of_ten_times_the_length_takes_ten_times_as_long() -> None:
    once, often = ISSUE * 2, ISSUE * 20

    def spent(text: str) -> float:
        began = time.process_time()
        read_pasted(text)
        return time.process_time() - began

    spent(once)
    assert min(spent(often) for _ in range(3)) < 25 * min(spent(once) for _ in range(3))
