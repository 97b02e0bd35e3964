"""Series of meetings: how they are made, who belongs to them, and what their members' calendars are told."""

from datetime import date, time, timedelta
from email import message_from_bytes, policy

import pytest
import vobject
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from tests.counting import statements
from tests.ledger import Ledger
from webapp.formats.mailboxes import Mailbox
from webapp.models.accounts import SYSTEM, Alarm, Person, ThingKind
from webapp.models.agenda import SessionKind
from webapp.models.calendars import Invitation, Method
from webapp.models.events import Event, EventState, Format, Places
from webapp.models.mailings import Letter
from webapp.models.registrations import Registration
from webapp.models.series import Repeat, SeriesMember
from webapp.notices.rendering import render
from webapp.queries import series as queries
from webapp.services import calendar_entries as choosing
from webapp.services import calendars, events, registrations, series_members
from webapp.services import series as services
from webapp.services.events import Day, EventRefused, NewEvent

BASE = "https://waymark.example.org"
MINUTE = timedelta(minutes=1)
# The last Thursday of May; the meetings after it are on 24 June, 29 July, 26 August and so on.
FIRST = date(2027, 5, 27)


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def new(make):
    def run(**values):
        first = NewEvent(
            title="Reference group",
            programme_id=make.programme().id,
            format=values.pop("format", Format.ONLINE),
            first_day=values.pop("first_day", FIRST),
            last_day=FIRST,
            starts=values.pop("starts", time(10)),
            ends=time(12),
            zone="Europe/London",
            organiser_name="Learning team",
            organiser_email="learning@example.org",
        )
        defaults = {"summary": "Monthly.", "venue": "", "repeat": Repeat.LAST_WEEKDAY, "every": 1, "number": 7}
        return services.NewSeries(first=first, **(defaults | values))

    return run


@pytest.fixture
def group(new, ledger, now):
    """A published series of seven meetings, over the end of summer time, with Ann and Bob as members."""
    row = ledger.act(services.create, new(), owner_id=None, actor=SYSTEM, now=now)
    ledger.act(services.publish, row.id, actor=SYSTEM, now=now)
    people = [Mailbox("Ann Lee", "ann@example.org"), Mailbox("Bob Ray", "bob@example.org")]
    assert ledger.act(series_members.add_members, row.id, people, actor=SYSTEM, now=now) == 2
    return row


@pytest.fixture
def meetings(ledger):
    def run(series):
        statement = select(Event).where(Event.series_id == series.id).order_by(Event.series_on)
        return ledger.all(statement.options(selectinload(Event.days)))

    return run


@pytest.fixture
def told(app, ledger):
    """Letters after the first so many: (notice, who, method, sequence, the meeting's own start or None for all)."""

    def run(since=0):
        found = []
        for letter in ledger.all(select(Letter).order_by(Letter.id))[since:]:
            with app.test_request_context():
                made = message_from_bytes(render(letter, app.config["SETTINGS"]), policy=policy.default)
            parts = [part for part in made.walk() if part.get_content_type() == "text/calendar"]
            who = letter.recipient_email.partition("@")[0]
            if not parts:
                found.append((letter.notice, who, None, None, None))
                continue
            assert parts[0]["Content-Type"].params["method"] == letter.facts["invitation"]["method"].upper()
            event = vobject.readOne(parts[0].get_content()).vevent_list[0]
            assert {one.value for one in event.contents["attendee"]} == {f"mailto:{letter.recipient_email}"}
            on = event.contents["recurrence-id"][0].value.date() if "recurrence-id" in event.contents else None
            method = letter.facts["invitation"]["method"]
            found.append((letter.notice, who, method, int(event.sequence.value), on))
        return found

    return run


def read(app, letter):
    """The subject of a letter and its plain text."""
    with app.test_request_context():
        made = message_from_bytes(render(letter, app.config["SETTINGS"]), policy=policy.default)
    return made["Subject"], made.get_body(("plain",)).get_content()


