"""The pages of a release by the worker: how far it is, what came of it, and why nothing did."""

import pytest
from sqlalchemy import select

from tests.ledger import Ledger
from webapp import clock
from webapp.models.accounts import Role
from webapp.models.agenda import SessionKind
from webapp.models.drafts import AgendaRelease, ReleaseRequest, RequestState
from webapp.models.events import EventState
from webapp.services import drafts
from webapp.services.drafts import asking
from webapp.templating import british_moment


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch):
    monkeypatch.setattr(asking, "AT_ONCE", 1)


@pytest.fixture
def event(make):
    event = make.event("Working with fathers")
    make.draft(event)
    event.welcome = make.planned(event, "Welcome", kind=SessionKind.PLENARY)
    make.released(event)
    for name in ("ann", "bob"):
        make.registration(event, email=f"{name}@example.org")
    return event


def at(event, path=""):
    return f"/manage/events/{event.slug}-{event.public_id}/{path}"


def move(browser, event, starts):
    return browser.send(browser.get(at(event, f"sessions/{event.welcome.public_id}/move")).form("/move"), starts=starts)


def ask(browser, event, **more):
    return browser.send(browser.get(at(event, "releases/new")).form(), **more)


def work(app):
    with app.app_context():
        return drafts.release_requested(clock.now)


def stage(ledger, state):
    request = ledger.one(select(ReleaseRequest))
    ledger.change(request, state=state)


def test_release_that_many_are_told_of_shows_how_far_it_is(app, organiser, event, ledger, now):
    browser = organiser(event)
    move(browser, event, "14:00")
    waiting = ask(browser, event, note="The hall is free")
    assert waiting.heading == "The agenda is being released"
    assert "Step 1 of 3: it waits for its turn." in waiting.text
    for state, words in ((RequestState.CHECKING, "Step 2 of 3"), (RequestState.WRITING, "the letters to 2 people")):
        stage(ledger, state)
        assert words in browser.get(waiting.link("Look how far it is")).text
    assert ledger.all(select(AgendaRelease.number)) == [1]
    assert work(app) == 1
    done = browser.get(waiting.link("Look how far it is"))
    assert done.heading == "The agenda has been released"
    assert "Version 2 is what everybody sees now. 2 people are being told." in done.text
    assert f"Asked for at {british_moment(now)}." in done.text
    assert "The hall is free" in browser.get(done.link("Look at the versions")).text
    assert browser.get(at(event, "releases/new")).heading == "Release version 3 of the agenda"


def test_draft_changed_meanwhile_is_said_and_what_was_typed_is_kept(app, organiser, event, ledger, now):
    browser = organiser(event)
    move(browser, event, "14:00")
    waiting = ask(browser, event, note="The hall is free")
    move(browser, event, "15:00")
    assert work(app) == 0
    refused = browser.get(waiting.address)
    assert refused.heading == "The agenda was not released"
    assert "The draft has changed since you read the summary." in refused.text
    assert f"It was asked for at {british_moment(now)}." in refused.text
    assert "Nobody was told, and everybody sees the agenda as it was. What you wrote about this version" in refused.text
    again = browser.get(refused.link("Read the summary again"))
    assert again.form().values["note"] == ["The hall is free"]
    assert "3pm to 4pm" in again.text
    browser.send(again.form())
    assert work(app) == 1
    assert ledger.all(select(AgendaRelease.note).order_by(AgendaRelease.number)) == ["", "The hall is free"]
    assert "The hall is free" not in browser.get(at(event, "releases/new")).body


def test_second_release_is_refused_in_words_and_keeps_what_was_typed(app, organiser, event, ledger):
    browser, other = organiser(event), organiser(event, name="Robin Vale")
    move(browser, event, "14:00")
    page = other.get(at(event, "releases/new"))
    ask(browser, event, note="The hall is free")
    refused = other.send(page.form(), note="It rains")
    assert refused.status == 409
    assert refused.errors == [drafts.ReleaseUnderWay.message]
    assert refused.form().values["note"] == ["It rains"]
    assert other.get(at(event, "releases/new")).heading == "The agenda is being released"
    assert work(app) == 1
    assert ledger.all(select(AgendaRelease.note).order_by(AgendaRelease.number)) == ["", "The hall is free"]


