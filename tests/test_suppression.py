"""Nobody works a small number out: tables made by chance, attacked by somebody who knows all that is shown."""

import random
from collections import Counter
from itertools import product
from operator import mul

import pytest

from tests.linear import NEARLY, Known
from webapp import suppression
from webapp.models.surveys_asked import Asked, Choice, Condition, Kind, Question, Section
from webapp.queries.surveys.published import Results, Split, kept_moments, moments_of
from webapp.queries.surveys.publishing import HIDDEN_TOGETHER, Tally, publish
from webapp.suppression import Moment

pytestmark = pytest.mark.memory

THRESHOLD = 5
SECTORS, ROLES, CHOICES = ("Health", "Police", "VCSE"), ("Practitioner", "Manager"), (1, 2, 3)
KINDS = list(product(SECTORS, ROLES, (*CHOICES, None)))  # a person's sector, role and answer; None passed it over


def _asked(*questions: Question) -> Asked:
    return Asked(sections=(Section(no=90, title="", questions=questions),), last=90)


def _one_choice(no: int = 1, **values: object) -> Question:
    choices = tuple(Choice(no=choice, label=str(choice)) for choice in CHOICES)
    return Question(no=no, kind=Kind.ONE_CHOICE, label="Which?", choices=choices, **values)


def _tally(people: Counter) -> Tally:
    counts = Counter()
    for (_, _, answer), number in people.items():
        if answer is not None:
            counts[1, 0, answer] += number
    return Tally(people.total(), counts)


def _published(people: Counter) -> Results:
    def groups(names: tuple[str, ...], at: int) -> dict[str, Tally]:
        return {name: _tally(Counter({one: n for one, n in people.items() if one[at] == name})) for name in names}

    splits = {"sector": groups(SECTORS, 0), "role": groups(ROLES, 1)}
    return publish(_asked(_one_choice()), _tally(people), THRESHOLD, splits=splits)[0]


def _learnt(people: Counter, shown: Results) -> Known:
    """Everything that is shown, as sums over the kinds of people that there may be."""
    known = Known(len(KINDS))

    def those(wanted) -> dict[int, float]:
        return {place: 1.0 for place, one in enumerate(KINDS) if wanted(one)}

    known.equals(those(lambda _: True), shown.responses)
    (result,) = shown.results
    if result.answered is None:
        return known
    known.equals(those(lambda one: one[2] is not None), result.answered)
    lines = result.lists[0].lines
    for line in lines:
        if line.count is not None:
            known.equals(those(lambda one, line=line: one[2] == line.no), line.count)
    hidden = {line.no for line in lines if line.count is None}
    for at, split in enumerate(shown.splits):
        _learn_split(known, at, split, hidden)
    return known


def _learn_split(known: Known, at: int, split: Split, hidden: set[int]) -> None:
    own = {label for label, _ in split.groups}
    for column, (label, size) in enumerate(split.groups):
        members = {label} if label in (SECTORS, ROLES)[at] else set((SECTORS, ROLES)[at]) - own

        def those(answers: set, members: set = members) -> dict[int, float]:
            return {place: 1.0 for place, one in enumerate(KINDS) if one[at] in members and one[2] in answers}

        known.equals(those({*CHOICES, None}), size)
        for table in split.tables.get(1, ()):
            rows = [(hidden if row == HIDDEN_TOGETHER else {int(row)}, cells[column]) for row, cells in table.rows]
            for answers, count in [*rows, (set(CHOICES), table.totals[column])]:
                if count is not None:
                    known.equals(those(answers), count)


def _small(people: Counter) -> list[set[int]]:
    """What may not be known: each answer in all and in each group, where it is the answer of few."""
    wanted = []
    for sector, role, answers in product((*SECTORS, None), (*ROLES, None), ({1}, {2}, {3})):
        if sector and role:
            continue
        inside = {
            place
            for place, one in enumerate(KINDS)
            if one[2] in answers and sector in {None, one[0]} and role in {None, one[1]}
        }
        if suppression.is_small(sum(people[KINDS[place]] for place in inside), THRESHOLD):
            wanted.append(inside)
    return wanted


@pytest.mark.parametrize("seed", range(60))
def test_small_numbers_cannot_be_worked_out_from_totals_and_splits(seed: int) -> None:
    chance = random.Random(seed)
    weights = [chance.choice((0, 0.2, 1, 3)) * (0.2 if one[2] is None else 1) for one in KINDS]
    people = Counter(chance.choices(KINDS, [weight + 1e-9 for weight in weights], k=chance.randint(5, 120)))
    shown = _published(people)
    assert shown.responses == people.total()
    small = _small(people)
    for (low, high), cells in zip(
        _learnt(people, shown).spans([dict.fromkeys(cells, 1.0) for cells in small]), small, strict=True
    ):
        assert high - low >= THRESHOLD - NEARLY, (seed, [KINDS[place] for place in cells], low, high)


