from functools import partial

import pytest
from sqlalchemy import delete, func, select, update

from tests.counting import statements
from tests.ledger import Ledger
from webapp import clock, transaction
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.formats.spreadsheets import csv_bytes
from webapp.models.accounts import SYSTEM, Actor, ActorKind, Alarm, ThingKind
from webapp.models.activity import Activity
from webapp.models.agenda import ContributionRole, SessionKind
from webapp.models.calendars import Invitation, Method
from webapp.models.drafts import DraftContribution, DraftSession
from webapp.models.events import Format, Mode, Places
from webapp.models.imports import Import, ImportKind, ImportRow, ImportState
from webapp.models.mailings import Letter
from webapp.models.organisations import Organisation
from webapp.models.registrations import Registration
from webapp.models.speakers import Speaker
from webapp.queries import imports as queries
from webapp.queries.speakers import suggest_speakers
from webapp.services import drafts, imports, leases
from webapp.services.calendar_entries import choose
from webapp.services.imports import applying
from webapp.services.imports.agenda_reading import part_text, parts_of
from webapp.services.registrations import RegistrationRefused

AGENDA = ["Id", "Title", "Day", "Start", "Minutes", "Stream", "Room", "Speakers"]
PEOPLE = ["Name", "E-mail address", "Organisation"]


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def organiser(make):
    return Actor(ActorKind.PERSON, make.person("Morgan Ellery").id)


@pytest.fixture
def stage(app, organiser, now):
    """Reads a file in as far as to be confirmed, and gives the id of the import."""

    def staged(event, kind, header, rows, **options):
        with app.app_context():
            found = queries.get_event_of(event.id)
            reading = imports.read(kind, found, csv_bytes(header, rows), filename="list.csv")
            with transaction.unit():
                row = imports.stage(
                    found,
                    reading,
                    imports.Options(**options),
                    person_id=organiser.person_id,
                    actor=organiser,
                    now=now,
                )
                return row.id

    return staged


def agenda(count, first=0):
    return [
        [
            str(n),
            f"Session {n}",
            "Day 1",
            "10:00",
            45,
            f"Stream {n % 3}",
            f"Room {n % 4}",
            f"Ann {n % 5} (Hope {n % 2})",
        ]
        for n in range(first, first + count)
    ]


def who(n):
    return f"Ann {n % 5} (Hope {n % 2})"


def people(count, first=0):
    return [[f"Person {n}", f"p{n}@example.org", "Marlbridge Council"] for n in range(first, first + count)]


def confirm(import_id, organiser, now):
    return imports.confirm(import_id, leaving_out=False, actor=organiser, now=now)


@pytest.mark.parametrize(
    ("kind", "header", "rows"), [(ImportKind.AGENDA, AGENDA, agenda), (ImportKind.REGISTRATIONS, PEOPLE, people)]
)
def test_import_asks_as_often_for_few_rows_as_for_many(app, make, stage, organiser, now, kind, header, rows):
    asked = []
    for count in (12, 240):
        event = make.event(capacity=None)
        first = count * 10
        import_id = stage(event, kind, header, rows(count, first))
        with statements(app) as found, app.app_context(), transaction.unit():
            confirm(import_id, organiser, now)
        asked.append(len(found))
    assert asked[1] <= asked[0] + 2


def test_two_organisers_importing_the_same_agenda_at_once_double_nothing(app, make, ledger, stage, organiser, now):
    event = make.event()
    both = [stage(event, ImportKind.AGENDA, AGENDA, agenda(20)) for _ in range(2)]
    ledger.together([partial(confirm, import_id, organiser, now) for import_id in both])
    assert ledger.one(select(func.count()).select_from(DraftSession)) == 20
    assert sorted(one.state for one in ledger.all(select(Import))) == [ImportState.APPLIED, ImportState.STAGED]
    assert ledger.count(Speaker) == 5
    assert ledger.count(Organisation) == 2


def test_two_organisers_importing_people_at_once_sell_no_place_twice(app, make, ledger, stage, organiser, now):
    event = make.event(capacity=30)
    first = stage(event, ImportKind.REGISTRATIONS, PEOPLE, people(20))
    second = stage(event, ImportKind.REGISTRATIONS, PEOPLE, people(20, first=15))
    ledger.together([partial(confirm, import_id, organiser, now) for import_id in (first, second)])
    assert ledger.count(Registration) == 20
    assert ledger.counters(event)[0] == 20
    ledger.check(event)


