"""The draft agenda: opened, built, moved about, and kept from two people at once."""

from datetime import date, time, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from tests.ledger import Ledger
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, ThingKind
from webapp.models.activity import Activity
from webapp.models.agenda import ContributionRole, Session, SessionKind
from webapp.models.drafts import AgendaDraft, DraftContribution, DraftSession, DraftStream, Room
from webapp.models.files import Attachment
from webapp.models.organisations import Organisation
from webapp.models.speakers import Speaker
from webapp.queries import drafts as queries
from webapp.queries.files import attachments_of
from webapp.services import drafts, files
from webapp.services.drafts import Content, Part, Placement

FIRST, SECOND = date(2027, 6, 14), date(2027, 6, 15)


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def act(ledger, now):
    return lambda verb, *args, **more: ledger.act(verb, *args, actor=SYSTEM, now=now, **more)


@pytest.fixture
def event(make):
    event = make.event()
    make.draft(event)
    return event


@pytest.fixture
def standing(app, event):
    """Where each session of the draft stands, by its title."""

    def read():
        with app.app_context():
            return {one.title: drafts.spoken(one) for one in queries.draft_sessions_of(event.id)}

    return read


def to(starts, minutes=60, *, day=FIRST, stream="", room=""):
    return Placement(date=day, starts=starts, minutes=minutes, stream=stream, room=room)


def test_draft_begins_with_all_that_is_released(make, act, ledger):
    event = make.event()
    stream, speaker = make.stream(event, "Practice"), make.speaker("Ada Wren")
    session = make.session(
        event, "Letting families lead", stream_id=stream.id, room="Room 1", summary="Short", description="Long"
    )
    make.contribution(session, speaker_id=speaker.id, role=ContributionRole.CHAIR)
    make.draft(event)
    make.draft(event)

    row = ledger.one(select(DraftSession))
    assert (row.public_id, row.session_id, row.title) == (session.public_id, session.id, "Letting families lead")
    assert (row.summary, row.description, row.starts, row.ends) == ("Short", "Long", time(10), time(11))
    assert ledger.one(select(DraftStream)).stream_id == stream.id
    assert ledger.one(select(Room)).name == "Room 1"
    assert [(one.speaker_id, one.role) for one in ledger.all(select(DraftContribution))] == [
        (speaker.id, ContributionRole.CHAIR)
    ]
    draft = ledger.one(select(AgendaDraft))
    assert (draft.version, draft.released_version) == (1, 1)
    with pytest.raises(drafts.NothingToRelease):
        make.released(event)


def test_two_who_begin_the_draft_at_once_begin_one(make, ledger, now):
    event = make.event()
    make.session(event, "One", stream_id=make.stream(event, "Practice").id, room="Hall")
    outcomes = ledger.together([partial(drafts.open_draft, event.id, actor=SYSTEM, now=now)] * 4)
    assert [getattr(one, "released_version", one) for one in outcomes] == [1] * 4
    for table in (AgendaDraft, DraftSession, DraftStream, Room):
        assert ledger.count(table) == 1, table
    assert ledger.all(select(Activity.verb)) == ["draft_opened"]


def test_session_is_moved_and_the_move_recorded(make, event, act, standing, ledger):
    stream = act(drafts.add_stream, event.id, "Practice")
    room = act(drafts.add_room, event.id, "Room 2", 40)
    one = make.planned(event, "One")
    place = to(time(14, 30), 45, day=SECOND, stream=stream.public_id, room=room.public_id)
    act(drafts.move, event, one.public_id, place, version=1)

    assert standing() == {"One": "Tuesday 15 June 2027, 2:30pm to 3:15pm, Practice, Room 2"}
    entry = ledger.all(select(Activity).where(Activity.thing_kind == ThingKind.DRAFT_SESSION).order_by(Activity.id))[-1]
    assert (entry.verb, entry.event_id) == ("session_moved", event.id)
    assert entry.details["changes"] == {
        "place": ["2027-06-14, 10:00 to 11:00, all streams", "2027-06-15, 14:30 to 15:15, Practice, Room 2"]
    }


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (to(time(23, 30), 30), "would end after midnight"),
        (to(time(10), 0), "lasts between 1 minute and a day"),
        (to(time(10), 24 * 60), "after midnight"),
        (to(time(10), day=date(2027, 6, 16)), "does not take place on that day"),
        (to(time(10), stream="23456789bcdf"), "That stream is no longer there"),
        (to(time(10), room="23456789bcdf"), "That room is no longer there"),
    ],
)
def test_session_is_not_moved_where_it_cannot_be(make, event, act, standing, place, words):
    one = make.planned(event, "One")
    with pytest.raises(drafts.DraftRefused, match=words):
        act(drafts.move, event, one.public_id, place, version=None)
    assert standing() == {"One": "Monday 14 June 2027, 10am to 11am, all streams"}


