"""Building surveys on the organisers' side: begun, written, looked at, published, closed."""

import pytest
from sqlalchemy import select

from tests.browsing import HTML, Browser, text_of
from tests.counting import statements
from tests.ledger import Ledger
from webapp.formats.qr import qr_png
from webapp.models.accounts import Role, ThingKind
from webapp.models.programmes import Programme
from webapp.models.surveys import AskedOf, Privacy, Survey, SurveyResponse, SurveyState
from webapp.models.surveys_answered import Part
from webapp.models.surveys_asked import Asked, Choice, Condition, Kind, Question, Section
from webapp.queries.surveys.standing import Answerer
from webapp.services.surveys import answering, ready_surveys


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    return make.event("Family hubs")


@pytest.fixture
def own(organiser, event):
    return organiser(event)


def of(event, end=""):
    return f"/manage/events/{event.slug}-{event.public_id}/surveys{end}"


def at(survey, end=""):
    return f"/manage/surveys/{survey.public_id}{end}"


def event_programme(ledger, event):
    return ledger.one(select(Programme.public_id).where(Programme.id == event.programme_id))


def fresh(ledger, survey):
    return ledger.one(select(Survey).where(Survey.id == survey.id))


def last(ledger):
    return ledger.one(select(Survey).order_by(Survey.id.desc()).limit(1))


def order(ledger, survey):
    return [[question.no for question in section.questions] for section in fresh(ledger, survey).written.sections]


def test_questions_about_the_person_are_added_once(make, event, own, ledger):
    survey = make.survey(event, state=SurveyState.DRAFT, privacy=Privacy.ANONYMOUS)
    page = own.get(at(survey, "/questions"))
    form = page.form("/about-you")
    page = own.send(form)
    asked = fresh(ledger, survey).written
    assert [one.label for one in asked.splitting] == ["Which sector do you work in?", "What do you do there?"]
    assert len({no.no for no in (*asked.sections, *asked.questions)}) == len(asked.sections) + len(asked.questions)
    assert "/about-you" not in page.body
    own.send(form)
    assert fresh(ledger, survey).written == asked
    named = make.survey(event, state=SurveyState.DRAFT)
    assert "/about-you" not in own.get(at(named, "/questions")).body


def test_results_are_split_by_a_question_that_everybody_is_asked(make, event, own, ledger):
    survey = make.survey(event, state=SurveyState.DRAFT)
    page = own.get(at(survey, "/sections/4/questions/new"))
    given = {"label": "Where do you work?", "kind": "one_choice", "choices": "Town\nCoast", "splits": "y"}
    page = own.send(page.form("/questions/new"), **given, depends=["2:1"])
    assert page.errors == ["Results can be split only by a question that everybody is asked"]
    own.send(page.form("/questions/new"), depends=[])
    assert [one.label for one in fresh(ledger, survey).written.splitting] == ["Where do you work?"]


def test_question_and_section_sent_twice_are_added_once(make, event, own, ledger):
    survey = make.survey(event, state=SurveyState.DRAFT)
    before = order(ledger, survey)
    section = own.get(at(survey, "/sections/new")).form()
    own.send(section, title="Afterwards")
    own.send(section, title="Afterwards")
    no = fresh(ledger, survey).written.sections[-1].no
    question = own.get(at(survey, f"/sections/{no}/questions/new")).form()
    own.send(question, label="What will you try?", kind="short_text")
    again = own.send(question, label="What will you try?", kind="short_text")

    assert again.status == 200
    assert order(ledger, survey) == [*before, [no + 1]]
    own.send(question, label="What else?", kind="short_text")
    assert order(ledger, survey) == [*before, [no + 1, no + 2]]


def said(page):
    return [text_of(one) for one in page.all("div", class_="wm-message")]


# ---------------------------------------------------------------- who, and beginning


def test_surveys_are_built_by_those_who_set_up_and_looked_at_by_more(make, organiser, browser, event):
    survey = make.survey(event)
    reader, helper = organiser(event, Role.READER), organiser(event, Role.CHECK_IN)
    assert reader.get(at(survey)).heading == survey.title
    assert "Settings" not in reader.get(at(survey)).text
    assert reader.get(at(survey, "/questions")).status == 403
    assert helper.get(at(survey)).status == 403
    assert organiser(make.event()).get(at(survey)).status == 404
    assert browser.get(at(survey)).heading == "Sign in"


