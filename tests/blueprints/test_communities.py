"""Communities and their topics as readers, writers and strangers find them."""

import io

import pytest

from tests.browsing import text_of
from tests.counting import statements
from tests.uploads import PDF
from webapp import transaction
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Role, ThingKind
from webapp.models.communities import Openness
from webapp.models.topics import Post, PostDraft, Topic
from webapp.queries import topics as queries
from webapp.services import communities, topics


@pytest.fixture
def community(make):
    return make.community("Learning from wave one")


@pytest.fixture
def member(make, community):
    person = make.person("Mia Member")
    make.member(person, programme_id=community.programme_id)
    return person


@pytest.fixture
def other(make, community):
    person = make.person("Otto Other")
    make.member(person, programme_id=community.programme_id)
    return person


def at(community, topic=None, more=""):
    address = f"/communities/{community.slug}-{community.public_id}"
    return address + (f"/topics/{topic.slug}-{topic.public_id}" if topic else "") + more


def rows(app, *kinds):
    with app.app_context():
        return [list(db.session.query(kind).order_by(kind.id)) for kind in kinds]


def test_member_begins_a_topic_and_another_answers(browser, make, community, member):
    browser.sign_in(make.signed_in(member))
    page = browser.get(browser.get("/communities").link("Learning from wave one"))
    assert "Nobody has begun a topic yet" in page.text

    page = browser.get(page.link("Begin a topic"))
    page = browser.send(page.form("/new").fill(title="Who comes first?", kind="question", body="Say **now** then"))
    assert (page.heading, "Say now then" in page.text) == ("Who comes first?", True)

    page = browser.send(page.form("/reply").fill(body="With a visit."))
    assert "With a visit." in page.text
    listed = browser.get(at(community))
    assert "1 answer" in listed.text
    assert browser.get(at(community) + "?kind=discussion").text.count("Who comes first?") == 0
    assert browser.get(listed.link("Who comes first?")).heading == "Who comes first?"


def test_private_community_is_nowhere_for_a_stranger(browser, make, community, member):
    post = make.topic(community, member)
    public = make.community("For all", openness=Openness.PUBLIC)
    said = make.topic(public, make.person("Ann Lee"), body="Read me.")
    for who in (None, make.person()):
        if who:
            browser.sign_in(make.signed_in(who))
        assert browser.get(at(community)).status == 404
        assert browser.get(f"/posts/{post.public_id}").status == 404
        assert browser.get(at(community, more="/rules")).status == 404
        assert "Learning from wave one" not in browser.get("/communities").text
        page = browser.get(f"/posts/{said.public_id}")
        assert ("Read me." in page.text, page.has_link("Quote")) == (True, False)


def test_post_changed_shows_what_it_said_before_and_deleted_says_so(app, browser, make, community, member, other):
    first = make.topic(community, other, title="A plan", body="Begin here.")
    browser.sign_in(make.signed_in(member))
    (topic,) = rows(app, Topic)[0]
    page = browser.send(browser.get(at(community, topic)).form("/reply").fill(body="One word."))

    edit = browser.get(page.link("Change your post 2"))
    again = browser.get(page.link("Change your post 2"))
    page = browser.send(edit.form("/edit").fill(body="Two words."))
    assert ("Two words." in page.text, "One word." in page.text) == (True, False)
    twice = browser.send(again.form("/edit").fill(body="Three."))
    assert (twice.status, twice.errors) == (409, [topics.PostChanged.message])
    history = browser.get(next(one.get("href") for one in page.all("a", class_="wm-post__edited")))
    assert [text_of(one) for one in history.all("del")] == ["struck through", "One", "word."]
    assert browser.get(f"{at(community, topic)}/posts/{first.public_id}/edit").status == 404

    page = browser.send(browser.get(page.link("Delete your post 2")).form("/delete"))
    assert "The person who wrote this deleted it." in page.text
    assert browser.get(history.address).status == 404
    with app.app_context():
        gone = db.session.query(Post).filter_by(number=2).one()
        assert (gone.body, queries.versions_of(gone.id)) == ("", [])
        assert db.session.get_one(Topic, topic.id).posts == 1