def entry(app, ledger, name):
    """What the person's own calendar holds of the series: the starts of its meetings, with what moved, and the UID."""
    person = ledger.one(select(Person).where(Person.email == f"{name}@example.org"))
    with app.app_context():
        found = vobject.readOne(calendars.agenda_file(person.id, base_url=BASE).decode())
    if not found.contents.get("vevent"):
        return None
    (master,) = [one for one in found.vevent_list if "rrule" in one.contents]
    moved = {
        one.contents["recurrence-id"][0].value: one.dtstart.value
        for one in found.vevent_list
        if "recurrence-id" in one.contents
    }
    return [moved.get(at, at) for at in master.getrruleset(addRDate=True)], master.uid.value


def test_create_makes_drafts_by_invitation_on_each_date_of_the_rule(new, ledger, meetings, now):
    row = ledger.act(services.create, new(), owner_id=None, actor=SYSTEM, now=now)
    found = meetings(row)
    assert [one.series_on.strftime("%d %m") for one in found] == [
        "27 05", "24 06", "29 07", "26 08", "30 09", "28 10", "25 11",
    ]  # fmt: skip
    assert {(one.title, one.state, one.admission.value, one.summary) for one in found} == {
        ("Reference group", EventState.DRAFT, "invitation", "Monthly.")
    }
    # The clock stands at 10 over the end of summer time.
    assert [one.starts_at.hour for one in found] == [9, 9, 9, 9, 9, 9, 10]
    assert ledger.letters() == []


def test_create_until_a_day_ends_with_the_last_meeting_by_then(new, ledger, meetings, now):
    wanted = new(number=None, until=date(2027, 8, 26))
    row = ledger.act(services.create, wanted, owner_id=None, actor=SYSTEM, now=now)
    assert ([one.series_on.month for one in meetings(row)], row.number) == ([5, 6, 7, 8], 4)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"number": 0}, "number"),
        ({"number": 61}, "number"),
        ({"starts": None}, "starts"),
        ({"number": None, "until": date(2027, 5, 26)}, "until"),
        ({"number": None, "until": date(2040, 5, 26)}, "until"),
        ({"first_day": date(2027, 6, 29), "repeat": Repeat.WEEKDAY}, "repeat"),
        ({"first_day": date(2027, 6, 17)}, "repeat"),
    ],
)
def test_create_refuses_what_cannot_recur(new, ledger, now, values, field):
    with pytest.raises(EventRefused) as refused:
        ledger.act(services.create, new(**values), owner_id=None, actor=SYSTEM, now=now)
    assert refused.value.field == field
    assert ledger.count(Event) == 0


def test_members_get_one_letter_with_one_entry_and_a_place_at_each_meeting(app, group, ledger, meetings, told):
    assert told() == [("series_joined", "ann", "request", 0, None), ("series_joined", "bob", "request", 0, None)]
    for meeting in meetings(group):
        assert ledger.standing(meeting) == [("ann", "confirmed"), ("bob", "confirmed")]
    assert ledger.all(select(Invitation.thing_kind)) == [ThingKind.SERIES] * 2, "no entry for each meeting"
    starts, _uid = entry(app, ledger, "ann")
    assert [(at.month, at.day, at.hour, at.utcoffset().seconds) for at in starts][-2:] == [
        (10, 28, 10, 3600),
        (11, 25, 10, 0),
    ]
    assert len(starts) == 7


def test_adding_twice_is_once_and_before_publishing_it_is_refused(new, group, ledger, now):
    again = [Mailbox("Ann Lee", "ann@example.org")]
    assert ledger.act(series_members.add_members, group.id, again, actor=SYSTEM, now=now) == 0
    assert len(ledger.letters()) == 2
    drafts = ledger.act(services.create, new(), owner_id=None, actor=SYSTEM, now=now)
    with pytest.raises(series_members.MembersRefused, match="Publish the meetings first"):
        ledger.act(series_members.add_members, drafts.id, again, actor=SYSTEM, now=now)


def test_entries_of_a_series_are_asked_for_in_parts(app, group, ledger, monkeypatch):
    monkeypatch.setattr(queries, "AT_ONCE", 1)
    people = {one.person_id for one in ledger.all(select(SeriesMember))}
    with statements(app) as asked, app.app_context():
        found = queries.standing_entries(group.id, people)
    assert (found.keys(), len(asked)) == (people, 2)


