"""The event's own questions on the public form: every kind, asked or not, and what becomes of the answers."""

import csv
import io

import pytest
from sqlalchemy import select

from tests.blueprints.test_registrations import ANN, address, fill, register, rows, written
from tests.browsing import Browser, text_of
from tests.ledger import Ledger
from webapp.blueprints.asking import field_name
from webapp.models.accounts import Role, ThingKind
from webapp.models.activity import Activity
from webapp.models.events import EventQuestion, QuestionKind
from webapp.models.registrations import RegistrationAnswer, RegistrationDraft

K = QuestionKind
ONE_DATABASE = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    return make.event("Spring event")


@pytest.fixture
def train(make, event):
    """How people travel, and, of those who come by train alone, when it arrives."""
    travel = make.question(event, "How will you travel?", K.ONE_CHOICE, choices=["Train", "Car"])
    when = make.question(
        event, "When does it arrive?", K.DATE, required=True, depends_on_id=travel.id, depends_on_values=["Train"]
    )
    return travel, when


def answers(ledger):
    statement = select(EventQuestion.label, RegistrationAnswer.value).join_from(RegistrationAnswer, EventQuestion)
    return dict(ledger.rows(statement))


def refused(browser, event, question, value):
    return [one for one in fill(browser, event, **{field_name(question): value}).errors if question.label in one]


# ---------------------------------------------------------------- kinds


@ONE_DATABASE
@pytest.mark.parametrize(
    ("typed", "kept"),
    [("12", "12"), ("2.5", "2.5"), ("2,5", "2.5"), ("1,200", "1200"), ("1 200", "1200"), ("-3", "-3"), ("007", "7")],
)
def test_number_is_taken_as_people_type_it(make, browser, event, ledger, typed, kept):
    question = make.question(event, "How many?", K.NUMBER)
    check = fill(browser, event, **{field_name(question): typed})
    assert rows(check)["How many?"] == kept


@ONE_DATABASE
@pytest.mark.parametrize("typed", ["twelve", "1.2.3", "1,2,3", "12 people", "1e9", "NaN", "9" * 21])
def test_number_that_is_none_is_refused_in_words(make, browser, event, typed):
    question = make.question(event, "How many?", K.NUMBER)
    page = fill(browser, event, **{field_name(question): typed})
    assert page.errors == ["How many?: enter a number, like 12 or 2.5"]
    assert written(page)[field_name(question)] == [typed]


@ONE_DATABASE
@pytest.mark.parametrize("typed", ["14 June 2027", "14/6/2027", "14.6.2027", "2027-06-14", "14 jun 2027"])
def test_date_is_taken_as_people_type_it_and_shown_as_they_read_it(make, browser, event, ledger, typed):
    question = make.question(event, "When?", K.DATE)
    check = fill(browser, event, **{field_name(question): typed})
    assert rows(check)["When?"] == "14 June 2027"
    again = browser.get(check.link("Change when?"))
    assert written(again)[field_name(question)] == ["14 June 2027"]
    browser.send(browser.send(again.form()).form())
    assert answers(ledger) == {"When?": ["2027-06-14"]}


@ONE_DATABASE
@pytest.mark.parametrize("typed", ["31/6/2027", "tomorrow", "14 6", "1/1/99999"])
def test_date_that_is_none_is_refused_in_words(make, browser, event, typed):
    question = make.question(event, "When?", K.DATE, required=True)
    assert refused(browser, event, question, typed) == ["When?: enter a real date, like 14 June 2027"]


def test_consent_that_is_needed_must_be_given(make, browser, event, ledger):
    consent = make.question(event, "You may take photographs of me", K.CONSENT, required=True)
    page = fill(browser, event)
    assert page.errors == ["Tick this to go on: You may take photographs of me"]
    check = browser.send(page.form(), **{field_name(consent): "y"})
    assert rows(check)["You may take photographs of me"] == "Yes"
    browser.send(check.form())
    assert answers(ledger) == {"You may take photographs of me": ["Yes"]}
    own = browser.get(f"/registrations/{ledger.token(event, 'ann@example.org')}/change")
    assert written(own)[field_name(consent)] == ["y"]


