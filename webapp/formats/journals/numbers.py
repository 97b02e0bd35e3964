"""Finds the number and the season of an issue: on its cover, or where its first articles say “the fourth issue”."""

import re
from collections.abc import Iterable

from webapp.formats.journals.blocks import Block

_ORDINALS = [
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"),
    *("twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"),
    "twentieth",
]
_DATED = (
    r"(?:spring|summer|autumn|winter|easter|christmas|january|february|march|april|may|june|july|august|september|"
    r"october|november|december)(?:[ \t]?[/–-][ \t]?(?:spring|summer|autumn|winter|january|february|march|april|may|"
    r"june|july|august|september|october|november|december))?[ \t]{1,3}(?:19|20)[0-9]{2}(?:[/–-][0-9]{2,4})?"
)
_NUMBER = r"(?:issue|edition|number|no\.?|volume|vol\.?)[ \t]{0,3}(?:no\.?|number|#)?[ \t]{0,3}([0-9]{1,4})"
_ORDINAL = rf"(?:the[ \t])?({'|'.join(_ORDINALS)}|[0-9]{{1,3}}(?:st|nd|rd|th))[ \t](?:issue|edition)"
_JOINT = r"[ \t]{0,3}[,:;|·•–—-]?[ \t]{0,3}"
_COVER = re.compile(
    rf"(?:(?:{_NUMBER}|{_ORDINAL})(?:{_JOINT}\(?({_DATED})\)?)?|\(?({_DATED})\)?(?:{_JOINT}\(?(?:{_NUMBER}|{_ORDINAL})\)?)?)\.?",
    re.IGNORECASE,
)
_PARTED = re.compile(
    r"[ \t]{0,3}[,:;|·•–—][ \t]{1,3}|[ \t]{1,3}[|·•–—-][ \t]{1,3}|[ \t]{1,3}(?=\(|issue\b|edition\b)", re.IGNORECASE
)
_SAID = re.compile(rf"\b(?:this is|welcome to|in this,?|here is)[ \t]{_ORDINAL}\b", re.IGNORECASE)
_LONGEST, _MOST_BLOCKS, _FIRST_LETTERS = 120, 60, 400


def cover_line(text: str) -> tuple[int | None, str] | None:
    """Give the number and the season that a line of a cover says, or None for a line that says anything else."""
    text = text.strip()
    found = _COVER.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    digits, ordinal, season, before, later, late_ordinal = found.groups()
    number = digits or later
    season = " ".join((season or before or "").split())
    return int(number) if number else _of(ordinal or late_ordinal or ""), season[:1].upper() + season[1:]


def without_number(title: str) -> tuple[str, tuple[int | None, str] | None]:
    """Give a title without the number and season at its end, and both where they stood there."""
    if len(title) <= 2 * _LONGEST:
        for joint in _PARTED.finditer(title):
            found = cover_line(title[joint.end() :])
            if found is not None and title[: joint.start()].strip():
                return title[: joint.start()].strip(), found
    return title, None


def said_number(blocks: Iterable[Block]) -> int | None:
    """Give the number where the first articles say “This is the fourth issue”."""
    for _, block in zip(range(_MOST_BLOCKS), blocks, strict=False):
        if found := _SAID.search(" ".join(block.texts)[:_FIRST_LETTERS]):
            return _of(found[1])
    return None


def _of(ordinal: str) -> int | None:
    if ordinal.lower() in _ORDINALS:
        return _ORDINALS.index(ordinal.lower()) + 1
    digits = ordinal[:-2]
    return int(digits) if digits.isdecimal() else None
