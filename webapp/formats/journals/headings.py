"""Tells articles apart where a document has no list of contents: by its headings, or by how its titles are set."""

from collections import Counter
from collections.abc import Sequence

from webapp.formats.journals.authors import read_authors
from webapp.formats.journals.blocks import Block, Form
from webapp.formats.journals.matching import Beginning
from webapp.formats.journals.titles import ACKNOWLEDGEMENTS, is_capitals, is_title, kind_of, phrase
from webapp.formats.journals.values import Kind

_BY_STYLE = "The document has no list of contents; its articles were told apart by its headings."
_BY_GAPS = (
    "The document has no list of contents; its articles were told apart by short lines that are set apart and by names"
    " of authors below them. Look whether each begins where it should."
)
_AS_ONE = (
    "Neither a list of contents nor headings of articles were found, so that everything was read as one article. Write"
    " the titles as headings, or write a list of contents, and read it in again to part it."
)
_LONGEST = 120


def by_headings(blocks: Sequence[Block], start: int = 0) -> tuple[list[Beginning], str]:
    """Give where articles begin from this block on, and a sentence that says how that was told."""
    if found := _styled(blocks, start):
        return found, _BY_STYLE
    for apart in (True, False):
        alone = _set_alone(blocks, start, apart=apart)
        if len(alone) > 1:
            return alone, _BY_GAPS
    first = next((place for place in range(start, len(blocks)) if blocks[place].form is not Form.ORNAMENT), None)
    return ([] if first is None else [Beginning(first, first, False)]), _AS_ONE


def _styled(blocks: Sequence[Block], start: int) -> list[Beginning]:
    """Take the headings of the first level that stands more than once."""
    headings = [place for place in range(start, len(blocks)) if blocks[place].form is Form.HEADING]
    counts = Counter(blocks[place].level for place in headings)
    level = next((level for level in sorted(counts) if counts[level] > 1), None)
    return [
        Beginning(place, place, True)
        for place in headings
        if blocks[place].level == level and phrase(blocks[place].text[:80]) not in ACKNOWLEDGEMENTS
    ]


def _set_alone(blocks: Sequence[Block], start: int, *, apart: bool) -> list[Beginning]:
    """Take short lines with authors below them, or that say what they are; with `apart` also those set off by space."""
    found: list[Beginning] = []
    last = -2
    for place in range(start, len(blocks) - 1):
        block, text = blocks[place], blocks[place].text
        if block.form is not Form.TEXT or len(text) > _LONGEST or not is_title(text, len(block.texts)):
            continue
        after = next((each for each in blocks[place + 1 : place + 3] if each.form is not Form.ORNAMENT), None)
        if after is None or place == last + 1 or (text.endswith((".", "!", "?")) and len(text.split()) > 8):
            continue
        signed = any(author.sure for author in read_authors(after) or [])
        told = kind_of(text) is not Kind.ARTICLE
        spaced = block.gap > 1 and not is_capitals(text) and after.gap <= 2 and len(after.text) > len(text)
        opens = apart and spaced
        if (signed or told or opens) and not (read_authors(block) or phrase(text) in ACKNOWLEDGEMENTS):
            found.append(Beginning(place, place, signed or told))
            last = place
    return found
