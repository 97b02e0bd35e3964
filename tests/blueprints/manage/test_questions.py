"""The question builder, and answering the questions for organisers."""

import pytest
from sqlalchemy import select

from tests.browsing import text_of
from tests.counting import statements
from tests.ledger import Ledger
from webapp.models.accounts import Role
from webapp.models.events import EventQuestion, QuestionKind
from webapp.models.registrations import RegistrationAnswer

K = QuestionKind


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    return make.event("Family hubs")


@pytest.fixture
def own(organiser, event):
    return organiser(event)


def address(event, end=""):
    return f"/manage/events/{event.slug}-{event.public_id}/questions{end}"


def add(own, event, **values):
    return own.send(own.get(address(event, "/new")).form(), **values)


def labels(page):
    """The questions that are asked, as the page numbers them."""
    return [text_of(one) for one in page.all("h2", class_="wm-question__title")]


def said(page):
    return [text_of(one) for one in page.all("div", class_="wm-message")]


def test_questions_are_for_those_who_set_the_event_up(make, organiser, browser, event):
    assert organiser(event, Role.REGISTRATIONS).get(address(event)).status == 403
    assert organiser(make.event()).get(address(event)).status == 404
    assert browser.get(address(event)).heading == "Sign in"


def test_question_is_added_and_shown_as_people_will_see_it(own, event, ledger):
    assert "This event asks nothing of its own" in own.get(address(event)).text
    page = add(
        own, event, label="How will you travel?", help="Roughly", kind="one_choice", choices="Train\n\n Car \nTrain"
    )
    assert labels(page) == ["1. How will you travel?"]
    (preview,) = page.all("div", class_="wm-specimen")
    assert text_of(preview).startswith("How will you travel? (optional) Roughly Train Car")
    row = ledger.one(select(EventQuestion))
    assert (row.choices, row.required, row.version) == (["Train", "Car"], False, 1)


def test_question_sent_twice_is_added_once(own, event):
    form = own.get(address(event, "/new")).form()
    for label in ("How will you travel?", "How will you travel?", "How far?"):
        page = own.send(form, label=label, kind="short_text")
    assert labels(page) == ["1. How will you travel?", "2. How far?"]


def test_question_depends_on_answers_to_an_earlier_one(own, event, ledger):
    add(own, event, label="How will you travel?", kind="one_choice", choices="Train\nCar")
    add(own, event, label="Photographs", kind="consent")
    travel, consent = ledger.all(select(EventQuestion).order_by(EventQuestion.id))
    both = [f"{travel.public_id}:Train", f"{consent.public_id}:Yes"]
    page = add(own, event, label="When?", kind="date", depends=both)
    assert page.errors == ["Select answers to one question only"]
    page = own.send(page.form(), depends=both[:1])
    assert "Asked only of those who answered “Train” to “How will you travel?”." in page.text
    edit = own.get(page.link("Edit: When?"))
    assert edit.form().values["depends"] == both[:1]
    own.send(edit.form(), depends=[])
    row = ledger.one(select(EventQuestion).where(EventQuestion.label == "When?"))
    assert (row.depends_on_id, row.depends_on_values) == (None, [])


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"label": "", "kind": "number"}, "Enter the question"),
        ({"label": "Q", "kind": "x"}, "Select what kind of answer you want"),
        (
            {"label": "Q", "kind": "one_choice", "choices": "One"},
            "Enter at least two choices, each on a line of its own",
        ),
        ({"label": "x" * 301, "kind": "number"}, "Question must be 300 characters or fewer; it has 301"),
    ],
)
def test_question_that_is_refused_keeps_what_was_typed(own, event, ledger, values, error):
    page = add(own, event, help="Kept", **values)
    assert (page.status, page.errors) == (422, [error])
    assert page.form().values["help"] == ["Kept"]
    assert ledger.count(EventQuestion) == 0


def test_choices_that_were_given_are_taken_out_after_a_warning(make, own, event, ledger):
    lunch = make.question(event, "Lunch", K.SEVERAL_CHOICES, choices=["Vegan", "Fish", "Soup"])
    make.registration(event, answers={lunch.public_id: ["Vegan", "Fish"]})
    edit = own.get(address(event, f"/{lunch.public_id}/edit"))
    assert "One person has answered this question." in edit.text
    page = own.send(edit.form(), choices="Fish\nSoup")
    assert page.status == 422
    assert "“Vegan”: one person" in page.errors[0]
    assert page.form().values["choices"] == ["Fish\nSoup"]
    assert said(own.send(page.form(), sure="y")) == ["The question is saved."]
    assert ledger.one(select(RegistrationAnswer.value)) == ["Vegan", "Fish"]


def test_second_of_two_organisers_sees_what_stands_and_loses_nothing(make, own, event, ledger):
    question = make.question(event, "Team", K.SHORT_TEXT)
    one, two = (own.get(address(event, f"/{question.public_id}/edit")) for _ in range(2))
    own.send(one.form(), label="Your team")
    page = own.send(two.form(), help="The one you work in")
    assert page.status == 409
    assert "It was Team It is now Your team You left it as it was" in page.text
    assert page.form().values["help"] == ["The one you work in"]
    own.send(page.form())
    row = ledger.one(select(EventQuestion))
    assert (row.label, row.help, row.version) == ("Your team", "The one you work in", 3)


