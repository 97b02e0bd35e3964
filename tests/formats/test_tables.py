"""Tables are written by our own writers, by openpyxl and by hand, and none of these shares anything with the reader."""

import io
import struct
import tracemalloc
import zipfile
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
import xlsxwriter
from openpyxl import Workbook
from openpyxl.styles import Font

from webapp.formats import tables
from webapp.formats.spreadsheets import csv_bytes, xlsx_bytes
from webapp.formats.tables import Row, Table, UnreadableTableError, columns, read_table
from webapp.formats.tables.archives import Archive

pytestmark = pytest.mark.memory

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def at(*numbers: int) -> datetime:
    """A moment as Excel has it, without a zone."""
    return datetime(*numbers, tzinfo=UTC).replace(tzinfo=None)


def read(content: bytes, *, filename: str = "table", most_rows: int = 100, **limits: int) -> Table:
    return read_table(content, filename=filename, most_rows=most_rows, **limits)


def refusal(content: bytes, **given) -> str:
    with pytest.raises(UnreadableTableError) as refused:
        read(content, **given)
    return str(refused.value)


def cells(table: Table) -> list[list[str]]:
    return [row.cells for row in table.rows]


def workbook(*rows, title="Talks") -> bytes:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(book: Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def shared(*rows) -> bytes:
    """A workbook whose texts stand in a part of their own, as Excel writes them."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet("Talks")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return made.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def with_sheet(rows: str, *, namespace: str = MAIN, before: str = "", **parts: bytes) -> bytes:
    """A workbook whose only sheet has these rows, as XML."""
    whole = parts_of(workbook(["x"]))
    sheet = f'{before}<worksheet xmlns="{namespace}"><sheetData>{rows}</sheetData></worksheet>'
    return zipped({**whole, "xl/worksheets/sheet1.xml": sheet.encode(), **parts})


# ------------------------------------------------------------------------------------------------ columns


def test_columns_are_found_by_any_spelling_and_in_any_dress():
    header = ["SESSION_title", "  start-Time ", "Öffnung", "Room"]
    wanted = {"title": ["Title", "Session title"], "start": ["Starts", "start time"], "opening": ["Offnung"]}
    assert columns(header, wanted) == {"title": 0, "start": 1, "opening": 2}


def test_columns_missing_are_left_out():
    assert columns(["Room"], {"title": ["Title"], "room": ["Room", "Place"]}) == {"room": 0}
    assert columns([], {"title": ["Title"]}) == {}
    assert columns(["Title"], {}) == {}


def test_columns_serve_one_field_and_the_better_spelling_goes_first():
    wanted = {"speaker": ["Speaker", "Name"], "name": ["Name"], "title": ["Title", "Talk"]}
    assert columns(["Talk", "Title", "Name"], wanted) == {"name": 2, "title": 1}
    assert columns(["Name", "Speaker"], wanted) == {"speaker": 1, "name": 0}


# ------------------------------------------------------------------------------------------------ CSV


@pytest.mark.parametrize(
    "content",
    [
        "Name;Role\r\nSiân;Chair\r\n".encode("cp1252"),
        "Name,Role\nSiân,Chair\n".encode(),
        "\ufeffName,Role\r\nSiân,Chair".encode(),
        "Name\tRole\rSiân\tChair\r".encode(),
        "Name\tRole\r\nSiân\tChair\r\n".encode("utf-16"),
        "\ufeffName\tRole\r\nSiân\tChair\r\n".encode("utf-16-be"),
        "Name\tRole\r\nSiân\tChair\r\n".encode("utf-16-le"),
        "Name;Role\r\nSiân;Chair\r\n".encode("utf-16-be"),
        "sep=;\r\nName;Role\r\nSiân;Chair\r\n".encode("cp1252"),
        '"sep=;"\nName;Role\nSiân;Chair\n'.encode(),
        "\ufeffsep=|\r\nName|Role\r\nSiân|Chair\r\n".encode("utf-16-le"),
        ' Name ,"Role",,\nSia\u0302n\u200b,\xa0Chair,,\n'.encode(),
    ],
)
def test_csv_is_read_in_every_encoding_and_with_every_separator(content):
    assert read(content) == Table(["Name", "Role"], [Row(2, ["Siân", "Chair"])])


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("a;b\n1,5;2,5\n", ["a", "b"]),
        ("Title;Text\nOne;Well, then, there\nTwo;No, never\n", ["Title", "Text"]),
        ("Title,Text; or not\nOne,x;y\nTwo,z\n", ["Title", "Text; or not"]),
        ("Name\tNote\nLee, Ann\tx, y\nRoe, Jo\tz, z\n", ["Name", "Note"]),
        ('"a;b";"c"\n"1";"2"\n', ["a;b", "c"]),
        ("One column\nonly\n", ["One column"]),
        ("One\n", ["One"]),
    ],
)
def test_csv_separator_is_told_from_the_rows(text, header):
    table = read(text.encode())
    assert table.header == header
    assert [row.problem for row in table.rows if row.problem] == []


def test_csv_separator_is_told_from_the_beginning_of_a_long_file():
    text = "a;b;c\n" + "1,5;x;" + "y" * 1_000 + "\n"
    long = text + "2,5;x;z\n" * 20_000
    assert read(long.encode(), most_rows=30_000).header == ["a", "b", "c"]


def test_csv_line_break_in_quotes_stays_and_rows_are_numbered_as_excel_does():
    content = b'\n\nTitle,Text\n\n"One","first\r\nsecond"\n,,\nTwo,"say ""hi"""\n'
    assert read(content) == Table(["Title", "Text"], [Row(5, ["One", "first\nsecond"]), Row(7, ["Two", 'say "hi"'])])


@pytest.mark.parametrize("text", ["=1+1", "+44 20", "-1", "@me", "\t=1"])
def test_csv_formulas_are_text_and_our_own_guard_comes_off(text):
    guarded = csv_bytes(["Text"], [[text]])
    assert guarded.decode().splitlines()[1].strip('"').startswith("'")
    assert cells(read(guarded)) == [[text.strip()]]
    assert cells(read(f"Text\n{text}\n".encode())) == [[text.strip()]]


def test_csv_apostrophe_of_another_meaning_stays():
    assert cells(read(b"Text\n'tis\n")) == [["'tis"]]


def test_csv_short_rows_are_filled_and_long_ones_told():
    table = read(b"a,b\n1\n1,2,,\n1,2,,extra\n")
    assert table.rows == [
        Row(2, ["1", ""]),
        Row(3, ["1", "2"]),
        Row(
            4,
            ["1", "2"],
            "Row 4 has more cells than there are headings: “extra” stands in column D, which has none.",
        ),
    ]


def test_csv_columns_without_heading_and_content_are_left_out():
    assert read(b"a,,b,\n1,,2,\n") == Table(["a", "b"], [Row(2, ["1", "2"])])


def test_csv_column_without_heading_but_with_content_is_refused():
    assert refusal(b"a,,b\n1,,2\n1,x,2\n") == (
        "Column B has no heading, but row 3 has something in it. Give the column a heading, or empty it."
    )


@pytest.mark.parametrize("header", ["Title,Room,title", "Title,Room,TITLE ", "Start time,x,start_time"])
def test_csv_headings_that_are_alike_are_refused(header):
    said = refusal(header.encode() + b"\n1,2,3\n")
    assert said.startswith("Columns A and C have the same heading, “")
    assert said.endswith("”. Give each column a heading of its own.")


def test_csv_headings_of_signs_alone_differ():
    assert read("%,£,#\n1,2,3\n".encode()).header == ["%", "£", "#"]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n\n\r", b",,,\n,,", b"sep=;\r\n", b"\xff\xfe"])
def test_csv_with_nothing_in_it_is_refused(content):
    assert refusal(content, filename="C:\\up\\talks.csv") == "“talks.csv” is empty: there is nothing in it to read."


def test_csv_with_a_header_alone_is_a_table_without_rows():
    assert read(b"a,b\n") == Table(["a", "b"], [])


def test_csv_quotation_mark_never_closed_is_refused_with_its_row():
    said = refusal(b'a,b\n1,2\n"3,4\n5,6\n')
    assert said.startswith("Row 3 has a quotation mark that is never closed")
    assert refusal(b'a,b\n"1" x,2\n').startswith("Row 2 has a quotation mark")
    assert refusal(b'a,b\n1,2\n"' + b"x\n" * 100_000).startswith("Row 3 has a cell of more than 131,072 characters.")


# ------------------------------------------------------------------------------------------------ what is no table


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,\x00\n",
        b"\x00" * 64,
        bytes(range(256)),
        b"\xef\xbb\xbfa,b\n\xff\xff,1\n",
        b"\xef\xbb\xbfa,b\n\x00,1\n",
        b"\xff\xfea\x00\x00\xd8,\x00",
        b"\xff\xfea\x00,",
        "a,b\n1,2\n".encode("utf-32"),
        b"a,b\n\x81\x8d,1\n",
    ],
)
def test_csv_of_bytes_that_are_no_text_is_refused(content):
    assert refusal(content).startswith("This file is no table: it holds bytes that are no text.")


