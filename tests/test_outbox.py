"""The outbox against a real mail server on a socket: nothing is lost, and nothing is sent twice unmarked."""

import logging
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import undefer

from config import ROOT, Settings
from tests import counting
from tests.conftest import NOW
from tests.mail import AUTHORITY, Act, MailServer, SilentServer
from tests.notices.examples import notice
from webapp import outbox, transaction
from webapp.extensions import db
from webapp.models.mailings import Lane, Letter, LetterState
from webapp.notices.letters import Notice
from webapp.notices.rendering import render
from webapp.outbox import recording
from webapp.services import housekeeping

S = LetterState
MINUTE = timedelta(minutes=1)


class Post:
    """The outbox of one application, with a clock that stands where it is put."""

    def __init__(self, app: Flask, now: datetime = NOW) -> None:
        self.app = app
        self.now = now

    def post(self, *notices: Notice) -> None:
        with self.app.app_context(), transaction.unit():
            for one in notices:
                outbox.post(one, now=self.now)

    def settings(self, **changes: object) -> Settings:
        return self.app.config["SETTINGS"].model_copy(update=changes)

    def deliver(self, server: MailServer | dict, *, lane: Lane = Lane.ORDINARY, worker: str = "worker", **more) -> int:
        where = server.settings if isinstance(server, MailServer) else server
        with self.app.app_context():
            return outbox.deliver(lane, worker, self.settings(**where), lambda: self.now, **more)

    def recover(self, *, after: timedelta = timedelta(), **changes: object) -> int:
        with self.app.app_context():
            return outbox.recover(self.settings(**changes), now=self.now + after)

    @property
    def letters(self) -> list[Letter]:
        with self.app.app_context():
            statement = select(Letter).order_by(Letter.id).options(undefer(Letter.message))
            return list(db.session.scalars(statement))

    @property
    def letter(self) -> Letter:
        (one,) = self.letters
        return one

    @property
    def states(self) -> dict[str, LetterState]:
        return {letter.recipient_email: letter.state for letter in self.letters}

    def set(self, **values: object) -> None:
        with self.app.app_context(), transaction.unit():
            db.session.execute(update(Letter).values(**values))

    def rendered(self) -> list[bytes]:
        with self.app.app_context():
            return [render(letter, self.app.config["SETTINGS"]) for letter in self.letters]


@pytest.fixture
def box(app):
    return Post(app)


@pytest.fixture
def server():
    with MailServer() as mail:
        yield mail


def several(count: int, **changes) -> list[Notice]:
    return [notice(number=number, **changes) for number in range(1, count + 1)]


def addresses(*numbers: int) -> list[str]:
    return [f"person{number}@example.org" for number in numbers]


# ---------------------------------------------------------------- a letter exists if and only if the change does


def test_letters_to_many_are_as_those_posted_one_by_one(context, now):
    def rows():
        columns = [column for column in Letter.__table__.columns if column.name not in {"id", "public_id", "message"}]
        return [tuple(row) for row in db.session.execute(select(*columns).order_by(Letter.id))]

    notices = [notice(number=number, expires_at=now + MINUTE, lane=Lane.URGENT) for number in range(3)]
    with transaction.unit():
        for one in notices:
            outbox.post(one, now=now)
    one_by_one = rows()
    with transaction.unit():
        assert outbox.post_many(notices, now=now) == 3
        assert outbox.take_posted_lanes() == {Lane.URGENT}
        assert outbox.post_many([], now=now) == 0
    assert rows() == one_by_one * 2
    assert len(set(db.session.scalars(select(Letter.public_id)))) == 6


def test_nothing_is_sent_when_the_unit_rolls_back(box, server):
    def break_off() -> None:
        with box.app.app_context(), transaction.unit():
            outbox.post(notice(), now=NOW)
            db.session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert box.letters == []
    assert box.deliver(server) == 0
    assert server.letters == []


