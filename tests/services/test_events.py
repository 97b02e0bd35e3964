"""Making, copying, changing and ending events; who is told of it, and by which letter."""

import threading
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from time import monotonic

import psycopg
import pytest
from sqlalchemy import func, select, update

from tests.counting import statements
from tests.ledger import Ledger
from tests.planning import name as named
from tests.planning import plan
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Grant, Person, Role, ThingKind
from webapp.models.activity import Activity
from webapp.models.agenda import Session, SessionState
from webapp.models.calendars import Invitation, Method
from webapp.models.drafts import AgendaDraft, DraftContribution, DraftSession, DraftStream, Room, SpeakerAnswer
from webapp.models.events import (
    Event,
    EventDay,
    EventQuestion,
    EventState,
    Format,
    Mode,
    Places,
    QuestionKind,
)
from webapp.models.mailings import Letter
from webapp.models.registrations import Registration
from webapp.models.search import SearchKind
from webapp.models.speakers import SpeakerInvitation
from webapp.queries import events as event_queries
from webapp.queries.checklists import numbers_of
from webapp.queries.search import matching_ids
from webapp.queries.setting_up import Timed, lock_event
from webapp.services import events as services
from webapp.services import registrations
from webapp.services.events import Day
from webapp.services.questions.answering import answer_for

BY = {"actor": SYSTEM}


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def read(app):
    """The event as it now stands, with all its parts."""

    def reading(event):
        with app.app_context():
            return event_queries.find_event(event.public_id)

    return reading


def new(programme, **values):
    defaults = {
        "title": "Working with fathers",
        "programme_id": programme.id,
        "format": Format.HYBRID,
        "first_day": date(2027, 6, 14),
        "last_day": date(2027, 6, 15),
        "starts": time(9, 30),
        "ends": time(16),
        "zone": "Europe/London",
        "organiser_name": "Learning team",
        "organiser_email": "learning@example.org",
    }
    return services.NewEvent(**(defaults | values))


def about(event, **values):
    fields = ("title", "summary", "description", "hashtag", "reach", "language")
    return services.About(**({name: getattr(event, name) for name in fields} | {"themes": ()} | values))


def where(event, **values):
    fields = ("format", "venue", "joining_url", "joining_instructions", "joining_from")
    return services.Where(**({name: getattr(event, name) for name in fields} | values))


def settings(event, **values):
    fields = ("takes_registrations", "registration_opens_at", "registration_closes_at", "waiting_list")
    fields += ("offer_hours", "needs_approval")
    capacity = {places.mode: places.capacity for places in event.places}
    return services.Settings(**({name: getattr(event, name) for name in fields} | {"capacity": capacity} | values))


def days(event):
    return [Day(was=day.date, date=day.date, starts=day.starts, ends=day.ends) for day in event.days]


def latest(ledger, event):
    """The latest entry of the record about an event."""
    statement = select(Activity).where(Activity.thing_kind == ThingKind.EVENT, Activity.thing_id == event.id)
    return ledger.one(statement.order_by(Activity.id.desc()).limit(1))


def sent(ledger, notice):
    """The letters of a notice, as recipient to (method, sequence), or to None without a calendar file."""
    found = {}
    for letter in ledger.all(select(Letter).where(Letter.notice == notice).order_by(Letter.id)):
        entry = letter.facts.get("invitation")
        found[letter.recipient_email.partition("@")[0]] = entry and (entry["method"], entry["sequence"])
    return found


# ---------------------------------------------------------------- making


def test_create_makes_a_draft_with_days_places_agenda_words_and_an_owner(make, ledger, read, now):
    programme, person = make.programme(), make.person()
    made = ledger.act(services.create, new(programme), owner_id=person.id, **BY, now=now)
    event = read(made)
    assert (event.state, event.listed, event.slug, event.version) == (
        EventState.DRAFT,
        False,
        "working-with-fathers",
        1,
    )
    assert [(day.date.day, day.starts, day.ends) for day in event.days] == [
        (14, time(9, 30), time(16)),
        (15, time(9, 30), time(16)),
    ]
    assert (event.starts_at, event.ends_at) == (
        datetime(2027, 6, 14, 8, 30, tzinfo=UTC),
        datetime(2027, 6, 15, 15, tzinfo=UTC),
    )
    assert {places.mode: places.capacity for places in event.places} == {Mode.ONLINE: None, Mode.IN_PERSON: None}
    draft = ledger.one(select(AgendaDraft).where(AgendaDraft.event_id == event.id))
    assert (draft.version, draft.released_version, draft.changed_at) == (1, None, now)
    grant = ledger.one(select(Grant).where(Grant.thing_id == event.id, Grant.thing_kind == ThingKind.EVENT))
    assert (grant.person_id, grant.role, grant.until) == (person.id, Role.OWNER, None)
    with ledger.app.app_context():
        assert matching_ids(SearchKind.EVENT, 0, "fathers") == [event.id]
    assert (latest(ledger, event).verb, ledger.letters()) == ("event_created", [])


def test_create_gives_no_grant_where_a_role_reaches_the_event_already(make, ledger, now):
    ledger.act(services.create, new(make.programme()), owner_id=None, **BY, now=now)
    assert ledger.count(Grant) == 0


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"last_day": date(2027, 6, 13)}, "last_day", "at least one day"),
        ({"last_day": date(2028, 7, 14)}, "last_day", "at most 60 days"),
        ({"ends": time(9, 30)}, "ends", "must end after it starts"),
        ({"ends": time(1)}, "ends", "past midnight"),
        ({"ends": None}, "ends", "leave both times empty"),
        ({"starts": None}, "starts", "leave both times empty"),
        ({"first_day": date(2027, 3, 28), "last_day": date(2027, 3, 28), "starts": time(1, 30)}, "starts", "no 1:30am"),
    ],
)
def test_create_refuses_days_that_cannot_be(make, ledger, now, wrong, field, words):
    with pytest.raises(services.EventRefused) as refused:
        ledger.act(services.create, new(make.programme(), **wrong), owner_id=None, **BY, now=now)
    assert (refused.value.field, words in refused.value.message) == (field, True), refused.value.message
    assert ledger.count(Event) == 0


