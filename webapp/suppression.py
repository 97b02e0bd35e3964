"""Which numbers of a table may be shown, so that nothing is learnt about few people: pure, numbers in, numbers out.

A cell that counts fewer people than the threshold, but not none, is *small*. Small cells are hidden, and further cells
with them, until whoever knows every number that is shown can say of a small cell no more than that it lies in a span
at least as wide as the threshold. Nothing else is assumed of them but that counts are whole and not negative.

**None is shown.** A zero counts nobody, so no person stands behind it; hiding zeros would leave nothing of most tables
of surveys. A zero may be hidden all the same, where a small cell needs company.

How the ways of working a small cell out are shut:

- *Totals*: a list (`protect_list`) hides at least two cells that together count the threshold or more, and so many
  that whoever knows the rule finds two lists or more of which just those cells are hidden, for each of them.
- *Splits*: the answers of a list that are hidden come into its tables as one row, so that no split says how many there
  were of each; what all splits share is then known anyhow, and one cannot sharpen another. Within a table
  (`protect_table`) the span of each small cell is computed exactly, as a flow through the cells that are hidden.
- *Groups* smaller than the threshold are put together before they are split by (`merge_small`), so that a group never
  appears whose absence elsewhere would tell of it.
- *Filters and exports*: there are none of single numbers; a page, a print and a file show the same tables.
- *Means* (`mean_is_safe`) are shown where no possible filling of the hidden cells is excluded that matters.
- *Time*: numbers that were shown before stay known, and people only come in. Results move in steps of at least the
  threshold, for each list by itself (`may_follow`); until the last step a list is shown whole or not at all, and
  `protect_series` hides it where one between two others would be narrowed. Splits are made once, with the last step.
"""

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

Count = int | None
_MANY = 10**9


def is_small(count: int, threshold: int) -> bool:
    """Whether so few people are counted that the number may not be shown; nobody is not few."""
    return 0 < count < threshold


def protect_list(counts: Sequence[int], threshold: int) -> frozenset[int]:
    """The places of the cells to hide, of answers that exclude one another and whose total is shown.

    Who knows this very rule must not work a hidden cell out either. All are hidden where they would, and where they
    count fewer than the threshold together; the total is then to be hidden, too.
    """
    everything = frozenset(range(len(counts)))
    if 0 < sum(counts) < threshold:
        return everything
    hidden = {place for place, count in enumerate(counts) if is_small(count, threshold)}
    if not hidden:
        return frozenset()
    if sum(counts) in {len(counts), len(counts) * (threshold - 1)}:
        # Where each were one, or just too few, all are hidden; so are all others of that sum, or it would be known.
        return everything
    # Company is looked for among the smallest, since least is lost with them; a zero keeps nobody company.
    others = sorted((count == 0, count, place) for place, count in enumerate(counts) if place not in hidden)
    while others and (len(hidden) < 2 or sum(counts[place] for place in hidden) < threshold):
        hidden.add(others.pop(0)[2])
    return frozenset(hidden) if _is_open(counts, hidden, threshold) else everything


def _is_open(counts: Sequence[int], hidden: Collection[int], threshold: int) -> bool:
    """Whether each hidden cell might be one of two numbers at least, of lists of which just these cells are hidden.

    In such a list either all of them are small, or one is company, the smallest of what is not small, to others that
    need it. Both follow from the cells that are shown and from the sum of the hidden.
    """
    whole, number = sum(counts[place] for place in hidden), len(hidden)
    found: dict[int, set[int]] = {place: set() for place in hidden}

    def small(places: Collection[int], together: int) -> bool:
        """Note the least and most of each of these, if they can be small with that sum."""
        least = max(1, together - (len(places) - 1) * (threshold - 1))
        most = min(threshold - 1, together - (len(places) - 1))
        for place in places if least <= most else ():
            found[place] |= {least, most}
        return least <= most

    if number > 1 and whole >= threshold:
        small(hidden, whole)
    shown = [(count, place) for place, count in enumerate(counts) if count and place not in hidden]
    for company in hidden:
        rest = [place for place in hidden if place != company]
        # A few of them need company below the threshold, one alone always.
        for together in range(len(rest), threshold):
            size = whole - together
            if size >= threshold and all((size, company) < one for one in shown) and small(rest, together):
                found[company].add(size)
    return all(len(numbers) > 1 for numbers in found.values())


def merge_small(sizes: Sequence[int], threshold: int) -> list[list[int]]:
    """Groups as lists of places, none of them smaller than the threshold: small ones are put together, as the last.

    Where the small ones are too few even together, the next larger goes with them. Empty groups are left out; fewer
    than two groups are no split, and give an empty list.
    """
    order = sorted((place for place, size in enumerate(sizes) if size), key=lambda place: (-sizes[place], place))
    kept = [[place] for place in order if sizes[place] >= threshold]
    rest = [place for place in order if sizes[place] < threshold]
    while rest and kept and sum(sizes[place] for place in rest) < threshold:
        rest = kept.pop() + rest
    if rest:
        kept.append(rest)
    return kept if len(kept) > 1 else []


