"""Who reaches what at an event: a confirmed place, having come, and looking after it."""

from itertools import product

import pytest

from webapp import transaction
from webapp.extensions import db
from webapp.models.accounts import Role, ThingKind, Visitor
from webapp.models.attendance import (
    ALL_DAYS,
    AttendanceRecord,
    AttendanceReport,
    Came,
    Match,
    Presence,
    ReportSource,
)
from webapp.models.files import FileReach
from webapp.models.registrations import Registration, RegistrationState
from webapp.queries.accounts import find_viewer
from webapp.queries.reaches import reaches_at


@pytest.fixture
def event(make):
    return make.event()


@pytest.fixture
def sessions(make, event):
    """Two sessions of the first day, of which the second has a report of its own, and one of the second day."""
    found = [make.session(event), make.session(event), make.session(event, day=1)]
    report = AttendanceReport(
        event_id=event.id,
        day_id=event.days[0].id,
        session_id=found[1].id,
        source=ReportSource.ZOOM,
        filename="who.csv",
        digest="0" * 64,
        imported_at=make.now,
    )
    make._kept(report)
    return [*found, report]


@pytest.fixture
def person(make, event):
    """Makes a person with a registration that was seen on these days, where `named` in the session's report."""

    def one(state=RegistrationState.CONFIRMED, days=(), how=Came.CAME, report=None):
        person = make.person()
        row = make.registration(event, email=person.email)
        with make.app.app_context(), transaction.unit():
            kept = db.session.get_one(Registration, row.id)
            kept.person_id, kept.state = person.id, state
        for day in (*days, *([ALL_DAYS] if days else [])):
            make._kept(
                Presence(
                    event_id=event.id,
                    registration_id=row.id,
                    day_id=day,
                    how=how,
                    checked_in=True,
                    placed=state is RegistrationState.CONFIRMED,
                )
            )
        if report is not None:
            line = AttendanceRecord(
                report_id=report.id, registration_id=row.id, match=Match.EMAIL, name=person.name, minutes=9
            )
            make._kept(line)
        return person, row

    return one


def _seen(make, event, sessions, viewer, registration_id=None):
    """What is kept for whom that the viewer may see, of the event as a whole (0) and of each session (1, 2, 3)."""
    with make.app.app_context():
        reaches = reaches_at(event, viewer=viewer, registration_id=registration_id)
    places = [None, *(session.id for session in sessions[:3])]
    return {
        f"{kept_for} {place}"
        for kept_for, (place, session_id) in product(FileReach, enumerate(places))
        if reaches.covers(kept_for, session_id)
    }


def _viewer(make, person):
    secret = make.signed_in(person)
    with make.app.app_context():
        return find_viewer(secret, now=make.now)


def _all(*kinds):
    return {f"{kind} {place}" for kind in kinds for place in range(4)}


def test_visitors_and_strangers_reach_what_is_public(make, event, sessions):
    assert _seen(make, event, sessions, Visitor()) == _all("public")
    assert _seen(make, event, sessions, _viewer(make, make.person())) == _all("public")


def test_who_has_a_place_reaches_what_is_for_those_with_one_and_who_waits_does_not(make, event, sessions, person):
    placed, _ = person()
    waiting, _ = person(RegistrationState.WAITING)
    assert _seen(make, event, sessions, _viewer(make, placed)) == _all("public", "registered")
    assert _seen(make, event, sessions, _viewer(make, waiting)) == _all("public")


def test_who_came_reaches_the_sessions_of_that_day_but_for_those_whose_report_has_them_not(
    make, event, sessions, person
):
    first, second = (day.id for day in event.days)
    came, _ = person(days=[first])
    named, _ = person(days=[first, second], report=sessions[3], how=Came.IN_PART)
    missed, _ = person(days=[first], how=Came.MISSED)
    ours = _all("public", "registered")
    assert _seen(make, event, sessions, _viewer(make, came)) == ours | {"attended 0", "attended 1"}
    assert _seen(make, event, sessions, _viewer(make, named)) == ours | _all("attended")
    assert _seen(make, event, sessions, _viewer(make, missed)) == ours


def test_who_came_without_a_place_reaches_what_those_with_one_do_and_what_they_came_to(make, event, sessions, person):
    came, _ = person(RegistrationState.CANCELLED, days=[event.days[1].id])
    assert _seen(make, event, sessions, _viewer(make, came)) == _all("public", "registered") | {
        "attended 0",
        "attended 3",
    }


def test_holder_of_a_personal_link_reaches_what_its_registration_does_at_its_own_event_alone(
    make, event, sessions, person
):
    _, row = person(days=[event.days[0].id])
    assert _seen(make, event, sessions, Visitor(), row.id) == _all("public", "registered") | {
        "attended 0",
        "attended 1",
    }
    assert _seen(make, make.event(), sessions, Visitor(), row.id) == _all("public")


def test_organisers_of_the_event_reach_everything_and_those_of_another_do_not(make, event, sessions):
    ours, theirs = make.person(), make.person()
    make.grant(ours, Role.READER, ThingKind.EVENT, event.id)
    make.grant(theirs, Role.OWNER, ThingKind.EVENT, make.event().id)
    assert _seen(make, event, sessions, _viewer(make, ours)) == _all(*FileReach)
    assert _seen(make, event, sessions, _viewer(make, theirs)) == _all("public")
