import pytest

from tests.formats.transcripts.written import accounted, said, timed
from webapp.formats.transcripts import Kind, Line, Remark, Unread, read_pasted
from webapp.formats.transcripts.times import milliseconds, stamp

pytestmark = pytest.mark.memory

TEAMS = """WEBVTT

0b1d-1/8-0
00:00:03.100 --> 00:00:05.000
<v Ann Lee>Good morning,
everybody.</v>

0b1d-1/12-0
00:00:05.200 --> 00:00:07.000
<v Ann Lee>Thank you for coming.</v>

0b1d-1/20-0
00:00:07.500 --> 00:00:08.000
<v Bo Chan (DfE)>Thanks.</v>
"""
ZOOM = """WEBVTT

1
00:00:03.100 --> 00:00:05.000
Ann Lee: Good morning.

2
00:00:05.200 --> 00:00:07.000
Ann Lee: One aim: to help.

3
00:00:07.500 --> 00:00:08.000
bo.chan's iPhone: Thanks.
"""


def cues(*texts: str, head: str = "WEBVTT\n\n") -> str:
    """One cue a second, each shown for a second."""
    return head + "\n\n".join(f"{stamp(n * 1000)} --> {stamp(n * 1000 + 1000)}\n{text}" for n, text in enumerate(texts))


def test_cues_of_teams_join_by_voice_and_keep_their_times() -> None:
    reading = read_pasted(TEAMS)
    assert reading.kind is Kind.WEBVTT
    assert said(reading) == [
        ("Ann Lee", "Good morning, everybody. Thank you for coming."),
        ("Bo Chan (DfE)", "Thanks."),
    ]
    assert timed(reading.turns[0]) == [
        (3_100, 5_000, "Good morning, everybody."),
        (5_200, 7_000, "Thank you for coming."),
    ]
    assert (reading.turns[0].start, reading.turns[0].end) == (3_100, 7_000)
    assert [turn.lines for turn in reading.turns] == [(3, 4, 5, 6, 8, 9, 10), (12, 13, 14)]
    assert (reading.asides, reading.remarks) == ((Line(1, "WEBVTT"),), ())
    assert not reading.went_back
    assert not reading.overlapped


def test_names_in_each_cue_of_zoom_are_labels_whatever_people_call_themselves() -> None:
    reading = read_pasted(ZOOM)
    assert said(reading) == [("Ann Lee", "Good morning. One aim: to help."), ("bo.chan's iPhone", "Thanks.")]


def test_name_in_a_cue_holds_until_the_next_name() -> None:
    reading = read_pasted(
        cues("Ann Lee: One,", "two.", "We say: three.", "Bo Chan: Four.", "Ann Lee: Five.", "Bo Chan: Six.")
    )
    assert said(reading) == [
        ("Ann Lee", "One, two. We say: three."),
        ("Bo Chan", "Four."),
        ("Ann Lee", "Five."),
        ("Bo Chan", "Six."),
    ]


def test_notes_styles_regions_and_headers_are_asides() -> None:
    reading = read_pasted(
        "WEBVTT - a title\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:one\n\nNOTE made by hand\n\n"
        "00:01.000 --> 00:02.000 region:one align:left\n<v Ann Lee>One.\n\nNOTE\nsecond note\nof two lines\n\n"
        "00:02.000 --> 00:03.000\n<v Ann Lee>NOTE well.\n"
    )
    assert said(reading) == [("Ann Lee", "One. NOTE well.")]
    assert [line.number for line in reading.asides] == [1, 2, 4, 5, 7, 8, 10, 15, 16, 17]


def test_tags_classes_and_marks_are_no_words() -> None:
    reading = read_pasted(
        cues(
            "<v.loud.first Ann Lee>Caf&eacute; &amp; <i.foreign>tea</i>, <00:00:00.500><c>5 < 6 &lt;b&gt;</c> a&nbsp;b",
            "<lang en><b>AT&T</b></lang> &#65;&#x42; &bogus; &#99999999999;<rt>x</rt>",
        )
    )
    assert said(reading) == [("Ann Lee", "Café & tea, 5 < 6 <b> a b"), (None, "AT&T AB &bogus; &#99999999999;x")]


def test_voices_within_one_cue_are_turns_of_their_own() -> None:
    reading = read_pasted(cues("<v Ann &amp; Bo>Yes.</v> (laughter)\n<v Cy\nDoe>No.", "<v>Nobody.", "nobody too"))
    assert said(reading) == [
        ("Ann & Bo", "Yes."),
        (None, "(laughter)"),
        ("Cy Doe", "No."),
        (None, "Nobody. nobody too"),
    ]
    assert [turn.lines for turn in reading.turns[:3]] == [(3, 4, 5, 6)] * 3


def test_voice_with_a_very_long_name_is_cut() -> None:
    (turn,) = read_pasted(cues(f"<v {'n' * 300}>One.")).turns
    assert (turn.label, turn.words) == ("n" * 199 + "…", "One.")