def test_csv_in_two_encodings_at_once_is_refused_with_the_line():
    content = "Name\nSiân\nZoë\n".encode() + "Chloë\n".encode("cp1252")
    assert refusal(content).startswith("Most of this file is UTF-8, but line 4 is not.")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"%PDF-1.7\n...", "is a PDF. Open the table that it was made from, save it as “CSV UTF-8” or “Excel workbook"),
        (b"\x89PNG\r\n\x1a\n\x00", "is a picture. Upload the table itself"),
        (b"\xff\xd8\xff\xe0", "is a picture."),
        (b"\x00\x00\x00\x18ftypheic", "is a picture or a recording."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "is in the format of Excel before 2007 (.xls)"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le"),
            "is locked with a password. Open it in Excel, take the password off",
        ),
        (b"{\\rtf1 x", "is a Word document."),
        (b"<html><table><tr><td>a", "is a web page or XML"),
        (b'\xef\xbb\xbf\n <?xml version="1.0"?><Workbook/>', "is a web page or XML"),
        (b"\x1f\x8b\x08", "is a compressed file."),
        (zipped({"word/document.xml": b"x"}), "is a Word document."),
        (zipped({"ppt/presentation.xml": b"x"}), "is a PowerPoint presentation."),
        (zipped({"mimetype": b"x", "content.xml": b"x"}), "is an OpenDocument file. Save it as “CSV UTF-8”"),
        (zipped({"Index/Document.iwa": b"x"}), "is an Apple Numbers document."),
        (zipped({"xl/workbook.bin": b"x"}), "is a binary Excel workbook (.xlsb)."),
        (zipped({"talks.csv": b"a,b"}), "is a ZIP archive. Take the table out of it"),
        (zipped({}), "is a ZIP archive."),
        (workbook(["a"])[:-40], "is damaged, perhaps because it was not copied whole."),
        (b"PK\x03\x04", "is damaged"),
    ],
)
def test_file_of_another_kind_is_refused_by_what_it_is(content, says):
    assert refusal(content, filename="talks.csv").startswith(f"“talks.csv” {says}")


