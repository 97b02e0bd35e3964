from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from tests.ledger import Ledger
from tests.making import FIRST_DAY
from webapp import tokens
from webapp.errors import NotFound, TooMany
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, VISITOR, Actor, ActorKind
from webapp.models.activity import Activity
from webapp.models.attendance import CheckIn, CheckInSource
from webapp.models.events import Event, EventDay, EventState
from webapp.queries import attendance as queries
from webapp.services import attendance as services
from webapp.services import registrations

BY_NAME = CheckInSource.NAME
# A quarter to ten in British summer time, on the first day of an event that begins at half past nine.
MORNING = datetime(2027, 6, 14, 8, 45, tzinfo=UTC)
SECOND_DAY = FIRST_DAY + timedelta(days=1)


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def come(ledger):
    """Checks somebody in by name on the first morning, or with other values."""

    def act(registration, day=FIRST_DAY, *, now=MORNING, source=BY_NAME, actor=SYSTEM):
        return ledger.act(services.check_in, registration.id, day, source=source, actor=actor, now=now)

    return act


def test_check_in_notes_who_when_how_and_by_whom(make, come, ledger):
    event, person = make.event(), make.person()
    row = make.registration(event)
    arrival = come(row, actor=Actor(ActorKind.PERSON, person.id))
    assert not arrival.already
    noted = ledger.one(select(CheckIn))
    assert (noted.event_id, noted.day_id, noted.registration_id) == (event.id, event.days[0].id, row.id)
    assert (noted.at, noted.source, noted.by_id) == (MORNING, BY_NAME, person.id)
    entry = ledger.one(select(Activity).where(Activity.verb == "checked_in"))
    assert (entry.thing_id, entry.event_id, entry.details) == (
        row.id,
        event.id,
        {"day": "2027-06-14", "source": "name"},
    )


def test_check_in_twice_keeps_the_first_time_and_is_no_error(make, come, ledger):
    row = make.registration(make.event())
    come(row)
    again = come(row, now=MORNING + timedelta(hours=1), source=CheckInSource.QR_CODE)
    assert again.already
    assert (again.check_in.at, again.check_in.source) == (MORNING, BY_NAME)
    assert ledger.count(Activity) == 2  # registered, checked in


def test_check_in_counts_each_day_by_itself(make, come, ledger):
    event = make.event()
    row = make.registration(event)
    come(row)
    assert not come(row, SECOND_DAY, now=MORNING + timedelta(days=1)).already
    assert ledger.count(CheckIn) == 2


def test_check_in_by_four_people_at_once_makes_one_row(make, ledger):
    row = make.registration(make.event())
    act = partial(services.check_in, row.id, FIRST_DAY, source=BY_NAME, actor=SYSTEM, now=MORNING)
    came = ledger.together([act] * 4)
    assert sorted(arrival.already for arrival in came) == [False, True, True, True]
    assert ledger.count(CheckIn) == 1
    assert len(ledger.all(select(Activity).where(Activity.verb == "checked_in"))) == 1


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (datetime(2027, 6, 13, 22, 59, tzinfo=UTC), False),  # a minute to midnight in summer time
        (datetime(2027, 6, 13, 23, 0, tzinfo=UTC), True),
        (datetime(2027, 6, 20, 12, 0, tzinfo=UTC), True),  # what was forgotten can be put right later
    ],
)
def test_check_in_begins_with_the_day_where_the_event_is(make, come, ledger, at, is_open):
    row = make.registration(make.event())
    if is_open:
        come(row, now=at)
    else:
        with pytest.raises(services.NotThatDay, match="for 14 June 2027 once that day has come"):
            come(row, now=at)
    assert ledger.count(CheckIn) == is_open


def test_check_in_of_who_waits_is_refused_in_words(make, come, ledger):
    event = make.event(capacity=1)
    make.registration(event)
    waiting = make.registration(event, name="Ada Wren")
    with pytest.raises(services.NoPlace) as refused:
        come(waiting)
    assert refused.value.message == "Ada Wren has no place: the registration stands as “On the waiting list”."
    assert ledger.count(CheckIn) == 0


def test_check_in_to_a_cancelled_event_or_another_ones_day_is_refused(make, come, ledger):
    event = make.event()
    row = make.registration(event)
    with pytest.raises(NotFound):
        come(row, FIRST_DAY + timedelta(days=2))
    ledger.change(event, state=EventState.CANCELLED)
    with pytest.raises(services.NotThatDay, match="cancelled"):
        come(row)


def test_undo_takes_it_back_once_and_says_so_in_the_record(make, come, ledger):
    row = make.registration(make.event())
    come(row)
    for _ in range(2):
        ledger.act(services.undo_check_in, row.id, FIRST_DAY, actor=SYSTEM, now=MORNING)
    assert ledger.count(CheckIn) == 0
    assert len(ledger.all(select(Activity).where(Activity.verb == "check_in_undone"))) == 1
    assert not come(row).already


