"""A release of which many are told: asked for, done by the worker whole or not at all, and once."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import time, timedelta
from functools import partial
from itertools import repeat

import pytest
from sqlalchemy import event as sa_event
from sqlalchemy import select

from config import ROOT
from tests.ledger import Ledger
from webapp import clock
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Actor, ActorKind
from webapp.models.activity import Activity
from webapp.models.agenda import Session, SessionKind
from webapp.models.drafts import AgendaDraft, AgendaRelease, ReleaseRequest, RequestState
from webapp.models.mailings import Letter
from webapp.services import drafts, leases
from webapp.services.drafts import Placement, asking, releasing

S = RequestState


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def person(make):
    return make.person("Morgan Ellery")


@pytest.fixture
def few_are_many(monkeypatch):
    """Two people told are more than are told in a request."""
    monkeypatch.setattr(asking, "AT_ONCE", 1)


@pytest.fixture
def moved(make, ledger, now):
    """An event whose draft moves the plenary, of which three who have a place are to be told."""
    event = make.event("Working with fathers")
    make.draft(event)
    welcome = make.planned(event, "Welcome", kind=SessionKind.PLENARY)
    make.released(event)
    for name in ("ann", "bob", "cat"):
        make.registration(event, email=f"{name}@example.org")
    move(ledger, event, welcome, time(11), now)
    event.welcome = welcome
    return event


def move(ledger, event, session, starts, now):
    to = Placement(date=event.days[0].date, starts=starts, minutes=60)
    ledger.act(drafts.move, event, session.public_id, to, version=None, actor=SYSTEM, now=now)


@pytest.fixture
def ask(ledger, person, now):
    def asked(event, *, by=None, **more):
        by = by or person
        values = {"version": ledger.one(select(AgendaDraft.version)), "people": 3, "note": "The hall is free"}
        actor = Actor(ActorKind.PERSON, by.id)
        return ledger.act(drafts.ask, event.id, **(values | more), actor=actor, now=now)

    return asked


@pytest.fixture
def work(app):
    def run():
        with app.app_context():
            return drafts.release_requested(clock.now)

    return run


def numbers(ledger):
    return ledger.all(select(AgendaRelease.number).order_by(AgendaRelease.number))


def told(ledger):
    return sorted(who for notice, who in ledger.letters() if notice == "agenda_changed")


def test_release_that_few_are_told_of_is_done_at_once(ledger, moved, ask):
    made = ask(moved)
    assert (made.number, made.note, made.people_told) == (2, "The hall is free", 3)
    kept = ledger.one(select(ReleaseRequest))
    assert (kept.state, kept.number, kept.people, kept.note, kept.was_at_once) == (S.RELEASED, 2, 3, "", True)
    assert told(ledger) == ["ann", "bob", "cat"]


def test_release_at_once_confirmed_twice_is_done_once(ledger, moved, ask, work):
    first, second = ask(moved), ask(moved, note="Typed again")
    assert (first.number, second.number, second.note) == (2, 2, "The hall is free")
    assert numbers(ledger) == [1, 2]
    assert told(ledger) == ["ann", "bob", "cat"]
    assert work() == 0


def test_release_at_once_ends_what_an_older_one_left(ledger, moved, ask, work, now, monkeypatch):
    monkeypatch.setattr(asking, "AT_ONCE", 1)
    ask(moved)
    move(ledger, moved, moved.welcome, time(13), now)
    assert work() == 0
    assert ledger.one(select(ReleaseRequest.state)) is S.REFUSED
    monkeypatch.setattr(asking, "AT_ONCE", 10)
    ask(moved, note="The small hall")
    kept = ledger.one(select(ReleaseRequest))
    assert (kept.state, kept.number, kept.problem, kept.note, kept.was_at_once) == (S.RELEASED, 2, "", "", True)
    assert ledger.one(select(AgendaRelease.note).where(AgendaRelease.number == 2)) == "The small hall"


def test_release_that_the_service_itself_asks_for_is_a_fault(ledger, moved, few_are_many):
    version = ledger.one(select(AgendaDraft.version))
    with pytest.raises(ValueError, match="by a person"):
        ledger.act(drafts.ask, moved.id, version=version, people=3, note="", actor=SYSTEM, now=clock.now())
    assert ledger.count(ReleaseRequest) == 0


def test_release_that_many_are_told_of_waits_for_the_worker(ledger, moved, ask, work, person, few_are_many):
    asked = ask(moved)
    assert (asked.state, asked.people) == (S.WAITING, 3)
    assert numbers(ledger) == [1]
    assert told(ledger) == []
    assert work() == 1
    release = ledger.one(select(AgendaRelease).where(AgendaRelease.number == 2))
    assert (release.note, release.people_told, release.released_by_id) == ("The hall is free", 3, person.id)
    done = ledger.one(select(ReleaseRequest))
    assert (done.state, done.number, done.people, done.note) == (S.RELEASED, 2, 3, "")
    assert told(ledger) == ["ann", "bob", "cat"]
    entries = ledger.all(select(Activity.actor_id).where(Activity.verb == "agenda_released").order_by(Activity.id))
    assert entries == [None, person.id]
    assert work() == 0


def test_release_asked_for_twice_is_done_once(ledger, moved, ask, work, few_are_many):
    first, second = ask(moved), ask(moved, note="Typed again")
    assert (first.event_id, first.asked_at, second.note) == (second.event_id, second.asked_at, "The hall is free")
    assert work() == 1
    after = ask(moved)
    assert (after.state, after.number) == (S.RELEASED, 2)
    assert work() == 0
    assert numbers(ledger) == [1, 2]
    assert len(told(ledger)) == 3


def test_two_workers_release_once(ledger, moved, ask, work, few_are_many):
    ask(moved)
    assert sorted(ledger.at_once([work, work])) == [0, 1]
    assert numbers(ledger) == [1, 2]
    assert len(told(ledger)) == 3


def test_two_clicks_at_once_ask_once(ledger, moved, ask, work, few_are_many):
    outcomes = ledger.at_once([partial(ask, moved)] * 2)
    assert [one for one in outcomes if isinstance(one, Exception)] == []
    assert work() == 1
    assert numbers(ledger) == [1, 2]


def test_second_release_is_refused_while_one_waits(ledger, make, moved, ask, work, now, few_are_many):
    ask(moved)
    other = make.person("Robin Vale")
    with pytest.raises(drafts.ReleaseUnderWay):
        ask(moved, by=other)
    with pytest.raises(drafts.ReleaseUnderWay):
        ask(moved, by=other, people=1)  # however few are to be told of it
    move(ledger, moved, moved.welcome, time(13), now)
    with pytest.raises(drafts.ReleaseUnderWay):
        ask(moved)
    kept = ledger.one(select(ReleaseRequest))
    assert (kept.note, kept.state) == ("The hall is free", S.WAITING)


def test_draft_changed_meanwhile_is_not_released_and_the_note_is_kept(ledger, moved, ask, work, now, few_are_many):
    ask(moved)
    move(ledger, moved, moved.welcome, time(13), now)
    assert work() == 0
    refused = ledger.one(select(ReleaseRequest))
    assert (refused.state, refused.problem, refused.note) == (
        S.REFUSED, drafts.DraftMoved.message, "The hall is free"
    )  # fmt: skip
    assert numbers(ledger) == [1]
    assert told(ledger) == []
    again = ask(moved, note="The small hall")
    assert (again.state, again.problem, again.note) == (S.WAITING, "", "The small hall")
    assert work() == 1
    assert numbers(ledger) == [1, 2]


def test_many_more_to_tell_than_were_confirmed_is_not_released(ledger, make, moved, ask, work, few_are_many):
    ask(moved)
    for number in range(releasing.FEW + 1):
        make.registration(moved, email=f"late{number}@example.org")
    assert work() == 0
    refused = ledger.one(select(ReleaseRequest))
    assert (refused.state, numbers(ledger)) == (S.REFUSED, [1])
    assert refused.problem.startswith("The summary that you read named 3 to be told; by now it would be 14.")


def test_few_more_to_tell_than_were_confirmed_are_told_too(ledger, make, moved, ask, work, few_are_many):
    ask(moved)
    make.registration(moved, email="late@example.org")
    assert work() == 1
    assert told(ledger) == ["ann", "bob", "cat", "late"]
    assert ledger.one(select(ReleaseRequest.people)) == 4


@pytest.mark.parametrize("people", [0, 200])
def test_number_of_people_is_checked_in_the_request_too(ledger, make, moved, ask, people):
    for number in range(releasing.FEW):
        make.registration(moved, email=f"more{number}@example.org")
    with pytest.raises(drafts.PeopleChanged):
        ask(moved, people=people)
    assert numbers(ledger) == [1]


def test_draft_of_another_version_is_not_asked_for(ledger, moved, ask, few_are_many):
    with pytest.raises(drafts.DraftMoved):
        ask(moved, version=1)
    assert ledger.count(ReleaseRequest) == 0


def test_releases_are_done_by_order_of_asking(ledger, make, moved, work, person, now, few_are_many):
    other = make.event("Another")
    make.draft(other)
    make.planned(other, "One")
    actor = Actor(ActorKind.PERSON, person.id)
    for event, after in ((other, 1), (moved, 0)):
        with clock.fixed(now + timedelta(seconds=after)):
            version = ledger.one(select(AgendaDraft.version).where(AgendaDraft.event_id == event.id))
            values = {"version": version, "people": 3, "note": "", "actor": actor}
            ledger.act(drafts.ask, event.id, **values, now=clock.now())
    assert work() == 2
    made = ledger.rows(select(AgendaRelease.event_id).where(AgendaRelease.released_by_id.is_not(None)).order_by("id"))
    assert [row[0] for row in made] == [moved.id, other.id]


KILLED = """
import os, signal
from sqlalchemy import event
from webapp import clock, create_app
from webapp.extensions import db
from webapp.services import drafts, leases
from config import load
from datetime import datetime
app = create_app(load())
with app.app_context(), clock.fixed(datetime.fromisoformat({now!r})):
    def die(_connection, _cursor, statement, *_more):
        if statement.startswith("INSERT INTO outbox"):
            os.kill(os.getpid(), signal.SIGKILL)
    event.listen(db.engine, "after_cursor_execute", die)
    drafts.release_requested(clock.now)
