"""Finds the list of contents and its entries, in any of the layouts that people and programs write."""

import re
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from webapp.formats.journals.blocks import Block, Form
from webapp.formats.journals.titles import CONTENTS, key, phrase, plain
from webapp.formats.journals.values import Line

_PAGE = re.compile(r"(?:(?:p|pp|page)\.?[ \t]{0,3})?([0-9]{1,3})", re.IGNORECASE)
_LEADING = re.compile(
    r"(?:(?:p|pp|page)\.?[ \t]{0,3})?([0-9]{1,3})(?:[ \t]{0,9}[.:)|–—-])?[ \t]{1,40}(?=\S)", re.IGNORECASE
)
_LEADER = " \t.·…_-–—|"
MOST_ENTRIES = 200
_LONGEST = 250
# How many lines may stand between two entries that are none, such as headings of parts or names of authors.
_BETWEEN = 2


class Found(NamedTuple):
    """An entry as it stands in the list."""

    title: str
    page: int | None
    line: int


class Listing(NamedTuple):
    """The list of contents: the blocks from `start` up to `end` are it."""

    start: int
    end: int
    entries: list[Found]


class _Said(NamedTuple):
    """A line of the list: the page if it is nothing else, and the blank lines before it."""

    line: Line
    text: str
    page: int | None
    gap: int


_Read = tuple[list[Found], int]


def find_contents(blocks: list[Block]) -> Listing | None:
    """Give the list of contents, if there is one with two entries; may part a block where the list ends within it."""
    for place, block in enumerate(blocks):
        if block.form is Form.CONTENTS:
            listing = _styled(blocks, place)
        elif _is_heading(block):
            if len(block.texts) > 1:
                blocks.insert(place + 1, block.split(1))
            listing = _styled(blocks, place + 1) if _has_style(blocks, place + 1) else _written(blocks, place + 1)
            listing = listing and listing._replace(start=place)
        else:
            continue
        if listing is not None:
            return listing
    return None


def _is_heading(block: Block) -> bool:
    words = block.texts[0][:60].rstrip(":0123456789 ")
    return len(words) < 40 and phrase(words) in CONTENTS


def _has_style(blocks: Sequence[Block], place: int) -> bool:
    return place < len(blocks) and blocks[place].form is Form.CONTENTS


def _styled(blocks: Sequence[Block], start: int) -> Listing | None:
    """Read the paragraphs that a Word document itself calls its contents; those of the first level are articles."""
    end = start
    while end < len(blocks) and blocks[end].form in {Form.CONTENTS, Form.ORNAMENT}:
        end += 1
    own = [block for block in blocks[start:end] if block.form is Form.CONTENTS]
    top = min((block.level for block in own), default=0)
    entries = []
    for block in own:
        if block.level == top and not _is_heading(block):
            title, page = _without_page(block.text)
            entries.append(Found(plain(title), page, block.number))
    return Listing(start, end, entries[:MOST_ENTRIES]) if len(entries) > 1 else None


def _written(blocks: list[Block], start: int) -> Listing | None:
    said: list[_Said] = []
    for block in blocks[start : start + 3 * MOST_ENTRIES]:
        for place, line in enumerate(block.lines):
            text = line.text.strip()
            page = _PAGE.fullmatch(text)
            said.append(_Said(line, text, int(page[1]) if page else None, 0 if place else block.gap))
    said = said[: 5 * MOST_ENTRIES]
    later = {each.key for each in blocks[start:]}
    readings: list[_Read] = [read(said) for read in _LAYOUTS]
    entries, used = max(readings, key=lambda reading: len(reading[0]))
    if len(entries) < 2:
        entries, used = _unnumbered(said, later)
    if len(entries) < 2:
        return None
    return Listing(start, _part_at(blocks, start, said[used - 1].line.number), entries[:MOST_ENTRIES])


def _part_at(blocks: list[Block], start: int, last: int) -> int:
    """Give the place after the block with this line, which is parted if it goes on."""
    place = start
    while blocks[place].lines[-1].number < last:
        place += 1
    block = blocks[place]
    at = next(at for at, line in enumerate(block.lines, start=1) if line.number == last)
    if at < len(block.lines):
        blocks.insert(place + 1, block.split(at))
    return place + 1


def _without_page(text: str) -> tuple[str, int | None]:
    """Give “Title ..... 12” as title and page; a title may end with a number that is none of a page."""
    rest, last = text.rstrip(), ""
    while rest and rest[-1].isdecimal() and len(last) < 4:
        rest, last = rest[:-1], rest[-1] + last
    title = rest.rstrip(_LEADER)
    if not last or len(last) > 3 or title == rest or not any(sign.isalnum() for sign in title):
        return text.strip(), None
    return title.removesuffix(" p").removesuffix(" page").rstrip(_LEADER), int(last)