@pytest.mark.parametrize("seed", range(40))
def test_small_numbers_cannot_be_worked_out_from_earlier_results(seed: int) -> None:
    chance = random.Random(seed)
    weights = [chance.choice((0.02, 0.1, 1, 2)) for _ in CHOICES]
    question, counts, before = _one_choice(), Counter(), {}
    moments: list[Moment] = []
    for _ in range(4):
        counts.update(chance.choices(CHOICES, weights, k=chance.randint(THRESHOLD, 12)))
        tally = Tally(counts.total(), {(1, 0, no): number for no, number in counts.items()})
        shown, made = publish(_asked(question), tally, THRESHOLD, before={(1, 0): moments})
        # They are read back from what was kept.
        moments += [one for _, one in moments_of(kept_moments(made))]
        before = shown
    assert before.responses == counts.total()
    known = Known(len(CHOICES) * len(moments))

    def cell(number: int, place: int) -> dict[int, float]:
        return {earlier * len(CHOICES) + place: 1.0 for earlier in range(number + 1)}

    for number, one in enumerate(moments):
        known.equals(dict.fromkeys(range(len(CHOICES) * (number + 1)), 1.0), sum(one.counts))
        for place in range(len(CHOICES)):
            if place not in one.hidden:
                known.equals(cell(number, place), one.counts[place])
    small = [
        (number, place)
        for number, one in enumerate(moments)
        for place, count in enumerate(one.counts)
        if suppression.is_small(count, THRESHOLD)
    ]
    for (low, high), (number, place) in zip(known.spans([cell(*one) for one in small]), small, strict=True):
        assert high - low >= THRESHOLD - NEARLY, (seed, moments, number, place, low, high)


def test_enough_is_shown_where_nobody_is_few() -> None:
    counts = {"Health": (30, 20, 10), "Police": (8, 9, 7), "VCSE": (6, 0, 12)}
    people = Counter(
        {
            (sector, role, no): count // 2 if role == ROLES[0] else count - count // 2
            for sector, row in counts.items()
            for no, count in zip(CHOICES, row, strict=True)
            for role in ROLES
        }
    )
    shown = _published(people)
    assert [line.count for line in shown.results[0].lists[0].lines] == [44, 29, 29]
    by_sector = shown.split("sector")
    assert by_sector.groups == (("Health", 60), ("Police", 24), ("VCSE", 18))
    assert by_sector.tables[1][0].rows == (("1", (30, 8, 6)), ("2", (20, 9, 0)), ("3", (10, 7, 12)))
    assert by_sector.tables[1][0].totals == (60, 24, 18)


def test_list_hides_company_for_the_few_and_everything_of_too_few() -> None:
    assert suppression.protect_list((20, 3, 9, 0), THRESHOLD) == {1, 2}
    assert suppression.protect_list((20, 3, 2, 0), THRESHOLD) == {1, 2}
    assert suppression.protect_list((20, 1, 2, 0), THRESHOLD) == {0, 1, 2}
    assert suppression.protect_list((1, 3), THRESHOLD) == {0, 1}
    assert suppression.protect_list((20, 0, 9), THRESHOLD) == frozenset()


def test_small_groups_go_together_and_take_a_larger_one_where_they_are_few() -> None:
    assert [sorted(one) for one in suppression.merge_small((9, 3, 20, 4, 0), THRESHOLD)] == [[2], [0], [1, 3]]
    assert [sorted(one) for one in suppression.merge_small((9, 3, 20), THRESHOLD)] == [[2], [0, 1]]
    assert suppression.merge_small((9, 3), THRESHOLD) == []
    assert suppression.merge_small((9, 0), THRESHOLD) == []


@pytest.mark.parametrize("seed", range(40))
def test_mean_leaves_the_few_unknown(seed: int) -> None:
    chance = random.Random(seed)
    weights = [chance.choice((0.05, 0.3, 1, 3)) for _ in range(5)]
    given = Counter(chance.choices(range(1, 6), weights, k=chance.randint(6, 40)))
    question = Question(no=1, kind=Kind.RATING, label="How good?")
    tally = Tally(given.total(), {(1, 0, no): number for no, number in given.items()})
    (result,) = publish(_asked(question), tally, THRESHOLD)[0].results
    lines = result.lists[0].lines
    hidden = [line.no for line in lines if line.count is None]
    people = given.total() - sum(line.count or 0 for line in lines)
    seen = sum(line.no * (line.count or 0) for line in lines)
    fits = [
        dict(zip(hidden, filling, strict=True))
        for filling in product(range(people + 1), repeat=len(hidden))
        if sum(filling) == people
        and result.mean is not None
        and abs((seen + sum(map(mul, hidden, filling))) / given.total() - result.mean) <= 0.05 + NEARLY
    ]
    small = [no for no in hidden if suppression.is_small(given[no], THRESHOLD)]
    spans = [max(one[no] for one in fits) - min(one[no] for one in fits) for no in small if fits]
    assert [span for span in spans if span < THRESHOLD] == [], (seed, given, result.mean)


def test_question_that_depends_on_a_hidden_answer_is_not_shown() -> None:
    asked = _asked(_one_choice(), _one_choice(2, shown=Condition(question=1, values=(3,))))
    tally = Tally(40, {(1, 0, 1): 30, (1, 0, 2): 3, (1, 0, 3): 7, (2, 0, 1): 7})
    first, depends = publish(asked, tally, THRESHOLD)[0].results
    assert [line.count for line in first.lists[0].lines] == [30, None, None]
    assert (depends.answered, depends.lists) == (None, ())
