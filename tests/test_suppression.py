"""Nobody works a small number out: tables made by chance, attacked by somebody who knows all that is shown."""

import random
from calendar import month_name
from collections import Counter
from collections.abc import Iterator
from itertools import product
from operator import mul

import pytest

from tests.linear import NEARLY, Known
from webapp import suppression
from webapp.models.surveys_asked import Asked, Choice, Condition, Kind, Question, Row, Section
from webapp.queries.surveys.published import KeptList, QuestionResult, Results, Split, lists_from, plain_lists
from webapp.queries.surveys.publishing import Earlier, asked_over_time, publish
from webapp.queries.surveys.splitting import HIDDEN_TOGETHER, NO_ANSWER
from webapp.queries.surveys.tallies import Tally

pytestmark = pytest.mark.memory

THRESHOLD = 5
SECTORS, ROLES, CHOICES = ("Health", "Police", "VCSE"), ("Practitioner", "Manager"), (1, 2, 3, 4, 5)
RATING = Question(no=1, kind=Kind.RATING, label="How good?")
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


def _published(people: Counter, question: Question) -> Results:
    def groups(names: tuple[str, ...], at: int) -> dict[str, Tally]:
        return {name: _tally(Counter({one: n for one, n in people.items() if one[at] == name})) for name in names}

    splits = {"sector": groups(SECTORS, 0), "role": groups(ROLES, 1)}
    return publish(_asked(question), _tally(people), THRESHOLD, splits=splits)[0]


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
            rows = [
                (hidden if row == HIDDEN_TOGETHER else {int(one) for one in row.split(" or ")}, cells[column])
                for row, cells in table.rows
            ]
            for answers, count in [*rows, (set(CHOICES), table.totals[column])]:
                if count is not None:
                    known.equals(those(answers), count)


def _small(people: Counter) -> list[set[int]]:
    """What may not be known: each answer in all and in each group, where it is the answer of few."""
    wanted = []
    for sector, role, answers in product((*SECTORS, None), (*ROLES, None), map(set, zip(CHOICES, strict=True))):
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


@pytest.mark.parametrize("question", [_one_choice(), RATING], ids=["choices", "scale"])
@pytest.mark.parametrize("seed", range(25))
def test_small_numbers_cannot_be_worked_out_from_totals_and_splits(seed: int, question: Question) -> None:
    chance = random.Random(seed)
    weights = [chance.choice((0, 0.2, 1, 3)) * (0.2 if one[2] is None else 1) for one in KINDS]
    people = Counter(chance.choices(KINDS, [weight + 1e-9 for weight in weights], k=chance.randint(5, 120)))
    shown = _published(people, question)
    assert shown.responses == people.total()
    small = _small(people)
    for (low, high), cells in zip(
        _learnt(people, shown).spans([dict.fromkeys(cells, 1.0) for cells in small]), small, strict=True
    ):
        assert high - low >= THRESHOLD - NEARLY, (seed, [KINDS[place] for place in cells], low, high)


def _steps(chance: random.Random) -> list[tuple[Counter, Results | None, KeptList | None]]:
    """What was counted at each step, what was newly shown then, and how it was kept; None where nothing was new."""
    weights = [chance.choice((0.02, 0.2, 1, 2)) for _ in (*CHOICES, None)]
    counts, shown, lists, steps = Counter(), None, [], []
    number = chance.randint(2, 5)
    for step in range(number):
        counts.update(chance.choices((*CHOICES, None), weights, k=chance.randint(THRESHOLD, chance.choice((8, 20)))))
        given = {(1, 0, no): many for no, many in counts.items() if no is not None}
        earlier = Earlier(shown, {(1, 0): lists}) if shown else None
        shown, made = publish(
            _asked(RATING), Tally(counts.total(), given), THRESHOLD, earlier=earlier, last=step + 1 == number
        )
        # They are read back from what was kept.
        new = dict(lists_from(plain_lists(made))).get((1, 0))
        lists = [*lists, new] if new else lists
        steps.append((Counter({no: counts[no] for no in CHOICES}), shown if new else None, new))
    return steps