def test_a_time_that_comes_twice_is_taken_and_said(make, ledger, read, now):
    on = date(2027, 10, 31)
    made = ledger.act(
        services.create,
        new(make.programme(), first_day=on, last_day=on, starts=time(1, 30)),
        owner_id=None,
        **BY,
        now=now,
    )
    assert read(made).starts_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert services.notes([Day(date=on, starts=time(1, 30), ends=time(9))], "Europe/London") == [
        "On Sunday 31 October 2027 the clocks go back, and 1:30am comes twice. We take the first."
    ]


# ---------------------------------------------------------------- copying

ALL = frozenset(services.Part)


@pytest.fixture
def earlier(make, ledger, now):
    """An event of two days with a gap between, in summer time, with all that may come along."""
    programme = make.programme(themes=["Fathers"])
    event = make.event(
        "Earlier",
        programme_id=programme.id,
        themes=programme.themes,
        format=Format.HYBRID,
        venue="12 High Street",
        capacity=40,
        description="Long.",
        thanks="Thank you all.",
        joining_url="https://meet.example.org/old",
        joining_instructions="Bring tea.",
        registration_opens_at=datetime(2027, 5, 1, 8, tzinfo=UTC),
        registration_closes_at=datetime(2027, 6, 10, 16, tzinfo=UTC),
        offer_hours=24,
    )
    first = make.question(event, "Do you come by car?")
    make.question(event, "Which one?", depends_on_id=first.id, depends_on_values=["Yes"])
    make.question(event, "Retired", retired_at=now)
    stream = make.stream(event, "Practice")
    make.stream(event, "Research")
    session = make.session(event, "Opening", stream_id=stream.id, room="Hall", themes=programme.themes)
    make.session(event, "Closing", day=1, hours=(time(14), time(15)), room="Hall")
    make.contribution(session, speaker_id=make.speaker("Amira Khan").id)
    make.registration(event, email="ann@example.org")
    make.grant(make.person("Helper"), Role.REGISTRATIONS, ThingKind.EVENT, event.id)
    make.grant(make.person("Gone"), Role.READER, ThingKind.EVENT, event.id, until=now)
    return event


def copied(ledger, event, parts, now, first_day=date(2027, 11, 15), owner_id=None, **values):
    wanted = services.CopyOf(
        title="Again", programme_id=values.get("programme_id", event.programme_id), first_day=first_day, parts=parts
    )
    return ledger.act(services.copy, event.id, wanted, owner_id=owner_id, **BY, now=now)


def test_copy_over_the_change_of_summer_time_keeps_times_on_the_clock(earlier, ledger, read, now):
    event = read(copied(ledger, earlier, ALL, now))
    assert [(day.date, day.starts, day.ends) for day in event.days] == [
        (date(2027, 11, 15), time(9, 30), time(16)),
        (date(2027, 11, 16), time(9, 30), time(16)),
    ]
    # 8:00 UTC was nine o'clock in May; in November nine o'clock is 9:00 UTC.
    assert earlier.registration_opens_at == datetime(2027, 5, 1, 8, tzinfo=UTC)
    assert event.registration_opens_at == datetime(2027, 10, 2, 8, tzinfo=UTC)
    assert event.registration_closes_at == datetime(2027, 11, 11, 17, tzinfo=UTC)
    assert event.starts_at == datetime(2027, 11, 15, 9, 30, tzinfo=UTC)


def test_copy_takes_all_that_was_chosen_and_nobody_who_registered(earlier, make, ledger, read, now):
    owner = make.person("Owner")
    event = read(copied(ledger, earlier, ALL, now, owner_id=owner.id))
    assert (event.state, event.listed, event.title, event.slug) == (EventState.DRAFT, False, "Again", "again")
    assert (event.description, event.venue, event.joining_instructions) == ("Long.", "12 High Street", "Bring tea.")
    assert (event.thanks, event.joining_url, event.offer_hours) == ("", "", 24)
    assert [theme.name for theme in event.themes] == ["Fathers"]
    assert {(row.mode, row.capacity, row.confirmed, row.last_arrival) for row in event.places} == {
        (Mode.ONLINE, 40, 0, 0),
        (Mode.IN_PERSON, 40, 0, 0),
    }
    questions = ledger.all(
        select(EventQuestion).where(EventQuestion.event_id == event.id).order_by(EventQuestion.position)
    )
    assert [(row.label, row.depends_on_values) for row in questions] == [
        ("Do you come by car?", []),
        ("Which one?", ["Yes"]),
    ]
    assert questions[1].depends_on_id == questions[0].id
    assert ledger.all(select(Registration.event_id)) == [earlier.id]
    roles = ledger.rows(select(Grant.person_id, Grant.role).where(Grant.thing_id == event.id).order_by(Grant.id))
    assert [role for _, role in roles] == [Role.OWNER, Role.REGISTRATIONS]


def test_copy_makes_draft_sessions_of_what_was_released_and_releases_none(earlier, ledger, read, now):
    event = read(copied(ledger, earlier, ALL, now))
    rows = ledger.all(select(DraftSession).where(DraftSession.event_id == event.id).order_by(DraftSession.position))
    assert [(row.title, row.day_id, row.starts, row.minutes, row.session_id) for row in rows] == [
        ("Opening", event.days[0].id, time(10), 60, None),
        ("Closing", event.days[1].id, time(14), 60, None),
    ]
    streams = ledger.all(select(DraftStream).where(DraftStream.event_id == event.id).order_by(DraftStream.position))
    assert [(row.name, row.stream_id) for row in streams] == [("Practice", None), ("Research", None)]
    (room,) = ledger.all(select(Room).where(Room.event_id == event.id))
    assert (room.name, {row.room_id for row in rows}, rows[0].stream_id) == ("Hall", {room.id}, streams[0].id)
    named = ledger.all(select(DraftContribution).where(DraftContribution.draft_session_id == rows[0].id))
    assert [(one.answer.value, one.answered_at) for one in named] == [("not_asked", None)]
    assert ledger.all(select(Session.id).where(Session.event_id == event.id)) == []


