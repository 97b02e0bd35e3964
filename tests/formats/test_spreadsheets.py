"""CSV is read again by Python and byte by byte, XLSX by openpyxl, which shares nothing with what wrote it."""

import csv
import io
import itertools
import zipfile
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from webapp.formats import spreadsheets
from webapp.formats.spreadsheets import csv_bytes, csv_chunks, xlsx_bytes

pytestmark = pytest.mark.memory

FORMULAS = [
    "=1+1",
    "+44 20 7946 0000",
    "-1+1",
    '@SUM(1)*cmd|" /C calc"!A0',
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\xa0=1",
    "\x00=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "\ttab",
]
HARMLESS = ["Ann", "a=b", "1-2", "ann@example.org", "", "'quoted", "£5", '"=1"']
SUMMER = timezone(timedelta(hours=1))


def read_csv(made: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))


def read_xlsx(made: bytes):
    book = load_workbook(io.BytesIO(made))
    assert len(book.worksheets) == 1
    return book.worksheets[0]


# ------------------------------------------------------------------------------------------------ CSV


def test_csv_is_exactly_this():
    rows = [
        ["Siân, O'Neill", 1, 2.5, Decimal("3.10"), True, date(2026, 6, 15)],
        ['He said "hi"', -1, None, Decimal(-2), False, datetime(2026, 6, 15, 9, 30, 59, tzinfo=SUMMER)],
        ["two\nlines", 10**20, float("nan"), Decimal("Infinity"), None, datetime(1066, 10, 14, 9, 0, tzinfo=UTC)],
    ]
    assert (
        csv_bytes(["Name", "A", "B", "C", "D", "E"], rows)
        == (
            "\ufeffName,A,B,C,D,E\r\n"
            '"Siân, O\'Neill",1,2.5,3.10,yes,2026-06-15\r\n'
            '"He said ""hi""",-1,,-2,no,2026-06-15 09:30\r\n'
            '"two\nlines",100000000000000000000,,,,1066-10-14 09:00\r\n'
        ).encode()
    )


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_text_that_would_be_a_formula_is_made_text(text):
    header, row = read_csv(csv_bytes([text], [[text]]))
    assert header == row
    assert row[0].startswith("'")
    assert row[0][1:] == text.replace("\r", "\n").replace("\x00", "")


@pytest.mark.parametrize("text", HARMLESS)
def test_csv_text_that_is_harmless_stays_as_it_is(text):
    assert read_csv(csv_bytes(["Text", "n"], [[text, 1]]))[1] == [text, "1"]


def test_csv_text_loses_what_is_no_character():
    assert read_csv(csv_bytes(["T"], [["a\x00\x08\ud800\uffffb\r\nc\td"]])) == [["T"], ["ab\nc\td"]]


def test_csv_without_rows_is_its_header():
    assert csv_bytes(["One", "Two"], []) == b"\xef\xbb\xbfOne,Two\r\n"


def test_csv_chunks_read_rows_only_when_asked():
    taken = itertools.count()
    rows = ([f"person {number}", "x" * 1000] for number in taken)
    chunks = csv_chunks(["Name", "Text"], rows)
    first = next(chunks)
    assert 64 * 1024 <= len(first) < 66 * 1024
    assert next(taken) < 70
    assert not next(chunks).startswith(b"\xef\xbb\xbf")


def test_csv_chunks_join_to_the_whole():
    rows = [[f"person {number}", "é" * 500] for number in range(500)]
    chunks = list(csv_chunks(["Name", "Text"], rows))
    assert len(chunks) > 3
    assert b"".join(chunks) == csv_bytes(["Name", "Text"], rows)
    assert read_csv(b"".join(chunks)) == [["Name", "Text"], *rows]


# ------------------------------------------------------------------------------------------------ XLSX


def test_xlsx_keeps_each_value_as_what_it_is():
    moment = datetime(2026, 6, 15, 9, 30, tzinfo=SUMMER)
    row = ["Siân", 1, 2.5, Decimal("3.25"), True, False, None, date(2026, 6, 15), moment]
    sheet = read_xlsx(xlsx_bytes("People", [f"H{number}" for number in range(9)], [row]))
    cells = list(sheet.iter_rows())[1]
    assert [cell.value for cell in cells] == [
        "Siân",
        1,
        2.5,
        3.25,
        "yes",
        "no",
        None,
        datetime(2026, 6, 15),  # noqa: DTZ001 -- as openpyxl reads a date
        datetime(2026, 6, 15, 9, 30),  # noqa: DTZ001 -- Excel has no zones
    ]
    assert [cell.data_type for cell in cells] == ["s", "n", "n", "n", "s", "s", "n", "d", "d"]
    assert [cells[7].number_format, cells[8].number_format] == ["dd/mm/yyyy", "dd/mm/yyyy hh:mm"]


