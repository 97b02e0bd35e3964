"""What letters and feeds bring, taken into a real CalDAV server and read by programs that are not ours."""

from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy

import pytest
import vobject
from ical.calendar_stream import IcsCalendarStream
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from tests.caldav import serving
from tests.ledger import Ledger
from webapp.formats.mailboxes import Mailbox
from webapp.models.accounts import SYSTEM, Alarm
from webapp.models.agenda import SessionKind
from webapp.models.events import Event, Format
from webapp.models.mailings import Letter
from webapp.models.series import Repeat, SeriesMember
from webapp.notices.rendering import render
from webapp.services import calendar_entries, calendars, events, registrations, series_members
from webapp.services import series as series_services
from webapp.services.events import Day, NewEvent

BASE = "https://waymark.example.org"
MINUTE = timedelta(minutes=1)
# Clocks go forward on Sunday 26 March 2028.
SATURDAY = date(2028, 3, 25)
SPRING = datetime(2028, 3, 1, tzinfo=UTC), datetime(2028, 5, 1, tzinfo=UTC)


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def diary(tmp_path):
    with serving(tmp_path) as running:
        yield running


@pytest.fixture
def arrive(app, ledger, diary):
    """Lets the letters to Ann that have not arrived yet arrive: each calendar goes into her diary, read by both."""
    seen = [0]

    def run():
        methods = []
        letters = ledger.all(select(Letter).where(Letter.recipient_email == "ann@example.org").order_by(Letter.id))
        for letter in letters[seen[0] :]:
            seen[0] += 1
            with app.test_request_context():
                made = message_from_bytes(render(letter, app.config["SETTINGS"]), policy=policy.default)
            parts = [part.get_content() for part in made.walk() if part.get_content_type() == "text/calendar"]
            if parts:
                assert len(set(parts)) == 1, "the part and the file are one and the same"
                methods.append(read_by_both(parts[0]))
                diary.take(parts[0].encode())
        return methods

    return run


def read_by_both(text):
    """What the file asks for, as two programs that know nothing of one another read it."""
    one, other = vobject.readOne(text), IcsCalendarStream.calendar_from_ics(text)
    assert other.method in {None, one.method.value}
    told = [(event.uid.value, int(event.sequence.value), event.summary.value) for event in one.vevent_list]
    assert told == [(event.uid, event.sequence, event.summary) for event in other.events]
    for mine, theirs in zip(one.vevent_list, other.events, strict=True):
        assert mine.dtstart.value == theirs.dtstart
        assert [person.value for person in mine.contents.get("attendee", [])] == [
            str(person.uri) for person in theirs.attendees
        ]
        assert len(theirs.alarm) == len(mine.contents.get("valarm", []))
    return one.method.value


def test_event_over_the_change_to_summer_time_is_taken_moved_and_withdrawn(make, ledger, diary, arrive, now):
    event = make.event("Spring event", starts_on=SATURDAY, days=3, hours=[(time(9, 30), time(16))] * 3)
    row = make.registration(event, email="ann@example.org")
    assert arrive() == ["REQUEST"]
    hours = [datetime(2028, 3, 25, 9, 30, tzinfo=UTC), datetime(2028, 3, 26, 8, 30, tzinfo=UTC),
             datetime(2028, 3, 27, 8, 30, tzinfo=UTC)]  # fmt: skip
    assert diary.between(*SPRING) == [(at, "Spring event") for at in hours]
    days = [Day(was=day.date, date=day.date, starts=time(11), ends=time(16)) for day in event.days]
    ledger.act(
        events.edit_days, event.id, tuple(days), event.zone, version=1, told=True, actor=SYSTEM, now=now + MINUTE
    )
    assert arrive() == ["REQUEST"]
    moved = [at + timedelta(minutes=90) for at in hours]
    assert diary.between(*SPRING) == [(at, "Spring event") for at in moved]
    ledger.act(
        calendar_entries.choose, row.person_id, alarm=Alarm.HOUR, by_session=False, actor=SYSTEM, now=now + 2 * MINUTE
    )
    assert arrive() == ["REQUEST"]
    assert diary.between(*SPRING) == [(at, "Spring event") for at in moved]
    ledger.act(registrations.cancel, row.id, actor=SYSTEM, now=now + 3 * MINUTE)
    assert arrive() == ["CANCEL"]
    assert diary.between(*SPRING) == []


@pytest.fixture
def meetings(make, ledger, now):
    """The last Thursdays from January to May 2028 as a series, to which Ann belongs."""
    first = NewEvent(
        title="Reference group", programme_id=make.programme().id, format=Format.ONLINE,
        first_day=date(2028, 1, 27), last_day=date(2028, 1, 27), starts=time(10), ends=time(12), zone="Europe/London",
        organiser_name="Learning team", organiser_email="learning@example.org",
    )  # fmt: skip
    new = series_services.NewSeries(
        first=first, summary="Monthly.", venue="", repeat=Repeat.LAST_WEEKDAY, every=1, number=5
    )
    row = ledger.act(series_services.create, new, owner_id=None, actor=SYSTEM, now=now)
    ledger.act(series_services.publish, row.id, actor=SYSTEM, now=now)
    people = [Mailbox("Ann Lee", "ann@example.org")]
    ledger.act(series_members.add_members, row.id, people, actor=SYSTEM, now=now)
    made = select(Event).where(Event.series_id == row.id).order_by(Event.series_on)
    return ledger.all(made.options(selectinload(Event.days)))


