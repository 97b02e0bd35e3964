"""Deciding about many at once: exactly what was counted, each told once, and the books right after it."""

import random
from collections import Counter
from contextlib import suppress
from functools import partial

import pytest
from sqlalchemy import select, update
from sqlalchemy.event import listen, remove

from tests.counting import statements
from tests.ledger import Ledger
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, VISITOR, Actor, ActorKind
from webapp.models.activity import Activity
from webapp.models.calendars import Method
from webapp.models.events import Format, Mode, Places
from webapp.models.mailings import Letter
from webapp.models.registrations import Registration, RegistrationState, RegistrationTag
from webapp.queries.registrations import Chosen, RegistrationFilter, count_chosen
from webapp.services import registrations as services
from webapp.services.registrations import Decision, NotPossible, NumberChanged, bulk

S = RegistrationState
EVERYBODY = Chosen(wanted=RegistrationFilter())


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def decide(ledger, now):
    """Decides about all registrations of an event, or of those named by the part of the address before the @."""

    def run(decision, event, *who, number, at=now, actor=SYSTEM, **more):
        ids = tuple(ledger.registration(event, f"{one}@example.org").public_id for one in who)
        chosen = Chosen(public_ids=ids) if who else EVERYBODY
        return ledger.act(services.decide, decision, event.id, chosen, number=number, actor=actor, now=at, **more)

    return run


def fill(make, event, *who, **values):
    for one in who:
        make.registration(event, name=one.title(), email=f"{one}@example.org", **values)


def capacity(ledger, event, number):
    def run():
        db.session.execute(update(Places).where(Places.event_id == event.id).values(capacity=number))

    ledger.act(run)


def test_approve_gives_places_in_the_order_of_arrival_and_numbers_to_the_rest(make, ledger, decide, now):
    event = make.event(needs_approval=True, capacity=2)
    fill(make, event, "ann", "ben", "cat", "dan")
    sent = len(ledger.letters())
    who = Actor(ActorKind.PERSON, make.person().id)
    assert decide(Decision.APPROVE, event, number=4, actor=who) == 4
    assert ledger.standing(event) == [
        ("ann", "confirmed"),
        ("ben", "confirmed"),
        ("cat", "waiting"),
        ("dan", "waiting"),
    ]
    assert ledger.counters(event) == (2, 0, 2, 0)
    assert ledger.letters()[sent:] == [
        ("registration_confirmed", "ann"),
        ("registration_confirmed", "ben"),
        ("registration_waiting", "cat"),
        ("registration_waiting", "dan"),
    ]
    letters = ledger.all(select(Letter).order_by(Letter.id))[sent:]
    assert [letter.facts.get("position") for letter in letters] == [None, None, 1, 2]
    sent_to_ann = ledger.invitation(event, "ann@example.org")
    assert (sent_to_ann.sequence, sent_to_ann.method) == (0, Method.REQUEST)
    assert ledger.invitation(event, "cat@example.org") is None
    assert ledger.registration(event, "ann@example.org").confirmed_at == now
    entries = ledger.all(select(Activity).where(Activity.verb == "approved").order_by(Activity.id))
    assert [(entry.actor_id, entry.details) for entry in entries] == [
        (who.person_id, {"state": state}) for state in ("confirmed", "confirmed", "waiting", "waiting")
    ]
    ledger.check(event)


def test_approve_leaves_out_whose_state_does_not_allow_it(make, ledger, decide):
    event = make.event(capacity=5)
    fill(make, event, "ann")
    ledger.change(event, needs_approval=True)
    fill(make, event, "ben", "cat")
    decide(Decision.DECLINE, event, "cat", number=1)
    sent = len(ledger.letters())
    assert decide(Decision.APPROVE, event, number=1) == 1
    assert ledger.letters()[sent:] == [("registration_confirmed", "ben")]
    assert ledger.standing(event) == [("ann", "confirmed"), ("ben", "confirmed"), ("cat", "declined")]


@pytest.mark.parametrize("number", [1, 3])
def test_decision_about_another_number_than_was_confirmed_does_nothing(make, ledger, decide, number):
    event = make.event(needs_approval=True)
    fill(make, event, "ann", "ben")
    sent = ledger.letters()
    with pytest.raises(NumberChanged) as refused:
        decide(Decision.APPROVE, event, number=number)
    assert refused.value.number == 2
    assert ledger.standing(event) == [("ann", "pending"), ("ben", "pending")]
    assert ledger.letters() == sent


