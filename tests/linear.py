"""What somebody can work out who knows sums of numbers: the least and most that another sum can be."""

from collections.abc import Mapping, Sequence

NEARLY = 1e-7


class Known:
    """Sums of unknown numbers, none of them negative, that somebody knows; built up, then asked."""

    def __init__(self, unknowns: int) -> None:
        self.unknowns = unknowns
        self.rows: list[tuple[dict[int, float], float, float]] = []

    def equals(self, weights: Mapping[int, float], total: float) -> None:
        self.rows.append((dict(weights), 0.0, total))

    def at_most(self, weights: Mapping[int, float], total: float) -> None:
        self.rows.append((dict(weights), 1.0, total))

    def at_least(self, weights: Mapping[int, float], total: float) -> None:
        self.rows.append((dict(weights), -1.0, total))

    def spans(self, sums: Sequence[Mapping[int, float]]) -> list[tuple[float, float]]:
        """The least and most that each of the sums can be, by the simplex method."""
        if not self.rows:
            return [(0.0, float("inf"))] * len(sums)
        slacks = sum(1 for _, slack, _ in self.rows if slack)
        width = self.unknowns + slacks + len(self.rows)
        table, basis, slack_at = [], [], self.unknowns
        for number, (weights, slack, total) in enumerate(self.rows):
            row = [0.0] * (width + 1)
            for place, weight in weights.items():
                row[place] = weight
            if slack:
                row[slack_at] = slack
                slack_at += 1
            row[-1] = total
            if total < 0:
                row = [-one for one in row]
            row[self.unknowns + slacks + number] = 1.0
            table.append(row)
            basis.append(self.unknowns + slacks + number)
        real = self.unknowns + slacks
        costs = [0.0] * real + [1.0] * len(self.rows)
        value = _least(table, basis, costs, width)
        assert value < NEARLY, "what is known contradicts itself"
        for number, place in enumerate(basis):
            if place >= real:
                # It is nought, and leaves for a real one where there is any; else the row says nothing new.
                entering = next((one for one in range(real) if abs(table[number][one]) > NEARLY), None)
                if entering is not None:
                    _turn(table, basis, number, entering)
        found = []
        for weights in sums:
            costs = [weights.get(place, 0.0) for place in range(real)]
            low = _least([list(row) for row in table], list(basis), costs, real)
            high = -_least([list(row) for row in table], list(basis), [-one for one in costs], real)
            found.append((low, high))
        return found


def _least(table: list[list[float]], basis: list[int], costs: list[float], width: int) -> float:
    costs = costs + [0.0] * (len(table[0]) - 1 - len(costs))
    while True:
        prices = [costs[place] for place in basis]
        entering = None
        for column in range(width):
            gain = costs[column] - sum(
                price * row[column] for price, row in zip(prices, table, strict=True) if price and row[column]
            )
            if gain < -NEARLY:
                entering = column
                break
        if entering is None:
            return sum(price * row[-1] for price, row in zip(prices, table, strict=True))
        ratios = [
            (row[-1] / row[entering], basis[number], number)
            for number, row in enumerate(table)
            if row[entering] > NEARLY
        ]
        if not ratios:
            return float("-inf")
        _turn(table, basis, min(ratios)[2], entering)


def _turn(table: list[list[float]], basis: list[int], number: int, entering: int) -> None:
    pivot = table[number][entering]
    table[number] = [one / pivot for one in table[number]]
    for other, row in enumerate(table):
        if other != number and abs(row[entering]) > 1e-12:
            factor = row[entering]
            table[other] = [one - factor * two for one, two in zip(row, table[number], strict=True)]
    basis[number] = entering
