"""What is shown of a survey, to whom and from when on: counted in the database, released in steps, given as files."""

import json
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask

from tests.answered import answer
from tests.conftest import NOW
from tests.making import Maker
from webapp import transaction
from webapp.extensions import db
from webapp.models.organisations import Sector
from webapp.models.survey_releases import SurveyRelease
from webapp.models.surveys import Privacy, Survey
from webapp.models.surveys_asked import Asked, Choice, Condition, Kind, Question, Row, Section
from webapp.queries.surveys import releases, results, texts
from webapp.queries.surveys.published import Results
from webapp.queries.surveys.texts import Wanted
from webapp.services import surveys
from webapp.services.surveys import files, themes

CHOICES = tuple(Choice(no=no, label=label) for no, label in enumerate(("Talks", "Groups", "Slides"), 1))
EVERY = (
    Question(no=1, kind=Kind.RATING, label="How useful?"),
    Question(no=2, kind=Kind.ONE_CHOICE, label="Which part?", choices=CHOICES, other=4),
    Question(no=3, kind=Kind.SEVERAL_CHOICES, label="What did you use?", choices=CHOICES),
    Question(no=4, kind=Kind.MATRIX, label="How were they?", choices=CHOICES[:2], rows=(Row(no=7, label="Room"),)),
    Question(no=5, kind=Kind.RANKING, label="In which order?", choices=CHOICES),
    Question(no=6, kind=Kind.NUMBER, label="How many years?"),
    Question(no=7, kind=Kind.DATE, label="Since when?"),
    Question(no=8, kind=Kind.RECOMMENDATION, label="Would you recommend it?"),
    Question(no=9, kind=Kind.LONG_TEXT, label="Anything else?"),
    Question(no=10, kind=Kind.YES_NO, label="Coming again?", shown=Condition(question=2, values=(1,))),
)
GIVEN = {
    1: 4, 2: 1, 3: {0: None, 1: 1, 2: 1}, 4: {0: None, 7: 2}, 5: {0: None, 2: 1, 1: 2, 3: 3}, 6: 12,
    7: {0: "2027-03-09"}, 8: 9, 9: "It was good", 10: 1,
}  # fmt: skip


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def _later(survey: Survey) -> None:
    """Close the survey an hour from now."""
    with transaction.unit():
        db.session.get(Survey, survey.id).closes_at = NOW + timedelta(hours=1)


def _counts(found: Results, no: int) -> list[int | None]:
    return [line.count for listed in found.result(no).lists for line in listed.lines]


def test_every_kind_of_question_is_counted(make: Maker) -> None:
    survey = make.survey(None, *EVERY)
    answer(survey, *[GIVEN] * 6, sector=Sector.HEALTH)
    answer(survey, *[GIVEN | {1: 5, 2: {0: 4}, 6: 4, 8: 3, 7: {0: "2027-04-01"}}] * 6, sector=Sector.POLICE)
    answer(survey, {1: 1}, day=None)  # not sent
    found = results.live_results(results.get_survey(survey.id), "sector")
    assert found.responses == 12
    assert _counts(found, 1) == [0, 0, 0, 6, 6]
    assert (found.result(1).mean, found.result(1).spread) == (4.5, 0.5)
    assert _counts(found, 2) == [6, 0, 0, 6]
    assert _counts(found, 3) == [12, 0, 12, 0, 0, 12]
    assert _counts(found, 4) == [0, 12]
    assert _counts(found, 5) == [0, 12, 0]
    assert (found.result(6).mean, found.result(6).spread) == (8.0, 4.0)
    assert [(line.label, line.count) for line in found.result(7).lists[0].lines] == [
        ("March 2027", 6), ("April 2027", 6),
    ]  # fmt: skip
    assert (_counts(found, 8), found.result(8).score) == ([6, 0, 6], 0)
    assert found.result(9).answered == 12
    assert found.split("sector").groups == (("Health", 6), ("Police", 6))
    by_answer = results.live_results(results.get_survey(survey.id), "question-2").split("question-2")
    assert by_answer.groups == (("Talks", 6), ("Other", 6))
    assert by_answer.tables[1][0].rows[2] == ("4 or 5", (6, 6))
    assert found.split("sector").tables[2][0].rows == (
        ("Talks", (6, 0)), ("Groups", (0, 0)), ("Slides", (0, 0)), ("Other", (0, 6)),
    )  # fmt: skip