def test_consent_that_is_not_needed_may_be_left(make, browser, event, ledger):
    make.question(event, "You may take photographs of me", K.CONSENT)
    assert register(browser, event).heading == "You have a place"
    assert answers(ledger) == {}


# ---------------------------------------------------------------- depending on another


def test_question_that_was_not_asked_is_neither_needed_nor_kept(make, browser, event, train, ledger):
    travel, when = train
    page = browser.get(f"{address(event)}/register")
    assert "Only if you answered “Train” to “How will you travel?”:" in page.text
    check = fill(browser, event, **{field_name(travel): "Car", field_name(when): "no date at all"})
    assert check.heading == "Check your answers"
    assert "When does it arrive?" not in rows(check)
    # What was typed stands ready for whoever comes back and says otherwise.
    again = browser.get(check.link("Change how will you travel?"))
    page = browser.send(again.form(), **{field_name(travel): "Train"})
    assert page.errors == ["When does it arrive?: enter a real date, like 14 June 2027"]
    browser.send(browser.send(page.form(), **{field_name(travel): "Car"}).form())
    assert answers(ledger) == {"How will you travel?": ["Car"]}


def test_question_that_was_asked_is_needed(browser, event, train, ledger):
    travel, when = train
    page = fill(browser, event, **{field_name(travel): "Train"})
    assert page.errors == ["Answer this question: When does it arrive?"]
    browser.send(browser.send(page.form(), **{field_name(when): "14 June 2027"}).form())
    assert answers(ledger) == {"How will you travel?": ["Train"], "When does it arrive?": ["2027-06-14"]}


def test_answer_goes_when_its_reason_goes(browser, event, train, ledger):
    travel, when = train
    register(browser, event, **{field_name(travel): "Train", field_name(when): "14 June 2027"})
    link = f"/registrations/{ledger.token(event, 'ann@example.org')}"
    assert rows(browser.get(link))["When does it arrive?"] == "14 June 2027"
    changed = browser.send(browser.get(f"{link}/change").form(), **{field_name(travel): "Car"})
    assert "When does it arrive?" not in rows(changed)
    assert answers(ledger) == {"How will you travel?": ["Car"]}


def test_question_after_a_consent_is_asked_of_those_who_gave_it(make, browser, event, ledger):
    consent = make.question(event, "Write to me", K.CONSENT)
    topic = make.question(
        event, "About what?", K.SHORT_TEXT, required=True, depends_on_id=consent.id, depends_on_values=["Yes"]
    )
    (part,) = browser.get(f"{address(event)}/register").all("div", class_="wm-asked-if")
    assert (part.get("data-asked-if"), part.get("data-asked-values")) == (field_name(consent), '["y"]')
    page = fill(browser, event, **{field_name(consent): "y"})
    assert page.errors == ["Answer this question: About what?"]
    browser.send(browser.send(page.form(), **{field_name(topic): "Trains"}).form())
    assert answers(ledger) == {"Write to me": ["Yes"], "About what?": ["Trains"]}


# ---------------------------------------------------------------- changes by organisers


def test_question_added_or_changed_shows_at_once_on_the_kept_form(make, browser, event, ledger):
    form = f"{address(event)}/register"
    browser.get(form)
    question = make.question(event, "Team", K.SHORT_TEXT)
    assert "Team (optional)" in browser.get(form).text
    ledger.change(question, label="Your team", required=True)
    assert "Your team" in browser.get(form).text
    ledger.change(question, for_organisers=True)
    assert "Your team" not in browser.get(form).text


def test_answers_given_to_something_else_are_looked_at_again(browser, event, train, ledger):
    travel, when = train
    check = fill(browser, event, **{field_name(travel): "Car"})
    ledger.change(when, depends_on_values=["Car"])
    assert "The organiser has changed the questions since." in browser.send(check.form()).text


def test_choice_that_was_taken_out_stays_with_those_who_gave_it(make, browser, event, ledger):
    lunch = make.question(event, "Lunch", K.SEVERAL_CHOICES, choices=["Vegan", "Fish"], required=True)
    register(browser, event, **{field_name(lunch): ["Vegan"]})
    ledger.change(lunch, choices=["Fish", "Soup"])
    page = browser.get(f"/registrations/{ledger.token(event, 'ann@example.org')}/change")
    assert [text_of(one) for one in page.all("label") if "no longer offered" in text_of(one)] == [
        "Vegan (no longer offered)"
    ]
    browser.send(page.form(), role="Team manager")
    assert answers(ledger) == {"Lunch": ["Vegan"]}
    # Who comes new may not have it.
    assert refused(Browser(browser.app), event, lunch, ["Vegan"]) == ["Select at least one: Lunch"]