def test_hour_that_the_clocks_pass_over_is_refused(make, act):
    event = make.event(starts_on=date(2027, 3, 28), days=1, hours=[(time(0), time(5))])
    make.draft(event)
    one = make.planned(event, "One", hours=(time(3), time(4)))
    for starts, minutes in ((time(1), 30), (time(1, 45), 45)):
        with pytest.raises(drafts.DraftRefused, match="the clocks go forward"):
            act(drafts.move, event, one.public_id, to(starts, minutes, day=date(2027, 3, 28)), version=None)
    assert act(drafts.move, event, one.public_id, to(time(2), day=date(2027, 3, 28)), version=None).starts == time(2)


def test_whoever_saw_an_older_version_moves_nothing(make, event, act, standing):
    one = make.planned(event, "One")
    act(drafts.move, event, one.public_id, to(time(12)), version=1)
    with pytest.raises(drafts.ChangedMeanwhile, match="Somebody else has changed"):
        act(drafts.move, event, one.public_id, to(time(14)), version=1)
    assert standing() == {"One": "Monday 14 June 2027, midday to 1pm, all streams"}


def test_shift_takes_with_it_what_follows_in_the_stream_and_for_all(make, event, act, standing):
    practice = act(drafts.add_stream, event.id, "Practice").public_id
    leading = act(drafts.add_stream, event.id, "Leading").public_id
    first = make.planned(event, "First", stream=practice)
    make.planned(event, "Before", hours=(time(9), time(10)), stream=practice)
    make.planned(event, "After", hours=(time(11), time(12)), stream=practice)
    make.planned(event, "Beside", hours=(time(11), time(12)), stream=leading)
    make.planned(event, "Closing", hours=(time(15), time(16)))
    make.planned(event, "Next day", hours=(time(11), time(12)), stream=practice, day=1)
    moved = act(drafts.shift, event, first.public_id, 10, following=True, version=None)

    assert sorted(one.title for one in moved) == ["After", "Closing", "First"]
    assert {title: words.split(", ")[1] for title, words in standing().items()} == {
        "First": "10:10am to 11:10am",
        "Before": "9am to 10am",
        "After": "11:10am to 12:10pm",
        "Beside": "11am to midday",
        "Closing": "3:10pm to 4:10pm",
        "Next day": "11am to midday",
    }


def test_shift_of_what_is_for_all_takes_every_stream_along(make, event, act, standing):
    practice = act(drafts.add_stream, event.id, "Practice").public_id
    welcome = make.planned(event, "Welcome", hours=(time(9, 30), time(10)))
    make.planned(event, "After", hours=(time(11), time(12)), stream=practice)
    act(drafts.shift, event, welcome.public_id, -5, following=True, version=None)
    assert [words.split(", ")[1] for words in standing().values()] == ["9:25am to 9:55am", "10:55am to 11:55am"]


def test_shift_that_one_session_cannot_follow_moves_none(make, event, act, standing):
    first = make.planned(event, "First")
    make.planned(event, "Late", hours=(time(22), time(23, 50)))
    before = standing()
    with pytest.raises(drafts.DraftRefused, match="after midnight"):
        act(drafts.shift, event, first.public_id, 30, following=True, version=None)
    assert standing() == before


def test_session_without_a_time_is_not_shifted(make, event, act):
    one = make.planned(event, "One", day=None)
    with pytest.raises(drafts.DraftRefused, match="has no time yet"):
        act(drafts.shift, event, one.public_id, 10, following=False, version=None)


def test_swap_exchanges_places_and_keeps_lengths(make, event, act, standing):
    practice = act(drafts.add_stream, event.id, "Practice").public_id
    short = make.planned(event, "Short", hours=(time(10), time(10, 30)), stream=practice)
    long = make.planned(event, "Long", hours=(time(14), time(16)), day=1)
    act(drafts.swap, event, short.public_id, long.public_id, version=None)
    assert standing() == {
        "Short": "Tuesday 15 June 2027, 2pm to 2:30pm, all streams",
        "Long": "Monday 14 June 2027, 10am to midday, Practice",
    }
    with pytest.raises(drafts.DraftRefused, match="Choose another session"):
        act(drafts.swap, event, short.public_id, short.public_id, version=None)


def test_swap_with_what_is_not_placed_takes_its_place(make, event, act, standing):
    placed, waiting = make.planned(event, "Placed"), make.planned(event, "Waiting", day=None)
    act(drafts.swap, event, waiting.public_id, placed.public_id, version=None)
    assert standing() == {
        "Waiting": "Monday 14 June 2027, 10am to 11am, all streams",
        "Placed": "not placed yet",
    }


