"""Spans of which not everything is known: in words, on a day, and when they stand otherwise."""

from datetime import date

import pytest

from webapp.models.library import Precision
from webapp.models.spans import Span, Standing

pytestmark = pytest.mark.memory

JULY, JANUARY, MARCH = date(2023, 7, 1), date(2024, 1, 1), date(2024, 3, 1)
DAY, MONTH, YEAR = Precision.DAY, Precision.MONTH, Precision.YEAR


@pytest.mark.parametrize(
    ("starts", "ends", "precision", "said"),
    [
        (JULY, JANUARY, MONTH, "July 2023 to January 2024"),
        (JANUARY, MARCH, MONTH, "January to March 2024"),
        (JANUARY, JANUARY, MONTH, "January 2024"),
        (JANUARY, None, MONTH, "From January 2024"),
        (None, JANUARY, MONTH, "Until January 2024"),
        (None, None, MONTH, "Dates not known"),
        (date(2023, 1, 1), JANUARY, YEAR, "2023 to 2024"),
        (JANUARY, JANUARY, YEAR, "2024"),
        (JANUARY, MARCH, DAY, "1 January to 1 March 2024"),
        (JULY, JANUARY, DAY, "1 July 2023 to 1 January 2024"),
    ],
)
def test_span_is_said_as_exactly_as_it_is_known(starts, ends, precision, said):
    assert str(Span(starts, ends, precision)) == said


def test_span_lasts_to_the_end_of_its_last_month_or_year():
    span = Span(JULY, date(2024, 2, 1), MONTH)
    assert (span.last, span.turns) == (date(2024, 2, 29), [JULY, date(2024, 3, 1)])
    assert Span(JANUARY, JANUARY, YEAR).last == date(2024, 12, 31)
    assert Span(JANUARY, JANUARY, DAY).last == JANUARY
    days = (date(2023, 6, 30), JULY, date(2024, 2, 29), date(2024, 3, 1))
    assert [span.standing(day) for day in days] == [Standing.TO_COME, Standing.NOW, Standing.NOW, Standing.OVER]


def test_span_without_an_end_or_a_beginning_stands_as_far_as_is_known():
    assert Span(JULY, None, MONTH).standing(date(2030, 1, 1)) is Standing.BEGUN
    assert Span(None, JULY, MONTH).standing(date(2023, 7, 31)) is Standing.UNKNOWN
    assert Span(None, JULY, MONTH).standing(date(2023, 8, 1)) is Standing.OVER
    assert (Span(None, None, MONTH).standing(JULY), Span(None, None, MONTH).turns) == (Standing.UNKNOWN, [])