def test_file_name_is_shown_short_and_without_folders():
    assert refusal(b"%PDF", filename="../../etc/\u202epasswd\n.pdf").startswith("“passwd .pdf” is a PDF.")
    assert refusal(b"%PDF", filename="").startswith("This file is a PDF.")
    assert refusal(b"%PDF", filename="x" * 300).startswith(f"“{'x' * 79}…” is a PDF.")


def test_kind_is_told_by_content_and_not_by_name():
    assert read(workbook(["a"], [1]), filename="talks.csv").header == ["a"]
    assert read(b"a\n1\n", filename="talks.xlsx").header == ["a"]


# ------------------------------------------------------------------------------------------------ limits


def test_csv_of_a_million_rows_is_refused_while_reading():
    # What stands behind the limit would be refused for another reason, were it ever looked at.
    content = b"a,b\n" + b"1,2\n" * 1_000_000 + b'"'
    tracemalloc.start()
    said = refusal(content, filename="all.csv", most_rows=1_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert said == (
        "“all.csv” has more than 1,000 rows, which is the most that can be read at once. Upload it in parts."
    )
    assert peak < 2_000_000


def test_csv_of_nothing_but_line_breaks_ends():
    assert refusal(b"\n" * 1_100_000).startswith("This file has more lines than Excel can hold.")


def test_xlsx_of_many_rows_is_refused_while_reading():
    random = Random(3)
    rows = "".join(f"<row><c><v>{random.random()}</v></c></row>" for _ in range(100_000))
    content = with_sheet("<row><c><v>1</v></c></row>" + rows + "<broken")
    tracemalloc.start()
    said = refusal(content, filename="all.xlsx", most_rows=1_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert said.startswith("“all.xlsx” has more than 1,000 rows")
    assert peak < 3_000_000


@pytest.mark.parametrize("write", [csv_bytes, lambda header, rows: xlsx_bytes("Sheet", header, rows)])
def test_limits_are_met_exactly(write):
    made = write(["a", "b"], [[1, 2], [3, 4]])
    assert len(read(made, most_rows=2, most_columns=2).rows) == 2
    assert "more than 1 rows" in refusal(made, most_rows=1)
    assert " columns" in refusal(made, most_columns=1)


def test_xlsx_cell_far_to_the_right_is_refused_by_name():
    far = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>'
    assert refusal(with_sheet(far)).startswith("This sheet has more than 100 columns: something stands in cell XFD1.")
    empty = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row>'
    assert read(with_sheet(empty)).header == ["1"]


# ------------------------------------------------------------------------------------------------ XLSX


def test_xlsx_cells_come_as_clean_text():
    rows = [
        ["Text", "Day", "Time", "Moment", "Long", "Whole", "Part", "Yes", "No"],
        [
            " Siân\r\nLee\xa0",
            date(2027, 6, 14),
            time(9, 30),
            at(2027, 6, 14, 9, 30, 15),
            timedelta(hours=26, minutes=5),
            3.0,
            0.1 + 0.2,
            True,
            False,
        ],
        ["=not run", at(1900, 1, 1), time(23, 59, 59), at(2027, 3, 28, 1, 30), timedelta(0), -7, 1e-7],
        ["007", date(1900, 3, 1), time(0), at(2026, 12, 31), None, 447700900123, 1e22, None, None],
    ]
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.active["A3"].data_type = "s"
    table = read(saved(book))
    assert table.rows == [
        Row(2, ["Siân\nLee", "2027-06-14", "09:30", "2027-06-14 09:30:15", "26:05", "3", "0.3", "yes", "no"]),
        Row(3, ["=not run", "1900-01-01 00:00", "23:59:59", "2027-03-28 01:30", "00:00", "-7", "0.0000001", "", ""]),
        Row(
            4,
            ["007", "1900-03-01", "00:00", "2026-12-31 00:00", "", "447700900123", "10000000000000000000000", "", ""],
        ),
    ]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (46552, "dd/mm/yyyy", "2027-06-14"),
        (46552.395833333, "dd/mm/yyyy", "2027-06-14"),
        (46552.395833333, "dd/mm/yyyy hh:mm", "2027-06-14 09:30"),
        (46552.395833333, "h:mm AM/PM", "09:30"),
        (0.395833333, "dd/mm/yyyy hh:mm", "09:30"),
        (46552, "[$-809]d mmmm yyyy;@", "2027-06-14"),
        (46552, "mmm", "2027-06-14"),
        (46552, "mm-dd-yy", "2027-06-14"),
        (46552.395833333, "m/d/yy h:mm", "2027-06-14 09:30"),
        (1.5, "[h]:mm:ss", "36:00"),
        (46552, 'yyyy"y"', "2027-06-14"),
        (0.5, "mm:ss", "12:00"),
        (1.5, "[h]:mm", "36:00"),
        (1.5, '0.0 "days"', "1.5"),
        (1.5, '#,##0.00\\d;[Red]-#,##0.00"d"', "1.5"),
        (1234.5, "[$£-809]#,##0.00", "1234.5"),
        (0.25, "0%", "0.25"),
        (12, "General", "12"),
        (9.3, "0.0", "9.3"),
    ],
)
def test_xlsx_number_is_what_its_format_shows(value, form, text):
    book = Workbook()
    book.active.append(["Value"])
    book.active.append([value])
    book.active["A2"].number_format = form
    assert cells(read(saved(book))) == [[text]]


