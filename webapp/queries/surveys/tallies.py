"""How often answers were given, as it was counted, and the lists that are made of it: before anything is hidden."""

from calendar import month_name
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from webapp.models.surveys_asked import Kind, Question

BANDS = ((0, "Detractors (0 to 6)", range(7)), (7, "Passives (7 and 8)", (7, 8)), (9, "Promoters (9 and 10)", (9, 10)))
# What a list of several choices asks of each of them.
WHETHER = ((1, "Chosen"), (0, "Not chosen"))
OTHER_DATES = "Other dates, together"

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
    return []


def dates_of(question: Question, tally: Tally, threshold: int) -> list[Raw]:
    """The list of a question for a date: months, else years, with the threshold and more, and all others as one.

    A line that stood there only where somebody gave its month would tell of them, though it hid how many they were. No
    list where not even years have so many.
    """
    months = Counter[str]()
    for (no, part, value), number in tally.counts.items():
        if no == question.no and not part:
            months[str(value)] += number
    years = Counter[str]()
    for month, number in months.items():
        years[month[:4]] += number
    whole = months.total()
    for given in (months, years):
        many = {one for one, number in given.items() if number >= threshold}
        # Others come to it until those together are not few themselves.
        while many and 0 < whole - sum(given[one] for one in many) < threshold:
            many.remove(min(many, key=lambda one: (given[one], one)))
        shown = sum(given[one] for one in many)
        if 2 * shown >= whole > 0 or (given is years and many):
            lines = tuple((int(one.replace("-", "")), _date_words(one)) for one in sorted(many))
            counts = tuple(given[one] for one in sorted(many))
            others = (whole - shown,) if whole > shown else ()
            return [Raw(0, "", (*lines, *((0, OTHER_DATES),) * len(others)), (*counts, *others))]
    return []


def _date_words(one: str) -> str:
    year, _, month = one.partition("-")
    return f"{month_name[int(month)]} {year}" if month else year


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
