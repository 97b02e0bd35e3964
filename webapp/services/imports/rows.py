"""A row on its way from the file to what it becomes: as it was read, then as it was judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from webapp.errors import DomainError
from webapp.models.imports import Fate
from webapp.queries.imports import Shown

LONGEST_MESSAGE = 1000
LONGEST_SHOWN = 200


class ImportRefused(DomainError):
    """A file, or what is to be done with it, that cannot be taken; the sentence says why and what to do."""

    code = "import_refused"


@dataclass(frozen=True, kw_only=True)
class Given:
    """A row as it was understood: its values fit for JSON, those of the columns alone that the file has."""

    number: int
    title: str
    values: Mapping[str, Any]
    problems: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a row changes: of what, from what, to what, in words."""

    what: str
    before: str
    after: str


@dataclass(kw_only=True)
class Judged:
    """What becomes of a row: its fate, why, what changes by it, and for the writer what is to be written where."""

    given: Given
    fate: Fate = Fate.NEW
    problems: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    note: str = ""
    target: Any = None
    write: dict[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The sentences that belong to it."""
        return " ".join(self.problems or ([self.note] if self.note else []))[:LONGEST_MESSAGE]

    def kept(self) -> dict[str, Any]:
        """What is kept of it in the row's JSON."""
        return {
            "title": self.given.title,
            "values": dict(self.given.values),
            "problems": list(self.given.problems),
            "changes": self._shown_changes,
        }

    def agrees(self, row: Shown) -> bool:
        """Whether it is what was shown."""
        return (self.fate, self.message, self._shown_changes) == (row.fate, row.message, row.data["changes"])

    @property
    def _shown_changes(self) -> list[list[str]]:
        return [[one.what, shortened(one.before), shortened(one.after)] for one in self.changes]


def given_of(row: Shown) -> Given:
    """The row as it was read, from where it was kept."""
    data = row.data
    return Given(number=row.number, title=data["title"], values=data["values"], problems=data["problems"])


def shortened(text: str) -> str:
    """The text as far as a list of changes shows it."""
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