def test_xlsx_of_an_old_mac_counts_from_1904():
    book = Workbook()
    book.epoch = at(1904, 1, 1)
    book.active.append(["Day"])
    book.active.append([date(2027, 6, 14)])
    assert cells(read(saved(book))) == [["2027-06-14"]]


def test_xlsx_date_that_does_not_exist_is_a_problem_of_its_row():
    book = Workbook()
    book.active.append(["Day", "Title"])
    for value in (-1, 0, 3_000_000, 1e300):
        book.active.append([value, "x"])
        book.active.cell(book.active.max_row, 1).number_format = "dd/mm/yyyy"
    assert [row.problem for row in read(saved(book)).rows] == [
        f"Cell A{number} shows a date that does not exist." for number in (2, 3, 4, 5)
    ]


def test_xlsx_formula_gives_its_kept_value():
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Sum</t></is></c><c r="B1" t="str"><f>"Te"&amp;"xt"</f>'
        "<v>Text</v></c></row>"
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>""</f><v></v></c></row>'
        '<row r="3"><c r="A3" t="b"><f>TRUE()</f><v>1</v></c></row>'
    )
    assert read(with_sheet(rows)) == Table(["Sum", "Text"], [Row(2, ["2", ""]), Row(3, ["yes", ""])], "Talks")


