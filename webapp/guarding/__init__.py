"""The guard on free text: what in a text could identify a child or a family; text in, findings out.

It reads nothing but the text and its own lists of words, keeps nothing and sends nothing. It errs on the side of
asking: whoever calls it explains and offers another wording, and decides nothing by it. Its rules are plain, and its
work grows with the length of the text alone.
"""

from collections.abc import Collection, Iterable

from webapp.guarding.homes import births, homes, is_office
from webapp.guarding.kinds import ABOUT_FAMILIES, EVERY, Finding, Kind
from webapp.guarding.numbers import numbers
from webapp.guarding.people import people
from webapp.guarding.plain import Plain
from webapp.guarding.schools import schools
from webapp.guarding.tagging import Row, tagged

__all__ = ["ABOUT_FAMILIES", "EVERY", "Finding", "Kind", "examine", "reword"]

_PLACES = {Kind.ADDRESS, Kind.POSTCODE}
_INSTEAD = {
    Kind.NAME_AND_AGE: "[a child]",
    Kind.NAME: "[name]",
    Kind.BIRTH_DATE: "[date of birth]",
    Kind.ADDRESS: "[address]",
    Kind.POSTCODE: "[postcode]",
    Kind.NHS_NUMBER: "[NHS number]",
    Kind.CASE_NUMBER: "[case number]",
    Kind.PHONE: "[phone number]",
    Kind.EMAIL: "[e-mail address]",
    Kind.SCHOOL: "[a school]",
}


def examine(text: str, kinds: Collection[Kind] = EVERY) -> list[Finding]:
    """What in the text could identify somebody, in the order of the text; no two findings overlap."""
    plain = Plain(text)
    row = tagged(plain.text)
    taken: list[Finding] = []
    free = bytearray(len(plain.text))
    for found in _all(plain.text, row):
        if found.kind in _PLACES and is_office(plain.text, found.start):
            continue
        if found.kind in kinds and found.end > found.start and not any(free[found.start : found.end]):
            free[found.start : found.end] = b"\x01" * (found.end - found.start)
            taken.append(found)
    return [
        Finding(plain.start(found.start), plain.end(found.end), found.kind, found.instead or _INSTEAD[found.kind])
        for found in sorted(taken)
    ]


def reword(text: str, findings: Iterable[Finding]) -> str:
    """The text with a word in brackets in place of everything that was found in it."""
    pieces: list[str] = []
    last = 0
    for found in sorted(findings):
        pieces += (text[last : found.start], found.instead)
        last = found.end
    return "".join((*pieces, text[last:]))


def _all(text: str, row: Row) -> Iterable[Finding]:
    yield from numbers(text)
    yield from births(text)
    yield from schools(text, row)
    yield from homes(text)
    yield from people(text, row)