def test_xlsx_writes_as_text_what_excel_would_spoil():
    odd = [2**53, -(2**53), Decimal(10) ** 20, 1e300, date(1066, 10, 14), datetime(1066, 10, 14, 9, tzinfo=UTC)]
    sheet = read_xlsx(
        xlsx_bytes("Odd", ["x"] * len(odd), [odd, [2**53 - 1, float("nan"), float("inf"), Decimal("NaN")]])
    )
    _, texts, numbers = sheet.iter_rows(values_only=True)
    assert texts == (
        "9007199254740992",
        "-9007199254740992",
        "100000000000000000000",
        "1e+300",
        "1066-10-14",
        "1066-10-14 09:00",
    )
    assert numbers[0] == 2**53 - 1
    assert not any(numbers[1:])


@pytest.mark.parametrize("text", [*FORMULAS, *HARMLESS, "http://example.org", "mailto:a@example.org", "007"])
def test_xlsx_text_is_never_formula_link_or_number(text):
    kept = text.replace("\r", "\n").replace("\x00", "")
    sheet = read_xlsx(xlsx_bytes("T", [text], [[text, "end"]]))
    for cell in (sheet["A1"], sheet["A2"]):
        assert cell.value == kept
        assert cell.data_type == "s"
        assert cell.hyperlink is None


def test_xlsx_text_that_looks_like_an_escape_is_escaped():
    made = xlsx_bytes("T", ["T"], [["_x0041_"]])
    inside = zipfile.ZipFile(io.BytesIO(made)).read("xl/worksheets/sheet1.xml").decode()
    assert "<t>_x005F_x0041_</t>" in inside  # openpyxl does not read it back as Excel does


def test_xlsx_text_is_cut_where_excel_would_refuse_it():
    sheet = read_xlsx(xlsx_bytes("T", ["T"], [["a" * 32_767], ["b" * 32_768], ["c\x00\ud800\uffffd"]]))
    assert [cell.value for cell in sheet["A"]][1:] == ["a" * 32_767, "b" * 32_766 + "…", "cd"]


def test_xlsx_header_is_bold_and_kept_in_sight():
    sheet = read_xlsx(xlsx_bytes("People", ["Name", "n"], [["Ann", 1]]))
    assert [cell.font.b for cell in sheet[1]] == [True, True]
    assert [cell.font.b for cell in sheet[2]] == [False, False]
    assert sheet.freeze_panes == "A2"


def test_xlsx_columns_are_as_wide_as_what_they_show():
    rows = [["x", "y" * 20, "two\n" + "z" * 30, "w" * 300, date(2026, 6, 15)]]
    sheet = read_xlsx(xlsx_bytes("T", ["a", "b", "c", "d", "e"], rows))
    widths = [round(sheet.column_dimensions[column].width) for column in "ABCDE"]
    assert widths == [9, 23, 33, 51, 13]  # Excel adds most of one for the padding


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("People", "People"),
        ("", "Sheet1"),
        ("'[]:*?/\\'", "Sheet1"),
        ("14/15 June: day [1]", "14 15 June day 1"),
        ("a" * 40, "a" * 31),
        ("👩" * 20, "👩" * 15),
        ("'Ann's'", "Ann's"),
        ("History", "Sheet1"),
        ("line\r\nbreak\x00", "line break"),
    ],
)
def test_xlsx_sheet_name_is_one_that_excel_takes(name, kept):
    assert read_xlsx(xlsx_bytes(name, ["T"], [])).title == kept


def test_xlsx_with_more_rows_than_excel_has_is_refused(monkeypatch):
    monkeypatch.setattr(spreadsheets, "XLSX_ROWS", 3)
    assert read_xlsx(xlsx_bytes("T", ["T"], [["a"], ["b"]])).max_row == 3
    with pytest.raises(ValueError, match="no more than"):
        xlsx_bytes("T", ["T"], [["a"], ["b"], ["c"]])


def test_xlsx_of_the_same_rows_is_the_same_bytes(monkeypatch):
    made = xlsx_bytes("T", ["T"], [["a"], [date(2026, 6, 15)]])
    assert made == xlsx_bytes("T", ["T"], [["a"], [date(2026, 6, 15)]])
    core = zipfile.ZipFile(io.BytesIO(made)).read("docProps/core.xml").decode()
    assert "2000-01-01T00:00:00Z" in core
