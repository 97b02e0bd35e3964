"""Refusals and faults are pages that a person can read: never a stack trace, and nothing typed is lost."""

import sqlite3

import psycopg
import pytest
from flask import abort
from sqlalchemy import event as events
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tests.browsing import Browser
from tests.conftest import settings_for
from tests.ledger import Ledger
from webapp import create_app
from webapp.errors import DomainError, Forbidden, NotFound, TooMany
from webapp.extensions import db

SENTENCE = "Something <b>wrong</b>."


def _away():
    raise OperationalError("select secret", {}, Exception("no database at 10.0.0.1"))


def _pool():
    raise PoolTimeout("queue of the pool")


def _broken():
    raise ZeroDivisionError("a secret of the program")


def _refuse(error):
    raise error


FAULTS = {
    "refused": lambda: _refuse(DomainError(SENTENCE)),
    "plain": lambda: _refuse(DomainError()),
    "forbidden": lambda: _refuse(Forbidden()),
    "missing": lambda: _refuse(NotFound("a secret")),
    "many": lambda: _refuse(TooMany("Wait.", retry_after=7)),
    "teapot": lambda: abort(418),
    "away": _away,
    "pool": _pool,
    "broken": _broken,
}


@pytest.fixture
def faulty(tmp_path):
    """A browser at a program that goes wrong in each way, and asks nothing of a database."""
    app = create_app(settings_for(tmp_path, f"sqlite:///{tmp_path / 'none.db'}"))
    app.add_url_rule("/fault/<name>", "fault", lambda name: FAULTS[name](), methods=["GET", "POST"])
    return Browser(app)


@pytest.mark.parametrize(
    ("name", "status", "heading", "sentence"),
    [
        ("refused", 409, "That is not possible now", "Something <b>wrong</b>."),
        ("plain", 409, "That is not possible now", "That could not be done."),
        ("forbidden", 403, "You cannot do that", "You do not have permission to do that."),
        ("missing", 404, "Page not found", "If you typed the address, check that it is correct."),
        ("many", 429, "Too many attempts", "Wait."),
        ("teapot", 418, "The request was not understood", "Go back and try again."),
        ("away", 503, "Sorry, the service is not available for a moment", "nothing you typed is lost"),
        ("pool", 503, "Sorry, the service is not available for a moment", "nothing you typed is lost"),
        ("broken", 500, "Sorry, there is a problem with the service", "Nothing was changed."),
    ],
)
def test_fault_is_a_page_with_a_sentence_and_a_way_on(faulty, name, status, heading, sentence):
    page = faulty.get(f"/fault/{name}")
    assert (page.status, page.heading) == (status, heading)
    assert sentence in page.text
    assert page.link("See all events") == "/events"
    assert page.link("Contact us") == "/contact"
    for secret in ("secret", "Traceback", "10.0.0.1", "ZeroDivisionError"):
        assert secret not in page.body
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.response.headers.get("Retry-After") == {429: "7", 503: "10"}.get(status)


def test_fault_of_the_program_is_noted_with_all_that_is_known(faulty, caplog):
    faulty.get("/fault/broken")
    (record,) = [one for one in caplog.records if one.levelname == "ERROR"]
    assert record.getMessage() == "Unforeseen fault at /fault/broken"
    assert record.exc_info[0] is ZeroDivisionError


def test_answers_sent_while_the_database_is_away_come_back_with_a_button(faulty):
    typed = {"name": '"><script>x</script>', "days": ["One", "Two"], "password": "correct horse", "csrf_token": "t"}
    page = faulty.post("/fault/away?draft=1", data=typed)
    form = page.form()
    assert form.values == {"name": [typed["name"]], "days": ["One", "Two"], "csrf_token": ["t"]}
    assert (form.action, "correct horse" in page.body) == ("/fault/away?draft=1", False)
    assert faulty.get("/fault/away").all("form", method="post") == []


def test_method_that_an_address_does_not_know_is_told_which_it_knows(browser, now):
    page = browser.post("/events")
    assert (page.status, page.heading) == (405, "That does not work here")
    assert set(page.response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "path", ["/nowhere", "/events/", "/%00", "/é", "/events/../../etc/x", "/events?q=%00", f"/{'x' * 3000}"]
)
def test_address_that_is_none_is_a_page(browser, now, path):
    page = browser.get(path)
    assert (page.status, page.heading) == (404, "Page not found")


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_more_than_the_service_takes_is_refused_with_a_page(browser, now):
    page = browser.post("/sign-in", data={"email": "x" * 600_000})
    assert (page.status, page.heading) == (413, "That was too long")
    page = browser.post("/sign-in", data=b"x", content_type="multipart/form-data; boundary=x")
    assert page.status in {400, 422}


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_registration_sent_while_the_database_is_locked_is_not_lost(app, make, browser, folder):
    event = make.event()
    form = browser.get(f"/events/{event.slug}-{event.public_id}/register").form()
    answers = {
        "name": "Ann Lee",
        "email": "ann@example.org",
        "organisation": "Hill Trust",
        "sector": "health",
        "role": "Lead",
        "privacy": "y",
    }

    def impatient(connection, _record):
        connection.execute("PRAGMA busy_timeout=1")

    with app.app_context():
        engine = db.engine
    events.listen(engine, "connect", impatient)
    engine.dispose()
    other = sqlite3.connect(folder / "test.db", isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        page = browser.send(form, **answers)
        assert (page.status, page.heading) == (503, "Sorry, the service is not available for a moment")
        # Reading goes on meanwhile.
        assert browser.get("/events").has_link(event.title)
        other.execute("ROLLBACK")
        check = browser.send(page.form())
        other.execute("BEGIN IMMEDIATE")
        page = browser.send(check.form())
        assert page.status == 503
        other.execute("ROLLBACK")
        assert browser.send(page.form()).heading == "You have a place"
    finally:
        other.close()
        events.remove(engine, "connect", impatient)
        engine.dispose()
    assert Ledger(app).standing(event) == [("ann", "confirmed")]


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_database_that_was_restarted_is_found_again_at_once(app, make, browser):
    event = make.event()
    path = f"/events/{event.slug}-{event.public_id}"
    assert browser.get(path).status == 200
    _cut(app)
    assert browser.get(path).status == 200
    _cut(app)
    assert browser.get(f"{path}/register").status == 200
    Ledger(app).change(event, title="Renamed")
    assert browser.get(path).heading == "Renamed"


def _cut(app):
    """Have the server end the connection that lies in the pool, unnoticed by the pool."""
    with app.app_context(), db.engine.connect() as connection:
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
    address = app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])


def test_page_that_is_not_there_for_a_visitor_leads_to_signing_in_and_back(app, make):
    address = "/communities/nowhere-23456789bcdf"
    page = Browser(app).get(address)
    assert (page.status, page.link("sign in")) == (404, f"/sign-in?next={address}")
    member = Browser(app).sign_in(make.signed_in(make.person())).get(address)
    assert (member.status, member.has_link("sign in")) == (404, False)
