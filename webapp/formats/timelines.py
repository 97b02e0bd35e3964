"""A timeline as a picture for SVG 2: where its bars, marks, lines and words stand, from the dates that are given.

Across, places are percentages of the width and words are broken into short lines, so that a picture that fills a
phone and one that fills a page are the same. Down, they are pixels.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from textwrap import wrap

# As many letters of 15 pixels as a phone of 320 pixels shows beside one another, and of a heading.
LETTERS, HEADING_LETTERS = 35, 29
MOST_YEARS_NAMED = 6
_TOP, _LINE, _HEADING_LINE, _BAR = 30, 19, 22, 14
_NARROWEST = 1.2
_LEFT, _RIGHT = 1.5, 98.5


@dataclass(frozen=True)
class Mark:
    """Something on a timeline: from the first to the last day; None is not known. A point is at one day."""

    label: str
    first: date | None
    last: date | None
    kind: str = "stage"

    @property
    def is_point(self) -> bool:
        return self.first is not None and self.first == self.last

    @property
    def is_dated(self) -> bool:
        return self.first is not None or self.last is not None


@dataclass(frozen=True)
class Lane:
    """Marks that belong together, under a heading."""

    heading: str
    marks: Sequence[Mark]


@dataclass(frozen=True)
class Words:
    """A line of words at a height; `x` is in percent."""

    text: str
    y: int
    x: str = "0%"
    is_heading: bool = False


@dataclass(frozen=True)
class Bar:
    """A bar, or a point where it has no width; in percent across."""

    x: str
    y: int
    width: str
    height: int
    kind: str
    # Neither end may be known.
    opens: bool = False
    ends_open: bool = False


@dataclass(frozen=True)
class Tick:
    """A line down at the beginning of a year, with its name where there is room."""

    x: str
    name: str


@dataclass(frozen=True)
class Drawing:
    """All that is drawn, and how high it is in pixels."""

    height: int
    ticks: Sequence[Tick] = ()
    words: Sequence[Words] = ()
    bars: Sequence[Bar] = ()
    top: int = _TOP - 6
    # Where the day is on which it is looked at, in percent across; empty when that is outside.
    today: str = ""


@dataclass
class _Pen:
    first: date
    last: date
    y: int = _TOP
    words: list[Words] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)

    def across(self, day: date) -> float:
        days = (self.last - self.first).days or 1
        return _LEFT + (_RIGHT - _LEFT) * (day - self.first).days / days

    def write(self, text: str, *, heading: bool = False) -> None:
        height, letters = (_HEADING_LINE, HEADING_LETTERS) if heading else (_LINE, LETTERS)
        for line in wrap(text, letters) or [""]:
            self.y += height
            self.words.append(Words(line, self.y - 5, is_heading=heading))

    def draw(self, mark: Mark) -> None:
        starts = self.across(mark.first or self.first)
        ends = self.across(mark.last + timedelta(days=1) if mark.last and not mark.is_point else mark.last or self.last)
        if mark.is_point:
            self.bars.append(Bar(_percent(starts), self.y + _BAR // 2, "0%", _BAR, mark.kind))
        else:
            width = max(ends - starts, _NARROWEST)
            self.bars.append(
                Bar(
                    _percent(min(starts, _RIGHT - width)),
                    self.y,
                    _percent(width),
                    _BAR,
                    mark.kind,
                    opens=mark.first is None,
                    ends_open=mark.last is None,
                )
            )
        self.y += _BAR + 8


def drawn(lanes: Iterable[Lane], today: date | None = None) -> Drawing | None:
    """The picture of what has a date in these lanes, on an axis of whole years; None while nothing has.

    It marks the day `today` where that is on the axis.
    """
    dated = [Lane(lane.heading, [mark for mark in lane.marks if mark.is_dated]) for lane in lanes]
    shown = [lane for lane in dated if lane.marks]
    days = [day for lane in shown for mark in lane.marks for day in (mark.first, mark.last) if day is not None]
    if not days:
        return None
    pen = _Pen(min(days).replace(month=1, day=1), max(days).replace(month=12, day=31) + timedelta(days=1))
    for lane in shown:
        pen.y += 8
        pen.write(lane.heading, heading=True)
        for mark in lane.marks:
            pen.write(mark.label)
            pen.draw(mark)
    years = range(pen.first.year, pen.last.year)
    step = -(-len(years) // MOST_YEARS_NAMED)
    ticks = [
        Tick(_percent(pen.across(date(year, 1, 1))), "" if place % step else str(year))
        for place, year in enumerate(years)
    ]
    at_today = _percent(pen.across(today)) if today and pen.first <= today < pen.last else ""
    return Drawing(pen.y + 8, [*ticks, Tick(_percent(_RIGHT), "")], pen.words, pen.bars, today=at_today)


def _percent(value: float) -> str:
    return f"{value:.2f}%"
