"""Files that come in slowly: nothing waits for them, and what then is done with them stands."""

import io

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from tests.browsing import Browser
from tests.ledger import Ledger
from tests.media import wav
from tests.uploads import PDF
from webapp.blueprints.manage.materials.forms import LARGEST
from webapp.blueprints.uploads import REST
from webapp.extensions import db
from webapp.models.accounts import Role, ThingKind
from webapp.models.materials import Material
from webapp.models.recordings import Recording


class _Slow(io.BytesIO):
    """A body that comes in piece by piece; in between, the database gives up on whoever has begun and says nothing."""

    def __init__(self, app, content=b""):
        super().__init__(content)
        self.app, self.held, self.taken = app, set(), 0

    def _watch(self, taken):
        self.taken += taken
        with self.app.app_context():
            self.held.add(_held(db.engine.pool))

    def read(self, size=-1):
        piece = super().read(size)
        self._watch(len(piece))
        return piece

    def readinto(self, buffer):
        size = super().readinto(buffer)
        self._watch(size)
        return size


def _held(pool):
    return pool.checkedout() if hasattr(pool, "checkedout") else 0


@pytest.fixture
def slowly(app):
    """Sends a form with one file slowly; gives the page that answers, and how many connections were held meanwhile."""

    def send(browser, form, field, content, filename):
        kept = {key: value for key, value in form.values.items() if key != field}
        boundary, body = encode_multipart(MultiDict({**kept, field: FileStorage(io.BytesIO(content), filename, field)}))
        slow = _Slow(app, body)
        page = browser.post(form.action, input_stream=slow, content_type=f"multipart/form-data; boundary={boundary}")
        assert slow.taken == len(body)
        return page, slow.held

    return send


@pytest.fixture
def event(make):
    return make.event("Family hubs")


@pytest.fixture
def editor(app, make, event):
    person = make.person()
    make.grant(person, Role.ORGANISER, ThingKind.EVENT, event.id)
    return Browser(app).sign_in(make.signed_in(person))


def at(event, rest):
    return f"/manage/events/{event.slug}-{event.public_id}{rest}"


@pytest.mark.parametrize(
    ("content", "answer", "kept"),
    [(wav(), (200, "It is received and kept as a draft."), 1), (PDF, (422, "This file is none that we can take."), 0)],
)
def test_recording_holds_no_connection_while_it_comes_in(app, editor, make, event, slowly, content, answer, kept):
    session = make.session(event, "Opening")
    form = editor.get(at(event, f"/recordings/sessions/{session.public_id}/upload")).form()
    page, held = slowly(editor, form, "file", content, "opening.wav")
    assert (held, page.status, answer[1] in page.text) == ({0}, answer[0], True)
    assert len(Ledger(app).all(select(Recording))) == kept


@pytest.mark.parametrize(
    ("content", "answer", "kept"), [(PDF, (200, "is added"), 1), (b"MZ" + bytes(100), (422, "a program"), 0)]
)
def test_material_holds_no_connection_while_it_comes_in(app, editor, event, slowly, content, answer, kept):
    page, held = slowly(editor, editor.get(at(event, "/materials/files")).form(), "files", content, "slides.pdf")
    assert (held, page.status, answer[1] in page.text) == ({0}, answer[0], True)
    assert len(Ledger(app).all(select(Material))) == kept


def test_file_that_is_too_large_holds_no_connection_while_it_is_thrown_away(app, editor, event):
    slow = _Slow(app, bytes(LARGEST + REST + 1))
    page = editor.post(at(event, "/materials/files"), input_stream=slow, content_type="multipart/form-data; boundary=x")
    assert (page.status, slow.held, slow.taken) == (413, {0}, LARGEST + REST + 1)
    assert "Files sent together may have up to 50 MB. Nothing was saved." in page.text
