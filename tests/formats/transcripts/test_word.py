import io
import zipfile
from html import escape

import pytest

from tests.formats.transcripts.written import TYPES, docx, paragraph, said
from webapp.formats.transcripts import Kind, Line, Remark, UnreadableTranscriptError, read_transcript

pytestmark = pytest.mark.memory

GROWS = (
    "This document would unpack to far more than a transcript can be long. Save it as plain text, then choose it again."
)
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TALK = paragraph("Ann Lee: ", "One.") + paragraph("Bo Chan: Two.") + paragraph("Ann Lee: Three.")


def rows(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def refusal(content: bytes) -> str:
    with pytest.raises(UnreadableTranscriptError) as refused:
        read_transcript(content)
    return str(refused.value)


def test_edited_document_is_read_by_its_paragraphs() -> None:
    reading = read_transcript(
        docx(paragraph("A title"), paragraph(), TALK, paragraph("It goes on."), paragraph("And on."))
    )
    assert (reading.kind, reading.encoding) == (Kind.WORD, "")
    assert reading.before == (Line(1, "A title"),)
    assert said(reading) == [("Ann Lee", "One."), ("Bo Chan", "Two."), ("Ann Lee", "Three.\n\nIt goes on.\n\nAnd on.")]
    assert [turn.lines for turn in reading.turns] == [(3,), (4,), (5, 6, 7)]


def test_document_of_teams_is_read_by_names_and_times() -> None:
    reading = read_transcript(
        docx(
            paragraph("Practice week-20310603_090000-Meeting Recording"),
            paragraph("3 June 2031, 9:00AM"),
            paragraph("Ann Lee", " started transcription"),
            paragraph("Ann Lee   0:03\nGood morning."),
            paragraph("Bo Chan", "   1:00:09", "\nYes: indeed."),
            paragraph("Ann Lee   1:00:10"),
            paragraph("Well."),
        )
    )
    assert said(reading) == [("Ann Lee", "Good morning."), ("Bo Chan", "Yes: indeed."), ("Ann Lee", "Well.")]
    assert [turn.start for turn in reading.turns] == [3_000, 3_609_000, 3_610_000]
    assert [line.number for line in reading.before] == [1, 2]
    assert [line.number for line in reading.asides] == [3]


def test_older_document_of_teams_is_read_by_its_cues() -> None:
    blocks = [("0:0:0.0 --> 0:0:1.5", "Ann Lee", "Hello."), ("0:0:2.0 --> 0:0:3.0", "Bo Chan", "Yes.")] * 2
    reading = read_transcript(docx(*(paragraph(line) for block in blocks for line in block)))
    assert reading.kind is Kind.WORD
    assert said(reading) == [("Ann Lee", "Hello."), ("Bo Chan", "Yes.")] * 2
    assert [(turn.start, turn.end) for turn in reading.turns][:2] == [(0, 1_500), (2_000, 3_000)]
    assert reading.remarks[0] == Remark("1 cue begins before the one above it.", 7)


def test_table_is_read_by_its_rows() -> None:
    reading = read_transcript(
        docx(
            rows(
                ("Speaker", "Words"),
                ("0:03", "Ann Lee", "One and two."),
                ("0:09", "Bo Chan:", "Three of them."),
                ("(note)",),
            )
        )
    )
    assert reading.before == (Line(1, "Speaker\tWords"),)
    assert said(reading) == [("Ann Lee", "One and two."), ("Bo Chan", "Three of them.\n\n(note)")]
    assert [turn.start for turn in reading.turns] == [3_000, 9_000]


def test_what_is_deleted_or_in_a_note_is_not_read_and_told() -> None:
    reading = read_transcript(
        docx(
            TALK,
            "<w:p><w:del><w:r><w:delText>Gone</w:delText><w:t>gone</w:t></w:r></w:del>"
            "<w:ins><w:r><w:t>Come</w:t></w:r></w:ins>"
            '<w:r><w:footnoteReference w:id="1"/><w:instrText>PAGE</w:instrText>'
            "<w:noBreakHyphen/><w:t>in</w:t></w:r></w:p>",
        )
    )
    assert said(reading)[-1] == ("Ann Lee", "Three.\n\nCome-in")
    assert reading.remarks[:2] == (
        Remark("What is marked as deleted in the document was not read.", 4),
        Remark("The document has footnotes, which were not read.", 4),
    )


def test_text_box_is_read_once() -> None:
    box = f'<mc:Choice Requires="wps"><w:txbxContent>{paragraph("In a box")}</w:txbxContent></mc:Choice>'
    again = box.replace("Choice", "Fallback").replace(' Requires="wps"', "")
    both = f'<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">{box}{again}</mc:AlternateContent>'
    reading = read_transcript(docx(TALK, f"<w:p><w:r>{both}<w:t>After</w:t></w:r></w:p>"))
    assert said(reading)[-1] == ("Ann Lee", "Three.\n\nIn a box\n\nAfter")


def test_document_with_macros_is_refused() -> None:
    words = (
        "This document has macros, which run as programs. "
        "Save it as an ordinary Word document (.docx), then choose it again."
    )
    enabled = TYPES.replace(
        "openxmlformats-officedocument.wordprocessingml.document.main", "ms-word.document.macroEnabled.main"
    )
    assert refusal(docx(TALK, types=enabled)) == words
    assert refusal(docx(TALK, **{"vbaProject.bin": b"x"})) == words


def test_document_that_unpacks_to_too_much_is_refused_unopened() -> None:
    assert refusal(docx(TALK, paragraph("a" * 9_000_000))) == GROWS
    assert refusal(docx(TALK, **{"media.bin": b"\0" * 9_000_000})) == GROWS
    assert refusal(docx(TALK, **{f"{number}.xml": b"" for number in range(2_000)})) == GROWS


def test_document_that_lies_about_its_size_is_refused_while_unpacking() -> None:
    content = docx(TALK, paragraph("a" * 9_000_000))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo("word/document.xml").file_size
    lying = content.replace(size.to_bytes(4, "little"), (900).to_bytes(4, "little"))
    assert lying != content
    assert refusal(lying) in {
        GROWS,
        "This document is damaged or was cut short. Choose the original file.",
    }


def test_document_with_definitions_of_entities_is_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    assert refusal(docx(paragraph("x"), doctype=bomb)).startswith(
        "This document holds definitions that Word never writes."
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (docx(TALK)[:-30], "This document is damaged or was cut short."),
        (docx("<w:p>"), "This document is damaged or was cut short."),
        (docx("<w:p>" * 200), "This document would unpack to far more"),
        (docx(TALK, types=TYPES.replace("wordprocessingml.document", "spreadsheetml.sheet")),
         "This file is no Word document."),
        (OLD + "WordDocument".encode("utf-16-le"), "This is a Word document of the kind before 2007"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "This document is locked by a password."),
        (OLD + "Workbook".encode("utf-16-le"), "This file is no Word document."),
    ],
    ids=["cut", "no xml", "deep", "sheet", "doc", "locked", "xls"],
)  # fmt: skip
def test_what_is_no_whole_document_is_refused_in_words(content: bytes, words: str) -> None:
    assert refusal(content).startswith(words)


def test_archive_of_something_else_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("transcript.vtt", "WEBVTT")
    assert refusal(file.getvalue()).startswith("This file is no Word document.")


def test_marks_of_xml_are_read_as_letters() -> None:
    text = f"<w:p><w:r><w:t>{escape('Ann Lee: <v Bo> & co')}</w:t></w:r></w:p>"
    assert said(read_transcript(docx(text, TALK)))[0] == ("Ann Lee", "<v Bo> & co\n\nOne.")
