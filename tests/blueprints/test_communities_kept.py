"""Questions, issues and polls, and topics kept in order by moderators, as members and strangers find them."""

from datetime import timedelta

import pytest

from tests.browsing import text_of
from tests.counting import statements
from webapp.extensions import db
from webapp.models.accounts import Role, ThingKind
from webapp.models.topics import IssueStage, Post, Topic, TopicKind
from webapp.services import topics as services

# The only theme that there is, by its id.
THEME = 1


@pytest.fixture
def community(make):
    programme = make.programme("Families", themes=["Family help"])
    return make.community("Wave one", programme_id=programme.id)


@pytest.fixture
def member(make, community):
    person = make.person("Mia Member", "mia@example.org")
    make.member(person, programme_id=community.programme_id)
    return person


@pytest.fixture
def moderator(make, community):
    person = make.person("Mo Moderator", "mo@example.org")
    make.grant(person, Role.MODERATOR, ThingKind.COMMUNITY, community.id)
    return person


def at(community, topic=None, more=""):
    return f"/communities/{community.slug}-{community.public_id}" + (f"/topics/{topic}" if topic else "") + more


def address(app, post):
    with app.app_context():
        topic = db.session.get_one(Topic, post.topic_id)
        return f"{topic.slug}-{topic.public_id}"


def test_question_is_asked_by_others_too_and_answered(app, browser, make, community, member):
    question = make.topic(community, member, title="Who comes first?", kind=TopicKind.QUESTION)
    answer = make.post(question.topic_id, community, make.person("Ann Lee"), "The family.")
    there = at(community, address(app, question))
    other = make.person("Oda Other")
    make.member(other, programme_id=community.programme_id)
    browser.sign_in(make.signed_in(other))
    page = browser.get(there)
    assert ("Nobody else asks this yet" in page.text, "This answers it" in page.text) == (True, False)
    page = browser.send(page.form("/too"), has="yes")
    assert "1 other has this question too" in page.text
    page = browser.send(page.form("/too"), has="no")
    assert "Nobody else asks this yet" in page.text
    narrowed = browser.get(at(community, more="?kind=question")).link("Only those without an answer")
    unanswered = browser.get(at(community, more=narrowed))
    assert "Who comes first?" in unanswered.text

    browser.sign_in(make.signed_in(member))
    page = browser.send(browser.get(there).form("/accept"), post=answer.public_id)
    assert ("Accepted answer" in page.text, "Go to the accepted answer" in page.text) == (True, True)
    assert "Who comes first?" not in browser.get(at(community, more="?kind=question&answer=none")).text
    page = browser.send(page.form("/accept"), post="")
    assert "Nothing answers it any more" in page.text
    with app.app_context():
        assert db.session.get_one(Post, answer.id).is_published


def test_issue_is_moved_on_and_stands_on_the_board(app, browser, make, community, member, moderator):
    raised = make.topic(community, member, title="No shared record", kind=TopicKind.ISSUE, theme_id=THEME)
    make.topic(community, member, title="Not enough rooms", kind=TopicKind.ISSUE)
    there = at(community, address(app, raised))
    browser.sign_in(make.signed_in(member))
    assert browser.get(there + "/issue").status == 404
    browser.sign_in(make.signed_in(moderator))
    page = browser.get(browser.get(there).link("Move the issue on"))
    past = (make.now - timedelta(days=40)).strftime("%-d %B %Y")
    form = page.form("/issue").fill(stage="looked_at", owner="@nobody-here", due_on=past)
    assert "does not read the community" in browser.send(form.fill(due_on="")).text
    page = browser.send(page.form("/issue").fill(stage="looked_at", owner="@mia-member", due_on=past))
    assert (page.status, page.errors) == (422, [f"{past} is past. Enter another date, or say that you mean it"])
    page = browser.send(page.form("/issue").fill(is_meant="y"))
    assert ("Overdue" in page.text, "Being looked at" in page.text) == (True, True)

    browser.sign_in(make.signed_in(member))
    board = browser.get(browser.get(at(community)).link("Board of emerging issues"))
    assert ("No shared record" in board.text, "Not enough rooms" in board.text) == (True, True)
    assert ("by Mo Moderator" in board.text, "Family help" in board.text) == (True, True)
    late = browser.get(at(community, more="/issues?overdue=yes")).text
    assert ("No shared record" in late, "Not enough rooms" in late) == (True, False)
    bare = browser.get(at(community, more="/issues?theme=none&stage=raised&owner=wrong")).text
    assert ("No shared record" in bare, "Not enough rooms" in bare) == (False, True)
    # Who answers for it moves it on, and hands it to nobody.
    page = browser.get(browser.get(there).link("Move the issue on"))
    assert "Who answers for it (optional)" not in page.text
    page = browser.send(page.form("/issue").fill(stage="answered"))
    with app.app_context():
        topic = db.session.get_one(Topic, raised.topic_id)
        assert (topic.stage, topic.owner_id) == (IssueStage.ANSWERED, member.id)
    browser.sign_in(make.signed_in(make.person("Stranger")))
    assert browser.get(at(community, more="/issues")).status == 404


