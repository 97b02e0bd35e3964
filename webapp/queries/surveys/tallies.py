"""How often answers were given, as it was counted, and the lists that are made of it: before anything is hidden."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from webapp.models.surveys_asked import Kind, Question

BANDS = ((0, "Detractors (0 to 6)", range(7)), (7, "Passives (7 and 8)", (7, 8)), (9, "Promoters (9 and 10)", (9, 10)))
# What a list of several choices asks of each of them.
WHETHER = ((1, "Chosen"), (0, "Not chosen"))

# Of a question: its number, the part of the answer, and its value; of a date, its month.
Key = tuple[int, int, float | str | None]


@dataclass(frozen=True)
class Tally:
    """How often each answer was given, by how many people in all; of numbers also their sums and sums of squares."""

    responses: int
    counts: Mapping[Key, int]
    sums: Mapping[int, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Raw:
    """A list as it was counted, before anything is hidden: lines by number and label, and how many gave each."""

    part: int
    label: str
    lines: tuple[tuple[int, str], ...]
    counts: tuple[int, ...]


def lists_of(question: Question, tally: Tally) -> list[Raw]:
    """The lists of a question as they were counted."""

    def counted(part: int, values: Iterable[float | str]) -> tuple[int, ...]:
        return tuple(tally.counts.get((question.no, part, value), 0) for value in values)

    options = tuple((choice.no, choice.label) for choice in question.options)
    match question.kind:
        case Kind.ONE_CHOICE | Kind.LIKERT | Kind.RATING | Kind.YES_NO:
            return [Raw(0, "", options, counted(0, [no for no, _ in options]))]
        case Kind.RECOMMENDATION:
            counts = tuple(sum(counted(0, values)) for _, _, values in BANDS)
            return [Raw(0, "", tuple((no, label) for no, label, _ in BANDS), counts)]
        case Kind.SEVERAL_CHOICES:
            whole = answered_in(question, tally)
            chosen = Counter[int]()
            for (no, part, _), number in tally.counts.items():
                if no == question.no and part:
                    chosen[part] += number
            return [Raw(no, label, WHETHER, (chosen[no], whole - chosen[no])) for no, label in options]
        case Kind.MATRIX:
            return [
                Raw(row.no, row.label, options, counted(row.no, [no for no, _ in options])) for row in question.rows
            ]
        case Kind.RANKING:
            firsts = tuple(tally.counts.get((question.no, no, 1), 0) for no, _ in options)
            return [Raw(0, "", options, firsts)]
        case Kind.DATE:
            months = sorted({str(value) for no, part, value in tally.counts if no == question.no and not part})
            lines = tuple((int(month.replace("-", "")), month) for month in months)
            return [Raw(0, "", lines, counted(0, months))]
    return []


def answered_in(question: Question, tally: Tally) -> int:
    """How many answered a question."""
    return sum(number for (no, part, _), number in tally.counts.items() if no == question.no and part == 0)


def together(tallies: Iterable[Tally]) -> Tally:
    """The counts of several groups of different people as those of one; sums are left out."""
    tallies = list(tallies)
    counts = Counter[Key]()
    for tally in tallies:
        counts += Counter(tally.counts)
    return Tally(sum(tally.responses for tally in tallies), counts)
