"""Releasing a draft agenda: what everybody then sees, and exactly who is told what."""

from datetime import date, datetime, time, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from tests.counting import statements
from tests.ledger import Ledger
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, ThingKind
from webapp.models.agenda import Contribution, Session, SessionKind, SessionState, Stream
from webapp.models.calendars import Invitation, Method
from webapp.models.drafts import AgendaDraft, AgendaRelease
from webapp.models.events import Event, EventState, Format, Mode, Places
from webapp.models.mailings import Letter
from webapp.models.sign_ups import SignUp, SignUpState
from webapp.models.speakers import Speaker, SpeakerInvitation
from webapp.notices.rendering import render
from webapp.queries import agenda as agenda_queries
from webapp.services import calendars, drafts, events, registrations
from webapp.services.agenda import set_star
from webapp.services.drafts import Content, Part, Placement

FIRST = date(2027, 6, 14)


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def act(ledger, now):
    return lambda verb, *args, **more: ledger.act(verb, *args, actor=SYSTEM, now=now, **more)


@pytest.fixture
def event(make):
    event = make.event("Working with fathers")
    make.draft(event)
    return event


@pytest.fixture
def sessions(app, event):
    """The released sessions by title."""

    def read():
        with app.app_context():
            return {one.title: one for one in agenda_queries.agenda_of(event.id, whole=True)}

    return read


def to(starts, minutes=60, **more):
    return Placement(date=more.pop("day", FIRST), starts=starts, minutes=minutes, **more)


def sign_up(ledger, registration, session, now):
    """A place in a session with its invitation, as signing up leaves them."""

    def run():
        row = SignUp(
            event_id=session.event_id,
            session_id=session.id,
            registration_id=registration.id,
            person_id=registration.person_id,
            state=SignUpState.CONFIRMED,
            mode=Mode.ONLINE,
            arrival=registration.id,
            created_at=now,
            updated_at=now,
        )
        db.session.add(row)
        return calendars.invite(registration.person_id, ThingKind.SESSION, session.id, now=now)

    return ledger.act(run)


def told(ledger):
    """Each letter about the agenda as (notice, who, the titles it names), in the order of who."""
    letters = ledger.all(
        select(Letter).where(Letter.notice.in_(["agenda_changed", "session_changed"])).order_by(Letter.id)
    )
    return sorted(
        (one.notice, one.recipient_email.partition("@")[0], [change["title"] for change in one.facts["changes"]])
        for one in letters
    )


def test_release_makes_the_draft_what_everybody_sees(make, act, event, sessions, ledger, now):
    practice = act(drafts.add_stream, event.id, "Practice").public_id
    hall = act(drafts.add_room, event.id, "Hall", 80).public_id
    make.planned(event, "Welcome", kind=SessionKind.PLENARY, hours=(time(9, 30), time(10)))
    one = make.planned(
        event,
        "One",
        stream=practice,
        room=hall,
        summary="Short",
        parts=[Part(speaker="Ada Wren")],
        notes="Mind the gap",
    )
    make.planned(event, "Not yet", day=None)
    assert sessions() == {}
    revision = ledger.revision(event)
    made = make.released(event)

    assert made.number == 1
    found = sessions()
    assert sorted(found) == ["One", "Welcome"]
    assert (found["One"].public_id, found["One"].slug, found["One"].room) == (one.public_id, "one", "Hall")
    assert found["One"].stream.name == "Practice"
    assert found["One"].starts_at == datetime(2027, 6, 14, 9, tzinfo=now.tzinfo)
    assert [row.speaker.name for row in found["One"].contributions] == ["Ada Wren"]
    assert (found["One"].calendar_sequence, found["One"].version) == (0, 1)
    assert ledger.revision(event) > revision
    draft = ledger.one(select(AgendaDraft))
    assert draft.released_version == draft.version
    kept = ledger.one(select(AgendaRelease))
    assert [change["kind"] for change in kept.changes] == ["new", "new"]
    assert "Mind the gap" not in str(kept.agenda)
    assert told(ledger) == []


def test_release_of_nothing_new_is_refused(make, event):
    make.planned(event, "One")
    make.released(event)
    with pytest.raises(drafts.NothingToRelease):
        make.released(event)