def test_decline_tells_each_the_reason(make, ledger, decide):
    event = make.event(needs_approval=True)
    fill(make, event, "ann", "ben")
    decide(Decision.DECLINE, event, number=2, reason="For wave 2 only.")
    assert ledger.counters(event) == (0, 0, 0, 0)
    letters = ledger.all(select(Letter).where(Letter.notice == "registration_declined").order_by(Letter.id))
    assert [letter.facts["reason"] for letter in letters] == ["For wave 2 only."] * 2
    ledger.check(event)


def test_promote_gives_free_places_past_those_who_wait_longer(make, ledger, decide):
    event = make.event(capacity=1)
    fill(make, event, "ann", "ben", "cat", "dan")
    with pytest.raises(NotPossible):
        decide(Decision.PROMOTE, event, "dan", number=0)
    capacity(ledger, event, 2)
    sent = len(ledger.letters())
    with pytest.raises(NumberChanged):
        decide(Decision.PROMOTE, event, "cat", "dan", number=2)
    assert decide(Decision.PROMOTE, event, "dan", number=1) == 1
    assert ledger.letters()[sent:] == [("registration_promoted", "dan")]
    assert dict(ledger.standing(event)) == {"ann": "confirmed", "ben": "waiting", "cat": "waiting", "dan": "confirmed"}
    assert ledger.invitation(event, "dan@example.org").sequence == 0
    ledger.check(event)


def test_promote_takes_an_offer_for_somebody(make, ledger, decide):
    event = make.event(capacity=1, offer_hours=24)
    fill(make, event, "ann", "ben")
    decide(Decision.CANCEL, event, "ann", number=1)
    assert ledger.counters(event) == (0, 1, 0, 0)
    decide(Decision.PROMOTE, event, "ben", number=1)
    assert ledger.counters(event) == (1, 0, 0, 0)
    assert ledger.letters()[-1] == ("registration_confirmed", "ben")
    assert ledger.registration(event, "ben@example.org").offered_until is None


def test_cancel_passes_places_on_to_nobody_who_is_cancelled_too(make, ledger, decide):
    event = make.event(capacity=2)
    fill(make, event, "ann", "ben", "cat", "dan", "eve")
    sent = len(ledger.letters())
    assert decide(Decision.CANCEL, event, "ann", "ben", "cat", number=3) == 3
    assert ledger.standing(event) == [
        ("ann", "cancelled"),
        ("ben", "cancelled"),
        ("cat", "cancelled"),
        ("dan", "confirmed"),
        ("eve", "confirmed"),
    ]
    told = Counter(ledger.letters()[sent:])
    assert told == Counter(
        [("registration_cancelled", one) for one in ("ann", "ben", "cat")]
        + [("registration_promoted", one) for one in ("dan", "eve")]
    )
    assert ledger.invitation(event, "ann@example.org").method is Method.CANCEL
    assert ledger.invitation(event, "cat@example.org") is None
    assert ledger.check(event) == set()


def test_cancel_of_everybody_in_both_ways_leaves_nobody(make, ledger, decide):
    event = make.event(format=Format.HYBRID, capacity=1)
    fill(make, event, "ann", "ben", mode=Mode.ONLINE)
    fill(make, event, "cat", "dan", mode=Mode.IN_PERSON)
    assert decide(Decision.CANCEL, event, number=4) == 4
    for mode in Mode:
        assert ledger.counters(event, mode) == (0, 0, 0, 0)
    ledger.check(event)


def test_nothing_is_decided_once_the_event_is_over(make, ledger, decide):
    event = make.event()
    fill(make, event, "ann")
    with pytest.raises(NotPossible):
        decide(Decision.CANCEL, event, number=0, at=event.ends_at)
    with pytest.raises(NumberChanged):
        decide(Decision.CANCEL, event, number=1, at=event.ends_at)
    assert ledger.standing(event) == [("ann", "confirmed")]


def test_more_than_are_done_at_once_are_refused(make, ledger, decide, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 1)
    event = make.event()
    fill(make, event, "ann", "ben")
    with pytest.raises(services.TooManyAtOnce):
        decide(Decision.CANCEL, event, number=2)
    assert ledger.counters(event) == (2, 0, 0, 0)


