"""Topics answered, moved on, voted in, and kept in order: what stands where, and who has read it."""

import pytest
from sqlalchemy import select

from webapp import transaction
from webapp.extensions import db
from webapp.models.accounts import Actor, ActorKind
from webapp.models.mailings import Letter
from webapp.models.moderation import CaseReason
from webapp.models.topics import IssueStage, Poll, PollVote, Post, PostDraft, Topic, TopicKind, TopicReading
from webapp.queries import topics as queries
from webapp.services import topics
from webapp.services.topics.holding import open_case


@pytest.fixture
def community(make):
    return make.community("Learning from wave one")


@pytest.fixture
def member(make, community):
    def made(name):
        person = make.person(name)
        make.member(person, programme_id=community.programme_id)
        return person

    return made


@pytest.fixture
def moderator(make):
    return Actor(ActorKind.PERSON, make.person("Mo Moderator").id)


@pytest.fixture
def unit(app):
    def does(verb, *args, **values):
        with app.app_context(), transaction.unit():
            return verb(*args, **values)

    return does


def acting(person):
    return Actor(ActorKind.PERSON, person.id)


def topic_of(app, topic_id):
    with app.app_context():
        return db.session.get_one(Topic, topic_id)


def numbers(app, topic_id):
    with app.app_context():
        rows = select(Post.number, Post.body).where(Post.topic_id == topic_id).order_by(Post.number, Post.id)
        return [tuple(row) for row in db.session.execute(rows)]


def read(app, topic_id):
    with app.app_context():
        rows = db.session.scalars(select(TopicReading).where(TopicReading.topic_id == topic_id))
        return {row.person_id: row.number for row in rows}


def test_answer_is_accepted_by_who_asked_and_told_once(app, make, community, member, unit):
    ann, bob, cy = member("Ann"), member("Bob"), member("Cy")
    question = make.topic(community, ann, kind=TopicKind.QUESTION)
    answer = make.post(question.topic_id, community, bob)
    at = {"topic_id": question.topic_id, "moderates": False, "now": make.now}
    for has in (True, True):
        unit(topics.have_too, question.topic_id, person_id=cy.id, has=has)
    unit(topics.have_too, question.topic_id, person_id=ann.id)
    assert topic_of(app, question.topic_id).same_questions == 1

    with pytest.raises(topics.PostRefused, match="Whoever asked"):
        unit(topics.accept, answer.id, actor=acting(bob), **at)
    with pytest.raises(topics.PostRefused, match="the question itself"):
        unit(topics.accept, question.id, actor=acting(ann), **at)
    for _ in range(2):
        unit(topics.accept, answer.id, actor=acting(ann), **at)
    assert topic_of(app, question.topic_id).accepted_number == 2
    unit(topics.take_back, actor=acting(ann), **at)
    assert topic_of(app, question.topic_id).answered_at is None
    unit(topics.accept, answer.id, actor=acting(ann), **at)
    with app.app_context():
        told = db.session.scalars(select(Letter.person_id).where(Letter.notice == "answer_accepted"))
        assert sorted(told) == [bob.id, cy.id]