def test_copy_of_a_copy_is_made_from_its_draft(earlier, ledger, read, now):
    first = copied(ledger, earlier, ALL, now)
    ledger.act(db.session.execute, update(DraftSession).values(notes="Bring the long cable", technical_needs="A chair"))
    event = read(copied(ledger, first, ALL, now, first_day=date(2028, 6, 12)))
    rows = ledger.all(select(DraftSession).where(DraftSession.event_id == event.id).order_by(DraftSession.position))
    # What a speaker said they need may tell of their health, and was said for one event.
    assert [(row.title, row.notes, row.technical_needs) for row in rows] == [
        ("Opening", "Bring the long cable", ""),
        ("Closing", "Bring the long cable", ""),
    ]
    assert {row.day_id for row in rows} == {day.id for day in event.days}


def test_copy_of_nothing_but_the_name_is_one_day_without_hours(earlier, ledger, read, now):
    event = read(copied(ledger, earlier, frozenset(), now))
    assert [(day.date, day.starts) for day in event.days] == [(date(2027, 11, 15), None)]
    assert (event.summary, event.venue, event.themes, event.offer_hours) == ("", "", [], 0)
    assert {row.capacity for row in event.places} == {None}
    for table in (DraftSession, DraftStream, Room):
        assert ledger.all(select(table.id).where(table.event_id == event.id)) == []


def test_copy_of_sessions_without_days_leaves_them_to_be_placed(earlier, ledger, now):
    event = copied(ledger, earlier, frozenset({services.Part.SESSIONS}), now)
    rows = ledger.all(select(DraftSession).where(DraftSession.event_id == event.id))
    assert {(row.day_id, row.starts, row.minutes, row.stream_id, row.room_id) for row in rows} == {
        (None, None, 60, None, None)
    }
    ids = [row.id for row in rows]
    found = select(func.count()).select_from(DraftContribution).where(DraftContribution.draft_session_id.in_(ids))
    assert ledger.one(found) == 0


def test_copy_to_another_programme_leaves_its_themes(earlier, make, ledger, read, now):
    event = read(copied(ledger, earlier, ALL, now, programme_id=make.programme().id))
    assert (event.themes, event.description) == ([], "Long.")


def test_copy_to_a_day_without_that_time_is_refused_and_leaves_nothing(make, ledger, now):
    event = make.event(days=1, hours=[(time(1, 15), time(3))])
    with pytest.raises(services.EventRefused, match="clocks go forward"):
        copied(ledger, event, ALL, now, first_day=date(2027, 3, 28))
    assert ledger.count(Event) == 1


# ---------------------------------------------------------------- changing


def test_edit_about_changes_the_page_the_words_and_the_record(make, ledger, read, now):
    programme = make.programme(themes=["Fathers", "Schools"])
    event = make.event("Before", programme_id=programme.id, themes=programme.themes[:1])
    make.session(event, "Breakfast clubs")
    revision = ledger.revision(event)
    wanted = about(event, title="After", summary="New", description="x" * 1500, themes=(programme.themes[1].public_id,))
    ledger.act(services.edit_about, event.id, wanted, version=1, **BY, now=now)
    changed = read(event)
    assert (changed.title, changed.slug, changed.version) == ("After", "after", 2)
    assert [theme.name for theme in changed.themes] == ["Schools"]
    assert ledger.revision(event) > revision
    with ledger.app.app_context():
        assert matching_ids(SearchKind.EVENT, 0, "after") == [event.id]
        assert matching_ids(SearchKind.EVENT, 0, "before") == []
        assert matching_ids(SearchKind.EVENT, 0, "breakfast") == [event.id]
    entry = latest(ledger, event)
    assert (entry.verb, entry.details["version"], entry.details["told"]) == ("event_edited", 2, 0)
    assert entry.details["changes"]["title"] == ["Before", "After"]
    assert entry.details["changes"]["themes"] == [["Fathers"], ["Schools"]]
    assert entry.details["changes"]["description"] == ["", "x" * 1000 + " … (1,500 characters)"]


def test_edit_that_changes_nothing_leaves_no_trace_though_the_page_is_old(make, ledger, read, now):
    event = make.event("Same")
    ledger.act(services.edit_about, event.id, about(event, title="Other"), version=1, **BY, now=now)
    ledger.act(services.edit_about, event.id, about(event, title="Other"), version=1, **BY, now=now)
    assert read(event).version == 2
    assert ledger.count(Activity) == 1


def test_second_of_two_editors_is_told_what_the_first_changed(make, ledger, read, now):
    event = make.event("Same", summary="Old")
    for title in ("First", "Second"):
        version = read(event).version
        ledger.act(services.edit_about, event.id, about(event, title=title), version=version, **BY, now=now)
    with pytest.raises(services.ChangedMeanwhile) as refused:
        ledger.act(services.edit_about, event.id, about(event, summary="Mine"), version=1, **BY, now=now)
    assert [(one.field, one.before, one.after) for one in refused.value.theirs] == [("title", "Same", "Second")]
    assert refused.value.version == 3
    ledger.act(services.edit_about, event.id, about(event, summary="Mine"), version=3, **BY, now=now)
    assert (read(event).title, read(event).summary) == ("Same", "Mine")


