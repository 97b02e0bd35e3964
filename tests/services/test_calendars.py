"""Invitations, feeds and calendar files; what is written is read back by another program's parser."""

from datetime import date, time, timedelta
from email import message_from_bytes, policy
from functools import partial

import pytest
import vobject
from sqlalchemy import select, update

from tests.counting import statements
from tests.ledger import Ledger
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Alarm, Person, ThingKind
from webapp.models.agenda import Session, SessionKind, SessionState
from webapp.models.calendars import CalendarFeed, Invitation, Method
from webapp.models.drafts import AgendaDraft
from webapp.models.events import Event, EventState, Format, Mode
from webapp.models.mailings import Letter
from webapp.notices.rendering import render
from webapp.queries.agenda import get_session
from webapp.queries.calendars import find_feed_by_token
from webapp.queries.events import find_event
from webapp.services import agenda, drafts, events, registrations, sign_ups
from webapp.services import calendar_entries as choosing
from webapp.services import calendars as services

BASE = "https://waymark.example.org"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def mine(app):
    """My agenda as a file, read back: title to entry; and for several days, the entry of the series."""

    def read(person):
        with app.app_context():
            return entries(services.agenda_file(person.id, base_url=BASE))

    return read


def entries(content):
    """What a calendar file holds, by title; of a series the entry that all its days share."""
    calendar = vobject.readOne(content.decode())
    found = {}
    for entry in calendar.contents.get("vevent", []):
        if "recurrence-id" not in entry.contents:
            assert entry.summary.value not in found
            found[entry.summary.value] = entry
    return found


def status(entry):
    return (entry.status.value, int(entry.sequence.value))


# ---------------------------------------------------------------- invitations


def test_invite_again_keeps_the_uid_with_a_higher_sequence(make, ledger, now):
    person, event = make.person(), make.event()
    steps = [services.invite, services.invite, services.withdraw, services.withdraw, services.invite]
    seen = []
    for n, step in enumerate(steps):
        sent = ledger.act(step, person.id, ThingKind.EVENT, event.id, now=now + n * MINUTE)
        seen.append(sent and (sent.sequence, sent.method, sent.changed_at - now))
    assert seen == [
        (0, Method.REQUEST, 0 * MINUTE),
        (1, Method.REQUEST, 1 * MINUTE),
        (2, Method.CANCEL, 2 * MINUTE),
        None,
        (3, Method.REQUEST, 4 * MINUTE),
    ]
    assert ledger.count(Invitation) == 1


def test_withdraw_what_was_never_sent_is_nothing(make, ledger, now):
    assert ledger.act(services.withdraw, make.person().id, ThingKind.EVENT, make.event().id, now=now) is None


def test_invitations_of_two_people_have_different_uids(make, ledger):
    event = make.event()
    for _ in range(2):
        make.registration(event)
    first, second = ledger.all(select(Invitation.uid))
    assert first != second


# ---------------------------------------------------------------- what is a new version, and whom it is sent to


@pytest.fixture
def signed_up(make, ledger, now):
    """An event in a hall and online over two days, with a session on each; Ann and Bob are signed up for both."""
    event = make.event("Days", format=Format.HYBRID, venue="High Street")
    sessions = [make.session(event, title, day=n, places=5, room="Room 2") for n, title in enumerate(("One", "Two"))]
    for name, mode in (("ann", Mode.IN_PERSON), ("bob", Mode.ONLINE)):
        row = make.registration(event, email=f"{name}@example.org", mode=mode)
        for session in sessions:
            ledger.act(sign_ups.sign_up, row.id, session.id, actor=SYSTEM, now=now)
    return event, sessions


def told(ledger, *notices):
    """The letters of these notices, as (who, title of the session, method, sequence), oldest first."""
    letters = ledger.all(select(Letter).where(Letter.notice.in_(notices)).order_by(Letter.id))
    return [
        (
            one.recipient_email.partition("@")[0],
            one.facts["session"]["title"],
            one.facts["invitation"]["method"],
            one.facts["invitation"]["sequence"],
        )
        for one in letters
    ]


