"""Parts the lines of a text into blocks: what stands together between blank lines, lists item by item."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from webapp.formats.journals.titles import key, plain
from webapp.formats.journals.values import Line

_BULLET = re.compile(r"(?:[•·▪◦‣●○■□➢➤✓*+–-]|o(?=[ \t]))[ \t]{1,40}(?=\S)")
_ORDINAL = re.compile(r"\(?([0-9]{1,3})[.)][ \t]{1,40}(?=\S)")
_HEADING = re.compile(r"(#{1,6})[ \t]{1,40}(?=\S)")
_QUOTED = re.compile(r">[ \t]{0,40}(?=\S)")
_NOTE = re.compile(r"(?:[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4}|\[\^?[0-9]{1,3}\]:?)[ \t]{0,40}(?=\S)")
_CAPTION = re.compile(
    r"(?:figure|fig\.|table|chart|photo|photograph|picture|image|illustration)[ \t]{0,4}"
    r"[0-9]{0,3}[a-z]?[ \t]{0,4}[:.–—-][ \t]",
    re.IGNORECASE,
)
_WIDEST_WRAPPED = 120


class Form(StrEnum):
    """What a block is by its own form, whatever stands around it."""

    TEXT = "text"
    TITLE = "title"
    SUBTITLE = "subtitle"
    HEADING = "heading"
    ITEM = "item"
    QUOTE = "quote"
    CAPTION = "caption"
    NOTE = "note"
    TABLE = "table"
    CONTENTS = "contents"
    NUMBER = "number"
    ORNAMENT = "ornament"


@dataclass(slots=True, eq=False)
class Block:
    """Lines that stand together; `gap` is how many blank lines stand before them, `level` that of a heading or list.

    `texts` are the lines without the signs that gave them their form, the cells of a table's row parted by tabs;
    `mark` is the number of an item.
    """

    lines: list[Line]
    texts: list[str]
    gap: int = 0
    form: Form = Form.TEXT
    level: int = 0
    mark: str = ""
    bold: bool = False
    _text: str | None = None
    _key: tuple[str, ...] | None = None

    @property
    def text(self) -> str:
        """All of it in one line."""
        if self._text is None:
            self._text = " ".join(" ".join(self.texts).split())
        return self._text

    @property
    def key(self) -> tuple[str, ...]:
        """Its words as titles are compared; none for what is longer than any title."""
        if self._key is None:
            self._key = key(self.text) if len(self.text) <= 400 else ()
        return self._key

    @property
    def number(self) -> int:
        """The number of its first line."""
        return self.lines[0].number

    def forget(self) -> None:
        """Let its text be made anew, after its lines were changed."""
        self._text = self._key = None

    def split(self, at: int) -> "Block":
        """Part it before this line of it; gives what came behind."""
        rest = Block(self.lines[at:], self.texts[at:], form=self.form, level=self.level, bold=self.bold)
        self.lines, self.texts = self.lines[:at], self.texts[:at]
        self.forget()
        return rest


def text_blocks(lines: Sequence[Line]) -> list[Block]:
    """Give the blocks of a text."""
    wrapped = max((len(line.text) for line in lines), default=0) <= _WIDEST_WRAPPED
    blocks: list[Block] = []
    gap = 0
    for run in _runs(lines):
        if isinstance(run, int):
            gap += run
            continue
        for block in _parted(run, wrapped=wrapped):
            block.gap, gap = gap, 0
            blocks.append(block)
    return blocks


def _runs(lines: Iterable[Line]) -> Iterator[list[Line] | int]:
    run: list[Line] = []
    for line in lines:
        if line.text.strip():
            run.append(line)
            continue
        if run:
            yield run
            run = []
        yield 1
    if run:
        yield run


def _parted(run: list[Line], *, wrapped: bool) -> Iterator[Block]:
    open_block: Block | None = None
    for line in run:
        formed = formed_block(line)
        if open_block is not None and _goes_on(open_block, formed, wrapped=wrapped):
            open_block.lines += formed.lines
            open_block.texts += formed.texts
            continue
        if open_block is not None:
            yield open_block
        open_block = formed
    if open_block is not None:
        yield open_block


def _goes_on(block: Block, formed: Block, *, wrapped: bool) -> bool:
    if formed.form is Form.QUOTE and block.form is Form.QUOTE:
        return True
    if formed.form is not Form.TEXT or block.form in {Form.HEADING, Form.NUMBER, Form.ORNAMENT}:
        return False
    # Where paragraphs are not wrapped, a long line is one.
    return wrapped or max(len(block.lines[-1].text), len(formed.lines[0].text)) <= _WIDEST_WRAPPED


def formed_block(line: Line) -> Block:
    """Give a line as a block of its own, in the form that its first signs give it."""
    text = line.text.strip()
    if not any(sign.isalnum() for sign in text):
        return Block([line], [text], form=Form.ORNAMENT)
    if text.isdecimal() and len(text) <= 4:
        return Block([line], [text], form=Form.NUMBER)
    if found := _HEADING.match(text):
        return Block([line], [text[found.end() :].rstrip("# ")], form=Form.HEADING, level=len(found[1]))
    if found := _ORDINAL.match(text):
        return Block([line], [text[found.end() :]], form=Form.ITEM, mark=found[1])
    if found := _BULLET.match(text):
        depth = len(line.text) - len(line.text.lstrip())
        return Block([line], [text[found.end() :]], form=Form.ITEM, level=min(depth // 2, 3))
    if found := _QUOTED.match(text):
        return Block([line], [text[found.end() :]], form=Form.QUOTE)
    if _NOTE.match(text):
        return Block([line], [text], form=Form.NOTE)
    if len(text) <= 400 and _CAPTION.match(text):
        return Block([line], [text], form=Form.CAPTION)
    return Block([line], [text])


def heading_text(block: Block) -> str:
    """Give a block as a title: one line, without signs of Markdown."""
    return plain(f"{block.mark}. {block.text}" if block.mark else block.text)
