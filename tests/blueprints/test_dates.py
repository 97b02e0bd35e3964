"""Dates and times as people type them."""

from datetime import date, time

import pytest

from webapp.blueprints.dates import british_day, clock_time
from webapp.formats.typed import partial_day

pytestmark = pytest.mark.memory


@pytest.mark.parametrize(
    "text",
    ["14/6/2027", "14 June 2027", "14 jun 2027", "14-06-2027", "14.6.2027", "2027-06-14", "Monday, 14 June 2027"],
)
def test_day_is_read_as_people_type_it(text):
    assert british_day(text) == date(2027, 6, 14)


@pytest.mark.parametrize("text", ["", "14 June", "31/6/2027", "June", "14 6 2027 9", "x 14 June 2027", "14 6 99999"])
def test_day_that_is_none_is_refused(text):
    with pytest.raises((ValueError, OverflowError)):
        british_day(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("14 June 2022", (date(2022, 6, 14), 3)),
        ("2022-06-14", (date(2022, 6, 14), 3)),
        ("June 2022", (date(2022, 6, 1), 2)),
        ("jun 2022", (date(2022, 6, 1), 2)),
        ("6/2022", (date(2022, 6, 1), 2)),
        ("2022-06", (date(2022, 6, 1), 2)),
        ("2022", (date(2022, 1, 1), 1)),
    ],
)
def test_part_of_a_date_is_read_as_people_type_it(text, read):
    assert partial_day(text) == read


@pytest.mark.parametrize("text", ["", "June", "14 June", "22", "13/2022", "2022 2022", "0000", "x 2022", "²022"])
def test_part_of_a_date_that_is_none_is_refused(text):
    with pytest.raises((ValueError, OverflowError)):
        partial_day(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("9:30", time(9, 30)),
        ("9.30am", time(9, 30)),
        ("0930", time(9, 30)),
        ("930", time(9, 30)),
        ("14:00", time(14)),
        ("9", time(9)),
        ("9 am", time(9)),
        ("2pm", time(14)),
        ("2:15 p.m.", time(14, 15)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("midday", time(12)),
        ("midnight", time(0)),
    ],
)
def test_time_is_read_as_people_type_it(text, read):
    assert clock_time(text) == read


@pytest.mark.parametrize("text", ["", "25:00", "9:60", "13pm", "0am", "half nine", "9:3", "-9", "²"])
def test_time_that_is_none_is_refused(text):
    with pytest.raises((ValueError, OverflowError)):
        clock_time(text)