def test_topic_whose_only_post_is_deleted_is_out_of_the_list(browser, make, community, member, other):
    make.topic(community, member, title="Never mind")
    browser.sign_in(make.signed_in(member))
    page = browser.get(browser.get(at(community)).link("Never mind"))
    assert "Never mind" in browser.send(browser.get(page.link("Delete your post 1")).form("/delete")).text
    browser.sign_in(make.signed_in(other))
    assert "Never mind" not in browser.get(at(community)).text
    assert browser.get(page.address).status == 404


def test_draft_is_kept_for_its_writer_until_it_is_sent(app, browser, make, community, member, other):
    make.topic(community, other, title="A plan")
    (topic,) = rows(app, Topic)[0]
    browser.sign_in(make.signed_in(member))
    form = browser.get(at(community, topic)).form("/reply").fill(body="Half a thought")
    form.action += "/draft"
    page = browser.send(form)
    assert "Your draft is kept, for you alone." in page.text
    assert page.form("/reply").values["body"] == ["Half a thought"]
    told = browser.post(
        form.action,
        {"csrf_token": form.values["csrf_token"][0], "body": "A whole one"},
        headers={"Accept": "application/json"},
    )
    assert "Draft kept at" in told.response.json["saved"]
    assert "Answer to “A plan”" in browser.get(at(community)).text

    browser.sign_in(make.signed_in(other))
    assert "thought" not in browser.get(at(community, topic)).body
    browser.sign_in(make.signed_in(member))
    page = browser.send(browser.get(at(community, topic)).form("/reply"))
    assert ("A whole one" in page.text, page.form("/reply").values["body"]) == (True, [""])
    assert rows(app, PostDraft) == [[]]


def test_documents_go_with_a_post_and_are_for_its_readers(app, browser, make, community, member):
    browser.sign_in(make.signed_in(member))
    form = browser.get(at(community, more="/topics/new")).form("/new").fill(title="", body="See the paper.")
    form.values["files"] = [(io.BytesIO(PDF), "our_plan.pdf")]
    page = browser.send(form)
    assert (page.status, page.errors) == (422, ["Enter a title"])
    page = browser.send(page.form("/new").fill(title="A paper"))
    fetched = browser.get(page.link("our plan"))
    assert fetched.response.get_data() == PDF
    assert fetched.response.headers["Content-Disposition"] == "attachment; filename=our_plan.pdf"
    fetched.response.close()
    browser.sign_in(make.signed_in(make.person()))
    assert browser.get(fetched.address).status == 404


def test_quotation_leads_back_and_a_mention_has_a_name(app, browser, make, community, member, other):
    first = make.topic(community, other, title="A plan", body="Begin with *tea*.")
    browser.sign_in(make.signed_in(member))
    page = browser.get(f"/posts/{first.public_id}")
    page = browser.get(page.link("Quote what Otto Other wrote as post 1"))
    form = page.form("/reply")
    assert form.values["body"][0].startswith("> Begin with *tea*.")
    page = browser.send(form.fill(body=form.values["body"][0] + "Thank you @otto-other"))
    assert "@Otto Other" in page.text
    # Their name leads to what others see of them, too.
    named = [one.get("href") for one in page.all("a") if text_of(one) == "Otto Other"]
    assert [one for one in named if one.startswith("/posts/")] == [f"/posts/{first.public_id}"]
    with app.app_context():
        reply = db.session.query(Post).filter_by(number=2).one()
        named = queries.names_in(reply.id)
        assert [getattr(one, "person_id", None) or one.quoted_post_id for one in named] == [other.id, first.id]


