"""What a survey asks, as a document: plain and back, what an answer can be, and whom a question is shown to."""

import json
from dataclasses import replace

import pytest

from webapp.models.surveys_asked import NO, YES, Asked, Choice, Condition, Kind, Question, Row, Scale, Section

pytestmark = pytest.mark.memory

ASKED = Asked(
    introduction="Two minutes.",
    thanks="Thank you.",
    last=9,
    sections=(
        Section(
            no=1,
            title="The day",
            questions=(
                Question(no=2, kind=Kind.YES_NO, label="Did you learn something?", required=True),
                Question(no=3, kind=Kind.LONG_TEXT, label="What?", shown=Condition(question=2, values=(YES,))),
                Question(
                    no=4,
                    kind=Kind.SEVERAL_CHOICES,
                    label="What helped?",
                    choices=(Choice(no=1, label="Talks"), Choice(no=3, label="Groups")),
                    other=4,
                    last=4,
                    shown=Condition(question=2, values=(YES,)),
                ),
                Question(no=5, kind=Kind.SHORT_TEXT, label="Which talk?", shown=Condition(question=4, values=(1, 3))),
            ),
        ),
        Section(
            no=6,
            title="The workshop",
            session="bcdfghjkmnpq",
            questions=(
                Question(
                    no=7,
                    kind=Kind.MATRIX,
                    label="How were they?",
                    rows=(Row(no=1, label="Room"),),
                    choices=(Choice(no=2, label="Good"),),
                    last=2,
                ),
                Question(no=8, kind=Kind.LIKERT, label="I am surer now", scale=Scale.AGREEMENT),
            ),
        ),
        Section(no=9, title="The end"),
    ),
)


def shown(given, attended=None):
    return [question.no for _, question in ASKED.shown_to(given, attended)]


def test_document_comes_back_from_json_as_it_was():
    assert Asked.of(json.loads(json.dumps(ASKED.plain()))) == ASKED


def test_options_are_all_values_that_an_answer_can_have():
    def values(**more):
        return [one.no for one in Question(no=1, label="?", **more).options]

    assert [one.no for one in ASKED.question(4).options] == [1, 3, 4]
    assert [one.label for one in ASKED.question(8).options] == list(Scale.AGREEMENT.points)
    assert values(kind=Kind.RATING, points=4) == [1, 2, 3, 4]
    assert values(kind=Kind.RECOMMENDATION) == list(range(11))
    assert values(kind=Kind.YES_NO) == [YES, NO]
    assert values(kind=Kind.LONG_TEXT) == []


def test_question_is_shown_by_answers_that_are_shown_themselves():
    came = {6: [YES]}
    assert shown(came) == [2, 6, 7, 8]
    assert shown(came | {2: [NO]}) == [2, 6, 7, 8]
    assert shown(came | {2: [YES]}) == [2, 3, 4, 6, 7, 8]
    assert shown(came | {2: [YES], 4: [3]}) == [2, 3, 4, 5, 6, 7, 8]
    # What was answered to a question that is hidden now decides nothing.
    assert shown(came | {2: [NO], 4: [3]}) == [2, 6, 7, 8]


def test_section_about_a_session_is_for_who_attended_it():
    assert shown({}, frozenset()) == [2]
    assert shown({}, frozenset({"bcdfghjkmnpq"})) == [2, 7, 8]


def test_section_about_a_session_asks_whoever_is_not_known_whether_they_came():
    assert shown({}) == [2, 6]
    assert shown({6: [NO], 7: [2]}) == [2, 6]
    first = ASKED.all_questions[4]
    assert (first.no, first.kind, first.required) == (6, Kind.YES_NO, True)
    assert first.label == "Did you come to “The workshop”?"
    assert ASKED.sections[2].coming is None, "it asks nothing"
    assert [one.no for one in ASKED.all_questions] == [2, 3, 4, 5, 6, 7, 8]


def test_questions_and_sections_are_found_by_their_numbers():
    assert ASKED.question(8).label == "I am surer now"
    assert ASKED.question(6) is None
    assert ASKED.section_of(8).no == 6
    assert ASKED.section_of(9) is None


def test_every_scale_has_five_points_that_differ():
    assert [len(set(scale.points)) for scale in Scale] == [5] * len(Scale)
    assert replace(ASKED.question(8), scale=Scale.LIKELIHOOD).options[0].label == "Very unlikely"