def test_no_row_is_read_unless_it_changes(app, make, ledger, decide, monkeypatch):
    event = make.event(capacity=1)
    fill(make, event, "ann", "ben", "cat", "dan")
    capacity(ledger, event, 2)
    read = []

    def loaded(row, _context):
        read.append(row.email.partition("@")[0])

    listen(Registration, "load", loaded)
    try:
        with pytest.raises(NumberChanged):
            decide(Decision.PROMOTE, event, number=3)
        monkeypatch.setattr(bulk, "MOST", 0)
        with pytest.raises(services.TooManyAtOnce):
            decide(Decision.PROMOTE, event, number=1)
        assert read == []
        monkeypatch.undo()
        assert decide(Decision.PROMOTE, event, number=1) == 1
        assert read == ["ben"]
    finally:
        remove(Registration, "load", loaded)
    ledger.check(event)


def test_ids_of_another_event_choose_nobody(make, ledger, now):
    event, other = make.event(), make.event()
    fill(make, other, "ann")
    row = ledger.registration(other, "ann@example.org")
    with ledger.app.app_context():
        assert count_chosen(event.id, Chosen(public_ids=(row.public_id,))) == {}
        assert count_chosen(other.id, Chosen(public_ids=(row.public_id, "nobody"))) == {(S.CONFIRMED, Mode.ONLINE): 1}


def test_two_organisers_approving_all_at_once_oversell_nothing_and_write_once(make, ledger, now):
    event = make.event(needs_approval=True, capacity=3)
    fill(make, event, *(f"p{n}" for n in range(8)))
    sent = len(ledger.letters())
    approve = partial(services.decide, Decision.APPROVE, event.id, EVERYBODY, number=8, actor=SYSTEM, now=now)
    results = ledger.together([approve] * 3)
    assert Counter(type(result).__name__ for result in results) == {"int": 1, "NumberChanged": 2}
    assert ledger.counters(event) == (3, 0, 5, 0)
    assert len(ledger.letters()) == sent + 8
    assert len(set(ledger.letters()[sent:])) == 8
    ledger.check(event)


def test_approving_all_while_places_are_given_up_and_asked_for_keeps_the_books(make, ledger, now):
    event = make.event(capacity=3)
    fill(make, event, "ann", "ben", "cat")
    ledger.change(event, needs_approval=True)
    fill(make, event, *(f"p{n}" for n in range(5)))
    ledger.change(event, needs_approval=False)
    jobs = [partial(services.decide, Decision.APPROVE, event.id, EVERYBODY, number=5, actor=SYSTEM, now=now)]
    for one in ("ann", "ben"):
        row = ledger.registration(event, f"{one}@example.org")
        jobs.append(partial(services.cancel, row.id, actor=SYSTEM, now=now))
    application = make.application(email="new@example.org")
    jobs.append(partial(services.register, event.id, application, actor=VISITOR, source=None, now=now))
    results = ledger.together(jobs)
    assert [result for result in results if isinstance(result, Exception)] == []
    ledger.check(event)
    assert ledger.free(event) == 0
    letters = ledger.letters()
    assert max(Counter(letters).values()) == 1


# ---------------------------------------------------------------- tags


def tags(ledger, event):
    rows = ledger.rows(
        select(Registration.email, RegistrationTag.name)
        .join(Registration, Registration.id == RegistrationTag.registration_id)
        .where(RegistrationTag.event_id == event.id)
        .order_by(Registration.arrival, RegistrationTag.name_folded)
    )
    return [(email.partition("@")[0], name) for email, name in rows]


def test_tag_is_put_on_those_chosen_once_and_in_one_spelling(make, ledger, now):
    event = make.event()
    fill(make, event, "ann", "ben")
    ids = (ledger.registration(event, "ann@example.org").public_id,)
    add = partial(ledger.act, services.add_tag, event.id, actor=SYSTEM, now=now)
    assert add(Chosen(public_ids=ids), "Café", number=1) == 1
    assert add(EVERYBODY, "cafe", number=2) == 1
    assert tags(ledger, event) == [("ann", "Café"), ("ben", "Café")]
    entries = ledger.all(select(Activity).where(Activity.verb == "tagged").order_by(Activity.id))
    assert [entry.details for entry in entries] == [{"tag": "Café"}] * 2
    assert len({entry.thing_id for entry in entries}) == 2
    remove = partial(ledger.act, services.remove_tag, event.id, actor=SYSTEM, now=now)
    assert remove(Chosen(wanted=RegistrationFilter(text="ben")), "CAFÉ", number=1) == 1
    assert tags(ledger, event) == [("ann", "Café")]
    with pytest.raises(NumberChanged):
        remove(EVERYBODY, "Café", number=1)
    with pytest.raises(services.MarkRefused):
        add(EVERYBODY, "!!!", number=2)


