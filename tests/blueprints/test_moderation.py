"""Reporting posts, what is told to who is worried about a child, and how moderators decide."""

import pytest
from sqlalchemy import select

from tests.browsing import Browser, text_of
from tests.counting import statements
from webapp import transaction
from webapp.extensions import db
from webapp.formats import posts
from webapp.models.accounts import Actor, ActorKind, Role, ThingKind
from webapp.models.communities import Openness
from webapp.models.mailings import Letter
from webapp.models.moderation import ModerationCase, PostReport
from webapp.models.topics import PostState, Topic
from webapp.queries.moderation import lock_with_topic
from webapp.services.topics import Words, edit, mark_read
from webapp.services.topics.withholding import take_down


@pytest.fixture
def community(make):
    return make.community("Family help", openness=Openness.PUBLIC, child_lead_email="lead@example.org")


@pytest.fixture
def member(make, community):
    person = make.person("Mia Member")
    make.member(person, programme_id=community.programme_id)
    return person


@pytest.fixture
def moderator(make, community):
    person = make.person("Mo Derator")
    make.grant(person, Role.MODERATOR, ThingKind.COMMUNITY, community.id)
    return person


@pytest.fixture
def post(make, community):
    return make.topic(community, make.person("Wyn Writer"), "Purple words.", title="Orange title")


def at(community, more=""):
    return f"/communities/{community.slug}-{community.public_id}/moderation{more}"


def reported(browser, post, reason, words=""):
    page = browser.get(f"/posts/{post.public_id}/report")
    return browser.send(page.form("/report").fill(reason=reason, words=words))


def deciding(page):
    (form,) = [one for one in page.forms() if "post_version" in one.values]
    return form


def letters(app):
    with app.app_context():
        return [one.notice for one in db.session.scalars(select(Letter).order_by(Letter.id))]


def test_who_is_worried_about_a_child_is_told_what_to_do_and_the_post_is_nowhere(
    app, browser, make, community, member, post
):
    reply, refused = make.post(post.topic_id, community), make.topic(community, title="Green title")
    with app.app_context(), transaction.unit():
        take_down(*lock_with_topic(refused.id), PostState.REFUSED, now=make.now)
    browser.sign_in(make.signed_in(member))
    topic = browser.get(f"/posts/{post.public_id}").address
    page = reported(browser, post, "child", "Tom, aged 7, lives at 12 Acacia Avenue.")
    assert page.heading == "Thank you. Now tell somebody who can act"
    for told in ("call 999", "children’s services at the council", "your organisation’s safeguarding procedures"):
        assert told in page.text
    assert letters(app) == ["child_concern"]
    with app.app_context():
        assert "Acacia" not in db.session.scalars(select(PostReport.words)).one()

    for who in (member, make.person(), None):
        if who:
            browser.sign_in(make.signed_in(who))
        else:
            browser = Browser(app)
        assert browser.get(topic).status == 404
        for gone in (reply, refused):
            # Not even an address, which would tell the title.
            assert browser.get(f"/posts/{gone.public_id}", follow=False).status == 404
        listed = browser.get(f"/communities/{community.slug}-{community.public_id}")
        assert ("Orange" in listed.text, "Orange" in browser.get("/communities").text) == (False, False)


def test_who_reports_is_told_what_becomes_of_the_post_by_who_they_are(browser, make, community, member, post):
    page = browser.get(f"/posts/{post.public_id}")
    assert page.link("Report the post by Wyn Writer, number 1") == "#report"
    (section,) = [text_of(one) for one in page.all("section") if one.get("aria-labelledby") == "report"]
    assert "If a child is in danger now, call 999 first" in section
    assert "Sign in, then press “Report” under the post. If you cannot sign in, write to" in section
    hides = "nobody else can read the post from that moment on"
    for who, withholds in ((make.person(), False), (member, True)):
        browser.sign_in(make.signed_in(who))
        page = browser.get(f"/posts/{post.public_id}/report")
        assert (hides in page.text, "the post can still be read until they have looked" in page.text) == (
            withholds,
            not withholds,
        )
        page = browser.send(page.form("/report").fill(reason="child"))
        assert ("can still be read until" in page.text) is not withholds
        assert ("Nobody but moderators and its writer can read the post" in page.text) is withholds


def test_withheld_answer_stands_there_without_its_words_for_all_but_writer_and_moderators(
    browser, make, community, member, moderator, post
):
    writer = make.person("Ann Swer")
    answer = make.post(post.topic_id, community, writer, "Green words.")
    browser.sign_in(make.signed_in(member))
    reported(browser, answer, "child")
    for who, sees in ((member, False), (make.person(), False), (writer, True), (moderator, True)):
        browser.sign_in(make.signed_in(who))
        page = browser.get(f"/posts/{answer.public_id}")
        assert ("Green words" in page.text, "Purple words" in page.text) == (sees, True)
        assert ("A moderator is looking at this post" in page.text) is not sees
    page = browser.get(f"/posts/{answer.public_id}/moderate")
    assert ("What do you tell its writer?" in page.text, "None" in page.text) == (True, False)


