"""Documents are put together here from what their formats ask for, and told apart whatever they are called."""

import io
import random
import struct
import unicodedata
import zipfile

import pytest

from webapp.formats.compound import Compound
from webapp.formats.documents import MOST_MEMBERS, DocumentType, UnusableDocumentError, document_type, safe_name

pytestmark = pytest.mark.memory

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
OFFICE = "application/vnd.openxmlformats-officedocument"
SLIDES = f"{OFFICE}.presentationml.presentation.main+xml"
TEXT = f"{OFFICE}.wordprocessingml.document.main+xml"
ODP = "application/vnd.oasis.opendocument.presentation"
ODT = "application/vnd.oasis.opendocument.text"


def archive(members: dict[str, str | bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return written.getvalue()


def office(main: str, part: str, **members: str | bytes) -> bytes:
    types = f'<Types><Override PartName="/{part}" ContentType="{main}"/></Types>'
    return archive({"[Content_Types].xml": types, "_rels/.rels": "<Relationships/>", part: "<x/>", **members})


def open_document(kind: str, **members: str | bytes) -> bytes:
    return archive({"mimetype": kind, "content.xml": "<x/>", "META-INF/manifest.xml": "<manifest/>", **members})


def compound(*names: str, within: tuple[str, ...] = (), sector: int = 512, far: bool = False) -> bytes:
    """Give a compound file whose root has streams of these names, and a storage with those of `within`.

    With `far` its tables lie behind more than the 109 that the header has room for.
    """
    end, free, nobody = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFF
    entries = [("Root Entry", 5, nobody, 1)]
    children = [*names, *(["Storage"] if within else [])]
    for number, name in enumerate(children, start=1):
        right = number + 1 if number < len(children) else nobody
        storage = name == "Storage"
        entries.append((name, 1 if storage else 2, right, len(children) + 1 if storage else nobody))
    for number, name in enumerate(within, start=len(entries)):
        entries.append((name, 2, number + 1 if number < len(children) + len(within) else nobody, nobody))
    directory = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack("<HBBIII", 2 * len(name) + 2, kind, 1, nobody, right, child)
        + bytes(48)
        for name, kind, right, child in entries
    )
    directory += bytes(-len(directory) % sector)
    needed, width = len(directory) // sector, sector // 4
    before = 109 * width if far else 0
    tables = -(-(before + needed + 140) // width)
    chains = [free] * (tables * width)
    # First what is in nobody's chain, then the directory, the tables, and the list of tables.
    for place in range(needed):
        chains[before + place] = before + place + 1 if place < needed - 1 else end
    first_table = before + needed
    listed = [*range(first_table, first_table + tables)]
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0"))
    struct.pack_into("<HHHHH", header, 0x18, 0x3E, 3, 0xFFFE, sector.bit_length() - 1, 6)
    struct.pack_into("<I", header, 0x30, before)
    more = listed[109:]
    struct.pack_into("<II", header, 0x44, first_table + tables if more else end, 1 if more else 0)
    struct.pack_into("<109I", header, 0x4C, *listed[:109], *[free] * (109 - len(listed[:109])))
    body = bytes(before * sector) + directory + struct.pack(f"<{len(chains)}I", *chains)
    if more:
        body += struct.pack(f"<{width}I", *more, *[free] * (width - 1 - len(more)), end)
    return bytes(header).ljust(sector, b"\0") + body


GOOD = {
    "pdf": PDF,
    "pptx": office(SLIDES, "ppt/presentation.xml"),
    "docx": office(TEXT, "word/document.xml"),
    "odp": open_document(ODP),
    "odt": open_document(ODT),
    "ppt": compound("Current User", "PowerPoint Document", "Pictures"),
    "doc": compound("1Table", "WordDocument", "Data"),
}


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize("name", ["talk", "talk.pdf", "talk.exe", "notes.docm", "Vortrag für Zoë.PPTX", ""])
def test_kind_is_told_by_the_content_whatever_the_name(kind: str, name: str) -> None:
    assert document_type(GOOD[kind], name) is DocumentType(kind)


def test_kinds_say_what_they_are() -> None:
    assert [(kind.extension, kind.label, kind.media_type) for kind in DocumentType] == [
        ("pdf", "PDF", "application/pdf"),
        ("pptx", "PowerPoint presentation", f"{OFFICE}.presentationml.presentation"),
        ("ppt", "PowerPoint presentation", "application/vnd.ms-powerpoint"),
        ("odp", "OpenDocument presentation", ODP),
        ("docx", "Word document", f"{OFFICE}.wordprocessingml.document"),
        ("doc", "Word document", "application/msword"),
        ("odt", "OpenDocument text", ODT),
    ]


@pytest.mark.parametrize(
    "content",
    [
        office(TEXT, "word/document.xml", **{"word/embeddings/sheet.xlsx": archive({"xl/workbook.xml": "<x/>"})}),
        open_document(f"{ODT}\n"),
        open_document(ODT, **{"Basic/script-lc.xml": "<x/>", "Basic/Standard/script-lb.xml": "<x/>", "Scripts/": ""}),
        compound("WordDocument", within=("PowerPoint Document",)),
        compound("WordDocument", sector=4096),
        compound("WordDocument", far=True),
        compound("1Table", "WordDocument", within=tuple(f"Object {number}" for number in range(50))),
    ],
    ids=[
        "embedded sheet",
        "kind with a line break",
        "empty libraries",
        "embedded slides",
        "large sectors",
        "far tables",
        "long directory",
    ],
)
def test_harmless_document_is_taken(content: bytes) -> None:
    assert document_type(content, "notes").label in {"Word document", "OpenDocument text"}


def test_directory_of_a_compound_file_is_read() -> None:
    read = Compound(compound("WordDocument", "Data", within=("VBA",)))
    assert read.at_the_root == {"WordDocument", "Data", "Storage"}
    assert read.names >= read.at_the_root | {"Root Entry", "VBA"}


TAKEN = "Choose a PDF, PowerPoint, Word or OpenDocument file."
UNKNOWN = f"This file is none that we can take. {TAKEN}"
PROGRAM = f"This file is a program, and we take none. {TAKEN}"
WEB = f"This file is a web page, and we take none. {TAKEN}"
SVG = "This is an SVG drawing, which can hold programs. Save it as PDF, then choose it again."
MACROS = "This document has macros, which run as programs. Save it without them, or as PDF, then choose it again."
LOCKED = "This document is locked by a password. Save it without one, then choose it again."
DAMAGED = "This document is damaged or was cut short. Choose the original file."
GROWS = "This document would unpack to far more than its size. Save it anew, or as PDF, then choose it again."
ORDINARY = (
    "This is a template or a slide show that starts by itself. Save it as an ordinary document, then choose it again."
)
# The record of a slide show that says whether it has macros: the flag is the fourth number.
SLIDE_MACROS = struct.pack("<HHIHHI", 0x1F, 0x3FF, 20, 2, 0x400, 12) + struct.pack("<III", 7, 1, 2)


def locked(content: bytes) -> bytes:
    """Give the archive with the first member marked as encrypted, in its own head and in the table."""
    changed = bytearray(content)
    changed[6] |= 1
    changed[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def circling(content: bytes) -> bytes:
    """Give the compound file with a directory whose chain comes back to its first sector."""
    changed = bytearray(content)
    (directory,) = struct.unpack_from("<I", content, 0x30)
    (table,) = struct.unpack_from("<I", content, 0x4C)
    struct.pack_into("<I", changed, (table + 1) * 512 + 4 * directory, directory)
    return bytes(changed)


def claiming(content: bytes, size: int) -> bytes:
    """Give the archive with a table that claims this size for its last member, once unpacked."""
    changed = bytearray(content)
    struct.pack_into("<I", changed, content.rindex(b"PK\x01\x02") + 24, size)
    return bytes(changed)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", f"This file is empty. {TAKEN}"),
        (b"Plain words", UNKNOWN),
        (b"{\\rtf1 words}", UNKNOWN),
        (b"MZ\x90\0" + bytes(60), PROGRAM),
        (b"\x7fELF\x02", PROGRAM),
        (b"\xcf\xfa\xed\xfe\x07", PROGRAM),
        (b"#!/bin/sh\nrm -r ~\n", PROGRAM),
        (b"MZ" + GOOD["docx"], PROGRAM),
        (b"<!DOCTYPE html><title>Slides</title>", WEB),
        (b"\xef\xbb\xbf\r\n <script>alert(1)</script>", WEB),
        (b"<!-- %PDF-1.7 --><html>", WEB),
        (b"<!-- drawn --><html><svg></svg></html>", WEB),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', SVG),
        (b'\xef\xbb\xbf <?xml version="1.0"?>\n<!-- drawn -->\n<SVG/>', SVG),
        (b"  %PDF-1.7", UNKNOWN),
        (archive({"a.txt": "words"}), UNKNOWN),
        (archive({"word/document.xml": "<x/>"}), UNKNOWN),
        (office(f"{OFFICE}.spreadsheetml.sheet.main+xml", "xl/workbook.xml"), UNKNOWN),
        (open_document("application/vnd.oasis.opendocument.spreadsheet"), UNKNOWN),
        (compound("Workbook"), UNKNOWN),
        (compound("Data", within=("WordDocument",)), UNKNOWN),
        (office(TEXT, "word/document.xml", **{"word/vbaProject.bin": b"\0"}), MACROS),
        (office(SLIDES, "ppt/presentation.xml", **{"ppt/VBAPROJECT.BIN": b"\0"}), MACROS),
        (office("application/vnd.ms-word.document.macroEnabled.main+xml", "word/document.xml"), MACROS),
        (office("application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml", "ppt/presentation.xml"), MACROS),
        (office(f"{TEXT}' x='application/vnd.ms-office.vbaProject", "word/document.xml"), MACROS),
        (open_document(ODP, **{"Basic/Standard/Module1.xml": "<x/>"}), MACROS),
        (open_document(ODT, **{"Scripts/python/hello.py": "print()"}), MACROS),
        (compound("WordDocument", within=("VBA",)), MACROS),
        (compound("PowerPoint Document") + SLIDE_MACROS, MACROS),
        (compound("EncryptionInfo", "EncryptedPackage"), LOCKED),
        (locked(GOOD["docx"]), LOCKED),
        (open_document(ODT, **{"META-INF/manifest.xml": "<encryption-data/>"}), LOCKED),
        (office(f"{OFFICE}.presentationml.slideshow.main+xml", "ppt/presentation.xml"), ORDINARY),
        (office(f"{OFFICE}.presentationml.template.main+xml", "ppt/presentation.xml"), ORDINARY),
        (office(f"{OFFICE}.wordprocessingml.template.main+xml", "word/document.xml"), ORDINARY),
        (b"%PDF-1.4 nothing else", DAMAGED),
        (PDF + b"x" * 1024, DAMAGED),
        (GOOD["docx"][:-30], DAMAGED),
        (GOOD["doc"][:600], DAMAGED),
        (GOOD["ppt"][:30], DAMAGED),
        (circling(GOOD["doc"]), DAMAGED),
        (GOOD["doc"][:0x1E] + b"\x05" + GOOD["doc"][0x1F:], DAMAGED),
        (claiming(GOOD["docx"], 101 * 1024 * 1024), GROWS),
        (claiming(GOOD["odt"], 0xFFFFFFF0), GROWS),
        (GOOD["docx"] + b"PK\x01\x02" * MOST_MEMBERS, GROWS),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_unusable_document_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(UnusableDocumentError) as refused:
        document_type(content, "talk.pdf")
    assert str(refused.value) == words


def test_slides_that_say_they_have_no_macros_are_taken() -> None:
    content = compound("PowerPoint Document") + SLIDE_MACROS.replace(struct.pack("<II", 1, 2), struct.pack("<II", 0, 2))
    assert document_type(content, "talk.ppt") is DocumentType.PPT


def test_archive_that_packs_well_but_not_madly_is_taken() -> None:
    assert document_type(claiming(GOOD["docx"], 99 * 1024 * 1024), "talk.docx") is DocumentType.DOCX
    pictures = office(TEXT, "word/document.xml", media=random.Random(1).randbytes(3_000_000))
    assert document_type(claiming(pictures, 140 * 1024 * 1024), "talk.docx") is DocumentType.DOCX


@pytest.mark.parametrize("name", ["../talk.pdf", "/etc/talk.pdf", "C:\\talk.pdf", "a\\b", "talk.pdf\0.exe"])
def test_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(UnusableDocumentError, match="folders in it"):
        document_type(PDF, name)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("kind", ["docx", "odt", "doc", "ppt"])
def test_damaged_document_is_told_or_refused_and_nothing_else(kind: str) -> None:
    rolled = random.Random(kind)
    for _ in range(300):
        damaged = bytearray(GOOD[kind])
        for _ in range(rolled.choice([1, 3, 20])):
            damaged[rolled.randrange(len(damaged))] = rolled.choice([0, 1, 0xFF, rolled.randrange(256)])
        if rolled.random() < 0.2:
            del damaged[rolled.randrange(len(damaged)) :]
        try:
            assert document_type(bytes(damaged), "notes") in DocumentType
        except UnusableDocumentError:
            continue


@pytest.mark.parametrize(
    ("name", "kind", "safe"),
    [
        ("talk.pdf", "pdf", "talk.pdf"),
        ("talk.PPTX", "pptx", "talk.pptx"),
        ("talk", "odp", "talk.odp"),
        ("talk.docm", "docx", "talk.docx"),
        ("talk.pdf.pptx.pdf", "pdf", "talk.pdf"),
        ("talk.exe", "pdf", "talk.exe.pdf"),
        ("Version 1.2", "odt", "Version 1.2.odt"),
        ("../../etc/passwd", "pdf", "passwd.pdf"),
        ("C:\\Users\\Ann\\My  talk\t.doc", "doc", "My talk.doc"),
        ("talk\x00\x07\r\n two.pdf", "pdf", "talk two.pdf"),
        ("talk \u202efdp.exe", "pdf", "talk fdp.exe.pdf"),
        ("two\twords\x85and more.pdf", "pdf", "two words and more.pdf"),
        ("soft\u00adhyphen\u200b.pdf", "pdf", "softhyphen.pdf"),
        ('a<b>c:d"e|f?g*h.pdf', "pdf", "a-b-c-d-e-f-g-h.pdf"),
        (".htaccess", "pdf", "htaccess.pdf"),
        ("...", "pdf", "document.pdf"),
        ("", "pdf", "document.pdf"),
        (".pdf", "pdf", "document.pdf"),
        ("nul.pdf", "pdf", "document nul.pdf"),
        ("Zoe\u0308’s Straße 日本.pdf", "pdf", "Zoë’s Straße 日本.pdf"),
        ("x" * 300 + ".pptx", "pptx", "x" * 95 + ".pptx"),
        ("x" * 95 + " y.pdf", "pdf", "x" * 95 + ".pdf"),
        ("😀" * 99, "pdf", "😀" * 60 + ".pdf"),
    ],
)
def test_safe_name(name: str, kind: str, safe: str) -> None:
    assert safe_name(name, DocumentType(kind)) == safe


@pytest.mark.parametrize("seed", range(50))
def test_safe_name_is_safe_whatever_was_typed(seed: int) -> None:
    rolled = random.Random(seed)
    signs = "abc. ./\\:\x00\n\u202e\ud800\ufeffé日😀?*-_" + chr(rolled.randrange(0x3000))
    name = "".join(rolled.choice(signs) for _ in range(rolled.randrange(200)))
    safe = safe_name(name, DocumentType.PDF)
    assert safe.endswith(".pdf")
    assert 5 <= len(safe) <= 100
    assert len(safe.encode()) < 255
    assert not set('/\\:?*"<>|') & set(safe)
    assert all(unicodedata.category(sign)[0] != "C" for sign in safe)
    assert safe == safe.strip(" .")
    assert safe_name(safe, DocumentType.PDF) == safe