def test_release_waits_for_errors_to_be_put_right(make, act, event, sessions):
    make.planned(event, "One", parts=[Part(speaker="Ada Wren")])
    two = make.planned(event, "Two", parts=[Part(speaker="Ada Wren")])
    with pytest.raises(drafts.HasErrors):
        make.released(event)
    assert sessions() == {}
    act(drafts.move, event, two.public_id, to(time(11)), version=None)
    assert make.released(event).number == 1


def test_release_of_another_version_than_was_read_is_refused(make, act, event, sessions):
    one = make.planned(event, "One")
    version = 2
    act(drafts.move, event, one.public_id, to(time(11)), version=None)
    with pytest.raises(drafts.DraftMoved):
        act(drafts.release, event.id, version=version, note="")
    assert sessions() == {}


def test_two_who_release_at_once_release_once(make, event, ledger, now):
    make.planned(event, "One")
    version = ledger.one(select(AgendaDraft.version))
    job = partial(drafts.release, event.id, version=version, note="", actor=SYSTEM, now=now)
    outcomes = ledger.together([job] * 4)
    assert sorted(type(one).__name__ for one in outcomes) == ["AgendaRelease", *["NothingToRelease"] * 3]
    assert ledger.all(select(AgendaRelease.number)) == [1]


def test_move_tells_those_who_chose_it_and_nobody_else(make, act, event, sessions, ledger, now):
    one, _ = make.planned(event, "One"), make.planned(event, "Two", hours=(time(13), time(14)))
    make.released(event)
    registered = {name: make.registration(event, email=f"{name}@example.org", organisation_name=f"{name} Council")
                  for name in ("ann", "bob", "cat", "gone")}  # fmt: skip
    stranger = make.person(email="star@example.org")
    for name, title in (("ann", "One"), ("bob", "Two"), ("gone", "One")):
        ledger.act(set_star, registered[name].person_id, sessions()[title].id, starred=True, now=now)
    ledger.act(set_star, stranger.id, sessions()["One"].id, starred=True, now=now)
    ledger.act(registrations.cancel, registered["gone"].id, actor=SYSTEM, now=now)
    act(drafts.move, event, one.public_id, to(time(15)), version=None)
    made = make.released(event)

    assert told(ledger) == [("agenda_changed", "ann", ["One"]), ("agenda_changed", "star", ["One"])]
    assert (made.people_told, made.organisations_told, made.clashes) == (2, 1, 0)
    found = sessions()
    assert (found["One"].calendar_sequence, found["Two"].calendar_sequence) == (1, 0)
    facts = next(one.facts for one in ledger.all(select(Letter).order_by(Letter.id)) if one.notice == "agenda_changed")
    assert facts["changes"][0]["before"]["starts"] == "10:00:00"
    assert facts["changes"][0]["after"]["starts"] == "15:00:00"


def test_clash_that_a_move_makes_is_counted_and_told(make, act, event, sessions, ledger, now):
    one = make.planned(event, "One")
    make.planned(event, "Two", hours=(time(13), time(14)))
    make.released(event)
    both, single = make.registration(event, email="both@example.org"), make.registration(event, email="one@example.org")
    for person, titles in ((both, ("One", "Two")), (single, ("One",))):
        for title in titles:
            ledger.act(set_star, person.person_id, sessions()[title].id, starred=True, now=now)
    act(drafts.move, event, one.public_id, to(time(13, 30)), version=None)
    made = make.released(event)
    assert (made.people_told, made.clashes) == (2, 1)
    clashes = {
        row.recipient_email: row.facts.get("clashes")
        for row in ledger.all(select(Letter).order_by(Letter.id))
        if row.notice == "agenda_changed"
    }
    assert clashes == {"both@example.org": [["Two", "One"]], "one@example.org": None}


def test_plenary_that_moves_is_told_to_all_who_have_a_place(make, act, event, ledger):
    welcome = make.planned(event, "Welcome", kind=SessionKind.PLENARY)
    make.released(event)
    for name in ("ann", "bob"):
        make.registration(event, email=f"{name}@example.org")
    ledger.change(event, waiting_list=True)
    act(drafts.move, event, welcome.public_id, to(time(11)), version=None)
    assert make.released(event).people_told == 2
    assert told(ledger) == [("agenda_changed", "ann", ["Welcome"]), ("agenda_changed", "bob", ["Welcome"])]


