"""Series of meetings on the organisers' side."""

import pytest
from sqlalchemy import select

from tests.browsing import Browser
from tests.ledger import Ledger
from webapp.models.accounts import Role, ThingKind
from webapp.models.events import Event, EventState
from webapp.models.series import Series, SeriesMember


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def sign_in_as(app, make):
    return lambda person: Browser(app).sign_in(make.signed_in(person))


@pytest.fixture
def own(make, sign_in_as):
    """The browser of somebody who sets up events in a programme."""
    programme, person = make.programme("Reform"), make.person("Morgan Ellery", "morgan@example.org")
    make.grant(person, Role.ORGANISER, ThingKind.PROGRAMME, programme.id)
    return sign_in_as(person)


NOT_THE_WEEKDAY = (
    "The first meeting must be on the weekday that the rule names. For the fifth or the last of a month choose the last"
)
TYPED = {
    "title": "Reference group",
    "summary": "A monthly meeting.",
    "format": "online",
    "first_day": "27 May 2027",
    "starts": "10am",
    "ends": "12pm",
    "repeat": "last_weekday",
    "number": "3",
}


def made(own):
    return own.send(own.get("/manage/series/new").form(), **TYPED)


def test_series_is_made_published_and_given_members(own, ledger):
    page = own.get(own.get("/manage/events").link("Series of meetings"))
    assert "There is no series yet." in page.text
    page = made(own)
    assert "The series is made." in page.text
    assert [page.has_link(day) for day in ("Thursday 27 May 2027", "Thursday 24 June 2027", "Thursday 29 July 2027")]
    refused = own.send(page.form("/members"), people="Ann Lee <ann@example.org>")
    assert refused.errors == ["Publish the meetings first: there is none to come that members could have a place at."]
    page = own.send(page.form("/publish"))
    assert "3 meetings are published." in page.text
    assert set(ledger.all(select(Event.state))) == {EventState.PUBLISHED}
    page = own.send(page.form("/members"), people="Ann Lee <ann@example.org>\nbob@example.org")
    assert "2 members are added, by a letter each." in page.text
    assert "Ann Lee ann@example.org" in page.text
    page = own.send(own.get(page.link("Remove Ann Lee")).form())
    assert "Ann Lee no longer belongs to the series, and has been told." in page.text
    assert ledger.letters() == [("series_joined", "ann"), ("series_joined", "bob"), ("series_left", "ann")]
    assert "1" in own.get("/manage/series").text


def test_preview_of_a_meeting_names_its_series_and_the_other_meetings(own):
    page = made(own)
    address = page.link("Thursday 27 May 2027") + "/setup/preview"
    draft = own.get(address)
    assert (draft.status, draft.has_link("Reference group")) == (200, True)
    own.send(page.form("/publish"))
    shown = own.get(address)
    assert shown.has_link("Thursday 29 July 2027")
    assert not shown.has_link("Thursday 27 May 2027"), "it is this one"


def test_months_that_lack_the_date_are_named_as_passed_over(own):
    form = own.get("/manage/series/new")
    assert "months without it are passed over" in form.text
    page = own.send(form.form(), **(TYPED | {"first_day": "31 May 2027", "repeat": "date", "number": "4"}))
    assert page.has_link("Tuesday 31 August 2027")
    assert "There is no meeting in June 2027 and September 2027: not every month has the 31st." in page.text
    page = own.send(form.form(), **(TYPED | {"first_day": "28 May 2027", "repeat": "date", "number": "4"}))
    assert "There is no meeting in" not in page.text


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"number": ""}, "Enter either how many meetings there are, or a day after which there is none"),
        ({"until": "29 July 2027"}, "Enter either how many meetings there are, or a day after which there is none"),
        ({"every": "0"}, "Weeks or months between meetings must be a whole number from 1 to 52"),
        ({"repeat": "never"}, "Select how the meetings follow one another"),
        ({"starts": ""}, "Enter when the meetings start"),
        ({"format": "in_person"}, "Enter where people come in person"),
        ({"first_day": "17 June 2027"}, NOT_THE_WEEKDAY),
        ({"number": "61"}, "Number of meetings must be a whole number from 1 to 60"),
    ],
)  # fmt: skip
def test_series_that_cannot_be_is_refused_in_words(own, ledger, typed, error):
    page = own.send(own.get("/manage/series/new").form(), **(TYPED | typed))
    assert (page.status in {409, 422}, page.errors) == (True, [error])
    assert ledger.count(Series) == 0


def test_series_of_another_programme_is_not_found(own, ledger, make, sign_in_as):
    page = made(own)
    other = make.person("Other", "other@example.org")
    make.grant(other, Role.ORGANISER, ThingKind.PROGRAMME, make.programme("Else").id)
    stranger = sign_in_as(other)
    series = ledger.one(select(Series))
    path = f"/manage/series/{series.slug}-{series.public_id}"
    assert own.get(path).heading == "Reference group"
    assert stranger.get(path).status == 404
    assert stranger.get("/manage/series").text.count("Reference group") == 0
    for form in page.forms():
        if path in form.action:
            assert stranger.post(form.action, form.values).status == 404
    assert ledger.all(select(SeriesMember)) == []
    reader = make.person("Reader", "reader@example.org")
    make.grant(reader, Role.READER, ThingKind.PROGRAMME, series.programme_id)
    assert sign_in_as(reader).get("/manage/series").status == 403
