"""Stars."""

from functools import partial

import pytest
from sqlalchemy import select

from tests.ledger import Ledger
from webapp.models.agenda import Star
from webapp.services.agenda import set_star


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def stars(ledger):
    return lambda: sorted((row.person_id, row.session_id) for row in ledger.all(select(Star)))


def test_star_is_set_and_taken_away_and_twice_is_once(make, ledger, stars, now):
    event = make.event()
    first, second = make.session(event), make.session(event)
    ann, bob = make.person(), make.person()
    for person, session in ((ann, first), (ann, first), (ann, second), (bob, first)):
        ledger.act(set_star, person.id, session.id, starred=True, now=now)
    assert stars() == [(ann.id, first.id), (ann.id, second.id), (bob.id, first.id)]
    for _ in range(2):
        ledger.act(set_star, ann.id, first.id, starred=False, now=now)
    assert stars() == [(ann.id, second.id), (bob.id, first.id)]


@pytest.mark.parametrize("starred", [True, False])
def test_star_pressed_in_many_tabs_at_once_is_no_error(make, ledger, stars, now, starred):
    session, person = make.session(make.event()), make.person()
    if not starred:
        ledger.act(set_star, person.id, session.id, starred=True, now=now)
    outcomes = ledger.together([partial(set_star, person.id, session.id, starred=starred, now=now)] * 6)
    assert outcomes == [None] * 6
    assert stars() == ([(person.id, session.id)] if starred else [])