def test_people_registering_during_an_import_wait_and_lose_nothing(app, make, ledger, stage, organiser, now):
    event = make.event(capacity=None)
    import_id = stage(event, ImportKind.REGISTRATIONS, PEOPLE, people(200))
    jobs = [partial(ledger.act, confirm, import_id, organiser, now)]
    jobs += [partial(make.registration, event, email=f"p{n}@example.org") for n in (3, 999, 1000)]
    results = ledger.at_once(jobs)
    refused = [one for one in results if isinstance(one, Exception)]
    assert [one for one in refused if not isinstance(one, RegistrationRefused | DomainError)] == []
    ledger.check(event)
    assert ledger.count(Registration) in {3, 202}


def test_import_taken_twice_by_workers_is_done_once(app, make, ledger, stage, organiser, now, monkeypatch):
    monkeypatch.setitem(applying.AT_ONCE, ImportKind.REGISTRATIONS, 1)
    event = make.event(capacity=None)
    import_id = stage(event, ImportKind.REGISTRATIONS, PEOPLE, people(30))
    ledger.act(confirm, import_id, organiser, now)

    def work():
        with app.app_context():
            return imports.apply_requested(clock.now)

    assert sorted(ledger.at_once([work, work])) == [0, 1]
    assert ledger.count(Registration) == 30
    ledger.check(event)


def test_worker_does_it_in_the_name_of_who_confirmed(app, make, ledger, stage, organiser, now, monkeypatch):
    monkeypatch.setitem(applying.AT_ONCE, ImportKind.REGISTRATIONS, 1)
    event = make.event()
    import_id = stage(event, ImportKind.REGISTRATIONS, PEOPLE, people(3))
    other = Actor(ActorKind.PERSON, make.person("Robin Vale").id)
    ledger.act(confirm, import_id, other, now)
    with app.app_context():
        assert imports.apply_requested(clock.now) == 1
    entries = ledger.all(select(Activity).where(Activity.event_id == event.id, Activity.at >= now))
    done = {entry.verb: entry.actor_id for entry in entries if entry.verb in {"registrations_imported", "imported"}}
    assert done["registrations_imported"] == other.person_id
    assert set(done.values()) == {other.person_id}


@pytest.mark.parametrize("number_given", [False, True])
def test_way_of_taking_part_that_went_is_said_of_its_rows(app, make, ledger, stage, organiser, now, number_given):
    event = make.event(format=Format.HYBRID)
    header = [*PEOPLE, "Taking part"]
    rows = [[*row, mode] for row, mode in zip(people(2), ("online", "in person"), strict=True)]
    import_id = stage(event, ImportKind.REGISTRATIONS, header, rows)
    ledger.change(event, format=Format.ONLINE)
    going = Places.event_id == event.id, Places.mode == Mode.IN_PERSON
    # As editing leaves it: without a counter, or with one of no places where numbers were given.
    ledger.act(
        lambda: db.session.execute(
            update(Places).where(*going).values(capacity=0) if number_given else delete(Places).where(*going)
        )
    )
    ledger.act(confirm, import_id, organiser, now)
    assert ledger.count(Registration) == 0
    row = ledger.one(select(Import))
    assert (row.state, row.counts["new"], row.counts["refused"]) == (ImportState.STAGED, 1, 1)
    kept = ledger.all(select(ImportRow).order_by(ImportRow.number))
    assert kept[1].message == "Nobody can take part in person in this event any more."


def test_worker_that_fails_three_times_says_so(app, make, ledger, stage, organiser, now, monkeypatch):
    monkeypatch.setitem(applying.AT_ONCE, ImportKind.AGENDA, 1)
    event = make.event()
    import_id = stage(event, ImportKind.AGENDA, AGENDA, agenda(3))
    ledger.act(confirm, import_id, organiser, now)
    row = ledger.one(select(Import))
    ledger.change(row, attempts=leases.TRIES)
    with app.app_context():
        assert imports.apply_requested(clock.now) == 0
    row = ledger.one(select(Import))
    assert (row.state, row.problem) == (ImportState.FAILED, applying.FAILED)
    assert ledger.count(DraftSession) == 0