def test_nothing_is_sent_when_the_commit_fails(box, server):
    def commit_in_vain() -> None:
        with box.app.app_context(), transaction.unit():
            outbox.post(notice(), now=NOW)
            db.session.flush()
            if db.engine.dialect.name == "sqlite":
                # A letter about an event that there is not, found out only by the commit.
                db.session.execute(text("PRAGMA defer_foreign_keys=ON"))
                outbox.post(notice(number=2, event_id=4711), now=NOW)
                db.session.flush()
            else:
                (process,) = db.session.execute(text("SELECT pg_backend_pid()")).one()
                with psycopg.connect(box.app.config["SETTINGS"].database_url) as other:
                    other.execute("SELECT pg_terminate_backend(%s)", (process,))

    with pytest.raises(DBAPIError):
        commit_in_vain()
    assert box.letters == []
    assert box.deliver(server) == 0
    assert server.letters == []


# ---------------------------------------------------------------- sending


def test_letter_is_sent_once_as_rendered(box, server):
    box.post(notice())
    (expected,) = box.rendered()
    assert box.deliver(server) == 1
    (received,) = server.letters
    assert (received.sender, received.recipient) == ("events@example.org", "person1@example.org")
    assert received.content == expected
    assert box.deliver(server) == 0
    assert len(server.letters) == 1
    sent = box.letter
    assert (sent.state, sent.attempts, sent.uncertain, sent.taken_by) == (S.SENT, 1, 0, "")
    assert (sent.sent_at, sent.last_error, sent.message) == (NOW, "", expected)


def test_letters_are_sent_in_the_order_in_which_they_became_due(box, server):
    box.post(*several(2))
    box.now += MINUTE
    box.post(notice(number=3))
    assert box.deliver(server) == 3
    assert server.addresses == addresses(1, 2, 3)


def test_letter_that_is_not_due_yet_stays(box, server):
    box.now += MINUTE
    box.post(notice())
    box.now -= timedelta(seconds=1)
    assert box.deliver(server) == 0
    assert box.letter.state is S.WAITING


def test_lane_is_left_to_its_own_worker(box, server):
    box.post(notice(number=1), notice("sign_in_link", 2, lane=Lane.URGENT))
    assert box.deliver(server, lane=Lane.URGENT) == 1
    assert server.addresses == addresses(2)
    assert box.states == {"person1@example.org": S.WAITING, "person2@example.org": S.SENT}


def test_each_letter_costs_two_statements(box, server):
    box.post(*several(outbox.BATCH))
    with counting.statements(box.app) as found:
        assert box.deliver(server) == outbox.BATCH
    # For the batch: what was left behind; two states taken and marked; the bytes; two states again, with nothing due.
    counted = Counter(statement.partition(" ")[0] for statement in found)
    assert counted == {"SELECT": 1 + 2 + outbox.BATCH + 2, "UPDATE": 1 + 1 + outbox.BATCH}


# ---------------------------------------------------------------- refusals


def test_refused_recipient_keeps_no_other_letter(box, server):
    box.post(*several(5))
    expected = box.rendered()[2]
    server.recipients["person3@example.org"] = "550 5.1.1 No such user here"
    assert box.deliver(server) == 4
    assert server.addresses == addresses(1, 2, 4, 5)
    refused = box.letters[2]
    assert (refused.state, refused.attempts, refused.message) == (S.FAILED, 1, expected)
    assert refused.last_error == "550 5.1.1 No such user here"
    assert Counter(box.states.values()) == {S.SENT: 4, S.FAILED: 1}


def test_letter_refused_for_what_it_says_keeps_no_other(box, server):
    box.post(*several(3))
    server.script.extend([None, "554 5.7.1 This looks like an advertisement", None])
    assert box.deliver(server) == 2
    assert list(box.states.values()) == [S.SENT, S.FAILED, S.SENT]
    assert box.letters[1].last_error == "554 5.7.1 This looks like an advertisement"


