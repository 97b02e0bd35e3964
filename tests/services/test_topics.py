"""Topics and posts: numbered as they are published, held where they have to be."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.counting import statements
from tests.making import Maker
from webapp import transaction
from webapp.extensions import db
from webapp.models.accounts import Actor, ActorKind
from webapp.models.communities import Community, Participation
from webapp.models.moderation import CaseReason, ModerationCase
from webapp.models.topics import Post, PostDraft, PostState, Topic, TopicReading
from webapp.queries import topics as queries
from webapp.services import communities, files, topics


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


def test_change_that_waits_takes_the_post_out_of_reading_and_comes_back_under_its_number(
    app: Flask, make: Maker, community: Community
) -> None:
    ann = make.person()
    first, actor = make.topic(community, ann), Actor(ActorKind.PERSON, ann.id)
    with app.app_context(), transaction.unit():
        waiting = topics.Words(body="Now with a name.", waits=True, kept={"kinds": ["name"]})
        topics.edit(first.id, waiting, topic_id=first.topic_id, version=1, actor=actor, now=make.now)
    with app.app_context():
        post, topic = db.session.get_one(Post, first.id), db.session.get_one(Topic, first.topic_id)
        assert (post.state, post.number, topic.posts, topic.is_seen) == (PostState.WAITING, 1, 0, False)
        assert db.session.scalars(select(ModerationCase)).one().reason is CaseReason.GUARD

    with app.app_context(), transaction.unit():
        topic = queries.lock_topic(first.topic_id)
        mine = db.session.scalars(select(Participation)).one()
        topics.publish(queries.lock_post(first.id), topic, mine, now=make.now)
    with app.app_context():
        topic, mine = db.session.get_one(Topic, first.topic_id), db.session.scalars(select(Participation)).one()
        assert (topic.posts, topic.last_number, mine.published_posts) == (1, 1, 1)


def test_nobody_changes_or_deletes_what_another_wrote(app: Flask, make: Maker, community: Community) -> None:
    first = make.topic(community)
    acting = {"topic_id": first.topic_id, "actor": Actor(ActorKind.PERSON, make.person().id), "now": make.now}
    with app.app_context(), transaction.unit(), pytest.raises(topics.PostRefused):
        topics.edit(first.id, topics.Words(body="Mine"), version=1, **acting)
    with app.app_context(), transaction.unit(), pytest.raises(topics.PostRefused):
        topics.delete(first.id, **acting)
    with app.app_context():
        assert db.session.get_one(Post, first.id).body == "What do you do?"


def test_draft_is_one_for_each_place_and_empty_ones_are_none(app: Flask, make: Maker, community: Community) -> None:
    ann = make.person()
    first = make.topic(community, ann)

    def keep(body: str, topic_id: int = 0) -> None:
        with app.app_context(), transaction.unit():
            topics.keep_draft(community.id, {"body": body}, person_id=ann.id, topic_id=topic_id, now=make.now)

    for body in ("One", "Two"):
        keep(body)
        keep(f"{body} more", first.topic_id)
    with app.app_context():
        found = {one.for_topic: one.content for one in db.session.scalars(select(PostDraft))}
        assert found == {0: {"body": "Two"}, first.topic_id: {"body": "Two more"}}
    keep("")
    make.post(first.topic_id, community, ann)
    with app.app_context():
        assert list(db.session.scalars(select(PostDraft))) == []


def test_post_has_five_files_at_most(app: Flask, make: Maker, community: Community) -> None:
    ann = make.person()
    with app.app_context():
        folder = app.config["SETTINGS"].files_path
        written = files.write(b"%PDF-1.7 plan", "application/pdf", folder=folder, now=make.now)
    one = topics.Enclosure(written=written, title="Plan", filename="plan.pdf")
    acting = {"actor": Actor(ActorKind.PERSON, ann.id), "name": ann.name, "now": make.now}
    words, start = topics.Words(body="See these."), topics.Start(title="Papers")
    with app.app_context(), transaction.unit(), pytest.raises(topics.PostRefused):
        topics.begin(community, start, words=words, files=topics.Enclosures(added=[one] * 6), **acting)
    with app.app_context(), transaction.unit():
        post = topics.begin(community, start, words=words, files=topics.Enclosures(added=[one] * 5), **acting)
        there = queries.files_of(post.id)
        fewer = topics.Enclosures(removed={file.public_id for file in there[1:]})
        later = {"topic_id": post.topic_id, "actor": acting["actor"], "now": make.now}
        topics.edit(post.id, words, version=1, files=fewer, **later)
        assert [file.position for file in queries.files_of(post.id)] == [1]


def test_change_sent_twice_is_made_once_and_another_is_refused(app: Flask, make: Maker, community: Community) -> None:
    ann = make.person()
    post = make.topic(community, ann)
    acting = {"topic_id": post.topic_id, "version": 1, "actor": Actor(ActorKind.PERSON, ann.id), "now": make.now}
    for _ in range(2):
        with app.app_context(), transaction.unit():
            topics.edit(post.id, topics.Words(body="Mine"), title="Ours", **acting)
    for body, title in (("Yours", "Ours"), ("Mine", "Theirs")):
        with app.app_context(), transaction.unit(), pytest.raises(topics.PostChanged):
            topics.edit(post.id, topics.Words(body=body), title=title, **acting)
    with app.app_context():
        assert [one.body for one in queries.versions_of(post.id)] == ["What do you do?"]


def test_answer_that_accepts_the_rules_locks_its_topic_before_its_writer(
    app: Flask, make: Maker, community: Community
) -> None:
    first, bob = make.topic(community), make.person("Bob")
    with app.app_context(), transaction.unit():
        communities.set_rules(community.id, "Be kind.", number=0, actor=Actor(ActorKind.PERSON, bob.id), now=make.now)
    with app.app_context(), transaction.unit(), statements(app) as seen:
        row = db.session.get_one(Community, community.id)
        acting = {"actor": Actor(ActorKind.PERSON, bob.id), "name": bob.name, "now": make.now}
        answer = topics.reply(row, first.topic_id, words=topics.Words(body="Yes."), rules=1, **acting)
        assert (answer.number, answer.state) == (2, PostState.PUBLISHED)
    tables = [one for said in seen for one in ("topics", "participations") if f"FROM {one} " in " ".join(said.split())]
    assert tables[:2] == ["topics", "participations"]
    with app.app_context():
        mine = db.session.scalars(select(Participation).where(Participation.person_id == bob.id)).one()
        assert mine.rules_accepted == 1


def test_what_a_form_sends_twice_is_written_once_and_later_again(app: Flask, make: Maker, community: Community) -> None:
    ann = make.person("Ann Example")
    acting: dict[str, Any] = {"actor": Actor(ActorKind.PERSON, ann.id), "name": ann.name}

    def begin(title: str) -> Post:
        words = topics.Words(body="What do you do?", once=True)
        with app.app_context(), transaction.unit():
            here = db.session.merge(community, load=False)
            return topics.begin(here, topics.Start(title=title), words=words, now=make.now, **acting)

    def reply(topic_id: int, minutes: int = 0) -> Post:
        words, at = topics.Words(body="Each Monday.", once=True), make.now + timedelta(minutes=minutes)
        with app.app_context(), transaction.unit():
            return topics.reply(db.session.merge(community, load=False), topic_id, words=words, now=at, **acting)

    first = begin("Rotas")
    assert begin("Rotas").id == first.id
    assert begin("Vans").id != first.id
    answer = reply(first.topic_id)
    assert reply(first.topic_id).id == answer.id
    assert reply(first.topic_id, minutes=11).id != answer.id
    with app.app_context():
        assert sorted(db.session.scalars(select(Topic.posts))) == [1, 3]