def test_versions_that_quoted_a_withheld_post_are_for_moderators_until_it_is_read_again(
    app, browser, make, community, member, moderator, post
):
    writer = make.person("Ann Swer")
    quote = posts.quotation(post.body, said_by="Ann", address=f"/posts/{post.public_id}")
    answer = make.topic(community, writer, f"{quote}\n\nGreen words.")
    for version, body in ((1, "Yellow words."), (2, "Red words.")):
        with app.app_context(), transaction.unit():
            acting = {"actor": Actor(ActorKind.PERSON, writer.id), "now": make.now}
            edit(answer.id, Words(body=body), topic_id=answer.topic_id, version=version, **acting)
    browser.sign_in(make.signed_in(member))
    (link,) = browser.get(f"/posts/{answer.public_id}").all("a", class_="wm-post__edited")
    address = link.get("href")
    seen = {"before": "Purple" in browser.get(address).text}
    reported(browser, post, "child")
    for name, who in (("member", member), ("moderator", moderator)):
        browser.sign_in(make.signed_in(who))
        page = browser.get(address)
        assert ("Yellow" in page.text, "Red" in page.text) == (True, True)
        seen[name] = "Purple" in page.text
    assert seen == {"before": True, "member": False, "moderator": True}


def test_answer_is_not_quoted_while_its_topic_is_withheld_or_where_others_would_read_it(
    browser, make, community, member, post
):
    answer = make.post(post.topic_id, community, body="Green words.")
    private = make.community(programme_id=community.programme_id)
    within = make.topic(private, body="Blue words.")

    def begun(there, quoted):
        address = f"/communities/{there.slug}-{there.public_id}/topics/new?quote={quoted.public_id}"
        return [one in browser.get(address).text for one in ("Green words", "Blue words")]

    browser.sign_in(make.signed_in(member))
    assert [begun(private, within), begun(private, answer), begun(community, within)] == [
        [False, True],
        [True, False],
        [False, False],
    ]
    reported(browser, post, "child")
    assert begun(private, answer) == [False, False]


def test_moderator_sees_what_waits_first_a_child_takes_it_and_redacts_it(
    app, browser, make, community, member, moderator, post
):
    other = make.topic(community, body="Blue words.")
    browser.sign_in(make.signed_in(member))
    reported(browser, other, "unkind", "It is rude.")
    reported(browser, post, "child")
    browser.sign_in(make.signed_in(moderator))
    with app.app_context(), transaction.unit():
        mark_read(member.id, post.topic_id, 1)
    page = browser.get(at(community))
    assert "Somebody is worried about a child. It stands first: open it and say that you have seen it" in page.text
    assert "written by Wyn Writer" in page.text
    assert page.text.index("Wyn Writer") < page.text.index("It is unkind")
    assert "Nobody has seen it for less than a minute" in page.text

    (link,) = [
        one for one in page.all("a") if text_of(one).startswith("Somebody is worried about a child: written by Wyn")
    ]
    page = browser.get(link.get("href"))
    assert "Purple words" in page.text
    assert (page.heading, page.text.count("Somebody is worried about a child")) == (
        "Somebody is worried about a child",
        # In the heading, and as what its reporter said.
        2,
    )
    page = browser.send(page.form("/acknowledge"))
    assert [text_of(one)[:5] for one in page.all("strong", class_="wm-mod-seen")] == ["Seen "]
    assert "I will look at it" in page.text
    page = browser.send(page.form("/claim"))
    assert "You do, since" in page.text
    page = browser.send(deciding(page).fill(decision="redacted"))
    assert (page.status, "Tell the writer why" in page.text) == (422, True)
    page = browser.send(deciding(page).fill(decision="redacted", with_title="y", told="It names a school."))
    assert "its words are gone" in page.text
    assert "Purple" not in page.text
    assert letters(app) == ["something_waits", "child_concern", "post_redacted"]
    page = browser.get(page.link("Who got it by letter, and who has read as far as it"))
    assert "On the page of the topic (1)" in page.text
    assert "Mia Member (" in page.text
    with app.app_context():
        assert db.session.get_one(Topic, post.topic_id).title == "[Title taken away by a moderator]"


