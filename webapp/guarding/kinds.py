"""What may identify a child or a family, and what is said about each kind."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """One kind of what could identify somebody."""

    NAME_AND_AGE = "name_and_age"
    NAME = "name"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"
    POSTCODE = "postcode"
    NHS_NUMBER = "nhs_number"
    CASE_NUMBER = "case_number"
    PHONE = "phone"
    EMAIL = "email"
    SCHOOL = "school"

    @property
    def label(self) -> str:
        """What it looks like, after "this looks like"."""
        return _WORDS[self][0]

    @property
    def why(self) -> str:
        """Why it could identify somebody, as a sentence."""
        return _WORDS[self][1]

    @property
    def advice(self) -> str:
        """What to write instead, as a sentence."""
        return _WORDS[self][2]


_WORDS = {
    Kind.NAME_AND_AGE: (
        "somebody’s name with their age",
        "A name and an age together are often enough for a neighbour or a relative to know the child.",
        "Leave the name out and say the age roughly, such as “a child of primary school age”.",
    ),
    Kind.NAME: (
        "the name of a child or of somebody in a family",
        "A name leads straight to a person, and through one person to the whole family.",
        "Say who it is without the name, such as “a young person” or “the grandmother”.",
    ),
    Kind.BIRTH_DATE: (
        "a date of birth",
        "Very few children in an area were born on the same day.",
        "Leave the date out and say the age roughly, such as “a teenager”.",
    ),
    Kind.ADDRESS: (
        "an address",
        "An address says where a family can be found.",
        "Say what kind of place it is, such as “a flat in a town”.",
    ),
    Kind.POSTCODE: (
        "a postcode",
        "A postcode is shared by about 15 homes.",
        "Name the local authority, if the place matters at all.",
    ),
    Kind.NHS_NUMBER: (
        "an NHS number",
        "An NHS number belongs to one person, and many people can look it up.",
        "Leave the number out.",
    ),
    Kind.CASE_NUMBER: (
        "a case or reference number",
        "A number like this leads to one record in a council’s, a court’s or the police’s system.",
        "Leave the number out.",
    ),
    Kind.PHONE: (
        "a phone number",
        "A phone number belongs to one person or one home.",
        "Leave the number out.",
    ),
    Kind.EMAIL: (
        "a personal e-mail address",
        "An e-mail address usually has a name in it, and belongs to one person.",
        "Leave the address out.",
    ),
    Kind.SCHOOL: (
        "the school that a child goes to",
        "Few children at one school fit the rest of what you wrote.",
        "Say what kind of school it is, such as “a primary school”.",
    ),
}

EVERY = frozenset(Kind)
# Where people write about themselves and one another, they may well say where and how they can be reached.
ABOUT_FAMILIES = EVERY - {Kind.ADDRESS, Kind.POSTCODE, Kind.PHONE, Kind.EMAIL}


@dataclass(frozen=True, order=True)
class Finding:
    """Where in a text something could identify somebody: from `start` up to `end`, and what takes its place."""

    start: int
    end: int
    kind: Kind
    instead: str = ""
