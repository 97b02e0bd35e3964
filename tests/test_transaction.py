"""What must hold about the database, proved on SQLite and on PostgreSQL, with real connections and real commits."""

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask, Response
from sqlalchemy import create_engine, event, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from werkzeug.test import create_environ, run_wsgi_app

from tests.browsing import Browser
from tests.conftest import NOW, settings_for
from tests.making import Maker
from webapp import create_app, flask_settings, outbox, transaction
from webapp.database import insert_many
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.models.accounts import SignInLink
from webapp.models.mailings import Lane, Letter
from webapp.models.operations import Heartbeat
from webapp.notices.letters import LetterFacts, Notice, dump
from webapp.services.registrations import personal_token

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def beats(app: Flask) -> Iterator[Flask]:
    """The application with a few doors of its own that write one row each in a different way."""
    own = create_app(app.config["SETTINGS"])
    own.testing = True
    own.add_url_rule("/probe/<verb>", "probe", _probe, methods=["GET", "POST"])
    yield own
    for queue in own.extensions["jobs"].values():
        queue.storage.close()
    with own.app_context():
        db.session.remove()
        db.engine.dispose()


def _probe(verb: str) -> Response | tuple[str, int]:
    if verb == "reads":
        return str(db.session.scalar(select(func.count()).select_from(Heartbeat))), 200
    if verb == "strays":
        db.session.add(Heartbeat(name="stray", beat_at=NOW))
        db.session.flush()
        return "written", 200
    if verb == "sneaks":
        db.session.execute(insert(Heartbeat).values(name="sneaked", beat_at=NOW))
        return "written", 200
    with transaction.attempt():
        db.session.add(Heartbeat(name=verb, beat_at=NOW))
        db.session.flush()
    if verb == "refused":
        with pytest.raises(DomainError):
            _refused()
        return str(db.session.scalar(select(func.count()).select_from(Heartbeat))), 422
    if verb == "doubled":
        with pytest.raises(IntegrityError), transaction.attempt():
            db.session.execute(insert(Heartbeat).values(name="doubled", beat_at=NOW))
        return str(db.session.scalar(select(func.count()).select_from(Heartbeat))), 200
    if verb == "posts":
        outbox.post(_notice(), now=NOW)
    return "done", 200


def _refused() -> None:
    with transaction.attempt():
        db.session.add(Heartbeat(name="inside-the-refusal", beat_at=NOW))
        raise DomainError("no")


def _notice() -> Notice:
    return Notice(
        name="password_changed", recipient_name="A", recipient_email="a@example.org", facts=dump(LetterFacts())
    )


def _names(app: Flask) -> list[str]:
    with app.app_context():
        return sorted(db.session.scalars(select(Heartbeat.name)))


def test_error_of_a_database_in_production_tells_no_values(app):
    production = flask_settings(app.config["SETTINGS"].model_copy(update={"env": "production"}))
    engine = create_engine(production["SQLALCHEMY_DATABASE_URI"], **production["SQLALCHEMY_ENGINE_OPTIONS"])
    statement = text("SELECT nothing FROM nowhere WHERE email = :email")
    with engine.connect() as connection, pytest.raises(DBAPIError) as failed:
        connection.execute(statement, {"email": "ann@example.org"})
    engine.dispose()
    assert "nowhere" in str(failed.value)
    assert "ann@example.org" not in str(failed.value)


def test_post_below_400_is_committed(beats: Flask) -> None:
    assert beats.test_client().post("/probe/kept").status_code == 200

    assert _names(beats) == ["kept"]


def test_post_answering_422_is_rolled_back_and_may_still_read(beats: Flask) -> None:
    answer = beats.test_client().post("/probe/refused")

    assert (answer.status_code, answer.text) == (422, "1")  # the row before the refusal, seen; the one inside, gone
    assert _names(beats) == []


