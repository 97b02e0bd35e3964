"""The worker as a process of its own, as `flask worker` runs it: woken by commits, and stopped in good order."""

import signal
import time
from collections import Counter
from datetime import UTC, datetime
from statistics import median

import pytest
from sqlalchemy import func, select, update

from tests.mail import MailServer
from tests.notices.examples import notice
from tests.test_outbox import Post, addresses, several, start_worker
from webapp import clock, outbox, transaction
from webapp.extensions import db
from webapp.models.mailings import Lane, Letter, LetterState
from webapp.models.operations import Heartbeat
from webapp.queries.operations import worker_is_alive

S = LetterState


@pytest.fixture
def worker(app, tmp_path):
    """Starts the worker, waits until it has delivered what lay there, and ends it after the test."""
    processes = []
    for queue in app.extensions["jobs"].values():
        queue.flush()  # what other tests posted
    with (tmp_path / "worker.log").open("wb") as log:

        def start(server: MailServer, **changes: object):
            jobs_path = app.config["SETTINGS"].jobs_path
            processes.append(start_worker(app, tmp_path, log, **server.settings, jobs_path=jobs_path, **changes))
            return processes[-1]

        yield start
        for process in processes:
            process.kill()
            process.wait()


@pytest.fixture
def box(app):
    """The outbox as it is now: the worker has the real clock."""
    return Post(app, datetime.now(UTC))


def test_letter_arrives_within_a_second_of_its_commit(box, worker):
    box.post(notice(number=0))
    took = []
    with MailServer() as server:
        worker(server)
        server.wait(1)  # posted when no worker was there
        for number in range(1, 6):
            box.now = clock.now()
            box.post(notice(number=number, lane=Lane.URGENT if number % 2 else Lane.ORDINARY))
            started = time.monotonic()
            server.wait(number + 1)
            took.append(time.monotonic() - started)
    assert server.addresses == addresses(*range(6))
    assert median(took) < 1.0  # of several, since the machine may be busy with other things for a moment
    with box.app.app_context():
        assert worker_is_alive(now=clock.now())


def test_worker_asked_to_stop_ends_with_the_letter_in_hand(box, worker):
    box.post(*several(300))
    with MailServer() as server:
        process = worker(server)
        server.wait(5)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    sent = {letter.recipient_email for letter in box.letters if letter.state is S.SENT}
    assert sorted(sent) == sorted(server.addresses)
    assert Counter(box.states.values()) == {S.SENT: len(sent), S.WAITING: 300 - len(sent)}
    assert {letter.uncertain for letter in box.letters} == {0}
    assert len(sent) < 300
    with box.app.app_context():
        assert not worker_is_alive(now=clock.now())


def test_next_worker_sends_what_a_killed_one_left_once_it_is_silent(box, worker):
    box.post(*several(10))
    with MailServer() as server:
        server.hanging.add("person4@example.org")
        process = worker(server, smtp_timeout=60.0)
        server.wait_for("person4@example.org")
        process.kill()
        process.wait()
        server.hanging.clear()
        with box.app.app_context(), transaction.unit():
            # As if more than a minute had gone by since it was last heard of.
            db.session.execute(update(Heartbeat).values(beat_at=clock.now() - 2 * outbox.SILENT))
        second = worker(server)
        server.wait(10)
        second.send_signal(signal.SIGTERM)
        assert second.wait(10) == 0
    assert sorted(server.addresses) == sorted(box.states)
    assert set(box.states.values()) == {S.SENT}
    assert {letter.recipient_email for letter in box.letters if letter.uncertain} == {"person4@example.org"}


def test_sign_in_link_arrives_while_ordinary_letters_hang(box, worker):
    box.post(*several(3))
    with MailServer() as server:
        server.hanging.add("person1@example.org")
        worker(server, smtp_timeout=60.0)
        server.wait_for("person1@example.org")
        box.now = clock.now()
        box.post(notice("sign_in_link", 4, lane=Lane.URGENT))
        server.wait(1, timeout=5.0)
        # Asked while the server still hangs: when it goes away, the letter is given back.
        assert box.states["person1@example.org"] is S.SENDING
    assert server.addresses == ["person4@example.org"]


def test_sign_in_link_overtakes_a_mailing_of_60_000(box, worker):
    with box.app.app_context(), transaction.unit():
        many = [notice("event_changed", number, lane=Lane.MAILING) for number in range(50)] * 1_200
        assert outbox.post_many(many, now=box.now) == 60_000
    took = []
    with MailServer() as server:
        # A slow server: it answers one more of the mailing only when it is told to.
        server.gated = lambda address: not address.startswith("person9")
        worker(server, smtp_timeout=60.0)
        for link in range(5):
            server.wait(2 * link + 1)  # one of the mailing is with the server, which keeps the worker waiting
            box.now = clock.now()
            started = time.monotonic()
            box.post(notice("sign_in_link", 900 + link, lane=Lane.URGENT))
            server.wait(2 * link + 2)
            took.append(time.monotonic() - started)
            server.gate.release()
        server.wait(11)
        assert [address.startswith("person9") for address in server.addresses[:11]] == [False, True] * 5 + [False]
    assert median(took) < 2.0
    with box.app.app_context():
        left = db.session.scalar(select(func.count()).where(Letter.lane == Lane.MAILING, Letter.state == S.WAITING))
    assert left > 59_900
