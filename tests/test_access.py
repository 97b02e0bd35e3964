"""Who may do what: the table of roles and reaches, and the decorator that stands before every door."""

from dataclasses import replace
from itertools import product

import pytest
from flask import Blueprint, Flask
from flask_login import LoginManager

from webapp import access
from webapp.access import Who, allow
from webapp.models.accounts import DOING, EVENT_ROLES, Power, Reach, Role, ThingKind, Viewer, Visitor, reach
from webapp.models.areas import Area, AreaReach
from webapp.models.belonging import Belonging, MemberRole
from webapp.models.events import Event, EventState
from webapp.models.surveys import Survey

pytestmark = pytest.mark.memory

OWNER, ORGANISER, REGISTRATIONS, ACCESS_LEAD, AGENDA, CHECK_IN, ANALYST, READER, MODERATOR = Role
EVENT = Event(id=7, programme_id=3, state=EventState.DRAFT)


def a_viewer(*grants: tuple[Role, ThingKind, int]) -> Viewer:
    return Viewer(id=1, public_id="b", name="Ann", email="a@example.org", session_token="s", grants=frozenset(grants))


POWERS = {
    Power.LOOK: set(Role) - {MODERATOR},
    Power.SET_UP: {OWNER, ORGANISER},
    Power.CHOOSE_PEOPLE: {OWNER},
    Power.EDIT_AGENDA: {OWNER, ORGANISER, AGENDA},
    Power.SEE_REGISTRATIONS: {OWNER, ORGANISER, REGISTRATIONS, ACCESS_LEAD, READER},
    Power.DECIDE: {OWNER, ORGANISER, REGISTRATIONS},
    Power.CHECK_IN: {OWNER, ORGANISER, REGISTRATIONS, CHECK_IN},
    Power.SEE_NEEDS: {OWNER, ACCESS_LEAD},
    Power.SEE_RESULTS: {OWNER, ORGANISER, ANALYST, READER},
    Power.READ_ANSWERS: {OWNER, ORGANISER, ANALYST},
    Power.ANALYSE: {ANALYST},
    Power.MODERATE: {OWNER, ORGANISER, MODERATOR},
}


def test_every_power_is_known_here_and_can_be_named_in_a_refusal():
    assert set(POWERS) == set(Power) == set(DOING)


@pytest.mark.parametrize(("power", "roles"), POWERS.items())
def test_power_is_held_by_its_roles_and_no_others(power, roles):
    held = {role for role in Role if access.may(a_viewer((role, ThingKind.PROGRAMME, 3)), power, EVENT)}

    assert held == roles


@pytest.mark.parametrize("power", Power)
def test_power_is_held_over_what_the_grant_reaches(power):
    holder = OWNER if OWNER in POWERS[power] else ANALYST
    things = [*product([ThingKind.PROGRAMME, ThingKind.EVENT], [3, 7]), (ThingKind.SITE, 0), (ThingKind.SESSION, 7)]
    held = {(kind, number) for kind, number in things if access.may(a_viewer((holder, kind, number)), power, EVENT)}

    assert held == {(ThingKind.PROGRAMME, 3), (ThingKind.EVENT, 7), (ThingKind.SITE, 0)}


@pytest.mark.parametrize("power", Power)
def test_power_is_held_by_nobody_without_a_grant(power):
    assert not access.may(Visitor(), power, EVENT)
    assert not access.may(a_viewer(), power, EVENT)


@pytest.mark.parametrize("role", EVENT_ROLES)
def test_draft_is_seen_by_every_role_at_it(role):
    assert access.may_see_event(a_viewer((role, ThingKind.EVENT, 7)), EVENT)
    assert not access.may_see_event(a_viewer((role, ThingKind.EVENT, 8)), EVENT)


@pytest.mark.parametrize("role", Role)
def test_role_says_what_it_lets_somebody_do(role):
    assert role.label
    assert role.sentence
    assert not role.sentence.endswith(".")


