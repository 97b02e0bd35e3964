"""Recordings as visitors meet them: the file in stretches, whom it is for, captions, and the player on the pages."""

import hashlib
from datetime import timedelta

import pytest

from tests.browsing import text_of
from tests.counting import statements
from tests.ledger import Ledger
from tests.media import wav
from webapp import clock, transaction
from webapp.blueprints.recordings import streaming
from webapp.extensions import db
from webapp.headers import PLAYERS, POLICY
from webapp.models.accounts import SYSTEM, Role, ThingKind
from webapp.models.files import FileReach
from webapp.models.registrations import Registration
from webapp.queries.transcripts import all_turns
from webapp.services import files
from webapp.services.recordings import About, describe, say_unrecorded, take_back
from webapp.services.registrations import personal_token
from webapp.services.transcripts import change

SOUND = wav(20)
ETAG = f'"{hashlib.sha256(SOUND).hexdigest()[:32]}"'


@pytest.fixture
def ledger(app):
    return Ledger(app)


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
    draft = _file(event, make.recording(session, wav(3), published=False))
    organiser = make.person()
    make.grant(organiser, Role.READER, ThingKind.EVENT, event.id)
    for header in (f"bytes={len(SOUND)}-", "bytes=99999999-"):
        beyond = browser.client.get(path, headers={"Range": header}, buffered=True)
        assert (beyond.status_code, beyond.data, beyond.headers["Content-Range"]) == (416, b"", f"bytes */{len(SOUND)}")
    for header in ("items=0-5", "bytes=0-1,5-6", "bytes=9-3"):
        answer = browser.client.get(path, headers={"Range": header}, buffered=True)
        assert (answer.status_code, answer.data) == (200, SOUND), header
        assert "Content-Range" not in answer.headers
    # The long way, through the door, says the same.
    browser.sign_in(make.signed_in(organiser))
    beyond = browser.client.get(draft, headers={"Range": "bytes=99999999-"}, buffered=True)
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(wav(3))}")


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


def test_player_is_given_a_long_stretch_a_piece_at_a_time(make, browser, event, session, monkeypatch):
    monkeypatch.setattr(streaming, "MOST_AT_ONCE", 1000)
    path = _file(event, make.recording(session, SOUND))
    for header, first, end in [
        ("bytes=50-", 50, 1050),
        ("bytes=50-4000", 50, 1050),
        (f"bytes=0-{len(SOUND) - 1}", 0, 1000),
        ("bytes=-4000", len(SOUND) - 4000, len(SOUND) - 3000),
        ("bytes=50-1049", 50, 1050),
    ]:
        part = browser.client.get(path, headers={"Range": header}, buffered=True)
        assert (part.status_code, part.data) == (206, SOUND[first:end]), header
        assert part.headers["Content-Range"] == f"bytes {first}-{end - 1}/{len(SOUND)}"
        assert part.headers["Content-Length"] == "1000"


def test_few_are_sent_whole_files_at_once_and_the_others_are_told_to_wait(make, browser, event, session, monkeypatch):
    monkeypatch.setattr(streaming, "MOST_AT_ONCE", 1000)
    path = _file(event, make.recording(session, SOUND))
    fetching = [browser.client.get(path, buffered=False) for _ in range(streaming.WHOLE_AT_ONCE)]
    # What asks for several stretches is given all, too.
    for headers in ({}, {"Range": "bytes=0-1,5-6"}):
        page = browser.client.get(path, headers=headers)
        assert (page.status_code, page.headers["Retry-After"]) == (503, "60")
        assert "Other people are fetching recordings just now." in page.text
    # Who plays it is in nobody's way, nor is what is short.
    assert browser.client.get(path, headers={"Range": "bytes=0-"}, buffered=True).data == SOUND[:1000]
    assert browser.client.head(path).status_code == 200
    short = _file(event, make.recording(session, wav(0.1)))
    assert browser.client.get(short, buffered=True).data == wav(0.1)
    assert b"".join(fetching[0].response) == SOUND
    fetching[0].close()
    fetching[1].close()  # before its end, as who gives up does
    for _ in range(streaming.WHOLE_AT_ONCE + 1):
        assert browser.client.get(path, buffered=True).data == SOUND


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