def test_another_place_of_the_event_is_one_of_its_sessions_for_who_comes_in_person(app, signed_up, ledger, now):
    event, sessions = signed_up
    wanted = events.Where(
        format=event.format, venue="1 Low Street", joining_url="", joining_instructions="", joining_from=None
    )
    ledger.act(events.edit_where, event.id, wanted, version=1, told=True, actor=SYSTEM, now=now)
    assert told(ledger, "session_changed") == [("ann", "One", "request", 1), ("ann", "Two", "request", 1)]
    change = ledger.last_letter().facts["changes"][0]
    assert (change["before"]["room"], change["after"]["room"]) == ("Room 2, High Street", "Room 2, 1 Low Street")
    assert "signed_up" not in ledger.last_letter().facts, "a place in it, as letters have always been about"
    with app.app_context():
        found = get_session(find_event(event.public_id), sessions[0].public_id)
        (entry,) = entries(services.session_file(found, base_url=BASE)).values()
    assert (entry.location.value, status(entry)) == ("Room 2, 1 Low Street", ("CONFIRMED", 1))


def test_another_address_of_the_organiser_is_a_new_version_and_what_is_withdrawn_later_names_it(
    app, signed_up, ledger, now
):
    """A calendar takes a withdrawal from no other ORGANIZER than the one that it knows."""
    event, _sessions = signed_up
    before = len(ledger.letters())
    contact = events.Contact(organiser_name="Others", organiser_email="others@example.org")
    with pytest.raises(events.ConfirmationNeeded):
        ledger.act(events.edit_contact, event.id, contact, version=1, actor=SYSTEM, now=now)
    ledger.act(events.edit_contact, event.id, contact, version=1, told=True, actor=SYSTEM, now=now)
    ledger.act(events.cancel, event.id, reason="", actor=SYSTEM, now=now + MINUTE)
    letters = ledger.all(select(Letter).order_by(Letter.id))[before:]
    told = [(one.notice, one.facts["invitation"]["sequence"]) for one in letters]
    assert told == [
        *[("event_changed", 1)] * 2, *[("session_changed", 1)] * 4,
        *[("event_cancelled", 2)] * 2, *[("session_changed", 2)] * 4,
    ]  # fmt: skip
    assert {one.facts["event"]["organiser_email"] for one in letters} == {"others@example.org"}
    with app.test_request_context():
        made = [message_from_bytes(render(letters[n], app.config["SETTINGS"]), policy=policy.default) for n in (0, 2)]
    texts = [one.get_body(("plain",)).get_content() for one in made]
    assert "Whoever organises it is now reached at others@example.org." in texts[0]
    assert made[1]["Subject"] == "“One” has other organisers to write to: Days"


def test_another_title_of_a_session_is_no_new_version_and_another_link_or_room_is(make, ledger, now):
    event = make.event("Days")
    make.draft(event)
    planned = [make.planned(event, title) for title in ("Titled", "Linked", "Moved")]
    make.released(event)
    ledger.change(planned[0], title="Retitled")
    ledger.change(planned[1], joining_url="https://meet.example.org/1")
    ledger.change(planned[2], starts=time(11), ends=time(12))
    version, later = ledger.one(select(AgendaDraft.version)), now + MINUTE
    ledger.act(drafts.release, event.id, version=version, note="", actor=SYSTEM, now=later)
    rows = {row.title: row for row in ledger.all(select(Session))}
    assert {title: row.calendar_sequence for title, row in rows.items()} == {"Retitled": 0, "Linked": 1, "Moved": 1}
    assert {row.calendar_changed_at for row in rows.values()} == {later}


def test_cancelled_midway_withdraws_from_calendars_only_what_is_to_come(signed_up, ledger, now):
    event, (first, _second) = signed_up
    ledger.act(events.cancel, event.id, reason="", actor=SYSTEM, now=first.ends_at)
    assert told(ledger, "session_changed") == [("ann", "Two", "cancel", 1), ("bob", "Two", "cancel", 1)]


def test_who_leaves_midway_is_not_written_to_about_sessions_that_are_over(signed_up, ledger, now):
    event, (first, _second) = signed_up
    row = ledger.registration(event, "ann@example.org")
    ledger.act(registrations.cancel, row.id, actor=SYSTEM, now=first.ends_at)
    assert told(ledger, "sign_up_left") == [("ann", "Two", "cancel", 1)]
    assert ledger.last_letter().facts["invitation"]["method"] == "cancel"


def test_request_that_waits_or_was_declined_is_in_no_calendar(make, ledger, mine, now):
    person, event = make.person(email="ann@example.org"), make.event("Asked", needs_approval=True)
    row = make.registration(event, email="ann@example.org")
    assert mine(person) == {}
    ledger.act(registrations.decline, row.id, reason="", actor=SYSTEM, now=now)
    assert mine(person) == {}
    assert ["invitation" in one.facts for one in ledger.all(select(Letter))] == [False, False]


