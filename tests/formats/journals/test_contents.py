import time

import pytest

from tests.formats.journals.written import BODY, MORE
from webapp.formats.journals import Reading, read_pasted

pytestmark = pytest.mark.memory

TITLES = ["Foreword", "Starting small in 2021", "Learning together", "12 ways to listen"]
ARTICLES = "\n\n".join(f"{title}\n\n{BODY}\n\n{MORE}" for title in TITLES)
LISTS = {
    "number then title": "3\n\nForeword\n\n4\n\n{}\n\n9\n\nLearning together\n\n12\n\n12 ways to listen",
    "without blank lines": "3\nForeword\n4\nStarting small in 2021\n9\nLearning together\n12\n12 ways to listen",
    "title over two lines": "3\n\nForeword\n\n4\n\n{}\n\n9\n\nLearning\ntogether\n\n12\n\n12 ways\nto listen",
    "title then number": "Foreword\n3\nStarting small in 2021\n4\nLearning together\n9\n12 ways to listen\n12",
    "dots": "Foreword ..... 3\nStarting small in 2021 ......... 4\nLearning together … 9\n12 ways to listen\t12",
    "dots and parts": "Foreword 3\n\nPart one: beginnings\n\n{} 4\nLearning\ntogether 9\n12 ways to listen 12",
    "number leads": "3 Foreword\n4 Starting small in 2021\n9 Learning together\n12 12 ways to listen",
    "pages": "p. 3: Foreword\np. 4: Starting small in 2021\np. 9: Learning together\npp. 12 – 12 ways to listen",
}


def listed(reading: Reading) -> list[tuple[str, int | None]]:
    """The entries of the contents."""
    return [(entry.title, entry.page) for entry in reading.entries]


@pytest.mark.parametrize("layout", LISTS)
def test_contents_are_read_in_whatever_layout(layout: str) -> None:
    reading = read_pasted(f"Nearer to Home\n\nContents\n\n{LISTS[layout].format(TITLES[1])}\n\n\n\n{ARTICLES}")
    assert listed(reading) == list(zip(TITLES, [3, 4, 9, 12], strict=True))
    assert [entry.article for entry in reading.entries] == [0, 1, 2, 3]
    assert [article.title for article in reading.articles] == TITLES
    assert {article.body for article in reading.articles} == {f"{BODY}\n\n{MORE}"}
    assert (reading.title, reading.remarks, reading.unplaced) == ("Nearer to Home", (), ())


@pytest.mark.parametrize(
    ("cover", "told"),
    [
        ("Nearer to Home\n\nIssue 2, autumn 2026", ("Nearer to Home", "", 2, "Autumn 2026")),
        ("Nearer to Home, Issue 12", ("Nearer to Home", "", 12, "")),
        ("Nearer to Home – Summer 2026 (issue 3)", ("Nearer to Home", "", 3, "Summer 2026")),
        ("Nearer to Home\n\nThird edition | Spring/Summer 2026", ("Nearer to Home", "", 3, "Spring/Summer 2026")),
        ("Issue no. 7\n\nNearer to Home\n\nTeams: January 2026", ("Nearer to Home", "Teams", 7, "January 2026")),
        ("The May 2 issue", ("The May 2 issue", "", None, "")),
    ],
)
def test_number_and_season_are_no_part_of_the_title(cover: str, told: tuple[str, str, int | None, str]) -> None:
    reading = read_pasted(f"{cover}\n\nContents\n\n{LISTS['dots']}\n\n\n\n{ARTICLES}")
    assert (reading.title, reading.subtitle, reading.number, reading.season) == told
    assert (len(reading.articles), reading.unplaced) == (4, ())


def test_number_is_that_of_which_the_first_articles_speak() -> None:
    spoken = ARTICLES.replace(BODY, f"This is the fourth issue of the journal. {BODY}", 1)
    assert read_pasted(f"Nearer to Home\n\nContents\n\n{LISTS['dots']}\n\n\n\n{spoken}").number == 4
    assert read_pasted(f"Nearer to Home\n\nContents\n\n{LISTS['dots']}\n\n\n\n{ARTICLES}").number is None


def test_contents_without_pages_end_where_articles_begin() -> None:
    reading = read_pasted("In this issue:\n\n" + "\n".join(TITLES) + f"\n\n{ARTICLES}")
    assert listed(reading) == [(title, None) for title in TITLES]
    assert [article.title for article in reading.articles] == TITLES


@pytest.mark.parametrize(
    ("listed", "written"),
    [
        ("Listening & learning", "Listening and Learning"),
        ("A values-driven leader", "A VALUES DRIVEN LEADER"),
        ("Northmoor — two years on", "Northmoor: two years on"),
        ("Tapping into kindness", "Tapping into kindness: how teams find it"),
        ("Working with families", "What we know of working with families"),
        ("Attributes of good leaders", "Atributes of good leaders"),
        ("“Café” voices", "Cafe voices"),
        ("Bo Chan — Looking back", "Looking back"),
    ],
)
def test_titles_are_found_though_spelled_a_little_differently(listed: str, written: str) -> None:
    text = f"Contents\n3\nForeword\n4\n{listed}\n9\nLearning together\n\nForeword\n\n{BODY}\n\n{written}\n\n"
    text += f"BO CHAN\n\n{BODY}\n\n{MORE}\n\nLearning together\n\n{MORE}"
    reading = read_pasted(text)
    title = "A values driven leader" if written.isupper() else written
    assert [article.title for article in reading.articles] == ["Foreword", title, "Learning together"]
    assert [(entry.title, entry.article) for entry in reading.entries][1] == (listed, 1)
    assert reading.remarks == ()


def test_entry_that_has_no_article_is_told() -> None:
    text = "Contents\n3\nForeword\n4\nThe missing one\n9\nLearning together\n\n"
    text += f"Foreword\n\n{BODY}\n\nLearning together\n\n{BODY}"
    reading = read_pasted(text)
    assert [entry.article for entry in reading.entries] == [0, None, 1]
    assert [(remark.sentence, remark.line) for remark in reading.remarks] == [
        ("No article was found for “The missing one” of the contents.", 4)
    ]


def test_heading_that_says_the_same_in_an_earlier_article_begins_none() -> None:
    text = f"Contents\n3\nThree towns\n4\nEastvale\n9\nNorthmoor: Side by Side\n\nThree towns\n\n{BODY}\n\n"
    text += f"NORTHMOOR: SIDE BY SIDE\n\n{MORE}\n\nEastvale\n\n{BODY}\n\nNorthmoor: Side by Side\n\n{MORE}"
    reading = read_pasted(text)
    assert [article.title for article in reading.articles] == ["Three towns", "Eastvale", "Northmoor: Side by Side"]
    assert "## Northmoor: side by side" in reading.articles[0].body


def spent(text: str) -> float:
    """The least that it took to read a text, of three times: whatever else the machine does only adds to it."""

    def once() -> float:
        began = time.process_time()
        read_pasted(text)
        return time.process_time() - began

    return min(once() for _ in range(3))


def test_contents_of_many_like_titles_take_about_as_long_as_reading_them() -> None:
    titles = [f"Title {number}" for number in range(200)]
    printed = "\n".join(f"{title}\n\ntext text text\n" for title in titles) * 20
    contents = "".join(f"{title} .... {number}\n" for number, title in enumerate(titles))
    assert spent(f"Contents\n{contents}{printed}") < 8 * spent(printed)
