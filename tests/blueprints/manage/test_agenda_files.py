import pytest

from tests.counting import statements
from webapp.models.accounts import Role


def address(event, rest="files"):
    return f"/manage/events/{event.slug}-{event.public_id}/agenda/{rest}"


def test_page_says_what_conference_apps_do_not_show(organiser, make):
    event = make.event("Family hubs")
    make.session(event, "Opening")
    make.session(event, "Some time", hours=(None, None))
    page = organiser(event).get(address(event))
    assert "Conference apps do not show this session: Some time : It has no times yet." in page.text
    assert "No draft has been begun yet." in page.text


def test_draft_is_not_for_those_without_a_role(organiser, make):
    event = make.event("Family hubs")
    assert organiser(make.event("Other")).get(address(event, "draft.csv")).status == 404


def test_draft_not_begun_is_not_found(organiser, make):
    event = make.event("Family hubs")
    assert organiser(event, Role.READER).get(address(event, "draft.csv")).status == 404


@pytest.mark.parametrize("many", [1, 30])
def test_page_asks_as_often_for_one_session_as_for_many(organiser, app, make, many):
    event = make.event("Family hubs")
    for _ in range(many):
        make.session(event, hours=(None, None))
    browser = organiser(event)
    with statements(app) as asked:
        browser.get(address(event))
    assert len(asked) == 4
