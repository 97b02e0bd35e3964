"""Reading an agenda, a session, a speaker, and what people starred."""

from datetime import date, time

import pytest

from tests.counting import statements
from tests.ledger import Ledger
from webapp.errors import NotFound
from webapp.models.agenda import ContributionRole, SessionKind
from webapp.models.events import EventState
from webapp.queries import agenda as queries
from webapp.queries.events import find_event
from webapp.queries.programmes import programmes, programmes_with_themes
from webapp.queries.speakers import contributions_of, get_speaker
from webapp.services.agenda import set_star


@pytest.fixture
def star(app, now):
    def run(person, *sessions):
        for session in sessions:
            Ledger(app).act(set_star, person.id, session.id, starred=True, now=now)

    return run


def test_agenda_has_all_sessions_of_the_event_by_day_and_position(app, make):
    event = make.event()
    make.session(make.event(), "Elsewhere")
    make.session(event, "Fourth", day=1, position=1)
    make.session(event, "Third", position=3, hours=(None, None))
    make.session(event, "First", position=1, hours=(time(15), time(16)))
    make.session(event, "Second", position=2, kind=SessionKind.BREAK)
    with app.app_context():
        assert [row.title for row in queries.agenda_of(event.id)] == ["First", "Second", "Third", "Fourth"]


def test_agenda_holds_all_that_its_page_shows_by_one_statement(app, make):
    programme = make.programme(themes=["B", "A"])
    event = make.event(programme_id=programme.id)
    stream, trust = make.stream(event, "North"), make.organisation("Hill Trust")
    session = make.session(event, stream_id=stream.id, themes=programme.themes[::-1])
    for name in ("Zoe", "Ann"):
        make.contribution(session, speaker_id=make.speaker(name).id, organisation_id=trust.id)
    make.contribution(session, organisation_id=trust.id, role=ContributionRole.CHAIR)
    with statements(app) as asked, app.app_context():
        (row,) = queries.agenda_of(event.id)
        assert (row.stream.name, row.day.date, [theme.name for theme in row.themes]) == (
            "North",
            date(2027, 6, 14),
            ["B", "A"],
        )
        people = [
            (one.speaker and one.speaker.name, one.organisation.name, one.role.value) for one in row.contributions
        ]
    assert people == [
        ("Zoe", "Hill Trust", "presenter"),
        ("Ann", "Hill Trust", "presenter"),
        (None, "Hill Trust", "chair"),
    ]
    assert len(asked) == 1


def test_session_is_found_within_its_event_only(app, make):
    event, other = make.event(), make.event()
    session = make.session(event, "Kinship")
    with app.app_context():
        assert queries.get_session(find_event(event.public_id), session.public_id).title == "Kinship"
        for wrong, public_id in ((other, session.public_id), (event, "2" * 12), (event, "")):
            with pytest.raises(NotFound):
                queries.get_session(find_event(wrong.public_id), public_id)


def test_starred_at_an_event_is_what_the_person_starred_there(app, make, star):
    event, elsewhere = make.event(), make.event()
    first, second, other = make.session(event), make.session(event), make.session(elsewhere)
    make.session(event, kind=SessionKind.BREAK)
    ann, bob = make.person(), make.person()
    star(ann, second, other)
    star(bob, first)
    with app.app_context():
        assert queries.starred_at(event.public_id, ann.id) == {second.public_id}
        assert queries.starred_at(event.public_id, make.person().id) == frozenset()


def test_starred_sessions_come_by_day_and_time_whatever_was_made_first(app, make, star):
    late = make.event("Late", starts_on=date(2027, 9, 1))
    early = make.event("Early", starts_on=date(2027, 8, 1))
    draft = make.event("Draft", state=EventState.DRAFT)
    person = make.person()
    sessions = [
        make.session(late, "4", day=0),
        make.session(early, "3", day=1),
        make.session(early, "2", day=0, hours=(time(9), time(10))),
        make.session(early, "1", day=0, hours=(None, None)),
        make.session(draft, "hidden"),
    ]
    star(person, *sessions)
    star(make.person(), make.session(early, "not mine"))
    with app.app_context():
        assert [row.title for row in queries.starred_sessions(person.id)] == ["1", "2", "3", "4"]


# ---------------------------------------------------------------- speakers and programmes


def test_speaker_is_found_when_named_in_a_public_event_only(app, make):
    draft = make.event(state=EventState.DRAFT)
    hidden, shown, nowhere = make.speaker("Hidden"), make.speaker("Shown"), make.speaker("Nowhere")
    make.contribution(make.session(draft), speaker_id=hidden.id)
    for state in (EventState.PUBLISHED, EventState.CANCELLED, EventState.ARCHIVED):
        make.contribution(make.session(make.event(state=state)), speaker_id=shown.id)
    with app.app_context():
        assert get_speaker(shown.public_id).name == "Shown"
        for speaker in (hidden, nowhere):
            with pytest.raises(NotFound):
                get_speaker(speaker.public_id)


def test_contributions_come_latest_day_first_and_without_drafts(app, make):
    speaker = make.speaker()
    early, late = make.event(starts_on=date(2027, 6, 1)), make.event(starts_on=date(2027, 7, 1))
    sessions = [
        make.session(early, "4", hours=(time(9), time(10))),
        make.session(late, "3", hours=(time(11), time(12))),
        make.session(late, "2", hours=(time(9), time(10))),
        make.session(late, "1", hours=(None, None)),
        make.session(make.event(state=EventState.DRAFT), "hidden"),
    ]
    for session in sessions:
        make.contribution(session, speaker_id=speaker.id)
    with app.app_context():
        assert [one.session.title for one in contributions_of(speaker.id)] == ["1", "2", "3", "4"]


def test_programmes_come_by_name_as_people_sort(app, make):
    for name in ("beta", "Émile", "Alpha", "Zeta", "delta"):
        make.programme(name)
    with app.app_context():
        for load in (programmes, programmes_with_themes):
            assert [row.name for row in load()] == ["Alpha", "beta", "delta", "Émile", "Zeta"]