def test_rules_are_accepted_once_with_a_post_and_again_when_changed(app, browser, make, community, member):
    def rules(body, number):
        with app.app_context(), transaction.unit():
            communities.set_rules(community.id, body, number=number, actor=SYSTEM, now=make.now)

    rules("Be **kind**.", 0)
    browser.sign_in(make.signed_in(member))
    form = browser.get(at(community, more="/topics/new")).form("/new").fill(title="One", body="Hello.")
    page = browser.send(form)
    assert (page.status, page.errors) == (422, ["Read and accept the rules of conduct"])
    opened = page.form("/new").fill(accepts="y")
    page = browser.send(opened)
    assert page.heading == "One"
    assert "accepts" not in page.form("/reply").values

    rules("Be kind and short.", 1)
    page = browser.send(opened.fill(title="Two"))
    assert (page.status, "Be kind and short." in page.text) == (422, True)
    page = browser.get(at(community, more="/rules"))
    assert "The rules changed since you accepted them." in page.text
    page = browser.send(page.form("/accept"))
    assert (
        browser.send(browser.get(page.link("Begin a topic")).form("/new").fill(title="Two", body="x")).heading == "Two"
    )


def test_answer_to_a_topic_closed_meanwhile_keeps_what_was_typed(app, browser, make, community, member, other):
    make.topic(community, other, title="A plan")
    (topic,) = rows(app, Topic)[0]
    browser.sign_in(make.signed_in(member))
    form = browser.get(at(community, topic)).form("/reply").fill(body="Too late")
    with app.app_context(), transaction.unit():
        db.session.get_one(Topic, topic.id).closed_at = make.now
    page = browser.send(form)
    assert (page.status, page.errors) == (409, [topics.TopicClosed.message])
    form = page.form("/reply")
    assert (form.values["body"], "Send the answer" in page.text) == (["Too late"], False)
    assert page.one("a", href="#instead") is not None
    (button,) = [one for one in page.all("button") if text_of(one) == "Begin a new topic with these words"]
    form.action = button.get("formaction", "")
    page = browser.send(form, **{button.get("name", ""): button.get("value", "")})
    assert (page.heading, page.errors) == ("Begin a topic", [])
    assert page.form("/new").values["body"] == ["Too late"]
    assert len(rows(app, Post)[0]) == 1
    assert not [form for form in browser.get(at(community, topic)).forms() if form.action.endswith("/reply")]


def test_member_who_left_and_another_wave_reach_nothing(app, browser, make):
    wave = make.wave()
    mine = make.community("Our wave", wave_id=wave.id, programme_id=wave.programme_id)
    person, elsewhere = make.person(), make.person()
    own = make.member(person, programme_id=wave.programme_id, wave_id=wave.id)
    make.member(elsewhere, programme_id=wave.programme_id, wave_id=make.wave(programme_id=wave.programme_id).id)
    post = make.topic(mine, person, title="Inside")
    (topic,) = rows(app, Topic)[0]
    browser.sign_in(make.signed_in(person))
    form = browser.get(at(mine, topic)).form("/reply").fill(body="Still here?")
    with app.app_context(), transaction.unit():
        db.session.merge(own).ended_at = make.now
    assert browser.send(form).status == 404
    browser.sign_in(make.signed_in(elsewhere))
    for address in (at(mine), at(mine, topic), f"/posts/{post.public_id}", at(mine, topic, "/reply")):
        assert browser.get(address).status == 404, address
    assert [one.body for one in rows(app, Post)[0]] == ["What do you do?"]


def test_reader_is_told_how_to_join_where_only_members_write(app, browser, make, community):
    public = make.community("For all", openness=Openness.PUBLIC, programme_id=community.programme_id)
    make.topic(public, title="Open")
    (topic,) = rows(app, Topic)[0]
    browser.sign_in(make.signed_in(make.person()))
    page = browser.get(at(public, topic, "/reply"))
    assert (page.status, "The lead of your area can invite you" in page.text) == (403, True)
    assert "The lead of your area can invite you" in browser.get(at(public, topic)).text


