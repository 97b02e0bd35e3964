"""What may be shown of a survey's results: counts in, the document that is shown out.

Nothing that is shown is computed anywhere else, so whatever `webapp.suppression` hides stays hidden in all pages and
files. That somebody passed a question over is no answer: how many answered is shown from the threshold on, and not
defended against how many sent the survey.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
)
from webapp.queries.surveys.splitting import groups_by_answer, split_by
from webapp.queries.surveys.tallies import BANDS, Raw, Tally, answered_in, dates_of, lists_of
from webapp.suppression import Moment

# Of these everybody who answers gives one answer of their list.
ONE_ANSWER = {Kind.ONE_CHOICE, Kind.LIKERT, Kind.RATING, Kind.RECOMMENDATION, Kind.YES_NO, Kind.DATE}


def asked_over_time(
    versions: Sequence[tuple[int, Asked]],
) -> tuple[Asked, dict[int, list[tuple[str, tuple[int, ...]]]]]:
    """The newest version with every question and answer that any version had, and the words of those that changed."""
    newest = versions[-1][1]
    words: dict[int, dict[str, list[int]]] = {}
    known: dict[int, list[Question]] = {}
    for number, asked in versions:
        for question in asked.all_questions:
            known.setdefault(question.no, []).append(question)
            words.setdefault(question.no, {}).setdefault(question.label, []).append(number)
    sections = []
    here = {question.no for question in newest.all_questions}
    for place, section in enumerate(newest.sections):
        # What is asked no more comes last, for its answers are still there.
        gone = [each[-1] for no, each in known.items() if no not in here] if place + 1 == len(newest.sections) else []
        whole = [_with(known[question.no]) for question in (*section.whole, *gone) if question.kind.is_asked]
        sections.append(type(section)(**(section.__dict__ | {"questions": tuple(whole)})))
    changed = {
        no: [(label, tuple(when)) for label, when in seen.items()] for no, seen in words.items() if len(seen) > 1
    }
    return type(newest)(**(newest.__dict__ | {"sections": tuple(sections)})), changed


def others_over_time(versions: Sequence[tuple[int, Asked]]) -> dict[int, frozenset[int]]:
    """The numbers that an answer in one's own words beside the choices ever had, by the question."""
    found: dict[int, frozenset[int]] = {}
    for _, asked in versions:
        for question in asked.questions:
            if question.other:
                found[question.no] = found.get(question.no, frozenset()) | {question.other}
    return found


def _with(each: Sequence[Question]) -> Question:
    """The newest of the versions of a question with every choice and row that any of them had, and with its other."""
    newest = each[-1]
    now = {choice.no for choice in newest.choices}
    choices = {choice.no: choice for one in each for choice in one.choices if choice.no not in now}
    rows = {row.no: row for one in each for row in one.rows if row.no not in {own.no for own in newest.rows}}
    others = list(dict.fromkeys(one.other for one in each if one.other))
    earlier = [Choice(no=no, label="Other, as it was asked before") for no in others[:-1]]
    more = {
        "choices": (*newest.choices, *choices.values(), *earlier),
        "rows": (*newest.rows, *rows.values()),
        "other": others[-1] if others else 0,
    }
    return Question(**(newest.__dict__ | more))


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
    answers: Mapping[int, Mapping[float | None, Tally]] | None = None,
) -> tuple[Results, dict[Place, KeptList]]:
    """What may be shown of a survey, with its lists as they stand for those that are shown later.

    `last` says that no later one is meant to follow. `splits` are the counts of each group by what parts the people,
    `answers` those of all who gave an answer to a question, by the question and the answer; None gave none.
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
    parted = dict(splits or {})
    for no, by_answer in (answers or {}).items():
        shown = found.result(no)
        parted[f"question-{no}"] = groups_by_answer(shown, by_answer) if shown and no not in making.kept else {}
    # Of a question that stayed as it was, a split would tell what those few said who came to it since.
    current = [result for result in found.results if result.no not in making.kept]
    made = tuple(split_by(by, groups, asked, current, threshold) for by, groups in parted.items())
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
        raws, answered = lists_of(question, self.tally), answered_in(question, self.tally)
        if question.kind is Kind.DATE:
            # Which months have enough is known at the end alone, and a list with others in it would tell of them.
            raws = (
                dates_of(question, self.tally, self.threshold) if self.last and not self._was_listed(question) else []
            )
        past = {raw.part: self._before(question, raw) for raw in raws}
        decides = question.shown.question if question.shown else 0
        stays = decides in self.kept or not self._is_step(question, answered) or self._was_listed(question)
        if stays or not all(suppression.may_follow(raw.counts, past[raw.part], self.threshold) for raw in raws):
            # Few came to it since it was shown: it stays as it was.
            was = self.earlier.results.result(question.no) if self.earlier else None
            self.kept |= {question.no}
            self.results.append(was or bare)
            return
        # A list without some of its answers would tell how many gave those.
        torn = question.kind in ONE_ANSWER and any(sum(raw.counts) != answered for raw in raws)
        unfit = torn or suppression.is_small(answered, self.threshold) or (question.kind is Kind.DATE and not self.last)
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

    def _was_listed(self, question: Question) -> bool:
        """Whether a question for a date was shown: once made, its list stays, for other months would be in the next."""
        was = self.earlier.results.result(question.no) if self.earlier else None
        return question.kind is Kind.DATE and was is not None and was.answered is not None

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
    answered = answered_in(question, tally)
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