def test_board_asks_no_more_for_many_issues_than_for_one(app, browser, make, community, member):
    make.topic(community, member, kind=TopicKind.ISSUE)
    browser.sign_in(make.signed_in(member))
    with statements(app) as one:
        browser.get(at(community, more="/issues"))
    for _ in range(5):
        make.topic(community, member, kind=TopicKind.ISSUE)
    with statements(app) as many:
        browser.get(at(community, more="/issues"))
    assert len(many) == len(one)


def test_poll_is_begun_with_a_topic_and_shows_its_result_to_who_voted(browser, make, community, member):
    browser.sign_in(make.signed_in(member))
    page = browser.get(at(community, more="/topics/new"))
    typed = {"title": "When do we meet?", "body": "Choose.", "kind": "discussion"}
    wrong = browser.send(page.form("/new").fill(**typed, poll_question="When?", poll_choices="Monday"))
    assert (wrong.status, "Enter 2 to 12 choices" in wrong.text) == (422, True)
    page = browser.send(wrong.form("/new").fill(poll_choices="Monday\nFriday\n\n<b>Never</b>"))
    assert ("Select one" in page.text, "Nobody voted yet" in page.text, "<b>Never" in page.body) == (True, True, False)

    form = page.form("/poll/vote")
    page = browser.send(form)
    assert "Select what you vote for" in page.text
    page = browser.send(page.form("/poll/vote").fill(choice=page.all("input", name="choice")[0].get("value")))
    assert ("Your choice" in page.text, "1 person voted" in page.text) == (True, True)

    other = make.person("Oda Other")
    make.member(other, programme_id=community.programme_id)
    browser.sign_in(make.signed_in(other))
    page = browser.get(browser.get(at(community)).link("When do we meet?"))
    assert ("Vote to see the result" in page.text, "1 vote" in page.text) == (True, False)
    browser.sign_in(make.signed_in(member))
    page = browser.send(browser.get(browser.get(at(community)).link("When do we meet?")).form("/poll/close"))
    browser.sign_in(make.signed_in(other))
    page = browser.get(browser.get(at(community)).link("When do we meet?"))
    assert ("1 vote" in page.text, "Your choice" in page.text, "Vote otherwise" in page.text) == (True, False, False)


def test_only_who_began_a_topic_adds_a_poll_and_nothing_in_it_waits(app, browser, make, community, member):
    own, others = make.topic(community, member), make.topic(community)
    browser.sign_in(make.signed_in(member))
    assert browser.get(at(community, address(app, others), "/poll")).status == 404
    page = browser.get(browser.get(at(community, address(app, own))).link("Add a poll"))
    page = browser.send(page.form("/poll").fill(poll_question="Which?", poll_choices="One\nOne", poll_closes_on="32"))
    assert page.errors == ["Two of the choices are the same", "Closing date must be a real date, like 14 June 2027"]
    page = browser.send(page.form("/poll").fill(poll_choices="One\nTwo", poll_most="2", poll_closes_on="1 June 2098"))
    assert ("Select up to 2" in page.text, "Open until" in page.text) == (True, True)


