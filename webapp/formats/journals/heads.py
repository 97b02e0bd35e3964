"""Reads what stands between the title of an article and its words: a line beside it, its authors, its standfirst."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from webapp.formats.journals.authors import is_more, read_authors, with_more
from webapp.formats.journals.blocks import Block, Form
from webapp.formats.journals.titles import is_capitals, is_title, key, phrase, plain
from webapp.formats.journals.values import Author, Line, Remark

_FURTHEST = 12
_LONGEST_STANDFIRST = 400
_TELLS = re.compile(
    r"\b(?:explains?|reflects?|reflections|describes?|looks?|shares?|writes?|talks?|asks?|reports?|sets? out|"
    r"considers?|introduces?|discuss(?:es)?|tells?|argues?|shows?|on how|on why)\b",
    re.IGNORECASE,
)


@dataclass
class Head:
    """What was read, and the place of the first block of the body."""

    kicker: list[str] = field(default_factory=list)
    authors: list[Author] = field(default_factory=list)
    byline: list[str] = field(default_factory=list)
    standfirst: str = ""
    # Blocks that belong to the body, although authors stand below them.
    left: list[Block] = field(default_factory=list)
    asides: list[Line] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    body: int = 0


def read_head(
    blocks: Sequence[Block], named: int | None, entry: str, printed: Collection[tuple[str, ...]], words: str
) -> Head:
    """Read the head of an article from the blocks that follow its title, `named` being that of the contents' title.

    `printed` are titles that stand on its pages again, `words` is all that the article says, folded.
    """
    head = Head()
    place = 0
    while place < min(len(blocks), _FURTHEST) and _take(head, blocks, place, named, entry, printed, words):
        place += 1
    head.body = place
    _take_standfirst(head, blocks, printed)
    return head


def _take(
    head: Head,
    blocks: Sequence[Block],
    place: int,
    named: int | None,
    entry: str,
    printed: Collection[tuple[str, ...]],
    words: str,
) -> bool:
    """Take a block of the head; gives whether it was one."""
    block = blocks[place]
    own = block.key
    if place == named or (own and own == key(entry) and own not in printed):
        head.kicker.append(plain(block.text))
    elif block.form is Form.ORNAMENT or (own and own in printed):
        head.asides += block.lines
    elif found := _authors(block, blocks, place, entry, words):
        _take_authors(head, block, found)
    elif head.authors and not head.standfirst and is_more(block, head.authors[-1]):
        head.authors[-1] = with_more(head.authors[-1], block)
        head.byline.append(block.text)
    elif block.form is Form.SUBTITLE and not head.standfirst:
        head.standfirst = plain(block.text)
    elif not head.authors and _is_before_authors(blocks, place, entry, words):
        _take_beside(head, block)
    else:
        return False
    return True


def _authors(block: Block, blocks: Sequence[Block], place: int, entry: str, words: str) -> list[Author]:
    """Give the authors whom a block names; names alone must be named elsewhere too, or they are in doubt."""
    found = read_authors(block) or []
    known = phrase(entry)
    authors = []
    for author in found:
        said = phrase(author.name)
        sure = author.sure or said in known
        # Of a line in capitals nobody can tell whether it is a name or a heading.
        if not sure and is_capitals(block.text) and words.count(said) < 2:
            return []
        if not sure and block.gap > 1 and place and blocks[place - 1].form is Form.TEXT:
            return []
        authors.append(replace(author, sure=sure))
    return authors


def _take_authors(head: Head, block: Block, found: Sequence[Author]) -> None:
    head.authors += found
    head.byline.append(block.text)
    for author in found:
        if not author.sure:
            sentence = f"“{author.name}” was taken for the author, since the name stands alone below the title."
            head.remarks.append(Remark(sentence, block.number))
        if author.doubt:
            sentence = f"Look at the authors: “{author.doubt[:80]}” may be a name or a role."
            head.remarks.append(Remark(sentence, block.number))


def _is_before_authors(blocks: Sequence[Block], place: int, entry: str, words: str) -> bool:
    """Whether a short block is followed by authors, past at most two others that are short too."""
    if not _is_short(blocks[place]):
        return False
    seen = 0
    for later in range(place + 1, min(len(blocks), place + 7)):
        block = blocks[later]
        if block.form is Form.ORNAMENT:
            continue
        if any(author.sure for author in _authors(block, blocks, later, entry, words)):
            return True
        seen += 1
        if seen > 2 or not _is_short(block):
            return False
    return False


def _is_short(block: Block) -> bool:
    return block.form in {Form.TEXT, Form.HEADING, Form.QUOTE} and (
        is_title(block.text, len(block.texts)) or len(block.text) <= _LONGEST_STANDFIRST
    )


def _take_beside(head: Head, block: Block) -> None:
    text = plain(block.text)
    if phrase(text) in {"introduction", "overview", "summary"}:
        head.left.append(block)
    elif len(text.split()) > 4 and not is_capitals(text) and not head.standfirst:
        head.standfirst = text
    else:
        head.left.append(block)
        head.remarks.append(Remark(f"“{text[:80]}” stands above the authors and was left in the text.", block.number))


def _take_standfirst(head: Head, blocks: Sequence[Block], printed: Collection[tuple[str, ...]]) -> None:
    """Take the first paragraph where it speaks of the author or is set apart, and the article goes on after it."""
    rest = [block for block in blocks[head.body :] if block.form is not Form.ORNAMENT and block.key not in printed]
    if head.standfirst or head.left or len(rest) < 2 or rest[0] is not blocks[head.body]:
        return
    block, text = rest[0], rest[0].text
    if block.form is not Form.TEXT or len(text) > _LONGEST_STANDFIRST:
        return
    inner = text.strip("*_")
    leaning = len(text) - len(inner) >= 2 and text[0] in "*_" and text[-1] in "*_" and not set(inner) & set("*_")
    said = phrase(text)
    speaks = any(phrase(author.name) in said for author in head.authors) and bool(_TELLS.search(text))
    if leaning or speaks:
        head.standfirst = plain(text)
        head.body += 1