def test_change_of_another_page_meanwhile_is_no_conflict(make, ledger, read, now):
    event = make.event("Same")
    contact = services.Contact(organiser_name="Others", organiser_email="others@example.org")
    ledger.act(services.edit_contact, event.id, contact, version=1, **BY, now=now)
    ledger.act(services.edit_about, event.id, about(event, title="Mine"), version=1, **BY, now=now)
    assert (read(event).title, read(event).organiser_name) == ("Mine", "Others")


# ---------------------------------------------------------------- telling


@pytest.fixture
def attended(make):
    """A published event with one who has a place, one who waits, and one who gave the place up."""
    event = make.event(
        "Told", format=Format.HYBRID, venue="12 High Street", capacity=1, joining_url="https://a.example.org"
    )
    make.registration(event, email="has@example.org")
    make.registration(event, email="waits@example.org")
    return event


@pytest.mark.parametrize("what", ["title", "venue", "link", "hours", "zone", "format"])
def test_change_that_matters_is_confirmed_then_told_to_who_has_a_place(attended, ledger, read, now, what):
    event = attended
    calls = {
        "title": (services.edit_about, about(event, title="New")),
        "venue": (services.edit_where, where(event, venue="1 Low Street")),
        "link": (services.edit_where, where(event, joining_url="https://b.example.org")),
        "format": (services.edit_where, where(event, format=Format.ONLINE)),
        "hours": (services.edit_days, (Day(was=date(2027, 6, 14), date=date(2027, 6, 16)),), "Europe/London"),
        "zone": (services.edit_days, tuple(days(event)), "Europe/Paris"),
    }
    verb, *values = calls[what]
    later = now + timedelta(hours=1)
    with pytest.raises(services.ConfirmationNeeded) as asked:
        ledger.act(verb, event.id, *values, version=1, **BY, now=later)
    assert (asked.value.people, read(event).version, sent(ledger, "event_changed")) == (1, 1, {})
    ledger.act(verb, event.id, *values, version=1, told=True, **BY, now=later)
    # Another name moves nobody: the same version with a later stamp, so that no program asks anew who comes.
    version = 0 if what == "title" else 1
    assert sent(ledger, "event_changed") == {"has": ("request", version)}
    invitation = ledger.invitation(event, "has@example.org")
    assert (invitation.sequence, invitation.method, invitation.changed_at) == (version, Method.REQUEST, later)
    stands = read(event)
    assert (stands.calendar_sequence, stands.calendar_changed_at) == (version, later)
    letter = ledger.last_letter()
    assert (letter.reply_to, letter.event_id, letter.expires_at) == (stands.organiser_email, event.id, stands.ends_at)
    assert letter.facts["before"]["title"] == "Told"
    assert latest(ledger, event).details["told"] == 1


def test_new_summary_and_contact_are_later_words_in_feeds_without_a_version_or_a_letter(attended, ledger, read, now):
    later, last = now + timedelta(hours=1), now + timedelta(hours=2)
    ledger.act(services.edit_about, attended.id, about(attended, summary="New"), version=1, **BY, now=later)
    assert ledger.invitation(attended, "has@example.org").changed_at == later
    contact = services.Contact(organiser_name="Others", organiser_email=attended.organiser_email)
    ledger.act(services.edit_contact, attended.id, contact, version=2, **BY, now=last)
    invitation, stands = ledger.invitation(attended, "has@example.org"), read(attended)
    assert (invitation.sequence, invitation.changed_at) == (0, last)
    assert (stands.calendar_sequence, stands.calendar_changed_at, sent(ledger, "event_changed")) == (0, last, {})


def test_new_description_and_settings_are_nothing_to_calendars(attended, ledger, read, now):
    ledger.act(services.edit_about, attended.id, about(attended, description="New"), version=1, **BY, now=now)
    ledger.act(services.edit_settings, attended.id, settings(attended, offer_hours=5), version=2, **BY, now=now)
    assert (read(attended).calendar_sequence, ledger.invitation(attended, "has@example.org").sequence) == (0, 0)


def test_another_link_alone_is_nothing_to_those_who_come_in_person(make, ledger, read, now):
    event = make.event(format=Format.HYBRID, venue="12 High Street", joining_url="https://a.example.org")
    make.registration(event, email="has@example.org")
    make.registration(event, email="comes@example.org", mode=Mode.IN_PERSON)
    wanted = where(event, joining_url="https://b.example.org")
    with pytest.raises(services.ConfirmationNeeded) as asked:
        ledger.act(services.edit_where, event.id, wanted, version=1, **BY, now=now)
    assert asked.value.people == 1
    ledger.act(services.edit_where, event.id, wanted, version=1, told=True, **BY, now=now)
    assert sent(ledger, "event_changed") == {"has": ("request", 1)}
    assert ledger.invitation(event, "comes@example.org").sequence == 0
    wanted = where(read(event), joining_url="https://c.example.org", venue="1 Low Street")
    ledger.act(services.edit_where, event.id, wanted, version=2, told=True, **BY, now=now + timedelta(hours=1))
    assert sent(ledger, "event_changed") == {"has": ("request", 2), "comes": ("request", 1)}


@pytest.mark.parametrize("seen", [True, False])
def test_link_that_nobody_has_seen_yet_is_changed_without_a_letter(make, ledger, now, seen):
    shown = now + timedelta(hours=-1 if seen else 1)
    event = make.event(joining_url="https://a.example.org", joining_from=shown)
    make.registration(event, email="has@example.org")
    wanted = where(event, joining_url="https://b.example.org")
    ledger.act(services.edit_where, event.id, wanted, version=1, told=True, **BY, now=now)
    assert sent(ledger, "event_changed") == ({"has": ("request", 1)} if seen else {})


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.ARCHIVED, "over"])
def test_nobody_is_told_of_a_draft_or_of_what_is_over(make, ledger, read, now, state):
    event = make.event()
    make.registration(event, email="has@example.org")
    later = now
    if state == "over":
        later = event.ends_at
    else:
        ledger.change(event, state=state)
    ledger.act(services.edit_about, event.id, about(event, title="New"), version=1, **BY, now=later)
    assert (read(event).title, sent(ledger, "event_changed")) == ("New", {})