def test_signed_up_people_get_the_new_invitation_of_the_session(make, act, event, sessions, ledger, now, app):
    one = make.planned(event, "One", takes_sign_ups=True, capacity_online=5)
    make.released(event)
    ann = make.registration(event, email="ann@example.org")
    invitation = sign_up(ledger, ann, sessions()["One"], now)
    act(drafts.move, event, one.public_id, to(time(15)), version=None)
    make.released(event)

    assert told(ledger) == [("session_changed", "ann", ["One"])]
    sent = ledger.one(select(Invitation).where(Invitation.thing_kind == ThingKind.SESSION))
    assert (sent.uid, sent.sequence, sent.method) == (invitation.uid, 1, Method.REQUEST)
    act(drafts.cancel, event, one.public_id)
    make.released(event)
    again = ledger.one(select(Invitation).where(Invitation.thing_kind == ThingKind.SESSION))
    assert (again.uid, again.sequence, again.method) == (invitation.uid, 2, Method.CANCEL)
    assert sessions()["One"].state is SessionState.CANCELLED
    act(drafts.restore, event, one.public_id)
    make.released(event)
    letters = ledger.all(select(Letter).where(Letter.notice == "session_changed").order_by(Letter.id))
    assert [row.facts["changes"][0]["kind"] for row in letters] == ["moved", "cancelled", "restored"]
    assert [row.facts["invitation"]["sequence"] for row in letters] == [1, 2, 3]
    assert [row.facts["invitation"]["method"] for row in letters] == ["request", "cancel", "request"]


def test_new_words_tell_nobody_and_leave_calendars_alone(make, act, event, sessions, ledger, now):
    one = make.planned(event, "One")
    make.released(event)
    ann = make.registration(event, email="ann@example.org")
    ledger.act(set_star, ann.person_id, sessions()["One"].id, starred=True, now=now)
    act(
        drafts.edit, event, one.public_id, Content(title="One", description="More about it"), to(time(10)), version=None
    )
    made = make.released(event)
    assert [(change["kind"], change["fields"]) for change in made.changes] == [("changed", ["the description"])]
    assert (made.people_told, told(ledger), sessions()["One"].calendar_sequence) == (0, [], 0)


def test_speakers_hear_of_new_and_moved_sessions(make, act, event, ledger, app):
    person = make.person("Ada Wren", "ada@example.org")
    make.speaker("Ada Wren", person_id=person.id)
    one = make.planned(event, "One", parts=[Part(speaker="Ada Wren"), Part(speaker="Without address")])
    make.released(event)
    act(drafts.move, event, one.public_id, to(time(15)), version=None)
    make.released(event)
    letters = ledger.all(select(Letter).where(Letter.notice == "agenda_changed").order_by(Letter.id))
    assert [(row.recipient_email, row.facts["changes"][0]["kind"], row.facts["speaks"]) for row in letters] == [
        ("ada@example.org", "new", True), ("ada@example.org", "moved", True)
    ]  # fmt: skip


def test_two_profiles_of_one_address_are_one_letter_about_both(make, act, event, ledger):
    profiles = [
        make.speaker("Ada Wren", person_id=make.person("Ada Wren", "ada@example.org").id),
        make.speaker("A. Wren"),
    ]
    times = {"created_at": make.now, "sent_at": make.now}
    make._kept(
        SpeakerInvitation(speaker_id=profiles[1].id, event_id=event.id, nonce="x", email="Ada@Example.org", **times)
    )
    for title, at, names in (("One", time(10), "Ada Wren"), ("Two", time(12), "A. Wren"), ("Three", time(14), "both")):
        parts = [Part(speaker=one.name, speaker_id=one.public_id) for one in profiles if names in (one.name, "both")]
        make.planned(event, title, parts=parts, hours=(at, time(at.hour + 1)))
    made = make.released(event)
    assert made.people_told == 1
    letter = ledger.one(select(Letter).where(Letter.notice == "agenda_changed"))
    assert (letter.recipient_name, letter.recipient_email) == ("Ada Wren", "ada@example.org")
    assert [change["title"] for change in letter.facts["changes"]] == ["One", "Two", "Three"]


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.CANCELLED])
def test_nobody_is_told_of_an_event_that_is_not_public_or_off(make, act, event, sessions, ledger, now, state):
    one = make.planned(event, "One")
    make.released(event)
    ann = make.registration(event, email="ann@example.org")
    ledger.act(set_star, ann.person_id, sessions()["One"].id, starred=True, now=now)
    ledger.change(event, state=state)
    act(drafts.move, event, one.public_id, to(time(15)), version=None)
    assert make.released(event).people_told == 0
    assert told(ledger) == []


