"""Writes the body of an article in Markdown, and takes out of it what is printed again on each page."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from webapp.formats.journals.authors import is_attribution
from webapp.formats.journals.blocks import Block, Form
from webapp.formats.journals.paragraphs import joined, mended, set_apart
from webapp.formats.journals.spelling import Spelling
from webapp.formats.journals.titles import (
    CLOSING,
    OPENING,
    is_capitals,
    is_quoted,
    is_title,
    kind_of,
    plain,
)
from webapp.formats.journals.values import Kind, Line, Quote, Remark

_LINK = re.compile(r"\[([^\[\]\n]{1,500})\]\(#?\)")
_ESCAPED = re.compile(r"([0-9]{1,9})([.)])(?=\s)")
_SUPERSCRIPT = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}")
_LATE_DASH = re.compile(r"\s*[–—-]{1,2}\s+")
_SHORTEST_QUOTE, _LONGEST_WHO = 20, 150
_HEADING_LONGEST, _HEADING_WORDS = 90, 12


@dataclass
class Body:
    """What was written, and what was taken out of it."""

    parts: list[str] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    asides: list[Line] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    # The bodies of list items that are being written.
    items: list[Block] = field(default_factory=list)
    notes: list[Block] = field(default_factory=list)
    dead: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All of it, in Markdown."""
        return "\n\n".join(part for part in self.parts if part)


def write_body(
    blocks: Sequence[Block],
    printed: Collection[tuple[str, ...]],
    kind: Kind,
    spelling: Spelling,
    *,
    level: int = 0,
) -> Body:
    """Write the blocks of a body; `level` is that of its title where a Word document or Markdown gives one."""
    body = Body()
    kept = mended(blocks, printed, body.asides)
    again = set_apart(kept)
    listing = kind is Kind.KEY_MESSAGES
    place = 0
    previous: Block | None = None
    while place < len(kept):
        block = kept[place]
        after = kept[place + 1] if place + 1 < len(kept) else None
        place += 1
        if block.form is Form.ITEM and not (body.items and _is_other_list(body.items[-1], block)):
            body.items.append(block)
            previous = block
            continue
        _close_list(body, spelling, listing=listing)
        if block.form is Form.ITEM:
            body.items.append(block)
        elif block in again:
            body.quotes.append(Quote(_words(body, block, spelling), _who(after), repeats=True))
            place += _skipped(after)
        elif is_heading(block, previous, after):
            listing = kind is Kind.KEY_MESSAGES or kind_of(block.text) is Kind.KEY_MESSAGES
            said = spelling.sentence_case(_words(body, block, spelling))
            body.parts.append(f"{'#' * _level(block, level)} {said}")
        elif quote := _quote(body, block, after, spelling):
            body.parts.append(_quoted(quote))
            if quote.who:
                body.quotes.append(quote)
            place += bool(quote.who) and quote.who == _who(after)
        else:
            _write_other(body, block, spelling)
        previous = block
    _close_list(body, spelling, listing=listing)
    _write_notes(body, spelling)
    if body.dead:
        number = len(body.dead)
        links = "1 link leads" if number == 1 else f"{number:,} links lead"
        body.remarks.append(Remark(f"{links} nowhere in the document; only the words were kept.", body.dead[0]))
    return body


def is_heading(block: Block, previous: Block | None, after: Block | None) -> bool:
    """Whether a block is a heading within an article."""
    if block.form in {Form.HEADING, Form.TITLE}:
        return True
    text = block.text
    if block.form is not Form.TEXT or is_quoted(text) or not is_title(text, len(block.texts)):
        return False
    if text[0] in OPENING and _split_who(text)[1]:
        return False
    if is_capitals(text) or block.bold:
        return True
    asks = text.endswith("?")
    if len(text) > _HEADING_LONGEST + 40 * asks or len(text.split()) > _HEADING_WORDS + 6 * asks:
        return False
    if after is None or len(block.texts) > 2 or any(sign in text for sign in "@<>[]"):
        return False
    # “Northshire – a first year.” is no sentence, whatever its stop says.
    if text.endswith(("!", "…")) or (text.endswith(".") and " - " not in text and " – " not in text):
        return False
    # Below a heading, or after “We ask:”, it is one of several short lines.
    above = previous if previous is not None and previous.form in {Form.TEXT, Form.HEADING} else None
    if above is not None and (above.text.endswith(":") or is_title(above.text, len(above.texts))):
        return False
    return after.form in {Form.TEXT, Form.ITEM} and (len(after.text) > 100 or after.form is Form.ITEM)


def _level(block: Block, title: int) -> int:
    if block.form is Form.HEADING and block.level and title:
        return min(4, max(2, block.level - title + 1))
    return min(4, max(2, block.level)) if block.form is Form.HEADING else 2


