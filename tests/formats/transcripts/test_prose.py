import pytest

from tests.formats.transcripts.written import accounted, said
from webapp.formats.transcripts import Kind, Line, Piece, Remark, Turn, Unread, UnreadableTranscriptError, read_pasted

pytestmark = pytest.mark.memory

EDITED = """Practice Week 2031

In discussion: Ann Lee and Bo McArdle
Event sessions: Tuesday 3 June
Event sessions: Wednesday 4 June

  • Transcript - In discussion: Ann Lee and Bo McArdle Open

    This is invented. Below is what they say:

    Ann Lee: Good morning.

    Our aim is one: to show a paragraph.

    Bo McArdle: Thank you.
    Remember: it goes on.

    Ann Lee: Of course.
"""


def test_edited_text_keeps_the_introduction_before_the_first_turn() -> None:
    reading = read_pasted(EDITED)
    assert reading.kind is Kind.TEXT
    assert [line.number for line in reading.before] == [1, 3, 4, 5, 7, 9]
    assert reading.before[4] == Line(7, "• Transcript - In discussion: Ann Lee and Bo McArdle Open")
    assert said(reading) == [
        ("Ann Lee", "Good morning.\n\nOur aim is one: to show a paragraph."),
        ("Bo McArdle", "Thank you. Remember: it goes on."),
        ("Ann Lee", "Of course."),
    ]
    assert [turn.lines for turn in reading.turns] == [(11, 13), (15, 16), (18,)]
    assert reading.labels == ("Ann Lee", "Bo McArdle")
    assert reading.unread == reading.asides == ()


@pytest.mark.parametrize(
    "line",
    [
        "We have one aim: to help.",
        "Remember: be kind.",
        "Note: this is a heading.",
        "Questions: what is next?",
        "Day 2: the morning.",
        "Closing Session: what was heard.",
        "https://example.org/a: a page",
        "It starts at 10:30 and ends: soon.",
        "And so I said: no, Ann Lee: yes.",
    ],
)
def test_colon_in_a_sentence_is_no_label(line: str) -> None:
    reading = read_pasted(f"Ann Lee: One.\n\nBo Chan: Two.\n\n{line}\n\n{line}\n\nAnn Lee: Three.\n\nBo Chan: Four.")
    assert reading.labels == ("Ann Lee", "Bo Chan")
    assert reading.turns[1].words == f"Two.\n\n{line}\n\n{line}"


@pytest.mark.parametrize(
    "label",
    [
        "ANN LEE", "Dr. Ann-Marie O’Neill", "Ann Lee (DfE)", "Lee, Ann", "Ann van der Lee", "Ann d'Arcy", "A. Lee",
        "AL", "Audience member", "The Chair", "Speaker 2", "Q", "Łucja Ćwik",
        "安 李", "Ann Lee | Example Trust", "Alice Key",
    ],
)  # fmt: skip
def test_label_in_any_shape_of_a_name_is_one(label: str) -> None:
    reading = read_pasted(f"{label}: One.\nBo Chan: Two.\n{label}: Three.\nBo Chan: Four.")
    assert said(reading) == [(label, "One."), ("Bo Chan", "Two."), (label, "Three."), ("Bo Chan", "Four.")]
    assert reading.remarks == ()


def test_initials_are_a_turn_of_their_own_once_others_are_named_and_are_told() -> None:
    named = "Ann Lee: One.\nSomebody Else: Hm.\nAnn Lee: Two.\nSomebody Else: Hm.\n"
    reading = read_pasted(f"{named}TQ: Initials.\nAnn Lee: Three.\nT.Q.R.: More.\nNHS: a service.\n")
    assert said(reading)[4:] == [
        ("TQ", "Initials."), ("Ann Lee", "Three."), ("T.Q.R.", "More. NHS: a service."),
    ]  # fmt: skip
    assert [one.sentence for one in reading.remarks] == [
        "“TQ” stands before a colon once, and was taken for a speaker.",
        "“T.Q.R.” stands before a colon once, and was taken for a speaker.",
        "“NHS” stands before a colon once, and was not taken for a speaker.",
    ]
    assert read_pasted("It is short.\nTQ: Initials.\nfor now").labels == ("TQ",)


@pytest.mark.parametrize("colon", [": ", ":\t", ":", " : ", "：", "**: ", ":** ", "_:_ "])
def test_colon_is_one_however_it_is_typed(colon: str) -> None:
    assert said(read_pasted(f"Ann Lee{colon}One.\nBo Chan: Two.\nAnn Lee: Three."))[0] == ("Ann Lee", "One.")


def test_label_that_stands_there_once_is_decided_and_told() -> None:
    text = (
        "Cy Doe: Welcome.\nAnn Lee: One.\nBo Chan: Two.\nLeeds: a city.\nAnn Lee: Three.\nBo Chan: Four.\nChair: Bye."
    )
    reading = read_pasted(text)
    assert reading.labels == ("Cy Doe", "Ann Lee", "Bo Chan", "Chair")
    assert reading.turns[2].words == "Two. Leeds: a city."
    assert reading.remarks == (
        Remark("“Cy Doe” stands before a colon once, and was taken for a speaker.", 1),
        Remark("“Leeds” stands before a colon once, and was not taken for a speaker.", 4),
    )


