"""Answering a survey on several devices, and with words that may identify somebody: nothing typed is lost or told."""

import json

import pytest
from sqlalchemy import select

from tests.answered import survey_link
from tests.browsing import Browser, text_of
from tests.ledger import Ledger
from tests.reading import HTML
from webapp.models.activity import Activity
from webapp.models.surveys import Privacy, SurveyEnvelope, SurveyResponse


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    return make.event()


def autosaved(browser, form, **values):
    """What a script sends as somebody types, and the answer."""
    page = browser.post(form.fill(**values).action, form.values, headers={"Accept": "application/json"})
    told = json.loads(page.body)
    form.fill(as_opened=told.pop("as_opened", form.values["as_opened"]))
    return page.status, told


KEPT_ALREADY = "What you typed is kept, and goes no further until you decide."
NAMED_CHILD = "I thought of Jayden Smith, aged 7, whom we visited."


def test_two_devices_keep_only_what_changed_on_each(app, make, event):
    survey = make.survey(event)
    address = survey_link(app, survey, make.registration(event)) + "/all"
    one, other = Browser(app), Browser(app)
    first, second = one.get(address).form(), other.get(address).form()
    autosaved(one, first, q1="2", changed="q1")
    autosaved(other, second, **{"q2": "4", "q2-other": "The tea", "q3": "From the phone", "changed": "q2-other q3"})
    autosaved(one, first, q1="3", changed="q1 q99 nonsense")
    values = one.get(address).form().values
    assert [values[name] for name in ("q1", "q2", "q2-other", "q3")] == [
        ["3"], ["4"], ["The tea"], ["From the phone"]
    ]  # fmt: skip
    # The button, too, takes nothing back that this page never saw, and asks for nothing that is there.
    checked = other.send(second, q3="From the desk", changed="q3")
    assert [text_of(dd) for dd in checked.all("dd", class_="govuk-summary-list__value")] == [
        "3", "Other: The tea", "From the desk"
    ]  # fmt: skip


def test_answer_that_two_devices_changed_is_put_beside_what_was_typed(app, make, ledger, event):
    survey = make.survey(event)
    address = survey_link(app, survey, make.registration(event))
    one, other = Browser(app), Browser(app)
    # One thing to a page.
    first, second = one.get(f"{address}/3").form(), other.get(f"{address}/3").form()
    one.send(first, q3="From the desk")
    page = other.send(second, q3="From the phone")
    assert (page.status, page.errors) == (
        409, ["You changed this on another device or page too. Choose which is to stand"]
    )  # fmt: skip
    assert "It is now From the desk You typed From the phone" in page.text
    assert page.form().values["q3"] == ["From the phone"]
    left = other.get(page.link("Leave what is there now, and go on"))
    assert (left.heading, "From the desk" in left.text) == ("Check your answers", True)
    checked = other.send(page.form(), q3="From both")
    assert [text_of(dd) for dd in checked.all("dd", class_="govuk-summary-list__value")][-1] == "From both"
    # All on one page, with and without a script: what was left as it was follows, what both changed is asked.
    pages = [browser.get(f"{address}/all").form() for browser in (one, other, one)]
    one.send(pages[0], q1="2", q3="From the desk again")
    status, told = autosaved(other, pages[1], q3="From the train", q2="1", changed="q2 q3")
    assert status == 200
    assert told["saved"].startswith(
        "Kept at 10am, but not all of it. “What will you do differently?”: You changed this"
    )
    page = other.send(pages[1], q3="From the train", changed="q3", later="1")
    assert (page.status, page.form().values["q1"]) == (409, ["2"])
    assert "It is now From the desk again You typed From the train" in page.text
    assert [page.form().values[name] for name in ("q2", "q3")] == [["1"], ["From the train"]]
    page = one.send(pages[2], q3="From a tab")
    assert (page.status, page.form().values["q2"]) == (409, ["1"])
    assert "You left it as it was" in page.text
    checked = one.send(page.form())
    assert [text_of(dd) for dd in checked.all("dd", class_="govuk-summary-list__value")][-1] == "From a tab"


def test_two_devices_at_once_keep_what_each_answered(app, make, browser, ledger, event):
    survey = make.survey(event)
    address = survey_link(app, survey, make.registration(event))
    one, other = Browser(app), Browser(app)
    first, third = one.get(f"{address}/1"), other.get(f"{address}/3")
    one.send(first.form(), q1="2")
    checked = other.send(third.form(), q3="From the phone")
    assert "From the phone" in checked.text
    assert text_of(checked.all("dd", class_="govuk-summary-list__value")[0]) == "2"
    both = one.get(f"{address}/check")
    other.send(checked.form())
    assert one.send(both.form()).heading == "Thank you for your answers"
    assert len(ledger.all(select(SurveyResponse))) == 1


