"""Stretches of time as people type them."""

import pytest

from webapp.formats.stretches import as_typed, stretch

pytestmark = pytest.mark.memory


@pytest.mark.parametrize(
    ("typed", "milliseconds"),
    [
        ("0", 0),
        ("1:02:03", 3_723_000),
        ("62:03", 3_723_000),
        ("3723", 3_723_000),
        ("0:00:12.5", 12_500),
        ("12,25", 12_250),
        ("-0:30", -30_000),
        ("−1:00:00", -3_600_000),
        ("+5", 5_000),
        (" 1 : 00 ", 60_000),
    ],
)
def test_stretch_is_read(typed, milliseconds):
    assert stretch(typed) == milliseconds


@pytest.mark.parametrize("typed", ["", "soon", "1:60", "1:60:00", "1:2:3:4", "1.2345", ":30", "٣"])
def test_what_is_none_is_refused(typed):
    with pytest.raises(ValueError) as refused:  # noqa: PT011 -- no words: a form has them
        stretch(typed)
    assert refused.value.args == (typed,)


@pytest.mark.parametrize("milliseconds", [0, 3_723_000, -30_500, 12_250])
def test_stretch_is_written_so_that_it_reads_back(milliseconds):
    assert stretch(as_typed(milliseconds)) == milliseconds


def test_stretch_as_typed():
    assert [as_typed(3_723_500), as_typed(-30_000)] == ["1:02:03.5", "-0:00:30"]