def test_anonymous_results_move_in_steps_and_are_split_once_it_is_over(make: Maker) -> None:
    survey = make.survey(None, *EVERY[:1], privacy=Privacy.ANONYMOUS)
    answer(survey, *[{1: 4}] * 4, sector=Sector.HEALTH)
    assert surveys.release_due(lambda: NOW) == 0
    answer(survey, *[{1: 4}] * 2, sector=Sector.HEALTH)
    assert surveys.release_due(lambda: NOW) == 1
    # Four more are no step: whoever saw six before would see what those four said.
    answer(survey, *[{1: 2}] * 4, sector=Sector.POLICE)
    assert surveys.release_due(lambda: NOW) == 0
    _later(survey)
    assert surveys.release_due(lambda: NOW + timedelta(hours=2)) == 1
    last = results.find_release(survey.id)
    assert (last.number, last.responses, last.over, last.day) == (2, 6, True, date(2027, 5, 10))
    assert Results.of(last.published).responses == 6
    assert surveys.release_due(lambda: NOW + timedelta(hours=2)) == 0
    answer(survey, {1: 2}, sector=Sector.POLICE)
    assert surveys.release_due(lambda: NOW + timedelta(hours=2)) == 1
    shown = Results.of(results.find_release(survey.id).published)
    assert (shown.responses, _counts(shown, 1)) == (11, [0, 5, 0, 6, 0])
    # What was released once it was over is not counted again, unless the survey was opened meanwhile.
    assert releases.surveys_to_release(now=NOW + timedelta(days=3)) != []
    with transaction.unit():
        db.session.get(SurveyRelease, results.find_release(survey.id).id).day += timedelta(days=1)
    assert releases.surveys_to_release(now=NOW + timedelta(days=3)) == []
    with transaction.unit():
        db.session.get(Survey, survey.id).updated_at = NOW + timedelta(days=2)
    assert [one.id for one in releases.surveys_to_release(now=NOW + timedelta(days=3))] == [survey.id]


def test_list_is_shown_whole_or_not_until_it_is_over(make: Maker) -> None:
    survey = make.survey(None, *EVERY[:1], privacy=Privacy.ANONYMOUS)
    answer(survey, *[{1: 5}] * 20, *[{1: 1}] * 3, *[{1: 3}] * 7)
    assert surveys.release_due(lambda: NOW) == 1
    shown = Results.of(results.find_release(survey.id).published)
    assert (shown.result(1).answered, _counts(shown, 1)) == (30, [None] * 5)
    _later(survey)
    answer(survey, *[{1: 1}] * 6, {1: 4})
    assert surveys.release_due(lambda: NOW + timedelta(hours=2)) == 1
    # The one who said four is hidden, with company.
    assert _counts(Results.of(results.find_release(survey.id).published), 1) == [9, 0, None, None, 20]


def test_splits_are_made_when_a_survey_is_over(make: Maker) -> None:
    survey = make.survey(None, *EVERY, privacy=Privacy.CONFIDENTIAL)
    answer(survey, *[GIVEN] * 6, sector=Sector.HEALTH, role="Social worker")
    answer(survey, *[GIVEN] * 7, sector=Sector.POLICE, role="Manager")
    assert surveys.release_due(lambda: NOW) == 0
    _later(survey)
    assert surveys.release_due(lambda: NOW + timedelta(hours=2)) == 1
    shown = Results.of(results.find_release(survey.id).published)
    assert _counts(shown, 1) == [0, 0, 0, 13, 0]
    assert [(split.by, split.groups) for split in shown.splits] == [
        ("sector", (("Police", 7), ("Health", 6))),
        ("role", (("Manager", 7), ("Social worker", 6))),
    ]


