"""What is taken out of a post before it is kept, and what has to stay."""

import time
import unicodedata

import pytest

from tests.formats.posts.typed import odd_posts
from webapp.formats import posts

pytestmark = pytest.mark.memory

ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\u202eb\u202c \u2066c\u2069 \u200ed\u200f", "ab c d"),
        ("a\u200bb\u2060c\ufeffd\u00ade\u034ff\u3164g", "abcdefg"),
        ("a\U000e0061\U000e007fb\U000e0100", "ab"),
        ("a\x00b\x1b[31mc\x7f\x9fd", "ab[31mcd"),
        ("half \ud83d gone", "half  gone"),
        ("one\r\ntwo\rthree\u2028four\u2029five\x85six\x0bseven", "one\ntwo\nthree\nfour\nfive\nsix\nseven"),
        ("a\n\n\n\n\n\n\nb\n \n\t\n", "a\n\n\n\nb"),
        ("\n\n  - a  \n\tb", "  - a\n    b"),
        ("Cafe\u0301", "Café"),
        (
            "z" + "\u0301\u0308\u0323\u0330\u0331\u0332" * 9 + "a",
            unicodedata.normalize("NFC", "z\u0301\u0308\u0323\u0330a"),
        ),
        ("\ufe0f\ufe0f\ufe0e", "\ufe0f"),
    ],
)
def test_what_is_hidden_or_piled_up_is_taken_out(typed, kept):
    assert posts.clean(typed) == kept


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",
        "क्\u200dष and ക്\u200d",
        "👩\u200d👩\u200d👧 👩🏽\u200d⚕\ufe0f 🏳\ufe0f\u200d🌈 1\ufe0f\u20e3",
        f"{ENGLAND} won",
        "שָׁלוֹם مُحَمَّد ที่ Nguyễn",
        "- a\n\n\n\n> “b” – c …",
    ],
)
def test_what_a_script_or_a_picture_needs_stays(text):
    assert posts.clean(text) == text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("pay\u200dpal \u200c x\u200c", "paypal  x"), ("👩\u200d!", "👩!"), ("ی\u200c\u200d\u200cب", "ی\u200cب")],
)
def test_joiner_that_joins_nothing_is_taken_out(typed, kept):
    assert posts.clean(typed) == kept


def test_clean_post_is_clean():
    for typed, _ in odd_posts(1_500):
        once = posts.clean(typed)
        assert posts.clean(once) == once
        assert unicodedata.is_normalized("NFC", once)
        assert not set(once) & set("\x00\r\u2028\u202e\u200b\ufeff\U000e0041")


def test_marks_and_joiners_of_a_whole_post_are_cleaned_at_once():
    # Each would take longer by the square if it were put in order before it is cut, or looked at from its beginning.
    for sign in ("\u0301", "\u0323\u0301", "\u200d", "ع\u200d", "\t", "\n", "\ufe0f", "👩\u200d"):
        text = (sign * posts.LONGEST_POST)[: posts.LONGEST_POST]
        began = time.process_time()
        posts.clean(text)
        assert time.process_time() - began < 0.1, repr(sign)