def test_event_is_created_by_who_sets_up_all_of_the_programme():
    assert access.may_create(a_viewer((ORGANISER, ThingKind.PROGRAMME, 3)), 3)
    assert access.may_create(a_viewer((OWNER, ThingKind.SITE, 0)), 3)
    assert not access.may_create(a_viewer((OWNER, ThingKind.PROGRAMME, 4)), 3)
    assert not access.may_create(a_viewer((OWNER, ThingKind.EVENT, 3)), 3)
    assert not access.may_create(a_viewer((AGENDA, ThingKind.PROGRAMME, 3)), 3)
    assert not access.may_create(Visitor(), 3)


def test_survey_is_looked_after_by_the_roles_at_its_event_or_its_programme():
    of_event, of_nothing = Survey(programme_id=3, event_id=7), Survey(programme_id=3)
    at_event, at_programme = a_viewer((OWNER, ThingKind.EVENT, 7)), a_viewer((ORGANISER, ThingKind.PROGRAMME, 3))

    assert access.may_look_after(at_event, Power.SET_UP, of_event)
    assert not access.may_look_after(at_event, Power.SET_UP, of_nothing)
    assert access.may_look_after(at_programme, Power.SET_UP, of_nothing)
    assert not access.may_look_after(at_programme, Power.ANALYSE, of_event)
    assert not access.may_look_after(a_viewer((OWNER, ThingKind.EVENT, 8)), Power.SET_UP, of_event)
    assert not access.may_look_after(Visitor(), Power.SEE_RESULTS, of_nothing)


@pytest.mark.parametrize("state", EventState)
def test_event_that_is_public_is_seen_by_everybody(state):
    event = Event(id=7, programme_id=3, state=state)

    assert access.may_see_event(Visitor(), event) is (state is not EventState.DRAFT)
    assert access.may_see_event(a_viewer((OWNER, ThingKind.PROGRAMME, 4)), event) is (state is not EventState.DRAFT)
    assert not access.may(Visitor(), Power.LOOK, event)


def test_role_in_one_place_and_reach_in_another_do_not_add_up():
    viewer = a_viewer((ACCESS_LEAD, ThingKind.EVENT, 8), (REGISTRATIONS, ThingKind.EVENT, 7))

    assert access.may(viewer, Power.SEE_REGISTRATIONS, EVENT)
    assert access.may(viewer, Power.DECIDE, EVENT)
    assert not access.may(viewer, Power.SEE_NEEDS, EVENT)


@pytest.mark.parametrize(
    ("grants", "expected"),
    [
        ([], Reach(everything=False, programmes=frozenset(), events=frozenset())),
        (
            [(OWNER, ThingKind.PROGRAMME, 3), (ORGANISER, ThingKind.EVENT, 7), (ACCESS_LEAD, ThingKind.EVENT, 8)],
            Reach(everything=False, programmes=frozenset({3}), events=frozenset({7})),
        ),
        ([(OWNER, ThingKind.SITE, 0)], Reach(everything=True, programmes=frozenset(), events=frozenset())),
        ([(ACCESS_LEAD, ThingKind.SITE, 0)], Reach(everything=False, programmes=frozenset(), events=frozenset())),
        ([(OWNER, ThingKind.SPEAKER, 3)], Reach(everything=False, programmes=frozenset(), events=frozenset())),
    ],
)
def test_reach_holds_what_grants_of_the_roles_name(grants, expected):
    assert reach(a_viewer(*grants), Power.SET_UP) == expected


def test_visitor_reaches_nothing():
    assert reach(Visitor(), Power.LOOK) == Reach(everything=False, programmes=frozenset(), events=frozenset())


@pytest.mark.parametrize(
    ("reached", "covers"),
    [
        (Reach(everything=True, programmes=frozenset(), events=frozenset()), True),
        (Reach(everything=False, programmes=frozenset({3}), events=frozenset()), True),
        (Reach(everything=False, programmes=frozenset(), events=frozenset({7})), True),
        (Reach(everything=False, programmes=frozenset({7}), events=frozenset({3})), False),
        (Reach(everything=False, programmes=frozenset(), events=frozenset()), False),
    ],
)
def test_reach_covers_an_event(reached, covers):
    assert reached.covers(3, 7) is covers


