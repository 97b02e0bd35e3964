"""Topics and posts: numbered as they are published, held where they have to be."""

import pytest
from flask import Flask
from sqlalchemy import select

from tests.making import Maker
from webapp import transaction
from webapp.extensions import db
from webapp.models.accounts import Actor, ActorKind
from webapp.models.communities import Community, Participation
from webapp.models.moderation import CaseReason, ModerationCase
from webapp.models.topics import Post, PostState, Topic, TopicReading
from webapp.services import communities, topics


@pytest.fixture
def community(make: Maker) -> Community:
    return make.community()


def test_topic_begun_and_answered_counts_what_is_published(app: Flask, make: Maker, community: Community) -> None:
    ann, bob = make.person("Ann Example"), make.person("Bob Example")
    first = make.topic(community, ann)
    second = make.post(first.topic_id, community, bob)

    with app.app_context():
        topic = db.session.get_one(Topic, first.topic_id)
        assert (first.number, second.number) == (1, 2)
        assert (topic.posts, topic.last_number, topic.last_author_id) == (2, 2, bob.id)
        read = {row.person_id: row.number for row in db.session.scalars(select(TopicReading))}
        assert read == {ann.id: 1, bob.id: 2}


def test_first_posts_wait_where_the_community_wants_it_and_have_no_number(
    app: Flask, make: Maker, community: Community
) -> None:
    held = make.community(first_posts_held=1)
    post = make.topic(held)

    with app.app_context():
        case = db.session.scalars(select(ModerationCase)).one()
        assert (case.post_id, case.reason) == (post.id, CaseReason.FIRST_POST)
        assert (post.state, post.number) == (PostState.WAITING, None)
        assert db.session.get_one(Topic, post.topic_id).is_seen is False


def test_answer_to_a_topic_closed_meanwhile_is_refused(app: Flask, make: Maker, community: Community) -> None:
    first = make.topic(community)
    with app.app_context(), transaction.unit():
        db.session.get_one(Topic, first.topic_id).closed_at = make.now

    with pytest.raises(topics.TopicClosed):
        make.post(first.topic_id, community)

    with app.app_context():
        assert [one.id for one in db.session.scalars(select(Post))] == [first.id]


def test_who_did_not_accept_the_rules_in_force_writes_nothing(app: Flask, make: Maker) -> None:
    strict, ann = make.community(rules_number=2), make.person()
    actor = Actor(ActorKind.PERSON, ann.id)
    with app.app_context(), transaction.unit(), pytest.raises(communities.RulesNotAccepted):
        communities.accept_rules(strict, 1, actor=actor, name=ann.name, now=make.now)
    with pytest.raises(communities.RulesNotAccepted):
        make.topic(strict, ann)

    with app.app_context(), transaction.unit():
        communities.accept_rules(strict, 2, actor=actor, name=ann.name, now=make.now)
        communities.accept_rules(strict, 2, actor=actor, name=ann.name, now=make.now)
    assert make.topic(strict, ann).number == 1
    with app.app_context():
        mine = db.session.scalars(select(Participation)).one()
        assert (mine.rules_accepted, mine.published_posts) == (2, 1)


def test_people_of_the_same_name_have_handles_of_their_own(app: Flask, make: Maker) -> None:
    people = [make.person() for _ in range(3)]
    with app.app_context(), transaction.unit():
        handles = [
            communities.profile_of(person.id, name, now=make.now).handle
            for person, name in zip(people, ("Jo", "Jo", "Zoë Ng"), strict=True)
        ]
    assert handles == ["member-jo", "member-jo-2", "zoe-ng"]