def test_results_are_split_by_the_area_of_the_organisation_where_the_programme_has_areas(make: Maker) -> None:
    survey = make.survey(None, *EVERY[:1], privacy=Privacy.CONFIDENTIAL)
    asked = Asked(sections=())
    assert "area" not in [one.by for one in results.splittings_of(survey, asked, {})]
    wave = make.wave("Wave 1", programme_id=survey.programme_id)
    lead, partner = make.organisation(), make.organisation()
    north = make.area("North", wave=wave, organisation_id=lead.id)
    make.area_partner(north, partner)
    answer(survey, *[{1: 4}] * 6, organisation_id=lead.id)
    answer(survey, *[{1: 2}] * 5, organisation_id=partner.id)
    answer(survey, *[{1: 3}] * 8, organisation_id=None)
    found = results.live_results(results.get_survey(survey.id), "area")
    assert (found.responses, found.split("area").groups) == (
        19,
        (("North (Wave 1)", 11), ("In no area, or not known", 8)),
    )
    assert [one.words for one in results.splittings_of(survey, asked, {})][:3] == ["sector", "role", "area"]


def test_roles_of_few_are_put_together_with_all_other_roles(make: Maker) -> None:
    survey = make.survey(None, *EVERY[:1])
    answer(survey, *[{1: 4}] * 10)
    answer(survey, *[{1: 3}] * 7, role="Not known")
    answer(survey, *[{1: 2}] * 7, role="Manager")
    for no in range(8):
        answer(survey, *[{1: 4}] * (2 if no < 5 else 1), role=f"Role {no}")
    found = results.live_results(results.get_survey(survey.id), "role")
    # Who typed what stands for those without a role is counted with them.
    assert (found.responses, found.split("role").groups) == (
        37,
        (("Not known", 17), ("Manager", 7), ("Other roles", 13)),
    )
    few = make.survey(None, *EVERY[:1])
    for no in range(12):
        answer(few, {1: 4}, role=f"Role {no}")
    assert results.live_results(results.get_survey(few.id), "role").split("role").groups == ()


def test_splits_follow_when_nobody_came_since_the_last_step(make: Maker) -> None:
    leads = Question(no=11, kind=Kind.YES_NO, label="Do you lead a team?", splits=True)
    survey = make.survey(None, EVERY[0], leads, privacy=Privacy.ANONYMOUS)
    answer(survey, *[{1: 4, 11: 1}] * 6, *[{1: 3, 11: 0}] * 6, *[{1: 3}] * 5)
    _later(survey)
    assert [surveys.release_due(lambda: NOW), surveys.release_due(lambda: NOW + timedelta(hours=2))] == [1, 1]
    shown = Results.of(results.find_release(survey.id).published)
    # Sector and role are not known of anybody; what was asked is.
    (split,) = shown.splits
    assert (split.by, split.groups) == ("question-11", (("Yes", 6), ("No", 6), ("No answer to it", 5)))
    assert split.tables[1][0].rows == (("1 or 2", (0, 0, 0)), ("3", (0, 6, 5)), ("4 or 5", (6, 0, 0)))
    assert [row[3:7] for row in files.numbers(shown, {}) if row[4]][:2] == [
        ["1 or 2", "Do you lead a team?", "Yes", 0], ["1 or 2", "Do you lead a team?", "No", 0],
    ]  # fmt: skip