@pytest.mark.parametrize("seed", range(60))
def test_small_numbers_cannot_be_worked_out_from_earlier_results(seed: int) -> None:
    steps = _steps(random.Random(seed))
    places = len(CHOICES)
    known = Known(places * len(steps))

    def cells(step: int, wanted: range) -> dict[int, float]:
        return {earlier * places + place: 1.0 for earlier in range(step + 1) for place in wanted}

    small = []
    for step, (counts, shown, _) in enumerate(steps):
        if shown is None:
            continue
        (result,) = shown.results
        known.equals(cells(step, range(places)), result.answered)
        for place, line in enumerate(result.lists[0].lines):
            if line.count is not None:
                known.equals(cells(step, range(place, place + 1)), line.count)
            if suppression.is_small(counts[line.no], THRESHOLD):
                small.append((step, place))
    spans = known.spans([cells(step, range(place, place + 1)) for step, place in small])
    for (low, high), (step, place) in zip(spans, small, strict=True):
        assert high - low >= THRESHOLD - NEARLY, (seed, steps, step, place, low, high)


def test_answer_that_was_added_later_does_not_mix_up_what_was_shown() -> None:
    first, more = _one_choice(), Choice(no=9, label="New")
    shown, made = publish(_asked(first), Tally(24, {(1, 0, 1): 12, (1, 0, 5): 12}), THRESHOLD, last=False)
    changed = Question(**(first.__dict__ | {"choices": (more, *first.choices)}))
    earlier = Earlier(shown, {place: [one] for place, one in made.items()})
    counts = {(1, 0, 1): 12, (1, 0, 5): 12, (1, 0, 9): 3, (1, 0, 2): 2}
    (result,) = publish(_asked(changed), Tally(29, counts), THRESHOLD, earlier=earlier)[0].results
    assert [(line.no, line.count) for line in result.lists[0].lines] == [
        (9, None), (1, 12), (2, None), (3, 0), (4, 0), (5, 12),
    ]  # fmt: skip


def test_question_to_which_few_came_stays_as_it_was() -> None:
    asked = _asked(RATING, _one_choice(2))
    shown, made = publish(asked, Tally(20, {(1, 0, 5): 20, (2, 0, 1): 20}), THRESHOLD, last=False)
    earlier = Earlier(shown, {place: [one] for place, one in made.items()})
    now, _ = publish(asked, Tally(26, {(1, 0, 5): 26, (2, 0, 1): 20, (2, 0, 2): 2}), THRESHOLD, earlier=earlier)
    assert [result.answered for result in now.results] == [26, 20]
    assert now.results[1] == shown.results[1]


def test_split_leaves_out_a_question_that_stayed_as_it_was() -> None:
    asked = _asked(RATING, _one_choice(2), _one_choice(3, splits=True))
    before = {(1, 0, 5): 20, (2, 0, 1): 20, (3, 0, 1): 10, (3, 0, 2): 10}
    shown, made = publish(asked, Tally(20, before), THRESHOLD, last=False)
    earlier = Earlier(shown, {place: [one] for place, one in made.items()})
    # Two came to the second question and to the third since then.
    groups = {
        "Health": Tally(13, {(1, 0, 5): 13, (2, 0, 1): 10, (2, 0, 2): 2, (3, 0, 1): 12}),
        "Police": Tally(13, {(1, 0, 5): 13, (2, 0, 1): 10, (3, 0, 2): 10}),
    }
    counts = before | {(1, 0, 5): 26, (2, 0, 2): 2, (3, 0, 1): 12}
    by_answer = {1.0: groups["Health"], 2.0: groups["Police"], None: Tally(1, {(1, 0, 5): 1})}
    now, _ = publish(
        asked, Tally(26, counts), THRESHOLD, earlier=earlier, splits={"sector": groups}, answers={3: by_answer}
    )
    assert set(now.split("sector").tables) == {1}
    assert now.split("question-3").groups == ()


AREAS = ("Coast", "Hills", "Town", "Port")
# A person's answer to a question that parts people, their role, and their answer to another question.
PARTED = list(product((*AREAS, None), ROLES, (*CHOICES[:4], None)))


@pytest.mark.parametrize("seed", range(40))
def test_small_numbers_cannot_be_worked_out_from_splits_by_answers(seed: int) -> None:
    chance = random.Random(seed)
    weights = [chance.choice((0, 0.2, 1, 3)) * (0.3 if None in one else 1) + 1e-9 for one in PARTED]
    people = Counter(chance.choices(PARTED, weights, k=chance.randint(8, 140)))
    shown = _parted_results(people)
    known = Known(len(PARTED))
    known.equals(_those(lambda _: True), shown.responses)
    _learn_from_lists(known, shown)
    for split in shown.splits:
        assert 7 not in split.tables
        _learn_from_split(known, shown, split)
    small = [inside for inside in _groups_of_parted() if _are_few(people, inside)]
    for (low, high), cells in zip(known.spans([dict.fromkeys(cells, 1.0) for cells in small]), small, strict=True):
        assert high - low >= THRESHOLD - NEARLY, (seed, [PARTED[place] for place in cells], low, high)