def test_xlsx_formula_without_value_is_a_problem_of_its_row():
    table = read(workbook(["a", "b"], [1, "=A2+1"], ["=1", "=2"], [3, 4]))
    advice = "holds a formula whose result is not in the file: open the workbook in Excel, save it and upload it again."
    assert table.rows == [
        Row(2, ["1", ""], f"Cell B2 {advice}"),
        Row(3, ["", ""], f"Cell A3 {advice} Cell B3 {advice}"),
        Row(4, ["3", "4"]),
    ]
    assert refusal(workbook(["a", "=1"])).startswith("The headings could not be read. Cell B1 holds a formula")


def test_xlsx_error_is_a_problem_of_its_row():
    rows = '<row><c><v>1</v></c></row><row><c t="e"><f>NA()</f><v>#N/A</v></c></row>'
    assert read(with_sheet(rows)).rows == [Row(2, [""], "Cell A2 shows the error #N/A.")]


def test_xlsx_blank_rows_are_left_out_and_numbers_kept():
    book = Workbook()
    for reference, value in {"A3": "a", "B3": "b", "A4": 1, "C6": None, "B9": 2, "A7": "  "}.items():
        book.active[reference] = value
    book.active["D20"].font = Font(bold=True)
    assert read(saved(book)) == Table(["a", "b"], [Row(4, ["1", ""]), Row(9, ["", "2"])], "Sheet")


def test_xlsx_first_sheet_in_sight_is_read_and_the_others_are_named():
    book = Workbook()
    book.active.append(["hidden"])
    book.active.sheet_state = "hidden"
    for title in ("Chosen", "Rest"):
        book.create_sheet(title).append([title])
    book.create_sheet("Secret").sheet_state = "veryHidden"
    table = read(saved(book))
    assert (table.header, table.sheet, table.other_sheets) == (["Chosen"], "Chosen", ["Rest"])


def test_xlsx_without_a_sheet_in_sight_is_refused():
    parts = parts_of(workbook(["a"]))
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b'state="visible"', b'state="hidden"')
    assert refusal(zipped(parts)).startswith("This workbook has no sheet in sight.")


