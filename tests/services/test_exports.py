"""Files for spreadsheet programs, and how the worker makes the long ones whatever happens to it."""

import csv
import io
from datetime import timedelta
from functools import partial

import openpyxl
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from tests.crowds import Member, write_crowd
from tests.ledger import Ledger
from webapp import transaction
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import Actor, ActorKind
from webapp.models.activity import Activity
from webapp.models.events import Event
from webapp.models.operations import Export, ExportPart, FileType
from webapp.models.organisations import Sector
from webapp.models.registrations import RegistrationState
from webapp.queries import exports as queries
from webapp.queries.events import find_event
from webapp.queries.registrations import RegistrationFilter, Sort
from webapp.services import exports, leases

SECOND = timedelta(seconds=1)


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(app, make, now):
    """An event with 120 registrations in two sectors."""
    event = make.event("Family hubs")
    crowd = [
        Member(arrival=n, name=f"P{n:03}", email=f"p{n}@example.org", sector=Sector.HEALTH if n % 3 else Sector.POLICE)
        for n in range(1, 121)
    ]
    write_crowd(app, event, crowd, now)
    return event


@pytest.fixture
def ask(ledger, event, make, now):
    """Asks for a file as one person does, and gives the id of the export."""
    person = make.person("Morgan Ellery")

    def request(wanted=None, filetype=FileType.CSV, *, with_needs=False, at=now):
        return ledger.act(
            exports.request_export,
            event.id,
            wanted or RegistrationFilter(),
            filetype,
            with_needs=with_needs,
            person_id=person.id,
            actor=Actor(ActorKind.PERSON, person.id),
            now=at,
        ).id

    request.person = person
    return request


@pytest.fixture
def work(app):
    """One round of the worker, at a moment; gives how many files it made."""

    def run(at, **more):
        with app.app_context():
            return exports.make_pending(lambda: at, **more)

    return run


def content(app, export_id):
    with app.app_context():
        return b"".join(queries.each_part(export_id))


def names(app, export_id):
    """The first column of a file, without its heading."""
    text = content(app, export_id).decode("utf-8-sig")
    return [row[0] for row in csv.reader(io.StringIO(text, newline=""))][1:]


def test_header_and_rows_follow_the_questions_in_their_order(context, make):
    event = make.event()
    late, early = (make.question(event, label, retired_at=None) for label in ("Late?", "Early?"))
    with transaction.unit():
        db.session.execute(update(type(late)).where(type(late).id == late.id).values(position=99))
    make.registration(event, answers={late.public_id: ["No"], early.public_id: ["One", "Two"]}, access="Ramp\nLift")
    with context.app_context():
        found = db.session.get_one(Event, event.id, options=[selectinload(Event.questions)])
        assert exports.header(found, with_needs=True)[9:] == ["Early?", "Late?", "Access needs", "Dietary needs"]
        (row,) = exports.rows(found, RegistrationFilter(), with_needs=True)
        assert row[9:] == ["One; Two", "No", "Ramp\nLift", ""]
        (row,) = exports.rows(found, RegistrationFilter(), with_needs=False)
        assert row[9:] == ["One; Two", "No"]


@pytest.mark.parametrize("part", [1024 * 1024, 700])
def test_worker_makes_what_was_asked_for(app, ledger, event, ask, work, now, monkeypatch, part):
    monkeypatch.setattr(exports, "PART", part)
    wanted = RegistrationFilter(
        text="example", state=RegistrationState.CONFIRMED, sector=Sector.POLICE, sort=Sort.NAME, descending=True
    )
    plain, narrowed = ask(), ask(wanted)
    assert work(now) == 2
    assert names(app, plain) == [f"P{n:03}" for n in range(1, 121)]
    assert names(app, narrowed) == [f"P{n:03}" for n in range(120, 0, -1) if n % 3 == 0]
    rows = ledger.all(select(Export).order_by(Export.id))
    assert [(row.finished_at, row.failed_at, row.taken_until, row.size) for row in rows] == [
        (now, None, None, len(content(app, row.id))) for row in rows
    ]
    pieces = ledger.all(select(ExportPart.content).where(ExportPart.export_id == plain))
    assert max(map(len, pieces)) <= part
    assert (len(pieces) > 1) == (part == 700)