def test_issue_moves_on_by_moderators_and_its_owner_and_says_who_did_it(app, make, community, member, moderator, unit):
    ann, bob, stranger = member("Ann"), member("Bob"), make.person("Stranger")
    post = make.topic(community, ann, kind=TopicKind.ISSUE)
    at = {"now": make.now}
    wanted = topics.IssueState(stage=IssueStage.LOOKED_AT, owner_id=stranger.id)
    with pytest.raises(topics.PostRefused, match="does not read the community"):
        unit(topics.move_issue, post.topic_id, wanted, version=1, moderates=True, actor=moderator, **at)
    day = make.now.date()
    wanted = topics.IssueState(stage=IssueStage.LOOKED_AT, owner_id=bob.id, due_on=day)
    unit(topics.move_issue, post.topic_id, wanted, version=1, moderates=True, actor=moderator, **at)
    assert topic_of(app, post.topic_id).is_overdue(day) is False

    answered = topics.IssueState(stage=IssueStage.ANSWERED, owner_id=bob.id, due_on=day)
    with pytest.raises(topics.PostRefused, match="Moderators move"):
        unit(topics.move_issue, post.topic_id, answered, version=2, moderates=False, actor=acting(ann), **at)
    with pytest.raises(topics.IssueChanged):
        unit(topics.move_issue, post.topic_id, answered, version=1, moderates=False, actor=acting(bob), **at)
    for _ in range(2):
        unit(topics.move_issue, post.topic_id, answered, version=2, moderates=False, actor=acting(bob), **at)
    assert topic_of(app, post.topic_id).answered_at == make.now
    with app.app_context():
        moves = [(one.by, one.details["stage"]) for one in queries.moves_of(post.topic_id)]
        assert moves == [("Bob", ["looked_at", "answered"]), ("Mo Moderator", ["raised", "looked_at"])]


def test_votes_count_once_each_and_only_while_the_poll_is_open(app, make, community, member, unit):
    ann, bob = member("Ann"), member("Bob")
    words = topics.PollWords(question="When?", choices=["Monday", "Friday", "Never"], most=2)
    post = make.topic(community, ann, poll=words)
    with app.app_context():
        poll = queries.find_poll(post.topic_id)
        monday, friday, never = [one.public_id for one in poll.options]

    def votes(person, *chosen):
        unit(topics.vote, post.topic_id, chosen, person_id=person.id, now=make.now)

    for wrong in ((), (monday, friday, never), (monday, "nothing")):
        with pytest.raises(topics.PostRefused):
            votes(ann, *wrong)
    votes(ann, monday, friday)
    votes(ann, monday)
    votes(bob, monday, never)
    with app.app_context():
        stands = queries.votes_of(poll.id, ann.id)
        assert (sorted(stands.counts.values()), stands.voters, len(stands.own)) == ([1, 2], 2, 1)
    with pytest.raises(topics.PostRefused, match="voted already"):
        unit(topics.remove_poll, post.topic_id, moderates=False, actor=acting(ann), now=make.now)
    unit(topics.close_poll, post.topic_id, moderates=False, actor=acting(ann), now=make.now)
    with pytest.raises(topics.PostRefused, match="closed"):
        votes(bob, friday)
    unit(topics.delete, post.id, topic_id=post.topic_id, actor=acting(ann), now=make.now)
    with app.app_context():
        assert (db.session.scalars(select(Poll)).all(), db.session.scalars(select(PollVote)).all()) == ([], [])


def test_merged_topic_stands_behind_the_other_with_new_numbers(app, make, community, member, moderator, unit):
    ann, bob, cy = member("Ann"), member("Bob"), member("Cy")
    old = make.topic(community, ann, "Old one", kind=TopicKind.QUESTION)
    answer = make.post(old.topic_id, community, cy, "Old two")
    new = make.topic(community, bob, "New one", kind=TopicKind.QUESTION)
    unit(topics.have_too, old.topic_id, person_id=bob.id)
    unit(topics.have_too, old.topic_id, person_id=cy.id)
    at = {"actor": moderator, "now": make.now}
    unit(topics.accept, answer.id, topic_id=old.topic_id, moderates=True, **at)
    with app.app_context(), transaction.unit():
        topics.mark_read(bob.id, old.topic_id, 2)
        topics.keep_draft(community.id, {"body": "to the old"}, person_id=cy.id, topic_id=old.topic_id, now=make.now)
        topics.keep_draft(community.id, {"body": "to the new"}, person_id=cy.id, topic_id=new.topic_id, now=make.now)
        topics.mark_read(cy.id, new.topic_id, 0)

    for _ in range(2):
        unit(topics.merge, old.topic_id, new.topic_id, **at)
    assert numbers(app, new.topic_id) == [(1, "New one"), (2, "Old one"), (3, "Old two")]
    merged, left = topic_of(app, new.topic_id), topic_of(app, old.topic_id)
    assert (merged.posts, merged.last_number, merged.accepted_number, merged.last_author_id) == (3, 3, 3, cy.id)
    assert (left.posts, left.merged_into_id, left.is_seen) == (0, new.topic_id, False)
    # Who asked the one has the question of the other; who asked that has it anyway.
    assert merged.same_questions == 2
    # Who had read both to the end has read it all; nobody else has read anything that they had not.
    assert read(app, new.topic_id) == {ann.id: 0, bob.id: 3, cy.id: 0}
    with app.app_context():
        drafts = [(one.for_topic, one.content["body"]) for one in db.session.scalars(select(PostDraft))]
        assert drafts == [(new.topic_id, "to the new\n\nto the old")]
    with pytest.raises(topics.TopicClosed):
        make.post(old.topic_id, community, ann)
    assert make.post(new.topic_id, community, ann).number == 4