def _number_first(said: Sequence[_Said]) -> _Read:
    """4 ⏎ Foreword ⏎ 6 ⏎ Welcome."""
    entries: list[Found] = []
    at = used = last = 0
    while at + 1 < len(said):
        one, title = said[at], said[at + 1]
        if one.page is None or one.page < last or title.page is not None or len(title.text) > _LONGEST:
            break
        words, at = [title.text], at + 2
        while at < len(said) and said[at].page is None and _wraps(said, at, apart=title.gap > 0):
            words.append(said[at].text)
            at += 1
        last, used = one.page, at
        entries.append(Found(plain(" ".join(words)), one.page, one.line.number))
        step = _next(said, at, lambda each: each.page is not None)
        if step is None:
            break
        at = step
    return entries, used


def _wraps(said: Sequence[_Said], at: int, *, apart: bool) -> bool:
    """Whether a line goes on with the title above: no blank line parts them, though one parts titles from pages."""
    if said[at].gap or len(said[at].text) > _LONGEST:
        return False
    return apart or any(each.page is not None for each in said[at + 1 : at + 3])


def _next(said: Sequence[_Said], at: int, begins: Callable[[_Said], bool]) -> int | None:
    """Give where the next entry begins, past a few lines that are none."""
    return next((place for place in range(at, min(len(said), at + _BETWEEN + 1)) if begins(said[place])), None)


def _title_first(said: Sequence[_Said]) -> _Read:
    """Foreword ⏎ 4 ⏎ Welcome ⏎ 6."""
    entries: list[Found] = []
    at = used = last = 0
    while at + 1 < len(said):
        words: list[_Said] = []
        while at < len(said) and said[at].page is None and len(words) < 4:
            # What a blank line parts from the title below is a heading of a part.
            words = [*words, said[at]] if not said[at].gap else [said[at]]
            at += 1
        page = said[at].page if at < len(said) else None
        if not words or page is None or page < last or len(words[0].text) > _LONGEST:
            break
        last, at = page, at + 1
        used = at
        entries.append(Found(plain(" ".join(each.text for each in words)), page, words[0].line.number))
    return entries, used


def _page_last(said: Sequence[_Said]) -> _Read:
    """Foreword ..... 4."""
    entries: list[Found] = []
    waiting: list[_Said] = []
    used = last = 0
    for place, each in enumerate(said):
        title, page = _without_page(each.text) if len(each.text) <= _LONGEST else (each.text, None)
        if page is None or page < last or each.page is not None:
            waiting = [*waiting, each] if not each.gap else [each]
            if len(waiting) > _BETWEEN or len(each.text) > _LONGEST:
                break
            continue
        begun = [one for one in waiting if not each.gap]
        entries.append(
            Found(plain(" ".join([*(one.text for one in begun), title])), page, (begun or [each])[0].line.number)
        )
        waiting, last, used = [], page, place + 1
    return entries, used


def _page_leads(said: Sequence[_Said]) -> _Read:
    """4 Foreword."""
    entries: list[Found] = []
    used = last = others = 0
    for place, each in enumerate(said):
        found = _LEADING.match(each.text) if each.page is None and len(each.text) <= _LONGEST else None
        if found is not None and int(found[1]) >= last:
            last, used, others = int(found[1]), place + 1, 0
            entries.append(Found(plain(each.text[found.end() :]), last, each.line.number))
            continue
        goes_on = entries and used == place and not each.gap and each.text[:1].islower()
        if goes_on and each.page is None and len(each.text) <= _LONGEST:
            entries[-1] = entries[-1]._replace(title=f"{entries[-1].title} {plain(each.text)}")
            used = place + 1
            continue
        others += 1
        if others > _BETWEEN:
            break
    return entries, used


_LAYOUTS = (_number_first, _title_first, _page_last, _page_leads)


def _unnumbered(said: Sequence[_Said], later: Collection[tuple[str, ...]]) -> _Read:
    """Titles alone, as long as each stands again below."""
    counts: dict[tuple[str, ...], int] = {}
    for each in said:
        counts[key(each.text[:_LONGEST])] = counts.get(key(each.text[:_LONGEST]), 0) + 1
    entries: list[Found] = []
    seen = set()
    for each in said:
        own = key(each.text[:_LONGEST])
        # The second time it is the heading of the article itself.
        if not own or own in seen or not (counts[own] > 1 or own in later) or len(each.text) > _LONGEST:
            break
        seen.add(own)
        entries.append(Found(plain(each.text), None, each.line.number))
    return entries, len(entries)
