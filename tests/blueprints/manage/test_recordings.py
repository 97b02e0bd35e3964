"""Recordings on the organisers' side: added, uploaded, described, ordered, published, removed, by forms alone."""

import io

import pytest
from sqlalchemy import select

from tests.counting import statements
from tests.ledger import Ledger
from tests.media import mp4, wav
from tests.uploads import PDF, send
from webapp.models.files import FileReach
from webapp.models.recordings import Place, Recording, Unrecorded

YOUTUBE = "https://youtu.be/aB3-_xYz012"


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    return make.event("Family hubs")


@pytest.fixture
def session(make, event):
    return make.session(event, "Opening")


def address(event, rest=""):
    return f"/manage/events/{event.slug}-{event.public_id}/recordings{rest}"


def session_page(editor, event):
    """The page of the session's recordings, come to as an organiser does."""
    index = editor.get(editor.get(editor.get(f"/manage/events/{event.public_id}").link("Record")).link("Recordings"))
    return editor.get(index.link("Opening"))


def test_address_is_added_described_and_published(organiser, event, session, ledger, browser):
    editor = organiser(event)
    checklist = f"/manage/events/{event.slug}-{event.public_id}/setup"
    assert "Recordings None yet Optional" in editor.get(checklist).text
    form = editor.get(session_page(editor, event).link("An address at YouTube, Vimeo or elsewhere")).form()
    page = editor.send(form, address=f"{YOUTUBE}?t=9", title="Morning", reach="public")
    assert "added as a draft" in page.text
    assert "Recordings 1 not published yet To do" in editor.get(checklist).text
    page = editor.get(page.link("Change Morning"))
    page = editor.send(page.form(), zero="-0:30", duration="1:02:03", title="The morning")
    assert "It begins where the transcript stands at minus 0:00:30." in page.text
    row = ledger.one(select(Recording))
    assert (row.place, row.video, row.title, row.zero, row.duration, row.is_published) == (
        Place.YOUTUBE, "aB3-_xYz012", "The morning", -30_000, 3_723_000, False,
    )  # fmt: skip
    page = editor.send(page.form("/publish"))
    assert "It is published." in page.text
    assert "Recordings 1 published Done" in editor.get(checklist).text
    public = browser.get(page.link("See the page of the session"))
    assert public.has_link("Watch on YouTube")
    page = editor.send(page.form("/take-back"))
    assert not browser.get(public.address).has_link("Watch on YouTube")
    page = editor.get(page.link("Remove The morning"))
    assert "At YouTube it stays as it is." in page.text
    assert "There is none yet." in editor.send(page.form()).text
    assert ledger.all(select(Recording)) == []


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Enter the address of the recording"),
        ("http://example.org/film", "The address must begin with https://"),
        ("https://example.org/" + "x" * 490, "The address must be 500 characters or fewer"),
    ],
)
def test_address_that_is_none_is_said_to_be_so_and_nothing_typed_is_lost(organiser, event, session, typed, says):
    editor = organiser(event)
    form = editor.get(address(event, f"/sessions/{session.public_id}/add")).form()
    page = editor.send(form, address=typed, title="Morning", reach="attended")
    assert (page.status, says in page.text) == (422, True)
    assert {key: page.form().values[key] for key in ("address", "title", "reach")} == {
        "address": [typed], "title": ["Morning"], "reach": ["attended"],
    }  # fmt: skip


def test_times_that_are_none_are_said_to_be_so(organiser, make, event, session):
    editor = organiser(event)
    row = make.recording(session, address=YOUTUBE)
    form = editor.get(address(event, f"/{row.public_id}/edit")).form()
    page = editor.send(form, zero="soon", duration="-0:10")
    assert page.status == 422
    assert "Enter a time like 1:02:30, not “soon”" in page.text
    assert "Enter a time of up to a week, of 0:00:00 or more" in page.text
    assert (page.form().values["zero"], page.form().values["duration"]) == (["soon"], ["-0:10"])


def test_second_of_two_who_change_a_recording_is_told_and_nothing_typed_is_lost(organiser, make, event, session):
    editor = organiser(event)
    row = make.recording(session, address=YOUTUBE)
    first, second = (editor.get(address(event, f"/{row.public_id}/edit")).form() for _ in range(2))
    editor.send(first, title="Mine")
    page = editor.send(second, title="Theirs")
    assert page.status == 409
    assert "Somebody changed this recording while you were writing" in page.text
    assert "Theirs" in editor.send(page.form()).text


