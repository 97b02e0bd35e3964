"""The public journal of the field, where it stands beside the repository; the same behaviours are tested besides."""

import os
import time
from pathlib import Path

import pytest

from tests.formats.journals.written import ISSUE, MORE, by_title, placed
from webapp.formats.journals import Author, Kind, Quote, Reading, read_journal

pytestmark = pytest.mark.memory

STARTING = (
    "“Starting small” stands nowhere in the text. It was taken to begin at “THE PROGRAMME SHAPED THE PLAN”, which is "
    "printed on the pages that follow. Look whether it does."
)
SEEDS = os.environ.get("WAYMARK_SEEDS")


@pytest.fixture(scope="module")
def issue() -> Reading:
    return read_journal(ISSUE.encode())


def test_issue_is_told_apart_by_its_contents(issue: Reading) -> None:
    assert (issue.title, issue.subtitle) == ("Nearer to Home", "Working Side by Side")
    assert issue.acknowledgements == "The invented programme thanks all who wrote for this issue."
    assert [(entry.title, entry.page, entry.article) for entry in issue.entries] == [
        ("Foreword", 3, 0),
        ("Key Messages & Learning", 4, 1),
        ("Starting small", 6, 2),
        ("Northmoor: Side by Side", 10, 3),
        ("Learning together in Eastvale", 14, 4),
        ("Pat Quill — Farewell", 18, 5),
    ]
    assert [(article.kind, article.title, article.kicker) for article in issue.articles] == [
        (Kind.FOREWORD, "Foreword", ""),
        (Kind.KEY_MESSAGES, "Key Messages & Learning", ""),
        (Kind.ARTICLE, "Starting small", "The programme shaped the plan"),
        (
            Kind.ARTICLE,
            "A first year in a quiet town - Northmoor's journey to Side by Side",
            "Northmoor: Side by Side.",
        ),
        (Kind.ARTICLE, "What you need to know before learning together in Eastvale", ""),
        (Kind.FAREWELL, "Farewell", ""),
    ]


def test_authors_are_read_in_whatever_lines_name_them(issue: Reading) -> None:
    assert [article.authors for article in issue.articles] == [
        (Author("Ada Bright", "Deputy Director, Families and Communities", "Department for Invented Affairs"),),
        (),
        (),
        (
            Author("Cy Vane", "Service Manager", "Northmoor Council"),
            Author("Di Marsh", "Strategic Lead for Change – Family Services", "Northmoor Council"),
        ),
        (
            Author(
                "Eve Short", "Research Associate; Project Lead for Evaluation and Learning",
                "Institute for Invented Studies",
            ),
        ),
        (Author("Pat Quill"),),
    ]  # fmt: skip
    assert issue.articles[4].standfirst == "Eve Short, who leads the evaluation, reflects on its first year."


def test_body_is_markdown_without_what_pages_repeat(issue: Reading) -> None:
    town = issue.articles[3]
    assert town.body.split("\n\n")[1:] == [
        "## What changed",
        f"{MORE} One team now does what three did, and the people who work in it chose each other.",
        "> “They listened, and then they did what they had said.”\n>\n> — MESSAGE FROM A PARENT TO THE TEAM",
        "*Figure 1: Visits in each month*",
        "Our counts show:",
        "- **12** families had one worker\n- **31** visits were made together",
    ]
    words = "“They listened, and then they did what they had said.”"
    assert town.quotes == (Quote(words, "MESSAGE FROM A PARENT TO THE TEAM"),)
    assert town.captions == ("Figure 1: Visits in each month",)
    assert issue.articles[1].messages == ("Leaders say what they value", "Teams learn from families")
    assert issue.articles[1].body == "Working side by side changes how everybody works:"
    assert "- Start with what families say\n- Go on with what teams see\n\n## Who learns from whom?" in (
        issue.articles[4].body
    )


def test_footnotes_stand_at_the_end_and_dead_links_are_words(issue: Reading) -> None:
    foreword = issue.articles[0]
    assert "It follows our first event and draws on what was said¹ there." in foreword.body
    assert foreword.body.endswith("\n\n¹ The notes of the event were sent to all who came.")
    assert [remark.sentence for remark in foreword.remarks] == [
        "1 link leads nowhere in the document; only the words were kept."
    ]