# ---------------------------------------------------------------- entries as a person chose them


@pytest.fixture
def agenda_of(make):
    """An event with a plenary each day and a session beside; nothing signed up for yet."""
    event = make.event("Days")
    sessions = [
        make.session(event, "Opening", kind=SessionKind.PLENARY),
        make.session(event, "Kinship", hours=(time(13), time(14)), places=5),
        make.session(event, "Closing", kind=SessionKind.PLENARY, day=1),
    ]
    return event, sessions


def choose(ledger, person_id, *, alarm=Alarm.NONE, by_session=False, at):
    return ledger.act(choosing.choose, person_id, alarm=alarm, by_session=by_session, actor=SYSTEM, now=at)


def brought(ledger, since=0):
    """What letters after the first so many brought to calendars: (title, method, sequence), in their order."""
    letters = ledger.all(select(Letter).order_by(Letter.id))[since:]
    return [
        (
            one.facts["session"]["title"] if "session" in one.facts else one.facts["event"]["title"],
            one.facts["invitation"]["method"],
            one.facts["invitation"]["sequence"],
        )
        for one in letters
        if "invitation" in one.facts
    ]


def test_choosing_sessions_takes_the_days_out_and_choosing_days_brings_them_back(make, ledger, mine, agenda_of, now):
    event, sessions = agenda_of
    row = make.registration(event, email="ann@example.org")
    ledger.act(sign_ups.sign_up, row.id, sessions[1].id, actor=SYSTEM, now=now)
    before = len(ledger.letters())
    assert choose(ledger, row.person_id, by_session=True, at=now + MINUTE) == 3
    assert brought(ledger, before) == [("Days", "cancel", 1), ("Opening", "request", 0), ("Closing", "request", 0)]
    person = ledger.one(select(Person).where(Person.id == row.person_id))
    assert {title: status(one) for title, one in mine(person).items()} == {
        "Opening": ("CONFIRMED", 0),
        "Kinship": ("CONFIRMED", 0),
        "Closing": ("CONFIRMED", 0),
    }
    assert choose(ledger, row.person_id, by_session=True, at=now + MINUTE) == 0, "chosen already"
    choose(ledger, row.person_id, at=now + 2 * MINUTE)
    assert set(brought(ledger, before + 3)) == {
        ("Opening", "cancel", 1),
        ("Closing", "cancel", 1),
        ("Days", "request", 2),
    }
    # Nothing was cancelled, so nothing may say so.
    assert {title: status(one) for title, one in mine(person).items()} == {
        "Days": ("CONFIRMED", 2),
        "Kinship": ("CONFIRMED", 0),
    }


def test_by_session_a_new_place_comes_as_the_sessions_and_goes_with_all_of_them(make, ledger, agenda_of, now):
    event, _sessions = agenda_of
    person = make.person(email="ann@example.org")
    assert choose(ledger, person.id, by_session=True, at=now) == 0
    row = make.registration(event, email="ann@example.org")
    assert brought(ledger) == [("Opening", "request", 0), ("Closing", "request", 0)]
    assert ledger.letters()[-1] == ("registration_confirmed", "ann")
    assert "invitation" not in ledger.last_letter().facts
    ledger.act(registrations.cancel, row.id, actor=SYSTEM, now=now)
    assert set(brought(ledger, 3)) == {("Opening", "cancel", 1), ("Closing", "cancel", 1)}
    # They say that the registration has ended, and promise no place.
    gone = [one for one in ledger.all(select(Letter).order_by(Letter.id)) if one.notice == "calendar_entry"][2:]
    assert [one.facts["state"] for one in gone] == ["cancelled", "cancelled"]


def test_by_session_an_event_without_an_agenda_stands_by_its_days_until_there_is_one(make, ledger, now):
    event = make.event("Days")
    person = make.person(email="ann@example.org")
    choose(ledger, person.id, by_session=True, at=now)
    make.registration(event, email="ann@example.org")
    assert brought(ledger) == [("Days", "request", 0)]
    make.draft(event)
    make.planned(event, "Opening", kind=SessionKind.PLENARY)
    make.released(event)
    assert brought(ledger, 1) == [("Days", "cancel", 1), ("Opening", "request", 0)]
    ledger.act(events.cancel, event.id, reason="", actor=SYSTEM, now=now + MINUTE)
    # The event's own entry had gone already, and is not withdrawn a second time.
    assert brought(ledger, 3) == [("Opening", "cancel", 1)]