def test_questions_for_organisers_are_nowhere_that_people_look(make, browser, event, ledger):
    own = make.question(event, "Pays the fee?", K.YES_NO, for_organisers=True, required=True)
    page = browser.get(f"{address(event)}/register")
    assert "Pays the fee?" not in page.body
    done = register(browser, event, **{field_name(own): "Yes"})
    link = f"/registrations/{ledger.token(event, 'ann@example.org')}"
    assert "Pays the fee?" not in done.body + browser.get(link).body + browser.get(f"{link}/change").body
    assert ledger.count(RegistrationAnswer) == 0


def test_export_holds_every_kind_as_spreadsheets_read_it(app, make, browser, event, train, ledger):
    travel, when = train
    number = make.question(event, "How many?", K.NUMBER)
    make.question(event, "Pays the fee?", K.YES_NO, for_organisers=True)
    values = {field_name(travel): "Train", field_name(when): "14/6/2027", field_name(number): "2,50"}
    register(browser, event, **values)
    organiser = make.person("Morgan Ellery")
    make.grant(organiser, Role.ORGANISER, ThingKind.EVENT, event.id)
    signed_in = Browser(app).sign_in(make.signed_in(organiser))
    text = signed_in.get(f"/manage{address(event)}/registrations.csv").body.removeprefix("\ufeff")
    (row,) = csv.DictReader(io.StringIO(text))
    assert [row[name] for name in ("How will you travel?", "When does it arrive?", "How many?")] == [
        "Train",
        "2027-06-14",
        "2.50",
    ]
    assert row["Pays the fee? (organisers)"] == ""
    assert ledger.one(select(RegistrationDraft.answers)) == {}
    assert ANN["email"] == row["E-mail address"]


# ---------------------------------------------------------------- what could identify a child


@ONE_DATABASE
def test_long_answer_that_names_a_child_is_explained_reworded_or_kept_and_a_short_one_passes(
    make, browser, event, ledger
):
    hope = make.question(event, "What do you hope for?", K.LONG_TEXT)
    bring = make.question(event, "Whom do you bring?", K.SHORT_TEXT)
    about = {field_name(hope): "Ideas for Zofia, who is 14. I live in LS6 2AB.", field_name(bring): "My son Leo, 7"}
    page = fill(browser, event, **about)
    assert (page.status, len(page.errors)) == (422, 1)
    assert page.one("textarea", id=field_name(hope)).get("aria-describedby")
    reworded = browser.send(page.form(), guard_choice="reword")
    assert reworded.heading.startswith("Check")
    assert "Ideas for [a teenager]. I live in LS6 2AB." in reworded.text
    page = browser.send(page.form(), guard_choice="keep", guard_reason="An invented example")
    assert page.heading.startswith("Check")
    page = browser.send(browser.get(page.link("Change what do you hope for?")).form())
    assert page.heading.startswith("Check")
    browser.send(page.form())
    given = {hope.label: [about[field_name(hope)]], bring.label: ["My son Leo, 7"]}
    assert answers(ledger) == given
    [entry] = ledger.rows(select(Activity.thing_id, Activity.details).where(Activity.verb == "text_kept"))
    assert entry == (event.id, {"kinds": ["name_and_age"], "reason": "An invented example"})
    change = f"/registrations/{ledger.token(event, 'ann@example.org')}/change"
    page = browser.send(browser.get(change).form(), role="Team manager")
    assert "Your registration has been changed." in page.text
    page = browser.send(browser.get(change).form(), **{field_name(hope): "A plan for Leo, 7"})
    assert page.status == 422
    page = browser.send(page.form(), guard_choice="keep", guard_reason="He is invented")
    assert [one for (one,) in ledger.rows(select(Activity.details["reason"]).where(Activity.verb == "text_kept"))] == [
        "An invented example",
        "He is invented",
    ]
