"""Answering surveys: saving, sending, changing, and the box of an anonymous one."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from tests.ledger import Ledger
from webapp import clock
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import SYSTEM
from webapp.models.surveys import (
    Participation,
    Privacy,
    Survey,
    SurveyAnswer,
    SurveyDraft,
    SurveyEnvelope,
    SurveyResponse,
    SurveyState,
)
from webapp.models.surveys_answered import Part
from webapp.models.surveys_asked import NO, YES, Asked, Choice, Condition, Kind, Question, Section
from webapp.queries.surveys import results, standing
from webapp.queries.surveys.standing import Answerer
from webapp.services.surveys import NotNow, answering, box, hindrances, publish, reopen

ANSWERS = {1: (Part(value=4),), 2: (Part(value=4, text="The tea"),), 3: (Part(text="Listen longer."),)}


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    return make.event()


def send(ledger, survey, who, given=ANSWERS, now=None):
    now = now or clock.now()
    ledger.act(answering.save, survey.id, who, given=given, reached=3, now=now)
    ledger.act(answering.send, survey.id, who, now=now)


def tidied(ledger, now):
    with ledger.app.app_context():
        box.tidy(lambda: now, stopping=lambda: False)


def so_far(ledger, survey, who):
    with ledger.app.app_context():
        return standing.so_far(survey, who)


def rows_of(ledger, response_id):
    with ledger.app.app_context():
        return standing.answers_of(response_id)


def test_answers_are_saved_as_one_goes_and_sent_once(make, ledger, event, now):
    survey, who = make.survey(event), Answerer(registration=make.registration(event))
    ledger.act(answering.save, survey.id, who, given={1: ANSWERS[1]}, reached=1, now=now)
    ledger.act(answering.save, survey.id, who, given={3: ANSWERS[3]}, reached=3, now=now)
    assert so_far(ledger, survey, who).given == {1: ANSWERS[1], 3: ANSWERS[3]}
    assert ledger.all(select(SurveyResponse)) == []

    ledger.act(answering.send, survey.id, who, now=now)
    ledger.act(answering.send, survey.id, who, now=now)

    (response,) = ledger.all(select(SurveyResponse))
    (part,) = ledger.all(select(Participation))
    assert (response.participation_id, part.registration_id, response.day) == (
        part.id, who.registration.id, now.date()
    )  # fmt: skip
    assert rows_of(ledger, response.id) == {1: ANSWERS[1], 3: ANSWERS[3]}
    assert ledger.all(select(SurveyDraft)) == []


def at_once(ledger, survey, who, so_far, given, now, reached=1):
    with ledger.app.app_context():
        return answering.save_at_once(survey, who, so_far, given=given, reached=reached, now=now)


def test_saving_leaves_what_another_device_changed_since_it_was_read(make, ledger, event, now):
    survey, who = make.survey(event), Answerer(registration=make.registration(event))
    save = partial(ledger.act, answering.save, survey.id, who, reached=1, now=now)
    save(given={1: ANSWERS[1]}, kept=frozenset({"a1"}))
    before = so_far(ledger, survey, who)
    theirs = (Part(text="Theirs."),)
    save(given={3: theirs}, read=before.given, kept=frozenset({"b2"}))
    save(given={1: (), 3: ()}, read=before.given)
    after = so_far(ledger, survey, who)
    assert (after.given, after.kept) == ({3: theirs}, {"a1", "b2"})
    with pytest.raises(answering.AnsweredElsewhere):
        save(given={1: ANSWERS[1], 3: ANSWERS[3]}, read=before.given)
    assert so_far(ledger, survey, who).given == {3: theirs}


def test_saving_at_once_is_saving_where_nobody_saved_meanwhile(make, ledger, event, now):
    survey, who = make.survey(event), Answerer(registration=make.registration(event))
    nothing = so_far(ledger, survey, who)
    assert at_once(ledger, survey, who, nothing, {1: ANSWERS[1]}, now)
    assert not at_once(ledger, survey, who, nothing, {1: ANSWERS[2]}, now), "another device had begun"
    first = so_far(ledger, survey, who)
    assert (first.given, first.reached) == ({1: ANSWERS[1]}, 1)

    assert at_once(ledger, survey, who, first, {3: ANSWERS[3]}, now, reached=3)
    assert not at_once(ledger, survey, who, first, {3: ANSWERS[2]}, now), "another device had saved"
    second = so_far(ledger, survey, who)
    assert (second.given, second.reached) == ({1: ANSWERS[1], 3: ANSWERS[3]}, 3)
    assert at_once(ledger, survey, who, second, {3: ()}, now, reached=3)
    third = so_far(ledger, survey, who)
    assert (third.given, third.reached) == ({1: ANSWERS[1]}, 3)
    ledger.act(answering.send, survey.id, who, now=now)
    assert not at_once(ledger, survey, who, third, {3: ANSWERS[2]}, now), "another device had sent"
    assert not at_once(ledger, survey, who, nothing, {3: ANSWERS[2]}, now), "another device had sent"
    sent = so_far(ledger, survey, who)
    assert not at_once(ledger, survey, who, sent, {3: ANSWERS[3]}, now), "what was sent is to be changed by save"
    assert so_far(ledger, survey, who) == sent
    ledger.act(answering.save, survey.id, who, given={3: ANSWERS[3]}, reached=3, now=now)
    again = so_far(ledger, survey, who)
    assert again.given == {1: ANSWERS[1], 3: ANSWERS[3]}
    assert again.version not in {first.version, second.version, third.version}, "a second draft is not the first"


@pytest.mark.parametrize("by", ["secret", "person"])
def test_draft_is_not_begun_over_what_another_device_sent_meanwhile(make, ledger, now, by):
    for privacy in (Privacy.NAMED, Privacy.ANONYMOUS):
        survey = make.survey(None, privacy=privacy, open_link=True)
        who = Answerer(secret="drawn by chance") if by == "secret" else Answerer(person_id=make.person("Ann Lee").id)
        nothing = so_far(ledger, survey, who)
        send(ledger, survey, who)
        assert not at_once(ledger, survey, who, nothing, {1: ANSWERS[2]}, now)
        assert so_far(ledger, survey, who).given == ANSWERS


def test_how_far_somebody_came_follows_the_order_of_the_questions(make, ledger, event, now):
    questions = [Question(no=no, kind=Kind.RATING, label=f"Question {no}") for no in (9, 2, 3)]
    survey, who = make.survey(event, *questions), Answerer(registration=make.registration(event))
    for no, reached in ((9, 9), (3, 3), (2, 3)):
        ledger.act(answering.save, survey.id, who, given={no: (Part(value=4),)}, reached=no, now=now)
        assert so_far(ledger, survey, who).reached == reached
    assert survey.written.later(9, 7) == 9, "a question that is gone stands before all"


def test_answer_by_the_open_link_is_found_and_changed_after_a_change_of_keys(make, ledger, event, now, app):
    survey, who = make.survey(event, open_link=True), Answerer(secret="drawn by chance")
    send(ledger, survey, who)
    settings = app.config["SETTINGS"]
    try:
        keys = f"a-newer-key-of-32-letters-at-least,{settings.secret_keys}"
        app.config["SETTINGS"] = settings.model_copy(update={"secret_keys": keys})
        assert so_far(ledger, survey, who).given == ANSWERS
        send(ledger, survey, who, {3: (Part(text="Changed."),)})
    finally:
        app.config["SETTINGS"] = settings
    (response,) = ledger.all(select(SurveyResponse))
    assert rows_of(ledger, response.id)[3] == (Part(text="Changed."),)


def test_survey_deleted_meanwhile_is_not_found(make, ledger, event, now):
    who = Answerer(registration=make.registration(event))
    with pytest.raises(NotFound):
        ledger.act(answering.save, 12345, who, given=ANSWERS, reached=1, now=now)


@pytest.mark.parametrize("changes", [{"state": "closed"}, {"closes_at": 0}, {"opens_at": 1}])
def test_saving_at_once_saves_nothing_where_the_survey_takes_no_answers(make, ledger, event, now, changes):
    moments = {
        name: now + timedelta(hours=value) if name.endswith("_at") else SurveyState(value)
        for name, value in changes.items()
    }
    survey, who = make.survey(event), Answerer(secret="drawn by chance")
    begun = so_far(ledger, survey, who)
    ledger.change(survey, **moments)
    assert not at_once(ledger, survey, who, begun, ANSWERS, now)
    assert ledger.all(select(SurveyDraft)) == []


def test_draft_under_an_earlier_key_is_found_beside_what_was_sent(make, ledger, event, now, app):
    survey, who = make.survey(event, privacy=Privacy.ANONYMOUS), Answerer(registration=make.registration(event))
    send(ledger, survey, who)
    ledger.act(answering.save, survey.id, who, given={3: (Part(text="Changed."),)}, reached=3, now=now)
    settings = app.config["SETTINGS"]
    try:
        keys = f"a-newer-key-of-32-letters-at-least,{settings.secret_keys}"
        app.config["SETTINGS"] = settings.model_copy(update={"secret_keys": keys})
        found = so_far(ledger, survey, who)
        assert (found.sent, found.given[3]) == (True, (Part(text="Changed."),))
        assert at_once(ledger, survey, who, found, {3: (Part(text="Changed again."),)}, now)
        assert so_far(ledger, survey, who).given[3] == (Part(text="Changed again."),)
    finally:
        app.config["SETTINGS"] = settings


def test_answer_sent_is_changed_until_the_survey_closes(make, ledger, event, now):
    survey, who = make.survey(event, closes_at=now + timedelta(days=1)), Answerer(registration=make.registration(event))
    send(ledger, survey, who)
    first = ledger.one(select(SurveyResponse.id))
    ledger.act(answering.save, survey.id, who, given={2: (), 3: (Part(text="Ask first."),)}, reached=3, now=now)
    assert rows_of(ledger, first) == ANSWERS
    ledger.act(answering.send, survey.id, who, now=now)
    assert ledger.one(select(SurveyResponse.id)) == first
    assert rows_of(ledger, first) == {1: ANSWERS[1], 3: (Part(text="Ask first."),)}

    for verb, more in ((answering.save, {"given": ANSWERS, "reached": 3}), (answering.send, {})):
        with pytest.raises(answering.SurveyNotOpen, match="has closed"):
            ledger.act(verb, survey.id, who, now=now + timedelta(days=1), **more)
    assert rows_of(ledger, first) == {1: ANSWERS[1], 3: (Part(text="Ask first."),)}


def test_survey_not_open_yet_or_not_for_this_person_is_refused(make, ledger, event, now):
    who = Answerer(registration=make.registration(event))
    later = make.survey(event, opens_at=now + timedelta(hours=1))
    with pytest.raises(answering.SurveyNotOpen, match="not open yet"):
        ledger.act(answering.save, later.id, who, given=ANSWERS, reached=1, now=now)
    theirs = make.survey(event, asked_of="came")
    with pytest.raises(answering.NotAsked, match="those who came"):
        ledger.act(answering.save, theirs.id, who, given=ANSWERS, reached=1, now=now)
    with pytest.raises(answering.NotAsked, match="registered for the event"):
        ledger.act(answering.save, theirs.id, Answerer(secret="guessed"), given=ANSWERS, reached=1, now=now)
    assert ledger.all(select(SurveyDraft)) == []


def test_what_is_missing_hidden_or_not_offered_is_found_when_sent(make, ledger, event, now):
    choices = (Choice(no=1, label="Yes, all"), Choice(no=2, label="None"))
    survey = make.survey(
        event,
        Question(no=1, kind=Kind.ONE_CHOICE, label="Did it help?", choices=choices, last=2, required=True),
        Question(no=2, kind=Kind.LONG_TEXT, label="Why not?", shown=Condition(question=1, values=(2,)), required=True),
    )
    who = Answerer(registration=make.registration(event))
    ledger.act(answering.save, survey.id, who, given={1: (Part(value=9),)}, reached=2, now=now)
    with pytest.raises(answering.Unanswered) as refused:
        ledger.act(answering.send, survey.id, who, now=now)
    assert [one.no for one in refused.value.questions] == [1]
    send(ledger, survey, who, {1: (Part(value=1),), 2: (Part(text="Sent by hand to a question that is hidden."),)})
    assert rows_of(ledger, ledger.one(select(SurveyResponse.id))) == {1: (Part(value=1),)}


def test_open_link_is_answered_and_changed_by_the_secret_alone(make, ledger, event, now):
    survey, who = make.survey(event, open_link=True), Answerer(secret="drawn by chance")
    send(ledger, survey, who)
    send(ledger, survey, who, {3: (Part(text="Changed."),)})
    (response,) = ledger.all(select(SurveyResponse))
    assert (response.participation_id, ledger.all(select(Participation))) == (None, [])
    assert rows_of(ledger, response.id)[3] == (Part(text="Changed."),)
    assert so_far(ledger, survey, Answerer(secret="another")).given == {}


def everybody(make, event, number):
    return [Answerer(registration=make.registration(event)) for _ in range(number)]


def opened(ledger, now):
    with ledger.app.app_context():
        return box.open_boxes(lambda: now, stopping=lambda: False)


def test_box_is_opened_for_several_together_and_keeps_as_many(make, ledger, event, now):
    survey = make.survey(event, privacy=Privacy.ANONYMOUS, closes_at=now + timedelta(days=2))
    people = everybody(make, event, 12)
    for who in people[:9]:
        send(ledger, survey, who)
    assert opened(ledger, now) == 0
    assert [ledger.all(select(model)) for model in (Participation, SurveyResponse, SurveyAnswer)] == [[], [], []]
    for who in people[9:]:
        send(ledger, survey, who)
    assert opened(ledger, now + timedelta(days=1)) == 7
    # The day is that of the opening: who answered on which day says nothing either.
    for model in (Participation, SurveyResponse):
        assert ledger.all(select(model.day)) == [(now + timedelta(days=1)).date()] * 7
    assert ledger.all(select(SurveyResponse.sector).distinct()) == [None]
    assert opened(ledger, now + timedelta(days=1)) == 0
    assert opened(ledger, now + timedelta(days=2)) == 5
    assert len(ledger.all(select(SurveyResponse))) == len(ledger.all(select(Participation))) == 12
    assert ledger.all(select(SurveyEnvelope)) == []


def test_what_was_never_sent_goes_when_the_survey_is_over(make, ledger, event, now):
    survey = make.survey(event, threshold=3, closes_at=now + timedelta(days=1))
    for _ in range(3):
        who = Answerer(registration=make.registration(event))
        ledger.act(answering.save, survey.id, who, given=ANSWERS, reached=3, now=now)
    # Who began to change what they sent has left nowhere.
    for _ in range(4):
        who = Answerer(registration=make.registration(event))
        send(ledger, survey, who)
        ledger.act(answering.save, survey.id, who, given=ANSWERS, reached=3, now=now)

    def left():
        with ledger.app.app_context():
            stops = results.drop_off(survey, survey.written, 4)
        return [stop.left for stop in stops]

    # Who extends it on the next days finds all that was begun.
    closed = now + timedelta(days=1)
    for at, begun in ((now, 7), (closed + timedelta(days=13), 7), (closed + timedelta(days=14), 0)):
        tidied(ledger, at)
        assert (ledger.count(SurveyDraft), left()) == (begun, [0, 0, 0, 3])
    # How far they came stays, and nothing else: where people left is read after the survey, too.
    kept = ledger.all(select(SurveyResponse).where(SurveyResponse.day.is_(None)))
    assert [(one.reached, one.participation_id, one.sector, one.role) for one in kept] == [(3, None, None, "")] * 3
    assert ledger.all(select(SurveyAnswer).where(SurveyAnswer.response_id.in_([one.id for one in kept]))) == []


def test_fewer_than_the_threshold_are_never_opened(make, ledger, event, now):
    survey = make.survey(event, privacy=Privacy.ANONYMOUS)
    for who in everybody(make, event, 4):
        send(ledger, survey, who)
    ledger.change(survey, state=SurveyState.CLOSED)
    for days, waiting, noted in ((0, 4, 0), (13, 4, 0), (14, 0, 4), (30, 0, 4)):
        tidied(ledger, now + timedelta(days=days))
        assert (ledger.count(SurveyEnvelope), ledger.count(Participation)) == (waiting, noted)
    assert ledger.count(SurveyResponse) == ledger.count(SurveyAnswer) == 0
    # Anew it would be few again.
    with pytest.raises(NotNow):
        ledger.act(reopen, survey.id, actor=SYSTEM, now=now)


def test_box_that_cannot_be_opened_keeps_no_other_shut(make, ledger, event, now, caplog):
    closed = {"privacy": Privacy.ANONYMOUS, "closes_at": now + timedelta(hours=1)}
    broken, whole = make.survey(event, **closed), make.survey(event, **closed)
    named = make.survey(event, closes_at=now + timedelta(hours=1))
    for who in everybody(make, event, 5):
        send(ledger, broken, who)
        send(ledger, whole, who)
    ledger.act(answering.save, named.id, who, given=ANSWERS, reached=3, now=now)
    ledger.change(ledger.all(select(SurveyEnvelope).where(SurveyEnvelope.survey_id == broken.id))[0], sealed=b"x" * 99)
    tidied(ledger, now + timedelta(days=20))
    assert set(ledger.all(select(SurveyEnvelope.survey_id))) == {broken.id}
    assert ledger.all(select(SurveyResponse.survey_id).where(SurveyResponse.day.is_not(None))) == [whole.id] * 5
    assert ledger.count(SurveyDraft) == 0
    assert f"survey {broken.id} could not be tidied" in caplog.text


def test_anonymous_answer_is_changed_while_it_waits_and_not_once_it_is_opened(make, ledger, event, now):
    survey, people = make.survey(event, privacy=Privacy.ANONYMOUS), everybody(make, event, 10)
    send(ledger, survey, people[0])
    assert so_far(ledger, survey, people[0]).given == ANSWERS
    send(ledger, survey, people[0], {3: (Part(text="Changed."),)})
    assert len(ledger.all(select(SurveyEnvelope))) == 1
    for who in people[1:]:
        send(ledger, survey, who)
    ledger.change(survey, state=SurveyState.CLOSED)
    opened(ledger, now)
    ledger.change(survey, state=SurveyState.PUBLISHED)
    texts = ledger.all(select(SurveyAnswer.text).where(SurveyAnswer.question == 3))
    assert sorted(texts) == ["Changed.", *["Listen longer."] * 9]
    state = so_far(ledger, survey, people[0])
    assert (state.sent, state.changeable, state.given) == (True, False, {})
    with pytest.raises(answering.AnsweredAlready):
        ledger.act(answering.save, survey.id, people[0], given=ANSWERS, reached=3, now=now)


def test_envelope_without_its_key_tells_nothing_and_with_an_old_key_is_read(make, ledger, event, now, app):
    survey, who = make.survey(event, privacy=Privacy.ANONYMOUS), Answerer(registration=make.registration(event))
    send(ledger, survey, who)
    envelope = ledger.one(select(SurveyEnvelope))
    assert b"Listen" not in envelope.sealed
    assert f"{who.registration.id:019}".encode() not in envelope.sealed
    settings = app.config["SETTINGS"]
    try:
        app.config["SETTINGS"] = settings.model_copy(
            update={"secret_keys": f"a-newer-key-of-32-letters-at-least,{settings.secret_keys}"}
        )
        assert so_far(ledger, survey, who).given == ANSWERS
        send(ledger, survey, who)
        assert len(ledger.all(select(SurveyEnvelope))) == 1
        app.config["SETTINGS"] = settings.model_copy(update={"secret_keys": "another-key-that-never-sealed-it"})
        assert so_far(ledger, survey, who).sent is False
    finally:
        app.config["SETTINGS"] = settings


@pytest.mark.parametrize(("privacy", "came"), [(Privacy.NAMED, NO), (Privacy.ANONYMOUS, YES)])
def test_section_about_a_session_asks_first_whether_whoever_is_not_known_came(make, ledger, event, now, privacy, came):
    session = make.session(event, "Listening")
    usefulness = Question(no=1, kind=Kind.RATING, label="How useful was it?", required=True)
    section = Section(no=2, title="The talk", session=session.public_id, questions=(usefulness,))
    last = Section(no=4, title="Last", questions=(Question(no=3, kind=Kind.YES_NO, label="Again?"),))
    survey = make.survey(event, asked=Asked(sections=(section, last), last=4), privacy=privacy, state=SurveyState.DRAFT)
    with ledger.app.app_context():
        assert hindrances(get_managed(survey), now=now) == []
    version = ledger.act(publish, survey.id, version=1, actor=SYSTEM, now=now)
    (first, *_) = version.document.all_questions
    assert (first.no, first.kind, first.label, first.required) == (
        2, Kind.YES_NO, "Did you come to “Listening”?", True
    )  # fmt: skip

    who = Answerer(registration=make.registration(event))
    ledger.act(answering.save, survey.id, who, given={3: (Part(value=YES),)}, reached=3, now=now)
    assert missing(ledger, survey, who, now) == [2]
    ledger.act(answering.save, survey.id, who, given={2: (Part(value=came),)}, reached=2, now=now)
    if came == YES:
        assert missing(ledger, survey, who, now) == [1]
    ledger.act(answering.save, survey.id, who, given={1: (Part(value=5),)}, reached=1, now=now)
    ledger.act(answering.send, survey.id, who, now=now)
    kept = {2: (Part(value=came),), 3: (Part(value=YES),)} | ({1: (Part(value=5),)} if came else {})
    assert so_far(ledger, survey, who).given == kept


def missing(ledger, survey, who, now):
    with pytest.raises(answering.Unanswered) as refused:
        ledger.act(answering.send, survey.id, who, now=now)
    return [one.no for one in refused.value.questions]


def get_managed(survey):
    return db.session.scalars(select(Survey).where(Survey.id == survey.id).options(selectinload(Survey.versions))).one()