# ---------------------------------------------------------------- days


def test_days_that_move_take_their_sessions_along(make, ledger, read, now):
    event = make.event()
    first = make.session(event, "Opening")
    second = make.session(event, "Closing", day=1)
    # Each day to the date of the other, and a third is added.
    wanted = (
        Day(was=date(2027, 6, 14), date=date(2027, 6, 15), starts=time(9), ends=time(17)),
        Day(was=date(2027, 6, 15), date=date(2027, 6, 14)),
        Day(date=date(2027, 6, 16), starts=time(10), ends=time(12)),
    )
    ledger.act(services.edit_days, event.id, wanted, "Europe/London", version=1, **BY, now=now)
    stands = read(event)
    assert [(day.date.day, day.starts) for day in stands.days] == [(14, None), (15, time(9)), (16, time(10))]
    assert [day.id for day in stands.days[:2]] == [event.days[1].id, event.days[0].id]
    assert (stands.starts_on, stands.ends_on) == (date(2027, 6, 14), date(2027, 6, 16))
    assert (stands.starts_at, stands.ends_at) == (
        datetime(2027, 6, 13, 23, tzinfo=UTC),
        datetime(2027, 6, 16, 11, tzinfo=UTC),
    )
    moved = {row.id: row for row in ledger.all(select(Session))}
    assert moved[first.id].starts_at == datetime(2027, 6, 15, 9, tzinfo=UTC)
    assert moved[second.id].starts_at == datetime(2027, 6, 14, 9, tzinfo=UTC)
    assert {row.calendar_sequence for row in moved.values()} == {1}
    assert latest(ledger, event).details["changes"]["days"][1][0] == ["2027-06-14", None, None]


def test_new_hours_leave_sessions_and_their_calendars_alone(make, ledger, now):
    event = make.event()
    session = make.session(event)
    wanted = tuple(Day(was=day.date, date=day.date, starts=time(10, 30), ends=time(11)) for day in days(event))
    ledger.act(services.edit_days, event.id, wanted, "Europe/London", version=1, **BY, now=now)
    row = ledger.one(select(Session).where(Session.id == session.id))
    assert (row.starts, row.calendar_sequence) == (time(10), 0)


def test_another_zone_moves_the_moments_of_all_sessions(make, ledger, now):
    event = make.event()
    make.session(event)
    ledger.act(services.edit_days, event.id, tuple(days(event)), "Europe/Paris", version=1, **BY, now=now)
    row = ledger.one(select(Session))
    assert (row.starts, row.starts_at) == (time(10), datetime(2027, 6, 14, 8, tzinfo=UTC))


@pytest.mark.parametrize("kind", ["released", "drafted"])
def test_day_with_sessions_is_not_removed_and_they_are_named(make, ledger, read, now, kind):
    event = make.event()
    if kind == "released":
        make.session(event, "Closing", day=1)
    else:
        ledger.act(
            db.session.add,
            DraftSession(
                event_id=event.id, day_id=event.days[1].id, title="Closing", position=1, created_at=now, updated_at=now
            ),
        )
    with pytest.raises(services.EventRefused, match=r"Tuesday 15 June 2027 cannot be removed .* “Closing”"):
        ledger.act(services.edit_days, event.id, tuple(days(event)[:1]), "Europe/London", version=1, **BY, now=now)
    ledger.act(services.edit_days, event.id, tuple(days(event)[1:]), "Europe/London", version=1, **BY, now=now)
    assert [day.date.day for day in read(event).days] == [15]
    assert ledger.count(EventDay) == 1


def test_sessions_outside_the_hours_are_named(make):
    event = make.event()
    timed = [
        Timed(event.days[0].id, "Early", time(8), time(9)),
        Timed(event.days[0].id, "Within", time(9, 30), time(16)),
        Timed(event.days[1].id, "Late", time(15), time(17)),
        Timed(event.days[1].id, "Untimed", None, None),
    ]
    assert services.outside_hours(event, timed) == [
        "“Early” (8am to 9am) lies outside the hours of Monday 14 June 2027",
        "“Late” (3pm to 5pm) lies outside the hours of Tuesday 15 June 2027",
    ]


# ---------------------------------------------------------------- place


def test_way_that_people_registered_for_stays(attended, ledger, read, now):
    with pytest.raises(services.EventRefused, match="2 people have registered to take part online") as refused:
        ledger.act(services.edit_where, attended.id, where(attended, format=Format.IN_PERSON), version=1, **BY, now=now)
    assert (refused.value.field, read(attended).format) == ("format", Format.HYBRID)


def test_way_that_nobody_registered_for_goes_and_comes_back(attended, ledger, read, now):
    def turn(format_, version):
        wanted = where(read(attended), format=format_)
        ledger.act(services.edit_where, attended.id, wanted, version=version, told=True, **BY, now=now)
        return {places.mode: places.capacity for places in read(attended).places}

    assert turn(Format.ONLINE, 1) == {Mode.ONLINE: 1}
    assert turn(Format.HYBRID, 2) == {Mode.ONLINE: 1, Mode.IN_PERSON: None}
    ledger.check(attended)


def test_way_that_somebody_gave_up_keeps_its_counter_closed(make, ledger, read, now):
    event = make.event(format=Format.HYBRID, venue="12 High Street")
    row = make.registration(event, mode=Mode.IN_PERSON)
    make.registration(event, email="online@example.org")
    ledger.act(registrations.cancel, row.id, actor=SYSTEM, now=now)
    ledger.act(services.edit_where, event.id, where(event, format=Format.ONLINE), version=1, told=True, **BY, now=now)
    assert {places.mode: places.capacity for places in read(event).places} == {Mode.ONLINE: 100, Mode.IN_PERSON: 0}
    make.registration(event, email="next@example.org")
    ledger.check(event)


