"""Recordings: added, described, put in order, published, taken back and removed; and what the record tells."""

from itertools import pairwise

import pytest
from sqlalchemy import select

from tests.media import wav
from webapp import transaction
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.formats.videos import read_address
from webapp.models.accounts import SYSTEM
from webapp.models.activity import Activity
from webapp.models.events import Event
from webapp.models.files import FileReach, StoredFile
from webapp.models.recordings import MOST_OF_A_SESSION, Place, Recording, RecordingState
from webapp.queries import recordings as queries
from webapp.queries.files import lock_unused
from webapp.services import recordings as services

YOUTUBE = "https://youtu.be/aB3-_xYz012"


@pytest.fixture
def event(make):
    return make.event()


@pytest.fixture
def session(make, event):
    return make.session(event, "Opening")


@pytest.fixture
def act(app, now):
    """Does something in a unit of its own."""

    def run(service, *given, **more):
        with app.app_context(), transaction.unit():
            return service(*given, **more, actor=SYSTEM, now=now)

    return run


def _verbs(app):
    with app.app_context():
        return list(db.session.scalars(select(Activity.verb).order_by(Activity.id)))


def _order(app, session):
    with app.app_context():
        return [row.title for row in queries.recordings_of(session, published_only=False).recordings]


def test_addresses_and_files_become_drafts_each_once(app, make, act, session):
    video = read_address(YOUTUBE)
    first = act(services.add_address, session.id, video, services.About(title=" Part  one ", zero=-5000))
    again = act(services.add_address, session.id, video, services.About(title="Other"))
    sound = make.recording(session, wav(3), published=False)
    same = make.recording(session, wav(3), published=False)
    link = act(services.add_address, session.id, read_address("https://example.org/film"), services.About())
    assert (first.id, sound.id) == (again.id, same.id)
    with app.app_context():
        rows = queries.recordings_of(session, published_only=False).recordings
        assert [(row.place, row.video, row.title, row.duration, row.zero, row.state) for row in rows] == [
            (Place.YOUTUBE, "aB3-_xYz012", "Part one", None, -5000, RecordingState.DRAFT),
            (Place.FILE, "", "", 3000, 0, RecordingState.DRAFT),
            (Place.ELSEWHERE, "", "", None, 0, RecordingState.DRAFT),
        ]
        assert [row.address for row in rows] == ["https://www.youtube.com/watch?v=aB3-_xYz012", "", link.address]
        assert rows[1].is_sound
        assert queries.recordings_of(session).recordings == []
    assert _verbs(app) == ["recording_added"] * 3


def test_session_has_a_few_recordings_and_no_more(app, make, act, session):
    for number in range(MOST_OF_A_SESSION):
        make.recording(session, address=f"https://example.org/{number}")
    with pytest.raises(services.RecordingRefused, match="up to 12 recordings"):
        make.recording(session, address="https://example.org/one-more")
    with pytest.raises(services.RecordingRefused, match="500 characters"):
        act(services.add_address, session.id, read_address(f"https://example.org/{'x' * 500}"), services.About())


def test_what_is_said_of_it_changes_unless_somebody_else_changed_it(app, act, make, session):
    row = make.recording(session, address=YOUTUBE)
    about = services.About(title="Morning", reach=FileReach.ATTENDED, duration=90_000, zero=1500, language="cy")
    changed = act(services.describe, row, about, version=row.version)
    assert (changed.title, changed.reach, changed.duration, changed.zero, changed.language) == (
        "Morning", FileReach.ATTENDED, 90_000, 1500, "cy",
    )  # fmt: skip
    assert act(services.describe, row, about, version=row.version).version == changed.version
    with pytest.raises(services.RecordingRefused, match="Somebody changed"):
        act(services.describe, row, services.About(title="Evening"), version=row.version)
    assert _verbs(app) == ["recording_added", "recording_published", "recording_changed"]


def test_published_and_taken_back_twice_is_once_each_time_and_pages_hear_of_it(app, act, make, event, session):
    def revision():
        with app.app_context():
            return db.session.get_one(Event, event.id).public_revision

    row, seen = make.recording(session, address=YOUTUBE, published=False), [revision()]
    for service in (services.publish, services.publish, services.take_back, services.take_back):
        act(service, row)
        seen.append(revision())
    assert [later - earlier for earlier, later in pairwise(seen)] == [1, 0, 1, 0]
    assert _verbs(app) == ["recording_added", "recording_published", "recording_taken_back"]
    with app.app_context():
        (activity,) = db.session.scalars(select(Activity).where(Activity.verb == "recording_published"))
        assert (activity.details, activity.thing_id) == ({"place": "youtube", "reach": "public"}, session.id)