@dataclass(frozen=True)
class Shown:
    """A table as it may be shown: rows of cells, and how many each column counts; None is hidden."""

    rows: tuple[tuple[Count, ...], ...]
    totals: tuple[Count, ...]


def protect_table(
    cells: Sequence[Sequence[int]], limits: Sequence[int], threshold: int, also: Collection[tuple[int, int]] = ()
) -> Shown | None:
    """A table of answers (rows) by groups (columns), for people who know the total of every row.

    `limits` are the sizes of the groups, known as well: no column counts more. None where nothing can be shown. Each
    row must count nobody, or the threshold and more; `protect_list` sees to it. `also` are hidden in any case.
    """
    net = _Net(cells, limits)
    net.hidden |= set(also)
    for cell, count in net.values.items():
        if is_small(count, threshold):
            net.hidden.add(cell)
    # That few of a group answered at all is hidden, but not defended: it says nothing of what they answered.
    for cell in sorted(cell for cell in net.hidden if cell[0] < len(cells)):
        while (more := net.missing(cell, threshold)) is not None:
            if not more:
                return None
            net.hidden |= more
    columns = range(len(limits))

    def shown(row: int, column: int) -> Count:
        return None if (row, column) in net.hidden else net.values[row, column]

    return Shown(
        rows=tuple(tuple(shown(row, column) for column in columns) for row in range(len(cells))),
        totals=tuple(shown(len(cells), column) for column in columns),
    )


Cell = tuple[int, int]


class _Net:
    """A table as a net: each row and column is a knot in which as much ends as begins, each cell a pipe between two.

    People flow from a row to a column through a cell, and from there through the column's total to the knot of all
    (`home`). What is shown is fixed, and so is what each row holds; a hidden cell may carry less or more where a way
    back through other hidden cells exists.
    """

    def __init__(self, cells: Sequence[Sequence[int]], limits: Sequence[int]) -> None:
        rows, columns = len(cells), len(limits)
        self.home = rows + columns
        self.values: dict[Cell, int] = {}
        self.room: dict[Cell, int] = {}
        self.ends: dict[Cell, tuple[int, int]] = {}
        self.at: list[list[Cell]] = [[] for _ in range(self.home + 1)]
        self.hidden: set[Cell] = set()
        for row in range(rows):
            for column in range(columns):
                self._add((row, column), (row, rows + column), cells[row][column], _MANY)
        for column in range(columns):
            total = sum(cells[row][column] for row in range(rows))
            self._add((rows, column), (rows + column, self.home), total, limits[column] - total)

    def _add(self, cell: Cell, ends: tuple[int, int], value: int, room: int) -> None:
        self.values[cell], self.room[cell], self.ends[cell] = value, room, ends
        for end in ends:
            self.at[end].append(cell)

    def missing(self, cell: Cell, threshold: int) -> set[Cell] | None:
        """None where the span of a hidden cell is as wide as the threshold; else what to hide next, if anything."""
        begin, end = self.ends[cell]
        changed: dict[Cell, int] = {}
        most = min(self.room[cell], threshold)
        up = self._flow(end, begin, most, cell, changed)
        after_up = changed
        if up >= threshold:
            return None
        changed = {}
        down = self._flow(begin, end, min(self.values[cell], threshold - up), cell, changed)
        if up + down >= threshold:
            return None
        ways = []
        if up < most:
            ways.append(self._cheapest(end, begin, cell, after_up))
        if down < self.values[cell]:
            ways.append(self._cheapest(begin, end, cell, changed))
        found = [way for way in ways if way is not None]
        return min(found, key=lambda way: way[0])[1] if found else set()

    def _flow(self, begin: int, end: int, most: int, but: Cell, changed: dict[Cell, int]) -> int:
        """How much can go from one knot to another through hidden cells, `most` at most; notes how they change."""
        done = 0
        while done < most:
            way = self._way(begin, end, but, changed)
            if way is None:
                break
            step = min(most - done, *(self._left(cell, sign, changed) for cell, sign in way))
            for cell, sign in way:
                changed[cell] = changed.get(cell, 0) + sign * step
            done += step
        return done

    def _left(self, cell: Cell, sign: int, changed: dict[Cell, int]) -> int:
        moved = changed.get(cell, 0)
        return self.room[cell] - moved if sign > 0 else self.values[cell] + moved

    def _way(self, begin: int, end: int, but: Cell, changed: dict[Cell, int]) -> list[tuple[Cell, int]] | None:
        came: dict[int, tuple[int, Cell, int]] = {}
        queue = deque([begin])
        while queue:
            knot = queue.popleft()
            for cell in self.at[knot]:
                if cell not in self.hidden or cell == but:
                    continue
                other, sign = self._beyond(cell, knot)
                if other != begin and other not in came and self._left(cell, sign, changed) > 0:
                    came[other] = (knot, cell, sign)
                    if other == end:
                        return _back(came, begin, end)
                    queue.append(other)
        return None

    def _beyond(self, cell: Cell, knot: int) -> tuple[int, int]:
        first, second = self.ends[cell]
        return (second, 1) if knot == first else (first, -1)

    def _cheapest(self, begin: int, end: int, but: Cell, changed: dict[Cell, int]) -> tuple[int, set[Cell]] | None:
        """The way that hides least beyond what is hidden: how many people more, and which cells."""
        costs, came = {begin: 0}, dict[int, tuple[int, Cell, int]]()
        heap = [(0, begin)]
        while heap:
            cost, knot = heappop(heap)
            if knot == end:
                cells = {cell for cell, _ in _back(came, begin, end)}
                return cost, cells - self.hidden
            if cost > costs[knot]:
                continue
            for cell in self.at[knot]:
                other, sign = self._beyond(cell, knot)
                if cell == but or self._left(cell, sign, changed) <= 0:
                    continue
                price = cost if cell in self.hidden else cost + self.values[cell] + 1
                if price < costs.get(other, _MANY):
                    costs[other], came[other] = price, (knot, cell, sign)
                    heappush(heap, (price, other))
        return None