def test_published_event_in_person_needs_its_venue(make, ledger, now):
    event = make.event(format=Format.IN_PERSON, venue="12 High Street")
    with pytest.raises(services.EventRefused, match="Enter where it takes place"):
        ledger.act(services.edit_where, event.id, where(event, venue=""), version=1, **BY, now=now)


# ---------------------------------------------------------------- registration


def test_capacity_is_never_under_what_is_taken(make, ledger, now):
    event = make.event(capacity=3, offer_hours=24)
    rows = [make.registration(event) for _ in range(4)]
    ledger.act(registrations.cancel, rows[0].id, actor=SYSTEM, now=now)
    with pytest.raises(services.EventRefused, match=r"3 places are taken, 1 of them offered, so .* fewer than 3") as no:
        ledger.act(
            services.edit_settings, event.id, settings(event, capacity={Mode.ONLINE: 2}), version=1, **BY, now=now
        )
    assert no.value.field == "capacity_online"
    assert ledger.one(select(Places.capacity)) == 3


@pytest.mark.parametrize("hours", [0, 24])
def test_more_places_go_to_those_who_wait_with_their_letters(make, ledger, now, hours):
    event = make.event(capacity=1, offer_hours=hours)
    for name in "abcd":
        make.registration(event, email=f"{name}@example.org")
    ledger.act(services.edit_settings, event.id, settings(event, capacity={Mode.ONLINE: 3}), version=1, **BY, now=now)
    state, notice = ("offered", "registration_offered") if hours else ("confirmed", "registration_promoted")
    assert ledger.standing(event) == [("a", "confirmed"), ("b", state), ("c", state), ("d", "waiting")]
    assert ledger.letters()[-2:] == [(notice, "b"), (notice, "c")]
    assert latest(ledger, event).details["changes"] == {"capacity_online": [1, 3]}
    ledger.check(event)


@pytest.mark.parametrize("hours", [0, 24])
def test_more_places_are_given_by_as_many_statements_to_few_as_to_many(app, make, ledger, now, hours):
    asked = []
    for number in (2, 30):
        event = make.event(capacity=1, offer_hours=hours)
        rows = [make.registration(event, organisation_name=f"Council {n}") for n in range(number + 2)]
        wanted = settings(event, capacity={Mode.ONLINE: number + 1})
        with statements(app) as found:
            ledger.act(services.edit_settings, event.id, wanted, version=1, **BY, now=now)
        asked.append(len(found))
        # The one who came last still waits; all before, in their order, were called.
        assert [state for _, state in ledger.standing(event)].count("waiting") == 1
        assert ledger.standing(event)[-1][1] == "waiting"
        called = [row.email.partition("@")[0] for row in rows[1:-1]]
        notice = "registration_offered" if hours else "registration_promoted"
        assert [who for sent, who in ledger.letters() if sent == notice][-number:] == called
        entries = select(Activity.thing_id).where(Activity.verb == "promoted", Activity.event_id == event.id)
        assert ledger.all(entries.order_by(Activity.id)) == [row.id for row in rows[1:-1]]
        ledger.check(event)
    assert asked[0] == asked[1]


def test_more_places_of_a_hybrid_event_go_to_those_of_that_way(make, ledger, now):
    event = make.event(format=Format.HYBRID, capacity=1)
    for number in range(6):
        make.registration(event, email=f"p{number}@example.org", mode=event.modes[number % 2])
    wanted = settings(event, capacity={event.modes[0]: 2, event.modes[1]: 1})
    ledger.act(services.edit_settings, event.id, wanted, version=1, **BY, now=now)
    states = ["confirmed", "confirmed", "confirmed", "waiting", "waiting", "waiting"]
    assert ledger.standing(event) == [(f"p{number}", state) for number, state in enumerate(states)]
    ledger.check(event)


def test_places_without_a_limit_go_to_all_who_wait(make, ledger, now):
    event = make.event(capacity=1, offer_hours=24)
    for _ in range(4):
        make.registration(event)
    ledger.act(
        services.edit_settings, event.id, settings(event, capacity={Mode.ONLINE: None}), version=1, **BY, now=now
    )
    rows = ledger.rows(select(Registration.state, Registration.offered_until).order_by(Registration.arrival))
    assert [tuple(row) for row in rows[1:]] == [("offered", now + timedelta(hours=24))] * 3
    assert ledger.counters(event) == (1, 3, 0, 0)
    ledger.check(event)


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
@pytest.mark.parametrize("marking", ["note", "answer"])
def test_marks_on_who_waits_neither_wait_for_settings_nor_lock_against_them(app, make, ledger, now, marking):
    event = make.event(capacity=1)
    for name in ("ann", "bob"):
        make.registration(event, email=f"{name}@example.org")
    row, author = ledger.registration(event, "bob@example.org"), make.person()
    held, marked = threading.Event(), threading.Event()
    address = app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", "")
    wanted = settings(event, capacity={Mode.ONLINE: 2})
    question = ledger.act(ask_organisers, event.id)

    def change():
        lock_event(event.id)
        held.set()
        # Until the other is done, or stands waiting with all that it has locked before.
        with psycopg.connect(address, autocommit=True) as watch:
            until = monotonic() + 10
            while monotonic() < until and not marked.is_set():
                if watch.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
                    break
        was_marked = marked.is_set()
        services.edit_settings(event.id, wanted, version=1, **BY, now=now)
        return was_marked

    def mark():
        held.wait()
        if marking == "note":
            ledger.act(registrations.add_note, row.id, "Knows the way", author_id=author.id, **BY, now=now)
        else:
            ledger.act(answer_for, row.id, {question: ["Table 4"]}, **BY, now=now)
        marked.set()

    assert ledger.at_once([partial(ledger.act, change), mark]) == [True, None]
    assert ledger.standing(event) == [("ann", "confirmed"), ("bob", "confirmed")]
    ledger.check(event)