def test_file_is_uploaded_told_by_its_content_and_kept_once(organiser, app, event, session, ledger, make):
    editor = organiser(event)
    upload = address(event, f"/sessions/{session.public_id}/upload")
    film = mp4(b"vide", b"soun")
    for _ in range(2):
        page = send(editor, editor.get(upload).form(), "file", film, "../../évil.exe")
        assert page.heading == "About the recording"
    assert page.form().values["duration"] == ["0:01:30"]
    row = ledger.one(select(Recording))
    assert (row.place, row.duration, row.reach) == (Place.FILE, 90_000, FileReach.PUBLIC)
    folder = app.config["SETTINGS"].files_path
    assert list(folder.rglob(".*.partial")) == []
    assert (
        editor.client.get(f"/events/family-hubs-{event.public_id}/recordings/{row.public_id}/file", buffered=True).data
        == film
    )


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (PDF, "film.mp4", "This file is none that we can take."),
        (mp4(b"vide")[:-9], "film.mp4", "This file is damaged or was cut short."),
        (b"", "", "Choose a file"),
    ],
)
def test_file_that_is_no_recording_is_refused_with_words_and_leaves_nothing(
    organiser, app, event, session, ledger, content, name, says
):
    editor = organiser(event)
    before = set(app.config["SETTINGS"].files_path.rglob("*"))
    form = editor.get(address(event, f"/sessions/{session.public_id}/upload")).form()
    page = send(editor, form, "file", content, name)
    assert (page.status, says in page.text) == (422, True)
    assert ledger.all(select(Recording)) == []
    assert {path for path in app.config["SETTINGS"].files_path.rglob("*") if path.is_file()} <= before


class _Endless(io.RawIOBase):
    """Says that it has no end, and counts what is taken from it."""

    taken = 0

    def readable(self):
        return True

    def readinto(self, buffer):
        self.taken += len(buffer)
        return len(buffer)


def test_upload_of_three_gigabytes_is_refused_before_any_of_it_is_read(organiser, event, session, ledger):
    editor = organiser(event)
    stream = _Endless()
    answer = editor.client.post(
        address(event, f"/sessions/{session.public_id}/upload"),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"wsgi.input": stream, "CONTENT_LENGTH": str(3 * 1024**3)},
    )
    assert (answer.status_code, stream.taken) == (413, 0)
    assert "A recording may have up to 2048 MB. Nothing was saved." in answer.get_data(as_text=True)
    assert ledger.all(select(Recording)) == []


def test_session_is_said_not_to_be_recorded_and_that_is_taken_back(organiser, event, session, ledger, browser):
    editor = organiser(event)
    form = editor.get(session_page(editor, event).link("Say that it was not recorded")).form()
    page = editor.send(form, reason="Families spoke of their own lives.")
    assert "Not recorded" in page.text
    checklist = f"/manage/events/{event.slug}-{event.public_id}/setup"
    assert "Recordings 1 session not recorded Done" in editor.get(checklist).text
    public = browser.get(f"/events/family-hubs-{event.public_id}/sessions/opening-{session.public_id}")
    assert "This session was not recorded. Families spoke of their own lives." in public.text
    page = editor.send(session_page(editor, event).form("/recorded"))
    assert "It is taken back." in page.text
    assert ledger.all(select(Unrecorded)) == []


def test_recordings_change_places(organiser, make, event, session, ledger):
    editor = organiser(event)
    for title in ("One", "Two"):
        make.recording(session, address=f"https://example.org/{title}", title=title)
    two = ledger.all(select(Recording).order_by(Recording.position))[1].public_id
    page = editor.send(session_page(editor, event).form(f"{two}/move"), to="earlier")
    assert [row.title for row in ledger.all(select(Recording).order_by(Recording.position))] == ["Two", "One"]
    editor.send(page.form(f"{two}/move"), to="later")
    assert [row.title for row in ledger.all(select(Recording).order_by(Recording.position))] == ["One", "Two"]


def test_list_takes_as_many_statements_for_many_as_for_one(app, organiser, make, event, session):
    editor = organiser(event)
    make.recording(session, wav(1))
    with statements(app) as few:
        editor.get(address(event))
    for number in range(6):
        make.recording(make.session(event), address=f"https://example.org/{number}")
    with statements(app) as many:
        page = editor.get(address(event))
    assert page.text.count("Published 1") == 7
    assert len(many) == len(few)