def test_series_over_the_change_to_summer_time_follows_each_meeting(make, ledger, diary, arrive, meetings, now):
    year = datetime(2028, 1, 1, tzinfo=UTC), datetime(2028, 12, 31, tzinfo=UTC)
    stands = {
        1: datetime(2028, 1, 27, 10, tzinfo=UTC), 2: datetime(2028, 2, 24, 10, tzinfo=UTC),
        3: datetime(2028, 3, 30, 9, tzinfo=UTC), 4: datetime(2028, 4, 27, 9, tzinfo=UTC),
        5: datetime(2028, 5, 25, 9, tzinfo=UTC),
    }  # fmt: skip

    def held():
        return [(at, "Reference group") for at in stands.values()]

    assert arrive() == ["REQUEST"]
    assert diary.between(*year) == held()

    march, april = meetings[2], meetings[3]
    days = (Day(was=date(2028, 3, 30), date=date(2028, 3, 28), starts=time(14), ends=time(15)),)
    ledger.act(
        events.edit_days, march.id, days, march.zone, version=march.version, told=True, actor=SYSTEM, now=now + MINUTE
    )
    stands[3] = datetime(2028, 3, 28, 13, tzinfo=UTC)
    assert (arrive(), diary.between(*year)) == (["REQUEST"], held())

    ledger.act(events.cancel, april.id, reason="", actor=SYSTEM, now=now + 2 * MINUTE)
    del stands[4]
    assert (arrive(), diary.between(*year)) == (["CANCEL"], held())

    row = ledger.registration(meetings[1], "ann@example.org")
    ledger.act(registrations.cancel, row.id, actor=SYSTEM, now=now + 3 * MINUTE)
    del stands[2]
    assert (arrive(), diary.between(*year)) == (["CANCEL"], held())

    member = ledger.one(select(SeriesMember))
    ledger.act(series_members.leave, member.id, actor=SYSTEM, now=now + 4 * MINUTE)
    assert (arrive(), diary.between(*year)) == (["CANCEL"], [])

    # Whoever comes back is sent all of it as it now stands, in one file.
    people = [Mailbox("Ann Lee", "ann@example.org")]
    ledger.act(series_members.add_members, meetings[0].series_id, people, actor=SYSTEM, now=now + 5 * MINUTE)
    stands = dict(sorted({**stands, 2: datetime(2028, 2, 24, 10, tzinfo=UTC)}.items()))
    assert (arrive(), diary.between(*year)) == (["REQUEST"], held())

    # By session, the meeting with an agenda leaves the series, and comes back to it.
    make.session(meetings[4], "Opening", kind=SessionKind.PLENARY)
    choice = {"alarm": Alarm.HOUR, "actor": SYSTEM}
    later = now + 6 * MINUTE
    ledger.act(calendar_entries.choose, member.person_id, by_session=True, now=later, **choice)
    opening = (stands.pop(5), "Opening")
    assert (arrive(), diary.between(*year)) == (["REQUEST", "REQUEST"], [*held(), opening])
    ledger.act(calendar_entries.choose, member.person_id, by_session=False, now=later + MINUTE, **choice)
    stands[5] = opening[0]
    assert (arrive(), diary.between(*year)) == (["CANCEL", "REQUEST"], held())


def test_feed_is_read_alike_by_both_and_expands_to_the_same_days(app, make, ledger, meetings, now):
    event = make.event("Spring event", starts_on=SATURDAY, days=3, hours=[(time(9, 30), time(16))] * 3)
    row = make.registration(event, email="ann@example.org")
    off = make.event("Called off")
    make.registration(off, email="ann@example.org")
    ledger.act(events.cancel, off.id, reason="", actor=SYSTEM, now=now + MINUTE)
    feed = ledger.act(calendars.open_feed, row.person_id, actor=SYSTEM, now=now)
    with app.app_context():
        text = calendars.feed_file(feed, service_name="Waymark", base_url=BASE).decode()
    assert read_by_both(text) == "PUBLISH"
    read = IcsCalendarStream.calendar_from_ics(text)
    found = sorted(
        (one.dtstart.astimezone(UTC), one.summary)
        for one in read.timeline_tz(UTC).included(*SPRING)
        if one.status != "CANCELLED"
    )
    assert found == [
        (datetime(2028, 3, 25, 9, 30, tzinfo=UTC), "Spring event"),
        (datetime(2028, 3, 26, 8, 30, tzinfo=UTC), "Spring event"),
        (datetime(2028, 3, 27, 8, 30, tzinfo=UTC), "Spring event"),
        (datetime(2028, 3, 30, 9, tzinfo=UTC), "Reference group"),
        (datetime(2028, 4, 27, 9, tzinfo=UTC), "Reference group"),
    ]
