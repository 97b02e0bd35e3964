"""What is new to a reader of communities, what stands beside a topic, and what leads there from elsewhere."""

from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import select

from tests.counting import statements
from webapp import transaction
from webapp.extensions import db
from webapp.models.communities import Openness
from webapp.models.topics import Post, PostState, Topic, TopicReading

ATOM = "{http://www.w3.org/2005/Atom}"
# The only theme and the only person that there are, by their ids.
THEME = READER = 1


@pytest.fixture
def community(make):
    programme = make.programme("Families", themes=["Family help"])
    return make.community("Learning from wave one", programme_id=programme.id)


@pytest.fixture
def reader(make, browser, community):
    """A member, signed in, who joined before anything was written."""
    person = make.person("Mia Member", "mia@example.org")
    membership = make.member(person, programme_id=community.programme_id)
    with make.app.app_context(), transaction.unit():
        db.session.get_one(type(membership), membership.id).joined_at = make.now.replace(year=make.now.year - 1)
    return browser.sign_in(make.signed_in(person))


def at(community, more=""):
    return f"/communities/{community.slug}-{community.public_id}{more}"


def of(app, topic_id, community, more=""):
    with app.app_context():
        topic = db.session.get_one(Topic, topic_id)
        return at(community, f"/topics/{topic.slug}-{topic.public_id}{more}")


def work(app):
    """Do what pages noted, and give how many notes there were."""
    queue, number = app.extensions["jobs"]["notes"], 0
    while task := queue.dequeue():
        queue.execute(task)
        number += 1
    return number


def read_up_to(app):
    with app.app_context():
        rows = db.session.scalars(select(TopicReading).where(TopicReading.person_id == READER))
        return {row.topic_id: row.number for row in rows}


def test_reader_is_led_to_what_is_new_and_pages_are_noted_as_they_are_read(app, make, reader, community):
    app.extensions["jobs"]["notes"].flush()
    first = make.topic(community, title="First visits")
    make.topic(community, title="Early help")
    page = reader.get("/communities")
    assert "2 topics with something new" in page.text
    page = reader.get(at(community))
    assert page.text.count("New topic") == 2
    assert reader.get(page.link("New topic in First visits")).heading == "First visits"
    # The address leads on to the page of the topic, which notes it once.
    assert (work(app), work(app)) == (1, 0)
    reader.get(of(app, first.topic_id, community))
    assert work(app) == 0

    for number in range(2, 23):
        make.post(first.topic_id, community, body=f"Answer {number}.")
    page = reader.get(at(community))
    assert "21 new posts" in page.text
    page = reader.get(page.link("21 new posts in First visits"))
    assert ("New to you from here" in page.text, "Answer 2." in page.text) == (True, True)
    assert work(app) == 1
    page = reader.get(of(app, first.topic_id, community))
    assert ("Go to the first new post 2 new to you" in page.text, "New to you from here" in page.text) == (True, False)
    assert "Answer 21." in reader.get(page.link("Go to the first new post")).text
    assert work(app) == 1
    assert read_up_to(app) == {first.topic_id: 22}


def test_everything_is_marked_as_read_by_a_button(app, make, reader, community):
    make.topic(community, title="First visits")
    page = reader.get(at(community, "/unread"))
    assert "First visits New topic" in page.text
    page = reader.send(page.form("/read"))
    assert "Everything here is marked as read." in page.text
    assert "You have read everything here" in reader.get(at(community, "/unread")).text
    assert "with something new" not in reader.get("/communities").text


def test_note_of_somebody_or_a_topic_that_is_gone_is_let_go(app, make, community):
    app.extensions["jobs"]["notes"].flush()
    topic_id = make.topic(community).topic_id
    for person_id, its in ((999, topic_id), (1, 999)):
        app.extensions["note"]["read"](person_id, its, 1)
    assert work(app) == 2
    with app.app_context():
        assert db.session.scalars(select(TopicReading).where(TopicReading.topic_id == 999)).all() == []