def test_xlsx_empty_is_refused():
    assert refusal(workbook(), filename="none.xlsx").startswith("“none.xlsx” is empty")


def test_xlsx_with_prefixes_strict_names_and_uncounted_cells_is_read():
    assert cells(read(with_sheet("<row><c><v>1</v></c></row><row><c/><c/></row><row><c><v>2</v></c></row>"))) == [["2"]]
    strict = with_sheet("<row><c><v>1</v></c></row><row><c t='d'><v>2027-06-14</v></c></row>", namespace=STRICT)
    assert cells(read(strict)) == [["2027-06-14"]]
    parts = parts_of(workbook(["x"]))
    sheet = (
        f"<m:worksheet xmlns:m='{MAIN}'><m:sheetData><m:row><m:c><m:v>5</m:v></m:c></m:row></m:sheetData></m:worksheet>"
    )
    assert read(zipped({**parts, "xl/worksheets/sheet1.xml": sheet.encode()})).header == ["5"]


@pytest.mark.parametrize(
    ("value", "text"),
    [("2027-06-14", "2027-06-14"), ("2027-06-14T09:30:00Z", "2027-06-14 09:30"), ("09:30:15", "09:30:15")],
)
def test_xlsx_dates_of_the_strict_kind_are_read(value, text):
    assert read(with_sheet(f'<row><c t="d"><v>{value}</v></c></row>')).header == [text]


def test_xlsx_text_in_runs_is_joined_without_readings():
    runs = "<si><r><t>Bold</t></r><r><t xml:space='preserve'> plain</t></r><rPh><t>aside</t></rPh></si>"
    strings = f"<sst xmlns='{MAIN}'>{runs}<si><t>a_x000D_&#10;b</t></si></sst>".encode()
    sheet = '<row><c t="s"><v>0</v></c></row><row><c t="s"><v>1</v></c></row>'
    whole = parts_of(shared(["x"]))
    sheet = f"<worksheet xmlns='{MAIN}'><sheetData>{sheet}</sheetData></worksheet>"
    content = zipped({**whole, "xl/worksheets/sheet1.xml": sheet.encode(), "xl/sharedStrings.xml": strings})
    assert (read(content).header, cells(read(content))) == (["Bold plain"], [["a\nb"]])


# ------------------------------------------------------------------------------------------------ XLSX of ill will


def test_xlsx_bomb_is_refused_before_it_is_inflated():
    zeros = b"0" * 150_000_000
    content = with_sheet("", **{"xl/media/image1.bin": zeros})
    assert len(content) < 1_000_000
    del zeros
    tracemalloc.start()
    said = refusal(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert said.startswith("This workbook is far larger inside than its file is, so it was not opened.")
    assert peak < 1_000_000


def test_xlsx_that_shrinks_more_than_sheets_do_is_refused():
    content = with_sheet("<row/>" * 3_000_000)
    assert refusal(content).startswith("This workbook is far larger inside than its file is")


def test_xlsx_whose_directory_lies_about_sizes_is_refused_in_little_memory():
    content = bytearray(with_sheet("<row><c><v>1</v></c></row>" + " " * 50_000_000))
    at = content.index(b"PK\x01\x02")
    while content[at : at + 4] == b"PK\x01\x02":
        name, extra, comment = struct.unpack_from("<HHH", content, at + 28)
        if content[at + 46 : at + 46 + name].endswith(b"sheet1.xml"):
            struct.pack_into("<I", content, at + 24, 300)
        at += 46 + name + extra + comment
    tracemalloc.start()
    said = refusal(bytes(content))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert said.startswith("This workbook is damaged.")
    assert peak < 3_000_000


def test_archive_counts_what_comes_out_of_all_parts_together():
    archive = Archive(zipped({"a": b"x" * 60, "b": b"x" * 30}), most_inflated=100)
    assert b"".join(archive.pieces("a")) == b"x" * 60
    with pytest.raises(UnreadableTableError, match="far larger inside"):
        list(archive.pieces("A"))
    with pytest.raises(UnreadableTableError, match="damaged"):
        Archive(b"PK")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_xlsx_packed_as_excel_never_does_is_refused(method):
    assert refusal(zipped(parts_of(workbook(["a"])), method)).startswith("This workbook is damaged.")


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE x [<!ENTITY a "1"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        "<!DOCTYPE worksheet>",
    ],
)
def test_xlsx_with_definitions_of_entities_is_refused(declaration):
    said = "This workbook holds definitions that Excel never writes"
    assert refusal(with_sheet("<row><c><v>1</v></c></row>", before=declaration)).startswith(said)
    for part in ("xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"):
        parts = parts_of(shared(["a"]))
        parts[part] = declaration.encode() + parts[part].partition(b"?>")[2]
        assert refusal(zipped(parts)).startswith(said), part
    utf16 = f'<?xml version="1.0" encoding="UTF-16"?>{declaration}<worksheet/>'.encode("utf-16")
    assert refusal(with_sheet("", **{"xl/worksheets/sheet1.xml": utf16})).startswith(said)


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "xl/../../x", "..\\x", "C:\\x", "xl/.."])
def test_xlsx_with_names_that_lead_out_is_refused(name):
    assert refusal(with_sheet("", **{name: b"x"})).startswith("This workbook holds a file name that leads out of it")


