"""What somebody typed, and what it asks of either database."""

import pytest

from webapp.searching import FTS5, TSQUERY, Abbreviation, Bounds, Where, ask, expression, split

pytestmark = pytest.mark.memory

FIELD = [
    Abbreviation("MACPT", "multi-agency child protection team"),
    Abbreviation("FGDM", "family group decision making"),
    Abbreviation("FGC", "family group conference"),
    Abbreviation("FGC", "family group conferencing"),
    Abbreviation("WWCSC", "What Works for Children’s Social Care"),
]
MACPT = ("multi", "agenc", "child", "protect", "team")


def word(stem):
    return (((stem,),),)


def test_words_are_stemmed_and_common_ones_left_out_where_others_are_left():
    assert ask("What do the Families say?").groups == (word("famili"), word("say"))
    assert ask("to be or not").groups == (word("to"), word("be"), word("or"), word("not"))
    assert ask("family FAMILIES").groups == (word("famili"),)


def test_words_in_quotation_marks_stand_together_with_the_common_ones():
    for typed in ('"help for the family" now', "“help for the family” now"):
        assert ask(typed).groups == (((("help", "for", "the", "famili"),),), word("now"))
    assert ask('"help').groups == (word("help"),)


def test_abbreviation_is_asked_both_ways():
    assert ask("macpt", FIELD).groups == (((("macpt",),), (MACPT,)),)
    assert ask("MACPTs", FIELD).groups == ask("macpt", FIELD).groups
    # Where a stemmer does not see the plural, both forms are looked for.
    assert ask("FGDM", FIELD).groups[0][:2] == ((("fgdm",),), (("fgdms",),))
    # One that stands for two things is asked for either.
    assert [together[0] for together in ask("FGC", FIELD).groups[0]][2:] == [
        ("famili", "group", "confer"),
        ("famili", "group", "conferenc"),
    ]
    typed = ask("multi-agency child protection teams in Dorset", FIELD).groups
    assert typed == ((tuple((one,) for one in MACPT), (("macpt",),)), word("dorset"))
    assert ask('"multi agency child protection team"', FIELD).groups == (((MACPT,), (("macpt",),)),)
    # Its common words are left out where they are typed without quotation marks.
    assert (("wwcsc",),) in ask("what works for children’s social care", FIELD).groups[0]


@pytest.mark.parametrize("typed", ["", '"', '""', "*", "%", "😀", "-", "( )", "\x07", "‘’", "· ·", "_"])
def test_signs_ask_for_nothing(typed):
    assert ask(typed, FIELD).groups == ()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("NEAR(a b)", ["near", "b"]),
        ('a"b', ["b"]),
        ("o'neill", ["oneil"]),
        ("c++ AND title:x*", ["c", "titl", "x"]),
        ("½", ["1", "2"]),
        ("Café CAFÉ", ["cafe"]),
        ("Małgorzata Ærø", ["malgorzata", "aero"]),
        ("{a} ^ 'b' & !c | d:*", ["b", "c", "d"]),
    ],
)
def test_signs_of_a_query_language_mean_nothing(typed, words):
    assert ask(typed, FIELD).groups == tuple(word(one) for one in words)


def test_long_text_is_cut_and_says_so():
    assert ask("help " * 40).is_cut
    assert not ask("help " * 20).is_cut
    for typed in ("x" * 10_000, "help " * 2_000, '"' * 10_000, "a-" * 5_000):
        cut = ask(typed)
        assert cut.is_cut
        assert len(cut.text) == 200
        assert len(cut.words) <= 20


def test_words_stand_where_they_were_typed():
    asked = ask('Famly "help  nwo"')
    assert [asked.text[one.start : one.end] for one in asked.words] == ["Famly", "help", "nwo"]
    assert asked.with_words({0: "family", 2: "now"}) == 'family "help  now"'
    # Letters with marks of their own are one word, as are those that were composed.
    assert [one.folded for one in split("x̌ cafe\u0301 O’Brien’s")] == ["x", "cafe", "obriens"]


def test_question_is_put_alike_in_both_languages():
    asked = ask('help "the family"')
    bounds = Bounds(("·kevent",), (("·x", ("·p5", "·e3")),))
    assert expression(asked, bounds, Where.ANYWHERE, FTS5) == (
        """((("help" AND "the famili") AND "·kevent") NOT ("·x" NOT ("·p5" OR "·e3")))"""
    )
    assert expression(asked, bounds, Where.ANYWHERE, TSQUERY) == (
        """((('help' & ('the' <-> 'famili')) & '·kevent') & !('·x' & !('·p5' | '·e3')))"""
    )
    assert expression(asked, Bounds(), Where.IN_TITLE, FTS5) == """("·whelp" AND "·wthe ·wfamili")"""
    assert expression(asked, Bounds(but=(("·x", ()),)), Where.NOT_ALL_IN_TITLE, FTS5) == (
        """((("help" AND "the famili") NOT ("·whelp" AND "·wthe ·wfamili")) NOT "·x")"""
    )
