import pytest

from tests.formats.journals.written import BODY, MORE
from webapp.formats.journals import (
    Article,
    Author,
    Kind,
    Quote,
    UnreadableJournalError,
    read_journal,
    read_pasted,
    without_marks,
)

pytestmark = pytest.mark.memory


def article(*parts: str) -> Article:
    """The first of two articles, of these parts below its title."""
    text = "\n\n".join(["# Two years on", *parts, "# Another", BODY])
    return read_pasted(text).articles[0]


@pytest.mark.parametrize(
    ("lines", "authors"),
    [
        (
            "ADA O'BRIGHT – Head of Practice, Northmoor Council",
            [("Ada O'Bright", "Head of Practice", "Northmoor Council")],
        ),
        ("Ada Bright — Hub Manager at The Harbour", [("Ada Bright", "Hub Manager", "The Harbour")]),
        ("Ada Bright, Head of Practice, Northmoor Council", [("Ada Bright", "Head of Practice", "Northmoor Council")]),
        ("Ada Bright – Northmoor Council", [("Ada Bright", "", "Northmoor Council")]),
        ("Ada Bright – Lead for Change\nEastvale Trust", [("Ada Bright", "Lead for Change", "Eastvale Trust")]),
        ("By Ada Bright", [("Ada Bright", "", "")]),
        ("by Ada Bright, Bo Chan and Cy Doe", [("Ada Bright", "", ""), ("Bo Chan", "", ""), ("Cy Doe", "", "")]),
        ("Words: Ada Bright, Editor", [("Ada Bright", "Editor", "")]),
        (
            "Ada Bright – Consultant,\nEastvale Trust\nBo Chan – Consultant, Invented Ventures",
            [("Ada Bright", "Consultant", "Eastvale Trust"), ("Bo Chan", "Consultant", "Invented Ventures")],
        ),
        ("Priya Nair, Independent Chair", [("Priya Nair", "Independent Chair", "")]),
        (
            "By Olu Adeyemi, Senior Practitioner, and Zoë Brânză",
            [("Olu Adeyemi", "Senior Practitioner", ""), ("Zoë Brânză", "", "")],
        ),
        (
            "By Olu Adeyemi, Head of Practice, and Zoë Brânză, Family Worker",
            [("Olu Adeyemi", "Head of Practice", ""), ("Zoë Brânză", "Family Worker", "")],
        ),
        (
            "Olu Adeyemi, Clinical Psychologist and Practice Lead, Northmoor Council",
            [("Olu Adeyemi", "Clinical Psychologist and Practice Lead", "Northmoor Council")],
        ),
        (
            "By Olu Adeyemi, Senior Practitioner and Zoë Brânză",
            [("Olu Adeyemi", "Senior Practitioner", ""), ("Zoë Brânză", "", "")],
        ),
        ("By Ann Lee and Mary Head", [("Ann Lee", "", ""), ("Mary Head", "", "")]),
    ],
)
def test_authors_are_read(lines: str, authors: list[tuple[str, str, str]]) -> None:
    found = article(lines, BODY, MORE)
    assert found.authors == tuple(Author(*author) for author in authors)
    assert (found.body, found.remarks) == (f"{BODY}\n\n{MORE}", ())


@pytest.mark.parametrize(
    ("line", "names", "doubt"),
    [
        ("By Ann Lee, Mary Head", ["Ann Lee"], "Mary Head"),
        ("By Ann Lee, Zoë Brânză", ["Ann Lee", "Zoë Brânză"], "Zoë Brânză"),
        ("By Ann Lee, Head of Housing and Adult Reviews", ["Ann Lee"], "Adult Reviews"),
    ],
)
def test_what_may_be_a_name_or_a_role_is_told(line: str, names: list[str], doubt: str) -> None:
    found = article(line, BODY)
    assert [author.name for author in found.authors] == names
    assert [remark.sentence for remark in found.remarks] == [f"Look at the authors: “{doubt}” may be a name or a role."]


def test_headings_in_capitals_are_written_as_sentences_are() -> None:
    names = "The NHS and the council of Northmoor met, and whoever came to Family Hubs said what FGCs are to them."
    found = article("WHAT FGCS ARE TO NORTHMOOR’S NHS", names, "STRAND 1: FAMILY HUBS, AND WHO CAME", BODY, MORE)
    assert [line for line in found.body.split("\n") if line.startswith("#")] == [
        "## What FGCs are to Northmoor’s NHS",
        "## Strand 1: Family Hubs, and who came",
    ]


def test_name_alone_is_an_author_in_doubt() -> None:
    found = article("Ada Bright", BODY)
    assert found.authors == (Author("Ada Bright", sure=False),)
    assert [remark.sentence for remark in found.remarks] == [
        "“Ada Bright” was taken for the author, since the name stands alone below the title."
    ]


@pytest.mark.parametrize("line", ["Northmoor – a year of change", "Family Services, at Home", "We met Ada Bright."])
def test_other_lines_name_no_author(line: str) -> None:
    assert article(line, BODY).authors == ()


def test_paragraphs_that_lines_and_pages_broke_are_whole_again() -> None:
    broken = "Families told us that they\nwant to tell their story once, and to some-\nbody well-\nknown to all the"
    found = article(broken, "other people in their lives.", "Somebody cooperates. So do all.")
    assert found.body == (
        "Families told us that they want to tell their story once, and to somebody well-known to all the other"
        " people in their lives.\n\nSomebody cooperates. So do all."
    )