def test_xlsx_relation_that_leads_out_is_refused():
    parts = parts_of(workbook(["a"]))
    relations = parts["xl/_rels/workbook.xml.rels"]
    parts["xl/_rels/workbook.xml.rels"] = relations.replace(b"worksheets/sheet1.xml", b"../../../../etc/passwd")
    assert refusal(zipped(parts)).startswith("This workbook is damaged.")


def test_xlsx_with_two_parts_of_one_name_is_refused():
    content = with_sheet("", **{"XL/worksheets/Sheet1.xml": b"<worksheet/>"})
    assert refusal(content).startswith("This workbook is damaged.")


def test_xlsx_with_locked_parts_is_refused():
    content = bytearray(workbook(["a"]))
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    assert refusal(bytes(content)).startswith("This workbook is locked with a password.")


def test_xlsx_with_thousands_of_parts_is_refused():
    many = {f"xl/media/{number}": b"" for number in range(2_000)}
    assert refusal(with_sheet("", **many)).startswith("This workbook is far larger inside")


@pytest.mark.parametrize(
    "rows",
    [
        "<row><c><v>1</v>",
        "<row r='99999999999'><c><v>1</v></c></row>",
        "<row r='1048577'><c><v>1</v></c></row>",
        "<row r='2'/><row r='1'/>",
        "<row r='x'/>",
        "<row r='1'><c r='ZZZ1'><v>1</v></c></row>",
        "<row r='1'><c r='A2'><v>1</v></c></row>",
        "<row r='1'><c r='B1'/><c r='A1'><v>1</v></c></row>",
        "<row><c t='s'><v>7</v></c></row>",
        "<row><c t='s'><v>-1</v></c></row>",
        "<row><c s='x'><v>1</v></c></row>",
        "<a>" * 100 + "</a>" * 100,
        "<row>\x01</row>",
        "&undefined;",
        "<!--" + "x" * 3_000_000 + "-->",
    ],
)
def test_xlsx_that_breaks_the_rules_is_refused(rows):
    assert refusal(with_sheet(rows)).startswith("This workbook is damaged.")


def test_xlsx_values_out_of_reason_are_problems_of_their_rows():
    long = "x" * 40_000
    rows = "<row><c><v>1</v></c></row>" + "".join(
        f"<row><c{kind}>{value}</c></row>"
        for kind, value in [
            ("", "<v>1e999</v>"),
            ("", "<v>nan</v>"),
            ("", "<v>seven</v>"),
            ("", f"<v>{'9' * 400}</v>"),
            (" t='d'", "<v>2027-13-01</v>"),
            (" t='inlineStr'", f"<is><t>{long}</t></is>"),
        ]
    )
    assert [row.problem for row in read(with_sheet(rows)).rows] == [
        *(f"Cell A{number} holds no readable number." for number in (2, 3, 4, 5, 6)),
        "Cell A7 holds more than 32,767 characters.",
    ]