def test_by_session_a_release_asks_the_same_of_the_database_for_one_person_and_for_many(app, make, ledger, now):
    numbers = []
    for names in (["ann"], ["bob", "cat", "dan", "eve"]):
        event = make.event("Days")
        for name in names:
            person = make.person(email=f"{name}@example.org")
            choose(ledger, person.id, by_session=True, at=now)
            make.registration(event, email=f"{name}@example.org")
        make.draft(event)
        for title in ("Opening", "Closing"):
            make.planned(event, title, kind=SessionKind.PLENARY)
        before = len(ledger.letters())
        with statements(app) as found:
            make.released(event)
        numbers.append(len([one for one in found if Invitation.__tablename__ in one]))
        assert len(ledger.letters()) - before == 3 * len(names)
    assert numbers == [6, 6]


def test_by_session_a_plenary_that_moves_is_sent_anew_and_a_star_comes_and_goes(make, ledger, now):
    event = make.event("Days")
    make.draft(event)
    plenary = make.planned(event, "Opening", kind=SessionKind.PLENARY)
    make.planned(event, "Kinship", hours=(time(13), time(14)))
    make.released(event)
    row = make.registration(event, email="ann@example.org")
    make.registration(event, email="bob@example.org")
    choose(ledger, row.person_id, by_session=True, at=now)
    sent = len(ledger.letters())
    kinship = ledger.one(select(Session.id).where(Session.title == "Kinship"))
    for starred in (True, False):
        ledger.act(agenda.set_star, row.person_id, kinship, starred=starred, now=now)
    assert brought(ledger, sent) == [("Kinship", "request", 0), ("Kinship", "cancel", 1)]
    ledger.change(plenary, starts=time(11), ends=time(12))
    make.released(event)
    assert brought(ledger, sent + 2) == [("Opening", "request", 1)]
    assert sorted(ledger.letters()[sent + 2 :]) == [("agenda_changed", "bob"), ("session_changed", "ann")]
    # It is everybody's: nobody holds a place in it that could be given up.
    assert [one.facts["signed_up"] for one in ledger.all(select(Letter)) if one.notice == "session_changed"] == [False]
    ledger.act(events.cancel, event.id, reason="", actor=SYSTEM, now=now + MINUTE)
    assert ledger.letters()[-1] == ("session_changed", "ann")
    assert ledger.last_letter().facts["signed_up"] is False


def test_by_session_what_is_over_stays_as_it_was_when_an_agenda_comes_late(make, ledger, mine, now):
    event = make.event("Days")
    person = make.person(email="ann@example.org")
    choose(ledger, person.id, by_session=True, at=now)
    make.registration(event, email="ann@example.org")
    make.draft(event)
    make.planned(event, "Opening", kind=SessionKind.PLENARY)
    sent = len(ledger.letters())
    version = ledger.one(select(AgendaDraft.version))
    ledger.act(drafts.release, event.id, version=version, note="", actor=SYSTEM, now=event.ends_at)
    assert brought(ledger, sent) == []
    assert {title: status(one) for title, one in mine(person).items()} == {"Days": ("CONFIRMED", 0)}


def test_reminder_goes_out_under_the_same_sequence_and_only_for_what_is_to_come(make, ledger, mine, now):
    past, event = make.event("Past", starts_on=date(2025, 6, 2)), make.event("To come")
    row = make.registration(event, email="ann@example.org")
    early = past.starts_at - timedelta(days=1)
    make.registration(past, email="ann@example.org", now=early)
    before = len(ledger.letters())
    assert choose(ledger, row.person_id, alarm=Alarm.HOUR, at=now + MINUTE) == 1
    assert brought(ledger, before) == [("To come", "request", 0)]
    sent = ledger.last_letter().facts["invitation"]
    assert (sent["alarm"], sent["stamp"]) == ("hour", (now + MINUTE).isoformat().replace("+00:00", "Z"))
    person = ledger.one(select(Person).where(Person.id == row.person_id))
    assert {title: one.valarm.trigger.value for title, one in mine(person).items()} == {
        "Past": -timedelta(hours=1),
        "To come": -timedelta(hours=1),
    }
    # What is sent from now on has it too.
    ledger.act(registrations.cancel, row.id, actor=SYSTEM, now=now)
    make.registration(event, email="ann@example.org")
    assert ledger.last_letter().facts["invitation"]["alarm"] == "hour"