def test_split_posts_keep_their_addresses_and_leave_their_numbers_to_nobody(
    app, make, community, member, moderator, unit
):
    ann, bob = member("Ann"), member("Bob")
    first = make.topic(community, ann, "One")
    posts = [make.post(first.topic_id, community, bob, word) for word in ("Two", "Three", "Four")]
    with app.app_context(), transaction.unit():
        topics.mark_read(ann.id, first.topic_id, 2)
    at = {"title": "Apart", "actor": moderator, "now": make.now}
    with pytest.raises(topics.PostRefused, match="first post stays"):
        unit(topics.split, first.topic_id, [first.public_id], and_later=False, **at)
    with pytest.raises(topics.PostRefused, match="stand in this topic"):
        unit(topics.split, first.topic_id, ["nowhere"], and_later=True, **at)

    chosen = [posts[0].public_id, posts[2].public_id]
    new = unit(topics.split, first.topic_id, chosen, and_later=False, **at)
    assert numbers(app, new.id) == [(1, "Two"), (2, "Four")]
    assert numbers(app, first.topic_id) == [(1, "One"), (3, "Three")]
    assert read(app, new.id) == {ann.id: 1, bob.id: 2}
    made, left = topic_of(app, new.id), topic_of(app, first.topic_id)
    assert (made.author_id, made.posts, made.last_number, left.posts, left.last_number) == (bob.id, 2, 2, 2, 4)
    with app.app_context():
        assert db.session.get_one(Post, posts[2].id).public_id == posts[2].public_id
    assert make.post(first.topic_id, community, ann).number == 5


def test_topic_moves_to_another_community_with_all_that_goes_with_it(app, make, community, member, moderator, unit):
    ann = member("Ann")
    post = make.topic(community, ann, "Words")
    other = make.community("Group", programme_id=community.programme_id, is_group=True)
    elsewhere = make.community("Elsewhere")
    at = {"actor": moderator, "now": make.now}
    with pytest.raises(topics.PostRefused, match="same programme"):
        unit(topics.move, post.topic_id, elsewhere, None, **at)
    with app.app_context(), transaction.unit():
        case = open_case(db.session.get_one(Post, post.id), CaseReason.UNKIND, now=make.now)
    with pytest.raises(topics.PostRefused, match="waits for moderators"):
        unit(topics.move, post.topic_id, other, None, **at)
    with app.app_context(), transaction.unit():
        db.session.get_one(type(case), case.id).decided_at = make.now
        topics.keep_draft(community.id, {"body": "more"}, person_id=ann.id, topic_id=post.topic_id, now=make.now)

    unit(topics.move, post.topic_id, other, None, **at)
    with app.app_context():
        there = {
            db.session.get_one(Topic, post.topic_id).community_id,
            db.session.get_one(Post, post.id).community_id,
            db.session.get_one(type(case), case.id).community_id,
            db.session.scalars(select(PostDraft.community_id)).one(),
        }
        assert there == {other.id}