def test_worker_makes_xlsx_with_needs_when_asked_for(app, event, ask, work, make, now):
    make.registration(event, name="Zoe", dietary="No nuts")
    export_id = ask(RegistrationFilter(sort=Sort.NAME, descending=True), FileType.XLSX, with_needs=True)
    assert work(now) == 1
    book = openpyxl.load_workbook(io.BytesIO(content(app, export_id)), read_only=True)
    header, first, *others = book["Family hubs"].iter_rows(values_only=True)
    assert (header[-2:], first[0], first[-1], len(others)) == (("Access needs", "Dietary needs"), "Zoe", "No nuts", 120)
    book.close()


def test_request_twice_is_made_once_until_it_is_ready(ledger, ask, work, now):
    first = ask()
    assert ask() == first
    others = {ask(RegistrationFilter(text="ann")), ask(None, FileType.XLSX), ask(with_needs=True)}
    assert first not in others
    assert (ledger.count(Export), work(now), work(now)) == (4, 4, 0)
    assert ask() != first


def test_request_with_needs_is_recorded_and_without_is_not(ledger, event, ask, now):
    ask()
    ask(with_needs=True)
    ask(with_needs=True)
    entry = ledger.one(select(Activity).where(Activity.verb == "needs_exported"))
    assert (entry.event_id, entry.actor_id, entry.at) == (event.id, ask.person.id, now)


def test_request_wakes_the_worker_when_it_is_committed(app, ledger, event, ask, now):
    queue = app.extensions["jobs"]["files"]
    queue.flush()
    with pytest.raises(NotFound):
        ledger.act(_ask_in_vain, event, ask, now)
    assert (ledger.count(Export), queue.pending_count()) == (0, 0)
    export_id = ask()
    assert queue.pending_count() == 1
    queue.execute(queue.dequeue())
    assert len(names(app, export_id)) == 120
    assert queue.pending_count() == 0


def _ask_in_vain(event, ask, now):
    actor = Actor(ActorKind.PERSON, ask.person.id)
    wanted, person_id = RegistrationFilter(), ask.person.id
    exports.request_export(event.id, wanted, FileType.CSV, with_needs=False, person_id=person_id, actor=actor, now=now)
    raise NotFound


def test_file_that_a_killed_worker_left_is_made_by_the_next(app, ledger, ask, work, now):
    export_id = ask()
    ledger.act(db.session.add, ExportPart(export_id=export_id, position=0, content=b"half"))
    with app.app_context():
        assert leases.take(exports.WORK, now) == leases.Taken(export_id, now + leases.LEASE)
    assert ledger.one(select(Export)).attempts == 1
    assert work(now + leases.LEASE - SECOND) == 0
    assert work(now + leases.LEASE) == 1
    assert len(names(app, export_id)) == 120
    assert ledger.one(select(Export)).attempts == 2


def test_worker_that_was_taken_for_dead_does_not_spoil_the_file(app, ledger, ask, work, now):
    export_id = ask()
    with app.app_context():
        taken = leases.take(exports.WORK, now)
    assert work(now + leases.LEASE) == 1
    before = content(app, export_id)
    with app.app_context():
        assert not exports._store(taken, io.BytesIO(b"late"), lambda: now)
    assert content(app, export_id) == before
    assert ledger.one(select(Export)).finished_at == now + leases.LEASE


def test_file_that_kills_the_worker_each_time_is_given_up(app, ledger, ask, work, now):
    ask()
    at = now
    for attempt in range(1, leases.TRIES + 1):
        with app.app_context():
            leases.take(exports.WORK, at)
        assert ledger.one(select(Export)).attempts == attempt
        at += leases.LEASE
    other = ask(RegistrationFilter(text="p001"))
    assert work(at) == 1
    assert names(app, other) == ["P001"]
    failed = ledger.all(select(Export).order_by(Export.id))[0]
    assert (failed.failed_at, failed.finished_at) == (at, None)


