"""Recordings as visitors meet them: the file in stretches, whom it is for, captions, and the player on the pages."""

import hashlib

import pytest

from tests.media import wav
from webapp.blueprints.recordings import streaming
from webapp.extensions import db
from webapp.models.accounts import Role, ThingKind
from webapp.models.files import FileReach
from webapp.services import files

SOUND = wav(20)
ETAG = f'"{hashlib.sha256(SOUND).hexdigest()[:32]}"'


@pytest.fixture
def event(make):
    return make.event("Learning day")


@pytest.fixture
def session(make, event):
    return make.session(event, "Opening")


def _file(event, recording):
    return f"/events/learning-day-{event.public_id}/recordings/{recording.public_id}/file"


def test_file_comes_whole_or_in_the_stretch_that_is_asked_for(make, browser, event, session):
    path = _file(event, make.recording(session, SOUND))
    whole = browser.client.get(path, buffered=True)
    assert (whole.status_code, whole.data) == (200, SOUND)
    told = ("Content-Type", "Accept-Ranges", "ETag", "Cache-Control", "Content-Length", "Set-Cookie")
    assert [whole.headers.get(name) for name in told] == ["audio/wav", "bytes", ETAG, "no-cache", str(len(SOUND)), None]
    for header, first, end in [
        ("bytes=0-0", 0, 1),
        ("bytes=100-299", 100, 300),
        ("bytes=-7", len(SOUND) - 7, len(SOUND)),
        (f"bytes={len(SOUND) - 3}-{len(SOUND) + 50}", len(SOUND) - 3, len(SOUND)),
        ("bytes=44-", 44, len(SOUND)),
    ]:
        part = browser.client.get(path, headers={"Range": header}, buffered=True)
        assert (part.status_code, part.data) == (206, SOUND[first:end]), header
        assert part.headers["Content-Range"] == f"bytes {first}-{end - 1}/{len(SOUND)}"
        assert part.headers["Content-Length"] == str(end - first)
        assert part.headers["ETag"] == ETAG


def test_ranges_that_cannot_be_answered_are_refused_or_passed_over_as_the_rfc_says(make, browser, event, session):
    path = _file(event, make.recording(session, SOUND))
    beyond = browser.client.get(path, headers={"Range": f"bytes={len(SOUND)}-"}, buffered=True)
    assert (beyond.status_code, beyond.data, beyond.headers["Content-Range"]) == (416, b"", f"bytes */{len(SOUND)}")
    for header in ("items=0-5", "bytes=0-1,5-6", "bytes=9-3"):
        answer = browser.client.get(path, headers={"Range": header}, buffered=True)
        assert (answer.status_code, answer.data) == (200, SOUND), header
        assert "Content-Range" not in answer.headers


def test_conditions_are_held_against_the_content(make, browser, event, session):
    path = _file(event, make.recording(session, SOUND))
    asked = {"Range": "bytes=0-9"}
    for headers, status, data in [
        ({"If-None-Match": ETAG}, 304, b""),
        ({"If-None-Match": ETAG, **asked}, 304, b""),
        ({"If-None-Match": '"another"', **asked}, 206, SOUND[:10]),
        ({"If-Match": '"another"'}, 412, b""),
        ({"If-Match": ETAG, **asked}, 206, SOUND[:10]),
        ({"If-Range": ETAG, **asked}, 206, SOUND[:10]),
        # Another file by now, a weak name, or a date that we never gave: all of it.
        ({"If-Range": '"another"', **asked}, 200, SOUND),
        ({"If-Range": f"W/{ETAG}", **asked}, 200, SOUND),
        ({"If-Range": "Mon, 10 May 2027 09:00:00 GMT", **asked}, 200, SOUND),
    ]:
        answer = browser.client.get(path, headers=headers, buffered=True)
        assert (answer.status_code, answer.data) == (status, data), headers
    head = browser.client.head(path, headers=asked)
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", str(len(SOUND)))


def test_player_that_asks_for_all_the_rest_is_given_it_a_piece_at_a_time(make, browser, event, session, monkeypatch):
    monkeypatch.setattr(streaming, "MOST_AT_ONCE", 1000)
    path = _file(event, make.recording(session, SOUND))
    part = browser.client.get(path, headers={"Range": "bytes=50-"}, buffered=True)
    assert (part.status_code, part.data) == (206, SOUND[50:1050])
    assert part.headers["Content-Range"] == f"bytes 50-1049/{len(SOUND)}"
    # Whoever names an end has reasons to.
    assert browser.client.get(path, headers={"Range": "bytes=50-4000"}, buffered=True).data == SOUND[50:4001]


def test_file_is_sent_without_a_connection_to_the_database(app, make, browser, event, session):
    path = _file(event, make.recording(session, SOUND))
    answer = browser.client.get(path, buffered=False)
    pieces = iter(answer.response)
    with app.app_context():
        held = db.engine.pool.checkedout() if hasattr(db.engine.pool, "checkedout") else 0
    assert (held, b"".join(pieces)) == (0, SOUND)
    answer.close()


@pytest.mark.parametrize(
    ("reach", "sees"),
    [
        (FileReach.PUBLIC, {"visitor", "stranger", "placed", "organiser"}),
        (FileReach.REGISTERED, {"placed", "organiser"}),
        (FileReach.ATTENDED, {"organiser"}),
        (FileReach.ORGANISERS, {"organiser"}),
    ],
)
def test_file_is_for_those_whom_it_reaches_and_no_such_page_to_others(make, browser, event, session, reach, sees):
    path = _file(event, make.recording(session, SOUND, reach=reach))
    draft = _file(event, make.recording(session, wav(3), reach=reach, published=False))
    found, of_draft = set(), set()
    for who, person in _people(make, event).items():
        if person is not None:
            browser.sign_in(make.signed_in(person))
        answer = browser.client.get(path, buffered=True)
        if answer.status_code == 200:
            found.add(who)
            assert answer.headers["Cache-Control"] == ("no-cache" if reach is FileReach.PUBLIC else "private, no-store")
        else:
            assert answer.status_code == 404
        of_draft |= {who} if browser.client.get(draft, buffered=True).status_code == 200 else set()
    assert (found, of_draft) == (sees, {"organiser"})


def _people(make, event):
    placed, organiser = make.person(), make.person()
    make.registration(event, email=placed.email)
    make.grant(organiser, Role.READER, ThingKind.EVENT, event.id)
    return {"visitor": None, "stranger": make.person(), "placed": placed, "organiser": organiser}


def test_file_that_is_gone_from_the_disk_and_one_that_never_was_are_no_such_page(app, make, browser, event, session):
    recording = make.recording(session, wav(7))
    elsewhere = make.recording(session, address="https://example.org/film")
    with app.app_context():
        files.find_path(hashlib.sha256(wav(7)).hexdigest(), app.config["SETTINGS"].files_path).unlink()
    for path in (
        _file(event, recording),
        _file(event, elsewhere),
        _file(event, session),
        _file(make.event(), recording),
    ):
        assert browser.client.get(path, buffered=True).status_code == 404
