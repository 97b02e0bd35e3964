"""Bad luck, against a real mail server on a socket: nothing is lost and nothing doubled, shown by counting."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import cycle

import pytest
from sqlalchemy import delete, func, insert, select

from tests.killing import dying, places_to_die
from tests.mail import Act, MailServer
from tests.notices.examples import notice
from tests.test_outbox import MINUTE, Post, addresses, several
from webapp import outbox, transaction
from webapp.extensions import db
from webapp.models.accounts import SYSTEM
from webapp.models.activity import Activity
from webapp.models.mailings import ENDED, Lane, Letter, LetterState
from webapp.services import events as event_services
from webapp.services import housekeeping

S = LetterState


@pytest.fixture
def box(app):
    return Post(app)


@pytest.fixture
def server():
    with MailServer() as mail:
        yield mail


def until_all_have_ended(box: Post, server: MailServer | dict, workers: int = 1) -> None:
    """Deliver again and again, as time goes by, until nothing is on its way."""
    names = [f"worker {number}" for number in range(workers)]
    for _ in range(100):
        with ThreadPoolExecutor(workers) as threads:
            list(threads.map(lambda name: box.deliver(server, worker=name), names))
        if {letter.state for letter in box.letters} <= ENDED:
            return
        box.now += 10 * MINUTE
    raise AssertionError(Counter(box.states.values()))


def check_by_counting(box: Post, server: MailServer) -> None:
    """Each letter sent arrived; twice only if it is marked uncertain, and then as the same bytes."""
    copies: dict[str, list[bytes]] = {}
    for received in server.letters:
        copies.setdefault(received.recipient, []).append(received.content)
    sent = {letter.recipient_email: letter for letter in box.letters if letter.state is S.SENT}
    assert set(copies) == set(sent)
    for address, contents in copies.items():
        assert len(contents) <= 1 + sent[address].uncertain
        assert set(contents) == {sent[address].message}


# ---------------------------------------------------------------- servers


def test_one_bad_address_in_a_hundred_holds_up_no_other(box, server):
    box.post(*several(300))
    bad = addresses(50, 150, 250)
    server.recipients.update(dict.fromkeys(bad, "550 5.1.1 No such user"))
    assert box.deliver(server) == 297
    assert Counter(server.addresses) == Counter(set(addresses(*range(1, 301))) - set(bad))
    assert {address for address, state in box.states.items() if state is S.FAILED} == set(bad)
    assert {server.asked[address] for address in bad} == {1}


def test_greylisted_letters_are_taken_at_the_second_try(box, server):
    server.greylisting = True
    box.post(*several(45))
    assert box.deliver(server) == 0
    assert set(box.states.values()) == {S.DEFERRED}
    box.now += MINUTE
    assert box.deliver(server) == 45
    assert Counter(server.addresses) == Counter(addresses(*range(1, 46)))
    assert set(server.asked.values()) == {2}


@pytest.mark.parametrize("workers", [1, 2])
def test_server_with_every_kind_of_trouble_loses_and_doubles_nothing(box, server, workers):
    troubles = cycle(
        [None, None, Act.DROP_IN_DATA, "451 4.3.0 Later", None, Act.DROP_AFTER_DATA, "421 4.3.2 Closing", None]
    )
    server.script.extend(next(troubles) for _ in range(120))
    server.recipients.update(dict.fromkeys(addresses(7, 27), "550 5.1.1 No such user"))
    server.per_connection = 9
    box.post(*several(40))
    until_all_have_ended(box, server, workers)
    assert Counter(box.states.values()) == {S.SENT: 38, S.FAILED: 2}
    check_by_counting(box, server)
    # The trouble did come: some arrived twice, and some were tried again without having arrived.
    assert len(server.letters) > 38
    assert sum(letter.uncertain for letter in box.letters) > len(server.letters) - 38


def test_slow_server_is_waited_for_and_gets_each_letter_once(box, server):
    box.post(*several(25))
    server.gated = lambda _address: True
    with ThreadPoolExecutor(1) as thread:
        delivering = thread.submit(box.deliver, server.settings | {"smtp_timeout": 30.0})
        for number in range(1, 26):
            server.wait(number)
            assert len(server.letters) == number  # the next does not come before this one is answered
            server.gate.release()
        assert delivering.result() == 25
    check_by_counting(box, server)
    assert {(letter.attempts, letter.uncertain) for letter in box.letters} == {(1, 0)}


# ---------------------------------------------------------------- the clock goes back


def test_clock_that_goes_back_an_hour_loses_and_doubles_nothing(box, server):
    box.post(*several(30))
    server.script.extend([None] * 10 + ["451 Later"] * 5)
    stopping = iter([False] * 17 + [True] * 3)
    box.deliver(server, stopping=lambda: next(stopping))
    with box.app.app_context():
        housekeeping.beat(["alive"], now=box.now)
        outbox.take(Lane.ORDINARY, "alive", box.now)
    box.now -= timedelta(hours=1)
    # Who was heard of in what is now the future is not taken for dead, and keeps what it has.
    assert box.recover() == 0
    assert box.deliver(server, worker="another") == 0
    # What is posted now goes now.
    box.post(notice(number=99))
    assert box.deliver(server, worker="another") == 1
    box.now += timedelta(hours=1) + outbox.SILENT + MINUTE
    box.recover()
    until_all_have_ended(box, server)
    assert Counter(box.states.values()) == {S.SENT: 31}
    check_by_counting(box, server)
    # In the order in which they were written, whatever the clock said.
    assert [letter.recipient_email for letter in box.letters][-1] == "person99@example.org"


# ---------------------------------------------------------------- an event is cancelled


def queue_mailing(box: Post, event_id: int, number: int) -> None:
    row = outbox.row_of(notice("event_changed", lane=Lane.MAILING, event_id=event_id), box.now)
    with box.app.app_context(), transaction.unit():
        for start in range(0, number, 10_000):
            some = [row | {"recipient_email": f"many{start + place}@example.org"} for place in range(10_000)]
            db.session.execute(insert(Letter), some)


def test_cancelled_event_stops_60_000_letters_and_is_told_first(box, make, now, server):
    event = make.event("Ours")
    for name in ("ada", "ben", "dina"):
        make.registration(event, name=name.capitalize(), email=f"{name}@example.org")
    assert box.deliver(server) == 3
    server.letters.clear()
    queue_mailing(box, event.id, 60_000)
    server.gated = lambda address: address.startswith("many")
    with ThreadPoolExecutor(1) as thread:
        mailing = thread.submit(box.deliver, server.settings | {"smtp_timeout": 60.0}, lane=Lane.MAILING, worker="many")
        server.wait(1)
        with box.app.app_context(), transaction.unit():
            event_services.cancel(event.id, reason="The hall is flooded.", actor=SYSTEM, now=now)
        assert box.deliver(server) == 3
        server.gate.release()
        assert mailing.result() == 1
    assert server.addresses == ["many0@example.org", "ada@example.org", "ben@example.org", "dina@example.org"]
    with box.app.app_context():
        counted = select(Letter.state, func.count()).where(Letter.lane == Lane.MAILING).group_by(Letter.state)
        assert dict(db.session.execute(counted).all()) == {S.SENT: 1, S.CANCELLED: 59_999}
        entry = db.session.scalars(select(Activity).where(Activity.verb == "event_cancelled")).one()
        assert entry.details["letters_stopped"] == 59_999
        reasons = select(Letter.last_error).where(Letter.state == S.CANCELLED).distinct()
        assert db.session.scalars(reasons).all() == ["The event was cancelled before it was sent."]
    assert box.deliver(server, lane=Lane.MAILING) == 0


def test_cancelled_event_stops_no_letters_of_other_events_or_lanes(box, make, now):
    ours, theirs = make.event("Ours"), make.event("Theirs")
    box.post(
        notice(number=1, event_id=theirs.id, lane=Lane.MAILING),
        notice(number=2, event_id=ours.id),
        notice(number=3, event_id=ours.id, lane=Lane.MAILING),
    )
    with box.app.app_context(), transaction.unit():
        event_services.cancel(ours.id, reason="", actor=SYSTEM, now=now)
    assert [letter.state for letter in box.letters] == [S.WAITING, S.WAITING, S.CANCELLED]


def test_letter_in_hand_when_its_event_is_cancelled_is_not_tried_again(box, make, now, server):
    event = make.event("Ours")
    box.post(*several(3, event_id=event.id, lane=Lane.MAILING))
    with box.app.app_context():
        outbox.take(Lane.MAILING, "dead", box.now)
        with transaction.unit():
            event_services.cancel(event.id, reason="", actor=SYSTEM, now=now)
    assert [letter.state for letter in box.letters] == [S.SENDING, S.CANCELLED, S.CANCELLED]
    assert box.recover() == 1
    assert box.deliver(server, lane=Lane.MAILING) == 0
    assert set(box.states.values()) == {S.CANCELLED}
    assert server.letters == []


def test_letter_taken_behind_one_of_another_event_is_stopped(box, make, now):
    theirs, ours = make.event("Theirs"), make.event("Ours")
    event_ids = [theirs.id, ours.id, ours.id, theirs.id]
    box.post(*(notice(number=number, event_id=one, lane=Lane.MAILING) for number, one in enumerate(event_ids)))
    with box.app.app_context():
        outbox.take(Lane.MAILING, "worker", box.now)
        with transaction.unit():
            event_services.cancel(ours.id, reason="", actor=SYSTEM, now=now)
    assert [(letter.state, letter.expires_at) for letter in box.letters] == [
        (S.SENDING, None), (S.CANCELLED, None), (S.CANCELLED, None), (S.SENDING, None)
    ]  # fmt: skip


def test_letter_stopped_while_the_one_before_it_could_not_be_rendered_is_not_sent(box, make, now, server):
    event = make.event("Ours")
    box.post(
        notice(number=1, event_id=event.id, lane=Lane.MAILING, facts={"event": {"title": 4711}}),
        notice(number=2, event_id=event.id, lane=Lane.MAILING),
    )
    with box.app.app_context():
        taken, reworded = outbox.take(Lane.MAILING, "worker", box.now)
        with transaction.unit():
            event_services.cancel(event.id, reason="", actor=SYSTEM, now=now)
        assert outbox.rendered(taken, reworded, "worker", box.settings(), box.now) == []
    assert [letter.state for letter in box.letters] == [S.FAILED, S.CANCELLED]


# ---------------------------------------------------------------- killed at each line


@pytest.fixture
def worker(app, server, tmp_path):
    with dying(app, tmp_path, "deliver", **server.settings) as process:
        yield process


def test_worker_killed_at_any_line_loses_nothing_and_doubles_only_what_is_marked(app, box, server, worker):
    """What it leaves at each of its lines is seen, and from each thing so left the next worker goes on."""

    def post_anew() -> None:
        with app.app_context(), transaction.unit():
            db.session.execute(delete(Letter))
        server.letters.clear()
        box.post(*several(3))

    def left() -> tuple[list, int]:
        rows = [(row.state, row.attempts, row.uncertain, row.taken_by, row.message is None) for row in box.letters]
        return rows, len(server.letters)

    post_anew()
    worker.live(left)  # not yet: the process that lives has done it before
    post_anew()
    seen = worker.live(left)
    arrived_at, doubled, held_back = Counter(), 0, 0
    for turn, number in enumerate(places_to_die(seen)):
        post_anew()
        worker.die(number)
        server.wait_until_left()
        (rows, letters), (rows_seen, letters_seen) = left(), seen[number - 1]
        # What was handed over and not answered yet had perhaps not reached the server's books when it was looked at.
        assert (rows, letters - letters_seen in {0, 1}) == (rows_seen, True)
        arrived = Counter(server.addresses)
        assert set(arrived.values()) <= {1}
        recorded = {letter.recipient_email for letter in box.letters if letter.state is S.SENT}
        assert recorded <= set(arrived)
        unrecorded = set(arrived) - recorded
        arrived_at[len(arrived), len(unrecorded)] += 1
        # Where uncertain letters are held, nothing at all arrives twice.
        policy = "hold" if turn % 2 else "resend"
        box.recover(uncertain_letters=policy)
        box.deliver(server, worker="the next")
        held = {letter.recipient_email for letter in box.letters if letter.state is S.HELD}
        uncertain = {letter.recipient_email for letter in box.letters if letter.uncertain}
        assert held == (uncertain if policy == "hold" else set())
        assert unrecorded <= uncertain
        assert len(uncertain) <= 1
        assert {state for state in box.states.values() if state is not S.HELD} <= {S.SENT}
        copies = Counter(server.addresses)
        assert set(copies) | held == set(addresses(1, 2, 3))
        twice = {address for address, times in copies.items() if times > 1}
        assert twice == (unrecorded if policy == "resend" else set())
        assert max(copies.values()) <= 2
        doubled, held_back = doubled + len(twice), held_back + len(held)
        expected = {letter.recipient_email: letter.message for letter in box.letters}
        assert {(one.recipient, one.content) for one in server.letters} == {
            (address, expected[address]) for address in copies
        }
    # Killed before, between and after all of them, and in the moment between taken and recorded.
    assert len(seen) > 150
    assert {arrived for arrived, _ in arrived_at} == {0, 1, 2, 3}
    assert {unrecorded for _, unrecorded in arrived_at} == {0, 1}
    assert doubled > 0 < held_back
