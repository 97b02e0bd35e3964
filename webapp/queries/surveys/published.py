"""What is shown of a survey's results, as one document that every page and file shows alike; None is hidden."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from webapp.models.surveys_asked import Kind
from webapp.suppression import Count

Place = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One answer of a list and how many gave it; None is hidden."""

    no: int
    label: str
    count: Count


@dataclass(frozen=True, kw_only=True)
class AnswerList:
    """Answers that exclude one another: to a question, to a row of a matrix, or whether something was chosen."""

    part: int
    label: str
    answered: Count
    lines: tuple[Line, ...]
    mean: float | None = None
    spread: float | None = None

    @property
    def hides(self) -> bool:
        return any(line.count is None for line in self.lines)

    @property
    def hides_all(self) -> bool:
        return bool(self.lines) and all(line.count is None for line in self.lines)


@dataclass(frozen=True, kw_only=True)
class QuestionResult:
    """What may be shown of one question; `answered` is None where too few answered, or others would tell of them."""

    no: int
    kind: Kind
    label: str
    section: str
    answered: Count
    # The words at the ends of a scale of numbers.
    low: str = ""
    high: str = ""
    # Earlier words of it, with the numbers of the versions that asked it so.
    wordings: tuple[tuple[str, tuple[int, ...]], ...] = ()
    lists: tuple[AnswerList, ...] = ()
    mean: float | None = None
    spread: float | None = None
    score: int | None = None


@dataclass(frozen=True, kw_only=True)
class SplitTable:
    """One list of a question by the groups of a split; None is hidden."""

    part: int
    label: str
    rows: tuple[tuple[str, tuple[Count, ...]], ...]
    totals: tuple[Count, ...]


@dataclass(frozen=True, kw_only=True)
class Split:
    """All tables of a survey by one thing that parts the people; empty groups where it would show too few."""

    by: str
    groups: tuple[tuple[str, int], ...]
    tables: Mapping[int, tuple[SplitTable, ...]]


@dataclass(frozen=True, kw_only=True)
class Results:
    """All that is shown of a survey; None responses where there are fewer than the threshold."""

    threshold: int
    responses: Count
    results: tuple[QuestionResult, ...] = ()
    splits: tuple[Split, ...] = ()

    def result(self, no: int) -> QuestionResult | None:
        """What is shown of the question of that number, or None."""
        return next((one for one in self.results if one.no == no), None)

    def split(self, by: str) -> Split | None:
        """The split by that thing, or None."""
        return next((one for one in self.splits if one.by == by), None)

    def plain(self) -> dict[str, Any]:
        """The document as values for a JSON column or file."""
        return asdict(self)

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Results":
        """The document from a JSON column."""
        return cls(
            threshold=plain["threshold"],
            responses=plain["responses"],
            results=tuple(_result(one) for one in plain["results"]),
            splits=tuple(_split(one) for one in plain["splits"]),
        )


def _result(plain: Mapping[str, Any]) -> QuestionResult:
    lists = tuple(
        AnswerList(**(one | {"lines": tuple(Line(**line) for line in one["lines"])})) for one in plain["lists"]
    )
    wordings = tuple((label, tuple(numbers)) for label, numbers in plain["wordings"])
    return QuestionResult(**(dict(plain) | {"kind": Kind(plain["kind"]), "lists": lists, "wordings": wordings}))


def _split(plain: Mapping[str, Any]) -> Split:
    def table(one: Mapping[str, Any]) -> SplitTable:
        rows = tuple((label, tuple(cells)) for label, cells in one["rows"])
        return SplitTable(part=one["part"], label=one["label"], rows=rows, totals=tuple(one["totals"]))

    return Split(
        by=plain["by"],
        groups=tuple((label, size) for label, size in plain["groups"]),
        tables={int(no): tuple(table(one) for one in tables) for no, tables in plain["tables"].items()},
    )


@dataclass(frozen=True)
class KeptList:
    """A list as a release kept it: how many gave each answer, by its number, and the numbers of those hidden."""

    counts: Mapping[int, int]
    hidden: frozenset[int]


def lists_from(plain: Mapping[str, Any]) -> Iterator[tuple[Place, KeptList]]:
    """Lists as they stand in a JSON column, with their places."""
    for place, (counts, hidden) in plain.items():
        question, _, part = place.partition(".")
        yield (int(question), int(part)), KeptList({int(no): one for no, one in counts.items()}, frozenset(hidden))


def plain_lists(lists: Mapping[Place, KeptList]) -> dict[str, Any]:
    """Lists as values for a JSON column."""
    return {
        f"{no}.{part}": [{str(key): count for key, count in one.counts.items()}, sorted(one.hidden)]
        for (no, part), one in lists.items()
    }