def test_meeting_that_moves_is_updated_by_itself(app, group, ledger, meetings, told, now):
    third = meetings(group)[2]
    days = (Day(was=date(2027, 7, 29), date=date(2027, 7, 27), starts=time(14), ends=time(15)),)
    ledger.act(
        events.edit_days, third.id, days, third.zone, version=third.version, told=True, actor=SYSTEM, now=now + MINUTE
    )
    on = date(2027, 7, 29)
    assert told(2) == [("event_changed", "ann", "request", 1, on), ("event_changed", "bob", "request", 1, on)]
    subject, text = read(app, ledger.last_letter())
    assert subject == "Changed for 29 July 2027: Reference group"
    assert "The other meetings of “Reference group” stay as they are." in text
    starts, _uid = entry(app, ledger, "ann")
    assert (starts[2].day, starts[2].hour, len(starts)) == (27, 14, 7)


def test_meeting_of_two_days_is_refused_since_the_entry_of_the_series_holds_one(group, ledger, meetings, now):
    third = meetings(group)[2]
    on = date(2027, 7, 29)
    days = (
        Day(was=on, date=on, starts=time(10), ends=time(12)),
        Day(date=date(2027, 7, 30), starts=time(10), ends=time(12)),
    )
    with pytest.raises(EventRefused, match="A meeting of a series is on one day"):
        ledger.act(events.edit_days, third.id, days, third.zone, version=third.version, actor=SYSTEM, now=now)
    assert len(meetings(group)[2].days) == 1


def test_more_places_than_one_unit_can_write_are_refused_before_anything_is_written(app, group, ledger, now):
    people = [Mailbox(f"P{n}", f"p{n}@example.org") for n in range(201)]
    before = len(ledger.all(select(Person)))
    with statements(app) as asked, pytest.raises(series_members.MembersRefused, match="At most 200 people"):
        ledger.act(series_members.add_members, group.id, people, actor=SYSTEM, now=now)
    assert asked == []
    with pytest.raises(series_members.MembersRefused, match="At most 34 people are added at once to 7 meetings"):
        ledger.act(series_members.add_members, group.id, people[:35], actor=SYSTEM, now=now)
    assert len(ledger.all(select(Person))) == before


def test_meeting_that_is_cancelled_is_withdrawn_by_itself(app, group, ledger, meetings, told, now):
    third = meetings(group)[2]
    ledger.act(events.cancel, third.id, reason="", actor=SYSTEM, now=now + MINUTE)
    on = date(2027, 7, 29)
    assert told(2) == [("event_cancelled", "ann", "cancel", 1, on), ("event_cancelled", "bob", "cancel", 1, on)]
    subject, text = read(app, ledger.last_letter())
    assert subject == "Cancelled for 29 July 2027: Reference group"
    assert "The other meetings of “Reference group” stay as they are." in text
    starts, _uid = entry(app, ledger, "bob")
    assert [at.month for at in starts] == [5, 6, 8, 9, 10, 11]
    assert {one.method for one in ledger.all(select(Invitation))} == {Method.REQUEST}, "the series itself stands"


def test_member_who_cannot_come_once_stays_a_member_and_can_come_after_all(app, group, ledger, meetings, told, now):
    second = meetings(group)[1]
    row = ledger.registration(second, "ann@example.org")
    ledger.act(registrations.cancel, row.id, actor=SYSTEM, now=now + MINUTE)
    on = date(2027, 6, 24)
    assert told(2) == [("registration_cancelled", "ann", "cancel", 1, on)]
    starts, uid = entry(app, ledger, "ann")
    assert [at.month for at in starts] == [5, 7, 8, 9, 10, 11]
    assert len(entry(app, ledger, "bob")[0]) == 7
    assert {one.left_at for one in ledger.all(select(SeriesMember))} == {None}
    ledger.act(
        registrations.add,
        second.id,
        registrations.Application(
            name="Ann Lee", email="ann@example.org", organisation_name="", organisation_id=None,
            sector=row.sector, role="", mode=row.mode, notice_version="test",
        ),
        past_queue=True, actor=SYSTEM, now=now + 2 * MINUTE,
    )  # fmt: skip
    assert told(3) == [("registration_confirmed", "ann", "request", 2, on)]
    assert (len(entry(app, ledger, "ann")[0]), entry(app, ledger, "ann")[1]) == (7, uid)


