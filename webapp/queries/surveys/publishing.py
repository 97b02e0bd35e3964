"""What may be shown of a survey's results: counts in, the document that is shown out.

Nothing that is shown is computed anywhere else, so whatever `webapp.suppression` hides stays hidden in all pages and
files. That somebody passed a question over is no answer: how many answered is shown from the threshold on, and not
defended against how many sent the survey.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from webapp import suppression
from webapp.models.surveys_asked import Asked, Choice, Kind, Question
from webapp.queries.surveys.published import (
    AnswerList,
    KeptList,
    Line,
    Place,
    QuestionResult,
    Results,
    Split,
    SplitTable,
)
from webapp.suppression import Moment

HIDDEN_TOGETHER = "Answers that are hidden, together"
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


def asked_over_time(
    versions: Sequence[tuple[int, Asked]],
) -> tuple[Asked, dict[int, list[tuple[str, tuple[int, ...]]]]]:
    """The newest version with every question and answer that any version had, and the words of those that changed."""
    newest = versions[-1][1]
    words: dict[int, dict[str, list[int]]] = {}
    options: dict[int, dict[int, Choice]] = {}
    known: dict[int, Question] = {}
    for number, asked in versions:
        for question in asked.questions:
            known[question.no] = question
            words.setdefault(question.no, {}).setdefault(question.label, []).append(number)
            if question.kind.has_choices:
                own = options.setdefault(question.no, {})
                own |= {choice.no: choice for choice in question.choices}
    sections = []
    here = {question.no for question in newest.questions}
    for place, section in enumerate(newest.sections):
        # What is asked no more comes last, for its answers are still there.
        gone = (
            [question for no, question in known.items() if no not in here] if place + 1 == len(newest.sections) else []
        )
        whole = [_with(question, options) for question in (*section.questions, *gone) if question.kind.is_asked]
        sections.append(type(section)(**(section.__dict__ | {"questions": tuple(whole)})))
    changed = {
        no: [(label, tuple(when)) for label, when in seen.items()] for no, seen in words.items() if len(seen) > 1
    }
    return type(newest)(**(newest.__dict__ | {"sections": tuple(sections)})), changed


def _with(question: Question, options: Mapping[int, Mapping[int, Choice]]) -> Question:
    every = options.get(question.no)
    if not every:
        return question
    now = [choice.no for choice in question.choices]
    gone = [choice for no, choice in every.items() if no not in now]
    return Question(**(question.__dict__ | {"choices": (*question.choices, *gone)}))


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
            whole = _answered(question, tally)
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


def _answered(question: Question, tally: Tally) -> int:
    return sum(number for (no, part, _), number in tally.counts.items() if no == question.no and part == 0)


@dataclass(frozen=True)
class Earlier:
    """What was released of a survey before: the newest document, and the lists of all releases by their places."""

    results: Results
    lists: Mapping[Place, Sequence[KeptList]]


def publish(
    asked: Asked,
    tally: Tally,
    threshold: int,
    *,
    wordings: Mapping[int, Sequence[tuple[str, tuple[int, ...]]]] | None = None,
    earlier: Earlier | None = None,
    last: bool = True,
    splits: Mapping[str, Mapping[str, Tally]] | None = None,
) -> tuple[Results, dict[Place, KeptList]]:
    """What may be shown of a survey, with its lists as they stand for those that are shown later.

    `last` says that no later one is meant to follow; `splits` are the counts of each group by what parts the people.
    """
    if tally.responses < threshold:
        return Results(threshold=threshold, responses=None), {}
    making = _Making(asked, tally, threshold, earlier, last=last)
    for section in asked.sections:
        for question in section.questions:
            words = tuple((wordings or {}).get(question.no, ()))
            bare = QuestionResult(
                no=question.no,
                kind=question.kind,
                label=question.label,
                section=section.title,
                answered=None,
                low=question.low if question.kind is Kind.RATING else "",
                high=question.high if question.kind is Kind.RATING else "",
                wordings=words,
            )
            making.take(question, bare)
    found = Results(threshold=threshold, responses=tally.responses, results=tuple(making.results))
    made = tuple(_split_by(by, groups, asked, found) for by, groups in (splits or {}).items())
    return Results(**(found.__dict__ | {"splits": made})), making.lists


class _Making:
    """The results of the questions so far, each made in view of those before it and of what was released earlier."""

    def __init__(self, asked: Asked, tally: Tally, threshold: int, earlier: Earlier | None, *, last: bool) -> None:
        self.asked, self.tally, self.threshold, self.earlier, self.last = asked, tally, threshold, earlier, last
        self.results: list[QuestionResult] = []
        self.lists: dict[Place, KeptList] = {}
        self.kept: set[int] = set()

    def take(self, question: Question, bare: QuestionResult) -> None:
        """Add what may be shown of the next question."""
        raws, answered = lists_of(question, self.tally), _answered(question, self.tally)
        past = {raw.part: self._before(question, raw) for raw in raws}
        decides = question.shown.question if question.shown else 0
        stays = decides in self.kept or not self._is_step(question, answered)
        if stays or not all(suppression.may_follow(raw.counts, past[raw.part], self.threshold) for raw in raws):
            # Few came to it since it was shown: it stays as it was.
            was = self.earlier.results.result(question.no) if self.earlier else None
            self.kept |= {question.no}
            self.results.append(was or bare)
            return
        # Which months there are is known at the end alone.
        unfit = suppression.is_small(answered, self.threshold) or (question.kind is Kind.DATE and not self.last)
        if unfit or _tells(question, self.asked, self.tally, self.results, self.threshold):
            self.results.append(bare)
            return
        lists = []
        for raw in raws:
            hidden = suppression.protect_series(raw.counts, past[raw.part], self.threshold, partly=self.last)
            if sum(raw.counts) >= self.threshold:
                self.lists[question.no, raw.part] = _kept(raw, hidden)
            lists.append(_listed(question, raw, hidden, self.threshold, once=not past[raw.part]))
        shown = QuestionResult(**(bare.__dict__ | {"answered": answered}))
        self.results.append(_whole(shown, lists, self.tally))

    def _before(self, question: Question, raw: Raw) -> list[Moment]:
        found = self.earlier.lists.get((question.no, raw.part), ()) if self.earlier else ()
        return [_as_now(one, raw) for one in found]

    def _is_step(self, question: Question, answered: int) -> bool:
        was = self.earlier.results.result(question.no) if self.earlier else None
        if was is None or was.answered is None:
            return True
        return answered == was.answered or answered - was.answered >= self.threshold


def _kept(raw: Raw, hidden: frozenset[int]) -> KeptList:
    numbers = [no for no, _ in raw.lines]
    return KeptList(dict(zip(numbers, raw.counts, strict=True)), frozenset(numbers[place] for place in hidden))


def _as_now(one: KeptList, raw: Raw) -> Moment:
    """The list with the answers that it has now, in their order: what was added since had been given by nobody."""
    numbers = [no for no, _ in raw.lines]
    every = one.hidden >= one.counts.keys()
    hidden = (place for place, no in enumerate(numbers) if every or no in one.hidden)
    return Moment(tuple(one.counts.get(no, 0) for no in numbers), frozenset(hidden))


def _tells(question: Question, asked: Asked, tally: Tally, results: Sequence[QuestionResult], threshold: int) -> bool:
    """Whether how many answered a question tells of hidden answers to the one that it depends on."""
    if question.shown is None:
        return False
    decides = asked.question(question.shown.question)
    result = next((one for one in results if one.no == question.shown.question), None)
    if decides is None or result is None or result.answered is None:
        return True
    values = set(question.shown.values)
    answered = _answered(question, tally)
    if decides.kind is Kind.RECOMMENDATION:
        given = sum(tally.counts.get((decides.no, 0, value), 0) for value in values)
        bands = sum(
            tally.counts.get((decides.no, 0, value), 0)
            for _, _, band in BANDS
            if not values.isdisjoint(band)
            for value in band
        )
        hidden = any(line.count is None for line in result.lists[0].lines)
        return hidden or suppression.is_small(bands - given, threshold)
    if decides.kind is Kind.SEVERAL_CHOICES:
        chosen = [one for one in result.lists if one.part in values]
        counts = [one.lines[0].count for one in chosen]
        return any(
            count is None or (len(counts) > 1 and suppression.is_small(abs(answered - count), threshold))
            for count in counts
        )
    return any(line.count is None for one in result.lists for line in one.lines if line.no in values)


def _listed(question: Question, raw: Raw, hidden: frozenset[int], threshold: int, *, once: bool) -> AnswerList:
    total = sum(raw.counts)
    few = suppression.is_small(total, threshold)
    mean = spread = None
    if question.kind in {Kind.LIKERT, Kind.RATING} and total >= threshold:
        values = [no for no, _ in raw.lines]
        if not hidden or (once and suppression.mean_is_safe(raw.counts, values, hidden, threshold)):
            pairs = list(zip(raw.counts, values, strict=True))
            average = sum(count * value for count, value in pairs) / total
            mean = round(average, 1)
            if not hidden:
                spread = round(sqrt(sum(count * (value - average) ** 2 for count, value in pairs) / total), 1)
    return AnswerList(
        part=raw.part,
        label=raw.label,
        answered=None if few else total,
        lines=tuple(
            Line(no=no, label=label, count=None if place in hidden else raw.counts[place])
            for place, (no, label) in enumerate(raw.lines)
        ),
        mean=mean,
        spread=spread,
    )


def _whole(bare: QuestionResult, lists: Sequence[AnswerList], tally: Tally) -> QuestionResult:
    more: dict[str, Any] = {"lists": tuple(lists)}
    if bare.kind is Kind.NUMBER and bare.answered:
        total, squares = tally.sums[bare.no]
        mean = total / bare.answered
        more["mean"] = round(mean, 1)
        more["spread"] = round(sqrt(max(0.0, squares / bare.answered - mean * mean)), 1)
    elif len(lists) == 1:
        more["mean"], more["spread"] = lists[0].mean, lists[0].spread
    if bare.kind is Kind.RECOMMENDATION and bare.answered and not lists[0].hides:
        against, _, promoting = (line.count or 0 for line in lists[0].lines)
        more["score"] = round(100 * (promoting - against) / bare.answered)
    return QuestionResult(**(bare.__dict__ | more))


def _split_by(by: str, groups: Mapping[str, Tally], asked: Asked, published: Results) -> Split:
    threshold = published.threshold
    names = list(groups)
    merged = suppression.merge_small([groups[name].responses for name in names], threshold)
    parts = [together([groups[names[place]] for place in places]) for places in merged]
    labels = [names[places[0]] if len(places) == 1 else "Others" for places in merged]
    tables: dict[int, tuple[SplitTable, ...]] = {}
    for result in published.results if parts else ():
        question = asked.question(result.no)
        if question is None or not result.answered or _split_tells(question, tables):
            continue
        columns = [lists_of(question, part) for part in parts] if result.kind is not Kind.DATE else []
        made: list[SplitTable] = []
        for place, listed in enumerate(result.lists if columns else ()):
            table = _split_table(result.kind, listed, [column[place].counts for column in columns], parts, threshold)
            if table is not None:
                made.append(table)
        if made:
            tables[result.no] = tuple(made)
    return Split(
        by=by, groups=tuple((label, part.responses) for label, part in zip(labels, parts, strict=True)), tables=tables
    )


def _split_tells(question: Question, tables: Mapping[int, tuple[SplitTable, ...]]) -> bool:
    """Whether a split of a question would tell of answers of the one that it depends on: where that hides any."""
    if question.shown is None:
        return False
    decides = tables.get(question.shown.question)
    return decides is None or any(
        None in counts for table in decides for counts in (table.totals, *(cells for _, cells in table.rows))
    )


def _rows_of(kind: Kind, listed: AnswerList) -> list[tuple[str, list[int]]]:
    """The rows of a split, each known in all: the answers that are shown and, as one, those that are hidden.

    A scale of five points has three, unless one of them would divide what is hidden.
    """
    rest = [place for place, line in enumerate(listed.lines) if line.count is None]
    if kind in {Kind.LIKERT, Kind.RATING} and len(listed.lines) == 5:
        bands = [[0, 1], [2], [3, 4]]
        if all(set(rest) <= set(band) or set(rest).isdisjoint(band) for band in bands):
            return [
                (" or ".join(_lower(listed.lines[place].label, first=band[0] == place) for place in band), band)
                for band in bands
            ]
    rows = [(line.label, [place]) for place, line in enumerate(listed.lines) if line.count is not None]
    return [*rows, (HIDDEN_TOGETHER, rest)] if rest else rows


def _lower(label: str, *, first: bool) -> str:
    return label if first else label[:1].lower() + label[1:]


def _split_table(
    kind: Kind, listed: AnswerList, columns: Sequence[tuple[int, ...]], parts: Sequence[Tally], threshold: int
) -> SplitTable | None:
    if listed.answered is None:
        return None
    rows = _rows_of(kind, listed)
    if len(rows) < 2:
        return None
    labels = [label for label, _ in rows]
    cells = [[sum(counts[place] for place in places) for counts in columns] for _, places in rows]
    shown = suppression.protect_table(cells, [part.responses for part in parts], threshold)
    if shown is None:
        return None
    return SplitTable(
        part=listed.part,
        label=listed.label,
        rows=tuple(zip(labels, shown.rows, strict=True)),
        totals=shown.totals,
    )


def together(tallies: Iterable[Tally]) -> Tally:
    """The counts of several groups of different people as those of one; sums are left out."""
    tallies = list(tallies)
    counts = Counter[Key]()
    for tally in tallies:
        counts += Counter(tally.counts)
    return Tally(sum(tally.responses for tally in tallies), counts)