def test_edit_keeps_what_is_the_same_and_records_what_is_not(make, event, act, ledger):
    one = make.planned(event, "One")
    content = Content(title="One", summary="New words", kind=SessionKind.PLENARY)
    act(drafts.edit, event, one.public_id, content, to(time(10)), version=1)
    act(drafts.edit, event, one.public_id, content, to(time(10)), version=2)
    row = ledger.one(select(DraftSession))
    assert (row.summary, row.kind, row.version) == ("New words", SessionKind.PLENARY, 2)
    changes = [entry.details["changes"] for entry in ledger.all(select(Activity)) if entry.verb == "session_changed"]
    assert changes == [{"kind": ["session", "plenary"], "summary": ["", "New words"]}]


def test_speakers_are_found_by_name_or_made_and_keep_their_answers(make, event, act, ledger):
    ada = make.speaker("Ada Wren")
    council = make.organisation("Marlbridge Council")
    parts = [
        Part(speaker="ada wren", role=ContributionRole.CHAIR),
        Part(speaker="Ben Oak", organisation="Marlbridge Council"),
        Part(organisation="Quay Trust"),
        Part(speaker="Ada Wren", role=ContributionRole.CHAIR),
    ]
    one = make.planned(event, "One", parts=parts)
    rows = ledger.all(select(DraftContribution).order_by(DraftContribution.position))
    ben = ledger.one(select(Speaker).where(Speaker.name == "Ben Oak"))
    trust = ledger.one(select(Organisation).where(Organisation.name == "Quay Trust"))
    assert [(row.speaker_id, row.organisation_id) for row in rows] == [
        (ada.id, None), (ben.id, council.id), (None, trust.id)
    ]  # fmt: skip
    assert ben.organisation_id == council.id

    again = Content(title="One", parts=[Part(speaker="Ben Oak", organisation="Marlbridge Council"), parts[0]])
    act(drafts.edit, event, one.public_id, again, to(time(10)), version=None)
    after = ledger.all(select(DraftContribution).order_by(DraftContribution.position))
    assert [row.id for row in after] == [rows[1].id, rows[0].id]


def test_organisation_of_a_part_is_that_of_a_profile_made_with_it_alone(make, event, act, ledger):
    ada = make.speaker("Ada Wren")
    council = make.organisation("Marlbridge Council")
    parts = [
        Part(speaker=name, organisation="Marlbridge Council", role=role)
        for name in ("Ada Wren", "Ben Oak")
        for role in (ContributionRole.CHAIR, ContributionRole.PRESENTER)
    ]
    make.planned(event, "One", parts=parts)
    found = {one.name: one.organisation_id for one in ledger.all(select(Speaker))}
    assert found == {ada.name: None, "Ben Oak": council.id}


def test_session_that_nobody_saw_is_taken_out_and_a_released_one_cancelled(make, act, ledger):
    event = make.event()
    released = make.session(event, "Released")
    make.draft(event)
    fresh = make.planned(event, "Fresh")
    assert act(drafts.cancel, event, fresh.public_id) is None
    for _ in range(2):
        assert act(drafts.cancel, event, released.public_id).is_cancelled
    assert [(row.title, row.is_cancelled) for row in ledger.all(select(DraftSession))] == [("Released", True)]
    assert not act(drafts.restore, event, released.public_id).is_cancelled


def test_session_taken_out_takes_the_slides_given_for_it_along(make, event, act, app, ledger, tmp_path, now):
    gone = make.planned(event, "Gone")
    written = files.write(b"slides", "application/pdf", folder=tmp_path, now=now)

    def give():
        kept = files.keep(written, now=now)
        of_session = {"thing_kind": ThingKind.DRAFT_SESSION, "thing_id": gone.id, "event_id": event.id}
        db.session.add(Attachment(file_id=kept.id, title="Slides", filename="a.pdf", added_at=now, **of_session))

    ledger.act(give)
    act(drafts.cancel, event, gone.public_id)
    assert ledger.all(select(Attachment)) == []

    following = make.planned(event, "Following")
    gone.id = following.id
    ledger.act(give)
    with app.app_context():
        found = [len(attachments_of([following.id], event_id=event_id)) for event_id in (event.id, event.id + 1)]
    assert found == [1, 0]