def test_temporary_failure_is_tried_again_after_growing_pauses_and_then_given_up(box, server):
    box.post(*several(2))
    expected = box.rendered()[0]
    server.recipients["person1@example.org"] = "451 4.3.0 Try again later"
    assert box.deliver(server) == 1
    tries = [box.now]
    while box.letters[0].state is S.DEFERRED:
        due = box.letters[0].next_attempt_at
        box.now = due - timedelta(seconds=1)
        assert box.deliver(server) == 0
        assert box.letters[0].attempts == len(tries)
        box.now = due
        assert box.deliver(server) == 0
        tries.append(box.now)
    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert pauses == list(outbox.PAUSES)
    assert pauses == sorted(set(pauses))
    failed = box.letters[0]
    assert (failed.state, failed.attempts, failed.message) == (S.FAILED, len(outbox.PAUSES) + 1, expected)
    assert failed.last_error == "451 4.3.0 Try again later"
    assert server.addresses == addresses(2)


def test_deferred_letter_is_sent_again_as_the_same_bytes(box, server):
    box.post(notice())
    (expected,) = box.rendered()
    server.script.append("452 4.3.1 No room")
    assert box.deliver(server) == 0
    # What templates and facts would now make of it does not matter any more.
    assert box.letter.message == expected
    box.set(recipient_name="Somebody Else")
    box.now += MINUTE
    assert box.deliver(server) == 1
    assert server.letters[0].content == expected


# ---------------------------------------------------------------- the server is away


def test_letters_are_given_back_when_nothing_listens(box):
    server = MailServer()
    box.post(*several(outbox.BATCH + 10))
    assert box.deliver(server) == 0
    assert {(one.state, one.attempts, one.taken_by) for one in box.letters} == {(S.WAITING, 0, "")}
    assert "The mail server is away" in box.letters[0].last_error
    with server:
        assert box.deliver(server) == 10  # those of the second batch, which were never taken
        box.now += outbox.PAUSE_WHEN_AWAY
        assert box.deliver(server) == outbox.BATCH
    assert Counter(server.addresses) == Counter(addresses(*range(1, outbox.BATCH + 11)))
    assert set(box.states.values()) == {S.SENT}


def test_letters_are_given_back_when_the_sender_is_refused(box, server):
    box.post(*several(3))
    server.senders.append("530 5.7.0 Authentication required")
    assert box.deliver(server) == 0
    assert {(one.state, one.attempts) for one in box.letters} == {(S.WAITING, 0)}
    assert "530 5.7.0 Authentication required" in box.letters[0].last_error
    box.now += outbox.PAUSE_WHEN_AWAY
    assert box.deliver(server) == 3


def test_letters_are_given_back_when_signing_in_at_the_server_fails(box, server):
    box.post(*several(3))
    assert box.deliver(server.settings | {"smtp_username": "waymark", "smtp_password": "wrong"}) == 0
    assert {(one.state, one.attempts) for one in box.letters} == {(S.WAITING, 0)}
    assert server.letters == []


def test_server_that_never_greets_is_left_after_the_time_limit(box):
    box.post(*several(3))
    started = time.monotonic()
    with SilentServer() as silent:
        assert box.deliver(silent.settings | {"smtp_timeout": 0.3}) == 0
    assert 0.3 <= time.monotonic() - started < 3
    assert {(one.state, one.attempts) for one in box.letters} == {(S.WAITING, 0)}


@pytest.mark.parametrize(("act", "uncertain"), [(Act.HANG_IN_DATA, 1), (Act.HANG_AFTER_DATA, 1)])
def test_server_that_hangs_over_a_letter_is_left_after_the_time_limit(box, server, act, uncertain):
    box.post(*several(3))
    server.script.append(act)
    started = time.monotonic()
    assert box.deliver(server.settings | {"smtp_timeout": 0.3}) == 2
    assert 0.3 <= time.monotonic() - started < 3
    first, *others = box.letters
    # All of it had gone into the socket, so nobody can know whether it arrived.
    assert (first.state, first.attempts, first.uncertain) == (S.DEFERRED, 1, uncertain)
    assert {(one.state, one.attempts, one.uncertain) for one in others} == {(S.SENT, 1, 0)}
    box.now += MINUTE
    assert box.deliver(server) == 1