def test_numbers_and_titles_of_pages_are_left_out() -> None:
    pages = [
        f"{BODY} It goes on to the next page, where those\n\n{n}\n\nNearer to Home | {n}\n\nwho read go on."
        for n in (4, 5, 6)
    ]
    found = article(*pages)
    assert found.body == "\n\n".join([f"{BODY} It goes on to the next page, where those who read go on."] * 3)


def test_sentence_that_is_set_apart_is_a_quote_and_stands_once() -> None:
    found = article(BODY, "somebody they know should listen to it", MORE)
    assert found.body == f"{BODY}\n\n{MORE}"
    assert found.quotes == (Quote("somebody they know should listen to it", repeats=True),)


@pytest.mark.parametrize(
    "parts",
    [
        ("“We were heard at last.”", "– Parent, Northmoor"),
        ("“We were heard at last.” – Parent, Northmoor",),
        ("> “We were heard at last.”\n> – Parent, Northmoor",),
    ],
)
def test_words_in_quotation_marks_are_whose_they_are_said_to_be(parts: tuple[str, ...]) -> None:
    found = article(BODY, *parts, MORE)
    assert found.quotes == (Quote("“We were heard at last.”", "Parent, Northmoor"),)
    assert found.body == f"{BODY}\n\n> “We were heard at last.”\n>\n> — Parent, Northmoor\n\n{MORE}"


@pytest.mark.parametrize(
    ("words", "bare"),
    [
        ("“We were heard.”", "We were heard."),
        ("“We never asked them before”.", "We never asked them before."),
        ("'It's ours'", "'It's ours'"),
        ("‘It’s ours’", "It’s ours"),
        ('*"At last"*', "At last"),
        ("“We came,” she said, “and stayed.”", "“We came,” she said, “and stayed.”"),
        ("“", "“"),
        ("We came.", "We came."),
    ],
)
def test_outer_quotation_marks_are_taken_off(words: str, bare: str) -> None:
    assert without_marks(words) == bare


def test_key_messages_are_a_list_wherever_they_stand() -> None:
    found = article(BODY, "## Key messages", "- Listen\n- Say what you heard", "## What next", MORE)
    assert found.messages == ("Listen", "Say what you heard")
    assert found.body == f"{BODY}\n\n## Key messages\n\n## What next\n\n{MORE}"


def test_lists_keep_their_order_and_depth() -> None:
    found = article("- one\n  - below\n- two", "1. first\n2. second\n\n1. again", "1986. A year, and no item.")
    assert found.body == ("- one\n   - below\n- two\n\n1. first\n2. second\n\n1. again\n\n1986\\. A year, and no item.")


def test_footnote_without_its_place_is_told() -> None:
    found = article(f"{BODY}¹ {MORE}²", "¹ A note.", "³ Another.")
    assert found.body.endswith("\n\n¹ A note.\n\n³ Another.")
    assert [remark.sentence for remark in found.remarks] == [
        "No place in the text leads to the footnote ³.",
        "The footnote ² has no words.",
    ]


def test_title_without_words_is_told() -> None:
    assert [remark.sentence for remark in article().remarks] == ["No words follow this title."]


def test_text_without_contents_is_told_apart_by_short_lines_and_names() -> None:
    text = f"Nearer to Home\n\n\nForeword\n\nADA BRIGHT – Head, Northmoor\n\n{BODY}\n\nWHAT CHANGED\n\n{MORE}"
    text += f"\n\n\nA second year\n\nBy Bo Chan\n\n{BODY}\n\n\nLooking ahead\n\n{BODY}\n\n{MORE}"
    reading = read_pasted(text)
    assert [(each.title, each.kind) for each in reading.articles] == [
        ("Foreword", Kind.FOREWORD),
        ("A second year", Kind.ARTICLE),
        ("Looking ahead", Kind.ARTICLE),
    ]
    assert reading.title == "Nearer to Home"
    assert "told apart by short lines that are set apart" in reading.remarks[0].sentence


def test_text_without_headings_is_one_article() -> None:
    reading = read_pasted(f"{BODY}\n\n{MORE}")
    assert [each.lines for each in reading.articles] == [(1, 3)]
    assert reading.remarks[0].sentence.startswith("Neither a list of contents nor headings")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "There is nothing in this journal to read."),
        (b" \n\x0c\n", "There is nothing in this journal to read."),
        (b"....\n---", "There is nothing in this journal to read."),
        (
            b"%PDF-1.7 x",
            "This file is a PDF, whatever its name says. Save the journal as plain text or a Word",
        ),
        (b"<!DOCTYPE html><p>x", "This file is a web page or XML, whatever its name says."),
        (b"\x07\x08\x01" * 400, "We could not read this file as a journal, because it does not contain text."),
        (b"a " * 2_000_001, "This journal is longer than 4,000,000 characters"),
        (b"a\n" * 50_002, "This file has more than 50,000 lines, the most that can be read as a journal."),
    ],
    ids=["empty", "blank", "ornaments", "pdf", "html", "binary", "long", "lines"],
)
def test_what_is_no_journal_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableJournalError) as refused:
        read_journal(content)
    assert str(refused.value).startswith(words)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_encodings_are_told_apart(encoding: str) -> None:
    reading = read_journal(f"# Café – one\n\n{BODY}\n\n# “Two”\n\n{BODY}".replace("\n", "\r\n").encode(encoding))
    assert [each.title for each in reading.articles] == ["Café – one", "“Two”"]