def _words(body: Body, block: Block, spelling: Spelling) -> str:
    """Give the words of a block in one line; links that lead nowhere are told."""
    text, found = _LINK.subn(r"\1", joined(block.texts, spelling.words))
    body.dead += [block.number] * found
    return text


def _who(after: Block | None) -> str:
    return plain(after.text).lstrip("–—-~ ") if after is not None and is_attribution(after) else ""


def _skipped(after: Block | None) -> int:
    return 1 if _who(after) else 0


def _quote(body: Body, block: Block, after: Block | None, spelling: Spelling) -> Quote | None:
    """Give the words of a block in quotation marks, and who said them: behind them, or in the next block."""
    text = block.text
    if block.form is Form.QUOTE:
        return _parted(_words(body, block, spelling), _who(after))
    if block.form is not Form.TEXT or len(text) < _SHORTEST_QUOTE or text.lstrip("*_ ")[:1] not in OPENING:
        return None
    if is_quoted(text):
        return Quote(_words(body, block, spelling), _who(after))
    if not _split_who(text)[1]:
        return None
    return Quote(*_split_who(_words(body, block, spelling)))


def _parted(text: str, who: str) -> Quote:
    if who:
        return Quote(text, who)
    return Quote(*_split_who(text))


def _split_who(text: str) -> tuple[str, str]:
    """Give “Words” – Somebody as both; the second is empty where nobody is named."""
    end = max(text.rfind(sign) for sign in CLOSING)
    who = text[end + 1 :]
    dash = _LATE_DASH.match(who)
    if end < _SHORTEST_QUOTE // 2 or dash is None or not 1 < len(who) - dash.end() <= _LONGEST_WHO:
        return text, ""
    return text[: end + 1], who[dash.end() :].strip()


def _quoted(quote: Quote) -> str:
    return f"> {quote.words}" + (f"\n>\n> — {quote.who}" if quote.who else "")


def _is_other_list(last: Block, block: Block) -> bool:
    """Whether an item begins a list of its own: bullets after numbers, or numbers that begin again."""
    if bool(last.mark) != bool(block.mark):
        return last.level == block.level
    return block.mark == "1"


def _close_list(body: Body, spelling: Spelling, *, listing: bool) -> None:
    items, body.items = body.items, []
    if not items:
        return
    # Numbers that are not those of their order say something that a list of messages does not.
    in_order = all(item.mark in {"", str(n)} for n, item in enumerate(items, start=len(body.messages) + 1))
    if listing and len(items) > 1 and in_order:
        body.messages += [_words(body, item, spelling) for item in items]
        return
    least = min(item.level for item in items)
    lines = []
    for item in items:
        mark = f"{int(item.mark)}." if item.mark else "-"
        lines.append(f"{'   ' * (item.level - least)}{mark} {_words(body, item, spelling)}")
    body.parts.append("\n".join(lines))


def _write_other(body: Body, block: Block, spelling: Spelling) -> None:
    if block.form is Form.NOTE:
        body.notes.append(block)
        return
    if block.form is Form.TABLE:
        body.parts.append(_table(body, block))
        return
    text = _words(body, block, spelling)
    if block.form is Form.CAPTION:
        body.captions.append(plain(text))
        body.parts.append(f"*{plain(text)}*")
        return
    body.parts.append(_ESCAPED.sub(r"\1\\\2", text, count=1) if _ESCAPED.match(text) else text)


def _table(body: Body, block: Block) -> str:
    """Give rows of cells in Markdown; the first is the head of the table."""
    rows = []
    for text in block.texts:
        said, found = _LINK.subn(r"\1", text)
        body.dead += [block.number] * found
        rows.append([cell.strip().replace("\\", "\\\\").replace("|", "\\|") for cell in said.split("\t")])
    width = max(map(len, rows))
    rows.insert(1, ["---"] * width)
    return "\n".join(f"| {' | '.join([*row, *[''] * (width - len(row))])} |" for row in rows)


def _write_notes(body: Body, spelling: Spelling) -> None:
    """Write footnotes at the end, and tell which have no place in the text, or no words."""
    above = "\n".join([*body.parts, *body.messages])
    signs = set(_SUPERSCRIPT.findall(above))
    told = set()
    for note in body.notes:
        text = _words(body, note, spelling)
        body.parts.append(text)
        if found := _SUPERSCRIPT.match(text):
            told.add(found[0])
            if found[0] not in signs:
                body.remarks.append(Remark(f"No place in the text leads to the footnote {found[0]}.", note.number))
    for sign in sorted(signs - told) if body.notes else []:
        body.remarks.append(Remark(f"The footnote {sign} has no words.", body.notes[0].number))