# ---------------------------------------------------------------- by themselves


@pytest.fixture
def shown(make, ledger):
    """An event whose first day shows the code 234bcd, and a place at it for Ada."""
    event = make.event()
    ledger.act(lambda: setattr(db.session.get_one(EventDay, event.days[0].id), "check_in_code", "234bcd"))
    return event, make.registration(event, email="ada@example.org")


def test_code_checks_in_however_it_is_typed(shown, ledger):
    _, row = shown
    arrival = ledger.act(services.check_in_oneself, row.id, " 234-BCD", actor=SYSTEM, now=MORNING)
    assert (arrival.already, ledger.one(select(CheckIn)).source) == (False, CheckInSource.SELF)


@pytest.mark.parametrize("typed", ["234bcf", "", "234bc", "234bcdd", "２３４bcd", "\x00" * 6])
def test_code_that_is_wrong_checks_nobody_in(shown, ledger, typed):
    _, row = shown
    with pytest.raises(services.WrongCode):
        ledger.act(services.check_in_oneself, row.id, typed, actor=SYSTEM, now=MORNING)
    assert ledger.count(CheckIn) == 0


def test_code_of_a_day_that_shows_none_is_never_right(make, ledger):
    row = make.registration(make.event())
    with pytest.raises(services.WrongCode):
        ledger.act(services.check_in_oneself, row.id, "", actor=SYSTEM, now=MORNING)


@pytest.mark.parametrize(("hour", "minute", "is_open"), [(7, 29, False), (7, 30, True), (14, 59, True), (15, 0, False)])
def test_code_works_from_an_hour_before_until_the_end(shown, ledger, hour, minute, is_open):
    event, row = shown
    now = MORNING.replace(hour=hour, minute=minute)
    assert (services.find_open_day(event, now) is not None) == is_open
    if not is_open:
        with pytest.raises(services.NotThatDay):
            ledger.act(services.check_in_oneself, row.id, "234bcd", actor=SYSTEM, now=now)
    else:
        ledger.act(services.check_in_oneself, row.id, "234bcd", actor=SYSTEM, now=now)


def test_code_by_address_gives_the_same_whether_or_not_the_address_is_known(shown, make, ledger):
    event, _ = shown
    ledger.act(lambda: setattr(db.session.get_one(Event, event.id), "needs_approval", True))
    make.registration(event, email="asked@example.org")
    for address in ("nobody@example.org", "asked@example.org", "ADA@example.org"):
        given = ledger.act(services.check_in_by_email, event.id, address, "234bcd", actor=VISITOR, now=MORNING)
        assert given is None
        with pytest.raises(services.WrongCode):
            ledger.act(services.check_in_by_email, event.id, address, "222222", actor=VISITOR, now=MORNING)
    noted = ledger.one(select(CheckIn))
    assert noted.registration_id == ledger.registration(event, "ada@example.org").id


def test_code_tries_are_counted_by_person(context, ledger, now):
    count = partial(services.count_code, 1, source="192.0.2.1", now=now)
    for _ in range(10):
        ledger.act(count, "ada@example.org")
    with pytest.raises(TooMany):
        ledger.act(count, "Ada@Example.org")
    ledger.act(count, "ben@example.org")


def test_new_code_replaces_the_one_that_was_seen_and_no_other(make, ledger, now):
    event = make.event()
    make_one = partial(services.new_code, event.id, FIRST_DAY, actor=SYSTEM, now=now)
    first = ledger.act(make_one, replacing="").check_in_code
    assert ledger.act(make_one, replacing="").check_in_code == first, "a double click made two"
    second = ledger.act(make_one, replacing=first).check_in_code
    assert second != first
    assert (len(second), set(second) <= set("23456789bcdfghjkmnpqrstvwxyz")) == (6, True)
    assert first not in str([row.details for row in ledger.all(select(Activity))])


def test_ticket_opens_its_registration_until_the_personal_link_is_replaced(make, context, ledger):
    row = make.registration(make.event())
    token = services.ticket_token(row)
    assert queries.get_registration_by_ticket(token).id == row.id
    other = registrations.personal_token(row)
    forged = token[:-1] + ("x" if token[-1] != "x" else "y")
    for wrong in (other, forged, "", "x" * 34, tokens.make("check-in", "2" * 12, "n")):
        with pytest.raises(NotFound):
            queries.get_registration_by_ticket(wrong)
    db.session.rollback()
    ledger.change(row, link_nonce="new")
    with pytest.raises(NotFound):
        queries.get_registration_by_ticket(token)