def test_speakers_who_answered_keep_their_answer(app, make, ledger, stage, organiser, now):
    event = make.event()
    ledger.act(confirm, stage(event, ImportKind.AGENDA, AGENDA, agenda(1)), organiser, now)
    before = ledger.one(select(DraftContribution))
    ledger.change(before, answer="confirmed")
    rows = [[*agenda(1)[0][:-1], "Ann 0 (Hope 0); Ben Osei [chair]"]]
    ledger.act(confirm, stage(event, ImportKind.AGENDA, AGENDA, rows), organiser, now)
    after = ledger.all(select(DraftContribution).order_by(DraftContribution.position))
    assert [(one.id == before.id, one.answer, one.role) for one in after] == [
        (True, "confirmed", "presenter"),
        (False, "not_asked", "chair"),
    ]


def test_speakers_made_by_an_import_are_suggested(app, make, ledger, stage, organiser, now):
    ledger.act(confirm, stage(make.event(), ImportKind.AGENDA, AGENDA, agenda(1)), organiser, now)
    with app.app_context():
        assert [one.name for one in suggest_speakers("ann")] == [ledger.one(select(Speaker.name))]


def test_release_of_an_imported_agenda_shows_it(app, make, ledger, stage, organiser, now):
    event = make.event()
    rows = [["1", "Welcome", "Day 1", "10:00", 45, "Practice", "Hall", "Ann Lee (Hope Trust)"]]
    ledger.act(confirm, stage(event, ImportKind.AGENDA, AGENDA, rows), organiser, now)
    ledger.act(drafts.release, event.id, version=2, note="", actor=organiser, now=now)
    again = stage(event, ImportKind.AGENDA, AGENDA, rows)
    assert ledger.one(select(Import).where(Import.id == again)).counts["same"] == 1


@pytest.mark.memory
@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Ann Lee (Hope Trust)", [["Ann Lee", "Hope Trust", "presenter"]]),
        ("Ann (Annie) Lee; Ben", [["Ann (Annie) Lee", "", "presenter"], ["Ben", "", "presenter"]]),
        ("(Hope Trust) [chair]", [["", "Hope Trust", "chair"]]),
        ("Ann Lee (Trust (North)) [panellist]", [["Ann Lee", "Trust (North)", "panellist"]]),
        ("", []),
    ],
)
def test_speakers_are_read_as_they_are_written(text, parts):

    assert parts_of(text) == parts
    assert "; ".join(part_text(name, of, ContributionRole(role)) for name, of, role in parts) == text


@pytest.mark.parametrize("letters", [True, False])
def test_who_wants_an_entry_for_each_session_is_imported_with_those_alone(
    app, make, ledger, stage, organiser, now, letters
):
    event = make.event()
    make.session(event, "Opening", kind=SessionKind.PLENARY)
    wanting = make.person(email="p0@example.org")
    ledger.act(choose, wanting.id, alarm=Alarm.HOUR, by_session=True, actor=SYSTEM, now=now)
    import_id = stage(event, ImportKind.REGISTRATIONS, PEOPLE, people(2), letters=letters)
    with app.app_context(), transaction.unit():
        confirm(import_id, organiser, now)
    told = [
        (one.notice, one.recipient_email[:2], "invitation" in one.facts, "session" in one.facts)
        for one in ledger.all(select(Letter).order_by(Letter.recipient_email, Letter.notice))
    ]
    expected = [
        ("calendar_entry", "p0", True, True),
        ("registration_confirmed", "p0", False, False),
        ("registration_confirmed", "p1", True, False),
    ]
    assert told == (expected if letters else [])
    sent = {(one.person_id == wanting.id, one.thing_kind): one for one in ledger.all(select(Invitation))}
    assert {key: (one.method, one.sequence, one.alarm) for key, one in sent.items()} == {
        (True, ThingKind.SESSION): (Method.REQUEST, 0, Alarm.HOUR),
        (False, ThingKind.EVENT): (Method.REQUEST, 0, Alarm.NONE),
    }