def test_text_that_may_identify_a_child_is_explained_reworded_or_kept_with_a_reason(app, make, browser, ledger, event):
    survey = make.survey(event)
    address = survey_link(app, survey, make.registration(event))
    page = browser.send(browser.get(f"{address}/3").form(), q3=NAMED_CHILD)
    assert page.status == 422
    assert page.errors[0].startswith("This may identify somebody")
    assert text_of(page.one("textarea", name="q3")) == NAMED_CHILD
    assert "Nothing was saved yet." in page.text
    refused = browser.send(page.form(), guard_choice="keep", guard_reason="")
    assert "Say why the text has to stay as it is" in refused.errors
    kept = browser.send(refused.form(), guard_choice="keep", guard_reason="It is an invented case")
    assert (kept.heading, NAMED_CHILD in kept.text) == ("Check your answers", True)
    browser.send(browser.get(f"{address}/1").form(), q1="4")
    assert browser.send(browser.get(f"{address}/check").form()).heading == "Thank you for your answers"
    entry = ledger.one(select(Activity).where(Activity.verb == "text_kept"))
    assert (entry.details["reason"], "Jayden" in str(entry.details)) == ("It is an invented case", False)

    other = survey_link(app, survey, make.registration(event))
    page = browser.send(browser.get(f"{other}/3").form(), q3=NAMED_CHILD, q1="1")
    reworded = browser.send(page.form(), guard_choice="reword")
    assert reworded.heading == "Check your answers"
    assert "Jayden" not in reworded.text


def test_what_was_let_stand_is_not_asked_about_again_on_any_device(app, make, browser, ledger, event):
    survey = make.survey(event, privacy=Privacy.CONFIDENTIAL)
    address = survey_link(app, survey, make.registration(event))
    page = browser.send(browser.get(f"{address}/3").form(), q3=NAMED_CHILD)
    assert "The reason is kept nowhere: it is asked so that you think once more." in page.text
    assert browser.send(page.form(), guard_choice="keep", guard_reason="Invented").heading == "Check your answers"
    other = Browser(app)
    other.send(other.get(f"{address}/1").form(), q1="4")
    assert other.send(other.get(f"{address}/check").form()).heading == "Thank you for your answers"
    # Nor once it was sent, but for what is new in it.
    checked = Browser(app).send(Browser(app).get(f"{address}/1?back=check").form(), q1="5")
    assert Browser(app).send(checked.form()).status == 422  # each browser has a token of its own
    assert other.send(other.get(f"{address}/all").form(), q1="5").heading == "Check your answers"
    assert other.send(other.get(f"{address}/check").form()).heading == "Thank you for your answers"
    page = other.send(other.get(f"{address}/3").form(), q3=f"{NAMED_CHILD} Call 07700 900123.")
    assert page.errors[0].startswith("This may identify somebody")
    assert ledger.all(select(Activity).where(Activity.verb == "text_kept")) == []


def test_check_page_leads_back_to_the_question_that_the_guard_asks_about(app, make, browser, ledger, event):
    person = make.person("Dana", "dana@example.org")
    survey = make.survey(open_link=True)
    mine = Browser(app).sign_in(make.signed_in(person))
    address = f"/surveys/{survey.public_id}/me"
    mine.send(mine.get(f"{address}/all").form(), q1="2", q3=NAMED_CHILD, later="1")
    page = mine.send(mine.get(f"{address}/check").form())
    errors = page.one("div", class_="govuk-error-summary")
    assert [one.get("href") for one in errors.iter(HTML + "a")] == [f"{address}/3?back=check"]
    assert "Change the text above myself" not in page.text
    changing = mine.send(page.form(), guard_choice="change")
    assert (changing.address, changing.form().values["q3"]) == (f"{address}/3?back=check", [NAMED_CHILD])
    # Kept there, the reason is in the record, with who gave it.
    assert "The reason is kept in the record" in page.text
    mine.send(page.form(), guard_choice="keep", guard_reason="It is an invented case")
    entry = ledger.one(select(Activity).where(Activity.verb == "text_kept"))
    assert (entry.actor_id, entry.details["reason"]) == (person.id, "It is an invented case")
    # Of who answers without a name nothing can be recorded, and the page does not say so.
    front = browser.send(browser.get(f"/surveys/{survey.public_id}").form("/start"))
    page = browser.send(browser.get(f"{front.address.rpartition('/')[0]}/3").form(), q3=NAMED_CHILD)
    assert "The reason is kept nowhere" in page.text


def test_text_saved_for_later_is_asked_about_before_it_is_sent_and_leaves_no_trace(app, make, browser, ledger, event):
    survey = make.survey(event, privacy=Privacy.ANONYMOUS)
    address = survey_link(app, survey, make.registration(event))
    browser.send(browser.get(f"{address}/all").form(), q1="2", q3=NAMED_CHILD, later="1")
    page = browser.send(browser.get(f"{address}/all").form())
    assert KEPT_ALREADY in page.text
    page = browser.send(browser.get(f"{address}/check").form())
    assert (page.status, page.errors[0].startswith("This may identify somebody")) == (422, True)
    assert (KEPT_ALREADY in page.text, "Nothing was saved" in page.text) == (True, False)
    assert ledger.all(select(SurveyEnvelope)) == []
    page = browser.send(page.form(), guard_choice="keep", guard_reason="It is an invented case")
    assert page.heading == "Thank you for your answers"
    assert ledger.all(select(Activity).where(Activity.verb == "text_kept")) == []