def test_held_post_is_seen_by_its_writer_and_moderators_alone(app, browser, make, community, member, other):
    held = make.community("Held", first_posts_held=1, programme_id=community.programme_id)
    post = make.topic(held, member, title="My first")
    browser.sign_in(make.signed_in(member))
    assert "A moderator reads this before anybody else does." in browser.get(f"/posts/{post.public_id}").text
    browser.sign_in(make.signed_in(other))
    assert browser.get(f"/posts/{post.public_id}").status == 404
    assert "My first" not in browser.get(at(held)).text
    make.grant(other, Role.MODERATOR, ThingKind.COMMUNITY, held.id)
    browser.sign_in(make.signed_in(other))
    assert "This waits for a moderator" in browser.get(f"/posts/{post.public_id}").text


def test_topic_asks_as_much_for_twenty_posts_as_for_one(app, browser, make, community, member, other):
    first = make.topic(community, other, title="A plan")
    browser.sign_in(make.signed_in(member))
    address = browser.get(f"/posts/{first.public_id}").address
    counts = []
    for more in (0, 24):
        for _ in range(more):
            make.post(first.topic_id, community, other)
        with statements(app) as found:
            page = browser.get(f"{address}?page=1")
        counts.append(len(found))
    assert (counts[0], counts[1]) == (counts[0], counts[0])
    assert counts[0] <= 12
    assert (len(page.all("li", class_="wm-post")), "Page 1 of 2" in page.text) == (20, True)
    with app.app_context():
        last = db.session.query(Post).filter_by(number=25).one().public_id
    assert browser.get(f"/posts/{last}", follow=False).response.location.endswith(f"?page=2#post-{last}")


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<script>alert(1)</script> **bold**", "<script>alert(1)</script> bold"),
        ("a\u202eb\u200bc", "abc"),
        ("[https://gov.uk](https://example.org/login)", "https://gov.uk (example.org)"),
        (">" * 60 + " deep", "deep"),
    ],
)
def test_markup_of_every_kind_does_no_harm(app, browser, make, community, member, body, shown):
    make.topic(community, member, title="A plan")
    (topic,) = rows(app, Topic)[0]
    browser.sign_in(make.signed_in(member))
    page = browser.send(browser.get(at(community, topic)).form("/reply").fill(body=body))
    assert shown in page.text


def test_five_hundred_mentions_and_a_megabyte_are_refused_with_words(app, browser, make, community, member):
    make.topic(community, member, title="A plan")
    (topic,) = rows(app, Topic)[0]
    browser.sign_in(make.signed_in(member))
    form = browser.get(at(community, topic)).form("/reply")
    page = browser.send(form.fill(body=" ".join(f"@person-{number}" for number in range(500))))
    assert (page.status, page.errors) == (422, ["Mention 20 people or fewer: each is written to"])
    page = browser.send(form.fill(body="x" * 30_000))
    assert page.errors == ["An answer must be 20000 characters or fewer; it has 30000"]
    form.values["files"] = [(io.BytesIO(b""), "")]
    page = browser.send(form.fill(body="x" * 1_000_000))
    assert (page.status, page.heading) == (413, "That was too long")
    assert "up to 20,000 characters. Nothing was sent. Go back: your words are still there" in page.text
    assert page.link("Back to the topic") == at(community, topic)
    assert len(rows(app, Post)[0]) == 1


def test_preview_shows_what_will_be_read_and_keeps_the_documents(app, browser, make, community, member):
    make.topic(community, member, title="A plan")
    (topic,) = rows(app, Topic)[0]
    browser.sign_in(make.signed_in(member))
    form = browser.get(at(community, topic)).form("/reply").fill(body="Some *words*", preview="1")
    form.values["files"] = [(io.BytesIO(PDF), "our_plan.pdf")]
    page = browser.send(form)
    assert (page.status, [text_of(one) for one in page.all("em")]) == (200, ["words"])
    assert len(rows(app, Post)[0]) == 1
    assert browser.send(page.form("/reply")).has_link("our plan")
