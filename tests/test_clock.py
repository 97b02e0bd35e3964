"""The one clock: what it gives, and how it is held."""

from datetime import UTC, datetime, timedelta

import pytest

from webapp import clock

pytestmark = pytest.mark.memory

NOON = datetime(2027, 6, 14, 12, 0, tzinfo=UTC)


def test_now_is_the_present_moment_in_utc():
    before = datetime.now(UTC)
    now = clock.now()
    after = datetime.now(UTC)

    assert before <= now <= after
    assert now.tzinfo is UTC


def test_fixed_clock_stands_until_it_is_let_go():
    with clock.fixed(NOON):
        held = (clock.now(), clock.now())

    assert held == (NOON, NOON)
    assert clock.now() != NOON


def test_fixed_clocks_nest_and_the_inner_one_counts():
    later = NOON + timedelta(hours=1)
    with clock.fixed(NOON):
        with clock.fixed(later):
            inner = clock.now()
        outer = clock.now()

    assert (inner, outer) == (later, NOON)


def test_fixed_clock_is_let_go_when_what_it_was_held_for_fails():
    with pytest.raises(ZeroDivisionError), clock.fixed(NOON):
        1 / 0  # noqa: B018 -- for its error

    assert clock.now() != NOON
