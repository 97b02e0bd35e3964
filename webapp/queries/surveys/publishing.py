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
    Line,
    Place,
    QuestionResult,
    Results,
    Split,
    SplitTable,
)
from webapp.suppression import Count, Moment

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
                options.setdefault(question.no, {}).update({choice.no: choice for choice in question.choices})
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


def publish(
    asked: Asked,
    tally: Tally,
    threshold: int,
    *,
    wordings: Mapping[int, Sequence[tuple[str, tuple[int, ...]]]] | None = None,
    before: Mapping[Place, Sequence[Moment]] | None = None,
    splits: Mapping[str, Mapping[str, Tally]] | None = None,
) -> tuple[Results, dict[Place, Moment]]:
    """What may be shown of a survey, with its lists as they stand for those that are shown later.

    `before` are the lists that were shown earlier; `splits` the counts of each group by what parts the people.
    """
    if tally.responses < threshold:
        return Results(threshold=threshold, responses=None), {}
    moments: dict[Place, Moment] = {}
    results: list[QuestionResult] = []
    for section in asked.sections:
        for question in section.questions:
            raws = lists_of(question, tally)
            earlier = [(before or {}).get((question.no, raw.part), ()) for raw in raws]
            answered = _answered(question, tally)
            shown = answered == 0 or answered >= threshold
            if not shown or _tells(question, asked, tally, results, threshold):
                results.append(_bare(question, section.title, None, wordings))
                continue
            lists = []
            for raw, past in zip(raws, earlier, strict=True):
                hidden = suppression.protect_series(raw.counts, past, threshold)
                moments[question.no, raw.part] = Moment(raw.counts, hidden)
                lists.append(_listed(question, raw, hidden, threshold, once=not past))
            results.append(_whole(_bare(question, section.title, answered, wordings), lists, tally))
    published = Results(threshold=threshold, responses=tally.responses, results=tuple(results))
    made = tuple(_split_by(by, groups, asked, published) for by, groups in (splits or {}).items())
    return Results(threshold=threshold, responses=tally.responses, results=tuple(results), splits=made), moments


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


def _bare(
    question: Question,
    section: str,
    answered: Count,
    wordings: Mapping[int, Sequence[tuple[str, tuple[int, ...]]]] | None,
) -> QuestionResult:
    return QuestionResult(
        no=question.no,
        kind=question.kind,
        label=question.label,
        section=section,
        answered=answered,
        wordings=tuple((wordings or {}).get(question.no, ())),
    )


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
    parts = [_together([groups[names[place]] for place in places]) for places in merged]
    labels = [names[places[0]] if len(places) == 1 else "Others" for places in merged]
    tables: dict[int, tuple[SplitTable, ...]] = {}
    for result in published.results if parts else ():
        question = asked.question(result.no)
        if question is None or not result.answered or _split_tells(question, tables):
            continue
        columns = [lists_of(question, part) for part in parts] if result.kind is not Kind.DATE else []
        made: list[SplitTable] = []
        for place, listed in enumerate(result.lists if columns else ()):
            table = _split_table(listed, [column[place].counts for column in columns], parts, threshold)
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


def _split_table(
    listed: AnswerList, columns: Sequence[tuple[int, ...]], parts: Sequence[Tally], threshold: int
) -> SplitTable | None:
    if listed.answered is None:
        return None
    seen = [place for place, line in enumerate(listed.lines) if line.count is not None]
    rest = [place for place, line in enumerate(listed.lines) if line.count is None]
    labels = [listed.lines[place].label for place in seen]
    cells = [[counts[place] for counts in columns] for place in seen]
    if rest:
        labels.append(HIDDEN_TOGETHER)
        cells.append([sum(counts[place] for place in rest) for counts in columns])
    shown = suppression.protect_table(cells, [part.responses for part in parts], threshold)
    if shown is None:
        return None
    return SplitTable(
        part=listed.part,
        label=listed.label,
        rows=tuple(zip(labels, shown.rows, strict=True)),
        totals=shown.totals,
    )


def _together(tallies: Sequence[Tally]) -> Tally:
    counts = Counter[Key]()
    for tally in tallies:
        counts.update(tally.counts)
    return Tally(sum(tally.responses for tally in tallies), counts)
