import pytest

from tests.formats.journals.written import BODY, MORE
from tests.formats.transcripts.written import TYPES, W, docx, paragraph
from webapp.formats.journals import Author, Kind, Quote, Source, UnreadableJournalError, read_journal

pytestmark = pytest.mark.memory

# As in a German Word: the styles have names of their own, and say in English what they are.
STYLES = f"""<w:styles xmlns:w="{W}">
<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>
<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:styleId="Lead"><w:name w:val="Our lead"/><w:basedOn w:val="Unter"/></w:style>
<w:style w:styleId="Unter"><w:name w:val="Subtitle"/></w:style>
<w:style w:styleId="Zitat"><w:name w:val="Quote"/></w:style>
<w:style w:styleId="Inhalt"><w:name w:val="toc 1"/></w:style>
<w:style w:styleId="Inhalt2"><w:name w:val="toc 2"/></w:style>
<w:style w:styleId="Beschriftung"><w:name w:val="caption"/></w:style>
<w:style w:styleId="Aufz"><w:name w:val="List Bullet"/></w:style>
<w:style w:styleId="Kapitel"><w:name w:val="Chapter"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
</w:styles>""".encode()
NUMBERING = f"""<w:numbering xmlns:w="{W}">
<w:abstractNum w:abstractNumId="4"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>
<w:num w:numId="7"><w:abstractNumId w:val="4"/></w:num></w:numbering>""".encode()
FOOTNOTES = f"""<w:footnotes xmlns:w="{W}"><w:footnote w:id="-1" w:type="separator">{paragraph("")}</w:footnote>
<w:footnote w:id="1">{paragraph("Where it was said.")}</w:footnote></w:footnotes>""".encode()
RELATIONS = b"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Target="https://example.org/a" TargetMode="External"/>
<Relationship Id="r2" Target="javascript:x" TargetMode="External"/></Relationships>"""
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def styled(style: str, text: str, extra: str = "") -> str:
    """A paragraph in a style."""
    return paragraph(text).replace("<w:p>", f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{extra}</w:pPr>', 1)


def test_document_is_told_apart_by_its_headings() -> None:
    listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr>'
    reading = read_journal(
        docx(
            *(styled("Titel", "Nearer to Home"), styled("berschrift1", "Foreword"), styled("Lead", "Why we write.")),
            *(
                paragraph("Ada Bright – Head, Northmoor Council"),
                paragraph(BODY),
                styled("berschrift2", "What changed"),
            ),
            *(styled("Aufz", "one"), styled("Aufz", "two"), styled("Beschriftung", "Figure 1: Visits")),
            *(styled("Zitat", "We were heard."), paragraph("– Parent, Northmoor")),
            *(styled("Kapitel", "Key messages"), styled("Norm", "Listen", listed), styled("Norm", "Learn", listed)),
            *(styled("berschrift1", "Two years on"), paragraph(BODY), paragraph(MORE)),
            **{"styles.xml": STYLES, "numbering.xml": NUMBERING},
        )
    )
    assert (reading.source, reading.title) == (Source.WORD, "Nearer to Home")
    assert [each.title for each in reading.articles] == ["Foreword", "Key messages", "Two years on"]
    foreword, messages, _ = reading.articles
    assert foreword.authors == (Author("Ada Bright", "Head", "Northmoor Council"),)
    assert foreword.standfirst == "Why we write."
    assert foreword.body == (
        f"{BODY}\n\n## What changed\n\n- one\n- two\n\n*Figure 1: Visits*\n\n> We were heard.\n>\n> — Parent, Northmoor"
    )
    assert (foreword.captions, foreword.quotes) == (
        ("Figure 1: Visits",),
        (Quote("We were heard.", "Parent, Northmoor"),),
    )
    assert (messages.kind, messages.messages) == (Kind.KEY_MESSAGES, ("Listen", "Learn"))
    assert [remark.sentence for remark in reading.remarks] == [
        "The document has no list of contents; its articles were told apart by its headings."
    ]


def test_contents_of_word_are_entries() -> None:
    reading = read_journal(
        docx(
            *(paragraph("Contents"), styled("Inhalt", "Foreword\t3"), styled("Inhalt2", "What changed\t3")),
            *(styled("Inhalt", "Two years on\t5"), styled("berschrift1", "Foreword"), paragraph(BODY)),
            *(styled("berschrift2", "What changed"), paragraph(MORE), styled("berschrift1", "TWO YEARS ON")),
            paragraph(BODY),
            **{"styles.xml": STYLES},
        )
    )
    assert [(entry.title, entry.page, entry.article) for entry in reading.entries] == [
        ("Foreword", 3, 0),
        ("Two years on", 5, 1),
    ]
    assert reading.articles[0].body == f"{BODY}\n\n## What changed\n\n{MORE}"
    assert reading.remarks == ()


def test_footnotes_links_and_words_that_stand_out_are_read() -> None:
    link = f'<w:hyperlink xmlns:r="{R}" r:id="%s"><w:r><w:t>%s</w:t></w:r></w:hyperlink>'
    bold = "<w:r><w:rPr><w:b/></w:rPr><w:t>listen first</w:t></w:r>"
    note = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    said = f"<w:p><w:r><w:t>We </w:t></w:r>{bold}<w:r><w:t>, as </w:t></w:r>{link % ('r1', 'they said')}{note}"
    said += f"<w:r><w:t> </w:t></w:r>{link % ('r2', 'here')}<w:r><w:t>.</w:t></w:r></w:p>"
    heavy = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>What changed</w:t></w:r></w:p>"
    content = docx(
        *(styled("berschrift1", "One"), said, heavy, paragraph(BODY), styled("berschrift1", "Two"), paragraph(BODY)),
        **{"styles.xml": STYLES, "footnotes.xml": FOOTNOTES, "_rels/document.xml.rels": RELATIONS},
    )
    assert read_journal(content).articles[0].body == (
        "We **listen first**, as [they said](https://example.org/a)¹ here.\n\n"
        f"## What changed\n\n{BODY}\n\n¹ Where it was said."
    )


def test_pictures_are_told_of_their_articles_and_deleted_words_of_the_document() -> None:
    picture = "<w:p><w:r><w:drawing/></w:r></w:p>"
    reading = read_journal(
        docx(
            *(styled("berschrift1", "One"), paragraph(BODY), picture, picture),
            *("<w:p><w:del><w:r><w:t>x</w:t></w:r></w:del></w:p>", styled("berschrift1", "Two"), paragraph(BODY)),
            *(styled("berschrift1", "Three"), picture, paragraph(BODY)),
            **{"styles.xml": STYLES},
        )
    )
    assert [[remark.sentence for remark in each.remarks] for each in reading.articles] == [
        [
            "2 pictures of the document were not read. Add them as figures.",
            "What is marked as deleted in the document was not read.",
        ],
        [],
        ["A picture of the document was not read. Add it as a figure."],
    ]


def table(*rows: tuple[str, ...]) -> str:
    """A table of these cells."""
    cells = ("".join(f"<w:tc>{cell if '<' in cell else paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def test_table_is_a_table() -> None:
    inner = table(("in", "side"))
    rows = (("Place", "Families"), ("Northmoor", "12 | more"), ("", f"{inner}{paragraph('')}"))
    reading = read_journal(docx(paragraph("Foreword"), paragraph(BODY), table(*rows), paragraph(MORE)))
    assert reading.articles[0].body == (
        f"{BODY}\n\n| Place | Families |\n| --- | --- |\n| Northmoor | 12 \\| more |\n|  | in side |\n\n{MORE}"
    )


def test_table_that_only_sets_words_apart_is_paragraphs_and_is_told() -> None:
    reading = read_journal(docx(paragraph("Foreword"), paragraph(BODY), table(("Northmoor", "12 families"))))
    assert reading.articles[0].body.endswith("\n\nNorthmoor 12 families")
    assert "A table whose rows are no rows of cells was read as paragraphs." in {
        remark.sentence for remark in reading.articles[0].remarks
    }
    boxed = read_journal(docx(paragraph("Foreword"), paragraph(BODY), table(("We were heard.",), ("At last.",))))
    assert boxed.articles[0].body == f"{BODY}\n\nWe were heard.\n\nAt last."
    assert boxed.articles[0].remarks == ()


@pytest.mark.parametrize("place", [0, 1, 2])
def test_acknowledgements_are_those_of_the_issue_and_no_article(place: int) -> None:
    parts = [[styled("berschrift1", title), paragraph(BODY)] for title in ("One", "Two")]
    parts.insert(place, [styled("berschrift1", "Acknowledgements"), paragraph("We thank all.")])
    listed = [styled("Inhalt", f"{title}\t3") for title in ("One", "Acknowledgements", "Two")]
    for contents in ([], [paragraph("Contents"), *listed] if place == 1 else []):
        document = docx(*contents, *(each for part in parts for each in part), **{"styles.xml": STYLES})
        reading = read_journal(document)
        assert [(each.title, each.body) for each in reading.articles] == [("One", BODY), ("Two", BODY)]
        assert reading.acknowledgements == "We thank all."


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (docx(paragraph("a" * 9_000_000)), "This document would unpack to far more than a journal can be long."),
        (docx(paragraph("x"), **{"styles.xml": b" " * 9_000_000}), "This document would unpack to far more"),
        (docx(paragraph("x"), **{"vbaProject.bin": b"x"}), "This document has macros, which run as programs."),
        (docx(paragraph("x"), **{"styles.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"}), "This document holds"),
        (docx(paragraph("x"))[:-30], "This document is damaged or was cut short."),
        (docx(paragraph("x"), types=TYPES.replace("wordprocessingml", "x")), "This file is no Word document."),
        (docx(paragraph("")), "There is nothing in this journal to read."),
    ],
    ids=["bomb", "bomb beside", "macros", "entities", "cut", "other", "empty"],
)  # fmt: skip
def test_what_is_no_journal_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableJournalError) as refused:
        read_journal(content)
    assert str(refused.value).startswith(words)