def test_organiser_is_who_has_any_grant():
    assert [one.is_organiser for one in (Visitor(), a_viewer(), a_viewer((ACCESS_LEAD, ThingKind.EVENT, 1)))] == [
        False,
        False,
        True,
    ]


@pytest.fixture
def doors() -> Flask:
    """A small application with a door of each kind."""
    app = Flask(__name__)
    app.secret_key = "for tests"
    accounts = Blueprint("accounts", __name__)
    accounts.add_url_rule("/sign-in", "sign_in", lambda: "sign in")
    app.register_blueprint(accounts)
    for who in Who:
        door = allow(who)(lambda: "inside")
        app.add_url_rule(f"/{who.name}", who.name, door, methods=["GET", "POST"])
    people = {"plain": a_viewer(), "organiser": a_viewer((ORGANISER, ThingKind.EVENT, 7))}
    manager = LoginManager(app)
    manager.anonymous_user = Visitor
    manager.request_loader(lambda request: people.get(request.headers.get("Who", "")))
    return app


OPEN = {
    "": {"ANYONE": 200, "LINK_HOLDER": 200, "SIGNED_IN": 302, "ORGANISER": 302, "DEVELOPER": 200},
    "plain": {"ANYONE": 200, "LINK_HOLDER": 200, "SIGNED_IN": 200, "ORGANISER": 404, "DEVELOPER": 200},
    "organiser": {"ANYONE": 200, "LINK_HOLDER": 200, "SIGNED_IN": 200, "ORGANISER": 200, "DEVELOPER": 200},
}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_doors_open_to_whom_they_say(doors, method):
    client = doors.test_client()
    answers = {
        who: {door.name: client.open(f"/{door.name}", method=method, headers={"Who": who}).status_code for door in Who}
        for who in OPEN
    }
    assert answers == OPEN


def test_shut_door_leads_back_after_signing_in(doors):
    client = doors.test_client()

    assert client.get("/SIGNED_IN?page=2&q=a%26b").location == "/sign-in?next=/SIGNED_IN?page%3D2%26q%3Da%2526b"
    assert client.get("/SIGNED_IN").location == "/sign-in?next=/SIGNED_IN"
    assert client.post("/SIGNED_IN").location == "/sign-in"


def test_decorator_keeps_the_name_and_the_words_of_the_view():
    @allow(Who.ANYONE)
    def view() -> str:
        """What it shows."""
        return "shown"

    assert (view.__name__, view.__doc__, view.who) == ("view", "What it shows.", Who.ANYONE)
    assert view() == "shown"


@pytest.mark.parametrize(
    ("belongs", "reached"),
    [
        (None, {AreaReach.PUBLIC}),
        ({"programme_id": 4, "wave_id": 5, "area_id": 6}, set(AreaReach)),
        ({"programme_id": 4, "wave_id": 5, "area_id": 7}, {AreaReach.PUBLIC, AreaReach.PROGRAMME}),
        ({"programme_id": 4}, {AreaReach.PUBLIC, AreaReach.PROGRAMME}),
        # A group of the programme may have people from outside of it.
        ({"programme_id": 4, "community_id": 8}, {AreaReach.PUBLIC}),
        ({"programme_id": 3, "wave_id": 9, "area_id": 10}, {AreaReach.PUBLIC}),
    ],
)
def test_documents_of_an_area_are_had_by_whom_it_shares_them_with(belongs, reached):
    area = Area(id=6, programme_id=4, wave_id=5)
    belonging = frozenset({Belonging(MemberRole.EVALUATOR, **belongs)} if belongs else ())
    viewer = replace(a_viewer(), belongs=belonging)
    assert {one for one in AreaReach if access.may_have(viewer, area, one)} == reached
    assert {one for one in AreaReach if access.may_have(Visitor(), area, one)} == {AreaReach.PUBLIC}
