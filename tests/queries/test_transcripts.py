"""Where a passage stands after the words around it, and in it, were corrected."""

import pytest

from webapp.queries.transcripts import blocks, carried

pytestmark = pytest.mark.memory

BEFORE = "We went to the door. Nobody was in. We came back on Friday, and they had moved."


def carry(after, passage, before=BEFORE):
    """What a passage of the text before says in the text after, or None."""
    start = before.index(passage)
    place = carried(before, after, start, start + len(passage))
    return None if place is None else after[slice(*place)]


@pytest.mark.parametrize(
    ("after", "passage", "there"),
    [
        (BEFORE, "Nobody was in.", "Nobody was in."),
        (f"Well, yes. {BEFORE}", "Nobody was in.", "Nobody was in."),
        (BEFORE.replace("the door", "their front door"), "Nobody was in.", "Nobody was in."),
        (BEFORE.replace("Nobody", "No one"), "Nobody was in.", "No one was in."),
        (BEFORE.replace("Friday", "Monday"), "on Friday, and", "on Monday, and"),
        (BEFORE.replace("came back on Friday", "came again"), "in. We came back", "in. We came again"),
        (BEFORE.replace("Nobody was in. ", ""), "We came back", "We came back"),
        (BEFORE.replace("Friday", "Fridays"), "Friday", "Fridays"),
    ],
)  # fmt: skip
def test_passage_goes_with_its_words(after, passage, there):
    assert carry(after, passage) == there


@pytest.mark.parametrize(
    ("after", "passage"),
    [
        (BEFORE.replace("Nobody was in. ", ""), "Nobody was in."),
        (BEFORE.replace("Nobody was in", "The dog barked at us"), "Nobody was in"),
        ("Something else altogether", "they had moved"),
        ("", "door"),
    ],
)
def test_passage_that_was_taken_out_or_rewritten_is_gone(after, passage):
    assert carry(after, passage) is None


@pytest.mark.parametrize(("start", "end"), [(5, 5), (9, 3), (500, 600)])
def test_nothing_is_found_nowhere(start, end):
    assert carried(BEFORE, BEFORE, start, end) is None


def test_long_text_that_changed_in_two_places_is_compared_only_between_them():
    middle = "word " * 5_000
    before, after = f"a {middle}b kept", f"x {middle}y kept"
    assert carry(after, "kept", before) == "kept"
    assert [kept for kept, *_ in blocks(before, after)] == [False, True]
