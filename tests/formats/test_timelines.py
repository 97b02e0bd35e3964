"""The picture of a timeline: everything within its width, in lines that a phone shows, and nothing over another."""

from datetime import date

import pytest

from webapp.formats.timelines import HEADING_LETTERS, LETTERS, MOST_YEARS_NAMED, Lane, Mark, drawn

pytestmark = pytest.mark.memory


def percent(text):
    assert text.endswith("%")
    return float(text[:-1])


def mark(first, last=None, label="Stage"):
    return Mark(label, first, last)


def test_bars_stand_where_their_dates_are():
    drawing = drawn([Lane("Wave 1", [mark(date(2023, 1, 1), date(2023, 12, 31)), mark(date(2024, 7, 1), None)])])
    first, second = drawing.bars
    assert [tick.name for tick in drawing.ticks] == ["2023", "2024", ""]
    places = [percent(tick.x) for tick in drawing.ticks]
    assert percent(first.x) == places[0]
    assert abs(percent(first.x) + percent(first.width) - places[1]) < 0.05
    assert places[1] < percent(second.x) < places[2]
    assert (first.ends_open, second.ends_open, second.opens) == (False, True, False)
    assert abs(percent(second.x) + percent(second.width) - places[2]) < 0.05


def test_single_day_is_a_point_and_what_has_no_date_is_left_out():
    day = date(2023, 7, 4)
    drawing = drawn([Lane("All", [mark(day, day), mark(None, None, "Some day")]), Lane("None", [mark(None, None)])])
    assert [bar.width for bar in drawing.bars] == ["0%"]
    assert [line.text for line in drawing.words] == ["All", "Stage"]


def test_day_of_today_is_marked_where_it_is_on_the_axis():
    lanes = [Lane("Wave 1", [mark(date(2023, 1, 1), date(2024, 12, 31))])]
    year = drawn(lanes).ticks[1].x
    days = (date(2022, 12, 31), date(2024, 1, 1), date(2025, 1, 1), None)
    assert [drawn(lanes, day).today for day in days] == ["", year, "", ""]


def test_nothing_is_drawn_before_there_is_a_date():
    assert drawn([]) is None
    assert drawn([Lane("Wave 1", [mark(None, None)])]) is None


def test_long_names_and_many_years_stay_within_the_picture():
    long = "A stage whose name goes on and on, like " + "w" * 80
    lanes = [
        Lane(long, [mark(date(2000, 1, 1), date(2031, 12, 31), long), mark(date(2031, 12, 31), date(2031, 12, 31))])
    ]
    drawing = drawn(lanes)
    assert all(len(line.text) <= (HEADING_LETTERS if line.is_heading else LETTERS) for line in drawing.words)
    assert sum(bool(tick.name) for tick in drawing.ticks) <= MOST_YEARS_NAMED
    assert all(percent(bar.x) >= 0 and percent(bar.x) + percent(bar.width) <= 100 for bar in drawing.bars)
    rows = sorted([*(line.y for line in drawing.words), *(bar.y for bar in drawing.bars)])
    assert len(set(rows)) == len(rows)
    assert rows[-1] < drawing.height
