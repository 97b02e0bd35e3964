"""Letters of communities: who is told of a post at once, what a digest says, and what is told no more."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from tests.mail import MailServer
from tests.making import Maker
from webapp import outbox, tokens, transaction
from webapp.extensions import db
from webapp.models.accounts import Person, Role, ThingKind
from webapp.models.communities import Community, MailPace, Participation
from webapp.models.community_letters import DigestRun, PostTelling
from webapp.models.mailings import Lane, Letter, LetterState, MailKind
from webapp.models.memberships import Membership
from webapp.models.topics import Follow, Post, PostMention, PostState, SameQuestion, Topic, TopicReading
from webapp.queries import community_letters as queries
from webapp.services import community_letters, preferences
from webapp.services.topics.telling import tell_accepted

MORNING = datetime(2027, 5, 11, 6, 0, tzinfo=UTC)  # seven in summer time, the day after NOW


class World:
    """A private community of a programme, with members whose letters come as they say."""

    def __init__(self, app: Flask, make: Maker) -> None:
        self.app, self.make = app, make
        self.programme = make.programme()
        self.community = make.community("Wave 1", programme_id=self.programme.id)
        self.writer = self.member("Ann Writer", MailPace.NONE)

    def member(self, name: str, pace: MailPace | None = MailPace.DAILY, community: Community | None = None) -> Person:
        person = self.make.person(name)
        self.make.member(person, programme_id=self.programme.id)
        if pace is not None:
            self.takes_part(person, pace, community)
        return person

    def takes_part(self, person: Person, pace: MailPace, community: Community | None = None, **more: object) -> None:
        values = {"joined_at": self.make.now, "read_until": self.make.now, "told_until": self.make.now}
        community = community or self.community
        row = Participation(community_id=community.id, person_id=person.id, pace=pace, **(values | more))
        self.make._kept(row)

    def set(self, kind: type, where: object, **values: object) -> None:
        with self.app.app_context(), transaction.unit():
            db.session.execute(update(kind).where(where).values(**values))

    def keep(self, *rows: object) -> None:
        with self.app.app_context(), transaction.unit():
            for row in rows:
                db.session.merge(row)

    def post(self, title: str = "Family hubs", body: str = "What do you do?", **where: object) -> Post:
        return self.make.topic(where.pop("community", self.community), self.writer, body, title=title, **where)

    def tell(self, after: timedelta = timedelta(minutes=1)) -> list[tuple[str, str]]:
        with self.app.app_context():
            community_letters.tell_followers(lambda: self.make.now + after)
        return self.letters()

    def digests(self, at: datetime = MORNING, **more: object) -> int:
        with self.app.app_context():
            return community_letters.make_due(lambda: at, **more)

    def letters(self) -> list[tuple[str, str]]:
        with self.app.app_context():
            rows = db.session.execute(select(Letter.notice, Letter.recipient_name).order_by(Letter.id))
            return [(notice, name) for notice, name in rows]

    def facts(self) -> dict[str, list]:
        with self.app.app_context():
            rows = db.session.execute(select(Letter.recipient_name, Letter.facts).order_by(Letter.id))
            return {name: facts["news"] for name, facts in rows}

    def sent(self, at: datetime, lanes: tuple[Lane, ...] = (Lane.MAILING, Lane.ORDINARY)) -> dict[str, str]:
        """What each recipient reads of what is sent now."""
        with MailServer() as server, self.app.app_context():
            settings = self.app.config["SETTINGS"].model_copy(update=server.settings)
            for lane in lanes:
                outbox.deliver(lane, "worker", settings, lambda: at)
        messages = [message_from_bytes(one.content, policy=policy.default) for one in server.letters]
        self.messages = {str(one["To"]).partition(" <")[0]: one for one in messages}
        said = {to: one.get_body(("plain",)).get_content() for to, one in self.messages.items()}
        return {to: f"{self.messages[to]['Subject']}\n{text}".replace("\r\n", "\n") for to, text in said.items()}

    def states(self) -> dict[str, LetterState]:
        with self.app.app_context():
            rows = db.session.execute(select(Letter.recipient_name, Letter.state))
            return {row.recipient_name: row.state for row in rows}


@pytest.fixture
def world(app: Flask, make: Maker) -> World:
    return World(app, make)


def test_post_is_told_at_once_to_those_who_want_that_and_read_it(world: World) -> None:
    now, make = world.make.now, world.make
    every = world.member("Every Post", MailPace.IMMEDIATE)
    follows, mutes = world.member("Follows It"), world.member("Mutes It", MailPace.IMMEDIATE)
    named, never = world.member("Named Here", None), world.member("Never Named", MailPace.NONE)
    silent = world.member("Silent One", MailPace.IMMEDIATE)
    declined = world.member("Declined All", MailPace.IMMEDIATE)
    left = world.member("Left It", MailPace.IMMEDIATE)
    guest = make.person("Guest There")
    world.takes_part(guest, MailPace.IMMEDIATE)
    moderator = make.person("Moderates It")
    make.grant(moderator, Role.MODERATOR, ThingKind.COMMUNITY, world.community.id)
    world.takes_part(moderator, MailPace.IMMEDIATE)
    world.member("Daily Digest")
    post = world.post()
    topic = {"topic_id": post.topic_id}
    world.keep(
        TopicReading(person_id=follows.id, follow=Follow.FOLLOWS, **topic),
        TopicReading(person_id=mutes.id, follow=Follow.MUTES, **topic),
        *(PostMention(post_id=post.id, person_id=one.id) for one in (named, never, world.writer)),
    )
    world.set(Participation, Participation.person_id == silent.id, mutes=True)
    world.set(Membership, Membership.person_id == left.id, ended_at=now)
    with world.app.app_context(), transaction.unit():
        preferences.decline(declined.id, MailKind.COMMUNITY, now=now)
    assert world.letters() == []

    told = [
        ("post_written", "Every Post"),
        ("post_written", "Follows It"),
        ("post_mention", "Named Here"),
        ("post_written", "Moderates It"),
    ]
    assert world.tell() == told
    assert world.tell() == told
    with world.app.app_context():
        assert list(db.session.scalars(select(PostTelling))) == []
        assert [one.name for one in queries.told_of(db.session.get_one(Post, post.id))] == [name for _, name in told]
        follow = select(TopicReading.follow).where(TopicReading.person_id == world.writer.id)
        assert db.session.scalar(follow) is Follow.FOLLOWS
    assert every.id


def test_post_that_waits_or_was_taken_away_is_told_to_nobody(world: World) -> None:
    held = world.make.community(programme_id=world.programme.id, first_posts_held=1)
    world.member("Every Post", MailPace.IMMEDIATE)
    world.member("Of Held", MailPace.IMMEDIATE, held)
    assert world.post(community=held).number is None
    gone = world.post()
    world.set(Post, Post.id == gone.id, state=PostState.REDACTED, body="")

    assert world.tell() == []
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(PostTelling)) == 0


def test_thousands_of_followers_are_told_some_at_a_time_and_by_the_next_worker(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.services.community_letters.telling.AT_ONCE", 2)
    names = [f"Person {number}" for number in range(5)]
    for name in names:
        world.member(name, MailPace.IMMEDIATE)
    world.post()
    rounds = iter([False, True])
    with world.app.app_context():
        community_letters.tell_followers(lambda: world.make.now, stopping=lambda: next(rounds))
    # The writer follows the topic, and is looked at with the first, but not told.
    assert [name for _, name in world.letters()] == names[:1]
    assert [name for _, name in world.tell()] == names


def test_letter_of_a_post_says_it_as_it_stands_when_it_is_sent(world: World) -> None:
    now = world.make.now
    for name in ("Kept One", "Left Since", "Stopped Since", "Other Post"):
        world.member(name, MailPace.IMMEDIATE)
    post = world.post(body="First words")
    world.tell()
    world.set(Post, Post.id == post.id, body="**Second** words", version=2)
    world.set(Membership, Membership.person_id == _id(world, "Left Since"), ended_at=now)
    with world.app.app_context(), transaction.unit():
        community_letters.stop(_id(world, "Stopped Since"), [world.community.id], now=now)

    said = world.sent(now + timedelta(minutes=2))
    assert sorted(said) == ["Kept One", "Other Post"]
    assert "Ann Writer wrote in “Family hubs”, in Wave 1:" in said["Kept One"]
    assert "> Second words\n" in said["Kept One"]
    assert f"https://waymark.example.org/posts/{post.public_id}\n" in said["Kept One"]
    assert world.states() == {
        "Kept One": LetterState.SENT,
        "Other Post": LetterState.SENT,
        "Left Since": LetterState.CANCELLED,
        "Stopped Since": LetterState.CANCELLED,
    }
    with world.app.app_context():
        # Of what was sent no copy stays behind, or it would be there after the post was taken away.
        assert set(db.session.scalars(select(Letter.message))) == {None}


@pytest.mark.parametrize("state", [PostState.REDACTED, PostState.DELETED, PostState.WAITING])
def test_letter_whose_post_is_gone_is_cancelled_also_after_a_try(world: World, state: PostState) -> None:
    now = world.make.now
    world.member("Every Post", MailPace.IMMEDIATE)
    post = world.post(body="About a child")
    world.tell()
    with MailServer() as server, world.app.app_context():
        server.script.append("451 Later")
        settings = world.app.config["SETTINGS"].model_copy(update=server.settings)
        outbox.deliver(Lane.MAILING, "worker", settings, lambda: now + timedelta(minutes=2))
    world.set(Post, Post.id == post.id, state=state)

    assert world.sent(now + timedelta(hours=1)) == {}
    assert world.states() == {"Every Post": LetterState.CANCELLED}


def test_letter_names_its_list_and_stops_by_one_press(world: World) -> None:
    world.member("Every Post", MailPace.IMMEDIATE)
    world.post()
    world.tell()
    world.sent(world.make.now + timedelta(minutes=2))
    message = world.messages["Every Post"]
    host = "waymark.example.org"
    assert message["List-Id"] == f'"Wave 1" <{world.community.public_id}.communities.{host}>'
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert str(message["From"]).startswith("Wave 1 <")
    token = str(message["List-Unsubscribe"]).strip("<>").rpartition("/")[2]
    with world.app.app_context():
        found = queries.get_unsubscribing(token)
        assert (found.communities, found.is_stopped) == ({world.community.id: "Wave 1"}, False)
        assert tokens.public_id(token) is not None


def test_community_without_content_in_letters_tells_that_and_not_what(world: World) -> None:
    world.set(Community, Community.id == world.community.id, mail_without_content=True)
    world.member("Every Post", MailPace.IMMEDIATE)
    world.member("Each Day")
    world.set(Participation, Participation.id > 0, told_until=world.make.now - timedelta(hours=1))
    world.post(body="Secret words")
    world.tell()
    world.digests()
    said = world.sent(MORNING)
    assert sorted(said) == ["Each Day", "Every Post"]
    for one in said.values():
        assert "Wave 1" in one
        assert not any(word in one for word in ("Secret", "hubs", "Writer"))


def test_accepted_answer_is_told_to_its_writer_and_to_who_has_the_question(world: World) -> None:
    same, bob = world.member("Same Question"), world.member("Bob Answers")
    question = world.post()
    answer = world.make.post(question.topic_id, world.community, bob)
    world.keep(SameQuestion(topic_id=question.topic_id, person_id=same.id))
    with world.app.app_context(), transaction.unit():
        topic, post = db.session.get_one(Topic, question.topic_id), db.session.get_one(Post, answer.id)
        assert tell_accepted(post, topic, by_id=world.writer.id, now=world.make.now) == 2
    said = world.sent(world.make.now, (Lane.ORDINARY,))
    assert sorted(said) == ["Bob Answers", "Same Question"]
    assert "Your answer was accepted" in said["Bob Answers"]
    assert "A question that you have was answered" in said["Same Question"]


def test_worker_tells_followers_when_it_is_woken_by_the_post(world: World) -> None:
    world.member("Every Post", MailPace.IMMEDIATE)
    world.post()
    with world.app.app_context():
        assert outbox.take_posted_lanes() == set()
    # No mail server is there, so the letter waits.
    world.app.extensions["wake"][Lane.MAILING].call_local()
    assert world.states() == {"Every Post": LetterState.WAITING}


# ---------------------------------------------------------------- digests


def test_digest_tells_what_is_new_and_not_what_is_own_read_or_muted(world: World) -> None:
    make = world.make
    plain, reads, mutes = world.member("Plain One"), world.member("Reads All"), world.member("Mutes One")
    part = world.member("Reads Part")
    silent = world.member("Silent One")
    world.member("Weekly One", MailPace.WEEKLY)
    first = world.post("First")
    second = world.post("Second")
    more = make.post(first.topic_id, world.community, plain, "Answered by Plain")
    world.keep(
        TopicReading(person_id=reads.id, topic_id=first.topic_id, number=2),
        TopicReading(person_id=reads.id, topic_id=second.topic_id, number=1),
        TopicReading(person_id=part.id, topic_id=first.topic_id, number=1),
        TopicReading(person_id=mutes.id, topic_id=first.topic_id, follow=Follow.MUTES),
    )
    world.set(Participation, Participation.person_id == silent.id, mutes=True)
    before = make.now - timedelta(hours=1)
    world.set(Participation, Participation.id > 0, told_until=before)

    # NOW is a Monday at ten, so a weekly digest is due on the next Monday.
    assert world.digests() == 3
    told = {
        name: [(topic["posts"], topic["count"]) for topic in news[0]["topics"]] for name, news in world.facts().items()
    }
    assert told == {
        "Plain One": [([second.id], 1)],
        "Mutes One": [([second.id], 1)],
        "Reads Part": [([more.id], 1), ([second.id], 1)],
    }
    assert world.digests() == 0
    assert world.digests(MORNING + timedelta(days=1)) == 0
    assert world.digests(MORNING + timedelta(days=6)) == 1
    assert world.letters()[-1] == ("communities_digest", "Weekly One")


def test_digest_tells_of_all_communities_but_those_left_since(world: World) -> None:
    make = world.make
    both = make.community("Strand A & B", programme_id=world.programme.id)
    wave = make.wave(programme_id=world.programme.id)
    other = make.community("Other wave", programme_id=world.programme.id, wave_id=wave.id)
    person = world.member("Reads Both")
    gone = make.person("Left All")
    for where in (both, other):
        world.takes_part(person, MailPace.DAILY, where)
    world.takes_part(gone, MailPace.DAILY)
    world.set(Participation, Participation.id > 0, told_until=make.now - timedelta(hours=1))
    for where in (world.community, both, other):
        world.post(f"In {where.name}", community=where)

    assert world.digests() == 1
    said = world.sent(MORNING)["Reads Both"]
    assert "2 new posts in 2 communities" in said
    assert "In Wave 1" in said
    assert "In Strand A & B" in said
    assert "Other wave" not in said
    assert world.messages["Reads Both"]["List-Id"] == "Communities <digest.communities.waymark.example.org>"


def test_redacted_post_leaves_digests_on_their_way_and_an_empty_one_is_not_sent(world: World) -> None:
    world.member("Each Day")
    world.set(Participation, Participation.id > 0, told_until=world.make.now - timedelta(hours=1))
    first, second = world.post("First", "Of a child"), world.post("Second", "Kept words")
    world.digests()
    world.set(Post, Post.id == first.id, state=PostState.REDACTED, body="")
    said = world.sent(MORNING)["Each Day"]
    assert "1 new post in Wave 1" in said
    assert "Kept words" in said
    assert "First" not in said
    with world.app.app_context():
        assert [one.name for one in queries.told_of(db.session.get_one(Post, first.id))] == ["Each Day"]
        world_late = db.session.get_one(Post, second.id)
        assert world_late.is_published

    world.set(Participation, Participation.id > 0, told_until=world.make.now - timedelta(hours=1))
    world.digests(MORNING + timedelta(days=1))
    world.set(Post, Post.id == second.id, state=PostState.DELETED)
    assert world.sent(MORNING + timedelta(days=1)) == {}


def test_digests_go_on_where_a_worker_died_and_nobody_gets_two(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.services.community_letters.digests.AT_ONCE", 2)
    names = [f"Person {number}" for number in range(5)]
    for name in names:
        world.member(name)
    world.set(Participation, Participation.id > 0, told_until=world.make.now - timedelta(hours=1))
    world.post()
    rounds = iter([False, True])
    assert world.digests(stopping=lambda: next(rounds)) == 2
    posting, calls = outbox.post_rows, []

    def dies_once(rows: list[dict[str, object]]) -> int:
        calls.append(posting(rows))
        if len(calls) == 1:
            raise RuntimeError("killed")
        return calls[-1]

    monkeypatch.setattr(outbox, "post_rows", dies_once)
    with pytest.raises(RuntimeError):
        world.digests()
    assert len(world.letters()) == 2
    assert world.digests() == 3
    assert [name for _, name in world.letters()] == names
    assert world.digests() == 0
    with world.app.app_context():
        run = db.session.scalars(select(DigestRun)).one()
        assert (run.due_at, run.letters, run.finished_at) == (MORNING, 5, MORNING)


def test_digest_begins_with_what_comes_after_letters_were_wanted(world: World) -> None:
    now = world.make.now
    person = world.member("Changes It", MailPace.NONE)
    world.set(Participation, Participation.id > 0, told_until=now - timedelta(days=90))
    world.post()
    with world.app.app_context(), transaction.unit():
        community = db.session.get_one(Community, world.community.id)
        community_letters.set_pace(community, MailPace.DAILY, person_id=person.id, name=person.name, now=now)
    assert world.digests() == 0


@pytest.mark.memory
@pytest.mark.parametrize(
    ("now", "morning", "week"),
    [
        ("2027-05-10T05:59", "2027-05-09T06:00", "2027-05-03T06:00"),
        ("2027-05-10T06:00", "2027-05-10T06:00", "2027-05-10T06:00"),
        # On this Sunday summer time begins, and on the other it ends.
        ("2027-03-28T06:30", "2027-03-28T06:00", "2027-03-22T07:00"),
        ("2027-03-28T05:30", "2027-03-27T07:00", "2027-03-22T07:00"),
        ("2027-10-31T06:30", "2027-10-30T06:00", "2027-10-25T06:00"),
        ("2027-10-31T07:00", "2027-10-31T07:00", "2027-10-25T06:00"),
    ],
)
def test_digests_are_due_at_seven_by_the_clock_of_the_country(now: str, morning: str, week: str) -> None:
    found = community_letters.last_morning(datetime.fromisoformat(f"{now}+00:00"))
    assert found.strftime("%Y-%m-%dT%H:%M%z") == f"{morning}+0000"
    assert community_letters.last_week(found).strftime("%Y-%m-%dT%H:%M%z") == f"{week}+0000"


def _id(world: World, name: str) -> int:
    with world.app.app_context():
        return db.session.scalars(select(Person.id).where(Person.name == name)).one()
