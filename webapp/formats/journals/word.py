"""Reads the paragraphs of a Word document as blocks: headings and lists by their styles, links, and footnotes."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from webapp.formats.journals.blocks import Block, Form, formed_block
from webapp.formats.journals.styles import FORMS, Given, Styles, given_value
from webapp.formats.journals.values import WANTED, Line, Remark
from webapp.formats.texts import tidied
from webapp.formats.texts.documents import Document, grows, opened

_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_NOT_READ = {
    "del": "What is marked as deleted in the document was not read.",
    "moveFrom": "What was moved within the document was read where it stands now.",
}
_PICTURES = {"drawing", "pict"}
PICTURE = "A picture of the document was not read. Add it as a figure."
_NO_TABLE = "A table whose rows are no rows of cells was read as paragraphs."
_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUPERSCRIPT = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4}")


@dataclass
class _Paragraph:
    """A paragraph that is being read: its runs, each with whether it is bold or leans."""

    runs: list[tuple[str, bool, bool]] = field(default_factory=list)
    style: str = ""
    outline: int | None = None
    number: str | None = None
    level: int = 0

    def lines(self) -> tuple[list[str], bool]:
        """Give its lines, with signs of Markdown for words that stand out, and whether all of it is bold."""
        merged: list[tuple[str, bool, bool]] = []
        for text, bold, leaning in self.runs:
            if merged and (merged[-1][1:] == (bold, leaning) or not text.strip()):
                merged[-1] = (merged[-1][0] + text, *merged[-1][1:])
            else:
                merged.append((text, bold, leaning))
        heavy = [bold for text, bold, _ in merged if any(sign.isalnum() for sign in text)]
        whole = bool(heavy) and all(heavy)
        said = "".join(
            _marked(text, "**" if bold and not whole else "*" if leaning else "") for text, bold, leaning in merged
        )
        return said.split("\n"), whole


def _marked(text: str, sign: str) -> str:
    inner = text.strip()
    if (
        not sign
        or not inner
        or "\n" in inner
        or not inner[0].isalnum()
        or not (inner[-1].isalnum() or inner[-1] in ".,!?")
    ):
        return text
    before, _, after = text.partition(inner)
    return f"{before}{sign}{inner}{sign}{after}"


class _Reader:
    """The paragraphs of a document while its XML goes by; tables come whole, text boxes before their paragraph."""

    def __init__(self, styles: Styles, links: dict[str, str]) -> None:
        self.blocks: list[Block] = []
        self.remarks: list[Remark] = []
        self._styles, self._links = styles, links
        self._number = 1
        self._gap = 0
        self._open: list[_Paragraph] = []
        self._bold = self._leaning = self._in_run = False
        self._listening = self._deleted = self._fallback = 0
        self._cells: list[list[str]] = []
        self._rows: list[list[str]] = []
        self._tables = 0
        self._target: list[str] = []
        self._told: set[str] = set()
        self._note = ""

    def start(self, full: str, given: Given) -> None:
        """Take the beginning of an element."""
        space, _, name = full.rpartition(" ")
        if name == "Fallback":
            self._fallback += 1
        if self._fallback or ("wordprocessingml" not in space and name not in {"pict", "drawing"}):
            return
        if name in _NOT_READ and _NOT_READ[name] not in self._told:
            self._told.add(_NOT_READ[name])
            self.remarks.append(Remark(_NOT_READ[name], self._number))
        if name in _PICTURES and not self._deleted:
            self.remarks.append(Remark(PICTURE, self._number))
        if begin := _STARTS.get(name):
            begin(self, given)
        elif name in _SIGNS:
            self._put(_SIGNS[name])

    def end(self, full: str) -> None:
        """Take the end of an element."""
        space, _, name = full.rpartition(" ")
        if name == "Fallback":
            self._fallback -= 1
        if "wordprocessingml" not in space or self._fallback:
            return
        if finish := _ENDS.get(name):
            finish(self)

    def hear(self, text: str) -> None:
        """Take what stands in an element."""
        if self._listening:
            self._put(text.replace("\n", " "))

    def end_text(self) -> None:
        self._listening -= 1

    def end_run(self) -> None:
        self._in_run = False

    def end_deleted(self) -> None:
        self._deleted -= 1

    def end_link(self) -> None:
        if self._target and (target := self._target.pop()):
            self._put(f"]({target})")

    def end_paragraph(self) -> None:
        if self._open:
            self._paragraph(self._open.pop())

    def end_row(self) -> None:
        if not self._cells:
            return
        row = [" ".join(cell.split()) for cell in self._cells.pop()]
        if self._cells and self._cells[-1]:
            # A table within a table is read as words of the cell that holds it.
            self._cells[-1][-1] = " ".join([self._cells[-1][-1], *row]).strip()
        else:
            self._rows.append(row)

    def end_table(self) -> None:
        self._tables -= 1
        if self._tables > 0:
            return
        rows, self._rows = self._rows, []
        full = sum(sum(map(bool, row)) > 1 for row in rows)
        if len(rows) < 2 or 2 * full < len(rows):
            if full:
                self.remarks.append(Remark(_NO_TABLE, self._number))
            for row in rows:
                self._add(Line(0, "\t".join(cell for cell in row if cell)), _Paragraph(), bold=False)
            return
        table: Block | None = None
        for row in rows:
            line = self._line("\t".join(row))
            if not line.text.strip():
                continue
            if table is None:
                table = Block([], [], gap=self._gap, form=Form.TABLE)
                self.blocks.append(table)
                self._gap = 0
            table.lines.append(line)
            table.texts.append(line.text)

    def end_note(self) -> None:
        self._note = ""

    def begin_paragraph(self, _: Given) -> None:
        self._open.append(_Paragraph())

    def begin_style(self, given: Given) -> None:
        if self._open:
            self._open[-1].style = given_value(given, "val")

    def begin_outline(self, given: Given) -> None:
        if self._open and given_value(given, "val").isdecimal():
            self._open[-1].outline = int(given_value(given, "val"))

    def begin_number(self, given: Given) -> None:
        if self._open:
            self._open[-1].number = given_value(given, "val")

    def begin_level(self, given: Given) -> None:
        if self._open and given_value(given, "val").isdecimal():
            self._open[-1].level = min(3, int(given_value(given, "val")))

    def begin_run(self, _: Given) -> None:
        self._in_run, self._bold, self._leaning = True, False, False

    def begin_bold(self, given: Given) -> None:
        self._bold = self._in_run and given_value(given, "val") not in {"0", "false", "off"}

    def begin_leaning(self, given: Given) -> None:
        self._leaning = self._in_run and given_value(given, "val") not in {"0", "false", "off"}

    def begin_text(self, _: Given) -> None:
        self._listening += 1

    def begin_deleted(self, _: Given) -> None:
        self._deleted += 1

    def begin_link(self, given: Given) -> None:
        target = self._links.get(given_value(given, "id"), "")
        self._target.append(target)
        if target:
            self._put("[")

    def begin_table(self, _: Given) -> None:
        self._tables += 1

    def begin_row(self, _: Given) -> None:
        self._cells.append([])

    def begin_cell(self, _: Given) -> None:
        if self._cells:
            self._cells[-1].append("")

    def begin_reference(self, given: Given) -> None:
        self._put(given_value(given, "id").translate(_DIGITS))

    def begin_note(self, given: Given) -> None:
        # The lines that part notes from the text are notes of their own, of a type.
        self._note = "" if given_value(given, "type") else given_value(given, "id")

    def _put(self, text: str) -> None:
        # A tab also stands among the settings of a paragraph; there no text is open yet, and a blank does no harm.
        if self._open and not self._deleted:
            self._open[-1].runs.append((text, self._bold and self._in_run, self._leaning and self._in_run))

    def _paragraph(self, paragraph: _Paragraph) -> None:
        lines, bold = paragraph.lines()
        if self._cells and self._cells[-1]:
            self._cells[-1][-1] = " ".join([self._cells[-1][-1], *lines]).strip()
            return
        if self._note:
            self._add(Line(0, f"{self._note.translate(_DIGITS)} {' '.join(lines).strip()}"), paragraph, bold=False)
            self._note = ""
            return
        first = True
        for text in lines:
            self._add(Line(0, text), paragraph, bold=bold, goes_on=not first)
            first = False

    def _add(self, line: Line, paragraph: _Paragraph, *, bold: bool, goes_on: bool = False) -> None:
        line = self._line(line.text)
        if not line.text.strip():
            self._gap += 1
            return
        formed = formed_block(line)
        if goes_on and not self._gap and self.blocks and formed.form is Form.TEXT:
            self.blocks[-1].lines.append(line)
            self.blocks[-1].texts.append(line.text.strip())
            return
        self._style(formed, paragraph)
        formed.bold, formed.gap, self._gap = bold, self._gap, 0
        self.blocks.append(formed)

    def _line(self, text: str) -> Line:
        line = Line(self._number, tidied(text, WANTED))
        self._number += 1
        if self._number > WANTED.most_lines:
            raise grows(WANTED)
        return line

    def _style(self, block: Block, paragraph: _Paragraph) -> None:
        if block.form not in {Form.TEXT, Form.CAPTION, Form.NUMBER, Form.ITEM}:
            return
        name = self._styles.name(paragraph.style) if paragraph.style else ""
        outline = paragraph.outline if paragraph.outline is not None else self._styles.outline.get(paragraph.style)
        if name.startswith("heading ") and name[8:9].isdecimal():
            block.form, block.level = Form.HEADING, int(name[8:9])
        elif outline is not None and outline < 9 and name not in FORMS:
            block.form, block.level = Form.HEADING, outline + 1
        elif name.startswith("toc ") and name[4:5].isdecimal():
            block.form, block.level = Form.CONTENTS, int(name[4:5])
        elif name in FORMS:
            block.form = FORMS[name]
        elif block.form is Form.TEXT and (name.startswith(("list bullet", "list number")) or paragraph.number):
            self._item(block, name, paragraph)

    def _item(self, block: Block, name: str, paragraph: _Paragraph) -> None:
        counted = name.startswith("list number")
        if paragraph.number is not None:
            counted = self._styles.counts(paragraph.number)
        before = self.blocks[-1] if self.blocks else None
        block.form, block.level = Form.ITEM, paragraph.level
        if counted:
            follows = before is not None and before.form is Form.ITEM and bool(before.mark) and not self._gap
            block.mark = str(int(before.mark) + 1) if follows and before is not None else "1"


_STARTS: dict[str, Callable[[_Reader, Given], None]] = {
    "p": _Reader.begin_paragraph,
    "pStyle": _Reader.begin_style,
    "outlineLvl": _Reader.begin_outline,
    "numId": _Reader.begin_number,
    "ilvl": _Reader.begin_level,
    "r": _Reader.begin_run,
    "b": _Reader.begin_bold,
    "i": _Reader.begin_leaning,
    "t": _Reader.begin_text,
    "del": _Reader.begin_deleted,
    "moveFrom": _Reader.begin_deleted,
    "hyperlink": _Reader.begin_link,
    "tbl": _Reader.begin_table,
    "tr": _Reader.begin_row,
    "tc": _Reader.begin_cell,
    "footnoteReference": _Reader.begin_reference,
    "endnoteReference": _Reader.begin_reference,
    "footnote": _Reader.begin_note,
    "endnote": _Reader.begin_note,
}

_ENDS: dict[str, Callable[[_Reader], None]] = {
    "t": _Reader.end_text,
    "r": _Reader.end_run,
    "del": _Reader.end_deleted,
    "moveFrom": _Reader.end_deleted,
    "hyperlink": _Reader.end_link,
    "p": _Reader.end_paragraph,
    "tr": _Reader.end_row,
    "tbl": _Reader.end_table,
    "footnote": _Reader.end_note,
    "endnote": _Reader.end_note,
}


def word_blocks(content: bytes) -> tuple[list[Block], list[Remark]]:
    """Give the blocks of a Word document, its footnotes where their places are, and what of it was not read.

    Raises UnreadableJournalError for what is none, has macros or a password, is damaged, or unpacks to too much.
    """
    with opened(content, WANTED) as document:
        folder = document.main.rpartition("/")[0]
        styles = Styles()
        _read(document, f"{folder}/styles.xml", styles.start_styles)
        _read(document, f"{folder}/numbering.xml", styles.start_lists)
        links = _links(document, f"{folder}/_rels/{document.main.rpartition('/')[2]}.rels")
        reader = _Reader(styles, links)
        document.read(document.main, start=reader.start, end=reader.end, text=reader.hear)
        body = len(reader.blocks)
        for part in ("footnotes", "endnotes"):
            name = f"{folder}/{part}.xml"
            if document.has(name):
                document.read(name, start=reader.start, end=reader.end, text=reader.hear)
    return _with_notes(reader.blocks[:body], reader.blocks[body:]), reader.remarks


def _read(document: Document, name: str, start: Callable[[str, Given], None]) -> None:
    if document.has(name):
        document.read(name, start=start, end=lambda _: None)


def _links(document: Document, name: str) -> dict[str, str]:
    """Give the addresses that the links of a document lead to, by their names in it."""
    found: dict[str, str] = {}

    def take(full: str, given: Given) -> None:
        target = given.get("Target", "")
        if (
            full.endswith(" Relationship")
            and target.startswith(("https://", "http://", "mailto:"))
            and " " not in target
        ):
            found[given.get("Id", "")] = target.replace("(", "%28").replace(")", "%29")

    _read(document, name, take)
    return found


def _with_notes(blocks: list[Block], notes: list[Block]) -> list[Block]:
    """Put each footnote behind the paragraph whose sign leads to it, so that it comes into the same article."""
    waiting = {note.text.partition(" ")[0]: note for note in notes if note.form is Form.NOTE}
    placed: list[Block] = []
    for block in blocks:
        placed.append(block)
        text = block.text
        signs = _SUPERSCRIPT.findall(text) if waiting else []
        placed.extend(waiting.pop(sign) for sign in signs if sign in waiting)
    return placed + [note for note in notes if note.text.partition(" ")[0] in waiting]