def test_leaving_takes_all_out_by_one_letter_and_coming_back_keeps_the_uid(app, group, ledger, meetings, told, now):
    _starts, uid = entry(app, ledger, "ann")
    first = meetings(group)[0]
    member = ledger.one(select(SeriesMember).where(SeriesMember.email == "ann@example.org"))
    later = first.ends_at + MINUTE
    assert ledger.act(series_members.leave, member.id, actor=SYSTEM, now=later) is True
    assert ledger.act(series_members.leave, member.id, actor=SYSTEM, now=later) is False
    assert told(2) == [("series_left", "ann", "cancel", 1, None)]
    states = {one.series_on.month: dict(ledger.standing(one))["ann"] for one in meetings(group)}
    assert states == {5: "confirmed", 6: "cancelled", 7: "cancelled", 8: "cancelled", 9: "cancelled",
                      10: "cancelled", 11: "cancelled"}, "what is over stays as it was"  # fmt: skip
    assert entry(app, ledger, "ann") is None
    back = [Mailbox("Ann Lee", "ann@example.org")]
    assert ledger.act(series_members.add_members, group.id, back, actor=SYSTEM, now=later) == 1
    assert told(3) == [("series_joined", "ann", "request", 2, None)]
    starts, again = entry(app, ledger, "ann")
    assert (len(starts), again) == (7, uid)


def test_leaving_withdraws_a_meeting_that_stood_by_itself_before(new, make, ledger, meetings, told, now):
    row = ledger.act(services.create, new(number=2), owner_id=None, actor=SYSTEM, now=now)
    ledger.act(services.publish, row.id, actor=SYSTEM, now=now)
    first, _second = meetings(row)
    application = make.application(name="Ann Lee", email="ann@example.org")
    ledger.act(registrations.add, first.id, application, past_queue=True, actor=SYSTEM, now=now)
    people = [Mailbox("Ann Lee", "ann@example.org")]
    ledger.act(series_members.add_members, row.id, people, actor=SYSTEM, now=now)
    member = ledger.one(select(SeriesMember))
    ledger.act(series_members.leave, member.id, actor=SYSTEM, now=now)
    assert told() == [
        ("registration_confirmed", "ann", "request", 0, None),
        ("series_joined", "ann", "request", 0, None),
        ("registration_cancelled", "ann", "cancel", 1, None),
        ("series_left", "ann", "cancel", 1, None),
    ]


def test_meeting_published_later_takes_the_members_in(new, ledger, meetings, told, now):
    row = ledger.act(services.create, new(number=3), owner_id=None, actor=SYSTEM, now=now)
    first, second, _third = meetings(row)
    ledger.act(events.publish, first.id, actor=SYSTEM, now=now)
    ledger.act(series_members.add_members, row.id, [Mailbox("", "ann@example.org")], actor=SYSTEM, now=now)
    ledger.act(events.publish, second.id, actor=SYSTEM, now=now + MINUTE)
    assert told() == [
        ("series_joined", "ann", "request", 0, None),
        ("registration_confirmed", "ann", "request", 1, date(2027, 6, 24)),
    ]
    assert ledger.count(Registration) == 2


def test_member_who_is_registered_already_or_finds_no_room_is_a_member_all_the_same(new, make, ledger, meetings, now):
    row = ledger.act(services.create, new(number=2), owner_id=None, actor=SYSTEM, now=now)
    ledger.act(services.publish, row.id, actor=SYSTEM, now=now)
    first, second = meetings(row)
    application = make.application(name="Ann Lee", email="ann@example.org")
    ledger.act(registrations.add, first.id, application, past_queue=True, actor=SYSTEM, now=now)
    places = ledger.one(select(Places).where(Places.event_id == second.id))
    ledger.change(places, capacity=0)
    people = [Mailbox("Ann Lee", "ann@example.org")]
    assert ledger.act(series_members.add_members, row.id, people, actor=SYSTEM, now=now) == 1
    assert ledger.standing(first) == [("ann", "confirmed")]
    assert ledger.standing(second) == []


