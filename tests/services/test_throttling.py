"""How often something may be tried, counted alike by all processes."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from tests.ledger import Ledger
from webapp.errors import TooMany
from webapp.models.accounts import Throttle
from webapp.services.housekeeping import forget
from webapp.services.throttling import Limit, count

WINDOW = timedelta(minutes=10)


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def tries(ledger, now):
    """Tries so many times, each in a unit of its own."""

    def run(*limits, times=1, at=now):
        for _ in range(times):
            ledger.act(count, *limits, window=WINDOW, now=at)

    return run


def test_count_lets_as_many_through_as_the_limit_says(ledger, tries, now):
    ann = Limit("kind", "ann", 3)
    tries(ann, times=3)
    for _ in range(2):
        with pytest.raises(TooMany) as refused:
            tries(ann, at=now + timedelta(seconds=30))
        assert (refused.value.status, refused.value.retry_after) == (429, 570)
        assert refused.value.message == "That was tried too often. Wait 10 minutes, then try again."
    # What was refused is not counted, and so cannot make the wait longer.
    assert ledger.one(select(Throttle.count)) == 3


def test_count_says_one_minute_in_the_last_and_never_nought(tries, now):
    ann = Limit("kind", "ann", 0)
    with pytest.raises(TooMany) as refused:
        tries(ann, at=now + WINDOW - timedelta(milliseconds=10))
    assert (refused.value.retry_after, refused.value.message) == (
        1,
        "That was tried too often. Wait 1 minute, then try again.",
    )


def test_count_begins_anew_with_the_next_window(tries, now):
    ann = Limit("kind", "ann", 1)
    tries(ann)
    tries(ann, at=now + WINDOW)
    with pytest.raises(TooMany):
        tries(ann, at=now + WINDOW)


def test_count_keeps_kinds_and_keys_apart(ledger, tries):
    tries(Limit("one", "ann", 1))
    tries(Limit("two", "ann", 1))
    tries(Limit("one", "bob", 1))
    assert sorted(ledger.all(select(Throttle.count))) == [1, 1, 1]


def test_count_under_several_limits_refuses_when_any_is_reached(ledger, tries):
    tries(Limit("source", "s", 9), Limit("address", "ann", 1))
    with pytest.raises(TooMany):
        tries(Limit("source", "s", 9), Limit("address", "ann", 1))
    tries(Limit("source", "s", 9), Limit("address", "bob", 1))
    assert dict(map(tuple, ledger.rows(select(Throttle.kind, Throttle.count)))).keys() == {"source", "address"}
    assert ledger.one(select(Throttle.count).where(Throttle.kind == "source")) == 2


def test_count_keeps_no_address_readable(ledger, tries):
    tries(Limit("address", "ann@example.org", 1))
    (row,) = ledger.all(select(Throttle))
    assert len(row.key) == 64
    assert "ann" not in row.key


def test_count_at_the_same_time_loses_none(ledger, now):
    jobs = [partial(count, Limit("kind", "ann", 5), window=WINDOW, now=now) for _ in range(12)]
    outcomes = ledger.together(jobs)
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [TooMany] * 7
    assert ledger.one(select(Throttle.count)) == 5


def test_forget_deletes_only_what_is_over(ledger, tries, now):
    tries(Limit("kind", "old", 1))
    tries(Limit("kind", "new", 1), at=now + WINDOW)
    assert ledger.act(forget, now=now + WINDOW + timedelta(seconds=1)) == 1
    assert ledger.one(select(Throttle.window_start)) == now + WINDOW