def _parted_results(people) -> Results:
    """What may be shown of these people, split by their roles and by their answers to the question that parts them."""
    choices = tuple(Choice(no=no, label=area) for no, area in enumerate(AREAS, 1))
    asked = _asked(Question(no=7, kind=Kind.ONE_CHOICE, label="Where?", choices=choices, splits=True), _one_choice())

    def tally(wanted) -> Tally:
        counts = Counter()
        for (area, role, answer), number in people.items():
            if wanted(area, role):
                counts[7, 0, AREAS.index(area) + 1 if area else None] += number
                counts[1, 0, answer] += number
        given = {key: number for key, number in counts.items() if key[2] is not None}
        return Tally(sum(number for (no, _, _), number in counts.items() if no == 7), given)

    by_answer = {
        no: tally(lambda area, _role, own=own: area == own)
        for no, own in [*enumerate(map(str, AREAS), 1), (None, None)]
    }
    roles = {role: tally(lambda _area, own, role=role: own == role) for role in ROLES}
    return publish(asked, tally(lambda *_: True), THRESHOLD, splits={"role": roles}, answers={7: by_answer})[0]


def _those(wanted) -> dict[int, float]:
    return {place: 1.0 for place, one in enumerate(PARTED) if wanted(one)}


def _learn_from_lists(known: Known, shown: Results) -> None:
    for result, at, values in zip(shown.results, (0, 2), (AREAS, CHOICES), strict=True):
        if result.answered is not None:
            known.equals(_those(lambda one, at=at: one[at] is not None), result.answered)
            for line in result.lists[0].lines:
                if line.count is not None:
                    known.equals(_those(lambda one, at=at, own=values[line.no - 1]: one[at] == own), line.count)


def _learn_from_split(known: Known, shown: Results, split: Split) -> None:
    hidden = _hidden_lines(shown, 1)
    for column, (label, size) in enumerate(split.groups):
        member = _membership(shown, split, label)
        known.equals(_those(member), size)
        for table in split.tables.get(1, ()):
            for row, cells in table.rows:
                answers = hidden if row == HIDDEN_TOGETHER else {int(row)}
                if cells[column] is not None:
                    inside = _those(lambda one, answers=answers, member=member: one[2] in answers and member(one))
                    known.equals(inside, cells[column])
            if table.totals[column] is not None:
                known.equals(
                    _those(lambda one, member=member: one[2] is not None and member(one)), table.totals[column]
                )


def _membership(shown: Results, split: Split, label: str):
    """Whether a person is in a group of a split, as its label tells everybody."""
    hidden = _hidden_lines(shown, 7)

    def member(one) -> bool:
        if split.by == "role":
            return one[1] == label
        own = NO_ANSWER if one[0] is None else one[0]
        own = HIDDEN_TOGETHER if one[0] and AREAS.index(one[0]) + 1 in hidden else own
        alone = label in {*AREAS, HIDDEN_TOGETHER, NO_ANSWER}
        return own == label if alone else own in {label.removesuffix(", or no answer"), NO_ANSWER}

    return member


def _hidden_lines(shown: Results, no: int) -> set[int]:
    results = [result for result in shown.results if result.no == no]
    return {line.no for result in results for one in result.lists for line in one.lines if line.count is None}


def _groups_of_parted() -> Iterator[set[int]]:
    """The places in PARTED of those alike in area, role or answer, as a split might tell of them."""
    for area, role, answer in product((*AREAS, None), (*ROLES, None), (*CHOICES[:4], None)):
        if not (area and role) and (area or answer):
            yield {
                place
                for place, one in enumerate(PARTED)
                if area in {None, one[0]} and role in {None, one[1]} and answer in {None, one[2]}
            }


def _are_few(people, inside: set[int]) -> bool:
    return suppression.is_small(sum(people[PARTED[place]] for place in inside), THRESHOLD)


def test_enough_is_shown_where_nobody_is_few() -> None:
    counts = {"Health": (30, 20, 10, 0, 0), "Police": (8, 9, 7, 0, 0), "VCSE": (6, 0, 12, 0, 0)}
    people = Counter(
        {
            (sector, role, no): count // 2 if role == ROLES[0] else count - count // 2
            for sector, row in counts.items()
            for no, count in zip(CHOICES, row, strict=True)
            for role in ROLES
        }
    )
    shown = _published(people, _one_choice())
    assert [line.count for line in shown.results[0].lists[0].lines] == [44, 29, 29, 0, 0]
    by_sector = shown.split("sector")
    assert by_sector.groups == (("Health", 60), ("Police", 24), ("VCSE", 18))
    assert by_sector.tables[1][0].rows[:3] == (("1", (30, 8, 6)), ("2", (20, 9, 0)), ("3", (10, 7, 12)))
    assert by_sector.tables[1][0].totals == (60, 24, 18)