@pytest.mark.parametrize(("act", "copies"), [(Act.DROP_IN_DATA, 1), (Act.DROP_AFTER_DATA, 2)])
def test_letter_whose_connection_dropped_is_sent_again_as_the_same_bytes(box, server, act, copies):
    box.post(*several(3))
    expected = box.rendered()
    server.script.extend([None, act])
    assert box.deliver(server) == 2
    sent, dropped, after = box.letters
    assert (sent.state, dropped.state, after.state) == (S.SENT, S.DEFERRED, S.SENT)
    assert (dropped.attempts, dropped.message) == (1, expected[1])
    box.now += MINUTE
    assert box.deliver(server) == 1
    of_second = [one for one in server.letters if one.recipient == "person2@example.org"]
    assert [one.content for one in of_second] == [expected[1]] * copies
    assert {one.message["Message-ID"] for one in of_second} == {f"<{dropped.public_id}@waymark.example.org>"}
    assert set(box.states.values()) == {S.SENT}
    assert copies == 1 or box.letters[1].uncertain == 1


def test_address_at_which_the_server_closes_the_connection_keeps_no_other(box, server):
    box.post(*several(8))
    closing = addresses(2, 4, 5)
    server.recipients.update(dict.fromkeys(closing, "421 4.7.0 Try later"))
    assert box.deliver(server) == 5
    assert {address for address, state in box.states.items() if state is S.DEFERRED} == set(closing)
    assert {letter.attempts for letter in box.letters} == {1}


def test_server_that_closes_over_one_letter_after_another_is_away(box, server):
    box.post(*several(5))
    server.recipients.update(dict.fromkeys(addresses(2, 3, 4), "421 4.3.2 Shutting down"))
    assert box.deliver(server) == 1
    assert list(box.states.values()) == [S.SENT, S.DEFERRED, S.DEFERRED, S.DEFERRED, S.WAITING]
    last = box.letters[-1]
    assert (last.attempts, last.next_attempt_at - box.now) == (0, outbox.PAUSE_WHEN_AWAY)


def test_connection_that_the_server_closes_after_some_letters_is_made_anew(box, server):
    box.post(*several(7))
    server.per_connection = 3
    assert box.deliver(server) == 7
    assert server.addresses == addresses(*range(1, 8))
    assert {one.attempts for one in box.letters} == {1}


# ---------------------------------------------------------------- odd letters


def test_letter_that_cannot_be_rendered_fails_alone(box, server):
    box.post(
        notice(number=1),
        notice(number=2, name="registration_confirmed", facts={"event": {"title": 4711}}),
        notice(number=3),
    )
    with box.app.app_context(), transaction.unit():
        outbox.post(
            Notice(name="no_such_notice", recipient_name="", recipient_email="a@example.org", facts={}), now=NOW
        )
    assert box.deliver(server) == 2
    assert server.addresses == addresses(1, 3)
    assert [one.state for one in box.letters] == [S.SENT, S.FAILED, S.SENT, S.FAILED]
    assert box.letters[1].last_error.startswith("It could not be rendered: ValidationError")
    assert "no_such_notice" in box.letters[3].last_error


def test_letter_to_what_is_no_address_fails_alone(box, server):
    box.post(notice(number=1, recipient_email="a@example.org>\r\nRCPT TO:<b@example.org"), notice(number=2))
    assert box.deliver(server) == 1
    assert server.addresses == addresses(2)
    assert [one.state for one in box.letters] == [S.FAILED, S.SENT]


def test_international_addresses_are_sent_as_the_server_takes_them(box, server):
    box.post(
        notice(number=1, recipient_email="jürgen@example.org"), notice(number=2, recipient_email="a@bücher.example")
    )
    assert box.deliver(server) == 2
    assert server.addresses == ["jürgen@example.org", "a@xn--bcher-kva.example"]


def test_international_address_fails_alone_where_the_server_takes_none(box):
    box.post(
        notice(number=1, recipient_email="jürgen@example.org"), notice(number=2, recipient_email="a@bücher.example")
    )
    with MailServer(smtputf8=False) as server:
        assert box.deliver(server) == 1
    assert server.addresses == ["a@xn--bcher-kva.example"]
    assert [one.state for one in box.letters] == [S.FAILED, S.SENT]


# ---------------------------------------------------------------- letters that open something


def urgent(number: int = 1) -> Notice:
    return notice("sign_in_link", number, lane=Lane.URGENT, expires_at=NOW + 15 * MINUTE)


