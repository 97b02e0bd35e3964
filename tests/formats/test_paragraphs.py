"""Two versions of a text brought together: what one changed, what both changed, what was put in and taken out."""

import pytest

from webapp.formats.paragraphs import Stretch, joined, merge

pytestmark = pytest.mark.memory


def text(letters):
    return "\n\n".join(letters)


def together(before, mine, theirs):
    """The merged text as letters, and what is not settled."""
    found = merge(text(before), text(mine), text(theirs))
    shown = [one for stretch in found for one in stretch.shown]
    return "".join(shown), [
        ("".join(one.before), "".join(one.mine), "".join(one.theirs)) for one in found if not one.is_settled
    ]


@pytest.mark.parametrize(
    ("before", "mine", "theirs", "merged"),
    [
        ("abcd", "Abcd", "abcD", "AbcD"),
        ("abcd", "aBcd", "abCd", "aBCd"),
        ("abcd", "ABcd", "abCD", "ABCD"),
        ("abcd", "abcd", "abxcD", "abxcD"),
        ("abcd", "abXYcd", "abCd", "abXYCd"),
        ("abcd", "aBcd", "abXcd", "aBXcd"),
        ("abcd", "acd", "abcdX", "acdX"),
        ("abcd", "Xabcd", "abcdY", "XabcdY"),
        ("abcd", "aXcd", "aXcd", "aXcd"),
        ("abcd", "aXbcd", "aXbcd", "aXbcd"),
        ("abcd", "ab", "abcd", "ab"),
        ("", "a", "", "a"),
        ("abcd", "", "abcd", ""),
    ],
)
def test_what_only_one_changed_stands(before, mine, theirs, merged):
    assert together(before, mine, theirs) == (merged, [])
    assert together(before, theirs, mine) == (merged, [])


@pytest.mark.parametrize(
    ("before", "mine", "theirs", "shown", "left"),
    [
        ("abcd", "aXcd", "aYcD", "aXcD", [("b", "X", "Y")]),
        ("abcd", "abXcd", "abYcd", "abXcd", [("", "X", "Y")]),
        # What they changed and I took out is not lost.
        ("abcd", "acd", "aYcd", "aYcd", [("b", "", "Y")]),
        ("abcd", "aXcd", "acd", "aXcd", [("b", "X", "")]),
        ("abcd", "ad", "abYcd", "abYcd", [("bc", "", "bYc")]),
        ("", "X", "Y", "X", [("", "X", "Y")]),
    ],
)
def test_what_both_changed_stands_beside_each_other(before, mine, theirs, shown, left):
    assert together(before, mine, theirs) == (shown, left)


def test_paragraphs_are_parted_by_empty_lines_and_keep_their_own():
    (one,) = merge("a\nb\n \n\n    c", "a\nb\n\n    c", "a\nb\n\n    c")
    assert one == Stretch(("a\nb", "    c"), ("a\nb", "    c"), ("a\nb", "    c"))
    assert joined(one.shown) == "a\nb\n\n    c"


def test_long_text_of_the_same_paragraphs_takes_no_square_of_time():
    found = merge("a\n\n" * 20_000, "a\n\n" * 20_001, "b\n\n" * 20_000)
    assert joined([one for stretch in found for one in stretch.mine]) == "\n\n".join("a" * 20_001)
