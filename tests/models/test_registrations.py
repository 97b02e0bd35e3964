"""What a registration says of itself, and what may follow what."""

from datetime import UTC, datetime, timedelta

import pytest

from webapp.models.registrations import (
    ENDED_STATES,
    NEXT_STATES,
    STATE_LABELS,
    Registration,
    RegistrationState,
)

pytestmark = pytest.mark.memory

S = RegistrationState
TICK = timedelta(microseconds=1)
UNTIL = datetime(2027, 5, 10, 9, 0, tzinfo=UTC)


def test_every_state_says_what_may_follow():
    assert {state: set(following) for state, following in NEXT_STATES.items()} == {
        S.PENDING: {S.CONFIRMED, S.WAITING, S.DECLINED, S.CANCELLED},
        S.CONFIRMED: {S.CANCELLED},
        S.WAITING: {S.OFFERED, S.CONFIRMED, S.CANCELLED},
        S.OFFERED: {S.CONFIRMED, S.LAPSED, S.CANCELLED},
        S.LAPSED: {S.PENDING, S.CONFIRMED, S.WAITING},
        S.DECLINED: {S.PENDING, S.CONFIRMED, S.WAITING},
        S.CANCELLED: {S.PENDING, S.CONFIRMED, S.WAITING},
    }
    assert set(NEXT_STATES) == set(S)


def test_every_state_has_words_of_its_own():
    assert set(STATE_LABELS) == set(S)
    assert len({state.label for state in S}) == len(S)


def test_who_ended_may_begin_anew_and_nobody_else():
    beginnings = {S.PENDING, S.CONFIRMED, S.WAITING}

    assert {state for state in S if state.is_ended} == ENDED_STATES == {S.LAPSED, S.DECLINED, S.CANCELLED}
    assert {state for state in S if NEXT_STATES[state] == beginnings} == ENDED_STATES


def test_every_standing_registration_can_be_cancelled():
    assert {state for state in S if S.CANCELLED in NEXT_STATES[state]} == set(S) - ENDED_STATES


def test_place_is_taken_only_through_states_that_lead_to_it():
    assert {state for state in S if S.OFFERED in NEXT_STATES[state]} == {S.WAITING}
    assert {state for state in S if S.LAPSED in NEXT_STATES[state]} == {S.OFFERED}
    assert {state for state in S if S.DECLINED in NEXT_STATES[state]} == {S.PENDING}


@pytest.mark.parametrize(
    ("until", "now", "stands"),
    [
        (UNTIL, UNTIL - TICK, True),
        (UNTIL, UNTIL, False),
        (UNTIL, UNTIL + TICK, False),
        (None, UNTIL, True),
    ],
)
def test_offer_stands_until_its_moment(until, now, stands):
    assert Registration(state=S.OFFERED, offered_until=until).offer_stands(now) is stands


@pytest.mark.parametrize("state", sorted(set(S) - {S.OFFERED}))
def test_offer_stands_in_no_other_state(state):
    assert not Registration(state=state, offered_until=UNTIL).offer_stands(UNTIL - TICK)