def test_bytes_of_a_link_are_gone_when_it_was_sent_or_refused(box, server):
    box.post(urgent(1), urgent(2))
    server.recipients["person2@example.org"] = "550 No"
    assert box.deliver(server, lane=Lane.URGENT) == 1
    assert [(one.state, one.message) for one in box.letters] == [(S.SENT, None), (S.FAILED, None)]


def test_link_that_is_of_no_use_any_more_is_not_sent(box, server):
    box.post(*[urgent(number) for number in range(1, outbox.BATCH + 2)])
    box.now += 14 * MINUTE
    box.post(notice("sign_in_link", 100, lane=Lane.URGENT, expires_at=NOW + 60 * MINUTE))
    box.set(message=b"https://waymark.example.org/sign-in/secret\r\n")
    box.now += MINUTE
    assert box.deliver(server, lane=Lane.URGENT) == 1
    assert server.addresses == addresses(100)
    assert Counter(box.states.values()) == {S.CANCELLED: outbox.BATCH + 1, S.SENT: 1}
    assert {one.message for one in box.letters} == {None}


# ---------------------------------------------------------------- several workers, and dead ones


def test_two_workers_at_once_send_each_letter_once(box, server):
    box.post(*several(120))
    with ThreadPoolExecutor(2) as threads:
        counts = [threads.submit(box.deliver, server, worker=worker) for worker in ("first", "second")]
        assert sum(count.result() for count in counts) == 120
    assert Counter(server.addresses) == Counter(addresses(*range(1, 121)))
    assert {(one.state, one.attempts, one.uncertain) for one in box.letters} == {(S.SENT, 1, 0)}


def test_recover_frees_only_what_silent_workers_hold(box):
    box.post(*several(4))
    with box.app.app_context():
        housekeeping.beat(["alive"], now=NOW)
        housekeeping.beat(["silent"], now=NOW - outbox.SILENT - timedelta(seconds=1))
        with transaction.unit():
            holders = ["alive", "silent", "silent", "unheard of"]
            for letter, holder in zip(db.session.scalars(select(Letter).order_by(Letter.id)), holders, strict=True):
                letter.state, letter.taken_by = S.SENDING, holder
    assert box.recover() == 3
    assert [(one.state, one.taken_by, one.uncertain) for one in box.letters] == [
        (S.SENDING, "alive", 0),
        (S.WAITING, "", 1),
        (S.WAITING, "", 0),
        (S.WAITING, "", 1),
    ]
    assert box.recover() == 0


def test_letter_over_which_workers_die_is_given_up_in_the_end(box):
    box.post(notice())
    deaths = 0
    while box.letter.state is S.WAITING:
        box.set(state=S.SENDING, taken_by="dead", message=b"what was to be sent")
        assert box.recover() == 1
        deaths += 1
    assert (box.letter.state, deaths) == (S.FAILED, len(outbox.PAUSES) + 1)
    assert box.letter.message == b"what was to be sent"


def test_worker_frees_what_it_could_not_record_before(box, server):
    box.post(*several(3))
    box.set(state=S.SENDING, taken_by="worker")
    assert box.deliver(server) == 3
    assert [one.uncertain for one in box.letters] == [1, 0, 0]
    assert server.addresses == addresses(1, 2, 3)


@pytest.mark.parametrize("thought_dead", [False, True])
def test_sent_letter_is_recorded_however_long_the_lock_is_held(box, server, impatient, thought_dead):
    box.post(*several(3))
    locks: list = []

    def lock() -> None:
        server.before_answer = lambda: None
        locks.append(lock_outbox(box.app))

    def let_go_at_the_second(_record: logging.LogRecord) -> bool:
        if len(impatient) == 1:
            locks.pop().close()
            if thought_dead:
                assert box.recover() == 3
        impatient.append("could not record")
        return True

    server.before_answer = lock
    recording.logger.addFilter(let_go_at_the_second)
    try:
        assert box.deliver(server) == 3
    finally:
        recording.logger.removeFilter(let_go_at_the_second)
    assert len(impatient) == 2
    assert server.addresses == addresses(1, 2, 3)
    assert [(one.state, one.attempts, one.uncertain, len(one.tries)) for one in box.letters] == [(S.SENT, 1, 0, 1)] * 3


