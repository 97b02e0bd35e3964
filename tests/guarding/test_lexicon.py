"""Which words count as ordinary and which as given names, and that the lists kept here repeat nothing installed."""

import sys

import pytest

from webapp.guarding import lexicon

pytestmark = pytest.mark.memory


@pytest.mark.parametrize(
    ("word", "is_given", "is_ordinary"),
    [
        ("margaret", True, False),  # an installed name
        ("tafadzwa", True, False),  # one of ours
        ("harry", True, False),  # given so often that "harried" does not count against it
        ("manual", False, True),  # listed as a name, but "manually" is said
        ("numbers", False, True),  # listed as a name, and ours as a word
        ("school", False, True),  # among the words that are used most
        ("annoy", False, True),  # seldom used alone; "annoyed" and "annoying" are
        ("midwife", False, True),  # one of ours
        ("fidgeting", False, True),  # a form of one
        ("o'neill", False, False),
        ("belthazor", False, False),
    ],
)
def test_words_are_known_by_use_by_their_forms_and_by_our_own_lists(word, is_given, is_ordinary):
    assert (lexicon.is_given(word), lexicon.is_ordinary(word)) == (is_given, is_ordinary)


def test_our_own_lists_are_short_and_hold_only_what_the_installed_ones_lack(monkeypatch):
    own = lexicon.words("ordinary")
    lists = lexicon._installed()
    installed = {name for which in lexicon._NAMES for name in lists[which]}
    assert lexicon.words("given") & installed == set()
    assert lexicon.words("given") & own == set()
    assert len(own) < 400

    # Without ours, none of our words would be known, or it would be taken for a name.
    words = lexicon.words
    monkeypatch.setattr(lexicon, "words", lambda name: frozenset() if name == "ordinary" else words(name))
    monkeypatch.setattr(lexicon, "_known", lexicon._known.__wrapped__)
    known = lexicon._known()
    monkeypatch.setattr(lexicon, "_known", lambda: known)
    assert [word for word in own if lexicon.is_ordinary(word) and not lexicon.is_given(word)] == []


def test_what_was_read_is_let_go():
    lexicon.is_given("margaret")
    assert [name for name in sys.modules if "frequency_lists" in name] == []
