"""Building surveys, publishing them in versions, and what becomes of them."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.ledger import Ledger
from webapp.errors import NotFound
from webapp.models.accounts import SYSTEM, ThingKind
from webapp.models.activity import Activity
from webapp.models.surveys import (
    AskedOf,
    Privacy,
    Survey,
    SurveyDraft,
    SurveyEnvelope,
    SurveyResponse,
    SurveyStage,
    SurveyState,
    SurveyVersion,
)
from webapp.models.surveys_asked import Asked, Choice, Condition, Kind, Question, Scale, Section
from webapp.services import surveys
from webapp.services.surveys import NotNow, QuestionWording, SurveyChanged, SurveyRefused, documents
from webapp.services.surveys.life import SurveySettings


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def act(ledger, now):
    def run(verb, *args, **more):
        return ledger.act(verb, *args, actor=SYSTEM, now=now, **more)

    return run


def fresh(ledger, survey):
    return ledger.one(select(Survey).where(Survey.id == survey.id))


def settings_of(survey, **changes):
    names = ("title", "privacy", "asked_of", "open_link", "threshold", "opens_at", "closes_at")
    return SurveySettings(**({name: getattr(survey, name) for name in names} | changes))


# ---------------------------------------------------------------- what is asked: documents, in memory

DOCUMENT = Asked(
    last=6,
    sections=(
        Section(
            no=1,
            title="First",
            questions=(
                Question(no=2, kind=Kind.YES_NO, label="Did you come?"),
                Question(no=3, kind=Kind.LONG_TEXT, label="Why not?", shown=Condition(question=2, values=(0,))),
            ),
        ),
        Section(
            no=4,
            title="Second",
            questions=(
                Question(
                    no=5,
                    kind=Kind.ONE_CHOICE,
                    label="How?",
                    choices=(Choice(no=1, label="By train"), Choice(no=2, label="By car")),
                    last=2,
                ),
                Question(no=6, kind=Kind.RATING, label="How good?"),
            ),
        ),
    ),
)


def order(asked):
    return [[question.no for question in section.questions] for section in asked.sections]


def worded(question, **changes):
    wording = {
        "kind": question.kind,
        "label": question.label,
        "choices": [one.label for one in question.choices],
        "rows": [one.label for one in question.rows],
        "other": bool(question.other),
        "points": question.points,
        "scale": question.scale,
        "shown": question.shown,
    }
    return QuestionWording(**(wording | changes))


@pytest.mark.memory
def test_number_of_what_was_taken_out_is_never_given_again():
    less = documents.remove_question(DOCUMENT, 6)
    more, no = documents.add_question(less, 4, QuestionWording(kind=Kind.DATE, label="When?"))
    further, section = documents.add_section(more, "Third")

    assert (no, section, further.last) == (7, 8, 8)
    assert order(further) == [[2, 3], [5, 7], []]


@pytest.mark.memory
def test_choice_keeps_its_number_when_it_is_reworded_or_moved_and_a_new_one_gets_its_own():
    def choices(*lines, asked=DOCUMENT, published=False, **more):
        wording = worded(asked.question(5), choices=lines, **more)
        return documents.edit_question(asked, 5, wording, published=published)

    reworded = choices("By bicycle", "By car", "By a train")
    assert [(one.no, one.label) for one in reworded.question(5).choices] == [
        (3, "By bicycle"),
        (2, "By car"),
        (1, "By a train"),
    ]
    fewer = choices("By car", "On foot", other=True)
    assert [one.no for one in fewer.question(5).options] == [2, 3, 4]
    again = choices("By car", "By train", other=False, asked=fewer)
    assert [one.no for one in again.question(5).options] == [2, 5]
    assert choices("By car", "By train", other=True, asked=again).question(5).other == 6

    put_right = choices("by car!", "By  bicycle", "By train", published=True)
    assert [one.no for one in put_right.question(5).choices] == [2, 3, 1]


@pytest.mark.memory
@pytest.mark.parametrize(
    ("before", "after"),
    [("Helpful", "Unhelpful"), ("Agree", "Disagree"), ("Increased", "Decreased"), ("In 2022", "In 2024"), ("C", "C++")],
)
def test_published_choice_of_other_letters_is_another_choice(before, after):
    question = Question(no=1, kind=Kind.ONE_CHOICE, label="?", choices=(Choice(no=1, label=before),), last=1)
    asked = Asked(sections=(Section(no=2, title="", questions=(question,)),), last=2)
    wording = worded(question, choices=(after, "No view"))
    changed = documents.edit_question(asked, 1, wording, published=True).question(1)
    assert [(one.no, one.label) for one in changed.choices] == [(2, after), (3, "No view")]


@pytest.mark.memory
def test_question_that_was_published_keeps_its_kind_and_its_scale():
    asked = documents.edit_question(
        DOCUMENT, 6, worded(DOCUMENT.question(6), kind=Kind.LIKERT, scale=Scale.USEFULNESS), published=False
    )
    assert asked.question(6).options[0].label == "Not at all useful"
    for document, change, about in (
        (DOCUMENT, {"kind": Kind.NUMBER}, "kind"),
        (DOCUMENT, {"points": 7}, "points"),
        (asked, {"scale": Scale.AGREEMENT}, "scale"),
    ):
        with pytest.raises(SurveyRefused) as refused:
            documents.edit_question(document, 6, worded(document.question(6), **change), published=True)
        assert refused.value.field == about


@pytest.mark.memory
def test_question_is_moved_over_the_edge_of_its_section():
    assert order(documents.move_question(DOCUMENT, 5, 0)) == [[2, 3, 5], [6]]
    assert order(documents.move_question(DOCUMENT, 3, 3)) == [[2], [3, 5, 6]]
    assert order(documents.move_question(DOCUMENT, 6, 1)) == [[2, 3], [6, 5]]
    assert order(documents.move_question(DOCUMENT, 6, 99)) == order(DOCUMENT)
    assert order(documents.move_question(DOCUMENT, 2, -5)) == order(DOCUMENT)


@pytest.mark.memory
def test_question_stays_behind_what_it_depends_on():
    refused = "“Why not?” is asked only after certain answers to “Did you come?”, so it must follow it."
    for change in (
        lambda: documents.move_question(DOCUMENT, 2, 2),
        lambda: documents.move_question(DOCUMENT, 2, 3),
        lambda: documents.move_section(documents.move_question(DOCUMENT, 3, 3), 1, 2),
    ):
        with pytest.raises(NotNow) as error:
            change()
        assert error.value.message == refused
    for change in (lambda: documents.remove_question(DOCUMENT, 2), lambda: documents.edit_question(
        DOCUMENT, 2, worded(DOCUMENT.question(2), kind=Kind.DATE), published=False
    )):  # fmt: skip
        with pytest.raises((NotNow, SurveyRefused), match=r"“Why not\?” is asked only after certain answers"):
            change()
    assert order(documents.remove_section(DOCUMENT, 1)) == [[5, 6]]


@pytest.mark.memory
@pytest.mark.parametrize(
    ("shown", "message"),
    [
        (Condition(question=6, values=(1,)), "A question can depend only on one that is asked before it"),
        (Condition(question=2, values=(7,)), "Select answers that “Did you come?” offers"),
        (Condition(question=3, values=(1,)), "A question can depend only on one that is asked before it"),
    ],
)
def test_question_depends_only_on_answers_that_are_given_before(shown, message):
    with pytest.raises(SurveyRefused) as refused:
        documents.edit_question(DOCUMENT, 5, worded(DOCUMENT.question(5), shown=shown), published=False)
    assert (refused.value.message, refused.value.field) == (message, "depends")


@pytest.mark.memory
@pytest.mark.parametrize(
    ("kind", "more", "about"),
    [
        (Kind.ONE_CHOICE, {"choices": ["Only one", "Only one"]}, "choices"),
        (Kind.RANKING, {"choices": [str(n) for n in range(61)]}, "choices"),
        (Kind.SEVERAL_CHOICES, {"choices": ["a", "b" * 201]}, "choices"),
        (Kind.MATRIX, {"choices": ["a", "b"]}, "rows"),
        (Kind.RATING, {"points": 11}, "points"),
        (Kind.SHORT_TEXT, {"help": "h" * 501}, "help"),
    ],
)
def test_question_that_cannot_be_asked_is_refused_where_it_is_wrong(kind, more, about):
    with pytest.raises(SurveyRefused) as refused:
        documents.add_question(DOCUMENT, 1, QuestionWording(kind=kind, label="?", **more))
    assert refused.value.field == about


@pytest.mark.memory
def test_ready_surveys_can_be_published_as_they_are():
    ready = surveys.ready_surveys()
    assert [one.key for one in ready] == ["event", "session", "journal", "practice"]
    for one in ready:
        numbers = [section.no for section in one.asked.sections] + [question.no for question in one.asked.questions]
        assert sorted(numbers) == list(range(1, one.asked.last + 1))
        assert list(documents.problems(one.asked, frozenset())) == []
        # Each question could be saved as it stands.
        for question in one.asked.questions:
            asked = documents.edit_question(
                one.asked, question.no, worded(question, help=question.help, required=question.required,
                                               low=question.low, high=question.high), published=True
            )  # fmt: skip
            assert asked == one.asked
        assert 1 <= one.minutes <= 8
    assert surveys.find_ready("event") is ready[0]
    assert surveys.find_ready("none") is None


# ---------------------------------------------------------------- beginning and copying


def test_survey_is_begun_about_a_session_an_event_or_nothing(make, ledger, act):
    event = make.event(zone="Europe/Paris")
    session = make.session(event)
    about = {"privacy": Privacy.ANONYMOUS}
    first = act(surveys.create, surveys.Place(event.programme_id, event, session), "The session", **about)
    second = act(surveys.create, surveys.Place(event.programme_id, event), "The event", **about)
    third = act(surveys.create, surveys.Place(event.programme_id), "The journal", **about)

    rows = ledger.all(select(Survey).order_by(Survey.id))
    assert [(row.event_id, row.thing_kind, row.thing_id, row.open_link, row.zone) for row in rows] == [
        (event.id, ThingKind.SESSION, session.id, False, "Europe/Paris"),
        (event.id, ThingKind.EVENT, event.id, False, "Europe/Paris"),
        (None, None, None, True, "Europe/London"),
    ]
    assert {(row.state, row.privacy, row.threshold, row.number) for row in rows} == {
        (SurveyState.DRAFT, Privacy.ANONYMOUS, 5, 0)
    }
    assert [one.id for one in (first, second, third)] == [row.id for row in rows]


def test_copy_asks_the_same_and_leaves_sessions_and_dates_behind(make, ledger, act, now):
    event, other = make.event(), make.event()
    asked = Asked(sections=(Section(no=1, title="One", session="bcdfghjkmnpq"),), last=1)
    source = make.survey(
        event, asked=asked, privacy=Privacy.CONFIDENTIAL, threshold=8, asked_of=AskedOf.CAME, closes_at=now
    )
    here = act(surveys.copy, source, surveys.Place(event.programme_id, event), "Here")
    there = act(surveys.copy, source, surveys.Place(other.programme_id, other), "There")

    assert fresh(ledger, here).written == asked
    row = fresh(ledger, there)
    assert row.written == documents.without_sessions(asked)
    assert (row.title, row.privacy, row.threshold, row.asked_of, row.closes_at) == (
        "There", Privacy.CONFIDENTIAL, 8, AskedOf.CAME, None
    )  # fmt: skip
    assert (row.state, row.number, row.event_id) == (SurveyState.DRAFT, 0, other.id)


# ---------------------------------------------------------------- changing what it asks


def test_change_is_written_once_and_recorded(make, ledger, act):
    survey = make.survey(make.event())
    wording = worded(survey.written.question(1), label="How useful was it to you?")
    act(surveys.edit_question, survey.id, 1, wording, version=1)
    # The same once more, by a double click: nothing more happens, and it is no conflict.
    act(surveys.edit_question, survey.id, 1, wording, version=1)

    row = fresh(ledger, survey)
    assert (row.version, row.written.question(1).label) == (2, "How useful was it to you?")
    recorded = ledger.all(select(Activity.verb).where(Activity.thing_kind == ThingKind.SURVEY))
    assert recorded == ["survey_question_changed"]
    # What was published stays as it was.
    published = ledger.one(select(SurveyVersion).where(SurveyVersion.survey_id == survey.id))
    assert published.document.question(1).label == "How useful was it?"


def test_change_of_what_somebody_else_changed_is_refused(make, ledger, act):
    survey = make.survey(make.event())
    act(surveys.add_section, survey.id, "More")
    with pytest.raises(SurveyChanged):
        act(surveys.edit_question, survey.id, 1, worded(survey.written.question(1), label="Late"), version=1)
    with pytest.raises(SurveyChanged):
        act(surveys.set_texts, survey.id, introduction="Late", thanks="", version=1)
    assert fresh(ledger, survey).written.introduction == ""


def test_archived_survey_is_not_changed(make, act):
    survey = make.survey(make.event(), state=SurveyState.ARCHIVED)
    with pytest.raises(NotNow):
        act(surveys.add_section, survey.id, "More")
    with pytest.raises(NotFound):
        act(surveys.add_section, survey.id + 1, "More")


# ---------------------------------------------------------------- its life


def test_publishing_freezes_what_is_written_and_twice_is_once(make, ledger, act):
    survey = make.survey(make.event(), state=SurveyState.DRAFT)
    assert act(surveys.publish, survey.id, version=1).number == 1
    assert act(surveys.publish, survey.id, version=1).number == 1
    act(surveys.remove_question, survey.id, 2)
    version = fresh(ledger, survey).version
    with pytest.raises(SurveyChanged):
        act(surveys.publish, survey.id, version=version - 1)
    assert act(surveys.publish, survey.id, version=version).number == 2

    found = ledger.all(select(SurveyVersion).order_by(SurveyVersion.number))
    assert [[question.no for question in one.document.questions] for one in found] == [[1, 2, 3], [1, 3]]
    assert fresh(ledger, survey).number == 2


def test_publishing_says_all_that_is_in_the_way(make, ledger, act, now):
    event = make.event()
    asked = Asked(sections=(Section(no=1, title="Talks", session="bcdfghjkmnpq"), Section(no=2, title="Empty")), last=2)
    survey = make.survey(event, asked=asked, state=SurveyState.DRAFT, closes_at=now)
    with pytest.raises(NotNow) as refused:
        act(surveys.publish, survey.id, version=1)
    for part in ("asks nothing yet", "“Talks” has no questions", "“Empty” has no questions", "no longer in the agenda",
                 "closing date has passed"):  # fmt: skip
        assert part in refused.value.message
    same = make.survey(event)
    with pytest.raises(NotNow, match="Nothing has changed"):
        act(surveys.publish, same.id, version=1)


def test_survey_is_closed_opened_again_and_archived(make, ledger, act, now):
    survey = make.survey(make.event())
    with pytest.raises(NotNow):
        act(surveys.archive, survey.id)
    act(surveys.close, survey.id)
    act(surveys.close, survey.id)
    assert fresh(ledger, survey).stage(now) is SurveyStage.CLOSED
    act(surveys.reopen, survey.id)
    assert fresh(ledger, survey).stage(now) is SurveyStage.OPEN
    act(surveys.close, survey.id)
    act(surveys.archive, survey.id)
    with pytest.raises(NotNow):
        act(surveys.reopen, survey.id)
    act(surveys.bring_back, survey.id)
    assert fresh(ledger, survey).state is SurveyState.CLOSED


def test_survey_whose_time_is_over_is_opened_again_without_an_end(make, ledger, act, now):
    survey = make.survey(make.event(), closes_at=now)
    assert survey.stage(now) is SurveyStage.CLOSED
    act(surveys.reopen, survey.id)
    row = fresh(ledger, survey)
    assert (row.closes_at, row.stage(now)) == (None, SurveyStage.OPEN)
    with pytest.raises(NotNow):
        act(surveys.close, make.survey(state=SurveyState.DRAFT).id)


def test_anonymous_survey_that_was_answered_stays_closed(make, ledger, act, now):
    answered, not_answered = (make.survey(make.event(), privacy=Privacy.ANONYMOUS, closes_at=now) for _ in range(2))
    make._kept(SurveyResponse(id=77, survey_id=answered.id, version=1, day=now.date()))
    with pytest.raises(NotNow, match="could be told apart"):
        act(surveys.reopen, answered.id)
    # Nor by its settings.
    for closes_at in (now + timedelta(days=1), None):
        with pytest.raises(SurveyRefused, match="could be told apart") as refused:
            act(surveys.change_settings, answered.id, settings_of(answered, closes_at=closes_at), version=1)
        assert refused.value.field == "closes_on"
    act(surveys.change_settings, answered.id, settings_of(answered, title="Closed", closes_at=now), version=1)
    # What waits in its box since it closed may still be joined by more.
    make._kept(SurveyEnvelope(id=79, survey_id=not_answered.id, tag="t", sealed=b"s"))
    act(surveys.reopen, not_answered.id)
    assert fresh(ledger, not_answered).stage(now) is SurveyStage.OPEN


def test_survey_is_deleted_only_before_anybody_begins(make, ledger, act, now):
    event = make.event()
    begun, sent, untouched = make.survey(event), make.survey(event), make.survey(event)
    make._kept(SurveyDraft(key="k", survey_id=begun.id, day=now.date(), sealed=b"s"))
    make._kept(SurveyResponse(id=78, survey_id=sent.id, version=1, day=now.date()))
    for survey in (begun, sent):
        with pytest.raises(NotNow):
            act(surveys.delete, survey.id)
    act(surveys.delete, untouched.id)
    assert ledger.all(select(Survey.id).order_by(Survey.id)) == [begun.id, sent.id]
    assert ledger.one(select(func.count()).select_from(SurveyVersion)) == 2


# ---------------------------------------------------------------- for whom it is


def test_settings_are_changed_and_what_was_promised_stays(make, ledger, act, now):
    survey = make.survey(make.event(), privacy=Privacy.CONFIDENTIAL)
    later = now + timedelta(days=30)
    act(
        surveys.change_settings,
        survey.id,
        settings_of(survey, title="Feedback", asked_of=AskedOf.CAME, threshold=9, closes_at=later),
        version=1,
    )
    row = fresh(ledger, survey)
    assert (row.title, row.asked_of, row.threshold, row.closes_at) == ("Feedback", AskedOf.CAME, 9, later)
    for change, about in (
        ({"privacy": Privacy.NAMED}, "privacy"),
        ({"threshold": 8}, "threshold"),
        ({"threshold": 2}, "threshold"),
        ({"opens_at": later + timedelta(days=1)}, "closes_on"),
    ):
        with pytest.raises(SurveyRefused) as refused:
            act(surveys.change_settings, survey.id, settings_of(row, **change), version=2)
        assert refused.value.field == about
    with pytest.raises(SurveyChanged):
        act(surveys.change_settings, survey.id, settings_of(row, title="Late"), version=1)


def test_threshold_of_an_anonymous_survey_stands_once_somebody_answered(make, ledger, act, now):
    waiting, opened, none = (make.survey(make.event(), privacy=Privacy.ANONYMOUS) for _ in range(3))
    make._kept(SurveyEnvelope(id=80, survey_id=waiting.id, tag="t", sealed=b"s"))
    make._kept(SurveyResponse(id=81, survey_id=opened.id, version=1, day=now.date()))
    for survey in (waiting, opened):
        with pytest.raises(SurveyRefused, match="never be enough") as refused:
            act(surveys.change_settings, survey.id, settings_of(survey, threshold=6), version=1)
        assert refused.value.field == "threshold"
    act(surveys.change_settings, none.id, settings_of(none, threshold=6), version=1)
    assert fresh(ledger, none).threshold == 6


def test_survey_on_nothing_is_for_whoever_has_the_address(make, ledger, act):
    survey = make.survey(open_link=True, state=SurveyState.DRAFT)
    changed = settings_of(survey, title="New", asked_of=AskedOf.CAME, open_link=False)
    act(surveys.change_settings, survey.id, changed, version=1)
    row = fresh(ledger, survey)
    assert (row.title, row.asked_of, row.open_link) == ("New", AskedOf.EVERYONE, True)