def test_list_hides_company_for_the_few_and_everything_of_too_few() -> None:
    assert suppression.protect_list((20, 3, 9, 0), THRESHOLD) == {1, 2}
    assert suppression.protect_list((20, 3, 2, 0), THRESHOLD) == {1, 2}
    assert suppression.protect_list((20, 1, 2, 0), THRESHOLD) == {0, 1, 2}
    assert suppression.protect_list((1, 3), THRESHOLD) == {0, 1}
    assert suppression.protect_list((20, 0, 9), THRESHOLD) == frozenset()
    # Nothing else than four and four would hide just these two.
    assert suppression.protect_list((5, 4, 4), THRESHOLD) == {0, 1, 2}
    assert suppression.protect_list((6, 4, 4), THRESHOLD) == {1, 2}


@pytest.mark.parametrize(("cells", "most"), [(2, 12), (3, 12), (4, 9)])
@pytest.mark.parametrize("threshold", [3, 5])
def test_who_knows_the_rule_finds_two_numbers_for_each_hidden_cell(cells: int, most: int, threshold: int) -> None:
    fitting: dict[tuple, list[tuple[int, ...]]] = {}
    for counts in product(range(most + threshold + 1), repeat=cells):
        if threshold <= sum(counts) <= most + threshold:
            hidden = suppression.protect_list(counts, threshold)
            shown = tuple(None if place in hidden else count for place, count in enumerate(counts))
            fitting.setdefault((sum(counts), shown), []).append(counts)
    assert (13, (5, None, None)) not in fitting
    for (_, shown), lists in fitting.items():
        hidden = [place for place, count in enumerate(shown) if count is None]
        known = [place for place in hidden if len({counts[place] for counts in lists}) == 1]
        assert known == [], (shown, lists)


def test_small_groups_go_together_and_take_a_larger_one_where_they_are_few() -> None:
    assert [sorted(one) for one in suppression.merge_small((9, 3, 20, 4, 0), THRESHOLD)] == [[2], [0], [1, 3]]
    assert [sorted(one) for one in suppression.merge_small((9, 3, 20), THRESHOLD)] == [[2], [0, 1]]
    assert suppression.merge_small((9, 3), THRESHOLD) == []
    assert suppression.merge_small((9, 0), THRESHOLD) == []


@pytest.mark.parametrize("seed", range(25))
def test_mean_leaves_the_few_unknown(seed: int) -> None:
    chance = random.Random(seed)
    weights = [chance.choice((0.05, 0.3, 1, 3)) for _ in range(5)]
    given = Counter(chance.choices(range(1, 6), weights, k=chance.randint(6, 40)))
    tally = Tally(given.total(), {(1, 0, no): number for no, number in given.items()})
    (result,) = publish(_asked(RATING), tally, THRESHOLD)[0].results
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
    assert [line.count for line in first.lists[0].lines] == [30, None, None, 0, 0]
    assert (depends.answered, depends.lists) == (None, ())


MONTHS = [f"{year}-{month:02}" for year in (2025, 2026, 2027) for month in range(1, 13)]


def _when(given: Counter) -> list[tuple[set[str], int]]:
    """The lines of a question for a date, each with the months that may stand behind it, and its number."""
    when = Question(no=1, kind=Kind.DATE, label="Since when?")
    tally = Tally(given.total(), {(1, 0, month): number for month, number in given.items()})
    # What fewer than the threshold sent is not shown at all.
    for result in publish(_asked(when), tally, THRESHOLD)[0].results:
        return _when_shown(result)
    return []


def _when_shown(result: QuestionResult) -> list[tuple[set[str], int]]:
    lines = [line for listed in result.lists for line in listed.lines]
    named = [{month for month in MONTHS if month.startswith(_in_figures(line.label))} for line in lines if line.no]
    others = [set(MONTHS).difference(*named)] if len(named) < len(lines) else []
    assert sum(line.count for line in lines) == (result.answered if lines else 0)
    shown = [] if result.answered is None else [(set(MONTHS), result.answered)]
    return shown + list(zip(named + others, (line.count for line in lines), strict=True))


def _in_figures(label: str) -> str:
    *month, year = label.split()
    return f"{year}-{list(month_name).index(month[0]):02}" if month else year


