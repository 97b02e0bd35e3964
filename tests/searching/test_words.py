"""What is indexed of a text, what is shown of it, and what was meant."""

from datetime import date

import pytest

from webapp.searching import (
    ask,
    distance,
    excerpt,
    joined,
    marked,
    most_wrong,
    nearest,
    parts,
    place_of,
    places_between,
    plain,
    split,
    stream,
    vocabulary,
)

pytestmark = pytest.mark.memory


def said(pieces):
    return "".join(f"[{text}]" if is_marked else text for text, is_marked in pieces)


def test_line_holds_title_text_and_tags_with_gaps_that_no_phrase_crosses():
    assert stream("Family help", "For the families", "Dorset", tags=["·kevent"]) == (
        "famili help · for the famili · dorset · ·wfamili ·whelp · ·kevent"
    )
    assert stream("Family help", "Said", titled=False) == "· said · · ·"


def test_word_said_too_often_keeps_its_first_places_and_moves_none():
    line = stream("", "again " * 300 + "end").split(" ")
    assert line.count("again") == 200
    assert line.index("end") == 301


def test_long_text_comes_in_parts_that_lose_nothing():
    text = " ".join(f"word{n}" for n in range(4_500))
    some = parts(text)
    assert [len(split(one)) for one in some] == [2_000, 2_000, 500]
    assert " ".join(some) == text
    assert parts("") == [""]


def test_markdown_is_shown_without_its_signs():
    assert plain("## What *we* heard\n- **Families** say [this](https://example.org) `x`\n> a_b * c") == (
        "What we heard.\nFamilies say this x\na_b * c"
    )
    assert plain("# Why?\n\n## *So much* ##\nfor\n## “That.”") == "Why?\n\nSo much.\nfor\n“That.”"


def test_texts_shown_behind_each_other_are_ended_first():
    assert joined("Lead, Hill Trust", "", "Works (here)", "And said: “So.”", "Then") == (
        "Lead, Hill Trust.\nWorks (here).\nAnd said: “So.”\nThen"
    )
    assert joined("", "") == ""


def test_places_go_by_day_then_kind_then_number():
    places = [
        place_of(date(2027, 6, 15), 1, 9, 0),
        place_of(date(2027, 6, 14), 0, 7, 0),
        place_of(date(2027, 6, 14), 0, 7, 1),
        place_of(date(2027, 6, 14), 0, 8, 0),
        place_of(date(2027, 6, 14), 1, 1, 0),
        place_of(None, 0, 1, 0),
    ]
    assert places == sorted(places, reverse=True)
    assert 0 < places[-1] < places[0] < 2**63
    lowest, beyond = places_between(date(2027, 6, 14), date(2027, 6, 14))
    assert [lowest <= place < beyond for place in places] == [False, True, True, True, True, False]
    assert places_between(None, None) == (None, None)
    with pytest.raises(ValueError, match="no place"):
        place_of(None, 0, 2**31, 0)


def test_words_to_be_meant_are_plain_and_telling():
    assert vocabulary("The MACPT in 2027, of Café x9 and", "we") == {"macpt", "cafe"}


@pytest.mark.parametrize(
    ("one", "other", "wrong"),
    [("family", "famly", 1), ("family", "famiyl", 1), ("family", "families", 3), ("abc", "abc", 0), ("", "ab", 2)],
)
def test_distance_counts_wrong_letters(one, other, wrong):
    assert distance(one, other, 3) == wrong
    assert distance(other, one, 3) == wrong
    assert min(distance(one, other, 0), 1) == min(wrong, 1)


def test_nearest_words_share_the_first_letter_and_nearly_all_others():
    known = ["family", "homily", "familiar", "fame"]
    assert nearest("famly", known, limit=5) == ["family"]
    assert nearest("familly", known, limit=5) == ["family"]
    assert nearest("mcalister", ["macalister", "mcallister", "macallister"], limit=2) == ["mcallister", "macalister"]
    assert (most_wrong("fgd"), most_wrong("fgdmm"), most_wrong("family")) == (0, 1, 2)
    assert nearest("fgd", ["fgdm"], limit=5) == []


def test_what_was_looked_for_is_marked_as_it_was_written():
    phrases = ask('families "the help"').phrases
    assert said(marked("Help for a Family, and the  helping of families.", phrases)) == (
        "Help for a [Family], and [the  helping] of [families]."
    )
    assert said(marked("<b>Family</b>", phrases)) == "<b>[Family]</b>"
    assert said(marked("", phrases)) == ""


def test_excerpt_shows_where_most_of_it_stands():
    text = "Family. " + "Nothing here yet. " * 30 + "At last a family finds help, truly. " + "And so on. " * 40
    found = said(excerpt(text, ask("family help").phrases))
    assert "[family] finds [help], truly" in found
    assert found.startswith("… ")
    assert found.endswith(" …")
    assert len(found) < 320
    assert said(excerpt(text, ask("absent").phrases)).startswith("Family. Nothing")
    assert said(excerpt("Short family.", ask("family").phrases)) == "Short [family]."
