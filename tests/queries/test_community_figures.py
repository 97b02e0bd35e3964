"""Figures of communities: what is counted, for whom, and what is hidden of few."""

from datetime import timedelta

import pytest

from tests.counting import statements
from webapp import transaction
from webapp.extensions import db
from webapp.models.accounts import Person
from webapp.models.communities import Openness
from webapp.models.topics import IssueStage, TopicKind, TopicReading
from webapp.queries import community_figures as figures
from webapp.queries.community_figures import People
from webapp.queries.programmes import get_programme


@pytest.fixture
def span(now):
    return figures.Span(now - timedelta(days=90), now)


@pytest.fixture
def programme(make):
    return make.programme("Programme", ["Family help", "Multi-agency teams"])


def report(app, programme, span, *public_ids):
    with app.app_context():
        found = get_programme(programme.public_id)
        chosen = figures.communities_of(found.id)
        if public_ids:
            chosen = [one for one in chosen if one.public_id in public_ids]
        return figures.report_on(found, chosen, span, whole=not public_ids)


def test_questions_answers_and_issues_are_counted_over_the_time_asked_for(app, make, programme, span, now):
    community = make.community(programme_id=programme.id)
    for days, hours in ((200, 1), (50, 2), (40, 6), (20, None)):
        make.now = now - timedelta(days=days)
        asker = make.person()
        topic = make.topic(community, asker, kind=TopicKind.QUESTION).topic_id
        # What the asker adds is no answer to themselves.
        make.now += timedelta(minutes=5)
        make.post(topic, community, asker)
        if hours:
            make.now = now - timedelta(days=days) + timedelta(hours=hours)
            make.post(topic, community)
    make.now = now - timedelta(days=3)
    make.topic(community, kind=TopicKind.ISSUE)
    make.topic(make.community(programme_id=programme.id))
    make.topic(make.community())

    one = report(app, programme, span, community.public_id).together
    assert (one.topics, one.answers, one.questions, one.answered, one.unanswered) == (4, 5, 3, 2, 1)
    assert one.median_wait == timedelta(hours=4)
    assert one.stages == {**dict.fromkeys(IssueStage, 0), IssueStage.RAISED: 1}
    assert report(app, programme, span).together.topics == 5
    ever = report(app, programme, figures.Span(None, now - timedelta(days=100)), community.public_id).together
    assert (ever.questions, ever.answered, ever.median_wait) == (1, 1, timedelta(hours=1))


def test_people_are_reached_by_what_they_wrote_or_read_and_few_are_hidden(app, make, programme, span, now):
    first, second = programme.themes
    open_to_all = make.community(programme_id=programme.id, openness=Openness.PROGRAMME, theme_id=first.id)
    make.now = now - timedelta(days=200)
    people = [make.member(programme_id=programme.id).person_id for _ in range(20)]
    left = make.member(programme_id=programme.id, ended_at=now).person_id
    old = make.topic(open_to_all)
    make.now = now - timedelta(days=10)
    for person_id in people[:6]:
        with app.app_context():
            person = db.session.get_one(Person, person_id)
        new = make.topic(open_to_all, person, theme_id=first.id)
    few = make.topic(open_to_all, person, theme_id=second.id)
    with app.app_context(), transaction.unit():
        db.session.query(TopicReading).delete()
        db.session.add_all(
            TopicReading(person_id=one, topic_id=topic, number=number)
            for one, topic, number in (
                *((one, new.topic_id, 1) for one in people[4:12]),
                *((one, few.topic_id, 1) for one in people[:2]),
                # As far as what was written before, and somebody who no longer belongs.
                (people[19], old.topic_id, 1),
                (people[18], new.topic_id, 0),
                (left, new.topic_id, 1),
            )
        )
    found = report(app, programme, span, open_to_all.public_id)
    assert found.together.people == People(20, 6, 6, 8)
    assert found.together.people.reached == 12
    assert [(theme and theme.name, number) for theme, number in found.strands] == [
        ("Family help", 12),
        ("Multi-agency teams", None),
    ]


@pytest.mark.parametrize(
    ("belong", "reached", "wrote", "shown"),
    [
        # One number alone that is hidden would be what is left of all.
        (30, 12, 2, People(30, None, None, 18)),
        (30, 27, 10, People(30, None, 17, None)),
        (4, 2, 1, People(None, None, None, None)),
        (30, 0, 0, People(30, 0, 0, 30)),
    ],
)
@pytest.mark.memory
def test_numbers_of_few_are_hidden_with_others_beside_them(belong, reached, wrote, shown):
    assert People.of(belong, reached, wrote) == shown


def test_areas_are_active_whose_people_wrote_lately_and_as_much_is_asked_of_the_database(
    app, make, programme, span, now
):
    wave = make.wave(programme_id=programme.id)
    areas = [make.area(name, wave=wave) for name in ("Ash", "Beech", "Cedar")]
    community = make.community(programme_id=programme.id, wave_id=wave.id)
    make.area(wave=make.wave(programme_id=programme.id))
    counted = []
    for area, days in zip(areas, (10, 60, 100), strict=True):
        make.now = now - timedelta(days=days)
        person = make.person()
        make.member(person, area=area)
        make.topic(community, person)
        with statements(app) as asked:
            found = report(app, programme, span, community.public_id)
        counted.append(len(asked))
    assert [(one.area.name, one.is_lately, one.wrote_at is not None) for one in found.areas] == [
        ("Ash", True, True),
        ("Beech", False, True),
        ("Cedar", False, False),
    ]
    assert (found.lately, found.in_a_while, len(report(app, programme, span).areas)) == (1, 2, 4)
    make.community(programme_id=programme.id)
    with statements(app) as asked:
        report(app, programme, span)
    assert {*counted, len(asked)} == {counted[0]}
