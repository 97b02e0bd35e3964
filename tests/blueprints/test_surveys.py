"""Answering a survey as people do: by a link, on one page or many, and with what can go wrong."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.answered import survey_link
from tests.browsing import Browser, text_of
from tests.ledger import Ledger
from webapp import tokens, transaction
from webapp.extensions import db
from webapp.models.accounts import Person
from webapp.models.attendance import Came, Presence
from webapp.models.surveys import (
    Participation,
    Privacy,
    SurveyAnswer,
    SurveyDraft,
    SurveyEnvelope,
    SurveyResponse,
)
from webapp.models.surveys_asked import Asked, Choice, Condition, Kind, Question, Row, Section


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    return make.event()


def choices(*labels):
    return tuple(Choice(no=no, label=label) for no, label in enumerate(labels, start=1))


def answers(ledger):
    rows = ledger.all(select(SurveyAnswer).order_by(SurveyAnswer.question, SurveyAnswer.part))
    return [(row.question, row.part, row.value, row.text) for row in rows]


def test_each_question_on_a_page_then_checked_sent_and_changed(app, make, browser, ledger, event):
    survey = make.survey(event)
    address = survey_link(app, survey, make.registration(event))
    page = browser.get(browser.get(address).link("Start"))
    assert (page.heading, "Question 1 of 3" in page.text) == ("About it", True)
    refused = browser.send(page.form())
    assert (refused.status, refused.errors, refused.title.startswith("Error: ")) == (422, ["Choose an answer"], True)
    page = browser.send(page.form(), q1="4")
    again = browser.send(page.form(), q2="4")
    assert (again.status, again.errors) == (
        422, ["Write your answer in your own words, or do not choose “Other”"]
    )  # fmt: skip
    page = browser.send(page.form(), **{"q2": "4", "q2-other": "The tea"})
    # Another day, another device: what was answered is there, and the next question follows.
    other = Browser(app)
    begun = other.get(address)
    assert "What you answered so far is kept, and not sent yet." in begun.text
    page = other.get(begun.link("Go on"))
    assert "Question 3 of 3" in page.text
    page = other.send(page.form(), q3="Listen <b>longer</b>.")
    assert page.heading == "Check your answers"
    assert [text_of(dd) for dd in page.all("dd", class_="govuk-summary-list__value")] == [
        "4", "Other: The tea", "Listen <b>longer</b>."
    ]  # fmt: skip
    done = other.send(page.form())
    assert done.heading == "Thank you for your answers"
    assert answers(ledger) == [(1, 0, 4, None), (2, 0, 4, "The tea"), (3, 0, None, "Listen <b>longer</b>.")]

    page = browser.get(browser.get(address).link("Look through your answers and change them"))
    change = browser.get(page.link("Change the answer to “How useful was it?”"))
    page = browser.send(browser.send(change.form(), q1="5").form())
    assert page.heading == "Thank you for your answers"
    assert answers(ledger)[0] == (1, 0, 5, None)
    assert len(ledger.all(select(SurveyResponse))) == len(ledger.all(select(Participation))) == 1


EVERY = (
    Question(no=1, kind=Kind.SEVERAL_CHOICES, label="What helped?", other=3, last=3,
             choices=choices("Talks", "Groups")),
    Question(no=2, kind=Kind.MATRIX, label="How was it?", rows=(Row(no=4, label="Food"), Row(no=5, label="Room")),
             choices=choices("Good", "Poor"), last=5, required=True),
    Question(no=3, kind=Kind.RANKING, label="Which first?", choices=choices("Time", "Money"), last=2),
    Question(no=4, kind=Kind.NUMBER, label="How many years?"),
    Question(no=5, kind=Kind.DATE, label="Since when?"),
    Question(no=6, kind=Kind.YES_NO, label="Again?"),
    Question(no=7, kind=Kind.SHORT_TEXT, label="Why not?", shown=Condition(question=6, values=(0,)), required=True),
    Question(no=8, kind=Kind.STATEMENT, label="Nearly there."),
    Question(no=9, kind=Kind.RECOMMENDATION, label="Would you recommend it?"),
)  # fmt: skip
GOOD = {
    "q1": ["1", "3"], "q1-other": "Lunch", "q2-4": "1", "q2-5": "2", "q3-1": "2", "q3-2": "1", "q4": "1,200.5",
    "q5": "14 June 2021", "q6": "1", "q7": "Said by hand", "q9": "0",
}  # fmt: skip


def test_all_on_one_page_takes_every_kind_of_answer_and_drops_hidden_ones(app, make, browser, ledger, event):
    survey = make.survey(event, *EVERY)
    address = survey_link(app, survey, make.registration(event))
    page = browser.get(f"{address}/all")
    page = browser.send(page.form(), **GOOD)
    assert page.heading == "Check your answers"
    shown = [text_of(dd) for dd in page.all("dd", class_="govuk-summary-list__value")]
    assert shown == [
        "TalksOther: Lunch", "Food: GoodRoom: Poor", "1. Money2. Time", "1200.5", "14 June 2021", "Yes", "0"
    ]  # fmt: skip
    # The page shows again what was given, and sends the same.
    same = browser.send(browser.get(f"{address}/all").form())
    assert [text_of(dd) for dd in same.all("dd", class_="govuk-summary-list__value")] == shown
    browser.send(same.form())
    assert answers(ledger) == [
        (1, 0, None, None), (1, 1, None, None), (1, 3, None, "Lunch"), (2, 0, None, None), (2, 4, 1, None),
        (2, 5, 2, None), (3, 0, None, None), (3, 1, 2, None), (3, 2, 1, None), (4, 0, 1200.5, None),
        (5, 0, 737955, "2021-06-14"), (6, 0, 1, None), (9, 0, 0, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({"q1": ["9"]}, ["Choose from the answers that are offered: What helped?"]),
        (
            {"q1": ["3"], "q1-other": ""},
            ["Write your answer in your own words, or do not choose “Other”: What helped?"],
        ),
        ({"q2-4": ""}, ["Choose an answer for “Food”: How was it?"]),
        ({"q2-4": "1 OR 1=1"}, ["Choose from the answers that are offered: How was it?"]),
        ({"q3-1": "1"}, ["“Time” has rank 1 already: give each rank once: Which first?"]),
        ({"q3-1": "99"}, ["Choose from the answers that are offered: Which first?"]),
        ({"q4": "many"}, ["Enter a number, like 12 or 2.5: How many years?"]),
        ({"q5": "31 June 2021"}, ["Enter a real date, like 14 June 2027: Since when?"]),
        ({"q5": "1 Feb 20"}, ["Check the year 20: write it in full, from 1900 to 2199: Since when?"]),
        ({"q6": "0", "q7": ""}, ["Write an answer: Why not?"]),
        ({"q6": "0", "q7": "x" * 501}, ["The answer must be 500 characters or fewer. It has 501: Why not?"]),
        ({"q9": "11"}, ["Choose from the answers that are offered: Would you recommend it?"]),
    ],
)
def test_wrong_answer_is_said_at_its_field_and_nothing_typed_is_lost(app, make, browser, ledger, event, sent, errors):
    survey = make.survey(event, *EVERY)
    page = browser.get(survey_link(app, survey, make.registration(event)) + "/all")
    page = browser.send(page.form(), **(GOOD | sent))
    assert (page.status, page.errors) == (422, errors)
    assert page.one("input", name="q1-other").get("value") == sent.get("q1-other", "Lunch")
    assert ledger.all(select(SurveyDraft)) == []


def test_very_long_answer_is_refused_in_words_and_shown_again(app, make, browser, ledger, event):
    survey = make.survey(event)
    page = browser.get(survey_link(app, survey, make.registration(event)) + "/all")
    page = browser.send(page.form(), q1="1", q3="ü" * 100_000)
    (error,) = page.errors
    assert error == "The answer must be 10,000 characters or fewer. It has 100,000: What will you do differently?"
    assert len(text_of(page.one("textarea", name="q3"))) == 100_000
    assert ledger.all(select(SurveyDraft)) == []


def test_save_and_come_back_later_asks_for_nothing(app, make, browser, event):
    survey = make.survey(event)
    address = survey_link(app, survey, make.registration(event))
    page = browser.send(browser.get(f"{address}/all").form(), q3="Half a thought", later="1")
    assert "Your answers so far are kept." in page.body
    page = browser.get(f"{address}/check")
    refused = browser.send(page.form())
    assert (refused.status, refused.errors) == (422, ["Choose an answer: How useful was it?"])
    assert "Half a thought" in refused.text


def test_save_and_come_back_later_takes_a_matrix_with_rows_left_out(app, make, browser, event):
    rows = (Row(no=7, label="The room"), Row(no=8, label="The food"))
    matrix = Question(
        no=1, kind=Kind.MATRIX, label="How was it?", required=True, choices=choices("Good", "Bad"), rows=rows, last=8
    )
    survey = make.survey(event, matrix, Question(no=2, kind=Kind.LONG_TEXT, label="What else?"))
    address = survey_link(app, survey, make.registration(event))
    page = browser.send(browser.get(f"{address}/all").form(), **{"q1-7": "1", "q2": "Half a thought", "later": "1"})
    assert "Your answers so far are kept" in page.text
    form = browser.get(f"{address}/all").form()
    assert (form.values["q1-7"], form.values["q2"]) == (["1"], ["Half a thought"])
    # Not all rows are answered, so it is not sent, by whatever way it is tried.
    refused = browser.send(browser.get(f"{address}/check").form())
    assert (refused.status, refused.errors) == (422, ["Choose an answer in each row: How was it?"])


def test_who_came_to_none_of_the_sessions_asked_about_is_told_so(app, make, browser, ledger, event):
    session = make.session(event)
    question = Question(no=1, kind=Kind.RATING, label="How useful was it?")
    asked = Asked(sections=(Section(no=2, title="The talk", session=session.public_id, questions=(question,)),), last=2)
    survey = make.survey(event, asked=asked)
    came, missed = make.registration(event), make.registration(event)
    with app.app_context(), transaction.unit():
        seen = {"day_id": session.day_id, "how": Came.CAME, "checked_in": True, "placed": True}
        db.session.add(Presence(event_id=event.id, registration_id=came.id, **seen))
    page = browser.get(survey_link(app, survey, missed))
    assert "sessions that you did not come to" in page.text
    assert not page.has_link("Start")
    assert browser.get(survey_link(app, survey, came)).has_link("Start")


def autosaved(browser, form, **values):
    """What a script sends as somebody types, and the answer."""
    page = browser.post(form.fill(**values).action, form.values, headers={"Accept": "application/json"})
    told = json.loads(page.body)
    form.fill(as_opened=told.pop("as_opened", form.values["as_opened"]))
    return page.status, told


def test_what_is_typed_on_one_page_is_kept_as_one_goes(app, make, browser, ledger, event):
    survey = make.survey(event, *EVERY)
    address = survey_link(app, survey, make.registration(event)) + "/all"
    form = browser.get(address).form()
    # Nothing that must be answered is asked for yet, and what is not asked is not kept, whoever sends it.
    status, told = autosaved(browser, form, **{"q2-4": "1", "q7": "By hand", "q1": ["3"], "q1-other": "Tea"})
    assert (status, told) == (200, {"saved": "Kept at 10am. Not sent yet."})
    again = Browser(app).get(address).form().values
    assert [again.get(name) for name in ("q1", "q1-other", "q2-4", "q2-5", "q7")] == [
        ["3"], ["Tea"], ["1"], None, [""]
    ]  # fmt: skip
    # What cannot be kept is said, and costs nothing of the rest.
    wrong = {"q9": "11", "q2-5": "9", "q4": "many", "q5": "14 June 2021", "q6": "0", "q7": "A reason"}
    status, told = autosaved(browser, form, **wrong)
    assert status == 200
    assert told["saved"] == (
        "Kept at 10am, but not all of it. “How was it?”: Choose from the answers that are offered. “How many years?”:"
        " Enter a number, like 12 or 2.5. “Would you recommend it?”: Choose from the answers that are offered."
    )
    again = browser.get(address).form().values
    assert [again.get(name) for name in ("q2-4", "q2-5", "q4", "q5", "q6", "q7", "q9")] == [
        ["1"], None, [""], ["14 June 2021"], ["0"], ["A reason"], None
    ]  # fmt: skip
    # Hidden for a moment, an answer is not lost with it.
    autosaved(browser, form, q6="1", q7=[])
    autosaved(browser, browser.get(address).form(), q6="0", changed="q6")
    assert browser.get(address).form().values["q7"] == ["A reason"]
    assert ledger.all(select(SurveyResponse)) == []


def test_keeping_fails_honestly(app, make, browser, ledger, event):
    survey = make.survey(event)
    address = survey_link(app, survey, make.registration(event))
    form = browser.get(f"{address}/all").form()
    assert autosaved(Browser(app), form, q3="Without a session") == (
        422, {"problem": "The page was open for too long. Press Continue, and go on: nothing you typed is lost."}
    )  # fmt: skip
    _status, told = autosaved(browser, form, q3="ü" * 10_001)
    assert told["saved"].endswith("The answer must be 10,000 characters or fewer. It has 10,001.")
    ledger.change(survey, state="closed")
    assert autosaved(browser, form, q3="Too late") == (
        409, {"problem": "This survey has closed. Thank you for wanting to answer."}
    )  # fmt: skip
    assert "Too late" not in str(ledger.all(select(SurveyDraft.sealed)))


def test_forged_foreign_and_early_links_show_nothing_of_the_survey(app, make, browser, ledger, event, now):
    survey, registration = make.survey(event), make.registration(event)
    address = survey_link(app, survey, registration)
    other = make.survey(event, title="Another")
    foreign = address.replace(survey.public_id, other.public_id)
    elsewhere = survey_link(app, survey, make.registration(make.event()))
    draft = survey_link(app, make.survey(event, state="draft"), registration)
    for wrong in (address[:-1] + ("x" if address[-1] != "x" else "y"), foreign, elsewhere, draft, "/surveys/nonsense"):
        assert (browser.get(wrong).status, browser.get(wrong).heading) == (404, "This survey is not here")
    early = make.survey(event, opens_at=now + timedelta(days=1))
    for page in (browser.get(survey_link(app, early, registration)), browser.get(f"/surveys/{early.public_id}")):
        assert "This survey is not open yet. It opens at 10am on Tuesday 11 May 2027." in page.text
        assert "Come back then by the same address." in page.text
        assert "Your name stands with your answers." in page.text


def test_survey_that_closes_while_somebody_answers_keeps_nothing_and_says_so(app, make, browser, ledger, event):
    survey = make.survey(event)
    address = survey_link(app, survey, make.registration(event))
    form = browser.get(f"{address}/all").form()
    ledger.change(survey, state="closed")
    page = browser.send(form, q1="3", q3="Too late")
    assert "This survey has closed. Thank you for wanting to answer." in page.text
    assert ledger.all(select(SurveyDraft)) == []


def test_open_link_gives_an_address_to_come_back_by(app, make, browser, ledger, event):
    survey = make.survey(event, open_link=True, privacy=Privacy.ANONYMOUS)
    front = browser.get(f"/surveys/{survey.public_id}")
    assert "Your answers are anonymous." in front.text
    assert "Nor is it noted that you took part." in front.text
    first = browser.send(front.form("/start"))
    assert "Question 1 of 3" in first.text
    page = browser.get(first.link("Come back later"))
    assert "Keep this address to come back" in page.text
    assert text_of(page.one("span", class_="wm-copy__address")) == f"{app.config['SETTINGS'].base_url}{page.address}"
    browser.send(first.form(), q1="5")
    back = Browser(app).get(page.address)
    assert "You have begun." in back.text
    done = Browser(app).send(Browser(app).get(f"{page.address}/check").form())
    assert done.status == 422  # each browser has a token of its own: nothing is sent by another's
    sent = browser.send(browser.get(f"{page.address}/check").form())
    assert sent.heading == "Thank you for your answers"
    assert (len(ledger.all(select(SurveyEnvelope))), ledger.all(select(SurveyResponse))) == (1, [])
    closed = make.survey(event)
    assert Browser(app).get(f"/surveys/{closed.public_id}/o{'x' * 32}").status == 404


def test_signed_in_answers_as_registered_and_the_link_finds_the_same(app, make, browser, ledger, event):
    registration = make.registration(event, email="dana@example.org")
    person = ledger.one(select(Person).where(Person.id == registration.person_id))
    survey = make.survey(event)
    mine = Browser(app).sign_in(make.signed_in(person))
    page = mine.get(f"/surveys/{survey.public_id}")
    assert page.address == f"/surveys/{survey.public_id}/me"
    mine.send(mine.get(page.link("Start")).form(), q1="3")
    assert "You have begun." in browser.get(survey_link(app, survey, registration)).text
    asked = browser.get(f"/surveys/{survey.public_id}/me")
    assert asked.heading == "Sign in"


def test_own_registration_leads_to_the_surveys_that_one_is_asked_to_answer(app, make, browser, ledger, event, now):
    survey = make.survey(event, privacy=Privacy.ANONYMOUS)
    make.survey(event, asked_of="came", title="For those who came")
    make.survey(event, closes_at=now, title="Over")
    make.survey(event, state="draft", title="Being written")
    registration = make.registration(event)
    with app.app_context():
        token = tokens.make("registration", registration.public_id, registration.link_nonce)
    page = browser.get(f"/registrations/{token}")
    assert (survey.title in page.text, "You have answered it." in page.text) == (True, False)
    assert not any(title in page.text for title in ("For those who came", "Over", "Being written"))
    begun = browser.get(page.link(survey.title))
    all_on_one = browser.get(begun.link("Answer all questions on one page"))
    browser.send(browser.send(all_on_one.form(), q1="5").form())
    assert "You have answered it." in browser.get(f"/registrations/{token}").text


def test_passer_by_is_asked_whether_they_came_to_a_session_before_anything_about_it(make, browser, ledger, event):
    session = make.session(event, "Listening")
    questions = (
        Question(no=1, kind=Kind.RATING, label="How useful was it?", required=True),
        Question(no=2, kind=Kind.YES_NO, label="Again?"),
    )
    sections = (
        Section(no=9, title="Talk", session=session.public_id, questions=questions[:1], session_title="Listening"),
        Section(no=10, title="Last", questions=questions[1:]),
    )
    survey = make.survey(event, asked=Asked(sections=sections, last=10), open_link=True)
    page = browser.send(browser.get(f"/surveys/{survey.public_id}").form("/start"))
    address = page.link("Come back later")
    assert (page.heading, "Did you come to “Listening”?" in page.text) == ("Talk", True)
    refused = browser.send(page.form())
    assert (refused.status, refused.errors) == (422, ["Choose an answer"])
    assert "How useful was it?" in browser.send(page.form(), q9="1").text
    assert "How useful was it?" in browser.get(browser.get(address).link("Go on")).text
    assert "Again?" in browser.send(browser.get(f"{address}/9").form(), q9="0").text

    page = browser.get(f"{address}/all")
    assert page.text.index("Did you come to “Listening”?") < page.text.index("How useful was it?")
    page = browser.send(page.form(), q9="0", q1="3")
    assert page.heading == "Check your answers"
    browser.send(page.form())
    assert answers(ledger) == [(9, 0, 0, None)]


def test_passer_by_at_a_named_survey_is_promised_no_name_and_reads_what_it_is_about(make, browser, event):
    question = Question(no=1, kind=Kind.SHORT_TEXT, label="What now?", help="As in https://example.org/a?b=1&c=2.")
    asked = Asked(
        introduction="Read https://example.org/report, <b>then</b> answer.", thanks="See https://example.org/.",
        sections=(Section(no=2, title="", questions=(question,)),), last=2,
    )  # fmt: skip
    survey = make.survey(event, asked=asked, open_link=True)
    front = browser.get(f"/surveys/{survey.public_id}")
    assert "https://example.org/report , <b>then</b> answer." in front.text
    assert front.link("https://example.org/report") == "https://example.org/report"
    assert front.one("a", href="https://example.org/report").get("rel") == "noreferrer noopener"
    assert "Your name stands with your answers" not in front.text
    assert "You are not asked for your name" in front.text
    page = browser.send(front.form("/start"), all="1")
    assert page.heading == survey.title
    assert page.link("https://example.org/a?b=1&c=2") == "https://example.org/a?b=1&c=2"
    browser.send(browser.send(page.form(), q1="More").form())
    done = browser.get(page.address.replace("/all", "/done"))
    assert done.link("https://example.org/") == "https://example.org/"
    assert "You are not asked for your name" in done.text