# ---------------------------------------------------------------- files


def test_event_file_has_each_day_with_its_own_hours_and_leads_to_our_joining_page(app, make):
    event = make.event(
        "Spring; days, two", hours=[(time(9, 30), time(16)), (time(10), time(12, 15))], venue="Hall 3, Hill Street"
    )
    with app.app_context():
        content = services.event_file(find_event(event.public_id), base_url=BASE)
    calendar = vobject.readOne(content.decode())
    series = entries(content)["Spring; days, two"]
    assert series.uid.value == f"{event.public_id}@waymark.example.org"
    assert (series.location.value, series.url.value) == (
        "Hall 3, Hill Street",
        f"{BASE}/events/{event.slug}-{event.public_id}/join",
    )
    occurrences = list(series.getrruleset(addRDate=True))
    assert [at.date() for at in occurrences] == [date(2027, 6, 14), date(2027, 6, 15)]
    (override,) = [one for one in calendar.contents["vevent"] if "recurrence-id" in one.contents]
    assert (override.dtstart.value.time(), override.dtend.value.time()) == (time(10), time(12, 15))
    assert override.dtstart.value.utcoffset() == timedelta(hours=1)
    assert "attendee" not in series.contents


def test_session_file_has_the_hours_of_the_session_and_says_when_it_is_cancelled(app, make, ledger):
    event = make.event(venue="Hall")
    session = make.session(event, "Kinship", day=1, hours=(time(11), time(12)), room="Room 2")

    def read():
        with app.app_context():
            found = get_session(find_event(event.public_id), session.public_id)
            (entry,) = entries(services.session_file(found, base_url=BASE)).values()
            return entry

    entry = read()
    assert entry.dtstart.value.isoformat() == "2027-06-15T11:00:00+01:00"
    assert entry.dtend.value.isoformat() == "2027-06-15T12:00:00+01:00"
    assert (entry.location.value, status(entry)) == ("Room 2, Hall", ("CONFIRMED", 0))
    ledger.act(db.session.execute, update(Session).values(state=SessionState.CANCELLED, calendar_sequence=1))
    assert (status(read()), read().summary.value) == (("CANCELLED", 1), "Cancelled: Kinship")


def test_session_file_without_times_is_for_the_whole_day(app, make):
    event = make.event(hours=[None, None])
    session = make.session(event, "Kinship", hours=(None, None))
    with app.app_context():
        found = get_session(find_event(event.public_id), session.public_id)
        entry = entries(services.session_file(found, base_url=BASE))["Kinship"]
    assert entry.dtstart.value == date(2027, 6, 14)


# ---------------------------------------------------------------- My agenda


def test_agenda_file_has_my_places_and_stars_and_nothing_of_anybody_else(make, ledger, mine, now):
    person, other = make.person(email="ann@example.org"), make.person(email="bob@example.org")
    event, elsewhere, full = make.event("Mine"), make.event("Theirs"), make.event("Full", capacity=0)
    starred, not_starred = make.session(elsewhere, "Starred"), make.session(elsewhere, "Not starred")
    make.registration(event, email="ann@example.org")
    make.registration(full, email="ann@example.org")
    make.registration(elsewhere, email="bob@example.org")
    ledger.act(agenda.set_star, person.id, starred.id, starred=True, now=now)
    ledger.act(agenda.set_star, other.id, not_starred.id, starred=True, now=now)
    assert set(mine(person)) == {"Mine", "Starred"}
    assert set(mine(other)) == {"Theirs", "Not starred"}
    assert set(mine(make.person())) == set()


def test_agenda_file_keeps_what_was_cancelled_as_cancelled_with_a_higher_sequence(make, ledger, mine, now):
    person, event, off = make.person(email="ann@example.org"), make.event("Given up"), make.event("Called off")
    row, _ = make.registration(event, email="ann@example.org"), make.registration(off, email="ann@example.org")
    uid = ledger.one(select(Invitation.uid).where(Invitation.thing_id == event.id))
    assert {title: status(entry) for title, entry in mine(person).items()} == {
        "Given up": ("CONFIRMED", 0),
        "Called off": ("CONFIRMED", 0),
    }
    ledger.act(registrations.cancel, row.id, actor=SYSTEM, now=now)
    ledger.act(events.cancel, off.id, reason="", actor=SYSTEM, now=now)
    seen = mine(person)
    assert {title: status(entry) for title, entry in seen.items()} == {
        "Cancelled: Given up": ("CANCELLED", 1),
        "Cancelled: Called off": ("CANCELLED", 1),
    }
    # The letter's invitation and the feed must speak of one and the same entry.
    assert seen["Cancelled: Given up"].uid.value == uid