def test_stream_with_sessions_goes_only_with_a_place_for_them(make, event, act, standing):
    practice, leading = (act(drafts.add_stream, event.id, name).public_id for name in ("Practice", "Leading"))
    make.planned(event, "One", stream=practice)
    with pytest.raises(drafts.DraftRefused, match="“Practice” has 1 session"):
        act(drafts.remove_stream, event.id, practice, into=None)
    assert act(drafts.remove_stream, event.id, practice, into=leading) == 1
    assert standing() == {"One": "Monday 14 June 2027, 10am to 11am, Leading"}
    assert act(drafts.remove_stream, event.id, leading, into="") == 1
    assert standing() == {"One": "Monday 14 June 2027, 10am to 11am, all streams"}


def test_names_of_streams_and_rooms_are_their_own(event, act):
    act(drafts.add_stream, event.id, "Practice")
    room = act(drafts.add_room, event.id, "Hall", None)
    with pytest.raises(drafts.DraftRefused, match="There is a stream called “practice” already"):
        act(drafts.add_stream, event.id, "practice")
    with pytest.raises(drafts.DraftRefused, match="There is a room called “HALL” already"):
        act(drafts.add_room, event.id, "HALL", 3)
    act(drafts.change_room, event.id, room.public_id, "Hall", 120)
    with pytest.raises(drafts.DraftRefused, match="no longer there"):
        act(drafts.rename_stream, event.id, "23456789bcdf", "Other")


def test_streams_change_places_and_stay_at_the_ends(event, act, app):
    ids = [act(drafts.add_stream, event.id, name).public_id for name in ("A", "B", "C")]
    act(drafts.move_stream, event.id, ids[2], by=-1)
    act(drafts.move_stream, event.id, ids[0], by=-1)
    with app.app_context():
        assert [one.name for one in queries.draft_streams_of(event.id)] == ["A", "C", "B"]


def test_room_that_is_taken_away_leaves_its_sessions_without_one(make, event, act, standing):
    room = act(drafts.add_room, event.id, "Hall", 10).public_id
    make.planned(event, "One", room=room)
    assert act(drafts.remove_room, event.id, room) == 1
    assert standing() == {"One": "Monday 14 June 2027, 10am to 11am, all streams"}


def test_two_who_move_at_once_do_so_one_after_the_other(make, event, ledger, now):
    sessions = [make.planned(event, f"Session {number}") for number in range(4)]
    jobs = [
        partial(drafts.shift, event, one.public_id, 5, following=False, version=None, actor=SYSTEM, now=now)
        for one in sessions
    ]
    before = ledger.one(select(AgendaDraft.version))
    outcomes = ledger.together(jobs)
    assert [len(one) for one in outcomes] == [1] * 4
    assert ledger.one(select(AgendaDraft.version)) == before + 4


@pytest.mark.parametrize(
    ("day", "starts", "minutes", "ends"),
    [
        (date(2027, 3, 28), time(0, 30), 60, time(2, 30)),
        (date(2027, 3, 28), time(0, 30), 29, time(0, 59)),
        (date(2027, 3, 28), time(3), 45, time(3, 45)),
        (date(2027, 10, 31), time(0, 30), 60, time(1, 30)),
        (date(2027, 10, 31), time(0, 30), 180, time(2, 30)),
    ],
)
def test_session_over_a_change_of_the_clocks_lasts_as_long_as_it_lasts(make, act, ledger, day, starts, minutes, ends):
    event = make.event(starts_on=day, days=1, hours=[(time(0), time(23, 59))])
    make.draft(event)
    one = make.planned(event, "One", day=None)
    act(drafts.move, event, one.public_id, to(starts, minutes, day=day), version=1)
    row = ledger.one(select(DraftSession))
    assert (row.starts, row.ends) == (starts, ends)
    # Given back as it stands, it stands as it did.
    with make.app.app_context():
        (stands,) = queries.draft_sessions_of(event.id)
        place = drafts.placement_of(stands, event.zone)
    assert place.minutes == minutes
    make.released(event)
    session = ledger.one(select(Session))
    assert session.ends_at - session.starts_at == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("day", "starts", "minutes", "words"),
    [
        (date(2027, 3, 28), time(1, 30), 60, "There is no 1:30am on that day"),
        (date(2027, 10, 31), time(0, 30), 120, "the second 1:30am of that day"),
        (date(2027, 3, 28), time(23, 30), 30, "would end after midnight"),
    ],
)
def test_time_that_clocks_do_not_show_or_show_twice_is_refused(make, act, day, starts, minutes, words):
    event = make.event(starts_on=day, days=1, hours=[(time(0), time(23, 59))])
    make.draft(event)
    one = make.planned(event, "One", day=None)
    with pytest.raises(drafts.DraftRefused, match=words):
        act(drafts.move, event, one.public_id, to(starts, minutes, day=day), version=1)