def test_short_names_that_stand_there_once_are_names_where_all_are_short() -> None:
    assert read_pasted("Ann: One.\nBo: Two.\nCy: Three.").labels == ("Ann", "Bo", "Cy")
    assert read_pasted("Ann: One.\nBo: Two.\nAnn: Three.\nBo: Four.\nCy: Five.").labels == ("Ann", "Bo", "Cy")


def test_label_known_before_is_a_name_whatever_it_looks_like() -> None:
    text = "bo99: hi\nAnn Lee: One.\nclosing session: Two."
    assert read_pasted(text).labels == ("Ann Lee",)
    assert read_pasted(text, known=["bo99", "Closing Session"]).labels == ("bo99", "Ann Lee", "closing session")


def test_label_without_words_is_unread() -> None:
    reading = read_pasted("Ann Lee: One.\n\nBo Chan:\n\nAnn Lee:\n\n- a list\n- of two\n\nBo Chan:")
    assert said(reading) == [("Ann Lee", "One."), ("Ann Lee", "- a list - of two")]
    assert reading.unread == (
        Unread(3, "Bo Chan:", "no words follow the name"),
        Unread(10, "Bo Chan:", "no words follow the name"),
    )


def test_turns_of_one_speaker_in_a_row_are_one() -> None:
    reading = read_pasted("Ann Lee: One.\nAnn Lee: Two.\nBo Chan: Three.\nBo Chan: Four.")
    assert reading.turns[0] == Turn("Ann Lee", (Piece("One."), Piece("Two.", paragraph=True)), (1, 2))


@pytest.mark.parametrize(
    "line",
    [
        "[0:01:23] Ann Lee: One.",
        "00:01:23 Ann Lee: One.",
        "(01:23) - Ann Lee: One.",
        "Ann Lee (01:23): One.",
        "Ann Lee [00:01:23.000]: One.",
        "Ann Lee 1:23: One.",
        "**Ann Lee** (1:23): One.",
        "7. 1:23 Ann Lee: One.",
        "• [1:23] Ann Lee: One.",
    ],
)
def test_time_beside_the_name_is_when_the_turn_begins(line: str) -> None:
    reading = read_pasted(f"Bo Chan: Zero.\n{line}\nBo Chan: Two.\nAnn Lee: Three.")
    assert reading.turns[1] == Turn("Ann Lee", (Piece("One.", 83_000),), (2,))
    assert reading.turns[2].start is None


def test_names_and_times_above_the_words_are_read_as_teams_writes_them() -> None:
    reading = read_pasted(
        "Practice week\n3 June 2031, 9:00AM\n12m 4s\n\nAnn Lee started transcription\n\n"
        "Ann Lee   0:03\nHello.\nMore: of it.\n\nBo Chan   1:00:09\nYes.\nAnn Lee   0:59\nBack.\n\n"
        "Ann Lee stopped transcription\n"
    )
    assert [line.number for line in reading.before] == [1, 2, 3]
    assert [line.number for line in reading.asides] == [5, 16]
    assert said(reading) == [("Ann Lee", "Hello. More: of it."), ("Bo Chan", "Yes."), ("Ann Lee", "Back.")]
    assert [turn.start for turn in reading.turns] == [3_000, 3_609_000, 59_000]
    assert reading.went_back
    assert reading.remarks == (Remark("The times do not always go forward."),)


def test_names_in_brackets_before_times_are_read_as_zoom_writes_them() -> None:
    reading = read_pasted("[Ann Lee] 10:00:03\nHello.\n\n[Bo Chan] 10:00:09\nYes.\n")
    assert [(turn.label, turn.start) for turn in reading.turns] == [("Ann Lee", 36_003_000), ("Bo Chan", 36_009_000)]


def test_one_line_that_ends_with_a_time_makes_no_turn() -> None:
    reading = read_pasted("Ann Lee: We meet.\nLunch 12:30\nBo Chan: Yes.\nAnn Lee: We do.\nBo Chan: Now.")
    assert reading.turns[0].words == "We meet. Lunch 12:30"


def test_times_alone_above_words_give_turns_of_nobody() -> None:
    reading = read_pasted("A talk\n0:00\nhello there\n0:05\n" + "and more " * 80 + "\n0:15\nlast\n")
    assert [(turn.label, turn.start, turn.lines) for turn in reading.turns] == [
        (None, 0, (2, 3, 4, 5)),
        (None, 15_000, (6, 7)),
    ]


def test_long_lines_are_paragraphs_and_short_ones_are_wrapped() -> None:
    long = "word " * 40
    assert len(read_pasted(f"Ann Lee: {long}\n{long}\nBo Chan: Yes.\nAnn Lee: No.").turns[0].pieces) == 2
    assert read_pasted("Ann Lee: one\ntwo\n\nthree\nBo Chan: a\nAnn Lee: b").turns[0].words == "one two\n\nthree"


def test_text_without_names_is_kept_before_and_says_so() -> None:
    reading = read_pasted("Only words.\n\nAnd more.")
    assert reading.turns == ()
    assert accounted(reading) == {1, 3}
    assert reading.remarks == (Remark("No name of a speaker was found. Write each as “Name: words”."),)


@pytest.mark.parametrize("text", ["", " \n\t\n", "\ufeff\n"])
def test_nothing_is_refused(text: str) -> None:
    with pytest.raises(UnreadableTranscriptError, match=r"^There is nothing in this transcript to read\.$"):
        read_pasted(text)
