"""What stays of a letter: its exact bytes for a time, each try, and what becomes of those that may have arrived."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.conftest import NOW
from tests.house.source import ROOT
from tests.mail import Act, MailServer
from tests.notices.examples import notice
from tests.test_outbox import MINUTE, Post, addresses, several
from webapp import outbox
from webapp.extensions import db
from webapp.models.mailings import NEVER_KEPT, OF_POSTS, Lane, LetterState, Try
from webapp.notices.letters import Notice
from webapp.services import housekeeping

S = LetterState
SECRET = {
    "sign_in_link": lambda: notice("sign_in_link", lane=Lane.URGENT, expires_at=NOW + 15 * MINUTE),
    "password_changed": lambda: notice("password_changed", lane=Lane.URGENT),
}


@pytest.fixture
def box(app):
    return Post(app)


@pytest.fixture
def server():
    with MailServer() as mail:
        yield mail


def sweep(box: Post, *, at: timedelta) -> None:
    with box.app.app_context():
        housekeeping.sweep(now=NOW + at)


# ---------------------------------------------------------------- the bytes


def test_bytes_stay_as_they_left_until_their_time_is_over(box, server):
    box.post(*several(2))
    box.post(notice(number=3))
    server.recipients["person2@example.org"] = "550 5.1.1 No such user"
    assert box.deliver(server) == 2
    sent = {one.recipient: one.content for one in server.letters}
    rendered = box.rendered()
    assert [one.message for one in box.letters] == [sent["person1@example.org"], rendered[1], rendered[2]]
    sweep(box, at=outbox.BYTES_KEPT - timedelta(seconds=1))
    assert [one.message for one in box.letters] == rendered
    sweep(box, at=outbox.BYTES_KEPT)
    assert [(one.message, one.message_until) for one in box.letters] == [(None, None)] * 3
    assert [one.state for one in box.letters] == [S.SENT, S.FAILED, S.SENT]


def test_bytes_of_a_letter_on_its_way_are_never_swept(box, server):
    box.post(notice())
    server.script.append("452 4.3.1 No room")
    box.deliver(server)
    (expected,) = box.rendered()
    sweep(box, at=10 * outbox.BYTES_KEPT)
    assert (box.letter.state, box.letter.message) == (S.DEFERRED, expected)


def test_sweep_goes_on_until_no_spent_bytes_are_left(box, server, monkeypatch):
    monkeypatch.setattr(housekeeping, "AT_ONCE", 2)
    box.post(*several(5))
    box.deliver(server)
    sweep(box, at=outbox.BYTES_KEPT)
    assert {one.message for one in box.letters} == {None}


def test_bytes_take_less_room_than_they_are(box, server):
    box.post(notice())
    box.deliver(server)
    with box.app.app_context():
        stored = db.session.execute(text("SELECT message FROM outbox")).scalar_one()
    assert len(stored) < len(box.letter.message) * 0.6
    assert b"Content-Type" not in stored


@pytest.mark.parametrize("name", SECRET)
def test_bytes_of_what_signs_in_or_tells_of_a_password_go_as_soon_as_they_are_sent(box, server, name):
    box.post(SECRET[name](), SECRET[name]())
    server.script.extend([None, "554 No"])
    assert box.deliver(server, lane=Lane.URGENT) == 1
    assert [(one.state, one.message, one.message_until) for one in box.letters] == [
        (S.SENT, None, None),
        (S.FAILED, None, None),
    ]


@pytest.mark.memory
def test_every_letter_with_a_link_that_signs_in_is_among_those_never_kept():
    letters = (ROOT / "templates" / "letters").rglob("body.md")
    signing_in = {path.parent.name for path in letters if "{sign_in_link}" in path.read_text()}
    assert signing_in == {"sign_in_link"}
    assert set(SECRET) == NEVER_KEPT - OF_POSTS >= signing_in


# ---------------------------------------------------------------- each try


def test_each_try_is_kept_with_the_words_of_the_server(box, server):
    box.post(notice())
    server.script.extend(["452 4.3.1 No room", Act.DROP_AFTER_DATA, None])
    tried = []
    while box.letter.state is not S.SENT:
        tried.append(box.now)
        box.deliver(server)
        box.now = max(box.letter.next_attempt_at, box.now + MINUTE)
    no_room, dropped, taken = box.letter.all_tries
    assert no_room == Try(at=tried[0], became=S.DEFERRED, said="452 4.3.1 No room")
    assert (dropped.at, dropped.became, dropped.uncertain) == (tried[1], S.DEFERRED, True)
    assert dropped.said.startswith("The connection was lost")
    assert taken == Try(at=tried[2], became=S.SENT, said="250 Taken")
    assert box.letter.last_error == ""


def test_recipient_is_kept_by_the_words_of_name_and_address(box):
    with_odd_name = Notice(name="x", recipient_name="Zoë O’Neill", recipient_email="Zoe.ONeill@Example.org", facts={})
    box.post(with_odd_name)
    assert box.letter.recipient_words == " zoe oneill example org"


# ---------------------------------------------------------------- letters that may have arrived


def test_letter_that_may_have_arrived_is_held_where_the_operator_chose_so(box, server):
    box.post(*several(3))
    expected = box.rendered()
    server.script.append(Act.DROP_AFTER_DATA)
    holding = server.settings | {"uncertain_letters": "hold"}
    assert box.deliver(holding) == 2
    first = box.letters[0]
    assert (first.state, first.uncertain, first.attempts, first.message) == (S.HELD, 1, 1, expected[0])
    assert [one.became for one in first.all_tries] == [S.HELD]
    box.now += 10_000 * MINUTE
    assert box.deliver(holding) == 0
    assert box.letters[0].state is S.HELD
    assert server.addresses == addresses(1, 2, 3)
    assert [one.uncertain for one in box.letters] == [1, 0, 0]


def test_letter_that_cannot_have_arrived_is_tried_again_whatever_the_operator_chose(box, server):
    box.post(notice())
    server.script.extend(["421 4.3.2 Shutting down", None])
    holding = server.settings | {"uncertain_letters": "hold"}
    box.deliver(holding)
    assert (box.letter.state, box.letter.uncertain) == (S.DEFERRED, 0)
    box.now += MINUTE
    assert box.deliver(holding) == 1
    assert server.addresses == addresses(1)


@pytest.mark.parametrize("policy", ["resend", "hold"])
def test_what_dead_workers_had_in_hand_is_counted_and_sent_again_or_held(box, server, policy):
    box.post(*several(4))
    with box.app.app_context():
        outbox.take(Lane.ORDINARY, "dead", box.now)
    assert box.recover(uncertain_letters=policy) == 4
    assert [(one.state, one.uncertain) for one in box.letters] == [
        (S.WAITING if policy == "resend" else S.HELD, 1),
        (S.WAITING, 0),
        (S.WAITING, 0),
        (S.WAITING, 0),
    ]
    (this,) = box.letters[0].all_tries
    assert (this.at, this.said, this.uncertain) == (NOW, outbox.STOPPED, True)
    assert box.deliver(server) == (4 if policy == "resend" else 3)
    assert box.recover(uncertain_letters=policy) == 0


def test_worker_holds_what_it_could_not_record_before_where_the_operator_chose_so(box, server):
    box.post(*several(3))
    box.set(state=S.SENDING, taken_by="worker")
    assert box.deliver(server.settings | {"uncertain_letters": "hold"}) == 2
    assert [(one.state, one.uncertain) for one in box.letters] == [(S.HELD, 1), (S.SENT, 0), (S.SENT, 0)]
