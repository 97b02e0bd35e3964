"""Puts paragraphs together again that pages and lines broke, and takes out what pages repeat."""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from webapp.formats.journals.blocks import Block, Form
from webapp.formats.journals.titles import ends_sentence, is_capitals, is_quoted, is_title, key
from webapp.formats.journals.values import Line

_HYPHEN = re.compile(r"([^\W\d_]+)-$")
_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST_BROKEN, _SHORTEST_BEFORE_A_PAGE = 40, 60
# How many words of a sentence are looked for first, where it may stand a second time.
_SHINGLE, _MOST_REPEATED = 6, 80
_MOST_PLACES = 4


def joined(texts: Sequence[str], vocabulary: Collection[str]) -> str:
    """Give lines as one; a word parted at the end of a line is put together as it stands elsewhere in the document."""
    parts: list[str] = []
    for text in texts:
        stripped = text.strip()
        found = _HYPHEN.search(parts[-1][-60:]) if parts else None
        if found is not None and stripped[:1].islower():
            behind = _WORD.match(stripped)
            whole = (found[1] + (behind[0] if behind else "")).lower()
            parts[-1] = (parts[-1][:-1] if whole in vocabulary else parts[-1]) + stripped
        elif stripped:
            parts.append(stripped)
    return " ".join(" ".join(parts).split())


def mended(blocks: Sequence[Block], printed: Collection[tuple[str, ...]], asides: list[Line]) -> list[Block]:
    """Give the blocks of an article without what pages repeat, broken paragraphs whole, numbered items as such.

    What is left out is put among the asides.
    """
    kept: list[Block] = []
    own_copies: set[int] = set()
    broken = False
    place = 0
    while place < len(blocks):
        block = blocks[place]
        after = blocks[place + 1] if place + 1 < len(blocks) else None
        place += 1
        if block.form is Form.ORNAMENT:
            asides += block.lines
        elif (own := block.key) and own in printed:
            asides += block.lines
            broken = True
        elif own and after is not None and after.key and own + after.key in printed:
            asides += [*block.lines, *after.lines]
            broken = True
            place += 1
        elif block.form is Form.NUMBER:
            if after is not None and _belongs(block, after, kept, blocks[place + 1 : place + 4]):
                kept.append(_numbered(block, after, kept))
                place += 1
            else:
                asides += block.lines
                broken = True
        elif kept and _goes_on(kept[-1], block, broken=broken):
            _add(kept, block, own_copies)
            broken = False
        else:
            kept.append(block)
            broken = False
    return kept


def _add(kept: list[Block], block: Block, own: set[int]) -> None:
    """Put a block behind the last that is kept, which is copied the first time so that those given stay as they are."""
    if id(kept[-1]) not in own:
        kept[-1] = replace(kept[-1], lines=[*kept[-1].lines], texts=[*kept[-1].texts])
        own.add(id(kept[-1]))
    kept[-1].lines += block.lines
    kept[-1].texts += block.texts
    kept[-1].forget()


def _goes_on(before: Block, block: Block, *, broken: bool) -> bool:
    """Whether a block is the rest of the one before, which is no whole sentence: it begins like the middle of one."""
    if block.form is not Form.TEXT or before.form not in {Form.TEXT, Form.ITEM, Form.NOTE, Form.QUOTE}:
        return False
    last = before.texts[-1]
    length = sum(map(len, before.texts[-3:]))
    if (
        ends_sentence(last)
        or is_quoted(f"{before.texts[0][:20]} {last[-20:]}")
        or length < _SHORTEST_BROKEN
        or is_capitals(last)
    ):
        return False
    first = block.text.lstrip("*_([" + "“‘")[:1]
    if first.islower():
        return not before.bold and block.form is Form.TEXT
    return broken and before.form is Form.TEXT and length >= _SHORTEST_BEFORE_A_PAGE and not is_title(block.text)


def _belongs(number: Block, after: Block, kept: Sequence[Block], later: Sequence[Block]) -> bool:
    """Whether a number alone is that of an item, or a figure that the next block speaks of, and not a page's."""
    if after.form is not Form.TEXT:
        return False
    said = int(number.text)
    if kept and kept[-1].form is Form.ITEM and kept[-1].mark and int(kept[-1].mark) == said - 1:
        return True
    if said == 1 and any(each.form is Form.NUMBER and each.text == "2" for each in later):
        return True
    return after.text[:1].islower() and (not kept or ends_sentence(kept[-1].text) or kept[-1].form is Form.ITEM)


def _numbered(number: Block, after: Block, kept: Sequence[Block]) -> Block:
    lines = [*number.lines, *after.lines]
    follows = bool(kept) and kept[-1].form is Form.ITEM and bool(kept[-1].mark)
    if number.text == "1" or (follows and not after.text[:1].islower()):
        return Block(lines, after.texts, gap=number.gap, form=Form.ITEM, mark=number.text)
    return Block(lines, [f"**{number.text}** {after.texts[0]}", *after.texts[1:]], gap=number.gap, form=Form.ITEM)


def set_apart(blocks: Sequence[Block]) -> set[Block]:
    """Give the blocks that say again what a longer paragraph says, as sentences do that are set apart to be seen."""
    words = [key(block.text) if block.form in {Form.TEXT, Form.QUOTE, Form.HEADING} else () for block in blocks]
    where: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    wanted = {own[:_SHINGLE] for own in words if _SHINGLE <= len(own) <= _MOST_REPEATED}
    for number, own in enumerate(words):
        for at in range(len(own) - _SHINGLE + 1):
            shingle = own[at : at + _SHINGLE]
            if shingle in wanted and len(where[shingle]) < _MOST_PLACES:
                where[shingle].append((number, at))
    found = set()
    for number, own in enumerate(words):
        if not _SHINGLE <= len(own) <= _MOST_REPEATED:
            continue
        for other, at in where[own[:_SHINGLE]]:
            longer = words[other]
            if other != number and len(longer) > len(own) + 3 and longer[at : at + len(own)] == own:
                found.add(blocks[number])
    return found
