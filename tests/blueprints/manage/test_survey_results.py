"""Results on the organisers' side, and those that everybody may see."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from tests.answered import answer
from tests.browsing import Browser, text_of
from tests.counting import statements
from tests.ledger import Ledger
from webapp import clock, transaction
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Role, ThingKind
from webapp.models.organisations import Sector
from webapp.models.surveys import (
    Participation,
    Privacy,
    Survey,
    SurveyAnswer,
    SurveyEnvelope,
    SurveyResponse,
    SurveyState,
    SurveyTheme,
    SurveyThemed,
)
from webapp.models.surveys_asked import Choice, Condition, Kind, Question
from webapp.services import surveys

CHOICES = tuple(Choice(no=no, label=label) for no, label in enumerate(("Talks", "Groups", "Slides"), 1))
ASKED = (
    Question(no=1, kind=Kind.LIKERT, label="I learnt something"),
    Question(no=2, kind=Kind.SEVERAL_CHOICES, label="What did you use?", choices=CHOICES),
    Question(no=3, kind=Kind.LONG_TEXT, label="What will you do?"),
    Question(no=4, kind=Kind.YES_NO, label="Coming again?", shown=Condition(question=2, values=(3,))),
)
ONE = {1: 4, 2: {0: None, 1: 1}, 3: "Ask the family"}
OTHER = {1: 2, 2: {0: None, 1: 1, 2: 1}, 3: "=1+1"}
FEW = {1: 5, 2: {0: None, 3: 1}, 4: 1}


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    return make.event("Family hubs")


def at(survey, end=""):
    return f"/manage/surveys/{survey.public_id}/results{end}"


def answered(app, survey, *given, **values):
    with app.app_context():
        return answer(survey, *given, **values)


def rows_of(page, number, part=0):
    (table,) = [one for one in page.all("table") if one.get("aria-labelledby") == f"bars-{number}-{part}"]
    cells = [[text_of(cell) for cell in row if text_of(cell)] for row in table.iter() if row.tag.endswith("}tr")]
    return cells[1:]


def test_results_show_numbers_and_hide_small_ones(app, make, organiser, event):
    survey = make.survey(event, *ASKED)
    answered(app, survey, *[ONE] * 12, *[OTHER] * 6, *[FEW] * 3, sector=Sector.HEALTH)
    page = organiser(event).get(at(survey))
    assert page.heading == "Results"
    assert "21 answered" in page.text
    assert rows_of(page, 1) == [
        ["Strongly disagree", "0", "0%"],
        ["Disagree", "Hidden"],
        ["Neither agree nor disagree", "0", "0%"],
        ["Agree", "12", "57%"],
        ["Strongly agree", "Hidden"],
    ]
    # Who used the slides was asked about coming again: how many were would tell that they were three.
    assert "Not shown: too few answered" in page.text
    assert "This split is not shown" in organiser(event).get(at(survey, "?by=sector")).text


def test_scale_has_its_middle_in_the_middle_where_nothing_is_hidden(app, make, organiser, event):
    survey = make.survey(event, ASKED[0])
    answered(app, survey, *[{1: 2}] * 10, *[{1: 3}] * 10, *[{1: 5}] * 20, sector=Sector.HEALTH)
    answered(app, survey, *[{1: 3}] * 10, sector=Sector.POLICE)
    page = organiser(event).get(at(survey, "?by=sector"))
    (drawn,) = [one for one in page.tree.iter() if one.get("class") == "wm-centred"]
    bars = [(float(bar.get("x")), float(bar.get("width"))) for bar in drawn if bar.get("width")][1:]
    assert bars == [(180.0, 0.0), (180.0, 60.0), (240.0, 120.0), (360.0, 0.0), (360.0, 120.0)]
    assert "Mean 3.6, spread (standard deviation) 1.2" in page.text
    (table,) = page.all("table", class_="wm-split")
    heads = [text_of(one) for one in table.iter() if one.tag.endswith("}th")]
    assert heads[:3] == ["Answer", "Health", "Police"]


def test_results_ask_the_database_as_often_for_many_questions(app, make, organiser, event):
    counts = []
    own = organiser(event)
    for number in (1, 12):
        survey = make.survey(
            event, *(Question(no=no, kind=Kind.RATING, label=f"How {no}?") for no in range(1, 1 + number))
        )
        answered(app, survey, *[dict.fromkeys(range(1, 1 + number), 4)] * 6)
        with statements(app) as asked:
            own.get(at(survey))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_who_sees_what_of_each_kind_of_survey(app, make, organiser, event):
    owner, reader, analyst = organiser(event), organiser(event, Role.READER), organiser(event, Role.ANALYST)
    named, confidential, anonymous = (make.survey(event, *ASKED, privacy=privacy) for privacy in Privacy)
    for survey in (named, confidential, anonymous):
        answered(app, survey, *[ONE] * 12)
    sees = {
        (survey.privacy.value, who): "12 answered" in browser.get(at(survey)).text
        for survey in (named, confidential, anonymous)
        for who, browser in (("owner", owner), ("reader", reader), ("analyst", analyst))
    }
    assert [key for key, seen in sees.items() if seen] == [
        ("named", "owner"), ("named", "analyst"), ("confidential", "analyst"),
    ]  # fmt: skip
    statuses = [
        [browser.get(at(survey, end)).status for browser in (owner, reader, analyst)]
        for survey in (named, confidential, anonymous)
        for end in ("/answers.csv", "/texts/3.csv", "/responses")
    ]
    assert statuses == [
        *[[200, 403, 200]] * 3, *[[403, 403, 200]] * 3, *[[403, 403, 403]] * 3,
    ]  # fmt: skip
    assert "held back" in owner.get(at(anonymous, "/texts/3")).text


def test_anonymous_texts_are_read_once_it_is_over_and_enough_wrote(app, make, organiser, event):
    survey = make.survey(event, *ASKED, privacy=Privacy.ANONYMOUS, closes_at=make.now + timedelta(hours=1))
    answered(app, survey, *[{3: f"Words {number}"} for number in range(4)], *[{1: 4}] * 9)
    own, later = organiser(event), make.now + timedelta(hours=2)
    with clock.fixed(later):
        with app.app_context():
            surveys.release_due(clock.now)
        assert "held back" in own.get(at(survey, "/texts/3")).text
        assert "Read what people wrote" not in own.get(at(survey)).text
        answered(app, survey, {3: "Words 4"}, *[{1: 4}] * 4)
        assert "held back" in own.get(at(survey, "/texts/3")).text
        with app.app_context():
            assert surveys.release_due(clock.now) == 1
        assert "5 texts" in own.get(at(survey, "/texts/3")).text
        assert "Read what people wrote" in own.get(at(survey)).text


def test_how_many_wrote_tells_nothing_that_the_results_hide(app, make, organiser, event):
    own, later = organiser(event), make.now + timedelta(hours=2)
    which = Question(no=1, kind=Kind.ONE_CHOICE, label="Which?", choices=CHOICES, other=4, last=4)
    why = Question(no=2, kind=Kind.LONG_TEXT, label="Why?", shown=Condition(question=1, values=(2,)))
    several = Question(**(which.__dict__ | {"no": 3, "kind": Kind.SEVERAL_CHOICES}))
    survey = make.survey(event, which, why, several, privacy=Privacy.ANONYMOUS, closes_at=make.now + timedelta(hours=1))
    # The two who said slides are hidden, groups with them, so that those who wrote why would tell of both.
    answered(app, survey, *[{1: 1}] * 20, *[{1: 2, 2: "Because"}] * 5, *[{1: 3}] * 2)
    for number in range(6):
        in_words = {1: {0: 4}, 3: {0: None, 4: f"And {number}"}}
        (key,) = answered(app, survey, in_words)
        with app.app_context(), transaction.unit():
            db.session.get(SurveyAnswer, (key, 1, 0)).text = f"Other {number}"
    with clock.fixed(later):
        with app.app_context():
            assert surveys.release_due(clock.now) == 1
        page = own.get(at(survey))
        assert rows_of(page, 1) == [
            ["Talks", "20", "61%"],
            ["Groups", "Hidden"],
            ["Slides", "Hidden"],
            ["Other", "6", "18%"],
        ]
        for question, held in ((1, False), (2, True), (3, False)):
            end = f"/texts/{question}"
            assert ("held back" in own.get(at(survey, end)).text) == held, question
            assert own.get(at(survey, f"{end}.csv")).status == (403 if held else 200)
            assert (at(survey, end) in page.body) == (not held)


def test_anonymous_results_say_why_they_are_split_by_answers_alone(app, make, organiser, event):
    leads = Question(no=9, kind=Kind.YES_NO, label="Do you lead a team?", splits=True)
    plain, asking = (make.survey(event, *asked, privacy=Privacy.ANONYMOUS) for asked in (ASKED[:1], (ASKED[0], leads)))
    for survey in (plain, asking):
        answered(app, survey, *[{1: 4, 9: 1}] * 10, *[{1: 2, 9: 0}] * 10)
    own, later = organiser(event), make.now + timedelta(hours=2)
    with app.app_context():
        surveys.release_due(lambda: make.now)
    page = own.get(at(plain))
    assert "Sector and role of a registration are not kept" in page.text
    assert "ask for it among the questions" in page.text
    assert page.all("nav", **{"aria-label": "Split the results"}) == []
    for survey in (plain, asking):
        with app.app_context(), transaction.unit():
            db.session.get(Survey, survey.id).closes_at = make.now + timedelta(hours=1)
    with app.app_context():
        surveys.release_due(lambda: later)
    with clock.fixed(later):
        page = own.get(at(asking))
        assert "So results are split by what people said of themselves" in page.text
        page = own.get(at(asking, "?by=question-9"))
    (table,) = page.all("table", class_="wm-split")
    cells = [[text_of(cell) for cell in row] for row in table.iter() if row.tag.endswith("}tr")]
    assert cells == [
        ["Answer", "Yes", "No"], ["Strongly disagree or disagree", "0", "10 (100%)"],
        ["Neither agree nor disagree", "0", "0"], ["Agree or strongly agree", "10 (100%)", "0"],
        ["Answered", "10", "10"],
    ]  # fmt: skip


def test_themes_are_put_on_what_people_wrote(app, make, organiser, event, ledger):
    survey = make.survey(event, *ASKED)
    first, _ = answered(app, survey, {3: "Ask the family"}, {3: "Talk with the team"})
    own = organiser(event)
    page = own.send(own.get(at(survey, "/texts/3")).form("/themes?"), name="")
    assert (page.status, page.errors) == (422, ["Enter a theme"])
    page = own.send(page.form("/themes?"), name="Families")
    theme = ledger.one(select(SurveyTheme))
    form = page.form("/texts/3?")
    name = next(key for key in form.values if key.startswith("was-")).removeprefix("was-")
    page = own.send(form, **{f"themes-{name}": theme.public_id})
    assert ledger.one(select(SurveyThemed.response_id)) == first
    assert str(first) not in page.body
    assert "One text" in own.get(at(survey, f"/texts/3?theme={theme.public_id}")).text
    assert "Nothing was found" in own.get(at(survey, f"/texts/3?theme={theme.public_id}&q=team")).text
    answered(app, survey, *[{3: "Wait"}] * 3)
    # Where few texts carry a theme, its name stands alone.
    assert "Themes found: Families Read" in own.get(at(survey)).text
    with app.app_context(), transaction.unit():
        waiting = db.session.scalars(select(SurveyAnswer.response_id).where(SurveyAnswer.text == "Wait")).all()
        db.session.add_all(SurveyThemed(theme_id=theme.id, response_id=one) for one in waiting)
        db.session.get(Survey, survey.id).threshold = 4
    assert "Themes found: Families (4)" in own.get(at(survey)).text
    assert "What will you do?,Theme,Families,,,4,5" in own.get(at(survey, "/numbers.csv")).body
    assert json.loads(own.get(at(survey, "/numbers.json")).body)["themes"] == {"3": {"Families": 4}}
    with app.app_context(), transaction.unit():
        db.session.execute(delete(SurveyThemed).where(SurveyThemed.response_id.in_(waiting)))
        db.session.get(Survey, survey.id).threshold = 5
    assert "Themes found" not in organiser(event, Role.READER).get(at(survey)).text
    # A page that is older than what stands there takes nothing off that it did not show.
    own.send(form)
    assert ledger.count(SurveyThemed) == 1
    own.send(page.form("/texts/3?"), **{f"themes-{name}": []})
    assert ledger.count(SurveyThemed) == 0
    own.send(own.get(at(survey, f"/texts/3/themes/{theme.public_id}/remove")).form())
    assert ledger.count(SurveyTheme) == 0
    assert own.get(at(survey, "/texts/1")).status == 404
    assert own.get(at(survey, "/texts/3?theme=nosuch")).status == 404


def test_files_say_what_the_page_says_and_formulas_do_nothing(app, make, organiser, event):
    survey = make.survey(event, *ASKED)
    answered(app, survey, *[ONE] * 12, *[OTHER] * 6, *[FEW] * 3)
    own = organiser(event)
    numbers = own.get(at(survey, "/numbers.csv")).body.splitlines()
    assert [line.split(",")[3:7] for line in numbers if "I learnt something" in line][1:] == [
        ["Disagree", "", "", "hidden"], ["Neither agree nor disagree", "", "", "0"], ["Agree", "", "", "12"],
        ["Strongly agree", "", "", "hidden"],
    ]  # fmt: skip
    told = json.loads(own.get(at(survey, "/numbers.json")).body)
    assert [line["count"] for line in told["results"][0]["lists"][0]["lines"]] == [0, None, 0, 12, None]
    answers = own.get(at(survey, "/answers.csv")).body.splitlines()
    assert len(answers) == 22
    assert sum("'=1+1" in line for line in answers) == 6
    assert "'=1+1" in own.get(at(survey, "/texts/3.csv")).body
    assert own.client.get(at(survey, "/answers.xlsx")).data[:2] == b"PK"
    assert len(json.loads(own.get(at(survey, "/answers.json")).body)["responses"]) == 21


def test_workbook_of_very_many_answers_is_not_made_at_once(app, make, organiser, event, monkeypatch):
    monkeypatch.setattr("webapp.blueprints.manage.survey_results.files.AT_ONCE", 5)
    survey = make.survey(event, *ASKED)
    answered(app, survey, *[ONE] * 6)
    page = organiser(event).get(at(survey, "/answers.xlsx"))
    assert "take the CSV or JSON file" in page.text


def test_surveys_are_compared_where_they_ask_the_same(app, make, organiser, event):
    first, second = (make.survey(event, *ASKED, title=title) for title in ("This year", "Last year"))
    answered(app, first, *[ONE] * 12)
    answered(app, second, *[OTHER] * 6)
    helper = make.person()
    make.grant(helper, Role.ORGANISER, ThingKind.EVENT, event.id)
    other = make.event(programme_id=event.programme_id)
    elsewhere = make.survey(other, *ASKED, title="Not theirs")
    own = Browser(app).sign_in(make.signed_in(helper))
    silent = make.survey(event, Question(no=9, kind=Kind.RATING, label="Something else"), title="Asks other things")
    answered(app, silent, *[{9: 4}] * 6)
    chosen = "&".join(f"with={one.public_id}" for one in (second, elsewhere, silent))
    page = own.get(at(first, f"/compare?{chosen}"))
    assert "Not theirs" not in page.text
    # What has nothing in common is not offered.
    (listed,) = page.all("fieldset")
    assert [text_of(one) for one in listed.iter() if one.tag.endswith("}label")] == [
        "Last year (Family hubs, 14 June 2027)"
    ]
    (table,) = [one for one in page.all("table") if "I learnt something" in text_of(one)]
    cells = [[text_of(cell) for cell in row] for row in table.iter() if row.tag.endswith("}tr")]
    # What does not ask it has no column beside it.
    assert [one.split("Family hubs")[0].strip() for one in cells[0]] == ["Answer", "This year", "Last year"]
    assert cells[1:] == [
        ["Strongly disagree", "0% (0)", "0% (0)"], ["Disagree", "0% (0)", "100% (6)"],
        ["Neither agree nor disagree", "0% (0)", "0% (0)"], ["Agree", "100% (12)", "0% (0)"],
        ["Strongly agree", "0% (0)", "0% (0)"], ["Mean or score", "4.0", "2.0"], ["Answered", "12", "6"],
    ]  # fmt: skip


def test_everybody_sees_the_chosen_questions_once_it_is_over(app, make, organiser, browser, event, ledger):
    survey = make.survey(event, *ASKED, closes_at=make.now + timedelta(hours=1))
    answered(app, survey, *[ONE] * 12)
    own, public = organiser(event), f"/surveys/{survey.public_id}/results"
    page = own.send(own.get(at(survey, "/public")).form(), question=["2", "3", "77", "x"])
    assert "Saved" in page.text
    assert ledger.one(select(Survey.public_questions).where(Survey.id == survey.id)) == [2]
    assert browser.get(public).status == 404
    later = make.now + timedelta(hours=2)
    with clock.fixed(later):
        assert browser.get(public).status == 404
        with app.app_context():
            assert surveys.release_due(lambda: later) == 1
        page = browser.get(public)
        assert "12 people answered" in page.text
        assert [text_of(one) for one in page.all("h3")] == ["What did you use?"]
        # Who comes too late to answer is led there.
        assert browser.get(f"/surveys/{survey.public_id}").link("See what people answered") == public

        assert "as of 10 May 2027" in organiser(event, Role.READER).get(at(survey)).text
        own.send(own.get(at(survey, "/public")).form(), question=[])
        assert browser.get(public).status == 404
        assert "See what people answered" not in browser.get(f"/surveys/{survey.public_id}").text


def test_results_of_a_draft_and_of_others_are_not_there(make, organiser, browser, event):
    draft = make.survey(event, *ASKED, state=SurveyState.DRAFT)
    survey = make.survey(event, *ASKED)
    assert organiser(event).get(at(draft)).status == 404
    assert organiser(make.event()).get(at(survey)).status == 404
    assert browser.get(at(survey)).heading == "Sign in"
    assert "Nothing is shown yet" in organiser(event).get(at(survey)).text


def test_page_says_why_nothing_is_shown_yet(app, make, organiser, event, ledger):
    ends = {"closes_at": make.now + timedelta(hours=1)}
    anonymous, named = (make.survey(event, *ASKED, privacy=one, **ends) for one in (Privacy.ANONYMOUS, Privacy.NAMED))
    own, reader = organiser(event), organiser(event, Role.READER)
    assert "Results appear when 5 people have answered" in own.get(at(named)).text
    assert "You see results once it has closed and 5 people have answered" in reader.get(at(named)).text
    assert "first when 10 people have answered" in own.get(at(anonymous)).text
    envelopes = [SurveyEnvelope(id=no, survey_id=anonymous.id, tag=str(no), sealed=b"s") for no in range(1, 5)]
    with app.app_context(), transaction.unit():
        db.session.add_all(envelopes)
    answered(app, named, *[ONE] * 5)
    closed = ends["closes_at"]
    for later, said in ((timedelta(), "destroyed unopened"), (timedelta(hours=1), "have been destroyed")):
        with clock.fixed(closed + later):
            if later:
                registration = make.registration(event)
                with app.app_context(), transaction.unit():
                    db.session.execute(delete(SurveyEnvelope))
                    part = {"survey_id": anonymous.id, "registration_id": registration.id}
                    db.session.add(Participation(id=9, day=closed.date(), **part))
            assert said in own.get(at(anonymous)).text
            # The worker's next round makes them.
            assert "are being counted" in reader.get(at(named)).text


def test_results_of_a_survey_that_is_opened_again_move_on(app, make, organiser, event, ledger):
    survey = make.survey(event, *ASKED, privacy=Privacy.NAMED, closes_at=make.now + timedelta(hours=1))
    answered(app, survey, *[ONE] * 10)
    own, reader, later = organiser(event), organiser(event, Role.READER), make.now + timedelta(hours=2)
    with clock.fixed(later):
        released = []
        for more in (0, 4, 1):
            ledger.act(surveys.reopen, survey.id, actor=SYSTEM, now=later)
            if more:
                answered(app, survey, *[OTHER] * more)
            ledger.act(surveys.close, survey.id, actor=SYSTEM, now=later)
            with app.app_context():
                released.append(surveys.release_due(clock.now))
            if more == 4:
                # Who may read each answer sees all; others nothing of the few who came between.
                assert "14 answered" in own.get(at(survey)).text
                assert "10 answered" in reader.get(at(survey)).text
        assert released == [1, 0, 1]
        assert "15 answered" in reader.get(at(survey)).text
        assert "By sector" in own.get(at(survey, "?by=sector")).text


def test_who_took_part_is_said_of_those_who_were_asked(app, make, organiser, event):
    own, people = organiser(event), [make.registration(event) for _ in range(6)]
    survey = make.survey(event, *ASKED, open_link=True)
    shut = make.survey(event, *ASKED, privacy=Privacy.ANONYMOUS)
    answered(app, survey, *[ONE] * 9)
    answered(app, shut, *[ONE] * 5)
    with app.app_context(), transaction.unit():
        parts = [(survey, one) for one in people[:3]] + [(shut, one) for one in people[:5]]
        db.session.add_all(
            Participation(id=no, survey_id=one.id, registration_id=who.id, day=make.now.date())
            for no, (one, who) in enumerate(parts, 1)
        )
        db.session.add(SurveyEnvelope(id=1, survey_id=shut.id, tag="t", sealed=b"s"))
    page = own.get(at(survey))
    assert "9 answered as of now 3 of 6 who were asked took part (50%) 6 more by the address" in page.text
    with app.app_context():
        assert surveys.release_due(lambda: make.now) == 1
    # One waits to be counted, and took part.
    assert "5 answered as of 10 May 2027 6 of 6 who were asked took part (100%)" in own.get(at(shut)).text
    printed = own.get(at(survey, "/print"))
    assert printed.heading == survey.title


def test_single_answers_are_read_one_after_the_other(app, make, organiser, event):
    survey, own = make.survey(event, *ASKED), organiser(event)
    assert "Nobody has sent answers yet" in own.get(at(survey, "/responses")).text
    keys = answered(app, survey, *[ONE] * 11, sector=Sector.HEALTH)
    registration = make.registration(event, name="Robin Vale")
    with app.app_context(), transaction.unit():
        part = {"survey_id": survey.id, "registration_id": registration.id, "day": make.now.date()}
        db.session.add(Participation(id=4, **part))
        db.session.flush()
        db.session.get(SurveyResponse, min(keys)).participation_id = 4
    page = own.get(own.get(at(survey)).link("Read what each person answered"))
    assert [text_of(one) for one in page.all("h2")][:2] == ["Robin Vale", "Answer 2 of 11"]
    first = page.all("dl")[0]
    assert [text_of(one) for one in first.iter() if one.tag.endswith(("}dt", "}dd"))][:4] == [
        "I learnt something", "Agree", "What did you use?", "Talks",
    ]  # fmt: skip
    with statements(app) as asked:
        own.get(at(survey, "/responses?page=2"))
    with statements(app) as once:
        own.get(at(survey, "/responses"))
    assert len(asked) == len(once)
    confidential = make.survey(event, *ASKED, privacy=Privacy.CONFIDENTIAL)
    answered(app, confidential, ONE)
    analyst = organiser(event, Role.ANALYST)
    assert "only the analyst sees them" in analyst.get(at(confidential, "/responses")).text
