"""Reads an issue of a journal, from text or a Word document, as articles that are told apart.

What a file is is told by its content alone. Nothing is dropped without a word: each line that is not blank is found
again in an article, in the front matter, among the asides, or as unplaced with the reason.
"""

from webapp.formats.journals.blocks import text_blocks
from webapp.formats.journals.reading import MOST_ARTICLES, read_blocks
from webapp.formats.journals.titles import without_marks
from webapp.formats.journals.values import (
    MOST_LETTERS,
    WANTED,
    Article,
    Author,
    Entry,
    Kind,
    Line,
    Quote,
    Reading,
    Remark,
    Source,
    Unplaced,
    UnreadableJournalError,
)
from webapp.formats.journals.word import word_blocks
from webapp.formats.texts import decoded, refuse_others, tidied
from webapp.formats.texts.documents import is_document
from webapp.formats.texts.wanted import refuse_markup

__all__ = [
    "MOST_ARTICLES",
    "WANTED",
    "Article",
    "Author",
    "Entry",
    "Kind",
    "Line",
    "Quote",
    "Reading",
    "Remark",
    "Source",
    "Unplaced",
    "UnreadableJournalError",
    "read_journal",
    "read_pasted",
    "without_marks",
]


def read_journal(content: bytes) -> Reading:
    """Give the articles of an issue in text or Word, told apart by content.

    Raises UnreadableJournalError, with a sentence for people, for anything else.
    """
    if is_document(content):
        blocks, remarks = word_blocks(content)
        _check_length(sum(len(text) for block in blocks for text in block.texts))
        return read_blocks(blocks, Source.WORD, "", remarks)
    refuse_others(content, WANTED)
    text, encoding, remarks = decoded(content, WANTED)
    return _read_text(text, encoding, remarks)


def read_pasted(text: str) -> Reading:
    """Give the articles of an issue that was pasted, as `read_journal` does, with no encoding told."""
    return _read_text(tidied(text, WANTED), "", [])


def _read_text(text: str, encoding: str, remarks: list[Remark]) -> Reading:
    refuse_markup(text, WANTED)
    _check_length(len(text))
    lines = [Line(number, line) for number, line in enumerate(text.split("\n"), start=1)]
    return read_blocks(text_blocks(lines), Source.TEXT, encoding, remarks)


def _check_length(letters: int) -> None:
    if letters > MOST_LETTERS:
        raise UnreadableJournalError(
            f"This journal is longer than {MOST_LETTERS:,} characters, the most that can be read. Read it in by parts."
        )