def _page(event, session, rest=""):
    return f"/events/learning-day-{event.public_id}/sessions/opening-{session.public_id}{rest}"


TIMED = "WEBVTT\n\n" + "".join(
    f"00:{number:02}:30.500 --> 00:{number:02}:50.000\n<v {('Ann Lee', 'Ben Ito')[number % 2]}>Number {number}.\n\n"
    for number in range(10)
)


def _source(page):
    return page.one("audio").get("src")


def test_session_and_its_transcript_show_the_player_alike_to_all_visitors_and_are_kept(make, browser, event, session):
    recording = make.recording(session, SOUND, title="The morning")
    page = browser.get(_page(event, session))
    assert page.one("h2", id="recording").text == "The morning"
    assert _source(page) == _file(event, recording)
    assert page.all("track") == []
    make.transcript(session, TIMED, published=True, name="said.vtt")
    for path in (_page(event, session), _page(event, session, "/transcript")):
        page = browser.get(path)
        track = page.one("track")
        assert (track.get("kind"), track.get("default")) == ("captions", None)
        captions = browser.client.get(track.get("src"))
        assert (captions.mimetype, captions.text.startswith("WEBVTT")) == ("text/vtt", True)
        assert page.response.headers["Cache-Control"] == "no-cache"
        assert page.response.headers["Content-Security-Policy"] == PLAYERS
        again = browser.client.get(path)
        assert (again.text, again.headers["Content-Security-Policy"]) == (page.body, PLAYERS)
    with_transcript = browser.client.get(f"/events/learning-day-{event.public_id}")
    assert with_transcript.headers["Content-Security-Policy"] == POLICY


def test_moment_leads_to_the_turn_that_is_said_and_to_the_part_of_the_recording(make, browser, event, session):
    first = make.recording(session, wav(300), title="One")
    second = make.recording(session, wav(301), title="Two", zero=300_000)
    path = _page(event, session, "/transcript")
    assert browser.get(f"{path}?t=45").status == 404
    make.transcript(session, TIMED, published=True, name="said.vtt")
    for seconds, turn, recording, starts in [(30, 0, first, 30), (149, 1, first, 149), (330, 5, second, 30)]:
        page = browser.get(f"{path}?t={seconds}")
        (marked,) = page.all("li", class_="wm-turn--marked")
        assert marked.get("data-starts") == str(turn * 60_000 + 30_500)
        assert page.address.startswith(f"{path}?t={seconds}&page=1&at=")
        assert _source(page) == f"{_file(event, recording)}#t={float(starts)}"
    # Before anything was said, and where nothing of the kind is asked.
    for rest in ("?t=5", "?t=soon", "?t=9999999999", f"?recording={second.public_id}", "?recording=nothing"):
        assert browser.get(path + rest).all("li", class_="wm-turn--marked") == []
    assert _source(browser.get(f"{path}?recording={second.public_id}")) == _file(event, second)
    # The lasting address of a turn leads to its moment.
    turn = browser.get(path).all("li", class_="wm-turn")[7].get("id").removeprefix("t-")
    assert _source(browser.get(f"{path}/turns/{turn}")) == f"{_file(event, second)}#t=150.5"


def test_recording_is_shown_to_those_whom_it_is_for_and_others_are_told_of_it(make, browser, event, session):
    make.recording(session, SOUND, reach=FileReach.REGISTERED, title="For those with a place")
    make.recording(session, wav(2), reach=FileReach.ORGANISERS, title="For organisers")
    make.transcript(session, TIMED, published=True, name="said.vtt")
    seen = {}
    for who, person in _people(make, event).items():
        if person is not None:
            browser.sign_in(make.signed_in(person))
        for path in (_page(event, session), _page(event, session, "/transcript")):
            page = browser.get(path)
            told = "The recording is for people with a place at the event." in page.text
            offered = page.has_link("Sign in") and "or use the link in the letter that confirmed" in page.text
            titles = {name for name in ("For those with a place", "For organisers") if name in page.text}
            seen.setdefault(who, []).append((told, offered, titles))
    assert seen == {
        "visitor": [(True, True, set())] * 2,
        "stranger": [(True, False, set())] * 2,
        "placed": [(False, False, {"For those with a place"})] * 2,
        "organiser": [(False, False, {"For those with a place", "For organisers"})] * 2,
    }