def test_moderator_pins_and_closes_and_nobody_else_does(app, browser, make, community, member, moderator):
    post = make.topic(community, member, title="Old one")
    make.topic(community, member, title="New one")
    there = at(community, address(app, post))
    browser.sign_in(make.signed_in(member))
    page = browser.get(there)
    assert "Look after this topic" not in page.text
    for more in ("/move", "/merge", "/split"):
        assert browser.get(there + more).status == 404
    browser.sign_in(make.signed_in(moderator))
    page = browser.send(browser.send(browser.get(there).form("/pin"), pinned="yes").form("/close"), closed="yes")
    assert ("Pinned" in page.text, "This topic is closed" in page.text) == (True, True)
    listed = browser.get(at(community)).text
    assert listed.index("Old one") < listed.index("New one")
    page = browser.send(browser.send(page.form("/pin"), pinned="no").form("/close"), closed="no")
    assert "This topic is closed" not in page.text


def test_topic_moved_to_a_group_is_read_there_and_no_longer_here(app, browser, make, community, member, moderator):
    post = make.topic(community, member, title="For a few")
    there = at(community, address(app, post))
    group = make.community("Few", programme_id=community.programme_id, is_group=True)
    browser.sign_in(make.signed_in(moderator))
    assert "Few" not in browser.get(there + "/move").text
    make.grant(moderator, Role.MODERATOR, ThingKind.COMMUNITY, group.id)
    browser.sign_in(make.signed_in(moderator))
    page = browser.get(there + "/move")
    stays = browser.send(page.form("/move"))
    assert ("The topic is there already, so nothing was moved" in stays.text, "is moved" in stays.text) == (True, False)
    form = page.form("/move").fill(to=f"{group.public_id}.")
    assert "others read it" in browser.send(form).text
    page = browser.send(page.form("/move").fill(to=f"{group.public_id}.", agreed="y"))
    assert ("For a few" in page.text, "The topic stands in Few now" in page.text) == (True, True)
    # The old address leads those on who read the new one, and nobody else.
    assert browser.get(there).heading == "For a few"
    browser.sign_in(make.signed_in(member))
    for gone in (there, f"/posts/{post.public_id}", there + "/unread"):
        assert browser.get(gone).status == 404
    assert "For a few" not in browser.get(at(community)).text


def test_merged_and_split_topics_lead_on_from_their_addresses(app, browser, make, community, member, moderator):
    old = make.topic(community, member, "Said before", title="Old one")
    new = make.topic(community, member, "Said now", title="New one")
    make.post(new.topic_id, community, member, "**Said** [later](https://example.org)")
    there, into = at(community, address(app, old)), at(community, address(app, new))
    browser.sign_in(make.signed_in(moderator))
    page = browser.get(there + "/merge")
    assert "Select a topic of this community" in browser.send(page.form("/merge")).text
    page = browser.send(page.form("/merge").fill(address="https://waymark.example" + into + "?page=2#x"))
    assert (page.heading, "Said before" in page.text) == ("New one", True)
    browser.sign_in(make.signed_in(member))
    assert browser.get(there).heading == "New one"
    assert browser.get(f"/posts/{old.public_id}").heading == "New one"

    browser.sign_in(make.signed_in(moderator))
    page = browser.get(into + "/split")
    labels = [text_of(one) for one in page.all("label") if one.get("for", "").startswith("posts")]
    assert labels == ["Mia Member: Said later", "Mia Member: Said before"]
    refused = browser.send(page.form("/split").fill(title="Apart"))
    assert (refused.status, "Select the posts" in refused.text) == (422, True)
    page = browser.send(page.form("/split").fill(posts=[old.public_id], title="Apart again"))
    assert (page.heading, "Said before" in page.text) == ("Apart again", True)
    browser.sign_in(make.signed_in(member))
    assert browser.get(f"/posts/{old.public_id}").heading == "Apart again"
    assert "Said before" not in browser.get(into).text


def test_topic_page_asks_for_a_poll_and_an_issue_by_few_statements(app, browser, make, community, member):
    words = services.PollWords(question="Which?", choices=["One", "Two"])
    plain, full = make.topic(community, member), make.topic(community, member, kind=TopicKind.ISSUE, poll=words)
    browser.sign_in(make.signed_in(member))
    counted = []
    for post in (plain, full):
        with statements(app) as asked:
            browser.get(at(community, address(app, post)))
        counted.append(len(asked))
    # Its choices, its votes, and how it was moved on.
    assert counted[1] - counted[0] == 3
