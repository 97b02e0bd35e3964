from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from tests.ledger import Ledger
from webapp.errors import NotFound
from webapp.models.accounts import SYSTEM, Actor, ActorKind, Grant, Person, Role, ThingKind
from webapp.models.activity import Activity
from webapp.queries import grants as queries
from webapp.queries.accounts import find_viewer
from webapp.services import grants as services

R = Role


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    return make.event("Working with fathers")


@pytest.fixture
def owner(make, event):
    person = make.person("Olu Mensah")
    make.grant(person, R.OWNER, ThingKind.EVENT, event.id)
    return Actor(ActorKind.PERSON, person.id)


@pytest.fixture
def give(ledger, event, owner, now):
    """Gives Sam roles, at this moment."""
    return lambda *roles, until=None, email="sam@example.org", **more: ledger.act(
        services.give_roles,
        event.id,
        **{"name": "Sam Patel", "email": email, "roles": roles, "until": until, "actor": owner, "now": now} | more,
    )


def held(ledger, event, person_id):
    """The roles of a person at the event, with their ends."""
    statement = select(Grant).where(Grant.thing_kind == ThingKind.EVENT, Grant.thing_id == event.id)
    return {grant.role: grant.until for grant in ledger.all(statement.where(Grant.person_id == person_id))}


def recorded(ledger):
    statement = select(Activity).where(Activity.verb.like("role_%")).order_by(Activity.id)
    return [(row.verb, row.thing_kind, row.thing_id, row.actor_id, row.details) for row in ledger.all(statement)]


def seen(ledger, event, person_id):
    grants = select(Grant).where(Grant.person_id == person_id, Grant.thing_kind == ThingKind.EVENT)
    return queries.stamp(ledger.all(grants))


def test_give_makes_the_person_gives_the_roles_and_writes_once(ledger, give, event, owner, now):
    given = give(R.AGENDA, R.REGISTRATIONS)
    assert (given.person.name, given.person.email_verified_at) == ("Sam Patel", None)
    assert given.roles == [R.REGISTRATIONS, R.AGENDA]
    assert held(ledger, event, given.person.id) == {R.REGISTRATIONS: None, R.AGENDA: None}
    assert ledger.letters() == [("helper_invited", "sam")]
    letter = ledger.last_letter()
    assert letter.facts["roles"] == ["registrations", "agenda"]
    assert (letter.facts["by"], letter.reply_to, letter.event_id) == ("Olu Mensah", event.organiser_email, event.id)
    changes = {"roles": [[], ["registrations", "agenda"]]}
    assert recorded(ledger) == [
        ("role_given", ThingKind.PERSON, given.person.id, owner.person_id, {"changes": changes})
    ]


def test_give_again_doubles_nothing_and_writes_only_of_what_is_new(ledger, give, event):
    person = give(R.AGENDA).person
    assert give(R.AGENDA, name="Somebody Else", email="SAM@example.org").roles == []
    assert ledger.letters() == [("helper_invited", "sam")]
    assert give(R.AGENDA, R.READER).roles == [R.READER]
    assert held(ledger, event, person.id) == {R.AGENDA: None, R.READER: None}
    assert [details["changes"]["roles"] for *_, details in recorded(ledger)] == [
        [[], ["agenda"]],
        [["agenda"], ["agenda", "reader"]],
    ]
    assert ledger.last_letter().facts["roles"] == ["reader"]
    assert ledger.one(select(Person.name).where(Person.id == person.id)) == "Sam Patel"


def test_give_until_a_moment_reaches_no_further(app, ledger, give, event, make, now):
    end = now + timedelta(hours=2)
    person = give(R.READER, until=end).person
    secret = make.signed_in(person)
    with app.app_context():
        assert find_viewer(secret, now=end - timedelta(seconds=1)).grants == {(R.READER, ThingKind.EVENT, event.id)}
        assert find_viewer(secret, now=end).grants == frozenset()
    assert recorded(ledger)[0][-1]["changes"]["until"] == [None, end.isoformat()]


def test_give_makes_a_role_that_ran_out_hold_again(ledger, give, event, now):
    person = give(R.READER, until=now + timedelta(days=1)).person
    later = now + timedelta(days=3)
    assert give(R.READER, now=later).roles == [R.READER]
    assert held(ledger, event, person.id) == {R.READER: None}
    assert len(ledger.letters()) == 2


@pytest.mark.parametrize("known", [True, False])
def test_give_at_the_same_moment_gives_once(ledger, make, event, owner, now, known):
    if known:
        make.person("Sam", "sam@example.org")
    values = {"name": "Sam", "email": "sam@example.org", "roles": [R.READER], "until": None}
    jobs = [partial(services.give_roles, event.id, **values, actor=owner, now=now)] * 3
    given = ledger.together(jobs)
    assert sorted(len(one.roles) for one in given) == [0, 0, 1]
    assert ledger.letters() == [("helper_invited", "sam")]


def test_give_at_an_unknown_event_is_refused_and_makes_nobody(ledger, now):
    values = {"name": "Sam", "email": "sam@example.org", "roles": [R.READER], "until": None}
    with pytest.raises(NotFound):
        ledger.act(services.give_roles, 999, **values, actor=SYSTEM, now=now)
    assert (ledger.count(Person), ledger.letters()) == (0, [])