def ask_organisers(event_id):
    """The public id of a question that organisers answer about people."""
    question = EventQuestion(
        event_id=event_id, label="Seat", kind=QuestionKind.SHORT_TEXT, position=1, for_organisers=True
    )
    db.session.add(question)
    db.session.flush()
    return question.public_id


def test_waiting_list_stays_while_somebody_waits(attended, ledger, now):
    with pytest.raises(services.EventRefused, match="1 person waits for a place"):
        ledger.act(
            services.edit_settings, attended.id, settings(attended, waiting_list=False), version=1, **BY, now=now
        )


@pytest.mark.parametrize(
    ("opens", "closes", "field"),
    [(2, 2, "closes_on"), (2, 1, "closes_on"), (None, 100, "closes_on"), (100, None, "opens_on")],
)
def test_registration_opens_before_it_closes_and_both_before_the_end(make, ledger, now, opens, closes, field):
    event = make.event()
    wanted = settings(
        event,
        registration_opens_at=opens and now + timedelta(days=opens),
        registration_closes_at=closes and now + timedelta(days=closes),
    )
    with pytest.raises(services.EventRefused) as refused:
        ledger.act(services.edit_settings, event.id, wanted, version=1, **BY, now=now)
    assert refused.value.field == field


# ---------------------------------------------------------------- life


def test_draft_is_published_once_it_has_what_visitors_need(make, ledger, read, now):
    event = make.event(state=EventState.DRAFT, summary="", format=Format.IN_PERSON, hours=[None, (time(9), time(10))])
    with pytest.raises(services.StateRefused) as refused:
        ledger.act(services.publish, event.id, **BY, now=now)
    assert [word in refused.value.message for word in ("summary", "Hours", "venue", "contact")] == [True] * 3 + [False]
    ledger.change(event, summary="About", venue="12 High Street")
    ledger.act(services.edit_days, event.id, tuple(days(event)[1:]), "Europe/London", version=1, **BY, now=now)
    ledger.act(services.publish, event.id, **BY, now=now)
    ledger.act(services.publish, event.id, **BY, now=now)
    assert (read(event).state, read(event).listed) == (EventState.PUBLISHED, True)
    assert latest(ledger, event).details["changes"] == {"state": ["draft", "published"]}


def test_event_is_withdrawn_only_while_nobody_is_registered(make, ledger, read, now):
    event = make.event()
    row = make.registration(event)
    with pytest.raises(services.StateRefused, match="1 person is registered"):
        ledger.act(services.withdraw, event.id, **BY, now=now)
    ledger.act(registrations.cancel, row.id, actor=SYSTEM, now=now)
    ledger.act(services.withdraw, event.id, **BY, now=now)
    assert (read(event).state, read(event).listed) == (EventState.DRAFT, False)


def test_cancelled_event_writes_to_everybody_in_the_way_that_fits(make, ledger, read, now):
    event = make.event(capacity=2, offer_hours=24, needs_approval=False)
    rows = {name: make.registration(event, email=f"{name}@example.org") for name in ("gone", "has", "offered", "waits")}
    ledger.act(registrations.cancel, rows["gone"].id, actor=SYSTEM, now=now)
    ledger.change(event, needs_approval=True)
    make.registration(event, email="asks@example.org")
    before = ledger.standing(event)
    assert [state for _, state in before] == ["cancelled", "confirmed", "offered", "waiting", "pending"]
    ledger.act(services.cancel, event.id, reason="No train runs.", **BY, now=now)
    ledger.act(services.cancel, event.id, reason="Pressed twice.", **BY, now=now)
    assert sent(ledger, "event_cancelled") == {"has": ("cancel", 1), "offered": None, "waits": None, "asks": None}
    assert ledger.standing(event) == before
    # Withdrawn when the place was given up, and not a second time.
    assert ledger.invitation(event, "gone@example.org").sequence == 1
    stands = read(event)
    assert (stands.state, stands.cancelled_reason, stands.listed) == (EventState.CANCELLED, "No train runs.", True)
    assert {
        letter.facts["reason"] for letter in ledger.all(select(Letter).where(Letter.notice == "event_cancelled"))
    } == {"No train runs."}
    entry = latest(ledger, event)
    assert (entry.verb, entry.details["told"]) == ("event_cancelled", 4)


def test_cancelled_event_writes_once_to_each_speaker_whose_address_is_known(make, ledger, now):
    event, other = make.event("Told"), make.event("Other")
    both = make.registration(event, email="both@example.org")
    gone = make.registration(event, email="gone@example.org")
    ledger.act(registrations.cancel, gone.id, actor=SYSTEM, now=now)
    speakers = {name: make.speaker(name) for name in ("both", "gone", "only", "unknown", "revoked", "elsewhere")}
    ledger.change(speakers["both"], person_id=both.person_id)
    ledger.change(speakers["gone"], person_id=gone.person_id)
    for name in ("only", "revoked", "elsewhere"):
        row = SpeakerInvitation(
            speaker_id=speakers[name].id, event_id=(other if name == "elsewhere" else event).id, nonce="x",
            email=f"{name}@example.org", created_at=now, sent_at=now, revoked_at=now if name == "revoked" else None,
        )  # fmt: skip
        make._kept(row)
    for session in (make.session(event, "One"), make.session(event, "Two")):
        for name in ("both", "gone", "only", "unknown", "revoked"):
            make.contribution(session, speaker_id=speakers[name].id)
    make.contribution(make.session(other), speaker_id=speakers["elsewhere"].id)
    make.contribution(make.session(event, "Dropped", state=SessionState.CANCELLED), speaker_id=make.speaker("off").id)
    with ledger.app.app_context():
        assert services.count_speakers_to_tell(event) == 2
    ledger.act(services.cancel, event.id, reason="No train runs.", **BY, now=now)
    ledger.act(services.cancel, event.id, reason="Pressed twice.", **BY, now=now)
    letters = ledger.all(select(Letter).where(Letter.notice == "event_cancelled").order_by(Letter.recipient_email))
    assert [
        (letter.recipient_email.partition("@")[0], letter.facts.get("speaks", False), "invitation" in letter.facts)
        for letter in letters
    ] == [("both", True, True), ("gone", True, False), ("only", True, False)]
    assert latest(ledger, event).details["told"] == 3