def test_dashes_and_arrows_change_the_speaker() -> None:
    reading = read_pasted(
        cues("- Ann Lee: Yes.\n- Bo Chan: No.", ">> Ann Lee: Well.", "- a dash alone", ">> Who?", "- a\n- b")
    )
    assert said(reading) == [
        ("Ann Lee", "Yes."),
        ("Bo Chan", "No."),
        ("Ann Lee", "Well. - a dash alone"),
        (None, "Who?"),
        (None, "a"),
        (None, "b"),
    ]


def test_cues_of_nobody_become_paragraphs_of_nobody() -> None:
    reading = read_pasted(cues(*["word " * 20 + "end."] * 20))
    assert {turn.label for turn in reading.turns} == {None}
    assert [len(turn.pieces) for turn in reading.turns] == [6, 6, 6, 2]


def test_long_turn_has_paragraphs_after_sentences_and_pauses() -> None:
    long = "word " * 20 + "end."
    times = [0, 1, 2, 10, 11, 12, 13, 14, 15, 16]
    text = "\n\n".join(f"{stamp(n * 1000)} --> {stamp(n * 1000 + 1000)}\n<v Ann>{long}" for n in times)
    (turn,) = read_pasted(f"WEBVTT\n\n{text}").turns
    assert [place for place, piece in enumerate(turn.pieces) if piece.paragraph] == [3, 9]
    assert turn.words.count("\n\n") == 2


def test_missing_header_is_told() -> None:
    reading = read_pasted(cues("<v Ann>One.", head=""))
    assert reading.kind is Kind.WEBVTT
    assert said(reading) == [("Ann", "One.")]
    assert reading.remarks == (
        Remark("The first line should be “WEBVTT”, and is not; the file was read all the same.", 1),
    )


def test_cues_without_end_and_hours_over_99_are_read() -> None:
    reading = read_pasted(
        "WEBVTT\n\n00:01.500 -->\n<v Ann>One.\n\n"
        "100:00:02.000 --> 400:00:00.5\n<v Ann>Two.\n\n401:00:00.000\n<v Ann>Three."
    )
    assert timed(reading.turns[0]) == [
        (1_500, None, "One."),
        (360_002_000, 1_440_000_500, "Two."),
        (1_443_600_000, None, "Three."),
    ]
    assert reading.unread == ()


def test_times_that_go_back_overlap_or_end_too_early_are_told_by_line() -> None:
    reading = read_pasted(
        "WEBVTT\n\n00:05.000 --> 00:08.000\n<v Ann>a\n\n00:07.000 --> 00:09.000\n<v Ann>b\n\n"
        "00:01.000 --> 00:00.500\n<v Ann>c\n\n00:00.500 --> 00:02.000\n<v Ann>d"
    )
    assert reading.went_back
    assert reading.overlapped
    assert reading.remarks == (
        Remark("2 cues begin before the one above them.", 9),
        Remark("1 cue begins while the one above it is still shown.", 6),
        Remark("1 cue ends before it begins, and was read without its end.", 9),
    )
    assert timed(reading.turns[0])[2] == (1_000, None, "c")


def test_what_has_no_words_or_no_times_is_unread_and_words_are_kept() -> None:
    reading = read_pasted(
        "WEBVTT\n\ntitle\n\nid\n00:01.000 --> 00:02.000\n\n2\n00:02.000 --> 00:03.000\n<v Ann>One.\n\n"
        "behind a blank\n\n9\n\n00:99:99.000 --> 00:05.000\n<v Ann>Lost times.\n\n00:06.000 --> 00:07.000\n<i></i>\n"
    )
    assert reading.before == (Line(3, "title"),)
    assert said(reading) == [("Ann", "One. behind a blank Lost times.")]
    assert timed(reading.turns[0])[1] == (None, None, "Lost times.")
    assert [(line.number, line.reason) for line in reading.unread] == [
        (5, "the cue has no words"),
        (6, "the cue has no words"),
        (14, "no times follow the number"),
        (16, "its times cannot be read"),
        (19, "the cue has no words"),
        (20, "the cue has no words"),
    ]
    assert reading.remarks == (Remark("1 line stands behind a blank line within a cue, and stayed with it.", 12),)
    assert accounted(reading) == {1, 3, 5, 6, 8, 9, 10, 12, 14, 16, 17, 19, 20}


@pytest.mark.parametrize(("head", "mark"), [("WEBVTT\n\n", "."), ("1\n", ",")], ids=["webvtt", "subrip"])
def test_block_without_times_that_can_be_read_is_nobodys_words(head: str, mark: str) -> None:
    reading = read_pasted(
        f"{head}00:00:01{mark}000 --> 00:00:02{mark}000\nAnn Lee: One.\n\nx\nbroken --> time\nlost words\n\n"
        f"00:00:03{mark}000 --> 00:00:04{mark}000\nBo Chan: Two --> three.\n\n00:00:zz --> 00:00:09\nFour.\n"
    )
    assert said(reading) == [("Ann Lee", "One."), ("Bo Chan", "Two --> three. Four.")]
    assert [(line.text, line.reason) for line in reading.unread] == [
        ("x", "its times cannot be read"),
        ("broken --> time", "its times cannot be read"),
        ("lost words", "the times above it cannot be read"),
        ("00:00:zz --> 00:00:09", "its times cannot be read"),
    ]


