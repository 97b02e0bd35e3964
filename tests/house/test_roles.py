"""Every door of the organisers' side, tried with every role: at the event that the role is for, and at another.

A new door needs a line in POWERS: what it takes to open it. Where its address names a thing of a new kind, OBJECTS
says how to make one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.making import Maker
from webapp import transaction
from webapp.access import Who
from webapp.extensions import db
from webapp.models.accounts import ROLES, Person, Power, Role, ThingKind
from webapp.models.drafts import DraftStream, Room
from webapp.models.events import Event
from webapp.models.operations import Export, FileType

POWERS = {
    "manage.activity.download": Power.SET_UP,
    "manage.activity.index": Power.SET_UP,
    "manage.activity.person": Power.SET_UP,
    "manage.agenda.nudge": Power.EDIT_AGENDA,
    "manage.agenda.open_draft": Power.EDIT_AGENDA,
    "manage.agenda.place": Power.EDIT_AGENDA,
    "manage.agenda.run_sheet": Power.LOOK,
    "manage.agenda.show": Power.LOOK,
    "manage.events.copy": Power.SET_UP,
    "manage.events.show": Power.LOOK,
    "manage.exports.create": Power.SEE_REGISTRATIONS,
    "manage.exports.download": Power.SEE_REGISTRATIONS,
    "manage.exports.index": Power.SEE_REGISTRATIONS,
    "manage.exports.show": Power.SEE_REGISTRATIONS,
    "manage.life.archive": Power.SET_UP,
    "manage.life.bring_back": Power.SET_UP,
    "manage.life.cancel": Power.SET_UP,
    "manage.life.publish": Power.SET_UP,
    "manage.life.show": Power.SET_UP,
    "manage.life.withdraw": Power.SET_UP,
    "manage.people.change": Power.CHOOSE_PEOPLE,
    "manage.people.index": Power.LOOK,
    "manage.people.invite": Power.CHOOSE_PEOPLE,
    "manage.people.leave": Power.LOOK,
    "manage.people.letter": Power.CHOOSE_PEOPLE,
    "manage.people.remove": Power.CHOOSE_PEOPLE,
    "manage.registrations.approve": Power.DECIDE,
    "manage.registrations.cancel": Power.DECIDE,
    "manage.registrations.decline": Power.DECIDE,
    "manage.registrations.index": Power.SEE_REGISTRATIONS,
    "manage.registrations.show": Power.SEE_REGISTRATIONS,
    "manage.releases.index": Power.LOOK,
    "manage.releases.new": Power.EDIT_AGENDA,
    "manage.sessions.cancel": Power.EDIT_AGENDA,
    "manage.sessions.edit": Power.EDIT_AGENDA,
    "manage.sessions.move": Power.EDIT_AGENDA,
    "manage.sessions.new": Power.EDIT_AGENDA,
    "manage.sessions.restore": Power.EDIT_AGENDA,
    "manage.sessions.shift": Power.EDIT_AGENDA,
    "manage.sessions.swap": Power.EDIT_AGENDA,
    "manage.setup.about": Power.SET_UP,
    "manage.setup.contact": Power.SET_UP,
    "manage.setup.days": Power.SET_UP,
    "manage.setup.joining": Power.SET_UP,
    "manage.setup.place": Power.SET_UP,
    "manage.setup.preview": Power.SET_UP,
    "manage.setup.registration": Power.SET_UP,
    "manage.setup.show": Power.SET_UP,
    "manage.streams.index": Power.EDIT_AGENDA,
    "manage.streams.move": Power.EDIT_AGENDA,
    "manage.streams.remove": Power.EDIT_AGENDA,
    "manage.streams.room": Power.EDIT_AGENDA,
    "manage.streams.stream": Power.EDIT_AGENDA,
}
# Doors that are of no single event: they open to whoever has any role, and show what that role reaches.
OF_NO_EVENT = {"manage.events.index", "manage.events.new"}

# Doors to what is of the whole programme: a role at a single event is not enough.
OF_PROGRAMME = {"manage.events.copy", "manage.events.new"}


@dataclass(frozen=True)
class Looking:
    """Somebody who tries the doors: a visitor without a person, and no organiser without a role."""

    who: str
    person: Person | None = None
    role: Role | None = None


@dataclass
class World:
    """Two events of two programmes, and things at them, made when an address first names one."""

    make: Maker
    things: dict[tuple[str, int, int], str] = field(default_factory=dict)

    def thing(self, name: str, event: Event, viewer: Person) -> str:
        """What stands for an argument of an address; a thing that belongs to one person is made for each viewer."""
        key = (name, event.id, viewer.id if name in OF_ONE_PERSON else 0)
        if key not in self.things:
            self.things[key] = OBJECTS[name](self, event, viewer)
        return self.things[key]

    def address(self, rule: Rule, event: Event, viewer: Person) -> str:
        """Where a door is, for things at this event."""
        values: dict[str, Any] = {name: self.thing(name, event, viewer) for name in rule.arguments - {"event"}}
        if "event" in rule.arguments:
            values["event"] = event
        return self.make.app.url_map.bind("localhost").build(rule.endpoint, values)

    def kept(self, row: db.Model) -> str:
        """The public id of a row that is now in the database."""
        with self.make.app.app_context(), transaction.unit():
            db.session.add(row)
            db.session.flush()
            return str(row.public_id)


def _registration(world: World, event: Event, _viewer: Person) -> str:
    return str(world.make.registration(event).public_id)


def _helper(world: World, event: Event, _viewer: Person) -> str:
    person = world.make.person()
    world.make.grant(person, Role.READER, ThingKind.EVENT, event.id)
    return str(person.public_id)


def _export(world: World, event: Event, viewer: Person) -> str:
    now = world.make.now
    times = {"requested_at": now, "finished_at": now, "expires_at": now + timedelta(days=1)}
    return world.kept(
        Export(event_id=event.id, person_id=viewer.id, filetype=FileType.CSV, filters={}, with_needs=False, **times)
    )


def _session(world: World, event: Event, _viewer: Person) -> str:
    world.make.draft(event)
    return str(world.make.planned(event).public_id)


def _stream(world: World, event: Event, _viewer: Person) -> str:
    return world.kept(DraftStream(event_id=event.id, name="Practice", position=1))


def _room(world: World, event: Event, _viewer: Person) -> str:
    return world.kept(Room(event_id=event.id, name="Hall", position=1))


# How to make what an address names, by the name of the argument; gives what stands in the address.
OBJECTS: dict[str, Callable[[World, Event, Person], str]] = {
    "export": _export,
    "filetype": lambda _world, _event, _viewer: "csv",
    "person": _helper,
    "registration": _registration,
    "room": _room,
    "session": _session,
    "stream": _stream,
}
# Those that only one person may open, so that each viewer needs one.
OF_ONE_PERSON = {"export"}


def doors(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every door of the organisers' side with each method by which it opens."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
        if rule.endpoint.startswith("manage."):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


def _is_right(rule: Rule, looking: Looking, answer: TestResponse, *, here: bool) -> bool:
    """Whether a door did what is due: opened, refused, said nothing of what is behind it, or asked to sign in."""
    status, leads_to = answer.status_code, answer.location or ""
    if looking.person is None:
        return status == 302 and leads_to.startswith("/sign-in")
    if looking.role is None or not (here or rule.endpoint in OF_NO_EVENT):
        return status == 404
    if rule.endpoint in OF_PROGRAMME:
        return status == 403
    if rule.endpoint not in OF_NO_EVENT and looking.role not in ROLES[POWERS[rule.endpoint]]:
        return status == 403
    # A form that is sent empty is refused with 422: by then the door is open.
    return status < 500 and status not in {401, 403, 404, 405} and not leads_to.startswith("/sign-in")


@pytest.mark.memory
def test_every_door_has_its_power(house: Flask) -> None:
    found = {rule.endpoint for rule, _ in doors(house)}
    assert found == set(POWERS) | OF_NO_EVENT
    assert set(POWERS) & OF_NO_EVENT == set()
    arguments = {name for rule, _ in doors(house) for name in rule.arguments}
    assert arguments - {"event"} == set(OBJECTS)
    assert {rule.endpoint for rule, _ in doors(house) if "event" not in rule.arguments} == OF_NO_EVENT
    assert {house.view_functions[endpoint].who for endpoint in found} == {Who.ORGANISER}  # type: ignore[attr-defined]


# What a role opens is told by the models, alike on every database.
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_every_door_opens_to_the_roles_that_reach_it_and_to_no_other(app: Flask, make: Maker) -> None:
    world, anybody = World(make), make.person()
    here, there = make.event("Here", needs_approval=True), make.event("There", needs_approval=True)
    lookers = [Looking("visitor"), Looking("nobody's organiser", make.person())]
    for role in Role:
        lookers.append(Looking(role.value, make.person(), role))
        make.grant(lookers[-1].person, role, ThingKind.EVENT, here.id)

    wrong, tried = [], 0
    for looking in lookers:
        client = app.test_client()
        if looking.person is not None:
            with client.session_transaction() as session:
                session.update(_user_id=make.signed_in(looking.person), _fresh=True)
        for rule, method in doors(app):
            for event in (here, there) if "event" in rule.arguments else (here,):
                address = world.address(rule, event, looking.person or anybody)
                with client.open(address, method=method) as answer:
                    tried += 1
                    if not _is_right(rule, looking, answer, here=event is here):
                        wrong.append(f"{method} {address} ({rule.endpoint}) as {looking.who}: {answer.status_code}")
    assert wrong == []
    assert tried == len(lookers) * sum(1 + ("event" in rule.arguments) for rule, _ in doors(app))
