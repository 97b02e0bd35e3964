"""What an event and its places say of themselves at a moment."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import pytest

from webapp.models.events import (
    NEXT_STATES,
    Availability,
    Event,
    EventState,
    Format,
    Mode,
    Places,
    Stage,
    moment,
)

pytestmark = pytest.mark.memory

TICK = timedelta(microseconds=1)
OPENS = datetime(2027, 5, 1, 8, 0, tzinfo=UTC)
CLOSES = datetime(2027, 6, 10, 16, 0, tzinfo=UTC)
STARTS = datetime(2027, 6, 14, 8, 30, tzinfo=UTC)
ENDS = datetime(2027, 6, 15, 15, 0, tzinfo=UTC)


def an_event(**values) -> Event:
    """A published online event with all four boundaries, never stored."""
    given = {
        "state": EventState.PUBLISHED,
        "format": Format.ONLINE,
        "takes_registrations": True,
        "registration_opens_at": OPENS,
        "registration_closes_at": CLOSES,
        "starts_at": STARTS,
        "ends_at": ENDS,
    }
    return Event(**(given | values))


@pytest.mark.parametrize(
    ("at", "stage", "takes"),
    [
        (OPENS - TICK, Stage.NOT_YET_OPEN, False),
        (OPENS, Stage.OPEN, True),
        (CLOSES - TICK, Stage.OPEN, True),
        (CLOSES, Stage.CLOSED, False),
        (STARTS - TICK, Stage.CLOSED, False),
        (STARTS, Stage.LIVE, False),
        (ENDS - TICK, Stage.LIVE, False),
        (ENDS, Stage.ENDED, False),
    ],
)
def test_published_event_at_each_boundary(at, stage, takes):
    event = an_event()

    assert (event.stage(at), event.takes_registrations_at(at)) == (stage, takes)


@pytest.mark.parametrize(
    ("at", "stage", "takes"),
    [
        (OPENS - timedelta(days=400), Stage.OPEN, True),
        (STARTS - TICK, Stage.OPEN, True),
        (STARTS, Stage.LIVE, True),
        (ENDS - TICK, Stage.LIVE, True),
        (ENDS, Stage.ENDED, False),
    ],
)
def test_event_without_opening_and_closing_takes_registrations_until_it_ends(at, stage, takes):
    event = an_event(registration_opens_at=None, registration_closes_at=None)

    assert (event.stage(at), event.takes_registrations_at(at)) == (stage, takes)


def test_event_whose_registration_closes_after_its_end_takes_none_after_its_end():
    event = an_event(registration_closes_at=ENDS + timedelta(days=1))

    assert [event.takes_registrations_at(at) for at in (STARTS, ENDS - TICK, ENDS)] == [True, True, False]


def test_event_whose_registration_opens_while_it_runs_is_live_and_takes_none_before():
    event = an_event(registration_opens_at=STARTS + timedelta(hours=1), registration_closes_at=None)

    assert (event.stage(STARTS), event.takes_registrations_at(STARTS)) == (Stage.LIVE, False)
    assert event.takes_registrations_at(STARTS + timedelta(hours=1))


@pytest.mark.parametrize("at", [OPENS, CLOSES - TICK])
def test_event_that_takes_no_registrations_is_closed(at):
    event = an_event(takes_registrations=False)

    assert (event.stage(at), event.takes_registrations_at(at)) == (Stage.CLOSED, False)


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.CANCELLED, EventState.ARCHIVED])
@pytest.mark.parametrize("at", [OPENS - TICK, OPENS, CLOSES, STARTS, ENDS])
def test_event_that_is_not_published_stays_what_it_is(state, at):
    event = an_event(state=state)

    assert (event.stage(at).value, event.takes_registrations_at(at)) == (state.value, False)


def test_boundaries_are_all_moments_known_soonest_first():
    assert an_event().boundaries() == [OPENS, CLOSES, STARTS, ENDS]
    assert an_event(registration_opens_at=None, registration_closes_at=None).boundaries() == [STARTS, ENDS]


def test_stage_and_taking_change_at_no_moment_but_a_boundary():
    event = an_event()
    between = [(a + TICK, b - TICK) for a, b in zip(event.boundaries(), event.boundaries()[1:], strict=False)]

    for first, last in [(OPENS - timedelta(days=9), OPENS - TICK), *between, (ENDS, ENDS + timedelta(days=9))]:
        assert event.stage(first) is event.stage(last)
        assert event.takes_registrations_at(first) is event.takes_registrations_at(last)


@pytest.mark.parametrize(
    ("state", "public"),
    [
        (EventState.DRAFT, False),
        (EventState.PUBLISHED, True),
        (EventState.CANCELLED, True),
        (EventState.ARCHIVED, True),
    ],
)
def test_every_event_but_a_draft_is_public(state, public):
    assert an_event(state=state).is_public is public


@pytest.mark.parametrize(
    ("form", "modes"),
    [
        (Format.ONLINE, [Mode.ONLINE]),
        (Format.IN_PERSON, [Mode.IN_PERSON]),
        (Format.HYBRID, [Mode.ONLINE, Mode.IN_PERSON]),
    ],
)
def test_modes_follow_from_the_format(form, modes):
    assert an_event(format=form).modes == modes


def test_every_format_and_mode_has_words():
    assert {form.label for form in Format} == {"Online", "In person", "Online and in person", "Place not known"}
    assert {mode.label for mode in Mode} == {"Online", "In person"}


def test_every_state_says_what_may_follow():
    assert {
        EventState.DRAFT: {EventState.PUBLISHED},
        EventState.PUBLISHED: {EventState.DRAFT, EventState.CANCELLED, EventState.ARCHIVED},
        EventState.CANCELLED: set(),
        EventState.ARCHIVED: {EventState.PUBLISHED},
    } == NEXT_STATES
    assert set(NEXT_STATES) == set(EventState)
    assert [state for state, following in NEXT_STATES.items() if state in following] == []


def test_every_stored_state_but_published_is_a_stage():
    stages = {stage.value for stage in Stage}

    assert {state for state in EventState if state.value not in stages} == {EventState.PUBLISHED}


# What is free, and what is said of it.
@pytest.mark.parametrize(
    ("capacity", "confirmed", "offered", "waiting", "free", "said"),
    [
        (None, 0, 0, 0, None, Availability.OPEN),
        (None, 5000, 0, 0, None, Availability.OPEN),
        (100, 0, 0, 0, 100, Availability.OPEN),
        (100, 90, 0, 0, 10, Availability.OPEN),
        (100, 91, 0, 0, 9, Availability.FEW),
        (100, 50, 41, 0, 9, Availability.FEW),
        (100, 99, 0, 0, 1, Availability.FEW),
        (100, 99, 1, 0, 0, Availability.FULL),
        (100, 100, 0, 0, 0, Availability.FULL),
        (100, 98, 0, 1, 2, Availability.FULL),
        (100, 10, 0, 3, 90, Availability.FULL),
        (9, 8, 0, 0, 1, Availability.OPEN),
        (11, 10, 0, 0, 1, Availability.FEW),
        (1, 0, 0, 0, 1, Availability.OPEN),
        (0, 0, 0, 0, 0, Availability.FULL),
    ],
)
def test_places_say_what_is_free(capacity, confirmed, offered, waiting, free, said):
    places = Places(capacity=capacity, confirmed=confirmed, offered=offered, waiting=waiting, pending=7)

    assert (places.free, places.has_room, places.availability) == (free, said is not Availability.FULL, said)


def test_pending_requests_take_no_place():
    assert Places(capacity=2, confirmed=1, offered=0, waiting=0, pending=50).has_room


def test_who_waits_goes_before_who_comes_however_few_places():
    for capacity, confirmed in product((1, 10), (0, 1)):
        assert not Places(capacity=capacity, confirmed=confirmed, offered=0, waiting=1, pending=0).has_room


@pytest.mark.parametrize(
    ("day", "at", "zone", "expected"),
    [
        (date(2027, 1, 14), time(9, 30), "Europe/London", datetime(2027, 1, 14, 9, 30, tzinfo=UTC)),
        (date(2027, 6, 14), time(9, 30), "Europe/London", datetime(2027, 6, 14, 8, 30, tzinfo=UTC)),
        # The last minute of winter time, the first of summer time, and the other way about.
        (date(2027, 3, 28), time(0, 59), "Europe/London", datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        (date(2027, 3, 28), time(2, 0), "Europe/London", datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (date(2027, 10, 31), time(0, 59), "Europe/London", datetime(2027, 10, 30, 23, 59, tzinfo=UTC)),
        (date(2027, 10, 31), time(2, 0), "Europe/London", datetime(2027, 10, 31, 2, 0, tzinfo=UTC)),
        (date(2027, 6, 14), time(9, 30), "America/New_York", datetime(2027, 6, 14, 13, 30, tzinfo=UTC)),
    ],
)
def test_moment_of_a_local_time(day, at, zone, expected):
    assert moment(day, at, zone) == expected
    assert moment(day, at, zone, end=True) == expected
    assert moment(day, at, zone).tzinfo is UTC


@pytest.mark.parametrize(
    ("day", "first", "last", "hours"),
    [
        (date(2027, 1, 14), datetime(2027, 1, 14, tzinfo=UTC), datetime(2027, 1, 15, tzinfo=UTC), 24),
        (date(2027, 6, 14), datetime(2027, 6, 13, 23, tzinfo=UTC), datetime(2027, 6, 14, 23, tzinfo=UTC), 24),
        (date(2027, 3, 28), datetime(2027, 3, 28, tzinfo=UTC), datetime(2027, 3, 28, 23, tzinfo=UTC), 23),
        (date(2027, 10, 31), datetime(2027, 10, 30, 23, tzinfo=UTC), datetime(2027, 11, 1, tzinfo=UTC), 25),
        (date(2027, 12, 31), datetime(2027, 12, 31, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC), 24),
    ],
)
def test_moment_of_an_unknown_time_is_the_whole_local_day(day, first, last, hours):
    starts, ends = moment(day, None, "Europe/London"), moment(day, None, "Europe/London", end=True)

    assert (starts, ends, ends - starts) == (first, last, timedelta(hours=hours))