def test_file_that_cannot_be_made_is_tried_again_then_given_up_and_holds_up_nobody(app, ledger, ask, work, now):
    broken, whole = ask(), ask(RegistrationFilter(text="p001"))
    ledger.act(db.session.execute, update(Export).where(Export.id == broken).values(filters={}))
    with pytest.raises(KeyError):
        work(now)
    assert work(now) == 1
    assert names(app, whole) == ["P001"]
    with pytest.raises(KeyError):
        work(now + leases.PAUSE)
    with pytest.raises(KeyError):
        work(now + 2 * leases.PAUSE)
    assert work(now + timedelta(hours=1)) == 0
    row = ledger.one(select(Export).where(Export.id == broken))
    assert (row.failed_at, row.finished_at, row.attempts) == (now + 2 * leases.PAUSE, None, 3)
    assert ask() != broken


def test_worker_asked_to_stop_leaves_the_file_to_the_next_at_once(app, ledger, ask, work, now):
    export_id = ask()
    answers = iter([False] * 50 + [True] * 1000)
    assert work(now, stopping=lambda: next(answers)) == 0
    row = ledger.one(select(Export))
    assert (row.attempts, row.taken_until, row.finished_at, ledger.count(ExportPart)) == (0, now, None, 0)
    assert work(now, stopping=lambda: True) == 0
    assert work(now) == 1
    assert len(names(app, export_id)) == 120


def test_workers_side_by_side_make_each_file_once(ledger, ask, work, now):
    for number in range(5):
        ask(RegistrationFilter(text=f"p00{number}"))
    made = ledger.at_once([partial(work, now)] * 3)
    assert sum(made) == 5
    assert [row.attempts for row in ledger.all(select(Export))] == [1] * 5
    assert ledger.all(select(ExportPart.position)) == [0] * 5


def test_files_are_deleted_after_their_day(ledger, ask, work, now):
    ask()
    later = ask(RegistrationFilter(text="p001"), at=now + SECOND)
    assert work(now + SECOND) == 2
    ledger.act(exports.forget_expired, now=now + exports.KEPT + SECOND)
    assert ledger.all(select(Export.id)) == ledger.all(select(ExportPart.export_id)) == [later]


def test_file_is_found_by_the_one_who_asked_while_it_is_kept(app, ledger, event, ask, work, make, now):
    ask()
    (public_id,) = ledger.all(select(Export.public_id))
    right = {"public_id": public_id, "person_id": ask.person.id, "event_id": event.id, "now": now}
    others = ({"person_id": make.person().id}, {"event_id": make.event().id}, {"public_id": "23456789bcdf"})
    late = {"now": now + exports.KEPT}

    def found(**changes):
        with app.app_context():
            try:
                return queries.get_export(**(right | changes)).size > 0
            except NotFound:
                return False

    assert not found()
    assert work(now) == 1
    assert found()
    assert found(now=late["now"] - SECOND)
    assert [found(**wrong) for wrong in (*others, late)] == [False] * 4


def test_event_of_the_export_is_the_one_it_was_asked_for(context, event, ask, make):
    make.event("Another")
    export = queries.get_export_with_event(ask())
    assert export.event.id == find_event(event.public_id).id
    assert export.event.questions == []


def test_person_who_asks_again_and_again_keeps_the_latest_few(ledger, ask, work, now):
    ids = []
    for number in range(8):
        ids.append(ask(RegistrationFilter(text=f"P{number:03}")))
        work(now)
    assert [row.id for row in ledger.all(select(Export).order_by(Export.id))] == ids[-5:]
    assert sorted(ledger.all(select(ExportPart.export_id))) == ids[-5:]


def test_files_that_are_still_to_be_made_are_never_deleted_for_new_ones(ledger, ask, work, now):
    ids = [ask(RegistrationFilter(text=f"P{number:03}")) for number in range(5)]
    with pytest.raises(exports.TooManyFiles):
        ask(RegistrationFilter(text="one more"))
    assert [row.id for row in ledger.all(select(Export).order_by(Export.id))] == ids
    assert work(now) == 5