def test_send_again_writes_of_all_roles_once_in_a_minute(ledger, give, event, owner, now):
    person = give(R.AGENDA).person
    give(R.READER)
    again = partial(services.send_again, event.id, person.id, actor=owner)
    for seconds in (5, 30, 70):
        ledger.act(again, now=now + timedelta(seconds=seconds))
    assert len(ledger.letters()) == 4
    assert ledger.last_letter().facts["roles"] == ["agenda", "reader"]


def test_send_again_to_who_has_no_role_is_not_found(ledger, make, event, owner, now):
    with pytest.raises(NotFound):
        ledger.act(services.send_again, event.id, make.person().id, actor=owner, now=now)


def test_change_puts_other_roles_in_place_and_records_from_and_to(ledger, give, event, owner, now):
    person, end = give(R.AGENDA, R.READER).person, now + timedelta(days=9)
    change = partial(services.change_roles, event.id, person.id, seen=seen(ledger, event, person.id), actor=owner)
    assert ledger.act(change, roles=[R.READER, R.CHECK_IN], until=end, now=now)
    assert held(ledger, event, person.id) == {R.READER: end, R.CHECK_IN: end}
    assert recorded(ledger)[-1][-1] == {
        "changes": {"roles": [["agenda", "reader"], ["check_in", "reader"]], "until": [None, end.isoformat()]}
    }
    # The same again, from the page as it was: a second click.
    assert ledger.act(change, roles=[R.READER, R.CHECK_IN], until=end, now=now) is False
    assert len(recorded(ledger)) == 2


def test_change_of_what_others_changed_meanwhile_is_refused(ledger, give, event, owner, now):
    person = give(R.AGENDA).person
    old = seen(ledger, event, person.id)
    change = partial(services.change_roles, event.id, person.id, until=None, seen=old, actor=owner, now=now)
    ledger.act(change, roles=[R.READER])
    with pytest.raises(services.RolesChanged):
        ledger.act(change, roles=[R.CHECK_IN])
    assert held(ledger, event, person.id) == {R.READER: None}


def test_take_removes_what_was_given_here_alone_and_twice_is_no_error(ledger, give, make, event, owner, now):
    person = give(R.AGENDA).person
    make.grant(person, R.READER, ThingKind.PROGRAMME, event.programme_id)
    take = partial(services.take_roles, event.id, person.id, actor=owner, now=now)
    assert [ledger.act(take), ledger.act(take)] == [True, False]
    kinds = ledger.all(select(Grant.thing_kind).where(Grant.person_id == person.id))
    assert kinds == [ThingKind.PROGRAMME]
    assert recorded(ledger)[-1][0] == "role_taken"
    assert recorded(ledger)[-1][-1] == {"changes": {"roles": [["agenda"], []]}}
    assert len(recorded(ledger)) == 2


@pytest.mark.parametrize("kind", [ThingKind.EVENT, ThingKind.PROGRAMME, ThingKind.SITE])
def test_owner_may_go_while_another_reaches_the_event(ledger, make, event, owner, now, kind):
    thing_id = {"event": event.id, "programme": event.programme_id, "site": 0}[kind]
    make.grant(make.person(), R.OWNER, kind, thing_id)
    assert ledger.act(services.take_roles, event.id, owner.person_id, actor=owner, now=now)
    assert held(ledger, event, owner.person_id) == {}


def test_last_owner_neither_goes_nor_becomes_less(ledger, make, event, owner, now):
    other = make.event()
    make.grant(make.person(), R.OWNER, ThingKind.EVENT, other.id)
    make.grant(make.person(), R.OWNER, ThingKind.PROGRAMME, other.programme_id)
    make.grant(make.person(), R.OWNER, ThingKind.EVENT, event.id, until=now)
    make.grant(make.person(), R.OWNER, ThingKind.EVENT, event.id, until=now + timedelta(days=5))
    make.grant(make.person(), R.ORGANISER, ThingKind.EVENT, event.id)
    old = seen(ledger, event, owner.person_id)
    change = partial(services.change_roles, event.id, owner.person_id, seen=old, actor=owner, now=now)
    for attempt in (
        partial(services.take_roles, event.id, owner.person_id, actor=owner, now=now),
        partial(change, roles=[R.ORGANISER], until=None),
        partial(change, roles=[R.OWNER], until=now + timedelta(days=300)),
    ):
        with pytest.raises(services.LastOwner):
            ledger.act(attempt)
    assert held(ledger, event, owner.person_id) == {R.OWNER: None}
    assert recorded(ledger) == []
    assert ledger.act(change, roles=[R.OWNER, R.ACCESS_LEAD], until=None)


def test_two_owners_who_leave_at_once_leave_one(ledger, make, event, owner, now):
    other = make.person()
    make.grant(other, R.OWNER, ThingKind.EVENT, event.id)
    jobs = [
        partial(services.take_roles, event.id, person_id, actor=owner, now=now)
        for person_id in (owner.person_id, other.id)
    ]
    outcomes = ledger.together(jobs)
    assert sorted(type(one).__name__ for one in outcomes) == ["LastOwner", "bool"]
    assert len(ledger.all(select(Grant).where(Grant.role == R.OWNER))) == 1
