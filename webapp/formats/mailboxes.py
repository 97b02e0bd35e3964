"""Lists of people as mail programs and spreadsheets copy them: a name with an address, or an address alone, a line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

LONGEST_NAME = 200
LONGEST_ADDRESS = 254
_BRACKETED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>")
_BESIDE = re.compile(r"(?P<name>.*?)[\s,;]+(?P<address>[^\s,;]+@[^\s,;]+)")
_AROUND = " \t,;"


@dataclass(frozen=True)
class Mailbox:
    """An address, and the name that stood with it, if any."""

    name: str
    address: str


@dataclass(frozen=True)
class Unread:
    """A line that holds no address, by its number from 1, and what is wrong with it."""

    line: int
    text: str
    problem: str


def read(text: str) -> tuple[list[Mailbox], list[Unread]]:
    """The people in a text, one a line or parted as Outlook parts them, and the lines that could not be read.

    An address that comes twice is given once, with the first name that stood with it.
    """
    found: dict[str, Mailbox] = {}
    unread = []
    for number, piece in _pieces(text):
        try:
            box = _mailbox(piece)
        except ValueError as problem:
            unread.append(Unread(number, piece, str(problem)))
            continue
        known = found.get(box.address.lower())
        if known is None or (box.name and not known.name):
            found[box.address.lower()] = box
    return list(found.values()), unread


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        # A semicolon parts people where each has an address of their own: "Ann <a@…>; Bob <b@…>".
        pieces = line.split(";")
        parted = pieces if all("@" in piece for piece in pieces if piece.strip()) else [line]
        for piece in parted:
            if bare := piece.strip(_AROUND):
                yield number, bare


def _mailbox(piece: str) -> Mailbox:
    match = _BRACKETED.fullmatch(piece) or _BESIDE.fullmatch(piece)
    name, address = (match["name"], match["address"]) if match else ("", piece)
    name = " ".join(name.strip(_AROUND).strip("\"'“”").split())
    address = address.strip().removeprefix("mailto:")
    if "@" not in address:
        raise ValueError("has no e-mail address")
    try:
        normal = validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError("is not an e-mail address like name@example.org") from error
    if len(name) > LONGEST_NAME:
        raise ValueError(f"has a name of more than {LONGEST_NAME} characters")
    if len(normal) > LONGEST_ADDRESS:
        raise ValueError(f"has an address of more than {LONGEST_ADDRESS} characters")
    return Mailbox(name, normal)
