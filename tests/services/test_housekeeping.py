"""What the service does by itself, every minute."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from tests.counting import statements
from tests.ledger import Ledger
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, VISITOR, SignInLink, Throttle, WebSession
from webapp.models.activity import Activity
from webapp.models.events import Event, Places
from webapp.models.operations import Export, ExportPart, Heartbeat
from webapp.models.registrations import Registration, RegistrationDraft, RegistrationNeeds
from webapp.services import accounts, housekeeping, registrations
from webapp.services.throttling import Limit, count

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def sweep(app, now):
    def run(at=now):
        with app.app_context():
            housekeeping.sweep(now=at)

    return run


@pytest.fixture
def event(make, ledger, now):
    """One place, given up and offered to p1 for a day; p2 to p4 wait behind."""
    event = make.event(capacity=1, offer_hours=24)
    for n in range(5):
        make.registration(event, email=f"p{n}@example.org")
    row = ledger.registration(event, "p0@example.org")
    ledger.act(registrations.cancel, row.id, actor=SYSTEM, now=now)
    return event


def test_sweep_passes_lapsed_offers_on_from_one_to_the_next(ledger, event, sweep, now):
    sweep(now + DAY - SECOND)
    assert dict(ledger.standing(event))["p1"] == "offered"
    sweep(now + DAY)
    sweep(now + DAY)
    assert ledger.standing(event)[1:] == [("p1", "lapsed"), ("p2", "offered"), ("p3", "waiting"), ("p4", "waiting")]
    sweep(now + 2 * DAY)
    assert ledger.standing(event)[1:] == [("p1", "lapsed"), ("p2", "lapsed"), ("p3", "offered"), ("p4", "waiting")]
    assert ledger.letters()[6:] == [
        ("registration_offered", "p1"),
        ("registration_lapsed", "p1"),
        ("registration_offered", "p2"),
        ("registration_lapsed", "p2"),
        ("registration_offered", "p3"),
    ]
    (entry, _) = ledger.all(select(Activity).where(Activity.verb == "offer_lapsed").order_by(Activity.id))
    assert (entry.actor_kind, entry.at) == ("system", now + DAY)
    ledger.check(event)


def test_sweep_after_the_event_began_ends_the_offer_and_calls_nobody(ledger, event, sweep, now):
    sweep(event.starts_at)
    assert ledger.standing(event)[1:] == [("p1", "lapsed"), ("p2", "waiting"), ("p3", "waiting"), ("p4", "waiting")]


def test_sweep_of_a_cancelled_event_ends_the_offer_without_a_word(ledger, event, sweep, now):
    ledger.act(db.session.execute, update(Event).values(state="cancelled"))
    before = ledger.letters()
    sweep(now + DAY)
    assert dict(ledger.standing(event))["p1"] == "lapsed"
    assert ledger.letters() == before


def test_sweep_goes_on_when_one_offer_cannot_be_ended(make, ledger, event, sweep, now, caplog):
    other = make.event(capacity=1, offer_hours=24)
    for n in range(2):
        make.registration(other, email=f"q{n}@example.org")
    ledger.act(registrations.cancel, ledger.registration(other, "q0@example.org").id, actor=SYSTEM, now=now)
    # A counter that says nobody was offered a place: taking one away breaks a constraint.
    ledger.act(db.session.execute, update(Places).where(Places.event_id == event.id).values(offered=0))
    sweep(now + DAY)
    assert dict(ledger.standing(other))["q1"] == "lapsed"
    assert dict(ledger.standing(event))["p1"] == "offered"
    assert "could not be ended" in caplog.text


def test_sweep_deletes_half_finished_registrations_after_a_day(make, ledger, sweep, now):
    event = make.event()
    for at in (now, now + SECOND):
        ledger.act(registrations.keep_draft, event.id, {"name": "Ann"}, browser="b", source="192.0.2.1", now=at)
    sweep(now + DAY + SECOND)
    assert ledger.one(select(RegistrationDraft.created_at)) == now + SECOND


def test_sweep_deletes_any_number_a_thousand_at_once(app, make, ledger, sweep, now):
    event = make.event()
    rows = [
        {"event_id": event.id, "browser": "b", "answers": {}, "created_at": now, "expires_at": now + DAY}
        for _ in range(2500)
    ]
    ledger.act(lambda: db.session.execute(insert(RegistrationDraft), rows))
    with statements(app) as found:
        sweep(now + DAY + SECOND)
    assert ledger.count(RegistrationDraft) == 0
    assert len([one for one in found if one.startswith("DELETE FROM registration_drafts")]) == 3


def test_sweep_deletes_needs_a_month_after_the_event_and_nothing_else_of_it(make, ledger, sweep):
    event = make.event()
    make.registration(event, access="Captions")
    sweep(event.ends_at + 30 * DAY)
    assert ledger.count(RegistrationNeeds) == 1
    sweep(event.ends_at + 30 * DAY + SECOND)
    assert (ledger.count(RegistrationNeeds), ledger.count(Registration)) == (0, 1)


def test_sweep_deletes_spent_links_sessions_and_counts(make, ledger, sweep, now):
    person = make.person()
    ledger.act(accounts.send_sign_in_link, person.email, next_path="", now=now)
    ledger.act(accounts.open_session, person.id, now=now)
    ledger.act(count, Limit("kind", "ann", 5), window=timedelta(minutes=10), now=now)
    sweep(now + timedelta(minutes=15))
    assert (ledger.count(SignInLink), ledger.count(WebSession), ledger.count(Throttle)) == (1, 1, 0)
    sweep(now + DAY + timedelta(minutes=15, seconds=1))
    assert (ledger.count(SignInLink), ledger.count(WebSession)) == (0, 1)
    sweep(now + DAY + timedelta(hours=12, seconds=1))
    assert ledger.count(WebSession) == 0


def test_sweep_deletes_expired_exports_with_their_parts(make, ledger, sweep, now):
    event, person = make.event(), make.person()

    def export(until):
        row = Export(
            person_id=person.id,
            event_id=event.id,
            filetype="csv",
            filters={},
            with_needs=False,
            requested_at=now,
            expires_at=until,
        )
        db.session.add(row)
        db.session.flush()
        db.session.add(ExportPart(export_id=row.id, position=0, content=b"a,b"))
        return row.id

    ledger.act(export, now)
    stays = ledger.act(export, now + DAY)
    sweep(now + SECOND)
    assert ledger.all(select(Export.id)) == ledger.all(select(ExportPart.export_id)) == [stays]


def test_beat_says_who_is_alive_and_rest_that_it_stopped(app, ledger, sweep, now):
    with app.app_context():
        housekeeping.beat(["one", "two"], now=now)
        housekeeping.beat(["two"], now=now + SECOND)
    assert {row.name: row.beat_at for row in ledger.all(select(Heartbeat))} == {"one": now, "two": now + SECOND}
    with app.app_context():
        housekeeping.rest(["two"])
    assert ledger.all(select(Heartbeat.name)) == ["one"]
    sweep(now + timedelta(hours=1, seconds=1))
    assert ledger.count(Heartbeat) == 0


def test_sweep_twice_at_once_ends_each_offer_once(app, ledger, event, now):
    def run():
        with app.app_context():
            housekeeping.sweep(now=now + DAY)

    outcomes = ledger.at_once([run, run, run])
    assert outcomes == [None] * 3
    assert ledger.standing(event)[1:3] == [("p1", "lapsed"), ("p2", "offered")]
    assert [notice for notice, _ in ledger.letters()].count("registration_lapsed") == 1


def test_registration_by_a_visitor_is_not_touched_by_a_sweep(make, ledger, sweep, now):
    event = make.event(capacity=1)
    outcome = ledger.act(registrations.register, event.id, make.application(), actor=VISITOR, source="s", now=now)
    sweep(now + DAY)
    assert ledger.one(select(Registration.state)) == outcome.state