def test_text_that_rolls_is_read_once() -> None:
    texts = ["one\ntwo", "two", "two\nthree", "three", "three\nfour"]
    reading = read_pasted(cues(*texts))
    assert said(reading) == [(None, "one two three four")]
    assert reading.remarks == (
        Remark("4 cues show the line above once more, as text that rolls does; it was read once.", 7),
    )
    assert accounted(reading) == {1, 3, 4, 5, 7, 8, 10, 11, 12, 14, 15, 17, 18, 19}
    assert read_pasted(cues("<v A>yes", "<v A>yes", "<v A>no")).turns[0].words == "yes yes no"


def test_subrip_is_read_with_comma_or_point_and_without_numbers_or_blank_lines() -> None:
    reading = read_pasted(
        "1\n00:00:01,000 --> 00:00:02,000\nAnn Lee: <b>One</b>.\n2\n00:00:02.500 --> 00:00:03.000 X1:0 Y1:0\n"
        '{\\an8}<font color="red">Two</font>\n\n00:00:03,5 --> 00:00:04,25\nBo Chan: 1984\n\n'
        "4\n00:00:05,000 -->\n2031\n"
    )
    assert reading.kind is Kind.SUBRIP
    assert [(turn.label, timed(turn)) for turn in reading.turns] == [
        ("Ann Lee", [(1_000, 2_000, "One."), (2_500, 3_000, "Two")]),
        ("Bo Chan", [(3_500, 4_250, "1984"), (5_000, None, "2031")]),
    ]
    assert accounted(reading) == {1, 2, 3, 4, 5, 6, 8, 9, 11, 12, 13}


def test_words_above_times_are_no_number_of_subrip() -> None:
    reading = read_pasted(
        "1\n00:00:01,000 --> 00:00:02,000\nAnn Lee: One.\n\nnot a number\n00:00:02,000 --> 00:00:03,000\nTwo."
    )
    assert said(reading) == [("Ann Lee", "One. not a number Two.")]


def test_names_on_lines_above_the_words_are_labels_where_all_cues_have_them() -> None:
    reading = read_pasted(
        "0:0:0.0 --> 0:0:1.15\nAnn Lee\nHello.\n0:0:1.2 --> 0:0:2.0\nAnn Lee\nMore.\n"
        "0:0:3.0 --> 0:0:4.0\nBo Chan\nYes.\n0:0:4.0 --> 0:0:5.0\nBo Chan\nIndeed."
    )
    assert said(reading) == [("Ann Lee", "Hello. More."), ("Bo Chan", "Yes. Indeed.")]
    assert timed(reading.turns[0]) == [(0, 1_150, "Hello."), (1_200, 2_000, "More.")]


def test_line_above_the_words_that_is_no_name_stays_with_them() -> None:
    times = [f"0:0:{n}.0 --> 0:0:{n + 1}.0" for n in range(13)]
    texts = ["Ann Lee\nOne."] * 5 + ["Bo Chan\nTwo."] * 5 + ["Note\nThree.", "Four.", "Five."]
    reading = read_pasted("\n".join(f"{time}\n{text}" for time, text in zip(times, texts, strict=True)))
    assert said(reading) == [("Ann Lee", "One. " * 4 + "One."), ("Bo Chan", "Two. " * 5 + "Note Three. Four. Five.")]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("WEBVTT", Kind.WEBVTT),
        ("WEBVTT\ttitle\n\n1\n00:00:01,000 --> 00:00:02,000\nx", Kind.WEBVTT),
        ("WEBVTTX\n\nAnn: x", Kind.TEXT),
        ("1\n00:00:01.000 --> 00:00:02.000\nx", Kind.SUBRIP),
        ("1\n00:00:01.000 --> 00:00:02.000 align:start\nx", Kind.WEBVTT),
        ("Ann: a --> b\nBo: 1 -> 2", Kind.TEXT),
    ],
)
def test_kind_is_told_by_content(text: str, kind: Kind) -> None:
    assert read_pasted(text).kind is kind


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("00:00:01.000", 1_000),
        ("1:2:3", 3_723_000),
        ("90:00.5", 5_400_500),
        ("596:31:23.647", 2**31 - 1),
        ("596:31:23.648", None),
        ("0:60", None),
        ("1:60:00", None),
        ("٠:٠١", None),
        ("1", None),
    ],
)
def test_milliseconds_of_a_time(text: str, moment: int | None) -> None:
    assert milliseconds(text) == moment


def test_unread_lines_keep_their_text() -> None:
    reading = read_pasted("WEBVTT\n\n7\n\n00:01.000 --> 00:02.000\n<v Ann>x")
    assert reading.unread == (Unread(3, "7", "no times follow the number"),)