def test_nobody_is_told_of_what_is_over(make, act, event, sessions, ledger, now):
    one = make.planned(event, "One")
    make.released(event)
    ann = make.registration(event, email="ann@example.org")
    ledger.act(set_star, ann.person_id, sessions()["One"].id, starred=True, now=now)
    late = datetime(2027, 6, 14, 18, tzinfo=now.tzinfo)
    act(drafts.move, event, one.public_id, to(time(12)), version=None)
    version = ledger.one(select(AgendaDraft.version))
    made = ledger.act(drafts.release, event.id, version=version, note="", actor=SYSTEM, now=late)
    assert made.people_told == 0


def test_streams_follow_the_draft_and_go_when_nothing_names_them(make, act, event, sessions, ledger):
    practice, leading = (act(drafts.add_stream, event.id, name).public_id for name in ("Practice", "Leading"))
    one = make.planned(event, "One", stream=practice)
    make.planned(event, "Two", stream=leading, hours=(time(12), time(13)))
    make.released(event)
    assert sorted(ledger.all(select(Stream.name))) == ["Leading", "Practice"]
    act(drafts.rename_stream, event.id, leading, "Leading change")
    act(drafts.remove_stream, event.id, practice, into=leading)
    made = make.released(event)
    assert ledger.all(select(Stream.name)) == ["Leading change"]
    assert {change["title"]: change["kind"] for change in made.changes} == {"One": "changed", "Two": "changed"}
    assert one.public_id == sessions()["One"].public_id


def test_places_follow_the_draft_and_are_never_fewer_than_taken(make, act, event, sessions, ledger):
    one = make.planned(event, "One", takes_sign_ups=True, capacity_online=2)
    make.released(event)
    places = ledger.one(select(Places).where(Places.session_id.is_not(None)))
    assert (places.mode, places.capacity) == (Mode.ONLINE, 2)
    ledger.change(places, confirmed=2)
    smaller = Content(title="One", takes_sign_ups=True, capacity_online=1)
    act(drafts.edit, event, one.public_id, smaller, to(time(10)), version=None)
    with pytest.raises(drafts.HasErrors):
        make.released(event)
    larger = Content(title="One", takes_sign_ups=True, capacity_online=3)
    act(drafts.edit, event, one.public_id, larger, to(time(10)), version=None)
    made = make.released(event)
    assert made.changes[0]["fields"] == ["how many may sign up"]
    assert ledger.one(select(Places.capacity).where(Places.session_id.is_not(None))) == 3


def test_session_that_was_released_cannot_go_unplaced(make, act, event):
    one = make.planned(event, "One")
    make.released(event)
    act(drafts.move, event, one.public_id, to(None, day=None), version=None)
    with pytest.raises(drafts.HasErrors):
        make.released(event)


def test_speaker_keeps_the_job_title_of_then(make, act, event, ledger):
    ada = make.speaker("Ada Wren", job_title="Team manager")
    one = make.planned(event, "One", parts=[Part(speaker="Ada Wren")])
    make.released(event)
    ledger.change(ledger.one(select(Speaker).where(Speaker.id == ada.id)), job_title="Director")
    act(drafts.move, event, one.public_id, to(time(15)), version=None)
    make.released(event)
    assert ledger.one(select(Contribution.job_title)) == "Team manager"


def test_release_reads_a_thousand_sessions_by_few_statements(make, act, event, app):
    make.planned(event, "One", parts=[Part(speaker="Ada Wren")])
    with app.app_context(), statements(app) as few:
        drafts.review(event, now=make.now)
    for number in range(20):
        make.planned(
            event,
            f"Session {number}",
            hours=(time(9 + number % 6), time(10 + number % 6)),
            parts=[Part(speaker=f"Speaker {number}")],
        )
    with app.app_context(), statements(app) as many:
        drafts.review(event, now=make.now)
    assert len(many) == len(few)