def invite(make, event, name, email):
    """A speaker whose address is known from an invitation to the event."""
    speaker = make.speaker(name)
    times = {"created_at": make.now, "sent_at": make.now}
    make._kept(SpeakerInvitation(speaker_id=speaker.id, event_id=event.id, nonce="x", email=email, **times))
    return speaker


def told_of_cancellation(make, ledger, event, speakers):
    """How many speakers were to be told beside those registered, and to whom letters then went."""
    session = make.session(event)
    for speaker in speakers:
        make.contribution(session, speaker_id=speaker.id)
    with ledger.app.app_context():
        number = services.count_speakers_to_tell(event)
    ledger.act(services.cancel, event.id, reason="", **BY, now=make.now)
    letters = ledger.all(select(Letter).where(Letter.notice == "event_cancelled").order_by(Letter.recipient_email))
    assert latest(ledger, event).details["told"] == len(letters)
    return number, [(letter.recipient_email, letter.facts.get("speaks", False)) for letter in letters]


def test_cancelled_event_writes_once_to_an_address_that_several_profiles_have(make, ledger):
    event = make.event()
    row = make.registration(event, email="has@example.org")
    speakers = [invite(make, event, "Twice", email) for email in ("has@example.org", "HAS@example.org")]
    speakers += [invite(make, event, "Own", "old@example.org")]
    ledger.change(speakers[-1], person_id=row.person_id)
    speakers += [invite(make, event, "Office", email) for email in ("office@example.org", "Office@example.org")]
    assert told_of_cancellation(make, ledger, event, speakers) == (
        1,
        [("has@example.org", True), ("office@example.org", True)],
    )


def test_cancelled_event_writes_once_to_the_address_somebody_registered_with_and_has_no_more(make, ledger):
    event = make.event()
    row = make.registration(event, email="Before@example.org")
    ledger.change(ledger.one(select(Person).where(Person.id == row.person_id)), email_folded="since@example.org")
    speaker = invite(make, event, "Invited", "before@example.org")
    assert told_of_cancellation(make, ledger, event, [speaker]) == (0, [("Before@example.org", True)])


def test_cancelled_event_does_not_write_to_who_spoke_in_what_was_dropped_alone(make, ledger):
    event = make.event()
    speakers = {name: invite(make, event, name, f"{name}@example.org") for name in ("planned", "off", "dropped")}
    gone = make.session(event, "Off", state=SessionState.CANCELLED)
    make.contribution(gone, speaker_id=speakers["off"].id)
    for name, state in (("planned", SessionState.SCHEDULED), ("off", SessionState.CANCELLED)):
        named(make, plan(make, event, state=state), speakers[name], answer=SpeakerAnswer.CONFIRMED)
    named(make, plan(make, event, state=SessionState.CANCELLED), speakers["dropped"], answer=SpeakerAnswer.ASKED)
    assert told_of_cancellation(make, ledger, event, []) == (1, [("planned@example.org", True)])


def test_who_gives_a_place_up_after_the_cancellation_is_not_sent_a_second_withdrawal(make, ledger, now):
    event = make.event()
    row = make.registration(event, email="has@example.org")
    ledger.act(services.cancel, event.id, reason="", **BY, now=now)
    ledger.act(registrations.cancel, row.id, actor=SYSTEM, now=now)
    assert ledger.invitation(event, "has@example.org").sequence == 1


def test_event_that_is_over_is_archived_and_not_cancelled(make, ledger, read, now):
    event = make.event()
    with pytest.raises(services.StateRefused, match="once it is over"):
        ledger.act(services.archive, event.id, **BY, now=now)
    with pytest.raises(services.StateRefused, match="The event is over"):
        ledger.act(services.cancel, event.id, reason="", **BY, now=event.ends_at)
    ledger.act(services.archive, event.id, **BY, now=event.ends_at)
    assert read(event).state is EventState.ARCHIVED
    ledger.act(services.bring_back, event.id, **BY, now=event.ends_at)
    assert read(event).state is EventState.PUBLISHED


@pytest.mark.parametrize("verb", [services.publish, services.withdraw, services.archive, services.bring_back])
def test_cancelled_event_stays_cancelled(make, ledger, read, now, verb):
    event = make.event(state=EventState.CANCELLED)
    with pytest.raises(services.StateRefused):
        ledger.act(verb, event.id, **BY, now=event.ends_at)
    assert read(event).state is EventState.CANCELLED


def test_draft_is_not_cancelled_and_tells_nobody(make, ledger, read, now):
    event = make.event(state=EventState.DRAFT)
    with pytest.raises(services.StateRefused):
        ledger.act(services.cancel, event.id, reason="", **BY, now=now)
    assert (read(event).state, ledger.letters()) == (EventState.DRAFT, [])


def test_numbers_count_what_there_is_beside_the_event(earlier, ledger, now):
    event = copied(ledger, earlier, ALL, now)
    with ledger.app.app_context():
        found = {one.id: numbers_of(one.id, now=now) for one in (earlier, event)}
    assert (found[earlier.id].released, found[earlier.id].drafted, found[earlier.id].people) == (2, 0, 1)
    assert (found[event.id].released, found[event.id].drafted, found[event.id].placed) == (0, 2, 2)


def test_invitations_of_another_event_stay_as_they_are(attended, make, ledger, now):
    other = make.event()
    make.registration(other, email="has@example.org")
    ledger.act(services.cancel, attended.id, reason="", **BY, now=now)
    assert ledger.invitation(other, "has@example.org").method is Method.REQUEST
    assert ledger.count(Invitation) == 2
