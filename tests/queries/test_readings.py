"""What is new to somebody in communities."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from tests.counting import statements
from tests.making import Maker
from webapp import transaction
from webapp.extensions import db
from webapp.models.accounts import Actor, ActorKind, Person
from webapp.models.communities import Community, Participation
from webapp.models.topics import Follow, Post, PostState, Topic, TopicReading
from webapp.queries import readings as queries
from webapp.queries.moderation import lock_with_topic
from webapp.services.topics import mark_read, read_everything
from webapp.services.topics.withholding import take_down, withhold


@pytest.fixture
def community(make: Maker) -> Community:
    return make.community()


@pytest.fixture
def ann(make: Maker, community: Community) -> Person:
    """A member since yesterday, who did nothing yet."""
    person = make.person("Ann Example")
    membership = make.member(person, programme_id=community.programme_id)
    _change(make, update(type(membership)).values(joined_at=make.now - timedelta(days=1)))
    return person


def _change(make: Maker, *changes: object) -> None:
    with make.app.app_context(), transaction.unit():
        for change in changes:
            db.session.execute(change)


def _counts(person: Person, *communities: Community) -> list[int]:
    found = queries.unread_counts(person.id, [one.id for one in communities])
    db.session.rollback()
    return [found[one.id] for one in communities]


def _topics(person: Person, community: Community) -> list[int]:
    found = [one.id for one in queries.unread_topics(person.id, community.id)]
    db.session.rollback()
    return found


def _next(person: Person, topic_id: int) -> int | None:
    found = queries.first_unread(person.id, db.session.get_one(Topic, topic_id))
    db.session.rollback()
    return found.number if found else None


def _numbers(person: Person, *posts: Post) -> dict[int, tuple[int, bool]]:
    rows = [db.session.get_one(Topic, post.topic_id) for post in posts]
    found = queries.unread_of(person.id, rows)
    db.session.rollback()
    return {topic_id: (one.posts, one.never_opened) for topic_id, one in found.items()}


def test_topic_is_unread_until_its_newest_post_is_read(
    context: Flask, make: Maker, community: Community, ann: Person
) -> None:
    first, other = make.topic(community), make.topic(community)
    assert _counts(ann, community) == [2]
    assert _numbers(ann, first, other) == {first.topic_id: (1, True), other.topic_id: (1, True)}

    with transaction.unit():
        mark_read(ann.id, first.topic_id, 1)
    assert _numbers(ann, first, other) == {other.topic_id: (1, True)}
    later = [make.post(first.topic_id, community) for _ in range(2)]
    assert _numbers(ann, first) == {first.topic_id: (2, False)}
    assert _topics(ann, community) == [other.topic_id, first.topic_id]
    assert _next(ann, first.topic_id) == later[0].number == 2

    with transaction.unit():
        mark_read(ann.id, first.topic_id, 3)
    assert _next(ann, first.topic_id) == later[1].number == 3
    assert _counts(ann, community) == [1]


def test_nothing_is_new_once_all_is_marked_and_what_comes_after_is(
    context: Flask, make: Maker, community: Community, ann: Person
) -> None:
    post = make.topic(community)
    with transaction.unit():
        row = db.session.get_one(Community, community.id)
        for _ in range(2):
            read_everything(row, actor=Actor(ActorKind.PERSON, ann.id), name=ann.name, now=make.now)
    assert _counts(ann, community) == [0]
    assert (_numbers(ann, post), _topics(ann, community)) == ({}, [])

    _change(make, update(Topic).values(last_number=2, last_post_at=make.now + timedelta(minutes=1)))
    assert _numbers(ann, post) == {post.topic_id: (2, True)}


def test_nothing_is_new_of_what_is_muted_or_not_to_be_seen_nor_to_who_is_no_member(
    context: Flask, make: Maker, community: Community, ann: Person
) -> None:
    muted, merged, new, refused, withheld = (make.topic(community) for _ in range(5))
    held = make.community(programme_id=community.programme_id, first_posts_held=1)
    make.topic(held)
    _change(make, update(Topic).where(Topic.id == merged.topic_id).values(merged_into_id=new.topic_id))
    with transaction.unit():
        db.session.add(TopicReading(person_id=ann.id, topic_id=muted.topic_id, follow=Follow.MUTES))
        take_down(*lock_with_topic(refused.id), PostState.REFUSED, now=make.now)
        withhold(*lock_with_topic(withheld.id), now=make.now)
    assert _counts(ann, community, held) == [1, 0]
    assert _topics(ann, community) == [new.topic_id]
    assert list(_numbers(ann, muted, merged, new, refused, withheld)) == [new.topic_id]

    stranger = make.person()
    assert _counts(stranger, community) == [0]
    with transaction.unit():
        row = db.session.get_one(Community, community.id)
        read_everything(row, actor=Actor(ActorKind.PERSON, ann.id), name=ann.name, now=make.now - timedelta(days=1))
    _change(make, update(Participation).values(mutes=True))
    assert _counts(ann, community) == [0]


def test_unread_is_counted_to_a_hundred_by_one_statement(
    context: Flask, make: Maker, community: Community, ann: Person
) -> None:
    first = make.topic(community)
    columns = [column.name for column in Topic.__table__.columns if column.name not in {"id", "public_id"}]
    with transaction.unit():
        like = db.session.get_one(Topic, first.topic_id)
        db.session.add_all(Topic(**{name: getattr(like, name) for name in columns}) for _ in range(119))
    with statements(make.app) as asked:
        assert _counts(ann, community) == [100]
    assert len(asked) == 1
    assert len(_topics(ann, community)) == 100


def test_what_was_new_to_a_member_stays_so_when_they_write_for_the_first_time(
    context: Flask, make: Maker, community: Community, ann: Person
) -> None:
    post = make.topic(community)
    own = make.topic(community, ann)
    assert (_topics(ann, community), _numbers(ann, post, own)) == ([post.topic_id], {post.topic_id: (1, True)})