def test_survey_begins_with_one_that_is_ready(own, event, ledger, make):
    session = make.session(event, "Listening")
    assert "Nobody has been asked how it was" in own.get(of(event)).text
    form = own.get(of(event, "/new")).form()
    page = own.send(form, title="How was it?", about=session.public_id, start="session", privacy="anonymous")

    assert page.heading == "Questions"
    row = last(ledger)
    assert (row.title, row.privacy, row.thing_id, row.event_id) == (
        "How was it?",
        Privacy.ANONYMOUS,
        session.id,
        event.id,
    )
    assert row.written == ready_surveys()[1].asked
    assert len(page.all("li", class_="wm-question")) == len(row.written.questions)
    listed = own.get(of(event))
    assert "How was it?" in listed.text
    assert "Listening" in listed.text


def test_survey_that_says_too_little_is_not_begun(own, event, ledger):
    page = own.send(own.get(of(event, "/new")).form(), title="", about="elsewhere", start="", privacy="")
    assert page.status == 422
    assert page.errors == [
        "Enter a title",
        "Select what the survey is about",
        "Select what to begin with",
        "Select how private the answers are",
    ]
    assert ledger.count(Survey) == 0


def test_survey_on_nothing_begins_in_a_programme(app, make, own, event, ledger):
    helper = make.person()
    make.grant(helper, Role.OWNER, ThingKind.EVENT, event.id)
    assert Browser(app).sign_in(make.signed_in(helper)).get("/manage/surveys/new").status == 403

    form = own.get("/manage/surveys/new").form()
    page = own.send(form, title="The journal", about=event_programme(ledger, event), start="journal", privacy="named")
    assert page.heading == "Questions"
    row = last(ledger)
    assert (row.programme_id, row.event_id, row.open_link) == (event.programme_id, None, True)
    assert "The journal" in own.get("/manage/surveys").text
    assert "whoever has its address may answer it" in own.get(at(row, "/settings")).text


def test_copy_is_made_for_another_event(make, organiser, event, ledger):
    survey = make.survey(event, title="First")
    other, person = make.event("Kinship care", programme_id=event.programme_id), organiser(event)
    page = person.send(person.get(at(survey, "/copy")).form(), title="Second", about=f"event-{other.public_id}")
    row = last(ledger)
    assert page.heading == "Second"
    assert (row.event_id, row.state, row.written) == (other.id, SurveyState.DRAFT, survey.written)


def test_copy_stays_where_the_survey_is_unless_another_place_is_chosen(make, organiser, event, ledger):
    session, person = make.session(event, "Listening"), organiser(event)
    make.event("Kinship care", programme_id=event.programme_id)
    for survey in (
        make.survey(event),
        make.survey(event, session=session),
        make.survey(programme_id=event.programme_id),
    ):
        page = person.get(at(survey, "/copy"))
        assert person.send(page.form(), title="Second").heading == "Second"
        row = last(ledger)
        assert (row.event_id, row.thing_id, row.programme_id) == (survey.event_id, survey.thing_id, event.programme_id)
    assert "Event: Kinship care, 14 and 15 June 2027" in page.text
    assert text_of(page.one("select")[0]).startswith("No event, in the programme")


# ---------------------------------------------------------------- what is asked


def test_question_of_each_kind_is_added_and_shown(own, event, make, ledger):
    survey = make.survey(event, state=SurveyState.DRAFT)
    (section,) = survey.written.sections
    for kind in Kind:
        form = own.get(at(survey, f"/sections/{section.no}/questions/new")).form()
        page = own.send(form, label=f"About {kind.label}", kind=kind.value, choices="One\nTwo", rows="Row", points="4")
        assert said(page) == ["The question is added at the end of its section."]
    asked = fresh(ledger, survey).written
    assert [question.kind for question in asked.questions[3:]] == list(Kind)
    assert [len(question.options) for question in asked.questions[3:]] == [0, 0, 0, 0, 2, 2, 5, 2, 4, 11, 2, 2, 0]
    for end in ("/questions", "/preview", "/preview?page=10", "/preview?page=99"):
        assert own.get(at(survey, end)).status == 200