def test_letters_of_a_release_can_be_rendered(make, act, event, sessions, ledger, now, app):
    one = make.planned(event, "One", takes_sign_ups=True)
    make.released(event)
    ann = make.registration(event, email="ann@example.org")
    sign_up(ledger, ann, sessions()["One"], now)
    act(drafts.move, event, one.public_id, to(time(15)), version=None)
    make.released(event)
    letter = ledger.one(select(Letter).where(Letter.notice == "session_changed"))
    with app.app_context():
        message = render(letter, app.config["SETTINGS"]).decode()
    assert "method=REQUEST" in message
    assert "15:00" not in message
    assert "3pm to 4pm" in message


def test_times_follow_the_zone_over_the_year(make, act, ledger, app):
    winter = make.event(starts_on=date(2027, 1, 14), days=1)
    make.draft(winter)
    make.planned(winter, "One")
    make.released(winter)
    row = ledger.one(select(Session))
    assert row.starts_at == datetime(2027, 1, 14, 10, tzinfo=make.now.tzinfo)
    assert row.ends_at - row.starts_at == timedelta(hours=1)


def test_stream_that_is_renamed_moves_nobody(make, act, event, sessions, ledger, now):
    practice = act(drafts.add_stream, event.id, "Practise").public_id
    make.planned(event, "One", stream=practice)
    make.released(event)
    ann = make.registration(event, email="ann@example.org")
    ledger.act(set_star, ann.person_id, sessions()["One"].id, starred=True, now=now)
    act(drafts.rename_stream, event.id, practice, "Practice")
    made = make.released(event)
    assert [(change["kind"], change["fields"]) for change in made.changes] == [("changed", ["the stream"])]
    assert (made.people_told, told(ledger), sessions()["One"].calendar_sequence) == (0, [], 0)
    assert sessions()["One"].stream.name == "Practice"


def test_order_of_streams_alone_can_be_released(make, act, event, ledger):
    first, second = (act(drafts.add_stream, event.id, name).public_id for name in ("A", "B"))
    make.planned(event, "One", stream=first)
    make.planned(event, "Two", stream=second, hours=(time(12), time(13)))
    make.released(event)
    act(drafts.move_stream, event.id, second, by=-1)
    made = make.released(event)
    assert (made.number, made.changes) == (2, [])
    assert ledger.all(select(Stream.name).order_by(Stream.position)) == ["B", "A"]
    with pytest.raises(drafts.NothingToRelease):
        make.released(event)


def test_saving_what_is_the_same_leaves_the_draft_as_it_was(make, act, event, ledger):
    one = make.planned(event, "One")
    make.released(event)
    act(drafts.edit, event, one.public_id, Content(title="One"), to(time(10)), version=None)
    act(drafts.move, event, one.public_id, to(time(10)), version=None)
    draft = ledger.one(select(AgendaDraft))
    assert draft.version == draft.released_version


def test_way_of_taking_part_that_is_new_gets_its_places(make, act, event, ledger):
    make.planned(event, "One", takes_sign_ups=True, capacity_online=2, capacity_in_person=9)
    make.released(event)
    ledger.change(event, format=Format.HYBRID)
    made = make.released(event)
    assert made.changes[0]["fields"] == ["how many may sign up"]
    rows = ledger.rows(select(Places.mode, Places.capacity).where(Places.session_id.is_not(None)).order_by(Places.mode))
    assert [tuple(row) for row in rows] == [(Mode.IN_PERSON, 9), (Mode.ONLINE, 2)]
    ledger.change(event, format=Format.ONLINE)
    with pytest.raises(drafts.NothingToRelease):
        make.released(event)


def test_event_that_is_cancelled_withdraws_the_sessions_too(make, act, event, sessions, ledger, now):
    make.planned(event, "One", takes_sign_ups=True)
    make.released(event)
    ann = make.registration(event, email="ann@example.org")
    make.registration(event, email="bob@example.org")
    before = sign_up(ledger, ann, sessions()["One"], now)
    act(events.cancel, event.id, reason="Snow")
    assert told(ledger) == [("session_changed", "ann", ["One"])]
    sent = ledger.one(select(Invitation).where(Invitation.thing_kind == ThingKind.SESSION))
    assert (sent.uid, sent.sequence, sent.method) == (before.uid, 1, Method.CANCEL)


