"""What is written in communities is found by those who read it there, and by nobody else, in no way."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from tests.making import Maker
from webapp import indexing, transaction
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Role, ThingKind, Viewer, Visitor
from webapp.models.belonging import Belonging, MemberRole
from webapp.models.communities import Community, Openness
from webapp.models.passages import KnownWord, Passage
from webapp.models.topics import Post, PostState, Topic
from webapp.queries import passages as queries
from webapp.queries.passages import Narrowing, did_you_mean
from webapp.searching import ask
from webapp.services import passages, topics


def viewer(*grants: tuple[Role, ThingKind, int], belongs: tuple[Belonging, ...] = ()) -> Viewer:
    return Viewer(
        id=1,
        public_id="b",
        name="Ann",
        email="ann@example.org",
        session_token="s",
        grants=frozenset(grants),
        belongs=frozenset(belongs),
    )


def found(text: str, who: Viewer | Visitor, **narrowing: object) -> list[str]:
    """What somebody finds, by the public ids of posts; and that as much is counted."""
    page = queries.find_passages(ask(text), Narrowing(**narrowing), viewer=who, page=1)
    counted = queries.count_found([ask(text)], Narrowing(**narrowing), viewer=who, most=100)
    db.session.rollback()
    assert (page.total, counted) == (len(page.rows), [len(page.rows) + sum(hit.others for hit in page.rows)])
    return [hit.public_id for hit in page.rows]


def words_known() -> set[str]:
    known = set(db.session.scalars(select(KnownWord.word)))
    db.session.rollback()
    return known


@pytest.fixture
def community(make: Maker) -> Community:
    """A private community of a wave."""
    wave = make.wave()
    return make.community(wave_id=wave.id, programme_id=wave.programme_id)


def test_posts_are_found_by_those_who_read_the_community_alone(
    context: Flask, make: Maker, community: Community
) -> None:
    post = make.topic(community, title="Quokkas", body="We **saw** a numbat.")
    programme_id, wave_id = community.programme_id, community.wave_id
    other_wave = make.wave(programme_id=programme_id)
    member = Belonging(MemberRole.MEMBER, programme_id, wave_id=wave_id)
    readers = {
        "member of the wave": viewer(belongs=(member,)),
        "moderator": viewer((Role.MODERATOR, ThingKind.COMMUNITY, community.id)),
        "organiser": viewer((Role.ORGANISER, ThingKind.PROGRAMME, programme_id)),
        "owner": viewer((Role.OWNER, ThingKind.SITE, 0)),
    }
    others = {
        "visitor": Visitor(),
        "somebody": viewer(),
        "member of another wave": viewer(belongs=(Belonging(MemberRole.LEAD, programme_id, wave_id=other_wave.id),)),
        # Who sees everything of events, drafts too, reads no community by that.
        "reader of the programme": viewer((Role.READER, ThingKind.PROGRAMME, programme_id)),
        "analyst of the site": viewer((Role.ANALYST, ThingKind.SITE, 0)),
        "moderator elsewhere": viewer((Role.MODERATOR, ThingKind.COMMUNITY, community.id + 1)),
    }
    for text in ("quokka", "numbat", "saw"):
        assert {who: found(text, one) for who, one in readers.items()} == {who: [post.public_id] for who in readers}
        assert {who: found(text, one) for who, one in others.items()} == {who: [] for who in others}
        # Nor by naming the community.
        assert found(text, Visitor(), community_id=community.id) == []
        assert found(text, readers["member of the wave"], community_id=community.id) == [post.public_id]
        assert found(text, readers["member of the wave"], community_id=community.id + 1) == []


def test_openness_is_asked_with_each_search(context: Flask, make: Maker, community: Community) -> None:
    post = make.topic(community, body="A numbat.")
    colleague = viewer(belongs=(Belonging(MemberRole.MEMBER, community.programme_id),))
    seen = {}
    for openness in (Openness.PUBLIC, Openness.PROGRAMME, Openness.PRIVATE):
        with transaction.unit():
            db.session.get_one(Community, community.id).openness = openness
        seen[openness] = [bool(found("numbat", who)) for who in (Visitor(), colleague)]
    assert seen == {
        Openness.PUBLIC: [True, True],
        Openness.PROGRAMME: [False, True],
        Openness.PRIVATE: [False, False],
    }
    assert post.is_published


def test_words_of_communities_are_known_and_suggested_to_nobody(
    context: Flask, make: Maker, community: Community
) -> None:
    public = make.community(openness=Openness.PUBLIC)
    make.topic(community, title="Quokkas", body="A numbat.")
    make.topic(public, title="Bilbies", body="A numbat.")
    make.event("Bandicoots")
    assert words_known() & {"quokkas", "numbat", "bilbies", "bandicoots"} == {"bandicoots"}
    for who in (Visitor(), viewer((Role.OWNER, ThingKind.SITE, 0))):
        assert did_you_mean(ask("quokkaz"), Narrowing(), [], viewer=who) is None
    db.session.rollback()
    passages.rebuild(transaction.unit)
    assert words_known() & {"quokkas", "numbat", "bilbies", "bandicoots"} == {"bandicoots"}


def test_erased_word_that_stands_in_a_community_is_known_no_longer(
    context: Flask, make: Maker, community: Community
) -> None:
    event = make.event("Bandicoots", summary="A numbat.")
    make.topic(community, body="A numbat, too.")
    assert "numbat" in words_known()
    with transaction.unit():
        db.session.get_one(type(event), event.id).summary = ""
        indexing.forget_words(["A numbat."])
    assert "numbat" not in words_known()


def test_what_waits_or_was_taken_away_is_found_no_more(context: Flask, make: Maker) -> None:
    owner = viewer((Role.OWNER, ThingKind.SITE, 0))
    held = make.topic(make.community(first_posts_held=1), title="Quokkas", body="A numbat.")
    assert held.state is PostState.WAITING
    assert found("numbat", owner) == found("quokkas", owner) == []

    community = make.community()
    first = make.topic(community, title="Bilbies", body="A wombat.")
    second = make.post(first.topic_id, community, body="A dunnart.")
    for state, find in ((PostState.REDACTED, []), (PostState.PUBLISHED, [first.public_id])):
        with transaction.unit():
            db.session.get_one(Post, first.id).state = state
        assert found("wombat", owner) == find
        # The title stays with the first post that is left.
        assert found("bilbies", owner) == (find or [second.public_id])
    with transaction.unit():
        db.session.get_one(Post, second.id).body = "A potoroo."
        db.session.get_one(Topic, first.topic_id).title = "Numbats"
    assert (found("dunnart", owner), found("potoroo", owner)) == ([], [second.public_id])
    assert (found("bilbies", owner), found("numbat", owner)) == ([], [first.public_id])


def test_topic_that_moves_is_found_where_it_is(context: Flask, make: Maker, community: Community) -> None:
    other = make.community(openness=Openness.PUBLIC)
    first = make.topic(community, body="A wombat.")
    posts = [first, *(make.post(first.topic_id, community, body="A wombat, too.") for _ in range(4))]
    assert found("wombat", Visitor()) == []
    with transaction.unit():
        db.session.get_one(Topic, first.topic_id).community_id = other.id
        db.session.execute(update(Post).values(community_id=other.id))
    # Three of one topic, unless it alone is asked.
    page = queries.find_passages(ask("wombat"), Narrowing(), viewer=Visitor(), page=1)
    assert ([hit.others for hit in page.rows], page.total) == ([0, 0, 2], 3)
    db.session.rollback()
    topic = db.session.get_one(Topic, first.topic_id)
    within = queries.find_places_written(topic.public_id)
    alone = queries.find_passages(ask("wombat"), Narrowing(within=within), viewer=Visitor(), page=1)
    assert {hit.public_id for hit in alone.rows} == {post.public_id for post in posts}
    assert queries.find_places_written("nothing") == (0, 0)


def test_posts_moved_by_a_statement_follow_once_they_are_noted(
    context: Flask, make: Maker, community: Community
) -> None:
    public = make.community(openness=Openness.PUBLIC)
    first, target = make.topic(community, body="A wombat."), make.topic(public, title="Bilbies")
    with transaction.unit():
        moved = {"topic_id": target.topic_id, "community_id": public.id, "number": 2}
        db.session.execute(update(Post).where(Post.id == first.id).values(moved))
        indexing.note_topics([first.topic_id, target.topic_id])
    assert found("wombat", Visitor()) == [first.public_id]
    kept = select(Passage.source_id).where(Passage.thing_id == first.id, Passage.kind == "topic")
    assert db.session.scalars(kept).all() == [target.topic_id]


def test_posts_made_anew_are_as_they_were(context: Flask, make: Maker, community: Community) -> None:
    make.event("Bandicoots")
    first = make.topic(community, title="Quokkas", body="A numbat. " * 1_100)
    make.post(first.topic_id, community, body="A wombat.")

    def lines() -> list[tuple[object, ...]]:
        kept = select(Passage.place, Passage.kind, Passage.title, Passage.digest).order_by(Passage.place)
        rows = [tuple(row) for row in db.session.execute(kept)]
        db.session.rollback()
        return rows

    stands = lines()
    assert len(stands) == 4
    with transaction.unit():
        db.session.execute(delete(Passage).where(Passage.title == "Quokkas"))
        db.session.execute(update(Passage).values(digest="old"))
    passages.rebuild(transaction.unit)
    assert lines() == stands


def test_same_numbers_of_topics_of_many_days_have_places_of_their_own(
    context: Flask, make: Maker, community: Community
) -> None:
    """Ids that are 65,536 apart share places within a day; of topics, that many would have to begin in one."""
    first = make.topic(community, body="A wombat.")
    with transaction.unit():
        like = db.session.get_one(Topic, first.topic_id)
        far = Topic(
            id=like.id + 65_536,
            slug="far",
            community_id=community.id,
            kind=like.kind,
            title="Far",
            author_id=like.author_id,
            created_at=like.created_at + timedelta(days=1),
            last_post_at=like.last_post_at,
        )
        db.session.add(far)
        db.session.flush()
        far_id = far.id
    second = make.post(far_id, community, body="A wombat.")
    owner = viewer((Role.OWNER, ThingKind.SITE, 0))
    assert found("wombat", owner) == [second.public_id, first.public_id]


def test_posts_that_are_moved_merged_and_split_are_found_where_they_stand(
    context: Flask, make: Maker, community: Community
) -> None:
    programme_id = community.programme_id
    member = viewer(belongs=(Belonging(MemberRole.MEMBER, programme_id, wave_id=community.wave_id),))
    group = make.community(programme_id=programme_id, is_group=True)
    of_group = viewer(belongs=(Belonging(MemberRole.MEMBER, programme_id, community_id=group.id),))
    old, new = (make.topic(community, title=title, body="A numbat.") for title in ("Old quokka", "New quokka"))
    second = make.post(old.topic_id, community, body="A bilby.")
    acting = {"actor": SYSTEM, "now": make.now}
    with transaction.unit():
        topics.merge(old.topic_id, new.topic_id, **acting)
    # The title went with the topic; its posts are found once each, where they stand.
    assert (found("old", member), found("bilby", member)) == ([], [second.public_id])
    with transaction.unit():
        apart = topics.split(new.topic_id, [second.public_id], title="Apart", and_later=False, **acting)
    assert found("apart", member) == [second.public_id]
    with transaction.unit():
        topics.move(apart.id, db.session.get_one(Community, group.id), None, **acting)
    assert (found("bilby", member), found("apart", of_group)) == ([], [second.public_id])