def test_question_is_reworded_and_depends_on_an_answer(own, event, make, ledger):
    survey = make.survey(event)
    form = own.get(at(survey, "/questions/3")).form()
    page = own.send(form, label="Which group?", depends=["2:1", "2:4"], required="y")
    assert "Asked only of those who answered “Talks” or “Other” to “Which part helped most?”." in page.text
    question = fresh(ledger, survey).written.question(3)
    assert (question.label, question.shown, question.required) == (
        "Which group?",
        Condition(question=2, values=(1, 4)),
        True,
    )
    refused = own.send(own.get(at(survey, "/questions/2")).form(), choices="Groups\nSlides", other=[])
    assert refused.errors == ["“Which group?” is asked only after certain answers to this. Change that question first"]
    refused = own.send(own.get(at(survey, "/questions/3")).form(), depends=["1:1", "2:1"])
    assert refused.errors == ["Select answers to one question only"]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"label": ""}, "Enter the question"),
        ({"kind": "riddle"}, "Select what kind of answer you want"),
        ({"kind": "one_choice", "choices": "Lonely"}, "Enter at least two choices, each on a line of its own"),
        ({"depends": ["x:y"]}, "Select answers that are offered"),
        ({"depends": ["77:1"]}, "A question can depend only on one that is asked before it"),
        ({"kind": "rating", "points": "99"}, "Points of the rating must be a whole number from 3 to 10"),
    ],
)
def test_question_that_does_not_fit_says_where(own, event, make, ledger, change, error):
    survey = make.survey(event, state=SurveyState.DRAFT)
    form = own.get(at(survey, f"/sections/{survey.written.last}/questions/new")).form()
    page = own.send(form, **({"label": "Good?", "kind": "yes_no"} | change))
    assert (page.status, page.errors) == (422, [error])
    assert len(fresh(ledger, survey).written.questions) == 3


def test_question_is_moved_by_button_and_deleted(own, event, make, ledger):
    survey = make.survey(event)
    page = own.get(at(survey, "/questions"))
    page = own.send(page.form(at(survey, "/questions/3/move")), place="2")
    assert said(page) == ["“What will you do differently?” has moved."]
    assert order(ledger, survey) == [[1, 3, 2]]
    page = own.send(own.get(at(survey, "/questions/3/delete")).form())
    assert order(ledger, survey) == [[1, 2]]
    assert "Some of this is not published yet" in page.text


def test_section_about_a_session_is_added_changed_moved_and_deleted(own, event, make, ledger):
    survey, session = make.survey(event), make.session(event, "Listening")
    form = own.get(at(survey, "/sections/new")).form()
    page = own.send(form, title="The workshop", session=session.public_id)
    assert "Asked only of those who came to “Listening”." in page.text
    no = fresh(ledger, survey).written.last
    page = own.send(own.get(at(survey, f"/sections/{no}")).form(), title="The lab", help="Upstairs")
    page = own.send(page.form(at(survey, f"/sections/{no}/move")), place="1")
    assert [section.title for section in fresh(ledger, survey).written.sections] == ["The lab", "About it"]
    own.send(own.get(at(survey, f"/sections/{no}/delete")).form())
    assert [section.title for section in fresh(ledger, survey).written.sections] == ["About it"]


def test_two_who_write_at_once_lose_nothing(organiser, event, make, ledger):
    survey = make.survey(event)
    one, two = organiser(event), organiser(event)
    first, second = (person.get(at(survey, "/questions/1")).form() for person in (one, two))
    third = two.get(at(survey, "/questions/3")).form()
    one.send(first, label="How useful was the day?")
    # Another question is not in the way.
    assert said(two.send(third, label="What next?")) == ["The question is saved."]
    page = two.send(second, help="Think of your work.")
    assert page.status == 409
    assert "What changed while you had the page open" in page.text
    page = two.send(page.form())
    question = fresh(ledger, survey).written.question(1)
    assert (question.label, question.help) == ("How useful was the day?", "Think of your work.")
    assert fresh(ledger, survey).written.question(3).label == "What next?"


def test_words_for_a_question_that_somebody_else_deleted_are_not_lost(organiser, event, make, ledger):
    survey = make.survey(event)
    one, two = organiser(event), organiser(event)
    form = one.get(at(survey, "/questions/3")).form()
    two.send(two.get(at(survey, "/questions/3/delete")).form())
    page = one.send(form, label="What next?")
    assert (page.status, page.heading) == (409, "Add a question")
    assert "Somebody else deleted this question" in page.errors[0]
    one.send(page.form())
    assert [question.label for question in fresh(ledger, survey).written.questions][2:] == ["What next?"]
    assert order(ledger, survey) == [[1, 2, 5]]


def test_texts_before_and_after_are_written(own, event, make, ledger):
    survey = make.survey(event)
    page = own.send(own.get(at(survey, "/texts")).form(), introduction="Two minutes.", thanks="Thank you.")
    assert "Two minutes." in page.text
    asked = fresh(ledger, survey).written
    assert (asked.introduction, asked.thanks) == ("Two minutes.", "Thank you.")


# ---------------------------------------------------------------- preview and versions