def _back(came: dict[int, tuple[int, Cell, int]], begin: int, end: int) -> list[tuple[Cell, int]]:
    way, knot = [], end
    while knot != begin:
        knot, cell, sign = came[knot]
        way.append((cell, sign))
    return way


@dataclass(frozen=True)
class Moment:
    """A list as it was released once, its total shown: what was counted, and the places hidden, which may be all."""

    counts: tuple[int, ...]
    hidden: frozenset[int]


def may_follow(counts: Sequence[int], before: Sequence[Moment], threshold: int) -> bool:
    """Whether a list may be released after these: so many came to it as the threshold, or nobody.

    A list of which some cells were hidden and some shown is the last of its kind: nothing follows it.
    """
    if not before:
        return True
    last = before[-1]
    if last.hidden and len(last.hidden) < len(last.counts):
        return False
    grown = sum(counts) - sum(last.counts)
    return grown == 0 or grown >= threshold


def protect_series(
    counts: Sequence[int], before: Sequence[Moment], threshold: int, *, partly: bool = True
) -> frozenset[int]:
    """The places to hide in a list that follows others, in their order; people only came in since (`may_follow`).

    Without `partly` nothing or everything is hidden, so that there is something that later lists may be held against:
    what was counted between two that were shown whole lies, for whoever knows both and the totals between, in a span
    that is known exactly. The list is hidden where a small cell of one in between would lie in one too narrow.
    """
    everything = frozenset(range(len(counts)))
    whole = [number for number, one in enumerate(before) if not one.hidden]
    base = before[whole[-1]].counts if whole else (0,) * len(counts)
    between = [one for one in before[whole[-1] + 1 if whole else 0 :] if sum(one.counts) >= threshold]
    grown = [count - was for count, was in zip(counts, base, strict=True)]
    hidden = protect_list(counts, threshold)
    if hidden and not partly:
        return everything
    while len(hidden) < len(everything):
        # Of what was shown whole once, only what came since then is unknown: the hidden hide among that.
        small = any(is_small(counts[place], threshold) for place in hidden)
        enough = not small or sum(grown[place] for place in hidden) >= threshold
        if enough and all(_is_wide(one, base, grown, hidden, threshold) for one in between):
            return hidden
        if not partly:
            break
        more = max((place for place in everything if place not in hidden), key=lambda place: (grown[place], -place))
        hidden |= {more}
    return everything


def _is_wide(one: Moment, base: Sequence[int], grown: Sequence[int], hidden: frozenset[int], threshold: int) -> bool:
    """Whether each small cell of a hidden list keeps its span beside one before it and the one that now follows."""
    came, later = sum(one.counts) - sum(base), sum(grown)
    unknown = sum(grown[place] for place in hidden)
    for place, count in enumerate(one.counts):
        if not is_small(count, threshold):
            continue
        own = unknown if place in hidden else grown[place]
        most = min(came, own)
        # Where it is hidden itself, all that came may be others that are hidden with it.
        least = max(0, came - (later - own)) if place not in hidden else max(0, came - later)
        if most - least < threshold:
            return False
    return True


def mean_is_safe(
    counts: Sequence[int], values: Sequence[int], hidden: Collection[int], threshold: int, decimals: int = 1
) -> bool:
    """Whether a list may show its mean, rounded to so many decimals, though some of its cells are hidden.

    It may where each small cell keeps a span as wide as the threshold for people who know the mean, too.
    """
    total = sum(counts)
    if total < threshold:
        return False
    people = sum(counts[place] for place in hidden)
    seen = sum(count * values[place] for place, count in enumerate(counts) if place not in hidden)
    mean = round(sum(count * value for count, value in zip(counts, values, strict=True)) / total, decimals)
    half = 0.5 * 10.0**-decimals
    least, most = (mean - half) * total - seen, (mean + half) * total - seen
    for place in hidden:
        if not is_small(counts[place], threshold):
            continue
        others = [values[other] for other in hidden if other != place]
        possible = [
            number
            for number in range(people + 1)
            if others
            and number * values[place] + (people - number) * min(others) <= most
            and number * values[place] + (people - number) * max(others) >= least
        ]
        if not possible or possible[-1] - possible[0] < threshold:
            return False
    return True