@pytest.fixture
def impatient(app):
    """Connections that wait for a lock for a twentieth of a second."""

    def hurry(connection, _record) -> None:
        sqlite = isinstance(connection, sqlite3.Connection)
        connection.execute("PRAGMA busy_timeout=50" if sqlite else "SET lock_timeout = 50")
        connection.commit()

    with app.app_context():
        engine = db.engine
    engine.dispose()
    event.listen(engine, "connect", hurry)
    yield []
    event.remove(engine, "connect", hurry)
    engine.dispose()


def test_worker_that_was_thought_dead_leaves_the_rest_to_others(box, server):
    box.post(*several(3))

    def taken_away() -> None:
        server.before_answer = lambda: None
        box.set(state=S.SENDING, taken_by="other")

    server.before_answer = taken_away
    assert box.deliver(server) == 1
    assert server.addresses == addresses(1)
    assert {one.taken_by for one in box.letters} == {"other"}


@pytest.mark.parametrize(("known", "became"), [(S.DEFERRED, S.CANCELLED), (S.SENT, S.SENT), (S.FAILED, S.FAILED)])
def test_letter_cancelled_after_it_was_freed_is_recorded_with_what_is_final_alone(box, server, known, became):
    box.post(notice())
    with box.app.app_context():
        ((letter,), _) = outbox.take(Lane.ORDINARY, "worker", box.now)
    assert box.recover() == 1
    with box.app.app_context():
        with transaction.unit():
            outbox.cancel([letter.id], "The event was cancelled.", now=box.now)
        recording.record(letter, recording.Outcome(state=known), "worker", box.settings(), box.now)
    box.now += 10 * MINUTE
    assert (box.letter.state, box.deliver(server)) == (became, 0)


def test_worker_that_is_told_to_stop_gives_back_the_rest(box, server):
    box.post(*several(30))
    stopping = threading.Event()
    server.recipients["person3@example.org"] = "550 No"
    server.before_answer = lambda: len(server.letters) == 5 and stopping.set()
    assert box.deliver(server, stopping=stopping.is_set) == 5
    assert Counter(box.states.values()) == {S.SENT: 5, S.FAILED: 1, S.WAITING: 24}
    assert {one.uncertain for one in box.letters} == {0}
    assert box.deliver(server) == 24


def test_urgent_lane_is_delivered_while_the_ordinary_one_hangs(box, server):
    box.post(notice(number=1), urgent(2))
    server.hanging.add("person1@example.org")
    with ThreadPoolExecutor(1) as thread:
        ordinary = thread.submit(box.deliver, server.settings | {"smtp_timeout": 3.0})
        server.wait_for("person1@example.org")
        assert box.deliver(server, lane=Lane.URGENT, worker="urgent") == 1
        assert not ordinary.done()
        assert ordinary.result() == 0
    assert server.addresses == addresses(2)


# ---------------------------------------------------------------- a worker that is killed


@pytest.fixture
def killed_worker(app, tmp_path):
    """Starts the real worker as a process of its own, and kills it when the test says."""
    started: list[subprocess.Popen] = []
    with (tmp_path / "worker.log").open("wb") as log:

        def start(**changes: object) -> subprocess.Popen:
            started.append(start_worker(app, tmp_path, log, **changes))
            return started[-1]

        yield start
        for process in started:
            process.kill()
            process.wait()


def start_worker(app: Flask, folder: Path, log, **changes: object) -> subprocess.Popen:
    """The command `flask worker`, on the database of this application."""
    settings = app.config["SETTINGS"].model_copy(update={"jobs_path": str(folder / "jobs.db"), **changes})
    names = ("env", "secret_keys", "jobs_path", "base_url", "smtp_host", "smtp_port", "smtp_tls", "smtp_timeout")
    environment = {f"WAYMARK_{name.upper()}": str(getattr(settings, name)) for name in names}
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "worker"],
        cwd=ROOT,
        env={**os.environ, **environment, "DATABASE_URL": settings.database_url},
        stdout=log,
        stderr=log,
        process_group=0,
    )