def test_preview_goes_through_pages_and_versions_stay(own, event, make, ledger):
    survey = make.survey(event)
    own.send(own.get(at(survey, "/questions/1")).form(), label="Reworded")
    page = own.get(at(survey, "/preview?page=1"))
    assert "1 of 3" in page.text
    assert "Reworded" in page.text
    assert "Which part helped most?" in own.get(page.link("Next question")).text
    assert "How useful was it?" in own.get(at(survey, "/versions/1")).text
    assert "Reworded" not in own.get(at(survey, "/versions/1")).text
    assert own.get(at(survey, "/versions/2")).status == 404


def test_publishing_is_looked_at_first(own, event, make, ledger):
    asked = Asked(sections=(Section(no=1, title="Empty"),), last=1)
    survey = make.survey(event, asked=asked, state=SurveyState.DRAFT)
    page = own.get(at(survey, "/publish"))
    assert "The section “Empty” has no questions." in page.text
    assert "It asks nothing yet." in page.text
    own.send(own.get(at(survey, "/sections/1/questions/new")).form(), label="Good?", kind="yes_no")
    page = own.send(own.get(at(survey, "/publish")).form())
    assert said(page) == ["Version 1 is published."]
    assert "Version 1" in page.text
    assert fresh(ledger, survey).state is SurveyState.PUBLISHED


def test_publishing_what_changed_meanwhile_is_refused(organiser, event, make, ledger):
    survey = make.survey(event, state=SurveyState.DRAFT)
    one, two = organiser(event), organiser(event)
    form = one.get(at(survey, "/publish")).form()
    two.send(two.get(at(survey, "/questions/1")).form(), label="Other words")
    page = one.send(form)
    assert page.status == 409
    assert "Somebody else changed this survey" in page.errors[0]
    assert fresh(ledger, survey).number == 0


# ---------------------------------------------------------------- settings and life


def test_settings_are_saved_on_the_clocks_of_the_event(own, event, make, ledger):
    survey = make.survey(event, state=SurveyState.DRAFT)
    form = own.get(at(survey, "/settings")).form()
    page = own.send(
        form, privacy="confidential", asked_of="came", open_link="y", closes_on="1 July 2027", threshold="8"
    )
    assert said(page) == ["The settings are saved."]
    row = fresh(ledger, survey)
    assert (row.privacy, row.asked_of, row.open_link, row.threshold) == (
        Privacy.CONFIDENTIAL,
        AskedOf.CAME,
        True,
        8,
    )
    assert row.closes_at.isoformat() == "2027-07-01T22:59:00+00:00"
    page = own.send(own.get(at(survey, "/settings")).form(), closes_on="", closes_time="5pm", threshold="2")
    assert page.errors == [
        "Enter the date too, or leave the time empty",
        "Answers that a result needs must be a whole number from 3 to 50",
    ]


def test_settings_of_a_published_survey_keep_what_was_promised(own, event, make, ledger):
    survey = make.survey(event)
    page = own.send(own.get(at(survey, "/settings")).form(), privacy="anonymous")
    assert page.errors == [
        "This survey has been published, and people relied on what it promised. Copy it to ask in another way"
    ]
    assert fresh(ledger, survey).privacy is Privacy.NAMED


def test_survey_is_closed_opened_archived_and_brought_back(own, event, make, ledger):
    survey = make.survey(event)
    for step, state in (
        ("close", SurveyState.CLOSED),
        ("reopen", SurveyState.PUBLISHED),
        ("close", SurveyState.CLOSED),
        ("archive", SurveyState.ARCHIVED),
        ("bring-back", SurveyState.CLOSED),
    ):
        page = own.send(own.get(at(survey, f"/{step}")).form())
        assert page.heading == survey.title
        assert fresh(ledger, survey).state is state
    assert own.send(own.get(at(make.survey(event), "/archive")).form()).errors == [
        "Only a survey that is closed can be archived."
    ]


def test_survey_is_deleted_unless_it_was_answered(own, event, make, ledger, now):
    survey, answered = make.survey(event, title="Away"), make.survey(event)
    make._kept(SurveyResponse(id=79, survey_id=answered.id, version=1, day=now.date()))
    assert "cannot be deleted" in own.get(at(answered, "/delete")).text
    page = own.send(own.get(at(survey, "/delete")).form())
    assert said(page) == ["“Away” is deleted."]
    assert "1" in text_of(page.all("td", class_="govuk-table__cell--numeric")[0])
    assert own.get(at(survey)).status == 404


def test_lists_cost_the_same_with_one_survey_and_with_many(own, event, make, app):
    make.survey(event)
    own.get(of(event))

    def cost(address):
        with statements(app) as seen:
            own.get(address)
        return len(seen)

    before = [cost(of(event)), cost("/manage/surveys")]
    session = make.session(event)
    for _ in range(4):
        make.survey(event)
        make.survey(event, session=session)
    assert [cost(of(event)), cost("/manage/surveys")] == [before[0] + 1, before[1] + 1]