# ---------------------------------------------------------------- as members chose their entries


def choose(ledger, name, *, alarm=Alarm.NONE, by_session=False, at):
    person = ledger.one(select(Person).where(Person.email == f"{name}@example.org"))
    return ledger.act(choosing.choose, person.id, alarm=alarm, by_session=by_session, actor=SYSTEM, now=at)


def months(app, ledger, name):
    return [at.month for at in entry(app, ledger, name)[0]]


def test_reminder_goes_out_with_the_whole_series_under_the_same_sequence(app, group, ledger, told, now):
    assert choose(ledger, "ann", alarm=Alarm.HOUR, at=now + MINUTE) == 1
    assert told(2) == [("series_entry", "ann", "request", 0, None)]
    letter = ledger.last_letter()
    with app.test_request_context():
        made = message_from_bytes(render(letter, app.config["SETTINGS"]), policy=policy.default)
    (part, *_) = [part for part in made.walk() if part.get_content_type() == "text/calendar"]
    (event,) = [one for one in vobject.readOne(part.get_content()).vevent_list if "rrule" in one.contents]
    assert event.valarm.trigger.value == -timedelta(hours=1)
    assert letter.facts["invitation"]["stamp"] == (now + MINUTE).isoformat().replace("+00:00", "Z")


def test_series_that_is_over_is_not_sent_anew(group, ledger, meetings):
    last = meetings(group)[-1]
    assert choose(ledger, "ann", alarm=Alarm.HOUR, at=last.ends_at) == 0


def test_by_session_a_meeting_with_an_agenda_leaves_the_series_and_comes_back(
    app, make, group, ledger, meetings, told, now
):
    second = meetings(group)[1]
    assert choose(ledger, "bob", by_session=True, at=now) == 0, "no meeting has sessions, so nothing is another"
    session = make.session(second, "Opening", kind=SessionKind.PLENARY)
    assert choose(ledger, "ann", by_session=True, at=now + MINUTE) == 2
    assert told(2) == [("calendar_entry", "ann", "request", 0, None), ("series_entry", "ann", "request", 1, None)]
    assert months(app, ledger, "ann") == [5, 7, 8, 9, 10, 11]
    days = (Day(was=date(2027, 6, 24), date=date(2027, 6, 23), starts=time(10), ends=time(12)),)
    ledger.act(events.edit_days, second.id, days, second.zone, version=second.version, told=True, actor=SYSTEM, now=now)
    # Her entry is that of the session, so the letter on the meeting brings none of its own.
    assert [one for one in told(4) if one[1] == "ann"] == [
        ("event_changed", "ann", None, None, None),
        ("session_changed", "ann", "request", 1, None),
    ]
    sent = len(ledger.letters())
    choose(ledger, "ann", at=now + 2 * MINUTE)
    assert told(sent) == [("calendar_entry", "ann", "cancel", 2, None), ("series_entry", "ann", "request", 3, None)]
    assert months(app, ledger, "ann") == [5, 6, 7, 8, 9, 10, 11]
    assert session.event_id == second.id


def test_by_session_a_first_agenda_takes_its_meeting_out_of_the_series(app, make, group, ledger, meetings, told, now):
    choose(ledger, "ann", by_session=True, at=now)
    second = meetings(group)[1]
    make.draft(second)
    make.planned(second, "Opening", kind=SessionKind.PLENARY)
    make.released(second)
    assert told(2) == [("calendar_entry", "ann", "request", 0, None), ("series_entry", "ann", "request", 1, None)]
    assert months(app, ledger, "ann") == [5, 7, 8, 9, 10, 11]
    assert months(app, ledger, "bob") == [5, 6, 7, 8, 9, 10, 11]
    row = ledger.registration(second, "ann@example.org")
    ledger.act(registrations.cancel, row.id, actor=SYSTEM, now=now)
    assert told(4) == [
        ("calendar_entry", "ann", "cancel", 1, None),
        ("registration_cancelled", "ann", None, None, None),
    ]