@pytest.mark.parametrize("encoding", ["big5", "no-such", "utf-7", "rot13"])
def test_xlsx_in_an_encoding_that_excel_never_writes_is_refused(encoding):
    before = f"<?xml version='1.0' encoding='{encoding}'?>"
    assert refusal(with_sheet("<row><c><v>1</v></c></row>", before=before)).startswith("This workbook is damaged.")


def test_xlsx_without_its_parts_is_refused():
    whole = parts_of(shared(["a"], ["b"]))
    for missing in ("xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"):
        parts = {name: content for name, content in whole.items() if name != missing}
        assert refusal(zipped(parts)).startswith("This workbook"), missing
    parts = {name: content for name, content in whole.items() if name != "xl/styles.xml"}
    assert read(zipped(parts)).header == ["a"]


def test_bytes_cut_or_changed_anywhere_never_break_the_reader():
    random = Random(7)
    books = [workbook(["a", "b"], [1, "=2"], ["x", date(2027, 6, 14)]), shared(["a", "b"], ["c", 1.5])]
    for source in [*books, csv_bytes(["a", "b"], [["é", 'say "x"']])]:
        for _ in range(100):
            with suppress(UnreadableTableError):
                read(changed(source, random))
    for source in books:
        parts = parts_of(source)
        for name in [name for name in parts if name.startswith("xl/")]:
            for _ in range(30):
                with suppress(UnreadableTableError):
                    read(zipped({**parts, name: changed(parts[name], random)}))


def changed(source: bytes, random: Random) -> bytes:
    content = bytearray(source)
    for _ in range(random.randint(1, 4)):
        content[random.randrange(len(content))] = random.choice(b'0179azAZ<>/"\x00 ;\xff')
    if random.random() < 0.2:
        del content[random.randint(1, len(content)) :]
    return bytes(content)


# ------------------------------------------------------------------------------------------------ there and back


def random_text(random: Random) -> str:
    letters = "abc ,;\t\"'=+-@|\n£é’😀\u0301"
    return "".join(random.choice(letters) for _ in range(random.randint(1, 12)))


@pytest.mark.parametrize("seed", range(20))
def test_what_our_writers_write_is_read_again(seed):
    random = Random(seed)
    width = random.randint(1, 6)
    header = [f"Column {number}" for number in range(width)]
    rows = [["x" + random_text(random) + "x" for _ in range(width)] for _ in range(random.randint(0, 30))]
    rows += [[f"{sign}{random_text(random)}x" for _ in range(width)] for sign in ("=", "-", "@", "+")]
    expected = [[tables.lines.clean(cell) for cell in row] for row in rows]
    assert cells(read(csv_bytes(header, rows))) == expected
    assert cells(read(xlsx_bytes("Sheet", header, rows))) == expected


@pytest.mark.parametrize("seed", range(10))
def test_dates_and_numbers_are_read_again(seed):
    random = Random(seed)
    start = at(1901, 1, 1)
    moments = [start + timedelta(minutes=random.randrange(100_000_000)) for _ in range(30)]
    numbers = [random.choice([random.randint(-(10**12), 10**12), round(random.uniform(-1e6, 1e6), 4)]) for _ in moments]
    rows = [[moment, moment.date(), number, number > 0] for moment, number in zip(moments, numbers, strict=True)]
    expected = [
        [
            f"{moment:%Y-%m-%d %H:%M}",
            f"{moment:%Y-%m-%d}",
            f"{number:f}".rstrip("0").rstrip(".") if isinstance(number, float) else str(number),
            "yes" if number > 0 else "no",
        ]
        for moment, number in zip(moments, numbers, strict=True)
    ]
    header = ["Moment", "Day", "Number", "Positive"]
    assert cells(read(xlsx_bytes("Sheet", header, rows))) == expected
    assert cells(read(csv_bytes(header, rows))) == expected