def test_same_question_in_other_words_says_which_version_asked_it_so(make: Maker) -> None:
    survey = make.survey(None, EVERY[0], number=2)
    with transaction.unit():
        changed = Question(**(EVERY[0].__dict__ | {"label": "How helpful?"}))
        second = results.get_survey(survey.id).versions[1]
        second.asked = Asked(sections=(Section(no=2, title="About it", questions=(changed,)),), last=2).plain()
    answer(survey, *[{1: 4}] * 5)
    found = results.live_results(results.get_survey(survey.id)).result(1)
    assert (found.label, found.wordings) == ("How helpful?", (("How useful?", (1,)), ("How helpful?", (2,))))


def test_files_hold_what_the_page_shows_and_single_answers(make: Maker) -> None:
    survey = make.survey(None, *EVERY)
    answer(survey, *[GIVEN] * 9, *[GIVEN | {1: 1}] * 2)
    live = results.live_results(results.get_survey(survey.id))
    rows = [row[3:8] for row in files.numbers(live, {}) if row[1] == "How useful?"]
    assert [(row[0], row[3]) for row in rows] == [("1", "hidden"), ("2", 0), ("3", 0), ("4", "hidden"), ("5", 0)]
    told = json.loads(files.as_json(survey, live, {}))
    assert [line["count"] for line in told["results"][0]["lists"][0]["lines"]] == [None, 0, 0, None, 0]
    columns = files.columns_of(survey.written)
    said = list(files.rows(survey, columns))
    assert len(said) == 11
    (good,) = {tuple(map(str, row)) for row in said if row[6] == 4}
    assert good[6:] == (
        "4", "Talks", "None", "True", "True", "None", "Groups", "2", "1", "3", "12", "2027-03-09", "9", "It was good",
        "Yes",
    )  # fmt: skip
    assert said[0][17] == date(2027, 3, 9)
    whole = json.loads(b"".join(files.json_in_pieces(survey, columns)))
    assert (len(whole["responses"]), whole["columns"]) == (11, files.header(survey, columns))


def test_themes_are_put_on_texts_and_taken_off(make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    survey = make.survey(None, *EVERY)
    first, second, other = answer(survey, {9: "Good talks"}, {9: "Bad 100% coffee"}, {1: 4})
    with transaction.unit():
        talks = themes.add_theme(survey.id, 9, " Talks ").id
        assert themes.add_theme(survey.id, 9, "TALKS").id == talks
        coffee = themes.add_theme(survey.id, 9, "Coffee").id
        elsewhere = themes.add_theme(survey.id, 2, "Coffee").id
        put = {first: ({talks, coffee}, set()), second: ({coffee, elsewhere}, set()), other: ({coffee}, set())}
        themes.put_themes(survey.id, 9, put)
        themes.put_themes(survey.id, 9, {first: (set(), {coffee})})
    page = texts.texts_of(survey, 9, Wanted(), page=1)
    assert [(one.text, one.themes) for one in page.rows] == [
        ("Bad 100% coffee", frozenset({coffee})),
        ("Good talks", frozenset({talks})),
    ]
    assert [(theme.name, number) for theme, number in texts.themes_of(survey.id, 9)] == [("Coffee", 1), ("Talks", 1)]
    assert [one.text for one in texts.texts_of(survey, 9, Wanted("% COFFEE"), page=1).rows] == ["Bad 100% coffee"]
    assert texts.texts_of(survey, 9, Wanted("_"), page=1).rows == []
    assert [one.text for one in texts.texts_of(survey, 9, Wanted("", talks), page=9).rows] == ["Good talks"]
    answer(survey, {9: "Good talks"})
    monkeypatch.setattr(texts, "PIECE", 1)
    assert sorted(texts.each_text(survey, 9)) == [
        ("Bad 100% coffee", ["Coffee"]), ("Good talks", []), ("Good talks", ["Talks"]),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["", "x" * 101])
def test_theme_without_a_fit_name_is_refused(make: Maker, name: str) -> None:
    survey = make.survey(None, *EVERY)
    with transaction.unit(), pytest.raises(surveys.SurveyRefused):
        themes.add_theme(survey.id, 9, name)
