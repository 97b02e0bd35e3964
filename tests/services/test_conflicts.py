"""What is wrong with a draft agenda: said in words, errors first, and only what is wrong."""

from datetime import date, time

import pytest

from webapp.models.agenda import SessionKind, SessionState
from webapp.models.drafts import DraftContribution, DraftSession, DraftStream, Room, SpeakerAnswer
from webapp.models.events import EventDay, Mode, Places
from webapp.models.speakers import Speaker
from webapp.services.drafts import conflicts_of

pytestmark = pytest.mark.memory

DAY = EventDay(id=1, date=date(2027, 6, 14), starts=time(9, 30), ends=time(16))
NEXT = EventDay(id=2, date=date(2027, 6, 15), starts=None, ends=None)
ADA, BEN = Speaker(id=1, name="Ada Wren"), Speaker(id=2, name="Ben Oak")
HALL, STUDIO = Room(id=1, name="Hall", capacity=40), Room(id=2, name="Studio", capacity=None)
PRACTICE, LEADING = DraftStream(id=1, name="Practice"), DraftStream(id=2, name="Leading")
_ids = iter(range(1, 1000))


def a_session(title, starts=time(10), ends=time(11), *, day=DAY, stream=None, room=None, speakers=(), **more):
    number = next(_ids)
    session = DraftSession(
        id=number,
        public_id=title,
        title=title,
        starts=starts,
        ends=ends,
        kind=more.pop("kind", SessionKind.SESSION),
        state=more.pop("state", SessionState.SCHEDULED),
        takes_sign_ups=more.pop("takes_sign_ups", False),
        **more,
    )
    session.day, session.day_id = day, day.id if day else None
    session.stream, session.stream_id = stream, stream.id if stream else None
    session.room, session.room_id = room, room.id if room else None
    session.contributions = [
        DraftContribution(speaker=one, speaker_id=one.id, answer=SpeakerAnswer.NOT_ASKED) for one in speakers
    ]
    return session


def wrong(*sessions, places=()):
    return [(one.severity.value, one.sentence, one.sessions) for one in conflicts_of(sessions, places)]


def test_speaker_in_two_places_is_an_error():
    one = a_session("One", stream=PRACTICE, speakers=[ADA, BEN])
    two = a_session("Two", time(10, 30), time(12), stream=LEADING, speakers=[ADA])
    sentence = "Ada Wren is in “One” and in “Two”, both at 10:30am to 11am on 14 June."
    assert wrong(one, two) == [("error", sentence, ("One", "Two"))]


def test_room_used_twice_is_an_error():
    one = a_session("One", stream=PRACTICE, room=HALL)
    two = a_session("Two", stream=LEADING, room=HALL)
    assert wrong(one, two) == [
        ("error", "Hall holds “One” and “Two”, both at 10am to 11am on 14 June.", ("One", "Two"))
    ]


def test_session_outside_the_hours_of_the_day_is_an_error():
    early, late = a_session("Early", time(9), time(10)), a_session("Late", time(15), time(16, 5))
    found = wrong(early, late)
    assert [one[0] for one in found] == ["error", "error"]
    assert found[0][1].startswith("“Early” runs from 9am to 10am, and the event on 14 June from 9:30am to 4pm.")
    assert found[1][2] == ("Late",)


def test_what_only_touches_or_is_elsewhere_is_no_conflict():
    assert wrong(
        a_session("One", speakers=[ADA], room=HALL),
        a_session("Next", time(11), time(12), speakers=[ADA], room=HALL),
        a_session("Other day", day=NEXT, speakers=[ADA], room=HALL),
        a_session("No time", None, None, speakers=[ADA], room=HALL),
        a_session("Not placed", day=None, speakers=[ADA], room=HALL),
        a_session("Off", speakers=[ADA], room=HALL, state=SessionState.CANCELLED),
    ) == []  # fmt: skip


def test_two_in_one_stream_and_something_beside_what_is_for_all_are_warnings():
    one = a_session("One", stream=PRACTICE)
    two = a_session("Two", time(10, 30), time(11, 30), stream=PRACTICE)
    lunch = a_session("Lunch", time(11), time(12), kind=SessionKind.BREAK)
    assert wrong(one, two, lunch) == [
        ("warning", "“One” and “Two” are both in the stream Practice at 10:30am to 11am on 14 June.", ("One", "Two")),
        ("warning", "“Lunch” is for all streams while “Two” runs, at 11am to 11:30am on 14 June.", ("Lunch", "Two")),
    ]


def test_two_for_all_at_once_are_a_warning_unless_one_is_a_break():
    one, two = a_session("One"), a_session("Two")
    assert [found[0] for found in wrong(one, two)] == ["warning"]
    assert wrong(one, a_session("Coffee", kind=SessionKind.BREAK)) == []


def test_more_signed_up_than_the_room_holds_is_a_warning():
    full = a_session("Full", session_id=7, room=HALL, takes_sign_ups=True)
    unlimited = a_session("Open", time(12), time(13), session_id=8, room=STUDIO, takes_sign_ups=True)
    places = [
        Places(session_id=7, mode=Mode.IN_PERSON, confirmed=30),
        Places(session_id=7, mode=Mode.ONLINE, confirmed=12),
        Places(session_id=8, mode=Mode.IN_PERSON, confirmed=500),
    ]
    sentence = "42 people have signed up for “Full”, and Hall holds 40."
    assert wrong(full, unlimited, places=places) == [("warning", sentence, ("Full",))]


def test_limit_below_those_signed_up_is_an_error():
    one = a_session("One", session_id=7, takes_sign_ups=True, capacity_online=10)
    places = [Places(session_id=7, mode=Mode.ONLINE, confirmed=12)]
    (found,) = wrong(one, places=places)
    assert found[0] == "error"
    assert found[1] == "12 people have a place in “One” (online), so it cannot be limited to 10. Raise the limit."
    assert wrong(a_session("Two", session_id=7, takes_sign_ups=True, capacity_online=12), places=places) == []


def test_released_session_without_a_day_is_an_error_and_a_new_one_is_not():
    assert [one[0] for one in wrong(a_session("Was there", day=None, session_id=3))] == ["error"]
    assert wrong(a_session("New", day=None)) == []


def test_speaker_who_declined_is_a_warning():
    one = a_session("One", speakers=[ADA])
    one.contributions[0].answer = SpeakerAnswer.DECLINED
    assert wrong(one) == [("warning", "Ada Wren has declined to contribute to “One”.", ("One",))]


def test_errors_come_before_warnings():
    one = a_session("One", stream=PRACTICE, speakers=[ADA])
    two = a_session("Two", stream=PRACTICE, speakers=[ADA])
    assert [found[0] for found in wrong(one, two)] == ["error", "warning"]


def test_many_sessions_are_looked_through_in_order():
    sessions = [a_session(f"S{number}", time(10), time(15), stream=PRACTICE) for number in range(200)]
    assert len(conflicts_of(sessions, ())) == 200 * 199 // 2
