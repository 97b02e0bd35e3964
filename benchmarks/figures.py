"""What is reported: a figure with its goal, the table of them, and the file that keeps the latest."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from statistics import median


class Sense(StrEnum):
    """On which side of its goal a figure has to lie."""

    AT_LEAST = "at least"
    AT_MOST = "at most"
    EXACTLY = "exactly"


@dataclass(frozen=True)
class Figure:
    """One measured value, and what it should be."""

    name: str
    value: float
    sense: Sense
    goal: float
    unit: str

    @property
    def met(self) -> bool:
        match self.sense:
            case Sense.AT_LEAST:
                return self.value >= self.goal
            case Sense.AT_MOST:
                return self.value <= self.goal
            case Sense.EXACTLY:
                return self.value == self.goal

    def row(self) -> dict[str, object]:
        """The figure as it is kept; the value rounded as it is printed."""
        return {
            "name": self.name,
            "value": rounded(self.value),
            "goal": self.goal,
            "met": self.met,
            "unit": f"{self.unit}, {self.sense}",
        }


def at_least(name: str, value: float, goal: float, unit: str) -> Figure:
    """A figure that is better the higher it is."""
    return Figure(name, value, Sense.AT_LEAST, goal, unit)


def at_most(name: str, value: float, goal: float, unit: str) -> Figure:
    """A figure that is better the lower it is."""
    return Figure(name, value, Sense.AT_MOST, goal, unit)


def exactly(name: str, value: float, goal: float, unit: str) -> Figure:
    """A figure that must be just that."""
    return Figure(name, value, Sense.EXACTLY, goal, unit)


def rounded(value: float) -> float:
    """Two decimals for ratios, none for what is counted in tens."""
    return round(value, 2) if abs(value) < 20 else float(round(value))


def middle_ratio(upper: Sequence[float], lower: Sequence[float]) -> float:
    """The median of the ratios of values that were measured beside each other, pair by pair."""
    if len(upper) != len(lower) or not upper:
        raise ValueError(f"{len(upper)} values do not pair with {len(lower)}")
    return median(above / below for above, below in zip(upper, lower, strict=True))


def table(figures: Iterable[Figure]) -> str:
    """The figures as a table for a terminal."""
    rows = [("", "value", "goal", "")]
    rows += [
        (f.name, _number(f.value), f"{f.sense} {_number(f.goal)} {f.unit}".strip(), "met" if f.met else "NOT MET")
        for f in figures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        f"{name:<{widths[0]}}  {value:>{widths[1]}}  {goal:<{widths[2]}}  {met}".rstrip()
        for name, value, goal, met in rows
    ]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def write(path: Path, figures: Iterable[Figure]) -> None:
    """Keep the figures as JSON, one a line, so that a change of one shows as one line."""
    lines = ",\n  ".join(json.dumps(figure.row(), ensure_ascii=False) for figure in figures)
    path.write_text(f"[\n  {lines}\n]\n", encoding="utf-8")


def _number(value: float) -> str:
    shown = rounded(value)
    return f"{shown:,.0f}" if shown == int(shown) else f"{shown:.2f}"