def test_captions_are_built_for_those_alone_who_do_not_have_them_as_they_are(
    app, make, browser, ledger, event, session, now
):
    recording = make.recording(session, wav(600))
    transcript = make.transcript(session, TIMED, published=True, name="said.vtt")
    path = _file(event, recording).removesuffix("file") + "captions.vtt"
    doing = {"actor": SYSTEM, "now": now}
    seen = [browser.client.get(path)]

    def ask():
        with statements(app) as asked:
            seen.append(browser.client.get(path, headers={"If-None-Match": seen[-1].headers["ETag"]}))
        return seen[-1].status_code, any("FROM turns" in one or "FROM transcripts" in one for one in asked)

    assert ask() == (304, False)
    assert (seen[-1].data, seen[-1].headers["Cache-Control"]) == (b"", "private, no-cache")
    with app.app_context():
        turn, *_ = all_turns(transcript.id)
    speaker = make.speaker("Ina Moss")
    corrected = {"words": "Corrected.", "speaker_id": speaker.id, "version": turn.version}
    ledger.act(change, transcript.id, turn.public_id, **corrected, **doing)
    assert (ask(), "<v Ina Moss>Corrected." in seen[-1].text) == ((200, True), True)
    ledger.change(speaker, name="Ina Moss-Hay")
    assert (ask(), "<v Ina Moss-Hay>" in seen[-1].text) == ((200, True), True)
    ledger.act(describe, recording, About(zero=30_000), version=recording.version, **doing)
    assert (ask(), "00:00:00.500 -->" in seen[-1].text) == ((200, True), True)
    assert ask() == (304, False)
    ledger.act(take_back, recording, **doing)
    assert ask() == (404, False)


def test_place_that_an_address_leads_to_is_kept_for_those_who_see_more(make, browser, event, session):
    make.recording(session, wav(300), title="One")
    second = make.recording(session, wav(301), title="Two", zero=300_000, reach=FileReach.REGISTERED)
    make.transcript(session, TIMED, published=True, name="said.vtt")
    path = _page(event, session, "/transcript")
    turn = browser.get(path).all("li", class_="wm-turn")[7].get("id").removeprefix("t-")
    browser.sign_in(make.signed_in(_people(make, event)["placed"]))
    for address in (f"{path}/turns/{turn}", f"{path}?t=450"):
        assert _source(browser.get(address)) == f"{_file(event, second)}#t=150{'.0' if 't=' in address else '.5'}"
    assert _source(browser.get(f"{path}?recording={second.public_id}")) == _file(event, second)


def test_personal_link_plays_what_its_holder_may_see(app, make, browser, event, session, now):
    rows = {reach: make.recording(session, wav(9 + n), reach=reach, title=reach) for n, reach in enumerate(FileReach)}
    draft = make.recording(session, wav(30), reach=FileReach.REGISTERED, published=False)
    make.transcript(session, TIMED, published=True, name="said.vtt")
    registration = make.registration(event)
    with app.app_context():
        own = f"/registrations/{personal_token(db.session.get_one(Registration, registration.id))}"
    assert browser.get(own).all("h2", id="recordings") == []
    with clock.fixed(event.ends_at):
        page = browser.get(own)
        assert page.one("h2", id="recordings").text == "Recordings for you"
        assert "Recordings for you Listen to Opening public Listen to Opening registered What you told us" in page.text
        played = browser.get(f"{own}/recordings/{rows[FileReach.REGISTERED].public_id}")
        assert (played.heading, played.response.headers["Content-Security-Policy"]) == ("Opening", PLAYERS)
        assert played.response.headers["Cache-Control"] == "no-store"
        part = browser.client.get(_source(played), headers={"Range": "bytes=0-3"}, buffered=True)
        assert (part.status_code, part.data, part.headers["Cache-Control"]) == (206, b"RIFF", "private, no-store")
        assert browser.client.get(played.one("track").get("src")).text.startswith("WEBVTT")
        for row in (rows[FileReach.ATTENDED], rows[FileReach.ORGANISERS], draft, session):
            for rest in ("", "/file", "/captions.vtt"):
                assert browser.get(f"{own}/recordings/{row.public_id}{rest}").status == 404