def test_questions_are_moved_by_buttons_and_a_wrong_move_is_refused_in_words(make, own, event, ledger):
    travel = make.question(event, "How will you travel?", K.ONE_CHOICE, choices=["Train", "Car"])
    make.question(event, "Team")
    when = make.question(event, "When?", K.DATE, depends_on_id=travel.id, depends_on_values=["Train"])
    page = own.send(own.get(address(event)).form(f"{when.public_id}/move"), place="2")
    assert labels(page) == ["1. How will you travel?", "2. When?", "3. Team"]
    assert said(page) == ["“When?” is now at place 2."]
    page = own.send(page.form(f"{when.public_id}/move"), place="1")
    assert page.status == 409
    assert page.errors[0].startswith("“When?” is asked only after certain answers to “How will you travel?”")
    assert own.send(page.form(f"{when.public_id}/move"), place="up").status == 422
    assert labels(own.get(address(event))) == ["1. How will you travel?", "2. When?", "3. Team"]


def test_answered_question_is_retired_and_brought_back(make, own, event, ledger):
    team = make.question(event, "Team")
    make.registration(event, answers={team.public_id: ["North"]})
    page = own.get(address(event))
    assert "One person has answered it" in page.text
    assert not page.has_link("Delete: Team")
    page = own.send(page.form("/retire"))
    assert labels(page) == []
    assert "No longer asked" in page.text
    page = own.send(page.form("/restore"))
    assert labels(page) == ["1. Team"]
    assert ledger.one(select(RegistrationAnswer.value)) == ["North"]


def test_question_is_deleted_after_it_was_asked(make, own, event, ledger):
    question = make.question(event, "Team")
    asked = own.get(own.get(address(event)).link("Delete: Team"))
    assert asked.heading == "Delete this question?"
    assert "Nobody has answered it" in asked.text
    make.registration(event, answers={question.public_id: ["North"]})
    late = own.send(asked.form())
    assert (late.status, late.errors) == (409, ["One person answered “Team”. Retire it: the answers stay."])
    assert "Nobody has answered it" not in late.text
    make.question(event, "Other")
    page = own.send(own.get(own.get(address(event)).link("Delete: Other")).form())
    assert labels(page) == ["1. Team"]


def test_question_of_another_event_is_not_found(make, own, event):
    other = make.question(make.event(), "Team")
    assert own.get(address(event, f"/{other.public_id}/edit")).status == 404
    assert own.get(address(event, f"/{other.public_id}/delete")).status == 404


def test_list_asks_the_database_the_same_however_many_there_are(app, make, own, event):
    counts = []
    for _ in range(2):
        for number in range(4):
            make.question(event, f"Lunch {number}", K.ONE_CHOICE, choices=["Fish", "Soup"])
        with statements(app) as asked:
            own.get(address(event))
        counts.append(len(asked))
    assert counts == [3, 3]


# ---------------------------------------------------------------- questions for organisers


def test_organiser_answers_about_somebody_on_the_page_of_the_registration(make, organiser, event, ledger):
    theirs = make.question(event, "How will you travel?", K.ONE_CHOICE, choices=["Train", "Car"])
    fee = make.question(event, "Fee", K.NUMBER, for_organisers=True)
    space = make.question(
        event, "Parking space", K.SHORT_TEXT, for_organisers=True, depends_on_id=theirs.id, depends_on_values=["Car"]
    )
    by_car = make.registration(event, answers={theirs.public_id: ["Car"]})
    by_train = make.registration(event, answers={theirs.public_id: ["Train"]})
    decider = organiser(event, Role.REGISTRATIONS)
    at = f"/manage/events/{event.slug}-{event.public_id}/registrations/"
    form = decider.get(at + by_car.public_id).form(f"answers/{by_car.public_id}")
    wrong = decider.send(form, **{f"q_{fee.public_id}": "much", f"q_{space.public_id}": "B 12"})
    assert (wrong.status, wrong.errors) == (422, ["Fee: enter a number, like 12 or 2.5"])
    page = decider.send(wrong.form(), **{f"q_{fee.public_id}": "12.50"})
    assert said(page) == ["Saved. Only organisers see these answers."]
    values = page.form(f"answers/{by_car.public_id}").values
    assert (values[f"q_{fee.public_id}"], values[f"q_{space.public_id}"]) == (["12.50"], ["B 12"])
    assert (
        f"q_{space.public_id}" not in decider.get(at + by_train.public_id).form("answers/" + by_train.public_id).values
    )
    # Who only looks reads them, and cannot change them.
    reader = organiser(event, Role.READER)
    page = reader.get(at + by_car.public_id)
    assert "For organisers only Fee 12.50 Parking space B 12" in page.text
    assert page.all("button", class_="govuk-button") == []
    assert reader.get(address(event, f"/answers/{by_car.public_id}")).status == 403