def test_broken_constraint_leaves_the_session_readable(beats: Flask) -> None:
    answer = beats.test_client().post("/probe/doubled")

    assert answer.text == "1"
    assert _names(beats) == ["doubled"]


def test_get_that_adds_a_row_is_stopped_by_the_program(beats: Flask) -> None:
    with pytest.raises(transaction.NotInAUnit, match="outside a unit"):
        beats.test_client().get("/probe/strays")

    assert _names(beats) == []


def test_get_that_writes_past_the_program_is_stopped_by_the_database(beats: Flask) -> None:
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        beats.test_client().get("/probe/sneaks")

    assert _names(beats) == []


def test_get_may_not_open_a_unit(beats: Flask) -> None:
    with pytest.raises(transaction.NotInAUnit, match="GET may not write"):
        beats.test_client().get("/probe/kept")

    assert _names(beats) == []


def test_units_are_never_nested(app: Flask) -> None:
    with app.app_context(), transaction.unit(), pytest.raises(transaction.NotInAUnit), transaction.unit():
        pass


def test_unit_that_raises_keeps_nothing_and_runs_no_hook(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    monkeypatch.setitem(app.extensions, "after_commit", [lambda: ran.append("hook")])

    def broken() -> None:
        with transaction.unit():
            db.session.add(Heartbeat(name="lost", beat_at=NOW))
            db.session.flush()
            raise KeyError

    with app.app_context(), pytest.raises(KeyError):
        broken()

    assert (_names(app), ran) == ([], [])


def test_failing_commit_is_an_error_page_and_leaves_no_letter(beats: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commit itself breaks, by a constraint that is only looked at then, or by the database going away."""
    ran: list[str] = []
    monkeypatch.setitem(beats.extensions, "after_commit", [lambda: ran.append("hook")])
    with beats.app_context():
        session_class = type(db.session())

    def broken(_self: object) -> None:
        raise OSError("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr(session_class, "commit", broken)
        with pytest.raises(OSError, match="disk"):
            beats.test_client().post("/probe/posts")

    with beats.app_context():
        letters = db.session.scalar(select(func.count()).select_from(Letter))
    assert (letters, _names(beats), ran) == (0, [], [])
    assert beats.test_client().post("/probe/after").status_code == 200
    assert _names(beats) == ["after"]


def test_committed_letter_is_there_with_its_change(beats: Flask) -> None:
    beats.test_client().post("/probe/posts")

    with beats.app_context():
        assert [letter.recipient_email for letter in db.session.scalars(select(Letter))] == ["a@example.org"]


def test_rows_by_the_driver_alone_are_those_of_the_library(app: Flask) -> None:
    facts = {"name": "Siobhán", "none": None}
    given = {
        "notice": "sign_in_link",
        "lane": Lane.URGENT,
        "recipient_name": "Ann Lee",
        "recipient_email": "ann@example.org",
        "facts": facts,
        "person_id": None,
        "expires_at": None,
        "next_attempt_at": NOW,
        "created_at": NOW,
    }
    others = {"lane": Lane.MAILING, "facts": {}, "expires_at": NOW, "recipient_name": "‘%s’ :name ?"}
    rows = [given, given | others, given]
    with app.app_context():
        with transaction.unit():
            db.session.execute(insert(Letter.__table__), rows)
        with transaction.unit():
            insert_many(db.session, Letter.__table__, rows)
            insert_many(db.session, Letter.__table__, [])
        columns = [column for column in Letter.__table__.columns if column.name not in {"id", "public_id"}]
        stored = [tuple(row) for row in db.session.execute(select(*columns).order_by(Letter.id))]
        names = set(db.session.scalars(select(Letter.public_id)))
    assert len(stored) == len(names) == 6
    assert stored[3:] == stored[:3]
    assert stored[0] != stored[1]


def test_slow_upload_blocks_no_other_writer(beats: Flask) -> None:
    """A body that trickles in holds no lock: another writer is done while it is still on its way."""
    begun, go_on = threading.Event(), threading.Event()

    class Trickle:
        """A request body whose second half waits."""

        def __init__(self) -> None:
            self.parts = [b"a=1", b"&b=2"]

        def read(self, _size: int = -1) -> bytes:
            if len(self.parts) == 1:
                begun.set()
                assert go_on.wait(10)
            return self.parts.pop(0) if self.parts else b""

        def readline(self, size: int = -1) -> bytes:
            return self.read(size)

    def slow() -> None:
        environ = create_environ("/sign-in", method="POST", content_type="application/x-www-form-urlencoded")
        environ |= {"wsgi.input": Trickle(), "CONTENT_LENGTH": "7"}
        run_wsgi_app(beats.wsgi_app, environ)

    thread = threading.Thread(target=slow)
    thread.start()
    try:
        assert begun.wait(10)
        with beats.app_context(), transaction.unit():
            if db.engine.dialect.name == "sqlite":
                db.session.execute(text("PRAGMA busy_timeout=100"))
            db.session.add(Heartbeat(name="quick", beat_at=NOW))
        assert _names(beats) == ["quick"]
    finally:
        go_on.set()
        thread.join(10)


def test_brief_unit_is_done_whole_or_not_at_all_and_never_within_another(app: Flask) -> None:
    added = ("INSERT INTO heartbeats (name, beat_at) VALUES ('brief', '2027-05-10 09:00:00')", ())
    seen = ("SELECT name FROM heartbeats", ())
    with app.app_context():
        with pytest.raises(db.engine.dialect.loaded_dbapi.Error):
            transaction.brief_unit([added, ("SELECT name FROM nowhere", ())])
        assert _names(app) == []
        with transaction.unit(), pytest.raises(transaction.NotInAUnit):
            transaction.brief_unit([added, seen])
        assert transaction.brief_unit([added, seen]) == [("brief",)]
    assert _names(app) == ["brief"]


def test_writer_waits_for_the_lock_instead_of_failing(app: Flask) -> None:
    """Two units that read and then write the same number: the second sees what the first wrote."""
    with app.app_context(), transaction.unit():
        db.session.add(Heartbeat(name="n0", beat_at=NOW))
    errors: list[BaseException] = []

    def add_one() -> None:
        try:
            for _ in range(10):
                with app.app_context(), transaction.unit():
                    if db.engine.dialect.name == "postgresql":
                        db.session.execute(text("SELECT name FROM heartbeats WHERE name = 'n0' FOR UPDATE"))
                    count = db.session.scalar(select(func.count()).select_from(Heartbeat)) or 0
                    db.session.add(Heartbeat(name=f"n{count}", beat_at=NOW))
        except BaseException as error:  # noqa: BLE001 -- shown below
            errors.append(error)

    threads = [threading.Thread(target=add_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert errors == []
    assert len(_names(app)) == 81


def test_read_on_sqlite_keeps_one_state_while_others_write(sqlite_app: Flask) -> None:
    """PostgreSQL reads each statement afresh (READ COMMITTED), so this speaks of SQLite alone."""
    counted = select(func.count()).select_from(Heartbeat)
    with sqlite_app.app_context():
        before = db.session.scalar(counted)
        _write_elsewhere(sqlite_app)
        during = db.session.scalar(counted)
        db.session.rollback()
        after = db.session.scalar(counted)

    assert (during, after) == (before, (before or 0) + 1)


def _write_elsewhere(app: Flask) -> None:
    def write() -> None:
        with app.app_context(), transaction.unit():
            db.session.add(Heartbeat(name="elsewhere", beat_at=NOW))

    thread = threading.Thread(target=write)
    thread.start()
    thread.join(10)


def test_database_away_is_a_page_that_keeps_what_was_typed(app: Flask, make: Maker, folder) -> None:
    """The database answers nothing at the moment of sending: 503, with everything typed and a button."""
    other = create_app(settings_for(folder, "sqlite:////nowhere/at/all.db"))
    other.config["WTF_CSRF_ENABLED"] = False

    answer = other.test_client().post("/sign-in", data={"email": "ann@example.org", "password": "secret words"})

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert 'value="ann@example.org"' in answer.text
    assert "secret words" not in answer.text
    assert "nothing you typed is lost" in answer.text


@contextmanager
def opened_with(app: Flask, pragma: str) -> Iterator[None]:
    """New connections of SQLite get one more setting, for as long as this lasts."""
    with app.app_context():
        engine = db.engine
        engine.dispose()

    def set_it(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", set_it)
    try:
        yield
    finally:
        event.remove(engine, "connect", set_it)
        engine.dispose()


@pytest.fixture
def sqlite_browser(sqlite_app: Flask, folder: Path) -> Browser:
    """A visitor's browser before an empty database on SQLite."""
    with sqlite_app.app_context():
        db.engine.dispose()
    for leftover in folder.glob("test.db-*"):
        leftover.unlink()
    shutil.copyfile(folder / "template.db", folder / "test.db")
    return Browser(sqlite_app)


def test_locked_database_is_a_page_that_keeps_what_was_typed(sqlite_browser: Browser, folder: Path) -> None:
    """Somebody else holds the write lock for longer than we wait; a moment later the button works."""
    page = sqlite_browser.get("/sign-in")
    with (
        opened_with(sqlite_browser.app, "busy_timeout=200"),
        closing(sqlite3.connect(folder / "test.db", isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        away = sqlite_browser.send(page.form(), email="ann@example.org")
        other.execute("ROLLBACK")
        again = sqlite_browser.send(away.form())

    assert (away.status, away.form().values["email"]) == (503, ["ann@example.org"])
    assert again.heading == "Check your e-mail"


def test_full_disk_is_a_page_and_leaves_nothing_half_done(sqlite_browser: Browser, folder: Path) -> None:
    """The file may not grow by a single page: nothing is stored, and what was there can still be read."""
    page = sqlite_browser.get("/sign-in")
    with closing(sqlite3.connect(folder / "test.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    with opened_with(sqlite_browser.app, f"max_page_count={pages}"):
        answers = [sqlite_browser.send(page.form(), email=f"ann{n}@example.org") for n in range(40)]
        full = next(answer for answer in answers if answer.status == 503)
        readable = sqlite_browser.get("/events")

    assert "nothing you typed is lost" in full.text
    assert readable.status == 200
    with sqlite_browser.app.app_context():
        letters = db.session.scalar(select(func.count()).select_from(Letter))
        links = db.session.scalar(select(func.count()).select_from(SignInLink))
    assert letters == links == sum(answer.status == 200 for answer in answers)


def test_commit_that_fails_says_so_and_leaves_no_message_of_success(
    app: Flask, make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fills up, or the connection is lost, at the very last moment."""
    registration = make.registration(make.event())
    with app.app_context():
        address = f"/registrations/{personal_token(registration)}"
    browser = Browser(app)
    asked = browser.get(f"{address}/cancel")
    with app.app_context():
        session_class = type(db.session())

    def full(_self: object) -> None:
        raise OperationalError("COMMIT", {}, Exception("the disk is full"))

    with monkeypatch.context() as patch:
        patch.setattr(session_class, "commit", full)
        away = browser.send(asked.form())
    afterwards = browser.get(address)

    assert away.status == 503
    assert "nothing you typed is lost" in away.text
    assert away.response.headers["Content-Security-Policy"]
    assert "has been cancelled" not in afterwards.text
    assert "Confirmed" in afterwards.text


@pytest.mark.parametrize("address", ["/events?programme=%00", "/events?q=%00", "/events/%00/agenda", "/my/%00"])
def test_address_with_a_nul_is_not_found(app: Flask, address: str) -> None:
    """PostgreSQL cannot compare one, and would answer with a fault."""
    page = Browser(app).get(address)

    assert (page.status, page.heading) == (404, "Page not found")