def test_markup_in_questions_is_shown_as_it_was_typed(own, event, make):
    question = Question(
        no=1,
        kind=Kind.ONE_CHOICE,
        label="<b>Bold</b>",
        help="<script>alert(1)</script>",
        choices=(Choice(no=1, label="<i>"), Choice(no=2, label="&amp;")),
        last=2,
    )
    survey = make.survey(event, question)
    for end in ("/questions", "/preview", "/questions/1"):
        page = own.get(at(survey, end))
        assert "<b>Bold</b>" in (page.text if end != "/questions/1" else page.form().values["label"])
        assert page.all("b") == []


# ---------------------------------------------------------------- inviting and reminding


def test_people_are_invited_and_reminded_from_the_page_of_a_survey(make, ledger, event, own):
    survey, draft = make.survey(event, title="How was it?"), make.survey(event, state=SurveyState.DRAFT)
    who = Answerer(registration=make.registration(event, name="Ada"))
    make.registration(event, name="Ben")
    ledger.act(answering.save, survey.id, who, given={1: (Part(value=4),)}, reached=3, now=make.now)
    ledger.act(answering.send, survey.id, who, now=make.now)
    page = own.get(at(survey))
    assert "It asks 2 people of this event, of whom 1 person has not answered yet." in text_of(page.one("main"))
    assert "This survey is a draft. Publish it first" in text_of(own.get(at(draft)).one("main"))

    letter = own.send(page.form("/letters/reminder"))
    assert text_of(letter.one("h1")) == "Reminder: How was it?"
    assert "It goes to 1 person." in text_of(letter.one("main"))
    assert letter.link("How was it?") == at(survey)
    people = own.get(f"{letter.address}/people")
    assert people.form().values["unanswered"] == ["yes"]
    assert ["Ben" in text_of(one) for one in people.one("section", id="who").iter(HTML + "li")] == [True]
    assert "Ask in “Thanks to those who came”" in [text_of(one) for one in own.get(at(survey)).all("button")]

    words = own.get(f"{letter.address}/edit").form()
    assert words.values["survey"] == [survey.public_id]
    refused = own.send(words, survey=draft.public_id)
    assert (refused.status, len(refused.errors)) == (422, 1)
    assert "is a draft, so its link leads nowhere" in refused.errors[0]
    refused = own.send(own.get(f"{letter.address}/edit").form(), survey="")
    assert "none is chosen" in refused.errors[0]


def test_overview_gives_the_whole_address_to_be_copied_and_as_a_square_code(app, make, organiser, event):
    person, base = organiser(event), app.config["SETTINGS"].base_url
    for survey, said in (
        (make.survey(event), "Those who are asked can answer by it once they sign in"),
        (make.survey(event, open_link=True), "Whoever opens it can answer."),
        (make.survey(programme_id=event.programme_id), "so this service has nobody to write to: copy the address"),
    ):
        page = person.get(at(survey))
        assert text_of(page.one("span", class_="wm-copy__address")) == f"{base}/surveys/{survey.public_id}"
        assert page.one("button", class_="wm-copy__button").get("hidden") == ""
        assert said in page.text
        with person.client.get(page.link("Download the square code as a picture")) as picture:
            assert picture.get_data() == qr_png(f"{base}/surveys/{survey.public_id}", 20)
    draft = make.survey(event, state=SurveyState.DRAFT)
    assert not person.get(at(draft)).has_link("Download the square code as a picture")
    assert person.get(at(draft, "/address.png")).status == 404


def test_preview_shows_all_that_people_read(make, organiser, event):
    session = make.session(event, "Listening")
    question = Question(no=1, kind=Kind.RATING, label="How useful was it?")
    asked = Asked(
        introduction="See https://example.org/report.", thanks="We will write.",
        sections=(Section(no=2, title="Talk", session=session.public_id, questions=(question,)),), last=2,
    )  # fmt: skip
    survey = make.survey(event, asked=asked, title="How was it?", privacy=Privacy.ANONYMOUS, open_link=True)
    for end in ("/preview", "/preview?page=1"):
        page = organiser(event).get(at(survey, end))
        assert page.link("https://example.org/report") == "https://example.org/report"
        for words in (
            "Your answers are anonymous.", "It is noted only that you took part", "Nor is it noted that you took part.",
            "Did you come to “Talk”?", "How useful was it?", "People look through all their answers", "We will write.",
        ):  # fmt: skip
            assert words in page.text