def test_day_that_moves_takes_the_sessions_of_those_signed_up_along(make, act, event, sessions, ledger, now):
    make.planned(event, "One", takes_sign_ups=True)
    make.planned(event, "Next day", takes_sign_ups=True, day=1)
    make.released(event)
    ann = make.registration(event, email="ann@example.org")
    for title in ("One", "Next day"):
        sign_up(ledger, ann, sessions()[title], now)
    hours = {"starts": time(9, 30), "ends": time(16)}
    days = (
        events.Day(was=FIRST, date=FIRST, **hours),
        events.Day(was=date(2027, 6, 15), date=date(2027, 6, 22), **hours),
    )
    version = ledger.one(select(Event.version).where(Event.id == event.id))
    act(events.edit_days, event.id, days, "Europe/London", version=version, told=True)
    letters = ledger.all(select(Letter).where(Letter.notice == "session_changed").order_by(Letter.id))
    assert [letter.facts["changes"][0]["title"] for letter in letters] == ["Next day"]
    change = letters[0].facts["changes"][0]
    assert (change["before"]["date"], change["after"]["date"]) == ("2027-06-15", "2027-06-22")
    assert letters[0].facts["invitation"]["sequence"] == 1
    assert letters[0].facts["session"]["date"] == "2027-06-22"


def relink(ledger, draft, url):
    ledger.change(draft, joining_url=url)
    found = ledger.one(select(AgendaDraft))
    ledger.change(found, version=found.version + 1)


def test_another_link_of_a_session_is_sent_to_those_who_may_have_seen_the_old_one(
    make, event, sessions, ledger, now, app
):
    old, new = "https://meet.example.org/old", "https://meet.example.org/new"
    ledger.change(event, format=Format.HYBRID)
    room = make.planned(event, "Room", takes_sign_ups=True, capacity_online=5, joining_url=old)
    plenary = {"kind": SessionKind.PLENARY, "hours": (time(13), time(14))}
    hall = make.planned(event, "Hall", joining_url=old, **plenary)
    talk = make.planned(event, "Talk", hours=(time(15), time(16)), joining_url=old)
    make.released(event)
    people = {name: make.registration(event, email=f"{name}@example.org") for name in ("ann", "bob", "cat", "dan")}
    ledger.change(people["dan"], mode=Mode.IN_PERSON)
    stranger = make.person(email="star@example.org")
    sign_up(ledger, people["ann"], sessions()["Room"], now)
    for person_id in (people["bob"].person_id, people["dan"].person_id, stranger.id):
        for title in ("Room", "Talk"):
            ledger.act(set_star, person_id, sessions()[title].id, starred=True, now=now)

    relink(ledger, room, new)
    relink(ledger, talk, new)
    assert make.released(event).people_told == 2
    # Bob starred the one for which he has no place, so that its link was never his; Dan comes in person.
    assert told(ledger) == [("agenda_changed", "bob", ["Talk"]), ("session_changed", "ann", ["Room"])]
    sent = ledger.one(select(Invitation).where(Invitation.thing_kind == ThingKind.SESSION))
    assert (sent.sequence, sent.method) == (1, Method.REQUEST)
    for letter in ledger.all(
        select(Letter).where(Letter.notice.in_(["agenda_changed", "session_changed"])).order_by(Letter.id)
    ):
        with app.test_request_context():
            made = render(letter, app.config["SETTINGS"]).decode()
        assert ("meet.example.org" in made, f"{event.public_id}/join" in made) == (False, True)

    relink(ledger, hall, new)
    assert make.released(event).people_told == 3, "a plenary is everybody's who takes part online"


@pytest.mark.parametrize(("old", "shown_in"), [("", None), ("https://meet.example.org/old", timedelta(hours=1))])
def test_link_of_a_session_that_nobody_has_seen_changes_without_a_letter(make, event, ledger, now, old, shown_in):
    ledger.change(event, joining_from=now + shown_in if shown_in else None)
    hall = make.planned(event, "Hall", kind=SessionKind.PLENARY, joining_url=old)
    make.released(event)
    make.registration(event, email="ann@example.org")
    relink(ledger, hall, "https://meet.example.org/new")
    made = make.released(event)
    assert ([change["fields"] for change in made.changes], made.people_told) == ([["the link to join"]], 0)
    assert told(ledger) == []
