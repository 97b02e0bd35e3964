"""What a person's calendar was told, letter by letter."""

from dataclasses import replace
from datetime import date, time

from tests.notices.examples import FACTS, INVITATION, SERIES, WITHDRAWAL, letter
from webapp.notices.following import timeline

ON = date(2027, 6, 14)


def news(*told):
    """What is new with each of these letters, the earliest first."""
    return [one.version.news for one in timeline([letter(name, facts) for name, facts in reversed(told)])[::-1]]


def test_entry_of_a_series_is_compared_with_itself_and_never_with_one_meeting():
    joined, place = FACTS["series_joined"], FACTS["registration_confirmed"]
    one = replace(SERIES, on=ON, meetings=[])
    event = SERIES.meetings[0].event
    moved = replace(event, days=[replace(event.days[0], starts=time(14))])
    fewer = replace(SERIES, meetings=[replace(SERIES.meetings[0], event=None), *SERIES.meetings[1:]])
    assert news(
        ("series_joined", joined),
        ("event_changed", replace(place, event=moved, series=one)),
        ("event_cancelled", replace(place, event=moved, series=one, invitation=WITHDRAWAL)),
        ("series_entry", replace(joined, series=fewer)),
        ("series_entry", replace(joined, series=replace(fewer, venue="12 High Street"))),
        ("series_entry", joined),
        ("series_entry", replace(joined, series=fewer)),
    ) == [
        ["The first version that we know of"],
        ["Meeting of 14 June 2027: Time: from 14 June 2027, 9:30am to 4pm to 14 June 2027, 2pm to 4pm"],
        ["The meeting of 14 June 2027 is taken out of the calendar, and the others stay"],
        ["The same entry once more"],
        ["Place: from nothing to 12 High Street"],
        ["Place: from 12 High Street to nothing", "With the meeting of 14 June 2027"],
        ["Without the meeting of 14 June 2027"],
    ]


def test_entry_of_a_series_says_nothing_of_titles_that_nobody_knew():
    place = FACTS["registration_confirmed"]
    one = replace(place, series=replace(SERIES, on=ON, meetings=[]))
    assert news(("registration_confirmed", one), ("series_entry", FACTS["series_entry"])) == [
        ["The meeting of 14 June 2027 is in the calendar, and the others stay"],
        ["The first version that we know of"],
    ]
    assert news(("registration_confirmed", replace(place, invitation=INVITATION))) == [
        ["The first version that we know of"]
    ]