def test_two_moderators_at_once_and_a_post_changed_meanwhile(app, browser, make, community, member, moderator, post):
    second = make.person("Otto Ther")
    make.grant(second, Role.MODERATOR, ThingKind.COMMUNITY, community.id)
    browser.sign_in(make.signed_in(member))
    reported(browser, post, "unkind")
    with app.app_context():
        case = db.session.scalars(select(ModerationCase)).one()
    browser.sign_in(make.signed_in(moderator))
    page = browser.get(at(community, f"/{case.public_id}"))
    there = Browser(app)
    there.sign_in(make.signed_in(second))
    theirs = there.get(at(community, f"/{case.public_id}"))
    there.send(theirs.form("/claim"))
    assert "Take it over from Otto Ther" in browser.get(at(community, f"/{case.public_id}")).text
    page = browser.send(deciding(page).fill(decision="kept"))
    assert (page.status, "Otto Ther is looking at this post" in page.text) == (409, True)
    assert there.send(deciding(theirs).fill(decision="kept")).status == 200
    page = browser.get(at(community, f"/{case.public_id}"))
    assert "Stands by Otto Ther" in page.text


def test_queue_is_nowhere_for_members_and_the_named_lead_sees_what_is_of_children_alone(
    app, browser, make, community, member, post
):
    browser.sign_in(make.signed_in(member))
    for private in (at(community), "/communities/moderation"):
        assert browser.get(private).status == 404
    other = make.topic(community)
    reported(browser, post, "child")
    reported(browser, other, "off_topic")
    with app.app_context():
        rows = db.session.scalars(select(ModerationCase).order_by(ModerationCase.is_child)).all()
        of_other, of_child = (row.public_id for row in rows)
    assert browser.get(at(community, f"/{of_child}")).status == 404
    browser.sign_in(make.signed_in(make.person("Lee Lead", "lead@example.org")))
    assert "Purple words" in browser.get(at(community, f"/{of_child}")).text
    assert browser.get(at(community, f"/{of_other}")).status == 404
    assert "It does not belong here" not in browser.get(at(community)).text
    assert "Wyn Writer" in browser.get("/communities/moderation").text


def test_moderator_comes_from_a_post_to_its_case_and_opens_one_by_saying_why(browser, make, member, moderator, post):
    browser.sign_in(make.signed_in(member))
    assert browser.get(f"/posts/{post.public_id}/moderate").status == 404
    page = browser.get(f"/posts/{post.public_id}")
    assert any(text_of(one).startswith("Report") for one in page.all("a"))
    browser.sign_in(make.signed_in(moderator))
    page = browser.get(f"/posts/{post.public_id}")
    (link,) = [one for one in page.all("a") if text_of(one).startswith("Moderate the post by Wyn Writer")]
    page = browser.get(link.get("href"))
    assert page.heading == "Report a post"
    page = browser.send(page.form("/report").fill(reason="advertising"))
    assert page.heading == "It is advertising"
    assert browser.get(link.get("href")).heading == "It is advertising"


def test_post_that_was_never_published_cannot_be_reported_by_others(browser, make, member):
    held = make.community(openness=Openness.PUBLIC, first_posts_held=1)
    post = make.topic(held)
    browser.sign_in(make.signed_in(member))
    for more in ("/report", "/reported"):
        assert browser.get(f"/posts/{post.public_id}{more}").status == 404


def test_organiser_chooses_moderators_and_others_do_not(app, browser, make, community, moderator):
    address = f"/communities/{community.slug}-{community.public_id}/moderators"
    browser.sign_in(make.signed_in(moderator))
    assert browser.get(address).status == 404
    organiser = make.person()
    make.grant(organiser, Role.ORGANISER, ThingKind.PROGRAMME, community.programme_id)
    browser.sign_in(make.signed_in(organiser))
    assert "Nothing waits for you" in browser.get(browser.get("/communities").link("What waits for moderators")).text
    page = browser.send(browser.get(address).form("/moderators").fill(name="", email="no"))
    assert (page.status, "Enter their full name" in page.text) == (422, True)
    page = browser.send(page.form("/moderators").fill(name="Nia New", email="nia@example.org"))
    assert "Nia New now moderates this community" in page.text
    page = browser.send(page.form(f"/{moderator.public_id}/dismiss"))
    assert ("Mo Derator no longer" in page.text, "Nia New" in page.text) == (True, True)
    assert letters(app) == ["moderator_chosen"]


def test_queue_asks_as_much_for_many_as_for_one(app, browser, make, community, member, moderator):
    browser.sign_in(make.signed_in(member))
    reported(browser, make.topic(community), "unkind")
    watching = Browser(app).sign_in(make.signed_in(moderator))
    watching.get(at(community))
    with statements(app) as of_one:
        watching.get(at(community))
    for _ in range(3):
        reported(browser, make.topic(community), "unkind")
    with statements(app) as of_many:
        assert watching.get(at(community)).text.count("Waits since") == 4
    assert (len(of_one), len(of_many)) == (5, 5)