def test_confirmed_twice_it_is_released_once(app, organiser, event, ledger):
    browser = organiser(event)
    move(browser, event, "14:00")
    page = browser.get(at(event, "releases/new"))
    first, second = browser.send(page.form()), browser.send(page.form())
    assert first.address == second.address
    assert work(app) == 1
    assert browser.send(page.form()).heading == "The agenda has been released"
    assert work(app) == 0
    assert ledger.all(select(AgendaRelease.number).order_by(AgendaRelease.number)) == [1, 2]


def test_page_of_a_release_is_for_those_who_plan_the_agenda(organiser, event, ledger):
    browser = organiser(event)
    assert browser.get(at(event, "releases/under-way")).heading == "Versions of the agenda"
    move(browser, event, "14:00")
    ask(browser, event)
    assert organiser(event, Role.AGENDA).get(at(event, "releases/under-way")).status == 200
    assert organiser(event, Role.READER).get(at(event, "releases/under-way")).status == 403


def test_summary_that_grew_meanwhile_is_shown_again(organiser, make, event, ledger, monkeypatch):
    browser = organiser(event)
    move(browser, event, "14:00")
    page = browser.get(at(event, "releases/new"))
    for number in range(12):
        make.registration(event, email=f"late{number}@example.org")
    monkeypatch.setattr(asking, "AT_ONCE", 100)
    refused = browser.send(page.form(), note="The hall is free")
    assert refused.status == 409
    assert "The summary that you read named 2 to be told; by now it would be 14." in refused.errors[0]
    assert "14 people" in refused.text
    assert browser.send(refused.form()).heading.startswith("Agenda")
    assert ledger.all(select(AgendaRelease.note).order_by(AgendaRelease.number)) == ["", "The hall is free"]


def test_small_release_confirmed_twice_says_twice_that_it_is_done(organiser, event, ledger, monkeypatch):
    monkeypatch.setattr(asking, "AT_ONCE", 100)
    browser = organiser(event)
    move(browser, event, "14:00")
    page = browser.get(at(event, "releases/new"))
    first, second = browser.send(page.form()), browser.send(page.form())
    for answer in (first, second):
        assert answer.heading.startswith("Agenda")
        assert "Version 2 of the agenda has been released. 2 people are being told." in answer.text
    assert ledger.all(select(AgendaRelease.number).order_by(AgendaRelease.number)) == [1, 2]


def test_small_release_after_one_that_was_refused_is_the_news(app, organiser, event, ledger, monkeypatch):
    browser = organiser(event)
    move(browser, event, "14:00")
    waiting = ask(browser, event, note="The hall is free")
    move(browser, event, "15:00")
    assert work(app) == 0
    monkeypatch.setattr(asking, "AT_ONCE", 100)
    ask(browser, event, note="The small hall is free")
    news = browser.get(waiting.address)
    assert news.heading == "The agenda has been released"
    assert "Version 2 is what everybody sees now. 2 people are being told." in news.text
    assert "The hall is free" not in browser.get(at(event, "releases/new")).body
    assert ledger.all(select(AgendaRelease.note).order_by(AgendaRelease.number)) == ["", "The small hall is free"]


def test_release_of_an_event_that_is_still_a_draft_says_who_sees_it(organiser, make):
    event = make.event("Working with fathers", state=EventState.DRAFT)
    make.draft(event)
    make.planned(event, "Welcome")
    browser = organiser(event)
    assert ask(browser, event).heading.startswith("Agenda")
    news = browser.get(at(event, "releases/under-way"))
    assert "Version 1 is what everybody will see once the event is published. Nobody had to be told." in news.text
