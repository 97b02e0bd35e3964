"""Communities and their topics as readers, writers and strangers find them."""

import pytest

from webapp.models.communities import Openness


@pytest.fixture
def community(make):
    return make.community("Learning from wave one")


@pytest.fixture
def member(make, community):
    person = make.person("Mia Member")
    make.member(person, programme_id=community.programme_id)
    return person


def at(community, topic=None, more=""):
    address = f"/communities/{community.slug}-{community.public_id}"
    return address + (f"/topics/{topic.slug}-{topic.public_id}" if topic else "") + more


def test_member_begins_a_topic_and_another_answers(browser, make, community, member):
    browser.sign_in(make.signed_in(member))
    page = browser.get(browser.get("/communities").link("Learning from wave one"))
    assert "Nobody has begun a topic yet" in page.text

    page = browser.get(page.link("Begin a topic"))
    page = browser.send(page.form().fill(title="Who comes first?", kind="question", body="How do you **begin** then?"))
    assert (page.heading, "How do you begin then?" in page.text) == ("Who comes first?", True)

    page = browser.send(page.form("/reply").fill(body="With a visit."))
    assert "With a visit." in page.text
    listed = browser.get(at(community))
    assert "1 answer" in listed.text
    assert browser.get(listed.link("Who comes first?")).status == 200


def test_private_community_is_nowhere_for_a_stranger(browser, make, community, member):
    post = make.topic(community, member)
    public = make.community("For all", openness=Openness.PUBLIC)
    said = make.topic(public, make.person("Ann Lee"), body="Read me.")
    for who in (None, make.person()):
        if who:
            browser.sign_in(make.signed_in(who))
        assert browser.get(at(community)).status == 404
        assert browser.get(f"/posts/{post.public_id}").status == 404
        assert "Learning from wave one" not in browser.get("/communities").text
        page = browser.get(f"/posts/{said.public_id}")
        assert ("Read me." in page.text, "Answer" in page.text) == (True, False)