def test_page_that_is_fetched_ahead_notes_nothing(app, make, reader, community):
    app.extensions["jobs"]["notes"].flush()
    post = make.topic(community)
    reader.get(of(app, post.topic_id, community), headers={"Sec-Purpose": "prefetch;prerender"})
    assert work(app) == 0


def test_feed_holds_what_is_public_and_nothing_that_is_not(app, make, browser, community, now):
    public = make.community("For all", openness=Openness.PUBLIC, programme_id=community.programme_id)
    make.topic(community, title="Among us", body="Nobody else.")
    first = make.topic(public, make.person("Ann Lee"), title="A < B & C", body="Read **me**.")
    second = make.post(first.topic_id, public, body="And <script>me</script>.")
    for who in (community, make.community("Of members", openness=Openness.PROGRAMME)):
        assert browser.get(at(who, "/feed.atom")).status == 404
    answer = browser.get(browser.get(at(public)).link("Follow as a feed"))
    feed = ET.fromstring(answer.body)
    assert [one.findtext(f"{ATOM}title") for one in feed.iter(f"{ATOM}entry")] == ["A < B & C", "A < B & C"]
    assert [one.findtext(f"{ATOM}summary") for one in feed.iter(f"{ATOM}entry")][1] == "Read me."
    assert feed.findtext(f"{ATOM}entry/{ATOM}author/{ATOM}name") is not None
    with app.app_context(), transaction.unit():
        db.session.get_one(Post, second.id).state = PostState.REDACTED
    left = ET.fromstring(browser.get(at(public, "/feed.atom")).body)
    assert [one.findtext(f"{ATOM}summary") for one in left.iter(f"{ATOM}entry")] == ["Read me."]


def test_beside_a_topic_stand_others_like_it_that_one_reads_and_what_was_said_on_its_strand(
    app, make, reader, community
):
    hidden = make.community("Elsewhere")
    topic = make.topic(community, title="Beginning a family meeting", theme_id=THEME)
    make.topic(community, title="Chairing a family meeting", theme_id=THEME)
    make.topic(community, title="Something else", theme_id=THEME)
    make.topic(hidden, title="Secret family meeting", theme_id=THEME)
    page = reader.get(of(app, topic.topic_id, community))
    assert "Topics like this one Chairing a family meeting Something else" in page.text
    assert "Secret" not in page.text


def test_what_was_said_is_quoted_in_a_topic_and_in_a_new_one(app, make, reader, community):
    event = make.event("Shore day")
    session = make.session(event, "At low tide")
    make.transcript(session, "Ann Lee: Mind the *gap*.", published=True)
    topic = make.topic(community, title="First visits")
    with app.app_context(), transaction.unit():
        db.session.add(TopicReading(person_id=READER, topic_id=topic.topic_id, number=1))
    page = reader.get(f"/events/{event.slug}-{event.public_id}/sessions/{session.slug}-{session.public_id}/transcript")
    page = reader.get(reader.get(page.link("Quote what Ann Lee says")).link("Quote it in a community"))
    assert (page.heading, "Mind the *gap*." in page.text) == ("Quote this in a community", True)
    for link in ("First visits", "Begin a topic in Learning from wave one"):
        form = reader.get(page.link(link)).form()
        body = form.values["body"][0]
        assert "> Mind the \\*gap\\*." in body
        assert "[Ann Lee, in “At low tide”](/events/" in body
    assert reader.get("/communities/quote?turn=bbbbbbbbbbbb").status == 404


def test_topic_page_asks_as_much_with_one_post_as_with_twenty(app, make, reader, community):
    topic = make.topic(community, title="First visits of families", theme_id=THEME)
    make.topic(community, title="First visits", theme_id=THEME)
    address = of(app, topic.topic_id, community)

    def cost():
        reader.get(address)
        with statements(app) as asked:
            page = reader.get(address)
        # PostgreSQL is told first that a search needs a plan of its own.
        return page.body.count("<article"), len([one for one in asked if "set_config" not in one])

    one = cost()
    for _ in range(19):
        make.post(topic.topic_id, community)
    many = cost()
    assert (one[0], many[0]) == (1, 20)
    assert one[1] == many[1] <= 12