def test_agenda_file_leaves_out_what_was_never_or_is_no_longer_public(make, ledger, mine, now):
    person, event = make.person(email="ann@example.org"), make.event("Mine")
    starred = make.session(event, "Starred")
    make.registration(event, email="ann@example.org")
    ledger.act(agenda.set_star, person.id, starred.id, starred=True, now=now)
    ledger.act(db.session.execute, update(Event).values(state=EventState.DRAFT))
    assert mine(person) == {}


def test_waiting_after_cancelling_stays_cancelled_in_the_calendar(make, ledger, mine, now):
    person, event = make.person(email="ann@example.org"), make.event("Mine", capacity=1)
    row = make.registration(event, email="ann@example.org")
    ledger.act(registrations.cancel, row.id, actor=SYSTEM, now=now)
    make.registration(event)
    make.registration(event, email="ann@example.org")
    assert status(mine(person)["Cancelled: Mine"]) == ("CANCELLED", 1)


# ---------------------------------------------------------------- feeds


def test_feed_opened_twice_is_one_and_revoked_answers_no_more(app, make, ledger, now):
    person = make.person()
    first = ledger.act(services.open_feed, person.id, actor=SYSTEM, now=now)
    again = ledger.act(services.open_feed, person.id, actor=SYSTEM, now=now)
    with app.app_context():
        token = services.feed_token(first)
        assert (services.feed_token(again), find_feed_by_token(token).person_id) == (token, person.id)
    ledger.act(services.revoke_feed, person.id, actor=SYSTEM, now=now)
    ledger.act(services.revoke_feed, person.id, actor=SYSTEM, now=now)
    new = ledger.act(services.open_feed, person.id, actor=SYSTEM, now=now)
    with app.app_context():
        assert find_feed_by_token(token) is None
        assert services.feed_token(new) != token
        assert find_feed_by_token(services.feed_token(new)).id == new.id


def test_feed_opened_in_many_tabs_at_once_is_one(make, ledger, now):
    person = make.person()
    feeds = ledger.together([partial(services.open_feed, person.id, actor=SYSTEM, now=now)] * 5)
    assert len({feed.public_id for feed in feeds}) == 1
    assert ledger.count(CalendarFeed) == 1


def test_feed_revoked_takes_every_address_with_it(make, ledger, now):
    person, other = make.person(), make.person()
    for one in (person, person, other):
        row = CalendarFeed(person_id=one.id, nonce="0" * 24, created_at=now)
        ledger.act(db.session.add, row)
    ledger.act(services.revoke_feed, person.id, actor=SYSTEM, now=now)
    assert ledger.all(select(CalendarFeed.person_id).where(CalendarFeed.revoked_at.is_(None))) == [other.id]


def test_feed_forged_is_nobodys(app, make, ledger, now):
    feed = ledger.act(services.open_feed, make.person().id, actor=SYSTEM, now=now)
    with app.app_context():
        token = services.feed_token(feed)
        for forged in (token[:-1], token[:-1] + ("A" if token[-1] != "A" else "B"), token + "=", "", "x" * 34):
            assert find_feed_by_token(forged) is None


def test_feed_says_how_often_to_look_and_stays_byte_for_byte_the_same(app, make, ledger, now):
    person, event = make.person(email="ann@example.org"), make.event("Mine")
    make.registration(event, email="ann@example.org")
    feed = ledger.act(services.open_feed, person.id, actor=SYSTEM, now=now)

    def read():
        with app.app_context():
            return services.feed_file(feed, service_name="Waymark", base_url=BASE)

    content = read()
    assert b"X-WR-CALNAME:Waymark: my events\r\n" in content
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in content
    assert b"X-PUBLISHED-TTL:PT1H\r\n" in content
    assert b"METHOD:PUBLISH\r\n" in content
    assert set(entries(content)) == {"Mine"}
    assert read() == content