"""


def test_worker_killed_midway_leaves_nothing_half_done(app, ledger, moved, ask, work, now, few_are_many):
    ask(moved)
    assert killed_while_writing_letters(app, now) == -signal.SIGKILL
    assert (numbers(ledger), told(ledger)) == ([1], [])
    assert ledger.all(select(Session.starts)) == [time(10)]
    assert ledger.one(select(ReleaseRequest.state)) is S.WRITING
    assert work() == 0  # it may still be alive
    with clock.fixed(now + leases.LEASE):
        assert work() == 1
    assert (numbers(ledger), told(ledger)) == ([1, 2], ["ann", "bob", "cat"])
    assert ledger.all(select(Session.starts)) == [time(11)]


def killed_while_writing_letters(app, now):
    """The exit code of a process that is killed when the letters stand in the outbox, uncommitted."""
    settings = app.config["SETTINGS"]
    names = ("env", "secret_keys", "jobs_path", "base_url")
    environment = {f"WAYMARK_{name.upper()}": str(getattr(settings, name)) for name in names}
    environment = {**os.environ, **environment, "DATABASE_URL": settings.database_url}
    script = KILLED.format(now=now.isoformat())
    return subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=False).returncode


def test_worker_that_died_three_times_of_it_says_so(ledger, moved, ask, work, now, few_are_many):
    ledger.change(ask(moved), attempts=leases.TRIES)
    assert work() == 0
    failed = ledger.one(select(ReleaseRequest))
    assert (failed.state, failed.problem, failed.note) == (S.REFUSED, asking.FAILED, "The hall is free")
    assert numbers(ledger) == [1]


@contextmanager
def breaking(app, beginning):
    """Statements that begin like this break."""

    def fail(_connection, _cursor, statement, *_more):
        if statement.startswith(beginning):
            raise RuntimeError("broken")

    with app.app_context():
        engine = db.engine
    sa_event.listen(engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        sa_event.remove(engine, "before_cursor_execute", fail)


def test_release_that_breaks_is_tried_three_times(app, ledger, moved, ask, work, now, few_are_many):
    ask(moved)
    seen = []
    with breaking(app, "INSERT INTO outbox"):
        for number in range(leases.TRIES):
            with clock.fixed(now + number * leases.PAUSE):
                with pytest.raises(RuntimeError, match="broken"):
                    work()
                assert work() == 0  # not before the pause is over
            row = ledger.one(select(ReleaseRequest))
            seen.append((row.state, row.problem, row.attempts))
    assert seen == [(S.WAITING, "", 1), (S.WAITING, "", 2), (S.REFUSED, asking.FAILED, 3)]
    assert (numbers(ledger), told(ledger)) == ([1], [])
    assert ledger.one(select(ReleaseRequest.note)) == "The hall is free"
    with clock.fixed(now + timedelta(hours=1)):
        assert work() == 0
        ask(moved)
        assert work() == 1
    assert numbers(ledger) == [1, 2]


@pytest.fixture
def late_worker(app, now):
    """A worker so slow that another takes its release over and is still at it."""

    def run():
        def moments():
            yield now
            # Between being taken and being done.
            leases.take(asking.WORK, now + leases.LEASE)
            yield from repeat(now)

        with app.app_context():
            return drafts.release_requested(partial(next, moments()), stopping=iter([False, True]).__next__)

    return run


def of_the_other(ledger):
    """Whether the release is as the other worker took it."""
    row = ledger.one(select(ReleaseRequest))
    return (row.state, row.attempts, row.problem) == (S.CHECKING, 2, "")


def test_worker_that_is_late_does_not_release_what_another_took(
    ledger, moved, ask, work, now, few_are_many, late_worker
):
    ask(moved)
    assert late_worker() == 0
    assert of_the_other(ledger)
    assert (numbers(ledger), told(ledger)) == ([1], [])
    with clock.fixed(now + 2 * leases.LEASE):
        assert work() == 1
    assert (numbers(ledger), told(ledger)) == ([1, 2], ["ann", "bob", "cat"])


def test_worker_that_is_late_does_not_refuse_what_another_took(ledger, moved, ask, now, few_are_many, late_worker):
    ask(moved)
    move(ledger, moved, moved.welcome, time(13), now)
    assert late_worker() == 0
    assert of_the_other(ledger)


def test_worker_that_is_late_does_not_give_back_what_another_took(app, ledger, moved, ask, few_are_many, late_worker):
    ask(moved)
    with breaking(app, "SELECT max(agenda_releases"), pytest.raises(RuntimeError, match="broken"):
        late_worker()
    assert of_the_other(ledger)


def test_refused_release_is_a_refusal_for_people():
    for refusal in (drafts.ReleaseUnderWay(), drafts.PeopleChanged(3, 1200)):
        assert isinstance(refusal, DomainError)
        assert refusal.status == 409
    assert "by now it would be 1,200" in drafts.PeopleChanged(3, 1200).message


def test_letters_of_a_release_by_the_worker_wake_its_lane(ledger, moved, ask, work, few_are_many):
    ask(moved)
    assert work() == 1
    assert ledger.all(select(Letter.state).where(Letter.notice == "agenda_changed").distinct()) == ["waiting"]
