"""Places that many wait for: some are given at once, the others by the worker, once each and in their order."""

import pytest
from sqlalchemy import select

from tests.ledger import Ledger
from webapp import clock
from webapp.models.accounts import SYSTEM
from webapp.models.events import EventState, Places
from webapp.queries import events as event_queries
from webapp.services import registrations as services
from webapp.services.registrations import filling, moves

FILLING = select(Places.filling)


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(moves, "AT_ONCE", 2)
    monkeypatch.setattr(filling, "PAUSE", 0)


@pytest.fixture
def widen(ledger, now):
    """Gives an event more places, as a change of its settings does; says whether the worker was asked for the rest."""

    def run(event, capacity):
        places = event_queries.lock_places(event.id, event.modes[0])
        places.capacity = capacity
        moves.fill(places, event_queries.get_fresh_event(event.id), now)
        return services.take_filling_requested()

    return lambda event, capacity: ledger.act(run, event, capacity)


@pytest.fixture
def work(app, now):
    """Does what a worker does when it is woken."""

    def run():
        with app.app_context():
            services.fill_requested(clock.now)

    return run


def queued(make, number, **values):
    event = make.event(capacity=1, **values)
    for name in "abcdefgh"[:number]:
        make.registration(event, email=f"{name}@example.org")
    return event


def states(ledger, event):
    return "".join(state[0] for _, state in ledger.standing(event))


@pytest.mark.parametrize(("hours", "state"), [(0, "confirmed"), (24, "offered")])
def test_more_places_than_are_given_at_once_are_given_by_the_worker(make, ledger, widen, work, hours, state):
    event = queued(make, 8, offer_hours=hours)
    assert widen(event, 7) is True
    assert ledger.one(FILLING) is True
    held = "c" + 2 * state[0]
    assert states(ledger, event) == held + "wwwww"
    # Four places are free, and whoever comes now goes to the end of the list all the same.
    make.registration(event, email="new@example.org")
    assert states(ledger, event) == held + "wwwwww"
    ledger.check(event)

    work()
    assert ledger.one(FILLING) is False
    assert ledger.standing(event) == [
        ("a", "confirmed"),
        *((name, state) for name in "bcdefg"),
        ("h", "waiting"),
        ("new", "waiting"),
    ]
    told = "registration_offered" if hours else "registration_promoted"
    assert [who for notice, who in ledger.letters() if notice == told] == list("bcdefg")
    ledger.check(event)


def test_as_many_as_are_given_at_once_leave_the_worker_nothing(make, ledger, widen):
    event = queued(make, 4)
    assert widen(event, 3) is False
    assert (ledger.one(FILLING), states(ledger, event)) == (False, "cccw")


def test_two_workers_call_everybody_once(make, ledger, widen, work):
    event = queued(make, 8)
    widen(event, None)
    assert ledger.at_once([work] * 2) == [None, None]
    assert states(ledger, event) == "cccccccc"
    told = [who for notice, who in ledger.letters() if notice == "registration_promoted"]
    assert sorted(told) == list("bcdefgh")
    ledger.check(event)


def test_nobody_is_called_once_the_event_is_cancelled(make, ledger, widen, work):
    event = queued(make, 8)
    widen(event, 7)
    ledger.change(event, state=EventState.CANCELLED)
    work()
    assert (ledger.one(FILLING), states(ledger, event)) == (False, "cccwwwww")


def test_place_given_up_meanwhile_is_left_to_the_worker_too(make, ledger, widen, work, now):
    event = queued(make, 8)
    widen(event, 6)
    row = ledger.registration(event, "h@example.org")
    ledger.act(services.cancel, row.id, actor=SYSTEM, now=now)
    assert states(ledger, event) == "cccwwwwc"
    work()
    assert ledger.standing(event)[5:] == [("f", "confirmed"), ("g", "waiting"), ("h", "cancelled")]
    ledger.check(event)