def test_video_at_a_provider_and_elsewhere_is_a_link_and_nothing_is_loaded(make, browser, event, session):
    video = make.recording(session, address="https://vimeo.com/123456789/0a1b2c3d4e", title="Video")
    link = make.recording(session, address="https://www.example.org/film?a=1&b=2", title="Film")
    page = browser.get(_page(event, session))
    assert page.link("Watch on Vimeo") == "https://vimeo.com/123456789/0a1b2c3d4e"
    assert page.one("div", data_player="vimeo").get("data-zero") == "0"
    assert page.all("iframe") == []
    page = browser.get(_page(event, session, f"?recording={link.public_id}"))
    assert page.link("Watch at example.org") == "https://www.example.org/film?a=1&b=2"
    page = browser.get(_page(event, session, f"?t=75&recording={video.public_id}"))
    assert page.link("Watch on Vimeo, from 0:01:15") == "https://vimeo.com/123456789/0a1b2c3d4e#t=75s"


def test_agenda_says_of_what_there_is_a_recording(app, make, browser, event, session, now):
    make.recording(session, SOUND, reach=FileReach.ATTENDED)
    make.recording(make.session(event, "Hidden"), wav(2), reach=FileReach.ORGANISERS)
    silent = make.session(event, "Silent")
    with app.app_context(), transaction.unit():
        say_unrecorded(silent.id, "", actor=SYSTEM, now=now)
    path = f"/events/learning-day-{event.public_id}/agenda"
    assert browser.get(path).all("p", class_="wm-session__recorded") == []
    # From when the event begins there may be any.
    with clock.fixed(event.starts_at):
        page = browser.get(path)
    said = [text_of(one) for one in page.all("p", class_="wm-session__recorded")]
    assert said == ["Recording", "Not recorded"]


def test_long_transcript_tells_where_its_pages_begin(make, browser, event, session):
    lines = (
        f"{number // 60:02}:{number % 60:02}:00.000 --> {number // 60:02}:{number % 60:02}:30.000\n"
        f"<v {('Ann', 'Ben')[number % 2]}>{number}."
        for number in range(401)
    )
    make.transcript(session, "WEBVTT\n\n" + "\n\n".join(lines), published=True, name="said.vtt")
    path = _page(event, session, "/transcript")
    around = [browser.get(f"{path}?page={number}").one("div", id="turns") for number in (1, 2, 3)]
    assert [(one.get("data-since"), one.get("data-until")) for one in around] == [
        (None, "12000000"),
        ("12000000", "24000000"),
        ("24000000", None),
    ]
    assert browser.get(f"{path}?t=12001").address.startswith(f"{path}?t=12001&page=2&at=")
    assert browser.get(f"{path}?find=7").one("div", id="turns").get("data-until") is None


def test_public_file_that_is_taken_back_plays_on_for_no_more_than_seconds(app, make, browser, event, session):
    recording = make.recording(session, SOUND)
    path, seen = _file(event, recording), []
    with statements(app) as asked:
        seen += [browser.client.get(path, buffered=True).status_code for _ in range(3)]
    assert (seen, len(asked)) == ([200, 200, 200], 1)
    with app.app_context(), transaction.unit():
        take_back(recording, actor=SYSTEM, now=make.now)
    for later in (streaming.REMEMBERED - timedelta(seconds=1), streaming.REMEMBERED):
        with clock.fixed(make.now + later):
            seen.append(browser.client.get(path, buffered=True).status_code)
    assert seen == [200, 200, 200, 200, 404]