def test_what_is_unsure_or_in_no_article_is_told_by_line(issue: Reading) -> None:
    assert [remark.sentence for remark in issue.remarks] == [
        STARTING,
    ]
    reason = "it seems to stand after the last article"
    assert [(line.text, line.reason) for line in issue.unplaced] == [
        ("Department", reason),
        ("for Invented Affairs", reason),
        ("The Department oversees the programme.", reason),
    ]
    assert [line.text for line in issue.asides] == [
        *["THE PROGRAMME SHAPED THE PLAN"] * 2,
        ".....",
        *["A FIRST YEAR IN A QUIET TOWN NORTHMOOR'S JOURNEY TO SIDE BY SIDE"] * 2,
    ]
    assert placed(issue) == {number for number, line in enumerate(ISSUE.split("\n"), start=1) if line.strip()}


if SEEDS:
    TAPPING = (
        "Tapping into values and motivation: How innovators and adopters are developing their social care workforce"
    )
    TITLES = [
        (Kind.FOREWORD, "Foreword"),
        (Kind.WELCOME, "Welcome"),
        (Kind.KEY_MESSAGES, "Key Messages & Learning"),
        (Kind.ARTICLE, "A Stepping Stone to a Transformed System"),
        (
            Kind.ARTICLE,
            "Transforming relationships with families: Lessons from implementing the 3 innovations",
        ),
        (
            Kind.ARTICLE,
            "Pioneering innovation in the capital - Wandsworth's journey with Family Safeguarding",
        ),
        (
            Kind.ARTICLE,
            "Insights from The Lighthouse - How a coordinated approach is keeping families together in Warrington",
        ),
        (Kind.ARTICLE, "Putting 'family' into our decision-making: Darlington's use of FGCs"),
        (Kind.ARTICLE, "Attributes of a values-driven leader"),
        (Kind.ARTICLE, TAPPING),
        (
            Kind.ARTICLE,
            "What you need to know before implementing a Strengthening Families, Protecting Children model",
        ),
        (Kind.FAREWELL, "Farewell"),
    ]
    AUTHORS = [
        ["Jennifer Benjamin: Department for Education"],
        ["Tally Daphu: Innovation Unit"],
        [],
        [],
        ["Steph Gamauf: Innovation Unit", "Luke Bevir: Mutual Ventures"],
        ["Nick Pendry: ", "Sheleena Powtoo: Wandsworth Borough Council"],
        ["Chantelle Williams: The Lighthouse", "Iain Kirkup: SFPC Programme"],
        ["Joseph Robb: Darlington Borough Council"],
        ["Jahaan Abdurahman: Innovation Unit", "Matthew Horne: Innovation Unit"],
        ["Siobhan Edwards: Innovation Unit"],
        ["Ella Whelan: What Works for Children's Social Care"],
        ["Steve Walker: "],
    ]

    def test_twelve_entries_are_titled_and_attributed_as_in_the_text() -> None:
        content = (Path(SEEDS) / "003_609b2c29aa762eae.txt").read_bytes()
        began = time.process_time()
        reading = read_journal(content)
        assert time.process_time() - began < 0.2
        assert (reading.title, reading.subtitle) == ("Strengthening families", "Working with families in new ways")
        assert (reading.number, reading.season) == (4, "")
        assert [entry.page for entry in reading.entries] == [4, 6, 7, 8, 12, 20, 24, 28, 32, 36, 40, 46]
        assert [entry.article for entry in reading.entries] == list(range(12))
        assert [(article.kind, article.title) for article in reading.articles] == TITLES
        named = [[f"{each.name}: {each.organisation}" for each in article.authors] for article in reading.articles]
        assert named == AUTHORS
        assert len(reading.articles[2].messages) == 4
        assert "## Strand 1: impact evaluation" in reading.articles[10].body
        headings = [line for article in reading.articles for line in article.body.split("\n") if line.startswith("##")]
        assert [line for line in headings if line.isupper()] == []
        assert [len(article.quotes) for article in reading.articles] == [0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 0]
        assert by_title(reading)["Farewell"].body.endswith("LeedsRPC@leeds.gov.uk")
        assert (len(reading.remarks), reading.unplaced[0].number, len(reading.asides)) == (1, 635, 20)
        lines = content.decode().split("\n")
        assert placed(reading) == {number for number, line in enumerate(lines, start=1) if line.strip()}
