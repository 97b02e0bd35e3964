"""The invented series of meetings, loaded by itself."""

from dataclasses import replace
from datetime import date

import pytest
import vobject
from sqlalchemy import func, select

from tests.ledger import Ledger
from webapp.demonstration.invented import invented
from webapp.demonstration.loading import Loaded, load_facts
from webapp.demonstration.meetings import GROUP, MEMBERS, load_meetings
from webapp.models.accounts import Person
from webapp.models.events import Event, EventState
from webapp.models.mailings import Letter, LetterState
from webapp.models.series import Series, SeriesMember
from webapp.services.calendars import agenda_file


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def load(ledger, now):
    def run():
        facts = invented(today=now.date(), now=now)
        loaded: Loaded = load_facts(replace(facts, speakers=(), events=()), now=now)
        return load_meetings(loaded, now=now)

    return lambda: ledger.act(run)


def test_group_meets_monthly_with_one_meeting_moved_and_one_cancelled(app, ledger, load):
    load()
    meetings = ledger.all(select(Event).order_by(Event.series_on))
    assert [(one.series_on.month, one.series_on.day) for one in meetings] == [
        (6, 9), (7, 14), (8, 11), (9, 8), (10, 13), (11, 10),
    ]  # fmt: skip
    assert [one.series_on for one in meetings if one.starts_on != one.series_on] == [date(2027, 8, 11)]
    assert [one.series_on for one in meetings if one.state is EventState.CANCELLED] == [date(2027, 9, 8)]
    assert {(one.title, one.demonstration) for one in meetings} == {(GROUP, True)}
    assert ledger.one(select(Series.demonstration)) is True
    for member in MEMBERS:
        assert member.address.endswith("@example.org")
    person = ledger.one(select(Person).where(Person.email == MEMBERS[0].address))
    with app.app_context():
        found = vobject.readOne(agenda_file(person.id, base_url="https://waymark.example.org").decode())
    assert ["recurrence-id" in one.contents for one in found.vevent_list] == [False, True]
    assert "exdate" in found.vevent_list[0].contents


def test_nobody_is_written_to_and_loading_again_adds_nothing(ledger, load):
    assert load() is not None
    counts = select(func.count(Event.id)), select(func.count(SeriesMember.id)), select(func.count(Letter.id))
    before = [ledger.one(one) for one in counts]
    assert set(ledger.all(select(Letter.state))) == {LetterState.SENT}
    assert load() is None
    assert [ledger.one(one) for one in counts] == before == [6, len(MEMBERS), 3 * len(MEMBERS)]