@pytest.mark.parametrize("seed", range(40))
def test_small_numbers_cannot_be_worked_out_from_dates(seed: int) -> None:
    chance = random.Random(seed)
    weights = [chance.choice((0, 0.02, 0.2, 3)) + 1e-9 for _ in MONTHS]
    given = Counter(chance.choices(MONTHS, weights, k=chance.randint(3, 90)))
    known = Known(len(MONTHS))
    known.equals(dict.fromkeys(range(len(MONTHS)), 1.0), given.total())
    for months, number in _when(given):
        known.equals({MONTHS.index(month): 1.0 for month in months}, number)
        # Whoever is named is not few, and no month stands there for having been given.
        assert number >= THRESHOLD
    small = [number for number, month in enumerate(MONTHS) if suppression.is_small(given[month], THRESHOLD)]
    small = small if given.total() >= THRESHOLD else []
    spans = known.spans([{number: 1.0} for number in small])
    assert [high - low >= THRESHOLD - NEARLY for low, high in spans] == [True] * len(small), (seed, given)


def test_dates_are_listed_by_months_or_years_that_enough_gave() -> None:
    def words(**given: int) -> list[int]:
        return [number for _, number in _when(Counter({key[1:].replace("_", "-"): n for key, n in given.items()}))]

    # Eight people with a month of their own each: no line says that somebody gave it.
    assert words(**{f"m2026_{month:02}": 1 for month in range(1, 9)}) == [8, 8]
    assert words(**{f"m{year}_0{month}": 1 for year in (2025, 2026) for month in range(1, 5)}) == [8]
    assert words(m2026_03=20, m2026_04=9) == [29, 20, 9]
    # One in April alone takes March with it, so that nobody knows that they are one.
    assert words(m2026_03=6, m2025_01=30, m2026_04=1) == [37, 30, 7]
    assert words(m2025_03=3) == []


def test_question_for_a_date_that_was_shown_stays_as_it_was() -> None:
    when = _asked(Question(no=1, kind=Kind.DATE, label="Since when?"))
    first, made = publish(when, Tally(12, {(1, 0, "2026-03"): 6, (1, 0, "2026-04"): 6}), THRESHOLD)
    earlier = Earlier(first, {place: [one] for place, one in made.items()})
    counts = {(1, 0, "2026-03"): 6, (1, 0, "2026-04"): 6, (1, 0, "2026-07"): 5, (1, 0, "2025-01"): 2}
    assert publish(when, Tally(19, counts), THRESHOLD, earlier=earlier)[0].results == first.results


def test_answers_that_are_offered_no_more_are_counted_and_hidden_as_others() -> None:
    asked = _one_choice(other=9)
    changed = Question(**(asked.__dict__ | {"other": 0, "choices": asked.choices[1:]}))
    again = Question(**(changed.__dict__ | {"other": 12}))
    counts = {(1, 0, 1): 10, (1, 0, 2): 10, (1, 0, 9): 1}
    for versions in ([asked, changed], [asked, changed, again]):
        whole, _ = asked_over_time([(no, _asked(one)) for no, one in enumerate(versions, 1)])
        (result,) = publish(whole, Tally(21, counts), THRESHOLD)[0].results
        shown = {line.no: line.count for line in result.lists[0].lines}
        assert (result.answered, result.lists[0].answered, shown[9]) == (21, 21, None)
        assert sorted(shown) == sorted({*CHOICES, 9, versions[-1].other} - {0})
        assert [shown[1], shown[2]].count(None) == 1


def test_rows_that_are_asked_no_more_keep_their_results() -> None:
    rows = (Row(no=7, label="Sound"), Row(no=8, label="Slides"))
    matrix = Question(no=1, kind=Kind.MATRIX, label="How were they?", choices=_one_choice().choices[:2], rows=rows)
    changed = Question(**(matrix.__dict__ | {"rows": rows[1:]}))
    whole, _ = asked_over_time([(1, _asked(matrix)), (2, _asked(changed))])
    counts = {(1, 0, None): 10, (1, 7, 1): 10, (1, 8, 2): 10}
    (result,) = publish(whole, Tally(10, counts), THRESHOLD)[0].results
    assert [(one.label, [line.count for line in one.lines]) for one in result.lists] == [
        ("Slides", [0, 10]), ("Sound", [10, 0]),
    ]  # fmt: skip


def test_list_that_does_not_add_up_is_not_shown() -> None:
    counts = {(1, 0, 1): 10, (1, 0, 2): 10, (1, 0, 77): 1}
    (result,) = publish(_asked(_one_choice()), Tally(21, counts), THRESHOLD)[0].results
    assert (result.answered, result.lists) == (None, ())
