"""Who may see what is said twice, for one thing in `access` and for many in `queries`: both must say the same."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import count, cycle

import pytest
from flask import Flask

from tests.making import Maker
from webapp import access, transaction
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import Grant, Person, Power, Role, ThingKind, Viewer, Visitor
from webapp.models.communities import Openness
from webapp.models.events import Event, EventState
from webapp.queries import accounts as account_queries
from webapp.queries import communities as community_queries
from webapp.queries import community_letters as letter_queries
from webapp.queries import events as queries
from webapp.services import accounts as account_services


@dataclass(frozen=True)
class Looking:
    """Somebody who looks, and the events that are theirs to look after, as a person would say it."""

    who: str
    viewer: Viewer | Visitor
    organises: frozenset[int]


@pytest.fixture
def events(make: Maker) -> list[Event]:
    """An event in each state, in each of two programmes."""
    programmes = [make.programme(), make.programme()]
    return [make.event(programme_id=programme.id, state=state) for programme in programmes for state in EventState]


@pytest.fixture
def lookers(make: Maker, events: list[Event], now: datetime) -> list[Looking]:
    """A visitor, a person without a grant, and one for each role and each reach, in force or run out."""
    here, there = events[0].programme_id, events[-1].programme_id
    everything = frozenset(event.id for event in events)
    of_here = frozenset(event.id for event in events if event.programme_id == here)
    of_there = everything - of_here
    kinds = [
        (ThingKind.SITE, 0, everything),
        (ThingKind.PROGRAMME, here, of_here),
        (ThingKind.PROGRAMME, there, of_there),
    ]
    kinds += [(ThingKind.EVENT, event.id, frozenset({event.id})) for event in events[:2]]
    # A number that names a programme says nothing about the event of that number, nor the other way about.
    kinds += [(ThingKind.PERSON, here, frozenset()), (ThingKind.SESSION, events[0].id, frozenset())]
    ends = cycle([None, now + timedelta(seconds=1)])
    cases: list[tuple[str, frozenset[int], list[Grant]]] = [("nobody's organiser", frozenset(), [])]
    for role in Role:
        for kind, thing_id, all_of_it in kinds:
            reached = frozenset() if role is Role.MODERATOR else all_of_it
            cases.append((f"{role} of {kind} {thing_id}", reached, [_grant(role, kind, thing_id, next(ends), now)]))
    for (kind, thing_id, _), past in zip(kinds, cycle([now, now - timedelta(days=1)]), strict=False):
        grant = _grant(Role.OWNER, kind, thing_id, past, now)
        cases.append((f"formerly owner of {kind} {thing_id}", frozenset(), [grant]))
    both = [
        _grant(Role.ORGANISER, ThingKind.PROGRAMME, here, None, now),
        _grant(Role.ACCESS_LEAD, ThingKind.PROGRAMME, there, None, now),
    ]
    cases.append(("organiser here and access lead there", everything, both))
    return [Looking("visitor", Visitor(), frozenset()), *_signed_in(make, cases)]


def _grant(role: Role, kind: ThingKind, thing_id: int, until: datetime | None, now: datetime) -> Grant:
    return Grant(role=role, thing_kind=kind, thing_id=thing_id, until=until, created_at=now)


def _signed_in(make: Maker, cases: list[tuple[str, frozenset[int], list[Grant]]]) -> Iterator[Looking]:
    with make.app.app_context():
        secrets = {}
        with transaction.unit():
            for who, _, grants in cases:
                email = f"{len(secrets)}@example.org"
                person = Person(name=who, email=email, email_folded=email, created_at=make.now, updated_at=make.now)
                db.session.add(person)
                db.session.flush()
                for grant in grants:
                    grant.person_id = person.id
                db.session.add_all(grants)
                secrets[who] = account_services.open_session(person.id, now=make.now)
        for who, organises, _ in cases:
            viewer = account_queries.find_viewer(secrets[who], now=make.now)
            assert viewer is not None
            yield Looking(who, viewer, organises)


def _finds(query: Callable[..., Event], event: Event, viewer: Viewer | Visitor) -> bool:
    try:
        return query(event.public_id, viewer=viewer).id == event.id
    except NotFound:
        return False


def _pairs(lookers: list[Looking], events: list[Event]) -> Iterator[tuple[Looking, Event]]:
    for looking in lookers:
        for event in events:
            yield looking, event


def test_event_page_opens_to_the_same_people(context: Flask, events: list[Event], lookers: list[Looking]) -> None:
    verdicts = {
        (looking.who, event.id): (
            event.state is not EventState.DRAFT or event.id in looking.organises,
            access.may_see_event(looking.viewer, event),
            _finds(queries.get_event, event, looking.viewer),
            _finds(queries.get_event_for_registration, event, looking.viewer),
        )
        for looking, event in _pairs(lookers, events)
    }
    assert {pair: verdict for pair, verdict in verdicts.items() if len(set(verdict)) > 1} == {}
    assert {verdict[0] for verdict in verdicts.values()} == {True, False}


def test_organisers_side_of_an_event_opens_to_the_same_people(
    context: Flask, events: list[Event], lookers: list[Looking]
) -> None:
    managed = {looking.who: _managed(looking.viewer) for looking in lookers}
    verdicts = {
        (looking.who, event.id): (
            event.id in looking.organises,
            access.may(looking.viewer, Power.LOOK, event),
            _finds(partial(queries.get_managed_event, needing=Power.LOOK), event, looking.viewer),
            event.id in managed[looking.who],
        )
        for looking, event in _pairs(lookers, events)
    }
    assert {pair: verdict for pair, verdict in verdicts.items() if len(set(verdict)) > 1} == {}
    assert {verdict[0] for verdict in verdicts.values()} == {True, False}
    assert {looking.who for looking in lookers if looking.organises and not looking.viewer.is_organiser} == set()


def _managed(viewer: Viewer | Visitor) -> set[int]:
    found: set[int] = set()
    for number in count(1):
        page = queries.managed_events(viewer, page=number)
        found |= {event.id for event in page.rows}
        if number >= page.last:
            return found
    raise AssertionError


def test_communities_open_to_the_same_people(context: Flask, make: Maker, now: datetime) -> None:
    programme, other = make.programme(), make.programme()
    waves = [make.wave(programme_id=programme.id), make.wave(programme_id=programme.id)]
    area = make.area(wave=waves[0])
    about = {"wave": {"wave_id": waves[0].id}, "all": {}, "group": {"is_group": True}}
    communities = {
        (kind, openness.value): make.community(programme_id=programme.id, openness=openness, **values)
        for kind, values in about.items()
        for openness in Openness
    }
    group = communities["group", "private"]
    belongs: dict[str, list[dict[str, int]]] = {
        "nobody": [],
        "of the area": [{"programme_id": programme.id, "wave_id": waves[0].id, "area_id": area.id}],
        "of the other wave": [{"programme_id": programme.id, "wave_id": waves[1].id}],
        "of the programme": [{"programme_id": programme.id}],
        "of the group alone": [{"programme_id": programme.id, "community_id": group.id}],
        "of another programme": [{"programme_id": other.id}],
    }
    lookers: list[tuple[str, Viewer | Visitor]] = [("visitor", Visitor())]
    for who, places in belongs.items():
        person = make.person()
        for place in places:
            make.member(person, **place)
        viewer = account_queries.find_viewer(make.signed_in(person), now=now)
        assert viewer is not None
        lookers.append((who, viewer))
    for kind, thing_id in ((ThingKind.PROGRAMME, programme.id), (ThingKind.COMMUNITY, group.id), (ThingKind.SITE, 0)):
        person = make.person()
        make.grant(person, Role.MODERATOR, kind, thing_id)
        viewer = account_queries.find_viewer(make.signed_in(person), now=now)
        assert viewer is not None
        lookers.append((f"moderator of {kind}", viewer))

    read = {who: {one.id for one in community_queries.communities(viewer)} for who, viewer in lookers}
    said = {
        who: {one.id for one in communities.values() if access.may_read_community(viewer, one)}
        for who, viewer in lookers
    }
    assert read == said
    # Letters ask it of many at once.
    pairs = [(viewer.id, one.id) for _, viewer in lookers if isinstance(viewer, Viewer) for one in communities.values()]
    reading = letter_queries.who_reads(pairs, now=now)
    people = {viewer.id: who for who, viewer in lookers if isinstance(viewer, Viewer)}
    assert {who: {of for person_id, of in reading if person_id == key} for key, who in people.items()} == {
        who: ids for who, ids in said.items() if who != "visitor"
    }
    names = {one.id: " ".join(key) for key, one in communities.items()}
    told = {who: sorted(names[one] for one in ids) for who, ids in read.items()}
    public = ["all public", "group public", "wave public"]
    programme_wide = ["all private", "all programme", "all public", "group programme", "group public"]
    everything = sorted(names.values())
    assert told == {
        "visitor": public,
        "nobody": public,
        "of the area": sorted([*programme_wide, "wave private", "wave programme", "wave public"]),
        "of the other wave": sorted([*programme_wide, "wave programme", "wave public"]),
        "of the programme": sorted([*programme_wide, "wave programme", "wave public"]),
        "of the group alone": sorted([*public, "group private"]),
        "of another programme": public,
        "moderator of programme": everything,
        "moderator of community": sorted([*public, "group private"]),
        "moderator of site": everything,
    }