# ---------------------------------------------------------------- any order of all of it


class Chance:
    """Does one thing after another to an event, at random but alike each time."""

    def __init__(self, ledger, make, event, now, seed):
        self.ledger, self.make, self.event, self.now = ledger, make, event, now
        self.random = random.Random(seed)
        self.verbs = [self.register, self.add, self.decide, self.swap, self.correct, self.cancel, self.accept]

    def application(self):
        who = f"p{self.random.randrange(9)}@example.org"
        return self.make.application(email=who, mode=self.random.choice(list(Mode)))

    def somebody(self):
        of_it = select(Registration).where(Registration.event_id == self.event.id)
        rows = self.ledger.all(of_it.order_by(Registration.id))
        return self.random.choice(rows)

    def act(self, verb, *args, **more):
        return self.ledger.act(verb, *args, actor=SYSTEM, now=self.now, **more)

    def register(self):
        self.act(services.register, self.event.id, self.application(), source=None)

    def add(self):
        self.act(services.add, self.event.id, self.application(), past_queue=self.random.random() < 0.5)

    def decide(self):
        decision = self.random.choice(list(Decision))
        wanted = RegistrationFilter(
            mode=self.random.choice((None, *Mode)), state=self.random.choice((None, S.PENDING, S.WAITING))
        )
        chosen = Chosen(wanted=wanted)
        if self.random.random() < 0.5:
            chosen = Chosen(public_ids=(self.somebody().public_id, self.somebody().public_id))
        try:
            # Asked with a number that cannot be, the service says which it is.
            self.act(services.decide, decision, self.event.id, chosen, number=-1)
        except NumberChanged as counted:
            self.act(services.decide, decision, self.event.id, chosen, number=counted.number)

    def swap(self):
        self.act(services.swap, self.somebody().id, identity(self.application()))

    def correct(self):
        row = self.somebody()
        self.act(services.correct, row.id, identity(self.application()), version=row.version)

    def cancel(self):
        self.act(services.cancel, self.somebody().id)

    def accept(self):
        self.act(services.accept_offer, self.somebody().id)


@pytest.mark.parametrize("seed", range(4))
def test_any_sequence_keeps_counters_equal_to_rows(make, ledger, now, seed):
    event = make.event(format=Format.HYBRID, capacity=3, offer_hours=24 * (seed % 2), needs_approval=seed < 2)
    fill(make, event, "p0", "p1")
    chance, done = Chance(ledger, make, event, now, seed), Counter()
    for _ in range(60):
        verb = chance.random.choice(chance.verbs)
        with suppress(DomainError):
            verb()
            done[verb.__name__] += 1
        ledger.check(event)
    assert len(done) >= 5, done
    assert sum(done.values()) > 15


def identity(application):
    return services.Identity(
        name=application.name,
        email=application.email,
        organisation_name=application.organisation_name,
        organisation_id=None,
        sector=application.sector,
        role=application.role,
    )


@pytest.mark.parametrize("hours", [0, 24])
def test_places_given_up_go_to_many_by_as_many_statements_as_to_few(app, make, ledger, decide, hours):
    asked = []
    for number in (2, 30):
        event = make.event(capacity=number, offer_hours=hours)
        rows = [make.registration(event, organisation_name=f"Council {n % 2}") for n in range(number * 2)]
        leaving = [row.email.partition("@")[0] for row in rows[:number]]
        with statements(app) as found:
            decide(Decision.CANCEL, event, *leaving, number=number)
        # The fixture asks for each of them by name.
        asked.append(len(found) - number)
        state = "offered" if hours else "confirmed"
        assert [one for _, one in ledger.standing(event)] == ["cancelled"] * number + [state] * number
        notice = "registration_offered" if hours else "registration_promoted"
        called = [row.email.partition("@")[0] for row in rows[number:]]
        assert [who for sent, who in ledger.letters() if sent == notice][-number:] == called
        ledger.check(event)
    assert asked[0] == asked[1]
