"""What people wrote: marked where it may identify somebody, and removed for good by who may read it."""

import pytest
from sqlalchemy import select

from tests.answered import answer, survey_link
from tests.browsing import Browser, text_of
from tests.ledger import Ledger
from webapp.models.accounts import Role
from webapp.models.activity import Activity
from webapp.models.surveys import Privacy, SurveyAnswer, SurveyTheme, SurveyThemed

CHILD = "We saw Kayleigh Ashdown, aged 7, at 12 Harbour Road."
REMOVE = "Remove this text: We saw Kayleigh Ashdown, aged 7, at..."


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    return make.event("Family hubs")


def at(survey, end=""):
    return f"/manage/surveys/{survey.public_id}/results{end}"


def test_text_that_may_identify_somebody_is_marked_and_removed_for_good(app, make, organiser, event, ledger):
    survey = make.survey(event, privacy=Privacy.CONFIDENTIAL)
    with app.app_context():
        first, _, _ = answer(survey, {1: 4, 3: CHILD}, {3: "We listened"}, {2: {0: 4.0}, 3: "Tea"})
    analyst, owner = organiser(event, Role.ANALYST), organiser(event)
    page = analyst.send(analyst.get(at(survey, "/texts/3")).form("/themes?"), name="Families")
    form = page.form("/texts/3?")
    name = page.link(REMOVE).split("/")[-2]
    page = analyst.send(form, **{f"themes-{name}": ledger.one(select(SurveyTheme.public_id))})
    assert [text_of(one) for one in page.all("strong", class_="govuk-tag")].count("May identify somebody") == 1
    assert ledger.one(select(SurveyThemed.response_id)) == first

    removing = page.link(REMOVE)
    assert (owner.get(removing).status, analyst.get(removing.replace(name, "0" * 20)).status) == (404, 404)
    asked = analyst.get(removing)
    assert (asked.heading, CHILD in asked.text) == ("Remove this text?", True)
    assert owner.post(removing, asked.form().values).status == 404
    # What was reworded meanwhile is shown before it goes.
    ledger.change(ledger.one(select(SurveyAnswer).where(SurveyAnswer.text == CHILD)), text=f"{CHILD} Twice.")
    again = analyst.send(asked.form())
    assert (again.status, f"{CHILD} Twice." in again.text) == (409, True)
    gone = analyst.send(again.form())
    assert (gone.heading, "Kayleigh" in gone.text) == ("What people wrote", False)
    assert sorted(ledger.all(select(SurveyAnswer.text).where(SurveyAnswer.question == 3))) == [
        "Tea", "We listened", "[removed]"
    ]  # fmt: skip
    assert ledger.all(select(SurveyThemed)) == []
    analyst.send(again.form())
    [entry] = ledger.all(select(Activity).where(Activity.verb == "text_removed"))
    assert (entry.thing_id, entry.details) == (survey.id, {})
    assert analyst.get(at(survey, "/texts/3.csv")).body.splitlines()[1:] == ["Tea,", "We listened,"]
    assert sum("[removed]" in line for line in analyst.get(at(survey, "/answers.csv")).body.splitlines()) == 1


def test_removed_text_does_not_come_back_with_what_was_not_sent(app, make, organiser, event, ledger, browser):
    survey, registration = make.survey(event), make.registration(event)
    address = survey_link(app, survey, registration)
    page = browser.send(browser.get(f"{address}/all").form(), q1="3", q3=CHILD)
    browser.send(page.form(), guard_choice="keep", guard_reason="Invented")
    browser.send(browser.get(f"{address}/check").form())
    # They change another answer, and have not sent it when the text is removed.
    browser.send(browser.get(f"{address}/1").form(), q1="5")
    analyst = organiser(event, Role.ANALYST)
    page = analyst.get(at(survey, "/texts/3"))
    analyst.send(analyst.get(page.link(REMOVE)).form())
    browser.send(browser.get(f"{address}/check").form())
    assert ledger.rows(select(SurveyAnswer.value, SurveyAnswer.text).order_by(SurveyAnswer.question)) == [
        (5.0, None), (None, "[removed]")
    ]  # fmt: skip
    assert "Kayleigh" not in Browser(app).get(f"{address}/all").body