def test_recordings_stand_in_the_order_that_is_given(app, act, make, session):
    rows = {name: make.recording(session, address=f"https://example.org/{name}", title=name) for name in "abc"}
    for name, by, order in [("c", -1, "acb"), ("c", -5, "cab"), ("c", 1, "acb"), ("b", 1, "acb"), ("a", 2, "cba")]:
        act(services.move, rows[name], by)
        assert _order(app, session) == list(order)
    with pytest.raises(NotFound):
        act(services.move, Recording(id=0, session_id=session.id, event_id=0), 1)


def test_removed_recording_leaves_its_file_to_the_sweep_and_no_other_does(app, act, make, session, now):
    kept, gone = make.recording(session, wav(2)), make.recording(session, wav(5))
    act(services.remove, gone)
    act(services.remove, gone)
    with app.app_context(), transaction.unit():
        later = now.replace(year=2028)
        unused = {row.id for row in lock_unused(before=later, limit=10)}
        assert unused == {gone.file_id}
        assert db.session.get_one(StoredFile, kept.file_id).size == len(wav(2))
    assert _verbs(app).count("recording_removed") == 1


def test_session_says_that_it_was_not_recorded_until_it_has_a_recording(app, act, make, session):
    said = act(services.say_unrecorded, session.id, " Families spoke  of their lives. ")
    act(services.say_unrecorded, session.id, said.reason)
    with app.app_context():
        recorded = queries.recordings_of(session)
        assert (recorded.is_not_recorded, recorded.unrecorded.reason) == (True, "Families spoke of their lives.")
    act(services.unsay_unrecorded, session.id)
    act(services.unsay_unrecorded, session.id)
    with app.app_context():
        assert not queries.recordings_of(session).is_not_recorded
    act(services.say_unrecorded, session.id, "")
    row = make.recording(session, published=False)
    with app.app_context():
        assert queries.recordings_of(session, published_only=False).recordings[0].id == row.id
        assert not queries.recordings_of(session).is_not_recorded
    with pytest.raises(services.RecordingRefused, match="has a recording"):
        act(services.say_unrecorded, session.id, "")
    assert [verb for verb in _verbs(app) if verb.startswith("session")] == [
        "session_not_recorded",
        "session_recorded",
        "session_not_recorded",
    ]


def test_recordings_of_an_event_come_by_session_with_those_that_have_none(app, act, make, event, session):
    late = make.session(event, "Late", day=1)
    silent, open_, planned = (make.session(event, title, position=place) for place, title in enumerate("abc", 50))
    with app.app_context(), transaction.unit():
        db.session.get_one(type(planned), planned.id).is_not_recorded = True
    make.recording(late, address=YOUTUBE)
    make.recording(session, wav(2), reach=FileReach.ATTENDED)
    make.recording(session, wav(3), published=False)
    act(services.say_unrecorded, silent.id, "")
    make.recording(make.session(make.event()), wav(2))
    with app.app_context():
        found = queries.recordings_of_event(event.id)
        assert [(one.session.title, len(one.recordings), one.is_not_recorded) for one in found] == [
            ("Opening", 1, False),
            ("a", 0, True),
            ("c", 0, True),
            ("Late", 1, False),
        ]
        assert found[0].recordings[0].file.media_type == "audio/wav"
        everything = queries.sessions_to_record(event.id)
        assert [len(one.recordings) for one in everything] == [2, 0, 0, 0, 1]
    assert open_.title == "b"


VTT = """WEBVTT

00:00:01.000 --> 00:00:04.000
<v Ann Lee>Before it begins.

00:00:10.000 --> 00:00:12.500
<v Ann Lee>It begins here.

00:00:19.000 --> 00:00:21.000
<v Ben Ito>It ends here.

00:00:20.000 --> 00:00:23.000
<v Ben Ito>This is after it.
"""


def test_captions_are_those_words_of_the_transcript_that_lie_in_the_recording(app, make, session):
    row = make.recording(session, wav(10), zero=10_000)
    with app.app_context(), pytest.raises(NotFound):
        services.captions(row)
    make.transcript(session, VTT, published=True, name="said.vtt")
    with app.app_context():
        assert services.captions(row).decode() == (
            "WEBVTT Captions\nLanguage: en-GB\n\n"
            "00:00:00.000 --> 00:00:02.500\n<v Ann Lee>It begins here.\n\n"
            "00:00:09.000 --> 00:00:11.000\n<v Ben Ito>It ends here.\n"
        )
        assert b"00:00:01.000 --> 00:00:04.000\n<v Ann Lee>Before it begins." in services.captions(
            make.recording(session, wav(30))
        )
