"""Following and muting, choosing how often letters come, and the links that stop them, as people press them."""

import pytest
from flask import Flask
from sqlalchemy import select

from webapp import tokens, transaction
from webapp.extensions import db
from webapp.models.communities import MailPace, Participation
from webapp.models.community_letters import STOPPING, stopping
from webapp.models.mailings import Lane, Letter, MailKind
from webapp.models.topics import Follow, TopicReading
from webapp.notices.communities import community_news


@pytest.fixture
def community(make):
    return make.community("Learning from wave one")


@pytest.fixture
def member(make, community):
    person = make.person("Mia Member")
    make.member(person, programme_id=community.programme_id)
    return person


def own(app: Flask, person) -> dict[int, tuple[MailPace, bool]]:
    with app.app_context():
        rows = db.session.scalars(select(Participation).where(Participation.person_id == person.id))
        return {row.community_id: (row.pace, row.mutes) for row in rows}


def test_member_follows_and_mutes_a_topic_by_its_buttons(app, browser, make, community, member):
    post = make.topic(community, title="Family hubs")
    browser.sign_in(make.signed_in(member))

    def follow() -> Follow | None:
        with app.app_context():
            return db.session.scalar(select(TopicReading.follow).where(TopicReading.person_id == member.id))

    page = browser.get(browser.get(f"/posts/{post.public_id}").address)
    assert "You get e-mails about it as about the other topics here" in page.text
    page = browser.send(page.form("/follow").fill(wants="follows"))
    assert ("You follow it: you get an e-mail for each post" in page.text, follow()) == (True, Follow.FOLLOWS)
    page = browser.send(page.form("/follow").fill(wants="mutes"))
    assert ("You muted it: you get no e-mails about it" in page.text, follow()) == (True, Follow.MUTES)
    page = browser.send(page.form("/follow").fill(wants="none"))
    assert ("You get e-mails about it as about the other topics here" in page.text, follow()) == (True, Follow.NONE)
    browser.send(page.form("/follow").fill(wants="follows"))
    page = browser.send(browser.get("/my/letters/communities").form("/follow"), wants="none")
    assert ("You get e-mails about it as about the other topics here" in page.text, follow()) == (True, Follow.NONE)


def test_stranger_neither_follows_nor_gets_letters_of_what_they_cannot_read(app, browser, make, community, member):
    post = make.topic(community)
    at = f"/communities/{community.slug}-{community.public_id}"
    with app.app_context():
        topic = db.session.scalars(select(TopicReading.topic_id)).one()
    assert topic == post.topic_id
    stranger = make.person()
    browser.sign_in(make.signed_in(stranger))
    assert browser.post(f"{at}/letters", {"pace": "immediate"}).status == 404
    assert browser.post(f"{at}/mute", {"mutes": "yes"}).status == 404
    assert own(app, stranger) == {}
    browser.sign_in(make.signed_in(member))
    assert browser.post(f"{at}/letters", {"pace": "hourly"}).status == 404
    assert own(app, member) == {}


def test_member_chooses_how_often_letters_come_in_both_places(app, browser, make, community, member):
    browser.sign_in(make.signed_in(member))
    make.community("Of others")
    page = browser.get("/my/letters/communities")
    assert page.form().values[f"pace-{community.public_id}"] == ["none"]
    assert "Of others" not in page.text
    assert browser.get(page.link("Communities")).heading == "Communities"
    assert "You get none yet" in browser.get(page.link("Open Learning from wave one")).text
    browser.send(page.form())
    assert own(app, member) == {}

    page = browser.get(f"/communities/{community.slug}-{community.public_id}")
    assert "You get none yet" in page.text
    page = browser.send(page.form("/letters").fill(pace="immediate"))
    assert own(app, member) == {community.id: (MailPace.IMMEDIATE, False)}

    page = browser.send(page.form("/mute").fill(mutes="yes"))
    assert "You muted this community" in page.text
    assert own(app, member) == {community.id: (MailPace.IMMEDIATE, True)}

    page = browser.get("/my/letters/communities")
    assert "You muted it: you get no e-mails from it" in page.text
    page = browser.send(page.form().fill(**{f"pace-{community.public_id}": "weekly"}))
    assert "Saved" in page.text
    assert own(app, member) == {community.id: (MailPace.WEEKLY, False)}


def test_letters_of_one_community_or_of_all_in_a_letter_stop_by_one_press(app, browser, make, community, member, now):
    other = make.community("Strand A", programme_id=community.programme_id)
    news = [community_news(one.id, [([1], 1)], 0) for one in (community, other)]
    facts = {"recipient_name": "Mia", "recipient_email": "mia@example.org", "facts": {"news": news}}
    row = Letter(notice="communities_digest", lane=Lane.MAILING, kind=MailKind.COMMUNITY, person_id=member.id, **facts)
    row.next_attempt_at = row.created_at = now
    letter = make._kept(row)
    with app.app_context():
        one, both = (tokens.make(purpose, letter.public_id, "") for purpose in (stopping(other.id), STOPPING))
        forged = tokens.make(stopping(other.id + 1), letter.public_id, "")
    assert browser.get(f"/communities/letters/{forged}").status == 404

    page = browser.get(f"/communities/letters/{one}")
    assert (page.heading, "Strand A" in page.text, own(app, member)) == ("Stop these letters?", True, {})
    # As mail programs press it: without a cookie, twice.
    for _ in range(2):
        pressed = app.test_client().post(f"/communities/letters/{one}", data={"List-Unsubscribe": "One-Click"})
        assert "You get no more of these letters" in pressed.text
    assert own(app, member) == {other.id: (MailPace.NONE, False)}

    page = browser.get(f"/communities/letters/{both}")
    page = browser.send(page.form())
    assert own(app, member) == {one.id: (MailPace.NONE, False) for one in (community, other)}
    page = browser.send(page.form("/undo"))
    assert "once a day" in page.text
    assert own(app, member) == {one.id: (MailPace.DAILY, False) for one in (community, other)}
    with app.app_context(), transaction.unit():
        assert db.session.get_one(Letter, letter.id).state.value == "waiting"