def lock_outbox(app: Flask):
    """A connection that keeps everybody else from recording anything about letters; closing it lets go."""
    url = app.config["SETTINGS"].database_url
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), check_same_thread=False, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        return connection
    connection = psycopg.connect(url)
    connection.execute("SELECT id FROM outbox FOR UPDATE")
    return connection


@pytest.mark.parametrize("point", ["after taking", "in the data", "before recording"])
def test_killed_worker_loses_no_letter_and_leaves_at_most_one_uncertain(app, killed_worker, point):
    # The worker is a process with the real clock.
    box = Post(app, datetime.now(UTC))
    box.post(*several(8))
    expected = dict(zip(addresses(*range(1, 9)), box.rendered(), strict=True))
    locks: list = []
    with MailServer() as server:
        if point == "after taking":
            with SilentServer() as silent:
                process = killed_worker(**silent.settings, smtp_timeout=60.0)
                with silent.wait():
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
        elif point == "in the data":
            server.script.extend([None, None, Act.HANG_IN_DATA])
            process = killed_worker(**server.settings, smtp_timeout=60.0)
            server.wait_for(Act.HANG_IN_DATA)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        else:
            taken = threading.Event()

            def lock_at_the_third() -> None:
                if len(server.letters) == 3:
                    locks.append(lock_outbox(app))
                    taken.set()

            server.before_answer = lock_at_the_third
            process = killed_worker(**server.settings, smtp_timeout=60.0)
            assert taken.wait(20)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            locks.pop().close()

        before = Counter(server.addresses)
        left = [one for one in box.letters if one.state is S.SENDING]
        assert {one.message for one in left} == {expected[one.recipient_email] for one in left} != set()
        assert box.recover() == 0  # its last heartbeat is fresh
        assert box.recover(after=outbox.SILENT + timedelta(seconds=30)) == len(left)
        box.now += 5 * MINUTE
        assert box.deliver(server, worker="the next") == len(left)

    assert set(box.states.values()) == {S.SENT}
    assert {one.recipient: one.content for one in server.letters} == expected
    (uncertain,) = [one for one in box.letters if one.uncertain]
    twice = [address for address, count in Counter(server.addresses).items() if count > 1]
    assert twice == ([uncertain.recipient_email] if point == "before recording" else [])
    assert len(server.letters) == 8 + len(twice)
    assert sum(before.values()) == {"after taking": 0, "in the data": 2, "before recording": 3}[point]
    copies = [one.content for one in server.letters if one.recipient == uncertain.recipient_email]
    assert set(copies) == {expected[uncertain.recipient_email]}


# ---------------------------------------------------------------- TLS


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_server_whose_certificate_nobody_vouches_for_gets_no_letter(box, tls):
    box.post(notice())
    with MailServer(tls=tls) as server:
        assert box.deliver(server) == 0
    assert server.letters == []
    assert (box.letter.state, box.letter.attempts) == (S.WAITING, 0)
    assert "CERTIFICATE_VERIFY_FAILED" in box.letter.last_error


@pytest.fixture
def trusted(monkeypatch, tmp_path):
    """Make this machine vouch for the certificates of the tests' servers."""
    AUTHORITY.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_server_whose_certificate_is_trusted_gets_the_letter(box, tls):
    box.post(notice())
    with MailServer(tls=tls) as server:
        assert box.deliver(server) == 1
    assert server.addresses == addresses(1)


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_server_with_the_certificate_of_another_name_gets_no_letter(box, tls):
    box.post(notice())
    with MailServer(tls=tls) as server:
        assert box.deliver(server.settings | {"smtp_host": "127.0.0.1"}) == 0
    assert server.letters == []
    assert "127.0.0.1" in box.letter.last_error


def test_server_that_offers_no_tls_gets_no_letter_where_tls_is_asked_for(box, server):
    box.post(notice())
    assert box.deliver(server.settings | {"smtp_tls": "starttls"}) == 0
    assert server.letters == []
    assert box.letter.state is S.WAITING
