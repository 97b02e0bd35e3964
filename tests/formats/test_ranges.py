"""The Range header as RFC 9110 has it."""

import pytest

from webapp.formats.ranges import BeyondError, Span, asked

pytestmark = pytest.mark.memory


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-0", Span(0, 1)),
        ("bytes=0-499", Span(0, 500)),
        ("bytes=500-", Span(500, 1000)),
        ("bytes=-1", Span(999, 1000)),
        ("bytes=-5000", Span(0, 1000)),
        ("bytes=900-5000", Span(900, 1000)),
        ("Bytes=0-9", Span(0, 10)),
        # All of it: no header, another unit, several stretches, what is none.
        (None, None),
        ("", None),
        ("items=0-5", None),
        ("bytes=0-1,5-6", None),
        ("bytes=9-3", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("bytes 0-5", None),
        ("bytes=0-5x", None),
        ("bytes=٣-٤", None),
        ("bytes=" + "9" * 40 + "-", None),
    ],
)
def test_bytes_that_are_asked_for(header, span):
    assert asked(header, 1000) == span


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1001-", "bytes=99999999-", "bytes=1000-1001", "bytes=-0"])
def test_range_of_which_there_is_nothing_is_beyond(header):
    with pytest.raises(BeyondError):
        asked(header, 1000)


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=-5"])
def test_of_an_empty_thing_every_range_is_beyond(header):
    with pytest.raises(BeyondError):
        asked(header, 0)


def test_length_is_that_of_the_stretch():
    assert Span(3, 10).length == 7
